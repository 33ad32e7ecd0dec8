"""Data books: workbooks whose numbers are those of the public tables, with words for the rest."""

import dataclasses
import datetime
import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from copy import copy
from pathlib import Path
from xml.etree import ElementTree

import pytest
from evidence_results import public_rows
from openpyxl import load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.workbook import Workbook
from public_results import row, shown, write_public
from test_documents import ROOT, TEMPLATES

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import read_json
from disrupting_harm.publication.policies import REASONS
from disrupting_harm.report.documents.databook import regional_sheets
from disrupting_harm.report.documents.databook.country import write_databooks
from disrupting_harm.report.documents.databook.evidence_sheets import EvidenceSheets
from disrupting_harm.report.documents.databook.indicator_sheet import (
    create_indicator_sheet,
    describe_indicators,
)
from disrupting_harm.report.documents.databook.question_sheets import QuestionSheets
from disrupting_harm.report.documents.databook.regional_sheets import ComparisonSheets
from disrupting_harm.report.documents.databook.workbook import (
    HEAD_ROWS,
    Column,
    Number,
    Properties,
    Sheet,
    build_workbook,
    create_notes_sheet,
    plain_text,
)
from disrupting_harm.report.findings.brief_definition import load_brief
from disrupting_harm.report.findings.gaps import SHEET as GAPS_SHEET
from disrupting_harm.report.findings.recommendations import load_recommendations
from disrupting_harm.report.language.comparison_text import ComparisonFormatter
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import escape
from disrupting_harm.report.language.reasons import translate_reasons
from disrupting_harm.report.language.translator import MARKDOWN, build_english, load_translator
from disrupting_harm.report.reading.comparison_results import RegionalResults
from disrupting_harm.report.reading.evidence_rows import Evidence
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.report.rendering import write_shared
from disrupting_harm.study.study import load_study

ABOUT = Properties("Data book", "", "Somebody", "en", datetime.date(2026, 11, 24))


def opened(*sheets: Sheet) -> Workbook:
    return load_workbook(io.BytesIO(build_workbook(ABOUT, sheets)))


def test_numbers_are_numbers_with_the_decimals_that_are_printed() -> None:
    columns = [Column("n", 8), Column("Estimate", 8)]
    rows = [[Number(1042, grouped=True), Number(48.2, 1)], [None, Number(11, 0)]]
    (page,) = opened(Sheet("Numbers", "Title", columns, rows)).worksheets
    assert [page.cell(3, at).value for at in (1, 2)] == [1042, 48.2]
    assert [page.cell(3, at).number_format for at in (1, 2)] == ["#,##0", "0.0"]
    assert page["A4"].value is None
    assert page["B4"].number_format == "0"


def test_texts_are_never_formulas_and_hold_no_signs_of_markdown() -> None:
    rows = [[text] for text in ("=1+1", "@SUM(A1)", escape("a_b * c"), "bell\x07")]
    (page,) = opened(Sheet("Texts", "=Title", [Column("=Head", 9)], rows)).worksheets
    cells = [page.cell(at, 1) for at in range(1, 7)]
    assert [cell.value for cell in cells] == [
        "=Title",
        "=Head",
        "=1+1",
        "@SUM(A1)",
        "a_b * c",
        "bell",
    ]
    assert {cell.data_type for cell in cells} == {"s"}


def test_sheets_have_names_that_excel_takes_and_no_two_the_same() -> None:
    names = [
        "Other experiences that may be linked",
        "Other experiences that may be told",
        "a/b: [c]",
    ]
    book = opened(*(Sheet(name, "", [Column("n", 8)], []) for name in names))
    assert book.sheetnames == [
        "Other experiences that may be…",
        "Other experiences that may… (2)",
        "a b   c",
    ]


