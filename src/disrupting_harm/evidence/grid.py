"""Tables as people keep them, CSV files and sheets of workbooks, as grids of cells with places."""

import csv
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from disrupting_harm.errors import StudyError
from disrupting_harm.evidence.cells import Cell
from disrupting_harm.evidence.numbers import plain
from disrupting_harm.files import read_text

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
        from disrupting_harm.evidence.excel import read_sheet

        return read_sheet(path, table)
    if path.suffix.lower() not in (".csv", ".tsv", ".txt"):
        raise StudyError(
            str(path), f"'{path.suffix}' is no kind of file that is read", "Save it as CSV or .xlsx"
        )
    return _csv_grid(path, names)


def _csv_grid(path: Path, names: Collection[str]) -> Grid:
    text = read_text(path)
    separator = _separator(text, names)
    records = _records(csv.reader(io.StringIO(text), delimiter=separator, strict=True), path)
    names = [column_key(name) for name in next(records, [])]
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
            rows.append(Row(number, cells))
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
