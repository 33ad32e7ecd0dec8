"""The documentation as a site: links hold, the engine has its reference, search finds."""

import inspect
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from repository import PROJECT
from selenium import webdriver

import designbased

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages as `make docs-site` builds them: a warning, such as of a dead link, is a fault."""
    folder = tmp_path_factory.mktemp("docs")
    sphinx = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html"]
    done = subprocess.run(
        [*sphinx, "-d", folder / "cache", PROJECT / "docs", folder / "site"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder / "site"


class Identifiers(HTMLParser):
    """Collects the id of every element."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names |= {value for name, value in attrs if name == "id" and value}


def test_every_page_of_the_documentation_is_in_its_contents(site: Path) -> None:
    pages = {path.stem for path in (PROJECT / "docs").glob("*.md")}
    contents = (site / "index.html").read_text(encoding="utf-8")
    assert {page for page in pages if f'href="{page}.html"' not in contents} <= {"index"}


def test_every_public_name_of_the_engine_has_an_entry_with_its_docstring(site: Path) -> None:
    page = (site / "engine-reference.html").read_text(encoding="utf-8")
    reader = Identifiers()
    reader.feed(page)
    missing = [name for name in designbased.__all__ if f"designbased.{name}" not in reader.names]
    assert missing == []
    first_line = (inspect.getdoc(designbased.estimate) or "").splitlines()[0]
    assert first_line in page


def test_search_finds_a_page_without_a_server(site: Path, browser: webdriver.Chrome) -> None:
    browser.get((site / "search.html").as_uri() + "?q=suppression")
    found = browser.execute_async_script(
        "const done = arguments[0]; const wait = () => {"
        "const links = [...document.querySelectorAll('#search-results li a')];"
        "const summary = document.querySelector('#search-results .search-summary');"
        "summary && summary.textContent.startsWith('Search finished')"
        " ? done(links.map(link => link.textContent)) : setTimeout(wait, 100)}; wait()"
    )
    assert "Methods" in found
