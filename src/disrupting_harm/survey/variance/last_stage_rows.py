"""A last stage whose units are single rows: its variance without a table of its units.

Inside a unit ``i`` of the stage above, with the scores ``z_j`` of its ``m_i`` sampled rows,

    Σ_j (z_j - z̄_i)² = Σ_j z_j² - (Σ_j z_j)² / m_i.

Both terms come from sums that are made anyway: squares of scores by level, in which each row counts
by the factor of its unit, and the totals of the units above. A PSU of ten children needs one row of
sums, not ten.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from disrupting_harm.arrays import Floats
from disrupting_harm.survey.design.survey_design import SurveyDesign
from disrupting_harm.survey.variance.deviations import later_stage_factors


@dataclass(frozen=True, eq=False)
class SingleRows:
    """A design without its last stage, and what that stage adds to variances.

    Attributes:
        design: the design of the stages before.
        row_factor: (n,) factor of the square of each row's score, its weight included.
        unit_factor: (A,) factor of the squared total of each unit of the stage above.
    """

    design: SurveyDesign
    row_factor: Floats
    unit_factor: Floats

    @classmethod
    def of(cls, design: SurveyDesign) -> Self | None:
        """Take the last stage off, unless there is none or a unit of it has several rows."""
        if not design.later_stages:
            return None
        stage = design.later_stages[-1]
        rows = np.bincount(stage.unit[design.weight > 0])
        if (rows > 1).any():
            return None
        factor = later_stage_factors(design)[-1]
        before = replace(design, later_stages=design.later_stages[:-1])
        return cls(before, factor[before.unit] * design.weight**2, factor / stage.sampled)
