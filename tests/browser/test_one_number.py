"""A link to one number shows this number alone, with its steps, on two screens at most."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scipy.stats import binomtest
from selenium import webdriver

HIGH = 768
WIDE = (1366, 390)
SCREENS = 2
WORDS = 260
# Pages of the three kinds.
PAGES = ("KEN.html", "compare/clear_examples.html", "evidence/KEN.html")
CHILDREN = ("children", "children_low", "children_high")
# Every anchor of a row, in words or in cells, and headings of the row below them that has none of
# its own.
LOOK = """
const done = arguments[arguments.length - 1], looks = [];
const rows = [...document.querySelectorAll('.row, .numbers > table > tbody > tr')];
const untitled = document.title;
for (const row of rows) {
  const section = row.closest('.numbers'), heading = section.querySelector('h2, h3');
  location.hash = row.id || heading.id;
  window.dispatchEvent(new Event('hashchange'));
  const seen = rows.filter(each => each.offsetHeight);
  const headings = [...document.querySelectorAll('h1, h2, h3')].filter(each => each.offsetHeight);
  looks.push({
    anchor: row.id || heading.id,
    alone: seen.length === 1 && seen[0] === row,
    headings: headings.map(each => each.localName),
    heading: headings[0].innerText,
    title: document.title,
    high: document.documentElement.scrollHeight,
    notices: [...document.querySelectorAll('.watermark, footer')]
      .filter(each => each.offsetHeight).map(each => each.innerText.split(/\\. /)[0]),
    words: document.querySelector('main').innerText.trim().split(/\\s+/).length,
    steps: [...document.querySelectorAll('.step > li')].filter(each => each.offsetHeight).length,
  });
}
location.hash = 'all-numbers';
window.dispatchEvent(new Event('hashchange'));
looks.push({whole: rows.every(each => each.offsetHeight), title: document.title === untitled});
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
    assert looks.pop() == {"whole": True, "title": True}
    # Of two countries, a comparison has fewest.
    assert len(looks) > 50
    assert [look["anchor"] for look in looks if not look["alone"]] == []
    if width == max(WIDE):
        assert [look["anchor"] for look in looks if look["high"] > SCREENS * HIGH] == []
    assert [look["anchor"] for look in looks if look["words"] > WORDS] == []
    # One heading, the first; by it and by their titles numbers are told apart, in tabs, too.
    assert {tuple(look["headings"]) for look in looks} == {("h1",)}
    assert all(look["title"].startswith(look["heading"]) for look in looks)
    alike = Counter(look["title"] for look in looks)
    assert [title for title, times in alike.items() if times > 1] == []
    if page.startswith("evidence/"):
        check_notices(looks, public)
    of_survey = page == "KEN.html"
    steps = {look["steps"] for look in looks}
    # Of everyone one step more says how many they are, and another why a text may say "1 in 6".
    assert steps == {0, 6, 7, 8} if of_survey else steps == {0}


def check_notices(looks: list[dict[str, Any]], public: Path) -> None:
    """A published number is not called simulated, and a simulated one is; judged by the tables."""
    kinds = {}
    for path in (public / "evidence").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        kinds[path.stem] = {row["data_kind"] for row in rows if row.get("country") == "KEN"}
    of_one_kind = [
        (*kinds[table], look["notices"])
        for look in looks
        if len(kinds[table := look["anchor"].split("/")[0]]) == 1
    ]
    assert {kind for kind, _ in of_one_kind} == {"simulated", "published"}
    for kind, (notice, footer) in of_one_kind:
        assert notice.startswith("Simulated data" if kind == "simulated" else "Published, not")
        assert footer.startswith("Simulated data") == (kind == "simulated")


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
    children = next(step for step in steps if "Number of children" in step)
    assert f"{estimate['shown']}% are " in children
    told = [int(number.replace(",", "")) for number in re.findall(r"\d{1,3}(?:,\d{3})+", children)]
    assert told == [
        int(everybody["population"]),
        int(online["population"]),
        *(int(online[name]) for name in CHILDREN),
    ]
    assert f"{100 * float(online['internet_use_rate']):g}% online" in children
    assert online["population_source"] in children

    # Of sensitive questions the most is told that any put to the same persons has.
    number = next(step for step in steps if "add up to at most" in step)
    assert f"At most {n} answered; their weights add up to at most " in number
    assert f"at most {int(estimate['population']):,}. " in number
    assert f"{estimate['estimate']} of that counts." in number
    # So many answers have an interval of Clopper and Pearson that is as wide, by SciPy.
    effective = int(
        re.findall(r"Effective sample size: about ([\d,]+)\.", number)[0].replace(",", "")
    )
    limits = binomtest(round(effective * float(estimate["estimate"])), effective).proportion_ci(
        0.95, "exact"
    )
    width = float(estimate["ci_high"]) - float(estimate["ci_low"])
    assert limits.high - limits.low == pytest.approx(width, abs=0.003)
    # Steps have their figures in order, those of this number between those of all.
    orders = browser.execute_script(
        "return [...document.querySelectorAll('.step > li')].filter(step => step.offsetHeight)"
        ".sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)"
        ".map((step, place) => step.hasAttribute('value') ? step.value - place - 1 : 0)"
    )
    assert {*orders} == {0}

    # A number of which the comparison has none, alone.
    browser.get((public / "explained" / "KEN.html").as_uri() + "#met_in_person")
    figures = browser.execute_script(
        "return [...document.querySelectorAll('li[value=\"5\"]')].find(li => li.offsetHeight)"
        ".innerText"
    )
    estimate = read_row(public / "countries/KEN/estimates.csv", "met_in_person", level="all")
    stand = int(estimate["population"])
    digits = len(estimate["estimate"].strip("0."))
    counted = float(f"{stand * float(estimate['estimate']):.{digits - 1}e}")
    n = int(estimate["n"])
    assert figures == f"Number. {n:,} stand for {stand:,}; {counted:,.0f} count."


