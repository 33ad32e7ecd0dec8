"""Limits of a share from the binomial distribution itself: exact ones, and those by likelihood."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, expit

from disrupting_harm.arrays import Floats

Limits: TypeAlias = tuple[Floats, Floats]
Confidence: TypeAlias = float | Floats

# A proportion this close to 0 or 1 is 0 or 1 (the tolerance of the NCHS macro).
BOUNDARY = 1e-12

# Newton's method takes some ten steps to this precision of the log-odds.
PRECISION = 1e-13
MAX_STEPS = 100


def upper_tail(confidence: Confidence) -> Confidence:
    """Return the probability below the upper limit of a two-sided interval."""
    return 1 - (1 - confidence) / 2


def log_odds_at_distance(p: Floats, distance: Floats) -> Floats:
    """Log-odds ``x`` below those of ``p`` whose binomial divergence from ``p`` is ``distance``.

    The divergence is convex in ``x`` and the start lies beyond the solution, as ``ln(1 + e^x) > 0``
    there: Newton's steps go one way and cannot overshoot.
    """
    constant = p * np.log(p) + (1 - p) * np.log1p(-p) - distance
    x = constant / p
    with np.errstate(invalid="ignore"):
        for _ in range(MAX_STEPS):
            step = (constant - p * x + np.logaddexp(0.0, x)) / (p - expit(x))
            # A cell that has arrived stays, so that it does not depend on the others.
            moves = np.abs(step) > PRECISION * (1 + np.abs(x))
            x = np.where(moves, x + step, x)
            if not moves.any():
                break
    return x


def clopper_pearson(p: Floats, n: Floats, confidence: Confidence) -> Limits:
    """Return beta limits for ``x = p·n`` successes in ``n`` trials, which may be fractions."""
    x = p * n
    tail = upper_tail(confidence)
    # At the boundary one shape parameter is zero and the limit is the boundary itself.
    low = np.where(p <= BOUNDARY, 0.0, betaincinv(np.maximum(x, BOUNDARY), n - x + 1, 1 - tail))
    high = np.where(p >= 1 - BOUNDARY, 1.0, betaincinv(x + 1, np.maximum(n - x, BOUNDARY), tail))
    return low, high


def at_boundary(p: Floats) -> NDArray[np.bool_]:
    """Whether shares are 0 or 1."""
    return (p <= BOUNDARY) | (p >= 1 - BOUNDARY)


def exact_at_boundary(
    p: Floats, n: Floats, confidence: Confidence, low: Floats, high: Floats
) -> Limits:
    """Return the limits given, at 0 % and 100 % those of Clopper and Pearson on ``n``."""
    edge = at_boundary(p)
    if not edge.any():
        return low, high
    exact_low, exact_high = clopper_pearson(p, n, confidence)
    return np.where(edge, exact_low, low), np.where(edge, exact_high, high)
