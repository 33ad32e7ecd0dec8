"""Every page of the small study as a browser shows it, opened from the disk."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
from browsing import requests
from selenium import webdriver

from disrupting_harm.report.reading.country_results import list_figures

DOCUMENTS = ("report.html", "brief.html")
# Languages whose texts follow the customs of a country.
TAGS = {"en": "en-GB", "pt": "pt-MZ"}
WIDTHS = (1280, 375)

# Figures of the site are brought in where the window comes near them: all are asked for.
LOAD = """
const done = arguments[arguments.length - 1];
const lazy = [...document.images].filter(image => image.loading === 'lazy');
lazy.forEach(image => { image.loading = 'eager'; });
const settled = image => image.complete || new Promise(
  ready => ['load', 'error'].forEach(event => image.addEventListener(event, ready)));
Promise.all([...document.images].map(settled)).then(() => done());
"""

# What a page is, in one look.
LOOK = """
const text = element => element.textContent.trim();
return {
  lang: document.documentElement.lang,
  title: document.title,
  viewport: document.querySelector('meta[name=viewport]')?.content || '',
  headings: [...document.querySelectorAll('h1')].map(text),
  levels: [...document.querySelectorAll('h1,h2,h3,h4')].map(e => Number(e.tagName[1])),
  images: [...document.images].map(i => ({alt: i.alt, width: i.naturalWidth})),
  links: [...document.querySelectorAll('a[href]')].map(
    a => [a.href, text(a) || a.querySelector('img')?.alt]),
  anchors: [...document.querySelectorAll('[id]')].map(e => e.id),
  headers: [...document.querySelectorAll('th')].map(h => h.scope || h.textContent),
  tables: [...document.querySelectorAll('table')].map(t => t.querySelectorAll('th').length),
  captions: [...document.querySelectorAll('table')].map(t => {
    const figure = t.closest('figure'), caption = t.caption || figure?.querySelector('figcaption');
    return caption ? text(caption) : '';
  }),
  requests: performance.getEntriesByType('resource').map(r => r.name),
};
"""

# Contrast of every element that has text of its own, by the formula of WCAG 2.2.
CONTRAST = """
const probe = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
const rgba = colour => {
  probe.clearRect(0, 0, 1, 1); probe.fillStyle = colour; probe.fillRect(0, 0, 1, 1);
  return [...probe.getImageData(0, 0, 1, 1).data];
};
const luminance = colour => {
  const [r, g, b] = colour.slice(0, 3).map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const over = (top, below) => top.slice(0, 3)
  .map((c, i) => c * top[3] / 255 + below[i] * (1 - top[3] / 255)).concat(255);
const ground = element => {
  if (!element) return [255, 255, 255, 255];
  const own = rgba(getComputedStyle(element).backgroundColor);
  return own[3] === 255 ? own : over(own, ground(element.parentElement));
};
const faults = []; let measured = 0;
for (const element of document.body.querySelectorAll('*')) {
  const words = [...element.childNodes].filter(n => n.nodeType === 3 && n.textContent.trim());
  const box = element.getBoundingClientRect();
  if (!words.length || !box.width || element.closest('script, style')) continue;
  const below = ground(element);
  const ink = over(rgba(getComputedStyle(element).color), below);
  const [a, b] = [luminance(ink), luminance(below)];
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  measured += 1;
  if (ratio < 4.5) faults.push(`${element.tagName}.${element.className}: ${ratio.toFixed(2)}`);
}
return [measured, [...new Set(faults)]];
"""


@pytest.fixture(scope="module")
def looks(browser: webdriver.Chrome, public: Path) -> dict[Path, dict[str, Any]]:
    """Every page, looked at once."""
    found = {}
    for page in sorted(public.rglob("*.html")):
        if page.name in DOCUMENTS or _of_site(page, public):
            browser.get_log("browser")
            browser.get_log("performance")
            browser.get(page.as_uri())
            browser.execute_async_script(LOAD)
            look = browser.execute_script(LOOK)
            look["complaints"] = [
                entry["message"] for entry in browser.get_log("browser") if entry["level"] != "INFO"
            ]
            look["requests"] += requests(browser)
            look["contrast"] = browser.execute_script(CONTRAST)
            look["overflow"] = {width: _overflow(browser, width) for width in WIDTHS}
            found[page] = look
    # The site with a page a country in two of its languages, a report a country and language, the
    # same briefs and Kenya's in Swahili, the regional report, and the brief of the study in six.
    assert len(found) == 2 * (5 + 2) + 3 + 4 + 1 + 6
    return found


def _of_site(page: Path, public: Path) -> bool:
    return page.parent in [public / folder for folder in ("", "countries", "km", "km/countries")]


def _overflow(browser: webdriver.Chrome, width: int) -> int:
    """Return by how many pixels the page is wider than the window."""
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    page = "document.documentElement"
    shown: int = browser.execute_script(f"return {page}.scrollWidth - {page}.clientWidth")
    assert browser.execute_script("return innerWidth") == width
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    return shown


def test_pages_load_without_complaint_from_the_disk_alone(looks) -> None:
    for page, look in looks.items():
        assert look["complaints"] == [], page
        assert {urlsplit(url).scheme for url in look["requests"]} <= {"file", "data"}, page


def test_pages_say_their_language_and_title_once(looks, public: Path) -> None:
    for page, look in looks.items():
        of_site = "km" if (public / "km") in page.parents else "en"
        expected = page.parent.name if page.name in DOCUMENTS else of_site
        assert look["lang"] == TAGS.get(expected, expected)
        assert look["title"]
        assert len(look["headings"]) == 1, page
        steps = zip(look["levels"], look["levels"][1:], strict=False)
        assert all(after <= before + 1 for before, after in steps), page


def test_images_load_and_are_described(looks) -> None:
    reports = [look for page, look in looks.items() if page.name == "report.html"]
    assert all(len(look["images"]) >= 5 for look in reports)
    for page, look in looks.items():
        for image in look["images"]:
            assert image["width"] > 0, page
            assert len(image["alt"]) > 20, page


def test_the_regional_report_is_a_page_of_tables_and_figures(looks, public: Path) -> None:
    look = looks[public / "regional" / "en" / "report.html"]
    folders = ("comparison", "regional", "evidence")
    listed = [entry for name in folders for entry in list_figures(public / "figures" / name)]
    drawn = {entry["alt"] for entry in listed if entry["files"]}
    seen = {image["alt"] for image in look["images"]}
    # One for each question that has an answer in two countries; tables stand in its annex.
    assert len(seen & drawn) > 5
    assert len(look["images"]) == len(seen)
    assert len(look["tables"]) > 2
    assert all(look["captions"])


def test_links_lead_to_something(looks, public: Path) -> None:
    followed = 0
    for page, look in looks.items():
        for href, words in look["links"]:
            assert words, f"{page}: a link without words to {href}"
            target, anchor = urldefrag(href)
            if urlsplit(target).scheme != "file":
                # Some sources of law have no other address than one of http.
                assert urlsplit(target).scheme in {"https", "http", "mailto", "tel"}, href
                continue
            path = Path(unquote(urlsplit(target).path))
            assert path.is_file(), f"{page}: {href}"
            assert public in path.parents, f"{page}: {href}"
            if anchor and path in looks:
                assert unquote(anchor) in looks[path]["anchors"], f"{page}: {href}"
            followed += 1
    assert followed > 50


def test_ids_are_unique_and_table_headers_have_a_scope(looks) -> None:
    for page, look in looks.items():
        assert len(look["anchors"]) == len(set(look["anchors"])), page
        assert set(look["headers"]) <= {"col", "row", "colgroup", "rowgroup"}, page
        assert all(look["tables"]), page
    assert sum(len(look["tables"]) for look in looks.values()) > 20


def test_pages_fit_small_screens(looks) -> None:
    assert all("width=device-width" in look["viewport"] for look in looks.values())


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_the_window(looks, width: int) -> None:
    assert {page: look["overflow"][width] for page, look in looks.items()} == dict.fromkeys(
        looks, 0
    )


def test_text_stands_out_from_its_ground(looks) -> None:
    for page, look in looks.items():
        measured, faults = look["contrast"]
        assert measured > 20, page
        assert faults == [], page


def test_faults_are_seen(browser: webdriver.Chrome, tmp_path: Path) -> None:
    """The looks above can fail: a page with one fault of each kind shows them."""
    page = tmp_path / "faulty.html"
    page.write_text(
        "<!doctype html><html><body><h1>A</h1><h1>B</h1><img src='lost.png'>"
        "<p style='color: #999'>pale</p><table><tr><th>no scope</th></tr></table>"
        "<div style='width: 2000px'>wide</div></body></html>",
        encoding="utf-8",
    )
    browser.get_log("browser")
    browser.get(page.as_uri())
    look = browser.execute_script(LOOK)
    assert look["lang"] == ""
    assert look["headings"] == ["A", "B"]
    assert look["images"] == [{"alt": "", "width": 0}]
    assert look["headers"] == ["no scope"]
    assert [entry for entry in browser.get_log("browser") if "lost.png" in entry["message"]]
    assert browser.execute_script(CONTRAST)[1] == ["P.: 2.85"]
    assert all(_overflow(browser, width) > 0 for width in WIDTHS)
