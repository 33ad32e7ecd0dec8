"""Find why a calibration failed: a total that no weights within the bounds can reach."""

from typing import NoReturn

import numpy as np

from disrupting_harm.errors import StudyError
from disrupting_harm.survey.calibration.auxiliaries import Auxiliaries
from disrupting_harm.survey.calibration.distances import Bounds

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
    held = "within the bounds" if bounds is not None else "with weights that are not negative"
    _refuse_single(auxiliary, lower, upper, held)
    reached = _closest(auxiliary, lower, upper)
    error = np.abs(reached - auxiliary.totals) / auxiliary.scale(d)
    worst = int(np.argmax(error))
    if error[worst] > REACHED:
        _refuse(
            auxiliary,
            worst,
            f"{held} {reached[worst]:.10g} is the closest while the other totals are met"
            if not free_sign
            else f"{reached[worst]:.10g} is the closest, because it depends on the other totals",
            "Widen the bounds, combine small categories, or check that the totals describe one "
            "population",
        )
    reached = (d * factor) @ auxiliary.profiles
    worst = int(np.argmax(np.abs(auxiliary.relative_errors(d * factor))))
    _refuse(
        auxiliary,
        worst,
        f"Newton's method reached {reached[worst]:.10g}; the total can be met only with weights "
        "on their bounds",
        "Widen the bounds or combine small categories",
    )


def _refuse_single(auxiliary: Auxiliaries, lower: np.ndarray, upper: np.ndarray, held: str) -> None:
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
        below = auxiliary.totals[worst] < least[worst]
        limit = f"at least {least[worst]:.10g}" if below else f"at most {most[worst]:.10g}"
        _refuse(
            auxiliary,
            worst,
            f"{held} it is {limit}",
            "Widen the bounds, bring the weights to the population's size first, or combine "
            "categories",
        )


def _refuse(auxiliary: Auxiliaries, worst: int, found: str, remedy: str) -> NoReturn:
    raise StudyError(
        f"calibration, {auxiliary.names[worst]}",
        f"the target is {auxiliary.totals[worst]:.10g} but {found}",
        remedy,
    )


def _closest(auxiliary: Auxiliaries, lower: np.ndarray, upper: np.ndarray) -> np.ndarray:
    """(A,) totals of the weights that miss the targets least (sum of relative errors)."""
    from scipy.optimize import linprog

    size = np.abs(auxiliary.totals)
    size = np.where(size > 0, size, np.maximum(np.abs(auxiliary.profiles).sum(axis=0), 1e-300))
    count = len(size)
    rows = auxiliary.profiles.T / size[:, np.newaxis]
    slack = np.eye(count)
    found = linprog(
        np.r_[np.zeros(lower.size), np.ones(2 * count)],
        A_eq=np.hstack([rows, slack, -slack]),
        b_eq=auxiliary.totals / size,
        bounds=list(
            zip(
                np.r_[lower, np.zeros(2 * count)].tolist(),
                np.r_[upper, np.full(2 * count, np.inf)].tolist(),
                strict=True,
            )
        ),
    )
    if found.x is None:
        raise StudyError("calibration", found.message, "Check weights and totals")
    closest: np.ndarray = auxiliary.profiles.T @ found.x[: lower.size]
    return closest
