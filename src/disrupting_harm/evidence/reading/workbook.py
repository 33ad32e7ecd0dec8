"""Workbooks to fill: one sheet per table, with drop-downs, notes and a header that stays."""

import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from disrupting_harm.core.files import write_bytes
from disrupting_harm.core.workbooks import set_workbook_date
from disrupting_harm.evidence.columns import FIRST_YEAR, HIGHEST, LAST_YEAR, WORLD, Column, Sheet
from disrupting_harm.evidence.sources import SOURCES
from disrupting_harm.evidence.tables import TABLES

ROWS = 5000
NOTES = (
    "One row is one fact. The heading of each column has a note that says what to write.",
    "Write counts as digits alone: 1234, not 1,234 or 1.234.",
    "Where there is no number, leave the number empty and choose a status. 0 goes with "
    "zero_reported: it was counted, and there were none. not_recorded means that nobody counts it.",
    "Write no total rows and merge no cells: totals are computed. Hide no rows or columns.",
    "List each document, data set or office once in the sheet 'sources' and name it by its "
    "source_id in every row.",
    "Write no names of people, no case numbers and no search terms anywhere in this workbook.",
    "Check the workbook with: disrupting-harm evidence check FILE.xlsx",
    "Below this line, write anything that a reader should know about these figures.",
)
WIDTHS = {"text": 32, "identifier": 18, "code": 16, "country": 9, "place": 9, "date": 12}
FORMATS = {
    "count": "#,##0", "year": "0", "month": "0", "score": "0.##", "percent": "0.##",
}  # fmt: skip
_HEADING = PatternFill("solid", fgColor="DDE6ED")


def write_template(
    path: Path, tables: Sequence[str], lists: Mapping[str, Sequence[str]] | None = None
) -> None:
    """Write an empty workbook for the given tables; the same arguments give the same bytes.

    Args:
        path: the workbook.
        tables: names in :data:`~.contracts.TABLES`.
        lists: further drop-downs by column, or by table and column: ``country``,
            ``capacity.item``.
    """
    write_bytes(path, build_template(tables, lists))


def build_template(
    tables: Sequence[str], lists: Mapping[str, Sequence[str]] | None = None
) -> bytes:
    """Return the bytes of an empty workbook for the given tables."""
    workbook = Workbook()
    notes = workbook.active
    assert notes is not None
    notes.title = "notes"
    _fill_notes(notes)
    contracts = [*(TABLES[name] for name in tables), SOURCES]
    range_of_list = _fill_codes(workbook.create_sheet("codes"), contracts, lists or {})
    for contract in contracts:
        _fill_table(workbook.create_sheet(contract.name), contract, range_of_list)
    workbook.move_sheet("codes", offset=len(contracts))
    workbook.active = 1
    content = io.BytesIO()
    workbook.save(content)
    return set_workbook_date(content.getvalue())


def _fill_notes(sheet: Worksheet) -> None:
    sheet.column_dimensions["A"].width = 100
    for number, note in enumerate(NOTES, start=1):
        cell = sheet.cell(number, 1, note)
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _fill_codes(
    sheet: Worksheet, tables: Sequence[Sheet], lists: Mapping[str, Sequence[str]]
) -> dict[tuple[str, str], str]:
    """List the codes of every column; return the range of each list by table and column."""
    for position, heading in enumerate(("table", "column", "code", "meaning"), start=1):
        sheet.cell(1, position, heading).font = Font(bold=True)
    for letter, width in zip("ABCD", (18, 18, 24, 80), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    range_of_list, row = {}, 2
    for table, column, codes in _collect_lists(tables, lists):
        for number, (code, meaning) in enumerate(codes.items()):
            for position, value in enumerate((table, column, code, meaning), start=1):
                sheet.cell(row + number, position, value)
        last = row + len(codes) - 1
        range_of_list[table, column] = f"codes!$C${row}:$C${last}"
        row = last + 1
    sheet.protection.sheet = True
    return range_of_list


def _collect_lists(
    tables: Sequence[Sheet], lists: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    for table in tables:
        for column in table.columns:
            list_values = lists.get(f"{table.name}.{column.name}", lists.get(column.name))
            if column.codes:
                yield table.name, column.name, column.codes
            elif list_values:
                world = {WORLD: "the world"} if column.kind == "place" else {}
                yield table.name, column.name, dict.fromkeys(list_values, "") | world


def _fill_table(
    sheet: Worksheet, table: Sheet, range_of_list: Mapping[tuple[str, str], str]
) -> None:
    for position, column in enumerate(table.columns, start=1):
        letter = get_column_letter(position)
        cell = sheet.cell(1, position, column.name)
        cell.font = Font(bold=True)
        cell.fill = _HEADING
        cell.comment = _build_comment(column, table)
        body = sheet.column_dimensions[letter]
        body.width = max(WIDTHS.get(column.kind, 12), len(column.name) + 4)
        # Cells that nobody has touched take the style of their column.
        body.protection = Protection(locked=False)
        body.number_format = FORMATS.get(column.kind, "@")
        validation = _build_validation(column, table, range_of_list)
        if validation:
            sheet.add_data_validation(validation)
            validation.add(f"{letter}2:{letter}{ROWS}")
    sheet.freeze_panes = "A2"
    sheet.protection.sheet = True
    for allowed in ("formatCells", "formatColumns", "formatRows", "insertRows", "deleteRows"):
        setattr(sheet.protection, allowed, False)


def _build_comment(column: Column, table: Sheet) -> Comment:
    comment_lines = [column.meaning]
    if column.codes:
        comment_lines += [f"{code}: {meaning}" for code, meaning in column.codes.items()]
    if column.name == table.amount:
        comment_lines.append("Empty unless the status is reported or zero_reported.")
    elif column.default:
        comment_lines.append(f"Empty stands for {column.default}.")
    elif not column.required:
        comment_lines.append("May be empty.")
    return Comment(
        "\n".join(comment_lines), "disrupting-harm", width=380, height=40 + 22 * len(comment_lines)
    )


def _build_validation(
    column: Column, table: Sheet, range_of_list: Mapping[tuple[str, str], str]
) -> DataValidation | None:
    """Return what a spreadsheet program checks while a cell is typed; reading checks all again."""
    list_range = range_of_list.get((table.name, column.name))
    if column.name == "source_id" and table is not SOURCES:
        list_range = f"{SOURCES.name}!$A$2:$A${ROWS}"
    if list_range:
        rule = DataValidation(type="list", formula1=list_range)
    elif column.kind == "count":
        rule = DataValidation(type="whole", operator="greaterThanOrEqual", formula1="0")
    elif column.kind in ("year", "month"):
        low, high = (1, 12) if column.kind == "month" else (FIRST_YEAR, LAST_YEAR)
        rule = _build_range_rule("whole", low, high)
    elif column.kind in HIGHEST:
        rule = _build_range_rule("decimal", 0, HIGHEST[column.kind])
    elif column.kind in ("country", "place"):
        rule = DataValidation(type="textLength", operator="equal", formula1="3")
    else:
        return None
    rule.allow_blank = True
    rule.showErrorMessage = True
    rule.errorTitle = column.name
    rule.error = column.meaning[:225]
    return rule


def _build_range_rule(number_type: str, low: float, high: float) -> DataValidation:
    return DataValidation(
        type=number_type, operator="between", formula1=f"{low:g}", formula2=f"{high:g}"
    )
