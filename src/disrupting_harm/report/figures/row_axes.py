"""The plot of a page of rows: its axis, its guides, and the signs of rows without an estimate."""

from collections.abc import Sequence
from itertools import pairwise

import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from disrupting_harm.report.figures import page as paper
from disrupting_harm.report.figures import style
from disrupting_harm.report.figures.lettering import text_width
from disrupting_harm.report.figures.rows import BAR, DASH, HATCH, INDENT, Row, Rows

BAND = 3.4  # height of what stands in place of an estimate


def row_axes(
    laid: Rows, low: float, high: float, ticks: Sequence[float], span: tuple[float, float] = (0, 1)
) -> Axes:
    """Return axes over the rows of a page, with a sign in each row without an estimate.

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
    plot.tick_params(axis="x", labelsize=laid.cut.small)
    if columns.stacked:
        # Guides stand behind the bars alone: across a label they would cross its letters.
        plot.grid(visible=False)
        for tick in ticks:
            upper = [centre - BAR / 2 for centre in laid.centres]
            lower = [centre + BAR / 2 for centre in laid.centres]
            plot.vlines([tick] * len(upper), upper, lower, style.GUIDE, lw=0.6, zorder=0)
    for row, centre in zip(laid.rows, laid.centres, strict=True):
        if row.estimate is None:
            # A band holds the words that stand on it, where these are longer than the axis.
            words = 2 * INDENT + text_width(row.shown, laid.cut.small) if span == (0, 1) else 0.0
            end = low + max(1.0, words / width) * (high - low)
            _draw_sign(plot, row, centre, low, end, DASH / width * (high - low))
    sns.despine(ax=plot, left=True, bottom=True)
    return plot


def labelled_ticks(texts: Sequence[str], apart: float, size: float) -> int:
    """Return of how many ticks one has a label, so that labels stand clear of each other.

    Args:
        texts: the labels.
        apart: millimetres from one tick to the next.
        size: of the letters.
    """
    for step in range(1, len(texts)):
        own = [text_width(text, size) for text in texts[::step]]
        if all((a + b) / 2 < step * apart - 1 for a, b in pairwise(own)):
            return step
    return max(len(texts), 1)


def guides_behind_rows(plot: Axes, laid: Rows) -> None:
    """Draw the guides of an axis behind the rows alone, where headings reach over the plot."""
    plot.grid(visible=False)
    for upper, lower in laid.bounds:
        ticks = plot.get_xticks()
        plot.vlines(ticks, upper, lower, style.GUIDE, lw=0.6, zorder=0, clip_on=False)


def _draw_sign(plot: Axes, row: Row, centre: float, low: float, end: float, dash: float) -> None:
    """Draw the sign of why there is no estimate: never an empty row, never a zero.

    Bands reach from ``low`` to ``end``, bounds over all that may be, short lines over ``dash``.
    A band holds words, and is no mark on the axis, which may be shorter than they are.
    """
    upper = centre - BAND / 2
    if row.missing == "bound" and row.limits:
        first, last = row.limits
        plot.add_patch(
            Rectangle(
                (first, upper), last - first, BAND, fill=False, hatch=HATCH,
                edgecolor=style.MID, linewidth=0.7, zorder=2, url=row.key,
            )
        )  # fmt: skip
    elif row.missing == "range" and row.limits:
        first, last = row.limits
        key = [row.key]
        plot.hlines(centre, row.ci_low, row.ci_high, style.RUST_TINT, lw=3, zorder=2, urls=key)
        plot.hlines(centre, first, last, style.RUST, lw=6, zorder=3, urls=key)
    elif row.missing in ("unasked", "unrecorded"):
        plot.hlines(centre, low, low + dash, style.MID, lw=1.4, zorder=2, urls=[row.key])
    elif row.missing == "uncertain":
        plot.add_artist(
            Rectangle(
                (low, upper), end - low, BAND, facecolor="white", edgecolor=style.MID,
                linestyle=(0, (2, 1.4)), linewidth=0.7, zorder=1, clip_on=False,
                url=row.key,
            )
        )  # fmt: skip
    else:
        plot.add_artist(
            Rectangle(
                (low, upper), end - low, BAND, color=style.PLACE, linewidth=0, zorder=1,
                clip_on=False, url=row.key,
            )
        )  # fmt: skip
