"""On a telephone no page or table moves sideways, letters are large enough, no texts collide."""

from pathlib import Path

import pytest
from checkout import Checkout
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

LETTER = 12  # pixels
# Pages of each kind: of the site in each language, of countries, documents and explanations.
LANGUAGES = ("", "id/", "km/", "pt/", "th/", "vi/")
OF_SITE = (
    *("index.html", "comparison.html", "data.html", "methods.html", "law.html"),
    "countries/KHM.html",
)
PAGES = (
    *(language + page for language in LANGUAGES for page in OF_SITE),
    *(f"explorer/{language}.html" for language in ("en", "id", "km", "pt", "th", "vi")),
    *("reports/KEN/en/report.html", "reports/KHM/km/report.html", "regional/en/report.html"),
    *("briefs/KEN/en/brief.html", "briefs/KHM/km/brief.html"),
    *(f"briefs/all/{language}/brief.html" for language in ("en", "id", "km", "pt", "th", "vi")),
    *("explained/KEN.html", "explained/compare/clear_examples.html"),
    *("explained/compare/needs.html", "explained/evidence/KEN.html", "explained/evidence/all.html"),
)
OF_OTHER_LANGUAGES = (
    *("reports/IDN/id/report.html", "reports/MOZ/pt/report.html", "reports/THA/th/report.html"),
    *("reports/VNM/vi/report.html", "regional/en/report.html", "briefs/all/pt/brief.html"),
)
PAGES_WITH_RANGES = (
    *("comparison.html", "countries/KHM.html", "km/countries/KHM.html", "law.html", "methods.html"),
    *("reports/KEN/en/report.html", "reports/KHM/km/report.html", "regional/en/report.html"),
)
# With all folds open: boxes that are wider inside, texts beyond an edge, small ones, and pairs of
# texts that cover each other; not what stays while a page moves below it.
FAULTS = """
for (const fold of document.querySelectorAll('details')) fold.open = true;
const page = document.documentElement, faults = [], boxes = [], range = document.createRange();
const seen = (each) => each.checkVisibility({opacityProperty: true, visibilityProperty: true});
const above = (each) => each ? [getComputedStyle(each), ...above(each.parentElement)] : [];
const call = (each) => each.tagName + (each.className ? '.' + each.className : '');
if (page.scrollWidth > page.clientWidth) faults.push('the page moves sideways');
for (const each of document.querySelectorAll('body *'))
  if (/auto|scroll/.test(getComputedStyle(each).overflowX) && seen(each)
      && each.scrollWidth > each.clientWidth) faults.push('moves sideways: ' + call(each));
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
let texts = 0;
for (let node; (node = walker.nextNode());) {
  const parent = node.parentElement, words = node.data.trim();
  if (!words || parent.closest('script, style, option, title, desc') || !seen(parent)) continue;
  const styles = above(parent);
  if (styles.some((style) => style.clipPath.startsWith('inset('))) continue;
  const scale = parent.ownerSVGElement ? Math.abs(parent.getScreenCTM().a) : 1;
  const size = parseFloat(styles[0].fontSize) * scale;
  range.selectNodeContents(node);
  const lines = [...range.getClientRects()].filter((line) => line.width >= 1);
  // Far off the side where lines begin stands what a keyboard alone brings into view.
  const begins = getComputedStyle(page).direction === 'rtl' ? (line) => line.left < page.clientWidth
    : (line) => line.right > 0;
  if (!lines.some(begins)) continue;
  texts += 1;
  if (size < LETTER - 0.01) faults.push(`${size} pixels: ${call(parent)} ${words}`);
  if (lines.some((line) => line.left < -1 || line.right > page.clientWidth + 1))
    faults.push(`beyond the edge: ${call(parent)} ${words}`);
  if (!styles.some((style) => /fixed|sticky/.test(style.position)))
    boxes.push(...lines.map((line) => ({line, node, words})));
}
boxes.sort((a, b) => a.line.top - b.line.top);
boxes.forEach((a, place) => {
  for (const b of boxes.slice(place + 1)) {
    if (b.line.top >= a.line.bottom) break;
    const wide = Math.min(a.line.right, b.line.right) - Math.max(a.line.left, b.line.left);
    const high = Math.min(a.line.bottom, b.line.bottom) - b.line.top;
    if (a.node !== b.node && wide > 2 && high > Math.min(a.line.height, b.line.height) / 2)
      faults.push(`on each other: ${a.words} / ${b.words}`);
  }
});
return [texts, [...new Set(faults)]];
""".replace("LETTER", str(LETTER))

# Numbers with an address, and those of them that stand on two lines.
BROKEN = """
for (const fold of document.querySelectorAll('details')) fold.open = true;
const numbers = [...document.querySelectorAll('[data-n]:not(svg *)')];
const lines = (each) => new Set([...each.getClientRects()].filter((line) => line.width)
  .map((line) => Math.round(line.top)));
const broken = numbers.filter((each) => lines(each).size > 1);
return [numbers.length, broken.map((each) => each.innerText)];
"""

