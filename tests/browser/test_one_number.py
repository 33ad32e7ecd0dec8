"""A link to one number shows this number alone, with its steps, on two screens at most."""

import csv
import re
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver

HIGH = 768
WIDE = (1366, 390)
SCREENS = 2
WORDS = 260
# Pages of the three kinds.
PAGES = ("KEN.html", "compare/clear_examples.html", "evidence/KEN.html")
CHILDREN = ("children", "children_low", "children_high")
# Every anchor of a row, and headings of the row below them that has none of its own.
LOOK = """
const done = arguments[arguments.length - 1], looks = [];
const rows = [...document.querySelectorAll('tbody tr')];
for (const row of rows) {
  const section = row.closest('.numbers'), heading = section.querySelector('h2, h3');
  location.hash = row.id || heading.id;
  const seen = rows.filter(each => each.offsetHeight);
  looks.push({
    anchor: row.id || heading.id,
    alone: seen.length === 1 && seen[0] === row && heading.offsetHeight > 0,
    high: document.documentElement.scrollHeight,
    words: document.querySelector('main').innerText.trim().split(/\\s+/).length,
    steps: [...document.querySelectorAll('.step > li')].filter(each => each.offsetHeight).length,
  });
}
location.hash = 'all-numbers';
looks.push({whole: rows.every(each => each.offsetHeight)});
done(looks);
"""


@pytest.mark.parametrize("width", WIDE)
@pytest.mark.parametrize("page", PAGES)
def test_each_number_has_an_explanation_of_its_own(
    browser: webdriver.Chrome, public: Path, page: str, width: int
) -> None:
    size = {"width": width, "height": HIGH, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.set_script_timeout(120)
    browser.get((public / "explained" / page).as_uri())
    looks: list[dict[str, Any]] = browser.execute_async_script(LOOK)
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    # Those who look for none see all of them.
    assert looks.pop() == {"whole": True}
    # Of two countries, a comparison has fewest.
    assert len(looks) > 50
    assert [look["anchor"] for look in looks if not look["alone"]] == []
    if width == max(WIDE):
        assert [look["anchor"] for look in looks if look["high"] > SCREENS * HIGH] == []
    assert [look["anchor"] for look in looks if look["words"] > WORDS] == []
    of_survey = page == "KEN.html"
    steps = {look["steps"] for look in looks}
    # Of everyone one step more says for how many they stand.
    assert steps == {0, 6, 7} if of_survey else steps == {0}


def test_a_number_is_explained_with_its_figures(browser: webdriver.Chrome, public: Path) -> None:
    """Read by Chromium, worked out from the public tables."""
    address, size = "clear_examples", {"width": 390, "height": 844, "deviceScaleFactor": 1}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size | {"mobile": False})
    browser.get((public / "explained" / "KEN.html").as_uri() + f"#{address}")
    row = browser.execute_script(
        "return [...document.querySelectorAll('tbody tr')].find(row => row.offsetHeight).innerText"
    )
    steps = browser.execute_script(
        "return [...document.querySelectorAll('.step > li')].filter(step => step.offsetHeight)"
        ".sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)"
        ".map(step => step.innerText)"
    )
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    estimate = read_row(public / "countries" / "KEN" / "estimates.csv", address, domain="total")
    low, high = (100 * float(estimate[name]) for name in ("ci_low", "ci_high"))
    n = f"{int(estimate['n']):,}"
    assert row.split()[1:] == [f"{estimate['shown']}%", f"({low:.1f}–{high:.1f})", n]
    table = public / "comparison" / "denominators.csv"
    online, everybody = (
        read_row(table, address, country="KEN", denominator=denominator)
        for denominator in ("internet_using_children", "all_children")
    )
    children = steps[-1]
    assert f"{n} stand for them; {estimate['shown']}% are " in children
    told = [int(number.replace(",", "")) for number in re.findall(r"\d{1,3}(?:,\d{3})+", children)]
    assert told == [
        int(everybody["population"]),
        int(online["population"]),
        int(n.replace(",", "")),
        *(int(online[name]) for name in CHILDREN),
    ]
    assert f"{100 * float(online['internet_use_rate']):g}% online" in children
    assert online["population_source"] in children

    # A number of which the comparison has none, alone.
    browser.get((public / "explained" / "KEN.html").as_uri() + "#met_in_person")
    figures = browser.execute_script(
        "return [...document.querySelectorAll('li[value]')].find(li => li.offsetHeight).innerText"
    )
    estimate = read_row(public / "countries/KEN/estimates.csv", "met_in_person", level="all")
    stand = int(estimate["population"])
    digits = len(estimate["estimate"].strip("0."))
    counted = float(f"{stand * float(estimate['estimate']):.{digits - 1}e}")
    n = int(estimate["n"])
    assert figures == f"{n:,} stand for {stand:,}; of these {counted:,.0f} count."


def read_row(path: Path, indicator: str, **keys: str) -> dict[str, str]:
    wanted = {"indicator": indicator, **keys}
    with path.open(encoding="utf-8", newline="") as file:
        (found,) = (row for row in csv.DictReader(file) if wanted.items() <= row.items())
    return found
