"""Design variances of many cells, from scores of units that come one group of PSUs at a time.

A table of all units, levels and outcomes is larger than the data themselves; here only some PSUs of
it exist at once. A stratum may come in several parts: the squared deviations inside it are those
inside its parts and those of the means of its parts (Chan, Golub & LeVeque 1983, The American
Statistician 37), which loses no digits.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from designbased.arrays import Floats, Integers
from designbased.design.deviations import (
    adjacent_sum_matrix,
    first_stage_factor,
    later_deviations,
    later_stage_factors,
)
from designbased.design.survey_design import SurveyDesign

# A last stage whose units are single rows: its variance without a table of its units.
#
# Inside a unit ``i`` of the stage above, with the scores ``z_j`` of its ``m_i`` sampled rows,
#
#     Σ_j (z_j - z̄_i)² = Σ_j z_j² - (Σ_j z_j)² / m_i.
#
# Both terms come from sums that are made anyway: squares of scores by level, in which each row
# counts by the factor of its unit, and the totals of the units above. A PSU of ten children needs
# one row of sums, not ten.


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
    def from_design(cls, design: SurveyDesign) -> Self | None:
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


# A difference of sums this small beside them is a rounding error.
ROUNDING = 1e-12


def psu_groups(design: SurveyDesign, n_units: int) -> Iterator[tuple[int, int]]:
    """Yield groups of PSUs, first one and the one after the last, of about ``n_units`` units."""
    first = 0
    while first < design.n_psus:
        end = design.psu_start[first] + n_units
        last = max(first + 1, int(np.searchsorted(design.psu_start, end, side="right")) - 1)
        yield first, last
        first = last


class Variances:
    """Running variances of cells.

    Args:
        grand_mean: (...) mean of the scores of all PSUs, from which those of lonely PSUs deviate
            where the design says so.
        single: the last stage that was taken off the design.
    """

    def __init__(
        self, design: SurveyDesign, grand_mean: Floats, single: SingleRows | None = None
    ) -> None:
        self._design, self._grand_mean, self._single = design, grand_mean, single
        self._factor = first_stage_factor(design)
        self._later_factors = later_stage_factors(design)
        self._from_grand_mean = design.lonely & (design.lonely_psu == "centre")
        # The last stratum so far: which, how many of its PSUs, and their mean.
        self._stratum, self._psus, self._mean = -1, 0, grand_mean
        self._variance: Floats = np.zeros(grand_mean.shape)
        self._unit_squares: Floats = np.zeros(grand_mean.shape)

    def add(self, first: int, last: int, scores: Floats) -> None:
        """Add the PSUs from ``first`` to before ``last``, which follow those added before.

        Args:
            scores: (units, ...) scores of their units of the last stage; they are overwritten.
        """
        if self._single is not None:
            start = self._design.psu_start
            factor = self._single.unit_factor[start[first] : start[last]]
            self._unit_squares += np.einsum("u,u...,u...->...", factor, scores, scores)
        scores, later = later_deviations(self._design, scores, first, last, self._later_factors)
        for deviations in later:
            deviations *= deviations
            self._variance += deviations.sum(axis=0)
        self._add_psus(first, last, scores)

    def variance(self, row_squares: Floats) -> Floats:
        """Return the variances, given the summed squares of the scores of single rows."""
        if self._single is None:
            return self._variance
        inside = row_squares - self._unit_squares
        # Where the rows of every unit have equal scores, this is the rounding error of zero.
        return self._variance + np.where(inside <= ROUNDING * row_squares, 0.0, inside)

    def _add_psus(self, first: int, last: int, scores: Floats) -> None:
        shape = self._variance.shape
        strata, n_psus = self._count_psus_by_stratum(first, last)
        adding = adjacent_sum_matrix(n_psus)
        scores = scores.reshape(last - first, -1)
        mean = (adding @ scores) / n_psus[:, np.newaxis]
        self._join_stratum(int(strata[0]), int(n_psus[0]), mean[0].reshape(shape))
        for alone in np.flatnonzero(self._from_grand_mean[strata]):
            mean[alone] = self._grand_mean.ravel()
        scores -= mean if len(n_psus) == 1 else np.repeat(mean, n_psus, axis=0)
        scores *= scores
        squares = (adding @ scores) * self._factor[strata, np.newaxis]
        self._variance += squares.sum(axis=0).reshape(shape)
        if len(n_psus) > 1:
            self._stratum, self._psus, self._mean = strata[-1], n_psus[-1], mean[-1].reshape(shape)

    def _count_psus_by_stratum(self, first: int, last: int) -> tuple[Integers, Integers]:
        """Strata of some PSUs, and how many of these PSUs each of them has."""
        of_psus = self._design.psu_stratum[first:last]
        strata = np.arange(of_psus[0], of_psus[-1] + 1)
        return strata, np.bincount(of_psus - of_psus[0])

    def _join_stratum(self, stratum: int, psus: int, mean: Floats) -> None:
        """Join the first stratum of a group with its part in the group before."""
        if stratum != self._stratum:
            self._stratum, self._psus, self._mean = stratum, psus, mean
            return
        together = self._psus + psus
        difference = mean - self._mean
        between = self._factor[stratum] * self._psus * psus / together
        self._variance += between * difference**2
        self._mean = self._mean + difference * (psus / together)
        self._psus = together