def test_the_first_sheet_lists_the_others_by_their_whole_names_and_leads_to_them() -> None:
    notes = Sheet("Notes", "Title", [Column("", 9), Column("", 9)], [["What", "This"]])
    long = "Other experiences that may be linked to what was told"
    others = [Sheet(name, "", [Column("n", 8)], []) for name in (long, "It's short")]
    about = dataclasses.replace(ABOUT, contents="Sheets")
    book = load_workbook(io.BytesIO(build_workbook(about, [notes, *others])))
    first = book.worksheets[0]
    assert [first.cell(row, 1).value for row in (4, 5)] == ["Sheets", None]
    links = [first.cell(row, 2) for row in (4, 5)]
    assert [link.value for link in links] == [long, "It's short"]
    places = [link.hyperlink.location for link in links]
    assert places == ["'Other experiences that may be…'!A1", "'It''s short'!A1"]
    assert first.print_area == "'Notes'!$A$1:$B$5"
    assert book.worksheets[1].max_row < 3


def test_sheets_are_ready_to_scroll_filter_and_print() -> None:
    columns = [Column("Indicator", 40), Column("n", 8), Column("Code", 20, printed=False)]
    (page,) = opened(Sheet("A", "T", columns, [["x", Number(1), "y"]], key=1)).worksheets
    assert page.freeze_panes == "B3"
    (table,) = page.tables.values()
    assert (table.ref, table.autoFilter.ref) == ("A2:C3", "A2:C3")
    assert [column.name for column in table.tableColumns] == ["Indicator", "n", "Code"]
    assert page.print_title_rows == "$1:$2"
    assert page.print_area == "'A'!$A$1:$B$3"
    assert page.page_setup.orientation == "landscape"
    assert str(page.page_setup.paperSize) == page.PAPERSIZE_A4


def test_each_sheet_of_records_is_one_marked_table_with_a_name_of_its_own() -> None:
    sheets = [Sheet(name, "T", [Column("n", 8)], [[Number(1)]]) for name in "AB"]
    notes = Sheet("Notes", "T", [Column("", 9), Column("", 9)], [["What", "This"]])
    book = opened(notes, *sheets, Sheet("Empty", "T", [Column("n", 8)], []))
    tables = [[*page.tables.values()] for page in book.worksheets]
    assert [len(of_page) for of_page in tables] == [0, 1, 1, 0]
    assert len({(table.id, table.displayName) for (table,) in tables[1:3]}) == 2
    with pytest.raises(ValueError, match=r"sheet 'A': two columns are called \['n'\]"):
        opened(Sheet("A", "T", [Column("n", 8), Column("n", 8)], [[Number(1), Number(2)]]))


def test_the_same_sheets_give_the_same_bytes_with_the_date_of_the_study() -> None:
    sheet = Sheet("A", "T", [Column("n", 8)], [[Number(1)]])
    first = build_workbook(ABOUT, [sheet])
    assert build_workbook(ABOUT, [sheet]) == first
    about = load_workbook(io.BytesIO(first)).properties
    assert (about.created, about.modified) == (datetime.datetime(2026, 11, 24),) * 2
    assert (about.title, about.language) == ("Data book", "en")


def test_jobs_write_the_same_bytes_wherever_lxml_is_installed() -> None:
    job = "from disrupting_harm.core.job import hide_needless_libraries as hide; hide()"
    which = "from openpyxl.xml import LXML; print(LXML)"
    for before, used in (("", "True"), (f"{job}; ", "False")):
        run = [sys.executable, "-c", before + which]
        done = subprocess.run(run, check=True, capture_output=True, text=True)
        assert done.stdout.strip() == used


