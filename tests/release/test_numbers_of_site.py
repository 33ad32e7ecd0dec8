"""Numbers of the site's pages have addresses, and a faulty one stops the run."""

import re
from pathlib import Path

import pytest
from checkout import Checkout
from published_copy import LANGUAGES, faults_of_edited, hidden_cell

from disrupting_harm.__main__ import main
from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.checks.documents import NumberChecks, StudyTexts
from disrupting_harm.report.checks.run_checks import check_documents
from disrupting_harm.report.checks.site import list_site_pages

# Each edit of a page makes faulty numbers: the page, what is found and put in its place.
FAULTS = {
    "markup escaped twice": (
        "countries/KEN.html",
        r'<span data-n="(KEN/clear_examples/whole_low)">(\d+)</span>',
        r'&lt;span data-n="\1"&gt;\2&lt;/span&gt;',
        'it prints <span data-n="KEN/clear_examples/whole_low">',
    ),
    "typed into a sentence": (
        "index.html",
        r"Numbers of different countries",
        "Numbers of 12 countries",
        "bare number '12'",
    ),
    "a size in a sentence": (
        "index.html",
        r"Numbers of different countries",
        "Numbers of 1.2 MB",
        "bare number '1.2'",
    ),
    "typed for listeners": (
        "countries/KEN.html",
        r'aria-label="Pages"',
        'aria-label="5 pages"',
        "bare number '5'",
    ),
    "without its address": (
        "countries/KEN.html",
        r'<span data-n="KEN/clear_examples/whole_low">(\d+)</span>',
        r"\1",
        "bare number '",
    ),
    "stale on a card": (
        "index.html",
        r'<span class="big">\d+%',
        '<span class="big">99%',
        "'99' at compare/prevalence/clear_examples/",
    ),
    "stale in a sentence": (
        "km/countries/KEN.html",
        r'(<span data-n="KEN/clear_examples/whole_high">)\d+',
        r"\g<1>98",
        "'98' at KEN/clear_examples/whole_high",
    ),
    "of another row": (
        "comparison.html",
        r"data-n=KEN>",
        "data-n=KHM>",
        "at compare/prevalence/clear_examples/KHM/n",
    ),
    "of another column": (
        "comparison.html",
        r"(uses_daily/\*/)ci_low",
        r"\1ci_high",
        "at compare/prevalence/uses_daily/KHM/ci_high",
    ),
    "one too many in a cell": (
        "data.html",
        r'(<span data-n="KEN/quality/interviewed">)',
        r"\g<1>7 ",
        "at KEN/quality/interviewed",
    ),
    "one too many on a card": (
        "index.html",
        r'(<span class="big">\d+%</span>)',
        r"\1 5",
        "4 numbers, and 3 addresses",
    ),
    "with the other sign": (
        "comparison.html",
        r'(<tr data-pair="KHM KEN"[^\n]*?<td[^>]*>)−',
        r"\1+",
        "' at opposite(compare/pairwise/",
    ),
    "hidden": (
        "countries/KEN.html",
        r'data-n="KEN/clear_examples/whole_low"',
        'data-n="{hidden}"',
        "hidden, or no number",
    ),
    "nowhere": (
        "methods.html",
        r"KEN/quality/psus",
        "KEN/quality/pusus",
        "Did you mean",
    ),
    "as another language writes it": (
        "pt/comparison.html",
        r"<td>(\d+),(\d)<td>",
        r"<td>\1.\2<td>",
        "at compare/prevalence/clear_examples/",
    ),
    "a bar that is too long": (
        "index.html",
        r'(<rect class="interval" [^>]* width=")[\d.]+',
        r"\g<1>60",
        "a bar's interval ends at ",
    ),
    "a bar of a tile that is too long": (
        "countries/KEN.html",
        r'(<rect class="interval" [^>]* width=")[\d.]+',
        r"\g<1>60",
        "a bar's interval ends at ",
    ),
    "a tile of another number than its bar": (
        "km/countries/KEN.html",
        r'(<rect class="estimate" data-n="KEN/)\w+',
        r"\g<1>clear_examples",
        "a card's text or its bar alone is of ",
    ),
    "an estimate elsewhere on its bar": (
        "km/index.html",
        r'(<rect class="estimate" [^>]* x=")[\d.]+',
        r"\g<1>70",
        "a bar's estimate ends at ",
    ),
    "another scale": (
        "index.html",
        r'data-scale="\d+"',
        'data-scale="100"',
        "a bar's interval ends at ",
    ),
    "a bar of another country": (
        "index.html",
        r'(<rect class="estimate" data-n="compare/prevalence/clear_examples/)\w+',
        r"\g<1>UGA",
        "a card's text or its bar alone is of ",
    ),
    "a bar without an address": (
        "index.html",
        r'(<rect class="interval") data-n="[^"]*"',
        r"\1",
        "a bar's interval has 0 addresses",
    ),
    "a row of dots too many": (
        "countries/KEN.html",
        r'(<path fill="url\(#dots-sure\)" .*H0Z)M0 0H100V(\d+)',
        r"\1M0 0H100V9\2",
        "its dots 0 to ",
    ),
    "dots of another number": (
        "km/countries/KEN.html",
        r'(<path fill="url\(#dots-\w+\)" data-n="KEN/clear_examples/)whole_low',
        r"\1whole_high",
        " that nothing published counts",
    ),
    "of an alternative text": (
        "countries/KEN.html",
        r'(<img src="[^"]*" alt="[^"]*?)\d+%',
        r"\g<1>99%",
        "alternative text of '",
    ),
    "of a caption": (
        "countries/KEN.html",
        r"(<dd data-copy>[^<]*?)\d+%",
        r"\g<1>99%",
        "bare number '99'",
    ),
}


