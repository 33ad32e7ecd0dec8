"""Calibration of weights to population totals (Deville & Särndal 1992).

The weights ``w = d F(x'λ)`` meet ``Σ w x = X``. Newton's method finds λ in coordinates in which the
auxiliaries are orthonormal under d, so that neither their units nor their correlation matters;
steps that overshoot are shortened. The result is checked by adding it up.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, NoReturn, TypeAlias, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from designbased.arrays import Floats
from designbased.calibration.raking import (
    MARGIN_HOLDS,
    Auxiliaries,
    Targets,
    calibration_auxiliaries,
    find_independent,
    rake,
)
from designbased.errors import InputError

# Distances of calibration: how far a weight may move, and what moving it costs.
#
# Deville and Särndal (1992, Journal of the American Statistical Association 87) minimise a distance
# between the weights w and the design weights d under ``Σ w x = X``. The solution is
# ``w = d F(x'λ)``; each distance has its own F, with ``F(0) = F'(0) = 1``:
#
# ========  =====================  =================================================================
# name      F(u)                   remark
# ========  =====================  =================================================================
# linear    1 + u                  generalised regression; weights can become negative
# raking    exp(u)                 multiplicative; for margins equal to iterative raking
# logit     between L and U        ``(L(U-1) + U(1-L)eᴬᵘ) / ((U-1) + (1-L)eᴬᵘ)``,
#                                  ``A = (U-L) / ((1-L)(U-1))``
# ========  =====================  =================================================================
#
# With bounds, linear and raking are cut off at L and U (truncated).


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
        InputError: no such method, ``logit`` without finite bounds, or bounds that do not hold 1
            between them (for logit strictly).
    """
    if method not in get_args(Method):
        options = ", ".join(get_args(Method))
        raise InputError("calibration method", f"{method!r}", f"Choose one of {options}")
    if bounds is None:
        if method == "logit":
            raise InputError("calibration bounds", "none for method 'logit'", "Give them")
        return _linear_factor if method == "linear" else _raking_factor
    lower, upper = (np.asarray(bound, dtype="float64") for bound in bounds)
    _check_bounds(lower, upper, strict=method == "logit")
    if method == "logit":
        return _logit_distance(lower, upper)
    return _truncate_distance(
        _linear_factor if method == "linear" else _raking_factor, lower, upper
    )


def _check_bounds(lower: Floats, upper: Floats, strict: bool) -> None:
    inside = (lower < 1) & (upper > 1) if strict else (lower <= 1) & (upper >= 1)
    if strict:
        inside = inside & np.isfinite(lower) & np.isfinite(upper)
    if not inside.all():
        index = np.flatnonzero(~np.atleast_1d(inside))[0]
        low, high = (np.atleast_1d(b)[index if b.ndim else 0] for b in (lower, upper))
        raise InputError(
            "calibration bounds",
            f"L = {low:g} and U = {high:g}",
            "Give L below 1 and U above 1: they bound the factor by which a weight changes",
        )


def _linear_factor(u: Floats) -> tuple[Floats, Floats]:
    return 1 + u, np.ones_like(u)


def _raking_factor(u: Floats) -> tuple[Floats, Floats]:
    factor = np.exp(np.minimum(u, LARGEST_EXPONENT))
    return factor, factor


def _truncate_distance(untruncated: Distance, lower: Floats, upper: Floats) -> Distance:
    def truncated_factor(u: Floats) -> tuple[Floats, Floats]:
        factor, slope = untruncated(u)
        inside = (factor > lower) & (factor < upper)
        return np.clip(factor, lower, upper), np.where(inside, slope, 0.0)

    return truncated_factor


def _logit_distance(lower: Floats, upper: Floats) -> Distance:
    steepness = (upper - lower) / ((1 - lower) * (upper - 1))
    offset = np.log((1 - lower) / (upper - 1))

    def logit_factor(u: Floats) -> tuple[Floats, Floats]:
        share = expit(steepness * u + offset)
        complement = expit(-(steepness * u + offset))
        factor = lower + (upper - lower) * share
        return factor, (upper - lower) * steepness * share * complement

    return logit_factor


# Find why a calibration failed: a total that no weights within the bounds can reach.


REACHED = 1e-8


