"""Zeros and ones of rows alike, those of one unit that are in the same levels, added up together.

Several answers of a row make one number, its pattern. A pass over the rows adds the weight of each
to its pattern, and the sums of all these answers follow from the sums of the patterns.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disrupting_harm.arrays import Floats, Integers
from disrupting_harm.survey.design.levels import Levels, Members

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
            unit: (n,) unit of each row.
            levels: the L levels, and those of each row; -1 where it is in none of a domain.
        """
        first = int(np.min(unit))
        number: Integers = unit - first
        size = float(np.max(number)) + 1
        for codes, count in zip(levels.codes, _sizes(levels), strict=True):
            number = number * (count + 1) + codes + 1
            size *= count + 1
        self.group, self.any_row = _distinct(number, size)
        self._levels = levels

    @property
    def worth_joining(self) -> bool:
        """There are few groups beside the rows."""
        return len(self.any_row) <= WORTH_JOINING * len(self.group)

    @property
    def members(self) -> Members:
        """The levels of each group."""
        codes = [own[self.any_row] for own in self._levels.codes]
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
            weight: (n,) weight of each row.
            values: (n, K) answers, zero where there is none.
            valid: (n, K) or (n, 1) one where there is an answer.
            rows: which rows of those in groups the n are; all of them if left out.
        """
        sampled = None if weight.all() else (weight > 0).astype(np.float64)
        (answers, n_yes), (weights, n) = (
            self._sums(columns, (weight, sampled), rows) for columns in (values, valid)
        )
        return (answers, weights), (n_yes, n)

    def _sums(
        self, columns: NDArray[np.generic], amounts: Sequence[Floats | None], rows: slice
    ) -> list[Floats]:
        """(G, K) sums of the amount of the rows whose answer is one; None is one for each row."""
        # Column after column in memory.
        columns = np.asfortranarray(columns, dtype=np.uint8)
        groups, width = len(self.any_row), columns.shape[1]
        step = max(1, min(MOST_ANSWERS, int(np.log2(len(self.group) / groups))))
        start = self.group[rows] << step
        sums = [np.empty((width, groups)) for _ in amounts]
        for first in range(0, width, step):
            some = columns[:, first : first + step].T
            # The digits of a binary number.
            pattern = some[0].copy()
            for answers in some[1:]:
                pattern += pattern
                pattern += answers
            place = start + pattern
            digits = (np.arange(1 << step) >> np.arange(len(some))[::-1, np.newaxis]) & 1
            for found, amount in zip(sums, amounts, strict=True):
                by_pattern = np.bincount(place, amount, groups << step).reshape(groups, -1)
                found[first : first + step] = digits.astype(np.float64) @ by_pattern.T
        return [found.T for found in sums]


def _sizes(levels: Levels) -> list[int]:
    """The number of levels of each domain."""
    ends = [*levels.start[1:], len(levels)]
    return [end - start for start, end in zip(levels.start, ends, strict=True)]


def _distinct(number: Integers, size: float) -> tuple[Integers, Integers]:
    """Number the distinct values of (n,) numbers below ``size``, and find a row of each."""
    rows = np.arange(len(number))
    if size > LARGEST_NUMBER:
        # The numbers do not tell all rows apart that differ: each is its own.
        return rows, rows
    if size > len(number):
        group, values = pd.factorize(number)
        any_row = np.empty(len(values), dtype=np.intp)
        any_row[group] = rows
        return group, any_row
    any_row = np.full(int(size), -1)
    any_row[number] = rows
    present = any_row >= 0
    return (np.cumsum(present) - 1)[number], any_row[present]
