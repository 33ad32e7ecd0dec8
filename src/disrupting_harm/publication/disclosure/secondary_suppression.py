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
    Disclosures,
    System,
    Targets,
    audit,
    solve,
)
from disrupting_harm.publication.disclosure.cells_and_steps import (
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


def hide_secondary(
    cells: Cells,
    steps: Steps,
    attackers: Sequence[Attacker],
    start: Integers,
    witnesses: Witnesses | None = None,
    method: str = METHOD,
) -> tuple[Integers, Integers]:
    """Return the step of each cell (C,) at which nothing is told, and cells that still are.

    Args:
        start: the step of each cell before.
        witnesses: tables that may fit what is printed; those that are found are added.
    """
    step = start
    known_tables = witnesses or no_witnesses()
    searches = [
        _CoverSearch(cells, steps, attacker, known_tables[attacker.measure], method)
        for attacker in attackers
    ]
    while True:
        previous, disclosed_cells = step, []
        for search in searches:
            targets = search.targets
            while len(disclosures := search.find_first_disclosed(step, targets)):
                wider_steps = search.find_wider_steps(step, disclosures)
                if wider_steps is None:
                    disclosed_cells += search.attacker.find_cells(disclosures.targets).tolist()
                    targets = targets[targets.column != disclosures.targets.column[0]]
                else:
                    step = wider_steps
        # What is printed now was seen by all of them, and nothing is told but what is left.
        if (step == previous).all():
            return step, np.unique(np.array(disclosed_cells, dtype=np.intp))


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


class _CoverSearch:
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
        matrix, asked_columns = attacker.equations.matrix, attacker.equations.asked_columns
        self._sets = matrix.shape[1]
        # A sum is often told through its parts: the smallest first.
        size_of_set = np.concatenate([cells.n, np.zeros(self._sets - len(cells))])
        size_of_set[asked_columns] = cells.n
        targets = attacker.targets
        self.targets = targets[np.lexsort((targets.column, size_of_set[targets.column]))]
        self._set_block, self._row_block = _tied_blocks(matrix)
        self._noise = 1 + NOISE * _draw_noise(cells)

    def find_first_disclosed(self, step: Integers, targets: Targets) -> Disclosures:
        """Return the first target that is told when each cell is printed at its step."""
        system = self.attacker.system(step)
        return audit(system, targets, self._witnesses, first_only=True, method=self._method)

    def find_wider_steps(self, step: Integers, disclosures: Disclosures) -> Integers | None:
        """Return steps at which one told count may be further away; None where none are.

        Only where nothing else helps, numbers of answers are hidden for what is hidden beside them.
        """
        wider_steps = self._widen_steps(step, disclosures, hide_asked=False)
        return (
            self._widen_steps(step, disclosures, hide_asked=True)
            if wider_steps is None
            else wider_steps
        )

    def _widen_steps(
        self, step: Integers, disclosures: Disclosures, hide_asked: bool
    ) -> Integers | None:
        target, width = int(disclosures.targets.column[0]), float(disclosures.targets.width[0])
        must_exceed, must_undercut = (
            disclosures.targets.must_exceed[0],
            disclosures.targets.must_undercut[0],
        )
        low, high = disclosures.low[0], disclosures.high[0]
        system = self.attacker.system(step)
        reach = self._find_reach(step, system, width, hide_asked)
        # As far as it has to be; or as far as it can be, and then the other end comes next.
        upper_goal = min(max(low + width, must_exceed + BEYOND), reach.high[target])
        lower_goal = max(min(high - width, must_undercut - BEYOND), reach.low[target])
        # Where an end has to pass a limit, a table at the other end does not help.
        goals = (
            [(1.0, upper_goal)]
            if low < must_undercut - TOLERANCE or high <= must_exceed + TOLERANCE
            else []
        )
        goals += [(-1.0, lower_goal)] if high > must_exceed + TOLERANCE else []
        tables = [
            self._find_cheapest_table(system, reach, target, sign, goal)
            for sign, goal in goals
            if not low - TOLERANCE <= goal <= high + TOLERANCE
        ]
        reached = [table for table in tables if table is not None]
        if not reached:
            return None
        table, _ = min(reached, key=lambda table_and_cost: table_and_cost[1])
        # What is printed now mostly allows this table, and then its count is open without a search.
        self._witnesses.append(np.where(np.isnan(table), self.attacker.true, table))
        wider_steps = self._find_coarser_steps(step, system, table, hide_asked)
        return None if (wider_steps == step).all() else wider_steps

    def _find_cheapest_table(
        self, system: System, reach: "_Reach", target: int, sign: float, goal: float
    ) -> tuple[Floats, float] | None:
        """Return the cheapest table with the goal and its cost; None where it is out of reach.

        Args:
            reach: how far each set may go, and at which cost.
            target: the count that has to be ``goal`` at least (``sign`` 1) or at most (-1).
        """
        in_block = self._set_block == self._set_block[target]
        sets, rows = (
            np.flatnonzero(in_block),
            np.flatnonzero(self._row_block == self._set_block[target]),
        )
        can_rise = np.flatnonzero(in_block & (reach.high > system.high))
        can_fall = np.flatnonzero(in_block & (reach.low < system.low))
        # One row more for the goal, and columns for what is missing of it, and of other rows.
        goal_row: csr_array = csr_array(([sign], ([0], [target])), shape=(1, self._sets))
        matrix = vstack([system.matrix[rows], goal_row], format="csr")
        no = np.flatnonzero(np.isin(reach.no, rows))
        lacking_rows = np.append(np.searchsorted(rows, reach.no[no]), len(rows))
        missing: csr_array = csr_array(
            (np.ones(len(lacking_rows)), (lacking_rows, np.arange(len(lacking_rows)))),
            shape=(len(rows) + 1, len(lacking_rows)),
        )
        fewer_no = (system.floor - self.attacker.floor)[reach.no[no]]
        room_of_moves = [
            reach.high[can_rise] - system.high[can_rise],
            system.low[can_fall] - reach.low[can_fall],
            fewer_no,
        ]
        unit_costs = np.concatenate(
            [reach.cost[can_rise], reach.cost[can_fall], reach.no_cost[no], [OUT_OF_REACH]]
        )
        solution = solve(
            hstack(
                [matrix[:, sets], matrix[:, can_rise], -matrix[:, can_fall], missing], format="csr"
            ),
            (np.append(system.floor[rows], sign * goal), np.append(system.room[rows], np.inf)),
            (
                np.concatenate([system.low[sets], np.zeros(len(unit_costs))]),
                np.concatenate([system.high[sets], *room_of_moves, [np.inf]]),
            ),
            np.concatenate([np.zeros(len(sets)), unit_costs]),
            self._method,
        )
        inside, moves = solution[: len(sets)], solution[len(sets) :]
        if moves[-1] > TOLERANCE:
            return None
        table = np.full(self._sets, np.nan)
        table[sets] = inside
        table[can_rise] += moves[: len(can_rise)]
        table[can_fall] -= moves[len(can_rise) :][: len(can_fall)]
        return table, float(unit_costs @ moves)

    def _find_reach(
        self, step: Integers, system: System, width: float, hide_asked: bool
    ) -> "_Reach":
        """Return how far each set may go; a cell that moves goes ``width`` at most, if it can.

        ``hide_asked``: cells at their last step go further where numbers of answers are hidden.
        """
        cells, attacker, cell = self._cells, self.attacker, np.arange(len(step))
        asked_columns = attacker.equations.asked_columns
        later = self._steps.possible & (np.arange(len(self._steps.sign))[:, np.newaxis] > step)
        low, high = system.low.copy(), system.high.copy()
        knows_asked = (low[asked_columns] == high[asked_columns]).astype(np.intp)
        least, most = attacker.low[knows_asked, :, cell].T, attacker.high[knows_asked, :, cell].T
        low[cell] = np.minimum(low[cell], np.where(later, least, np.inf).min(axis=0))
        high[cell] = np.maximum(high[cell], np.where(later, most, -np.inf).max(axis=0))
        has_last = later[-1]
        low[cell[has_last]], high[cell[has_last]] = (
            0.0,
            attacker.most_asked[asked_columns[has_last]],
        )
        high[cell] = np.minimum(high[cell], attacker.most_asked[asked_columns])
        sign, _ = self._steps.printed_at(step)
        loss = (
            np.array([LOSS[sign_of_cell] for sign_of_cell in sign])
            * np.sqrt(cells.n + 1)
            * self._noise[0]
        )
        loss = loss * np.where(cells.national, NATIONAL, 1.0)
        cost = np.zeros(self._sets)
        cost[cell] = loss / np.clip(high[cell] - low[cell], TOLERANCE, width)
        # A number of answers is hidden by hiding every cell that tells of it.
        tells_asked = self._tells_asked(step) & ~attacker.asked_known[asked_columns]
        open_ = np.setdiff1d(
            asked_columns[tells_asked & has_last], asked_columns[tells_asked & ~has_last]
        )
        low[open_], high[open_] = 0.0, attacker.most_asked[open_]
        is_mute = hide_asked & ~later.any(axis=0) & np.isin(asked_columns, open_)
        low[cell[is_mute]], high[cell[is_mute]] = 0.0, attacker.most_asked[asked_columns[is_mute]]
        hidden = tells_asked & np.isin(asked_columns, open_)
        np.add.at(cost, asked_columns[hidden], (loss * self._noise[1])[hidden] / width)
        cost[cell[is_mute]] = cost[asked_columns[is_mute]]
        has_no = later.any(axis=0) & (attacker.no_low[step, cell] > 0)
        no = attacker.equations.no_rows[has_no]
        return _Reach(low, high, cost, no, loss[has_no] / attacker.no_low[step, cell][has_no])

    def _tells_asked(self, step: Integers) -> Mask:
        """Return which cells tell anything of how many were asked."""
        cell = np.arange(len(step))
        low, high = self.attacker.asked_low[step, cell], self.attacker.asked_high[step, cell]
        return np.asarray((low > 0) | np.isfinite(high))

    def _find_coarser_steps(
        self, step: Integers, system: System, table: Floats, hide_asked: bool
    ) -> Integers:
        """Return steps that hold a table: the first of each cell that does, else its last.

        ``hide_asked``: where this does not hold it either, numbers of answers are hidden.
        """
        with np.errstate(invalid="ignore"):
            has_moved = (table > system.high + TOLERANCE) | (table < system.low - TOLERANCE)
            least_no = self.attacker.no_low[step, np.arange(len(step))]
            has_moved[: len(step)] |= (least_no > 0) & (
                table[self.attacker.equations.asked_columns] - table[: len(step)]
                < least_no - TOLERANCE
            )
        wider_steps, last = step.copy(), len(self._steps.sign) - 1
        short_cells: list[int] = []
        for cell in np.flatnonzero(has_moved[: len(step)]).tolist():
            later = [
                step_index
                for step_index in range(step[cell] + 1, last + 1)
                if self._steps.possible[step_index, cell]
            ]
            holding = [
                step_index
                for step_index in later
                if step_index == last or self._holds_value(step_index, cell, table[cell])
            ]
            wider_steps[cell] = (holding or later or [step[cell]])[0]
            if (
                hide_asked
                and wider_steps[cell] == last
                and not self._holds_value(last, cell, table[cell])
            ):
                short_cells.append(cell)
        # Where a number of answers moved, no cell may tell another one.
        asked_columns, cell_indices = self.attacker.equations.asked_columns, np.arange(len(step))
        least, most = (
            self.attacker.asked_low[wider_steps, cell_indices],
            self.attacker.asked_high[wider_steps, cell_indices],
        )
        with np.errstate(invalid="ignore"):
            is_wrong = (table[asked_columns] < least - TOLERANCE) | (
                table[asked_columns] > most + TOLERANCE
            )
        hidden = has_moved[asked_columns] & is_wrong
        hidden |= np.isin(asked_columns, asked_columns[short_cells]) & self._tells_asked(
            wider_steps
        )
        wider_steps[hidden & self._steps.possible[last]] = last
        return wider_steps

    def _holds_value(self, step: int, cell: int, value: float) -> bool:
        low, high = self.attacker.low[1, step, cell], self.attacker.high[1, step, cell]
        return bool(low - TOLERANCE <= value <= high + TOLERANCE)


def _tied_blocks(matrix: csr_array) -> tuple[Integers, Integers]:
    """Return which block of sets tied by equations each column and each row is of."""
    links = abs(matrix)
    block = connected_components(links.T @ links, directed=False)[1].astype(np.intp)
    return block, block[matrix.indices[matrix.indptr[:-1]]]


def _draw_noise(cells: Cells) -> Floats:
    """Return two numbers below one for each cell, the same in every run."""
    noise: Floats = np.random.default_rng(0).random((2, len(cells)))
    return noise
