"""The explorer in a browser, opened from the disk: tables, keyboard, addresses, downloads."""

import csv
import io
import json
import re
import shutil
from collections.abc import Callable, Iterator
from itertools import groupby, product
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from browsing import requests
from checkout import Checkout
from packed_tables import rows_of, tables_of
from repository import PROJECT
from selenium import webdriver
from selenium.webdriver.common.keys import Keys
from test_axe import AXE, SCHEMES, WIDTHS, seen, violations

from disrupting_harm.core.job_records import sha256
from disrupting_harm.provenance.row_addresses import address_of_row
from disrupting_harm.report.language.translator import load_translator
from disrupting_harm.report.web.explorer import write_explorer
from disrupting_harm.study.study import load_study

LANGUAGES = ("en", "id", "km", "pt", "th", "vi")
# Pages differ in their words alone.
QUICK = ("en",)
FEW = 5
FEWER = [language if language in QUICK else pytest.param(language, marks=pytest.mark.slow)
         for language in LANGUAGES]  # fmt: skip
READY = "return !document.getElementById('explorer').hidden"
TEXT = "return document.querySelector(arguments[0])?.textContent ?? ''"
ROWS = "return [...document.querySelectorAll('.rows tbody th')].map(th => th.textContent)"
LAST_CELLS = """return [...document.querySelectorAll('.rows tbody tr')]
  .map(row => row.querySelector('td:last-child')?.textContent).filter(Boolean)"""
# What is told of each of some rows when it is chosen: the panel, its name, its picture without the
# scale, its cells.
TOLD = """
return arguments[0].map(address => {
  const button = document.querySelector(`button[data-row="${address}"]`);
  button.click();
  const row = button.closest('tr');
  return [
    document.querySelector('.panel').textContent,
    document.querySelector('.panel h3').textContent,
    ...[...row.querySelectorAll('.mark > :not(.tick)')].map(mark => mark.outerHTML),
    ...[...row.querySelectorAll('td:not(.chart)')].map(cell => cell.outerHTML),
  ];
});
"""
FIELDS = """
const [indicator, domain] = document.querySelectorAll('.main-choices select');
const choose = (field, value) => { field.value = value; field.dispatchEvent(new Event('change')); };
choose(indicator, arguments[0]);
"""
CHOOSE = f"{FIELDS} choose(domain, arguments[1]);"
# What is printed of an indicator by all groups: the address of each row, and its cells.
PRINTED = (
    FIELDS
    + """
return arguments[1].flatMap(group => {
  choose(domain, group);
  return [...document.querySelectorAll('button[data-row]')].map(button => [
    button.dataset.row,
    ...[...button.closest('tr').querySelectorAll('td:not(.chart)')].map(
      cell => cell.firstChild.textContent)]);
});
"""
)
# What is told of a row of an indicator by a group, in sentences.
SAID = (
    CHOOSE
    + """
document.querySelector(`button[data-row="${arguments[2]}"]`).click();
return [...document.querySelectorAll('.panel > p')].map(each => each.textContent);
"""
)
OPEN = "document.querySelectorAll('details').forEach(details => { details.open = true; })"
SIGNS = [
    ("en", ".", ","), ("id", ",", "."), ("km", ".", ","),
    ("pt", ",", "\u00a0"), ("th", ".", ","), ("vi", ",", "."),
]  # fmt: skip
KEY = ["country", "indicator", "domain", "level"]
PAST_YEAR = "Period: in the past year."
EVERYONE = "Base: all children of that age, online or not."
OFFLINE = "Children who do not use the internet were not asked; here they count as a no."
DOWNLOAD = """
const done = arguments[arguments.length - 1];
let name = '';
HTMLAnchorElement.prototype.click = function () { name = this.download; };
URL.createObjectURL = blob => { blob.arrayBuffer().then(
  bytes => done([name, new TextDecoder('utf-8', {ignoreBOM: true}).decode(bytes)])); return '#'; };
document.querySelectorAll('.action').forEach(button => {
  if (button.textContent.includes('CSV')) button.click();
});
"""
GROUPS = "#i=told_nobody&d=sex_age"


