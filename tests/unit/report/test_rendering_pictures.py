"""Figures on paper: the words of our drawings are text there, where they were drawn."""

import io
from pathlib import Path

import numpy as np
import pikepdf
import pytest
import typst
from pdf_readers import READERS, plain_text
from PIL import Image
from pypdf import PdfReader
from rendering_sample import TEMPLATES

from disrupting_harm.report.drawing.canvas import Canvas
from disrupting_harm.report.drawing.style import TEAL
from disrupting_harm.report.language.fonts import (
    find_published_fonts,
    font_files,
    load_typst_fonts,
)
from disrupting_harm.report.rendering.pdf_files import finish_pdf

LATIN = ("Children 12–17 – “a” • 20%", "Trẻ em từng sống ở đó", "M & N <at> home", "Turned")
SIGNS = "+3 (−5 to +11) †"
PLACED = ("from ≥ 20 on", "bị đe dọa", "កុមារប្រើប្រាស់", "เด็กที่ใช้", "two -- hyphens", "sign ⚑ here")
VISIBLE = 40  # of 255, over a square of five pixels each way


@pytest.fixture
def drawing(tmp_path: Path) -> Path:
    canvas = Canvas(127, 76)
    for at, words in enumerate((*LATIN, SIGNS, *PLACED)):
        canvas.write_text(13, 4 + 6.3 * at, words, 7.4, turn=90 if words == "Turned" else 0)
    canvas.write_text(114, 45, "A bold end", 10, bold=True, align="right", color=TEAL)
    path = tmp_path / "drawing.svg"
    path.write_text(canvas.render_svg("A title"), encoding="utf-8")
    return path


def typeset(folder: Path, picture: str, **how: object) -> bytes:
    partial = (TEMPLATES / "styles" / "fallback.typ").read_text("utf-8")
    families = "".join(f'"{family}", ' for family in font_files())
    page = '#set document(title: "T")\n#set page(width: auto, height: auto, margin: 0pt)\n'
    page += f"#set text(font: ({families}), hyphenate: false)\n"
    source = folder / "page.typ"
    source.write_text(f"{partial}\n{page}{picture}", "utf-8")
    published = find_published_fonts()["NotoSans.ttf"].parent
    return typst.compile(source, font_paths=load_typst_fonts(published), **how)


def text(pdf: bytes) -> str:
    return PdfReader(io.BytesIO(pdf)).pages[0].extract_text()


@pytest.mark.parametrize("reader", READERS)
def test_words_of_a_figure_can_be_found(drawing: Path, reader: str) -> None:
    shown = '#report-picture("drawing.svg", alt: "Words")'
    path = drawing.with_suffix(".pdf")
    path.write_bytes(finish_pdf(typeset(drawing.parent, shown, pdf_standards=["ua-1"])))
    # On a page without running text PDFium sees spaces between letters.
    found = plain_text(READERS[reader](path)).replace(" ", "")
    for words in (*LATIN, SIGNS, *PLACED, "A bold end"):
        assert words.replace(" ", "") in found, words


def holds_content(kids: object) -> bool:
    """Return whether an element of the tag tree holds marks on a page, and not other elements."""
    each = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    return any(
        isinstance(kid, int) or (isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/MCR")
        for kid in each
    )


def test_who_hears_a_figure_hears_its_own_words_once(drawing: Path) -> None:
    shown = '#report-picture("drawing.svg", alt: "Words")'
    pdf = typeset(drawing.parent, shown, pdf_standards=["ua-1"])
    with pikepdf.open(io.BytesIO(pdf)) as document:
        elements = [each for each in document.objects if isinstance(each, pikepdf.Dictionary)]
        holders = {
            str(element.S): str(element.get("/Alt"))
            for element in elements
            if element.get("/Type") == "/StructElem" and holds_content(element.get("/K"))
        }
        kinds, within = set(), []
        for operands, operator in pikepdf.parse_content_stream(document.pages[0]):
            if str(operator) in ("BDC", "BMC"):
                is_tagged = len(operands) > 1 and "/MCID" in operands[1]
                within.append("tagged" if is_tagged else str(operands[0]))
            elif str(operator) == "EMC":
                within.pop()
            elif str(operator) in ("Tj", "TJ"):
                kinds.add(within[0])
    assert holders == {"/Figure": "Words"}
    assert kinds == {"tagged", "/Artifact"}


def test_they_stand_where_they_were_drawn_and_look_alike(drawing: Path) -> None:
    def softened(picture: str) -> np.ndarray:
        png = typeset(drawing.parent, picture, format="png", ppi=200)
        pixels = np.asarray(Image.open(io.BytesIO(png)).convert("L"), dtype=float)
        height, width = (size // 5 * 5 for size in pixels.shape)
        squares = pixels[:height, :width].reshape(height // 5, 5, width // 5, 5)
        return squares.mean(axis=(1, 3))

    ours, outlined = softened('#report-picture("drawing.svg")'), softened('#image("drawing.svg")')
    assert ours.shape == outlined.shape
    assert np.abs(ours - outlined).max() < VISIBLE
    assert outlined.min() < 100


def test_a_file_holds_no_outline_of_its_words(drawing: Path) -> None:
    whole, outlined = (
        typeset(drawing.parent, f'#{call}("drawing.svg", alt: "W")', pdf_standards=["ua-1"])
        for call in ("report-picture", "image")
    )
    assert len(PdfReader(io.BytesIO(whole)).pages[0].get_contents().get_data()) < 0.7 * len(
        PdfReader(io.BytesIO(outlined)).pages[0].get_contents().get_data()
    )


def test_pictures_of_others_stay_as_they_are(drawing: Path) -> None:
    (drawing.parent / "other.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><!-- Words -->\n'
        '<g fill="#000000" transform="scale(2 -2)">\n<path d="M0 0h4v4z"/>\n</g></svg>\n'
    )
    Image.new("RGB", (9, 9)).save(drawing.parent / "dot.png")
    for name in ("other.svg", "dot.png"):
        one, other = (
            typeset(drawing.parent, f'#{call}("{name}")', format="png")
            for call in ("report-picture", "image")
        )
        assert one == other
