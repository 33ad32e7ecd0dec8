"""PNG and PDF of figures: what Typst draws is what the outlines of letters show."""

import io
from pathlib import Path

import numpy as np
import pypdf
import pytest
from PIL import Image
from rendered import paper_pages, without_spaces

from disrupting_harm.report.drawing.canvas import Canvas
from disrupting_harm.report.drawing.conversion import convert_svg
from disrupting_harm.report.drawing.letters import measure_text

TEXTS = {
    "en": "Were threatened or blackmailed: 3% (2–4)",
    "km": "ឧទាហរណ៍ច្បាស់លាស់នៃការកេងប្រវ័ញ្ច",
    "th": "ครั้งล่าสุด: ถูกข่มขู่",
    "th-am": "จำนวนคำตอบ",
    "vi": "Bị đe doạ hoặc tống tiền",
}


def draw(text: str) -> Canvas:
    """Return a page with a text in letters of both weights, one of them turned."""
    canvas = Canvas(120, 90)
    canvas.write_text(5, 8, text, 14)
    canvas.write_text(5, 18, text, 14, bold=True)
    canvas.write_text(20, 88, text, 10, turn=60)
    canvas.draw_box(110, 80, 5, 5, fill="#0B4F6C", address="KEN/x/estimate")
    return canvas


def ink(png: bytes) -> np.ndarray:
    """Return how dark each dot is, from 0 to 1, a little blurred."""
    picture = Image.open(io.BytesIO(png)).convert("L").reduce(2)
    return 1 - np.asarray(picture, dtype=float) / 255


@pytest.mark.parametrize("language", TEXTS)
def test_texts_that_can_be_edited_look_like_their_outlines(language: str) -> None:
    """The outlines are shaped by another program, and letters over each other look otherwise."""
    canvas = draw(TEXTS[language])
    outlines, live = (
        ink(convert_svg(canvas.render_svg("A", lettering), "png", 150))
        for lettering in ("outlines", "live")
    )
    assert outlines.shape == live.shape
    assert np.abs(outlines - live).sum() < 0.12 * outlines.sum()


@pytest.mark.parametrize("language", TEXTS)
def test_the_text_of_a_pdf_can_be_marked_and_its_letters_are_in_it(
    language: str, tmp_path: Path
) -> None:
    content = convert_svg(draw(TEXTS[language]).render_svg("A & B", "live"), "pdf")
    (tmp_path / "a.pdf").write_bytes(content)
    # The lines of the turned text are those of its letters.
    assert paper_pages(tmp_path / "a.pdf")[0].startswith(2 * without_spaces(TEXTS[language]))
    reader = pypdf.PdfReader(tmp_path / "a.pdf")
    assert reader.metadata is not None
    assert reader.metadata.title == "A & B"
    fonts = reader.pages[0]["/Resources"]["/Font"].values()
    descriptors = [
        font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts
    ]
    assert descriptors
    assert all({"/FontFile2", "/FontFile3"} & {*descriptor} for descriptor in descriptors)
    assert convert_svg(draw(TEXTS[language]).render_svg("A & B", "live"), "pdf") == content


def test_a_png_has_the_size_of_its_drawing_and_its_title() -> None:
    canvas = draw(TEXTS["en"])
    with Image.open(io.BytesIO(convert_svg(canvas.render_svg("A & B"), "png", 200))) as picture:
        assert abs(picture.width - 120 / 25.4 * 200) <= 1
        assert picture.text == {"Title": "A & B"}
        assert round(picture.info["dpi"][0]) == 200
        assert picture.convert("RGB").getpixel((picture.width * 112 // 120, 650)) == (11, 79, 108)
    assert measure_text(TEXTS["en"], 14) < 115