@pytest.fixture
def opened(browser: webdriver.Chrome, public: Path) -> Iterator[Any]:
    """Open a page of the explorer with a hash; the page is ready when it returns."""

    def show(hash_: str = "", language: str = "en") -> webdriver.Chrome:
        browser.get("about:blank")
        browser.get_log("browser")
        browser.get_log("performance")
        browser.get((public / "explorer" / f"{language}.html").as_uri() + hash_)
        assert browser.execute_script(READY)
        return browser

    yield show
    browser.get("about:blank")


def state(browser: webdriver.Chrome) -> dict[str, Any]:
    """Return what the page shows: its title, rows, status and hash."""
    return browser.execute_script("""return {
      title: document.querySelector('.result h2').textContent,
      rows: [...document.querySelectorAll('button[data-row]')].map(b => b.dataset.row),
      status: document.querySelector('[role=status]').textContent,
      hash: location.hash,
      panel: document.querySelector('.panel').textContent,
    }""")


def test_a_page_for_each_language_of_the_study(public: Path) -> None:
    pages = sorted((public / "explorer").iterdir())
    assert [page.name for page in pages] == [f"{language}.html" for language in LANGUAGES]


def test_nothing_is_asked_for_from_elsewhere_and_nothing_fails(opened, public: Path) -> None:
    for language in LANGUAGES:
        browser = opened(language=language)
        assert [e for e in browser.get_log("browser") if e["level"] != "INFO"] == []
        assert {url.partition(":")[0] for url in requests(browser)} <= {"file", "about", "data"}


def test_the_policy_lets_no_other_script_run(opened) -> None:
    browser = opened()
    browser.execute_script("""
      const added = document.createElement('script');
      added.textContent = 'window.added = true';
      document.body.append(added);
    """)
    assert browser.execute_script("return window.added === undefined")
    assert any("Content Security Policy" in e["message"] for e in browser.get_log("browser"))


