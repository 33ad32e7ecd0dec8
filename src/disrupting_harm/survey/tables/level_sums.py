"""Sums of answers over all rows, by level: counts, estimates and spreads follow from them."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from disrupting_harm.arrays import Floats
from disrupting_harm.survey.design.levels import Members


class LevelSums:
    """Running sums over rows, by level (L) and outcome (K).

    Attributes:
        kind: (K,) the statistic of each outcome.
        n: (L, K) number of valid answers, without weights.
        n_yes: (L, K) sum of the answers without weights: the ones of a proportion.
        weights: (L, K) weights ``Σw`` of the valid answers.
        answers: (L, K) weighted answers ``Σwy``.
        complete: no answer is missing so far.
        squares: moments of the answers in rows that each count by a factor of their own.
    """

    def __init__(self, n_levels: int, kind: NDArray[np.str_]) -> None:
        self.kind = kind
        self.complete = True
        self.n, self.n_yes, self.weights, self.answers = np.zeros((4, n_levels, len(kind)))
        self._measured = kind != "proportion"
        self._spread = Moments(n_levels, self._measured[self._measured])
        self.squares = Moments(n_levels, self._measured)

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
            members: the levels of each row.
            values: (m, K) answers, zero where there is none.
            valid: (m, K) or (m, 1) one where there is an answer.
            factor: (m,) factor of each row in ``squares``.
        """
        self.complete &= valid.shape[1] == 1
        start, level = members
        by_level = adder(np.ones(len(level)), level, start, len(self.n))
        weight = weight[:, np.newaxis]
        self.n += by_level @ valid
        self.n_yes += by_level @ values
        self.weights += by_level @ (weight * valid)
        self.answers += by_level @ (weight * values)
        if self._measured.any():
            held = np.broadcast_to(valid, values.shape)[:, self._measured]
            self._spread.add(by_level, weight, values[:, self._measured], held)
        if factor is not None:
            self.squares.add(by_level, factor[:, np.newaxis], values, valid)

    def add_sums(self, counted: tuple[Floats, Floats], weighted: tuple[Floats, Floats]) -> None:
        """Add rows of positive weight with proportions, already summed by unit and level.

        Args:
            counted: (U, L, K) answers, and (U, L, K) or (U, L, 1) valid ones, without weights.
            weighted: the same of others of the U units, with weights.
        """
        self.complete &= counted[1].shape[2] == 1
        sums = (self.n_yes, self.n, self.answers, self.weights)
        for sum_, amounts in zip(sums, (*counted, *weighted), strict=True):
            sum_ += amounts.sum(axis=0)

    def take_measured(self, measured: "LevelSums") -> None:
        """Take the sums of means and totals from those of these outcomes alone."""
        names = ("n", "n_yes", "weights", "answers")
        for name in names:
            getattr(self, name)[:, self._measured] = getattr(measured, name)
        self._spread = measured._spread
        self.complete &= measured.complete

    @property
    def of_proportions(self) -> bool:
        """No outcome is a mean or a total."""
        return not self._measured.any()

    def spread(self) -> Floats:
        """(L, K) ``Σw(y - ȳ)²/Σw`` of means and totals, NaN for proportions."""
        spread = np.full(self.n.shape, np.nan)
        weights, answers = self.weights[:, self._measured], self.answers[:, self._measured]
        with np.errstate(divide="ignore", invalid="ignore"):
            spread[:, self._measured] = self._spread.about(answers / weights) / weights
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


def adder(
    factor: Floats, place: NDArray[np.integer], start: NDArray[np.integer], n_places: int
) -> csc_array:
    """Return the (n_places, m) matrix that adds ``factor`` times each row up into its places."""
    return csc_array((factor, place, start), shape=(n_places, len(start) - 1))