def records(content: bytes, number: int) -> str:
    """Return the rows of a sheet as canonical XML: with lxml openpyxl writes other signs."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
    (data,) = (part for part in sheet if part.tag.endswith("}sheetData"))
    return ElementTree.canonicalize(ElementTree.tostring(data))


def written_by_openpyxl(sheets: Sequence[Sheet], looks: Workbook) -> bytes:
    """Return sheets whose rows openpyxl wrote cell by cell, each with its look in another book."""
    book, content = Workbook(write_only=True), io.BytesIO()
    for sheet, like in zip(sheets, looks.worksheets, strict=True):
        page = book.create_sheet(sheet.name)
        headings = [column.heading for column in sheet.columns]
        for number, values in enumerate([[sheet.title], headings, *sheet.rows], start=1):
            cells = []
            for place, value in enumerate(values, start=1):
                look = like.cell(number, place)
                is_text = isinstance(value, str) and bool(value or number <= HEAD_ROWS)
                shown = value.value if isinstance(value, Number) else None
                cell = WriteOnlyCell(page, plain_text(value) if is_text else shown)
                cell.font, cell.fill = copy(look.font), copy(look.fill)
                cell.alignment, cell.border = copy(look.alignment), copy(look.border)
                cell.number_format = look.number_format
                if is_text:
                    cell.data_type = "s"
                cells.append(cell)
            page.append(cells)
    book.save(content)
    return content.getvalue()


def test_cells_are_those_that_openpyxl_writes() -> None:
    columns = [
        Column("Text & <sign>", 9), Column("", 9, bold=True), Column("n", 9),
        Column("Estimate", 9, printed=False), Column(" Blanks ", 9, printed=False),
    ]  # fmt: skip
    rows = [
        ["<b> & \"c\" 'd'", "ខ្មែរ", Number(1042, grouped=True), Number(48.2, 1), " x "],
        ["=1+1", "", None, Number(0.1 + 0.2, 2), None],
        ["a\nb\tc", escape("a_b"), Number(-7), Number(1e-7, 9), "\x07"],
        ["x" * 40_000, None, Number(12_345_678, grouped=True), None, "\u00a0y"],
    ]
    notes = Sheet("Notes", "Title <1>", columns[:2], [["What", "This & that"]])
    sheets = [notes, Sheet("A", " Title", columns, rows, strong=frozenset({1, 3}))]
    content = build_workbook(ABOUT, sheets)
    read = load_workbook(io.BytesIO(content))
    expected = written_by_openpyxl(sheets, read)
    for number in (1, 2):
        assert records(content, number) == records(expected, number)
    # Each look stands once in the book, and looks are as they are asked for.
    page = read.worksheets[1]
    assert page["A1"].font.size == 13
    assert [page.cell(2, place).alignment.horizontal for place in (1, 3)] == ["left", "right"]
    assert [page.cell(row, 1).font.bold for row in (3, 4)] == [False, True]
    assert [page.cell(3, place).alignment.wrap_text for place in (1, 5)] == [True, None]


def test_every_reason_of_every_standard_has_words() -> None:
    translator = build_english().with_markup(MARKDOWN)
    for code in REASONS:
        assert translate_reasons(translator, code), code
    assert translate_reasons(translator, "interval_30_points_wide;relative_interval_above_130") == (
        "too wide an interval (limit: 30 points); too wide an interval for its estimate "
        "(limit: 130 per cent of it)"
    )
    assert translate_reasons(translator, "confidential") == ""


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the data books of Cambodia, in English and in Khmer."""
    public = tmp_path_factory.mktemp("books") / "results" / "public"
    study = load_study(ROOT / "config" / "config.yaml")
    changes = [
        row("uses_daily", "total", "all", **shown(0.4821, 0.437, 0.526, 1042)),
        row(
            "images_shared", "total", "all", **shown(0.0161, 0.008, 0.029, 1042),
            interval_note="may_be_short",
        ),
        row("offered_for_meeting", "total", "all", **shown(0.0042, 0.0013, 0.0112, 1042)),
        row(
            "uses_daily", "region", "region_3", status="suppress_reliability", shown="*",
            reason="interval_30_points_wide",
        ),
        row(
            "offered_for_images", "sex", "boy", status="suppress_disclosure", shown="< 10",
            bound_low=0.0, bound_high=0.1, reason="confidential",
        ),
    ]  # fmt: skip
    write_public(public, study.codebook, changes, "en", country="KHM")
    write_shared(public, TEMPLATES)
    out = public / "databooks" / "KHM"
    for folder, pdf in ((out, True), (out.with_name("workbooks"), False)):
        records = write_databooks(
            study.countries["KHM"], study.config, study.codebook,
            public=public, templates=TEMPLATES, out=folder, pdf=pdf,
            brief=load_brief(ROOT / "config" / "brief.yaml", study.codebook),
            recommendations=load_recommendations(
                ROOT / "config" / "recommendations.yaml", study.codebook
            ),
        )  # fmt: skip
        assert len(records) == (2 if pdf else 0)
    return out


