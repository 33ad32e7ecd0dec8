"""The page of a figure: title and subtitle above the chart, notes and source below it.

Lengths are millimetres from the top left corner, so that a layout is plain numbers and needs no
layout engine (which would measure every text at every save).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure
from matplotlib.text import Text

from disrupting_harm.report.drawing.page import Frame
from disrupting_harm.report.figures.drawing.style import (
    GREY,
    INK,
    MM_PER_INCH,
    POINTS_PER_INCH,
    RUST,
    SEMIBOLD,
)
from disrupting_harm.report.figures.drawing.text_shaping import text_width, wrap
from disrupting_harm.report.figures.drawing.widths import TEXT, Cut, line_height
from disrupting_harm.report.language.addressed_text import strip_addresses

MARGIN = 0.5  # round the page; letters reach a little over their places
GAP = 2.0  # between the texts and the chart
LETTER_MIDDLE = 0.33  # of the letter size, above the baseline
# The share of a line's width that stands before the point that it is aligned at.
SHARE_BEFORE_ANCHOR = {"left": 0.0, "center": 0.5, "right": 1.0}


def new_page(height: float, width: float) -> tuple[Figure, Axes]:
    """Return a figure and an invisible page over it whose coordinates are millimetres."""
    figure = Figure(figsize=(width / MM_PER_INCH, height / MM_PER_INCH), facecolor="white")
    page = figure.add_axes((0, 0, 1, 1), label="page", zorder=1)
    page.set_xlim(0, width)
    page.set_ylim(height, 0)
    page.set_axis_off()
    return figure, page


def place_axes(figure: Figure, left: float, top: float, width: float, height: float) -> Axes:
    """Return axes whose frame stands at these millimetres of the page."""
    page_width, page_height = figure.get_size_inches() * MM_PER_INCH
    bottom = page_height - top - height
    box = (left / page_width, bottom / page_height, width / page_width, height / page_height)
    return figure.add_axes(box)


def per_millimetre(plot: Axes) -> tuple[float, float]:
    """Return what a millimetre of the page is on the axes across and up, whose limits are set."""
    (left, right), (low, high) = plot.get_xlim(), plot.get_ylim()
    inch = MM_PER_INCH / plot.figure.dpi
    return (right - left) / (plot.bbox.width * inch), (high - low) / (plot.bbox.height * inch)


def put_text(page: Axes, x: float, y: float, text: str, **look: Any) -> Text:
    """Write one line of ``text`` from x, with the middle of its letters at height y.

    ``look`` are properties of matplotlib's ``Text``; without a ``size`` that of a figure's texts.
    """
    font_size, text = look.setdefault("size", TEXT.text), strip_addresses(text)
    baseline = y + LETTER_MIDDLE * font_size / POINTS_PER_INCH * MM_PER_INCH
    line = TextLine(x, baseline, text, transform=page.transData, clip_on=False, **look)
    page.add_artist(line)
    return line


class TextLine(Text):
    """One line of text on the page: level, and placed by its baseline."""

    def draw(self, renderer: RendererBase) -> None:
        """Write the line; its width is measured only where its middle or end is placed."""
        if self.get_bbox_patch():
            super().draw(renderer)
            return
        text, font = self.get_text(), self.get_fontproperties()
        if not text:
            return
        x, y = self.get_transform().transform(self.get_position())
        if share_before := SHARE_BEFORE_ANCHOR[self.get_horizontalalignment()]:
            x -= share_before * renderer.get_text_width_height_descent(text, font, ismath=False)[0]
        if renderer.flipy():
            y = renderer.get_canvas_width_height()[1] - y
        pen = renderer.new_gc()
        pen.set_foreground(self.get_color())
        pen.set_url(self.get_url())
        renderer.open_group("text", self.get_gid())
        renderer.draw_text(pen, x, y, text, font, 0)
        renderer.close_group("text")
        pen.restore()


def lay_out_page(frame: Frame, body_height: float) -> tuple[Figure, Axes, float]:
    """Return a figure with its texts, its page, and the upper edge of its body in millimetres.

    Title and subtitle stand above the body, notes and source below it: a figure that is torn out of
    its document still says what it shows, of whom, and from where.

    Args:
        frame: the texts, and the cut that they are written for.
        body_height: of what the caller draws, in millimetres.
    """
    cut = frame.cut
    head_lines = [
        *_wrap_lines(frame.title, cut, cut.title, color=INK, weight=SEMIBOLD),
        *_wrap_lines(frame.subtitle, cut, cut.subtitle, color=GREY),
    ]
    note_lines = [
        line for note in frame.notes for line in _wrap_lines(note, cut, cut.small, color=GREY)
    ]
    source_lines = _wrap_source_lines(frame)
    top = MARGIN + sum(line.height for line in head_lines) + GAP
    foot = GAP * bool(note_lines or source_lines)
    end = top + body_height + foot
    height = end + sum(line.height for line in (*note_lines, *source_lines)) + MARGIN
    figure, page = new_page(height, cut.width)
    _write_lines_down(page, head_lines, MARGIN)
    _write_lines_down(page, source_lines, _write_lines_down(page, note_lines, end))
    return figure, page, top


@dataclass(frozen=True)
class Line:
    """One line of text across the page; what follows another on its line has no height."""

    text: str
    font_size: float
    look: dict[str, Any]
    left: float = 0.0
    height: float = 0.0


def _wrap_lines(text: str, cut: Cut, font_size: float, **look: Any) -> list[Line]:
    if not text:
        return []
    wrapped = wrap(text, cut.width - 2 * MARGIN, font_size, look.get("weight") == SEMIBOLD)
    return [Line(line, font_size, look, MARGIN, line_height(font_size)) for line in wrapped]


def _wrap_source_lines(frame: Frame) -> list[Line]:
    """Return the word of simulated data, in its colour, and the source after it."""
    cut, font_size = frame.cut, frame.cut.small
    simulated_lines = _wrap_lines(
        frame.simulated, cut, font_size, color=RUST, weight=SEMIBOLD, gid="simulated"
    )
    if not simulated_lines or not frame.source:
        return simulated_lines or _wrap_lines(frame.source, cut, font_size, color=GREY)
    indent = text_width(simulated_lines[-1].text, font_size, bold=True) + text_width(
        "\u2002", font_size
    )
    first_line, *further_lines = wrap(
        frame.source, cut.width - 2 * MARGIN, font_size, indent=indent
    )
    beside_mark = (
        [Line(first_line, font_size, {"color": GREY}, MARGIN + indent)] if first_line else []
    )
    lines_below = [
        Line(line, font_size, {"color": GREY}, MARGIN, line_height(font_size))
        for line in further_lines
    ]
    return [*simulated_lines[:-1], *beside_mark, simulated_lines[-1], *lines_below]


def _write_lines_down(page: Axes, lines: Sequence[Line], top: float) -> float:
    """Write lines from ``top`` downwards and return where they end."""
    for line in lines:
        y = top + line_height(line.font_size) / 2
        put_text(page, line.left, y, line.text, size=line.font_size, **line.look)
        top += line.height
    return top
