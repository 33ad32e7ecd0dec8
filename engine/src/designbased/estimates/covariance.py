"""Covariances between estimates of one sample: of levels, of domains and of indicators.

Two estimates from the same PSUs are not independent. With the deviations ``d`` of
:func:`designbased.variance.deviations.scaled_deviations` of their linearised totals the
covariance is ``Σ d_a d_b`` over the whole design (R ``svyby(covmat = TRUE)``).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from designbased.arrays import Floats, Mask
from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.design.coding import Levels, Statistic, code_levels, code_outcomes
from designbased.design.rows import Table
from designbased.design.survey_design import SurveyDesign
from designbased.estimates.composites import (
    Composite,
    check_composite_names,
    composite_cells,
    composite_deviations,
)
from designbased.estimates.unit_totals import (
    cell_keys,
    explained_scores,
    flatten_by_outcome,
    psus_present,
    sum_cells,
)
from designbased.variance.deviations import has_nothing_to_average, scaled_deviations


@dataclass(frozen=True, eq=False)
class JointEstimates:
    """C estimates of one sample with their covariances.

    Attributes:
        cells: C rows with ``indicator, domain, level, n, estimate``, in the order of
            :func:`designbased.estimates.linearisation.estimate`; NaN for a level without cases.
        deviations: (V, C) deviations whose products sum to variances and covariances.
        present: (P, C) PSUs with valid answers.
    """

    cells: pd.DataFrame
    deviations: Floats
    present: Mask

    @property
    def matrix(self) -> Floats:
        """(C, C) covariance matrix; rows and columns of levels without cases are NaN."""
        covariance: Floats = self.deviations.T @ self.deviations
        return covariance


def joint_estimates(
    design: SurveyDesign,
    outcomes: Table,
    domains: Table,
    statistics: Mapping[str, Statistic] | None = None,
    calibration: CalibratedFrame | None = None,
    composites: Mapping[str, Composite] | None = None,
) -> JointEstimates:
    """Estimate every outcome in every level of every domain, with all covariances.

    Args:
        outcomes: (n, K) numbers; NaN where the answer is not valid. Proportions hold 0 and 1.
        domains: (n, D) categorical columns; NaN where the row is in no level.
        statistics: statistic by outcome; an outcome left out is a proportion.
        calibration: what the weights were calibrated to, for standard errors that account for it;
            None takes the weights as given.
        composites: the parts of outcomes that are "any of" several answers, see
            :mod:`designbased.estimates.composites`.

    Raises:
        InputError: the frames do not fit the design, or an outcome or domain has the wrong type or
            values.
    """
    coded = code_outcomes(outcomes, design.rows, statistics)
    levels = code_levels(domains, design.rows)
    totals = sum_cells(design, levels, coded)
    weights = np.broadcast_to(totals.weights, totals.answers.shape)
    total, population = totals.answers.sum(axis=0), weights.sum(axis=0)
    ratio = coded.statistic != "total"
    denominator = np.where(ratio, population, np.where(population > 0, 1.0, np.nan))
    with np.errstate(divide="ignore", invalid="ignore"):
        point = total / denominator
        centre = np.where(ratio, point, 0.0)
        scores = totals.answers - centre * weights
        if calibration is not None:
            scores -= explained_scores(
                calibration, design, levels, coded.values, coded.valid, centre
            )
        scores /= denominator
    deviations = scaled_deviations(design, scores)
    present = psus_present(design, weights)
    deviations[:, has_nothing_to_average(design, present)] = np.nan
    cells = {
        **cell_keys(coded.names, levels),
        "n": flatten_by_outcome(totals.by_level.n + np.zeros(point.shape)).astype(np.int64),
        "estimate": flatten_by_outcome(point),
    }
    joint = JointEstimates(
        cells=pd.DataFrame(cells),
        deviations=deviations.transpose(0, 2, 1).reshape(len(deviations), -1),
        present=present.transpose(0, 2, 1).reshape(len(present), -1),
    )
    return (
        joint
        if not composites
        else _replace_by_composites(joint, composites, design, levels, calibration)
    )


def _replace_by_composites(
    joint: JointEstimates,
    composites: Mapping[str, Composite],
    design: SurveyDesign,
    levels: Levels,
    calibration: CalibratedFrame | None,
) -> JointEstimates:
    """Put the estimates of composites in the place of those from valid answers alone."""
    cells, deviations = joint.cells.copy(), joint.deviations.copy()
    present = joint.present.copy()
    outcome_names = list(dict.fromkeys(cells["indicator"]))
    check_composite_names(outcome_names, composites)
    for name, composite in composites.items():
        of_composite = composite_cells(design, composite, levels)
        start = outcome_names.index(name) * len(levels)
        positions = slice(start, start + len(levels))
        is_estimated = ~np.isnan(of_composite.estimate)
        rows = cells.index[positions]
        cells.loc[rows, "n"] = np.where(is_estimated, of_composite.counts.n, 0).astype(np.int64)
        cells.loc[rows, "estimate"] = of_composite.estimate
        deviations[:, positions] = np.where(
            is_estimated, composite_deviations(design, of_composite, calibration), np.nan
        )
        present[:, positions] = of_composite.counts.present(design.psu, design.n_psus)
    return JointEstimates(cells, deviations, present)
