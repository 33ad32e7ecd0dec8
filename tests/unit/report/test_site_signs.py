"""A number of the site has the sign of what is published, and a cell without one hides nothing."""

from pathlib import Path

import pytest

from disrupting_harm.core.files import write_json, write_text
from disrupting_harm.provenance.explain.lookup import PublishedFiles
from disrupting_harm.report.checks.figure_numbers import TEXTS, DrawnTexts
from disrupting_harm.report.checks.numbers import NumberFault
from disrupting_harm.report.checks.site import (
    FindBareNumbers,
    PageReader,
    find_faults_of_site_page,
)
from disrupting_harm.report.language.translator import build_english

ESTIMATES = """\
country,indicator,domain,level,n,estimate,shown,bound_low,bound_high,status
KEN,any,total,all,1054,-0.05,-5,,,present
KEN,any,sex,girl,500,0.05,5,,,present
KEN,any,sex,boy,,,> 95,0.95,1,suppress_disclosure
KEN,any,age,12,,,< 10,0,0.1,suppress_disclosure
KEN,any,age,13,,,,,,suppress_disclosure
"""
FALL, RISE, BOUND = "KEN/any/estimate", "KEN/any/sex:girl/estimate", "KEN/any/sex:boy"


@pytest.fixture
def published(tmp_path: Path) -> PublishedFiles:
    write_text(tmp_path / "countries/KEN/estimates.csv", ESTIMATES)
    return PublishedFiles(tmp_path)


def faults(
    published: PublishedFiles,
    body: str,
    find_bare_numbers: FindBareNumbers = lambda _: [],
) -> list[str]:
    page = published.public / "page.html"
    write_text(page, f'<html lang="en"><body>{body}</body></html>')
    translator = build_english()
    return [
        *find_faults_of_site_page(
            page,
            PageReader(page.read_text("utf-8")),
            translator,
            published,
            DrawnTexts(),
            find_bare_numbers,
        )
    ]


@pytest.mark.parametrize(
    ("printed", "address"),
    [
        ("−5", FALL),
        ("−5", "KEN/any/shown"),
        # "5 points fewer" says itself which is smaller.
        ("5", f"size({FALL})"),
        ("5", RISE),
        ("+5", RISE),
        ("< 10", "KEN/any/age:12/shown"),
        ("> 95", f"{BOUND}/shown"),
        ("> 95", f"{BOUND}/bound_low"),
    ],
)
def test_a_number_with_the_sign_of_its_cell_is_right(
    printed: str, address: str, published: PublishedFiles
) -> None:
    for element in ("span", "p"):
        assert faults(published, f'<{element} data-n="{address}">{printed}</{element}>') == []


@pytest.mark.parametrize(
    ("printed", "address"),
    [
        *((printed, FALL) for printed in ("5", "+5", "-5", "> 5")),
        *((printed, "KEN/any/shown") for printed in ("5", "-5", "> 5")),
        *((printed, f"size({FALL})") for printed in ("−5", "-5", "> 5")),
        *((printed, RISE) for printed in ("−5", "-5", "> 5")),
        *((printed, "KEN/any/sex:girl/shown") for printed in ("−5", "> 5", "< 5")),
        *((printed, f"{BOUND}/shown") for printed in ("95", "< 95", "−95")),
    ],
)
def test_a_number_with_another_sign_is_named(
    printed: str, address: str, published: PublishedFiles
) -> None:
    for element in ("span", "p"):
        (fault,) = faults(published, f'<{element} data-n="{address}">{printed}</{element}>')
        assert f"'{printed}' at {address}; the cell has another sign" in fault


def test_a_hyphen_between_numbers_is_no_sign(published: PublishedFiles) -> None:
    assert faults(published, f'<p data-n="{RISE} {RISE}">5-5</p>') == []


def table(key: str, cell: str, column: str = "estimate") -> str:
    head = f'<tr><th>Group<th data-n="KEN/any/*/{column}">Share</tr>'
    return f'<table>{head}<tr data-n="{key}"><td>Girls<td>{cell}</tr></table>'


def test_a_cell_without_a_number_is_named_where_one_is_published(published: PublishedFiles) -> None:
    for cell in ("", "–", "not asked"):
        (fault,) = faults(published, table("sex:girl", cell))
        assert f"'{cell}' at {RISE}; the cell says 0.05: write the site again" in fault
    assert faults(published, table("sex:girl", "5")) == []


def test_a_cell_is_empty_where_nothing_is_published(published: PublishedFiles) -> None:
    assert faults(published, table("age:13", "–")) == []
    assert faults(published, table("age:19", "–")) == []
    (fault,) = faults(published, table("age:13", "–", "estimates"))
    assert "nothing published stands there" in fault


def test_code_is_no_prose() -> None:
    """The identity of a release may begin with digits, and is no number."""
    page = '<html lang="en"><p>Release <code>2026-1@10a20e19</code> has 12 tables.</p></html>'
    assert [piece.text for piece in PageReader(page).texts] == ["Release ", " has 12 tables."]


def test_markup_that_a_page_prints_is_found(published: PublishedFiles) -> None:
    assert faults(published, '<p>higher <span class="verdict"></span>, a &lt; b') == []
    (fault,) = faults(published, '<p>higher &lt;span class="verdict"&gt;&lt;/span&gt;')
    assert fault == 'line 1, it prints <span class="verdict">: its template escapes it twice'


@pytest.mark.parametrize("shown", ["2 of 9 told", "2 of 8 told"])
def test_the_title_of_a_linked_drawing_is_that_of_its_list(
    published: PublishedFiles, shown: str
) -> None:
    listed = dict.fromkeys(TEXTS, "") | {"id": "told", "title": "2 of 9 told"}
    write_json(published.public / "figures/figures.json", [listed])
    body = f'<p><span>{shown}</span>: <a href="figures/told.svg">SVG</a></p>'
    bare = [NumberFault(1, 1, "bare number", "give it an address")]
    found = faults(published, body, lambda text: bare if "told" in text else [])
    assert bool(found) == (shown != listed["title"])
