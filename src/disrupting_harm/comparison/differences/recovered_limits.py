"""Intervals of weighted sums of independent proportions, from the limits of each of them.

The t interval of a sum takes the errors as known and symmetric. Where the error of one proportion
weighs most, as in the difference of a country and the mean of its region, that falls short: the
error of a proportion moves with the estimate. The method of variance estimates recovery (Zou &
Donner 2008, Statistics in Medicine 27; Newcombe 1998, Statistics in Medicine 17) recovers the
variance from the limits themselves: for ``Σ a_j p_j`` with limits ``l_j`` and ``u_j``,

    lower = Σ a_j p_j - √Σ (a_j (p_j - l_j))²,   with u_j for l_j where a_j is negative,

and the other way round for the upper limit. The limits of each proportion are those of its
log-odds.
"""

import numpy as np
from scipy.special import expit

from designbased.arrays import Floats

# No t quantile that matters is farther, and so many halvings leave nothing of it.
FARTHEST, HALVINGS = 1024.0, 64


def sum_limits(
    estimate: Floats, low: Floats, high: Floats, contrasts: Floats
) -> tuple[Floats, Floats]:
    """Return the limits of weighted sums of independent estimates.

    Args:
        estimate: (K,) estimates.
        low, high: (m, K) limits of each estimate, at the level of each sum.
        contrasts: (m, K) weights of each sum.

    Returns:
        (m,) lower and upper limits; NaN where limits are missing.
    """
    # An estimate lowers a sum by its lower limit where it is added, by its upper one elsewhere.
    lower_distances = np.maximum(contrasts * (estimate - low), contrasts * (estimate - high))
    upper_distances = np.maximum(contrasts * (high - estimate), contrasts * (low - estimate))
    total = contrasts @ estimate
    return total - np.sqrt((lower_distances**2).sum(axis=1)), total + np.sqrt(
        (upper_distances**2).sum(axis=1)
    )


def touching_reach(estimate: Floats, log_odds: Floats, errors: Floats, contrasts: Floats) -> Floats:
    """Return the reach at which the recovered interval of each sum touches zero, by halving.

    Its P value is that of the t test with this reach: so a test and its interval agree.

    Args:
        estimate: (K,) proportions.
        log_odds, errors: (K,) as :func:`log_odds_limits` takes them.
        contrasts: (m, K) weights of each sum.

    Returns:
        (m,) quantiles in standard errors, from 0 of a sum that is zero to :data:`FARTHEST`.
    """
    upwards = contrasts * np.sign(contrasts @ estimate)[:, np.newaxis]
    inside, beyond = np.zeros(len(contrasts)), np.full(len(contrasts), FARTHEST)
    for _ in range(HALVINGS):
        reach = (inside + beyond) / 2
        limits = log_odds_limits(estimate, log_odds, errors, reach)
        low, _ = sum_limits(estimate, *limits, upwards)
        inside = np.where(low > 0, reach, inside)
        beyond = np.where(low > 0, beyond, reach)
    middle: Floats = (inside + beyond) / 2
    return middle


def log_odds_limits(
    estimate: Floats, log_odds: Floats, errors: Floats, reach: Floats
) -> tuple[Floats, Floats]:
    """Return (m, K) limits of K proportions at m levels.

    Args:
        estimate: (K,) proportions.
        log_odds, errors: (K,) their log-odds and standard errors, see ``averages.on_log_odds``.
        reach: (m,) quantile of each level, in standard errors; NaN where there is none.
    """
    half_width = reach[:, np.newaxis] * errors
    # At 0 and 100 per cent the limits of the log-odds leave the estimate out.
    low = np.minimum(expit(log_odds - half_width), estimate)
    return low, np.maximum(expit(log_odds + half_width), estimate)
