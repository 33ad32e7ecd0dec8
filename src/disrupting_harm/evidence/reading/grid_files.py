"""Read CSV and Excel files as grids."""

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from disrupting_harm.core.errors import StudyError, suggest_name
from disrupting_harm.core.files import read_text
from disrupting_harm.core.size_limits import (
    CELL,
    SHEET_BYTES,
    SHEET_COLUMNS,
    SHEET_ROWS,
    refuse_larger,
)
from disrupting_harm.core.spelling import look_of
from disrupting_harm.evidence.cells import Cell, is_total, read_cell
from disrupting_harm.evidence.columns import Column, Sheet, Value
from disrupting_harm.evidence.fact_status import status_fault
from disrupting_harm.evidence.numbers import CellError, plain, thousands_separator
from disrupting_harm.evidence.sources import SOURCES, Source

# Grids of cells with their addresses, whether read from CSV or from Excel.


WORKBOOKS = (".xlsx", ".xlsm")


@dataclass(frozen=True)
class Row:
    """The filled cells of a row, by the position of their column; ``number`` counts from 1."""

    number: int
    cells: dict[int, Cell]


@dataclass(frozen=True)
class Grid:
    """A header in row 1 and the rows below it.

    Attributes:
        path: the file.
        sheet: name of the sheet; None for a CSV file.
        names: name of each column, "" where there is none.
        rows: the rows that have a filled cell.
        faults: what is wrong with the whole: merged cells, hidden rows, formulas.
    """

    path: Path
    sheet: str | None
    names: list[str]
    rows: list[Row]
    faults: list[StudyError]

    @property
    def where(self) -> str:
        """Return the file, and the sheet of a workbook."""
        return str(self.path) if self.sheet is None else f"{self.path}, {self.sheet}"

    def place(self, number: int, position: int) -> str:
        """Return the place of a cell: ``f.xlsx, offences!H12`` or ``f.csv, row 12, column 'x'``."""
        return place(self.path, self.sheet, number, position, self.names)


def place(path: Path, sheet: str | None, number: int, position: int, names: list[str]) -> str:
    """Return the place of a cell of a file or sheet; rows from 1, positions from 0."""
    if sheet is not None:
        return f"{path}, {sheet}!{column_letter(position)}{number}"
    return f"{path}, row {number}, column '{names[position]}'"


def long_cell(cells: Iterable[Cell]) -> Iterator[StudyError]:
    """Yield the cells that hold more text than any note would."""
    for cell in cells:
        length = len(cell.value) if isinstance(cell.value, str) else 0
        if length > CELL:
            found = f"{length:,} characters, and no more than {CELL:,} are read"
            yield StudyError(cell.where, found, "Shorten the text")


def column_letter(position: int) -> str:
    """Return the letters of a sheet's column: A for 0, AA for 26."""
    letters = ""
    rest = position + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def column_key(heading: str) -> str:
    """Return a heading as a column's name: small letters, no star, underscores for spaces."""
    return plain(heading).casefold().strip(" *:").replace(" ", "_").replace("-", "_")


def read_grid(path: Path, table: str, names: Collection[str]) -> Grid:
    """Read the table from a CSV file, or from the sheet of its name in a workbook.

    Args:
        path: CSV (UTF-8, with commas, semicolons or tabs) or Excel workbook.
        table: name of the table.
        names: its columns, to tell which separator a CSV file uses.

    Raises:
        StudyError: the file cannot be read, or the workbook has no such sheet.
    """
    if path.suffix.lower() in WORKBOOKS:
        # A study of CSV files does without the library for workbooks.
        from disrupting_harm.evidence.reading.excel import read_sheet

        return read_sheet(path, table)
    if path.suffix.lower() not in (".csv", ".tsv", ".txt"):
        raise StudyError(
            str(path), f"'{path.suffix}' is no kind of file that is read", "Save it as CSV or .xlsx"
        )
    return _csv_grid(path, names)


