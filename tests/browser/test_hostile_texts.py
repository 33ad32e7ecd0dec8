"""Texts that would do harm as code: nothing runs, is brought in, is asked for, or is lost."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import docx
import pypdf
import pytest
from browsing import requests
from checkout import Checkout, make_checkout
from hostile_study import CONFIG, MARK, SECRET, write_hostile_study
from selenium import webdriver
from site_pages import links_of_study

# A study of its own; that texts are escaped is asked in tests/unit/report/, too.
pytestmark = pytest.mark.slow
WORDS = "return document.documentElement.innerText"
ALTERNATIVES = "return [...document.images].map(i => i.alt)"
LINKS = "return [...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href'))"
# Elements and attributes that run something or bring something in, beside the site's scripts,
# and those of a page whose policy names the hash of its own script, lets no other run, and lets no
# form send anything.
ACTIVE = """
const all = [...document.querySelectorAll('*')];
const policy = document.querySelector('meta[http-equiv="Content-Security-Policy"]')?.content || '';
const hashed = /script-src 'sha256-[^' ]+'(;|$)/.test(policy);
const own = e => hashed && e.matches('script:not([src])')
  // Data that dataset search reads; no browser runs it.
  || e.matches('script[type="application/ld+json"]:not([src])')
  && '@type' in JSON.parse(e.textContent)
  || policy.includes("form-action 'none'") && e.matches('form:not([action])')
  || e.matches('script[src][defer]:empty')
  && /^(\\.\\.\\/)*site-(filter|copy|compare)\\.js$/.test(e.getAttribute('src'));
return all.filter(e => !own(e)).filter(e =>
  ['SCRIPT', 'IFRAME', 'OBJECT', 'EMBED', 'FORM', 'BASE'].includes(e.tagName)
  || [...e.attributes].some(a => a.name.startsWith('on'))).map(e => e.outerHTML.slice(0, 200));
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> tuple[Checkout, dict[str, str]]:
    """The hostile study, run from end to end without a home folder, and its texts."""
    checkout = make_checkout(tmp_path_factory.mktemp("hostile") / "checkout")
    words = write_hostile_study(checkout)
    done = checkout.run(config=CONFIG, environment={"HOME": None})
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return checkout, words


@pytest.fixture(scope="module")
def public(hostile: tuple[Checkout, dict[str, str]]) -> Path:
    return hostile[0].folder / "results" / "mini" / "public"


def plain(text: str) -> str:
    """Return letters alone: typography may turn quotation marks, and lines may break anywhere."""
    text = re.sub("[\u201c\u201d]", '"', re.sub("[\u2018\u2019]", "'", text))
    # Marks of direction have no shape; programs that read text back drop or move them.
    return re.sub("[\\s\u200b\u00ad\u2060\u2066-\u2069]+", "", text)


def expected(words: dict[str, str], *left_out: str) -> dict[str, str]:
    return {place: plain(text) for place, text in words.items() if place not in left_out}


def test_no_public_file_holds_the_secret(public: Path) -> None:
    holding = [path for path in public.rglob("*") if path.is_file() and _holds(path)]
    assert holding == []


def _holds(path: Path) -> bool:
    if path.suffix == ".pdf":
        return SECRET in plain(_pdf_text(path))
    if path.suffix == ".docx":
        return SECRET in _docx_text(path)
    return SECRET.encode() in path.read_bytes()


def test_pages_run_nothing_ask_for_nothing_and_show_every_letter(
    browser: webdriver.Chrome, hostile: tuple[Checkout, dict[str, str]], public: Path
) -> None:
    shown, links_beyond = "", links_of_study(public)
    for page in sorted(public.rglob("*.html")):
        requests(browser)
        browser.get(page.as_uri())
        assert browser.title != MARK
        assert browser.execute_script(ACTIVE) == [], page
        assert {urlsplit(url).scheme for url in requests(browser)} <= {"file", "data"}, page
        for href in browser.execute_script(LINKS):
            if href in links_beyond:
                continue
            assert urlsplit(href).scheme in ("", "https"), f"{page}: {href}"
            assert "example.org" not in href
            assert "passwd" not in href
        shown += plain(browser.execute_script(WORDS))
        shown += plain(" ".join(browser.execute_script(ALTERNATIVES)))
    for place, text in expected(hostile[1], "note").items():
        assert text in shown, place


def test_the_pdf_shows_every_letter_and_does_nothing(
    hostile: tuple[Checkout, dict[str, str]], public: Path
) -> None:
    path = public / "reports" / "N" / "en" / "report.pdf"
    shown = plain(_pdf_text(path))
    # Letters written from the right come out of a PDF in the order of the reading program.
    for place, text in expected(hostile[1], "note", "urban").items():
        assert text in shown, place
    assert set(plain(hostile[1]["urban"])) <= set(shown)
    for page in pypdf.PdfReader(path).pages:
        for annotation in page.get("/Annots") or []:
            action = annotation.get_object().get("/A", {}).get("/S", "/GoTo")
            assert action in ("/GoTo", "/URI"), path
            assert "example" not in str(annotation.get_object().get("/A", {}))


def _pdf_text(path: Path) -> str:
    return " ".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


def test_the_word_file_shows_every_letter_and_links_to_nothing(
    hostile: tuple[Checkout, dict[str, str]], public: Path
) -> None:
    path = public / "reports" / "N" / "en" / "report.docx"
    shown = plain(_docx_text(path))
    for place, text in expected(hostile[1], "note").items():
        assert text in shown, place
    outside = [r.target_ref for r in docx.Document(str(path)).part.rels.values() if r.is_external]
    assert [target for target in outside if not target.startswith("https://")] == []


def _docx_text(path: Path) -> str:
    document = docx.Document(str(path))
    return " ".join(node.text or "" for node in document.element.body.iter() if node.text)


def test_figures_hold_no_code(public: Path) -> None:
    pictures = sorted(public.rglob("*.svg"))
    assert len(pictures) >= 4
    for picture in pictures:
        for element in ElementTree.parse(picture).iter():
            assert element.tag.rpartition("}")[2] not in ("script", "foreignObject", "image")
            for name, value in element.attrib.items():
                assert not name.startswith("on")
                assert not name.endswith("href") or value.startswith("#")


def test_no_cell_of_a_public_table_is_a_formula(
    public: Path, hostile: tuple[Checkout, dict[str, str]]
) -> None:
    cells = {cell for path in public.rglob("*.csv") for row in _raw_rows(path) for cell in row}
    assert f"'{hostile[1]['boy']}" in cells
    number = re.compile(r"[+-]?[0-9.]+(e[+-]?[0-9]+)?")
    assert not [
        cell for cell in cells if cell[:1] in set("=+-@\t\r\n") and not number.fullmatch(cell)
    ]


def _raw_rows(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.reader(file)
