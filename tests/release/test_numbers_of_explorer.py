"""What the explorer holds and prints is what is published, and a wrong value stops the run."""

import json
import re
from base64 import b64encode
from collections.abc import Callable
from gzip import compress
from pathlib import Path

import pytest
from checkout import Checkout
from packed_tables import Tables, tables_of
from published_copy import LANGUAGES, faults_of_edited

from disrupting_harm.__main__ import main
from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.checks.documents import NumberChecks, StudyTexts
from disrupting_harm.report.checks.explorer import list_explorers
from disrupting_harm.report.checks.run_checks import check_documents

Edit = Callable[[str], str]
KENYA = {"country": "KEN", "indicator": "clear_examples", "domain": "total", "level": "all"}


def replaced(pattern: str, by: str) -> Edit:
    """Return an edit of the page's text."""

    def edit(page: str) -> str:
        edited, edits = re.subn(pattern, by, page, count=1)
        assert edits == 1
        return edited

    return edit


def repacked(change: Callable[[Tables], None]) -> Edit:
    """Return an edit of the data that are packed in the page."""

    def edit(page: str) -> str:
        tables = tables_of(page)
        change(tables)
        columns = {
            name: {column: "\n".join(cells) for column, cells in table.items() if cells}
            for name, table in tables.items()
        }
        packed = b64encode(compress(json.dumps(columns).encode())).decode()
        return re.sub(r"(base64,)[A-Za-z0-9+/=]+", rf"\g<1>{packed}", page)

    return edit


def cell(column: str, value: str, table: str = "estimates", **of: str) -> Edit:
    """Return an edit of one cell of the data."""

    def change(tables: Tables) -> None:
        own, wanted = tables[table], of or KENYA
        rows = range(len(own[column]))
        (at,) = [at for at in rows if all(own[key][at] == each for key, each in wanted.items())]
        assert own[column][at] != value
        own[column][at] = value

    return repacked(change)


def first(status: str, column: str, value: str) -> Edit:
    """Return an edit of the first row of the data with a status."""

    def change(tables: Tables) -> None:
        own = tables["estimates"]
        own[column][own["status"].index(status)] = value

    return repacked(change)


def without_a_row(tables: Tables) -> None:
    for cells in tables["estimates"].values():
        del cells[-1]


def two_rows_changed_places(tables: Tables) -> None:
    for cells in tables["estimates"].values():
        cells[0], cells[1] = cells[1], cells[0]


