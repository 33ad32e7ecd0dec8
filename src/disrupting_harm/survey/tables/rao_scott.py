"""Rao–Scott and Wald statistics of many two-way tables, from the totals of their cells.

Pearson's statistic of the weighted table is compared with its distribution under the design (Rao &
Scott 1981, Journal of the American Statistical Association 76; 1984, Annals of Statistics 12). With
estimated cell shares ``p``, their covariance ``V`` and ``C`` a basis of the interaction contrasts,

    φ² = Σ (p_rc - p_r p_c)² / (p_r p_c),     Δ = (C'D⁻¹C)⁻¹ C'D⁻¹ V D⁻¹C,     D = diag(p),

second order: ``F = φ² / tr Δ`` on ``d = (tr Δ)² / tr Δ²`` and ``d·ν`` degrees of freedom, where ν
is that of the design; first order: ``n φ² / δ̄`` as chi-squared on (R-1)(C-1), with the mean
generalised design effect ``δ̄ = n tr Δ / ((R-1)(C-1))``. The Wald tests (Koch, Freeman & Freeman
1975, International Statistical Review 43) use the departures from independence and their own
covariance; they are unreliable with few PSUs and are here for comparison.
"""

from typing import Literal, TypeAlias, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import chdtrc, fdtrc

from disrupting_harm.arrays import Floats, Integers
from disrupting_harm.errors import StudyError
from disrupting_harm.survey.design.survey_design import SurveyDesign
from disrupting_harm.survey.variance.deviations import scaled_deviations

Test: TypeAlias = Literal["rao_scott_f", "rao_scott_chi2", "wald", "adjusted_wald"]

NO_VARIATION = "one level only"
EMPTY_CELLS = "too many empty cells"
NO_DF = "no degrees of freedom"
SINGULAR = "fewer degrees of freedom than the test needs"
NUMBERS = ("statistic", "df1", "df2", "p_value", "mean_deff")
# Beyond this condition number (of correlations) a matrix is singular but for rounding.
CONDITION = 1e12


def check_test(test: str) -> None:
    """Refuse a test without a definition."""
    if test not in get_args(Test):
        options = ", ".join(get_args(Test))
        raise StudyError("test", f"the value {test!r}", f"Choose one of {options}")


def table_tests(
    design: SurveyDesign,
    totals: Floats,
    n: Integers,
    df: Integers,
    test: Test,
    explained: Floats | None = None,
) -> pd.DataFrame:
    """Test T tables of the same shape.

    Args:
        design: the design with U units of the last stage.
        totals: (U, T, R, C) weighted totals of the cells by unit.
        n: (T,) unweighted rows in each table.
        df: (T,) degrees of freedom of the design in each table.
        test: the name of the test.
        explained: (U, T, R, C) what calibration explains of ``totals``; None takes the weights as
            given.

    Returns:
        One row per table: ``n, statistic, df1, df2, p_value, mean_deff, reason``. A test that does
        not exist has NaN and says why in ``reason``, which is "" elsewhere.
    """
    cells = totals.sum(axis=0)
    flat = (cells.any(axis=2).sum(axis=1) < 2) | (cells.any(axis=1).sum(axis=1) < 2)
    reason = np.where(flat, NO_VARIATION, np.where(df <= 0, NO_DF, "")).astype(object)
    numbers = np.full((len(n), len(NUMBERS)), np.nan)
    possible = reason == ""
    if possible.any():
        numbers[possible], reason[possible] = _statistics(
            design,
            totals[:, possible],
            n[possible],
            df[possible],
            test,
            None if explained is None else explained[:, possible],
        )
    return pd.DataFrame({"n": n, **dict(zip(NUMBERS, numbers.T, strict=True)), "reason": reason})