def test_a_book_that_is_not_printed_is_the_same_workbook_alone(books: Path) -> None:
    workbooks = books.with_name("workbooks")
    for language in ("en", "km"):
        names = {path.name for path in (workbooks / language).iterdir()}
        assert names == {"databook.xlsx", "status.json"}
        alone, book = workbooks / language, books / language
        assert (alone / "databook.xlsx").read_bytes() == (book / "databook.xlsx").read_bytes()
        # On paper stand texts beside those of the workbook, and their translation counts, too.
        alone_status, status = read_json(alone / "status.json"), read_json(book / "status.json")
        counts, more = alone_status.pop("translation"), status.pop("translation")
        assert alone_status == status
        if language == "en":
            assert counts is more is None
        else:
            assert sum(counts["texts"].values()) < sum(more["texts"].values())
        printed = {path.name for path in (books / language).iterdir()}
        assert printed == names | {"databook.qmd", "databook.pdf"}


def test_the_notes_tell_the_quality_of_the_data_in_sentences(books: Path) -> None:
    quality = read_json(books.parents[1] / "countries" / "KHM" / "quality.json")
    for language in ("en", "km"):
        notes = load_workbook(books / language / "databook.xlsx").worksheets[2]
        told = [text for row in notes.values for text in row if text]
        assert any(f"{quality['weights']['kish_deff']:.2f}" in text for text in told)
        assert any(f"{quality['interviewed']:,}" in text for text in told)
        # Its tables stand on paper, and nothing here refers to them.
        assert not [text for text in told if "tbl-" in text or "|" in text]
        assert "{#tbl-cells}" in (books / language / "databook.qmd").read_text(encoding="utf-8")


def test_main_numbers_stand_where_their_sheet_says(books: Path) -> None:
    """Each pointer is followed: the row there is of the same indicator, and has the number."""
    for language in ("en", "km"):
        book = load_workbook(books / language / "databook.xlsx")
        _, headings, *rows = book.worksheets[3].iter_rows(values_only=True)
        assert len(headings) == 6
        assert len(rows) > 3
        for _, label, printed, sheet, number, code in rows:
            numbers = [int(number) for number in re.findall(r"\d+", printed)]
            if "/" in code:  # what others counted: its code is its address
                first, last = map(int, f"{number}–{number}".split("–")[:2])
                assert last <= book[sheet].max_row
                count = int(re.sub(r"\D", "", printed.split(" of ")[0]))
                assert first != last or count in [cell.value for cell in book[sheet][number]]
                continue
            cells = [cell.value for cell in book[sheet][number]]
            assert (cells[0], code in cells) == (label, True)
            assert cells[4:7] == [*numbers[:3]], printed
            assert cells[-2:] == ["total", "all"]


def test_no_name_of_a_sheet_is_cut(books: Path) -> None:
    """The list on the cover has each title whole."""
    for language in ("en", "km"):
        book = load_workbook(books / language / "databook.xlsx")
        assert not [name for name in book.sheetnames if "…" in name]
        listed = [str(row[1]) for row in book.worksheets[0].values]
        titles = [str(sheet["A1"].value).split(" – ")[0] for sheet in book.worksheets[5:]]
        assert any(len(title) > 31 for title in titles)
        assert {title for title in titles if len(title) > 31 and ":" not in title} <= {*listed}


def test_the_cover_says_what_the_book_is_whose_it_is_and_what_it_holds(books: Path) -> None:
    book = load_workbook(books / "en" / "databook.xlsx")
    cover = book.worksheets[0]
    said = {row[0]: str(row[1]) for row in cover.iter_rows(min_row=3, max_col=2, values_only=True)}
    assert list(said)[:4] == ["Simulated data", "What this is", "Source", "Terms of use"]
    assert "Licence: named at release" in said["Terms of use"]
    links = [cell.hyperlink.location for row in cover for cell in row if cell.hyperlink]
    assert links == [f"'{name}'!A1" for name in book.sheetnames[1:]]


def found(books: Path, *key: str, language: str = "en") -> tuple[object, ...]:
    """Return the one row of a cell, without its codes."""
    book = load_workbook(books / language / "databook.xlsx")
    rows = [row for page in book for row in page.iter_rows(values_only=True) if row[-3:] == key]
    assert len(rows) == 1
    return rows[0][:-3]


