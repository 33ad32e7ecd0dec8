"""Disclosure control: which cells could say something about a few children, and what is printed?

Primary rule of ``plain`` and ``ranges``, on unweighted counts: the children who said yes, those who
did not and all who answered must each number at least the threshold. 0 % and 100 % break it, too:
"all girls of this group" says something about each of them. For means and totals only the number of
answers counts.

What is printed of a cell is one of its *steps*, each of which tells less than the one before:

0. the estimate, or ``*`` where it is unreliable;
1. at the smallest share ``t`` that the size and the design of the group allow
   (:mod:`.population_bounds`), a bound: ``< 100 t`` where the weighted and the unweighted share
   both lie below, ``> 100 (1 - t)`` where both lie above, else ``c``. The size is that which is
   printed (:mod:`.release`), so that no bound tells how many gave no answer. Of a cell that does
   not break the primary rule the bound is the smallest from ``t`` on that lies beyond the cell's
   own limit, too, and ``c`` where none does;
2. the same at the next larger ``t``, where that gives another bound, and so on;
3. last, where the number of answers is known from no other question, ``c`` and nothing else.

``plain`` has no bounds: its first step is ``c``. ``coded`` prints the first step wherever it is a
bound, whatever the count, and an estimate only where it is none; a bound then says nothing of the
count, and no estimate rests on few children. Its bounds are of the estimate, not of the population:
``t`` follows from ``n`` alone, and no limit is looked at.

A cell that could be worked back from others goes to a later step (:mod:`.primary_suppression`,
:mod:`.secondary_suppression`).
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from designbased.arrays import Floats, Integers, Mask
from disrupting_harm.publication.population_bounds import (
    GroupDesigns,
    find_bound_above,
    korn_graubard_limits,
    least_answers,
    least_share_reaching,
)
from disrupting_harm.publication.reliability import floats
from disrupting_harm.study.configuration.publication_config import FEW, Disclosure
from disrupting_harm.study.statuses import TOTAL

UNRELIABLE = "*"
CONFIDENTIAL = "c"
ESTIMATE = ""
_SLACK = 1e-9


@dataclass(frozen=True, eq=False)
class Cells:
    """The cells of one country that were asked, as arrays of one entry per cell.

    Attributes:
        keys: ``indicator, domain, level``.
        n: unweighted answers.
        n_printed: how many answered, as printed.
        yes: unweighted yes answers; of means and totals, of which none is known, zero.
        share: weighted share of yes; of means and totals zero.
        weight: weighted answers, in units of the mean weight.
        unreliable: which are hidden for another reason.
        minimum: the threshold.
        least_answers: (G, C) from how many answers on each bound may be printed.
        own_low: lower limit of the share; ``own_high`` the upper one.
    """

    keys: pd.DataFrame
    n: Floats
    n_printed: Floats
    yes: Floats
    share: Floats
    weight: Floats
    proportion: Mask
    unreliable: Mask
    minimum: Floats
    least_answers: Floats
    own_low: Floats
    own_high: Floats

    @classmethod
    def from_estimates(
        cls,
        table: pd.DataFrame,
        proportion: Mask,
        unreliable: Mask,
        sensitive: Collection[str],
        disclosure: Disclosure,
    ) -> "Cells":
        """Take the cells from a table of estimates.

        Args:
            table: ``indicator, domain, level, n, n_printed, n_yes, estimate, se, df, population``,
                and the designs of groups where they are known (:mod:`.population_bounds`).
            unreliable: which cells are hidden for another reason.
            sensitive: indicators with the stricter threshold below the national total.
        """
        n, yes = np.nan_to_num(floats(table, "n")), floats(table, "n_yes")
        population, share = np.nan_to_num(floats(table, "population")), floats(table, "estimate")
        largest = int(np.argmax(n)) if len(n) else 0
        unit = population[largest] / n[largest] if len(n) and population[largest] > 0 else 1.0
        crude = np.divide(yes, n, out=np.zeros(len(n)), where=n > 0)
        strict = table["indicator"].isin(list(sensitive)) & (table["domain"] != TOTAL[0])
        minimum = np.where(strict, disclosure.min_count_sensitive, disclosure.min_count).astype(
            float
        )
        low, high = korn_graubard_limits(table, proportion)
        return cls(
            keys=table[["indicator", "domain", "level"]].reset_index(drop=True),
            n=n,
            n_printed=np.nan_to_num(floats(table, "n_printed")),
            yes=np.where(proportion, np.nan_to_num(yes), 0.0),
            share=np.where(proportion, np.where(np.isnan(share), crude, share), 0.0),
            weight=population / unit,
            proportion=proportion,
            unreliable=unreliable,
            minimum=minimum,
            least_answers=_least_answers(table, minimum, disclosure),
            own_low=low,
            own_high=high,
        )

    def __len__(self) -> int:
        return len(self.n)

    @property
    def national(self) -> Mask:
        """Which cells are of the whole country."""
        return (self.keys["domain"] == TOTAL[0]).to_numpy()

    @property
    def crude(self) -> Floats:
        """Unweighted share of yes; zero where nobody answered."""
        return np.divide(self.yes, self.n, out=np.zeros(len(self)), where=self.n > 0)

    @cached_property
    def small(self) -> Mask:
        """Which cells break the primary rule."""
        enough = np.minimum(self.yes, self.n - self.yes) >= self.minimum
        return ~((self.n >= self.minimum) & (enough | ~self.proportion))


@dataclass(frozen=True, eq=False)
class Steps:
    """What may be printed of each of C cells: S steps, from the finest to the coarsest.

    Attributes:
        sign: (S, C) :data:`ESTIMATE`, :data:`UNRELIABLE`, :data:`CONFIDENTIAL`, ``<`` or ``>``.
        bound: (S, C) share of a step with the sign ``<`` or ``>``, else NaN.
        possible: (S, C) which steps a cell has; all have the first two.
        smallest_bound: (C,) smallest share that the size of the group allows as a bound, NaN where
            none.
        least_of_bare: (C,) least share, and least share of no, that a bare ``c`` tells; NaN as
            ``smallest_bound``.
        start: (C,) the step that the rules ask for, before anything is worked back.
    """

    sign: NDArray[np.object_]
    bound: Floats
    possible: Mask
    smallest_bound: Floats
    least_of_bare: Floats
    start: Integers

    def shares(self, share: Floats) -> tuple[Floats, Floats]:
        """Return the least and the greatest share (S, C) that a reader takes from each step.

        A bare ``c`` where the size of the group would have given a bound says that there is none:
        the share lies beyond it, or its own limit beyond the largest. Of this limit a reader is
        taken to know that clustering and weights did not widen it, which tells more.

        Args:
            share: (C,) the true one, which is never left out: where the weighted share lies below
                the bound and the unweighted one above, a reader who takes one for the other errs.
        """
        smallest = np.broadcast_to(self.smallest_bound, self.sign.shape)
        is_bare = (self.sign == CONFIDENTIAL) & ~np.isnan(smallest)
        # The last step prints the same sign, and where the first one does, a reader tells no other.
        is_bare[-1] = is_bare[1]
        least = np.broadcast_to(self.least_of_bare, self.sign.shape)
        low = np.select(
            [self.sign == ESTIMATE, self.sign == ">", is_bare],
            [np.broadcast_to(share, self.sign.shape), self.bound, least],
            0.0,
        )
        high = np.select(
            [self.sign == ESTIMATE, self.sign == "<", is_bare],
            [np.broadcast_to(share, self.sign.shape), self.bound, 1 - least],
            1.0,
        )
        return np.minimum(low, share), np.maximum(high, share)

    def printed_at(self, step: Integers) -> tuple[NDArray[np.object_], Floats]:
        """Return sign and bound of each cell at its step."""
        cell = np.arange(len(step))
        return self.sign[step, cell], self.bound[step, cell]


def build_steps(
    cells: Cells, everyone: Collection[str], disclosure: Disclosure, few: int = FEW
) -> Steps:
    """Return what may be printed of each cell, and where the rules start.

    Args:
        everyone: indicators put to all children, or to all of some sex, age or place.
        few: the largest count that ``coded`` must never print as an estimate.
    """
    grid = np.array(disclosure.grid)
    smallest = find_smallest_bounds(cells, disclosure)
    shape = (3 + max(len(grid) - 1, 0), len(cells))
    sign, bound = np.full(shape, CONFIDENTIAL, dtype=object), np.full(shape, np.nan)
    possible = np.zeros(shape, dtype=bool)
    sign[0] = np.where(cells.unreliable, UNRELIABLE, ESTIMATE)
    possible[:2] = True
    possible[-1] = ~cells.keys["indicator"].isin(list(everyone)) | ~cells.proportion
    positions_that_hold = _positions_that_hold(cells, grid, disclosure)
    bounds = np.append(grid, np.nan)
    for step in range(len(grid)):
        position = np.minimum(np.searchsorted(grid, np.nan_to_num(smallest)) + step, len(grid))
        position[np.isnan(smallest)] = len(grid)
        share = bounds[position]
        is_below = (cells.share < share) & (cells.yes < share * cells.n)
        is_above = (cells.share > 1 - share) & (cells.n - cells.yes < share * cells.n)
        low, high = (
            bounds[np.maximum(position, least_position)] for least_position in positions_that_hold
        )
        is_below, is_above = is_below & ~np.isnan(low), is_above & ~np.isnan(high)
        sign[1 + step] = np.where(is_below, "<", np.where(is_above, ">", CONFIDENTIAL))
        bound[1 + step] = np.where(is_below, low, np.where(is_above, 1 - high, np.nan))
        is_another = (bound[1 + step] != bound[step]) | (sign[1 + step] != sign[step])
        possible[1 + step] |= (is_below | is_above) & is_another
    start = _start_steps(cells, sign, possible, smallest, disclosure, few)
    bare = _shares_of_bare(cells, smallest, disclosure)
    return Steps(sign, bound, possible, smallest, bare, start)


def find_smallest_bounds(cells: Cells, disclosure: Disclosure) -> Floats:
    """Return the smallest share that a group allows as a bound (C,); NaN where there is none."""
    smallest = np.full(len(cells), np.nan)
    for share, least in zip(disclosure.grid[::-1], cells.least_answers[::-1], strict=True):
        smallest[cells.proportion & (cells.n_printed >= least)] = share
    return smallest


def _least_answers(table: pd.DataFrame, minimum: Floats, disclosure: Disclosure) -> Floats:
    if disclosure.method == "ranges":
        designs = GroupDesigns.from_table(table)
        return least_answers(disclosure.grid, disclosure.smallest_part, minimum, designs)
    least = [disclosure.smallest_part / share - _SLACK for share in disclosure.grid]
    return np.repeat(np.array(least)[:, np.newaxis], len(table), axis=1)


def _positions_that_hold(
    cells: Cells, grid: Floats, disclosure: Disclosure
) -> tuple[Integers, Integers]:
    """Return the places (C,) of the smallest bounds, from above and below, beyond own limits."""
    is_free = cells.small | (disclosure.method != "ranges")
    return (
        np.where(is_free, 0, find_bound_above(grid, cells.own_high)),
        np.where(is_free, 0, find_bound_above(grid, 1 - cells.own_low)),
    )


def _shares_of_bare(cells: Cells, smallest: Floats, disclosure: Disclosure) -> Floats:
    if disclosure.method != "ranges":
        return smallest
    return np.minimum(smallest, least_share_reaching(disclosure.grid[-1], cells.n))


def _start_steps(
    cells: Cells,
    sign: NDArray[np.object_],
    possible: Mask,
    smallest: Floats,
    disclosure: Disclosure,
    few: int,
) -> Integers:
    if disclosure.method != "coded":
        return cells.small.astype(np.intp)
    is_bounded = np.isin(sign[1], ["<", ">"])
    is_hidden = (cells.n < cells.minimum) | (np.isnan(smallest) & cells.proportion) | is_bounded
    start = is_hidden.astype(np.intp)
    is_shown = ~is_hidden & ~cells.unreliable & cells.proportion
    for cell in np.flatnonzero(is_shown & (np.minimum(cells.yes, cells.n - cells.yes) <= few)):
        later_steps = [step for step in range(2, len(sign) - 1) if possible[step, cell]]
        start[cell] = later_steps[0] if later_steps else 1
    return start
