"""Layout of a figure with rows: labels at the left, a plot, printed values at the right.

The charts that have one row per estimate or country share it and draw into its plot. In a narrow
cut a label stands above its bar.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.drawing.marks import Mark, Sign
from disrupting_harm.report.drawing.row_chart import Row, Section
from disrupting_harm.report.figures.drawing import page_furniture as paper
from disrupting_harm.report.figures.drawing import style
from disrupting_harm.report.figures.drawing.marks import MARKS
from disrupting_harm.report.figures.drawing.page_furniture import MARGIN, Frame, put_text
from disrupting_harm.report.figures.drawing.text_shaping import text_width, wrap
from disrupting_harm.report.figures.drawing.widths import Cut, line_height

GAP = 3.0  # between the columns of a chart
ROW_PADDING = 0.9
AXIS = 5.0  # tick labels
LABELS_AT_MOST = 0.425  # of the width; longer labels have several lines
PLOT_AT_LEAST = 0.35  # of the width; in a narrow cut labels else stand above their bars
# Where labels stand above their bars: height of a bar, and the room below it. A label halfway
# between two bars would be read as that of the upper one.
BAR, BELOW = 3.8, 2.0
INDENT = 1.6  # of words on it
DASH = 5.0  # a short line: nobody counted
HATCH = "//////"

Missing = Sign
# What is known in place of an estimate, and printed as one.
LIMITED = ("bound", "range")


def make_row(
    label: str,
    printed_text: str,
    interval: str = "",
    estimate: float | None = None,
    ci_low: float | None = None,
    ci_high: float | None = None,
    look: str = "plain",
    missing: Missing = "",
    limits: tuple[float, float] | None = None,
    address: str = "",
    row_address: str | None = None,
    whole_percent: int | None = None,
) -> Row:
    """Return a row of one mark."""
    low, high = limits if missing == "bound" and limits else (ci_low, ci_high)
    marks = [Mark(estimate, low, high, look, missing, address=row_address)]
    if missing == "range" and limits:
        marks.append(Mark(None, *limits, look=look, sign=missing, address=row_address))
    return Row(
        label,
        printed_text,
        interval,
        tuple(marks),
        bold=MARKS[look].bold,
        address=address,
        whole_percent=whole_percent,
        muted=look == "apart",
    )


@dataclass(frozen=True)
class Columns:
    """Where the columns stand, in millimetres; ``stacked``: labels stand above their bars."""

    labels: float
    plot_left: float
    plot_width: float
    right: float
    stacked: bool


@dataclass(frozen=True)
class RowLayout:
    """A page with its rows written, ready for a plot.

    Attributes:
        page: its page, in millimetres.
        top: upper edge of the body on the page.
        body: height of the body.
        rows: the rows of all sections, in the order drawn.
        centres: the middle of each row's bar, from ``top``.
        bounds: upper and lower edge of each section's rows, from ``top``.
    """

    figure: Figure
    page: Axes
    cut: Cut
    columns: Columns
    top: float
    body: float
    rows: tuple[Row, ...]
    centres: tuple[float, ...]
    bounds: tuple[tuple[float, float], ...]


def lay_out_rows(
    sections: Sequence[Section],
    frame: Frame,
    *,
    space_above: float = 0.0,
    space_below: float = 0.0,
    headings_over_plot: bool = False,
) -> RowLayout:
    """Write a page of rows and leave its plot to the caller.

    Args:
        sections: the rows, in the order drawn.
        space_above: between the subtitle and the body, in millimetres.
        space_below: below the last row, part of the plot, in millimetres.
        headings_over_plot: whether a heading may reach over the plot, which then has nothing at
            its height.

    Raises:
        StudyError: if words in place of an estimate have no room: cut short they would say
            something else.
    """
    rows = tuple(row for section in sections for row in section.rows)
    cut = frame.cut
    columns = _measure_columns(
        rows, [] if headings_over_plot else [section.heading for section in sections], cut
    )
    heights = [[_measure_row(row, columns, cut) for row in section.rows] for section in sections]
    headings = heading_height(cut) * sum(bool(section.heading) for section in sections)
    body = sum(map(sum, heights)) + headings + space_below
    figure, page, top = paper.lay_out_page(frame, space_above + body + AXIS)
    top += space_above
    centres, bounds = _write_rows(page, sections, heights, columns, top, cut)
    return RowLayout(figure, page, cut, columns, top, body, rows, centres, bounds)


def heading_height(cut: Cut) -> float:
    """Return the room of a section's heading, with the space above it."""
    return line_height(cut.small) + 1.4