def explain_failure(
    d: np.ndarray,
    auxiliary: Auxiliaries,
    factor: np.ndarray,
    bounds: Bounds | None,
    free_sign: bool,
) -> NoReturn:
    """Raise the error that names the auxiliary, its target and what can be reached.

    Args:
        d: (C,) positive weights before calibration, of profiles.
        auxiliary: what was to be met, each profile as one respondent.
        factor: (C,) where Newton's method stopped.
        bounds: limits of the factor, (C,) each, or None.
        free_sign: weights may be negative (linear without bounds).
    """
    if bounds is None:
        limit = -np.inf if free_sign else 0.0
        lower, upper = np.full(d.size, limit), np.full(d.size, np.inf)
    else:
        lower, upper = d * bounds[0], d * bounds[1]
    condition = "within the bounds" if bounds is not None else "with weights that are not negative"
    _refuse_single_total(auxiliary, lower, upper, condition)
    reached = _closest_totals(auxiliary, lower, upper)
    error = np.abs(reached - auxiliary.totals) / auxiliary.scale(d)
    worst = int(np.argmax(error))
    if error[worst] > REACHED:
        _refuse_total(
            auxiliary,
            worst,
            f"{condition} {reached[worst]:.10g} is the closest while the other totals are met"
            if not free_sign
            else f"{reached[worst]:.10g} is the closest, because it depends on the other totals",
            "Widen the bounds, combine small categories, or check that the totals describe one "
            "population",
        )
    reached = (d * factor) @ auxiliary.profiles
    worst = int(np.argmax(np.abs(auxiliary.relative_errors(d * factor))))
    _refuse_total(
        auxiliary,
        worst,
        f"Newton's method reached {reached[worst]:.10g}; the total can be met only with weights "
        "on their bounds",
        "Widen the bounds or combine small categories",
    )


def _refuse_single_total(
    auxiliary: Auxiliaries, lower: np.ndarray, upper: np.ndarray, condition: str
) -> None:
    """Refuse the auxiliary that is farthest outside what it can reach by itself."""
    x = auxiliary.profiles
    with np.errstate(invalid="ignore"):
        low = np.where(x > 0, x * lower[:, None], np.where(x < 0, x * upper[:, None], 0))
        high = np.where(x > 0, x * upper[:, None], np.where(x < 0, x * lower[:, None], 0))
    least, most = low.sum(axis=0), high.sum(axis=0)
    outside = np.maximum(least - auxiliary.totals, auxiliary.totals - most)
    outside = outside / np.maximum(np.abs(auxiliary.totals), 1e-300)
    worst = int(np.argmax(outside))
    if outside[worst] > REACHED:
        is_below = auxiliary.totals[worst] < least[worst]
        limit = f"at least {least[worst]:.10g}" if is_below else f"at most {most[worst]:.10g}"
        _refuse_total(
            auxiliary,
            worst,
            f"{condition} it is {limit}",
            "Widen the bounds, bring the weights to the population's size first, or combine "
            "categories",
        )


def _refuse_total(auxiliary: Auxiliaries, worst: int, limit: str, remedy: str) -> NoReturn:
    raise InputError(
        f"calibration, {auxiliary.names[worst]}",
        f"the target is {auxiliary.totals[worst]:.10g} but {limit}",
        remedy,
    )


def _closest_totals(auxiliary: Auxiliaries, lower: np.ndarray, upper: np.ndarray) -> np.ndarray:
    """(A,) totals of the weights that miss the targets least (sum of relative errors)."""
    from scipy.optimize import linprog

    total_size = np.abs(auxiliary.totals)
    total_size = np.where(
        total_size > 0, total_size, np.maximum(np.abs(auxiliary.profiles).sum(axis=0), 1e-300)
    )
    count = len(total_size)
    rows = auxiliary.profiles.T / total_size[:, np.newaxis]
    slack = np.eye(count)
    solution = linprog(
        np.r_[np.zeros(lower.size), np.ones(2 * count)],
        A_eq=np.hstack([rows, slack, -slack]),
        b_eq=auxiliary.totals / total_size,
        bounds=list(
            zip(
                np.r_[lower, np.zeros(2 * count)].tolist(),
                np.r_[upper, np.full(2 * count, np.inf)].tolist(),
                strict=True,
            )
        ),
    )
    if solution.x is None:
        raise InputError("calibration", solution.message, "Check weights and totals")
    closest: np.ndarray = auxiliary.profiles.T @ solution.x[: lower.size]
    return closest


STOP = 1e-14
# An error this small that no longer shrinks is the rounding error of the sums.
NO_BETTER = 1e-10
# Where every weight is on a bound nothing bends; the ridge, tiny beside the unit curvature at the
# start, makes a step of such a flat place.
RIDGE = 1e-10
# A step is as long as takes the slope along it down to this share.
FLATTER = 0.9
LENGTHS = 60


