"""Every document of a study in six languages as its reader holds it: pages, texts, figures.

Each look is first shown to see a fault that was made for it.
"""

import html
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pages as look
import pytest
import texts
import torn
import typst
from checkout import Checkout

ROOT = Path(__file__).parents[2]
LOCALE = ROOT / "workflow" / "templates" / "locale"
SETTINGS = '#set page(paper: "a4", margin: (x: 20mm, top: 25mm, bottom: 20mm), footer: [Foot])\n'
LOST, ADDED = 0.01, 0.03  # letters that a PDF may lack, or have besides: repeated heads of tables
LINE = "Some seven words of a text that"
PICTURE, SOURCE, WORDS = (
    re.compile(p) for p in (r"<img [^>]*>", r'src="([^"]*)"', r'alt="([^"]*)"')
)
Typeset = Callable[[str], Path]


@pytest.fixture
def typeset(tmp_path: Path) -> Typeset:
    """Return the PDF of a text in Typst."""

    def made(source: str) -> Path:
        # Pages are read once by the name of their file.
        path = tmp_path / f"faulty-{len(list(tmp_path.iterdir()))}.pdf"
        path.write_bytes(typst.compile(source.encode(), pdf_standards=["1.7"]))
        return path

    return made


@pytest.fixture(
    scope="module", params=["small", pytest.param("other_languages", marks=pytest.mark.slow)]
)
def documents(request: pytest.FixtureRequest) -> list[Path]:
    """The documents of a study, without their endings: two languages, or the four others."""
    study: Checkout = request.getfixturevalue(request.param)
    public = study.folder / "results" / "public"
    found = [path.with_suffix("") for path in sorted(public.rglob("*.qmd"))]
    assert len(found) > 10
    return found


def pages_of(document: Path) -> tuple[look.Page, ...]:
    return look.read_pages(document.with_suffix(".pdf"))


def faults_of(
    documents: Sequence[Path], find: Callable[[Path], Sequence[str]]
) -> dict[str, Sequence[str]]:
    """Return the faults of each document that has any."""
    found = {"/".join(document.parts[-4:]): find(document) for document in documents}
    return {name: faults for name, faults in found.items() if faults}


def test_text_and_ink_in_the_foot(typeset: Typeset, documents: list[Path]) -> None:
    page = f"{LINE}\n#pagebreak()\n"
    path = typeset(f"{SETTINGS}{page * 4}#place(bottom, dy: 6mm)[A row that fell]")
    assert any("A row that fell" in fault for fault in look.in_the_foot(look.read_pages(path)))
    bar = "#place(bottom, dy: 5mm, rect(width: 50mm, height: 20mm, fill: black))"
    path = typeset(f"{SETTINGS}{page * 4}{bar}")
    assert look.in_the_foot(look.read_pages(path)) == ["page 5: something reaches into the foot"]
    assert faults_of(documents, lambda each: look.in_the_foot(pages_of(each))) == {}


@pytest.mark.slow
def test_sentences_that_something_stands_in(typeset: Typeset, documents: list[Path]) -> None:
    rule = "#block(rect(width: 90mm, height: 30mm, fill: black))"
    path = typeset(f"{SETTINGS}{LINE}\n\n{rule}\n\ngoes on below it.")
    assert len(look.split_sentences(look.read_pages(path))) == 1
    path = typeset(f"{SETTINGS}{LINE}.\n\n{rule}\n\nAnother sentence.")
    assert look.split_sentences(look.read_pages(path)) == []
    tile = f"#block(text(30pt)[31%])\n\nof {LINE.lower()}\n\n"
    path = typeset(f"{SETTINGS}{tile * 2}")
    assert look.split_sentences(look.read_pages(path)) == []
    path = typeset(f"{SETTINGS}{LINE}\n\n#text(30pt)[A heading]\n\ngoes on below it.")
    assert len(look.split_sentences(look.read_pages(path))) == 1
    assert (
        faults_of(documents, lambda each: look.split_sentences(pages_of(each), texts.drawn(each)))
        == {}
    )