@pytest.mark.parametrize("anchor", ["clear_examples", "clear_examples/sex:girl", "met_in_person"])
def test_who_listens_hears_the_steps_in_the_order_of_the_screen(
    browser: webdriver.Chrome, public: Path, anchor: str
) -> None:
    """Read from the tree that Chromium gives to programs that read aloud."""
    browser.get((public / "explained" / "KEN.html").as_uri() + f"#{anchor}")
    tree = browser.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    nodes = {node["nodeId"]: node for node in tree}
    texts = [node["name"]["value"] for node in list_heard(nodes, tree[0]) if "name" in node]
    numbers = [text.strip() for text in texts if re.fullmatch(r"\d\. ?", text)]
    assert numbers == [f"{place}." for place in range(1, len(numbers) + 1)]
    names = ["Asked.", "What counts.", "Who took part.", "Weights.", "Number."]
    heard = [text for text in texts if text in [*names, "Number", "The interval.", "Not said"]]
    assert heard == ["Number", *names, "The interval.", "Not said"]
    # Back among all numbers, steps of all are again in one place.
    browser.execute_script("location.hash = 'all-numbers'")
    browser.execute_script("window.dispatchEvent(new Event('hashchange'))")
    shared = browser.find_elements("css selector", ".shared")
    assert shared == browser.find_elements("css selector", ".steps > .step > li")


def list_heard(nodes: dict[str, Any], node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what is read aloud below a node, in its order; the lines of a text are part of it."""
    if node["role"]["value"] == "StaticText" or node["role"]["value"] == "ListMarker":
        if not node["ignored"]:
            yield node
        return
    for child in node.get("childIds", ()):
        yield from list_heard(nodes, nodes[child])


def test_a_pair_is_told_in_sentences_with_its_own_figures(
    browser: webdriver.Chrome, public: Path
) -> None:
    """Read by Chromium, worked out from the rows of the comparison, of each indicator."""
    with (public / "comparison" / "pairwise.csv").open(encoding="utf-8", newline="") as file:
        pairs = list(csv.DictReader(file))
    families = Counter(pair["indicator"] for pair in pairs)
    for pair in pairs:
        indicator, codes = pair["indicator"], (pair["country_a"], pair["country_b"])
        # Cambodia stands before Kenya, and KEN before KHM.
        assert codes == ("KEN", "KHM")
        page = (public / "explained" / "compare" / f"{indicator}.html").as_uri()
        browser.get(f"{page}#pairwise/{indicator}/KEN/KHM")
        heading = browser.find_element("css selector", "h1").text
        text = browser.find_element("css selector", ".row:target").text
        difference, low, high = (
            round(-100 * float(pair[name]), 1) for name in ("difference", "ci_high", "ci_low")
        )
        found = re.fullmatch(
            r"Cambodia minus Kenya: ([\d.]+) points (fewer|more), (not )?clear "
            r"\(([\d.]+)( fewer| more)? to ([\d.]+) (fewer|more)\)",
            heading,
        )
        assert found, heading
        sign = {"fewer": -1, "more": 1}
        assert float(found[1]) * sign[found[2]] == difference
        assert (found[3] is None) == (pair["clear"] == "True") == (float(pair["p_holm"]) <= 0.05)
        last = sign[found[7]]
        first = sign[found[5].strip()] if found[5] else last
        assert sorted([float(found[4]) * first, float(found[6]) * last]) == [low, high]
        left = round(0.05 / float(pair["step_alpha"]))
        if families[indicator] == 1:
            assert "It is judged alone, with an error of 5%." in text
        else:
            assert f"{families[indicator]} pairs of countries are judged together" in text
            assert f"5% ÷ {left} = {100 * float(pair['step_alpha']):g}%" in text
        adjusted = pair["p_text"].replace("<", "under ")
        verdict = "at most 0.05: clear" if pair["clear"] == "True" else "more than 0.05: not clear"
        assert f"The adjusted P {adjusted} is {verdict}." in text
        for code, name in (("KHM", "Cambodia"), ("KEN", "Kenya")):
            shown = read_row(public / "comparison" / "prevalence.csv", indicator, country=code)
            digits = len(shown["shown"].partition(".")[2])
            ends = [f"{100 * float(shown[end]):.{digits}f}" for end in ("ci_low", "ci_high")]
            answers = f"of {int(shown['n']):,} answers"
            assert f"{name} {shown['shown']}% ({'–'.join(ends)}), {answers}" in text
        assert not browser.find_element("css selector", ".row:target td").is_displayed()
        browser.find_element("css selector", ".row:target summary").click()
        row = browser.find_element("css selector", ".row:target td").text
        assert row.startswith(f"difference {pair['difference']} · ci_low {pair['ci_low']} · ")
        assert "the other way round" in browser.find_element("css selector", ".row:target").text


def read_row(path: Path, indicator: str, **keys: str) -> dict[str, str]:
    wanted = {"indicator": indicator, **keys}
    with path.open(encoding="utf-8", newline="") as file:
        (found,) = (row for row in csv.DictReader(file) if wanted.items() <= row.items())
    return found
