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
from disrupting_harm.evidence.columns import Column, Sheet, Value
from disrupting_harm.evidence.fact_status import find_status_fault
from disrupting_harm.evidence.sources import SOURCES, Source
from disrupting_harm.evidence.typed_cells import Cell, is_total, read_cell
from disrupting_harm.evidence.typed_numbers import CellError, clean_text, find_thousands_separator

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
        column_names: name of each column, "" where there is none.
        rows: the rows that have a filled cell.
        faults: what is wrong with the whole: merged cells, hidden rows, formulas.
    """

    path: Path
    sheet: str | None
    column_names: list[str]
    rows: list[Row]
    faults: list[StudyError]

    @property
    def location(self) -> str:
        """Return the file, and the sheet of a workbook."""
        return str(self.path) if self.sheet is None else f"{self.path}, {self.sheet}"

    def locate_cell(self, number: int, position: int) -> str:
        """Return where a cell is: ``f.xlsx, offences!H12`` or ``f.csv, row 12, column 'x'``."""
        return format_cell_location(self.path, self.sheet, number, position, self.column_names)


def format_cell_location(
    path: Path, sheet: str | None, number: int, position: int, column_names: list[str]
) -> str:
    """Return where a cell of a file or sheet is; rows from 1, positions from 0."""
    if sheet is not None:
        return f"{path}, {sheet}!{column_letter(position)}{number}"
    return f"{path}, row {number}, column '{column_names[position]}'"


def find_long_cells(cells: Iterable[Cell]) -> Iterator[StudyError]:
    """Yield the cells that hold more text than any note would."""
    for cell in cells:
        length = len(cell.value) if isinstance(cell.value, str) else 0
        if length > CELL:
            finding = f"{length:,} characters, and no more than {CELL:,} are read"
            yield StudyError(cell.location, finding, "Shorten the text")


def column_letter(position: int) -> str:
    """Return the letters of a sheet's column: A for 0, AA for 26."""
    letters = ""
    remaining = position + 1
    while remaining:
        remaining, letter = divmod(remaining - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def normalise_heading(heading: str) -> str:
    """Return a heading as a column's name: small letters, no star, underscores for spaces."""
    return clean_text(heading).casefold().strip(" *:").replace(" ", "_").replace("-", "_")


def read_grid(path: Path, table: str, column_names: Collection[str]) -> Grid:
    """Read the table from a CSV file, or from the sheet of its name in a workbook.

    Args:
        path: CSV (UTF-8, with commas, semicolons or tabs) or Excel workbook.
        column_names: its columns, to tell which separator a CSV file uses.

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
    return _read_csv_grid(path, column_names)


def _read_csv_grid(path: Path, column_names: Collection[str]) -> Grid:
    if path.is_file():
        refuse_larger(str(path), path.stat().st_size, SHEET_BYTES, "bytes")
    content = read_text(path)
    if not content.strip():
        raise StudyError(str(path), "the file is empty", "Write the headings and the rows into it")
    separator = _find_separator(content, column_names)
    records = _read_records(
        csv.reader(io.StringIO(content), delimiter=separator, strict=True), path
    )
    column_names = [normalise_heading(name) for name in next(records, [])]
    refuse_larger(str(path), len(column_names), SHEET_COLUMNS, "columns")
    faults: list[StudyError] = []
    rows = []
    for number, record in enumerate(records, start=2):
        cell_of_position = {
            position: Cell(cell, format_cell_location(path, None, number, position, column_names))
            for position, cell in enumerate(record[: len(column_names)])
            if clean_text(cell)
        }
        if any(clean_text(cell) for cell in record) and len(record) != len(column_names):
            faults.append(
                StudyError(
                    f"{path}, row {number}",
                    f"{len(record)} cells under {len(column_names)} headings",
                    f"Put quotation marks around cells that contain '{separator}', such as 1,234",
                )
            )
        elif cell_of_position:
            faults += find_long_cells(cell_of_position.values())
            rows.append(Row(number, cell_of_position))
            refuse_larger(str(path), len(rows), SHEET_ROWS, "rows")
    return Grid(path, None, column_names, rows, faults)


def _find_separator(content: str, column_names: Collection[str]) -> str:
    """Return the separator under which the first line has most of the table's columns."""
    header_line = content.split("\n", 1)[0]

    def count_known_columns(separator: str) -> int:
        return sum(
            normalise_heading(cell.strip('"\r ')) in column_names
            for cell in header_line.split(separator)
        )

    return max((",", ";", "\t"), key=count_known_columns)


def _read_records(rows: Iterator[list[str]], path: Path) -> Iterator[list[str]]:
    try:
        yield from rows
    except csv.Error as error:
        raise StudyError(str(path), f"it is no CSV ({error})", "Save it as CSV again") from None


# The kinds of columns whose empty cells are no text.
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
            first_fault, number_more = self.faults[0], len(self.faults) - 1
            listed = f" (and {number_more} more; disrupting-harm evidence check FILE lists all)"
            raise StudyError(
                first_fault.where,
                first_fault.found,
                first_fault.remedy + (listed if number_more else ""),
            )


def read_rows(table: Sheet, grid: Grid, countries: Collection[str]) -> Reading:
    """Read the rows of a table: kinds of cells, codes, statuses, total rows and duplicates.

    ``countries`` are codes known beside those of ISO 3166.

    Returns:
        Rows in the order of the grid; empty texts are "", empty numbers None.
    """
    faults = [*grid.faults, *_find_header_faults(table, grid)]
    reading = Reading([], [], faults)
    if any(name not in grid.column_names for name in _list_needed_columns(table)):
        return reading
    columns = {
        grid.column_names.index(column.name): column
        for column in table.columns
        if column.name in grid.column_names
    }
    for row in grid.rows:
        values, row_faults = _read_row(table, grid, row, columns, countries)
        faults.extend(row_faults)
        if not row_faults:
            reading.rows.append(row)
            reading.values.append(values)
    faults.extend(_find_mixed_separators(grid, columns))
    faults.extend(_find_duplicates(table, grid, reading))
    faults.extend(_find_look_alikes(table, grid, reading))
    return reading


def _list_needed_columns(table: Sheet) -> list[str]:
    return [
        column.name for column in table.columns if column.required or column.name == table.amount
    ]


def _find_header_faults(table: Sheet, grid: Grid) -> Iterator[StudyError]:
    for position, name in enumerate(grid.column_names):
        if name == "" and not any(position in row.cells for row in grid.rows):
            continue
        location = grid.locate_cell(1, position)
        if name == "":
            yield StudyError(location, "a column with content, but no heading", "Delete it")
        elif name not in table.column_names:
            yield StudyError(
                location,
                f"the table '{table.name}' has no column '{name}'",
                f"{suggest_name(name, table.column_names)}Its columns are "
                f"{', '.join(table.column_names)}",
            )
        elif name in grid.column_names[:position]:
            yield StudyError(location, f"the column '{name}' stands twice", "Delete one of them")
    for name in _list_needed_columns(table):
        if name not in grid.column_names:
            yield StudyError(
                f"{grid.location}, row 1",
                f"the column '{name}' is missing",
                "Add it; the headings stand in row 1, and nothing above them",
            )
    for row in grid.rows:
        for position in row.cells:
            if position >= len(grid.column_names):
                yield StudyError(
                    row.cells[position].location, "a cell without a heading", "Delete it"
                )


def _read_row(
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
                cell.location,
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
            location = grid.locate_cell(row.number, position)
            finding = "a cell that does not fit its column" if table.microdata else error.found
            faults.append(StudyError(location, finding, error.remedy))
    if not faults and table.amount:
        faults.extend(_find_status_faults(table, grid, row, values))
    return values, faults


def _find_status_faults(
    table: Sheet, grid: Grid, row: Row, values: dict[str, Value]
) -> Iterator[StudyError]:
    amount = values[str(table.amount)]
    column_kind = table.column(str(table.amount)).kind
    fault = find_status_fault(
        str(values["status"]),
        None if amount == "" else amount,
        zero_is_reported=column_kind in ("score", "percent"),
    )
    if fault:
        yield StudyError(
            grid.locate_cell(row.number, grid.column_names.index(str(table.amount))), *fault
        )


def _find_mixed_separators(grid: Grid, columns: dict[int, Column]) -> Iterator[StudyError]:
    """Yield columns of counts in which 1,234 stands beside 1.234.567: one of them is misread."""
    for position, column in columns.items():
        if column.kind != "count":
            continue
        location_of_separator: dict[str, str] = {}
        for row in grid.rows:
            cell = row.cells.get(position)
            separator = find_thousands_separator(cell.value) if cell else None
            if cell and separator:
                location_of_separator.setdefault(separator, cell.location)
        if len(location_of_separator) > 1:
            yield StudyError(
                location_of_separator[","],
                f"a comma between thousands, but a point in {location_of_separator['.']}",
                "Write the counts of this column as digits alone",
            )


def _find_duplicates(table: Sheet, grid: Grid, reading: Reading) -> Iterator[StudyError]:
    row_of_key: dict[tuple[Value, ...], Row] = {}
    position = grid.column_names.index(table.amount or table.key[-1])
    for row, values in zip(reading.rows, reading.values, strict=True):
        key = tuple(values[name] for name in table.key)
        earlier_row = row_of_key.setdefault(key, row)
        if earlier_row is not row:
            key_text = ", ".join(f"{name} {values[name]}" for name in table.key)
            description = "" if table.microdata else f" ({key_text})"
            earlier_cell = grid.locate_cell(earlier_row.number, position)
            yield StudyError(
                grid.locate_cell(row.number, position),
                f"the same fact stands in {earlier_cell}{description}",
                "Delete one of the two rows, or correct what tells them apart",
            )


def _find_look_alikes(table: Sheet, grid: Grid, reading: Reading) -> Iterator[StudyError]:
    """Yield names that differ from another one of the country only in how they are written."""
    country_columns = [
        column.name for column in table.columns if column.kind in ("country", "place")
    ]
    for column in table.columns:
        if column.name not in table.key or column.kind not in ("text", "identifier"):
            continue
        first_spelling: dict[tuple[Value, ...], tuple[Value, Row]] = {}
        for row, values in zip(reading.rows, reading.values, strict=True):
            name = values[column.name]
            key = (
                *(values[country_column] for country_column in country_columns),
                look_of(str(name)),
            )
            earlier_name, earlier_row = first_spelling.setdefault(key, (name, row))
            if earlier_name != name:
                position = grid.column_names.index(column.name)
                description = "a name" if table.microdata else f"'{name}'"
                earlier_cell = grid.locate_cell(earlier_row.number, position)
                yield StudyError(
                    grid.locate_cell(row.number, position),
                    f"{description} that differs from {earlier_cell} only in how it is written",
                    "Write it in one way in all rows",
                )


def read_sources(path: Path) -> dict[str, Source]:
    """Read a table of sources, a CSV file or the sheet ``sources`` of a workbook, by id.

    Raises:
        StudyError: the first fault; how many more there are is said with it.
    """
    sources, reading = check_sources(path)
    reading.raise_first()
    return sources


def check_sources(path: Path) -> tuple[dict[str, Source], Reading]:
    """Read a table of sources; return those without a fault by id, and the faults.

    Raises:
        StudyError: the file cannot be read at all.
    """
    reading = read_rows(SOURCES, read_grid(path, SOURCES.name, SOURCES.column_names), ())
    return {str(row["source_id"]): _build_source(row) for row in reading.values}, reading


def collect_sources(path: Path | None, tables: Iterable[Path]) -> dict[str, Source]:
    """Return the sources of a study: its file, and the sheets ``sources`` of its workbooks.

    Args:
        path: the study's own file of sources.
        tables: files of its tables; a workbook among them may have a sheet of sources.

    Raises:
        StudyError: a fault in one of them, or two different sources of one id.
    """
    sources = {} if path is None else read_sources(path)
    for table in sorted(set(tables)):
        if not has_sources(table) or table == path:
            continue
        for key, source in read_sources(table).items():
            if sources.setdefault(key, source) != source:
                raise StudyError(
                    f"{table}, sources",
                    f"'{key}' stands for another source in the study",
                    "Give it another source_id, or make both rows alike",
                )
    return sources


def has_sources(path: Path) -> bool:
    """Return whether the file is a workbook with a sheet of sources."""
    if path.suffix.lower() not in WORKBOOKS:
        return False
    from disrupting_harm.evidence.reading.excel import list_sheet_names

    return SOURCES.name in map(normalise_heading, list_sheet_names(path))


def find_source_faults(
    reading: Reading, grid: Grid, sources: Mapping[str, Source]
) -> list[StudyError]:
    """Return a fault for each source that rows name and the table of sources does not have."""
    rows: dict[str, list[int]] = {}
    for row, values in zip(reading.rows, reading.values, strict=True):
        rows.setdefault(str(values["source_id"]), []).append(row.number)
    faults = []
    for name in [name for name in rows if name not in sources]:
        suggestion = suggest_name(name, sources)
        number_more_text = (
            f" (and in {len(rows[name]) - 1} more rows)" if len(rows[name]) > 1 else ""
        )
        faults.append(
            StudyError(
                grid.locate_cell(rows[name][0], grid.column_names.index("source_id")),
                f"'{name}' is not in the table of sources{number_more_text}",
                f"{suggestion}Add it to the table 'sources', or use one that is there",
            )
        )
    return faults


def _build_source(row: Mapping[str, object]) -> Source:
    texts = {name: str(row[name]) for name in SOURCES.column_names if name != "year"}
    year = row["year"]
    return Source(**texts, year=year if isinstance(year, int) else None)