def test_every_number_of_the_site_has_an_address(copy: Path, checks: NumberChecks) -> None:
    pages = list_site_pages(copy, LANGUAGES)
    assert len(pages) == 6 * len([*copy.glob("*.html"), *copy.glob("countries/*.html")]) > 30
    assert {page: faults for page in pages if (faults := checks.find_faults(page))} == {}
    # Each language prints as many, but for the pairs of countries, which are in English.
    home = {page: checks.count_addressed(page) for page in pages if page.name == "index.html"}
    assert len(set(home.values())) == 1
    assert min(map(checks.count_addressed, pages)) > 0


@pytest.mark.parametrize("name", FAULTS)
def test_a_faulty_number_of_a_page_is_named(name: str, copy: Path, checks: NumberChecks) -> None:
    page, pattern, faulty, said = FAULTS[name]
    path = copy / page
    before = path.read_text(encoding="utf-8")
    edited, edits = re.subn(pattern, faulty.replace("{hidden}", hidden_cell(copy)), before, count=1)
    assert edits == 1
    found = faults_of_edited(path, edited, checks)
    assert all(fault.startswith("line ") for fault in found)
    assert any(said in fault for fault in found), found


def test_a_faulty_number_of_a_page_stops_the_run(
    copy: Path, texts: StudyTexts, tmp_path: Path
) -> None:
    note = tmp_path / "checked.json"
    right = check_documents(texts, copy, note, "code")
    assert right["site_pages"] == len(list_site_pages(copy, LANGUAGES))
    assert check_documents(texts, copy, note, "code") == right
    path = copy / "km" / "methods.html"
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace("</h1>", " 17</h1>"), encoding="utf-8")
    try:
        with pytest.raises(StudyError) as raised:
            check_documents(texts, copy, note, "code")
    finally:
        path.write_text(before, encoding="utf-8")
    assert raised.value.where == str(path)
    assert "1 faulty numbers, first: line " in raised.value.found


def test_the_command_reads_pages_of_the_site(
    small: Checkout, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(small.folder)
    assert main(["lint-numbers", "results/public/index.html"]) == 0
    assert capsys.readouterr().out == "1 document, 0 faulty numbers\n"
