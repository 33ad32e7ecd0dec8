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
from scipy.sparse import csr_array
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
    for system, found, parts in zip(systems, limits, _parts(systems), strict=True):
        place = {count: row for row, count in enumerate(system.targets)}
        for equations, counts in parts:
            low, high = system.low[counts], system.high[counts]
            matrix, known = system.matrix[np.ix_(equations, counts)], system.known[equations]
            own = [(k, place[count]) for k, count in enumerate(counts.tolist()) if count in place]
            if len(equations) < 2 and np.isfinite(low + high).all():
                ends = _by_hand(matrix, known, low, high)
                for k, row in own:
                    found[row] = ends[k]
                continue
            rows, columns = np.nonzero(matrix)
            part = _Part(rows, columns, matrix[rows, columns], known, low, high)
            for k, row in own:
                copies += [
                    _Copy(part, k, sign, found[row], end) for end, sign in enumerate((1.0, -1.0))
                ]
                size += 2 * len(counts)
            if size > COUNTS_AT_ONCE:
                _solve(copies)
                copies, size = [], 0
    _solve(copies)
    return limits


@dataclass(frozen=True, eq=False)
class _Part:
    """A part of a system: its matrix by row, column and value of each entry that is not 0."""

    rows: np.ndarray
    columns: np.ndarray
    values: np.ndarray
    known: np.ndarray
    low: np.ndarray
    high: np.ndarray


@dataclass(frozen=True, eq=False)
class _Copy:
    """A part in which one count is pressed down (sign 1) or pushed up (-1).

    The value that it reaches is put into ``found[end]``.
    """

    part: _Part
    target: int
    sign: float
    found: np.ndarray
    end: int


def _parts(systems: Sequence[System]) -> list[list[tuple[np.ndarray, np.ndarray]]]:
    """Return per system the equations and the counts of each part; no two parts share a count."""
    # One graph for all systems: its nodes are the equations of a system, then its counts.
    shapes = np.array([system.matrix.shape for system in systems], dtype=int).reshape(-1, 2)
    ends = shapes.sum(axis=1).cumsum()
    starts = ends - shapes.sum(axis=1)
    entries = [np.nonzero(system.matrix) for system in systems]
    first = [start + rows for start, (rows, _) in zip(starts, entries, strict=True)]
    second = [
        start + equations + columns
        for start, equations, (_, columns) in zip(starts, shapes[:, 0], entries, strict=True)
    ]
    edges = (_joined(first), _joined(second))
    nodes = int(ends[-1]) if len(ends) else 0
    graph = csr_array((np.ones(len(edges[0])), edges), shape=(nodes, nodes))
    number, label = connected_components(graph, directed=False)
    order = np.argsort(label, kind="stable")
    bounds = np.searchsorted(label[order], np.arange(number + 1))
    found: list[list[tuple[np.ndarray, np.ndarray]]] = [[] for _ in systems]
    for left, right in pairwise(bounds.tolist()):
        own = order[left:right]
        system = int(np.searchsorted(ends, own[0], side="right"))
        own = own - starts[system]
        equations = shapes[system, 0]
        if own[-1] >= equations:
            found[system].append((own[own < equations], own[own >= equations] - equations))
    return found


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
    parts = [copy.part for copy in copies]
    sizes = np.array([[len(part.known), len(part.low)] for part in parts])
    starts = sizes.cumsum(axis=0) - sizes
    targets = starts[:, 1] + [copy.target for copy in copies]
    cost = np.zeros(sizes[:, 1].sum())
    cost[targets] = [copy.sign for copy in copies]
    rows = _joined([start + part.rows for start, part in zip(starts[:, 0], parts, strict=True)])
    columns = _joined(
        [start + part.columns for start, part in zip(starts[:, 1], parts, strict=True)]
    )
    values = np.concatenate([part.values for part in parts])
    solved = linprog(  # type: ignore[call-overload]
        cost,
        # The stubs do not know that the matrix may be sparse.
        A_eq=csr_array((values, (rows, columns)), shape=tuple(sizes.sum(axis=0))),
        b_eq=np.concatenate([part.known for part in parts]),
        bounds=np.column_stack(
            [
                np.concatenate([part.low for part in parts]),
                np.concatenate([part.high for part in parts]),
            ]
        ),
        method="highs",
    )
    if solved.status != 0:
        # The true counts fulfil every equation and bound, so this cannot come from the data.
        raise RuntimeError(f"the disclosure attack could not be solved: {solved.message}")
    for copy, target in zip(copies, targets, strict=True):
        copy.found[copy.end] = solved.x[target]


def _joined(positions: Sequence[np.ndarray]) -> np.ndarray:
    """Return positions one after the other, also where there are none."""
    return np.concatenate([np.empty(0, dtype=int), *positions])
