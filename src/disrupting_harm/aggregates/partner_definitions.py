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
_WORDING = {"label", "short", "note", "base", "module", "series", "headline", "silence", "codes"}


def definition_hashes(codebook: Codebook) -> dict[str, dict[str, str]]:
    """Return the hash of each definition under ``indicators`` and ``domains``."""
    return {
        "indicators": {
            definition.id: _hash_content(_collect_indicator(definition, codebook))
            for definition in codebook.indicators
        },
        "domains": {
            definition.id: _hash_content(_collect_domain(definition, codebook))
            for definition in codebook.domains
        },
    }


def _collect_indicator(indicator: Indicator, codebook: Codebook) -> dict[str, Any]:
    conditions = (*indicator.universe, *indicator.numerator)
    items = {condition.item for condition in conditions} | (
        {indicator.value} if indicator.value else set()
    )
    return {
        "definition": indicator.model_dump(mode="json", exclude=_WORDING),
        "items": {name: _collect_item(name, codebook) for name in items},
        "any_of": [
            _collect_indicator(codebook.indicator(component), codebook)
            for component in indicator.any_of
        ],
    }


def _collect_domain(domain_definition: Domain, codebook: Codebook) -> dict[str, Any]:
    domain_by_id = {domain.id: domain for domain in codebook.domains}
    return {
        "definition": domain_definition.model_dump(mode="json", exclude={"label", "levels_label"}),
        "levels": list(codebook.levels(domain_definition.id)),
        "item": _collect_item(domain_definition.item, codebook) if domain_definition.item else None,
        "cross": [
            _collect_domain(domain_by_id[name], codebook) for name in domain_definition.cross
        ],
    }


def _collect_item(name: str, codebook: Codebook) -> dict[str, Any]:
    return codebook.item(name).model_dump(mode="json", exclude={"question", "value_labels"})


def _hash_content(content: dict[str, Any]) -> str:
    serialised = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(serialised.encode("utf-8")).hexdigest()
