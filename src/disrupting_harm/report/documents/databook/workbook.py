"""A workbook of tables for statisticians: styled, ready to print, its numbers real numbers.

Each sheet has its title in the first row, its headings in the second and one record in each row
below, marked as a table of Excel, so that programs and screen readers read it as one. A number is
stored as it is printed and shown with its own decimals; where there is none, shorthand in brackets
says why, as the Analysis Function of the British government recommends for spreadsheets.

openpyxl writes the sheets with empty rows, and the cells are put into them as it would write them:
it would make an element of each, which is most of the time of a workbook.
"""

import datetime
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TypeAlias
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from disrupting_harm.core.files import write_bytes
from disrupting_harm.core.workbooks import set_workbook_date
from disrupting_harm.report.language.evidence_codes import SHEET_NAME_LENGTH, name_sheet
from disrupting_harm.report.language.markdown import Markdown, remove_addresses, unescape
from disrupting_harm.report.language.signs import abbreviate_status
from disrupting_harm.report.reading.rows import PublicRow

HEAD_ROWS = 2  # rows above the records
OMISSION_SIGN = "…"  # behind a name that is longer
TEXT_FORMAT = "General"  # the number format of a text
CELL_LETTERS = 32_767  # of a cell, at most
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
RowCell: TypeAlias = Callable[[PublicRow], Value]


def count_cells(column: str) -> RowCell:
    """Return a whole number with a sign between thousands."""
    return lambda row: (
        Number(round(row.number(column)), grouped=True) if row[column] else abbreviate_row(row)
    )


def whole_cells(column: str) -> RowCell:
    """Return a whole number as it is; an empty cell stays empty."""
    return lambda row: Number(row.whole_number(column)) if row[column] else None


def shared_decimals(row: PublicRow, columns: Sequence[str], scale: int) -> int:
    """Return the decimals of columns that are rounded together: those of the longest of them.

    A table of numbers drops the zeros at their ends.
    """
    longest = max(len(row[name].removesuffix(".0").partition(".")[2]) for name in columns)
    return max(longest - (2 if scale == 100 else 0), 0)


