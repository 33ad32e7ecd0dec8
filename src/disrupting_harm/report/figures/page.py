"""The page of a figure: a sheet of millimetres with a header above and notes below the chart.

Lengths are millimetres from the top left corner, so that a layout is plain numbers and needs no
layout engine (which would measure every text at every save).
"""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure
from matplotlib.text import Text

from disrupting_harm.report.figures.lettering import text_width, wrap
from disrupting_harm.report.figures.style import (
    GREY,
    LABEL_SIZE,
    MM_PER_INCH,
    NOTE_SIZE,
    PAGE_WIDTH,
    POINTS_PER_INCH,
    RUST,
)

MARGIN = 1.0
HEADER = 8.0  # a header of one line
LINE = 4.3  # one line of a label; Khmer letters stand above and below each other
NOTE_LINE = 3.7
LETTER_MIDDLE = 0.33  # of the letter size, above the baseline
# What of a line stands before the place that it is aligned at.
BEFORE = {"left": 0.0, "center": 0.5, "right": 1.0}
STAMP_ROOM = 6.0  # beside the mark of simulated data


def new_page(height: float, width: float = PAGE_WIDTH) -> tuple[Figure, Axes]:
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


def put_text(page: Axes, x: float, y: float, text: str, **look: Any) -> Text:
    """Write one line of ``text`` from x, with the middle of its letters at height y."""
    size = look.setdefault("size", LABEL_SIZE)
    baseline = y + LETTER_MIDDLE * size / POINTS_PER_INCH * MM_PER_INCH
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
        text, look = self.get_text(), self.get_fontproperties()
        if not text:
            return
        x, y = self.get_transform().transform(self.get_position())
        if part := BEFORE[self.get_horizontalalignment()]:
            x -= part * renderer.get_text_width_height_descent(text, look, ismath=False)[0]
        if renderer.flipy():
            y = renderer.get_canvas_width_height()[1] - y
        pen = renderer.new_gc()
        pen.set_foreground(self.get_color())
        renderer.open_group("text", self.get_gid())
        renderer.draw_text(pen, x, y, text, look, 0)
        renderer.close_group("text")
        pen.restore()


def stamp_simulated(page: Axes, text: str) -> None:
    """Mark the picture as drawn from simulated data, in its top right corner."""
    put_text(
        page,
        page.get_xlim()[1] - 1.8,
        3.6,
        text,
        ha="right",
        size=NOTE_SIZE,
        color=RUST,
        gid="simulated",
        bbox={"boxstyle": "round,pad=0.3", "facecolor": "white", "edgecolor": RUST, "lw": 0.7},
    )


def header_lines(measure: str, stamp: str) -> tuple[str, ...]:
    """Return the header in lines that leave room for the mark of simulated data."""
    taken = text_width(stamp, NOTE_SIZE) + STAMP_ROOM if stamp else 0.0
    return wrap(measure, PAGE_WIDTH - 2 * MARGIN - taken, LABEL_SIZE)


def note_lines(notes: Sequence[str]) -> list[str]:
    """Return the notes in lines as wide as the page."""
    return [line for note in notes for line in wrap(note, PAGE_WIDTH - 2 * MARGIN, NOTE_SIZE)]


def write_header(page: Axes, lines: Sequence[str], stamp: str) -> None:
    """Write what the chart measures and, where the data are simulated, the mark that says so."""
    for number, line in enumerate(lines):
        put_text(page, MARGIN, 3.6 + LINE * number, line, color=GREY)
    if stamp:
        stamp_simulated(page, stamp)


def write_notes(page: Axes, lines: Sequence[str], top: float) -> None:
    """Write the lines below the chart, from ``top`` downwards."""
    for number, line in enumerate(lines):
        y = top + NOTE_LINE * (number + 0.5)
        put_text(page, MARGIN, y, line, size=NOTE_SIZE, color=GREY)
