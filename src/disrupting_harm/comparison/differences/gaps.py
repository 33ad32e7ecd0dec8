"""Differences within countries, e.g. between girls and boys, and their comparison in pairs.

A gap is the difference of two levels of one domain in one country, with the covariance of the two:
children of both levels live in the same PSUs. Across countries gaps are independent. Gaps of one
indicator and one pair of levels in all countries are a family; so are all pairs of countries of
such a family.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from disrupting_harm.comparison.differences.multiplicity import (
    compare_family,
    ratios,
    satterthwaite,
    stack_families,
)
from disrupting_harm.comparison.differences.pairwise import pair_indices
from disrupting_harm.core.errors import StudyError
from disrupting_harm.publication.release import is_shown
from disrupting_harm.publication.reliability import floats
from disrupting_harm.tables.contracts import restricted_contract

GAP = ["indicator", "domain", "level_a", "level_b"]
CELL = ["country", "indicator", "domain", "level"]
COUNTRY_COLUMNS = [*GAP, "country", "n_a", "n_b", "estimate_a", "estimate_b"]
NEEDED = [*COUNTRY_COLUMNS, "difference", "se", "df", "log_ratio", "log_ratio_se"]


def compare_gaps(
    countries: pd.DataFrame,
    release: pd.DataFrame,
    indicators: Sequence[str],
    data_kind: str,
    alpha: float = 0.05,
) -> pd.DataFrame:
    """Put the gaps of all countries side by side.

    Args:
        countries: the countries' tables of gaps, stacked: the columns of :data:`NEEDED`.
        release: restricted releases, stacked; a gap is used where both its levels are shown, and
            has their ``n``.
        indicators: what to compare, in the order of the result.
        alpha: error rate of the family, see ``pairwise.compare_country_pairs``.

    Returns:
        The columns of ``comparison/gaps``, at full precision. A gap without any variance has no
        test. Domains and pairs of levels are in the order of ``countries``, countries in that of
        their codes.

    Raises:
        StudyError: a column is missing, or a gap stands twice.
    """
    tables = []
    for family in _iterate_families(_select_shown(countries, release), indicators):
        se, df = floats(family, "se"), floats(family, "df")
        row = compare_family(floats(family, "difference"), se, df, alpha)
        log_ratio, log_se = floats(family, "log_ratio"), floats(family, "log_ratio_se")
        tables.append(
            pd.DataFrame(
                {
                    **{name: family[name].to_numpy() for name in COUNTRY_COLUMNS},
                    **row,
                    **ratios(log_ratio, log_se, df, row),
                }
            )
        )
    return stack_families(tables, restricted_contract("comparison/gaps"), data_kind)


def compare_gap_pairs(
    gaps_of_countries: pd.DataFrame,
    data_kind: str,
    alpha: float = 0.05,
) -> pd.DataFrame:
    """Compare the gaps of every two countries.

    Args:
        gaps_of_countries: from :func:`compare_gaps`.
        alpha: error rate of the family, see ``pairwise.compare_country_pairs``.

    Returns:
        The columns of ``comparison/gap_pairs``, at full precision: the gap of country a less that
        of country b, the smallest ``n`` and the largest absolute estimate (``size``) of the four
        groups. Gaps are compared as differences, not as ratios.
    """
    tables = []
    for _, family in gaps_of_countries.groupby(GAP, sort=False):
        a, b = pair_indices(len(family))
        gap, se, df = (floats(family, name) for name in ("difference", "se", "df"))
        variances = np.column_stack([se[a], se[b]]) ** 2
        of_pairs = satterthwaite(variances, np.column_stack([df[a], df[b]]))
        smallest = np.fmin(floats(family, "n_a"), floats(family, "n_b"))
        largest = np.fmax(*(np.abs(floats(family, name)) for name in ("estimate_a", "estimate_b")))
        spread = np.sqrt(variances.sum(axis=1))
        codes = family["country"].to_numpy()
        tables.append(
            pd.DataFrame(
                {
                    **{name: np.repeat(family[name].to_numpy()[:1], len(a)) for name in GAP},
                    "country_a": codes[a],
                    "country_b": codes[b],
                    "n": np.fmin(smallest[a], smallest[b]),
                    "size": np.fmax(largest[a], largest[b]),
                    **compare_family(gap[a] - gap[b], spread, of_pairs, alpha),
                }
            )
        )
    return stack_families(tables, restricted_contract("comparison/gap_pairs"), data_kind)


def _select_shown(countries: pd.DataFrame, release: pd.DataFrame) -> pd.DataFrame:
    """Return the gaps of which both levels are shown, with the n of the release."""
    for name in NEEDED:
        if name not in countries.columns:
            raise StudyError(f"gaps, column '{name}'", "it is missing", "Rerun the stage contrast")
    is_repeated = countries.duplicated(["country", *GAP])
    if is_repeated.any():
        gap = ", ".join(countries.loc[is_repeated, ["country", *GAP]].iloc[0])
        raise StudyError("gaps", f"the gap {gap} stands twice", "Rerun the stage contrast")
    n_of_shown = release[is_shown(release)].set_index(CELL)["n"]
    sizes = {
        suffix: n_of_shown.reindex(
            pd.MultiIndex.from_frame(
                countries[["country", "indicator", "domain", f"level_{suffix}"]]
            )
        ).to_numpy(dtype=float)
        for suffix in "ab"
    }
    with_n = countries.assign(n_a=sizes["a"], n_b=sizes["b"])
    return with_n[with_n[["n_a", "n_b"]].notna().all(axis=1)]


def _iterate_families(table: pd.DataFrame, indicators: Sequence[str]) -> Iterator[pd.DataFrame]:
    """Yield one family after the other, countries in the order of their codes."""
    families_by_indicator: dict[str, list[pd.DataFrame]] = {}
    for _, family in table.groupby(GAP, sort=False):
        families_by_indicator.setdefault(str(family["indicator"].iloc[0]), []).append(
            family.sort_values("country")
        )
    for name in indicators:
        yield from families_by_indicator.get(name, [])
