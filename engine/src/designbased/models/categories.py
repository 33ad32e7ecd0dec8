"""Models of an answer with K categories, ordinal or multinomial: their rows and their fit.

Like a generalised linear model they solve the weighted score equations of the likelihood that the
whole population would have, and have the design-based sandwich (see :mod:`.regression`): with the
information A, minus the second derivatives of ``Σ w_i log P(y_i)``, row i has the influence
``A⁻¹ w_i s_i``.
"""

from ast import literal_eval
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from designbased.arrays import Floats, Integers
from designbased.design.survey_design import SurveyDesign
from designbased.errors import InputError
from designbased.models.model_matrix import ModelMatrix
from designbased.models.separation import find_separated_rows

# Newton's steps end where they change no coefficient by more than this, relative to the largest.
PRECISION = 1e-13
STEPS, HALVINGS = 100, 40
# A probability below 1 in 22,000 is a reason to look for separation.
FAR_BELOW = 4.5e-5


@dataclass(frozen=True, eq=False)
class Likelihood:
    """The likelihood of C profiles at some coefficients.

    Attributes:
        logarithm: (C,) log P(y) of one row of each profile.
        scores: (C, q) its first derivatives.
        information: (q, q) minus the weighted sum of its second derivatives.
    """

    logarithm: Floats
    scores: Floats
    information: Floats


def maximise_likelihood(
    evaluate: Callable[[Floats], Likelihood], weight: Floats, start: Floats, formula: str
) -> Floats:
    """Solve ``Σ w s = 0`` by Newton's method, in steps that never lower the likelihood.

    Args:
        evaluate: the likelihood at (q,) coefficients; it is concave in them.
        weight: (C,) weights.

    Raises:
        InputError: it does not converge.
    """
    coefficient, current = start, evaluate(start)
    height = weight @ current.logarithm
    for _ in range(STEPS):
        try:
            step = np.linalg.solve(current.information, weight @ current.scores)
        except np.linalg.LinAlgError:
            break
        if not np.isfinite(step).all():
            break
        if np.abs(step).max() <= PRECISION * (1 + np.abs(coefficient).max()):
            return coefficient + step
        for _ in range(HALVINGS):
            moved = evaluate(coefficient + step)
            with np.errstate(invalid="ignore"):
                higher = weight @ moved.logarithm
            # At the top the likelihood changes by less than its rounding.
            if higher >= height - 1e-12 * abs(height):
                break
            step = step / 2
        coefficient, current, height = coefficient + step, moved, higher
    remedy = "Simplify the model, or scale its variables"
    raise InputError(f"formula '{formula}'", "the fit did not converge", remedy)


def code_categories(
    data: pd.DataFrame, formula: str, design: SurveyDesign, ordered: bool
) -> tuple[pd.DataFrame, tuple[Any, ...]]:
    """Put the numbers 0, 1, ... in the place of the categories of the outcome.

    Args:
        ordered: the order of the categories counts, so it has to be one that somebody chose.

    Returns:
        The data with numbers, and the categories.

    Raises:
        InputError: the outcome is no column of categories.
    """
    design.rows.check(data, "data")
    name = formula.split("~")[0].strip()
    if name.startswith("Q(") and name not in data:
        name = literal_eval(name[2:-1].strip())
    if name not in data:
        columns = ", ".join(map(str, data.columns))
        finding = f"no column '{name}'"
        raise InputError(f"formula '{formula}'", finding, f"Choose one of {columns}")
    outcome = data[name]
    if isinstance(outcome.dtype, pd.CategoricalDtype):
        if ordered and not outcome.cat.ordered:
            remedy = "Order them: pd.Categorical(column, categories=[...], ordered=True)"
            raise InputError(f"outcome '{name}'", "categories without an order", remedy)
    elif ordered or pd.api.types.is_numeric_dtype(outcome.dtype):
        remedy = f"Give {'ordered categories' if ordered else 'text or categories'}"
        raise InputError(f"outcome '{name}'", f"values of type {outcome.dtype}", remedy)
    else:
        outcome = outcome.astype("category")
    codes = outcome.cat.codes.to_numpy(dtype=np.float64)
    return data.assign(**{name: np.where(codes < 0, np.nan, codes)}), tuple(outcome.cat.categories)


def outcome_codes(model: ModelMatrix, categories: tuple[Any, ...]) -> Integers:
    """(C,) codes of the outcome, each of which some row has.

    Raises:
        InputError: a category without rows.
    """
    codes = model.outcome.astype(np.intp)
    empty = np.flatnonzero(np.bincount(codes, minlength=len(categories)) == 0)
    if len(empty) or len(categories) < 2:
        name = model.formula.split("~")[0].strip()
        finding = f"no row with the answer '{categories[empty[0]]}'" if len(empty) else "one answer"
        raise InputError(f"outcome '{name}'", finding, "Remove the category or join it")
    return codes


def refuse_separation(
    model: ModelMatrix, directions: Floats, signs: Floats, profile: Integers
) -> None:
    """Refuse answers that a combination of the variables predicts perfectly.

    The likelihood rises without end along a direction that makes no row less likely, and one more.

    Args:
        directions: (E, q) what a step in the coefficients adds to E differences of predictors.
        signs: (E,) 1 where a rise of the difference makes the row more likely, 0 where a fall does.
        profile: (E,) the profile of each.

    Raises:
        InputError: there is such a direction, with the levels that lie in it.
    """
    predicted = find_separated_rows(directions, signs, counts=False)
    if not predicted.any():
        return
    profiles = np.zeros(len(model.matrix), dtype=bool)
    profiles[profile[predicted]] = True
    groups = ", ".join(model.groups_within(profiles)) or "a combination of the variables"
    rows = int(profiles[model.profile].sum())
    finding = f"separation: {groups} predicts answers perfectly in {rows} rows"
    raise InputError(f"formula '{model.formula}'", finding, "Join levels or leave the term out")