# Ranges such as "12–17" in running text with all folds open, and those that stand on two lines.
RANGES = r"""
for (const fold of document.querySelectorAll('details')) fold.open = true;
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const broken = [], range = document.createRange();
let count = 0;
for (let node; (node = texts.nextNode());) {
  if (node.parentElement.closest('script, style, svg')) continue;
  const ranges = new RegExp(
    /(?<![\w\/@.,:\u00a0\u202f–-])(?!\d{4}-)\d[\d.,]{0,3}\d?%?[-–]/.source
    + /\u2060?\d(?:[\d.,]{0,3}\d)?%?(?![\w\/@:-]|[.,\u00a0\u202f]\d)/.source, "g");
  for (const found of node.data.matchAll(ranges)) {
    range.setStart(node, found.index);
    range.setEnd(node, found.index + found[0].length);
    const lines = [...range.getClientRects()].filter((line) => line.width >= 1);
    count += 1;
    if (new Set(lines.map((line) => Math.round(line.top))).size > 1) broken.push(found[0]);
  }
}
return [count, broken];
"""


def find_faults(phone: webdriver.Chrome, page: Path) -> tuple[int, list[str]]:
    """Return how many texts a page shows on a telephone, and its faults."""
    phone.get(page.as_uri())
    if page.parent.name == "explorer":
        WebDriverWait(phone, 20).until(
            lambda shown: shown.find_elements(By.CSS_SELECTOR, ".rows svg")
        )
    texts, faults = phone.execute_script(FAULTS)
    return texts, faults


@pytest.mark.parametrize("page", PAGES)
def test_a_page_can_be_read_on_a_telephone(phone: webdriver.Chrome, public: Path, page: str):
    texts, faults = find_faults(phone, public / page)
    assert texts > 20
    assert faults == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", ["index.html", "comparison.html", "countries/KHM.html"])
def test_no_number_stands_on_two_lines(
    phone: webdriver.Chrome, public: Path, language: str, page: str
) -> None:
    phone.get((public / language / page).as_uri())
    numbers, broken = phone.execute_script(BROKEN)
    assert numbers > 5
    assert broken == []


@pytest.mark.parametrize("page", OF_OTHER_LANGUAGES)
def test_documents_of_other_languages_can_be_read_on_a_telephone(
    phone: webdriver.Chrome, other_languages: Checkout, page: str
):
    texts, faults = find_faults(phone, other_languages.folder / "results" / "public" / page)
    assert texts > 20
    assert faults == []


@pytest.mark.parametrize("page", PAGES_WITH_RANGES)
def test_no_range_stands_on_two_lines(phone: webdriver.Chrome, public: Path, page: str) -> None:
    phone.get((public / page).as_uri())
    ranges, broken = phone.execute_script(RANGES)
    assert ranges > 1
    assert broken == []


def test_a_broken_range_is_seen(phone: webdriver.Chrome, tmp_path: Path) -> None:
    page = tmp_path / "broken.html"
    page.write_text(
        "<!doctype html><meta charset=utf-8><p style='width: 1rem'>aged 12–17, 8–\u20609%, 16-17; "
        "2026-12-02 and s41586-026",
        encoding="utf-8",
    )
    phone.get(page.as_uri())
    assert phone.execute_script(RANGES) == [3, ["12–17", "16-17"]]


def test_a_broken_number_is_seen(phone: webdriver.Chrome, tmp_path: Path) -> None:
    page = tmp_path / "broken.html"
    page.write_text(
        "<!doctype html><meta charset=utf-8><p style='width: 1rem'>"
        "<span data-n=a>14 21</span> <span data-n=b style='white-space: nowrap'>14 21</span>",
        encoding="utf-8",
    )
    phone.get(page.as_uri())
    assert phone.execute_script(BROKEN) == [2, ["14 21"]]


def test_each_fault_is_seen(phone: webdriver.Chrome, tmp_path: Path) -> None:
    page = tmp_path / "faulty.html"
    page.write_text(
        "<!doctype html><meta charset=utf-8><p style='font-size: 11px'>small</p>"
        "<div class=wide style='overflow-x: auto'><p style='width: 50rem'>moved</p></div>"
        "<p style='margin-bottom: -2rem'>below</p><p>above</p><p style='width: 30rem'>long</p>"
        "<details><p style='margin-left: -1.2rem'>left</p></details>",
        encoding="utf-8",
    )
    texts, faults = find_faults(phone, page)
    assert texts == 6
    assert faults == [
        "the page moves sideways", "moves sideways: DIV.wide", "11 pixels: P small",
        "beyond the edge: P left", "on each other: below / above",
    ]  # fmt: skip
