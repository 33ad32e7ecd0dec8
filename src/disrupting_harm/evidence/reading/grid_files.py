"""Read CSV and Excel files as grids."""

import csv
import io
from collections.abc import Collection, Iterator
from pathlib import Path

from disrupting_harm.bounds import SHEET_BYTES, SHEET_COLUMNS, SHEET_ROWS, refuse_larger
from disrupting_harm.errors import StudyError
from disrupting_harm.evidence.cells import Cell
from disrupting_harm.evidence.numbers import plain
from disrupting_harm.evidence.reading.grid import WORKBOOKS, Grid, Row, column_key, long_cell, place
from disrupting_harm.files import read_text


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
