"""Tests of association in two-way tables of survey data (R ``svychisq``), one or many at once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import chdtrc, fdtrc

from designbased.arrays import Floats, Integers, Mask
from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.design.coding import Levels, Outcomes, as_categorical, code_outcomes
from designbased.design.degrees_of_freedom import DfRule
from designbased.design.protocol import Design, Replicates
from designbased.design.rows import Table
from designbased.errors import InputError
from designbased.estimates.unit_totals import sum_cells
from designbased.variance.profile_rows import ProfileRows
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
# covariance; they are unreliable with few PSUs and are here for comparison. With replicate weights
# ``V`` is that of the shares in the replicates, and the Wald tests take the linearised departures,
# whose totals the replicates have (as R does).


Test: TypeAlias = Literal["rao_scott_f", "rao_scott_chi2", "wald", "adjusted_wald"]

NO_VARIATION = "one level only"
EMPTY_CELLS = "too many empty cells"
NO_DF = "no degrees of freedom"
SINGULAR = "fewer degrees of freedom than the test needs"
NO_VARIANCE = "a variance that is negative or unknown"
NUMBERS = ("statistic", "df1", "df2", "p_value", "mean_deff")
# Beyond this condition number (of correlations) a matrix is singular but for rounding.
CONDITION = 1e12


def check_test(test: str) -> None:
    """Refuse a test without a definition."""
    if test not in get_args(Test):
        options = ", ".join(get_args(Test))
        raise InputError("test", f"the value {test!r}", f"Choose one of {options}")


@dataclass(frozen=True, eq=False)
class TableCells:
    """T two-way tables of the same shape.

    Attributes:
        design: the design with U units.
        totals: (U, T, R, C) weighted totals of the cells by unit.
        replicate: gives these totals in each replicate, in the place of U.
        explained: (U, T, R, C) what calibration explains of ``totals``; None takes the weights as
            given.
        calibration: what the weights were calibrated to, or None.
    """

    design: Design
    totals: Floats
    replicate: Callable[[Replicates], Floats]
    explained: Floats | None = None
    calibration: CalibratedFrame | None = None

    def select(self, tables: Integers | Mask, rows: Mask | slice = slice(None)) -> "TableCells":
        """Return some of the tables, and some rows of these."""
        explained = None if self.explained is None else self.explained[:, tables][:, :, rows]
        return replace(
            self,
            totals=self.totals[:, tables][:, :, rows],
            replicate=lambda replicates: self.replicate(replicates)[:, tables][:, :, rows],
            explained=explained,
        )


@dataclass(frozen=True, eq=False)
class CellShares:
    """Shares of the cells of tables, estimates (T, R·C); see :class:`~.protocol.Estimator`."""

    cells: TableCells

    @property
    def calibration(self) -> CalibratedFrame | None:
        """What the weights were calibrated to, or None."""
        return self.cells.calibration

    @property
    def population(self) -> Floats:
        """(T, 1) sum of weights of each table."""
        return np.asarray(self.cells.totals.sum(axis=(0, 2, 3)))[:, np.newaxis]

    @property
    def point(self) -> Floats:
        """(T, R·C) shares."""
        return np.asarray(_join_cells(self.cells.totals).sum(axis=0) / self.population)

    def present(self) -> Mask:
        """(P, T, R·C) PSUs with a row of the table."""
        totals = _join_cells(self.cells.totals)
        present = self.cells.design.psus_of_units((totals > 0).any(axis=2, keepdims=True))
        return np.broadcast_to(present, (len(present), *totals.shape[1:]))

    def unit_totals(self) -> Floats:
        """(U, T, R·C) linearised totals."""
        totals = _join_cells(self.cells.totals)
        if self.cells.explained is not None:
            # Scores are sums of totals, and what calibration explains of them is the same sum.
            totals = totals - _join_cells(self.cells.explained)
        return (totals - self.point * totals.sum(axis=2, keepdims=True)) / self.population

    def replicated(self, replicates: Replicates) -> Floats:
        """(S, T, R·C) shares in each of S replicates."""
        totals = _join_cells(self.cells.replicate(replicates))
        with np.errstate(invalid="ignore"):
            return np.asarray(totals / totals.sum(axis=2, keepdims=True))


@dataclass(frozen=True, eq=False)
class LinearDepartures(CellShares):
    """Linearised departures ``p_rc - p_r p_c``, estimates (T, (R-1)(C-1)); all are zero."""

    @property
    def point(self) -> Floats:
        """(T, (R-1)(C-1)) zeros: the mean of the scores."""
        return np.asarray(
            self._linearise_associations(self.cells.totals.sum(axis=0)[np.newaxis])[0]
        )

    def present(self) -> Mask:
        """(P, T, (R-1)(C-1)) PSUs with a row of the table."""
        present = super().present()[:, :, :1]
        return np.broadcast_to(present, (*present.shape[:2], self.point.shape[1]))

    def unit_totals(self) -> Floats:
        """(U, T, (R-1)(C-1)) totals of the scores."""
        totals = self.cells.totals
        if self.cells.explained is not None:
            totals = totals - self.cells.explained
        return self._linearise_associations(totals)

    def replicated(self, replicates: Replicates) -> Floats:
        """(S, T, (R-1)(C-1)) totals of the scores in each of S replicates."""
        return self._linearise_associations(self.cells.replicate(replicates))

    def _linearise_associations(self, totals: Floats) -> Floats:
        """Linearise ``N_rc - N_r N_c / N`` at the estimates, without the first row and column."""
        table = CellShares(self.cells).point.reshape(self.cells.totals.shape[1:])
        by_row, by_column = table.sum(axis=2, keepdims=True), table.sum(axis=1, keepdims=True)
        shares = totals / self.population[:, :, np.newaxis]
        scores = (
            shares
            - shares.sum(axis=3, keepdims=True) * by_column
            - shares.sum(axis=2, keepdims=True) * by_row
            + shares.sum(axis=(2, 3), keepdims=True) * by_row * by_column
        )
        return np.asarray(scores[:, :, 1:, 1:].reshape(*totals.shape[:2], -1))


def _join_cells(totals: Floats) -> Floats:
    """Lay the cells of (U, T, R, C) tables side by side, (U, T, R·C)."""
    return totals.reshape(*totals.shape[:2], -1)


def table_tests(cells: TableCells, n: Integers, df: Integers, test: Test) -> pd.DataFrame:
    """Test T tables of the same shape.

    Args:
        n: (T,) unweighted rows in each table.
        df: (T,) degrees of freedom of the design in each table.

    Returns:
        One row per table: ``n, statistic, df1, df2, p_value, mean_deff, reason``. A test that does
        not exist has NaN and says why in ``reason``, which is "" elsewhere.
    """
    totals = cells.totals.sum(axis=0)
    flat = (totals.any(axis=2).sum(axis=1) < 2) | (totals.any(axis=1).sum(axis=1) < 2)
    reason = np.where(flat, NO_VARIATION, np.where(df <= 0, NO_DF, "")).astype(object)
    numbers = np.full((len(n), len(NUMBERS)), np.nan)
    possible = reason == ""
    if possible.any():
        numbers[possible], reason[possible] = _compute_statistics(
            cells.select(possible), n[possible], df[possible], test
        )
    return pd.DataFrame({"n": n, **dict(zip(NUMBERS, numbers.T, strict=True)), "reason": reason})


def _compute_statistics(
    cells: TableCells, n: Integers, df: Integers, test: Test
) -> tuple[Floats, NDArray[np.object_]]:
    """The ``NUMBERS`` of each table, (T, 5), and why they do not exist, (T,)."""
    _, tables, rows, columns = cells.totals.shape
    shares = CellShares(cells)
    spread = cells.design.deviations(shares).covariance()
    delta, phi2 = _generalised_effects(shares.point, spread, rows, columns)
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
            statistic = _wald_statistics(cells) / parameters
            df2 = df.astype(np.float64)
            if test == "adjusted_wald":
                df2 = df - parameters + 1
                statistic = statistic * df2 / df
        tail = fdtrc(df1, np.where(np.isinf(df2), 1.0, df2), statistic)
        p_value = np.where(np.isinf(df2), chdtrc(df1, statistic), tail)
    numbers = np.column_stack([statistic, df1, df2, p_value, mean_deff])
    impossible = ~np.isfinite(statistic) | (df2 <= 0)
    reason = np.where(np.isnan(mean_deff), EMPTY_CELLS, np.where(impossible, SINGULAR, ""))
    # A design's variance may be a difference of sums of squares.
    unknown = np.isnan(spread).any(axis=(1, 2)) | (mean_deff < 0) | (statistic < 0)
    reason = np.where(unknown, NO_VARIANCE, reason)
    numbers[reason != ""] = np.nan
    return numbers, reason.astype(object)


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


def _wald_statistics(cells: TableCells) -> Floats:
    """Quadratic form (T,) of the departures ``p_rc - p_r p_c``, first row and column left out."""
    table = CellShares(cells).point.reshape(cells.totals.shape[1:])
    by_row, by_column = table.sum(axis=2, keepdims=True), table.sum(axis=1, keepdims=True)
    departure = (table - by_row * by_column)[:, 1:, 1:].reshape(len(table), -1, 1)
    spread = cells.design.deviations(LinearDepartures(cells)).covariance()
    return np.asarray((departure * _solve_systems(spread, departure)).sum(axis=(1, 2)))


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
    design: Design,
    rows: pd.Series,
    columns: pd.Series,
    where: Iterable[Any] | None = None,
    test: Test = "rao_scott_f",
    df_rule: DfRule | None = None,
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
    rows, columns = design.rows.column(rows, "rows"), design.rows.column(columns, "columns")
    for series in (rows, columns):
        used = used & series.notna().to_numpy()
    row_code, row_labels = _code_levels(rows, used)
    column_code, column_labels = _code_levels(columns, used)
    shape = (len(row_labels), len(column_labels))
    in_table = np.flatnonzero(used)
    profiles = ProfileRows(design, in_table, row_code * shape[1] + column_code, shape[0] * shape[1])
    each_cell = np.eye(profiles.count)
    explained = None
    if calibration is not None:
        calibration.check(design)
        members = each_cell[profiles.profile]
        explained = calibration.explained_totals(design, in_table, members)
        explained = explained.reshape(-1, 1, *shape)
    totals = profiles.unit_totals(each_cell, None).reshape(-1, 1, *shape)

    def replicate(replicates: Replicates) -> Floats:
        return profiles.replicated_weight(replicates).reshape(-1, 1, *shape)

    cells = TableCells(design, totals, replicate, explained, calibration)
    df = degrees_of_freedom(design, used[:, np.newaxis], df_rule)
    table = table_tests(cells, np.array([len(in_table)]), df, test)
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
    design: Design,
    outcomes: Table,
    domains: Table | None = None,
    test: Test = "rao_scott_f",
    df_rule: DfRule | None = None,
    calibration: CalibratedFrame | None = None,
) -> pd.DataFrame:
    """Test every yes-or-no outcome against every domain: does the proportion differ by level?

    Args:
        outcomes: (n, K) zeros and ones, NaN where the answer is not valid.
        domains: (n, D) columns, categorical or text; NaN where the row is in no level. None is all
            rows, in which there is nothing to compare: the test says so.
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
    answers = replace(coded, valid=valid)
    everyone = pd.DataFrame({"total": pd.Categorical(["all"] * design.n_rows)}, index=design.index)
    domains = everyone if domains is None else design.rows.frame(domains, "domains")
    tables = []
    for name in domains.columns:
        values = as_categorical(domains[name])
        code, labels = values.codes.astype(np.intp), values.categories
        inside = (design.weight > 0) & (code >= 0)
        used = (valid > 0) & inside[:, np.newaxis]
        df = degrees_of_freedom(design, used, df_rule)
        cells = _count_yes_and_no(design, answers, code, len(labels), inside, calibration)
        pattern_tables = []
        present = cells.totals.any(axis=(0, 3))
        for pattern in np.unique(present, axis=0):
            outcome_index = np.flatnonzero((present == pattern).all(axis=1))
            pattern_table = table_tests(
                cells.select(outcome_index, pattern),
                used[:, outcome_index].sum(axis=0),
                df[outcome_index],
                test,
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


def _count_yes_and_no(
    design: Design,
    outcomes: Outcomes,
    code: Integers,
    levels: int,
    inside: Mask,
    calibration: CalibratedFrame | None,
) -> TableCells:
    """Tables of one domain: "no" and "yes" of K outcomes in each level, (U, K, L, 2)."""
    code = np.where(inside, code, -1)
    domain = Levels([""] * levels, [""] * levels, [code], [0])
    totals = sum_cells(design, domain, outcomes)
    by_unit = totals.answers, np.broadcast_to(totals.weights, totals.answers.shape)

    def no_and_yes(answers: Floats, weights: Floats) -> Floats:
        return np.moveaxis(np.stack([weights - answers, answers], axis=-1), 2, 1)

    def replicate(replicates: Replicates) -> Floats:
        return no_and_yes(*replicates.sum_cells(domain, outcomes, by_unit))

    explained = None
    if calibration is not None:
        parts = code, levels, outcomes.values, outcomes.valid, inside
        explained = _explained_totals(design, calibration, *parts)
    return TableCells(design, no_and_yes(*by_unit), replicate, explained, calibration)


def _explained_totals(
    design: Design,
    calibration: CalibratedFrame,
    code: Integers,
    levels: int,
    values: Floats,
    valid: Floats,
    inside: Mask,
) -> Floats:
    """What calibration explains of :func:`_count_yes_and_no`, (U, K, L, 2)."""
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
