"""How much independent estimates differ beyond their sampling variances.

Rows of ``y`` and ``v`` are pools, as in :mod:`.random_effects`. Sources: Viechtbauer 2005, Journal
of Educational and Behavioral Statistics 30 (REML); Viechtbauer 2007, Statistics in Medicine 26
(Q-profile interval); Higgins & Thompson 2002, Statistics in Medicine 21 (I²).
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtri

from designbased.arrays import Floats

# Points at which the restricted likelihood is looked at, so that the highest maximum is found
# where it has several; from zero, then by equal factors up to the largest possible variance.
GRID = np.concatenate([[0.0], np.geomspace(1e-6, 1.0, 48)])

HALVINGS = 100  # Take any bracket to the precision of a float.


def reml(y: Floats, v: Floats) -> Floats:
    """Return the REML estimate of ``tau2`` of each row; 0 for one estimate, NaN for none.

    The likelihood is looked at on :data:`GRID`, whose end no maximum exceeds; its highest point
    is then the middle of a bracket in which the slope changes its sign, halved to full precision.

    Args:
        y: (G, K) estimates, NaN where missing.
        v: (G, K) variances.
    """
    known = ~np.isnan(y)
    k = known.sum(axis=1)
    grid = _largest_tau2(y, v, known)[:, None] * GRID
    heights = np.stack(
        [_log_likelihood(y, v, known, grid[:, point]) for point in range(GRID.size)], axis=1
    )
    top = np.argmax(heights, axis=1)
    rows, last = np.arange(len(y)), GRID.size - 1
    highest = grid[rows, top]
    rises = _slope(y, v, known, highest) > 0
    low = np.where(rises, highest, grid[rows, np.maximum(top - 1, 0)])
    high = np.where(rises, grid[rows, np.minimum(top + 1, last)], highest)
    tau2 = _halved(low, high, lambda tau2: _slope(y, v, known, tau2))
    return np.where(k > 0, np.where(k > 1, tau2, 0.0), np.nan)


def q_profile(y: Floats, v: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Return the Q-profile interval of ``tau2`` of each row.

    The generalised ``Q(tau2) = sum(w (y - mu)²)`` falls in ``tau2`` and has a chi-square
    distribution at the true one; the limits are where it meets the quantiles. Where it is below a
    quantile already at zero, that limit is zero: both are where estimates differ less than their
    variances allow.
    """
    known = ~np.isnan(y)
    df = known.sum(axis=1) - 1
    # Q(tau2) <= sum((y - mean)²) / tau2: no root lies beyond.
    squares = _squares(y, known)
    limits = []
    for tail in ((1 - confidence) / 2, (1 + confidence) / 2):
        quantile = chdtri(np.maximum(df, 1), tail)

        def above(tau2: Floats, quantile: Floats = quantile) -> Floats:
            return cochran_q(y, v, known, tau2) - quantile

        roots = _halved(np.zeros(len(df)), squares / quantile, above)
        limits.append(np.where(df > 0, roots, np.nan))
    return limits[0], limits[1]


def pool_weights(v: Floats, known: NDArray[np.bool_], tau2: Floats) -> Floats:
    """Return the weight of each estimate, 0 for those that a pool does not have."""
    return np.where(known, 1 / (np.where(known, v, 1.0) + tau2[:, None]), 0.0)


def weighted_mean(w: Floats, y: Floats) -> Floats:
    """Return the weighted mean of each pool; NaN without estimates."""
    with np.errstate(invalid="ignore"):
        mean: Floats = (w * np.nan_to_num(y)).sum(axis=1) / w.sum(axis=1)
    return mean


def _squares(y: Floats, known: NDArray[np.bool_]) -> Floats:
    centred = np.nan_to_num(y - weighted_mean(known.astype(float), y)[:, None])
    return np.asarray((centred**2).sum(axis=1))


def _largest_tau2(y: Floats, v: Floats, known: NDArray[np.bool_]) -> Floats:
    """Return a value above which the restricted likelihood only falls.

    Twice its slope is at most ``S/tau2² - (k-1)/(max v + tau2)`` with ``S = sum((y - mean)²)``.
    """
    variance = _squares(y, known) / np.maximum(known.sum(axis=1) - 1, 1)
    largest_v = np.where(known, v, 0.0).max(axis=1, initial=0.0)
    return np.asarray(variance + np.sqrt(variance * largest_v))


def _log_likelihood(y: Floats, v: Floats, known: NDArray[np.bool_], tau2: Floats) -> Floats:
    w = pool_weights(v, known, tau2)
    logs = np.log(np.where(known, w, 1.0)).sum(axis=1) - np.log(np.fmax(w.sum(axis=1), 1e-300))
    return np.asarray((logs - cochran_q(y, v, known, tau2)) / 2)


def _slope(y: Floats, v: Floats, known: NDArray[np.bool_], tau2: Floats) -> Floats:
    """Return twice the derivative of the restricted log-likelihood."""
    w = pool_weights(v, known, tau2)
    residual = np.nan_to_num(y - weighted_mean(w, y)[:, None])
    total, squared = w.sum(axis=1), (w**2).sum(axis=1)
    with np.errstate(invalid="ignore"):
        slope: Floats = ((w * residual) ** 2).sum(axis=1) - total + squared / total
    return slope


def cochran_q(y: Floats, v: Floats, known: NDArray[np.bool_], tau2: Floats) -> Floats:
    """Return the weighted squares about the mean, with ``tau2`` in the weights."""
    w = pool_weights(v, known, tau2)
    return np.asarray((w * np.nan_to_num(y - weighted_mean(w, y)[:, None]) ** 2).sum(axis=1))


def i2_of(v: Floats, known: NDArray[np.bool_], tau2: Floats) -> Floats:
    """Return the share of ``tau2`` in the variance of a typical estimate."""
    w = pool_weights(v, known, np.zeros(len(v)))
    k, total = known.sum(axis=1), w.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        typical = (k - 1) * total / (total**2 - (w**2).sum(axis=1))
        share: Floats = np.where(k > 1, tau2 / (tau2 + typical), np.nan)
    return share


def _halved(low: Floats, high: Floats, falling: Callable[[Floats], Floats]) -> Floats:
    """Return where ``falling`` turns from positive, between ``low`` and ``high``; else an end."""
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        above = falling(middle) > 0
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return np.where(falling(low) > 0, high, low)
