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
from disrupting_harm.publication.disclosure.disclosure import Cells
from disrupting_harm.publication.disclosure.equations import sums


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
        least, most = np.sort(sign * np.stack([low[self.column], high[self.column]]), axis=0)
        down = np.maximum(least, -(most.sum() - most))
        up = np.minimum(most, self.unplaced - (least.sum() - least))
        smallest, largest = np.sort(sign * np.stack([down, up]), axis=0)
        return smallest, largest


def first_covers(
    cells: Cells, attacker: Attacker, crosses: Mapping[str, tuple[str, str]], start: Integers
) -> Integers:
    """Return the step of each cell (C,) after covers were hidden.

    Args:
        cells: the cells of one country.
        attacker: the one who counts children.
        crosses: crossed domain -> its two parents.
        start: the step of each cell before.
    """
    step = start.copy()
    for rows in cells.keys.groupby("indicator", sort=False).indices.values():
        own = list(_sums(cells, attacker, np.asarray(rows, dtype=np.intp), crosses))
        _cover(cells, attacker, own, step)
    return step


def _sums(
    cells: Cells, attacker: Attacker, rows: Integers, crosses: Mapping[str, tuple[str, str]]
) -> Iterator[_Sum]:
    """Yield the sums among the cells of one indicator."""
    keys = cells.keys.iloc[rows]
    place = dict(zip(zip(keys["domain"], keys["level"], strict=True), rows.tolist(), strict=True))
    asked = attacker.equations.asked
    for whole, parts in sums(list(place), crosses):
        members = np.array([place[whole], *(place[part] for part in parts)], dtype=np.intp)
        size = attacker.true[asked[members]]
        column = np.where(cells.proportion[members], members, asked[members])
        yield _Sum(members, column, max(float(size[0] - size[1:].sum()), 0.0))


def _cover(cells: Cells, attacker: Attacker, own: list[_Sum], step: Integers) -> None:
    """Hide covers among the cells of one indicator, in place."""
    while found := _most_told(cells, attacker, own, step):
        free = found.cells[(step[found.cells] == 0) & ~cells.national[found.cells]]
        if len(free):
            hidden = {
                cell: sum(cell in each.cells and not (step[each.cells] > 0).any() for each in own)
                for cell in free.tolist()
            }
            chosen = min(
                free.tolist(),
                key=lambda cell: (not cells.unreliable[cell], hidden[cell], cells.n[cell]),
            )
            step[chosen] = 1
        else:
            own.remove(found)


def _most_told(cells: Cells, attacker: Attacker, own: list[_Sum], step: Integers) -> _Sum | None:
    """Return the sum that tells the smallest group too closely; none where no sum does."""
    system, targets = attacker.system(step), attacker.targets
    place = np.full(len(system.low), -1)
    place[targets.column] = np.arange(len(targets))
    told: list[tuple[float, _Sum]] = []
    for each in own:
        target = place[each.column]
        asked = target >= 0
        low, high = each.ends(system.low, system.high)
        close = targets[target[asked]].told(low[asked], high[asked])
        told += [(cells.n[cell], each) for cell in each.cells[asked][close]]
    return min(told, key=lambda pair: pair[0])[1] if told else None
