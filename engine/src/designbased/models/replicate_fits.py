"""Fit a model again under every set of replicate weights, all of them in one pass over the data.

Each replicate starts from the coefficients of the full sample and takes Newton's (Fisher's) steps,

    β ← β + (Σ w_i f_i μ'_i x_i x_i')⁻¹ Σ w_i f_i x_i (y_i - μ_i),     f = μ' / V(μ),

f being 1 for the canonical link. Rows alike count together, and a step sums over them once for all
replicates. R ``withReplicates`` of ``svyglm`` fits one after the other.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from designbased.arrays import Floats, Mask
from designbased.errors import InputError
from designbased.models.model_matrix import RANK_TOLERANCE, ModelMatrix

# Mean of the outcome at a linear predictor, its derivative, and the factor f of the scores; None
# where that is 1.
MeanCurve: TypeAlias = Callable[[Floats], tuple[Floats, Floats, Floats | None]]

STEPS = 100
# Steps are repeated until they change no coefficient by more than the first, relative to the
# largest one, or by more than the second.
PRECISION, NOTHING = 1e-12, 1e-13
# With a canonical link they are Newton's, and the error left is about the square of the last step.
SMALL_STEP = 1e-8
# No step changes a linear predictor by more: a probability then stays away from 0 and 1.
LONGEST_STEP = 4.0
# Profiles whose linear predictors, under all replicates, stay in the processor's cache.
CACHE_SIZE = 150_000


def refit_replicates(
    model: ModelMatrix, weights: Floats, start: Floats, curve: MeanCurve, canonical: bool
) -> tuple[Floats, Mask]:
    """Fit a model under R sets of weights.

    Args:
        model: the model of C profiles.
        weights: (R, C) sums of weights of the profiles.
        start: (p,) coefficients of the full sample.
        curve: of the family and link.
        canonical: whether the link is the canonical one.

    Returns:
        (R, p) coefficients, and (R,) those that converged.
    """
    precision = SMALL_STEP if canonical else PRECISION
    coefficients = np.tile(start, (len(weights), 1))
    converged = np.zeros(len(weights), dtype=bool)
    active = np.arange(len(weights))
    for _ in range(STEPS):
        score, information = _sum_scores(model, weights[active], coefficients[active], curve)
        step = _solve_steps(information, score)
        solved = np.isfinite(step).all(axis=1)
        active, step = active[solved], step[solved]
        if not len(active):
            break
        change = np.abs(step @ model.matrix.T).max(axis=1)
        step *= np.minimum(1, LONGEST_STEP / np.maximum(change, LONGEST_STEP))[:, np.newaxis]
        coefficients[active] += step
        size = np.abs(coefficients[active]).max(axis=1)
        done = np.abs(step).max(axis=1) <= np.maximum(precision * size, NOTHING)
        converged[active[done]] = True
        active = active[~done]
        if not len(active):
            break
    return coefficients, converged


def _sum_scores(
    model: ModelMatrix, weights: Floats, coefficients: Floats, curve: MeanCurve
) -> tuple[Floats, Floats]:
    """(R, p) scores and (R, p, p) information, some profiles at a time."""
    columns = model.matrix.shape[1]
    upper, right = np.triu_indices(columns)
    score = np.zeros((len(weights), columns))
    triangle = np.zeros((len(weights), len(upper)))
    step = max(1, CACHE_SIZE // len(weights))
    for first in range(0, len(model.matrix), step):
        block = slice(first, first + step)
        x, weight = model.matrix[block], weights[:, block]
        mean, slope, factor = curve(coefficients @ x.T + model.offset[block])
        if factor is not None:
            weight = weight * factor
        score += (weight * (model.outcome[block] - mean)) @ x
        triangle += (weight * slope) @ (x[:, upper] * x[:, right])
    information = np.empty((len(weights), columns, columns))
    information[:, upper, right] = information[:, right, upper] = triangle
    return score, information


def _solve_steps(information: Floats, score: Floats) -> Floats:
    """(R, p) steps; NaN where the columns of a replicate are combinations of each other."""
    root = np.sqrt(np.einsum("rjj->rj", information))
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled = information / root[:, :, np.newaxis] / root[:, np.newaxis, :]
    regular = np.isfinite(scaled).all(axis=(1, 2))
    regular[regular] = np.linalg.cond(scaled[regular]) < 1 / NOTHING
    step = np.full(score.shape, np.nan)
    relative = score[regular] / root[regular]
    solved = np.linalg.solve(scaled[regular], relative[:, :, np.newaxis])[:, :, 0]
    step[regular] = solved / root[regular]
    return step


@dataclass(frozen=True, eq=False)
class ReplicateFault:
    """Why a replicate has no coefficients, and the term of the model that they fail at."""

    fault: str
    term: str


def refuse_replicates(model: ModelMatrix, faults: Mapping[int, ReplicateFault], count: int) -> None:
    """Stop where replicates have no coefficients.

    Args:
        faults: by the index of the replicate.
        count: number of replicates R.

    Raises:
        InputError: it counts the replicates with the fault of the first, and names its term.
    """
    if not faults:
        return
    number, first = next(iter(faults.items()))
    alike = sum(fault.fault == first.fault for fault in faults.values())
    finding = (
        f"{first.fault} in {alike} of {count} replicates, first in replicate {number + 1} "
        f"at the term '{first.term}'"
    )
    remedy = (
        "Join levels, leave the term out, or take a design that leaves no group empty: "
        "linearisation, or replicates that keep a part of every weight, such as Fay's"
    )
    raise InputError(f"formula '{model.formula}'", finding, remedy)


def find_undetermined_column(model: ModelMatrix, inside: Mask) -> int | None:
    """Return the first column that is zero or a combination of others in some profiles, if any."""
    matrix = model.matrix[inside]
    lengths = np.sqrt((matrix**2).sum(axis=0))
    remainder = np.abs(np.diag(np.linalg.qr(matrix / np.where(lengths > 0, lengths, 1), mode="r")))
    remainder = np.append(remainder, np.zeros(matrix.shape[1] - len(remainder)))
    dependent = np.flatnonzero(remainder < RANK_TOLERANCE)
    return int(dependent[0]) if len(dependent) else None


def term_of_column(model: ModelMatrix, column: int) -> str:
    """Return the term of the model that a column belongs to."""
    return next(term for term, columns in model.terms.items() if columns.stop > column)


def find_moved_term(model: ModelMatrix, change: Floats) -> str:
    """Return the term whose coefficients moved the linear predictor most."""
    spread = np.abs(change) * np.ptp(model.matrix, axis=0)
    return max(model.terms, key=lambda term: max(spread[model.terms[term]].tolist()))
