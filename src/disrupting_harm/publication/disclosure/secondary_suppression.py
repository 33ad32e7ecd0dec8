"""What else is hidden where a confidential count can be told from several equations together.

For each count that an attacker can tell too closely a linear programme looks for the cheapest table
in which that count is as far away as it has to be, if what is printed of other cells could be
another: it may leave what its print says at a cost by unit, up to what its coarsest step says.

    minimise    sum over cells  cost * (up + down)
    such that   all equations hold, each x = (a value that its print allows) + up - down,
                the count is at least its smallest value + width  (or at most its largest - width)

The cost is the loss to the reader, relative to how far the cell would have to move: sqrt(n) for an
estimate, less for a bound, next to nothing for what is hidden as unreliable anyway, more for the
whole country. Cells that leave their print go to the first step that holds the table's value.
A little noise, the same in every run, makes the optimum unique, so that the pattern depends neither
on the solver nor on the order of the rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, hstack, vstack
from scipy.sparse.csgraph import connected_components

from designbased.arrays import Floats, Integers, Mask
from disrupting_harm.publication.disclosure.attackers import Attacker, Witnesses, no_witnesses
from disrupting_harm.publication.disclosure.audit import (
    METHOD,
    TOLERANCE,
    System,
    Targets,
    Told,
    audit,
    solve,
)
from disrupting_harm.publication.disclosure.disclosure import (
    CONFIDENTIAL,
    ESTIMATE,
    UNRELIABLE,
    Cells,
    Steps,
)

LOSS = {ESTIMATE: 1.0, "<": 0.3, ">": 0.3, UNRELIABLE: 0.02, CONFIDENTIAL: 0.001}
NATIONAL = 5.0
NOISE = 0.01
# Beyond a limit that must be passed, not only reached.
BEYOND = 0.02
# Dearer than any table that can be reached.
OUT_OF_REACH = 1e4


def repair(
    cells: Cells,
    steps: Steps,
    attackers: Sequence[Attacker],
    start: Integers,
    witnesses: Witnesses | None = None,
    method: str = METHOD,
) -> tuple[Integers, Integers]:
    """Return the step of each cell (C,) at which nothing is told, and cells that still are.

    Args:
        cells: the cells of one country.
        steps: what may be printed of them.
        attackers: who must not be able to tell.
        start: the step of each cell before.
        witnesses: tables that may fit what is printed; those that are found are added.
        method: solver of ``scipy.optimize.linprog``.
    """
    step = start
    known = witnesses or no_witnesses()
    searches = [
        _Search(cells, steps, attacker, known[attacker.measure], method) for attacker in attackers
    ]
    while True:
        before, left = step, []
        for search in searches:
            targets = search.targets
            while len(told := search.first_told(step, targets)):
                wider = search.wider(step, told)
                if wider is None:
                    left += search.attacker.cells_of(told.targets).tolist()
                    targets = targets[targets.column != told.targets.column[0]]
                else:
                    step = wider
        # What is printed now was seen by all of them, and nothing is told but what is left.
        if (step == before).all():
            return step, np.unique(np.array(left, dtype=np.intp))


@dataclass(frozen=True, eq=False)
class _Reach:
    """By set: the least and the greatest that some step allows, and the cost of each child.

    ``no`` are rows of cells that may have fewer who did not say yes, ``no_cost`` the cost of each.
    """

    low: Floats
    high: Floats
    cost: Floats
    no: Integers
    no_cost: Floats


class _Search:
    """Looks for the cheapest table in which one count is further away, for one attacker."""

    def __init__(
        self,
        cells: Cells,
        steps: Steps,
        attacker: Attacker,
        witnesses: list[Floats],
        method: str,
    ) -> None:
        self.attacker = attacker
        self._witnesses = witnesses
        self._cells, self._steps, self._method = cells, steps, method
        matrix, asked = attacker.equations.matrix, attacker.equations.asked
        self._sets = matrix.shape[1]
        # A sum is often told through its parts: the smallest first.
        size = np.concatenate([cells.n, np.zeros(self._sets - len(cells))])
        size[asked] = cells.n
        targets = attacker.targets
        self.targets = targets[np.lexsort((targets.column, size[targets.column]))]
        self._set_block, self._row_block = _blocks(matrix)
        self._noise = 1 + NOISE * _noise(cells)

    def first_told(self, step: Integers, targets: Targets) -> Told:
        """Return the first target that is told when each cell is printed at its step."""
        system = self.attacker.system(step)
        return audit(system, targets, self._witnesses, first=True, method=self._method)

    def wider(self, step: Integers, told: Told) -> Integers | None:
        """Return steps at which one told count may be further away; None where none are.

        Only where nothing else helps, numbers of answers are hidden for what is hidden beside them.
        """
        found = self._wider(step, told, beside=False)
        return self._wider(step, told, beside=True) if found is None else found

    def _wider(self, step: Integers, told: Told, beside: bool) -> Integers | None:
        target, width = int(told.targets.column[0]), float(told.targets.width[0])
        above, below = told.targets.above[0], told.targets.below[0]
        low, high = told.low[0], told.high[0]
        system = self.attacker.system(step)
        reach = self._reach(step, system, width, beside)
        # As far as it has to be; or as far as it can be, and then the other end comes next.
        up = min(max(low + width, above + BEYOND), reach.high[target])
        down = max(min(high - width, below - BEYOND), reach.low[target])
        # Where an end has to pass a limit, a table at the other end does not help.
        goals = [(1.0, up)] if low < below - TOLERANCE or high <= above + TOLERANCE else []
        goals += [(-1.0, down)] if high > above + TOLERANCE else []
        tables = [
            self._table(system, reach, target, sign, goal)
            for sign, goal in goals
            if not low - TOLERANCE <= goal <= high + TOLERANCE
        ]
        reached = [table for table in tables if table is not None]
        if not reached:
            return None
        table, _ = min(reached, key=lambda found: found[1])
        wider = self._coarser(step, system, table, beside)
        return None if (wider == step).all() else wider

    def _table(
        self, system: System, reach: "_Reach", target: int, sign: float, goal: float
    ) -> tuple[Floats, float] | None:
        """Return the cheapest table with the goal and its cost; None where it is out of reach.

        Args:
            system: what is known now.
            reach: how far each set may go, and at which cost.
            target: the count that has to be ``goal`` at least (``sign`` 1) or at most (-1).
        """
        own = self._set_block == self._set_block[target]
        sets, rows = np.flatnonzero(own), np.flatnonzero(self._row_block == self._set_block[target])
        up = np.flatnonzero(own & (reach.high > system.high))
        down = np.flatnonzero(own & (reach.low < system.low))
        # One row more for the goal, and columns for what is missing of it, and of other rows.
        goal_row: csr_array = csr_array(([sign], ([0], [target])), shape=(1, self._sets))
        matrix = vstack([system.matrix[rows], goal_row], format="csr")
        no = np.flatnonzero(np.isin(reach.no, rows))
        lacking = np.append(np.searchsorted(rows, reach.no[no]), len(rows))
        missing: csr_array = csr_array(
            (np.ones(len(lacking)), (lacking, np.arange(len(lacking)))),
            shape=(len(rows) + 1, len(lacking)),
        )
        fewer = (system.floor - self.attacker.floor)[reach.no[no]]
        free = [reach.high[up] - system.high[up], system.low[down] - reach.low[down], fewer]
        by_unit = np.concatenate(
            [reach.cost[up], reach.cost[down], reach.no_cost[no], [OUT_OF_REACH]]
        )
        found = solve(
            hstack([matrix[:, sets], matrix[:, up], -matrix[:, down], missing], format="csr"),
            (np.append(system.floor[rows], sign * goal), np.append(system.room[rows], np.inf)),
            (
                np.concatenate([system.low[sets], np.zeros(len(by_unit))]),
                np.concatenate([system.high[sets], *free, [np.inf]]),
            ),
            np.concatenate([np.zeros(len(sets)), by_unit]),
            self._method,
        )
        inside, beyond = found[: len(sets)], found[len(sets) :]
        if beyond[-1] > TOLERANCE:
            return None
        table = np.full(self._sets, np.nan)
        table[sets] = inside
        table[up] += beyond[: len(up)]
        table[down] -= beyond[len(up) :][: len(down)]
        return table, float(by_unit @ beyond)

    def _reach(self, step: Integers, system: System, width: float, beside: bool) -> "_Reach":
        """Return how far each set may go; a cell that moves goes ``width`` at most, if it can.

        ``beside``: cells at their last step go further where numbers of answers are hidden.
        """
        cells, attacker, cell = self._cells, self.attacker, np.arange(len(step))
        asked = attacker.equations.asked
        later = self._steps.possible & (np.arange(len(self._steps.sign))[:, np.newaxis] > step)
        low, high = system.low.copy(), system.high.copy()
        told = (low[asked] == high[asked]).astype(np.intp)
        least, most = attacker.low[told, :, cell].T, attacker.high[told, :, cell].T
        low[cell] = np.minimum(low[cell], np.where(later, least, np.inf).min(axis=0))
        high[cell] = np.maximum(high[cell], np.where(later, most, -np.inf).max(axis=0))
        last = later[-1]
        low[cell[last]], high[cell[last]] = 0.0, attacker.most_asked[asked[last]]
        high[cell] = np.minimum(high[cell], attacker.most_asked[asked])
        sign, _ = self._steps.at(step)
        loss = np.array([LOSS[each] for each in sign]) * np.sqrt(cells.n + 1) * self._noise[0]
        loss = loss * np.where(cells.national, NATIONAL, 1.0)
        cost = np.zeros(self._sets)
        cost[cell] = loss / np.clip(high[cell] - low[cell], TOLERANCE, width)
        # A number of answers is hidden by hiding every cell that tells of it.
        tells = self._tells_asked(step) & ~attacker.asked_known[asked]
        open_ = np.setdiff1d(asked[tells & last], asked[tells & ~last])
        low[open_], high[open_] = 0.0, attacker.most_asked[open_]
        mute = beside & ~later.any(axis=0) & np.isin(asked, open_)
        low[cell[mute]], high[cell[mute]] = 0.0, attacker.most_asked[asked[mute]]
        hidden = tells & np.isin(asked, open_)
        np.add.at(cost, asked[hidden], (loss * self._noise[1])[hidden] / width)
        cost[cell[mute]] = cost[asked[mute]]
        counted = later.any(axis=0) & (attacker.no_low[step, cell] > 0)
        no = attacker.equations.no[counted]
        return _Reach(low, high, cost, no, loss[counted] / attacker.no_low[step, cell][counted])

    def _tells_asked(self, step: Integers) -> Mask:
        """Return which cells tell anything of how many were asked."""
        cell = np.arange(len(step))
        low, high = self.attacker.asked_low[step, cell], self.attacker.asked_high[step, cell]
        return np.asarray((low > 0) | np.isfinite(high))

    def _coarser(self, step: Integers, system: System, table: Floats, beside: bool) -> Integers:
        """Return steps that hold a table: the first of each cell that does, else its last.

        ``beside``: where this does not hold it either, numbers of answers are hidden.
        """
        with np.errstate(invalid="ignore"):
            moved = (table > system.high + TOLERANCE) | (table < system.low - TOLERANCE)
            no = self.attacker.no_low[step, np.arange(len(step))]
            moved[: len(step)] |= (no > 0) & (
                table[self.attacker.equations.asked] - table[: len(step)] < no - TOLERANCE
            )
        wider, last = step.copy(), len(self._steps.sign) - 1
        short: list[int] = []
        for cell in np.flatnonzero(moved[: len(step)]).tolist():
            later = [at for at in range(step[cell] + 1, last + 1) if self._steps.possible[at, cell]]
            holding = [at for at in later if at == last or self._holds(at, cell, table[cell])]
            wider[cell] = (holding or later or [step[cell]])[0]
            if beside and wider[cell] == last and not self._holds(last, cell, table[cell]):
                short.append(cell)
        # Where a number of answers moved, no cell may tell another one.
        asked, every = self.attacker.equations.asked, np.arange(len(step))
        least, most = self.attacker.asked_low[wider, every], self.attacker.asked_high[wider, every]
        with np.errstate(invalid="ignore"):
            wrong = (table[asked] < least - TOLERANCE) | (table[asked] > most + TOLERANCE)
        hidden = moved[asked] & wrong
        hidden |= np.isin(asked, asked[short]) & self._tells_asked(wider)
        wider[hidden & self._steps.possible[last]] = last
        return wider

    def _holds(self, step: int, cell: int, value: float) -> bool:
        low, high = self.attacker.low[1, step, cell], self.attacker.high[1, step, cell]
        return bool(low - TOLERANCE <= value <= high + TOLERANCE)


def _blocks(matrix: csr_array) -> tuple[Integers, Integers]:
    """Return which block of sets tied by equations each column and each row is of."""
    links = abs(matrix)
    _, block = connected_components(links.T @ links, directed=False)
    return block, block[matrix.indices[matrix.indptr[:-1]]]


def _noise(cells: Cells) -> Floats:
    """Return two numbers below one for each cell, the same in every run."""
    noise: Floats = np.random.default_rng(0).random((2, len(cells)))
    return noise
