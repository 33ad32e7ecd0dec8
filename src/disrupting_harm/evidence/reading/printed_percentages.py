"""Check published percentages against the count and the base that are printed with them.

A file of such figures has the columns ``count``, ``base`` and ``percent``, in CSV or on a sheet
``percentages``; other columns, such as where a figure was printed, are not read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from disrupting_harm.core.errors import StudyError
from disrupting_harm.evidence.columns import Column
from disrupting_harm.evidence.reading.arithmetic_checks import find_percentage_fault
from disrupting_harm.evidence.reading.grid_files import Grid, Row, read_grid
from disrupting_harm.evidence.typed_cells import Cell, read_cell
from disrupting_harm.evidence.typed_numbers import CellError

SHEET = "percentages"
COLUMNS = (
    Column("count", "count", "The part."),
    Column("base", "count", "The whole."),
    Column("percent", "percent", "The percentage as printed."),
)


@dataclass(frozen=True)
class PrintedPercentages:
    """The number of percentages in a file, and every fault among them."""

    rows: int
    faults: list[StudyError]


def check_percentages(path: Path) -> PrintedPercentages:
    """Check every percentage of a file.

    A percentage typed as text keeps its decimals: ``37.0`` is held to a tenth, ``37`` to a whole
    per cent.

    Raises:
        StudyError: the file cannot be read, or lacks a column.
    """
    grid = read_grid(path, SHEET, [column.name for column in COLUMNS])
    for column in COLUMNS:
        if column.name not in grid.column_names:
            raise StudyError(f"{grid.location}, column '{column.name}'", "it is missing", "Add it")
    percentage_faults = [fault for row in grid.rows for fault in _find_row_faults(grid, row)]
    return PrintedPercentages(len(grid.rows), [*grid.faults, *percentage_faults])


def _find_row_faults(grid: Grid, row: Row) -> Sequence[StudyError]:
    faults, numbers = [], []
    for column in COLUMNS:
        position = grid.column_names.index(column.name)
        cell = row.cells.get(position)
        if cell is None:
            faults.append(
                StudyError(grid.locate_cell(row.number, position), "it is empty", "Fill it")
            )
            continue
        try:
            numbers.append(float(read_cell(cell, column, ())))
        except CellError as error:
            faults.append(StudyError(cell.location, error.found, error.remedy))
    if faults:
        return faults
    percent_cell = row.cells[grid.column_names.index("percent")]
    finding = find_percentage_fault(
        int(numbers[0]), int(numbers[1]), numbers[2], _count_decimals(percent_cell)
    )
    remedy = "Look it up in the source; one of the three is wrong"
    return [StudyError(percent_cell.location, finding, remedy)] if finding else []


def _count_decimals(cell: Cell) -> int | None:
    """Return the decimals of a percentage typed as text; None where a sheet holds a number."""
    if not isinstance(cell.value, str):
        return None
    digits = cell.text.rstrip("% ").replace(",", ".")
    return len(digits.partition(".")[2])
