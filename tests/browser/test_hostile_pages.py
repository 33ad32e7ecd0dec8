"""A real browser opens pages into which somebody wrote code: nothing runs or is asked for."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urldefrag

import pytest
from checkout import Checkout
from selenium import webdriver
from selenium.common.exceptions import NoAlertPresentException
from selenium.webdriver.common.by import By

KINDS = {
    "site": "index.html",
    "country": "countries/KEN.html",
    "comparison": "comparison.html",
    "data": "data.html",
    "report": "reports/KEN/en/report.html",
    "brief": "briefs/KEN/en/brief.html",
    "brief of all": "briefs/all/en/brief.html",
    "regional": "regional/en/report.html",
    "explained": "explained/KEN.html",
    "explorer": "explorer/en.html",
}
RAN = "document.documentElement.dataset.ran=1;alert(1)"
# Each would run or ask for something on a page without a policy.
CODE = {
    "a script": f"<script>{RAN}</script>",
    "a module": f"<script type=module>{RAN}</script>",
    "a script as data": f'<script src="data:text/javascript,{RAN}"></script>',
    "a handler": f'<img src="data:image/png,x" onerror="{RAN}">',
    "a handler of a drawing": f'<svg onload="{RAN}"></svg>',
    "a handler of words": f'<details open ontoggle="{RAN}"><summary>x</summary></details>',
    "an address": f'<a id="hostile" href="javascript:{RAN}">x</a>',
    "a frame": f'<iframe src="javascript:parent.{RAN}"></iframe>',
    "a frame of its own": f'<iframe srcdoc="<script>parent.{RAN}</script>"></iframe>',
    "an object": '<object data="data:text/html,x"></object>',
    "a style sheet": '<link rel="stylesheet" href="SERVER/a.css">',
    "a picture": '<img src="SERVER/a.png">',
    "another place": '<base href="SERVER/"><img src="b.png">',
    "a form": '<form action="SERVER/c"><button id="hostile">x</button></form>',
}
REFUSED = ("Content Security Policy", "Content-Security-Policy", "Not allowed to load")


@pytest.fixture(scope="module")
def public(small: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the pages, to be changed."""
    folder = tmp_path_factory.mktemp("pages") / "public"
    shutil.copytree(small.folder / "results" / "public", folder)
    return folder


class Server(ThreadingHTTPServer):
    """A server that somebody else has; it notes what it is asked for."""

    asked: list[str]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    class Noting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append(self.path)
            self.send_error(404)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with Server(("127.0.0.1", 0), Noting) as found:
        found.asked = []
        Thread(target=found.serve_forever, daemon=True).start()
        yield found
        found.shutdown()


@pytest.fixture
def hostile(public: Path, kind: str, code: str, server: Server) -> Iterator[Path]:
    page = public / KINDS[kind]
    text = page.read_text(encoding="utf-8")
    assert text.count("<body") == 1
    begins = text.index(">", text.index("<body")) + 1
    page.write_text(
        text[:begins] + CODE[code].replace("SERVER", server.address) + text[begins:],
        encoding="utf-8",
    )
    yield page
    page.write_text(text, encoding="utf-8")


def dialogs(browser: webdriver.Chrome) -> int:
    """Return whether a dialogue stands open, and close it."""
    with suppress(NoAlertPresentException):
        browser.switch_to.alert.dismiss()
        return 1
    return 0


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_as_it_is_breaks_no_rule(browser: webdriver.Chrome, public: Path, kind: str) -> None:
    browser.get_log("browser")
    browser.get((public / KINDS[kind]).as_uri())
    assert [entry["message"] for entry in browser.get_log("browser")] == []


@pytest.mark.parametrize("code", CODE)
@pytest.mark.parametrize("kind", KINDS)
def test_code_in_a_page_runs_nothing(
    browser: webdriver.Chrome, hostile: Path, code: str, server: Server
) -> None:
    browser.get_log("browser")
    browser.get(hostile.as_uri())
    assert dialogs(browser) == 0
    for element in browser.find_elements(By.ID, "hostile"):
        browser.execute_script("arguments[0].click()", element)
    assert dialogs(browser) == 0
    assert browser.execute_script("return document.documentElement.dataset.ran || ''") == ""
    assert urldefrag(browser.current_url).url == hostile.as_uri()
    told = [entry["message"] for entry in browser.get_log("browser")]
    assert [each for each in told if any(word in each for word in REFUSED)], (code, told)
    assert server.asked == []


def test_the_same_code_runs_without_a_policy(
    browser: webdriver.Chrome, tmp_path: Path, server: Server
) -> None:
    ran = 0
    for name, code in CODE.items():
        page = tmp_path / "page.html"
        hostile = code.replace("SERVER", server.address)
        page.write_text(f"<!DOCTYPE html><title>x</title><body>{hostile}", encoding="utf-8")
        browser.get(page.as_uri())
        ran += dialogs(browser)
        if name in ("an address", "a form"):
            browser.execute_script("document.getElementById('hostile').click()")
            ran += dialogs(browser)
    assert ran >= 7
    assert {"/a.css", "/a.png", "/b.png"} <= {*server.asked}
    server.asked.clear()
