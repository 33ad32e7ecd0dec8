"""The workbook in which a reader of a ministry judges the texts of one document.

It needs no program but a spreadsheet, and no network. Only the cells of answers are open.
"""

import datetime
import io
import math
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.workbooks import set_workbook_date
from disrupting_harm.report.language.reviews import CHANGE, QUESTION, RIGHT, VERDICTS
from disrupting_harm.report.translations.review_answers import PLACEHOLDER, Answer, Answers
from disrupting_harm.report.translations.review_texts import DocumentToRead, QuestionToRead

SIGN, QUESTIONS, TERMS, TEXTS, PAGES = "Sign", "Questions", "Terms", "Texts", "Pages"
NAME, OFFICE, DATE = "Your name or role", "Your office", "Date, as 2026-11-24"
LANGUAGE, DOCUMENT = "Language", "Document"
HOW_TO_DECIDE = (
    "Sheet Questions: what does your office say? Choose the letter of an answer, or change and "
    "write another one beside it."
)
HOW = (
    "Sheet Terms: does your office use this word? Choose right, change or question.",
    "Sheet Texts, from top to bottom: choose right, change or question. With 'change' write the "
    "whole better text beside it. Keep every word in {braces} as it is: a number or a name stands "
    "there. Its place in the sentence is yours.",
    "If you are not sure, choose question and write in Remark what you would ask.",
    "What you leave empty waits for another reader.",
    "Fill in name or role, office and date on this sheet, save, and send the file back.",
)
# Columns: heading, width in letters, whether the reader writes there.
QUESTION_COLUMNS = (
    ("Key", 14, False),
    ("Question", 40, False),
    ("Answers (A is what stands there today)", 46, False),
    ("Why we ask", 40, False),
    ("Who says so", 30, False),
    ("In texts No.", 14, False),
    ("Your answer", 11, True),
    ("Another answer", 34, True),
    ("Remark", 28, True),
)
TERM_COLUMNS = (
    ("Term", 22, False),
    ("In English", 30, False),
    ("Here (; between forms, which may be beginnings of words)", 38, False),
    ("In texts No.", 14, False),
    ("Verdict", 11, True),
    ("Better (; between forms)", 38, True),
    ("Remark", 30, True),
)
TEXT_COLUMNS = (
    ("No.", 5, False),
    ("Key", 14, False),
    ("English", 38, False),
    ("Translation", 42, False),
    ("Verdict", 11, True),
    ("Better text (the whole text)", 42, True),
    ("Check", 14, False),
    ("Remark", 28, True),
    ("As printed, for example", 46, False),
    ("Page", 8, False),
    ("In place of {words}, for example", 34, False),
    ("Read before?", 15, False),
)
_KEY, _VERDICT, _BETTER, _CHECK, _REMARK, _PAGES, _STATUS = 2, 5, 6, 7, 8, 10, 12
# Signs that a better text has as often as the present one, and what is said where it has not.
_COUNTED_SIGNS = {
    "{": "Words in braces: as many as before ({count})",
    "|": "Keep the bar | between the forms ({count})",
    "**": "Keep ** around words ({count})",
}
_LONGEST_PRINTED = 900
_LINE_HEIGHT = 15
_DOTS_AN_INCH = 100
_HEADING = PatternFill("solid", fgColor="DDE6ED")
_OPEN = PatternFill("solid", fgColor="FFF9E5")
_FAULT, _DONE = PatternFill(bgColor="F6C5C0"), PatternFill(bgColor="E3F1E5")


def build_workbook(document: DocumentToRead, pictures: Sequence[Path] = ()) -> bytes:
    """Return the bytes of a workbook; the same texts and pictures give the same bytes.

    Args:
        document: texts and terms in reading order.
        pictures: of the printed pages.
    """
    workbook = Workbook()
    sign = workbook.active
    assert sign is not None
    sign.title = SIGN
    _fill_sign(sign, document)
    if document.questions:
        _fill_questions(workbook.create_sheet(QUESTIONS), document.questions)
    term_rows = [
        (term.name, term.english, term.forms, _join_numbers(term.texts), "", "", "")
        for term in document.terms
    ]
    _fill_table(workbook.create_sheet(TERMS), TERM_COLUMNS, term_rows, verdict=5)
    sheet = workbook.create_sheet(TEXTS)
    rows = [
        (number, text.key, text.english, text.translation, "", "",
         _build_check(text.translation or text.english, number + 1), "",
         text.printed[:_LONGEST_PRINTED], _format_pages(text.pages), _format_values(text.values),
         text.status)
        for number, text in enumerate(document.texts, start=1)
    ]  # fmt: skip
    _fill_table(sheet, TEXT_COLUMNS, rows, verdict=_VERDICT, formulas=_CHECK)
    is_news = len({text.status for text in document.texts}) > 1
    without_pdf = all(text.pages is None for text in document.texts)
    hidden = ((_KEY, True), (_PAGES, without_pdf), (_STATUS, not is_news))
    for column, is_hidden in hidden:
        sheet.column_dimensions[get_column_letter(column)].hidden = is_hidden
    sheet.freeze_panes = "C2"
    area = f"A2:{get_column_letter(len(TEXT_COLUMNS))}{len(rows) + 1}"
    missing = FormulaRule(formula=['AND($G2<>"",$G2<>"ok")'], fill=_FAULT)
    sheet.conditional_formatting.add(area, missing)
    sheet.conditional_formatting.add(area, FormulaRule(formula=['$E2="right"'], fill=_DONE))
    if pictures:
        pages = workbook.create_sheet(PAGES)
        for number, picture in enumerate(pictures):
            pages.add_image(Image(picture), f"A{1 + 60 * number}")
        _fit_paper(pages)
    content = io.BytesIO()
    workbook.save(content)
    return set_workbook_date(content.getvalue())


