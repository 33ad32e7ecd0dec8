"""What can be worked back about hidden counts from the cells that are shown.

The cells of one indicator form an additive system: the levels of a domain sum to the total, the
levels of a crossed domain to the levels of each of its two parents. An attacker who knows every
shown count exactly knows each equation's hidden part. The attack asks a linear programme for the
smallest and the largest value that each hidden count can have. It treats counts as real numbers;
knowing that they are whole can narrow an interval only to the whole numbers within it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import block_diag, csr_array

TOTAL = ("total", "all")

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

    All systems go into one linear programme: every target has two copies of its system of its own,
    one in which it is pressed down and one in which it is pushed up. As the copies share nothing,
    the optimum of their sum is the optimum of each.
    """
    copies = [
        (system, target, sign)
        for system in systems
        for target in system.targets
        for sign in (1.0, -1.0)
    ]
    if not copies:
        return [np.empty((0, 2)) for _ in systems]
    cost = []
    for system, target, sign in copies:
        part = np.zeros(len(system.low))
        part[target] = sign
        cost.append(part)
    solved = linprog(  # type: ignore[call-overload]
        np.concatenate(cost),
        # The stubs do not know that the matrix may be sparse.
        A_eq=block_diag([csr_array(system.matrix) for system, _, _ in copies], format="csr"),
        b_eq=np.concatenate([system.known for system, _, _ in copies]),
        bounds=np.column_stack(
            [
                np.concatenate([system.low for system, _, _ in copies]),
                np.concatenate([system.high for system, _, _ in copies]),
            ]
        ),
        method="highs",
    )
    if solved.status != 0:
        # The true counts fulfil every equation and bound, so this cannot come from the data.
        raise RuntimeError(f"the disclosure attack could not be solved: {solved.message}")
    ends, start = [], 0
    for system, target, _ in copies:
        ends.append(solved.x[start + target])
        start += len(system.low)
    limits = iter(np.reshape(ends, (-1, 2)))
    return [np.array([next(limits) for _ in system.targets]).reshape(-1, 2) for system in systems]
