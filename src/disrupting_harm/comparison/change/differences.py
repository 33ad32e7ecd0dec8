"""Differences and ratios of two waves' estimates, with or without PSUs in common.

Waves that drew their PSUs anew are independent: ``V = V₁ + V₂``, with Satterthwaite's degrees of
freedom. PSUs that are in both waves carry a covariance ``C``: ``V = V₁ + V₂ - 2C``, with the
smaller of the two degrees of freedom. The logarithm of the ratio has the variance
``V₁/p₁² + V₂/p₂² - 2C/(p₁p₂)`` (delta method). The overlap of two intervals is never a test.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import stdtr

from designbased.arrays import Floats
from disrupting_harm.comparison.multiplicity import satterthwaite
from disrupting_harm.publication.reliability import floats


@dataclass(frozen=True, eq=False)
class Waves:
    """Estimates of the same C cells in two waves, and the covariance of each pair.

    Attributes:
        first: (C rows) ``estimate``, ``se`` and ``df`` of the earlier wave.
        second: those of the later wave, row by row.
        covariance: (C,) of the two estimates; zero where the waves have no PSU in common.
    """

    first: pd.DataFrame
    second: pd.DataFrame
    covariance: Floats


def independent(first: pd.DataFrame, second: pd.DataFrame) -> Waves:
    """Return two waves that have no PSU in common."""
    return Waves(first, second, np.zeros(len(first)))


def differences(waves: Waves) -> pd.DataFrame:
    """Return by cell what changed from the first wave to the second.

    Args:
        waves: estimates of the same cells.

    Returns:
        ``difference`` (second less first), ``covariance, se, df, log_ratio, log_se, log_df,
        p_value``. Where one of the waves has no variance, as with no or every answer yes, only
        ``difference`` and ``log_ratio`` exist: an estimate from a sample is never exact. No
        ratio where an estimate is not above zero.
    """
    p1, p2 = (floats(wave, "estimate") for wave in (waves.first, waves.second))
    se1, se2 = (floats(wave, "se") for wave in (waves.first, waves.second))
    both = np.column_stack([floats(waves.first, "df"), floats(waves.second, "df")])
    known = (se1 > 0) & (se2 > 0)
    se, df = _error(np.column_stack([se1**2, se2**2]), waves.covariance, both, known)
    positive = (p1 > 0) & (p2 > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        log_ratio = np.where(positive, np.log(p2 / p1), np.nan)
        relative = np.column_stack([(se1 / p1) ** 2, (se2 / p2) ** 2])
        shared = waves.covariance / (p1 * p2)
        t = (p2 - p1) / se
    log_se, log_df = _error(relative, shared, both, known & positive)
    return pd.DataFrame(
        {
            "difference": p2 - p1,
            "covariance": waves.covariance,
            "se": se,
            "df": df,
            "log_ratio": log_ratio,
            "log_se": log_se,
            "log_df": log_df,
            "p_value": 2 * stdtr(df, -np.abs(t)),
        },
        index=waves.first.index,
    )


def _error(
    variances: Floats, covariance: Floats, df: Floats, known: np.ndarray
) -> tuple[Floats, Floats]:
    """Return standard error and degrees of freedom; missing where there is no variance."""
    usable = np.where(known[:, np.newaxis], variances, np.nan)
    total = usable.sum(axis=1) - 2 * covariance
    total = np.where(total > 0, total, np.nan)
    shared = np.where(np.isnan(total), np.nan, df.min(axis=1))
    return np.sqrt(total), np.where(covariance == 0, satterthwaite(usable, df), shared)
