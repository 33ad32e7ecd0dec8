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
        above: (T,) what its largest value has to exceed.
        below: (T,) what its smallest value has to be less than.
    """

    column: Integers
    width: Floats
    above: Floats
    below: Floats

    @classmethod
    def wide(cls, column: Integers, width: Floats) -> "Targets":
        """Return targets of which only the width matters."""
        any_ = np.full(len(column), np.inf)
        return cls(column, width, -any_, any_)

    def __len__(self) -> int:
        return len(self.column)

    def __getitem__(self, chosen: Integers | Mask) -> "Targets":
        return Targets(
            self.column[chosen], self.width[chosen], self.above[chosen], self.below[chosen]
        )

    def no_closer(self, told: "Told") -> "Targets":
        """Return targets of which those that are told anyway only have to stay as far apart."""
        closer = np.isin(self.column, told.targets.column)
        width, above, below = self.width.copy(), self.above.copy(), self.below.copy()
        # Found twice, both ends may differ a little.
        width[closer] = told.high - told.low - TOLERANCE
        above[closer], below[closer] = -np.inf, np.inf
        return Targets(self.column, width, above, below)

    def told(self, low: Floats, high: Floats) -> Mask:
        """Return which are told too closely by their smallest and largest values (T,)."""
        wide = high - low >= self.width - TOLERANCE
        open_ = wide & (high > self.above + TOLERANCE) & (low < self.below - TOLERANCE)
        return np.asarray(~open_)


@dataclass(frozen=True, eq=False)
class Told:
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
    first: bool = False,
    method: str = METHOD,
) -> Told:
    """Return the targets that are told too closely.

    Args:
        system: what is known.
        targets: what must stay in doubt.
        witnesses: tables (C,) that may fit, as they fitted something much the same; those that
            are found are added.
        first: whether one that is told is enough, the first as ``targets`` go.
        method: solver of ``scipy.optimize.linprog``.
    """
    seen = _Seen(system, [] if witnesses is None else witnesses, method)
    random = np.random.default_rng(0)

    def unsettled(chosen: Integers) -> Integers:
        own = targets[chosen]
        return chosen[own.told(seen.low[own.column], seen.high[own.column])]

    known = (system.high <= system.low)[targets.column]
    told = unsettled(np.flatnonzero(known)).tolist()
    asked = unsettled(np.flatnonzero(~known))
    # All down, all up, then at random.
    turn, in_vain = 0, 0
    while len(asked) > FEW_LEFT and in_vain < IN_VAIN:
        signs = [1.0, -1.0] if turn > 1 else [1.0 - 2.0 * turn]
        seen.minimise(targets.column[asked], random.choice(np.array(signs), len(asked)))
        turn, before, asked = turn + 1, len(asked), unsettled(asked)
        in_vain = in_vain + 1 if before - len(asked) < WORTH_IT else 0
    for place in asked.tolist():
        if first and told:
            break
        for sign in (1.0, -1.0):
            if len(one := unsettled(np.array([place]))):
                seen.minimise(targets.column[one], np.array([sign]))
        told += unsettled(np.array([place])).tolist()
    places = np.sort(np.array(told, dtype=np.intp))
    found = targets[places[:1] if first else places]
    return Told(found, seen.low[found.column], seen.high[found.column])


class _Seen:
    """The smallest and the largest value that each count has in some table that fits."""

    def __init__(self, system: System, witnesses: list[Floats], method: str) -> None:
        self._true, self._witnesses, self._method = system.true, witnesses, method
        self._parts = _Parts(system)
        self.low, self.high = np.nan_to_num(system.true), np.nan_to_num(system.true)
        if witnesses:
            tables = np.array(witnesses)
            for table in tables[system.fits(tables)]:
                self._widen(table)

    def minimise(self, columns: Integers, signs: Floats) -> None:
        """Minimise the sum of some counts, with signs."""
        table = self._true.copy()
        found, values = self._parts.minimum(columns, signs, self._method)
        table[found] = values
        self._witnesses.append(table)
        self._widen(table)

    def _widen(self, table: Floats) -> None:
        self.low, self.high = np.fmin(self.low, table), np.fmax(self.high, table)


class _Parts:
    """A system without what is known exactly, in parts that share no count."""

    def __init__(self, system: System) -> None:
        fixed = system.high <= system.low
        self.free = np.flatnonzero(~fixed)
        self.place = np.cumsum(~fixed) - 1
        matrix = system.matrix[:, self.free]
        rows = np.flatnonzero(np.diff(matrix.indptr))
        self.matrix = matrix[rows]
        known = system.matrix @ np.where(fixed, system.low, 0.0)
        self.floor, self.room = (system.floor - known)[rows], (system.room - known)[rows]
        self.low, self.high = system.low[self.free], system.high[self.free]
        links = abs(self.matrix)
        _, self.part = connected_components(links.T @ links, directed=False)
        self.row_part = self.part[self.matrix.indices[self.matrix.indptr[:-1]]]

    def minimum(self, columns: Integers, signs: Floats, method: str) -> tuple[Integers, Floats]:
        """Return where the sum of some counts, with signs, is least: counts and their values."""
        places = self.place[columns]
        wanted = self.part[places]
        own, rows = np.isin(self.part, wanted), np.isin(self.row_part, wanted)
        cost = np.zeros(len(self.free))
        cost[places] = signs
        table = solve(
            self.matrix[rows][:, np.flatnonzero(own)],
            (self.floor[rows], self.room[rows]),
            (self.low[own], self.high[own]),
            cost[own],
            method,
        )
        return self.free[own], table


def solve(
    matrix: csr_array,
    rows: tuple[Floats, Floats],
    columns: tuple[Floats, Floats],
    cost: Floats,
    method: str = METHOD,
) -> Floats:
    """Return the x of least cost whose rows ``matrix @ x`` and columns lie between two limits."""
    floor, room = rows
    equal = room <= floor
    least, most = ~equal & np.isfinite(floor), ~equal & np.isfinite(room)
    solved = linprog(  # type: ignore[call-overload]
        cost,
        # The stubs do not know that the matrix may be sparse.
        A_ub=vstack([-matrix[least], matrix[most]], format="csr"),
        b_ub=np.concatenate([-floor[least], room[most]]),
        A_eq=matrix[equal],
        b_eq=floor[equal],
        bounds=np.column_stack(columns),
        method=method,
        # The simplex is done in the time that it takes to look for what can be left out, and the
        # other method of HiGHS may not end where that was done.
        options={"presolve": False},
    )
    if solved.status != 0:
        # The true counts fulfil every row and bound, so this cannot come from the data.
        raise RuntimeError(f"the disclosure audit could not be solved: {solved.message}")
    found: Floats = solved.x
    return found
