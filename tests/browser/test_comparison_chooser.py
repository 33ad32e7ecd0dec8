"""Two countries may be chosen on the page of the comparison, in either order, without a server."""

import shutil
from pathlib import Path

import pytest
from checkout import Checkout
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

TEMPLATES = Path(__file__).parents[2] / "workflow" / "templates" / "site"
ESTIMATES = {
    "KHM": ("9.4", "7.5 to 11.6"),
    "KEN": ("17.1", "13.9 to 20.8"),
    "UGA": ("20.5", "16.3 to 25.1"),
}
# The pairs as the table has them: the first country, the second, and its cells.
PAIRS = {
    ("KHM", "KEN"): ("−7.7", "−15.2 to −0.2", "lower"),
    ("KHM", "UGA"): ("−11.1", "−19.0 to −3.2", "lower"),
    ("KEN", "UGA"): ("0.0", "−8.6 to +8.5", "open"),
}
NAMES = {"KHM": "Cambodia", "KEN": "Kenya", "UGA": "Uganda"}
WORDS = (
    '{"higher": "clearly higher", "lower": "clearly lower", "open": "not clear", '
    '"same": "Choose two"}'
)
SAID = "{a} minus {b}: {difference} points ({low} to {high}), {verdict}."


@pytest.fixture
def page(tmp_path: Path) -> Path:
    shutil.copy(TEMPLATES / "site-compare.js", tmp_path)
    options = "".join(f'<option value="{code}">{name}</option>' for code, name in NAMES.items())
    estimates = "".join(
        f'<tr data-n="{code}"><th>{NAMES[code]}<td>1,000<td>{share}<td>{limits}'
        for code, (share, limits) in ESTIMATES.items()
    )
    pairs = "".join(
        f'<tr data-pair="{a} {b}" data-verdict={verdict} data-way="pairwise/x/{a}/{b}">'
        f"<th>{NAMES[a]} minus {NAMES[b]}<td>{difference}<td>{limits}<td>0.001<td>"
        for (a, b), (difference, limits, verdict) in PAIRS.items()
    )
    path = tmp_path / "page.html"
    path.write_text(
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>T</title>'
        '<script src="site-compare.js" defer></script>'
        f"<div data-pairs=pairs data-estimates=countries data-words='{WORDS}' hidden>"
        f"<label>Compare <select>{options}</select></label>"
        f"<label>with <select>{options}</select></label>"
        f'<p><span role="status" data-said="{SAID}"></span>'
        '<a href="x.html" data-page="x.html#">How</a></p></div>'
        f"<table><caption id=countries></caption>{estimates}</table>"
        "<details><summary>Pairs</summary>"
        f"<table><caption id=pairs></caption>{pairs}</table></details>",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize(
    ("first", "second", "said", "way"),
    [
        ("Cambodia", "Kenya", "−7.7 points (−15.2 to −0.2), clearly lower.", "KHM/KEN"),
        ("Kenya", "Cambodia", "+7.7 points (+0.2 to +15.2), clearly higher.", "KHM/KEN"),
        ("Uganda", "Kenya", "0.0 points (−8.5 to +8.6), not clear.", "KEN/UGA"),
    ],
)
def test_a_pair_is_told_in_the_order_that_is_chosen(
    browser: webdriver.Chrome, page: Path, first: str, second: str, said: str, way: str
) -> None:
    browser.get(page.as_uri())
    selects = [Select(each) for each in browser.find_elements(By.CSS_SELECTOR, "select")]
    link = browser.find_element(By.CSS_SELECTOR, "a")
    # Both begin with the same country, of which there is no pair.
    assert browser.find_element(By.CSS_SELECTOR, "[role=status]").text == "Choose two"
    assert not link.is_displayed()
    selects[0].select_by_visible_text(first)
    selects[1].select_by_visible_text(second)
    text = browser.find_element(By.CSS_SELECTOR, "[role=status]").text
    codes = {name: code for code, name in NAMES.items()}
    numbers = ["{}: {}% ({}).".format(name, *ESTIMATES[codes[name]]) for name in (first, second)]
    assert text == f"{' '.join(numbers)} {first} minus {second}: {said}"
    assert link.get_attribute("href").endswith(f"x.html#pairwise/x/{way}")
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    browser.get(page.as_uri())
    shown = browser.find_element(By.CSS_SELECTOR, "select").is_displayed()
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    assert not shown


def test_pairs_stand_in_the_order_of_names_and_say_which_way(
    browser: webdriver.Chrome, small: Checkout
) -> None:
    """Of the table of Kenya less Cambodia, which the page has the other way round."""
    public = small.folder / "results" / "public"
    browser.get((public / "comparison.html").as_uri())
    rows = browser.find_elements(By.CSS_SELECTOR, ".pairs tbody tr")
    assert rows
    for row in rows:
        name, difference, _, _, verdict = (
            each.get_attribute("textContent").strip()
            for each in row.find_elements(By.CSS_SELECTOR, "th, td")
        )
        assert name == "Cambodia minus Kenya"
        above = difference.startswith("+")
        is_bold = row.get_attribute("class") == "clear"
        assert verdict == (
            "not clear" if not is_bold else f"clearly {'higher' if above else 'lower'}"
        )
