"""Quantiles of beta distributions for whole tables: the limits of Clopper and Pearson.

``scipy.special.betaincinv`` finds each quantile by itself, in a number of steps, and takes longer
than all other work on a small survey. Here all cells make one step together, from a good start and
of so high an order that one is enough for nearly all; the others are left to SciPy. A step costs
one incomplete beta function, whose precision is that of the result.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, betaincinv, expit, gammaln, log_expit, ndtri

Floats: TypeAlias = NDArray[np.float64]

# The terms left out of a step are below its fifth power, so here below 1e-13 of the width of the
# distribution.
LONGEST_STEP = 0.015
# The largest relative error of a quantile that the rounding of large logarithms may leave.
LARGEST_ROUNDING = 1e-13


def beta_quantile(a: Floats, b: Floats, probability: float | Floats) -> Floats:
    """Return quantiles of Beta(a, b), as ``betaincinv``; NaN where a parameter is NaN.

    Args:
        a: (...) first parameters, positive.
        b: (...) second parameters, positive.
        probability: (...) probabilities.
    """
    start = _log_odds_by_normal_roots(a, b, ndtri(probability))
    log_odds, arrived = _step(a, b, probability, start)
    far = ~arrived
    # Of a single cell as well, an array that can be written to.
    quantile: Floats = np.asarray(expit(log_odds))
    if far.any():
        a, b, probability = np.broadcast_arrays(a, b, probability)
        quantile[far] = betaincinv(a[far], b[far], probability[far])
    return quantile


def _log_odds_by_normal_roots(a: Floats, b: Floats, z: float | Floats) -> Floats:
    """Log-odds of a quantile, nearly: cube roots of gamma variables are almost normal.

    Source: Paulson 1942, Annals of Mathematical Statistics 13 (for the F distribution, with the
    cube roots of Wilson and Hilferty).
    """
    c, d = 1 / (9 * a), 1 / (9 * b)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(c * (1 - d) ** 2 + d * (1 - c) ** 2 - c * d * z**2)
        root = ((1 - c) * (1 - d) + z * spread) / ((1 - d) ** 2 - z**2 * d)
        log_odds: Floats = 3 * np.log(root) + np.log(a / b)
    return log_odds


def _step(
    a: Floats, b: Floats, probability: float | Floats, log_odds: Floats
) -> tuple[Floats, NDArray[np.bool_]]:
    """Improve log-odds by the Taylor series of the quantile function, to the fifth power.

    With the density ``h`` of the log-odds and ``g = h'/h = a - (a + b)x`` the derivatives of the
    quantile function are ``P_k/h^k``, where ``P_1 = 1`` and ``P_(k+1) = P_k' - k g P_k``.

    Returns:
        The new log-odds, and whether the terms left out are negligible.
    """
    x, log_x = expit(log_odds), log_expit(log_odds)
    g, v, t = a - (a + b) * x, (a + b) * x * (1 - x), 1 - 2 * x
    with np.errstate(over="ignore", invalid="ignore"):
        log_all = gammaln(a + b)
        log_beta = gammaln(a) + gammaln(b) - log_all
        h = np.exp(a * log_x + b * (log_x - log_odds) - log_beta)
        w = (probability - betainc(a, b, x)) / h
        p3 = 2 * g**2 + v
        p4 = v * t - g * (7 * v + 6 * g**2)
        p5 = v * (t**2 - 2 * x * (1 - x) + 7 * v - 11 * g * t) + g**2 * (46 * v + 24 * g**2)
        series = 1 + w * (-g / 2 + w * (p3 / 6 + w * (p4 / 24 + w * p5 / 120)))
        short = np.abs(w) * (np.abs(g) + np.sqrt(v)) < LONGEST_STEP
        # Large logarithms cancel in the density, and their lost digits scale the step.
        exact = np.abs(w) * np.abs(log_all) * np.finfo(float).eps < LARGEST_ROUNDING
    return log_odds + w * series, short & exact
