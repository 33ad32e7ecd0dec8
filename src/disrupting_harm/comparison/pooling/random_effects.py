"""Random-effects pooling of independent estimates, many pools at once.

Every pool is a row of ``y`` (estimates) and ``v`` (their sampling variances, taken as known); a
missing ``y`` is a country that the pool does not have. With ``w = 1/(v + tau2)`` and
``mu = sum(w y) / sum(w)``, the variance between countries ``tau2`` maximises the restricted
likelihood (REML).

Sources: Hartung & Knapp 2001, Statistics in Medicine 20; Röver, Knapp & Friede 2015, BMC Medical
Research Methodology 15:99 (its modification); Higgins, Thompson & Spiegelhalter 2009, JRSS A 172
(prediction). How much estimates differ beyond their sampling variances: Viechtbauer 2005, Journal
of Educational and Behavioral Statistics 30 (REML); Viechtbauer 2007, Statistics in Medicine 26
(Q-profile interval); Higgins & Thompson 2002, Statistics in Medicine 21 (I²).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc, chdtri, ndtri, stdtrit

from designbased.arrays import Floats
from disrupting_harm.core.errors import StudyError

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
    present = ~np.isnan(y)
    k = present.sum(axis=1)
    grid = _largest_tau2(y, v, present)[:, None] * GRID
    heights = np.stack(
        [_log_likelihood(y, v, present, grid[:, point]) for point in range(GRID.size)], axis=1
    )
    top = np.argmax(heights, axis=1)
    rows, last = np.arange(len(y)), GRID.size - 1
    highest = grid[rows, top]
    is_rising = _likelihood_slope(y, v, present, highest) > 0
    low = np.where(is_rising, highest, grid[rows, np.maximum(top - 1, 0)])
    high = np.where(is_rising, grid[rows, np.minimum(top + 1, last)], highest)
    tau2 = _bisect_root(low, high, lambda tau2: _likelihood_slope(y, v, present, tau2))
    return np.where(k > 0, np.where(k > 1, tau2, 0.0), np.nan)


def q_profile(y: Floats, v: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Return the Q-profile interval of ``tau2`` of each row.

    The generalised ``Q(tau2) = sum(w (y - mu)²)`` falls in ``tau2`` and has a chi-square
    distribution at the true one; the limits are where it meets the quantiles. Where it is below a
    quantile already at zero, that limit is zero: both are where estimates differ less than their
    variances allow.
    """
    present = ~np.isnan(y)
    df = present.sum(axis=1) - 1
    # Q(tau2) <= sum((y - mean)²) / tau2: no root lies beyond.
    squares = _sum_of_squares(y, present)
    limits = []
    for tail in ((1 - confidence) / 2, (1 + confidence) / 2):
        quantile = chdtri(np.maximum(df, 1), tail)

        def excess(tau2: Floats, quantile: Floats = quantile) -> Floats:
            return cochran_q(y, v, present, tau2) - quantile

        roots = _bisect_root(np.zeros(len(df)), squares / quantile, excess)
        limits.append(np.where(df > 0, roots, np.nan))
    return limits[0], limits[1]


def pool_weights(v: Floats, present: NDArray[np.bool_], tau2: Floats) -> Floats:
    """Return the weight of each estimate, 0 for those that a pool does not have."""
    return np.where(present, 1 / (np.where(present, v, 1.0) + tau2[:, None]), 0.0)


def weighted_mean(w: Floats, y: Floats) -> Floats:
    """Return the weighted mean of each pool; NaN without estimates."""
    with np.errstate(invalid="ignore"):
        mean: Floats = (w * np.nan_to_num(y)).sum(axis=1) / w.sum(axis=1)
    return mean


def _sum_of_squares(y: Floats, present: NDArray[np.bool_]) -> Floats:
    centred = np.nan_to_num(y - weighted_mean(present.astype(float), y)[:, None])
    return np.asarray((centred**2).sum(axis=1))


def _largest_tau2(y: Floats, v: Floats, present: NDArray[np.bool_]) -> Floats:
    """Return a value above which the restricted likelihood only falls.

    Twice its slope is at most ``S/tau2² - (k-1)/(max v + tau2)`` with ``S = sum((y - mean)²)``.
    """
    variance = _sum_of_squares(y, present) / np.maximum(present.sum(axis=1) - 1, 1)
    largest_v = np.where(present, v, 0.0).max(axis=1, initial=0.0)
    return np.asarray(variance + np.sqrt(variance * largest_v))


