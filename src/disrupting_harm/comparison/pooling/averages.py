"""Weighted means of independent estimates, and estimates on the scale of log-odds."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtri, stdtrit

from designbased.arrays import Floats
from designbased.intervals.limits import BOUNDARY, korn_graubard
from designbased.missing.bounds import imbens_manski_confidence

CONFIDENCE = 0.95


def is_boundary(p: Floats) -> NDArray[np.bool_]:
    """Return where a proportion is 0 or 1."""
    return np.asarray((p <= BOUNDARY) | (p >= 1 - BOUNDARY))


def errors_at_boundary(p: Floats, se: Floats, n: Floats, df: Floats) -> tuple[Floats, Floats]:
    """Return proportions and standard errors with which 0 % and 100 % can be pooled.

    A sample without a single yes, or no, has no standard error. Its proportion becomes the middle
    of its 95 per cent Korn-Graubard interval (Clopper and Pearson's on ``n``) and its error half
    the width over 1.96. Where ``se = 0`` in between, the error alone is taken from the interval.
    """
    boundary = is_boundary(p)
    replaced = boundary | (se == 0)
    low, high = korn_graubard(p, se, n, df, CONFIDENCE)
    width = (high - low) / (2 * ndtri((1 + CONFIDENCE) / 2))
    return np.where(boundary, (low + high) / 2, p), np.where(replaced, width, se)


def to_log_odds(p: Floats, se: Floats) -> tuple[Floats, Floats]:
    """Return log-odds and their variances ``se² / (p (1 - p))²`` (delta method)."""
    return logit(p), (se / (p * (1 - p))) ** 2


def on_log_odds(estimate: Floats, se: Floats, n: Floats, df: Floats) -> tuple[Floats, Floats]:
    """Return log-odds of proportions and their standard errors, also at 0 and 100 per cent.

    Args:
        estimate, se: (K,) proportions and their standard errors.
        n: (K,) valid answers, which count at 0 and 100 per cent.
        df: (K,) degrees of freedom.
    """
    log_odds, variance = to_log_odds(*errors_at_boundary(estimate, se, n, df))
    return log_odds, np.sqrt(variance)


def average(
    estimate: Floats,
    se: Floats,
    df: Floats,
    shares: Floats,
    confidence: float,
    proportion: bool,
    share_variance: float = 0.0,
) -> tuple[float, float, float]:
    """Return ``sum(a x)`` of independent estimates with its interval.

    The variance is ``sum(a² se²) + share_variance``; its degrees of freedom are Satterthwaite's,
    ``(sum of parts)² / sum(part² / df)``, those of ``share_variance`` without limit. The t interval
    of a proportion is made on the scale of log-odds. Where every proportion is 0 or 1, and so is
    the mean, there is none: the limits are missing.

    Args:
        estimate, se, df: (C,) of the countries.
        shares: (C,) weights ``a``, which add to 1.
        share_variance: variance of the result that comes from uncertain shares.
    """
    mean = float((shares * estimate).sum())
    error, satterthwaite = error_of_average(se, df, shares, share_variance)
    half_width = float(stdtrit(satterthwaite, (1 + confidence) / 2)) * error
    if not proportion:
        return mean, mean - half_width, mean + half_width
    if is_boundary(np.asarray(mean)):
        return mean, np.nan, np.nan
    odds, half_width = logit(mean), half_width / (mean * (1 - mean))
    return mean, float(expit(odds - half_width)), float(expit(odds + half_width))


def error_of_average(
    se: Floats, df: Floats, shares: Floats, share_variance: float = 0.0
) -> tuple[float, float]:
    """Return the standard error of ``sum(a x)`` and its degrees of freedom, see :func:`average`."""
    variances = (shares * se) ** 2
    variance = float(variances.sum()) + share_variance
    with np.errstate(divide="ignore", invalid="ignore"):
        satterthwaite = variance**2 / (variances**2 / df).sum()
    return float(np.sqrt(variance)), float(satterthwaite)


def limits_of_set(
    low: float, high: float, se: float, df: float, confidence: float
) -> tuple[float, float]:
    """Return the limits of a proportion that is only known to lie between two averages.

    Imbens & Manski (2004, Econometrica 72): each end is moved outwards by so many standard errors
    that the proportion, wherever it lies between the ends, is covered with the confidence asked
    for. As the width of the set is known, no correction for its estimation is needed. The steps are
    made on the scale of log-odds.

    Args:
        low, high: ends of the identified set, above 0 and below 1.
        se: standard error of both ends, on the scale of proportions.
    """
    level = imbens_manski_confidence(np.array(high - low), np.array(se), np.array(df), confidence)
    reach = float(stdtrit(df, (1 + float(level)) / 2)) * se
    return (
        float(expit(logit(low) - reach / (low * (1 - low)))),
        float(expit(logit(high) + reach / (high * (1 - high)))),
    )


def share_variance(mean: float, estimate: Floats, sizes: Floats, size_errors: Floats) -> float:
    """Return the variance of ``sum(N p) / sum(N)`` that comes from errors of the sizes ``N``.

    Delta method: ``sum(((p - mean) / sum(N))² se(N)²)``; sizes known exactly have no error.
    """
    return float((((estimate - mean) / sizes.sum() * size_errors) ** 2).sum())