@pytest.mark.parametrize(
    "few", [True, pytest.param(False, marks=pytest.mark.slow)], ids=["one of five", "the others"]
)
def test_every_printed_row_is_a_row_of_the_public_table(opened, public: Path, few: bool) -> None:
    """Of indicators by all groups what is printed equals what the CSV says: no difference."""
    browser = opened()
    facts = json.loads(browser.execute_script(TEXT, "#facts"))
    listed = [entry["id"] for module in facts["modules"] for entry in module["indicators"]]
    indicators = [name for at, name in enumerate(listed) if (at % FEW == 0) is few]
    # A row of an indicator that is not listed is one that nobody can choose.
    others = {*listed} - {*indicators}
    with (public / "estimates.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["indicator"] not in others]
    table = {address_of_row("estimates", row): row for row in rows}
    domains = ["total", *(domain["id"] for domain in facts["domains"])]
    seen, differences = set(), []
    for indicator in indicators:
        for address, *cells in browser.execute_script(PRINTED, indicator, domains):
            seen.add(address)
            if printed(table[address]) != cells:
                differences.append((address, printed(table[address]), cells))
    assert differences == []
    assert seen == set(table)


@pytest.mark.parametrize("language", FEWER)
def test_what_is_told_of_a_row_is_what_the_page_holds(opened, public: Path, language: str) -> None:
    """Of a sample of rows each sentence has the numbers of the packed data, in its language."""
    page = (public / "explorer" / f"{language}.html").read_text(encoding="utf-8")
    tables = {name: rows_of(table) for name, table in tables_of(page).items() if table}
    facts = json.loads(re.findall(r'id="facts">(.*?)</script>', page)[0])
    compared = {row["indicator"] for row in tables["rank_sets"]}
    shares = [row for row in tables["estimates"] if row["estimate"] and row["interval"] != "wald_t"]
    headline = [row for row in shares if row["domain"] == "total" and row["indicator"] in compared]
    groups = [row for row in shares if row["domain"] != "total"]
    sample = [*headline[::3], *groups[:: len(groups) // 20]]
    assert len(sample) > 22
    browser, most = opened(language=language), 0
    for row in sample:
        address = address_of_row("estimates", row)
        told = browser.execute_script(SAID, row["indicator"], row["domain"], address)
        name = browser.execute_script(TEXT, ".panel h3")
        first, others = sentences(row, name, tables, facts)
        # Then stands of whom and, of most, when; what is kept in mind of the indicator follows.
        when = facts["words"]["when"].partition("{")[0]
        at = 3 if told[2:] and told[2].startswith(when) else 2
        assert (told[0], told[at : at + len(others)]) == (first, others), address
        most = max(most, len(others))
    # The number of children, the outer range and the possible ranks.
    assert most == 3


def sentences(
    row: dict[str, str], name: str, tables: dict[str, Any], facts: dict[str, Any]
) -> tuple[str, list[str]]:
    """Return what the page should tell of a share: its sentence, and those of other tables."""
    words, signs = facts["words"], facts["signs"]

    def number(text: str) -> str:
        whole, _, part = text.partition(".")
        return f"{int(whole):,}".replace(",", signs["group"]) + (part and signs["decimal"] + part)

    def per_cent(text: str, digits: int = 0) -> str:
        return number(f"{100 * float(text):.{digits}f}")

    def ranks(of: dict[str, str]) -> str:
        low, high = of["rank_low"], of["rank_high"]
        return low if low == high else f"{low}–\u2060{high}"

    def own(table: str, **wanted: str) -> list[dict[str, str]]:
        if row["domain"] != "total":
            return []
        wanted |= {key: row[key] for key in ("indicator", "country")}
        return [each for each in tables[table] if wanted.items() <= each.items()]

    digits = len(row["shown"].partition(".")[2])
    low, high = (per_cent(row[end], digits) for end in ("ci_low", "ci_high"))
    told = words["told_share"].format(name=name, estimate=number(row["shown"]), low=low, high=high)
    said = [told, words["answers"].format(n=number(row["n"]))]
    if row["status"] != "present":
        said.append(words["caution_because"].format(reason=facts["reasons"][row["reason"]]))
    if row["interval_note"]:
        said.append(words["may_be_short"])
    others = [
        words["scaled"].format(
            number=number(each["children"]),
            low=number(each["children_low"]),
            high=number(each["children_high"]),
        )
        for each in own("denominators", denominator="internet_using_children")
        if each["children"]
    ]
    others += [
        words["bounds"].format(low=per_cent(each["ci_low"]), high=per_cent(each["ci_high"]))
        for each in own("bounds")
        if each["ci_low"] and each["ci_high"]
    ]
    others += [
        words["possible_ranks"].format(ranks=ranks(each), count=each["countries"])
        for each in own("rank_sets")
    ]
    return " ".join(said), others


def printed(row: dict[str, str]) -> list[str]:
    """Return the cells of a row as the page should print them in English."""
    if row["estimate"]:
        factor = 1 if row["interval"] == "wald_t" else 100
        digits = len(row["shown"].partition(".")[2])
        low, high = (f"{factor * float(row[end]):.{digits}f}" for end in ("ci_low", "ci_high"))
        sign = "\u00a0§" if row["interval_note"] else ""
        return [f"{row['shown']} ({low}–\u2060{high}){sign}", f"{int(row['n']):,}"]
    if row["bound_high"]:
        low, high = (round(100 * float(row[end])) for end in ("bound_low", "bound_high"))
        return [f"fewer than {high} per cent" if high < 100 else f"more than {low} per cent"]
    protected = row["status"] == "suppress_disclosure"
    return ["not shown, " + ("to protect respondents" if protected else "not reliable enough")]


def test_what_hid_a_number_is_told_nowhere(opened, small: Checkout, public: Path) -> None:
    """Few said yes, or it would give another number away: what is told of both is the same."""
    rows = rows_of(tables_of((public / "explorer/en.html").read_text("utf-8"))["estimates"])
    first = {(*row[KEY], row["few"]) for _, row in hidden_cells(small).iterrows()}
    both = {name for _, name, *_, few in first if not few}
    chosen = [
        (at, row, (*(row[key] for key in KEY), True) in first)
        for at, row in enumerate(rows)
        if row["indicator"] in both
        and row["status"] == "suppress_disclosure"
        and not row["bound_high"]
    ]
    assert {few for *_, few in chosen} == {True, False}
    blank = [{k: v for k, v in row.items() if k not in KEY} for _, row, _ in chosen]
    assert all(row == blank[0] for row in blank)
    told: dict[str, set[str]] = {}
    browser = opened()
    for (indicator, domain), own in groupby(sorted(chosen, key=table_of), key=table_of):
        rows_told = {
            address_of_row("estimates", row): f"estimates.csv, line {at + 2}" for at, row, _ in own
        }
        browser.execute_script(CHOOSE, indicator, domain)
        found = browser.execute_script(TOLD, list(rows_told))
        for (address, place), (panel, name, *line) in zip(rows_told.items(), found, strict=True):
            assert address in panel
            assert place in panel
            for own_text, stand_in in ((address, "A"), (name, "N"), (place, "P")):
                panel = panel.replace(own_text, stand_in)
            told.setdefault(indicator, set()).add(" | ".join((panel, *line)))
    assert told
    assert {name: len(texts) for name, texts in told.items()} == dict.fromkeys(told, 1)


def table_of(chosen: tuple[int, dict[str, str], bool]) -> tuple[str, str]:
    """Return the table that shows a row: that of its indicator and kind of group."""
    return chosen[1]["indicator"], chosen[1]["domain"]


def hidden_cells(small: Checkout) -> pd.DataFrame:
    """Return what is hidden to protect respondents, and whether few gave one of the answers."""
    folder = small.folder / "results" / "restricted" / "release"
    cells = pd.concat([pd.read_parquet(path) for path in sorted(folder.glob("*.parquet"))])
    cells = cells[(cells["status"] == "suppress_disclosure") & cells["bound_high"].isna()]
    fewest = cells[["n_yes"]].assign(no=cells["n"] - cells["n_yes"]).min(axis=1)
    return cells.assign(few=fewest < 10)


def test_the_keyboard_goes_from_row_to_row_and_each_is_spoken(opened) -> None:
    browser = opened("#i=told_nobody&d=sex")
    rows = state(browser)["rows"]
    assert len(rows) == 4
    first = browser.find_element("css selector", "button[data-row][tabindex='0']")
    first.send_keys(Keys.ARROW_DOWN)
    shown = state(browser)
    assert browser.execute_script("return document.activeElement.dataset.row") == rows[1]
    assert re.match(
        r"Cambodia, Girls: (\d+ per cent, 95 per cent interval|not shown)", shown["status"]
    )
    assert rows[1] in shown["hash"]
    browser.switch_to.active_element.send_keys(Keys.END)
    assert browser.execute_script("return document.activeElement.dataset.row") == rows[-1]
    assert state(browser)["status"].startswith("Kenya, Girls: ")
    browser.switch_to.active_element.send_keys(Keys.ARROW_DOWN)
    assert browser.execute_script("return document.activeElement.dataset.row") == rows[-1]
    browser.switch_to.active_element.send_keys(Keys.HOME)
    assert browser.execute_script("return document.activeElement.dataset.row") == rows[0]


def test_what_is_less_precise_says_so_beside_its_number(opened, public: Path) -> None:
    """The picture is open, the cell has the words, and the sentence the reason."""
    with (public / "estimates.csv").open(encoding="utf-8", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["status"] == "caution")
    browser = opened(f"#a={address_of_row('estimates', row)}")
    assert "Use with caution: too wide an interval" in state(browser)["panel"]
    pictures = "return document.querySelectorAll('.mark circle.unsure').length"
    assert browser.execute_script(pictures) >= 1
    words = "return [...document.querySelectorAll('td .small')].map(span => span.textContent)"
    assert "use with caution" in browser.execute_script(words)


def test_an_address_of_the_page_brings_back_what_was_chosen(opened) -> None:
    hash_ = "#i=clear_examples&c=KEN&b=all&o=estimate&r=1&a=KEN/clear_examples"
    browser = opened(hash_)
    assert state(browser)["hash"] == hash_
    assert state(browser)["rows"] == ["KEN/clear_examples"]
    everyone = "compare/denominators/clear_examples/KEN/all_children/estimate"
    assert everyone in state(browser)["panel"]
    browser = opened("#a=KEN/told_nobody/sex:girl/estimate")
    shown = state(browser)
    assert shown["title"] == "Told nobody – Sex"
    assert "KEN/told_nobody/sex:girl/estimate" in shown["panel"]
    assert browser.execute_script(TEXT, ".panel h3") == "Kenya, Girls"


def test_a_choice_of_no_country_is_kept_and_says_so(opened) -> None:
    browser = opened("#i=clear_examples&c=")
    shown = state(browser)
    assert (shown["rows"], shown["hash"]) == ([], "#i=clear_examples&c=")
    assert browser.execute_script(TEXT, ".result p") == "No country is chosen."
    assert browser.execute_script(TEXT, ".panel") == ""
    # There is nothing to save.
    disabled = "return [...document.querySelectorAll('button:disabled')].map(b => b.textContent)"
    assert browser.execute_script(disabled) == ["Download what is shown (CSV)"]


@pytest.mark.parametrize(
    ("hash_", "caption"),
    [
        ("#i=clear_examples", ["Base: internet-using children aged 12-17.", PAST_YEAR]),
        ("#i=uses_daily", ["Base: internet-using children aged 12-17."]),
        ("#i=clear_examples&b=all", [EVERYONE, OFFLINE, PAST_YEAR]),
    ],
)
def test_caption_and_panel_say_of_whom_and_when(opened, hash_: str, caption: list[str]) -> None:
    browser = opened(hash_)
    assert browser.execute_script(TEXT, ".rows caption").strip() == " ".join(caption)
    told = browser.execute_script(TEXT, ".panel")
    assert all(sentence in told for sentence in caption)
    if EVERYONE in caption:
        assert "internet-using" not in told


def test_what_fits_with_missing_answers_holds_chance_as_in_the_reports(
    opened, public: Path
) -> None:
    with (public / "comparison" / "bounds.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["country"]: row for row in csv.DictReader(file)
                if row["indicator"] == "clear_examples"}  # fmt: skip
    browser = opened("#a=KEN/clear_examples")
    low, high = (round(100 * float(rows["KEN"][name])) for name in ("ci_low", "ci_high"))
    said = f"would have said, the range is no wider than {low} to {high} per cent."
    assert said in state(browser)["panel"]


def test_ranks_say_of_how_many(opened) -> None:
    browser = opened("#i=clear_examples&r=1")
    assert re.search(
        r"Possible ranks: [12](–\u20602)? of 2 \(1 is the largest\)", state(browser)["panel"]
    )
    heads = "return [...document.querySelectorAll('.rows thead th')].map(th => th.textContent)"
    assert browser.execute_script(heads)[-1] == "Possible ranks, 1 to 2"


def test_who_comes_by_the_keyboard_is_told_of_the_arrow_keys(opened) -> None:
    browser = opened("#i=clear_examples")
    described = "button[data-row][tabindex='0'][aria-describedby='keys']"
    first = browser.find_element("css selector", described)
    assert "arrow keys" in browser.execute_script(TEXT, "#keys")
    first.send_keys(Keys.ARROW_DOWN)
    assert browser.find_elements("css selector", "[aria-describedby='keys']") == []


def test_nothing_is_ordered_by_estimates_that_have_no_ranks(opened) -> None:
    by_name = state(opened("#i=watches_videos"))["rows"]
    browser = opened("#i=watches_videos&o=estimate&r=1")
    assert state(browser)["rows"] == by_name
    disabled = "return [...document.querySelectorAll('details select')].map(s => s.disabled)"
    # Neither the share of everyone of that age nor an order.
    assert browser.execute_script(disabled) == [True, True]
    assert "Ordered by the estimate" not in browser.execute_script(TEXT, ".notes")
    browser = opened("#i=uses_daily&o=estimate")
    assert "Ordered by the estimate" in browser.execute_script(TEXT, ".notes")
    # No order of estimates without the ranks that they may have.
    heads = "return [...document.querySelectorAll('.rows thead th')].map(th => th.textContent)"
    assert browser.execute_script(heads)[-1] == "Possible ranks, 1 to 2"


@pytest.mark.parametrize(("width", "high"), [(390, 844), (1366, 768)])
@pytest.mark.parametrize("language", FEWER)
def test_choices_leave_the_first_screen_to_numbers(
    opened, language: str, width: int, high: int
) -> None:
    browser = opened(language=language)
    places = """return ['.choices', '.rows tbody tr'].map(each => {
      const box = document.querySelector(each).getBoundingClientRect();
      return [box.height, box.bottom];
    })"""
    with seen(browser, width):
        browser.refresh()
        (choices, _), (_, first_row) = browser.execute_script(places)
    assert choices < high / 5
    assert first_row < high


@pytest.mark.parametrize(
    "hash_",
    [
        "#i=<img src=x onerror=alert(1)>&d=__proto__&c=..%2F.KEN'&a=javascript:alert(1)",
        "#i=constructor&d=toString&b=<b>&o=1&r=<script>&a=KEN/constructor/<img src=x>",
        "#%E0%A4%A",
    ],
)
def test_a_hostile_address_changes_nothing(opened, hash_: str) -> None:
    expected = state(opened())
    browser = opened(hash_)
    shown = state(browser)
    for unknown in ("img", "script", "onerror", "proto", "constructor"):
        assert unknown not in shown["hash"]
    assert shown | {"hash": ""} == expected | {"hash": ""}
    assert browser.execute_script("return document.querySelectorAll('img').length") == 0


def test_the_download_holds_the_rows_with_addresses_and_release(opened, public: Path) -> None:
    browser = opened("#i=told_nobody&d=sex")
    name, rows = downloaded(browser)
    assert name.startswith("told_nobody-sex-children_")
    with (public / "estimates.csv").open(encoding="utf-8", newline="") as file:
        table = [r for r in csv.DictReader(file)
                 if (r["indicator"], r["domain"]) == ("told_nobody", "sex")]  # fmt: skip
    assert len(rows) == len(table) == 4
    assert {row["data_kind"] for row in rows} == {"simulated"}
    assert all("Simulated data: not for citation" in row["release"] for row in rows)
    for row in rows:
        (public_row,) = [
            each
            for each in table
            if address_of_row("estimates", each) + "/estimate" == row["address"]
        ]
        # The page prints tenths, and has no whole per cents.
        own = {name: cell for name, cell in public_row.items() if not name.startswith("whole")}
        assert {name: row[name] for name in own} == own


def test_downloads_of_two_bases_are_told_apart(opened, public: Path) -> None:
    """By the file's name, and by each row: of whom, when, what is assumed, from which table."""
    own_name, own = downloaded(opened("#i=clear_examples"))
    name, everyones = downloaded(opened("#i=clear_examples&b=all"))
    assert own_name == "clear_examples-total-internet-using_children_aged_12-17.csv"
    assert name == "clear_examples-total-all_children.csv"
    denominators = public / "comparison" / "denominators.csv"
    with denominators.open(encoding="utf-8", newline="") as file:
        table = {(*(r[k] for k in ("indicator", "denominator", "country")),): r
                 for r in csv.DictReader(file)}  # fmt: skip
    for row in own:
        assert (row["base"], row["note"]) == ("internet-using children aged 12-17", "")
        assert row["source"] == "estimates.csv"
        assert row["source_sha256"] == sha256(public / "estimates.csv")
    for row in everyones:
        assert row["base"] == "all children of that age, online or not"
        assert row["note"].startswith(OFFLINE)
        assert row["source"] == "comparison/denominators.csv"
        assert row["source_sha256"] == sha256(denominators)
        for column in ("estimate", "ci_low", "ci_high", "population"):
            assert row[column] == table["clear_examples", "all_children", row["country"]][column]
    for row in (*own, *everyones):
        assert row["period"] == "in the past year"
        assert row["question"].startswith("at least one of: ")
        assert "SHA-256" not in row["release"]


def downloaded(browser: webdriver.Chrome) -> tuple[str, list[dict[str, str]]]:
    """Return the name and the rows of the file that a page gives."""
    name, text = browser.execute_async_script(DOWNLOAD)
    assert text[0] == "\ufeff"
    return name, list(csv.DictReader(io.StringIO(text[1:])))


@pytest.mark.parametrize(("language", "decimal", "group"), SIGNS)
def test_numbers_are_written_as_the_language_does(
    opened, public: Path, language: str, decimal: str, group: str
) -> None:
    with (public / "estimates.csv").open(encoding="utf-8", newline="") as file:
        (row,) = [
            row
            for row in csv.DictReader(file)
            if [row[key] for key in KEY] == ["KEN", "uses_daily", "total", "all"]
        ]
    share, n = printed(row)
    browser = opened("#i=uses_daily&c=KEN", language)
    cells = browser.execute_script(
        "return [...document.querySelectorAll('.rows tbody td.number')].map(td => td.textContent)"
    )
    assert cells == [share.replace(".", decimal), n.replace(",", group)]
    translator = load_translator(language, PROJECT / "workflow" / "templates" / "locale")
    assert translator.number(1234.5, 1) == f"1{group}234{decimal}5"


@pytest.mark.parametrize("chosen", [True, False])
def test_paper_has_the_table_and_not_the_form(opened, chosen: bool) -> None:
    """And what is told of a row where one was chosen."""
    browser = opened("#i=clear_examples&r=1" + ("&a=KHM/clear_examples" if chosen else ""))
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    visible = """return ['.choices', '.rows', '.watermark', 'footer', '.panel'].map(
      name => document.querySelector(name).getClientRects().length > 0)"""
    try:
        assert browser.execute_script(visible) == [False, True, True, True, chosen]
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


@pytest.mark.parametrize("language", FEWER)
def test_axe_finds_nothing(browser: webdriver.Chrome, opened, language: str) -> None:
    """A page that is opened wide is another than one that is opened narrow; colours are not."""
    browser.set_script_timeout(120)
    found = {}
    for width, hash_ in product(WIDTHS, ("#i=clear_examples&r=1&o=estimate", GROUPS)):
        with seen(browser, width):
            opened(hash_, language)
            browser.execute_script(OPEN)
            browser.execute_script(AXE)
            for scheme in SCHEMES:
                faults, _ = violations(browser, scheme)
                if faults:
                    found[width, scheme, hash_] = faults
    assert found == {}


def test_axe_finds_nothing_without_a_script(browser: webdriver.Chrome, public: Path) -> None:
    browser.set_script_timeout(120)
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get((public / "explorer" / "en.html").as_uri())
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    assert browser.execute_script("return document.getElementById('explorer').hidden")
    browser.execute_script(AXE)
    assert violations(browser, "light")[0] == []


@pytest.mark.parametrize("width", [pytest.param(WIDTHS[0], marks=pytest.mark.slow), WIDTHS[1]])
def test_no_choice_makes_the_page_wider_than_the_window(
    browser: webdriver.Chrome, opened, width: int
) -> None:
    for language, hash_ in product(LANGUAGES, ("#i=clear_examples&r=1", GROUPS)):
        with seen(browser, width):
            opened(hash_, language)
            page = "document.documentElement"
            over = browser.execute_script(f"return {page}.scrollWidth - {page}.clientWidth")
        assert over == 0, (language, hash_)


def test_a_browser_that_cannot_unpack_keeps_the_tables(
    browser: webdriver.Chrome, public: Path
) -> None:
    added = browser.execute_cdp_cmd(
        "Page.addScriptToEvaluateOnNewDocument", {"source": "delete self.DecompressionStream;"}
    )
    try:
        browser.get((public / "explorer" / "en.html").as_uri())
        hidden = "return ['explorer', 'still'].map(id => document.getElementById(id).hidden)"
        assert browser.execute_script(hidden) == [True, False]
    finally:
        browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)


def test_a_country_of_another_kind_is_set_apart(
    browser: webdriver.Chrome, public: Path, tmp_path: Path
) -> None:
    """Below the others, without a rank, and with no share of all children that nobody published."""
    write_apart(public, tmp_path, "KEN")
    browser.get((tmp_path / "explorer" / "en.html").as_uri() + "#i=clear_examples&r=1&o=estimate")
    assert browser.execute_script(ROWS) == [
        "Cambodia", "Not compared with the others", "Kenya",
    ]  # fmt: skip
    square = "return document.querySelectorAll('.mark rect.apart').length"
    assert browser.execute_script(square) == 1
    notes = browser.execute_script(TEXT, ".notes")
    assert "Kenya is not compared with the others: another kind of survey." in notes
    ranks = browser.execute_script(LAST_CELLS)
    assert ranks[-1] == "–"
    browser.get("about:blank")
    browser.get((tmp_path / "explorer" / "en.html").as_uri() + "#i=clear_examples&b=all")
    assert browser.execute_script(LAST_CELLS)[-1] == "not published for all children"


def test_a_country_without_an_estimate_has_no_place_in_their_order(
    browser: webdriver.Chrome, public: Path, tmp_path: Path
) -> None:
    """Last in the order it would look like the lowest, which nobody knows."""
    copy = tmp_path / "public"
    shutil.copytree(public / "comparison", copy / "comparison")
    table = pd.read_csv(public / "estimates.csv", dtype=str, keep_default_na=False)
    hidden = table["indicator"].eq("clear_examples") & table["domain"].eq("total")
    hidden &= table["country"].eq("KHM")
    assert hidden.sum() == 1
    table.loc[hidden, ["estimate", "ci_low", "ci_high", "shown", "interval"]] = ""
    table.loc[hidden, ["status", "bound_low", "bound_high"]] = ["suppress_disclosure", "0", "0.05"]
    table.to_csv(copy / "estimates.csv", index=False)
    write_changed(copy, tmp_path, lambda _, same: same)
    page = (tmp_path / "explorer" / "en.html").as_uri()
    browser.get(page + "#i=clear_examples&o=estimate")
    heading = "Without an estimate: no place in this order"
    assert browser.execute_script(ROWS) == ["Kenya", heading, "Cambodia"]
    browser.get("about:blank")
    browser.get(page + "#i=clear_examples")
    assert browser.execute_script(ROWS) == ["Cambodia", "Kenya"]


def test_an_invented_share_of_children_online_is_marked(
    browser: webdriver.Chrome, public: Path, tmp_path: Path
) -> None:
    """Beside its number, below the table, in the panel of either base, and in the download."""

    def invented(name: str, table: pd.DataFrame) -> pd.DataFrame:
        if name == "denominators":
            own = table["country"] == "KEN"
            table.loc[own, "internet_use_source"] = "invented for the simulation"
        return table

    write_changed(public, tmp_path, invented)
    page = (tmp_path / "explorer" / "en.html").as_uri()
    browser.get(page + "#i=clear_examples&b=all&a=KEN/clear_examples")
    marks = """return [...document.querySelectorAll('td .small')]
      .map(mark => [mark.closest('tr').querySelector('th').textContent, mark.textContent])"""
    assert browser.execute_script(marks) == [["Kenya", "internet use: invented"]]
    rests = "How many use the internet is invented for this simulation."
    assert rests in browser.execute_script(TEXT, ".panel")
    listed = "How many use the internet is invented for this simulation: "
    notes = browser.execute_script(TEXT, ".notes")
    assert f"{listed}Kenya." in notes
    assert "this error is invented" in notes
    table = tmp_path / "comparison" / "denominators.csv"
    assert notes.endswith(f"comparison/denominators.csv, SHA-256 {sha256(table)}")
    told = {row["country"]: row["note"] for row in downloaded(browser)[1]}
    assert {country: listed in note for country, note in told.items()} == {
        "KEN": True, "KHM": False,
    }  # fmt: skip
    browser.get("about:blank")
    browser.get(page + "#a=KEN/clear_examples")
    assert browser.execute_script(marks) == []
    assert rests in browser.execute_script(TEXT, ".panel")


def write_apart(public: Path, folder: Path, country: str) -> None:
    """Write the explorer of tables in which a country is compared with no other."""

    def apart(name: str, table: pd.DataFrame) -> pd.DataFrame:
        if name == "comparability":
            table.loc[table["country"] == country, ["comparable", "reason"]] = [
                "no", "another kind of survey",
            ]  # fmt: skip
            return table
        return table[table["country"] != country] if "country" in table else table

    write_changed(public, folder, apart)


def write_changed(
    public: Path, folder: Path, changed: Callable[[str, pd.DataFrame], pd.DataFrame]
) -> None:
    """Write the explorer of a comparison that differs: ``changed`` gets each table by its name."""
    (folder / "comparison").mkdir()
    shutil.copy(public / "estimates.csv", folder)
    for path in (public / "comparison").glob("*.csv"):
        table = changed(path.stem, pd.read_csv(path, dtype=str, keep_default_na=False))
        table.to_csv(folder / "comparison" / path.name, index=False)
    study = load_study(PROJECT / "config" / "config.yaml", {"only": ["KEN", "KHM"]})
    write_explorer(
        [study.countries[code] for code in study.codes],
        study.config,
        study.codebook,
        public=folder,
        templates=PROJECT / "workflow" / "templates",
        earlier={},
    )
