"""Which hidden counts can be told too closely from what is known?

What an attacker knows is a :class:`System`: equations, and the least and the greatest value that
each count can have. A linear programme gives the smallest and the largest value of one count among
all tables that fit. It treats counts as real numbers; knowing that they are whole can narrow an
interval only to the whole numbers within it.

Every solution of a programme is one table that fits, and so a witness for all counts at once: what
a count is in it, it can be. A few programmes that move all counts together show most of them to be
open; only the others are minimised and maximised one by one. Which counts are told does not depend
on the solver, as it is decided by these smallest and largest values alone.

A witness stays one as long as it fits, whoever found it: where somewhat else is known, tables that
were found before are checked, and only what they do not show to be open needs programmes.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack
from scipy.sparse.csgraph import connected_components

from designbased.arrays import Floats, Integers, Mask

TOLERANCE = 1e-6
METHOD = "highs"
# Programmes that move all counts together go on until so many in a row settle hardly any count.
WORTH_IT, IN_VAIN = 2, 2
# So few are rather settled one by one.
FEW_LEFT = 3


@dataclass(frozen=True, eq=False)
class System:
    """What an attacker knows: ``floor <= matrix @ x <= room`` and ``low <= x <= high``.

    ``true`` is a table that fits; it is NaN for counts that no cell has.
    """

    matrix: csr_array
    floor: Floats
    room: Floats
    low: Floats
    high: Floats
    true: Floats

    def fits(self, tables: Floats) -> Mask:
        """Return which tables (W, C) fit. A count that is NaN is as in any table that does.

        Counts that no cell has are NaN where all that they are tied to is as in the true table.
        """
        within = (tables >= self.low - TOLERANCE) & (tables <= self.high + TOLERANCE)
        rows = (self.matrix @ tables.T).T
        meet = (rows >= self.floor - TOLERANCE) & (rows <= self.room + TOLERANCE)
        return np.asarray(
            (within | np.isnan(tables)).all(axis=1) & (meet | np.isnan(rows)).all(axis=1)
        )


@dataclass(frozen=True, eq=False)
class Targets:
    """T counts that must stay in doubt.

    Attributes:
        column: (T,) of the system.
        width: (T,) how far apart its smallest and its largest value have to be.
        must_exceed: (T,) what its largest value has to exceed.
        must_undercut: (T,) what its smallest value has to be less than.
    """

    column: Integers
    width: Floats
    must_exceed: Floats
    must_undercut: Floats

    @classmethod
    def from_widths(cls, column: Integers, width: Floats) -> "Targets":
        """Return targets of which only the width matters."""
        any_ = np.full(len(column), np.inf)
        return cls(column, width, -any_, any_)

    def __len__(self) -> int:
        return len(self.column)

    def __getitem__(self, selection: Integers | Mask) -> "Targets":
        return Targets(
            self.column[selection],
            self.width[selection],
            self.must_exceed[selection],
            self.must_undercut[selection],
        )

    def relax(self, disclosures: "Disclosures") -> "Targets":
        """Return targets of which those that are told anyway only have to stay as far apart."""
        is_disclosed = np.isin(self.column, disclosures.targets.column)
        width, above, below = self.width.copy(), self.must_exceed.copy(), self.must_undercut.copy()
        # Found twice, both ends may differ a little.
        width[is_disclosed] = disclosures.high - disclosures.low - TOLERANCE
        above[is_disclosed], below[is_disclosed] = -np.inf, np.inf
        return Targets(self.column, width, above, below)

    def are_disclosed(self, low: Floats, high: Floats) -> Mask:
        """Return which are told too closely by their smallest and largest values (T,)."""
        wide = high - low >= self.width - TOLERANCE
        open_ = (
            wide & (high > self.must_exceed + TOLERANCE) & (low < self.must_undercut - TOLERANCE)
        )
        return np.asarray(~open_)


@dataclass(frozen=True, eq=False)
class Disclosures:
    """Targets that are told too closely, with the smallest and the largest value of each."""

    targets: Targets
    low: Floats
    high: Floats

    def __len__(self) -> int:
        return len(self.targets)


def audit(
    system: System,
    targets: Targets,
    witnesses: list[Floats] | None = None,
    first_only: bool = False,
    method: str = METHOD,
) -> Disclosures:
    """Return the targets that are told too closely.

    Args:
        witnesses: tables (C,) that may fit, as they fitted something much the same; those that
            are found are added.
        first_only: whether one that is told is enough: as ``targets`` go the first whose count is
            known exactly, or else the first of the others.
    """
    ranges = _WitnessRanges(system, [] if witnesses is None else witnesses, method)
    random = np.random.default_rng(0)

    def unsettled(positions: Integers) -> Integers:
        targets_at = targets[positions]
        return positions[
            targets_at.are_disclosed(ranges.low[targets_at.column], ranges.high[targets_at.column])
        ]

    is_known = (system.high <= system.low)[targets.column]
    disclosed = unsettled(np.flatnonzero(is_known)).tolist()
    open_targets = unsettled(np.flatnonzero(~is_known))
    # All down, all up, then at random; what tables at hand have left is mostly told.
    turn, in_vain = 0, IN_VAIN if first_only and witnesses else 0
    while len(open_targets) > FEW_LEFT and in_vain < IN_VAIN:
        signs = [1.0, -1.0] if turn > 1 else [1.0 - 2.0 * turn]
        ranges.minimise(
            targets.column[open_targets], random.choice(np.array(signs), len(open_targets))
        )
        turn, count_before, open_targets = turn + 1, len(open_targets), unsettled(open_targets)
        in_vain = in_vain + 1 if count_before - len(open_targets) < WORTH_IT else 0
    for position in open_targets.tolist():
        if first_only and disclosed:
            break
        for sign in (1.0, -1.0):
            if len(unsettled_target := unsettled(np.array([position]))):
                ranges.minimise(targets.column[unsettled_target], np.array([sign]))
        disclosed += unsettled(np.array([position])).tolist()
    positions = np.sort(np.array(disclosed, dtype=np.intp))
    disclosed_targets = targets[positions[:1] if first_only else positions]
    return Disclosures(
        disclosed_targets,
        ranges.low[disclosed_targets.column],
        ranges.high[disclosed_targets.column],
    )


class _WitnessRanges:
    """The smallest and the largest value that each count has in some table that fits."""

    def __init__(self, system: System, witnesses: list[Floats], method: str) -> None:
        self._true, self._witnesses, self._method = system.true, witnesses, method
        self._blocks = _Blocks(system)
        self.low, self.high = np.nan_to_num(system.true), np.nan_to_num(system.true)
        if witnesses:
            tables = np.array(witnesses)
            for table in tables[system.fits(tables)]:
                self._widen_range(table)

    def minimise(self, columns: Integers, signs: Floats) -> None:
        """Minimise the sum of some counts, with signs."""
        table = self._true.copy()
        columns_of_block, values = self._blocks.minimum(columns, signs, self._method)
        table[columns_of_block] = values
        self._witnesses.append(table)
        self._widen_range(table)

    def _widen_range(self, table: Floats) -> None:
        self.low, self.high = np.fmin(self.low, table), np.fmax(self.high, table)


class _Blocks:
    """A system without what is known exactly, in parts that share no count."""

    def __init__(self, system: System) -> None:
        is_fixed = system.high <= system.low
        self.free = np.flatnonzero(~is_fixed)
        self.position = np.cumsum(~is_fixed) - 1
        matrix = system.matrix[:, self.free]
        rows = np.flatnonzero(np.diff(matrix.indptr))
        self.matrix = matrix[rows]
        fixed_part = system.matrix @ np.where(is_fixed, system.low, 0.0)
        self.floor, self.room = (system.floor - fixed_part)[rows], (system.room - fixed_part)[rows]
        self.low, self.high = system.low[self.free], system.high[self.free]
        links = abs(self.matrix)
        _, self.block = connected_components(links.T @ links, directed=False)
        self.row_block = self.block[self.matrix.indices[self.matrix.indptr[:-1]]]

    def minimum(self, columns: Integers, signs: Floats, method: str) -> tuple[Integers, Floats]:
        """Return where the sum of some counts, with signs, is least: counts and their values."""
        positions = self.position[columns]
        blocks = self.block[positions]
        in_block, in_rows = np.isin(self.block, blocks), np.isin(self.row_block, blocks)
        cost = np.zeros(len(self.free))
        cost[positions] = signs
        table = solve(
            self.matrix[in_rows][:, np.flatnonzero(in_block)],
            (self.floor[in_rows], self.room[in_rows]),
            (self.low[in_block], self.high[in_block]),
            cost[in_block],
            method,
        )
        return self.free[in_block], table


def solve(
    matrix: csr_array,
    rows: tuple[Floats, Floats],
    columns: tuple[Floats, Floats],
    cost: Floats,
    method: str = METHOD,
) -> Floats:
    """Return the x of least cost whose rows ``matrix @ x`` and columns lie between two limits."""
    floor, room = rows
    is_equation = room <= floor
    has_floor, has_room = ~is_equation & np.isfinite(floor), ~is_equation & np.isfinite(room)
    solved = linprog(  # type: ignore[call-overload]
        cost,
        # The stubs do not know that the matrix may be sparse.
        A_ub=vstack([-matrix[has_floor], matrix[has_room]], format="csr"),
        b_ub=np.concatenate([-floor[has_floor], room[has_room]]),
        A_eq=matrix[is_equation],
        b_eq=floor[is_equation],
        bounds=np.column_stack(columns),
        method=method,
        # The simplex is done in the time that it takes to look for what can be left out, and the
        # other method of HiGHS may not end where that was done.
        options={"presolve": False},
    )
    if solved.status != 0:
        # The true counts fulfil every row and bound, so this cannot come from the data.
        raise RuntimeError(f"the disclosure audit could not be solved: {solved.message}")
    solution: Floats = solved.x
    return solution
