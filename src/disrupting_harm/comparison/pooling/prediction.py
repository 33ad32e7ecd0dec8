"""Prediction intervals of random-effects pools, with the uncertainty of ``tau2``.

The usual interval ``mu ± t sqrt(tau2 + se²)`` takes the estimated ``tau2`` for the true one. With
few countries that differ little the estimate is often zero, and the interval falls far short of its
level. Here ``tau2`` has a distribution of its own: the generalised ``Q(tau2)`` is chi-square with
``k - 1`` degrees of freedom at the true value (Viechtbauer 2007, Statistics in Medicine 26), so
that each draw of a chi-square gives the ``tau2`` at which Q meets it, or zero. The true value of
another country is then

    mu(tau2) + z sqrt(tau2) - t se(tau2),

with z standard normal, t Student's with ``k - 1`` degrees of freedom and ``se`` Hartung and Knapp's
error at this ``tau2``, in its modified form: equal estimates do not make it zero. The limits are
quantiles of the draws. It is the predictive distribution of Nagashima, Noma & Furukawa 2019,
Statistical Methods in Medical Research 28(6), who draw ``tau2`` from the distribution of Cochran's
statistic instead. docs/pooling-coverage.md compares it with the usual form.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from designbased.arrays import Floats
from disrupting_harm.comparison.pooling.random_effects import check_pools

DRAWS = 20_000
SEED = 20261124
# Points between which the root of Q is interpolated; the error is far below that of the draws.
GRID = np.concatenate([[0.0], np.geomspace(1e-6, 1.0, 200)])
# Beyond this quantile of 1/Q the largest tau2 is cut; one draw in ten thousand lies there.
TAIL = 1e-4


def prediction_interval(
    y: ArrayLike, v: ArrayLike, confidence: float = 0.95, draws: int = DRAWS, seed: int = SEED
) -> tuple[Floats, Floats]:
    """Return the limits of the true value of another country like those of each pool.

    Args:
        y: (G, K) estimates; NaN: not in this pool.
        v: (G, K) their variances, positive wherever ``y`` is known.
        draws: number of random draws, the same for every pool.

    Returns:
        (G,) lower and upper limits; NaN with fewer than two estimates.

    Raises:
        StudyError: a variance that is not positive and finite, or shapes that differ.
    """
    y, v, present = check_pools(y, v)
    limits = np.full((len(y), 2), np.nan)
    quantiles = (1 - confidence) / 2, (1 + confidence) / 2
    for row in np.flatnonzero(present.sum(axis=1) > 1):
        members = present[row]
        values = _draw_true_values(y[row, members], v[row, members], draws, seed)
        limits[row] = np.quantile(values, quantiles)
    return limits[:, 0], limits[:, 1]


def _draw_true_values(y: Floats, v: Floats, draws: int, seed: int) -> Floats:
    """Draw true values of another country, given (k,) estimates and variances of one pool."""
    df = len(y) - 1
    chi_squares, normals, students_t = _draw_distributions(df, draws, seed)
    # Q(tau2) <= sum((y - mean)²) / tau2: no root lies beyond.
    largest = ((y - y.mean()) ** 2).sum() / np.quantile(chi_squares, TAIL)
    tau2 = np.interp(-chi_squares, -_pool_moments(y, v, largest * GRID)[1], largest * GRID)
    mean, q_at_tau2, se = _pool_moments(y, v, tau2)
    se *= np.sqrt(np.maximum(q_at_tau2 / df, 1.0))
    return np.asarray(mean + normals * np.sqrt(tau2) - students_t * se)


@lru_cache(maxsize=32)
def _draw_distributions(df: int, draws: int, seed: int) -> tuple[Floats, Floats, Floats]:
    """Chi-squares, normals and Student's t, the same for every pool of as many estimates."""
    random = np.random.default_rng(seed)
    chi_squares = random.chisquare(df, draws)
    return chi_squares, random.standard_normal(draws), random.standard_t(df, draws)


def _pool_moments(y: Floats, v: Floats, tau2: Floats) -> tuple[Floats, Floats, Floats]:
    """Mean, generalised Q and Wald's error of a pool at each value of ``tau2``."""
    total, weighted, weighted_squares = np.zeros((3, len(tau2)))
    # Country by country, without BLAS, whose order of adding depends on the processor.
    for estimate, variance in zip(y, v, strict=True):
        weight = 1 / (variance + tau2)
        total += weight
        weighted += weight * (estimate - y[0])
        weighted_squares += weight * (estimate - y[0]) ** 2
    centred = weighted / total
    return (
        y[0] + centred,
        np.maximum(weighted_squares - centred * weighted, 0.0),
        1 / np.sqrt(total),
    )
