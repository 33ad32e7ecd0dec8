"""The chart of estimates with their intervals, one row each.

A row whose estimate is not published keeps its place, in grey, with the sign of its status.
"""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from disrupting_harm.report.figures import style
from disrupting_harm.report.figures.marks import MARKS
from disrupting_harm.report.figures.page import LINE
from disrupting_harm.report.figures.rows import Row, Rows, Section, lay_out_rows, row_axes


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
    laid = lay_out_rows(sections, measure, notes, stamp)
    highs = [row.ci_high for row in laid.rows if row.ci_high is not None]
    draw_intervals(per_cent_axes(laid, max(highs)), laid.rows, laid.centres)
    return laid.figure


def per_cent_axes(laid: Rows, largest: float) -> Axes:
    """Return axes of per cents from 0 to a round end that holds ``largest``."""
    end, step = style.nice_axis(largest)
    return row_axes(laid, 0, end, [step * tick for tick in range(int(end / step) + 1)])


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
        plot.hlines(
            heights,
            [row.ci_low for row, _ in drawn],
            [row.ci_high for row, _ in drawn],
            colors=mark.edge,
            linestyles=mark.line,
            linewidth=1.5,
            clip_on=False,
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
        )
        if look.startswith("reference"):
            last = max(centres) + LINE / 2
            plot.vlines(estimates, heights, last, style.RUST, (0, (4, 3)), lw=0.8, zorder=1)
    plot.set(xlabel="", ylabel="")
