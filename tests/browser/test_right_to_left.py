"""Documents in a script from the right, as Chromium, Word's format and readers of PDF see them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pymupdf
import pytest
from checkout import Checkout
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from preconditions import require
from right_to_left import CODE, in_arabic_letters
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from test_pages_on_telephones import BROKEN, FAULTS, RANGES

ARABIC = re.compile("[\u0600-\u06ff]")
MM = 72 / 25.4
REMARK = in_arabic_letters("This PDF is for print")
DOCUMENTS = ("briefs/NAM/ar/brief", "reports/NAM/ar/report")
# Pages with numbers of several parts, and how many they have at least.
PAGES = {
    **dict.fromkeys(DOCUMENTS, 6),
    "ar/index": 3,
    "ar/countries/NAM": 50,
    "ar/law": 6,
    "ar/methods": 5,
    "explorer/ar": 4,
}
# The places of the letters of all numbers with limits in the running text of a page.
PLACES = r"""
const found = [];
const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const node = walker.currentNode;
  const numbers = /\d[\d.,]*%? ?\(\d[\d.,]*[–\u2060]+\d[\d.,]*\)|\(?\d+[-–]\u2060?\d+\)?/g;
  for (const match of node.data.matchAll(numbers)) {
    const places = [];
    for (let at = match.index; at < match.index + match[0].length; at++) {
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      const box = range.getBoundingClientRect();
      if (box.width) places.push([Math.round(box.top), box.left]);
    }
    if (places.length) found.push([match[0], places]);
  }
}
return found;
"""
# Each text of a drawing, its two ends, and the ends of what is drawn for a number.
DRAWN = """
const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_COMMENT);
const texts = [];
while (walker.nextNode()) {
  const letters = walker.currentNode.nextElementSibling.getBoundingClientRect();
  texts.push([walker.currentNode.data.trim(), letters.left, letters.right]);
}
const marks = [...document.querySelectorAll("path[data-n], circle[data-n]")];
return [texts, marks.map(mark => mark.getBoundingClientRect()).map(box => [box.left, box.right])];
"""


@pytest.fixture
def public(right_to_left: Checkout) -> Path:
    """The public results of that study."""
    return right_to_left.folder / "results" / "public"


def open_at_width(browser: webdriver.Chrome, path: Path, width: int) -> None:
    """Open a page in a window of a width."""
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.get(path.as_uri())


@pytest.mark.parametrize("width", [1366, 390])
@pytest.mark.parametrize("document", PAGES)
def test_a_page_begins_at_the_right(
    public: Path, browser: webdriver.Chrome, document: str, width: int
) -> None:
    open_at_width(browser, public / f"{document}.html", width)
    language, direction, beyond = browser.execute_script(
        "const page = document.documentElement;"
        "return [page.lang, getComputedStyle(page).direction, page.scrollWidth - page.clientWidth];"
    )
    assert (language, direction, beyond) == (CODE, "rtl", 0)
    if document.startswith("explorer/"):
        WebDriverWait(browser, 20).until(
            lambda shown: shown.find_elements(By.CSS_SELECTOR, ".rows svg")
        )
    # What can be read on a telephone can be read here: on screens, too, in letters as large.
    texts, faults = browser.execute_script(FAULTS)
    assert texts > 20
    assert faults == []
    for find in (RANGES, *([] if document in DOCUMENTS else [BROKEN])):
        _, broken = browser.execute_script(find)
        assert broken == []
    heading, words = browser.execute_script(
        "const heading = document.querySelector('main h1, main h2, main h3');"
        "const range = document.createRange();"
        "range.selectNodeContents(heading);"
        "return [heading, range].map(each => each.getBoundingClientRect().right);"
    )
    assert heading == pytest.approx(words, abs=1)


@pytest.mark.parametrize(("document", "least"), PAGES.items())
def test_a_number_with_limits_keeps_its_order(
    public: Path, browser: webdriver.Chrome, document: str, least: int
) -> None:
    open_at_width(browser, public / f"{document}.html", 1366)
    found = browser.execute_script(PLACES)
    assert len(found) >= least
    turned = [text for text, places in found if places != sorted(places)]
    assert turned == []


def test_a_number_without_an_isolate_is_turned(
    public: Path, browser: webdriver.Chrome, tmp_path: Path
) -> None:
    source = (public / f"{DOCUMENTS[0]}.html").read_text("utf-8")
    page = tmp_path / "page.html"
    page.write_text(re.sub("[\u2066\u2069]", "", source), encoding="utf-8")
    open_at_width(browser, page, 1366)
    assert any(places != sorted(places) for _, places in browser.execute_script(PLACES))


@pytest.mark.parametrize("cut", ["", "-phone"])
def test_labels_stand_right_of_their_bars(
    public: Path, browser: webdriver.Chrome, cut: str
) -> None:
    pictures = sorted((public / "figures" / "NAM" / CODE).glob(f"module-*[!e]{cut}.svg"))
    assert pictures
    for picture in pictures:
        open_at_width(browser, picture, 1366)
        texts, marks = browser.execute_script(DRAWN)
        ends = {text: right for text, _, right in texts}
        labels = [right for text, right in ends.items() if ARABIC.search(text)]
        values = [right for text, right in ends.items() if re.fullmatch(r"\d+%\s\(.*\)", text)]
        assert max(labels) > max(right for _, right in marks), picture.name
        # Where there is room beside the marks: on a telephone values stand above them.
        if not cut:
            assert values, picture.name
            assert max(values) < min(left for left, _ in marks) + 1, picture.name


def parts_of(path: Path) -> Iterator[tuple[str, BaseOxmlElement]]:
    """Yield text, header and footer of a Word file, each with the name of what it is."""
    document = docx.Document(str(path))
    yield "text", document.element.body
    for section in document.sections:
        yield "header", section.header._element
        yield "footer", section.footer._element


def is_on(properties: Any, name: str) -> bool:
    """Return whether properties of a paragraph, a run or a table have one of these names."""
    return properties is not None and properties.find(qn(name)) is not None


def read_letters(paragraph: BaseOxmlElement) -> Iterator[tuple[str, bool]]:
    """Yield the letters of a paragraph, each with whether its run is one from the right."""
    for run in paragraph.iter(qn("w:r")):
        turned = is_on(run.find(qn("w:rPr")), "w:rtl")
        for text in run.iter(qn("w:t")):
            yield from ((letter, turned) for letter in text.text or "")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_word_begins_at_the_right(public: Path, document: str) -> None:
    path = public / f"{document}.docx"
    styles = docx.Document(str(path)).styles.element
    assert is_on(styles.find(f"{qn('w:docDefaults')}/{qn('w:pPrDefault')}/{qn('w:pPr')}"), "w:bidi")
    (language, *_) = styles.iter(qn("w:lang"))
    assert language.get(qn("w:bidi")) == CODE
    ranges = 0
    for part, element in parts_of(path):
        for paragraph in element.iter(qn("w:p")):
            letters = list(read_letters(paragraph))
            text = "".join(letter for letter, _ in letters)
            assert all(turned for letter, turned in letters if ARABIC.match(letter)), (part, text)
            for number in re.finditer("\\(?\\d+–\u2060?\\d+\\)?", text):
                ranges += 1
                turned = [turned for _, turned in letters[number.start() : number.end()]]
                assert not any(turned), (part, number[0])
        for table in element.iter(qn("w:tbl")):
            assert is_on(table.find(qn("w:tblPr")), "w:bidiVisual"), part
    assert ranges > 5


@pytest.mark.parametrize(("document", "pages"), [(DOCUMENTS[0], 2), (DOCUMENTS[1], None)])
def test_paper_begins_at_the_right(public: Path, document: str, pages: int | None) -> None:
    with pymupdf.open(public / f"{document}.pdf") as pdf:
        assert pages in (None, len(pdf))
        for sheet in pdf:
            letters = [letter for span in sheet.get_texttrace() for letter in span["chars"]]
            assert letters
            # The first of a font is the box in place of a letter that it lacks.
            assert all(glyph for _, glyph, *_ in letters), sheet.number


def test_a_pdf_says_itself_that_it_is_for_print(public: Path) -> None:
    require("no Poppler")
    for document in DOCUMENTS:
        source = (public / f"{document}.qmd").read_text("utf-8")
        (words,) = re.findall('^pdf-remark: "(.*)"$', source, re.MULTILINE)
        assert words.startswith(REMARK)
        assert words not in (public / f"{document}.html").read_text("utf-8")
        with pymupdf.open(public / f"{document}.pdf") as pdf:
            on_page = pdf[0].get_text()
        # Few words, as long as these, are found by a search: enough to know that they stand there.
        long_words = re.findall("[\u0600-\u06ff]{5,}", words)
        assert sum(word in on_page for word in long_words) > len(long_words) / 2
