"""The drawing of a wide figure for pages on a telephone, beside that for paper.

Latin texts stay texts, in letters of the device, since a picture on a page has no others: each is
as wide as in ours, so that nothing reaches over its place. Letters drawn as lines would take three
times the bytes. Not every device has Khmer or Thai letters: those are drawn.
"""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.colors import rgb2hex
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from disrupting_harm.core.files import write_text
from disrupting_harm.report.figures.drawing.mark_addresses import replace_links_by_addresses
from disrupting_harm.report.figures.drawing.page_furniture import Frame
from disrupting_harm.report.figures.drawing.print_formats import SvgRenderer
from disrupting_harm.report.figures.drawing.style import LIVE, METADATA, POINTS_PER_INCH, SEMIBOLD
from disrupting_harm.report.figures.drawing.svg_compaction import compact_svg, join_svg_lines
from disrupting_harm.report.figures.drawing.text_shaping import LETTERS, is_bold
from disrupting_harm.report.figures.drawing.widths import WEB, WIDE, Press

# Latin letters, also of Vietnamese, and common signs.
_ON_EVERY_DEVICE = re.compile("[ -\u024f\u1e00-\u1eff\u2010-\u2026\u2212]*")


def write_phone_svg(
    draw: Callable[[Frame], Figure], frame: Frame, folder: Path, name: str, title: str, press: Press
) -> str:
    """Draw a wide figure once more for telephones; return the name of its SVG.

    The name is empty for a figure that is not wide, and for authors, whose texts can be edited:
    they choose their widths themselves.

    Args:
        draw: draws the figure in the cut of the frame that it gets.
        frame: that of the wide figure.
    """
    if frame.cut != WIDE or press.live:
        return ""
    target = folder / f"{name}-phone.svg"
    write_text(target, render_phone_svg(draw(replace(frame, cut=WEB)), title))
    return target.name


def render_phone_svg(figure: Figure, title: str) -> str:
    """Return an SVG with Latin texts as texts, all others as outlines."""
    figure.dpi = POINTS_PER_INCH
    drawing = io.StringIO()
    renderer = _PhoneSvgRenderer(
        *figure.bbox.size, drawing, metadata=METADATA["svg"] | {"Title": title}
    )
    settings: Any = LIVE
    with matplotlib.rc_context(settings):
        figure.draw(renderer)
    renderer.finalize()
    return join_svg_lines(replace_links_by_addresses(compact_svg(drawing.getvalue())))


class _PhoneSvgRenderer(SvgRenderer):
    def _draw_text_as_text(
        self, gc: Any, x: float, y: float, s: str, prop: FontProperties, angle: float, *more: Any
    ) -> None:
        if not _ON_EVERY_DEVICE.fullmatch(s):
            self._draw_text_as_path(gc, x, y, s, prop, angle, *more)
            return
        font_size, bold = prop.get_size_in_points(), is_bold(prop)
        attributes = {
            "x": f"{x:.2f}",
            "y": f"{y:.2f}",
            "textLength": f"{font_size * LETTERS.measure_text(s, bold)[0]:.2f}",
            "lengthAdjust": "spacingAndGlyphs",
            "fill": rgb2hex(gc.get_rgb()),
            "font-family": "Noto Sans, sans-serif",
            "font-size": f"{font_size:g}",
        }
        attributes |= {"font-weight": str(SEMIBOLD)} if bold else {}
        attributes |= {"transform": f"rotate({-angle:g} {x:.2f} {y:.2f})"} if angle else {}
        self.writer.element("text", s, attrib=attributes)