@dataclass(frozen=True, eq=False)
class Calibrated:
    """Calibrated weights and how they came about.

    Attributes:
        weights: (n,) calibrated weights.
        factor: (n,) ``g = w / d``; 1 where d is zero.
        iterations: Newton steps.
        largest_error: largest relative error of a total.
        negative: number of negative weights, which ``linear`` without bounds can give.
    """

    weights: NDArray[np.float64]
    factor: NDArray[np.float64]
    iterations: int
    largest_error: float
    negative: int


def calibrate(
    weights: np.ndarray,
    auxiliary: Auxiliaries,
    method: Method = "raking",
    bounds: Bounds | None = None,
    max_iterations: int = 200,
) -> Calibrated:
    """Calibrate weights to population totals.

    Args:
        weights: (n,) design weights d, not negative; a weight of zero stays zero.
        auxiliary: from :func:`.raking.calibration_auxiliaries`; categories of
            several margins may depend on each other, as all of them do that share one total.
        method: ``raking`` (multiplicative), ``linear`` (generalised regression) or ``logit``
            (between bounds).
        bounds: smallest and largest factor w / d, numbers or (n,) arrays around 1; needed for
            ``logit``; the other two are truncated at them.

    Returns:
        Weights whose totals meet every population total to 1e-8 relative, mostly to 1e-14.
        ``linear`` without bounds (the generalised regression estimator, GREG) can make weights
        negative, which ``negative`` counts. Totals and means of the whole sample are right with
        them; of a small group an estimate may be below 0 or above 1, and a design refuses them.
        With ``bounds`` from 0 on, ``linear`` and ``logit`` keep them positive; ``raking`` always
        does.

    Raises:
        InputError: bad weights or bounds, or totals that cannot be met: the error names the
            auxiliary, its target and what can be reached.
    """
    d = np.asarray(weights, dtype="float64")
    _check_weights(d, auxiliary)
    if bounds is not None:
        auxiliary, bounds = _split_profiles_by_bounds(auxiliary, bounds)
    # Respondents of one profile share their factor, so that each profile counts as one.
    profile_weights = auxiliary.by_profile(d)
    used = profile_weights > 0
    profile_weights, pooled = profile_weights[used], auxiliary.pooled(used)
    if bounds is not None:
        bounds = bounds[0][used], bounds[1][used]
    distance_function = distance(method, bounds)
    profile_factor, iterations = _solve_by_newton(
        profile_weights, pooled, distance_function, max_iterations
    )
    of_profile = np.ones(used.size)
    of_profile[used] = profile_factor
    factor = np.where(d > 0, of_profile[auxiliary.profile], 1.0)
    calibrated = d * factor
    error = np.abs(auxiliary.relative_errors(calibrated))
    if not (error <= MARGIN_HOLDS).all():
        free_sign = method == "linear" and bounds is None
        explain_failure(profile_weights, pooled, profile_factor, bounds, free_sign)
    return Calibrated(
        calibrated, factor, iterations, float(error.max()), int((calibrated < 0).sum())
    )


def _check_weights(d: np.ndarray, auxiliary: Auxiliaries) -> None:
    if d.shape != auxiliary.profile.shape:
        finding = f"{d.size} for {auxiliary.profile.size} rows of auxiliaries"
        raise InputError("weights", finding, "Give one weight for each respondent")
    wrong = ~(np.isfinite(d) & (d >= 0))
    if wrong.any():
        finding = f"{d[wrong][0]:g} in data row {np.flatnonzero(wrong)[0] + 1}"
        raise InputError("weights", finding, "Give finite weights that are not negative")
    if not d.any():
        raise InputError("weights", "all are zero", "Give the design weights")


def _split_profiles_by_bounds(
    auxiliary: Auxiliaries, bounds: Bounds
) -> tuple[Auxiliaries, tuple[Floats, Floats]]:
    """Tell profiles of other bounds apart, and return the bounds of each."""
    shape = auxiliary.profile.shape
    of_rows = [np.broadcast_to(np.asarray(bound, dtype="float64"), shape) for bound in bounds]
    finer = auxiliary.split_profiles(*of_rows)
    lower, upper = np.empty((2, len(finer.profiles)))
    lower[finer.profile], upper[finer.profile] = of_rows
    return finer, (lower, upper)


