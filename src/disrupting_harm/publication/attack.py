"""Bounds of hidden counts that an attacker can compute from the cells that are shown.

The cells of one indicator form an additive system: the levels of a domain sum to the total, the
levels of a crossed domain to the levels of each of its two parents. An attacker who knows every
shown count exactly knows each equation's hidden part. The attack asks a linear programme for the
smallest and the largest value that each hidden count can have. It treats counts as real numbers;
knowing that they are whole can narrow an interval only to the whole numbers within it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import block_array, block_diag, csr_array
from scipy.sparse.csgraph import connected_components

from disrupting_harm.study.statuses import TOTAL

# A linear programme holds about this many counts, so that memory stays bounded.
COUNTS_AT_ONCE = 200_000

Line = tuple[int, tuple[int, ...]]


@dataclass(frozen=True)
class System:
    """The hidden counts of one indicator, seen by an attacker.

    Attributes:
        matrix: equations x hidden counts, entries 1, -1 and 0.
        known: what the equations sum to, known from the shown cells.
        low: smallest value of each hidden count that is known without any equation.
        high: largest such value.
        targets: which of the hidden counts are attacked.
    """

    matrix: np.ndarray
    known: np.ndarray
    low: np.ndarray
    high: np.ndarray
    targets: tuple[int, ...]


def additive_lines(
    cells: Sequence[tuple[str, str]], crosses: Mapping[str, tuple[str, str]]
) -> list[Line]:
    """Return the equations among the cells of one indicator as (sum, parts) of positions.

    Args:
        cells: domain and level of each cell.
        crosses: crossed domain -> its two parents; their levels are joined by ``|``.
    """
    place = {cell: position for position, cell in enumerate(cells)}
    levels: dict[str, list[str]] = {}
    for domain, level in cells:
        levels.setdefault(domain, []).append(level)
    sums: list[tuple[tuple[str, str], list[tuple[str, str]]]] = []
    for domain, names in levels.items():
        if domain not in crosses and domain != TOTAL[0]:
            sums.append((TOTAL, [(domain, name) for name in names]))
    for domain, (first, second) in crosses.items():
        rows, columns = levels.get(first, []), levels.get(second, [])
        sums += [
            ((first, row), [(domain, f"{row}|{column}") for column in columns]) for row in rows
        ]
        sums += [
            ((second, column), [(domain, f"{row}|{column}") for row in rows]) for column in columns
        ]
    lines = []
    for whole, parts in sums:
        present = tuple(place[part] for part in parts if part in place)
        if whole in place and present:
            lines.append((place[whole], present))
    return lines


def hidden_system(
    lines: Sequence[Line],
    counts: np.ndarray,
    hidden: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    targets: np.ndarray,
) -> System:
    """Reduce the equations to the hidden counts; arguments have one entry per cell."""
    columns = np.flatnonzero(hidden)
    matrix = np.zeros((len(lines), len(counts)))
    for row, (whole, parts) in enumerate(lines):
        matrix[row, whole] = 1
        matrix[row, list(parts)] = -1
    matrix = matrix[:, columns]
    matrix = matrix[np.any(matrix != 0, axis=1)]
    return System(
        matrix,
        matrix @ counts[columns],
        low[columns],
        high[columns],
        tuple(np.flatnonzero(targets[columns]).tolist()),
    )


def attack(systems: Sequence[System]) -> list[np.ndarray]:
    """Return per system an array targets x 2: smallest and largest value of each target.

    A system falls into parts that share no count. A part of one equation, such as a domain beside a
    total that is shown, is solved by hand: a count is least where all others are largest. A domain
    of 300 hidden levels would otherwise ask for 600 programmes of 300 counts per indicator. Only
    equations that share counts go into linear programmes.
    """
    limits = [np.full((len(system.targets), 2), np.nan) for system in systems]
    copies: list[_Copy] = []
    size = 0
    for system, found in zip(systems, limits, strict=True):
        place = {count: row for row, count in enumerate(system.targets)}
        for equations, counts in _parts(system.matrix):
            low, high = system.low[counts], system.high[counts]
            own = [(k, place[count]) for k, count in enumerate(counts.tolist()) if count in place]
            if len(equations) < 2 and np.isfinite(low + high).all():
                ends = _by_hand(
                    system.matrix[np.ix_(equations, counts)], system.known[equations], low, high
                )
                for k, row in own:
                    found[row] = ends[k]
                continue
            matrix = csr_array(system.matrix[np.ix_(equations, counts)])
            for k, row in own:
                copies += [
                    _Copy(matrix, system.known[equations], low, high, k, sign, found[row], end)
                    for end, sign in enumerate((1.0, -1.0))
                ]
                size += 2 * len(counts)
            if size > COUNTS_AT_ONCE:
                _solve(copies)
                copies, size = [], 0
    _solve(copies)
    return limits


@dataclass(frozen=True, eq=False)
class _Copy:
    """A part of a system in which one count is pressed down (sign 1) or pushed up (-1).

    The value that it reaches is put into ``found[end]``.
    """

    matrix: csr_array
    known: np.ndarray
    low: np.ndarray
    high: np.ndarray
    target: int
    sign: float
    found: np.ndarray
    end: int


def _parts(matrix: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the equations and the counts of each part of a system; none shares a count."""
    rows, columns = matrix.shape
    used = csr_array(matrix != 0)
    nodes = block_array([[None, used], [used.T, None]]) if rows else csr_array((columns, columns))
    number, label = connected_components(nodes, directed=False)
    order = np.argsort(label, kind="stable")
    bounds = np.searchsorted(label[order], np.arange(number + 1))
    members = [order[first:last] for first, last in pairwise(bounds.tolist())]
    return [(own[own < rows], own[own >= rows] - rows) for own in members if own[-1] >= rows]


def _by_hand(
    matrix: np.ndarray, known: np.ndarray, low: np.ndarray, high: np.ndarray
) -> np.ndarray:
    """Smallest and largest value of each count (c, 2) under one equation, or under none."""
    if not len(known):
        return np.column_stack([low, high])
    factor = matrix[0]
    ends = np.sort(np.column_stack([factor * low, factor * high]), axis=1)
    least, most = ends.T
    # A term is what is known less all other terms, and within its own bounds.
    down = np.maximum(least, known[0] - (most.sum() - most))
    up = np.minimum(most, known[0] - (least.sum() - least))
    return np.sort(np.column_stack([down, up]) / factor[:, np.newaxis], axis=1)


def _solve(copies: Sequence[_Copy]) -> None:
    """Solve all copies in one linear programme.

    As they share nothing, the optimum of their sum is the optimum of each.
    """
    if not copies:
        return
    cost = []
    for copy in copies:
        part = np.zeros(len(copy.low))
        part[copy.target] = copy.sign
        cost.append(part)
    solved = linprog(  # type: ignore[call-overload]
        np.concatenate(cost),
        # The stubs do not know that the matrix may be sparse.
        A_eq=block_diag([copy.matrix for copy in copies], format="csr"),
        b_eq=np.concatenate([copy.known for copy in copies]),
        bounds=np.column_stack(
            [
                np.concatenate([copy.low for copy in copies]),
                np.concatenate([copy.high for copy in copies]),
            ]
        ),
        method="highs",
    )
    if solved.status != 0:
        # The true counts fulfil every equation and bound, so this cannot come from the data.
        raise RuntimeError(f"the disclosure attack could not be solved: {solved.message}")
    start = 0
    for copy in copies:
        copy.found[copy.end] = solved.x[start + copy.target]
        start += len(copy.low)
