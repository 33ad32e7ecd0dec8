"""Text in public CSV files that a spreadsheet would take for a formula.

Spreadsheets run a cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or a line break. Such a
text gets an apostrophe before it, as is usual; numbers stay numbers. Every public CSV file is
written by `disrupting_harm.files.write_csv`, which calls :func:`neutral_texts`; the functions that
read here take the apostrophe away again. https://owasp.org/www-community/attacks/CSV_Injection
"""

import csv
import re
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

CONVENTION = (
    "A text that a spreadsheet would take for a formula, because it begins with =, +, -, @, a tab "
    "or a line break, has an apostrophe before it. Numbers are as they are."
)
# Texts that have their apostrophe already get one more, so that it can be taken away.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
_NEUTRAL = re.compile(r"'+[=+\-@\t\r\n]")
_NUMBER = re.compile(r"[+-]?([0-9]+([.,][0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")


def neutral(text: str) -> str:
    """Return ``text`` so that no spreadsheet runs it."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def plain(text: str) -> str:
    """Return the text from which :func:`neutral` made ``text``."""
    return text[1:] if text.startswith("'") and _NEUTRAL.match(text) else text


def neutral_texts(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Return ``frame`` with every text neutral."""
    return _texts(frame, neutral)


def plain_texts(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Return ``frame``, read from a public file, with every text as it was."""
    return _texts(frame, plain)


def read_rows(
    path: Path, countries: Collection[str] | None = None
) -> tuple[list[str], list[dict[str, str]]]:
    """Return the columns of a public CSV file, and its rows as text.

    ``countries``: which values of the column ``country`` are wanted; absent: all rows.
    """
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        names = next(reader, [])
        rows: Iterable[list[str]] = filter(None, reader)
        if countries is not None and "country" in names:
            place = names.index("country")
            rows = (row for row in rows if row[place] in countries)
        return names, [dict(zip(names, map(plain, row), strict=True)) for row in rows]


def _texts(frame: "pd.DataFrame", change: Callable[[str], str]) -> "pd.DataFrame":
    changed = frame.copy()
    for name, column in frame.items():
        if column.dtype.kind not in "iufbM":
            values = [change(cell) if isinstance(cell, str) else cell for cell in column]
            changed[name] = type(column)(values, index=column.index, dtype=object)
    return changed
