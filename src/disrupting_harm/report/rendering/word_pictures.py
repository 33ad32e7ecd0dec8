"""Pictures of pixels for Word, which takes no SVG: a folder of PNG beside the document.

A run draws figures as SVG alone. Those of a document are made into PNG while its Word file is made,
which holds them; they do not stay beside it. Below the folder they lie as they do below the root,
and the filter looks for them there (``floats.lua``); where it finds none, as in a call of Quarto by
hand, the file holds the SVG, which Word draws from 2016 on.
"""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typst

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import WRITTEN, write_bytes
from disrupting_harm.report.drawing.conversion import convert_svg

FOLDER = "word-pictures"
DOTS_AN_INCH = 150  # with 200 the public folder of a study would be two per cent larger
_PICTURE = re.compile(r"\]\(([^)\s]+)\)")
_UPWARDS = re.compile(r"^(?:\.\./)+")


@contextmanager
def lay_word_pictures(document: Path, text: str) -> Iterator[None]:
    """Have the PNG of each picture of a text that has none beside it, until Word's file is made.

    Raises:
        StudyError: for an SVG that cannot be drawn.
    """
    drawings = _find_drawings(document, text)
    try:
        for picture, drawing in drawings.items():
            write_bytes(picture, draw_for_word(drawing))
        yield
    finally:
        WRITTEN.difference_update(drawings)
        shutil.rmtree(document.parent / FOLDER, ignore_errors=True)


def _find_drawings(document: Path, text: str) -> dict[Path, Path]:
    """Return the SVG of each picture of a text that has no PNG beside it, by the PNG for Word."""
    drawings = {}
    for name in dict.fromkeys(_PICTURE.findall(text)):
        stem = name.removesuffix(".svg")
        drawing, pixels = (document.parent / f"{stem}.{kind}" for kind in ("svg", "png"))
        if drawing.is_file() and not pixels.is_file():
            drawings[document.parent / FOLDER / f"{_UPWARDS.sub('', stem)}.png"] = drawing
    return drawings


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
