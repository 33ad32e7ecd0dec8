"""SHA-256 of what an indicator or a domain is, so that two studies compare like with like.

The hash is of the definition without its words and with all that it is made of: the items with
their answers and limits, and the indicators or domains that it joins. It is that of the JSON with
sorted keys, no spaces and UTF-8. The codebook's headlines, modules and order do not matter.
"""

import hashlib
import json
from typing import Any

from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import Domain, Indicator

# What does not change a number.
_WORDS = {"label", "short", "note", "base", "module", "series", "headline", "silence", "codes"}


def definition_hashes(codebook: Codebook) -> dict[str, dict[str, str]]:
    """Return the hash of each definition under ``indicators`` and ``domains``."""
    return {
        "indicators": {e.id: _hash(_indicator(e, codebook)) for e in codebook.indicators},
        "domains": {e.id: _hash(_domain(e, codebook)) for e in codebook.domains},
    }


def _indicator(entry: Indicator, codebook: Codebook) -> dict[str, Any]:
    conditions = (*entry.universe, *entry.numerator)
    items = {condition.item for condition in conditions} | ({entry.value} if entry.value else set())
    return {
        "definition": entry.model_dump(mode="json", exclude=_WORDS),
        "items": {name: _item(name, codebook) for name in items},
        "any_of": [_indicator(codebook.indicator(part), codebook) for part in entry.any_of],
    }


def _domain(entry: Domain, codebook: Codebook) -> dict[str, Any]:
    parts = {domain.id: domain for domain in codebook.domains}
    return {
        "definition": entry.model_dump(mode="json", exclude={"label", "levels_label"}),
        "levels": list(codebook.levels(entry.id)),
        "item": _item(entry.item, codebook) if entry.item else None,
        "cross": [_domain(parts[name], codebook) for name in entry.cross],
    }


def _item(name: str, codebook: Codebook) -> dict[str, Any]:
    return codebook.item(name).model_dump(mode="json", exclude={"question", "value_labels"})


def _hash(content: dict[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
