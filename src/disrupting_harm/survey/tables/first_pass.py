"""The first pass over the rows: sums by level, from which estimates follow."""

import numpy as np
from numpy.typing import NDArray

from disrupting_harm.arrays import Floats, Integers
from disrupting_harm.survey.calibration.calibrated_errors import Regression
from disrupting_harm.survey.design.coding import MISSING, Bytes, OutcomeRows
from disrupting_harm.survey.design.levels import Levels
from disrupting_harm.survey.design.survey_design import SurveyDesign
from disrupting_harm.survey.tables.alike_rows import AlikeRows
from disrupting_harm.survey.tables.level_sums import LevelSums
from disrupting_harm.survey.tables.totals import ROWS_AT_ONCE, unit_sums
from disrupting_harm.survey.variance.last_stage_rows import SingleRows

# Rows that are alike in their levels are added so many at a time.
MANY_ROWS = 32_768


def sums_by_level(
    design: SurveyDesign,
    answers: OutcomeRows,
    levels: Levels,
    regression: Regression | None,
    single: SingleRows | None,
) -> LevelSums:
    """Sum by level, in the order of the rows; rows alike together where there are many of them."""
    held = answers.bytes if design.n_rows > MANY_ROWS else None
    if held is not None and regression is None and single is None:
        alike = AlikeRows(np.zeros(design.n_rows, dtype=np.intp), levels)
        if alike.worth_joining:
            return _sums_of_alike(design.weight, held, answers.kind, levels, alike)
    sums = LevelSums(len(levels), answers.kind)
    for first in range(0, design.n_rows, ROWS_AT_ONCE):
        rows: slice | Integers = slice(first, min(first + ROWS_AT_ONCE, design.n_rows))
        values, valid = answers.take(rows)
        sampled = design.weight[rows] > 0
        if not sampled.all():
            rows, values, valid = first + np.flatnonzero(sampled), values[sampled], valid[sampled]
        members = levels.members(rows)
        factor = None if single is None else single.row_factor[rows]
        sums.add(design.weight[rows], members, values, valid, factor)
        if regression is not None:
            regression.add(rows, members, values, valid)
    return sums


def _sums_of_alike(
    weight: Floats, answers: Bytes, kind: NDArray[np.str_], levels: Levels, alike: AlikeRows
) -> LevelSums:
    """Sum by level: proportions by rows that are in the same levels, other outcomes by rows."""
    sums, number = LevelSums(len(levels), kind), kind != "proportion"
    own = answers.of_columns(number)
    measured = LevelSums(len(levels), kind[number])
    once, nowhere = np.ones(len(alike.any_row)), np.zeros(len(alike.any_row), dtype=np.intp)
    for first in range(0, len(weight), MANY_ROWS):
        rows = slice(first, min(first + MANY_ROWS, len(weight)))
        found, some = answers.answers[rows], weight[rows]
        weighted, counted = (
            unit_sums(nowhere, (1, len(levels)), once, alike.members, *amounts)
            for amounts in alike.sums(some, found == 1, found != MISSING, rows)
        )
        sums.add_sums(counted, weighted)
        if number.any():
            values, valid = own.take(rows)
            valid = valid * (some > 0)[:, np.newaxis]
            measured.add(some, levels.members(rows), values * valid, valid)
    sums.take_measured(measured)
    return sums
