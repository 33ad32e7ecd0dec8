"""Sums of answers by sampling unit and level: all that linearisation needs to know of the rows.

The sums add up over any parts of the rows, so the same code serves data in memory and data that are
read piece by piece. Rows are added one after the other, never in parallel: the same rows in the
same order give the same bits whatever the number of processors.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from disrupting_harm.survey.coding import Levels, Outcomes
from disrupting_harm.survey.design import Floats, Integers

# Rows added at a time, few enough for the sums of their units to stay in the processor's cache.
ROWS_AT_ONCE = 2_048

# Sums come and go by the megabyte. Once a block of this size (32 MB, never written to) was freed,
# the C library of Linux keeps smaller ones for reuse; otherwise it gives each back to the system
# and fetches it anew, which takes longer than the sums.
_ = np.empty(4_000_000)
del _


class Totals:
    """Running sums over rows, by unit of the last stage (U), level (L) and outcome (K).

    Attributes:
        kind: (K,) the statistic of each outcome.
        answers: (U, L, K) weighted answers ``Σwy``.
        weights: (U, L, K) weights ``Σw`` of the valid answers; (U, L, 1) while none is missing.
        n: (L, K) number of valid answers, without weights.
        n_yes: (L, K) sum of the answers without weights: the ones of a proportion.
    """

    def __init__(self, n_units: int, n_levels: int, kind: NDArray[np.str_]) -> None:
        self.kind = kind
        self.answers: Floats = np.zeros((n_units, n_levels, len(kind)))
        self.weights: Floats = np.zeros((n_units, n_levels, 1))
        self.n: Floats = np.zeros((n_levels, len(kind)))
        self.n_yes: Floats = np.zeros((n_levels, len(kind)))
        # Σw, Σw(y - c) and Σw(y - c)² of means and totals, around a common centre c lest large
        # means swamp small differences.
        self._measured = kind != "proportion"
        self._moments: Floats = np.zeros((3, n_levels, int(self._measured.sum())))
        self._centre: Floats | None = None

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
        for first in range(0, len(order), ROWS_AT_ONCE):
            rows = order[first : first + ROWS_AT_ONCE]
            values, valid = outcomes.values[rows], outcomes.valid[rows]
            self._add_piece(unit[rows], weight[rows], levels.members(rows), values, valid)

    def _add_piece(
        self,
        unit: Integers,
        weight: Floats,
        members: tuple[NDArray[np.int32], NDArray[np.int32]],
        values: Floats,
        valid: Floats,
    ) -> None:
        start, level = members
        n_levels, levels_of_row = len(self.n), np.diff(start)
        weights = np.repeat(weight, levels_of_row)
        units, place = np.unique(unit, return_inverse=True)
        cell = np.repeat(place * n_levels, levels_of_row) + level
        by_unit = _adder(weights, cell, start, len(units) * n_levels)
        by_level = _adder(np.ones(len(level)), level, start, n_levels)

        if valid.shape[1] > self.weights.shape[2]:
            self.weights = np.repeat(self.weights, valid.shape[1], axis=2)
        shape = (len(units), n_levels, -1)
        _add_to(self.answers, units, (by_unit @ values).reshape(shape))
        _add_to(self.weights, units, (by_unit @ valid).reshape(shape))
        self.n += by_level @ valid
        self.n_yes += by_level @ values
        if self._measured.any():
            valid = np.broadcast_to(valid, values.shape)[:, self._measured]
            weighted = _adder(weights, level, start, n_levels)
            self._add_moments(weighted, values[:, self._measured], valid)

    def spread(self) -> Floats:
        """(L, K) ``Σw(y - ȳ)²/Σw`` of means and totals, NaN for proportions."""
        spread = np.full(self.n.shape, np.nan)
        weights, first, second = self._moments
        with np.errstate(divide="ignore", invalid="ignore"):
            spread[:, self._measured] = second / weights - (first / weights) ** 2
        return spread

    def _add_moments(self, weighted: csc_array, values: Floats, valid: Floats) -> None:
        if self._centre is None:
            self._centre = values.sum(axis=0) / np.maximum(valid.sum(axis=0), 1)
        centred = (values - self._centre) * valid
        for moment, amounts in zip(self._moments, (valid, centred, centred**2), strict=True):
            moment += weighted @ amounts


def _adder(
    factor: Floats, place: NDArray[np.integer], start: NDArray[np.integer], n_places: int
) -> csc_array:
    """Return the (n_places, m) matrix that adds ``factor`` times each row up into its places."""
    return csc_array((factor, place, start), shape=(n_places, len(start) - 1))


def _add_to(sums: Floats, rows: Integers, amounts: Floats) -> None:
    """Add to some rows of ``sums``, ascending; without a copy where they are adjacent."""
    if rows[-1] - rows[0] < len(rows):
        sums[rows[0] : rows[-1] + 1] += amounts
    else:
        sums[rows] += amounts
