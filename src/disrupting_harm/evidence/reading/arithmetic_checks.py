"""Arithmetic checks: parts add up to their total, and a percentage is its count over its base."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from disrupting_harm.core.errors import StudyError
from disrupting_harm.evidence.columns import Column, Sheet, Value
from disrupting_harm.evidence.fact_status import REPORTED, ZERO
from disrupting_harm.evidence.reading.grid_files import Grid, Reading, Row

Line = tuple[Row, Mapping[str, Value]]


def percentage_fault(
    count: int, base: int, percent: float, decimals: int | None = None
) -> str | None:
    """Return what is wrong with "37 % (19 of 85)"; None where the three agree.

    Args:
        count: the part.
        base: the whole.
        percent: the percentage as printed.
        decimals: decimals it is printed with; by default those that the number shows.
    """
    if base <= 0:
        return f"the base is {base}"
    if not 0 <= count <= base:
        return f"{count} of {base} is no part of its base"
    if decimals is None:
        shown = f"{percent:.10g}"
        decimals = len(shown.partition(".")[2])
    share = 100 * count / base
    # Half a unit of the last decimal, halves in either direction, and no more than rounding.
    if abs(share - percent) <= 0.5 * 10.0**-decimals + 1e-9:
        return None
    return f"{count} of {base} is {share:.{decimals + 1}f} %, not {percent:g} %"


def cross_foot(table: Sheet, grid: Grid, reading: Reading) -> Iterator[StudyError]:
    """Yield totals that differ from the parts beside them, naming the cells.

    A column with a total has a code for all others together, such as ``all`` among the sexes of
    victims. Where the other keys agree, parts may not exceed their total. Two or more parts of a
    closed list have to give it, once every one of them is a number; "40, of them 33 girls" is no
    slip.
    """
    for column in table.columns:
        if column.total is None:
            continue
        groups: dict[tuple[Value, ...], list[Line]] = defaultdict(list)
        for line in zip(reading.rows, reading.values, strict=True):
            groups[tuple(line[1][name] for name in table.key if name != column.name)].append(line)
        for lines in groups.values():
            yield from _fault(table, column, grid, lines)


def _fault(table: Sheet, column: Column, grid: Grid, lines: Sequence[Line]) -> Iterator[StudyError]:
    amount = str(table.amount)
    totals = [line for line in lines if line[1][column.name] == column.total]
    parts = [line for line in lines if line[1][column.name] != column.total]
    if not totals or not parts or _overlap([str(line[1][column.name]) for line in parts]):
        return
    row, values = totals[0]
    total, told = values[amount], [line for line in parts if line[1]["status"] in (REPORTED, ZERO)]
    if not isinstance(total, int):
        return
    added = sum(int(line[1][amount] or 0) for line in told)
    closed = column.kind == "code" and len(told) == len(parts) > 1
    if added == total or (added < total and not closed):
        return
    position = grid.names.index(amount)
    places = ", ".join(grid.place(line[0].number, position) for line in told)
    yield StudyError(
        grid.place(row.number, position),
        f"the total is {total}, but its parts by {column.name} add up to {added} ({places})",
        "Correct one of them; give what the records leave open a row of its own",
    )


def _overlap(levels: Sequence[str]) -> bool:
    """Return whether bands of ages such as 0-17 and 12-17 overlap."""
    bands = [re.fullmatch(r"(\d+)-(\d+)", level) for level in levels]
    spans = sorted((int(band[1]), int(band[2])) for band in bands if band)
    return any(later[0] <= earlier[1] for earlier, later in pairwise(spans))