def abbreviate_row(row: PublicRow) -> str | None:
    """Return what stands in place of a number of a row, if its status says why there is none."""
    return abbreviate_status(row.get("status", "")) or None


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
        tab: the colour of its tab, by what it tells of; empty: none.
        short: its name where the other is too long for a sheet; may be empty.
    """

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    key: int = 1
    strong: frozenset[int] = frozenset()
    tab: str = ""
    short: str = ""


# Colours of tabs: what a survey says, and what others counted, reviewed or wrote into law.
SURVEY_TAB, EVIDENCE_TAB = "0B4F6C", "C4501B"


def color_tabs(sheets: Sequence[Sheet], tab: str) -> list[Sheet]:
    """Return sheets with a colour of their tabs."""
    return [replace(sheet, tab=tab) for sheet in sheets]


def add_mark(title: str, mark: str) -> str:
    """Return a title with what stands behind it, such as that the data are simulated."""
    return f"{title} – {mark}" if mark else title


def create_table_sheet(
    name: str,
    title: str,
    columns: Sequence[tuple[Column, RowCell]],
    rows: Sequence[PublicRow],
    key: int = 2,
) -> Sheet:
    """Return a table whose columns each say what stands in their cells."""
    return Sheet(
        name,
        title,
        [column for column, _ in columns],
        [[cell(row) for _, cell in columns] for row in rows],
        key,
    )


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
    write_bytes(path, build_workbook(properties, sheets))


def build_workbook(properties: Properties, sheets: Sequence[Sheet]) -> bytes:
    """Return the bytes of a workbook.

    Raises:
        ValueError: two columns of a sheet have one heading; Excel would call the file damaged.
    """
    for sheet in sheets:
        headings = _list_headings(sheet)
        if repeated := {heading for heading in headings if headings.count(heading) > 1}:
            raise ValueError(f"sheet '{sheet.name}': two columns are called {sorted(repeated)}")
    book = Workbook(write_only=True)
    about = book.properties
    about.title, about.subject = properties.title, properties.subject
    about.creator, about.language = properties.creator, properties.language
    sheet_names = list_sheet_names(sheets)
    pages = [book.create_sheet(name) for name in sheet_names]

    @cache
    def find_style(make_cell: Callable[..., Cell], *look: bool | str) -> int:
        """Return the number of a style in this workbook, of a cell that has it."""
        return int(make_cell(pages[0], *look).style_id)

    rows_of_sheet = {}
    for number, (page, sheet) in enumerate(zip(pages, sheets, strict=True), start=1):
        rows = list(_format_rows(sheet, find_style))
        rows_of_sheet[f"xl/worksheets/sheet{number}.xml"] = rows
        # The first sheet lists the others by their whole names: those at the foot are cut short.
        has_links = number == 1 and bool(properties.contents)
        linked_sheets = list(zip(sheet_names, sheets, strict=True))[1:] if has_links else []
        _fill_sheet(page, sheet, len(rows), linked_sheets, properties)
        if sheet.rows and all(column.heading for column in sheet.columns):
            # `add_table` warns of headings that it cannot look up in a book that is only written.
            page.tables.add(_mark_table(sheet, f"Table_{number}"))
    content = io.BytesIO()
    book.save(content)
    return set_workbook_date(content.getvalue(), properties.date, rows_of_sheet)


def plain_text(text: str) -> str:
    """Return a text as a cell holds it: without the signs of Markdown and addresses of numbers."""
    bare = unescape(remove_addresses(text)) if isinstance(text, Markdown) else text
    return str(ILLEGAL_CHARACTERS_RE.sub("", bare))


def list_sheet_names(sheets: Sequence[Sheet]) -> list[str]:
    """Return what the sheets of a workbook are called: each as it may be, and as no other is."""
    used_names: set[str] = set()
    return [_unique_sheet_name(name_sheet(sheet.name, sheet.short), used_names) for sheet in sheets]


def _unique_sheet_name(name: str, used_names: set[str]) -> str:
    """Return a name that a sheet may have and no other has; a long one says that it is cut."""
    full_name = plain_text(name).translate(_FORBIDDEN).strip("' ")
    candidate, number = _shorten_name(full_name, SHEET_NAME_LENGTH), 2
    while candidate.lower() in used_names:
        suffix = f" ({number})"
        candidate, number = (
            _shorten_name(full_name, SHEET_NAME_LENGTH - len(suffix)) + suffix,
            number + 1,
        )
    used_names.add(candidate.lower())
    return candidate


def _shorten_name(name: str, length: int) -> str:
    """Return the words of a name that fit; of one long word its first letters with their marks.

    A sign of omission says that words are left out.
    """
    if len(name) <= length:
        return name
    length -= len(OMISSION_SIGN)
    if (end := name.rfind(" ", 0, length + 1)) > length // 2:
        return name[:end].rstrip() + OMISSION_SIGN
    while length > 1 and unicodedata.category(name[length])[0] in "MC":
        length -= 1
    return name[:length] + OMISSION_SIGN


def _fill_sheet(
    page: Worksheet,
    sheet: Sheet,
    empty_rows: int,
    linked_sheets: Sequence[tuple[str, Sheet]],
    properties: Properties,
) -> None:
    for index, column in enumerate(sheet.columns, start=1):
        page.column_dimensions[get_column_letter(index)].width = column.width
    last_printed_column = get_column_letter(sum(column.printed for column in sheet.columns))
    row_count = empty_rows + len(linked_sheets)
    page.freeze_panes = f"{get_column_letter(sheet.key + 1)}{HEAD_ROWS + 1}"
    page.print_title_rows = f"1:{HEAD_ROWS}"
    page.print_area = f"A1:{last_printed_column}{row_count}"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    if sheet.tab:
        page.sheet_properties.tabColor = sheet.tab
    page.oddFooter.left.text = plain_text(sheet.title).replace("&", "&&")
    page.oddFooter.right.text = "&P / &N"
    for _ in range(empty_rows):
        page.append([])
    for index, (name, linked_sheet) in enumerate(linked_sheets):
        head = _styled_cell(page, "" if index else properties.contents, _calibri_font(bold=True))
        head.alignment = _text_alignment(True)
        page.append([head, _link_cell(page, name, linked_sheet.name)])


def _list_headings(sheet: Sheet) -> list[str]:
    """Return the headings of a sheet, without those that say nothing."""
    return [plain_text(column.heading) for column in sheet.columns if column.heading]


def _mark_table(sheet: Sheet, name: str) -> Table:
    """Return the mark that the records of a sheet and their headings are one table, to filter."""
    headings = _list_headings(sheet)
    last_cell = f"{get_column_letter(len(headings))}{HEAD_ROWS + len(sheet.rows)}"
    table = Table(displayName=name, ref=f"A{HEAD_ROWS}:{last_cell}")
    table.tableStyleInfo = TableStyleInfo(showRowStripes=False, showColumnStripes=False)
    table._initialise_columns()
    for column, heading in zip(table.tableColumns, headings, strict=True):
        column.name = heading
    return table


def _link_cell(page: Worksheet, name: str, label: str) -> Cell:
    """Return a cell that leads to the sheet of a name."""
    cell = _styled_cell(page, label, _calibri_font(color=_BLUE, underline="single"))
    cell.alignment = _text_alignment(True)
    location = "'{}'!A1".format(name.replace("'", "''"))
    cell.hyperlink = Hyperlink(ref="", location=location, display=plain_text(label))
    return cell


def _format_rows(sheet: Sheet, find_style: Callable[..., int]) -> Iterator[str]:
    """Yield the cells of each row as XML: the title, the headings and the records."""
    letters = [get_column_letter(index) for index in range(1, len(sheet.columns) + 1)]
    yield _format_cell("A1", find_style(_title_cell), sheet.title)
    heading_styles = [
        find_style(_heading_cell, any(isinstance(row[index], Number) for row in sheet.rows))
        if column.heading
        else find_style(_title_cell)
        for index, column in enumerate(sheet.columns)
    ]
    yield "".join(
        _format_cell(f"{letter}{HEAD_ROWS}", style, column.heading)
        for letter, style, column in zip(letters, heading_styles, sheet.columns, strict=True)
    )
    for position, row in enumerate(sheet.rows):
        strong, row_number = position in sheet.strong, HEAD_ROWS + 1 + position
        yield "".join(
            _format_cell(
                f"{letter}{row_number}",
                find_style(
                    _record_cell,
                    column.printed,
                    column.bold,
                    strong,
                    value.format if isinstance(value, Number) else TEXT_FORMAT,
                ),
                value or None,
            )
            for letter, column, value in zip(letters, sheet.columns, row, strict=True)
        )


def _format_cell(place: str, style: int, value: Value) -> str:
    """Return a cell as openpyxl writes it; a text is never a formula."""
    start = f'<c r="{place}" s="{style}" t='
    if isinstance(value, Number):
        return f'{start}"n"><v>{value.value:.16g}</v></c>'
    if value is None:
        return f'{start}"n" />'
    text = plain_text(value)[:CELL_LETTERS]
    if not text:
        return f'{start}"inlineStr" />'
    space = "" if text == text.strip() else ' xml:space="preserve"'
    return f'{start}"inlineStr"><is><t{space}>{escape(text)}</t></is></c>'


def _title_cell(page: Worksheet) -> Cell:
    return _styled_cell(page, "", _calibri_font(bold=True, size=13, color=_BLUE), wrap=False)


def _heading_cell(page: Worksheet, above_numbers: bool) -> Cell:
    """Return a cell as the heading of a column looks, above numbers at the right."""
    cell = _styled_cell(page, "", _calibri_font(bold=True))
    cell.fill = PatternFill("solid", fgColor=_WASH)
    cell.border = Border(bottom=Side("medium", color=_BLUE))
    if above_numbers:
        cell.alignment = Alignment(horizontal="right", vertical="top", wrap_text=True)
    else:
        cell.alignment = _text_alignment(True)
    return cell


def _record_cell(
    page: Worksheet, printed: bool, bold: bool, strong: bool, number_format: str
) -> Cell:
    """Return a cell as those of a column look, in a row that stands out (``strong``) or not."""
    cell = _styled_cell(page, "", _calibri_font(bold=strong or bold), wrap=printed)
    cell.number_format = number_format
    if number_format == TEXT_FORMAT:
        cell.alignment = _text_alignment(printed)
    if strong:
        cell.border = Border(top=Side("thin", color=_RULE))
    return cell


def _text_alignment(wrap: bool) -> Alignment:
    """Return how a text stands: a little away from a number at its left."""
    return Alignment(horizontal="left", vertical="top", indent=1, wrap_text=wrap)


def _styled_cell(page: Worksheet, text: str, font: Font, wrap: bool = True) -> Cell:
    cell = WriteOnlyCell(page, plain_text(text))
    cell.data_type = "s"
    cell.font = font
    cell.alignment = Alignment(vertical="top", wrap_text=wrap)
    return cell


def _calibri_font(
    bold: bool = False, size: float = 10, color: str = _INK, underline: str | None = None
) -> Font:
    return Font(name="Calibri", size=size, bold=bold, color=color, underline=underline)


# The sheet of notes: the paragraphs that stand before the tables on paper.


# A paragraph with a topic: **Population.** The survey speaks of ...
_TOPIC = re.compile(r"\*\*(.+?)[.:]?\*\*\s*(.*)", re.DOTALL)
# A word set apart by its letters, as a symbol of a formula is; a cell has one kind of letters.
_APART = re.compile(r"(?<![\\*])\*(?![*\s])(.+?)(?<![\\*\s])\*(?!\*)")


def create_notes_sheet(name: str, title: str, paragraphs: str) -> Sheet:
    """Return a sheet with a row for each paragraph: its topic in bold, and what it says.

    Args:
        name: of the sheet.
        title: of the book.
        paragraphs: Markdown; one without a topic follows the one before, and headings are left out.
    """
    blocks = [block.strip() for block in paragraphs.split("\n\n")]
    rows = [_note_row(block) for block in blocks if block and not block.startswith("#")]
    return Sheet(name, title, (Column("", 24, bold=True), Column("", 110)), rows)


def _note_row(paragraph: str) -> tuple[Markdown, Markdown]:
    bare_text = " ".join(paragraph.split())
    bare_text = _APART.sub(r"\1", bare_text)
    topic_match = _TOPIC.match(bare_text)
    if topic_match is None:
        return Markdown(""), Markdown(bare_text)
    return Markdown(topic_match[1]), Markdown(topic_match[2])
