"""Ordinal regression: cumulative models of answers in an order.

    P(Y ≤ k) = F(ζ_k - x'β),   ζ_1 < ζ_2 < ... < ζ_(K-1),

so that a positive coefficient goes with higher answers (McCullagh 1980, Journal of the Royal
Statistical Society B 42; R ``polr`` and ``svyolr``, Stata ``ologit``). F is

- ``"logit"``, proportional odds: exp of a coefficient is a ratio of odds;
- ``"probit"``;
- ``"cloglog"``, ``F(x) = 1 - exp(-exp(x))``, proportional hazards: Stata's and Agresti's
  complementary log-log;
- ``"loglog"``, ``F(x) = exp(-exp(-x))``, which R's ``svyolr`` calls ``"cloglog"``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import pandas as pd
from scipy.special import logit, ndtri

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
from designbased.models.links import CLOGLOG, LOGIT, LOGLOG, PROBIT, Link
from designbased.models.model_matrix import ModelMatrix
from designbased.models.regression import read_model_rows

OrdinalLink: TypeAlias = Literal["logit", "probit", "cloglog", "loglog"]
LINKS: dict[OrdinalLink, Link] = {
    "logit": LOGIT,
    "probit": PROBIT,
    "cloglog": CLOGLOG,
    "loglog": LOGLOG,
}


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class OrdinalFit(Fit):
    """A fitted cumulative model; make it with :func:`fit_ordinal`.

    Attributes:
        link: the distribution F.
        categories: the K answers in their order; the coefficients are those of the terms, then the
            K - 1 thresholds.
    """

    link: OrdinalLink
    categories: tuple[Any, ...]

    @property
    def kind(self) -> str:
        """The link and the answers."""
        return f"ordinal {self.link}"

    @property
    def terms(self) -> dict[str, Integers]:
        """The coefficients of each term of the formula; thresholds belong to none."""
        places = np.arange(len(self.model.columns)) - 1
        columns = self.model.terms.items()
        return {name: places[own] for name, own in columns if name != "Intercept"}

    @property
    def answers(self) -> tuple[Any, ...]:
        """The K answers."""
        return self.categories

    def name_coefficients(self) -> dict[str, list[Any]]:
        """Return the ``term`` of each coefficient; a threshold is ``lower|higher`` as in R."""
        pairs = zip(self.categories[:-1], self.categories[1:], strict=True)
        return {"term": [*self.model.columns[1:], *(f"{low}|{high}" for low, high in pairs)]}

    def ratios(self, confidence: float = 0.95) -> pd.DataFrame:
        """Exponentiated coefficients: ratios of the odds of a higher answer, with t intervals.

        Returns:
            ``term, estimate, se_log, ci_low, ci_high, t, df, p_value``.

        Raises:
            InputError: the link is not logit.
        """
        if self.link != "logit":
            finding = f"an ordinal {self.link} model has none"
            raise InputError("ratios", finding, "Fit link='logit' for ratios of odds")
        return exponentiate(self.table(confidence)).iloc[: len(self.model.columns) - 1]

    def predict_matrix(self, matrix: Floats, offset: Floats) -> tuple[Floats, Floats]:
        """Return (m, K) shares and their (m, K, q) derivatives in the coefficients."""
        x, link = matrix[:, 1:], LINKS[self.link]
        predictor = self._predict_thresholds(x, offset)
        shares = np.diff(link.mean(predictor), prepend=0.0, append=1.0)
        return shares, _differentiate_shares(link.slope(predictor), x)

    def slope_of_prediction(
        self, matrix: Floats, offset: Floats, matrix_slope: Floats, offset_slope: Floats
    ) -> tuple[Floats, Floats]:
        """Return (m, K) slopes of the shares and their (m, K, q) derivatives."""
        x, x_slope, link = matrix[:, 1:], matrix_slope[:, 1:], LINKS[self.link]
        predictor = self._predict_thresholds(x, offset)
        moves = (x_slope @ self.coefficient[: x.shape[1]] + offset_slope)[:, np.newaxis]
        slope, curvature = link.slope(predictor), link.curvature(predictor)
        gradient = _differentiate_shares(-curvature * moves, x)
        gradient[:, :, : x.shape[1]] -= (
            _difference_neighbours(slope)[:, :, np.newaxis] * x_slope[:, np.newaxis]
        )
        return -_difference_neighbours(slope) * moves, gradient

    def _predict_thresholds(self, x: Floats, offset: Floats) -> Floats:
        """(m, K - 1) thresholds less x'β."""
        slopes, thresholds = np.split(self.coefficient, [x.shape[1]])
        return np.asarray(thresholds - (x @ slopes + offset)[:, np.newaxis])


def _difference_neighbours(values: Floats) -> Floats:
    """(m, K) differences of neighbours among (m, K - 1) values, zero beyond the ends."""
    return np.diff(values, prepend=0.0, append=0.0)


def _differentiate_shares(density: Floats, x: Floats) -> Floats:
    """(m, K, q) derivatives of shares, given (m, K - 1) those of F at the thresholds."""
    by_threshold = _difference_neighbours(
        density[:, :, np.newaxis] * np.eye(density.shape[1])
    ).transpose(0, 2, 1)
    by_slope = -_difference_neighbours(density)[:, :, np.newaxis] * x[:, np.newaxis]
    return np.concatenate([by_slope, by_threshold], axis=2)


