"""Cells of a table: what every estimator needs of an outcome in a level of a domain."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from disrupting_harm.arrays import Floats, Mask
from disrupting_harm.survey.calibration.calibrated_errors import CalibratedFrame, Regression
from disrupting_harm.survey.design.coding import Outcomes
from disrupting_harm.survey.design.levels import Levels
from disrupting_harm.survey.design.survey_design import SurveyDesign
from disrupting_harm.survey.tables.totals import Totals


def cell_keys(names: Sequence[str], levels: Levels) -> dict[str, list[str]]:
    """Return ``indicator, domain, level`` of K outcomes in L levels, outcome by outcome."""
    return {
        "indicator": [name for name in names for _ in range(len(levels))],
        "domain": levels.domain * len(names),
        "level": levels.name * len(names),
    }


def sum_cells(design: SurveyDesign, levels: Levels, outcomes: Outcomes) -> Totals:
    """Return the sums of K outcomes by unit of the last stage and level."""
    totals = Totals(design.n_units, len(levels), outcomes.kind)
    totals.add(design.unit, design.weight, levels, outcomes)
    return totals


def explained_scores(
    calibration: CalibratedFrame,
    design: SurveyDesign,
    levels: Levels,
    values: Floats,
    valid: Floats,
    centre: Floats,
) -> Floats:
    """Return what calibration explains of the unit totals of ``values - centre * valid``.

    Args:
        calibration: what the weights were calibrated to.
        design: the design of the n rows.
        levels: the L levels.
        values: (n, K) numbers.
        valid: (n, K) or (n, 1) numbers that the centre is taken off from ``values`` so many times.
        centre: (L, K) centres.

    Returns:
        (U, L, K), with the weights, as :func:`sum_cells` has them.

    Raises:
        StudyError: the calibration is one of another number of rows.
    """
    regression = Regression(calibration, design, *centre.shape)
    rows = np.flatnonzero(design.weight > 0)
    regression.add(rows, levels.members(rows), values[rows], valid[rows])
    regression.fit(centre)
    return regression.explained(slice(None))


def psus_present(design: SurveyDesign, weights: Floats) -> Mask:
    """(P, ...) PSUs with valid answers, from the (U, ...) sums of weights of these."""
    present = weights > 0
    if design.later_stages:
        present = np.logical_or.reduceat(present, design.psu_start[:-1], axis=0)
    return present


def by_outcome(values: Floats) -> NDArray[np.float64]:
    """Lay (L, K) cells out in the order of :func:`cell_keys`."""
    return np.asarray(values.T.ravel())
