"""Every number that brief and report print from a cell of the country stands in its data book.

The judge reads pages with a parser of HTML and workbooks with openpyxl, and imports nothing of the
library.
"""

import re
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path

import pytest
from openpyxl import load_workbook

# Cells of which a printed number is the number itself: of an estimate, of a share scaled to
# children, of law. Counts of rows and what is derived from several cells are no cells.
_CELLS = re.compile(
    r"(?P<country>[A-Z]{3})/\w+/(?:whole|whole_low|whole_high)"
    r"|compare/denominators/\w+/(?P<code>[A-Z]{3})/\w+/"
    r"(?:whole|whole_low|whole_high|children|children_low|children_high|population)"
    r"|(?P<law>[A-Z]{3})/(?:legislation|instruments|policies)/\S+/"
    r"(?:age|instrument_year|year|year_from|year_to)"
)
# Between thousands, and before decimals: as in English where a language is not named.
_MARKS = {"id": (".", ","), "pt": ("\u00a0", ","), "vi": (".", ",")}
# No numbers of cells: ages, and a confidence. A hundred is the base of shares, and of dots.
_OTHERS = re.compile(r"\d+\s?[–-]\s?\d+ (?:who|years)|aged \d+[–-]\d+|95 per cent")
BASE = 100
VOID = {"img", "br", "hr", "meta", "link", "input", "col", "source", "wbr"}


class AddressedTexts(HTMLParser):
    """Collects each text whose addresses are all cells."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[tuple[str, str]] = []
        self._open: list[tuple[str, list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = dict(attrs).get("data-n") or ""
        if tag not in VOID:
            self._open.append((address, []))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID or not self._open:
            return
        address, parts = self._open.pop()
        if address:
            self.texts.append((address, "".join(parts)))
        if self._open:
            self._open[-1][1].extend(parts)

    def handle_data(self, data: str) -> None:
        if self._open:
            self._open[-1][1].append(data)


def read_numbers(text: str, language: str) -> list[float]:
    """Return the numbers of a text, whose thousands and decimals are marked as in its language."""
    thousands, decimals = _MARKS.get(language, (",", "."))
    group, point = re.escape(thousands), re.escape(decimals)
    pattern = rf"(?<![\w.,])(?:\d{{1,3}}(?:{group}\d{{3}})+(?!{group}?\d)|\d+)(?:{point}\d+)?"
    printed = re.findall(pattern, text)
    return [float(number.replace(thousands, "").replace(decimals, ".")) for number in printed]


def list_printed_numbers(page: Path, country: str, language: str) -> list[tuple[float, str]]:
    """Return the numbers of texts that rest on cells of the country alone, with their texts."""
    reader = AddressedTexts()
    reader.feed(page.read_text(encoding="utf-8"))
    numbers = []
    for addresses, text in reader.texts:
        matches = [_CELLS.fullmatch(address) for address in addresses.split()]
        codes = {code for match in matches if match for code in match.groups() if code}
        if all(matches) and codes == {country}:
            printed = read_numbers(_OTHERS.sub(" ", text.replace("\u2060", "")), language)
            numbers += [(number, text) for number in printed if number != BASE]
    return numbers


def read_cells(path: Path) -> list[object]:
    """Return what stands in all cells of a workbook."""
    # A workbook that is read row by row keeps its file open until it is told.
    with closing(load_workbook(path, read_only=True)) as book:
        return [
            cell
            for sheet in book.worksheets
            for line in sheet.iter_rows(values_only=True)
            for cell in line
        ]


def read_workbook_numbers(path: Path) -> set[float]:
    """Return the numbers in cells of a workbook, and bounds such as < 10."""
    numbers = set()
    for cell in read_cells(path):
        if isinstance(cell, int | float):
            numbers.add(float(cell))
        elif isinstance(cell, str) and re.fullmatch(r"[<>] ?\d+", cell):
            numbers.add(float(cell.lstrip("<> ")))
    return numbers


def find_missing(public: Path, country: str) -> tuple[int, list[str]]:
    """Return how many numbers were looked up in the languages of a country, and those missing."""
    looked_up, missing = 0, []
    for book in sorted((public / "databooks" / country).glob("*/databook.xlsx")):
        known, language = read_workbook_numbers(book), book.parent.name
        for kind in ("brief", "report"):
            page = public / f"{kind}s" / country / language / f"{kind}.html"
            for number, text in list_printed_numbers(page, country, language):
                looked_up += 1
                if number not in known:
                    missing.append(f"{language}, {kind}: {number:g} in '{text.strip()[:80]}'")
    return looked_up, missing


@pytest.fixture(params=["small", "other_languages"])
def public(request: pytest.FixtureRequest) -> Path:
    study = request.getfixturevalue(request.param)
    return study.folder / "results" / "public"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "1,100,000 children, 2.5"),
        ("km", "1,100,000 (2.5)"),
        ("id", "1.100.000 anak, 2,5"),
        ("pt", "1\u00a0100\u00a0000 crianças, 2,5"),
        ("vi", "1.100.000 trẻ em, 2,5"),
    ],
)
def test_the_judge_reads_numbers_as_languages_write_them(language: str, text: str) -> None:
    assert read_numbers(text, language) == [1_100_000, 2.5]


def test_every_number_of_brief_and_report_stands_in_the_data_book(public: Path) -> None:
    countries = [path.name for path in sorted((public / "briefs").iterdir()) if path.name != "all"]
    counts = []
    for country in countries:
        looked_up, missing = find_missing(public, country)
        assert not missing, (country, missing[:5])
        counts.append(looked_up)
    assert min(counts) > 20


def test_no_cell_of_a_workbook_has_the_signs_of_markdown(public: Path) -> None:
    """Spans with addresses, links, bold letters and escaped signs are for documents."""
    marked = re.compile(r"\]\{|\]\(|\*\*|\\[!-/:-@\[-`{-~]")
    books = sorted(public.rglob("*.xlsx"))
    assert len(books) > 2
    texts = [(book, cell) for book in books for cell in read_cells(book) if isinstance(cell, str)]
    assert len(texts) > 1000
    assert [(str(book), cell) for book, cell in texts if marked.search(cell)] == []
