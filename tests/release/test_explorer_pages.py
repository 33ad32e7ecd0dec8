"""The files of the explorer as texts: what they hold, and what a reader without a script sees."""

import csv
import html
import re
from pathlib import Path

import pytest
from checkout import Checkout
from packed_tables import rows_of, tables_of

LARGEST, LARGEST_SCRIPT = 500_000, 40_000
SCRIPT = re.compile(r'<script type="module">(.*?)</script>', re.DOTALL)


@pytest.fixture(scope="module")
def public(small: Checkout) -> Path:
    return small.folder / "results" / "public"


@pytest.fixture(scope="module")
def pages(public: Path) -> dict[str, str]:
    return {path.stem: path.read_text("utf-8") for path in (public / "explorer").glob("*.html")}


def estimates(public: Path) -> list[dict[str, str]]:
    with (public / "estimates.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_each_page_holds_the_public_table_cell_by_cell(public: Path, pages) -> None:
    assert len(pages) == 6
    for page in pages.values():
        assert rows_of(tables_of(page)["estimates"]) == estimates(public)


def test_pages_and_their_own_script_stay_small(pages) -> None:
    for page in pages.values():
        (script,) = SCRIPT.findall(page)
        assert len(script.encode()) <= LARGEST_SCRIPT
        # With fourteen countries in place of two, tables and lines are seven times as many.
        (data,) = re.findall(r'id="data">(.*?)</script>', page)
        lines = "".join(re.findall(r"<tr data-n=\w+><th scope=row>.*?\n", page))
        assert len(page.encode()) + 6 * len((data + lines).encode()) <= LARGEST


def test_pages_name_nothing_of_another_place(pages) -> None:
    for page in pages.values():
        links = re.findall(r'(?:href|src)="([^"]*)"|url\(([^)]*)\)', page)
        for link in {"".join(pair) for pair in links}:
            own = r"#\w+|\w\w\.html|\.\./(?:\w\w/)?index\.html|\.\./fonts/\w+\.ttf"
            assert re.fullmatch(own, link), link


def test_without_a_script_every_overall_estimate_is_there(public: Path, pages) -> None:
    for language, page in pages.items():
        still = page[page.index('<div id="still">') :]
        lines = re.findall(r"<tr data-n=\w+><th scope=row>(.*?)\n", still)
        told = [html.unescape(re.sub(r"<t[dh][^>]*>", "|", line)) for line in lines]
        totals = [row for row in estimates(public) if row["domain"] == "total"]
        assert len(told) == len(totals)
        for row in totals:
            comma = language in ("id", "pt", "vi")
            shown = row["shown"].replace(".", ",") if comma else row["shown"]
            if row["estimate"]:
                assert any(f"|{shown} (" in line for line in told), (language, row)
        reasons = [line for line in told if line.count("|") == 1]
        assert len(reasons) == sum(not row["estimate"] for row in totals)


def test_simulated_data_are_said_to_be_on_every_page(pages) -> None:
    assert pages["en"].count("Simulated data: not for citation") >= 3


def test_real_data_have_no_such_mark(nhanes2: Checkout) -> None:
    page = nhanes2.folder / "results" / "nhanes2" / "public" / "explorer" / "en.html"
    assert '<aside class="watermark">' not in page.read_text("utf-8")
