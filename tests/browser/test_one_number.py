"""A link to one number shows this number alone, with its steps, on two screens at most."""

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
    six_steps = [look for look in looks if look["steps"] == 6]
    assert bool(six_steps) is of_survey
    assert {look["steps"] for look in looks} <= ({0, 6} if of_survey else {0})
