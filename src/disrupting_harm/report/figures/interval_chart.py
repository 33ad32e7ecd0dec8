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
    RowLayout,
    Section,
    create_row_axes,
    draw_guides_behind_rows,
    lay_out_rows,
)
from disrupting_harm.report.language.translator import Translator


def draw_interval_chart(
    sections: Sequence[Section],
    frame: Frame,
    translator: Translator[str],
    *,
    headings_over_plot: bool = False,
) -> Figure:
    """Draw estimates as dots with interval lines, one row each, values printed at the right.

    Args:
        sections: the rows, in the order drawn.
        headings_over_plot: whether headings may reach over the plot, whose guides then stand
            behind the rows.
    """
    layout = lay_out_rows(sections, frame, headings_over_plot=headings_over_plot)
    plot = create_percent_axes(layout, 0.0, translator)
    if headings_over_plot and not layout.columns.stacked:
        draw_guides_behind_rows(plot, layout)
    draw_intervals(plot, layout.rows, layout.centres)
    return layout.figure


def create_percent_axes(layout: RowLayout, largest: float, translator: Translator[str]) -> Axes:
    """Return axes of per cents from 0 to a round end that holds ``largest`` and all rows."""
    end, step = style.percent_axis(max([largest, *(row.reach for row in layout.rows)]))
    ticks = [step * tick for tick in range(int(end / step) + 1)]
    if layout.cut.narrow and len(ticks) > 4:
        ticks = ticks[::2]  # on so short an axis every second number has room
    plot = create_row_axes(layout, 0, end, ticks)
    # The sign of per cent stands at both ends.
    inner_labels = [translator.number(tick) for tick in ticks[1:-1]]
    end_labels = translator.with_sign(int(ticks[0])), translator.with_sign(int(ticks[-1]))
    plot.set_xticks(ticks, [end_labels[0], *inner_labels, end_labels[1]])
    if layout.columns.stacked:
        # The axis begins at the edge of the page.
        plot.get_xticklabels()[0].set_horizontalalignment("left")
    return plot


def draw_intervals(plot: Axes, rows: Sequence[Row], centres: Sequence[float]) -> None:
    """Draw a dot and an interval line for each row with an estimate, at its height."""
    placed_rows = [
        (row, centre)
        for row, centre in zip(rows, centres, strict=True)
        if None not in (row.estimate, row.ci_low, row.ci_high)
    ]
    for look, mark in MARKS.items():
        rows_of_look = [(row, centre) for row, centre in placed_rows if row.look == look]
        if not rows_of_look:
            continue
        heights = [centre for _, centre in rows_of_look]
        estimates = [row.estimate for row, _ in rows_of_look]
        keys = [row.row_address for row, _ in rows_of_look]
        plot.hlines(
            heights,
            [row.ci_low for row, _ in rows_of_look],
            [row.ci_high for row, _ in rows_of_look],
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
