"""Every kind of page, wide and narrow, in light and dark: what axe-core finds hard to use."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from checkout import Checkout
from selenium import webdriver

WIDTHS = (1366, 390)
SCHEMES = ("light", "dark")
AXE = (files("axe_core_python") / "axe.min.js").read_text("utf-8")
# Each width and each scheme once, and the other way round: width, scheme, rules; all where none is
# named. What is new in the second round are colours, and two rules look at these.
OF_COLOURS = ("color-contrast", "link-in-text-block")
LOOKS = (
    (1366, "light", ()), (390, "dark", ()), (1366, "dark", OF_COLOURS), (390, "light", OF_COLOURS),
)  # fmt: skip
RUN = """
const [rules, done] = arguments;
const chosen = rules.length ? {runOnly: {type: 'rule', values: rules}} : {};
axe.run({resultTypes: ['violations'], ...chosen}).then(found => done(found.violations.map(
  v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 120)).join(' | '))));
"""
GROUND = "return getComputedStyle(document.body).backgroundColor"


@contextmanager
def seen(browser: webdriver.Chrome, width: int) -> Iterator[None]:
    """Show pages in a window of this width."""
    metrics: dict[str, Any] = {"width": width, "height": 900, "deviceScaleFactor": 1}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics | {"mobile": False})
    try:
        yield
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def violations(
    browser: webdriver.Chrome, scheme: str, rules: tuple[str, ...] = ()
) -> tuple[list[str], str]:
    """Return what axe finds on the page that is shown, in light or dark, and its ground."""
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    try:
        return browser.execute_async_script(RUN, rules), browser.execute_script(GROUND)
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def pages_of_each_kind(public: Path) -> list[Path]:
    """Return one page of each kind, of the site and of documents, in English and in Khmer."""
    kinds: dict[tuple[str, str], Path] = {}
    for page in sorted(public.glob("*/**/*.html")):
        if page.with_suffix(".qmd").is_file() and page.parent.name in ("en", "km"):
            kinds.setdefault((page.parts[len(public.parts)], page.parent.name), page)
    site = [page for folder in ("", "km") for page in sorted((public / folder).glob("*.html"))]
    # Of countries one whose figures are in Khmer, too, and one of which they are in English alone.
    countries = [public / place / "KHM.html" for place in ("countries", "km/countries")]
    pages = ("KEN", "compare/told_nobody", "evidence/KEN")
    explained = [public / "explained" / f"{page}.html" for page in pages]
    return [*site, *countries, public / "km/countries/KEN.html", *explained, *kinds.values()]


def test_axe_finds_nothing(browser: webdriver.Chrome, small: Checkout) -> None:
    """A page is loaded once: only styles ask for the width and the colours."""
    browser.set_script_timeout(120)
    pages = pages_of_each_kind(small.folder / "results" / "public")
    assert len(pages) >= 2 * 5 + 2 + 5
    found = {}
    for page in pages:
        browser.get(page.as_uri())
        browser.execute_script(AXE)
        for width, scheme, rules in LOOKS:
            with seen(browser, width):
                faults, ground = violations(browser, scheme, rules)
            light = sum(map(int, ground.strip("rgba()").split(",")[:3])) > 3 * 128
            assert light is (scheme == "light"), (page, ground)
            if faults:
                found[f"{page.parts[-4:]} {width} {scheme}"] = faults
    assert found == {}


@pytest.mark.parametrize(
    ("body", "rule", "rules"),
    [
        ("<img src='data:,'>", "image-alt", ()),
        ("<p style='color: #999; background: #fff'>pale words</p>", "color-contrast", ()),
        ("<p style='color: #999; background: #fff'>pale words</p>", "color-contrast", OF_COLOURS),
    ],
)
def test_axe_sees_faults(
    browser: webdriver.Chrome, tmp_path: Path, body: str, rule: str, rules: tuple[str, ...]
) -> None:
    page = tmp_path / "faulty.html"
    page.write_text(
        f"<!doctype html><html lang='en'><title>T</title><main><h1>H</h1>{body}</main></html>",
        encoding="utf-8",
    )
    browser.get(page.as_uri())
    browser.execute_script(AXE)
    with seen(browser, 390):
        faults, _ = violations(browser, "light", rules)
    assert any(fault.startswith(f"{rule}:") for fault in faults)