LINE = r"(data-n=\*/clear_examples>(?s:.*?)<tr data-n=KEN><th scope=row>[^<]*<td>"
HIDDEN = r"(<td colspan=2>)[^<\n]*"
# Each edit makes a wrong value: the language of the page, what is edited, and what is said.
FAULTS = {
    "an estimate": ("en", cell("estimate", "0.999"), "KEN/clear_examples/estimate: the page has"),
    "its printed form": ("km", cell("shown", "99"), "KEN/clear_examples/shown: the page has '99'"),
    "a limit": ("vi", cell("ci_low", "0.001"), "KEN/clear_examples/ci_low: the page has '0.001'"),
    "a base": ("th", cell("n", "9"), "KEN/clear_examples/n: the page has '9', published is '"),
    "a status": ("id", cell("status", "caution"), "KEN/clear_examples/status: the page has"),
    "a hidden number": (
        "pt",
        first("suppress_disclosure", "estimate", "0.01"),
        "/estimate: the page has '0.01', published is ''",
    ),
    "a bound": ("en", first("suppress_reliability", "bound_high", "0.1"), "/bound_high: the page"),
    "ranks": (
        "en",
        cell("rank_high", "9", "rank_sets", indicator="clear_examples", country="KEN"),
        "compare/rank_sets/clear_examples/KEN/",
    ),
    "all children": (
        "en",
        cell(
            "children", "12",
            "denominators", indicator="clear_examples", country="KEN", denominator="all_children",
        ),
        "compare/denominators/clear_examples/KEN/all_children/children: the page has '12'",
    ),
    "a missing row": ("en", repacked(without_a_row), "estimates: the page has"),
    "the order of rows": ("en", repacked(two_rows_changed_places), "the page has"),
    "another table": ("en", repacked(lambda tables: tables.pop("bounds")), "its data are of "),
    "a number in a table": (
        "en", replaced(rf"{LINE})[\d.]+", r"\g<1>99"), "KEN/clear_examples: a table has '99 (",
    ),
    "a limit in a table": (
        "km", replaced(rf"{LINE}[\d.]+ \()[\d.]+", r"\g<1>1"), "KEN/clear_examples: a table has '",
    ),
    "a base in a table": (
        "en", replaced(rf"{LINE}[^<]*<td>)", r"\g<1>1"), "KEN/clear_examples: a table has '1",
    ),
    "as another language writes it": (
        "pt", replaced(rf"{LINE}\d+),", r"\1."), "KEN/clear_examples: a table has '",
    ),
    "a reason in a table": (
        "th", replaced(HIDDEN, r"\1x"), ": a table has 'x', published is '",
    ),
    "a number in place of a reason": (
        "en", replaced(HIDDEN, "<td>12 (10–14)<td>90"), ": a table has '12 (10–",
    ),
    "a row of another country": (
        "en", replaced(r"<tr data-n=KEN>", "<tr data-n=KHM>"), "or it stands there twice",
    ),
    "no row in a table": (
        "en", replaced(rf'{LINE})[^<]*<td>[^\n]*', r"\1"), "KEN/clear_examples: a table has ''",
    ),
    "a row without its key": ("en", replaced(r"<tr data-n=KEN>", "<tr>"), ": no table has it"),
    "how many there are": ("vi", replaced(r'(<span data-n="count[^>]*>)', r"\g<1>9"), "at count("),
    "the level of intervals": (
        "en", replaced(r'("mean":"Mean \()95', r"\g<1>90"), "fact 'words' is not",
    ),
    "the decimal sign": ("pt", replaced(r'"decimal":","', '"decimal":"."'), "fact 'signs' is not"),
    "a limit in a reason": (
        "en", replaced(r'("reasons":\{[^}]*limit: )30', r"\g<1>40"), "fact 'reasons' is not",
    ),
    "a share as a mean": (
        "en", replaced(r'"statistic":"proportion"', '"statistic":"mean"'), "fact 'modules' is not",
    ),
    "a number in the methods": (
        "km", replaced(r'("methods":\[\[[^]]*?)2\.0', r"\g<1>3.0"), "fact '/methods/0/1', ",
    ),
    "a typed number": (
        "en",
        replaced(r'("bases":\[[^]]*?"label":")', r"\g<1>12 "),
        "fact '/bases/0/label', column 1: bare",
    ),
    "a typed number in a text": (
        "en", replaced(r'(<p class="lead">)', r"\g<1>17 "), "bare number '17'",
    ),
    "the file": ("en", replaced(r"(SHA-256 )\w{8}", r"\g<1>00000000"), "bare number '"),
    "a simulated study as an observed one": (
        "en", replaced('"kind":"simulated"', '"kind":"observed"'), "fact 'kind' is not",
    ),
    "no mark of simulated data": (
        "km", replaced('"mark":"[^"]+"', '"mark":""'), "fact 'mark' is not",
    ),
    "another base": (
        "vi", replaced(r'("id":"uses_daily","base":)0', r"\g<1>1"), "fact 'modules' is not",
    ),
    "another method of intervals": (
        "pt", replaced(r'("intervals":\{"korn_graubard":")[^"]+', r"\1Wald"), "fact 'intervals' is",
    ),
    "another question": (
        "id", replaced(r'("base":0,"question":")[^"]+', r"\1?"), "fact 'modules' is not",
    ),
    "a fact more": ("en", replaced('("kind":)', r'"type":"x",\1'), "fact 'type' is not"),
    "two captions that changed places": (
        "en", replaced(
            r"<caption>([^<]*)<((?s:.*?))<caption>([^<]*)<", r"<caption>\3<\2<caption>\1<"
        ),
        "above a table stands 'Mean hours online on a normal",
    ),
    "two themes that changed places": (
        "th", replaced(r"<h2>([^<]*)</h2>((?s:.*?))<h2>([^<]*)<", r"<h2>\3</h2>\2<h2>\1<"),
        "above a table stands '",
    ),
    "a caption more": (
        "km", replaced("<table>", "<table><caption>x</caption>"), "above a table stands 'x'",
    ),
    "the script": ("en", replaced(r"100 \* Number", "10 * Number"), "its script is another"),
}  # fmt: skip


def test_all_pages_hold_what_is_published(copy: Path, checks: NumberChecks) -> None:
    pages = list_explorers(copy)
    assert [page.stem for page in pages] == sorted(("en", *LANGUAGES))
    assert {page: faults for page in pages if (faults := checks.find_faults(page))} == {}
    (numbers,) = {checks.count_addressed(page) for page in pages}
    assert numbers > 1000


@pytest.mark.parametrize("name", FAULTS)
def test_a_wrong_value_is_named(name: str, copy: Path, checks: NumberChecks) -> None:
    language, edit, said = FAULTS[name]
    path = copy / "explorer" / f"{language}.html"
    found = faults_of_edited(path, edit(path.read_text(encoding="utf-8")), checks)
    assert any(said in fault for fault in found), found


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (replaced(r"(base64,)....", r"\1"), "its data cannot be unpacked"),
        (replaced(r'(id="facts">)\{', r"\1"), "its facts cannot be read"),
    ],
    ids=["data", "facts"],
)
def test_a_page_that_cannot_be_read_is_refused(
    edit: Edit, said: str, copy: Path, checks: NumberChecks
) -> None:
    path = copy / "explorer" / "en.html"
    before = path.read_text(encoding="utf-8")
    path.write_text(edit(before), encoding="utf-8")
    try:
        with pytest.raises(StudyError, match=said):
            checks.find_faults(path)
    finally:
        path.write_text(before, encoding="utf-8")


def test_a_wrong_value_stops_the_run(copy: Path, texts: StudyTexts, tmp_path: Path) -> None:
    note = tmp_path / "checked.json"
    right = check_documents(texts, copy, note, "code")
    assert right["explorers"] == 6
    path = copy / "explorer" / "km.html"
    before = path.read_text(encoding="utf-8")
    path.write_text(cell("estimate", "0.999")(before), encoding="utf-8")
    try:
        with pytest.raises(StudyError) as raised:
            check_documents(texts, copy, note, "code")
    finally:
        path.write_text(before, encoding="utf-8")
    assert raised.value.where == str(path)
    assert "first: KEN/clear_examples/estimate: the page has '0.999'" in raised.value.found


def test_the_command_reads_pages_of_the_explorer(
    small: Checkout, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(small.folder)
    assert main(["lint-numbers", "results/public/explorer/km.html"]) == 0
    assert capsys.readouterr().out == "1 document, 0 faulty numbers\n"
