"""The pages of how numbers were made of a finished study."""

import csv
import html
import re

import pytest
from checkout import Checkout

from disrupting_harm.core.paths import templates_folder
from disrupting_harm.provenance.anchors import explanation_link, row_explanation_link
from disrupting_harm.provenance.compared_row_addresses import COMPARISON_KEYS
from disrupting_harm.provenance.explain.lookup import PublishedFiles
from disrupting_harm.study.study import load_study

LARGEST = 200_000


@pytest.fixture(scope="module")
def pages(small: Checkout) -> dict[str, str]:
    folder = small.folder / "results" / "public" / "explained"
    return {page.stem: page.read_text(encoding="utf-8") for page in folder.glob("*.html")}


@pytest.fixture(scope="module")
def others(small: Checkout) -> dict[str, str]:
    """The pages of the comparison and of evidence, by their names below the folder."""
    folder = small.folder / "results" / "public" / "explained"
    return {
        page.relative_to(folder).with_suffix("").as_posix(): page.read_text(encoding="utf-8")
        for page in folder.glob("*/*.html")
    }


def test_each_country_has_a_small_page_that_needs_nothing_else(pages: dict[str, str]) -> None:
    assert sorted(pages) == ["KEN", "KHM"]
    style = (templates_folder() / "explained" / "explained.css").read_text(encoding="utf-8")
    rules = [line.strip() for line in style.splitlines() if not line.startswith("/*")]
    for page in pages.values():
        assert len(page.encode()) <= LARGEST
        assert page.count("<script") == page.count("<script>") == 1
        # All but what the style says to those who edit it, and its indents.
        assert "\n".join(rules) in page
        assert "default-src 'none'" in page


def test_every_number_of_a_report_leads_to_an_anchor(small: Checkout, pages, others) -> None:
    report = small.folder / "results" / "public" / "reports" / "KEN" / "en" / "report.qmd"
    cited = set(re.findall(r'\{n="([^"]+)"\}', report.read_text(encoding="utf-8")))
    led = {explanation_link(address) for address in cited} - {""}
    links = re.findall(r"\]\((?:\.\./)*(explained/[^)]+)\)", report.read_text(encoding="utf-8"))
    assert len(led) >= 40
    kinds = {where.partition("#")[0] for where in links}
    assert {"explained/KEN.html", "explained/evidence/KEN.html"} <= kinds
    anchors = {f"explained/{name}.html": _anchors(page) for name, page in (pages | others).items()}
    for where in {*led, *links}:
        page, _, anchor = where.partition("#")
        assert anchor in anchors[page], where


def test_pages_of_the_comparison_and_of_evidence_are_small_and_have_all_rows(
    small: Checkout, others: dict[str, str]
) -> None:
    public = small.folder / "results" / "public"
    assert {"evidence/KEN", "evidence/all", "compare/told_nobody"} <= {*others}
    assert max(len(page.encode()) for page in others.values()) < 2 * LARGEST
    for name, page in others.items():
        assert page.count("<script") == page.count("<script>") == 1
        anchors = re.findall(r'id="?([^">\s]+)"?[ >]', page)
        assert len(set(anchors)) == len(anchors), name
    published = PublishedFiles(public)
    for table in COMPARISON_KEYS:
        for row in published.addressed_rows("compare", table):
            page, _, anchor = (
                row_explanation_link(row).removeprefix("explained/").partition(".html#")
            )
            assert anchor in _anchors(others[page]), row


def _anchors(page: str) -> set[str]:
    return set(re.findall(r'id="?([^">\s]+)"?[ >]', page))


def test_anchors_are_those_of_all_rows_and_each_stands_once(small: Checkout, pages) -> None:
    for country, page in pages.items():
        table = small.folder / "results" / "public" / "countries" / country / "estimates.csv"
        with table.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        wanted = {
            row["indicator"]
            if row["domain"] == "total"
            else f"{row['indicator']}/{row['domain']}:{row['level'].replace('|', '+')}"
            for row in rows
        }
        anchors = re.findall(r'id="?([^">\s]+)"?[ >]', page)
        assert len(set(anchors)) == len(anchors)
        assert wanted <= set(anchors)
        links = re.findall(r'href="?#([^">\s]+)', page)
        assert set(links) - {"main"} <= set(anchors)


def test_all_that_is_protected_is_told_alike(pages: dict[str, str]) -> None:
    for page in pages.values():
        # A bound in place of the number, and nothing in the column of n.
        hidden = re.findall(r"<td>(hidden[^<\n]*)\s*(</?\w+)", page)
        assert len(hidden) > 100
        reasons = {re.sub(r"(: [<>] \d+%)?$", "", html.unescape(reason)) for reason, _ in hidden}
        assert reasons == {"hidden"}
        assert {following for _, following in hidden} <= {"<tr", "</table"}


def test_pages_name_nothing_restricted(small: Checkout, pages: dict[str, str]) -> None:
    """A page says names of data, not their hashes, and no folder of this machine."""
    study = load_study(small.folder / "config" / "config.yaml")
    for country, page in pages.items():
        assert f"results/restricted/simulated/{country}/sample.csv" in page
        assert str(small.folder) not in page
        assert not {other for other in study.codes if other != country} & set(
            re.findall(r"simulated/(\w{3})/", page)
        )
