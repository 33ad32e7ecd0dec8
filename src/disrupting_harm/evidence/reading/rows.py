"""Read the rows of a grid as typed values, and collect every fault."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from disrupting_harm.errors import StudyError, did_you_mean
from disrupting_harm.evidence.cells import is_total, read_cell
from disrupting_harm.evidence.columns import Column, Sheet, Value
from disrupting_harm.evidence.numbers import CellError, thousands_separator
from disrupting_harm.evidence.reading.grid import Grid, Row
from disrupting_harm.evidence.status import status_fault
from disrupting_harm.spelling import look_of

NUMBERS = ("count", "score", "percent", "year", "month")


@dataclass(frozen=True)
class Reading:
    """What was read: rows without a fault, their values by column, and all faults."""

    rows: list[Row]
    values: list[dict[str, Value]]
    faults: list[StudyError]

    def raise_first(self) -> None:
        """Raise the first fault, if there is one; say how many more there are."""
        if self.faults:
            first, more = self.faults[0], len(self.faults) - 1
            listed = f" (and {more} more; disrupting-harm evidence check FILE lists all)"
            raise StudyError(first.where, first.found, first.remedy + (listed if more else ""))


def read_rows(table: Sheet, grid: Grid, countries: Collection[str]) -> Reading:
    """Read the rows of a table: kinds of cells, codes, statuses, total rows and duplicates.

    Args:
        table: its contract.
        grid: its cells.
        countries: codes of countries known beside those of ISO 3166.

    Returns:
        Rows in the order of the grid; empty texts are "", empty numbers None.
    """
    faults = [*grid.faults, *_header_faults(table, grid)]
    reading = Reading([], [], faults)
    if any(name not in grid.names for name in _needed(table)):
        return reading
    columns = {
        grid.names.index(column.name): column
        for column in table.columns
        if column.name in grid.names
    }
    for row in grid.rows:
        values, found = _row(table, grid, row, columns, countries)
        faults.extend(found)
        if not found:
            reading.rows.append(row)
            reading.values.append(values)
    faults.extend(_mixed_separators(grid, columns))
    faults.extend(_duplicates(table, grid, reading))
    faults.extend(_look_alikes(table, grid, reading))
    return reading


def _needed(table: Sheet) -> list[str]:
    return [c.name for c in table.columns if c.required or c.name == table.amount]


def _header_faults(table: Sheet, grid: Grid) -> Iterator[StudyError]:
    for position, name in enumerate(grid.names):
        if name == "" and not any(position in row.cells for row in grid.rows):
            continue
        where = grid.place(1, position)
        if name == "":
            yield StudyError(where, "a column with content, but no heading", "Delete it")
        elif name not in table.names:
            yield StudyError(
                where,
                f"the table '{table.name}' has no column '{name}'",
                f"{did_you_mean(name, table.names)}Its columns are {', '.join(table.names)}",
            )
        elif name in grid.names[:position]:
            yield StudyError(where, f"the column '{name}' stands twice", "Delete one of them")
    for name in _needed(table):
        if name not in grid.names:
            yield StudyError(
                f"{grid.where}, row 1",
                f"the column '{name}' is missing",
                "Add it; the headings stand in row 1, and nothing above them",
            )
    for row in grid.rows:
        for position in row.cells:
            if position >= len(grid.names):
                yield StudyError(row.cells[position].where, "a cell without a heading", "Delete it")


def _row(
    table: Sheet, grid: Grid, row: Row, columns: dict[int, Column], countries: Collection[str]
) -> tuple[dict[str, Value], list[StudyError]]:
    for position, column in columns.items():
        cell = row.cells.get(position)
        of_key = column.name in table.key and column.total is None
        if (
            cell
            and of_key
            and column.kind in ("country", "place", "text", "identifier")
            and is_total(cell)
        ):
            fault = StudyError(
                cell.where,
                "a total row" if table.microdata else f"a total row ('{cell.text}')",
                "Delete it; totals are computed from the other rows",
            )
            return {}, [fault]
    values: dict[str, Value] = {
        column.name: None if column.kind in NUMBERS else column.default for column in table.columns
    }
    faults = []
    for position, column in columns.items():
        cell = row.cells.get(position)
        try:
            if cell is not None:
                values[column.name] = read_cell(cell, column, countries)
            elif column.required:
                raise CellError(f"'{column.name}' is empty", "Fill it; every row needs a value")
        except CellError as error:
            where = grid.place(row.number, position)
            found = "a cell that does not fit its column" if table.microdata else error.found
            faults.append(StudyError(where, found, error.remedy))
    if not faults and table.amount:
        faults.extend(_status_faults(table, grid, row, values))
    return values, faults


def _status_faults(
    table: Sheet, grid: Grid, row: Row, values: dict[str, Value]
) -> Iterator[StudyError]:
    amount = values[str(table.amount)]
    kind = table.column(str(table.amount)).kind
    fault = status_fault(
        str(values["status"]),
        None if amount == "" else amount,
        zero_is_reported=kind in ("score", "percent"),
    )
    if fault:
        yield StudyError(grid.place(row.number, grid.names.index(str(table.amount))), *fault)


def _mixed_separators(grid: Grid, columns: dict[int, Column]) -> Iterator[StudyError]:
    """Yield columns of counts in which 1,234 stands beside 1.234.567: one of them is misread."""
    for position, column in columns.items():
        if column.kind != "count":
            continue
        first: dict[str, str] = {}
        for row in grid.rows:
            cell = row.cells.get(position)
            separator = thousands_separator(cell.value) if cell else None
            if cell and separator:
                first.setdefault(separator, cell.where)
        if len(first) > 1:
            yield StudyError(
                first[","],
                f"a comma between thousands, but a point in {first['.']}",
                "Write the counts of this column as digits alone",
            )


def _duplicates(table: Sheet, grid: Grid, reading: Reading) -> Iterator[StudyError]:
    first: dict[tuple[Value, ...], Row] = {}
    position = grid.names.index(table.amount or table.key[-1])
    for row, values in zip(reading.rows, reading.values, strict=True):
        key = tuple(values[name] for name in table.key)
        other = first.setdefault(key, row)
        if other is not row:
            said = ", ".join(f"{name} {values[name]}" for name in table.key)
            what = "" if table.microdata else f" ({said})"
            yield StudyError(
                grid.place(row.number, position),
                f"the same fact stands in {grid.place(other.number, position)}{what}",
                "Delete one of the two rows, or correct what tells them apart",
            )


def _look_alikes(table: Sheet, grid: Grid, reading: Reading) -> Iterator[StudyError]:
    """Yield names that differ from another one of the country only in how they are written."""
    places = [column.name for column in table.columns if column.kind in ("country", "place")]
    for column in table.columns:
        if column.name not in table.key or column.kind not in ("text", "identifier"):
            continue
        first: dict[tuple[Value, ...], tuple[Value, Row]] = {}
        for row, values in zip(reading.rows, reading.values, strict=True):
            name = values[column.name]
            key = (*(values[place] for place in places), look_of(str(name)))
            other, line = first.setdefault(key, (name, row))
            if other != name:
                position = grid.names.index(column.name)
                what = "a name" if table.microdata else f"'{name}'"
                yield StudyError(
                    grid.place(row.number, position),
                    f"{what} that differs from {grid.place(line.number, position)} only in how it "
                    "is written",
                    "Write it in one way in all rows",
                )
