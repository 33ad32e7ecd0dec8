"""Tests and intervals of a family of comparisons, with corrections for their number.

Holm's method keeps the probability of any false finding in the family below alpha; it decides
(``differs``). Benjamini and Hochberg's keeps the expected share of false ones among the findings
below alpha: for screening, printed beside it. Each comparison has an interval of its own and one
that holds for all at once.
"""

import numpy as np
import pandas as pd
import pandera.pandas as pa
from scipy.special import stdtr, stdtrit

from disrupting_harm.arrays import Floats
from disrupting_harm.comparison.simultaneous import t_critical
from disrupting_harm.study.contract_columns import in_shape
from disrupting_harm.survey.tables.corrections import benjamini_hochberg, holm_rows


def satterthwaite(variances: Floats, df: Floats) -> Floats:
    """Return the degrees of freedom of sums of independent variances: ``(Σ v)² / Σ (v² / df)``.

    Args:
        variances: (..., terms) variances of the terms.
        df: (..., terms) their degrees of freedom; those of a zero variance do not matter.

    Returns:
        (...,) degrees of freedom (Satterthwaite 1946); missing where the sum is zero.
    """
    known = np.where(variances > 0, df, np.inf)
    with np.errstate(invalid="ignore", divide="ignore"):
        total: Floats = variances.sum(axis=-1) ** 2 / (variances**2 / known).sum(axis=-1)
    return total


def compare_family(
    difference: Floats, se: Floats, df: Floats, critical: float, alpha: float, confidence: float
) -> dict[str, np.ndarray]:
    """Test the comparisons of one family.

    Args:
        difference: (comparisons,) estimates.
        se: their standard errors.
        df: their degrees of freedom; missing where there is no variance.
        critical: normal critical value of all together, see ``comparison.simultaneous``.
        alpha: error rate of the family.
        confidence: of the interval of each comparison alone.

    Returns:
        ``se, df``, the limits of both intervals, the P values and ``differs``, column by column.
        Without any variance there is no test: ``df``, limits and P values are missing, and the
        comparison is not in the family.
    """
    df = np.where(se > 0, df, np.nan)
    half = stdtrit(df, (1 + confidence) / 2) * se
    with np.errstate(divide="ignore", invalid="ignore"):
        p_value = 2 * stdtr(df, -np.abs(difference / se))
    wide = t_critical(critical, df) * se
    verdict = holm_rows(p_value, 1.0, alpha)
    return {
        "se": se,
        "df": df,
        "ci_low": difference - half,
        "ci_high": difference + half,
        "ci_low_simultaneous": difference - wide,
        "ci_high_simultaneous": difference + wide,
        "p_value": p_value,
        "p_holm": verdict.p_adjusted,
        "p_bh": benjamini_hochberg(p_value),
        "differs": verdict.clear,
    }


def ratios(log_ratio: Floats, se: Floats, df: Floats, confidence: float) -> dict[str, np.ndarray]:
    """Return ratios with their intervals, made on the log scale with Student's t.

    Args:
        log_ratio: natural logarithm; missing where a term is not above zero.
        se: standard error of the logarithm.
        df: degrees of freedom.
        confidence: of each interval alone.

    Returns:
        ``ratio, ratio_low, ratio_high``. A ratio without any variance has no limits.
    """
    half = stdtrit(np.where(se > 0, df, np.nan), (1 + confidence) / 2) * se
    return {
        "ratio": np.exp(log_ratio),
        "ratio_low": np.exp(log_ratio - half),
        "ratio_high": np.exp(log_ratio + half),
    }


def stacked(
    parts: list[pd.DataFrame], contract: pa.DataFrameSchema, data_kind: str
) -> pd.DataFrame:
    """Return the families below each other in the shape of a contract, even where there is none.

    Args:
        parts: one table per family.
        contract: of the result.
        data_kind: ``simulated`` or ``observed``.
    """
    table = pd.concat([part for part in parts if len(part)] or [pd.DataFrame()], ignore_index=True)
    return in_shape(table.assign(data_kind=data_kind), contract)
