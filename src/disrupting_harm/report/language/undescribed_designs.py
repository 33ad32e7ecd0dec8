"""Of which countries the raw files do not tell how their rows were drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from disrupting_harm.report.language.translator import Translator


@dataclass(frozen=True)
class UndescribedDesigns:
    """Keys of the design of which raw files do not tell, as templates read them.

    Attributes:
        names: whose raw files; "" where it is so of all.
    """

    names: str
    undescribed: tuple[str, ...]


def group_undescribed(
    undescribed_by_country: Mapping[str, Sequence[str]],
    translator: Translator[Any],
    names_in_text: Mapping[str, str],
) -> list[UndescribedDesigns]:
    """Return an entry for each set of keys of which raw files do not tell."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for country, keys in undescribed_by_country.items():
        groups.setdefault(tuple(keys), []).append(names_in_text[country])
    return [
        UndescribedDesigns(translator.enumeration(names) if len(groups) > 1 else "", keys)
        for keys, names in groups.items()
        if keys
    ]
