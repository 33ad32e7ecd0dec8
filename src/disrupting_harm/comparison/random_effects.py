"""Random-effects pooling of independent estimates, many pools at once.

Every pool is a row of ``y`` (estimates) and ``v`` (their sampling variances, taken as known); a
missing ``y`` is a country that the pool does not have. With ``w = 1/(v + tau2)`` and
``mu = sum(w y) / sum(w)``, the variance between countries ``tau2`` maximises the restricted
likelihood (REML).

Sources: Hartung & Knapp 2001, Statistics in Medicine 20; Röver, Knapp & Friede 2015, BMC Medical
Research Methodology 15:99 (its modification); Higgins, Thompson & Spiegelhalter 2009, JRSS A 172
(prediction); those of ``tau2`` and of how much estimates differ: :mod:`.heterogeneity`.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc, ndtri, stdtrit

from designbased.arrays import Floats
from disrupting_harm.comparison.heterogeneity import (
    cochran_q,
    i2_of,
    pool_weights,
    q_profile,
    reml,
    weighted_mean,
)
from disrupting_harm.errors import StudyError

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


def checked_pools(y: ArrayLike, v: ArrayLike) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Return estimates and variances as arrays, and which estimates are there.

    Raises:
        StudyError: a variance that is not positive and finite, or shapes that differ.
    """
    y, v = np.asarray(y, dtype=np.float64), np.asarray(v, dtype=np.float64)
    if y.shape != v.shape or y.ndim == 0:
        raise StudyError("y and v", f"their shapes are {y.shape} and {v.shape}", "Give one v per y")
    known = ~np.isnan(y)
    wrong = known & ~(np.isfinite(y) & np.isfinite(v) & (v > 0))
    if wrong.any():
        place = tuple(int(index) for index in np.argwhere(wrong)[0])
        raise StudyError(
            "y and v",
            f"estimate {y[place]} with variance {v[place]} at {place}",
            "Give finite estimates with positive variances, or leave the estimate out",
        )
    return y, v, known


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
        confidence: level of all intervals.
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
    for name, word, allowed in (
        ("interval", interval, get_args(Interval)),
        ("prediction", prediction, get_args(Prediction)),
    ):
        if word not in allowed:
            raise StudyError(name, f"'{word}' is not known", f"Use one of {', '.join(allowed)}")
    y, v, known = checked_pools(y, v)
    shape = y.shape[:-1]
    size = y.shape[-1]
    y, v, known = y.reshape(-1, size), v.reshape(-1, size), known.reshape(-1, size)
    k: NDArray[np.int64] = known.sum(axis=1)
    tau2 = reml(y, v)
    w = pool_weights(v, known, tau2)
    mu = np.where(k > 0, weighted_mean(w, y), np.nan)
    wald, modified = _errors(y, w, k, "wald"), _errors(y, w, k, "modified_hartung_knapp")
    se = _errors(y, w, k, interval)
    z = np.where(k > 1, ndtri((1 + confidence) / 2), np.nan)
    half = se * (z if interval == "wald" else _t(k - 1, confidence))
    predicted = modified if interval == "wald" else se
    spread = (
        _t(k - 1, confidence) * np.sqrt(tau2 + predicted**2)
        if prediction == "hartung_knapp"
        else _t(k - 2, confidence) * np.sqrt(tau2 + wald**2)
    )
    q = cochran_q(y, v, known, np.zeros(len(y)))
    tau2_low, tau2_high = q_profile(y, v, confidence)
    q_p = chdtrc(np.maximum(k - 1, 1), q)
    return RandomEffects(
        k=k.reshape(shape),
        estimate=mu.reshape(shape),
        se=se.reshape(shape),
        ci_low=(mu - half).reshape(shape),
        ci_high=(mu + half).reshape(shape),
        prediction_low=(mu - spread).reshape(shape),
        prediction_high=(mu + spread).reshape(shape),
        tau2=tau2.reshape(shape),
        tau2_low=tau2_low.reshape(shape),
        tau2_high=tau2_high.reshape(shape),
        i2=i2_of(v, known, tau2).reshape(shape),
        q=np.where(k > 1, q, np.nan).reshape(shape),
        q_df=np.maximum(k - 1, 0).reshape(shape),
        q_p=np.where(k > 1, q_p, np.nan).reshape(shape),
    )


def _errors(y: Floats, w: Floats, k: NDArray[np.int64], interval: Interval) -> Floats:
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


def _t(df: NDArray[np.int64], confidence: float) -> Floats:
    quantile = stdtrit(np.maximum(df, 1).astype(float), (1 + confidence) / 2)
    return np.where(df > 0, quantile, np.nan)
