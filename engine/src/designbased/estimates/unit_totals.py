"""Sums of answers by sampling unit and level: all that linearisation needs to know of the rows.

The sums add up over any parts of the rows, so the same code serves data in memory and data that are
read piece by piece. Rows are added one after the other, never in parallel: the same rows in the
same order give the same bits whatever the number of processors.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csc_array

from designbased.arrays import Floats, Integers
from designbased.calibration.calibrated_errors import CalibratedFrame, Regression
from designbased.design.coding import Levels, Members, Outcomes
from designbased.design.protocol import Design

# Zeros and ones of rows alike, those of one unit that are in the same levels, added up together.
#
# Several answers of a row make one number, its pattern. A pass over the rows adds the weight of
# each to its pattern, and the sums of all these answers follow from the sums of the patterns.


# (G, K) answers and (G, K) or (G, 1) valid ones of G groups of rows.
Sums: TypeAlias = tuple[Floats, Floats]

# Rows alike are joined where this leaves so small a share of them.
WORTH_JOINING = 0.1
# Answers that make a pattern: fewer where all groups together would have more patterns than there
# are rows. Larger tables of sums leave the processor's cache.
MOST_ANSWERS = 4
LARGEST_NUMBER = 2.0**62


class AlikeRows:
    """Groups of rows alike.

    Attributes:
        group: (n,) group of each row.
        any_row: (G,) one of the rows of each group.
    """

    def __init__(self, unit: Integers, levels: Levels) -> None:
        """Find the groups.

        Args:
            levels: the L levels, and those of each row; -1 where it is in none of a domain.
        """
        lowest = int(np.min(unit))
        number: Integers = unit - lowest
        n_numbers = float(np.max(number)) + 1
        for codes, count in zip(levels.codes, _count_levels(levels), strict=True):
            number = number * (count + 1) + codes + 1
            n_numbers *= count + 1
        self.group, self.any_row = _number_distinct(number, n_numbers)
        self._levels = levels

    @property
    def worth_joining(self) -> bool:
        """There are few groups beside the rows."""
        return len(self.any_row) <= WORTH_JOINING * len(self.group)

    @property
    def members(self) -> Members:
        """The levels of each group."""
        codes = [codes_of_domain[self.any_row] for codes_of_domain in self._levels.codes]
        return replace(self._levels, codes=codes).members(slice(None))

    def sums(
        self,
        weight: Floats,
        values: NDArray[np.generic],
        valid: NDArray[np.generic],
        rows: slice = slice(None),
    ) -> tuple[Sums, Sums]:
        """Add up by group: with weights, and without those of rows of weight zero.

        Args:
            values: (n, K) answers, zero where there is none.
            valid: (n, K) or (n, 1) one where there is an answer.
            rows: which rows of those in groups the n are; all of them if left out.
        """
        sampled = None if weight.all() else (weight > 0).astype(np.float64)
        (answers, n_yes), (weights, n) = (
            self._sum_amounts(columns, (weight, sampled), rows) for columns in (values, valid)
        )
        return (answers, weights), (n_yes, n)

    def _sum_amounts(
        self, columns: NDArray[np.generic], amounts: Sequence[Floats | None], rows: slice
    ) -> list[Floats]:
        """(G, K) sums of the amount of the rows whose answer is one; None is one for each row."""
        # Column after column in memory.
        columns = np.asfortranarray(columns, dtype=np.uint8)
        groups, width = len(self.any_row), columns.shape[1]
        step = max(1, min(MOST_ANSWERS, int(np.log2(len(self.group) / groups))))
        first_cell = self.group[rows] << step
        sums = [np.empty((width, groups)) for _ in amounts]
        for start_column in range(0, width, step):
            block = columns[:, start_column : start_column + step].T
            # The digits of a binary number.
            pattern = block[0].copy()
            for answers in block[1:]:
                pattern += pattern
                pattern += answers
            cell = first_cell + pattern
            digits = (np.arange(1 << step) >> np.arange(len(block))[::-1, np.newaxis]) & 1
            for group_sums, amount in zip(sums, amounts, strict=True):
                by_pattern = np.bincount(cell, amount, groups << step).reshape(groups, -1)
                group_sums[start_column : start_column + step] = (
                    digits.astype(np.float64) @ by_pattern.T
                )
        return [group_sums.T for group_sums in sums]


def _count_levels(levels: Levels) -> list[int]:
    """The number of levels of each domain."""
    ends = [*levels.start[1:], len(levels)]
    return [end - start for start, end in zip(levels.start, ends, strict=True)]


def _number_distinct(number: Integers, n_numbers: float) -> tuple[Integers, Integers]:
    """Number the distinct values of (n,) numbers below ``n_numbers``, and find a row of each."""
    rows = np.arange(len(number))
    if n_numbers > LARGEST_NUMBER:
        # The numbers do not tell all rows apart that differ: each is its own.
        return rows, rows
    if n_numbers > len(number):
        group, values = pd.factorize(number)
        any_row = np.empty(len(values), dtype=np.intp)
        any_row[group] = rows
        return group, any_row
    any_row = np.full(int(n_numbers), -1)
    any_row[number] = rows
    present = any_row >= 0
    return (np.cumsum(present) - 1)[number], any_row[present]


# Sums of answers over all rows, by level: counts, estimates and spreads follow from them.


class LevelSums:
    """Running sums over rows, by level (L) and outcome (K).

    Attributes:
        statistic: (K,) the statistic of each outcome.
        n: (L, K) number of valid answers, without weights.
        n_yes: (L, K) sum of the answers without weights: the ones of a proportion.
        weights: (L, K) weights ``Σw`` of the valid answers.
        answers: (L, K) weighted answers ``Σwy``.
        complete: no answer is missing so far.
        squares: moments of the answers in rows that each count by a factor of their own.
    """

    def __init__(self, n_levels: int, statistic: NDArray[np.str_]) -> None:
        self.statistic = statistic
        self.complete = True
        self.n, self.n_yes, self.weights, self.answers = np.zeros((4, n_levels, len(statistic)))
        self._is_number = statistic != "proportion"
        self._spread = Moments(n_levels, self._is_number[self._is_number])
        self.squares = Moments(n_levels, self._is_number)

    def add(
        self,
        weight: Floats,
        members: Members,
        values: Floats,
        valid: Floats,
        factor: Floats | None = None,
    ) -> None:
        """Add m rows.

        Args:
            weight: (m,) weight of each row, positive.
            values: (m, K) answers, zero where there is none.
            valid: (m, K) or (m, 1) one where there is an answer.
            factor: (m,) factor of each row in ``squares``.
        """
        self.complete &= valid.shape[1] == 1
        start, level = members
        by_level = sum_matrix(np.ones(len(level)), level, start, len(self.n))
        weight = weight[:, np.newaxis]
        self.n += by_level @ valid
        self.n_yes += by_level @ values
        self.weights += by_level @ (weight * valid)
        self.answers += by_level @ (weight * values)
        if self._is_number.any():
            is_valid = np.broadcast_to(valid, values.shape)[:, self._is_number]
            self._spread.add(by_level, weight, values[:, self._is_number], is_valid)
        if factor is not None:
            self.squares.add(by_level, factor[:, np.newaxis], values, valid)

    def add_sums(self, unweighted: tuple[Floats, Floats], weighted: tuple[Floats, Floats]) -> None:
        """Add rows of positive weight with proportions, already summed by unit and level.

        Args:
            unweighted: (U, L, K) answers, and (U, L, K) or (U, L, 1) valid ones, without weights.
            weighted: the same of others of the U units, with weights.
        """
        self.complete &= unweighted[1].shape[2] == 1
        sums = (self.n_yes, self.n, self.answers, self.weights)
        for sum_, amounts in zip(sums, (*unweighted, *weighted), strict=True):
            sum_ += amounts.sum(axis=0)

    def take_number_sums(self, number_sums: "LevelSums") -> None:
        """Take the sums of means and totals from those of these outcomes alone."""
        sum_names = ("n", "n_yes", "weights", "answers")
        for name in sum_names:
            getattr(self, name)[:, self._is_number] = getattr(number_sums, name)
        self._spread = number_sums._spread
        self.complete &= number_sums.complete

    @property
    def of_proportions(self) -> bool:
        """No outcome is a mean or a total."""
        return not self._is_number.any()

    def spread(self) -> Floats:
        """(L, K) ``Σw(y - ȳ)²/Σw`` of means and totals, NaN for proportions."""
        spread = np.full(self.n.shape, np.nan)
        weights, answers = self.weights[:, self._is_number], self.answers[:, self._is_number]
        with np.errstate(divide="ignore", invalid="ignore"):
            spread[:, self._is_number] = self._spread.about(answers / weights) / weights
        return spread


class Moments:
    """Running sums ``Σg``, ``Σg(y - c)`` and ``Σg(y - c)²`` of rows with the factor g, by level.

    The common centre ``c`` of a mean or total comes from the first rows, lest large means swamp
    small differences; that of a proportion is zero.
    """

    def __init__(self, n_levels: int, measured: NDArray[np.bool_]) -> None:
        self._measured = measured
        self._sums: Floats = np.zeros((3, n_levels, len(measured)))
        self._centre: Floats | None = None

    def add(self, by_level: csc_array, factor: Floats, values: Floats, valid: Floats) -> None:
        """Add m rows, whose levels are the columns of ``by_level``."""
        if self._centre is None:
            mean = values.sum(axis=0) / np.maximum(valid.sum(axis=0), 1)
            self._centre = np.where(self._measured, mean, 0.0)
        centred = (values - self._centre) * valid
        for sums, amounts in zip(self._sums, (valid, centred, centred**2), strict=True):
            sums += by_level @ (factor * amounts)

    def about(self, point: Floats) -> Floats:
        """(L, K) ``Σg(y - point)²``."""
        shift = point - (0.0 if self._centre is None else self._centre)
        weights, first, second = self._sums
        squares: Floats = second - 2 * shift * first + shift**2 * weights
        return squares


def sum_matrix(
    factor: Floats, row: NDArray[np.integer], start: NDArray[np.integer], n_rows: int
) -> csc_array:
    """Return the (n_places, m) matrix that adds ``factor`` times each row up into its places."""
    return csc_array((factor, row, start), shape=(n_rows, len(start) - 1))


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
        self, n_units: int, n_levels: int, statistic: NDArray[np.str_], join_rows: bool = False
    ) -> None:
        """Start from zero.

        Args:
            join_rows: add up the rows of a unit that are in the same levels first, which is faster
                where units are large and adds in another order.
        """
        self.by_level = LevelSums(n_levels, statistic)
        self._join_rows = join_rows and self.by_level.of_proportions
        # Few outcomes leave room for more rows.
        self._rows_at_once = max(ROWS_AT_ONCE, NUMBERS_AT_ONCE // len(statistic))
        self.answers: Floats = np.zeros((n_units, n_levels, len(statistic)))
        self.weights: Floats = np.zeros((n_units, n_levels, 1))

    def add(self, unit: Integers, weight: Floats, levels: Levels, outcomes: Outcomes) -> None:
        """Add n rows.

        Args:
            weight: (n,) weight of each row; rows of weight zero are outside the sample.
            levels: the L levels, and those of each row.
        """
        if self._join_rows:
            alike = AlikeRows(unit, levels)
            if alike.worth_joining:
                self._add_alike(alike, unit, weight, outcomes)
                return
        order = np.argsort(unit, kind="stable")
        order = order[weight[order] > 0]
        for start in range(0, len(order), self._rows_at_once):
            rows = order[start : start + self._rows_at_once]
            of_row = unit[rows]
            first_of_unit = np.diff(of_row, prepend=-1) > 0
            units, unit_index = of_row[first_of_unit], np.cumsum(first_of_unit) - 1
            values = np.asarray(outcomes.values[rows], np.float64)
            valid = np.asarray(outcomes.valid[rows], np.float64)
            row_weights, members = weight[rows], levels.members(rows)
            self.by_level.add(row_weights, members, values, valid)
            shape = (len(units), len(levels))
            self._add_units(
                units,
                *sum_by_unit_and_level(unit_index, shape, row_weights, members, values, valid),
            )

    def _add_alike(
        self, alike: AlikeRows, unit: Integers, weight: Floats, outcomes: Outcomes
    ) -> None:
        weighted, unweighted = alike.sums(weight, outcomes.values, outcomes.valid)
        units, unit_index = np.unique(unit[alike.any_row], return_inverse=True)
        n_levels, members = self.answers.shape[1], alike.members
        once, together = np.ones(len(unit_index)), np.zeros_like(unit_index)
        sums = sum_by_unit_and_level(unit_index, (len(units), n_levels), once, members, *weighted)
        counts = sum_by_unit_and_level(together, (1, n_levels), once, members, *unweighted)
        self.by_level.add_sums(counts, sums)
        self._add_units(units, *sums)

    def _add_units(self, units: Integers, answers: Floats, weights: Floats) -> None:
        """Add the sums of some units, ascending."""
        if weights.shape[2] > self.weights.shape[2]:
            self.weights = np.repeat(self.weights, weights.shape[2], axis=2)
        _add_in_rows(self.answers, units, answers)
        _add_in_rows(self.weights, units, weights)


def sum_by_unit_and_level(
    unit: Integers,
    n_units_and_levels: tuple[int, int],
    weight: Floats,
    members: Members,
    values: Floats,
    valid: Floats,
) -> tuple[Floats, Floats]:
    """Add up m rows by unit and level.

    Args:
        n_units_and_levels: number of units (U) and of levels (L).
        values: (m, K) answers, zero where there is none.
        valid: (m, K) or (m, 1) one where there is an answer.

    Returns:
        Weighted answers (U, L, K), and the weights of the valid ones, (U, L, K) or (U, L, 1).
    """
    start, level = members
    n_units, n_levels = n_units_and_levels
    levels_of_row = np.diff(start)
    cell = np.repeat((unit * n_levels).astype(np.int32), levels_of_row) + level
    by_unit = sum_matrix(np.repeat(weight, levels_of_row), cell, start, n_units * n_levels)
    shape = (n_units, n_levels, -1)
    return (by_unit @ values).reshape(shape), (by_unit @ valid).reshape(shape)


def _add_in_rows(sums: Floats, rows: Integers, amounts: Floats) -> None:
    """Add to some rows of ``sums``, ascending; without a copy where they are adjacent."""
    if rows[-1] - rows[0] < len(rows):
        sums[rows[0] : rows[-1] + 1] += amounts
    else:
        sums[rows] += amounts


# Cells of a table: what every estimator needs of an outcome in a level of a domain.


def cell_keys(outcome_names: Sequence[str], levels: Levels) -> dict[str, list[str]]:
    """Return ``indicator, domain, level`` of K outcomes in L levels, outcome by outcome."""
    return {
        "indicator": [name for name in outcome_names for _ in range(len(levels))],
        "domain": levels.domain * len(outcome_names),
        "level": levels.name * len(outcome_names),
    }


def sum_cells(design: Design, levels: Levels, outcomes: Outcomes) -> Totals:
    """Return the sums of K outcomes by unit of the last stage and level."""
    totals = Totals(design.n_units, len(levels), outcomes.statistic)
    totals.add(design.unit, design.weight, levels, outcomes)
    return totals


def explained_scores(
    calibration: CalibratedFrame,
    design: Design,
    levels: Levels,
    values: Floats,
    valid: Floats,
    centre: Floats,
) -> Floats:
    """Return what calibration explains of the unit totals of ``values - centre * valid``.

    Args:
        values: (n, K) numbers.
        valid: (n, K) or (n, 1) numbers that the centre is taken off from ``values`` so many times.
        centre: (L, K) centres.

    Returns:
        (U, L, K), with the weights, as :func:`sum_cells` has them.

    Raises:
        InputError: the calibration is one of another number of rows.
    """
    regression = Regression(calibration, design, *centre.shape)
    rows = np.flatnonzero(design.weight > 0)
    regression.add(rows, levels.members(rows), values[rows], valid[rows])
    regression.fit(centre)
    return regression.explained(slice(None))


def flatten_by_outcome(values: Floats) -> NDArray[np.float64]:
    """Lay (L, K) cells out in the order of :func:`cell_keys`."""
    return np.asarray(values.T.ravel())
