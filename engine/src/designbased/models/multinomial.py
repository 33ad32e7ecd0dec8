"""Multinomial regression: models of an answer with several categories that have no order.

    log P(Y = k) / P(Y = base) = x'β_k,

with coefficients of their own for every answer but the base (R ``multinom``, Stata ``mlogit``). The
errors are those of the design, from the pseudo-likelihood (Binder 1983, International Statistical
Review 51). With two answers it is the logistic model.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import log_softmax, softmax

from designbased.arrays import Floats, Integers
from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.design.degrees_of_freedom import DfRule
from designbased.design.protocol import Design
from designbased.errors import InputError
from designbased.models.categories import (
    CategoryModel,
    code_categories,
    fit_categories,
    outcome_codes,
)
from designbased.models.fits import Fit, describe_fit, exponentiate
from designbased.models.likelihood import Likelihood
from designbased.models.model_matrix import ModelMatrix
from designbased.models.regression import read_model_rows


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class MultinomialFit(Fit):
    """A fitted multinomial model; make it with :func:`fit_multinomial`.

    Attributes:
        categories: the K answers, the base first; the coefficients are the p of the second answer,
            then those of the third, and so on.
    """

    categories: tuple[Any, ...]

    @property
    def kind(self) -> str:
        """The name of the model."""
        return "multinomial"

    @property
    def terms(self) -> dict[str, Integers]:
        """The coefficients of each term of the formula, for all answers together."""
        places = np.arange(len(self.coefficient)).reshape(-1, len(self.model.columns))
        return {name: places[:, columns].ravel() for name, columns in self.model.terms.items()}

    @property
    def answers(self) -> tuple[Any, ...]:
        """The K answers."""
        return self.categories

    def name_coefficients(self) -> dict[str, list[Any]]:
        """Return the ``answer`` and the ``term`` of each coefficient."""
        columns = self.model.columns
        return {
            "answer": [answer for answer in self.categories[1:] for _ in columns],
            "term": list(columns) * (len(self.categories) - 1),
        }

    def summary(self, confidence: float = 0.95) -> str:
        """Describe the model and its coefficients in lines to print."""
        return f"{super().summary(confidence)}\nAnswers are compared with '{self.categories[0]}'"

    def ratios(self, confidence: float = 0.95) -> pd.DataFrame:
        """Exponentiated coefficients, relative to the base, with t intervals; no intercepts.

        Returns:
            ``answer, term, estimate, se_log, ci_low, ci_high, t, df, p_value``.
        """
        table = exponentiate(self.table(confidence))
        return table[table["term"] != "Intercept"].reset_index(drop=True)

    def predict_matrix(self, matrix: Floats, offset: Floats) -> tuple[Floats, Floats]:
        """Return (m, K) shares and their (m, K, q) derivatives in the coefficients."""
        shares = softmax(_predict_answers(matrix, offset, self.coefficient), axis=1)
        return shares, _along_columns(_share_slopes(shares), matrix)

    def slope_of_prediction(
        self, matrix: Floats, offset: Floats, matrix_slope: Floats, offset_slope: Floats
    ) -> tuple[Floats, Floats]:
        """Return (m, K) slopes of the shares and their (m, K, q) derivatives."""
        shares = softmax(_predict_answers(matrix, offset, self.coefficient), axis=1)
        moves = _predict_answers(matrix_slope, offset_slope, self.coefficient)
        mean_move = (shares * moves).sum(axis=1, keepdims=True)
        slopes = shares * (moves - mean_move)
        by_predictor = _share_slopes(shares)
        # The derivative of P_k (η'_k - Σ_l P_l η'_l) in η_j, then in η'_j.
        second = by_predictor * (moves - mean_move)[:, :, np.newaxis]
        second -= shares[:, :, np.newaxis] * slopes[:, np.newaxis]
        gradient = _along_columns(second, matrix) + _along_columns(by_predictor, matrix_slope)
        return slopes, gradient


def _predict_answers(matrix: Floats, offset: Floats, coefficient: Floats) -> Floats:
    """(m, K) linear predictors, zero for the base; an offset counts for all other answers."""
    of_answers = matrix @ coefficient.reshape(-1, matrix.shape[1]).T + offset[:, np.newaxis]
    return np.column_stack([np.zeros(len(matrix)), of_answers])


def _share_slopes(shares: Floats) -> Floats:
    """(m, K, K) derivatives of each share in each predictor."""
    own = shares[:, :, np.newaxis] * np.eye(shares.shape[1])
    slopes: Floats = own - shares[:, :, np.newaxis] * shares[:, np.newaxis]
    return slopes


def _along_columns(by_predictor: Floats, matrix: Floats) -> Floats:
    """(m, K, q) derivatives in the coefficients, from (m, K, K) ones in the predictors."""
    products = by_predictor[:, :, 1:, np.newaxis] * matrix[:, np.newaxis, np.newaxis]
    return products.reshape(*by_predictor.shape[:2], -1)


def fit_multinomial(
    design: Design,
    data: pd.DataFrame,
    formula: str,
    base: Any = None,
    where: Iterable[Any] | None = None,
    df_rule: DfRule | None = None,
    calibration: CalibratedFrame | None = None,
) -> MultinomialFit:
    """Fit a multinomial model with the weights and the variances of the design.

    Args:
        data: (n, ...) the variables, in the rows of the design; see :func:`.regression.fit_model`.
        formula: ``"answer ~ a + b"``; the answer is a column of text or categories.
        base: the answer that the others are compared with; None for the first.

    Raises:
        InputError: as :func:`.regression.fit_model`; there is no such answer, or an answer that no
            row has.
    """
    coded, categories = code_categories(data, formula, design, ordered=False)
    if base is not None and base not in categories:
        finding = f"no answer '{base}'"
        raise InputError("base", finding, f"Choose one of {', '.join(map(str, categories))}")
    model, rows, df, n_missing = read_model_rows(design, coded, formula, where, df_rule)
    place = 0 if base is None else categories.index(base)
    order = [place, *(k for k in range(len(categories)) if k != place)]
    centred, back = model.centre(rows.weight)
    fit = CategoryModel(
        model=centred,
        back=np.asarray(np.kron(np.eye(len(categories) - 1), back)),
        codes=np.argsort(order)[outcome_codes(model, categories)],
        start=np.zeros((len(categories) - 1) * len(model.columns)),
        evaluate=multinomial_likelihood,
        directions=partial(_gains_on_others, n_answers=len(categories)),
    )
    estimator = fit_categories(rows, fit, calibration)
    return MultinomialFit(
        categories=tuple(categories[k] for k in order),
        **describe_fit(model, estimator, df, n_missing),
    )


def multinomial_likelihood(
    model: ModelMatrix, codes: Integers, weight: Floats, coefficient: Floats
) -> Likelihood:
    """Likelihood of a multinomial model.

    Args:
        codes: (C,) answers 0 to K - 1, the base 0.
        coefficient: (q,) p for each answer but the base.
    """
    x = model.matrix
    predictor = _predict_answers(x, model.offset, coefficient)
    shares = softmax(predictor, axis=1)
    profile = np.arange(len(codes))
    residual = -shares
    residual[profile, codes] += 1
    scores = (residual[:, 1:, np.newaxis] * x[:, np.newaxis]).reshape(len(x), -1)
    curvature = _share_slopes(shares)[:, 1:, 1:] * weight[:, np.newaxis, np.newaxis]
    blocks = [
        [(x * curvature[:, j, k, np.newaxis]).T @ x for k in range(curvature.shape[2])]
        for j in range(curvature.shape[1])
    ]
    logarithm = log_softmax(predictor, axis=1)[profile, codes]
    rarest = float(np.exp(np.min(logarithm)))
    return Likelihood(float(weight @ logarithm), scores, np.block(blocks), rarest)


def _gains_on_others(
    model: ModelMatrix, codes: Integers, n_answers: int
) -> tuple[Floats, Floats, Integers]:
    """What the given answer gains on each other one; see :class:`~.categories.CategoryModel`."""
    profiles = len(codes)
    other = np.repeat(np.arange(n_answers), profiles)
    profile = np.tile(np.arange(profiles), n_answers)
    kept = other != codes[profile]
    other, profile = other[kept], profile[kept]
    gain = (np.eye(n_answers)[codes[profile]] - np.eye(n_answers)[other])[:, 1:]
    directions = (gain[:, :, np.newaxis] * model.matrix[profile, np.newaxis]).reshape(len(gain), -1)
    return directions, np.ones(len(gain)), profile
