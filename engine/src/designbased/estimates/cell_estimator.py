"""Proportions, means and totals of outcomes in levels of domains, for designs of every kind."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from designbased.arrays import Floats, Mask
from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.design.coding import Levels, Outcomes
from designbased.design.degrees_of_freedom import DfRule
from designbased.design.protocol import Design, Replicates
from designbased.estimates.tabulation import Cells, join_blocks
from designbased.estimates.unit_totals import Totals, explained_scores, sum_cells

# Sums of units, levels and outcomes are held in blocks of about this many numbers (64 MB).
BLOCK_SIZE = 8_000_000
# About this many deviations stay in the processor's cache.
CACHE_SIZE = 150_000


@dataclass(frozen=True, eq=False)
class CellEstimator:
    """K outcomes in L levels, estimates (L, K); see :class:`~.protocol.Estimator`.

    Attributes:
        statistic: (K,) the statistic of each outcome.
        levels: the levels.
        answers: (U, L, K) weighted answers by unit of the design.
        weights: (U, L, K) or (U, L, 1) weights of the valid ones.
        outcomes: the answers of the rows; None where only their sums are known.
        calibration: what the weights were calibrated to, or None.
    """

    design: Design
    statistic: NDArray[np.str_]
    levels: Levels
    answers: Floats
    weights: Floats
    outcomes: Outcomes | None = None
    calibration: CalibratedFrame | None = None

    @classmethod
    def from_outcomes(
        cls,
        design: Design,
        outcomes: Outcomes,
        levels: Levels,
        calibration: CalibratedFrame | None = None,
    ) -> "CellEstimator":
        """Sum the answers of all rows."""
        totals = sum_cells(design, levels, outcomes)
        return cls.from_totals(design, totals, levels, outcomes, calibration)

    @classmethod
    def from_totals(
        cls,
        design: Design,
        totals: Totals,
        levels: Levels,
        outcomes: Outcomes | None = None,
        calibration: CalibratedFrame | None = None,
    ) -> "CellEstimator":
        """Take sums that are already there by unit of the design."""
        sums = totals.answers, totals.weights
        return cls(design, totals.by_level.statistic, levels, *sums, outcomes, calibration)

    @property
    def is_ratio(self) -> Mask:
        """(K,) proportions and means, which are ratios; a total is not."""
        return np.asarray(self.statistic != "total")

    @cached_property
    def population(self) -> Floats:
        """(L, K) sum of weights of the valid answers."""
        # Added up as the answers are, so that a share of everybody is one to the last digit.
        return np.asarray(np.broadcast_to(self.weights, self.answers.shape).sum(axis=0))

    @cached_property
    def point(self) -> Floats:
        """(L, K) estimates; NaN for a level without cases."""
        point = divide_sums(self.answers.sum(axis=0), self.population, self.is_ratio)
        return np.where(self.population > 0, point, np.nan)

    def present(self) -> Mask:
        """(P, L, K) PSUs with valid answers."""
        present = self.design.psus_of_units(self.weights > 0)
        return np.broadcast_to(present, (len(present), *self.answers.shape[1:]))

    def unit_totals(self) -> Floats:
        """(U, L, K) linearised totals."""
        ratio, population = self.is_ratio, self.population
        denominator = np.where(ratio, population, np.where(population > 0, 1.0, np.nan))
        # A total is already linear.
        centre = np.where(ratio, self.point, 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            scores = self.answers - centre * self.weights
            if self.calibration is not None and self.outcomes is not None:
                values, valid = self.outcomes.values, self.outcomes.valid
                scores -= explained_scores(
                    self.calibration, self.design, self.levels, values, valid, centre
                )
            scores /= denominator
        return scores

    def replicated(self, replicates: Replicates) -> Floats:
        """(R, L, K) estimates in each replicate."""
        sums = replicates.sum_cells(self.levels, self.outcomes, (self.answers, self.weights))
        return divide_sums(*sums, self.is_ratio)

    def split(self) -> Iterator["CellEstimator"]:
        """Yield the same estimates, as many levels at a time as stay in the cache."""
        step = max(1, CACHE_SIZE // (self.design.n_deviations * len(self.statistic)))
        for first in range(0, len(self.levels), step):
            last = min(first + step, len(self.levels))
            levels = self.levels if self.outcomes is None else self.levels.between(first, last)
            yield replace(
                self,
                levels=levels,
                answers=self.answers[:, first:last],
                weights=self.weights[:, first:last],
            )


def divide_sums(answers: Floats, weights: Floats, ratio: Mask) -> Floats:
    """Make sums of answers, which are overwritten, into estimates.

    NaN without cases, except for totals.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        if ratio.all():
            answers /= weights
            return answers
        return np.where(ratio, answers / weights, answers)


def cells_by_deviations(
    design: Design,
    totals: Totals,
    levels: Levels,
    rule: DfRule,
    outcomes: Outcomes | None = None,
    calibration: CalibratedFrame | None = None,
) -> Cells:
    """Turn sums by unit into estimates and their variances.

    Args:
        totals: sums by unit of the design, of L levels and K outcomes.
        outcomes: the answers of the rows; None where only their sums are known.

    Returns:
        The arrays of :func:`.linearisation.linearise`.
    """
    estimator = CellEstimator.from_totals(design, totals, levels, outcomes, calibration)
    shape = estimator.point.shape
    variances = [design.deviations(block).variances() for block in estimator.split()]
    df = design.domain_df(design.psus_of_units(totals.weights > 0), rule)
    population = estimator.population
    return {
        "population": population,
        "estimate": estimator.point,
        "variance": np.where(population > 0, np.concatenate(variances), np.nan),
        "df": np.broadcast_to(df, shape),
        "n": totals.by_level.n,
        "n_yes": totals.by_level.n_yes,
        "spread": totals.by_level.spread(),
    }


def sum_levels_by_deviations(
    design: Design,
    outcomes: Outcomes,
    levels: Levels,
    rule: DfRule,
    calibration: CalibratedFrame | None = None,
) -> Cells:
    """Estimate the cells of all levels, a few levels at a time."""
    size = max(design.n_units, design.n_deviations) * len(outcomes.names)
    step = max(1, BLOCK_SIZE // size)
    blocks = []
    for first in range(0, len(levels), step):
        some = levels.between(first, min(first + step, len(levels)))
        totals = sum_cells(design, some, outcomes)
        blocks.append(cells_by_deviations(design, totals, some, rule, outcomes, calibration))
    return join_blocks(blocks, axis=0)
