"""Read sheets of Excel workbooks as grids; what a user cannot see in Excel is a fault."""

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import ERROR_CODES as ERRORS
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.size_limits import (
    SHEET_BYTES,
    SHEET_COLUMNS,
    SHEET_ROWS,
    refuse_larger,
    refuse_zip_bomb,
)
from disrupting_harm.evidence.reading.grid_files import (
    Grid,
    Row,
    find_long_cells,
    normalise_heading,
)
from disrupting_harm.evidence.typed_cells import Cell
from disrupting_harm.evidence.typed_numbers import clean_text

# What openpyxl and zipfile raise at a part that is broken, or packed in a way they do not know.
BROKEN_PART_ERRORS = (
    KeyError, ValueError, SyntaxError, TypeError, AttributeError, IndexError, EOFError,
    NotImplementedError,
)  # fmt: skip
# The last cell of a reference to a cell or to a merged range: <c r="B7">, <mergeCell ref="A1:B7">.
CELL_REFERENCES = re.compile(
    rb"<(?:\w+:)?(c|mergeCell)\s(?:[^>]*?\s)?(?:r|ref)=\""
    rb"(?:[A-Z]+[0-9]+:([A-Z]{1,3})([0-9]+)|([A-Z]{1,3})([0-9]+))\""
)


def list_sheet_names(path: Path) -> list[str]:
    """Return the names of the sheets of a workbook.

    Raises:
        StudyError: it cannot be read.
    """
    return list(_open_workbook(path, values=True).sheetnames)


def read_sheet(path: Path, table: str) -> Grid:
    """Read the sheet of a table: its header in row 1, and the filled rows below it.

    Merged cells, hidden rows and columns with content, formulas without a stored result and
    errors such as #REF! are faults of the grid.

    Raises:
        StudyError: the workbook cannot be read, or has no sheet of that name.
    """
    book = _open_workbook(path, values=True)
    titles = [name for name in book.sheetnames if normalise_heading(name) == table]
    if len(titles) != 1:
        number_found = "no sheet" if not titles else f"{len(titles)} sheets"
        raise StudyError(
            str(path),
            f"it has {number_found} '{table}' among {', '.join(book.sheetnames)}",
            f"Name the sheet with the table '{table}', and no other",
        )
    sheet, formulas = book[titles[0]], _open_workbook(path, values=False)[titles[0]]
    faults = list(_find_shape_faults(sheet, f"{path}, {titles[0]}"))
    rows = []
    for row, sources in zip(sheet.iter_rows(min_row=2), formulas.iter_rows(min_row=2), strict=True):
        number, cells = row[0].row, {}
        for position, (cell, source) in enumerate(zip(row, sources, strict=True)):
            location = f"{path}, {titles[0]}!{cell.coordinate}"
            faults += _find_content_faults(cell.value, source, location)
            if clean_text(_format_cell_value(cell.value)):
                cells[position] = Cell(cell.value, location, "%" in (cell.number_format or ""))
        if cells:
            faults += find_long_cells(cells.values())
            rows.append(Row(number, cells))
    columns = [normalise_heading(_format_cell_value(cell.value)) for cell in sheet[1]]
    return Grid(path, titles[0], columns, rows, faults)


def _open_workbook(path: Path, values: bool) -> Workbook:
    """Open a workbook for its stored values, or for the formulas behind them."""
    finding, remedy = "it is no Excel workbook", "Save it as .xlsx, without a password"
    try:
        _check_size(path)
        with warnings.catch_warnings():
            # openpyxl warns of every extension that it does not keep; nothing is written back.
            warnings.simplefilter("ignore", UserWarning)
            return load_workbook(path, data_only=values)
    except FileNotFoundError:
        finding, remedy = "there is no such file", "Correct the path or create it"
    except OSError as error:
        finding = f"it cannot be read ({error.strerror})"
        remedy = "Check the path and its permissions"
    except (InvalidFileException, zipfile.BadZipFile, zlib.error, *BROKEN_PART_ERRORS):
        pass
    raise StudyError(str(path), finding, remedy)


def _check_size(path: Path) -> None:
    """Refuse a workbook that unpacks beyond all bounds, or has a cell far outside any table.

    openpyxl makes a cell of every place up to the last one, and of every place of a merged range.
    """
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
        refuse_zip_bomb(str(path), path.stat().st_size, unpacked)
        refuse_larger(str(path), unpacked, SHEET_BYTES, "bytes when unpacked")
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                content = archive.read(name)
                if b"<!DOCTYPE" in content:
                    raise StudyError(
                        f"{path}, part {name}", "it defines entities", "Save the workbook again"
                    )
                if name.startswith("xl/worksheets/"):
                    _refuse_far_cells(path, content)


def _refuse_far_cells(path: Path, content: bytes) -> None:
    for match in CELL_REFERENCES.finditer(content):
        letters, number = match.group(2, 3) if match.group(2) else match.group(4, 5)
        position = column_index_from_string(letters.decode())
        if position > SHEET_COLUMNS or int(number) > SHEET_ROWS:
            raise StudyError(
                f"{path}, cell {letters.decode()}{number.decode()}",
                f"it lies beyond column {get_column_letter(SHEET_COLUMNS)} and row {SHEET_ROWS}, "
                "to which sheets are read",
                "Delete the rows and columns below and beside the table, and save it again",
            )


def _format_cell_value(value: object) -> str:
    return "" if value is None else str(value)


def _find_content_faults(value: object, source: Any, location: str) -> Iterator[StudyError]:
    if source.data_type == "f" and value is None:
        yield StudyError(
            location,
            "a formula without a stored result",
            "Open the workbook in a spreadsheet program and save it, or write the number",
        )
    if value in ERRORS:
        yield StudyError(location, f"the error {value}", "Correct the formula or write the number")


def _find_shape_faults(sheet: Worksheet, location: str) -> Iterator[StudyError]:
    if sheet.sheet_state != "visible":
        yield StudyError(location, "the sheet is hidden", "Show it, or delete it")
    for merged in sorted(sheet.merged_cells.ranges, key=lambda merged: merged.coord):
        yield StudyError(
            f"{location}!{merged.coord}",
            "merged cells: only the first has a value",
            "Unmerge them and write the value into every cell",
        )
    filtered = " by a filter" if sheet.auto_filter.ref else ""
    last = sheet.max_row
    for number in sorted(number for number in sheet.row_dimensions if number <= last):
        if sheet.row_dimensions[number].hidden and any(
            cell.value is not None for cell in sheet[number]
        ):
            yield StudyError(
                f"{location}!row {number}",
                f"a row with content is hidden{filtered}",
                "Show it, or delete it if it does not belong to the table",
            )
    for letter in _list_hidden_columns(sheet):
        if any(cell.value is not None for cell in sheet[letter]):
            yield StudyError(
                f"{location}!column {letter}",
                "a column with content is hidden",
                "Show it, or delete it if it does not belong to the table",
            )


def _list_hidden_columns(sheet: Worksheet) -> Iterator[str]:
    """Yield the hidden columns within the used range; a file stores neighbours as one group."""
    for letter in sorted(sheet.column_dimensions):
        dimension = sheet.column_dimensions[letter]
        if dimension.hidden:
            first_index = dimension.min or 1
            for index in range(
                first_index, min(dimension.max or first_index, sheet.max_column) + 1
            ):
                yield get_column_letter(index)