def _log_likelihood(y: Floats, v: Floats, present: NDArray[np.bool_], tau2: Floats) -> Floats:
    w = pool_weights(v, present, tau2)
    logs = np.log(np.where(present, w, 1.0)).sum(axis=1) - np.log(np.fmax(w.sum(axis=1), 1e-300))
    return np.asarray((logs - cochran_q(y, v, present, tau2)) / 2)


def _likelihood_slope(y: Floats, v: Floats, present: NDArray[np.bool_], tau2: Floats) -> Floats:
    """Return twice the derivative of the restricted log-likelihood."""
    w = pool_weights(v, present, tau2)
    residual = np.nan_to_num(y - weighted_mean(w, y)[:, None])
    total, squared = w.sum(axis=1), (w**2).sum(axis=1)
    with np.errstate(invalid="ignore"):
        slope: Floats = ((w * residual) ** 2).sum(axis=1) - total + squared / total
    return slope


def cochran_q(y: Floats, v: Floats, present: NDArray[np.bool_], tau2: Floats) -> Floats:
    """Return the weighted squares about the mean, with ``tau2`` in the weights."""
    w = pool_weights(v, present, tau2)
    return np.asarray((w * np.nan_to_num(y - weighted_mean(w, y)[:, None]) ** 2).sum(axis=1))


def i_squared(v: Floats, present: NDArray[np.bool_], tau2: Floats) -> Floats:
    """Return the share of ``tau2`` in the variance of a typical estimate."""
    w = pool_weights(v, present, np.zeros(len(v)))
    k, total = present.sum(axis=1), w.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        typical = (k - 1) * total / (total**2 - (w**2).sum(axis=1))
        share: Floats = np.where(k > 1, tau2 / (tau2 + typical), np.nan)
    return share


def _bisect_root(low: Floats, high: Floats, falling: Callable[[Floats], Floats]) -> Floats:
    """Return where ``falling`` turns from positive, between ``low`` and ``high``; else an end."""
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        is_positive = falling(middle) > 0
        low, high = np.where(is_positive, middle, low), np.where(is_positive, high, middle)
    return np.where(falling(low) > 0, high, low)


Interval: TypeAlias = Literal["modified_hartung_knapp", "hartung_knapp", "wald"]
Prediction: TypeAlias = Literal["hartung_knapp", "higgins_thompson_spiegelhalter"]


@dataclass(frozen=True)
class RandomEffects:
    """The pools' results, each an array with one value per pool.

    ``k`` estimates; ``estimate``, its ``se`` and interval; the interval ``prediction_low`` to
    ``prediction_high`` of the true value of another country like these; ``tau2`` with its
    Q-profile interval; ``i2``, the share of ``tau2`` in the variance of a typical estimate;
    Cochran's ``q`` with ``q_df`` degrees of freedom and ``q_p``, the p value of equal true values.
    What does not exist is NaN: all but ``estimate``, ``se`` and ``tau2`` = 0 with one estimate.
    """

    k: NDArray[np.int64]
    estimate: Floats
    se: Floats
    ci_low: Floats
    ci_high: Floats
    prediction_low: Floats
    prediction_high: Floats
    tau2: Floats
    tau2_low: Floats
    tau2_high: Floats
    i2: Floats
    q: Floats
    q_df: NDArray[np.int64]
    q_p: Floats


