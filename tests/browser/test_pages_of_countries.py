"""A country's page opens with its finding; comparison and explorer fit a telephone, too."""

import csv
from pathlib import Path

import pytest
from checkout import Checkout
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

WIDE, HIGH = 390, 844
SCREENS = 6
BAR = 3.0  # pixels that an interval is high
LETTER = 12.0  # pixels of the letters of drawings
PAGES = (
    *("countries/KEN.html", "countries/KHM.html", "km/countries/KHM.html"),
    *("id/countries/KHM.html", "pt/countries/KEN.html"),
)
# Heights of bars, sizes of letters and edges of what a page draws itself.
DRAWN = """
const box = (each) => each.getBoundingClientRect();
const seen = [...document.querySelectorAll('svg')].filter(each => box(each).width);
return {
  wide: document.documentElement.scrollWidth,
  high: document.documentElement.scrollHeight,
  right: Math.max(...seen.map(each => box(each).right)),
  bars: seen.flatMap(each => [...each.querySelectorAll('.interval')]).map(each => box(each).height),
  lines: seen.flatMap(each => [...each.querySelectorAll('line.firm, line.unsure')])
    .map(each => parseFloat(getComputedStyle(each).strokeWidth)),
  letters: seen.flatMap(each => [...each.querySelectorAll('text')])
    .filter(each => box(each).width).map(each => parseFloat(getComputedStyle(each).fontSize)),
};
"""
PRINTED = """
const tables = [...document.querySelectorAll('.topic.printed .compared')];
return tables.map(each => each.checkVisibility());
"""
TILE = "return document.querySelector('.tiles li').getBoundingClientRect().top + scrollY;"
ORDER = """
const name = each => each.className || each.id || each.tagName;
const parts = 'h1, .tiles, #documents, #actions, #standing, #findings, .topic, #sure';
return [...document.querySelectorAll(parts)].map(name);
"""
# Cells of the explorer's rows: names and numbers above, the picture below, nothing beyond the edge.
ROWS = """
return [...document.querySelectorAll('.rows tbody tr')].filter(row => row.querySelector('.chart'))
  .map(row => {
    const [name, chart, number] = ['th', '.chart', '.number, .reason']
      .map(each => row.querySelector(each).getBoundingClientRect());
    return {below: chart.top >= name.bottom - 1, right: Math.max(chart.right, number.right),
            wide: chart.width};
  });
"""


@pytest.mark.parametrize("page", PAGES)
def test_a_country_takes_six_screens_and_shows_a_number_on_the_first(
    phone: webdriver.Chrome, public: Path, page: str
) -> None:
    phone.get((public / page).as_uri())
    drawn = phone.execute_script(DRAWN)
    assert drawn["wide"] <= WIDE
    assert drawn["right"] <= WIDE
    assert drawn["high"] <= SCREENS * HIGH
    assert drawn["bars"]
    assert min(drawn["bars"]) >= BAR
    assert phone.execute_script(TILE) < HIGH
    order = phone.execute_script(ORDER)
    assert [name for name in order if name != "topic"] == [
        "H1", "tiles", "tiles", "findings", "standing", "actions", "documents", "sure",
    ]  # fmt: skip
    # What else there is is folded.
    assert phone.execute_script("return document.querySelectorAll('details[open]').length") == 0


def test_the_first_lines_have_the_range_of_chance_and_of_silence(
    phone: webdriver.Chrome, public: Path
) -> None:
    """Who reads one range alone takes it for all that is open: the other stands beside it."""
    phone.get((public / "countries/KEN.html").as_uri())
    lead, beside = (part.text for part in phone.find_elements(By.CSS_SELECTOR, ".opening .lead"))
    main = {"country": "KEN", "indicator": "clear_examples"}
    chance = read_row(public / "countries/KEN/estimates.csv", main | {"domain": "total"})
    silence = read_row(public / "comparison/bounds.csv", main)
    lower, upper = (round(100 * float(silence[name])) for name in ("ci_low", "ci_high"))
    assert f"between {chance['whole_low']} and {chance['whole_high']}." in lead
    assert f"{lower}% to {upper}%" in beside
    assert f"{upper}%" not in phone.find_element(By.CSS_SELECTOR, "p.sure").text


def read_row(path: Path, wanted: dict[str, str]) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as file:
        (found,) = (row for row in csv.DictReader(file) if wanted.items() <= row.items())
    return found


def test_the_finding_is_the_title_of_the_page(phone: webdriver.Chrome, public: Path) -> None:
    phone.get((public / "countries/KEN.html").as_uri())
    title = phone.execute_script("return document.querySelector('h1').textContent")
    assert "in Kenya" in title
    assert "1 in " in title or " in 100" in title
    foot = phone.execute_script("return document.querySelector('footer').textContent")
    assert "Licence: named at release. Contact: named at release." in foot


@pytest.mark.parametrize("page", ["comparison.html", "km/comparison.html"])
def test_the_comparison_opens_with_the_main_finding_and_folds_other_indicators(
    phone: webdriver.Chrome, public: Path, page: str
) -> None:
    phone.get((public / page).as_uri())
    assert phone.execute_script("return document.documentElement.scrollHeight") <= SCREENS * HIGH
    first = "return document.querySelector('main section h2').id"
    assert phone.execute_script(first) == "clear_examples"
    # A link to another indicator opens its fold; whatever is folded can be printed.
    folded = phone.find_elements(By.CSS_SELECTOR, ".topic.printed > section")
    assert len(folded) >= 6
    for name in [section.get_attribute("id") for section in folded]:
        assert not phone.find_element(By.ID, name).is_displayed()
        phone.execute_script("location.hash = arguments[0]", name)
        WebDriverWait(phone, 10).until(
            lambda page, name=name: page.find_element(By.ID, name).is_displayed()
        )
    phone.get((public / page).as_uri())
    phone.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    printed = phone.execute_script(PRINTED)
    phone.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert printed == [True] * len(folded)


def test_intervals_of_the_explorer_stand_below_the_names(
    phone: webdriver.Chrome, public: Path
) -> None:
    phone.get((public / "explorer/en.html").as_uri())
    phone.execute_async_script(
        "const done = arguments[0]; const look = () => document.querySelector('.rows tbody tr')"
        " ? done() : setTimeout(look, 50); look();"
    )
    drawn = phone.execute_script(DRAWN)
    assert drawn["wide"] <= WIDE
    assert min(drawn["lines"]) >= BAR
    assert min(drawn["letters"]) >= LETTER
    rows = phone.execute_script(ROWS)
    assert rows
    assert all(row["below"] and row["right"] <= WIDE and row["wide"] > 300 for row in rows)
    chosen = "return document.querySelector('select').value"
    assert phone.execute_script(chosen) == "clear_examples"


def test_what_may_be_too_short_is_marked_without_a_script(public: Path, small: Checkout) -> None:
    marked = [
        line
        for line in (small.folder / "results/public/estimates.csv").read_text("utf-8").splitlines()
        if ",total,all," in line and "may_be_short" in line
    ]
    page = (public / "explorer/en.html").read_text(encoding="utf-8")
    assert marked
    assert page.count("\u00a0§") == len(marked)
    assert "§: The interval may be too short" in page