def test_a_row_says_what_is_printed_and_why(books: Path) -> None:
    daily = found(books, "uses_daily", "total", "all")
    assert daily[:11] == (
        "Use the internet daily", "All children", "All", 1042, 48, 44, 53, None, None, "Shown",
        None,
    )  # fmt: skip
    assert daily[13:17] == (48.2, 43.7, 52.6, None)
    assert daily[17] == "How often do you use the internet? Counted: Daily"
    hidden = found(books, "uses_daily", "region", "region_3")
    assert hidden[3:9] == ("[u]", "[u]", "[u]", "[u]", None, None)
    assert hidden[9:11] == (
        "Hidden: not reliable enough",
        "too wide an interval (limit: 30 points)",
    )
    assert hidden[11:16] == ("[u]",) * 5
    bound = found(books, "offered_for_images", "sex", "boy")
    # A number to compute with, and the side on which the share lies.
    assert bound[3:9] == ("[c]", "[c]", "[c]", "[c]", 10, "below it")
    assert bound[9] == "Printed as a bound: to protect respondents"


def test_a_share_that_rounds_to_nothing_is_no_zero(books: Path) -> None:
    """Its limits are far above 0 in the public table, or round to 0 as well."""
    few = found(books, "images_shared", "total", "all")
    assert few[4:7] == (2, 1, 3)
    least = found(books, "offered_for_meeting", "total", "all")
    assert least[4:7] == ("[low]", "[low]", 1)
    assert least[13:16] == (0.4, 0.1, 1.1)


def test_the_notes_explain_all_shorthand_that_the_book_uses(books: Path) -> None:
    book = load_workbook(books / "en" / "databook.xlsx")
    used = {
        cell
        for page in book.worksheets[2:]
        for row in page.values
        for cell in row
        if isinstance(cell, str) and re.fullmatch(r"\[\w+\]", cell)
    }
    assert used >= {"[c]", "[u]", "[x]", "[low]"}
    notes = " ".join(text for row in book["Read first"].values for text in row if text)
    assert not {sign for sign in used if f"{sign}:" not in notes}


def test_a_column_has_one_number_of_decimals(books: Path) -> None:
    """But those of estimates as they are published, as their headings say."""
    for page in load_workbook(books / "en" / "databook.xlsx").worksheets[3:]:
        if "Per cent, as in reports" not in (heads := [cell.value for cell in page[HEAD_ROWS]]):
            continue
        for at, heading in enumerate(heads, start=1):
            cells = [page.cell(line, at) for line in range(HEAD_ROWS + 1, page.max_row + 1)]
            formats = {cell.number_format for cell in cells if cell.data_type == "n" and cell.value}
            assert len(formats) <= 1 or "exact" in str(heading), heading


def test_an_interval_that_may_be_too_short_is_marked(books: Path) -> None:
    """In a column of the workbook; on paper beside its limits, with one note for the table."""
    for language in ("en", "km"):
        translator = load_translator(language, TEMPLATES / "locale")
        note = translator("The interval may be too short: few answers lie behind it.")
        assert found(books, "images_shared", "total", "all", language=language)[16] == note
        text = (books / language / "databook.qmd").read_text(encoding="utf-8")
        tables = [table for table in text.split("\n\n") if " §" in table and "|" in table]
        captions = [line for line in text.splitlines() if f"§: {note}" in line]
        assert len(captions) == text.count(f"§: {note}") > 0
        assert len(tables) == text.count("§") - len(captions) == len(captions)


def test_a_translation_has_the_same_numbers_and_words_of_its_own(books: Path) -> None:
    khmer = found(books, "uses_daily", "total", "all", language="km")
    assert (khmer[3:7], khmer[13:16]) == ((1042, 48, 44, 53), (48.2, 43.7, 52.6))
    translator = load_translator("km", TEMPLATES / "locale")
    assert khmer[9] == translator("Shown")
    about = load_workbook(books / "km" / "databook.xlsx").properties
    assert about.language == "km"


