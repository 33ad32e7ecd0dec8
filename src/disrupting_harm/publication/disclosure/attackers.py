"""What two attackers know of one country, and what they must not be able to tell.

Both know the codebook, the rules, the estimate of every cell that has one in print, exactly, and of
all others what is printed in its place. How many children answered they know beside every estimate,
and of all questions put to everyone; a bound says within which limits that number lies. They differ
in how they measure groups:

- ``counts``: in children, so that they know more than is ever printed;
- ``weights``: in sums of weights, as which printed shares and populations can be added up.

Where what they believe contradicts the truth, it is widened until it holds the truth: weighted and
unweighted shares may lie on two sides of a bound, and open answers to a composite are imputed
within groups, so that groups do not quite add up.

How many children of a whole are in none of its parts (in no region, say) they know of every whole
and its parts by themselves: no more of one question than of those put to everyone. Where a release
prints no such question of it, another release may, and what is printed stays: so they know it even
then, no more than of the question of which there are most.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd

from designbased.arrays import Floats, Integers, Mask
from disrupting_harm.publication.disclosure.audit import System, Targets
from disrupting_harm.publication.disclosure.cells_and_steps import (
    CONFIDENTIAL,
    ESTIMATE,
    UNRELIABLE,
    Cells,
    Steps,
)
from disrupting_harm.publication.disclosure.equations import Equations
from disrupting_harm.study.configuration.publication_config import FEW, Disclosure

COUNTS, WEIGHTS = "counts", "weights"
# By measure of an attacker, tables that fit, or once fitted, what he or she knows (:mod:`.audit`).
Witnesses: TypeAlias = Mapping[str, list[Floats]]


def no_witnesses() -> Witnesses:
    """Return no table for either attacker, to be added to."""
    return {COUNTS: [], WEIGHTS: []}


@dataclass(frozen=True, eq=False)
class Attacker:
    """One attacker of one country, whatever is printed of each of C cells.

    Attributes:
        measure: :data:`COUNTS` or :data:`WEIGHTS`.
        equations: R rows among sets of children, of which the first C say yes.
        floor: (R,) least value of each row; ``room`` the greatest.
        true: the size of each set; NaN where no cell has it.
        low: (2, S, C) least yes at each step, where it is not known how many were asked and where
            it is; ``high`` the greatest.
        no_low: (S, C) how many did not say yes at least, as the step tells.
        asked_low: (S, C) how many were asked at least, as the step tells; ``asked_high`` at most.
        asked_known: by set, whether its size is known anyway.
        most_asked: by set, the largest size that it can have.
    """

    measure: str
    equations: Equations
    floor: Floats
    room: Floats
    true: Floats
    low: Floats
    high: Floats
    no_low: Floats
    asked_low: Floats
    asked_high: Floats
    asked_known: Mask
    most_asked: Floats
    targets: Targets

    def find_cells(self, targets: Targets) -> Integers:
        """Return a cell of each set of children in ``targets``."""
        cell_of_set = np.full(len(self.true), -1)
        cell_indices = np.arange(len(self.equations.asked_columns))
        cell_of_set[self.equations.asked_columns], cell_of_set[cell_indices] = (
            cell_indices,
            cell_indices,
        )
        return np.unique(cell_of_set[targets.column])

    def system(self, step: Integers) -> System:
        """Return what is known when each cell is printed at its step (C,)."""
        cell, asked_column = np.arange(len(step)), self.equations.asked_columns
        low, high = np.zeros(len(self.true)), self.most_asked.copy()
        np.maximum.at(low, asked_column, self.asked_low[step, cell])
        np.minimum.at(high, asked_column, self.asked_high[step, cell])
        is_known = self.asked_known
        low[is_known] = high[is_known] = self.true[is_known]
        knows_asked = (low[asked_column] == high[asked_column]).astype(np.intp)
        low[cell] = self.low[knows_asked, step, cell]
        high[cell] = np.minimum(self.high[knows_asked, step, cell], high[asked_column])
        floor = self.floor.copy()
        np.maximum.at(floor, self.equations.no_rows, self.no_low[step, cell])
        return System(self.equations.matrix, floor, self.room, low, high, self.true)


def build_attacker(
    measure: str,
    cells: Cells,
    steps: Steps,
    equations: Equations,
    everyone: Collection[str],
    disclosure: Disclosure,
    few: int = FEW,
) -> Attacker:
    """Return what one attacker knows of a country.

    Args:
        measure: :data:`COUNTS` or :data:`WEIGHTS`.
        everyone: indicators put to all children, or to all of some sex, age or place.
        few: counts of one to so many must never be told.
    """
    counts_persons, is_coded = measure == COUNTS, disclosure.method == "coded"
    size_of_cell = cells.n if counts_persons else cells.weight
    yes = (cells.crude if counts_persons else cells.share) * size_of_cell
    true = np.full(equations.matrix.shape[1], np.nan)
    true[: len(cells)], true[equations.asked_columns] = yes, size_of_cell
    put_to_all = cells.keys["indicator"].isin(list(everyone)).to_numpy() & cells.proportion
    asked_known = np.zeros(len(true), dtype=bool)
    asked_known[equations.asked_columns[put_to_all]] = True

    low, high = (
        limit * size_of_cell
        for limit in steps.shares(yes / np.where(size_of_cell > 0, size_of_cell, 1))
    )
    unreliable = steps.sign == UNRELIABLE
    # An unreliable cell is known to pass the primary rule; "coded" has none and counts it as known.
    passes = yes if is_coded else np.where(cells.small, 0.0, cells.minimum * counts_persons)
    low = np.where(unreliable, passes, low)
    high = np.where(unreliable, yes if is_coded else size_of_cell - passes, high)
    # Without a number of answers neither what is left of it nor the lack of a bound tells anything.
    is_mute = unreliable | (steps.sign == CONFIDENTIAL)
    low = np.stack([np.where(is_mute, np.where(unreliable, passes, 0.0), low), low])
    high = np.stack([np.where(is_mute, np.inf, high), high])
    low, high = np.minimum(low, yes), np.maximum(high, yes)
    no_low = np.where(
        unreliable & (counts_persons and not is_coded), np.minimum(passes, size_of_cell - yes), 0.0
    )

    asked_low, asked_high = _asked_limits(cells, steps, size_of_cell, disclosure, counts_persons)
    most_asked = _limit_asked(cells.keys, size_of_cell, put_to_all, equations, true)
    floor, room = _row_limits(equations, true, asked_known)
    return Attacker(
        measure=measure,
        equations=equations,
        floor=floor,
        room=room,
        true=true,
        low=low,
        high=high,
        no_low=no_low,
        asked_low=asked_low,
        asked_high=asked_high,
        asked_known=asked_known,
        most_asked=most_asked,
        targets=_find_targets(
            cells, counts_persons, is_coded, few, equations, asked_known, most_asked, size_of_cell
        ),
    )


def _asked_limits(
    cells: Cells, steps: Steps, size_of_cell: Floats, disclosure: Disclosure, counts: bool
) -> tuple[Floats, Floats]:
    """Return how many were asked at least and at most, as each step (S, C) tells.

    The bound is the smallest for which the group was large enough: there were enough children for
    it, and too few for the next smaller one, as its design tells. The attackers take all of them to
    have answered, where that is true at all. It tells nothing of sums of weights.
    """
    shape = steps.sign.shape
    low, high = np.zeros(shape), np.full(shape, np.inf)
    # Of means and totals the number of answers itself is protected, while it is not printed.
    is_printed = steps.sign == ESTIMATE
    is_printed[0] |= ~cells.proportion
    if counts:
        bound_share = np.where(steps.sign == "<", steps.bound, 1 - steps.bound)
        position = np.searchsorted(disclosure.grid, np.nan_to_num(bound_share) - 1e-9)
        least = np.vstack([cells.least_answers, np.full(len(cells), np.inf)])
        cell, is_bounded = np.arange(len(cells)), ~np.isnan(bound_share)
        low = np.where(is_bounded, np.minimum(least[position, cell], size_of_cell), low)
        smaller = np.maximum(least[np.maximum(position - 1, 0), cell], size_of_cell)
        high = np.where(is_bounded & (position > 0), smaller, high)
    return np.where(is_printed, size_of_cell, low), np.where(is_printed, size_of_cell, high)


def _row_limits(equations: Equations, true: Floats, asked_known: Mask) -> tuple[Floats, Floats]:
    """Return the least and the greatest value of each row, widened to hold the truth."""
    matrix, value = abs(equations.matrix), equations.matrix @ np.nan_to_num(true)
    # Of sets that no cell has the sizes are not known here; those rows hold by construction.
    measured = matrix @ np.isnan(true).astype(float) == 0
    certain = matrix @ (~asked_known).astype(float) == 0
    families = pd.DataFrame({"told": np.where(certain, value, np.nan), "every": value})
    most = families.groupby(equations.family).transform("max")
    unplaced = most["told"].fillna(most["every"]).to_numpy()
    room = np.where(equations.is_zero, 0.0, np.where(equations.unplaced, unplaced, np.inf))
    floor = np.where(measured, np.minimum(value, 0.0), 0.0)
    return floor, np.where(measured, np.maximum(value, room), room)


def _limit_asked(
    keys: pd.DataFrame, size_of_cell: Floats, put_to_all: Mask, equations: Equations, true: Floats
) -> Floats:
    """Return how many can have been asked at most: the largest number known of the same group."""
    group = [keys["domain"], keys["level"]]
    largest = pd.Series(np.where(put_to_all, size_of_cell, 0.0)).groupby(group).transform("max")
    most_asked = np.full(len(true), np.inf)
    # Where no such number is known, more than can be.
    most_asked[equations.asked_columns] = np.where(
        largest > 0, np.maximum(largest, size_of_cell), 2 * size_of_cell.sum() + 1
    )
    return most_asked


def _find_targets(
    cells: Cells,
    counts: bool,
    coded: bool,
    few: int,
    equations: Equations,
    asked_known: Mask,
    most_asked: Floats,
    size_of_cell: Floats,
) -> Targets:
    """Return what must stay in doubt.

    To those who count children, under a threshold: every number that breaks it, by as many children
    as the threshold, or by all of a smaller group. To those who add up weights, and with "coded"
    to both: every count of one to ``few``, by ``few``, and not known to be at most that.
    """
    unit = np.divide(size_of_cell, cells.n, out=np.ones(len(cells)), where=cells.n > 0)
    if counts and not coded:
        small = np.flatnonzero(cells.small & cells.proportion & (cells.n > 0))
        asked_cells = np.flatnonzero(
            (cells.n < cells.minimum) & ~asked_known[equations.asked_columns]
        )
        _, first_of_set = np.unique(equations.asked_columns[asked_cells], return_index=True)
        asked_cells = asked_cells[first_of_set]
        column = np.concatenate([small, equations.asked_columns[asked_cells]])
        largest = np.concatenate([cells.n[small], most_asked[equations.asked_columns[asked_cells]]])
        minimum = cells.minimum[np.concatenate([small, asked_cells])]
        return Targets.from_widths(column, np.minimum(minimum, largest))
    no_answers, is_larger = cells.n - cells.yes, cells.proportion & (cells.n > few)
    few_yes, few_no = (
        is_larger & (count >= 1) & (count <= few) for count in (cells.yes, no_answers)
    )
    column = np.flatnonzero(few_yes | few_no)
    return Targets(
        column=column,
        width=(few * unit)[column],
        must_exceed=np.where(few_yes, few * unit, -np.inf)[column],
        must_undercut=np.where(few_no, (cells.n - few) * unit, np.inf)[column],
    )