def _fill_sign(sheet: Worksheet, document: DocumentToRead) -> None:
    rows = [(NAME, ""), (OFFICE, ""), (DATE, ""), (LANGUAGE, document.language)]
    steps = enumerate((*([HOW_TO_DECIDE] if document.questions else []), *HOW), start=1)
    rows += [(DOCUMENT, document.document), *(("How", f"{n}. {step}") for n, step in steps)]
    open_cells = [f'COUNTBLANK(B1:B3)&" in {SIGN}"']
    open_cells += [
        f'COUNTBLANK({name}!{letter}2:{letter}{len(parts) + 1})&" in {name}"'
        for name, letter, parts in (
            (QUESTIONS, "G", document.questions),
            (TERMS, "E", document.terms),
            (TEXTS, "E", document.texts),
        )
        if parts
    ]
    rows.append(("Still without an answer", "=" + '&", "&'.join(open_cells)))
    for number, (heading, value) in enumerate(rows, start=1):
        heading_cell = sheet.cell(number, 1, heading)
        heading_cell.font, heading_cell.alignment = Font(bold=True), Alignment(vertical="top")
        cell = sheet.cell(number, 2, value)
        cell.number_format = "@"
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if not value:
            cell.fill, cell.protection = _OPEN, Protection(locked=False)
        sheet.row_dimensions[number].height = _LINE_HEIGHT * math.ceil(len(value) / 70 + 0.5)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 80
    _fit_paper(sheet)
    sheet.protection.sheet = True


def _fill_questions(sheet: Worksheet, questions: Sequence[QuestionToRead]) -> None:
    rows = [
        (question.key, question.question,
         "\n".join(f"{letter}: {answer}" for letter, answer in question.answers.items()),
         question.reason, question.source, _join_numbers(question.texts), "", "", "")
        for question in questions
    ]  # fmt: skip
    choices = [(*question.answers, CHANGE, QUESTION) for question in questions]
    _fill_table(sheet, QUESTION_COLUMNS, rows, 7, choices)
    sheet.column_dimensions["A"].hidden = True


def _fill_table(
    sheet: Worksheet,
    columns: Sequence[tuple[str, int, bool]],
    rows: Sequence[Sequence[Any]],
    verdict: int,
    choices: Sequence[Sequence[str]] = (),
    formulas: int = 0,
) -> None:
    """Fill a sheet; ``verdict`` is the column of verdicts, or of the choices of each row."""
    for position, (heading, width, _) in enumerate(columns, start=1):
        cell = sheet.cell(1, position, heading)
        cell.font, cell.fill = Font(bold=True), _HEADING
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(position)].width = width
    for number, values in enumerate(rows, start=2):
        lines = 1
        for position, (value, (_, width, is_open)) in enumerate(
            zip(values, columns, strict=True), start=1
        ):
            cell = sheet.cell(number, position, value)
            if isinstance(value, str) and position != formulas:
                cell.data_type = "s"  # a text that begins with "=" is no formula
                lengths = [math.ceil(len(line) * 1.15 / width) for line in value.split("\n")]
                lines = max(lines, sum(lengths))
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if is_open:
                cell.fill, cell.protection = _OPEN, Protection(locked=False)
                cell.number_format = "@"
        sheet.row_dimensions[number].height = _LINE_HEIGHT * (lines + 0.3)
    letter = get_column_letter(verdict)
    validations: dict[tuple[str, ...], DataValidation] = {}
    for number, choice in enumerate(choices or [VERDICTS] * len(rows), start=2):
        if tuple(choice) not in validations:
            validation = DataValidation(type="list", formula1=f'"{",".join(choice)}"')
            validation.allow_blank = validation.showErrorMessage = True
            validation.error = f"Choose {', '.join(choice)}"
            sheet.add_data_validation(validation)
            validations[tuple(choice)] = validation
        validations[tuple(choice)].add(f"{letter}{number}")
    sheet.freeze_panes = "A2"
    sheet.protection.sheet = True
    for allowed in ("formatColumns", "formatRows", "autoFilter"):
        setattr(sheet.protection, allowed, False)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(rows) + 1}"
    _fit_paper(sheet)