def _solve_by_newton(
    d: np.ndarray, auxiliary: Auxiliaries, distance_function: Distance, max_iterations: int
) -> tuple[NDArray[np.float64], int]:
    """Factors of profiles with weights (C,) d, and number of steps.

    λ minimises a convex function whose slope is what is missing.
    """
    basis = find_independent(auxiliary.profiles, d)
    x = basis.coordinates(auxiliary.profiles)
    goal = basis.coordinates(auxiliary.totals[np.newaxis])[0]
    multiplier = np.zeros(len(goal))

    def evaluate(point: np.ndarray) -> tuple[NDArray[np.float64], ...]:
        factor, slope = distance_function(x @ point)
        return factor, slope, goal - (d * factor) @ x

    factor, slope, missing = evaluate(multiplier)
    last = np.inf
    for iteration in range(max_iterations):
        error = np.abs(auxiliary.relative_errors(d * factor)).max()
        if error <= STOP or last <= error <= NO_BETTER:
            return factor, iteration
        last = error
        curvature = x.T @ (x * (d * slope)[:, np.newaxis]) + RIDGE * np.eye(len(goal))
        try:
            step = np.linalg.solve(curvature, missing)
        except np.linalg.LinAlgError:
            # Totals out of reach drive the factors on until sums overflow or nothing bends; where
            # exactly depends on the processor. The caller says which total it is.
            return factor, iteration
        before, low, length, high = missing @ step, 0.0, 1.0, np.inf
        for _ in range(LENGTHS):
            factor, slope, missing = evaluate(multiplier + length * step)
            after = missing @ step
            if abs(after) <= FLATTER * before:
                break
            # Too far where the slope has turned (or overflowed), too short where it is as steep.
            low, high = (length, high) if after > 0 else (low, length)
            length = 2 * length if np.isinf(high) else (low + high) / 2
        multiplier = multiplier + length * step
    return factor, max_iterations


def recalibrate(
    replicates: np.ndarray,
    auxiliary: Auxiliaries,
    method: Method = "raking",
    bounds: Bounds | None = None,
) -> NDArray[np.float64]:
    """Calibrate every set of replicate weights to the same totals (Rust & Rao 1996).

    Args:
        replicates: (n, R) replicate weights before calibration, e.g. weight times the factor of
            each replicate.
        auxiliary, method, bounds: as for :func:`calibrate`.

    Returns:
        (n, R) calibrated replicate weights; scale factors of the replicates stay as they are.

    Raises:
        InputError: as :func:`calibrate`, with the number of the replicate.
    """
    if replicates.ndim != 2:
        finding = f"an array of {replicates.ndim} dimensions"
        raise InputError("replicate weights", finding, "Give one column per replicate")
    calibrated = np.empty(replicates.shape, dtype="float64")
    for r, weights in enumerate(replicates.T):
        try:
            calibrated[:, r] = calibrate(weights, auxiliary, method, bounds).weights
        except InputError as fault:
            location = f"replicate {r + 1}, {fault.where}"
            raise InputError(location, fault.found, fault.remedy) from fault
    return calibrated


@dataclass(frozen=True)
class MarginCalibration:
    """Calibrates respondents to margins by one chosen method.

    Attributes:
        method: see :func:`calibrate`. ``raking`` without bounds is :func:`.raking.rake`.
        bounds: limits of the whole change from the weights before calibration to the final ones.
    """

    method: Method = "raking"
    bounds: tuple[float, float] | None = None

    def __call__(
        self,
        weights: np.ndarray,
        table: pd.DataFrame,
        targets: Targets,
        factor_so_far: np.ndarray | None = None,
    ) -> NDArray[np.float64]:
        """Return the calibrated weights.

        Args:
            weights: (n,) weights to calibrate.
            table: the n respondents with one column per margin.
            targets: from ``raking.margin_targets``.
            factor_so_far: (n,) product of the factors of earlier calibrations, which count
                towards the bounds.

        Raises:
            InputError: as :func:`calibrate`, or a weight that came out negative.
        """
        if self.method == "raking" and self.bounds is None:
            return rake(weights, table, targets)
        bounds: Bounds | None = self.bounds
        if self.bounds is not None and factor_so_far is not None:
            bounds = self.bounds[0] / factor_so_far, self.bounds[1] / factor_so_far
        auxiliary = calibration_auxiliaries(table, targets, weights)
        result = calibrate(weights, auxiliary, self.method, bounds)
        if result.negative:
            raise InputError(
                "calibration, method 'linear'",
                f"{result.negative} weights are negative, down to {np.min(result.weights):.6g}",
                "Give bounds from 0 on, or use raking, which cannot make a weight negative",
            )
        return result.weights


RAKING = MarginCalibration()


def poststratification(
    weights: np.ndarray, table: pd.DataFrame, margin: str, target: Mapping[str, float]
) -> Calibrated:
    """Scale weights so that the categories of one column reach their totals.

    Every distance gives these weights: with one margin the factor is ``X_c / Σ_c d``.

    Raises:
        InputError: as :func:`calibrate`.
    """
    auxiliary = calibration_auxiliaries(table, {margin: dict(target)}, np.asarray(weights))
    return calibrate(weights, auxiliary, "linear")
