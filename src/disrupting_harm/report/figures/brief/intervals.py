"""Estimates with intervals in a narrow column: the label above its bar, the number at the right."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from disrupting_harm.errors import StudyError
from disrupting_harm.report.figures import page as paper
from disrupting_harm.report.figures import style
from disrupting_harm.report.figures.brief.sheet import (
    SOURCE_SIZE,
    TEXT_LINE,
    TEXT_SIZE,
    WIDTH,
    Framed,
    new_sheet,
)
from disrupting_harm.report.figures.charts import draw_intervals
from disrupting_harm.report.figures.lettering import text_width, wrap
from disrupting_harm.report.figures.rows import Row, Section

BAR = 5.4  # height of the line of a bar
HEADING = 4.4
AXIS = 4.2
INDENT = 2.0  # of words on a band
SPACE = 2.0  # between the plot and the numbers


def interval_picture(sections: Sequence[Section], framed: Framed) -> Figure:
    """Draw rows of estimates; one that is not printed keeps its place, with the reason in words.

    Args:
        sections: rows in the order drawn; each has its interval beside its number.
        framed: title, subtitle, source.
    """
    rows = [row for section in sections for row in section.rows]
    values = max(text_width(_value(row), TEXT_SIZE) for row in rows)
    width = WIDTH - values - SPACE
    labels = {row: wrap(row.label, WIDTH, TEXT_SIZE) for row in rows}
    body = sum(HEADING for section in sections if section.heading) + AXIS
    body += sum(TEXT_LINE * len(labels[row]) + BAR for row in rows)
    figure, page, top = new_sheet(framed, body)
    largest = max((row.ci_high for row in rows if row.ci_high is not None), default=10.0)
    end, step = style.nice_axis(largest)
    plot = _plot(figure, top, width, body - AXIS, end, step)
    y, centres = 0.0, []
    for section in sections:
        if section.heading:
            paper.put_text(
                page, 0, top + y + HEADING / 2, section.heading, size=TEXT_SIZE, color=style.TEAL
            )
            y += HEADING
        for row in section.rows:
            for line in labels[row]:
                paper.put_text(page, 0, top + y + TEXT_LINE / 2, line, size=TEXT_SIZE)
                y += TEXT_LINE
            centres.append(y + BAR / 2)
            _write_value(page, plot, row, top, centres[-1])
            y += BAR
    # Guides stand behind the bars alone: across a label they would cross its letters.
    for tick in plot.get_xticks():
        for centre in centres:
            plot.vlines(tick, centre - BAR / 2, centre + BAR / 2, style.GUIDE, lw=0.6, zorder=0)
    draw_intervals(plot, rows, centres)
    return figure


def _plot(figure: Figure, top: float, width: float, height: float, end: float, step: float) -> Axes:
    plot = paper.place_axes(figure, 0.8, top, width - 0.8, height)
    plot.set_xlim(0, end)
    plot.set_ylim(height, 0)
    plot.set_yticks([])
    ticks = [step * tick for tick in range(int(end / step) + 1)]
    # On so narrow an axis every second number has room.
    plot.set_xticks(ticks[:: 2 if len(ticks) > 4 else 1])
    plot.tick_params(axis="x", labelsize=SOURCE_SIZE)
    plot.grid(visible=False)
    for side in ("left", "right", "top"):
        plot.spines[side].set_visible(False)
    return plot


def _write_value(page: Axes, plot: Axes, row: Row, top: float, centre: float) -> None:
    """Write a number, or the words in place of one: on a pale band, or beside a hatched bar.

    Raises:
        StudyError: if the words have no room on one line; cut short they would say something else.
    """
    y = top + centre
    if row.ci_high is None:
        if text_width(row.meaning, SOURCE_SIZE) > WIDTH - 2 * INDENT:
            raise StudyError(
                f"figure of a brief, row '{row.label}'",
                f"there is no room for '{row.meaning}'",
                "Translate it in fewer letters",
            )
        page.add_patch(Rectangle((0, y - 1.6), WIDTH, 3.2, color=style.PLACE, linewidth=0))
        paper.put_text(page, INDENT, y, row.meaning, size=SOURCE_SIZE, color=style.GREY)
        return
    if row.estimate is None:
        plot.add_patch(
            Rectangle(
                (0, centre - 1.1), row.ci_high, 2.2, fill=False, hatch="//////",
                edgecolor=style.TEAL, linewidth=0.6,
            )
        )  # fmt: skip
    paper.put_text(page, WIDTH, y, _value(row), ha="right", size=TEXT_SIZE)


def _value(row: Row) -> str:
    return f"{row.shown} {row.interval}".strip() if row.ci_high is not None else ""
