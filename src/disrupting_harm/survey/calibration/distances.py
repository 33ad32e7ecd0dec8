"""Distances of calibration: how far a weight may move, and what moving it costs.

Deville and Särndal (1992, Journal of the American Statistical Association 87) minimise a distance
between the weights w and the design weights d under ``Σ w x = X``. The solution is
``w = d F(x'λ)``; each distance has its own F, with ``F(0) = F'(0) = 1``:

========  =====================  ==================================================================
name      F(u)                   remark
========  =====================  ==================================================================
linear    1 + u                  generalised regression; weights can become negative
raking    exp(u)                 multiplicative; for margins equal to iterative raking
logit     between L and U        ``(L(U-1) + U(1-L)eᴬᵘ) / ((U-1) + (1-L)eᴬᵘ)``,
                                 ``A = (U-L) / ((1-L)(U-1))``
========  =====================  ==================================================================

With bounds, linear and raking are cut off at L and U (truncated).
"""

from collections.abc import Callable
from typing import Literal, TypeAlias, get_args

import numpy as np
from scipy.special import expit

from disrupting_harm.arrays import Floats
from disrupting_harm.errors import StudyError

# Newton's first step can go far beyond any factor of use; sums of squares must not overflow there.
LARGEST_EXPONENT = 300.0

Method: TypeAlias = Literal["raking", "linear", "logit"]
Bounds: TypeAlias = tuple[float | Floats, float | Floats]
"""Smallest and largest factor w / d, for all respondents or one for each."""

Distance: TypeAlias = Callable[[Floats], tuple[Floats, Floats]]
"""Gives F(u) and F'(u)."""


def distance(method: Method, bounds: Bounds | None = None) -> Distance:
    """Return the functions F and F' of a method.

    Raises:
        StudyError: no such method, ``logit`` without finite bounds, or bounds that do not hold 1
            between them (for logit strictly).
    """
    if method not in get_args(Method):
        options = ", ".join(get_args(Method))
        raise StudyError("calibration method", f"{method!r}", f"Choose one of {options}")
    if bounds is None:
        if method == "logit":
            raise StudyError("calibration bounds", "none for method 'logit'", "Give them")
        return _linear if method == "linear" else _raking
    lower, upper = (np.asarray(bound, dtype="float64") for bound in bounds)
    _check(lower, upper, strict=method == "logit")
    if method == "logit":
        return _logit(lower, upper)
    return _truncated(_linear if method == "linear" else _raking, lower, upper)


def _check(lower: Floats, upper: Floats, strict: bool) -> None:
    inside = (lower < 1) & (upper > 1) if strict else (lower <= 1) & (upper >= 1)
    if strict:
        inside = inside & np.isfinite(lower) & np.isfinite(upper)
    if not inside.all():
        at = np.flatnonzero(~np.atleast_1d(inside))[0]
        low, high = (np.atleast_1d(b)[at if b.ndim else 0] for b in (lower, upper))
        raise StudyError(
            "calibration bounds",
            f"L = {low:g} and U = {high:g}",
            "Give L below 1 and U above 1: they bound the factor by which a weight changes",
        )


def _linear(u: Floats) -> tuple[Floats, Floats]:
    return 1 + u, np.ones_like(u)


def _raking(u: Floats) -> tuple[Floats, Floats]:
    factor = np.exp(np.minimum(u, LARGEST_EXPONENT))
    return factor, factor


def _truncated(free: Distance, lower: Floats, upper: Floats) -> Distance:
    def cut(u: Floats) -> tuple[Floats, Floats]:
        factor, slope = free(u)
        inside = (factor > lower) & (factor < upper)
        return np.clip(factor, lower, upper), np.where(inside, slope, 0.0)

    return cut


def _logit(lower: Floats, upper: Floats) -> Distance:
    steepness = (upper - lower) / ((1 - lower) * (upper - 1))
    offset = np.log((1 - lower) / (upper - 1))

    def between(u: Floats) -> tuple[Floats, Floats]:
        share = expit(steepness * u + offset)
        rest = expit(-(steepness * u + offset))
        factor = lower + (upper - lower) * share
        return factor, (upper - lower) * steepness * share * rest

    return between
