"""Pairwise differences and ratios between countries, corrected for their number.

Countries are sampled independently, so the variance of a difference is the sum of the variances,
with Satterthwaite's degrees of freedom. A ratio's interval is made on the log scale, where its
variance is the sum of the squared relative errors (delta method), with Satterthwaite's degrees of
freedom of these. The family of Holm's method and of Benjamini and Hochberg's is all pairs of one
indicator. Overlap of two countries' intervals is never a test.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from designbased.arrays import Floats
from disrupting_harm.comparison.differences.multiplicity import (
    compare_family,
    ratios,
    satterthwaite,
    stack_families,
)
from disrupting_harm.publication.release import is_shown
from disrupting_harm.publication.reliability import floats
from disrupting_harm.tables.contracts import restricted_contract


def compare_country_pairs(
    release: pd.DataFrame,
    indicators: Sequence[str],
    data_kind: str,
    alpha: float = 0.05,
) -> pd.DataFrame:
    """Compare every two countries whose national estimate is shown.

    Args:
        release: restricted releases of all countries, stacked.
        indicators: what to compare, in the order of the result.
        data_kind: ``simulated`` or ``observed``, for the column of that name.
        alpha: error rate of the family: family-wise for ``clear`` and the intervals, false
            discovery rate for ``p_bh``.

    Returns:
        The columns of ``comparison/pairwise``, at full precision; ``difference`` is country a less
        country b and ``ratio`` is a over b, a before b in the alphabet of codes. Where neither
        estimate has any sampling variance there is no test: ``df``, limits and p values are
        missing and the pair is left out of the family. No ratio where an estimate is not above
        zero. No row for a country whose estimate is hidden.
    """
    tables = [
        _compare_family_of_countries(countries, alpha)
        for countries in iterate_families(release, indicators)
    ]
    return stack_families(tables, restricted_contract("comparison/pairwise"), data_kind)


def iterate_families(release: pd.DataFrame, indicators: Sequence[str]) -> Iterator[pd.DataFrame]:
    """Yield the shown national estimates of each indicator, countries in the order of their codes.

    Indicators come in the order given; those that no country shows are passed over.
    """
    national = release[is_shown(release) & (release["domain"] == "total")].sort_values("country")
    by_indicator = dict(iter(national.groupby("indicator", sort=False)))
    yield from (by_indicator[name] for name in indicators if name in by_indicator)


def pair_indices(countries: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows of both members of every pair."""
    pairs = np.array(list(combinations(range(countries), 2)), dtype=int).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def log_ratios(
    estimate: Floats, se: Floats, df: Floats, pairs: tuple[np.ndarray, np.ndarray]
) -> tuple[Floats, Floats, Floats]:
    """Return the logarithms of the ratios of pairs, their standard errors and degrees of freedom.

    Args:
        estimate, se, df: (K,) of independent countries.
        pairs: from :func:`pair_indices`.

    Returns:
        (pairs,) each; the logarithm and its error are missing where an estimate is not above zero.
    """
    positive = np.where(estimate > 0, estimate, np.nan)
    a, b = pairs
    log, relative = np.log(positive), (se / positive) ** 2
    variances_and_df = np.column_stack([relative[a], relative[b]]), np.column_stack([df[a], df[b]])
    return (
        log[a] - log[b],
        np.sqrt(variances_and_df[0].sum(axis=1)),
        satterthwaite(*variances_and_df),
    )


def _compare_family_of_countries(countries: pd.DataFrame, alpha: float) -> pd.DataFrame:
    a, b = pair_indices(len(countries))
    estimate, se, df = (floats(countries, name) for name in ("estimate", "se", "df"))
    codes = countries["country"].to_numpy()
    variances_and_df = np.column_stack([se[a], se[b]]) ** 2, np.column_stack([df[a], df[b]])
    spread = np.sqrt(variances_and_df[0].sum(axis=1))
    row = compare_family(estimate[a] - estimate[b], spread, satterthwaite(*variances_and_df), alpha)
    return pd.DataFrame(
        {
            "indicator": np.repeat(countries["indicator"].to_numpy()[:1], len(a)),
            "country_a": codes[a],
            "country_b": codes[b],
            **row,
            **ratios(*log_ratios(estimate, se, df, (a, b)), row),
        }
    )
