"""The page of a figure: a sheet of millimetres with a header above and notes below the chart.

Lengths are millimetres from the top left corner, so that a layout is plain numbers and needs no
layout engine (which would measure every text at every save).
"""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from disrupting_harm.report.figures.lettering import text_width, wrap
from disrupting_harm.report.figures.style import (
    GREY,
    LABEL_SIZE,
    MM_PER_INCH,
    NOTE_SIZE,
    PAGE_WIDTH,
    RUST,
)

MARGIN = 1.0
HEADER = 8.0  # a header of one line
LINE = 4.3  # one line of a label; Khmer letters stand above and below each other
NOTE_LINE = 3.7
LETTER_MIDDLE = 0.33  # of the letter size, above the baseline
POINTS_PER_INCH = 72
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
    axes = figure.add_axes(box)
    axes.tick_params(length=0, pad=3)
    return axes


def put_text(page: Axes, x: float, y: float, text: str, **look: Any) -> Text:
    """Write one line of ``text`` from x, with the middle of its letters at height y."""
    size = look.setdefault("size", LABEL_SIZE)
    baseline = y + LETTER_MIDDLE * size / POINTS_PER_INCH * MM_PER_INCH
    return page.text(x, baseline, text, va="baseline", **look)


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
