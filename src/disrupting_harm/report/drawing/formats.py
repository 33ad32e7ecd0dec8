"""The files of a figure: SVG from its page, and what Typst makes of that.

A figure is drawn for its own width and once more for telephones. Pictures of pixels and PDF are
made of the SVG where somebody uses them: inside Word, and by authors.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from disrupting_harm.core.files import write_bytes, write_text
from disrupting_harm.report.drawing.conversion import FileFormat, convert_svg
from disrupting_harm.report.drawing.marks import Chart
from disrupting_harm.report.drawing.page import Frame
from disrupting_harm.report.drawing.widths import WEB


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
        write_bytes(folder / f"{name}.{file_format}", convert_svg(svg, file_format))
    phone = ""
    if press.phones:
        phone = f"{name}-phone.svg"
        on_phone = chart.draw(replace(frame, cut=WEB)).render_svg(title, "device")
        write_text(folder / phone, on_phone)
    return FigureFiles(tuple(f"{name}.{kind}" for kind in ("svg", *press.formats)), phone)