def write_value(layout: RowLayout, y: float, value: str, color: str = style.INK) -> None:
    """Write a value into the column at the right, at height ``y`` of the page."""
    put_text(
        layout.page, layout.columns.right, y, value, ha="right", color=color, size=layout.cut.text
    )


def _measure_columns(rows: Sequence[Row], headings: Sequence[str], cut: Cut) -> Columns:
    widest = LABELS_AT_MOST * cut.width
    value_width = max(text_width(row.value, cut.text, row.bold) for row in rows)
    right = cut.width - MARGIN
    label_widths = [
        text_width(line, cut.text, row.bold)
        for row in rows
        for line in wrap(row.label, widest, cut.text, row.bold)
    ]
    left = MARGIN + max([*label_widths, *(text_width(head, cut.small, True) for head in headings)])
    plot_left = left + GAP
    plot_width = right - value_width - GAP - plot_left
    if cut.narrow and plot_width < PLOT_AT_LEAST * cut.width:
        return Columns(
            right - MARGIN, MARGIN + 1, right - value_width - GAP - MARGIN - 1, right, True
        )
    return Columns(left - MARGIN, plot_left, plot_width, right, False)


def _measure_row(row: Row, columns: Columns, cut: Cut) -> float:
    labels = line_height(cut.text) * len(_wrap_label(row, columns.labels, cut))
    return labels + (BAR + BELOW if columns.stacked else ROW_PADDING)


def _wrap_label(row: Row, width: float, cut: Cut) -> tuple[str, ...]:
    # A hair more than the column, which is itself as wide as the widest line.
    return wrap(row.label, width + 0.01, cut.text, row.bold)


def _write_rows(
    page: Axes,
    sections: Sequence[Section],
    heights: Sequence[Sequence[float]],
    columns: Columns,
    top: float,
    cut: Cut,
) -> tuple[tuple[float, ...], tuple[tuple[float, float], ...]]:
    """Write headings, labels and values; return middles of rows and edges of sections."""
    centres: list[float] = []
    bounds: list[tuple[float, float]] = []
    heading, y = heading_height(cut), top
    for section, section_heights in zip(sections, heights, strict=True):
        if section.heading:
            middle = y + heading - line_height(cut.small) / 2
            look = {"size": cut.small, "color": style.GREY, "weight": style.SEMIBOLD}
            put_text(page, MARGIN, middle, section.heading, **look)
            y += heading
        start = y
        for row, height in zip(section.rows, section_heights, strict=True):
            centre = y + (height - BELOW - BAR / 2 if columns.stacked else height / 2)
            _write_row(page, row, y, centre, columns, cut)
            centres.append(centre - top)
            y += height
        bounds.append((start - top, y - top))
    return tuple(centres), tuple(bounds)


def _write_row(
    page: Axes, row: Row, upper: float, centre: float, columns: Columns, cut: Cut
) -> None:
    look = {"size": cut.text} | ({"weight": style.SEMIBOLD} if row.bold else {})
    label_lines = _wrap_label(row, columns.labels, cut)
    line = line_height(cut.text)
    first_height = (
        upper + line / 2 if columns.stacked else centre - line * (len(label_lines) - 1) / 2
    )
    color = style.GREY if row.look == "apart" else style.INK
    for number, text in enumerate(label_lines):
        put_text(page, MARGIN, first_height + line * number, text, color=color, **look)
    if row.value:
        put_text(page, columns.right, centre, row.value, ha="right", color=color, **look)
    if row.estimate is None and row.missing not in LIMITED:
        indent = DASH if row.missing in ("unasked", "unrecorded") else 0.0
        left = columns.plot_left + indent + INDENT
        if left + text_width(row.printed_text, cut.small) > columns.right:
            raise StudyError(
                f"figure, row '{row.label}'",
                f"there is no room for '{row.printed_text}'",
                "Translate it in fewer letters",
            )
        put_text(page, left, centre, row.printed_text, size=cut.small, color=style.GREY)


BAND = 3.4  # height of what stands in place of an estimate


