"""The chart of estimates with their intervals, one row each.

A row whose estimate is not published keeps its place, greyed, with the sign that stands for it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from disrupting_harm.report.figures import page as paper
from disrupting_harm.report.figures import style
from disrupting_harm.report.figures.lettering import text_width, wrap
from disrupting_harm.report.figures.page import HEADER, LINE, MARGIN, NOTE_LINE, put_text

GAP = 3.0  # between the columns of a chart
ROW_PADDING = 1.9
HEADING = 7.0  # a section's heading with the space above it
AXIS = 6.0  # tick labels
LABELS_AT_MOST = 66.0
PLACE_HEIGHT = 4.4


@dataclass(frozen=True)
class Row:
    """One estimate as drawn: numbers in per cent, words as printed.

    ``estimate`` is None where it is not published; ``shown`` then holds its sign and ``meaning``
    what the sign says.
    """

    label: str
    shown: str
    interval: str = ""
    estimate: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    look: str = "plain"  # a key of MARKS
    meaning: str = ""


@dataclass(frozen=True)
class Section:
    """Rows below one heading; an empty heading takes no room."""

    heading: str
    rows: tuple[Row, ...]


LineStyle = Literal["solid"] | tuple[float, tuple[float, ...]]


@dataclass(frozen=True)
class Mark:
    """How the estimates of one look are drawn; shape and line differ, not only colour."""

    shape: str
    size: float
    edge: str
    fill: str
    line: LineStyle


# By name: an empty list of dashes would stand in the SVG, and Typst then draws no line at all.
SOLID: LineStyle = "solid"
BROKEN = (0.0, (3, 1.6))
MARKS = {
    "plain": Mark("o", 30, style.TEAL, style.TEAL, SOLID),
    "caution": Mark("o", 30, style.TEAL, "white", BROKEN),
    "reference": Mark("D", 28, style.RUST, style.RUST, SOLID),
    "reference caution": Mark("D", 28, style.RUST, "white", BROKEN),
}


@dataclass(frozen=True)
class _Columns:
    """Left edges and widths of the columns, in millimetres."""

    labels: float
    plot_left: float
    plot_width: float
    value_right: float
    decimals: float
    interval_left: float


def interval_chart(
    sections: Sequence[Section], measure: str, notes: Sequence[str] = (), stamp: str = ""
) -> Figure:
    """Draw estimates as dots with interval lines, one row each, values printed at the right.

    Args:
        sections: the rows, in the order drawn. The estimate of a row that looks like a
            ``reference`` is carried through all later rows as a dashed line.
        measure: what the axis measures, written above the chart.
        notes: lines below the chart.
        stamp: text of the simulated-data mark; empty for observed data.
    """
    rows = [row for section in sections for row in section.rows]
    columns = _columns(rows, [section.heading for section in sections])
    header, footer = paper.header_lines(measure, stamp), paper.note_lines(notes)
    heights = [[_row_height(row, columns.labels) for row in section.rows] for section in sections]
    top = HEADER + LINE * (len(header) - 1)
    body = sum(map(sum, heights)) + HEADING * sum(bool(section.heading) for section in sections)
    height = top + body + AXIS + NOTE_LINE * len(footer) + MARGIN
    figure, page = paper.new_page(height)
    paper.write_header(page, header, stamp)
    centres = [y - top for y in _write_rows(page, sections, heights, columns, top)]
    plot = _estimate_axes(figure, columns, top, body, rows, centres)
    _draw_estimates(plot, rows, centres)
    paper.write_notes(page, footer, top + body + AXIS)
    return figure


def _columns(rows: Sequence[Row], headings: Sequence[str]) -> _Columns:
    size = style.LABEL_SIZE
    lines = [line for row in rows for line in wrap(row.label, LABELS_AT_MOST, size)]
    labels = max(text_width(line, size) for line in [*lines, *headings])
    shown = [row.shown for row in rows if row.estimate is not None]
    decimals = max(_decimals_width(value) for value in shown)
    units = max(text_width(value, size) - _decimals_width(value) for value in shown)
    intervals = max(text_width(row.interval, size) for row in rows)
    interval_left = style.PAGE_WIDTH - MARGIN - intervals
    value_right = interval_left - GAP / 2
    plot_left = MARGIN + labels + GAP
    plot_width = value_right - units - decimals - GAP - plot_left
    return _Columns(labels, plot_left, plot_width, value_right, decimals, interval_left)


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
    columns: _Columns,
    top: float,
) -> list[float]:
    """Write headings, labels and values; return the middle of each row in millimetres."""
    centres: list[float] = []
    y = top
    for section, section_heights in zip(sections, heights, strict=True):
        if section.heading:
            put_text(page, MARGIN, y + HEADING * 0.6, section.heading, color=style.TEAL)
            if y > top:
                page.hlines(
                    y + HEADING * 0.16, MARGIN, style.PAGE_WIDTH - MARGIN, style.GUIDE, lw=0.8
                )
            y += HEADING
        for row, height in zip(section.rows, section_heights, strict=True):
            _write_row(page, row, y + height / 2, columns)
            centres.append(y + height / 2)
            y += height
    return centres


def _write_row(page: Axes, row: Row, y: float, columns: _Columns) -> None:
    lines = _label_lines(row, columns.labels)
    for number, line in enumerate(lines):
        put_text(page, MARGIN, y + LINE * (number - (len(lines) - 1) / 2), line)
    if row.estimate is not None:
        color = MARKS[row.look].edge
        right = columns.value_right - columns.decimals + _decimals_width(row.shown)
        put_text(page, right, y, row.shown, ha="right", color=color)
        put_text(page, columns.interval_left, y, row.interval, color=style.GREY)
        return
    spelt_out = f"{row.shown}   {row.meaning}"
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


def _estimate_axes(
    figure: Figure,
    columns: _Columns,
    top: float,
    body: float,
    rows: Sequence[Row],
    centres: Sequence[float],
) -> Axes:
    highs = [row.ci_high for row in rows if row.ci_high is not None]
    end, step = style.nice_axis(max(highs))
    plot = paper.place_axes(figure, columns.plot_left, top, columns.plot_width, body)
    plot.set_xlim(0, end)
    plot.set_ylim(body, 0)
    plot.set_yticks([])
    plot.set_xticks([step * tick for tick in range(int(end / step) + 1)])
    plot.grid(visible=True, axis="x")
    plot.hlines(centres, 0, end, style.PLACE, lw=0.8, zorder=0)
    hidden = [y for row, y in zip(rows, centres, strict=True) if row.estimate is None]
    plot.barh(hidden, end, PLACE_HEIGHT, color=style.PLACE, linewidth=0, zorder=0.7)
    sns.despine(ax=plot, left=True)
    return plot


def _draw_estimates(plot: Axes, rows: Sequence[Row], centres: Sequence[float]) -> None:
    frame = pd.DataFrame(
        {
            "look": [row.look for row in rows],
            "estimate": [row.estimate for row in rows],
            "ci_low": [row.ci_low for row in rows],
            "ci_high": [row.ci_high for row in rows],
            "centre": centres,
        }
    ).dropna()
    for look, mark in MARKS.items():
        drawn = frame[frame["look"] == look]
        if drawn.empty:
            continue
        plot.hlines(
            drawn["centre"],
            drawn["ci_low"],
            drawn["ci_high"],
            colors=mark.edge,
            linestyles=mark.line,
            linewidth=1.5,
            clip_on=False,
        )
        sns.scatterplot(
            data=drawn,
            x="estimate",
            y="centre",
            ax=plot,
            marker=mark.shape,
            s=mark.size,
            facecolor=mark.fill,
            edgecolor=mark.edge,
            linewidth=1.2,
            zorder=3,
            clip_on=False,
        )
        if look.startswith("reference"):
            last = max(centres) + LINE / 2
            plot.vlines(
                drawn["estimate"], drawn["centre"], last, style.RUST, (0, (4, 3)), lw=0.8, zorder=1
            )
    plot.set(xlabel="", ylabel="")
