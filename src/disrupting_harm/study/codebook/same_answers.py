"""Find indicators and domains that are made of the same answers, which are not crossed."""

from collections.abc import Iterable

import pandas as pd

from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import Indicator


def made_of_same_answers(codebook: Codebook, terms: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return by indicator the domains whose level its value follows from, at least in part.

    Such a domain cannot explain the indicator: daily use of the internet is not "adjusted for" how
    often the internet is used.
    """
    domains = {entry.id: entry for entry in codebook.domains}

    def items_of_domain(name: str) -> set[str]:
        entry = domains[name]
        return {entry.item} if entry.item else set().union(*map(items_of_domain, entry.cross))

    def items_of(indicator: Indicator) -> set[str]:
        parts = (items_of(codebook.indicator(part)) for part in indicator.any_of)
        own = {condition.item for condition in indicator.numerator} | {indicator.value}
        return {item for item in set().union(own, *parts) if item}

    return {
        entry.id: tuple(name for name in terms if items_of_domain(name) & items_of(entry))
        for entry in codebook.indicators
    }


def without_own_domains(table: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Return the cells of ``table`` but those of an indicator within a domain of its own answers.

    Among those who use the internet daily all use it daily: such a cell estimates nothing.

    Args:
        table: cells with ``indicator`` and ``domain``.
        codebook: the definitions.
    """
    own = made_of_same_answers(codebook, [entry.id for entry in codebook.domains])
    pairs = zip(table["indicator"], table["domain"], strict=True)
    kept = [domain not in own[indicator] for indicator, domain in pairs]
    return table[pd.Series(kept, index=table.index, dtype=bool)].reset_index(drop=True)
