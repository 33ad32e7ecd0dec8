"""Every page of the small study, opened in a browser as a reader opens it: from the file system."""

import shutil
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlparse

import pytest
from checkout import Checkout
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

BROWSER, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
PAGES = (
    "index.html",
    "comparison.html",
    "reports/KEN/en/report.html",
    "reports/KHM/en/report.html",
    "reports/KHM/km/report.html",
)
WIDTHS = (1280, 375)
# WCAG 2.2, 1.4.3: body text, and text that is large or bold and large.
CONTRAST, LARGE_CONTRAST = 4.5, 3.0

CONTRASTS = """
const luminance = rgb => {
  const [r, g, b] = rgb.map(v => {
    v /= 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const numbers = text => text.match(/[\\d.]+/g).map(Number);
const behind = node => {
  for (let at = node; at; at = at.parentElement) {
    const [r, g, b, a = 1] = numbers(getComputedStyle(at).backgroundColor);
    if (a === 1) return [r, g, b];
    if (a > 0) return null;
  }
  return [255, 255, 255];
};
const poor = [];
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (texts.nextNode()) {
  const words = texts.currentNode.textContent.trim();
  const node = texts.currentNode.parentElement;
  if (!words || node.closest('svg, script, style') || !node.getClientRects().length) continue;
  const style = getComputedStyle(node);
  const ground = behind(node);
  if (ground === null) { poor.push([words, 'translucent background']); continue; }
  const [light, dark] = [luminance(numbers(style.color).slice(0, 3)), luminance(ground)]
    .sort((a, b) => b - a);
  const ratio = (light + 0.05) / (dark + 0.05);
  const size = parseFloat(style.fontSize);
  const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
  if (ratio < (large ? arguments[1] : arguments[0])) poor.push([words.slice(0, 60), ratio]);
}
return poor;
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[webdriver.Chrome]:
    if BROWSER is None or DRIVER is None:
        pytest.skip("no Chromium with its driver is installed")
    options = Options()
    options.binary_location = BROWSER
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    for flag in (
        "headless=new", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run",
        "disable-background-networking", "disable-component-update", "disable-sync",
        "disable-dev-shm-usage",
    ):  # fmt: skip
        options.add_argument(f"--{flag}")
    with tempfile.TemporaryDirectory() as profile:
        options.add_argument(f"--user-data-dir={profile}")
        driver = webdriver.Chrome(options=options, service=Service(DRIVER))
        yield driver
        driver.quit()


@pytest.fixture(scope="module", params=PAGES)
def page(request: pytest.FixtureRequest, small: Checkout, browser: webdriver.Chrome) -> Path:
    """A page of the small study, open in the browser with empty logs."""
    path = small.folder / "results" / "public" / request.param
    browser.get_log("browser")
    browser.get_log("performance")
    browser.get(path.as_uri())
    return path


def test_it_loads_without_errors_and_asks_nobody_else(page: Path, browser: webdriver.Chrome):
    assert browser.get_log("browser") == []
    asked = [
        entry["message"]
        for entry in browser.get_log("performance")
        if '"Network.requestWillBeSent"' in entry["message"]
        and ('"url":"http' in entry["message"] or '"url":"ws' in entry["message"])
    ]
    assert asked == []


def test_it_has_a_language_one_title_and_headings_in_order(page: Path, browser: webdriver.Chrome):
    language = browser.execute_script("return document.documentElement.lang")
    assert language == ("km" if page.parent.name == "km" else "en")
    levels = browser.execute_script(
        "return [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => Number(h.tagName[1]))"
    )
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_picture_loads_and_is_described(page: Path, browser: webdriver.Chrome):
    pictures = browser.execute_script(
        "return [...document.images].map(i => [i.complete && i.naturalWidth, i.alt.length])"
    )
    assert all(width > 0 and described > 20 for width, described in pictures)
    if page.name != "index.html":
        assert len(pictures) >= 8


def test_every_link_leads_somewhere(page: Path, browser: webdriver.Chrome, small: Checkout):
    public = small.folder / "results" / "public"
    links = browser.execute_script(
        "return [...document.querySelectorAll('a[href]')].map(a => a.href)"
    )
    assert links
    for link in links:
        address, anchor = urldefrag(link)
        if not address.startswith("file:"):
            assert address.startswith(("https://", "mailto:")), link
            continue
        target = Path(unquote(urlparse(address).path))
        assert target.is_file(), link
        assert public in target.parents, f"{link} leaves the public folder"
        if anchor and target == page:
            found = "return document.getElementById(arguments[0]) !== null"
            assert browser.execute_script(found, unquote(anchor)), link


def test_table_heads_say_what_they_head(page: Path, browser: webdriver.Chrome):
    heads = browser.execute_script(
        "return [...document.querySelectorAll('table')].map("
        "t => [...t.querySelectorAll('thead th')].map(h => h.scope))"
    )
    assert heads
    assert all(scopes and set(scopes) == {"col"} for scopes in heads)


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_runs_over_the_edge(page: Path, browser: webdriver.Chrome, width: int):
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False},
    )
    over = browser.execute_script(
        "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert over <= 0


def test_all_text_stands_out_from_its_ground(page: Path, browser: webdriver.Chrome):
    browser.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert browser.execute_script(CONTRASTS, CONTRAST, LARGE_CONTRAST) == []


def test_simulated_data_are_called_so_at_the_top(page: Path, browser: webdriver.Chrome):
    said = "ទិន្នន័យសិប្បនិម្មិត" if page.parent.name == "km" else "Simulated data"
    text = browser.execute_script("return document.body.innerText.slice(0, 200)")
    assert said in text.replace("\u200b", "")
