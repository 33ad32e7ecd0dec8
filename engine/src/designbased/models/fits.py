"""What the fits of all regression models have in common: coefficients, errors, and their tables."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from designbased.arrays import Floats, Integers
from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.design.survey_design import SurveyDesign
from designbased.intervals.limits import wald_t
from designbased.models.model_matrix import ModelMatrix
from designbased.variance.profile_rows import ProfileRows
from designbased.variance.scores import covariance_of_totals, two_sided_p, unexplained_scores


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Fit(ABC):
    """A fitted model of m rows in C profiles, with q coefficients.

    Attributes:
        design: the design of all n rows.
        model: the rows, the model matrix and its names.
        rows: the rows of the fit by profile.
        coefficient: (q,) estimates.
        by_profile: (C, q) influence of a row of each profile on the coefficients, without its
            weight.
        covariance: (q, q) their design-based covariance.
        df: degrees of freedom, PSUs - strata - (p - 1) of a model matrix of p columns.
        n: rows in the fit.
        n_missing: rows of the domain left out for a missing value.
        population: sum of weights of the rows in the fit.
        calibration: what the weights were calibrated to, if the errors account for it.
    """

    design: SurveyDesign
    model: ModelMatrix
    rows: ProfileRows
    coefficient: Floats
    by_profile: Floats
    covariance: Floats
    df: int
    n: int
    n_missing: int
    population: float
    calibration: CalibratedFrame | None = None

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

    @abstractmethod
    def predict_matrix(self, matrix: Floats, offset: Floats) -> tuple[Floats, Floats]:
        """Predict from m rows of a model matrix.

        Returns:
            The (m, K) means or shares, and their (m, K, q) derivatives in the coefficients.
        """

    @abstractmethod
    def slope_of_prediction(
        self, matrix: Floats, offset: Floats, matrix_slope: Floats, offset_slope: Floats
    ) -> tuple[Floats, Floats]:
        """Differentiate predictions in a variable, given how m rows of the matrix change with it.

        Returns:
            The (m, K) slopes, and their (m, K, q) derivatives in the coefficients.
        """

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
        se = np.sqrt(np.diag(self.covariance))
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


def influence_covariance(
    rows: ProfileRows, by_profile: Floats, calibration: CalibratedFrame | None
) -> Floats:
    """(q, q) design-based covariance of sums of (C, q) influences over all rows."""
    touching = (by_profile != 0).any(axis=1, keepdims=True)
    totals = rows.unit_totals(by_profile, calibration)
    return covariance_of_totals(rows.design, totals, rows.psus_with(touching))
