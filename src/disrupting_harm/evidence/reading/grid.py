"""Grids of cells with their addresses, whether read from CSV or from Excel."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from disrupting_harm.bounds import CELL
from disrupting_harm.errors import StudyError
from disrupting_harm.evidence.cells import Cell
from disrupting_harm.evidence.numbers import plain

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
