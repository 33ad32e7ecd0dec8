"""Beside a title: a hundred dots, the QR code of the study's address, and where a page leads."""

import io
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import docx
import pypdf
import pytest
import segno
import zxingcpp
from PIL import Image
from rendering_sample import document

from disrupting_harm.report.rendering import RenderRecord, render
from disrupting_harm.report.rendering.qr_code import PICTURES, write_address

ADDRESS = "https://example.org/results"
ALT = f"QR code of the address {ADDRESS}"
FRONT = f"""\
cover:
  name: Kenya
  low: 14
  estimate: 17
  high: 21
  words: "About 17 of 100."
address:
  text: "{ADDRESS.replace(":", chr(92) * 2 + ":")}"
  code: "../_shared/address"
  alt: "QR code of the address {ADDRESS.replace(":", chr(92) * 2 + ":")}"
ways:
  label: "Other languages and formats"
  home: "../countries/KEN.html"
  home-text: "All documents"
  other-letters: true
  others:
    - href: "../km/d.html"
      text: "ខ្មែរ"
      lang: km
    - href: "d.pdf"
      text: "PDF"
"""
KINDS = {"sure": 14, "likely": 3, "possible": 4, "rest": 79}


@pytest.fixture(scope="module", params=["report", "brief"])
def rendered(request, tmp_path_factory) -> RenderRecord:
    """A report, and a brief, which has no dots on its cover."""
    folder = tmp_path_factory.mktemp(request.param)
    front = FRONT if request.param == "report" else re.sub(r"(?s)^cover:.*?(?=address)", "", FRONT)
    brief = "brief: true\ntoc: false\n" if request.param == "brief" else ""
    qmd = document(folder / "d", "## Heading\n\nText.", front + brief)
    write_address(folder, ADDRESS)
    return render(qmd, ["html", "pdf", "docx"], "embedded", language="en")


def is_report(rendered: RenderRecord) -> bool:
    return "cover:" in rendered.files["pdf"].with_suffix(".qmd").read_text("utf-8")


def read(picture: bytes) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))]


def modules(svg: str) -> list[list[int]]:
    """Return the dark and light modules that the strokes of an SVG file draw."""
    root = ElementTree.fromstring(svg)
    (stroke,) = (path for path in root.iter() if path.get("stroke"))
    size = int(root.get("width") or 0) // 10
    drawn = [[0] * size for _ in range(size)]
    x, y = 0.0, 0.0
    for command, numbers in re.findall(r"([Mmh])([-\d. ]+)", stroke.get("d") or ""):
        step = [float(number) for number in numbers.split()]
        if command == "M":
            x, y = step
        elif command == "m":
            x, y = x + step[0], y + step[1]
        else:
            for at in range(int(x), int(x + step[0])):
                drawn[int(y)][at] = 1
            x += step[0]
    return drawn


def test_the_code_says_the_address_and_is_the_same_each_time(tmp_path: Path) -> None:
    first, second = (write_address(tmp_path / name, ADDRESS) for name in "ab")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    svg, png = (tmp_path / "a" / name for name in PICTURES)
    assert read(png.read_bytes()) == [ADDRESS]
    matrix = segno.make_qr(ADDRESS, error="m").matrix_iter(border=4)
    assert modules(svg.read_text("utf-8")) == [[int(dark) for dark in row] for row in matrix]


def test_a_page_has_the_dots_the_code_and_the_ways(rendered: RenderRecord) -> None:
    page = rendered.files["html"].read_text("utf-8")
    counts = {kind: page.count(f'<circle class="{kind}"') for kind in KINDS}
    assert counts == (KINDS if is_report(rendered) else dict.fromkeys(KINDS, 0))
    assert page.count("About 17 of 100.") == is_report(rendered)
    assert f'alt="{ALT}"' in page
    assert f'<a href="{ADDRESS}">{ADDRESS}</a>' in page
    assert '<nav class="ways" aria-label="Other languages and formats">' in page
    assert '<a href="../countries/KEN.html">All documents</a>' in page
    assert '<a href="../km/d.html" hreflang="km" lang="km">ខ្មែរ</a> <a href="d.pdf">PDF</a>' in page
    # The few letters of the name come with the page.
    assert page.count("font-family: 'Names of languages'") == 2


def test_paper_has_the_code_with_its_alternative_text(rendered: RenderRecord) -> None:
    reader = pypdf.PdfReader(rendered.files["pdf"])
    assert ADDRESS in reader.pages[0].extract_text()
    assert "All documents" not in reader.pages[0].extract_text()
    assert ALT in alternatives(reader)


def alternatives(reader: pypdf.PdfReader) -> list[str]:
    """Return the alternative texts of all elements of a tagged file."""
    found, waiting = [], [reader.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop().get_object()
        if isinstance(element, list):
            waiting += element
        elif hasattr(element, "get"):
            if "/Alt" in element:
                found.append(str(element["/Alt"]))
            if "/K" in element:
                waiting.append(element["/K"])
    return found


def test_word_has_the_dots_for_the_eye_and_the_code(rendered: RenderRecord) -> None:
    path = rendered.files["docx"]
    with zipfile.ZipFile(path) as package:
        xml = package.read("word/document.xml").decode()
        pictures = [package.read(name) for name in package.namelist() if name.endswith(".png")]
    ids = re.findall(r'<wp:docPr [^>]*?id="(\d+)"', xml)
    assert len(ids) == len(set(ids)) == (2 if is_report(rendered) else 1)
    assert xml.count('prst="ellipse"') == (100 if is_report(rendered) else 0)
    assert xml.count("adec:decorative ") == is_report(rendered)
    assert f'descr="{ALT}"' in xml
    assert [ADDRESS] in [read(picture) for picture in pictures]
    texts = [paragraph.text for paragraph in docx.Document(str(path)).paragraphs]
    assert texts.index(ADDRESS) < texts.index("1\u2002Heading")
    assert ("About 17 of 100." in texts) is is_report(rendered)


def test_without_an_address_nothing_is_printed(tmp_path: Path) -> None:
    qmd = document(tmp_path / "d", "## Heading\n\nText.")
    made = render(qmd, ["html", "docx"], "embedded", language="en").files
    page = made["html"].read_text("utf-8")
    for sign in ('class="address"', 'class="dots"', 'class="ways"'):
        assert sign not in page
    with zipfile.ZipFile(made["docx"]) as package:
        assert b"<w:drawing" not in package.read("word/document.xml")
