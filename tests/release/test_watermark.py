"""Simulated numbers say so in every file that can be read by itself; real ones never do."""

import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from checkout import SMALL, Checkout
from leaks import public_texts
from openpyxl import load_workbook
from rendered import paper_pages, without_spaces

# Tables of evidence that others published, and tables that set them beside simulated ones.
PUBLISHED = (
    *(
        "cybertips.csv",
        "cybertip_changes.csv",
        "cybertip_parts.csv",
        "reporters.csv",
        "transparency.csv",
    ),
    *("evidence-cybertips.csv", "known_studies.csv"),
    *("legislation.csv", "legislation_claims.csv", "instruments.csv", "policies.csv"),
    *("service_register.csv", "law_coverage.csv", "evidence-legislation.csv"),
)
BOOK = "databook.qmd"
PUBLISHED_FIGURES = ("cybertips", "evidence-cybertips", "evidence-legislation")
# What the law lacks is needed beside what simulated children and police lack.
BESIDE_EACH_OTHER = ("several_sources.csv", "triangulation.csv", "needs.csv")


def documents(public: Path) -> Iterator[tuple[Path, str]]:
    """Yield the source of each document with its watermark in the document's language."""
    for source in sorted(public.glob("**/*.qmd")):
        if source.name == BOOK:
            continue
        (mark,) = re.findall(r'^watermark: "(.+)"$', source.read_text("utf-8"), re.MULTILINE)
        yield source, mark


def test_tables(public: Path) -> None:
    package = json.loads((public / "datapackage.json").read_text())
    said = {entry["path"]: entry["simulated"] for entry in package["resources"]}
    for path in sorted(public.rglob("*.csv")):
        # What the headings of a document rest on; the document says that it is simulated.
        if path.name == "headings.csv":
            continue
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        if "data_kind" in table:
            kinds = set(table["data_kind"])
            if table.empty:
                assert said[path.relative_to(public).as_posix()] is True
            elif path.name in PUBLISHED:
                assert kinds == {"published"}, path
            elif path.name in BESIDE_EACH_OTHER:
                assert kinds <= {"published", "simulated", ""}, path
            else:
                assert kinds == {"simulated"}, path
        else:
            # The two contracts have no column for it: their description says it.
            assert path.name == "estimates.csv"
            assert said[path.relative_to(public).as_posix()] is True


def test_figures(public: Path) -> None:
    checked = 0
    for listing in sorted(public.glob("figures/**/figures*.json")):
        for figure in json.loads(listing.read_text("utf-8")):
            if not figure["files"]:
                assert figure["absent"]
                continue
            if figure["id"] in PUBLISHED_FIGURES:
                svg = (listing.parent / f"{figure['id']}.svg").read_text("utf-8")
                assert "Simulated data" not in svg
                continue
            mark = _mark_of_figure(listing.parent / f"{figure['id']}.svg")
            checked += len(figure["files"])
            assert mark.isascii() is (listing.parent.name != "km")
            assert not mark.isascii() or "imulated" in figure["caption"] + figure["alt"]
    assert checked > 100


def _mark_of_figure(path: Path) -> str:
    """Return the watermark drawn in a figure: the comment that names it stands in the file."""
    text = path.read_text("utf-8").replace("\u200b", "")
    comments = re.findall(r"<!-- (.+?) -->", text)
    marks = [text for text in comments if "Simulated data" in text or "ទិន្នន័យសិប្បនិម្មិត" in text]
    assert len(marks) == 1, path
    return marks[0]


@pytest.mark.slow
def test_documents(public: Path) -> None:
    found = list(documents(public))
    # A report and a brief in English for each country, one more in Khmer, a brief in Swahili; the
    # regional report; the brief of the study in six languages.
    assert len(found) == 3 + 4 + 1 + 6
    for source, mark in found:
        page = re.sub(r"<[^>]*>", "", source.with_suffix(".html").read_text("utf-8"))
        assert mark in " ".join(page.split())
        with zipfile.ZipFile(source.with_suffix(".docx")) as package:
            headers = [name for name in package.namelist() if re.match(r"word/header\d+", name)]
            assert headers
            for name in headers:
                assert mark in re.sub(r"<[^>]*>", "", package.read(name).decode())
        pages = paper_pages(source.with_suffix(".pdf"))
        assert len(pages) == 2 if source.name == "brief.qmd" else len(pages) > 5
        assert all(without_spaces(mark) in page for page in pages)


