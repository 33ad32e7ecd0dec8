"""The pages of how numbers were made of a finished study."""

import csv
import html
import re

import pytest
from checkout import Checkout

from disrupting_harm.package import templates_folder
from disrupting_harm.provenance.anchors import where_explained
from disrupting_harm.study.study import load_study

LARGEST = 200_000


@pytest.fixture(scope="module")
def pages(small: Checkout) -> dict[str, str]:
    folder = small.folder / "results" / "public" / "explained"
    return {page.stem: page.read_text(encoding="utf-8") for page in folder.glob("*.html")}


def test_each_country_has_a_small_page_that_needs_nothing_else(pages: dict[str, str]) -> None:
    assert sorted(pages) == ["KEN", "KHM"]
    style = (templates_folder() / "explained" / "explained.css").read_text(encoding="utf-8")
    for page in pages.values():
        assert len(page.encode()) <= LARGEST
        assert "<script" not in page
        assert style in page
        assert "default-src 'none'" in page


def test_every_number_of_a_report_leads_to_an_anchor(small: Checkout, pages) -> None:
    report = small.folder / "results" / "public" / "reports" / "KEN" / "en" / "report.qmd"
    cited = set(re.findall(r'\{n="([^"]+)"\}', report.read_text(encoding="utf-8")))
    anchors = set(re.findall(r'id="?([^">\s]+)"?[ >]', pages["KEN"]))
    led = {where_explained(address) for address in cited} - {""}
    assert len(led) >= 40
    assert {where.partition("#")[2] for where in led} <= anchors


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
        hidden = re.findall(r"<td>(protected.*)\n", page)
        assert len(hidden) > 100
        assert {re.sub(r": [<>] \d+$", "", html.unescape(one)) for one in hidden} == {"protected"}


def test_pages_name_nothing_restricted(small: Checkout, pages: dict[str, str]) -> None:
    """A page says names of data, not their hashes, and no folder of this machine."""
    study = load_study(small.folder / "config" / "config.yaml")
    for country, page in pages.items():
        assert f"results/restricted/simulated/{country}/sample.csv" in page
        assert str(small.folder) not in page
        assert not {other for other in study.codes if other != country} & set(
            re.findall(r"simulated/(\w{3})/", page)
        )