def create_row_axes(
    layout: RowLayout,
    low: float,
    high: float,
    ticks: Sequence[float],
    span: tuple[float, float] = (0, 1),
) -> Axes:
    """Return axes over the rows of a page, with a sign in each row without an estimate.

    Args:
        low: the left end of the axis.
        high: its right end.
        ticks: where it has labels.
        span: left and right edge of the axes, as parts of the column's width.
    """
    columns = layout.columns
    left = columns.plot_left + span[0] * columns.plot_width
    width = (span[1] - span[0]) * columns.plot_width
    plot = paper.place_axes(layout.figure, left, layout.top, width, layout.body)
    plot.set_xlim(low, high)
    plot.set_ylim(layout.body, 0)
    plot.set_yticks([])
    plot.set_xticks(list(ticks))
    plot.tick_params(axis="x", labelsize=layout.cut.small)
    if columns.stacked:
        # Guides stand behind the bars alone: across a label they would cross its letters.
        plot.grid(visible=False)
        for tick in ticks:
            upper = [centre - BAR / 2 for centre in layout.centres]
            lower = [centre + BAR / 2 for centre in layout.centres]
            plot.vlines([tick] * len(upper), upper, lower, style.GUIDE, lw=0.6, zorder=0)
    for row, centre in zip(layout.rows, layout.centres, strict=True):
        if row.estimate is None:
            # A band holds the words that stand on it, where these are longer than the axis.
            sign_width = (
                2 * INDENT + text_width(row.printed_text, layout.cut.small)
                if span == (0, 1)
                else 0.0
            )
            end = low + max(1.0, sign_width / width) * (high - low)
            _draw_sign(plot, row, centre, low, end, DASH / width * (high - low))
    sns.despine(ax=plot, left=True, bottom=True)
    return plot


def find_tick_step(texts: Sequence[str], tick_distance: float, font_size: float) -> int:
    """Return n where every n-th tick gets a label, so that labels stand clear of each other.

    Args:
        tick_distance: millimetres from one tick to the next.
    """
    for step in range(1, len(texts)):
        label_widths = [text_width(text, font_size) for text in texts[::step]]
        if all((a + b) / 2 < step * tick_distance - 1 for a, b in pairwise(label_widths)):
            return step
    return max(len(texts), 1)


def draw_guides_behind_rows(plot: Axes, layout: RowLayout) -> None:
    """Draw the guides of an axis behind the rows alone, where headings reach over the plot."""
    plot.grid(visible=False)
    for upper, lower in layout.bounds:
        ticks = plot.get_xticks()
        plot.vlines(ticks, upper, lower, style.GUIDE, lw=0.6, zorder=0, clip_on=False)


def _draw_sign(plot: Axes, row: Row, centre: float, low: float, end: float, dash: float) -> None:
    """Draw the sign of why there is no estimate: never an empty row, never a zero.

    Bands reach from ``low`` to ``end``, bounds over all that may be, short lines over ``dash``.
    A band holds words, and is no mark on the axis, which may be shorter than they are.
    """
    upper = centre - BAND / 2
    if row.missing == "bound" and row.limits:
        lowest, highest = row.limits
        plot.add_patch(
            Rectangle(
                (lowest, upper), highest - lowest, BAND, fill=False, hatch=HATCH,
                edgecolor=style.MID, linewidth=0.7, zorder=2, url=row.row_address,
            )
        )  # fmt: skip
    elif row.missing == "range" and row.limits:
        lowest, highest = row.limits
        key = [row.row_address]
        plot.hlines(centre, row.ci_low, row.ci_high, style.RUST_TINT, lw=3, zorder=2, urls=key)
        plot.hlines(centre, lowest, highest, style.RUST, lw=6, zorder=3, urls=key)
    elif row.missing in ("unasked", "unrecorded"):
        plot.hlines(centre, low, low + dash, style.MID, lw=1.4, zorder=2, urls=[row.row_address])
    elif row.missing == "uncertain":
        plot.add_artist(
            Rectangle(
                (low, upper), end - low, BAND, facecolor="white", edgecolor=style.MID,
                linestyle=(0, (2, 1.4)), linewidth=0.7, zorder=1, clip_on=False,
                url=row.row_address,
            )
        )  # fmt: skip
    else:
        plot.add_artist(
            Rectangle(
                (low, upper), end - low, BAND, color=style.PLACE, linewidth=0, zorder=1,
                clip_on=False, url=row.row_address,
            )
        )  # fmt: skip
