"""What the fits of all regression models have in common: coefficients, errors, and their tables."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

import numpy as np
import pandas as pd

from designbased.arrays import Floats, Integers, Mask
from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.design.deviations import Deviations
from designbased.design.protocol import Design, Replicates
from designbased.errors import InputError
from designbased.intervals.limits import wald_t
from designbased.models.model_matrix import ModelMatrix
from designbased.variance.profile_rows import ProfileRows
from designbased.variance.scores import two_sided_p, unexplained_scores


@dataclass(frozen=True, eq=False, repr=False)
class CoefficientEstimator:
    """The q coefficients of a model, estimates (q,); see :class:`~.protocol.Estimator`.

    Attributes:
        rows: the rows of the fit by profile, C profiles.
        point: (q,) estimates.
        by_profile: (C, q) influence of a row of each profile on the coefficients, without its
            weight.
        refit: the (R, q) coefficients under (R, C) other weights of the profiles; it raises an
            InputError where there are none.
        calibration: what the weights were calibrated to, or None.
    """

    rows: ProfileRows
    point: Floats
    by_profile: Floats
    refit: Callable[[Floats], Floats]
    calibration: CalibratedFrame | None = None

    def present(self) -> Mask:
        """(P, q) PSUs with a row that has any influence."""
        touching = (self.by_profile != 0).any(axis=1, keepdims=True)
        # Where the answers are predicted exactly no row has any, and the variance is zero.
        present = self.rows.psus_with(touching if touching.any() else ~touching)
        return np.broadcast_to(present, (len(present), len(self.point)))

    def unit_totals(self) -> Floats:
        """(U, q) sums of the influences of all rows."""
        return self.rows.unit_totals(self.by_profile, self.calibration)

    def replicated(self, replicates: Replicates) -> Floats:
        """(R, q) coefficients of each replicate."""
        return self.refit(self.rows.replicated_weight(replicates))


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Fit(ABC):
    """A fitted model of m rows in C profiles, with q coefficients.

    Attributes:
        design: the design of all n rows.
        model: the rows, the model matrix and its names.
        estimator: the coefficients as the design sees them.
        deviations: (V, q) their deviations, see :meth:`~.protocol.Design.deviations`.
        df: degrees of freedom, PSUs - strata - (p - 1) of a model matrix of p columns.
        n: rows in the fit.
        n_missing: rows of the domain left out for a missing value.
        population: sum of weights of the rows in the fit.
    """

    design: Design
    model: ModelMatrix
    estimator: CoefficientEstimator
    deviations: Deviations
    df: int
    n: int
    n_missing: int
    population: float

    @property
    def rows(self) -> ProfileRows:
        """The rows of the fit by profile."""
        return self.estimator.rows

    @property
    def coefficient(self) -> Floats:
        """(q,) estimates."""
        return self.estimator.point

    @property
    def by_profile(self) -> Floats:
        """(C, q) influence of a row of each profile on the coefficients, without its weight."""
        return self.estimator.by_profile

    @property
    def calibration(self) -> CalibratedFrame | None:
        """What the weights were calibrated to, if the errors account for it."""
        return self.estimator.calibration

    def with_coefficients(self, coefficient: Floats) -> Self:
        """Return the same model with other (q,) coefficients, to predict from."""
        return replace(self, estimator=replace(self.estimator, point=coefficient))

    @cached_property
    def covariance(self) -> Floats:
        """(q, q) design-based covariance of the coefficients."""
        return self.deviations.covariance()

    @property
    @abstractmethod
    def kind(self) -> str:
        """The model in words, for its title."""

    @property
    @abstractmethod
    def terms(self) -> dict[str, Integers]:
        """The coefficients of each term of the formula, by their places."""

    @property
    def answers(self) -> tuple[Any, ...] | None:
        """The K answers whose shares the model predicts; None where it predicts one mean."""
        return None

    @property
    def predicts_proportions(self) -> bool:
        """Whether predictions lie between 0 and 1."""
        return self.answers is not None

    @abstractmethod
    def name_coefficients(self) -> dict[str, list[Any]]:
        """Return the columns that name each coefficient in a table."""

    def predict_matrix(self, matrix: Floats, offset: Floats) -> tuple[Floats, Floats]:
        """Predict from m rows of a model matrix.

        Returns:
            The (m, K) means or shares, and their (m, K, q) derivatives in the coefficients.

        Raises:
            InputError: the model predicts no mean.
        """
        raise InputError(f"a {self.kind} model", "no mean to predict", "Compare its coefficients")

    def slope_of_prediction(
        self, matrix: Floats, offset: Floats, matrix_slope: Floats, offset_slope: Floats
    ) -> tuple[Floats, Floats]:
        """Differentiate predictions in a variable, given how m rows of the matrix change with it.

        Returns:
            The (m, K) slopes, and their (m, K, q) derivatives in the coefficients.

        Raises:
            InputError: the model predicts no mean.
        """
        return self.predict_matrix(matrix, offset)

    @property
    def influence(self) -> Floats:
        """(n, q) influence of every row on the coefficients, zero for rows not in the fit.

        Where the weights were calibrated it is what calibration leaves of it.
        """
        scores = self.rows.scores(self.by_profile)
        return unexplained_scores(self.design, scores, self.calibration)

    @property
    def weight(self) -> Floats:
        """(C,) sum of weights of the rows of each profile."""
        return self.rows.weight

    def table(self, confidence: float = 0.95) -> pd.DataFrame:
        """One row per coefficient: ``term, estimate, se, ci_low, ci_high, t, df, p_value``.

        A multinomial model has a column ``answer`` before them. Without degrees of freedom
        (``df <= 0``) there is no interval and no test: NaN.
        """
        se = np.sqrt(self.deviations.variances())
        low, high = wald_t(self.coefficient, se, np.nan, self.df, confidence)
        t = self.coefficient / se
        columns = {"estimate": self.coefficient, "se": se, "ci_low": low, "ci_high": high}
        test = {"t": t, "df": self.df, "p_value": two_sided_p(t, self.df)}
        return pd.DataFrame({**self.name_coefficients(), **columns, **test})

    def summary(self, confidence: float = 0.95) -> str:
        """Describe the model and its coefficients in lines to print."""
        return f"{describe_rows(self)}\n\n{format_coefficients(self.table(confidence))}"

    def __repr__(self) -> str:
        formula = " ".join(self.model.formula.split())
        short = formula if len(formula) <= 40 else f"{formula[:37]}..."
        return (
            f"<{type(self).__name__}: {self.kind}, '{short}', {self.n:,} rows, "
            f"{len(self.coefficient)} coefficients, df {self.df:,}>"
        )


def exponentiate(table: pd.DataFrame) -> pd.DataFrame:
    """Turn coefficients and limits into ratios; standard errors stay those of the logarithm."""
    scaled = ["estimate", "ci_low", "ci_high"]
    ratios = table.rename(columns={"se": "se_log"})
    ratios[scaled] = np.exp(ratios[scaled])
    return ratios


def describe_rows(fit: Fit) -> str:
    """Say in lines which model was fitted to which rows."""
    missing = f", {fit.n_missing:,} left out for a missing value" if fit.n_missing else ""
    return (
        f"{fit.kind[0].upper()}{fit.kind[1:]} model: {' '.join(fit.model.formula.split())}\n"
        f"{fit.n:,} rows{missing}; {fit.df:,} degrees of freedom"
    )


def format_coefficients(table: pd.DataFrame) -> str:
    """Lay out a table of coefficients for a screen: four digits, P values as they are read."""
    shown = table.drop(columns="df")
    names = [str(name) for name in shown.select_dtypes("number")]
    numbers: dict[str, Callable[..., str]] = dict.fromkeys(names, "{:.4g}".format)
    numbers["p_value"] = _format_p
    return shown.to_string(index=False, formatters=numbers, na_rep="-")


def _format_p(p: float) -> str:
    return "<.0001" if p < 0.0001 else f"{p:.4f}".removeprefix("0")


def describe_fit(
    model: ModelMatrix, estimator: CoefficientEstimator, df: int, n_missing: int
) -> dict[str, Any]:
    """Return what all fits hold, with the deviations that the design gives."""
    rows = estimator.rows
    return {
        "design": rows.design,
        "model": model,
        "estimator": estimator,
        "deviations": rows.design.deviations(estimator),
        "df": df,
        "n": len(model.position),
        "n_missing": n_missing,
        "population": float(rows.weight.sum()),
    }
