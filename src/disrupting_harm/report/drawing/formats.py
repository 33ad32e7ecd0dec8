"""The files of a figure: SVG from its page, and what Typst makes of that.

A figure is drawn for its own width and once more for telephones. Pictures of pixels and PDF are
made of the SVG where somebody uses them: inside Word, and by authors.
"""

import io
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import typst
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from disrupting_harm.core.files import write_bytes, write_text
from disrupting_harm.report.drawing.marks import Chart
from disrupting_harm.report.drawing.page import Frame
from disrupting_harm.report.drawing.widths import WEB
from disrupting_harm.report.language.fonts import find_published_fonts

FileFormat = Literal["png", "pdf"]
DOTS_AN_INCH = 300  # of a PNG
COLOURS = 48  # of a PNG: a figure has a dozen, and between them blends at the edges of letters


@dataclass(frozen=True)
class Press:
    """What files a figure is printed as, beside SVG.

    Attributes:
        formats: some of png and pdf.
        phones: whether it is drawn for telephones, too.
        live: whether texts of SVG and PDF stay texts that can be edited, or are drawn as lines.
    """

    formats: tuple[FileFormat, ...] = ()
    phones: bool = True
    live: bool = False


RUN = Press()
# Pictures of briefs stand in Word.
BRIEF = Press(("png",))
AUTHORS = Press(("png", "pdf"), phones=False, live=True)


@dataclass(frozen=True)
class FigureFiles:
    """The names of the files of a figure; ``phone`` is empty where none is drawn for telephones."""

    names: tuple[str, ...]
    phone: str = ""


def write_figure(
    chart: Chart, frame: Frame, folder: Path, name: str, title: str, press: Press = RUN
) -> FigureFiles:
    """Draw a figure and write its files.

    Args:
        title: written into the files.

    Raises:
        StudyError: a mark reaches beyond the axis that it is drawn on.
    """
    svg = chart.draw(frame).render_svg(title, "live" if press.live else "outlines")
    write_text(folder / f"{name}.svg", svg)
    for file_format in press.formats:
        content = convert_svg(svg, file_format, title)
        write_bytes(folder / f"{name}.{file_format}", content)
    phone = ""
    if press.phones:
        phone = f"{name}-phone.svg"
        on_phone = chart.draw(replace(frame, cut=WEB)).render_svg(title, "device")
        write_text(folder / phone, on_phone)
    return FigureFiles(tuple(f"{name}.{kind}" for kind in ("svg", *press.formats)), phone)


def convert_svg(svg: str, file_format: FileFormat, title: str) -> bytes:
    """Return an SVG as PNG or PDF, the same bytes everywhere.

    Typst draws it with the fonts of the project. It must not run in a process that starts others by
    forking: those would wait for ever.
    """
    source = (
        "#set page(width: auto, height: auto, margin: 0pt)\n"
        f"#set document(title: {json.dumps(title, ensure_ascii=False)}, date: none)\n"
        f'#image(bytes({json.dumps(svg, ensure_ascii=False)}), format: "svg")'
    )
    settings: dict[str, Any] = {"format": file_format, "ppi": DOTS_AN_INCH}
    settings["font_paths"] = [str(find_published_fonts()["NotoSans.ttf"].parent)]
    content: bytes = typst.compile(source.encode(), ignore_system_fonts=True, **settings)
    return _reduce_colours(content, title) if file_format == "png" else content


def _reduce_colours(png: bytes, title: str) -> bytes:
    """Return a PNG of few colours without transparency: a third of the bytes."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture = picture.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    metadata = PngInfo()
    metadata.add_text("Title", title)
    buffer = io.BytesIO()
    picture.save(buffer, "png", dpi=(DOTS_AN_INCH, DOTS_AN_INCH), pnginfo=metadata)
    return buffer.getvalue()