def test_paper_says_in_words_why_there_is_no_number(books: Path) -> None:
    text = (books / "en" / "databook.qmd").read_text(encoding="utf-8")
    assert "not shown: too uncertain" in text
    assert (books / "en" / "databook.pdf").read_bytes().startswith(b"%PDF-")
    assert "| c |" not in text
    titles = re.findall(r"^: (.+?)[.](?: .*)? \{#tbl-", text, re.MULTILINE)
    assert len(titles) > len(load_study(ROOT / "config" / "config.yaml").codebook.modules)
    assert len(titles) == len(set(titles)), "two tables have the same title"


def joint(**tables: list[dict[str, str]]) -> list[tuple[object, ...]]:
    """Return the one row of a sheet of questions or pairs."""
    translator = build_english().with_markup(MARKDOWN)
    codebook = load_study(ROOT / "config" / "config.yaml").codebook
    sheets = QuestionSheets(translator, Labels(codebook, translator), codebook, "").sheets(
        *(list(map(PublicRow, tables.get(name, []))) for name in ("options", "dyads"))
    )
    (page,) = opened(*sheets).worksheets
    return list(page.iter_rows(min_row=3, values_only=True))


def test_answers_to_one_question_say_which_may_stand_first() -> None:
    shown = {
        "question": "channel", "option": "channel_online_game", "n": "218", "estimate": "0.09",
        "ci_low": "0.04", "ci_high": "0.17", "shown": "9", "status": "present",
        "may_be_first": "False",
    }  # fmt: skip
    numbers = dict.fromkeys(("n", "estimate", "ci_low", "ci_high", "shown"), "")
    rest = shown | numbers | {"option": "other_answers", "status": "no_indicator"}
    first, second = joint(options=[shown, rest])
    assert first[:6] == ("Where it happened", "It happened in an online game", 218, 9, 4, 17)
    assert first[6:8] == ("Shown", "No")
    assert second[1:7] == ("other answers", *["[z]"] * 4, "counted by no indicator")


def test_agreement_beyond_chance_is_no_share() -> None:
    row = {
        "child": "blames_child_for_image", "caregiver": "caregiver_blames_child_for_image",
        "measure": "kappa", "n": "940", "estimate": "0.01", "ci_low": "-0.05", "ci_high": "0.07",
        "status": "present", "warning": "few_pairs",
    }  # fmt: skip
    kappa, agree = joint(dyads=[row, row | {"measure": "agree", "estimate": "0.5"}])
    assert kappa[3:7] == (940, 0.01, -0.05, 0.07)
    assert kappa[8] == "rests on few pairs"
    assert agree[4] == 50


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("column: p_holm", "column: p_hollm", "column 'p_hollm'"),
        ("column: p_holm", "column: se", "column 'se'"),
        ("cell: p_value,", "cell: p_walue,", "cell"),
        ("{heading: Ratio, width", "{heading: Ratio, widht: 9, width", "widht"),
        ("cell: base}", "cell: base, column: n}", "column 'n'"),
    ],
)
def test_a_wrong_word_of_a_sheet_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, found: str
) -> None:
    """A restricted column is as wrong as one that no table has."""
    text = regional_sheets.SHEETS_FILE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / regional_sheets.SHEETS_FILE.name
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    monkeypatch.setattr(regional_sheets, "SHEETS_FILE", path)
    with pytest.raises(StudyError) as caught:
        regional_sheets.read_table_sheets.__wrapped__()
    assert f"{path}, sheet '" in str(caught.value)
    assert found in str(caught.value)


def test_sentences_name_the_sheet_of_gaps_as_it_is_called() -> None:
    assert regional_sheets.read_table_sheets()["gaps"].title == GAPS_SHEET


def compared(table: str, *rows: dict[str, str]) -> dict[str, object]:
    """Return the one row of a sheet of the comparison by its headings."""
    translator = build_english("countries").with_markup(MARKDOWN)
    codebook = load_study(ROOT / "config" / "config.yaml").codebook
    names = {"KEN": escape("Kenya"), "UGA": escape("Uganda")}
    wording = ComparisonFormatter(
        translator,
        Labels(codebook, translator),
        RegionalResults(public_rows({table: [*rows]})),
        names,
    )
    (page,) = opened(*ComparisonSheets(wording, "children", "").sheets()).worksheets
    heads, cells = list(page.iter_rows(min_row=2, values_only=True))
    found = {}
    for head, cell in zip(heads, cells, strict=True):
        found.setdefault(head, cell)
    return found