@pytest.mark.slow
def test_data_books(public: Path) -> None:
    """Each page on paper says it, and each sheet of the workbook; what is published does not."""
    found = sorted(public.glob(f"databooks/*/*/{BOOK}"))
    # English for both countries, Khmer for one, and the comparison.
    assert len(found) == 4
    for source in found:
        (mark,) = re.findall(r'^watermark: "(.+)"$', source.read_text("utf-8"), re.MULTILINE)
        pages = paper_pages(source.with_suffix(".pdf"))
        assert pages
        assert all(without_spaces(mark) in page for page in pages)
        book = load_workbook(source.with_suffix(".xlsx"))
        assert book.properties.subject == mark
        # The cover, and two sheets of notes: what to read first, and methods.
        cover, notes, methods, *sheets = book.worksheets
        for page in (cover, notes, methods):
            assert [cell for (cell,) in page.iter_rows(max_col=1, values_only=True) if cell]
        assert any("simulated" in str(cell) for row in cover.values for cell in row) or (
            source.parent.name != "en"
        )
        unmarked = [sheet for sheet in sheets if mark not in sheet["A1"].value]
        # What sources say of the law: points, treaties, plans, services. Of a country there are
        # CyberTip reports, their types, and estimates of other studies, too.
        assert len(unmarked) == (4 if source.parents[1].name == "all" else 7)
        for sheet in unmarked:
            assert len({row[-2] for row in sheet.iter_rows(min_row=3, values_only=True)}) == 1


def test_pages_and_records(public: Path) -> None:
    pages = [*public.glob("*.html"), *public.glob("countries/*.html")]
    assert len(pages) == 5 + len(SMALL)
    for page in pages:
        mark = "Nothing on this page is simulated" if page.name == "law.html" else "Simulated data"
        assert mark in page.read_text("utf-8")
    assert json.loads((public / "manifest.json").read_text())["simulated"] is True
    for code in SMALL:
        quality = json.loads((public / "countries" / code / "quality.json").read_text())
        assert quality["simulated"] is True


def test_every_type_of_file_was_looked_at(public: Path) -> None:
    """A new type of public file must not slip by."""
    kinds = {path.suffix for path in public.rglob("*") if path.is_file() and path.name[0] != "."}
    data = {".csv", ".json", ".html", ".pdf", ".docx", ".xlsx", ".qmd", ".md", ".svg"}
    # Styles, scripts, functions in R, the filter, fonts and their licence hold no numbers.
    assert kinds == data | {".css", ".js", ".typ", ".yml", ".R", ".lua", ".ttf", ".txt"}
    tools = {path for kind in ("lua", "ttf", "txt") for path in public.rglob(f"*.{kind}")}
    assert {path.relative_to(public).parts[0] for path in tools} == {"_shared", "fonts"}


def test_real_data_are_never_called_simulated(nhanes2: Checkout) -> None:
    public = nhanes2.folder / "results" / "nhanes2" / "public"
    for name, text in public_texts(public):
        # JSON says that it is not so; the data package explains the words of a column.
        said = re.sub(r'"simulated": ?(false|"")', "", text)
        said = said.replace("simulated, observed or published", "")
        said = re.sub(r'"simulation": ?null', "", said)
        if Path(name).suffix not in {".css", ".js", ".typ", ".yml"}:
            assert "simulat" not in said.lower(), name
    silent = ("estimates.csv", "headings.csv")
    kinds = [pd.read_csv(path) for path in public.rglob("*.csv") if path.name not in silent]
    assert {kind for table in kinds for kind in table["data_kind"]} == {"observed"}
