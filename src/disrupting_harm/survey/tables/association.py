"""Tests of association in two-way tables of survey data (R ``svychisq``), one or many at once.

The formulas are in :mod:`rao_scott`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from disrupting_harm.arrays import Floats, Integers, Mask
from disrupting_harm.errors import StudyError
from disrupting_harm.survey.calibration.calibrated_errors import CalibratedFrame
from disrupting_harm.survey.design.coding import code_outcomes
from disrupting_harm.survey.design.degrees import DfRule
from disrupting_harm.survey.design.levels import categorical
from disrupting_harm.survey.design.rows import Table
from disrupting_harm.survey.design.survey_design import SurveyDesign
from disrupting_harm.survey.tables.rao_scott import NUMBERS, Test, check_test, table_tests
from disrupting_harm.survey.variance.scores import degrees_of_freedom, rows_of


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
        design: the design of the n rows.
        rows: (n,) categories; missing where there is no valid answer.
        columns: (n,) categories, likewise.
        where: (n,) true for the rows of the domain; None for all.
        test: one of ``rao_scott_f`` (second order; R ``"F"``), ``rao_scott_chi2`` (first order; R
            ``"Chisq"``), ``wald`` and ``adjusted_wald``.
        df_rule: see :func:`degrees.domain_df`; R's is ``domain_only``.
        calibration: what the weights were calibrated to, for standard errors that account for it;
            None takes the weights as given.

    Raises:
        StudyError: the arguments do not fit the design; a variable has a single level; so many
            cells are empty, or so few PSUs are there, that the test does not exist.
    """
    check_test(test)
    used = rows_of(design, where)
    for name, series in (("rows", rows), ("columns", columns)):
        design.rows.check(series, name)
        used = used & series.notna().to_numpy()
    row_code, row_labels = _levels(rows, used)
    column_code, column_labels = _levels(columns, used)
    shape = (len(row_labels), len(column_labels))
    cell = row_code * shape[1] + column_code
    counted = np.flatnonzero(used)
    place = design.unit[counted] * (shape[0] * shape[1]) + cell
    totals = np.bincount(
        place, weights=design.weight[counted], minlength=design.n_units * shape[0] * shape[1]
    ).reshape(design.n_units, 1, *shape)
    explained = None
    if calibration is not None:
        calibration.check(design)
        members = np.eye(shape[0] * shape[1])[cell]
        explained = calibration.explained_totals(design, counted, members).reshape(totals.shape)
    df = degrees_of_freedom(design, used[:, np.newaxis], df_rule)
    table = table_tests(design, totals, np.array([len(counted)]), df, test, explained)
    reason = table["reason"].iloc[0]
    if reason:
        where_found = f"table of '{rows.name}' by '{columns.name}'"
        raise StudyError(where_found, reason, "Join levels, or choose a wider domain")
    shares = pd.DataFrame(
        totals.sum(axis=0)[0] / totals.sum(),
        index=pd.Index(row_labels, name=rows.name),
        columns=pd.Index(column_labels, name=columns.name),
    )
    numbers = {name: float(table[name].iloc[0]) for name in NUMBERS}
    return AssociationTest(
        test=test, n=len(counted), population=float(totals.sum()), shares=shares, **numbers
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
        design: the design of the n rows.
        outcomes: (n, K) zeros and ones, NaN where the answer is not valid.
        domains: (n, D) columns, categorical or text; NaN where the row is in no level.
        test: as for :func:`association_test`.
        df_rule, calibration: as for :func:`association_test`.

    Returns:
        One row per outcome and domain: ``indicator, domain, n, levels`` (levels with answers),
        ``test, statistic, df1, df2, p_value, mean_deff, reason``. A test that does not exist has
        NaN and says why in ``reason``, which is "" elsewhere.

    Raises:
        StudyError: the frames do not fit the design or hold wrong values.
    """
    check_test(test)
    coded = code_outcomes(outcomes, design.rows)
    valid = np.broadcast_to(coded.valid, coded.values.shape)
    domains = design.rows.frame(domains, "domains")
    tables = []
    for name in domains.columns:
        values = categorical(domains[name])
        code, labels = values.codes.astype(np.intp), values.categories
        inside = (design.weight > 0) & (code >= 0)
        used = (valid > 0) & inside[:, np.newaxis]
        df = degrees_of_freedom(design, used, df_rule)
        answers = code, len(labels), coded.values, valid, inside
        totals = _answer_totals(design, *answers)
        explained = None if calibration is None else _explained(design, calibration, *answers)
        parts = []
        present = totals.any(axis=(0, 3))
        for pattern in np.unique(present, axis=0):
            own = np.flatnonzero((present == pattern).all(axis=1))
            part = table_tests(
                design,
                totals[:, own][:, :, pattern],
                used[:, own].sum(axis=0),
                df[own],
                test,
                None if explained is None else explained[:, own][:, :, pattern],
            )
            parts.append(part.assign(order=own, levels=int(pattern.sum())))
        table = pd.concat(parts).sort_values("order").drop(columns="order")
        tables.append(table.assign(indicator=coded.names, domain=str(name), test=test))
    columns = ["indicator", "domain", "n", "levels", "test", "statistic", "df1", "df2"]
    found = pd.concat(tables, ignore_index=True)
    order = np.arange(len(found)).reshape(len(domains.columns), -1).T.ravel()
    chosen: pd.DataFrame = found[[*columns, "p_value", "mean_deff", "reason"]].iloc[order]
    return chosen.reset_index(drop=True)


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
    place = design.unit[row] * levels + code[row]
    by_unit_and_level: csr_array = csr_array(
        (design.weight[row], (place, row)), shape=(design.n_units * levels, design.n_rows)
    )
    sides = [by_unit_and_level @ side for side in (valid - values, values)]
    cube = np.stack(sides, axis=-1).reshape(design.n_units, levels, values.shape[1], 2)
    return np.moveaxis(cube, 2, 1)


def _explained(
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
    cells = member * answers
    explained = calibration.explained_totals(design, rows, cells.reshape(len(rows), -1))
    return explained.reshape(design.n_units, *cells.shape[1:])


def _levels(series: pd.Series, used: Mask) -> tuple[Integers, list[Any]]:
    """Code of each row in use among the levels that have rows, in order."""
    values = series[used].astype("category").cat.remove_unused_categories()
    labels = list(values.cat.categories)
    if len(labels) < 2:
        found = f"one level only: {labels[0]}" if labels else "no answers"
        raise StudyError(f"variable '{series.name}'", found, "Give at least two levels with rows")
    return values.cat.codes.to_numpy().astype(np.intp), labels