def test_the_comparison_says_what_each_of_its_indicators_asks_and_of_whom() -> None:
    translator = build_english("countries").with_markup(MARKDOWN)
    codebook = load_study(ROOT / "config" / "config.yaml").codebook
    facts = describe_indicators(translator, Labels(codebook, translator), codebook, "children")
    compared_names = ["told_nobody", "uses_daily"]
    (page,) = opened(create_indicator_sheet(translator, facts, "", compared_names)).worksheets
    heads, *lines = page.iter_rows(min_row=2, values_only=True)
    found = {line[heads.index("Code")]: dict(zip(heads, line, strict=True)) for line in lines}
    # In the order of the codebook; others are not listed.
    assert [*found] == ["uses_daily", "told_nobody"]
    assert found["uses_daily"]["Base"] == "children"
    assert found["told_nobody"]["Base"].startswith("children affected by any")
    assert "How often do you use the internet?" in found["uses_daily"]["Question"]


def test_differences_are_points_with_the_decimals_of_their_row() -> None:
    numbers = {
        "difference": "0.3", "ci_low": "0.251", "ci_high": "0.35",
        "ratio": "1.5", "ratio_low": "1.25", "ratio_high": "2.0",
        "p_holm": "0.001", "clear": "True",
    }  # fmt: skip
    pair = {"indicator": "uses_daily", "country_a": "KEN", "country_b": "UGA"}
    found = compared("pairwise", pair | numbers)
    assert (found["First country"], found["Second country"]) == ("Kenya", "Uganda")
    assert (found["Difference"], found["Lower limit"], found["Upper limit"]) == (30, 25.1, 35)
    assert (found["Unit"], found["Ratio"], found["Clear"]) == ("percentage points", 1.5, "yes")


def test_a_mean_is_no_share_of_the_comparison() -> None:
    row = {
        "indicator": "mean_hours_online", "country": "KEN", "n": "1042", "estimate": "2.89",
        "ci_low": "2.75", "ci_high": "3.1", "shown": "2.89", "bound_high": "", "status": "present",
    }  # fmt: skip
    found = compared("prevalence", row)
    assert (found["Estimate"], found["Upper limit"], found["Unit"]) == (2.89, 3.1, "mean")
    assert found["Status"] == "Shown"


def test_an_average_names_whom_it_leaves_out() -> None:
    row = compared(
        "pooled",
        {
            "indicator": "any_tf_csea", "group": "all", "estimand": "equal_country",
            "countries": "2", "left_out": "UGA: not comparable; the rest: no estimate",
            "note": "sources: one, of 2019 | another", "estimate": "", "set_low": "0.082",
            "set_high": "0.09", "ci_low": "", "ci_high": "", "prediction_low": "",
            "prediction_high": "", "bounded": "KEN",
        },
    )  # fmt: skip
    assert (row["Estimate"], row["Range from"], row["Range to"]) == (None, 8.2, 9.0)
    assert row["By a bound alone"] == "Kenya"
    assert row["Left out"] == "Uganda: not comparable; the rest: no estimate"
    assert row["Note"] == "sources: one, of 2019 and another"


def test_a_sum_of_children_names_who_is_added() -> None:
    row = compared(
        "total",
        {
            "indicator": "any_tf_csea", "group": "all", "countries": "3", "children": "",
            "set_low": "6200000", "set_high": "6500000", "children_low": "5600000",
            "children_high": "7200000", "added": "UGA KEN", "bounded": "KEN", "left_out": "",
            "note": "numbers of people taken as exact",
        },
    )  # fmt: skip
    assert (row["Persons"], row["Range from"], row["Range to"]) == (None, 6_200_000, 6_500_000)
    assert (row["Lower limit"], row["Upper limit"]) == (5_600_000, 7_200_000)
    assert (row["Added up"], row["By a bound alone"]) == ("Uganda, Kenya", "Kenya")


