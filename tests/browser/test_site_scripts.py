"""What two scripts of the site do, and that all is there without them."""

import shutil
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from checkout import Checkout
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

TEMPLATES = Path(__file__).parents[2] / "workflow" / "templates" / "site"
CARDS = """<!doctype html><html lang="en"><meta charset="utf-8"><title>T</title>
<script src="site-filter.js" defer></script>
<div data-lists="cards" hidden><input type="search"><select data-key="languages"><option value="">
Any</option><option>en</option><option>km</option></select><p role="status"
data-said="{shown} of {all} shown"></p></div>
<ul id="cards"><li data-languages="en">Kenya</li><li data-languages="en km">Cambodia</li>
<li data-languages="en pt" data-words="Moçambique">Mozambique</li></ul>"""


@pytest.fixture
def country(small: Checkout) -> Path:
    return small.folder / "results" / "public" / "countries" / "KEN.html"


@pytest.fixture
def without_scripts(browser: webdriver.Chrome) -> Iterator[webdriver.Chrome]:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    yield browser
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def shown(browser: webdriver.Chrome, selector: str) -> list[str]:
    found = browser.find_elements(By.CSS_SELECTOR, selector)
    return [each.text for each in found if each.is_displayed()]


def test_a_search_hides_what_does_not_fit(browser: webdriver.Chrome, tmp_path: Path) -> None:
    shutil.copy(TEMPLATES / "site-filter.js", tmp_path)
    page = tmp_path / "page.html"
    page.write_text(CARDS, encoding="utf-8")
    browser.get(page.as_uri())
    box = browser.find_element(By.CSS_SELECTOR, "input")
    assert box.is_displayed()
    assert shown(browser, "li") == ["Kenya", "Cambodia", "Mozambique"]
    box.send_keys("MOCAMB")
    assert shown(browser, "li") == ["Mozambique"]
    assert shown(browser, "[role=status]") == ["1 of 3 shown"]
    box.clear()
    box.send_keys("k e-n")
    assert shown(browser, "li") == ["Kenya"]
    box.send_keys(Keys.CONTROL, "a", Keys.DELETE)
    assert shown(browser, "li") == ["Kenya", "Cambodia", "Mozambique"]
    Select(browser.find_element(By.CSS_SELECTOR, "select")).select_by_visible_text("km")
    assert shown(browser, "li") == ["Cambodia"]
    box.send_keys("ken")
    assert shown(browser, "li") == []
    assert shown(browser, "[role=status]") == ["0 of 3 shown"]


def test_a_search_counts_what_fits_in_all_its_lists(
    browser: webdriver.Chrome, tmp_path: Path
) -> None:
    shutil.copy(TEMPLATES / "site-filter.js", tmp_path)
    page = tmp_path / "page.html"
    two = CARDS.replace('data-lists="cards"', 'data-lists="cards others"')
    page.write_text(f"{two}<ul id='others'><li>Kenya's law</li><li>Uganda</li></ul>", "utf-8")
    browser.get(page.as_uri())
    browser.find_element(By.CSS_SELECTOR, "input").send_keys("kenya")
    assert shown(browser, "li") == ["Kenya", "Kenya's law"]
    assert shown(browser, "[role=status]") == ["2 of 5 shown"]


def test_a_search_opens_the_fold_of_what_fits(browser: webdriver.Chrome, small: Checkout) -> None:
    browser.get((small.folder / "results" / "public" / "methods.html").as_uri())
    questions = browser.find_elements(By.CSS_SELECTOR, ".questions li")
    assert len(questions) > 60
    assert not any(question.is_displayed() for question in questions)
    box = browser.find_element(By.CSS_SELECTOR, "input")
    box.send_keys("helpline")
    found = shown(browser, ".questions li")
    assert found
    assert all("helpline" in question.lower() for question in found)
    count = f"{len(found)} of {len(questions)} questions shown"
    assert shown(browser, "[role=status]") == [count]
    assert len(found) == sum("helpline" in each.get_attribute("textContent").lower()
                             for each in questions)  # fmt: skip


