"""Tests, verdicts and intervals of a family of comparisons.

Holm's method keeps the probability of any false finding in the family below alpha; it decides
(``clear``). Each interval has the error that its row was tested at, so that it leaves out zero
exactly where the row is clear. Benjamini and Hochberg's method keeps the expected share of false
ones among the findings below alpha: for screening, printed beside it.
"""

import numpy as np
import pandas as pd
import pandera.pandas as pa
from scipy.special import stdtr, stdtrit

from designbased.arrays import Floats
from designbased.estimates.corrections import adjust_by_holm, benjamini_hochberg
from disrupting_harm.tables.rules import in_shape

NumberColumns = dict[str, np.ndarray]


def satterthwaite(variances: Floats, df: Floats) -> Floats:
    """Return the degrees of freedom of sums of independent variances: ``(Σ v)² / Σ (v² / df)``.

    Args:
        variances: (..., terms) variances of the terms.
        df: (..., terms) their degrees of freedom; those of a zero variance do not matter.

    Returns:
        (...,) degrees of freedom (Satterthwaite 1946); missing where the sum is zero.
    """
    df_of_terms = np.where(variances > 0, df, np.inf)
    with np.errstate(invalid="ignore", divide="ignore"):
        total: Floats = variances.sum(axis=-1) ** 2 / (variances**2 / df_of_terms).sum(axis=-1)
    return total


def compare_family(
    difference: Floats, se: Floats, df: Floats, alpha: float, p_value: Floats | None = None
) -> NumberColumns:
    """Test the comparisons of one family, each with the same share of alpha.

    Args:
        difference: (comparisons,) estimates.
        df: their degrees of freedom; missing where there is no variance.
        alpha: error rate of the family.
        p_value: of another test than the t test; missing where there is none.

    Returns:
        ``difference, se, df, ci_low, ci_high``, the P values, ``step_alpha`` (the error of the
        interval) and ``clear``, column by column. Without any variance there is no test: ``df``,
        limits, ``step_alpha`` and P values are missing, and the comparison is not in the family.
    """
    df = np.where(se > 0, df, np.nan)
    if p_value is None:
        with np.errstate(divide="ignore", invalid="ignore"):
            p_value = 2 * stdtr(df, -np.abs(difference / se))
    verdict = adjust_by_holm(p_value, 1.0, alpha)
    half_width = t_reach(df, verdict.level) * se
    return {
        "difference": difference,
        "se": se,
        "df": df,
        "ci_low": difference - half_width,
        "ci_high": difference + half_width,
        "p_value": p_value,
        "p_holm": verdict.p_adjusted,
        "p_bh": benjamini_hochberg(p_value),
        "step_alpha": verdict.level,
        "clear": verdict.clear,
    }


def t_reach(df: Floats, level: Floats) -> Floats:
    """Return the two-sided t quantiles of errors ``level``."""
    reach: Floats = -stdtrit(df, level / 2)
    return reach


def leaves_out_zero(low: Floats, high: Floats) -> np.ndarray:
    """Return which intervals leave out zero; one without limits does not."""
    return (low > 0) | (high < 0)


def ratios(log_ratio: Floats, se: Floats, df: Floats, row: NumberColumns) -> dict[str, np.ndarray]:
    """Return the ratios that belong to differences; they have no verdict of their own.

    The interval is made on the log scale, with the error of the row (delta method). Where it would
    contradict the verdict it is that of the difference, carried over to the logarithm in
    proportion: ``ln r · limit / difference``. That is the error of the difference over the
    logarithmic mean of the two estimates, ``(a - b) / ln(a / b)``; it leaves out 1 exactly where
    the row is clear.

    Args:
        log_ratio: natural logarithm; missing where a term is not above zero.
        row: ``difference, ci_low, ci_high, step_alpha, clear`` of the differences.

    Returns:
        ``ratio, ratio_low, ratio_high``. A ratio without any variance has no limits.
    """
    half_width = t_reach(np.where(se > 0, df, np.nan), row["step_alpha"]) * se
    low, high = log_ratio - half_width, log_ratio + half_width
    contradicts = leaves_out_zero(low, high) != row["clear"]
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = log_ratio / row["difference"]
    return {
        "ratio": np.exp(log_ratio),
        "ratio_low": np.exp(np.where(contradicts, scale * row["ci_low"], low)),
        "ratio_high": np.exp(np.where(contradicts, scale * row["ci_high"], high)),
    }


def stack_families(
    families: list[pd.DataFrame], contract: pa.DataFrameSchema, data_kind: str
) -> pd.DataFrame:
    """Return the families below each other in the shape of a contract, even where there is none.

    Args:
        families: one table per family.
    """
    table = pd.concat(
        [family for family in families if len(family)] or [pd.DataFrame()], ignore_index=True
    )
    return in_shape(table.assign(data_kind=data_kind), contract)
