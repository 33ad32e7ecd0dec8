"""Sums of answers by sampling unit and level: all that linearisation needs to know of the rows.

The sums add up over any parts of the rows, so the same code serves data in memory and data that are
read piece by piece. Rows are added one after the other, never in parallel: the same rows in the
same order give the same bits whatever the number of processors.
"""

import numpy as np
from numpy.typing import NDArray

from disrupting_harm.arrays import Floats, Integers
from disrupting_harm.survey.design.coding import Outcomes
from disrupting_harm.survey.design.levels import Levels, Members
from disrupting_harm.survey.tables.alike_rows import AlikeRows
from disrupting_harm.survey.tables.level_sums import LevelSums, adder

# Rows added at a time, and answers, few enough for the sums of their units to stay in the
# processor's cache.
ROWS_AT_ONCE = 2_048
NUMBERS_AT_ONCE = 131_072

# Sums come and go by the megabyte. Once a block of this size (32 MB, never written to) was freed,
# the C library of Linux keeps smaller ones for reuse; otherwise it gives each back to the system
# and fetches it anew, which takes longer than the sums.
_ = np.empty(4_000_000)
del _


class Totals:
    """Running sums over rows, by unit of the last stage (U), level (L) and outcome (K).

    Attributes:
        by_level: the sums of all units.
        answers: (U, L, K) weighted answers ``Σwy``.
        weights: (U, L, K) weights ``Σw`` of the valid answers; (U, L, 1) while none is missing.
    """

    def __init__(
        self, n_units: int, n_levels: int, kind: NDArray[np.str_], join_rows: bool = False
    ) -> None:
        """Start from zero.

        Args:
            n_units: number of units.
            n_levels: number of levels.
            kind: (K,) the statistic of each outcome.
            join_rows: add up the rows of a unit that are in the same levels first, which is faster
                where units are large and adds in another order.
        """
        self.by_level = LevelSums(n_levels, kind)
        self._join_rows = join_rows and self.by_level.of_proportions
        # Few outcomes leave room for more rows.
        self._rows_at_once = max(ROWS_AT_ONCE, NUMBERS_AT_ONCE // len(kind))
        self.answers: Floats = np.zeros((n_units, n_levels, len(kind)))
        self.weights: Floats = np.zeros((n_units, n_levels, 1))

    def add(self, unit: Integers, weight: Floats, levels: Levels, outcomes: Outcomes) -> None:
        """Add n rows.

        Args:
            unit: (n,) unit of each row.
            weight: (n,) weight of each row; rows of weight zero are outside the sample.
            levels: the L levels, and those of each row.
            outcomes: K outcomes of the rows.
        """
        if self._join_rows:
            alike = AlikeRows(unit, levels)
            if alike.worth_joining:
                self._add_alike(alike, unit, weight, outcomes)
                return
        order = np.argsort(unit, kind="stable")
        order = order[weight[order] > 0]
        for first in range(0, len(order), self._rows_at_once):
            rows = order[first : first + self._rows_at_once]
            of_row = unit[rows]
            first_of_unit = np.diff(of_row, prepend=-1) > 0
            units, place = of_row[first_of_unit], np.cumsum(first_of_unit) - 1
            values = np.asarray(outcomes.values[rows], np.float64)
            valid = np.asarray(outcomes.valid[rows], np.float64)
            own, members = weight[rows], levels.members(rows)
            self.by_level.add(own, members, values, valid)
            size = (len(units), len(levels))
            self._add_units(units, *unit_sums(place, size, own, members, values, valid))

    def _add_alike(
        self, alike: AlikeRows, unit: Integers, weight: Floats, outcomes: Outcomes
    ) -> None:
        weighted, counted = alike.sums(weight, outcomes.values, outcomes.valid)
        units, place = np.unique(unit[alike.any_row], return_inverse=True)
        n_levels, members = self.answers.shape[1], alike.members
        once, together = np.ones(len(place)), np.zeros_like(place)
        sums = unit_sums(place, (len(units), n_levels), once, members, *weighted)
        counts = unit_sums(together, (1, n_levels), once, members, *counted)
        self.by_level.add_sums(counts, sums)
        self._add_units(units, *sums)

    def _add_units(self, units: Integers, answers: Floats, weights: Floats) -> None:
        """Add the sums of some units, ascending."""
        if weights.shape[2] > self.weights.shape[2]:
            self.weights = np.repeat(self.weights, weights.shape[2], axis=2)
        _add_to(self.answers, units, answers)
        _add_to(self.weights, units, weights)


def unit_sums(
    unit: Integers,
    size: tuple[int, int],
    weight: Floats,
    members: Members,
    values: Floats,
    valid: Floats,
) -> tuple[Floats, Floats]:
    """Add up m rows by unit and level.

    Args:
        unit: (m,) unit of each row.
        size: number of units (U) and of levels (L).
        weight: (m,) weight of each row.
        members: the levels of each row.
        values: (m, K) answers, zero where there is none.
        valid: (m, K) or (m, 1) one where there is an answer.

    Returns:
        Weighted answers (U, L, K), and the weights of the valid ones, (U, L, K) or (U, L, 1).
    """
    start, level = members
    n_units, n_levels = size
    levels_of_row = np.diff(start)
    cell = np.repeat((unit * n_levels).astype(np.int32), levels_of_row) + level
    by_unit = adder(np.repeat(weight, levels_of_row), cell, start, n_units * n_levels)
    shape = (n_units, n_levels, -1)
    return (by_unit @ values).reshape(shape), (by_unit @ valid).reshape(shape)


def _add_to(sums: Floats, rows: Integers, amounts: Floats) -> None:
    """Add to some rows of ``sums``, ascending; without a copy where they are adjacent."""
    if rows[-1] - rows[0] < len(rows):
        sums[rows[0] : rows[-1] + 1] += amounts
    else:
        sums[rows] += amounts
