"""Trends over three waves and more, as the Centers for Disease Control and Prevention test them.

A logistic regression on the stacked answers of all waves has orthogonal linear and quadratic
coefficients of the *years* as they are spaced, not of 1, 2, 3, beside what it controls for. With
x = year - mean of the W years, L = x/√Σx² and Q = x² - (Σx³/Σx²)x - Σx²/W, scaled to length 1
(R ``contr.poly(scores = years)``). Weights, PSUs and strata (wave × stratum) make the errors. Tests
use the degrees of freedom of the design, PSUs - strata, as CDC's SUDAAN does, where R takes one off
for each coefficient.

Source: CDC, Youth Risk Behavior Survey, Conducting Trend Analyses of YRBS Data.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import fdtrc

from disrupting_harm.arrays import Floats
from disrupting_harm.errors import StudyError
from disrupting_harm.survey.design.survey_design import SurveyDesign
from disrupting_harm.survey.models.glm import ModelFit, fit_model
from disrupting_harm.survey.models.wald import wald_test
from disrupting_harm.survey.variance.scores import two_sided_p

# Names of the columns of the model; a variable to control for may not be called so.
LINEAR, QUADRATIC, ANSWER, WAVE = "trend_linear", "trend_quadratic", "trend_answer", "trend_wave"
_OWN = (LINEAR, QUADRATIC, ANSWER, WAVE)


@dataclass(frozen=True)
class AnyChange:
    """Wald test that all waves have the same log-odds: F on ``df1`` and ``df2``, its P value."""

    statistic: float
    df1: int
    df2: int
    p_value: float


def orthogonal_years(years: Sequence[float]) -> tuple[Floats, Floats]:
    """Return the linear and the quadratic coefficient of each wave's year.

    Raises:
        StudyError: fewer than three years, or two that are equal.
    """
    year = np.asarray(years, dtype=np.float64)
    if len(year) < 3 or len(np.unique(year)) < len(year):
        found = f"the years {', '.join(f'{each:g}' for each in year)}"
        raise StudyError("trend", found, "Give three waves or more, in different years")
    x = year - year.mean()
    # Of years as large as 2021 the first difference leaves rounding.
    x -= x.mean()
    linear: Floats = x / np.sqrt((x**2).sum())
    curve = x**2 - (x**3).sum() / (x**2).sum() * x - (x**2).sum() / len(x)
    quadratic: Floats = curve / np.sqrt((curve**2).sum())
    return linear, quadratic


def trend_model(
    design: SurveyDesign,
    answer: "pd.Series[float]",
    year: "pd.Series[float]",
    control: pd.DataFrame | None = None,
    quadratic: bool = True,
) -> pd.DataFrame:
    """Fit the trend of a yes-or-no answer on the log-odds.

    A child without one of the variables to control for leaves the model; it is not taken for a
    child of the first level.

    Args:
        design: of all waves together, see :func:`~.stacked_waves.stacked_design`.
        answer: (n,) 1, 0, or NaN without a valid answer.
        year: (n,) of each row's wave.
        control: (n, V) categorical variables to control for.
        quadratic: whether the model has the quadratic coefficient besides.

    Returns:
        The rows ``linear`` and ``quadratic`` with ``estimate, se, t, df, p_value``, tested on the
        degrees of freedom of the design, and ``n``, the answers in the model.

    Raises:
        StudyError: fewer than three years, a faulty variable, or a model that cannot be fitted.
    """
    used = answer.notna().to_numpy()
    years = np.unique(year.to_numpy(dtype=np.float64))
    coefficients = orthogonal_years(years.tolist())
    place = np.searchsorted(years, year.to_numpy(dtype=np.float64))
    data = _frame(answer, control).assign(
        **{LINEAR: coefficients[0][place], QUADRATIC: coefficients[1][place]}
    )
    terms = [LINEAR, QUADRATIC] if quadratic else [LINEAR]
    fit = _fit(design, data, terms, used)
    df = _design_df(fit)
    table = fit.table().set_index("term").loc[terms].reset_index()
    table["term"] = ["linear", "quadratic"][: len(terms)]
    table["p_value"] = two_sided_p(table["t"], df)
    return table[["term", "estimate", "se", "t"]].assign(df=df, p_value=table["p_value"], n=fit.n)


def any_change(design: SurveyDesign, answer: "pd.Series[float]", wave: pd.Series) -> AnyChange:
    """Test whether a yes-or-no answer changed between any of two waves or more.

    Args:
        design: of all waves together.
        answer: (n,) 1, 0, or NaN without a valid answer.
        wave: (n,) names of the waves.

    Raises:
        StudyError: one wave, or a model that cannot be fitted.
    """
    data = _frame(answer, None).assign(**{WAVE: pd.Categorical(wave.astype(str))})
    if len(data[WAVE].cat.categories) < 2:
        raise StudyError("any change", "one wave", "Give two waves or more")
    fit = _fit(design, data, [WAVE], answer.notna().to_numpy())
    test = wald_test(fit, WAVE)
    df = _design_df(fit)
    return AnyChange(test.statistic, test.df1, df, float(fdtrc(test.df1, df, test.statistic)))


def _frame(answer: "pd.Series[float]", control: pd.DataFrame | None) -> pd.DataFrame:
    data = pd.DataFrame(index=answer.index) if control is None else control.copy()
    taken = [name for name in _OWN if name in data]
    if taken:
        raise StudyError("control", f"a variable '{taken[0]}'", "Give it another name")
    return data.assign(**{ANSWER: answer.to_numpy(dtype=np.float64)})


def _fit(
    design: SurveyDesign, data: pd.DataFrame, terms: Sequence[str], used: np.ndarray
) -> ModelFit:
    others = [str(name) for name in data if name not in _OWN]
    formula = f"{ANSWER} ~ {' + '.join([*terms, *others])}"
    return fit_model(design, data, formula, "logistic", where=used)


def _design_df(fit: ModelFit) -> int:
    """Return PSUs less strata of the rows in the model, without a loss for its coefficients."""
    return fit.df + len(fit.coefficient) - 1
