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

from designbased.arrays import Floats
from designbased.design.protocol import Design
from designbased.errors import InputError
from designbased.models.fits import Fit
from designbased.models.regression import ModelFit, fit_model
from designbased.variance.scores import two_sided_p

# Wald tests of terms of a model (R ``regTermTest``).


# Beyond this condition number (of correlations) a covariance is singular but for rounding.
SINGULAR = 1e12


@dataclass(frozen=True)
class WaldTest:
    """``F = b'V⁻¹b / q`` of the q coefficients of the terms, on ``df1 = q`` and ``df2``.

    ``df2`` are the degrees of freedom of the model, PSUs - strata - (p - 1).
    """

    terms: tuple[str, ...]
    statistic: float
    df1: int
    df2: int
    p_value: float


def wald_test(fit: Fit, terms: str | Sequence[str]) -> WaldTest:
    """Test that all coefficients of one term, or of several terms together, are zero.

    Args:
        terms: terms as in the formula, such as ``"sex"`` or ``["sex", "sex:age"]``; the parts of an
            interaction may stand in any order.

    Raises:
        InputError: the model has no such term, no degrees of freedom, or too few PSUs to test as
            many coefficients together.
    """
    tested_terms = (terms,) if isinstance(terms, str) else tuple(terms)
    places_of_term = {_canonical_term(name): places for name, places in fit.terms.items()}
    unknown = [name for name in tested_terms if _canonical_term(name) not in places_of_term]
    if unknown or not tested_terms:
        finding = f"no term '{unknown[0]}' in '{fit.model.formula}'" if unknown else "no term"
        raise InputError("terms", finding, f"Choose from {', '.join(fit.terms)}")
    index = np.unique(
        np.concatenate([places_of_term[_canonical_term(name)] for name in tested_terms])
    )
    term_covariance = fit.covariance[np.ix_(index, index)]
    standard_errors = np.sqrt(fit.deviations.variances()[index])
    regular = bool((standard_errors > 0).all())
    if regular:
        correlation = term_covariance / np.outer(standard_errors, standard_errors)
        # A variance that is a difference of sums of squares may be negative for a combination.
        smallest, largest = np.linalg.eigvalsh(correlation)[[0, -1]]
        regular = bool(smallest * SINGULAR > largest)
    if fit.df <= 0 or not regular:
        finding = f"{len(index)} coefficients to test with {fit.df} degrees of freedom"
        raise InputError(
            f"terms {', '.join(tested_terms)}", finding, "Simplify the model or join levels"
        )
    estimate = fit.coefficient[index]
    statistic = float(estimate @ np.linalg.solve(term_covariance, estimate)) / len(index)
    p_value = float(fdtrc(len(index), fit.df, statistic))
    return WaldTest(tested_terms, statistic, len(index), fit.df, p_value)


def wald_tests(fit: Fit) -> pd.DataFrame:
    """Test every term of the model but the intercept, one at a time.

    Returns:
        ``term, statistic, df1, df2, p_value``, in the order of the formula.

    Raises:
        InputError: as :func:`wald_test`.
    """
    tests = [wald_test(fit, name) for name in fit.terms if name != "Intercept"]
    return pd.DataFrame(
        {
            "term": [test.terms[0] for test in tests],
            "statistic": [test.statistic for test in tests],
            "df1": [test.df1 for test in tests],
            "df2": [test.df2 for test in tests],
            "p_value": [test.p_value for test in tests],
        }
    )


def _canonical_term(term: str) -> tuple[str, ...]:
    return tuple(sorted(part.strip() for part in term.split(":")))


