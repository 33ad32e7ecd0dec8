"""Kish's effective number of the cases behind weighted counts."""

import numpy as np
import pandas as pd

from disrupting_harm.arrays import Floats
from disrupting_harm.survey.design.coding import OutcomeRows
from disrupting_harm.survey.design.levels import code_levels
from disrupting_harm.survey.design.survey_design import SurveyDesign
from disrupting_harm.survey.tables.level_sums import adder
from disrupting_harm.survey.tables.totals import ROWS_AT_ONCE


def kish_n(design: SurveyDesign, outcomes: pd.DataFrame, domains: pd.DataFrame) -> Floats:
    """Return ``(Σw)² / Σw²`` over the cases that make up the total of each outcome and level.

    Args:
        design: the design of the n rows.
        outcomes: (n, K) numbers; NaN where the answer is not valid. The cases of a total are the
            rows whose answer is neither missing nor zero.
        domains: (n, D) categorical columns.

    Returns:
        One number per outcome, domain and category, in the order of ``linearise.estimate``; zero
        where there is no case. It never exceeds the unweighted number of cases.

    Raises:
        StudyError: the frames do not fit the design.

    Source: Kish 1965, Survey Sampling; Parker et al. 2023, NCHS Vital and Health Statistics 2(200).
    """
    answers = OutcomeRows(outcomes, design.rows, dict.fromkeys(map(str, outcomes), "mean"))
    levels = code_levels(domains, design.rows)
    total, squares = np.zeros((2, len(levels), len(answers.names)))
    for first in range(0, design.n_rows, ROWS_AT_ONCE):
        rows = slice(first, first + ROWS_AT_ONCE)
        cases = (answers.take(rows)[0] != 0).astype(np.float64)
        start, level = levels.members(rows)
        weight = np.repeat(design.weight[rows], np.diff(start))
        total += adder(weight, level, start, len(levels)) @ cases
        squares += adder(weight**2, level, start, len(levels)) @ cases
    effective = np.divide(total**2, squares, out=np.zeros_like(total), where=squares > 0)
    by_outcome: Floats = effective.T.ravel()
    return by_outcome
