"""Domains: the groups of children for which estimates are made."""

import numpy as np
import pandas as pd

from disrupting_harm.core.errors import StudyError
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import Domain
from disrupting_harm.study.microdata.raw_cells import describe_rows


def build_domains(
    answers: pd.DataFrame, codebook: Codebook, location: str = "answers"
) -> pd.DataFrame:
    """Place every child in one level of every domain.

    Args:
        answers: one row per child with the items that domains are made of: answers as strings,
            numbers as floats.
        location: the raw file, for messages.

    Returns:
        One categorical column per domain, levels in the codebook's order, on the index of
        ``answers``. NaN where the level is not known: any special answer, or no number.

    Raises:
        StudyError: an item's column is missing, or a number lies in none of a domain's bands.
    """
    domains: dict[str, pd.Categorical[str]] = {}
    for domain in codebook.domains:
        levels = codebook.levels(domain.id)
        if domain.cross:
            codes = _cross_levels(*(domains[parent] for parent in domain.cross))
        elif domain.item is None:
            codes = np.zeros(len(answers), dtype=np.intp)
        else:
            codes = _find_level_codes(
                domain, _find_column(answers, domain.item, domain), levels, location
            )
        domains[domain.id] = pd.Categorical.from_codes(
            codes, categories=pd.Index(levels, dtype=str)
        )
    return pd.DataFrame(domains, index=answers.index)


def _find_column(answers: pd.DataFrame, item: str, domain: Domain) -> pd.Series:
    if item not in answers:
        raise StudyError(
            f"answers, column '{item}'",
            f"there is no such column, but domain '{domain.id}' needs it",
            "Add the item to the mapping",
        )
    return answers[item]


def _find_level_codes(
    domain: Domain, values: pd.Series, levels: tuple[str, ...], location: str
) -> np.ndarray:
    if not domain.bands:
        categories = values.astype("category").cat
        # A code of -1 is an answer that is missing, which is in no level: the last place.
        level_positions = pd.Index(levels, dtype=str).get_indexer(
            pd.Index(categories.categories, dtype=str)
        )
        return np.append(level_positions, -1)[categories.codes.to_numpy()]
    numbers = values.to_numpy(dtype=float)
    codes = np.full(len(numbers), -1)
    for code, (lowest, highest) in enumerate(domain.bands.values()):
        codes[(numbers >= lowest) & (numbers <= highest)] = code
    stray = (codes < 0) & ~np.isnan(numbers)
    if stray.any():
        raise StudyError(
            f"{location}, domain '{domain.id}', item '{domain.item}'",
            f"numbers that lie in none of its bands, in {describe_rows(values.index[stray])}",
            "Add a band to the codebook, or limit the item by 'minimum' and 'maximum'",
        )
    return codes


def _cross_levels(first: "pd.Categorical[str]", second: "pd.Categorical[str]") -> np.ndarray:
    are_known = (first.codes >= 0) & (second.codes >= 0)
    pairs = first.codes.astype(np.intp) * len(second.categories) + second.codes
    return np.where(are_known, pairs, -1)
