"""Pictures of pixels for Word, which takes no SVG: a folder of PNG beside the document.

A run draws figures as SVG alone. Those of a document are made into PNG when its Word file is made;
they stay beside it, so that Quarto makes that file from the published source as well. Below the
folder they lie as they do below the root, and the filter looks for them there (``floats.lua``).
"""

import re
from pathlib import Path

import typst

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import write_bytes
from disrupting_harm.report.drawing.conversion import convert_svg

FOLDER = "word-pictures"
DOTS_AN_INCH = 150  # with 200 the public folder of a study would be three per cent larger
_PICTURE = re.compile(r"\]\(([^)\s]+)\)")
_UPWARDS = re.compile(r"^(?:\.\./)+")


def find_word_pictures(document: Path, text: str) -> dict[Path, Path]:
    """Return the SVG of each picture of a text that has no PNG beside it, by the PNG for Word."""
    drawings = {}
    for name in dict.fromkeys(_PICTURE.findall(text)):
        stem = name.removesuffix(".svg")
        drawing, pixels = (document.parent / f"{stem}.{kind}" for kind in ("svg", "png"))
        if drawing.is_file() and not pixels.is_file():
            drawings[document.parent / FOLDER / f"{_UPWARDS.sub('', stem)}.png"] = drawing
    return drawings


def write_word_pictures(document: Path, text: str) -> None:
    """Write the PNG of each picture of a text that has none beside it.

    Raises:
        StudyError: for an SVG that cannot be drawn.
    """
    for picture, drawing in find_word_pictures(document, text).items():
        write_bytes(picture, draw_for_word(drawing))


def draw_for_word(drawing: Path) -> bytes:
    """Return an SVG file as the PNG that a Word file holds.

    Raises:
        StudyError: it cannot be drawn.
    """
    try:
        return convert_svg(drawing.read_text(encoding="utf-8"), "png", DOTS_AN_INCH)
    except typst.TypstError as fault:
        remedy = "Mend it, or put a PNG of the same name beside it"
        raise StudyError(str(drawing), f"no picture for Word: {fault}", remedy) from fault
