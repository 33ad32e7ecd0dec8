"""Calibration of weights to population totals (Deville & Särndal 1992).

The weights ``w = d F(x'λ)`` meet ``Σ w x = X``. Newton's method finds λ in coordinates in which the
auxiliaries are orthonormal under d, so that neither their units nor their correlation matters;
steps that overshoot are shortened. The result is checked by adding it up.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disrupting_harm.arrays import Floats
from disrupting_harm.errors import StudyError
from disrupting_harm.survey.calibration.auxiliaries import Auxiliaries, auxiliaries, independent
from disrupting_harm.survey.calibration.distances import Bounds, Distance, Method, distance
from disrupting_harm.survey.calibration.failure import explain_failure
from disrupting_harm.survey.calibration.raking import MARGIN_HOLDS, Targets, rake

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
        auxiliary: from :func:`~.calibration.auxiliaries.auxiliaries`; categories of
            several margins may depend on each other, as all of them do that share one total.
        method: ``raking`` (multiplicative), ``linear`` (generalised regression) or ``logit``
            (between bounds).
        bounds: smallest and largest factor w / d, numbers or (n,) arrays around 1; needed for
            ``logit``; the other two are truncated at them.
        max_iterations: Newton steps.

    Returns:
        Weights whose totals meet every population total to 1e-8 relative, mostly to 1e-14.
        ``linear`` without bounds (the generalised regression estimator, GREG) can make weights
        negative, which ``negative`` counts. Totals and means of the whole sample are right with
        them; of a small group an estimate may be below 0 or above 1, and a design refuses them.
        With ``bounds`` from 0 on, ``linear`` and ``logit`` keep them positive; ``raking`` always
        does.

    Raises:
        StudyError: bad weights or bounds, or totals that cannot be met: the error names the
            auxiliary, its target and what can be reached.
    """
    d = np.asarray(weights, dtype="float64")
    _check_weights(d, auxiliary)
    if bounds is not None:
        auxiliary, bounds = _by_profile(auxiliary, bounds)
    # Respondents of one profile share their factor, so that each profile counts as one.
    together = auxiliary.by_profile(d)
    used = together > 0
    together, pooled = together[used], auxiliary.pooled(used)
    if bounds is not None:
        bounds = bounds[0][used], bounds[1][used]
    shape = distance(method, bounds)
    found, iterations = _newton(together, pooled, shape, max_iterations)
    of_profile = np.ones(used.size)
    of_profile[used] = found
    factor = np.where(d > 0, of_profile[auxiliary.profile], 1.0)
    calibrated = d * factor
    error = np.abs(auxiliary.relative_errors(calibrated))
    if not (error <= MARGIN_HOLDS).all():
        free_sign = method == "linear" and bounds is None
        explain_failure(together, pooled, found, bounds, free_sign)
    return Calibrated(
        calibrated, factor, iterations, float(error.max()), int((calibrated < 0).sum())
    )


def _check_weights(d: np.ndarray, auxiliary: Auxiliaries) -> None:
    if d.shape != auxiliary.profile.shape:
        found = f"{d.size} for {auxiliary.profile.size} rows of auxiliaries"
        raise StudyError("weights", found, "Give one weight for each respondent")
    wrong = ~(np.isfinite(d) & (d >= 0))
    if wrong.any():
        found = f"{d[wrong][0]:g} in data row {np.flatnonzero(wrong)[0] + 1}"
        raise StudyError("weights", found, "Give finite weights that are not negative")
    if not d.any():
        raise StudyError("weights", "all are zero", "Give the design weights")


def _by_profile(
    auxiliary: Auxiliaries, bounds: Bounds
) -> tuple[Auxiliaries, tuple[Floats, Floats]]:
    """Tell profiles of other bounds apart, and return the bounds of each."""
    shape = auxiliary.profile.shape
    of_rows = [np.broadcast_to(np.asarray(bound, dtype="float64"), shape) for bound in bounds]
    finer = auxiliary.told_apart(*of_rows)
    lower, upper = np.empty((2, len(finer.profiles)))
    lower[finer.profile], upper[finer.profile] = of_rows
    return finer, (lower, upper)


def _newton(
    d: np.ndarray, auxiliary: Auxiliaries, shape: Distance, max_iterations: int
) -> tuple[NDArray[np.float64], int]:
    """Factors of profiles with weights (C,) d, and number of steps.

    λ minimises a convex function whose slope is what is missing.
    """
    basis = independent(auxiliary.profiles, d)
    x = basis.coordinates(auxiliary.profiles)
    goal = basis.coordinates(auxiliary.totals[np.newaxis])[0]
    multiplier = np.zeros(len(goal))

    def at(point: np.ndarray) -> tuple[NDArray[np.float64], ...]:
        factor, slope = shape(x @ point)
        return factor, slope, goal - (d * factor) @ x

    factor, slope, missing = at(multiplier)
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
            factor, slope, missing = at(multiplier + length * step)
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
        StudyError: as :func:`calibrate`, with the number of the replicate.
    """
    if replicates.ndim != 2:
        found = f"an array of {replicates.ndim} dimensions"
        raise StudyError("replicate weights", found, "Give one column per replicate")
    calibrated = np.empty(replicates.shape, dtype="float64")
    for r, weights in enumerate(replicates.T):
        try:
            calibrated[:, r] = calibrate(weights, auxiliary, method, bounds).weights
        except StudyError as fault:
            where = f"replicate {r + 1}, {fault.where}"
            raise StudyError(where, fault.found, fault.remedy) from fault
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
            StudyError: as :func:`calibrate`, or a weight that came out negative.
        """
        if self.method == "raking" and self.bounds is None:
            return rake(weights, table, targets)
        bounds: Bounds | None = self.bounds
        if self.bounds is not None and factor_so_far is not None:
            bounds = self.bounds[0] / factor_so_far, self.bounds[1] / factor_so_far
        auxiliary = auxiliaries(table, targets, weights)
        result = calibrate(weights, auxiliary, self.method, bounds)
        if result.negative:
            raise StudyError(
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
        StudyError: as :func:`calibrate`.
    """
    auxiliary = auxiliaries(table, {margin: dict(target)}, np.asarray(weights))
    return calibrate(weights, auxiliary, "linear")
