"""Countries side by side: one section per indicator, ordered by country code, never by estimate.

The restricted tables are at full precision; their public forms are rounded as the national tables
are, and have neither standard errors nor degrees of freedom, from which counts could be worked
back.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from disrupting_harm.publication.release import (
    NUMBERS,
    is_proportion,
    is_shown,
    public_table,
)
from disrupting_harm.publication.reliability import floats
from disrupting_harm.publication.rounding import decimal_places, round_to
from disrupting_harm.study.config import Rounding

PREVALENCE = [
    "country", "indicator", "estimate", "ci_low", "ci_high", "n", "population", "shown", "status",
    "data_kind",
]  # fmt: skip
PUBLIC_PAIRWISE = [
    "indicator", "country_a", "country_b", "difference", "ci_low", "ci_high", "p_value", "p_holm",
    "p_text", "differs", "data_kind",
]  # fmt: skip
SMALLEST_P = 0.001


def prevalence(release: pd.DataFrame, indicators: Sequence[str], data_kind: str) -> pd.DataFrame:
    """Return the national estimates of all countries at full precision.

    Args:
        release: restricted releases of all countries, stacked.
        indicators: which to show, in the order of the result.
        data_kind: ``simulated`` or ``observed``.

    Returns:
        The columns of :data:`PREVALENCE`. A country whose estimate is hidden keeps its row with
        ``shown`` and ``status`` alone.
    """
    order = {name: place for place, name in enumerate(indicators)}
    chosen = release[(release["domain"] == "total") & release["indicator"].isin(order)]
    chosen = chosen.assign(data_kind=data_kind).sort_values(
        ["indicator", "country"],
        key=lambda column: column.map(order) if column.name == "indicator" else column,
    )
    chosen = chosen.reset_index(drop=True)
    numbers = [name for name in PREVALENCE if name in NUMBERS]
    chosen[numbers] = chosen[numbers].astype(float)
    chosen.loc[~is_shown(chosen), numbers] = np.nan
    return chosen[PREVALENCE]


def public_prevalence(
    table: pd.DataFrame, rounding: Rounding, statistics: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Return :func:`prevalence` rounded as printed."""
    unused = {"domain": "total", "level": "all", "interval": "", "reason": ""}
    rounded = public_table(table.assign(**unused), rounding, statistics)
    return rounded.assign(data_kind=table["data_kind"].to_numpy())[PREVALENCE]


def public_pairwise(
    pairs: pd.DataFrame,
    prevalence: pd.DataFrame,
    rounding: Rounding,
    statistics: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Return pairwise differences rounded to the coarser grid of their two countries.

    Args:
        pairs: from ``comparison.pairwise.pairwise``.
        prevalence: from :func:`prevalence`, restricted or public, for the numbers of children.
        rounding: the rule, on the smaller n of the two.
        statistics: statistic of each indicator; those not named are proportions.

    Returns:
        The columns of :data:`PUBLIC_PAIRWISE`; ``p_text`` is the p value after Holm as printed,
        ``<0.001`` where it is smaller, empty where there was no test.
    """
    n = prevalence.set_index(["indicator", "country"])["n"].astype(float).to_dict()
    smaller = np.array(
        [
            min(n[row.indicator, row.country_a], n[row.indicator, row.country_b])
            for row in pairs.itertuples()
        ],
        dtype=float,
    )
    difference = floats(pairs, "difference")
    proportion = is_proportion(pairs["indicator"], statistics)
    places = decimal_places(difference, smaller, proportion, rounding)
    table = pairs.copy()
    for name in ("difference", "ci_low", "ci_high"):
        table[name] = round_to(floats(pairs, name), places)
    table["p_text"] = [p_text(value) for value in floats(pairs, "p_holm")]
    for name in ("p_value", "p_holm"):
        table[name] = np.round(floats(pairs, name), 3)
    return table.astype({"p_text": "str"})[PUBLIC_PAIRWISE]


def p_text(p_value: float) -> str:
    """Return a p value as printed, with three decimals; empty where it is missing."""
    if np.isnan(p_value):
        return ""
    return f"<{SMALLEST_P}" if p_value < SMALLEST_P else f"{p_value:.3f}"
