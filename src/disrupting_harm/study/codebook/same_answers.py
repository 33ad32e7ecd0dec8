"""Find indicators and domains that are made of the same answers, which are not crossed."""

from collections.abc import Iterable

import pandas as pd

from disrupting_harm.study.codebook.codebook import Codebook


def find_domains_of_same_answers(
    codebook: Codebook, domain_ids: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """Return by indicator the domains whose level its value follows from, at least in part.

    Such a domain cannot explain the indicator: daily use of the internet is not "adjusted for" how
    often the internet is used.
    """
    domain_by_id = {domain.id: domain for domain in codebook.domains}

    def items_of_domain(name: str) -> set[str]:
        domain = domain_by_id[name]
        return {domain.item} if domain.item else set().union(*map(items_of_domain, domain.cross))

    return {
        indicator.id: tuple(
            name for name in domain_ids if items_of_domain(name) & codebook.items_of(indicator)
        )
        for indicator in codebook.indicators
    }


def drop_own_domains(table: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Drop the cells (``indicator``, ``domain``) of an indicator in a domain of its own answers.

    Among those who use the internet daily all use it daily: such a cell estimates nothing.
    """
    domain_ids = [domain.id for domain in codebook.domains]
    domains_of_indicator = find_domains_of_same_answers(codebook, domain_ids)
    pairs = zip(table["indicator"], table["domain"], strict=True)
    is_of_other_answers = [
        domain not in domains_of_indicator[indicator] for indicator, domain in pairs
    ]
    return table[pd.Series(is_of_other_answers, index=table.index, dtype=bool)].reset_index(
        drop=True
    )