def test_on_a_phone_the_boxes_of_a_list_open_on_request(
    phone: webdriver.Chrome, tmp_path: Path
) -> None:
    shutil.copy(TEMPLATES / "site-filter.js", tmp_path)
    page = tmp_path / "page.html"
    folded = CARDS.replace("<div", '<details class="fold" hidden><summary>Find</summary><div')
    page.write_text(folded.replace("</div>", "</div></details>"), encoding="utf-8")
    phone.get(page.as_uri())
    box = phone.find_element(By.CSS_SELECTOR, "input")
    assert not box.is_displayed()
    assert shown(phone, "li") == ["Kenya", "Cambodia", "Mozambique"]
    phone.find_element(By.CSS_SELECTOR, "summary").click()
    box.send_keys("ken")
    assert shown(phone, "li") == ["Kenya"]
    phone.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    phone.get(page.as_uri())
    assert phone.find_element(By.CSS_SELECTOR, "input").is_displayed()


def test_on_a_phone_the_first_country_stands_on_the_first_screen(
    phone: webdriver.Chrome, small: Checkout
) -> None:
    public = small.folder / "results" / "public"
    pages = sorted(public.glob("*/index.html"))
    assert pages
    for page in (public / "index.html", *pages):
        phone.get(page.as_uri())
        name = phone.find_element(By.CSS_SELECTOR, ".card h3")
        assert name.rect["y"] + name.rect["height"] < 844, page
        # What is counted is explained before the first number.
        (meaning,) = phone.find_elements(By.CSS_SELECTOR, ".meaning")
        assert 0 < meaning.rect["y"] + meaning.rect["height"] <= name.rect["y"], page


def test_texts_of_a_folded_figure_are_copied(browser: webdriver.Chrome, country: Path) -> None:
    browser.get(country.as_uri())
    before = len(shown(browser, ".picture"))
    for topic in browser.find_elements(By.CSS_SELECTOR, "details.topic > summary"):
        topic.click()
    pictures = [
        each for each in browser.find_elements(By.CSS_SELECTOR, ".picture") if each.is_displayed()
    ]
    assert len(pictures) > max(before, 10)
    found = pictures[-1]
    summary = found.find_element(By.CSS_SELECTOR, "summary")
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", summary)
    summary.click()
    browser.execute_cdp_cmd(
        "Browser.grantPermissions",
        {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]},
    )
    text = found.find_element(By.CSS_SELECTOR, "[data-copy]")
    button = text.find_element(By.CSS_SELECTOR, "button")
    wanted = text.text.removesuffix("Copy").strip()
    button.click()
    copied = browser.execute_async_script(
        "const done = arguments[arguments.length - 1];"
        "setTimeout(() => navigator.clipboard.readText().then(done, () => done(null)), 200);"
    )
    assert copied == wanted
    assert button.text == "Copied"


def test_a_server_may_forbid_all_that_is_not_its_own(
    browser: webdriver.Chrome, small: Checkout
) -> None:
    public = small.folder / "results" / "public"
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Strict, directory=str(public))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            for page in ("index.html", "comparison.html", "data.html", "countries/KHM.html"):
                browser.get_log("browser")
                browser.get(f"http://127.0.0.1:{server.server_port}/{page}")
                assert browser.find_element(By.CSS_SELECTOR, "h1").is_displayed()
                complaints = [entry["message"] for entry in browser.get_log("browser")]
                assert [each for each in complaints if "favicon.ico" not in each] == [], page
        finally:
            server.shutdown()


class Strict(SimpleHTTPRequestHandler):
    """Serves files under the policy that nothing may come from elsewhere or stand in the page."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", "default-src 'self'")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def test_without_scripts_all_is_there_and_no_box_is_dead(
    without_scripts: webdriver.Chrome, country: Path
) -> None:
    without_scripts.get(country.as_uri())
    for topic in without_scripts.find_elements(By.CSS_SELECTOR, "details.topic > summary"):
        topic.click()
    assert len(shown(without_scripts, ".picture")) > 10
    assert shown(without_scripts, "input, select, button") == []
