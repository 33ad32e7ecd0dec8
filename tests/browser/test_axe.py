"""Every kind of page, wide and narrow, in light and dark: what axe-core finds hard to use."""

from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from checkout import Checkout
from selenium import webdriver

AXE = (files("axe_core_python") / "axe.min.js").read_text("utf-8")
WIDTHS, SCHEMES = (1366, 390), ("light", "dark")
RUN = """
const done = arguments[arguments.length - 1];
axe.run({resultTypes: ['violations']}).then(found => done(found.violations.map(
  v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 120)).join(' | '))));
"""
GROUND = "return getComputedStyle(document.body).backgroundColor"


def violations(
    browser: webdriver.Chrome, page: Path, width: int, scheme: str
) -> tuple[list[str], str]:
    """Return what axe finds on a page, and the colour of its ground."""
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    metrics: dict[str, Any] = {"width": width, "height": 900, "deviceScaleFactor": 1}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics | {"mobile": False})
    try:
        browser.get(page.as_uri())
        browser.execute_script(AXE)
        return browser.execute_async_script(RUN), browser.execute_script(GROUND)
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def pages_of_each_kind(public: Path) -> list[Path]:
    """Return the pages of the site, and of each kind of document one in English and in Khmer."""
    kinds: dict[tuple[str, str], Path] = {}
    for page in sorted(public.glob("*/**/*.html")):
        if page.with_suffix(".qmd").is_file() and page.parent.name in ("en", "km"):
            kinds.setdefault((page.parts[len(public.parts)], page.parent.name), page)
    countries = sorted((public / "countries").glob("*.html"))
    return [*sorted(public.glob("*.html")), *countries[-1:], *kinds.values()]


def test_axe_finds_nothing(browser: webdriver.Chrome, small: Checkout) -> None:
    browser.set_script_timeout(120)
    pages = pages_of_each_kind(small.folder / "results" / "public")
    assert len(pages) >= 5 + 5
    found = {}
    for page, width, scheme in product(pages, WIDTHS, SCHEMES):
        faults, ground = violations(browser, page, width, scheme)
        light = sum(map(int, ground.strip("rgba()").split(",")[:3])) > 3 * 128
        assert light is (scheme == "light"), (page, ground)
        if faults:
            found[f"{page.parts[-4:]} {width} {scheme}"] = faults
    assert found == {}


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ("<img src='data:,'>", "image-alt"),
        ("<p style='color: #999; background: #fff'>pale words</p>", "color-contrast"),
    ],
)
def test_axe_sees_faults(browser: webdriver.Chrome, tmp_path: Path, body: str, rule: str) -> None:
    page = tmp_path / "faulty.html"
    page.write_text(
        f"<!doctype html><html lang='en'><title>T</title><main><h1>H</h1>{body}</main></html>",
        encoding="utf-8",
    )
    faults, _ = violations(browser, page, 390, "light")
    assert any(fault.startswith(f"{rule}:") for fault in faults)