def _fit_paper(sheet: Worksheet) -> None:
    """Print a sheet as wide as the paper, with its headings on each page."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", "9"
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    if sheet.freeze_panes:
        sheet.print_title_rows = "1:1"


def _join_numbers(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))


def _format_pages(pages: Sequence[int] | None) -> str:
    """Return the pages of a text; a dash for one that is read aloud or shown elsewhere."""
    return _join_numbers(pages or ()) or "–"


def _format_values(values: Mapping[str, Sequence[str]]) -> str:
    return "\n".join(f"{{{name}}}: {'; '.join(of_name)}" for name, of_name in values.items())


def _build_check(text: str, row: int) -> str:
    """Return the formula that says while the reader writes what a text has lost, or too much."""
    cell, verdict = f"F{row}", f"E{row}"
    rules = [
        (f'ISNUMBER(FIND("{{{name}}}",{cell}))', f"Put back {{{name}}}")
        for name in sorted(set(PLACEHOLDER.findall(text)))
    ]
    for sign, advice in _COUNTED_SIGNS.items():
        count = f'(LEN({cell})-LEN(SUBSTITUTE({cell},"{sign}","")))/{len(sign)}'
        rules.append((f"{count}={text.count(sign)}", advice.format(count=text.count(sign))))
    formula = '"ok"'
    for is_kept, advice in reversed(rules):
        formula = f'IF({is_kept},{formula},"{advice}")'
    unwritten = f'IF({verdict}="{CHANGE}","Write the better text","")'
    contradicts = f'AND({verdict}="{RIGHT}",{cell}<>D{row})'
    formula = f'IF({contradicts},"Choose {CHANGE}, or empty the better text",{formula})'
    return f'=IF({cell}="",{unwritten},{formula})'


def draw_pages(pdf: Path, folder: Path) -> list[Path]:
    """Return pictures of the pages of a PDF; none where the document has no PDF."""
    if not pdf.is_file():
        return []
    command = ["pdftoppm", "-r", str(_DOTS_AN_INCH), "-png", str(pdf), str(folder / "page")]
    subprocess.run(command, check=True)
    return sorted(folder.glob("page*.png"))


def require_picture_maker(pdf: Path) -> None:
    """Refuse to begin where pages are to be drawn and nothing draws them.

    Raises:
        StudyError: with what to install.
    """
    if pdf.is_file() and shutil.which("pdftoppm") is None:
        raise StudyError(
            "pictures of the pages",
            "the program 'pdftoppm' is not installed",
            "Install it (Debian and Ubuntu: sudo apt-get install poppler-utils; macOS: "
            f"brew install poppler), or add --without-pages and send {pdf} along",
        )


def build_workbook_with_pages(document: DocumentToRead, pdf: Path) -> bytes:
    """Return a workbook with pictures of the pages of its document, if it has a PDF."""
    with tempfile.TemporaryDirectory() as scratch:
        return build_workbook(document, draw_pages(pdf, Path(scratch)))


def read_workbook(path: Path) -> Answers:
    """Read the answers of a filled workbook, which any spreadsheet program may have saved.

    Raises:
        StudyError: if the file is no workbook of a review.
    """
    try:
        workbook = load_workbook(path, data_only=True)
        sign = {
            str(row[0]): _read_cell(row[1])
            for row in workbook[SIGN].iter_rows(max_col=2, values_only=True)
        }
        texts, terms = workbook[TEXTS], workbook[TERMS]
        language, document = sign[LANGUAGE], sign[DOCUMENT]
    except (KeyError, OSError, ValueError) as fault:
        finding = f"no workbook of a review: {fault}"
        raise StudyError(str(path), finding, "Take one of 'translate review make'") from None
    has_questions = QUESTIONS in workbook.sheetnames
    return Answers(
        language,
        document,
        sign.get(NAME, ""),
        sign.get(OFFICE, ""),
        sign.get(DATE, ""),
        tuple(_read_rows(texts, _KEY, (_VERDICT, _BETTER, _REMARK))),
        tuple(_read_rows(terms, 1, (5, 6, 7))),
        tuple(_read_rows(workbook[QUESTIONS], 1, (7, 8, 9))) if has_questions else (),
    )


def _read_rows(sheet: Worksheet, key: int, columns: tuple[int, int, int]) -> list[Answer]:
    answers = []
    for number, row in enumerate(sheet.iter_rows(min_row=2, values_only=True), start=2):
        cells = [_read_cell(row[position - 1]) for position in (key, *columns)]
        if cells[0]:
            name, verdict, better, remark = cells
            answers.append(
                Answer(f"{sheet.title}, row {number}", name, verdict.lower(), better, remark)
            )
    return answers


def _read_cell(value: object) -> str:
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()[:10]
    return "" if value is None else str(value).strip()
