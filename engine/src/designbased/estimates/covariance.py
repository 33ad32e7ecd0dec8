"""Covariances between estimates of one sample: of levels, of domains and of indicators.

Two estimates from the same PSUs are not independent. With the deviations ``d`` that the design
gives (:meth:`designbased.design.protocol.Design.deviations`) the covariance is ``Σ d_a d_b`` over
the whole design (R ``svyby(covmat = TRUE)``).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from designbased.arrays import Floats, Mask
from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.design.coding import Levels, Statistic, code_levels, code_outcomes
from designbased.design.deviations import Deviations
from designbased.design.protocol import Design
from designbased.design.rows import Table
from designbased.estimates.cell_estimator import CellEstimator
from designbased.estimates.composites import (
    Composite,
    CompositeEstimator,
    check_composite_names,
)
from designbased.estimates.unit_totals import cell_keys, flatten_by_outcome, sum_cells


@dataclass(frozen=True, eq=False)
class JointEstimates:
    """C estimates of one sample with their covariances.

    Attributes:
        cells: C rows with ``indicator, domain, level, n, estimate``, in the order of
            :func:`designbased.estimates.linearisation.estimate`; NaN for a level without cases.
        deviations: (V, C), whose products sum to variances and covariances.
        present: (P, C) PSUs with valid answers.
    """

    cells: pd.DataFrame
    deviations: Deviations
    present: Mask

    @property
    def matrix(self) -> Floats:
        """(C, C) covariance matrix; rows and columns of levels without cases are NaN."""
        return self.deviations.covariance()


def joint_estimates(
    design: Design,
    outcomes: Table,
    domains: Table | None = None,
    statistics: Mapping[str, Statistic] | None = None,
    calibration: CalibratedFrame | None = None,
    composites: Mapping[str, Composite] | None = None,
) -> JointEstimates:
    """Estimate every outcome in every level of every domain, with all covariances.

    Args:
        outcomes: (n, K) numbers; NaN where the answer is not valid. Proportions hold 0 and 1.
        domains: (n, D) categorical columns; NaN where the row is in no level. None is all rows.
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
    estimator = CellEstimator.from_totals(design, totals, levels, coded, calibration)
    point, present = estimator.point, estimator.present()
    values = design.deviations(estimator)
    cells = {
        **cell_keys(coded.names, levels),
        "n": flatten_by_outcome(totals.by_level.n + np.zeros(point.shape)).astype(np.int64),
        "estimate": flatten_by_outcome(point),
    }
    joint = JointEstimates(
        cells=pd.DataFrame(cells),
        deviations=Deviations(np.swapaxes(values.values, 1, 2), values.sign).reshape(-1),
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
    design: Design,
    levels: Levels,
    calibration: CalibratedFrame | None,
) -> JointEstimates:
    """Put the estimates of composites in the place of those from valid answers alone."""
    cells, deviations = joint.cells.copy(), joint.deviations.values.copy()
    present = joint.present.copy()
    outcome_names = list(dict.fromkeys(cells["indicator"]))
    check_composite_names(outcome_names, composites)
    for name, composite in composites.items():
        estimator = CompositeEstimator.from_composite(design, composite, levels, calibration)
        start = outcome_names.index(name) * len(levels)
        positions = slice(start, start + len(levels))
        is_estimated = ~np.isnan(estimator.point)
        rows = cells.index[positions]
        n = np.where(is_estimated, estimator.counts.n, 0)
        cells.loc[rows, "n"] = n.astype(np.int64)
        cells.loc[rows, "estimate"] = estimator.point
        deviations[:, positions] = np.where(
            is_estimated, design.deviations(estimator).values, np.nan
        )
        present[:, positions] = estimator.present()
    return JointEstimates(cells, Deviations(deviations, joint.deviations.sign), present)
