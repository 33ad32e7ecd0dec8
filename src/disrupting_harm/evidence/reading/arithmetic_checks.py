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


def find_percentage_fault(
    count: int, base: int, percent: float, decimals: int | None = None
) -> str | None:
    """Return what is wrong with "37 % (19 of 85)"; None where the three agree.

    ``decimals`` are those that the percentage is printed with; None: those that the number has.
    """
    if base <= 0:
        return f"the base is {base}"
    if not 0 <= count <= base:
        return f"{count} of {base} is no part of its base"
    if decimals is None:
        printed_percent = f"{percent:.10g}"
        decimals = len(printed_percent.partition(".")[2])
    share = 100 * count / base
    # Half a unit of the last decimal, halves in either direction, and no more than rounding.
    if abs(share - percent) <= 0.5 * 10.0**-decimals + 1e-9:
        return None
    return f"{count} of {base} is {share:.{decimals + 1}f} %, not {percent:g} %"


def find_wrong_totals(table: Sheet, grid: Grid, reading: Reading) -> Iterator[StudyError]:
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
        for group_lines in groups.values():
            yield from _find_wrong_total(table, column, grid, group_lines)


def _find_wrong_total(
    table: Sheet, column: Column, grid: Grid, group_lines: Sequence[Line]
) -> Iterator[StudyError]:
    amount = str(table.amount)
    totals = [line for line in group_lines if line[1][column.name] == column.total]
    part_lines = [line for line in group_lines if line[1][column.name] != column.total]
    if (
        not totals
        or not part_lines
        or _bands_overlap([str(line[1][column.name]) for line in part_lines])
    ):
        return
    row, values = totals[0]
    total, counted_lines = (
        values[amount],
        [line for line in part_lines if line[1]["status"] in (REPORTED, ZERO)],
    )
    if not isinstance(total, int):
        return
    added = sum(int(line[1][amount] or 0) for line in counted_lines)
    is_complete = column.kind == "code" and len(counted_lines) == len(part_lines) > 1
    if added == total or (added < total and not is_complete):
        return
    position = grid.column_names.index(amount)
    locations = ", ".join(grid.locate_cell(line[0].number, position) for line in counted_lines)
    yield StudyError(
        grid.locate_cell(row.number, position),
        f"the total is {total}, but its parts by {column.name} add up to {added} ({locations})",
        "Correct one of them; give what the records leave open a row of its own",
    )


def _bands_overlap(levels: Sequence[str]) -> bool:
    """Return whether bands of ages such as 0-17 and 12-17 overlap."""
    bands = [re.fullmatch(r"(\d+)-(\d+)", level) for level in levels]
    spans = sorted((int(band[1]), int(band[2])) for band in bands if band)
    return any(later[0] <= earlier[1] for earlier, later in pairwise(spans))