def test_pages_that_end_too_high(typeset: Typeset, documents: list[Path]) -> None:
    path = typeset(f"{SETTINGS}{LINE}\n#pagebreak()\n= A chapter\n#v(140mm)\n{LINE}")
    pages = look.read_pages(path)
    assert look.chapter_pages(path) == {2}
    assert look.poorly_filled(pages, set())[0].startswith("page 1: filled to")
    lower = typeset(f"{SETTINGS}{LINE}\n#v(100mm)\n{LINE}\n#pagebreak()\n= A chapter\n#v(140mm)\nx")
    assert len(look.poorly_filled(look.read_pages(lower), set())) == 1
    assert look.poorly_filled(look.read_pages(lower), {2}) == []
    kinds = {each.name: [d for d in documents if d.name == each.name] for each in documents}
    assert faults_of(kinds["brief"], _poorly_filled) == {}
    # A report ends where its text ends.
    for document in kinds["report"]:
        last = f"page {len(pages_of(document))}:"
        assert [fault for fault in _poorly_filled(document) if not fault.startswith(last)] == []


def _poorly_filled(document: Path) -> list[str]:
    return look.poorly_filled(pages_of(document), look.chapter_pages(document.with_suffix(".pdf")))


def test_a_finding_and_its_figure_stand_on_one_page(
    typeset: Typeset, documents: list[Path]
) -> None:
    path = typeset(f"{SETTINGS}= Found\nWords.\n#pagebreak()\nFigure 1: A caption.")
    assert len(look.parted_findings(path, [("Found", 1)])) == 1
    path = typeset(f"{SETTINGS}= Found\nWords.\n\nFigure 1: A caption.")
    assert look.parted_findings(path, [("Found", 1)]) == []
    reports = [each for each in documents if each.parts[-4] == "reports"]
    assert sum(len(_findings(each)) for each in reports) > 5 * len(reports) > 0

    def parted(document: Path) -> list[str]:
        return look.parted_findings(document.with_suffix(".pdf"), _findings(document))

    assert faults_of(reports, parted) == {}


def _findings(document: Path) -> list[tuple[str, int]]:
    """Return the findings of a report that have a figure: heading and number of the figure."""
    text = re.sub(
        r'\[([^\]]*)\]\{n="[^"]*"\}', r"\1", document.with_suffix(".qmd").read_text("utf-8")
    )
    figures = re.findall(r"\{#(fig-[\w-]+)", text)
    found = []
    for part in text.split("\n:::: {.finding}\n")[1:]:
        block = part.partition("\n::::\n")[0]
        heading, figure = (
            re.search(r"### (.*?) \{#finding-", block), re.search(r"\{#(fig-[\w-]+)", block)
        )  # fmt: skip
        if heading and figure:
            found.append((look.letters_of(heading[1]), figures.index(figure[1]) + 1))
    return found


def test_rows_of_a_table_that_stand_alone(typeset: Typeset, documents: list[Path]) -> None:
    rows = "".join(f"[row {n}], [{n}], " for n in range(45))
    table = f"#table(columns: 2, table.header([a], [b]), {rows})"
    alone = {n: look.orphan_rows(typeset(f"{SETTINGS}#v({n}mm)\n{table}")) for n in (0, 222, 234)}
    assert alone == {
        0: [],
        222: ["page 3: 2 row(s) of a table alone"],
        234: ["page 1: 1 row(s) of a table alone"],
    }
    assert faults_of(documents, lambda each: look.orphan_rows(each.with_suffix(".pdf"))) == {}