def _statistics(
    design: SurveyDesign,
    totals: Floats,
    n: Integers,
    df: Integers,
    test: Test,
    explained: Floats | None,
) -> tuple[Floats, NDArray[np.object_]]:
    """The ``NUMBERS`` of each table, (T, 5), and why they do not exist, (T,)."""
    units, tables, rows, columns = totals.shape
    totals = totals.reshape(units, tables, rows * columns)
    population = totals.sum(axis=(0, 2))[:, np.newaxis]
    share = totals.sum(axis=0) / population
    # Scores are sums of totals, and what calibration explains of them is the same sum.
    left = totals if explained is None else totals - explained.reshape(totals.shape)
    residuals = (left - share * left.sum(axis=2, keepdims=True)) / population
    delta, phi2 = _generalised_effects(share, _products(design, residuals), rows, columns)
    parameters = float((rows - 1) * (columns - 1))
    trace = np.trace(delta, axis1=1, axis2=2)
    mean_deff = n * trace / parameters
    df1, df2 = np.full(tables, parameters), np.full(tables, np.inf)
    with np.errstate(divide="ignore", invalid="ignore"):
        if test == "rao_scott_f":
            statistic = phi2 / trace
            df1 = trace**2 / np.einsum("tij,tji->t", delta, delta)
            df2 = df1 * df
        elif test == "rao_scott_chi2":
            statistic = n * phi2 / mean_deff
        else:
            statistic = _wald(design, left / population, share, rows, columns) / parameters
            df2 = df.astype(np.float64)
            if test == "adjusted_wald":
                df2 = df - parameters + 1
                statistic = statistic * df2 / df
        tail = fdtrc(df1, np.where(np.isinf(df2), 1.0, df2), statistic)
        p_value = np.where(np.isinf(df2), chdtrc(df1, statistic), tail)
    numbers = np.column_stack([statistic, df1, df2, p_value, mean_deff])
    impossible = ~np.isfinite(statistic) | (df2 <= 0)
    reason = np.where(np.isnan(mean_deff), EMPTY_CELLS, np.where(impossible, SINGULAR, ""))
    numbers[reason != ""] = np.nan
    return numbers, reason.astype(object)


def _products(design: SurveyDesign, scores: Floats) -> Floats:
    """Design covariances (T, q, q) of the sums of (U, T, q) scores."""
    deviations = scaled_deviations(design, scores)
    return np.asarray(np.einsum("uti,utj->tij", deviations, deviations))


def _generalised_effects(
    share: Floats, spread: Floats, rows: int, columns: int
) -> tuple[Floats, Floats]:
    """Δ of each table, (T, k, k) with NaN where it does not exist, and φ² (T,)."""
    table = share.reshape(-1, rows, columns)
    expected = table.sum(axis=2, keepdims=True) * table.sum(axis=1, keepdims=True)
    phi2 = ((table - expected) ** 2 / expected).sum(axis=(1, 2))
    contrasts = np.kron(_centred(rows), _centred(columns))
    inverse = np.where(share > 0, 1 / np.where(share > 0, share, 1.0), 0.0)
    weighted = inverse[:, :, np.newaxis] * contrasts
    simple = contrasts.T @ weighted
    actual = np.swapaxes(weighted, 1, 2) @ spread @ weighted
    return _solve(simple, actual), phi2


def _centred(levels: int) -> Floats:
    """A basis (levels, levels - 1) of the contrasts of one variable."""
    return (np.eye(levels) - 1 / levels)[:, 1:]


def _wald(design: SurveyDesign, parts: Floats, share: Floats, rows: int, columns: int) -> Floats:
    """Quadratic form (T,) of the departures ``p_rc - p_r p_c``, first row and column left out."""
    table = share.reshape(-1, rows, columns)
    by_row, by_column = table.sum(axis=2, keepdims=True), table.sum(axis=1, keepdims=True)
    departure = (table - by_row * by_column)[:, 1:, 1:].reshape(len(table), -1, 1)
    parts = parts.reshape(len(parts), *table.shape)
    # The departure of the totals, N_rc - N_r N_c / N, linearised at the estimates.
    scores = (
        parts
        - parts.sum(axis=3, keepdims=True) * by_column
        - parts.sum(axis=2, keepdims=True) * by_row
        + parts.sum(axis=(2, 3), keepdims=True) * by_row * by_column
    )
    free = scores[:, :, 1:, 1:].reshape(len(parts), len(table), -1)
    return np.asarray((departure * _solve(_products(design, free), departure)).sum(axis=(1, 2)))


def _solve(left: Floats, right: Floats) -> Floats:
    """Solve T systems; NaN for those that are singular."""
    size = np.sqrt(np.einsum("tii->ti", left))
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled = left / size[:, :, np.newaxis] / size[:, np.newaxis, :]
    regular = np.isfinite(scaled).all(axis=(1, 2))
    regular[regular] = np.linalg.cond(scaled[regular]) < CONDITION
    solved = np.full(right.shape, np.nan)
    solved[regular] = np.linalg.solve(left[regular], right[regular])
    return solved
