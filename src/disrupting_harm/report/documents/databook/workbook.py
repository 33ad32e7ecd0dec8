"""A workbook of tables for statisticians: styled, ready to print, its numbers real numbers.

Each sheet has its title in the first row, its headings in the second and one record in each row
below, so that programs read it as they read a table. A number is stored as it is printed and shown
with its own decimals.
"""

import datetime
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from disrupting_harm.core.files import write_bytes
from disrupting_harm.core.workbooks import set_workbook_date
from disrupting_harm.report.language.markdown import Markdown, unescaped, without_addresses

HEADS = 2  # rows above the records
NAME_LENGTH = 31  # of a sheet, at most
CUT = "…"  # behind a name that is longer
TEXT = "General"  # the number format of a text
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_INK, _BLUE, _RULE, _WASH = "1B2A33", "0B4F6C", "D5DBDF", "E6EFF3"


@dataclass(frozen=True)
class Number:
    """A number as it is printed, and its decimals; ``grouped``: with a sign between thousands."""

    value: float
    digits: int = 0
    grouped: bool = False

    @property
    def format(self) -> str:
        """The number format of its cell."""
        return ("#,##0" if self.grouped else "0") + ("." + "0" * self.digits if self.digits else "")


Value: TypeAlias = str | Number | None
# What stands in a column of a sheet, of a row of a table.
Cells: TypeAlias = Callable[[dict[str, str]], Value]


def count(column: str) -> Cells:
    """Return a whole number with a sign between thousands."""
    return lambda row: Number(round(float(row[column])), grouped=True) if row[column] else None


@dataclass(frozen=True)
class Column:
    """A heading, the width of its column in letters, whether it is printed, and whether bold."""

    heading: str
    width: float
    printed: bool = True
    bold: bool = False


@dataclass(frozen=True)
class Sheet:
    """One table.

    Attributes:
        name: of the sheet; what no sheet may be called is left out.
        title: its first row.
        columns: from the left; those that are not printed come last.
        rows: a value of each column; None leaves the cell empty.
        key: how many columns stay in sight when others are scrolled through.
        strong: which rows stand out, such as those of all children together; by position.
    """

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    key: int = 1
    strong: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Properties:
    """What a workbook says about itself; ``contents`` is the word above the list of its sheets."""

    title: str
    subject: str
    creator: str
    language: str
    date: datetime.date
    contents: str = ""


def write_workbook(path: Path, properties: Properties, sheets: Sequence[Sheet]) -> None:
    """Write a workbook; the same arguments give the same bytes."""
    write_bytes(path, workbook(properties, sheets))


def workbook(properties: Properties, sheets: Sequence[Sheet]) -> bytes:
    """Return the bytes of a workbook."""
    book = Workbook(write_only=True)
    about = book.properties
    about.title, about.subject = properties.title, properties.subject
    about.creator, about.language = properties.creator, properties.language
    taken: set[str] = set()
    names = [_name(sheet.name, taken) for sheet in sheets]
    for at, (name, sheet) in enumerate(zip(names, sheets, strict=True)):
        # The first sheet lists the others by their whole names: those at the foot are cut short.
        others = list(zip(names, sheets, strict=True))[1:] if at == 0 else []
        _fill(book.create_sheet(name), sheet, others if properties.contents else [], properties)
    content = io.BytesIO()
    book.save(content)
    return set_workbook_date(content.getvalue(), properties.date)


def plain(text: str) -> str:
    """Return a text as a cell holds it: without the signs of Markdown and addresses of numbers."""
    bare = unescaped(without_addresses(text)) if isinstance(text, Markdown) else text
    return str(ILLEGAL_CHARACTERS_RE.sub("", bare))


def _name(name: str, taken: set[str]) -> str:
    """Return a name that a sheet may have and no other has; a long one says that it is cut."""
    whole = plain(name).translate(_FORBIDDEN).strip("' ")
    found, at = _shortened(whole, NAME_LENGTH), 2
    while found.lower() in taken:
        end = f" ({at})"
        found, at = _shortened(whole, NAME_LENGTH - len(end)) + end, at + 1
    taken.add(found.lower())
    return found


def _shortened(name: str, length: int) -> str:
    """Return the words of a name that fit; of one long word its first letters with their marks.

    A sign of omission says that words are left out.
    """
    if len(name) <= length:
        return name
    length -= len(CUT)
    if (end := name.rfind(" ", 0, length + 1)) > length // 2:
        return name[:end].rstrip() + CUT
    while length > 1 and unicodedata.category(name[length])[0] in "MC":
        length -= 1
    return name[:length] + CUT


