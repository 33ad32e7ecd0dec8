"""The maximum of a weighted likelihood, by Newton's method."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from designbased.arrays import Floats
from designbased.errors import InputError

# Steps end where they change no coefficient by more than this, relative to the largest.
PRECISION = 1e-13
STEPS, HALVINGS = 100, 40
# At the top the likelihood changes by less than its rounding.
ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class Likelihood:
    """The likelihood of C profiles at q coefficients.

    Attributes:
        logarithm: of the likelihood of all rows, weighted.
        scores: (C, q) what a row of each profile adds to its first derivatives, without its weight.
        information: (q, q) minus its second derivatives.
        rarest: the least probability that a row has of its own answer.
    """

    logarithm: float
    scores: Floats
    information: Floats
    rarest: float = 1.0


def maximise_likelihood(
    evaluate: Callable[[Floats], Likelihood], weight: Floats, start: Floats, formula: str
) -> tuple[Floats, Likelihood]:
    """Solve ``Σ w s = 0`` in steps that never lower the likelihood.

    Args:
        evaluate: the likelihood at (q,) coefficients; it is concave in them.
        weight: (C,) weights.

    Returns:
        The coefficients, and the likelihood there.

    Raises:
        InputError: it does not converge.
    """
    coefficient, current = start, evaluate(start)
    # Steps that lead to no number are too long.
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        for _ in range(STEPS):
            try:
                step = np.linalg.solve(current.information, weight @ current.scores)
            except np.linalg.LinAlgError:
                break
            if not np.isfinite(step).all():
                break
            size = np.abs(coefficient).max(initial=0.0)
            if np.abs(step).max(initial=0.0) <= PRECISION * (1 + size):
                return coefficient + step, evaluate(coefficient + step)
            least = current.logarithm - ROUNDING * abs(current.logarithm)
            for _ in range(HALVINGS):
                moved = evaluate(coefficient + step)
                if np.isfinite(moved.logarithm) and moved.logarithm >= least:
                    break
                step = step / 2
            else:
                break
            coefficient, current = coefficient + step, moved
    remedy = "Simplify the model, or scale its variables"
    raise InputError(f"formula '{formula}'", "the fit did not converge", remedy)