@pytest.mark.slow
def test_lines_over_each_other_and_over_the_margin(typeset: Typeset, documents: list[Path]) -> None:
    path = typeset(f"{SETTINGS}{LINE}\n#place(top, dx: 20mm, dy: 4pt)[{LINE}]")
    assert look.overlapping(look.read_pages(path))
    path = typeset(f"{SETTINGS}{LINE}\n\n{LINE}")
    assert look.overlapping(look.read_pages(path)) == []
    path = typeset(f"{SETTINGS}#place(dx: 150mm, box(width: 80mm)[{LINE}])")
    assert len(look.beyond_the_margin(look.read_pages(path))) == 1
    assert faults_of(documents, lambda each: look.overlapping(pages_of(each))) == {}
    assert faults_of(documents, lambda each: look.beyond_the_margin(pages_of(each))) == {}


@pytest.mark.slow
def test_headings_that_stand_last(typeset: Typeset, documents: list[Path]) -> None:
    path = typeset(f"{SETTINGS}{LINE}\n#v(200mm)\n= A heading\n#pagebreak()\n{LINE}")
    assert len(_last_headings(path)) == 1
    assert faults_of(documents, lambda each: _last_headings(each.with_suffix(".pdf"))) == {}


def _last_headings(path: Path) -> list[str]:
    return look.headings_at_the_foot(look.read_pages(path), look.headings(path))


def test_titles_of_chapters_near_the_foot(typeset: Typeset, documents: list[Path]) -> None:
    opening = f"= A chapter\n{LINE}\n#v(30mm)\n{LINE}\n"
    below = f"#block(breakable: false, height: 120mm)[{LINE}]\n= Another chapter\n{LINE}"
    path = typeset(f"{SETTINGS}#v(130mm)\n{opening}{below}")
    (fault,) = torn.titles_at_the_foot(path, look.read_pages(path))
    assert re.fullmatch(r"page 1: 4\d mm below 'A chapter'", fault)
    # A chapter may be short, and the next one may begin a page.
    for ends in (f"{LINE}\n", f"#pagebreak()\n= Another chapter\n{LINE}"):
        path = typeset(f"{SETTINGS}#v(130mm)\n{opening}{ends}")
        assert torn.titles_at_the_foot(path, look.read_pages(path)) == []
    path = typeset(f"{SETTINGS}#v(90mm)\n{opening}#v(30mm)\n{LINE}\n{below}")
    assert torn.titles_at_the_foot(path, look.read_pages(path)) == []

    def low(document: Path) -> list[str]:
        return torn.titles_at_the_foot(document.with_suffix(".pdf"), pages_of(document))

    assert faults_of(_reports(documents), low) == {}


def test_last_lines_of_a_paragraph_alone(typeset: Typeset, documents: list[Path]) -> None:
    words = f"{LINE} goes on. " * 12
    settings = f"{SETTINGS}#set text(costs: (orphan: 0%, widow: 0%))\n"
    found = []
    # None, one, two and three lines of it stand on the next page.
    for above in (228, 232, 236, 240):
        path = typeset(f"{settings}#v({above}mm)\n{words}\n\n= A heading\n{LINE}")
        found.append(len(torn.torn_paragraphs(path, look.read_pages(path))))
    assert found == [0, 1, 1, 0]

    def parted(document: Path) -> list[str]:
        return torn.torn_paragraphs(document.with_suffix(".pdf"), pages_of(document))

    assert faults_of(_reports(documents), parted) == {}


def _reports(documents: Sequence[Path]) -> list[Path]:
    reports = [each for each in documents if each.name == "report"]
    assert len(reports) > 2
    return reports


def test_pdf_files_can_be_searched(documents: list[Path]) -> None:
    assert look.lost_and_added("កុមារ children", "children កុមារ") == (0, 0)
    assert look.lost_and_added("កុមារ", "កុកុមារមារ") == (0, 1)
    assert look.lost_and_added("abcd", "abc") == (0.25, 0)
    assert look.repeated("ទិទិន្នន័ន័យ ទិន្នន័យ") == {"ទិ": 1, "ន័": 1}
    with_pages = [each for each in documents if each.with_suffix(".html").is_file()]
    assert len(with_pages) > 10
    # The terms of one language do not stand on the paper of another.
    foreign = next(each for each in with_pages if each.parts[-2] != "en")
    english = next(each for each in with_pages if each.parts[-2] == "en")
    assert len(_feet_without_terms(foreign, pages_of(english))) == len(pages_of(english))
    assert faults_of(with_pages, _hard_to_search) == {}


