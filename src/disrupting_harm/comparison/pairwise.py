"""Pairwise differences between countries, with Holm's correction for many comparisons.

Countries are sampled independently, so the variance of a difference is the sum of the variances;
its degrees of freedom follow Satterthwaite: ``(v1 + v2)² / (v1²/df1 + v2²/df2)``. The family of
Holm's method is all pairs of one indicator. Intervals are of each difference alone, not
simultaneous. Overlap of two countries' intervals is never used as a test.
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit

from disrupting_harm.publication.release import is_shown
from disrupting_harm.publication.reliability import floats

COLUMNS = [
    "indicator", "country_a", "country_b", "difference", "se", "df", "ci_low", "ci_high",
    "p_value", "p_holm", "differs", "data_kind",
]  # fmt: skip


def pairwise(
    release: pd.DataFrame,
    indicators: Sequence[str],
    data_kind: str,
    alpha: float = 0.05,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Compare every two countries whose national estimate is shown.

    Args:
        release: restricted releases of all countries, stacked.
        indicators: what to compare, in the order of the result.
        data_kind: ``simulated`` or ``observed``, for the column of that name.
        alpha: family-wise error rate.
        confidence: of the interval of each difference.

    Returns:
        The columns of :data:`COLUMNS`, at full precision; ``difference`` is country a less
        country b, a before b in the alphabet of codes. Where neither estimate has any sampling
        variance there is no test: ``df``, limits and p values are missing and the pair is left
        out of the family. No row for a country whose estimate is hidden.
    """
    national = release[is_shown(release) & (release["domain"] == "total")].sort_values("country")
    parts = [
        _one_family(national[national["indicator"] == name], alpha, confidence)
        for name in indicators
    ]
    table = pd.concat([_empty(), *(part for part in parts if len(part))], ignore_index=True)
    return table.assign(data_kind=data_kind).astype({"differs": bool, "data_kind": "str"})


def satterthwaite(
    v_a: np.ndarray, v_b: np.ndarray, df_a: np.ndarray, df_b: np.ndarray
) -> np.ndarray:
    """Degrees of freedom of the sum of two independent variances; NaN where both are zero."""
    with np.errstate(invalid="ignore"):
        df: np.ndarray = (v_a + v_b) ** 2 / (v_a**2 / df_a + v_b**2 / df_b)
    return df


def holm(p_values: np.ndarray) -> np.ndarray:
    """Adjust p values by Holm's method; missing ones are not part of the family."""
    from statsmodels.stats.multitest import multipletests

    adjusted = np.full(p_values.shape, np.nan)
    tested = ~np.isnan(p_values)
    if tested.any():
        adjusted[tested] = multipletests(p_values[tested], method="holm")[1]
    return adjusted


def _one_family(countries: pd.DataFrame, alpha: float, confidence: float) -> pd.DataFrame:
    pairs = np.array(list(combinations(range(len(countries)), 2)), dtype=int).reshape(-1, 2)
    a, b = countries.iloc[pairs[:, 0]], countries.iloc[pairs[:, 1]]
    v_a, v_b = floats(a, "se") ** 2, floats(b, "se") ** 2
    se, df = np.sqrt(v_a + v_b), satterthwaite(v_a, v_b, floats(a, "df"), floats(b, "df"))
    difference = floats(a, "estimate") - floats(b, "estimate")
    half = stdtrit(df, (1 + confidence) / 2) * se
    with np.errstate(divide="ignore", invalid="ignore"):
        p_value = 2 * stdtr(df, -np.abs(difference / se))
    p_holm = holm(p_value)
    return pd.DataFrame(
        {
            "indicator": a["indicator"].to_numpy(),
            "country_a": a["country"].to_numpy(),
            "country_b": b["country"].to_numpy(),
            "difference": difference,
            "se": se,
            "df": df,
            "ci_low": difference - half,
            "ci_high": difference + half,
            "p_value": p_value,
            "p_holm": p_holm,
            "differs": p_holm < alpha,
        }
    )


def _empty() -> pd.DataFrame:
    texts, flags = COLUMNS[:3], ["differs"]
    kinds = {
        name: "str" if name in texts else bool if name in flags else float for name in COLUMNS[:-1]
    }
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})
