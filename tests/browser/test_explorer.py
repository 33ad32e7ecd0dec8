"""The explorer in a browser, opened from the disk: tables, keyboard, addresses, downloads."""

import csv
import io
import json
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from browsing import requests
from checkout import Checkout
from packed_tables import rows_of, tables_of
from selenium import webdriver
from selenium.webdriver.common.keys import Keys
from test_axe import SCHEMES, WIDTHS, violations

from disrupting_harm.provenance.rows import prefix

LANGUAGES = ("en", "id", "km", "pt", "th", "vi")
READY = "return !document.getElementById('explorer').hidden"
TEXT = "return document.querySelector(arguments[0])?.textContent ?? ''"
BUTTONS = "return [...document.querySelectorAll('button[data-row]')].map(b => b.dataset.row)"


@pytest.fixture(scope="module")
def public(small: Checkout) -> Path:
    return small.folder / "results" / "public"


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


def test_every_printed_row_is_a_row_of_the_public_table(opened, public: Path) -> None:
    """Of all indicators by all groups what is printed equals what the CSV says: no difference."""
    with (public / "estimates.csv").open(encoding="utf-8", newline="") as file:
        table = {prefix("estimates", row): row for row in csv.DictReader(file)}
    browser = opened()
    facts = json.loads(browser.execute_script(TEXT, "#facts"))
    indicators = [entry["id"] for module in facts["modules"] for entry in module["indicators"]]
    domains = ["total", *(domain["id"] for domain in facts["domains"])]
    seen, differences = set(), []
    for indicator, domain in product(indicators, domains):
        rows = browser.execute_script(
            """
          document.querySelectorAll('.main-choices select').forEach((select, at) => {
            if (at < 2) {
              select.value = arguments[at];
              select.dispatchEvent(new Event('change'));
            }
          });
          return [...document.querySelectorAll('button[data-row]')].map(button => [
            button.dataset.row,
            ...[...button.closest('tr').querySelectorAll('td:not(.chart)')].map(
              cell => cell.firstChild.textContent)]);
            """,
            indicator,
            domain,
        )
        for address, *cells in rows:
            seen.add(address)
            if printed(table[address]) != cells:
                differences.append((address, printed(table[address]), cells))
    assert differences == []
    assert seen == set(table)


def printed(row: dict[str, str]) -> list[str]:
    """Return the cells of a row as the page should print them in English."""
    if row["estimate"]:
        factor = 1 if row["interval"] == "wald_t" else 100
        digits = len(row["shown"].partition(".")[2])
        low, high = (f"{factor * float(row[end]):.{digits}f}" for end in ("ci_low", "ci_high"))
        return [f"{row['shown']} ({low}–\u2060{high})", f"{int(row['n']):,}"]
    if row["bound_high"]:
        low, high = (round(100 * float(row[end])) for end in ("bound_low", "bound_high"))
        return [f"fewer than {high} per cent" if high < 100 else f"more than {low} per cent"]
    protected = row["status"] == "suppress_disclosure"
    return ["not shown, " + ("to protect respondents" if protected else "not reliable enough")]


def test_what_is_told_of_hidden_numbers_differs_in_their_names_alone(opened, public: Path) -> None:
    """Whether a number was hidden first or to protect another one is told nowhere."""
    rows = rows_of(tables_of((public / "explorer/en.html").read_text("utf-8"))["estimates"])
    hidden = [
        (at, row)
        for at, row in enumerate(rows)
        if row["status"] == "suppress_disclosure" and not row["bound_high"]
        and row["indicator"] == "told_nobody"
    ]  # fmt: skip
    assert len(hidden) > 10
    keys = ("country", "indicator", "domain", "level")
    blank = [{k: v for k, v in row.items() if k not in keys} for _, row in hidden]
    assert all(row == blank[0] for row in blank)
    told = set()
    for at, row in hidden:
        address = prefix("estimates", row)
        browser = opened(f"#a={address}")
        panel = state(browser)["panel"]
        name = browser.execute_script(TEXT, ".panel h3")
        place = f"estimates.csv, line {at + 2}"
        assert place in panel
        assert address in panel
        told.add(panel.replace(address, "A").replace(name, "N").replace(place, "P"))
    assert len(told) == 1


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
    text = browser.execute_async_script("""
      const done = arguments[arguments.length - 1];
      URL.createObjectURL = blob => { blob.arrayBuffer().then(
        bytes => done(new TextDecoder('utf-8', {ignoreBOM: true}).decode(bytes))); return '#'; };
      document.querySelectorAll('.action').forEach(button => {
        if (button.textContent.includes('CSV')) button.click();
      });
    """)
    assert text[0] == "\ufeff"
    rows = list(csv.DictReader(io.StringIO(text[1:])))
    with (public / "estimates.csv").open(encoding="utf-8", newline="") as file:
        table = [r for r in csv.DictReader(file)
                 if (r["indicator"], r["domain"]) == ("told_nobody", "sex")]  # fmt: skip
    assert len(rows) == len(table) == 4
    assert {row["data_kind"] for row in rows} == {"simulated"}
    assert all("Simulated data: not for citation" in row["release"] for row in rows)
    for row in rows:
        (public_row,) = [
            each for each in table if prefix("estimates", each) + "/estimate" == row["address"]
        ]
        assert {name: row[name] for name in public_row} == public_row


def test_paper_has_the_table_and_not_the_form(opened) -> None:
    browser = opened("#i=clear_examples&r=1")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    visible = """return ['form', '.rows', '.watermark', 'footer', '.panel'].map(
      name => document.querySelector(name).getClientRects().length > 0)"""
    try:
        assert browser.execute_script(visible) == [False, True, True, True, True]
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_axe_finds_nothing_in_any_language(browser: webdriver.Chrome, public: Path) -> None:
    browser.set_script_timeout(120)
    found = {}
    for language, width, scheme in product(LANGUAGES, WIDTHS, SCHEMES):
        page = public / "explorer" / f"{language}.html"
        faults, _ = violations(browser, page, width, scheme)
        if faults:
            found[language, width, scheme] = faults
    assert found == {}


@pytest.mark.parametrize("width", WIDTHS)
def test_no_choice_makes_the_page_wider_than_the_window(opened, width: int) -> None:
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    for language, hash_ in product(
        LANGUAGES, ("#i=clear_examples&r=1", "#i=told_nobody&d=sex_age")
    ):
        browser = opened(hash_, language)
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        page = "document.documentElement"
        over = browser.execute_script(f"return {page}.scrollWidth - {page}.clientWidth")
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        assert over == 0, (language, hash_)