def _hard_to_search(document: Path) -> list[str]:
    """Return which part of the letters of the page the paper lacks, and how many more it has."""
    pages = pages_of(document)
    with_cover = "\ncover:" in document.with_suffix(".qmd").read_text("utf-8")
    inner = pages[1:] if with_cover else pages
    paper = look.body_text(inner)
    # Words in figures are text on paper, and pictures of it on a page.
    page = texts.page_text(document, on_paper=True)
    lost, _ = look.lost_and_added(page, paper)
    drawn = " ".join([page, *texts.drawn(document)])
    _, added = look.lost_and_added(drawn, paper)
    faults = [] if lost <= LOST and added <= ADDED else [f"lost {lost:.3f}, added {added:.3f}"]
    faults += _feet_without_terms(document, inner)
    twice = look.repeated(paper) - look.repeated(drawn)
    return [*faults, *(f"{letters} stands twice" for letters in twice)]


def _feet_without_terms(document: Path, inner: Sequence[look.Page]) -> list[str]:
    """Return the pages of paper in whose foot a letter of licence or contact is missing."""
    terms = texts.terms_of(document)
    assert terms, f"{document}: the page names neither licence nor contact"
    missing = {page.number: look.lost_and_added(terms, page.foot)[0] for page in inner}
    return [f"page {number}: no terms in its foot" for number, lost in missing.items() if lost]


@pytest.mark.slow
def test_nothing_of_the_making_is_left(documents: list[Path]) -> None:
    for fault in ("see @fig-x", "Table ??", "{{< meta x >}}", "nan per cent", "Error! Reference"):
        assert texts.left_over(f"A text, {fault}, in words."), fault
    assert texts.left_over("A nanny asks who@example.org: 12 > 3?") == []
    assert faults_of(documents, lambda each: texts.left_over(texts.page_text(each))) == {}
    paper = faults_of(documents, lambda each: texts.left_over(look.body_text(pages_of(each))))
    assert paper == {}


def test_no_message_is_left_in_english(documents: list[Path]) -> None:
    khmer = LOCALE / "km" / "LC_MESSAGES" / "report.po"
    assert texts.untranslated("Simulated data: not for citation", khmer)
    assert texts.untranslated("Simulated data", khmer) == []

    def found(document: Path) -> list[str]:
        language = document.parent.name
        catalogue = LOCALE / language / "LC_MESSAGES" / "report.po"
        text = texts.page_text(document) + " " + look.body_text(pages_of(document))
        return texts.untranslated(text, catalogue) if catalogue.is_file() else []

    assert faults_of(documents, found) == {}


def test_figures_are_those_of_the_country_and_language(small: Checkout) -> None:
    """Each picture of a report is the country's own in the report's language, with its words.

    Where a country stands among others is drawn beside what compares countries.
    """
    public = small.folder / "results" / "public"
    checked = 0
    for page in sorted(public.glob("reports/*/*/report.html")):
        country, language = page.parts[-3:-1]
        places = {
            folder: {
                figure["alt"] for figure in json.loads((folder / "figures.json").read_text("utf-8"))
            }
            for folder in (
                (public / "figures" / country / language).resolve(),
                (public / "figures" / "comparison" / country / language).resolve(),
            )
        }
        assert all(places.values())
        places_seen = set()
        for tag in PICTURE.findall(page.read_text("utf-8")):
            picture = (page.parent / html.unescape(SOURCE.search(tag)[1])).resolve()
            assert picture.is_file(), page
            assert picture.parent in places, page
            assert html.unescape(WORDS.search(tag)[1]) in places[picture.parent], page
            places_seen.add(picture.parent)
            checked += 1
        assert places_seen == {*places}, page
    assert checked > 20
