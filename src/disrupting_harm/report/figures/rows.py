"""Layout of a figure with rows: labels at the left, a plot, printed values at the right.

The charts that have one row per estimate or country share it and draw into its plot.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from disrupting_harm.report.figures import page as paper
from disrupting_harm.report.figures import style
from disrupting_harm.report.figures.lettering import text_width, wrap
from disrupting_harm.report.figures.marks import MARKS
from disrupting_harm.report.figures.page import HEADER, LINE, MARGIN, NOTE_LINE, put_text

GAP = 3.0  # between the columns of a chart
ROW_PADDING = 1.9
HEADING = 7.0  # a section's heading with the space above it
HEADING_MIDDLE = 0.6  # of the heading's room, where its letters stand
AXIS = 6.0  # tick labels
LABELS_AT_MOST = 66.0
PLACE_HEIGHT = 4.4


@dataclass(frozen=True)
class Row:
    """One estimate as drawn: numbers in the unit of the axis, words as printed.

    ``estimate`` is None where it is not published; ``shown`` then holds its sign and ``meaning``
    what the sign says. Where the question was not asked, there was nothing to publish.
    """

    label: str
    shown: str
    interval: str = ""
    estimate: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    look: str = "plain"  # a key of ``MARKS``
    meaning: str = ""
    asked: bool = True


@dataclass(frozen=True)
class Section:
    """Rows below one heading; an empty heading takes no room."""

    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Columns:
    """Left edges and widths of the columns, in millimetres."""

    labels: float
    plot_left: float
    plot_width: float
    value_right: float
    decimals: float
    interval_left: float


@dataclass(frozen=True)
class Rows:
    """A page with its rows written, ready for a plot.

    Attributes:
        figure: the figure.
        page: its page, in millimetres.
        columns: where the columns stand.
        top: upper edge of the body on the page.
        body: height of the body.
        rows: the rows of all sections, in the order drawn.
        centres: the middle of each row, from ``top``.
        bounds: upper and lower edge of each section's rows, from ``top``.
    """

    figure: Figure
    page: Axes
    columns: Columns
    top: float
    body: float
    rows: tuple[Row, ...]
    centres: tuple[float, ...]
    bounds: tuple[tuple[float, float], ...]


def lay_out_rows(
    sections: Sequence[Section],
    measure: str,
    notes: Sequence[str] = (),
    stamp: str = "",
    *,
    lead: float = 0.0,
    foot: float = 0.0,
) -> Rows:
    """Write a page of rows and leave its plot to the caller.

    Args:
        sections: the rows, in the order drawn.
        measure: what the axis measures, written above the chart.
        notes: lines below the chart.
        stamp: text of the simulated-data mark; empty for observed data.
        lead: room between the header and the body, in millimetres.
        foot: room below the last row that belongs to the plot, in millimetres.
    """
    rows = tuple(row for section in sections for row in section.rows)
    columns = _columns(rows, [section.heading for section in sections])
    header, footer = paper.header_lines(measure, stamp), paper.note_lines(notes)
    heights = [[_row_height(row, columns.labels) for row in section.rows] for section in sections]
    headings = HEADING * sum(bool(section.heading) for section in sections)
    top = HEADER + LINE * (len(header) - 1) + lead
    body = sum(map(sum, heights)) + headings + foot
    figure, page = paper.new_page(top + body + AXIS + NOTE_LINE * len(footer) + MARGIN)
    paper.write_header(page, header, stamp)
    centres, bounds = _write_rows(page, sections, heights, columns, top)
    paper.write_notes(page, footer, top + body + AXIS)
    return Rows(figure, page, columns, top, body, rows, centres, bounds)


def row_axes(
    laid: Rows, low: float, high: float, ticks: Sequence[float], span: tuple[float, float] = (0, 1)
) -> Axes:
    """Return axes over the rows of a page, with a guide through each row.

    Args:
        laid: the page.
        low: the left end of the axis.
        high: its right end.
        ticks: where it has labels.
        span: left and right edge of the axes, as parts of the column's width.
    """
    columns = laid.columns
    left = columns.plot_left + span[0] * columns.plot_width
    width = (span[1] - span[0]) * columns.plot_width
    plot = paper.place_axes(laid.figure, left, laid.top, width, laid.body)
    plot.set_xlim(low, high)
    plot.set_ylim(laid.body, 0)
    plot.set_yticks([])
    plot.set_xticks(list(ticks))
    plot.hlines(laid.centres, low, high, style.PLACE, lw=0.8, zorder=0)
    hidden = [y for row, y in zip(laid.rows, laid.centres, strict=True) if row.estimate is None]
    if hidden:
        plot.barh(
            hidden, high - low, PLACE_HEIGHT, left=low, color=style.PLACE, linewidth=0, zorder=0.7
        )
    sns.despine(ax=plot, left=True)
    return plot


def write_value(
    page: Axes, columns: Columns, y: float, shown: str, interval: str, color: str
) -> None:
    """Write an estimate and its interval into the columns at the right, at height ``y``."""
    right = columns.value_right - columns.decimals + _decimals_width(shown)
    put_text(page, right, y, shown, ha="right", color=color)
    put_text(page, columns.interval_left, y, interval, color=style.GREY)


def _columns(rows: Sequence[Row], headings: Sequence[str]) -> Columns:
    size = style.LABEL_SIZE
    lines = [line for row in rows for line in wrap(row.label, LABELS_AT_MOST, size)]
    labels = max(text_width(line, size) for line in [*lines, *headings])
    shown = [row.shown for row in rows if row.estimate is not None]
    decimals = max((_decimals_width(value) for value in shown), default=0.0)
    units = max((text_width(value, size) - _decimals_width(value) for value in shown), default=0.0)
    intervals = max(text_width(row.interval, size) for row in rows)
    interval_left = style.PAGE_WIDTH - MARGIN - intervals
    value_right = interval_left - GAP / 2
    plot_left = MARGIN + labels + GAP
    plot_width = value_right - units - decimals - GAP - plot_left
    return Columns(labels, plot_left, plot_width, value_right, decimals, interval_left)


def _decimals_width(shown: str) -> float:
    """Return the width of what follows the units, so that values stand with units below units."""
    decimals = re.search(r"[.,]\d+$", shown)
    return text_width(decimals.group(), style.LABEL_SIZE) if decimals else 0.0


def _row_height(row: Row, width: float) -> float:
    return LINE * len(_label_lines(row, width)) + ROW_PADDING


def _label_lines(row: Row, width: float) -> tuple[str, ...]:
    # A hair more than the column, which is itself as wide as the widest line.
    return wrap(row.label, width + 0.01, style.LABEL_SIZE)


def _write_rows(
    page: Axes,
    sections: Sequence[Section],
    heights: Sequence[Sequence[float]],
    columns: Columns,
    top: float,
) -> tuple[tuple[float, ...], tuple[tuple[float, float], ...]]:
    """Write headings, labels and values; return middles of rows and edges of sections."""
    centres: list[float] = []
    bounds: list[tuple[float, float]] = []
    y = top
    for section, section_heights in zip(sections, heights, strict=True):
        if section.heading:
            middle = y + HEADING * HEADING_MIDDLE
            put_text(page, MARGIN, middle, section.heading, color=style.TEAL)
            if y > top:
                page.hlines(
                    y + HEADING * 0.16, MARGIN, style.PAGE_WIDTH - MARGIN, style.GUIDE, lw=0.8
                )
            y += HEADING
        start = y
        for row, height in zip(section.rows, section_heights, strict=True):
            _write_row(page, row, y + height / 2, columns)
            centres.append(y + height / 2 - top)
            y += height
        bounds.append((start - top, y - top))
    return tuple(centres), tuple(bounds)


def _write_row(page: Axes, row: Row, y: float, columns: Columns) -> None:
    lines = _label_lines(row, columns.labels)
    for number, line in enumerate(lines):
        put_text(page, MARGIN, y + LINE * (number - (len(lines) - 1) / 2), line)
    if row.estimate is not None:
        write_value(page, columns, y, row.shown, row.interval, MARKS[row.look].edge)
        return
    spelt_out = f"{row.shown}   {row.meaning}".strip()
    fits = text_width(spelt_out, style.NOTE_SIZE) <= columns.plot_width - GAP
    put_text(
        page,
        columns.plot_left + GAP / 2,
        y,
        spelt_out if fits else row.shown,
        size=style.NOTE_SIZE,
        color=style.GREY,
        bbox={"facecolor": style.PLACE, "edgecolor": "none", "pad": 0.8},
    )
