"""The chart of estimates with their intervals, one row each.

A row whose estimate is not published keeps its place, with the sign of why.
"""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from disrupting_harm.report.figures.drawing import style
from disrupting_harm.report.figures.drawing.mark_addresses import join_addresses_of_dots
from disrupting_harm.report.figures.drawing.marks import MARKS
from disrupting_harm.report.figures.drawing.page_furniture import Frame
from disrupting_harm.report.figures.row_chart import (
    Row,
    Rows,
    Section,
    guides_behind_rows,
    lay_out_rows,
    row_axes,
)
from disrupting_harm.report.language.translator import Translator


def interval_chart(
    sections: Sequence[Section], frame: Frame, translator: Translator[str], *, over: bool = False
) -> Figure:
    """Draw estimates as dots with interval lines, one row each, values printed at the right.

    Args:
        sections: the rows, in the order drawn.
        frame: the texts round the chart.
        translator: the language of the axis.
        over: whether headings may reach over the plot, whose guides stand behind the rows then.
    """
    laid = lay_out_rows(sections, frame, over=over)
    plot = per_cent_axes(laid, 0.0, translator)
    if over and not laid.columns.stacked:
        guides_behind_rows(plot, laid)
    draw_intervals(plot, laid.rows, laid.centres)
    return laid.figure


def per_cent_axes(laid: Rows, largest: float, translator: Translator[str]) -> Axes:
    """Return axes of per cents from 0 to a round end that holds ``largest`` and all rows."""
    end, step = style.percent_axis(max([largest, *(row.reach for row in laid.rows)]))
    ticks = [step * tick for tick in range(int(end / step) + 1)]
    if laid.cut.narrow and len(ticks) > 4:
        ticks = ticks[::2]  # on so short an axis every second number has room
    plot = row_axes(laid, 0, end, ticks)
    # The sign of per cent stands at both ends.
    inner = [translator.number(tick) for tick in ticks[1:-1]]
    ends = translator.with_sign(int(ticks[0])), translator.with_sign(int(ticks[-1]))
    plot.set_xticks(ticks, [ends[0], *inner, ends[1]])
    if laid.columns.stacked:
        # The axis begins at the edge of the page.
        plot.get_xticklabels()[0].set_horizontalalignment("left")
    return plot


def draw_intervals(plot: Axes, rows: Sequence[Row], centres: Sequence[float]) -> None:
    """Draw a dot and an interval line for each row with an estimate, at its height."""
    known = [
        (row, centre)
        for row, centre in zip(rows, centres, strict=True)
        if None not in (row.estimate, row.ci_low, row.ci_high)
    ]
    for look, mark in MARKS.items():
        drawn = [(row, centre) for row, centre in known if row.look == look]
        if not drawn:
            continue
        heights = [centre for _, centre in drawn]
        estimates = [row.estimate for row, _ in drawn]
        keys = [row.key for row, _ in drawn]
        plot.hlines(
            heights,
            [row.ci_low for row, _ in drawn],
            [row.ci_high for row, _ in drawn],
            colors=mark.line_color,
            linestyles=mark.line,
            linewidth=3.0,
            clip_on=False,
            urls=keys,
        )
        plot.scatter(
            estimates,
            heights,
            marker=mark.shape,
            s=mark.size,
            facecolor=mark.fill,
            edgecolor=mark.edge,
            linewidth=1.2,
            zorder=3,
            clip_on=False,
            urls=join_addresses_of_dots(keys),
        )
    plot.set(xlabel="", ylabel="")
