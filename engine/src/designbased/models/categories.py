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

from designbased.arrays import Floats, Integers, Mask
from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.design.protocol import Design
from designbased.errors import InputError
from designbased.models.fits import CoefficientEstimator
from designbased.models.likelihood import Likelihood, maximise_likelihood
from designbased.models.model_matrix import ModelMatrix
from designbased.models.replicate_fits import (
    ReplicateFault,
    find_moved_term,
    find_undetermined_column,
    refuse_replicates,
    term_of_column,
)
from designbased.models.separation import find_separated_rows
from designbased.variance.profile_rows import ProfileRows

# A probability below 1 in 22,000 is a reason to look for separation.
FAR_BELOW = 4.5e-5


def code_categories(
    data: pd.DataFrame, formula: str, design: Design, ordered: bool
) -> tuple[pd.DataFrame, tuple[Any, ...]]:
    """Put the numbers 0, 1, ... in the place of the categories of the outcome.

    Args:
        ordered: the order of the categories counts, so it has to be one that somebody chose.

    Returns:
        The data with numbers, and the categories.

    Raises:
        InputError: the outcome is no column of categories.
    """
    data = design.rows.frame(data, "data")
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


@dataclass(frozen=True, eq=False)
class CategoryModel:
    """What an ordinal or multinomial model has to tell of itself to be fitted.

    Attributes:
        model: the model matrix of C profiles, centred (:meth:`~.ModelMatrix.centre`).
        back: (q, q) matrix that turns its coefficients into those of the model as it was written.
        codes: (C,) answers 0 to K - 1.
        start: (q,) coefficients to start from.
        evaluate: the likelihood at (q,) coefficients, given matrix, codes and (C,) weights.
        directions: what a step in the coefficients adds to E differences of predictors (E, q), 1
            where a rise of the difference makes the row more likely and 0 where a fall does (E,),
            and the profile of each (E,).
    """

    model: ModelMatrix
    back: Floats
    codes: Integers
    start: Floats
    evaluate: Callable[[ModelMatrix, Integers, Floats, Floats], Likelihood]
    directions: Callable[[ModelMatrix, Integers], tuple[Floats, Floats, Integers]]

    def take(self, profiles: Mask, start: Floats) -> "CategoryModel":
        """Return the model of some profiles alone, to start from other coefficients."""
        parts = self.model.take(profiles), self.back, self.codes[profiles], start
        return CategoryModel(*parts, self.evaluate, self.directions)

    def solve(self, weight: Floats) -> tuple[Floats, Likelihood]:
        """Return the (q,) coefficients with (C,) weights, which are positive, and the likelihood.

        Raises:
            InputError: the answers are predicted perfectly, or the steps do not converge.
        """
        model, codes = self.model, self.codes

        def evaluate(coefficient: Floats) -> Likelihood:
            return self.evaluate(model, codes, weight, coefficient)

        try:
            fitted = maximise_likelihood(evaluate, weight, self.start, model.formula)
        except InputError:
            self._refuse_separation()
            raise
        if fitted[1].rarest < FAR_BELOW:
            self._refuse_separation()
        return fitted

    def refit(self, weights: Floats, start: Floats) -> Floats:
        """(R, q) coefficients under (R, C) other weights.

        Raises:
            InputError: a replicate has none, with the term that they fail at.
        """
        coefficients = np.tile(start, (len(weights), 1))
        faults = {}
        for r, weight in enumerate(weights):
            inside = weight > 0
            part = self.take(inside, start)
            column = find_undetermined_column(self.model, inside)
            if column is not None:
                term = term_of_column(self.model, column)
                faults[r] = ReplicateFault("no rows to tell levels apart", term)
                continue
            try:
                coefficients[r], _ = part.solve(weight[inside])
            except InputError as fault:
                separated = part.find_separated_profiles()
                found = "separation" if separated.any() else fault.found
                # The columns that lie in the separated profiles and vary there say where.
                term = find_moved_term(self.model, self._pull_of(part, separated))
                faults[r] = ReplicateFault(found, term)
        refuse_replicates(self.model, faults, len(weights))
        return coefficients

    def find_separated_profiles(self) -> Mask:
        """(C,) profiles whose answer a combination of the variables predicts perfectly.

        The likelihood rises without end along a direction that makes no row less likely, and one
        more.
        """
        directions, signs, profile = self.directions(self.model, self.codes)
        profiles = np.zeros(len(self.model.matrix), dtype=bool)
        profiles[profile[find_separated_rows(directions, signs, counts=False)]] = True
        return profiles

    def _pull_of(self, part: "CategoryModel", separated: Mask) -> Floats:
        """(p,) how far the mean of each column in separated profiles is from that of the others."""
        matrix = part.model.matrix
        if not separated.any() or separated.all():
            return np.ones(matrix.shape[1])
        pull: Floats = matrix[separated].mean(axis=0) - matrix[~separated].mean(axis=0)
        return pull

    def _refuse_separation(self) -> None:
        profiles, model = self.find_separated_profiles(), self.model
        if not profiles.any():
            return
        groups = ", ".join(model.groups_within(profiles)) or "a combination of the variables"
        rows = int(profiles[model.profile].sum())
        finding = f"separation: {groups} predicts answers perfectly in {rows} rows"
        raise InputError(f"formula '{model.formula}'", finding, "Join levels or leave the term out")


def fit_categories(
    rows: ProfileRows, model: CategoryModel, calibration: CalibratedFrame | None
) -> CoefficientEstimator:
    """Fit an ordinal or multinomial model.

    Raises:
        InputError: see :meth:`CategoryModel.solve`.
    """
    weight = rows.weight
    coefficient, likelihood = model.solve(weight)
    by_profile = np.linalg.solve(likelihood.information, likelihood.scores.T).T
    return CoefficientEstimator(
        rows,
        model.back @ coefficient,
        by_profile @ model.back.T,
        lambda weights: model.refit(weights, coefficient) @ model.back.T,
        calibration,
    )
