"""First covers: cells hidden beside a confidential one that their table would give back.

The levels of a domain add up to the total, those of a crossed domain to its parents. In each such
sum by itself, what a reader can tell of a hidden count follows by hand: it is what is known of the
whole less what is known of the other parts. While that is too close, one more cell of the sum is
hidden: first one that is hidden as unreliable anyway, then one whose other sums have a hidden cell
already, then the smallest group; never the national estimate.

What can be told even so, from several sums together, or from other indicators, is left to
:mod:`.secondary_suppression`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from designbased.arrays import Floats, Integers
from disrupting_harm.publication.disclosure.attackers import Attacker
from disrupting_harm.publication.disclosure.cells_and_steps import Cells
from disrupting_harm.publication.disclosure.equations import find_sums


@dataclass(frozen=True, eq=False)
class _Sum:
    """``0 <= whole - parts <= unplaced``.

    Attributes:
        cells: the whole, then its parts.
        column: the set of children that each is counted by.
        unplaced: children of the whole that are in no part.
    """

    cells: Integers
    column: Integers
    unplaced: float

    def ends(self, low: Floats, high: Floats) -> tuple[Floats, Floats]:
        """Return what can be told of each cell from the others, by the limits of all sets."""
        sign = np.where(np.arange(len(self.cells)) == 0, 1.0, -1.0)
        lowest, highest = np.sort(sign * np.stack([low[self.column], high[self.column]]), axis=0)
        lower = np.maximum(lowest, -(highest.sum() - highest))
        upper = np.minimum(highest, self.unplaced - (lowest.sum() - lowest))
        smallest, largest = np.sort(sign * np.stack([lower, upper]), axis=0)
        return smallest, largest


def hide_first_covers(
    cells: Cells, attacker: Attacker, crosses: Mapping[str, tuple[str, str]], start: Integers
) -> Integers:
    """Return the step of each cell (C,) after covers were hidden.

    Args:
        attacker: the one who counts children.
        crosses: crossed domain -> its two parents.
        start: the step of each cell before.
    """
    step = start.copy()
    for rows in cells.keys.groupby("indicator", sort=False).indices.values():
        sums_of_indicator = list(
            _iterate_sums(cells, attacker, np.asarray(rows, dtype=np.intp), crosses)
        )
        _hide_covers(cells, attacker, sums_of_indicator, step)
    return step


def _iterate_sums(
    cells: Cells, attacker: Attacker, rows: Integers, crosses: Mapping[str, tuple[str, str]]
) -> Iterator[_Sum]:
    """Yield the sums among the cells of one indicator."""
    keys = cells.keys.iloc[rows]
    cell_of_group = dict(
        zip(zip(keys["domain"], keys["level"], strict=True), rows.tolist(), strict=True)
    )
    asked_columns = attacker.equations.asked_columns
    for whole, parts in find_sums(list(cell_of_group), crosses):
        members = np.array(
            [cell_of_group[whole], *(cell_of_group[part] for part in parts)], dtype=np.intp
        )
        sizes = attacker.true[asked_columns[members]]
        column = np.where(cells.proportion[members], members, asked_columns[members])
        yield _Sum(members, column, max(float(sizes[0] - sizes[1:].sum()), 0.0))


def _hide_covers(
    cells: Cells, attacker: Attacker, sums_of_indicator: list[_Sum], step: Integers
) -> None:
    """Hide covers among the cells of one indicator, in place."""
    while most_disclosing := _find_most_disclosing(cells, attacker, sums_of_indicator, step):
        free = most_disclosing.cells[
            (step[most_disclosing.cells] == 0) & ~cells.national[most_disclosing.cells]
        ]
        if len(free):
            hidden = {
                cell: sum(
                    cell in sum_of_cells.cells and not (step[sum_of_cells.cells] > 0).any()
                    for sum_of_cells in sums_of_indicator
                )
                for cell in free.tolist()
            }
            cover = min(
                free.tolist(),
                key=lambda cell: (not cells.unreliable[cell], hidden[cell], cells.n[cell]),
            )
            step[cover] = 1
        else:
            sums_of_indicator.remove(most_disclosing)


def _find_most_disclosing(
    cells: Cells, attacker: Attacker, sums_of_indicator: list[_Sum], step: Integers
) -> _Sum | None:
    """Return the sum that tells the smallest group too closely; none where no sum does."""
    system, targets = attacker.system(step), attacker.targets
    target_of_set = np.full(len(system.low), -1)
    target_of_set[targets.column] = np.arange(len(targets))
    disclosing: list[tuple[float, _Sum]] = []
    for sum_of_cells in sums_of_indicator:
        target = target_of_set[sum_of_cells.column]
        has_target = target >= 0
        low, high = sum_of_cells.ends(system.low, system.high)
        is_close = targets[target[has_target]].are_disclosed(low[has_target], high[has_target])
        disclosing += [
            (cells.n[cell], sum_of_cells) for cell in sum_of_cells.cells[has_target][is_close]
        ]
    return min(disclosing, key=lambda pair: pair[0])[1] if disclosing else None