# Names of the columns of the model; a variable to control for may not be called so.
LINEAR, QUADRATIC, ANSWER, WAVE = "trend_linear", "trend_quadratic", "trend_answer", "trend_wave"
_RESERVED = (LINEAR, QUADRATIC, ANSWER, WAVE)


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
        InputError: fewer than three years, or two that are equal.
    """
    year = np.asarray(years, dtype=np.float64)
    if len(year) < 3 or len(np.unique(year)) < len(year):
        finding = f"the years {', '.join(f'{wave_year:g}' for wave_year in year)}"
        raise InputError("trend", finding, "Give three waves or more, in different years")
    x = year - year.mean()
    # Of years as large as 2021 the first difference leaves rounding.
    x -= x.mean()
    linear: Floats = x / np.sqrt((x**2).sum())
    curve = x**2 - (x**3).sum() / (x**2).sum() * x - (x**2).sum() / len(x)
    quadratic: Floats = curve / np.sqrt((curve**2).sum())
    return linear, quadratic


def trend_model(
    design: Design,
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
        control: (n, V) categorical variables to control for.
        quadratic: whether the model has the quadratic coefficient besides.

    Returns:
        The rows ``linear`` and ``quadratic`` with ``estimate, se, t, df, p_value``, tested on the
        degrees of freedom of the design, and ``n``, the answers in the model.

    Raises:
        InputError: fewer than three years, a faulty variable, or a model that cannot be fitted.
    """
    used = answer.notna().to_numpy()
    years = np.unique(year.to_numpy(dtype=np.float64))
    coefficients = orthogonal_years(years.tolist())
    wave_index = np.searchsorted(years, year.to_numpy(dtype=np.float64))
    data = _model_frame(answer, control).assign(
        **{LINEAR: coefficients[0][wave_index], QUADRATIC: coefficients[1][wave_index]}
    )
    terms = [LINEAR, QUADRATIC] if quadratic else [LINEAR]
    fit = _fit_logistic(design, data, terms, used)
    df = _design_df(fit)
    table = fit.table().set_index("term").loc[terms].reset_index()
    table["term"] = ["linear", "quadratic"][: len(terms)]
    table["p_value"] = two_sided_p(table["t"], df)
    return table[["term", "estimate", "se", "t"]].assign(df=df, p_value=table["p_value"], n=fit.n)


def any_change(design: Design, answer: "pd.Series[float]", wave: pd.Series) -> AnyChange:
    """Test whether a yes-or-no answer changed between any of two waves or more.

    Args:
        design: of all waves together.
        answer: (n,) 1, 0, or NaN without a valid answer.
        wave: (n,) names of the waves.

    Raises:
        InputError: one wave, or a model that cannot be fitted.
    """
    data = _model_frame(answer, None).assign(**{WAVE: pd.Categorical(wave.astype(str))})
    if len(data[WAVE].cat.categories) < 2:
        raise InputError("any change", "one wave", "Give two waves or more")
    fit = _fit_logistic(design, data, [WAVE], answer.notna().to_numpy())
    test = wald_test(fit, WAVE)
    df = _design_df(fit)
    return AnyChange(test.statistic, test.df1, df, float(fdtrc(test.df1, df, test.statistic)))


def _model_frame(answer: "pd.Series[float]", control: pd.DataFrame | None) -> pd.DataFrame:
    data = pd.DataFrame(index=answer.index) if control is None else control.copy()
    reserved = [name for name in _RESERVED if name in data]
    if reserved:
        raise InputError("control", f"a variable '{reserved[0]}'", "Give it another name")
    return data.assign(**{ANSWER: answer.to_numpy(dtype=np.float64)})


def _fit_logistic(
    design: Design, data: pd.DataFrame, terms: Sequence[str], used: np.ndarray
) -> ModelFit:
    controls = [str(name) for name in data if name not in _RESERVED]
    formula = f"{ANSWER} ~ {' + '.join([*terms, *controls])}"
    return fit_model(design, data, formula, "logistic", where=used)


def _design_df(fit: ModelFit) -> int:
    """Return PSUs less strata of the rows in the model, without a loss for its coefficients."""
    return fit.df + len(fit.coefficient) - 1