def test_a_rate_that_nobody_told_stays_in_words() -> None:
    row = dict.fromkeys(("comparable", "reason", "definition", "age_range", "mode"), "")
    row |= {"indicator": "uses_daily", "country": "KEN", "recall": "past_year"}
    row |= {"response_rate": "0.838", "coverage": "not available", "fieldwork": "", "source": ""}
    found = compared("comparability", row)
    assert found["Interviewed (AAPOR RR2), per cent"] == 83.8
    assert found["Coverage of the frame, per cent"] == "not available"
    assert found["Period"] == "past year"
    # One country did not ask; of another a judgement says the period in its own words.
    for recall in ("not asked", "past month"):
        assert compared("comparability", row | {"recall": recall})["Period"] == recall


def test_a_country_has_one_set_of_ranks_that_of_every_page() -> None:
    row = {
        "indicator": "clear_examples", "country": "KEN", "countries": "12", "scope": "simultaneous",
        "rank_low": "1", "may_be_highest": "True", "may_be_lowest": "False",
    }  # fmt: skip
    sets = [
        row | {"method": "klein", "rank_high": "8"},
        row | {"method": "mogstad_step_down", "scope": "marginal", "rank_high": "4"},
        row | {"method": "mogstad_step_down", "rank_high": "5"},
    ]
    found = compared("rank_sets", *sets)
    assert (found["Best rank"], found["Worst rank"], found["Countries ranked"]) == (1, 5, 12)


def test_a_p_value_is_never_nothing() -> None:
    numbers = ("difference", "ci_low", "ci_high")
    row = dict.fromkeys((*numbers, "ratio", "ratio_low", "ratio_high"), "")
    row |= {"indicator": "uses_daily", "country_a": "KEN", "country_b": "UGA", "clear": "True"}
    assert compared("pairwise", row | {"p_holm": "0.0"})["p (Holm)"] == "<0.001"
    assert compared("pairwise", row | {"p_holm": "0.001"})["p (Holm)"] == 0.001


def test_what_silence_would_turn_round_stands_in_the_workbook() -> None:
    row = {
        "indicator": "clear_examples", "domain": "total", "country_a": "KEN", "level_a": "all",
        "country_b": "UGA", "level_b": "all", "above": "b", "ratio": "0.49", "claim_goes": "0.11",
        "order_turns": "0.51",
    }  # fmt: skip
    found = compared("silence_claims", row)
    assert (found["First group"], found["Higher"], found["Ratio"]) == (None, "second", 0.49)
    assert found["Uncertain from, per cent silent"] == 11
    assert found["Order turns at, per cent silent"] == 51


def test_notes_hold_no_signs_of_markdown() -> None:
    sheet = create_notes_sheet("Notes", "", "**Silence.** A share *s*; 1 − exp(−*L*), and 2 \\* 3.")
    (page,) = opened(sheet).worksheets
    assert [cell.value for cell in page[3]] == ["Silence", "A share s; 1 − exp(−L), and 2 * 3."]


def test_reports_say_what_they_are_not_and_where_a_series_breaks() -> None:
    row = {
        "country": "KEN", "year": "2023", "class": "unsplit", "reports": "52034",
        "change_percent": "41.2", "share_world_percent": "0.1",
        "status": "reported", "series_break": "False", "counted": "Reports",
        "data_kind": "published",
        "source": "NCMEC",
    }  # fmt: skip
    anew = row | {
        "year": "2024", "class": "referral", "change_percent": "", "series_break": "True",
    }  # fmt: skip
    going_on = anew | {"year": "2025", "change_percent": "50.0", "series_break": "False"}
    translator = build_english("countries").with_markup(MARKDOWN)
    (sheet,) = EvidenceSheets(
        translator, Evidence(public_rows({"cybertips": [row, anew, going_on]})), ""
    ).sheets()
    (page,) = opened(sheet).worksheets
    heads, first, second, third = list(page.iter_rows(min_row=2, values_only=True))
    change, note = heads.index("Change from the year before, per cent"), heads.index("Note")
    assert (first[change], second[change], third[change]) == (41.2, "series break", 50)
    assert "where files were uploaded, which proxies and anonymisers can hide" in first[note]
    assert "do not show how much abuse a country has" in first[note]
    # Users are of any age: no rate of their reports per children.
    assert not [head for head in heads if head and "children" in head]
    assert "counted in another way than the year before" in second[note]
    assert "another way" not in third[note]
