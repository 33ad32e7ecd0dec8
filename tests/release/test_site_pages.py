"""The site of a study: whole without scripts, without a dead link, and with nothing empty."""

from pathlib import Path

from checkout import Checkout
from site_pages import faults, pages_of_site

from disrupting_harm.report.results import listed_figures


def test_every_page_is_whole(small: Checkout) -> None:
    public = small.folder / "results" / "public"
    assert faults(public) == []
    pages = {path.name: page for path, page in pages_of_site(public).items()}
    assert set(pages) == {
        *("index.html", "comparison.html", "data.html", "methods.html", "KEN.html", "KHM.html")
    }


def test_a_study_without_evidence_has_a_site_of_its_own(mini: Checkout) -> None:
    public = mini.folder / "results" / "mini" / "public"
    assert faults(public) == []
    for path, page in pages_of_site(public).items():
        for word in ("CyberTip", "Evidence", "evidence/", "nan", "None", "Simulated"):
            assert word not in page.text.replace("Survey evidence", ""), f"{path.name}: {word}"


def test_the_page_of_a_country_leads_to_every_document_and_figure(small: Checkout) -> None:
    public = small.folder / "results" / "public"
    page = pages_of_site(public)[public / "countries" / "KHM.html"]
    linked = {link.removeprefix("../") for link in page.links}
    for folder, name, kinds in (
        ("reports", "report", ("html", "pdf", "docx", "qmd")),
        ("briefs", "brief", ("html", "pdf", "docx", "qmd")),
        ("databooks", "databook", ("xlsx", "pdf")),
    ):
        for language in ("en", "km"):
            there = {f"{folder}/KHM/{language}/{name}.{kind}" for kind in kinds}
            assert there <= linked, there - linked
    shown = 0
    for language in ("en", "km"):
        place = f"figures/KHM/{language}"
        for entry in listed_figures(public / place):
            wanted = {f"{place}/{name}" for name in (*entry["files"], entry["csv"]) if name}
            assert wanted <= linked or not entry["files"], entry["id"]
            if entry["files"] and language == "en":
                shown += 1
                for text in ("caption", "alt_short", "alt", "source"):
                    assert entry[text] in page.text
    assert shown > 10
    assert page.text.count("Not to be cited: the data are simulated.") < shown


def test_faults_of_pages_are_seen(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(
        "<h1>A</h1><p>text</p><h2>Empty</h2><h2 id='b'>B</h2><p onclick='x()'>text</p>"
        "<a href='lost.html'>lost</a><a href='#nowhere'>lost</a><a href='https://example.org'>far</a>"
        "<script>run()</script>",
        encoding="utf-8",
    )
    assert faults(tmp_path) == [
        "index.html: nothing below 'Empty'",
        "index.html: p onclick in the page itself",
        "index.html: a script from within",
        "index.html: no file lost.html",
        "index.html: no place #nowhere",
        "index.html: leads out of the folder to https://example.org",
    ]
