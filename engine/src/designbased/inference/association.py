"""Tests of association in two-way tables of survey data (R ``svychisq``), one or many at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import chdtrc, fdtrc

from designbased.arrays import Floats, Integers, Mask
from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.design.coding import as_categorical, code_outcomes
from designbased.design.degrees_of_freedom import DfRule
from designbased.design.deviations import scaled_deviations
from designbased.design.rows import Table
from designbased.design.survey_design import SurveyDesign
from designbased.errors import InputError
from designbased.variance.scores import degrees_of_freedom, select_domain_rows

# Rao–Scott and Wald statistics of many two-way tables, from the totals of their cells.
#
# Pearson's statistic of the weighted table is compared with its distribution under the design (Rao
# & Scott 1981, Journal of the American Statistical Association 76; 1984, Annals of Statistics 12).
# With estimated cell shares ``p``, their covariance ``V`` and ``C`` a basis of the interaction
# contrasts,
#
#     φ² = Σ (p_rc - p_r p_c)² / (p_r p_c),     Δ = (C'D⁻¹C)⁻¹ C'D⁻¹ V D⁻¹C,     D = diag(p),
#
# second order: ``F = φ² / tr Δ`` on ``d = (tr Δ)² / tr Δ²`` and ``d·ν`` degrees of freedom, where ν
# is that of the design; first order: ``n φ² / δ̄`` as chi-squared on (R-1)(C-1), with the mean
# generalised design effect ``δ̄ = n tr Δ / ((R-1)(C-1))``. The Wald tests (Koch, Freeman & Freeman
# 1975, International Statistical Review 43) use the departures from independence and their own
# covariance; they are unreliable with few PSUs and are here for comparison.


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
        raise InputError("test", f"the value {test!r}", f"Choose one of {options}")


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
        numbers[possible], reason[possible] = _compute_statistics(
            design,
            totals[:, possible],
            n[possible],
            df[possible],
            test,
            None if explained is None else explained[:, possible],
        )
    return pd.DataFrame({"n": n, **dict(zip(NUMBERS, numbers.T, strict=True)), "reason": reason})


def _compute_statistics(
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
    unexplained = totals if explained is None else totals - explained.reshape(totals.shape)
    residuals = (unexplained - share * unexplained.sum(axis=2, keepdims=True)) / population
    delta, phi2 = _generalised_effects(share, _design_covariances(design, residuals), rows, columns)
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
            statistic = (
                _wald_statistics(design, unexplained / population, share, rows, columns)
                / parameters
            )
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


def _design_covariances(design: SurveyDesign, scores: Floats) -> Floats:
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
    contrasts = np.kron(_contrast_basis(rows), _contrast_basis(columns))
    inverse = np.where(share > 0, 1 / np.where(share > 0, share, 1.0), 0.0)
    weighted = inverse[:, :, np.newaxis] * contrasts
    simple = contrasts.T @ weighted
    actual = np.swapaxes(weighted, 1, 2) @ spread @ weighted
    return _solve_systems(simple, actual), phi2


def _contrast_basis(levels: int) -> Floats:
    """A basis (levels, levels - 1) of the contrasts of one variable."""
    return (np.eye(levels) - 1 / levels)[:, 1:]


def _wald_statistics(
    design: SurveyDesign, cell_shares: Floats, share: Floats, rows: int, columns: int
) -> Floats:
    """Quadratic form (T,) of the departures ``p_rc - p_r p_c``, first row and column left out."""
    table = share.reshape(-1, rows, columns)
    by_row, by_column = table.sum(axis=2, keepdims=True), table.sum(axis=1, keepdims=True)
    departure = (table - by_row * by_column)[:, 1:, 1:].reshape(len(table), -1, 1)
    cell_shares = cell_shares.reshape(len(cell_shares), *table.shape)
    # The departure of the totals, N_rc - N_r N_c / N, linearised at the estimates.
    scores = (
        cell_shares
        - cell_shares.sum(axis=3, keepdims=True) * by_column
        - cell_shares.sum(axis=2, keepdims=True) * by_row
        + cell_shares.sum(axis=(2, 3), keepdims=True) * by_row * by_column
    )
    interaction = scores[:, :, 1:, 1:].reshape(len(cell_shares), len(table), -1)
    return np.asarray(
        (departure * _solve_systems(_design_covariances(design, interaction), departure)).sum(
            axis=(1, 2)
        )
    )


def _solve_systems(left: Floats, right: Floats) -> Floats:
    """Solve T systems; NaN for those that are singular."""
    diagonal_root = np.sqrt(np.einsum("tii->ti", left))
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled = left / diagonal_root[:, :, np.newaxis] / diagonal_root[:, np.newaxis, :]
    regular = np.isfinite(scaled).all(axis=(1, 2))
    regular[regular] = np.linalg.cond(scaled[regular]) < CONDITION
    solved = np.full(right.shape, np.nan)
    solved[regular] = np.linalg.solve(left[regular], right[regular])
    return solved


@dataclass(frozen=True, eq=False)
class AssociationTest:
    """The test of one two-way table.

    Attributes:
        test: the name of the test.
        statistic: F, or chi-squared for ``"rao_scott_chi2"``.
        df1: numerator degrees of freedom (may be a fraction).
        df2: denominator degrees of freedom; infinite for chi-squared.
        p_value: probability of a statistic as large under independence.
        mean_deff: mean generalised design effect.
        n: unweighted rows in the table.
        population: their sum of weights.
        shares: weighted shares of all cells, rows by columns, summing to one.
    """

    test: Test
    statistic: float
    df1: float
    df2: float
    p_value: float
    mean_deff: float
    n: int
    population: float
    shares: pd.DataFrame


def association_test(
    design: SurveyDesign,
    rows: pd.Series,
    columns: pd.Series,
    where: Iterable[Any] | None = None,
    test: Test = "rao_scott_f",
    df_rule: DfRule = "domain_only",
    calibration: CalibratedFrame | None = None,
) -> AssociationTest:
    """Test the independence of two categorical answers.

    A row without one of the two answers is outside the table; its PSU stays in the design. Levels
    without rows are left out.

    Args:
        rows: (n,) categories; missing where there is no valid answer.
        columns: (n,) categories, likewise.
        where: (n,) true for the rows of the domain; None for all.
        test: one of ``rao_scott_f`` (second order; R ``"F"``), ``rao_scott_chi2`` (first order; R
            ``"Chisq"``), ``wald`` and ``adjusted_wald``.
        df_rule: see :func:`.degrees_of_freedom.domain_df`; R's is ``domain_only``.
        calibration: what the weights were calibrated to, for standard errors that account for it;
            None takes the weights as given.

    Raises:
        InputError: the arguments do not fit the design; a variable has a single level; so many
            cells are empty, or so few PSUs are there, that the test does not exist.
    """
    check_test(test)
    used = select_domain_rows(design, where)
    for name, series in (("rows", rows), ("columns", columns)):
        design.rows.check(series, name)
        used = used & series.notna().to_numpy()
    row_code, row_labels = _code_levels(rows, used)
    column_code, column_labels = _code_levels(columns, used)
    shape = (len(row_labels), len(column_labels))
    cell = row_code * shape[1] + column_code
    in_table = np.flatnonzero(used)
    cell_of_unit = design.unit[in_table] * (shape[0] * shape[1]) + cell
    totals = np.bincount(
        cell_of_unit,
        weights=design.weight[in_table],
        minlength=design.n_units * shape[0] * shape[1],
    ).reshape(design.n_units, 1, *shape)
    explained = None
    if calibration is not None:
        calibration.check(design)
        members = np.eye(shape[0] * shape[1])[cell]
        explained = calibration.explained_totals(design, in_table, members).reshape(totals.shape)
    df = degrees_of_freedom(design, used[:, np.newaxis], df_rule)
    table = table_tests(design, totals, np.array([len(in_table)]), df, test, explained)
    reason = table["reason"].iloc[0]
    if reason:
        location = f"table of '{rows.name}' by '{columns.name}'"
        raise InputError(location, reason, "Join levels, or choose a wider domain")
    shares = pd.DataFrame(
        totals.sum(axis=0)[0] / totals.sum(),
        index=pd.Index(row_labels, name=rows.name),
        columns=pd.Index(column_labels, name=columns.name),
    )
    numbers = {name: float(table[name].iloc[0]) for name in NUMBERS}
    return AssociationTest(
        test=test, n=len(in_table), population=float(totals.sum()), shares=shares, **numbers
    )


def association_tests(
    design: SurveyDesign,
    outcomes: Table,
    domains: Table,
    test: Test = "rao_scott_f",
    df_rule: DfRule = "domain_only",
    calibration: CalibratedFrame | None = None,
) -> pd.DataFrame:
    """Test every yes-or-no outcome against every domain: does the proportion differ by level?

    Args:
        outcomes: (n, K) zeros and ones, NaN where the answer is not valid.
        domains: (n, D) columns, categorical or text; NaN where the row is in no level.
        test: as for :func:`association_test`.
        df_rule, calibration: as for :func:`association_test`.

    Returns:
        One row per outcome and domain: ``indicator, domain, n, levels`` (levels with answers),
        ``test, statistic, df1, df2, p_value, mean_deff, reason``. A test that does not exist has
        NaN and says why in ``reason``, which is "" elsewhere.

    Raises:
        InputError: the frames do not fit the design or hold wrong values.
    """
    check_test(test)
    coded = code_outcomes(outcomes, design.rows)
    valid = np.broadcast_to(coded.valid, coded.values.shape)
    domains = design.rows.frame(domains, "domains")
    tables = []
    for name in domains.columns:
        values = as_categorical(domains[name])
        code, labels = values.codes.astype(np.intp), values.categories
        inside = (design.weight > 0) & (code >= 0)
        used = (valid > 0) & inside[:, np.newaxis]
        df = degrees_of_freedom(design, used, df_rule)
        answers = code, len(labels), coded.values, valid, inside
        totals = _answer_totals(design, *answers)
        explained = (
            None if calibration is None else _explained_totals(design, calibration, *answers)
        )
        pattern_tables = []
        present = totals.any(axis=(0, 3))
        for pattern in np.unique(present, axis=0):
            outcome_index = np.flatnonzero((present == pattern).all(axis=1))
            pattern_table = table_tests(
                design,
                totals[:, outcome_index][:, :, pattern],
                used[:, outcome_index].sum(axis=0),
                df[outcome_index],
                test,
                None if explained is None else explained[:, outcome_index][:, :, pattern],
            )
            pattern_tables.append(
                pattern_table.assign(order=outcome_index, levels=int(pattern.sum()))
            )
        table = pd.concat(pattern_tables).sort_values("order").drop(columns="order")
        tables.append(table.assign(indicator=coded.names, domain=str(name), test=test))
    columns = ["indicator", "domain", "n", "levels", "test", "statistic", "df1", "df2"]
    all_tests = pd.concat(tables, ignore_index=True)
    order = np.arange(len(all_tests)).reshape(len(domains.columns), -1).T.ravel()
    in_order: pd.DataFrame = all_tests[[*columns, "p_value", "mean_deff", "reason"]].iloc[order]
    return in_order.reset_index(drop=True)


def _answer_totals(
    design: SurveyDesign,
    code: Integers,
    levels: int,
    values: Floats,
    valid: Floats,
    inside: Mask,
) -> Floats:
    """Weighted totals by unit (U, K, L, 2) of "no" and "yes" in each level."""
    row = np.flatnonzero(inside)
    unit_level = design.unit[row] * levels + code[row]
    by_unit_and_level: csr_array = csr_array(
        (design.weight[row], (unit_level, row)), shape=(design.n_units * levels, design.n_rows)
    )
    no_and_yes = [by_unit_and_level @ answers for answers in (valid - values, values)]
    cube = np.stack(no_and_yes, axis=-1).reshape(design.n_units, levels, values.shape[1], 2)
    return np.moveaxis(cube, 2, 1)


def _explained_totals(
    design: SurveyDesign,
    calibration: CalibratedFrame,
    code: Integers,
    levels: int,
    values: Floats,
    valid: Floats,
    inside: Mask,
) -> Floats:
    """What calibration explains of :func:`_answer_totals`, (U, K, L, 2)."""
    rows = np.flatnonzero(inside)
    member = np.eye(levels)[code[rows]][:, np.newaxis, :, np.newaxis]
    answers = np.stack([valid[rows] - values[rows], values[rows]], axis=-1)[:, :, np.newaxis]
    cell_members = member * answers
    explained = calibration.explained_totals(design, rows, cell_members.reshape(len(rows), -1))
    return explained.reshape(design.n_units, *cell_members.shape[1:])


def _code_levels(series: pd.Series, used: Mask) -> tuple[Integers, list[Any]]:
    """Code of each row in use among the levels that have rows, in order."""
    values = series[used].astype("category").cat.remove_unused_categories()
    labels = list(values.cat.categories)
    if len(labels) < 2:
        finding = f"one level only: {labels[0]}" if labels else "no answers"
        raise InputError(f"variable '{series.name}'", finding, "Give at least two levels with rows")
    return values.cat.codes.to_numpy().astype(np.intp), labels
