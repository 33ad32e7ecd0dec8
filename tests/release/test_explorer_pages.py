"""The files of the explorer as texts: what they hold, and what a reader without a script sees."""

import csv
import html
import json
import re
from pathlib import Path

import pytest
from checkout import Checkout
from packed_tables import rows_of, tables_of

LARGEST, LARGEST_SCRIPT = 500_000, 40_000
# The page prints tenths where they are published, and never these.
WHOLE_PER_CENTS = ("whole", "whole_low", "whole_high")
SCRIPT = re.compile(r'<script type="module">(.*?)</script>', re.DOTALL)


@pytest.fixture(scope="module")
def pages(public: Path) -> dict[str, str]:
    return {path.stem: path.read_text("utf-8") for path in (public / "explorer").glob("*.html")}


def estimates(public: Path) -> list[dict[str, str]]:
    with (public / "estimates.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_each_page_holds_the_public_table_cell_by_cell(public: Path, pages) -> None:
    published = estimates(public)
    for row in published:
        for column in WHOLE_PER_CENTS:
            del row[column]
    assert len(pages) == 6
    for page in pages.values():
        assert rows_of(tables_of(page)["estimates"]) == published


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
            own = r"#\w+|\w\w\.html|\.\./(?:\w\w/)?\w+\.html|\.\./fonts/\w+\.ttf"
            assert re.fullmatch(own, link), link


def test_pages_lead_where_the_other_pages_of_their_language_lead(public: Path, pages) -> None:
    for language, page in pages.items():
        header = page[page.index("<header>") : page.index("</header>")]
        home = "../" if language == "en" else f"../{language}/"
        links = re.findall(r'href="([^"]*)"', header[header.index("<nav") :])[:6]
        assert links == [
            f"{home}index.html", f"{home}comparison.html", f"{language}.html",
            f"{home}law.html", f"{home}data.html", f"{home}methods.html",
        ]  # fmt: skip
        assert all((public / "explorer" / link).is_file() for link in links)


def test_a_country_leads_to_its_main_finding_there(public: Path) -> None:
    for page, code in (("countries/KEN.html", "KEN"), ("km/countries/KHM.html", "KHM")):
        text = (public / page).read_text("utf-8")
        links = re.findall(r'explorer/\w\w\.html#([^"]*)', text)
        assert links == [f"i=clear_examples&amp;c={code}"]


def test_published_estimates_are_counted(public: Path, pages) -> None:
    shown = sum(bool(row["estimate"]) for row in estimates(public))
    lead = f"{shown:,} estimates with their intervals. Where a number is hidden,"
    (said,) = re.findall(r'<p class="lead">(.*?)</p>', pages["en"])
    assert re.sub("<[^>]*>", "", said).startswith(lead)


def test_without_a_script_each_table_says_of_whom_and_when(pages) -> None:
    for page in pages.values():
        facts = json.loads(re.findall(r'id="facts">(.*?)</script>', page)[0])
        captions = re.findall(r"<caption>(.*?) <small>(.*?)</small></caption>", page)
        entries = [entry for module in facts["modules"] for entry in module["indicators"]]
        assert len(captions) == len(entries)
        for (label, said), entry in zip(captions, entries, strict=True):
            assert label
            assert facts["bases"][entry["base"]]["label"] in html.unescape(said)
            assert facts["words"][f"recall_{entry['recall']}"] in html.unescape(said)


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
