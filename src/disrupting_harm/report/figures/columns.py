"""The chart of counts, one column each."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from disrupting_harm.report.figures import page as paper
from disrupting_harm.report.figures import style
from disrupting_harm.report.figures.page import HEADER, LINE, MARGIN, NOTE_LINE

PLOT = 52.0  # height of the tallest column
AXIS = 6.5


@dataclass(frozen=True)
class Column:
    """One column of a count chart; ``count`` is None where no count was published."""

    label: str
    shown: str
    count: float | None
    breaks: bool = False  # counted in another way than the column before it


def column_chart(
    columns: Sequence[Column], measure: str, notes: Sequence[str] = (), stamp: str = ""
) -> Figure:
    """Draw counts as columns with their values; a dashed line parts other ways of counting."""
    header, footer = paper.header_lines(measure, stamp), paper.note_lines(notes)
    top = HEADER + LINE * len(header)
    figure, page = paper.new_page(top + PLOT + AXIS + NOTE_LINE * len(footer) + MARGIN)
    paper.write_header(page, header, stamp)
    plot = paper.place_axes(figure, MARGIN, top, style.PAGE_WIDTH - 2 * MARGIN, PLOT)
    _draw_columns(plot, columns)
    paper.write_notes(page, footer, top + PLOT + AXIS)
    return figure


def _draw_columns(plot: Axes, columns: Sequence[Column]) -> None:
    periods = [sum(column.breaks for column in columns[: at + 1]) for at in range(len(columns))]
    frame = pd.DataFrame(
        {
            "label": [column.label for column in columns],
            "count": [column.count or 0.0 for column in columns],
            "period": ["latest" if p == periods[-1] and p else "earlier" for p in periods],
        }
    )
    sns.barplot(
        data=frame,
        x="label",
        y="count",
        hue="period",
        palette={"earlier": style.TEAL, "latest": "#7FA6B6"},
        dodge=False,
        width=0.62,
        saturation=1,
        errorbar=None,
        legend=False,
        ax=plot,
    )
    largest = max(frame["count"].max(), 1.0)
    plot.set(xlabel="", ylabel="", yticks=[], ylim=(0, largest * 1.04))
    plot.grid(visible=False)
    sns.despine(ax=plot, left=True)
    plot.tick_params(axis="x", labelsize=style.LABEL_SIZE, labelcolor=style.INK)
    for at, column in enumerate(columns):
        plot.annotate(
            column.shown,
            (at, column.count or 0.0),
            xytext=(0, 4),
            textcoords="offset points",
            ha="center",
            annotation_clip=False,
            color=style.INK if column.count is not None else style.GREY,
        )
        if column.breaks:
            plot.axvline(at - 0.5, color=style.RUST, linestyle=(0, (4, 3)), linewidth=0.9)