def check_pools(y: ArrayLike, v: ArrayLike) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Return estimates and variances as arrays, and which estimates are there.

    Raises:
        StudyError: a variance that is not positive and finite, or shapes that differ.
    """
    y, v = np.asarray(y, dtype=np.float64), np.asarray(v, dtype=np.float64)
    if y.shape != v.shape or y.ndim == 0:
        raise StudyError("y and v", f"their shapes are {y.shape} and {v.shape}", "Give one v per y")
    present = ~np.isnan(y)
    wrong = present & ~(np.isfinite(y) & np.isfinite(v) & (v > 0))
    if wrong.any():
        position = tuple(int(index) for index in np.argwhere(wrong)[0])
        raise StudyError(
            "y and v",
            f"estimate {y[position]} with variance {v[position]} at {position}",
            "Give finite estimates with positive variances, or leave the estimate out",
        )
    return y, v, present


def random_effects(
    y: ArrayLike,
    v: ArrayLike,
    confidence: float = 0.95,
    interval: Interval = "modified_hartung_knapp",
    prediction: Prediction = "hartung_knapp",
) -> RandomEffects:
    """Pool the last axis of ``y``.

    Args:
        y: (..., K) estimates; NaN: not in this pool.
        v: (..., K) their variances, positive wherever ``y`` is known.
        interval: of the estimate. With ``q = sum(w (y - mu)²) / (k - 1)``, ``hartung_knapp`` is
            ``mu ± t(k-1) sqrt(q / sum(w))``; ``modified_hartung_knapp`` takes ``max(1, q)``, so
            that it is never shorter than the t interval without ``q``; ``wald`` is
            ``mu ± z / sqrt(sum(w))``.
        prediction: ``hartung_knapp`` is ``mu ± t(k-1) sqrt(tau2 + se²)`` with the ``se`` of
            ``interval`` (of the modified one for ``wald``);
            ``higgins_thompson_spiegelhalter`` is ``mu ± t(k-2) sqrt(tau2 + 1 / sum(w))``.

    Returns:
        Arrays of the shape of ``y`` without its last axis.

    Raises:
        StudyError: a variance that is not positive and finite, shapes that differ, or an unknown
            method.
    """
    for name, method, allowed in (
        ("interval", interval, get_args(Interval)),
        ("prediction", prediction, get_args(Prediction)),
    ):
        if method not in allowed:
            raise StudyError(name, f"'{method}' is not known", f"Use one of {', '.join(allowed)}")
    y, v, present = check_pools(y, v)
    shape = y.shape[:-1]
    count_of_countries = y.shape[-1]
    y, v, present = (
        y.reshape(-1, count_of_countries),
        v.reshape(-1, count_of_countries),
        present.reshape(-1, count_of_countries),
    )
    k: NDArray[np.int64] = present.sum(axis=1)
    tau2 = reml(y, v)
    w = pool_weights(v, present, tau2)
    mu = np.where(k > 0, weighted_mean(w, y), np.nan)
    wald, modified = (
        _standard_errors(y, w, k, "wald"),
        _standard_errors(y, w, k, "modified_hartung_knapp"),
    )
    se = _standard_errors(y, w, k, interval)
    z = np.where(k > 1, ndtri((1 + confidence) / 2), np.nan)
    half_width = se * (z if interval == "wald" else _t_quantile(k - 1, confidence))
    error_of_mean = modified if interval == "wald" else se
    prediction_half_width = (
        _t_quantile(k - 1, confidence) * np.sqrt(tau2 + error_of_mean**2)
        if prediction == "hartung_knapp"
        else _t_quantile(k - 2, confidence) * np.sqrt(tau2 + wald**2)
    )
    q = cochran_q(y, v, present, np.zeros(len(y)))
    tau2_low, tau2_high = q_profile(y, v, confidence)
    q_p = chdtrc(np.maximum(k - 1, 1), q)
    return RandomEffects(
        k=k.reshape(shape),
        estimate=mu.reshape(shape),
        se=se.reshape(shape),
        ci_low=(mu - half_width).reshape(shape),
        ci_high=(mu + half_width).reshape(shape),
        prediction_low=(mu - prediction_half_width).reshape(shape),
        prediction_high=(mu + prediction_half_width).reshape(shape),
        tau2=tau2.reshape(shape),
        tau2_low=tau2_low.reshape(shape),
        tau2_high=tau2_high.reshape(shape),
        i2=i_squared(v, present, tau2).reshape(shape),
        q=np.where(k > 1, q, np.nan).reshape(shape),
        q_df=np.maximum(k - 1, 0).reshape(shape),
        q_p=np.where(k > 1, q_p, np.nan).reshape(shape),
    )


def _standard_errors(y: Floats, w: Floats, k: NDArray[np.int64], interval: Interval) -> Floats:
    """Return the standard error of the mean that belongs to an interval; NaN without estimates."""
    with np.errstate(divide="ignore", invalid="ignore"):
        se: Floats = np.where(k > 0, np.sqrt(1 / w.sum(axis=1)), np.nan)
        q = (w * np.nan_to_num(y - weighted_mean(w, y)[:, None]) ** 2).sum(axis=1) / (k - 1)
    if interval == "wald":
        return se
    scale = np.where(k > 1, q, 1.0)
    return np.asarray(
        se * np.sqrt(np.fmax(scale, 1.0) if interval == "modified_hartung_knapp" else scale)
    )


def _t_quantile(df: NDArray[np.int64], confidence: float) -> Floats:
    quantile = stdtrit(np.maximum(df, 1).astype(float), (1 + confidence) / 2)
    return np.where(df > 0, quantile, np.nan)