def fit_ordinal(
    design: Design,
    data: pd.DataFrame,
    formula: str,
    link: OrdinalLink = "logit",
    where: Iterable[Any] | None = None,
    df_rule: DfRule | None = None,
    calibration: CalibratedFrame | None = None,
) -> OrdinalFit:
    """Fit a cumulative model of an ordered answer with the weights and variances of the design.

    Args:
        data: (n, ...) the variables, in the rows of the design; see :func:`.regression.fit_model`.
        formula: ``"answer ~ a + b"``; the answer is an ordered categorical column. Thresholds take
            the place of the intercept.
        link: ``"logit"``, ``"probit"``, ``"cloglog"`` or ``"loglog"``, see above.

    Raises:
        InputError: as :func:`.regression.fit_model`; the answer has no order, or a category that no
            row has; a formula without intercept.
    """
    if link not in get_args(OrdinalLink):
        options = ", ".join(get_args(OrdinalLink))
        raise InputError("link", f"the value {link!r}", f"Choose one of {options}")
    coded, categories = code_categories(data, formula, design, ordered=True)
    model, rows, df, n_missing = read_model_rows(design, coded, formula, where, df_rule)
    if "Intercept" not in model.terms:
        finding = "no intercept, whose place the thresholds take"
        raise InputError(f"formula '{formula}'", finding, "Leave out '- 1' or '0 +'")
    codes = outcome_codes(model, categories)
    weight = rows.weight
    shares = np.bincount(codes, weight)
    below = np.cumsum(shares)[:-1] / shares.sum()
    slopes = np.zeros(len(model.columns) - 1)
    level = np.average(model.offset, weights=weight)
    centred, to_intercept = model.centre(weight)
    # A threshold is the intercept with its sign changed.
    back = np.eye(len(slopes) + len(below))
    back[len(slopes) :, : len(slopes)] = -to_intercept[0, 1:]
    fit = CategoryModel(
        model=centred,
        back=back,
        codes=codes,
        start=np.concatenate([slopes, _invert_link(link, below) + level]),
        evaluate=partial(cumulative_likelihood, LINKS[link]),
        directions=partial(_sides_of_thresholds, n_answers=len(categories)),
    )
    estimator = fit_categories(rows, fit, calibration)
    return OrdinalFit(
        link=link, categories=categories, **describe_fit(model, estimator, df, n_missing)
    )


def _invert_link(link: OrdinalLink, share: Floats) -> Floats:
    """Inverse of F, for starting values."""
    if link == "logit":
        return np.asarray(logit(share))
    if link == "probit":
        return np.asarray(ndtri(share))
    if link == "cloglog":
        return np.asarray(np.log(-np.log1p(-share)))
    return np.asarray(-np.log(-np.log(share)))


def cumulative_likelihood(
    link: Link, model: ModelMatrix, codes: Integers, weight: Floats, coefficient: Floats
) -> Likelihood:
    """Likelihood of a cumulative model: ``log (F(u) - F(l))`` with the thresholds u above, l below.

    Args:
        codes: (C,) answers 0 to K - 1.
        coefficient: (q,) slopes, then thresholds.
    """
    x = model.matrix[:, 1:]
    slopes, thresholds = np.split(coefficient, [x.shape[1]])
    predictor = x @ slopes + model.offset
    last = len(thresholds)
    share = np.zeros(len(x))
    scores = np.zeros((len(x), len(coefficient)))
    information = np.zeros((len(coefficient), len(coefficient)))
    sides = []
    for sign, threshold, bounded in ((1.0, codes, codes < last), (-1.0, codes - 1, codes > 0)):
        at = np.where(bounded, threshold, 0)
        limit = thresholds[at] - predictor
        # Without a threshold above, F is 1; without one below, it is 0.
        beyond = 1.0 if sign > 0 else 0.0
        share += sign * np.where(bounded, link.mean(limit), beyond)
        columns = np.column_stack([-x, np.eye(last)[at]])
        scores += (sign * np.where(bounded, link.slope(limit), 0.0))[:, np.newaxis] * columns
        sides.append((sign * np.where(bounded, link.curvature(limit), 0.0), columns))
    with np.errstate(divide="ignore", invalid="ignore"):
        logarithm = float(weight @ np.where(share > 0, np.log(share), -np.inf))
        scores = scores / share[:, np.newaxis]
        for curvature, columns in sides:
            information -= (columns * (weight * curvature / share)[:, np.newaxis]).T @ columns
    information += (scores * weight[:, np.newaxis]).T @ scores
    return Likelihood(logarithm, scores, information, float(np.min(share)))


def _sides_of_thresholds(
    model: ModelMatrix, codes: Integers, n_answers: int
) -> tuple[Floats, Floats, Integers]:
    """On which side of each threshold answers are; see :class:`~.categories.CategoryModel`."""
    profiles, last = len(codes), n_answers - 1
    threshold = np.repeat(np.arange(last), profiles)
    profile = np.tile(np.arange(profiles), last)
    directions = np.column_stack([-model.matrix[profile, 1:], np.eye(last)[threshold]])
    signs = (codes[profile] <= threshold).astype(np.float64)
    return directions, signs, profile
