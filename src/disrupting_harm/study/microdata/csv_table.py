"""Read small CSV files that people write by hand; a row with more or fewer cells is a fault.

No pandas here: the Snakefile loads this module at every call.
"""

import csv
import io
from pathlib import Path

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import read_text

QUOTES = "Put text with commas in double quotes; an empty cell still needs its comma"


def read_csv_table(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Read a CSV file that has at least one row; see :func:`read_csv_rows`.

    Raises:
        StudyError: it has none, or another fault.
    """
    header, body = read_csv_rows(path)
    if not body:
        raise StudyError(str(path), "it has headings, but no rows", "Write at least one row")
    return header, body


def read_csv_rows(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Read a CSV file (UTF-8, commas).

    Returns:
        The headings, and the cells of every row with its number: the header is row 1, lines that
        are wholly empty count but are left out. No cell has spaces around it.

    Raises:
        StudyError: the file cannot be read or is empty, a heading is missing or stands twice, or
            a row has more or fewer cells than the header, or a cell is a formula.
    """
    reader = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    try:
        cells_of_rows = [[cell.strip() for cell in row] for row in reader]
    except csv.Error as error:
        location = f"{path}, line {reader.line_num}"
        raise StudyError(location, f"it is not valid CSV ({error})", "Correct the line") from None
    rows = [(number, row) for number, row in enumerate(cells_of_rows, start=1) if any(row)]
    if not rows:
        raise StudyError(str(path), "it is empty", "Write a line of headings, and rows below it")
    (header_number, header), *body = rows
    for position, name in enumerate(header):
        if name in ("", *header[:position]):
            finding = "a heading stands twice" if name else "a column without a heading"
            column = f"column '{name}'" if name else f"column {position + 1}"
            raise StudyError(
                f"{path}, row {header_number}, {column}", finding, "Correct or remove it"
            )
    for number, row in body:
        if len(row) != len(header):
            finding = f"{len(row)} cells under {len(header)} headings"
            raise StudyError(f"{path}, row {number}", finding, QUOTES)
        for name, cell in zip(header, row, strict=True):
            if cell.startswith("="):
                location = f"{path}, row {number}, column '{name}'"
                raise StudyError(location, "a formula", "Write its result as text or number")
    return header, body