def _csv_grid(path: Path, names: Collection[str]) -> Grid:
    if path.is_file():
        refuse_larger(str(path), path.stat().st_size, SHEET_BYTES, "bytes")
    text = read_text(path)
    if not text.strip():
        raise StudyError(str(path), "the file is empty", "Write the headings and the rows into it")
    separator = _separator(text, names)
    records = _records(csv.reader(io.StringIO(text), delimiter=separator, strict=True), path)
    names = [column_key(name) for name in next(records, [])]
    refuse_larger(str(path), len(names), SHEET_COLUMNS, "columns")
    faults: list[StudyError] = []
    rows = []
    for number, record in enumerate(records, start=2):
        cells = {
            position: Cell(cell, place(path, None, number, position, names))
            for position, cell in enumerate(record[: len(names)])
            if plain(cell)
        }
        if any(plain(cell) for cell in record) and len(record) != len(names):
            faults.append(
                StudyError(
                    f"{path}, row {number}",
                    f"{len(record)} cells under {len(names)} headings",
                    f"Put quotation marks around cells that contain '{separator}', such as 1,234",
                )
            )
        elif cells:
            faults += long_cell(cells.values())
            rows.append(Row(number, cells))
            refuse_larger(str(path), len(rows), SHEET_ROWS, "rows")
    return Grid(path, None, names, rows, faults)


def _separator(text: str, names: Collection[str]) -> str:
    """Return the separator under which the first line has most of the table's columns."""
    first = text.split("\n", 1)[0]

    def known(separator: str) -> int:
        return sum(column_key(cell.strip('"\r ')) in names for cell in first.split(separator))

    return max((",", ";", "\t"), key=known)


def _records(rows: Iterator[list[str]], path: Path) -> Iterator[list[str]]:
    try:
        yield from rows
    except csv.Error as error:
        raise StudyError(str(path), f"it is no CSV ({error})", "Save it as CSV again") from None


# Read the rows of a grid as typed values, and collect every fault.


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
                f"{suggest_name(name, table.names)}Its columns are {', '.join(table.names)}",
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


# Read and check the table of sources of a study.


def read_sources(path: Path) -> dict[str, Source]:
    """Read a table of sources, a CSV file or the sheet ``sources`` of a workbook, by id.

    Raises:
        StudyError: the first fault; how many more there are is said with it.
    """
    sources, reading = checked_sources(path)
    reading.raise_first()
    return sources


def checked_sources(path: Path) -> tuple[dict[str, Source], Reading]:
    """Read a table of sources; return those without a fault by id, and the faults.

    Raises:
        StudyError: the file cannot be read at all.
    """
    reading = read_rows(SOURCES, read_grid(path, SOURCES.name, SOURCES.names), ())
    return {str(row["source_id"]): _source(row) for row in reading.values}, reading


def collect_sources(path: Path | None, tables: Iterable[Path]) -> dict[str, Source]:
    """Return the sources of a study: its file, and the sheets ``sources`` of its workbooks.

    Args:
        path: the study's own file of sources.
        tables: files of its tables; a workbook among them may have a sheet of sources.

    Raises:
        StudyError: a fault in one of them, or two different sources of one id.
    """
    found = {} if path is None else read_sources(path)
    for table in sorted(set(tables)):
        if not has_sources(table) or table == path:
            continue
        for key, source in read_sources(table).items():
            if found.setdefault(key, source) != source:
                raise StudyError(
                    f"{table}, sources",
                    f"'{key}' stands for another source in the study",
                    "Give it another source_id, or make both rows alike",
                )
    return found


def has_sources(path: Path) -> bool:
    """Return whether the file is a workbook with a sheet of sources."""
    if path.suffix.lower() not in WORKBOOKS:
        return False
    from disrupting_harm.evidence.reading.excel import sheet_names

    return SOURCES.name in map(column_key, sheet_names(path))


def source_faults(reading: Reading, grid: Grid, sources: Mapping[str, Source]) -> list[StudyError]:
    """Return a fault for each source that rows name and the table of sources does not have."""
    rows: dict[str, list[int]] = {}
    for row, values in zip(reading.rows, reading.values, strict=True):
        rows.setdefault(str(values["source_id"]), []).append(row.number)
    faults = []
    for name in [name for name in rows if name not in sources]:
        meant = suggest_name(name, sources)
        more = f" (and in {len(rows[name]) - 1} more rows)" if len(rows[name]) > 1 else ""
        faults.append(
            StudyError(
                grid.place(rows[name][0], grid.names.index("source_id")),
                f"'{name}' is not in the table of sources{more}",
                f"{meant}Add it to the table 'sources', or use one that is there",
            )
        )
    return faults


def _source(row: Mapping[str, object]) -> Source:
    texts = {name: str(row[name]) for name in SOURCES.names if name != "year"}
    year = row["year"]
    return Source(**texts, year=year if isinstance(year, int) else None)