def _fill(
    page: Worksheet, sheet: Sheet, listed: Sequence[tuple[str, Sheet]], properties: Properties
) -> None:
    for at, column in enumerate(sheet.columns, start=1):
        page.column_dimensions[get_column_letter(at)].width = column.width
    last = get_column_letter(len(sheet.columns))
    printed = get_column_letter(sum(column.printed for column in sheet.columns))
    rows = HEADS + len(sheet.rows) + len(listed)
    page.freeze_panes = f"{get_column_letter(sheet.key + 1)}{HEADS + 1}"
    if any(column.heading for column in sheet.columns):
        page.auto_filter.ref = f"A{HEADS}:{last}{rows}"
    page.print_title_rows = f"1:{HEADS}"
    page.print_area = f"A1:{printed}{rows}"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.oddFooter.left.text = plain(sheet.title).replace("&", "&&")
    page.oddFooter.right.text = "&P / &N"
    page.append([_styled(page, sheet.title, _font(bold=True, size=13, color=_BLUE), wrap=False)])
    page.append([_head(page, sheet, at) for at in range(len(sheet.columns))])
    for row in _records(page, sheet):
        page.append(row)
    for at, (name, other) in enumerate(listed):
        head = _styled(page, "" if at else properties.contents, _font(bold=True))
        head.alignment = _beside_numbers(True)
        page.append([head, _link(page, name, other.name)])


def _link(page: Worksheet, name: str, shown: str) -> Cell:
    """Return a cell that leads to the sheet of a name."""
    cell = _styled(page, shown, _font(color=_BLUE, underline="single"))
    cell.alignment = _beside_numbers(True)
    location = "'{}'!A1".format(name.replace("'", "''"))
    cell.hyperlink = Hyperlink(ref="", location=location, display=plain(shown))
    return cell


def _records(page: Worksheet, sheet: Sheet) -> Iterator[list[Cell | None]]:
    """Yield the cells of each row: one for each look, filled anew, as rows are written at once."""
    looks: dict[tuple[int, bool, str], Cell] = {}
    for position, row in enumerate(sheet.rows):
        strong = position in sheet.strong
        cells: list[Cell | None] = []
        for at, value in enumerate(row):
            kind = value.format if isinstance(value, Number) else TEXT
            if (at, strong, kind) not in looks:
                looks[at, strong, kind] = _look(page, sheet.columns[at], strong, kind)
            cell = looks[at, strong, kind]
            if isinstance(value, Number):
                cell.value = value.value
            elif value:
                cell.value = plain(value)
                cell.data_type = "s"  # never a formula
            else:
                cell.value = None
            cells.append(cell)
        yield cells


def _head(page: Worksheet, sheet: Sheet, at: int) -> Cell:
    """Return the heading of a column, above its numbers at the right."""
    cell = _styled(page, sheet.columns[at].heading, _font(bold=True))
    cell.fill = PatternFill("solid", fgColor=_WASH)
    cell.border = Border(bottom=Side("medium", color=_BLUE))
    if any(isinstance(row[at], Number) for row in sheet.rows):
        cell.alignment = Alignment(horizontal="right", vertical="top", wrap_text=True)
    else:
        cell.alignment = _beside_numbers(True)
    return cell


def _look(page: Worksheet, column: Column, strong: bool, kind: str) -> Cell:
    """Return a cell as those of a column look, in a row that stands out or not."""
    cell = _styled(page, "", _font(bold=strong or column.bold), wrap=column.printed)
    cell.number_format = kind
    if kind == TEXT:
        cell.alignment = _beside_numbers(column.printed)
    if strong:
        cell.border = Border(top=Side("thin", color=_RULE))
    return cell


def _beside_numbers(wrap: bool) -> Alignment:
    """Return how a text stands: a little away from a number at its left."""
    return Alignment(horizontal="left", vertical="top", indent=1, wrap_text=wrap)


def _styled(page: Worksheet, text: str, font: Font, wrap: bool = True) -> Cell:
    cell = WriteOnlyCell(page, plain(text))
    cell.data_type = "s"
    cell.font = font
    cell.alignment = Alignment(vertical="top", wrap_text=wrap)
    return cell


def _font(
    bold: bool = False, size: float = 10, color: str = _INK, underline: str | None = None
) -> Font:
    return Font(name="Calibri", size=size, bold=bold, color=color, underline=underline)


# The sheet of notes: the paragraphs that stand before the tables on paper.


# A paragraph with a topic: **Population.** The survey speaks of ...
_TOPIC = re.compile(r"\*\*(.+?)[.:]?\*\*\s*(.*)", re.DOTALL)
# A word set apart by its letters, as a symbol of a formula is; a cell has one kind of letters.
_APART = re.compile(r"(?<![\\*])\*(?![*\s])(.+?)(?<![\\*\s])\*(?!\*)")


def notes_sheet(name: str, title: str, paragraphs: str) -> Sheet:
    """Return a sheet with a row for each paragraph: its topic in bold, and what it says.

    Args:
        name: of the sheet.
        title: of the book.
        paragraphs: Markdown; one without a topic follows the one before, and headings are left out.
    """
    parts = [part.strip() for part in paragraphs.split("\n\n")]
    rows = [_row(part) for part in parts if part and not part.startswith("#")]
    return Sheet(name, title, (Column("", 24, bold=True), Column("", 110)), rows)


def _row(paragraph: str) -> tuple[Markdown, Markdown]:
    text = " ".join(paragraph.split())
    text = _APART.sub(r"\1", text)
    found = _TOPIC.match(text)
    if found is None:
        return Markdown(""), Markdown(text)
    return Markdown(found[1]), Markdown(found[2])
