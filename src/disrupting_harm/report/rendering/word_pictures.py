"""Pictures of pixels for Word, which takes no SVG: a folder of PNG beside the document.

A run draws figures as SVG alone. Those of a document are made into PNG while its Word file is made,
which then holds them; the folder goes. In it they lie as they do below the root, and the filter
looks for them there (``floats.lua``).
"""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typst

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.drawing.conversion import convert_svg

FOLDER = "word-pictures"
DOTS_AN_INCH = 150  # with 200 Word files would be larger by half
_PICTURE = re.compile(r"\]\(([^)\s]+)\)")
_UPWARDS = re.compile(r"^(?:\.\./)+")


@contextmanager
def hold_word_pictures(document: Path, text: str) -> Iterator[None]:
    """Keep the PNG of each picture of a text that has none beside it, as long as Word needs them.

    Raises:
        StudyError: for an SVG that cannot be drawn.
    """
    folder = document.parent / FOLDER
    was_there = folder.exists()
    try:
        for name in dict.fromkeys(_PICTURE.findall(text)):
            stem = name.removesuffix(".svg")
            drawing, pixels = (document.parent / f"{stem}.{kind}" for kind in ("svg", "png"))
            if drawing.is_file() and not pixels.is_file():
                picture = folder / f"{_UPWARDS.sub('', stem)}.png"
                picture.parent.mkdir(parents=True, exist_ok=True)
                picture.write_bytes(draw_for_word(drawing))
        yield
    finally:
        if folder.exists() and not was_there:
            shutil.rmtree(folder)


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
