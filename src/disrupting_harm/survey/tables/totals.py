"""Sums of answers by sampling unit and level: all that linearisation needs to know of the rows.

The sums add up over any parts of the rows, so the same code serves data in memory and data that are
read piece by piece. Rows are added one after the other, never in parallel: the same rows in the
same order give the same bits whatever the number of processors.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disrupting_harm.arrays import Floats, Integers
from disrupting_harm.survey.design.coding import Levels, Members, Outcomes
from disrupting_harm.survey.tables.level_sums import LevelSums, adder

# Rows added at a time, and answers, few enough for the sums of their units to stay in the
# processor's cache.
ROWS_AT_ONCE = 2_048
NUMBERS_AT_ONCE = 131_072

# Rows of one unit and the same levels are joined where this leaves so small a share of them.
WORTH_JOINING = 0.5
LARGEST_NUMBER = 2.0**62

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
        order = np.argsort(unit, kind="stable")
        order = order[weight[order] > 0]
        for first in range(0, len(order), self._rows_at_once):
            rows = order[first : first + self._rows_at_once]
            units, place = np.unique(unit[rows], return_inverse=True)
            values, valid = outcomes.values[rows], outcomes.valid[rows]
            if valid.shape[1] > self.weights.shape[2]:
                self.weights = np.repeat(self.weights, valid.shape[1], axis=2)
            size, own = (len(units), len(levels)), weight[rows]
            profile = any_row = np.arange(len(rows))
            if self._join_rows:
                profile, any_row = _alike(place, levels.of_rows[rows], len(levels))
            if len(any_row) > len(rows) * WORTH_JOINING:
                values, valid = np.asarray(values, np.float64), np.asarray(valid, np.float64)
                members = levels.members(rows)
                self.by_level.add(own, members, values, valid)
                answers, weights = unit_sums(place, size, own, members, values, valid)
            else:
                weighted, counted = _profile_sums(profile, len(any_row), own, values, valid)
                members = levels.members(rows[any_row])
                once = np.ones(len(any_row))
                answers, weights = unit_sums(place[any_row], size, once, members, *weighted)
                counts = unit_sums(np.zeros_like(any_row), (1, size[1]), once, members, *counted)
                self.by_level.add_sums(counts, (answers, weights))
            _add_to(self.answers, units, answers)
            _add_to(self.weights, units, weights)


def _alike(place: Integers, level: NDArray[np.integer], n_levels: int) -> tuple[Integers, Integers]:
    """Find the rows of one unit that are in the same level of every domain.

    Args:
        place: (m,) unit of each row.
        level: (m, D) level of each row in each domain, -1 for none.
        n_levels: number of levels.

    Returns:
        The (m,) profile of each row, and one of the rows of each profile; with more domains than a
        number can tell apart every row is one.
    """
    if (np.max(place) + 1.0) * (n_levels + 1.0) ** level.shape[1] > LARGEST_NUMBER:
        return np.arange(len(place)), np.arange(len(place))
    number = place
    for column in level.T:
        number = number * (n_levels + 1) + column + 1
    profile, numbers = pd.factorize(number)
    any_row: Integers = np.empty(len(numbers), dtype=np.intp)
    any_row[profile] = np.arange(len(place))
    return profile, any_row


def _profile_sums(
    profile: Integers, n_profiles: int, weight: Floats, values: Floats, valid: Floats
) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    """Add up the answers and the valid ones of m rows by profile: with weights, and without."""
    n_rows, width = values.shape
    amounts = np.empty((n_rows, width + valid.shape[1]))
    amounts[:, :width], amounts[:, width:] = values, valid
    factor = np.column_stack([weight, np.ones(n_rows)]).ravel()
    place = np.column_stack([profile, profile + n_profiles]).ravel()
    start = np.arange(0, 2 * n_rows + 1, 2)
    sums = adder(factor, place, start, 2 * n_profiles) @ amounts
    weighted, counted = sums[:n_profiles], sums[n_profiles:]
    return (weighted[:, :width], weighted[:, width:]), (counted[:, :width], counted[:, width:])


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
