"""Layout of a figure with rows: labels at the left, a plot, printed values at the right.

The charts that have one row per estimate or country share it and draw into its plot. In a narrow
cut a label stands above its bar.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from disrupting_harm.errors import StudyError
from disrupting_harm.report.figures import page as paper
from disrupting_harm.report.figures import style
from disrupting_harm.report.figures.cuts import Cut, leading
from disrupting_harm.report.figures.lettering import text_width, wrap
from disrupting_harm.report.figures.marks import MARKS
from disrupting_harm.report.figures.page import MARGIN, Frame, put_text

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

# Why there is no estimate, each drawn in its own way.
Missing = Literal["", "privacy", "uncertain", "bound", "range", "unasked", "unrecorded"]
# What is known in place of an estimate, and printed as one.
LIMITED = ("bound", "range")


@dataclass(frozen=True)
class Row:
    """One estimate as drawn: numbers in the unit of the axis, words as printed.

    Attributes:
        label: what the row is about.
        shown: the estimate as printed; without one the words in its place.
        interval: its limits as printed.
        estimate, ci_low, ci_high: where they are drawn; None where there is none.
        look: a key of ``MARKS``.
        missing: why there is no estimate.
        limits: of a ``bound`` or a ``range``: from where to where the value may be.
        address: of the published number.
        key: address of its row in the public table, shown or hidden: what its marks carry.
        whole: the estimate in whole per cent, as printed; None where it is no share.
    """

    label: str
    shown: str
    interval: str = ""
    estimate: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    look: str = "plain"
    missing: Missing = ""
    limits: tuple[float, float] | None = None
    address: str = ""
    key: str | None = None
    whole: int | None = None

    @property
    def value(self) -> str:
        """What is printed at the right; what is not known is written in the plot."""
        if self.estimate is None and self.missing not in LIMITED:
            return ""
        return f"{self.shown}\u00a0{self.interval}" if self.interval else self.shown

    @property
    def reach(self) -> float:
        """How far an axis has to go: to the upper limit, or to the end of a bound.

        Cut at the end of a shorter axis, the bar of a bound would state a narrower one.
        """
        if self.missing == "bound" and self.limits:
            return self.limits[1]
        return self.ci_high or 0.0

    @property
    def asked(self) -> bool:
        """Whether the question was asked: if not, there was nothing to publish."""
        return self.missing != "unasked"

    @property
    def bold(self) -> bool:
        """Whether it is the row to look at."""
        return MARKS[self.look].bold


@dataclass(frozen=True)
class Section:
    """Rows below one heading; an empty heading takes no room."""

    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Columns:
    """Where the columns stand, in millimetres; ``stacked``: labels stand above their bars."""

    labels: float
    plot_left: float
    plot_width: float
    right: float
    stacked: bool


@dataclass(frozen=True)
class Rows:
    """A page with its rows written, ready for a plot.

    Attributes:
        figure: the figure.
        page: its page, in millimetres.
        cut: its width and letters.
        columns: where the columns stand.
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
    lead: float = 0.0,
    foot: float = 0.0,
    over: bool = False,
) -> Rows:
    """Write a page of rows and leave its plot to the caller.

    Args:
        sections: the rows, in the order drawn.
        frame: the texts round the chart.
        lead: room between the subtitle and the body, in millimetres.
        foot: room below the last row that belongs to the plot, in millimetres.
        over: whether a heading may reach over the plot, which has nothing at its height then.

    Raises:
        StudyError: if words in place of an estimate have no room: cut short they would say
            something else.
    """
    rows = tuple(row for section in sections for row in section.rows)
    cut = frame.cut
    columns = _columns(rows, [] if over else [section.heading for section in sections], cut)
    heights = [[_row_height(row, columns, cut) for row in section.rows] for section in sections]
    headings = heading_height(cut) * sum(bool(section.heading) for section in sections)
    body = sum(map(sum, heights)) + headings + foot
    figure, page, top = paper.framed_page(frame, lead + body + AXIS)
    top += lead
    centres, bounds = _write_rows(page, sections, heights, columns, top, cut)
    return Rows(figure, page, cut, columns, top, body, rows, centres, bounds)


def heading_height(cut: Cut) -> float:
    """Return the room of a section's heading, with the space above it."""
    return leading(cut.small) + 1.4


def write_value(laid: Rows, y: float, value: str, color: str = style.INK) -> None:
    """Write a value into the column at the right, at height ``y`` of the page."""
    put_text(laid.page, laid.columns.right, y, value, ha="right", color=color, size=laid.cut.text)


def _columns(rows: Sequence[Row], headings: Sequence[str], cut: Cut) -> Columns:
    widest = LABELS_AT_MOST * cut.width
    values = max(text_width(row.value, cut.text, row.bold) for row in rows)
    right = cut.width - MARGIN
    lines = [
        text_width(line, cut.text, row.bold)
        for row in rows
        for line in wrap(row.label, widest, cut.text, row.bold)
    ]
    left = MARGIN + max([*lines, *(text_width(head, cut.small, True) for head in headings)])
    plot_left = left + GAP
    plot_width = right - values - GAP - plot_left
    if cut.narrow and plot_width < PLOT_AT_LEAST * cut.width:
        return Columns(right - MARGIN, MARGIN + 1, right - values - GAP - MARGIN - 1, right, True)
    return Columns(left - MARGIN, plot_left, plot_width, right, False)


def _row_height(row: Row, columns: Columns, cut: Cut) -> float:
    labels = leading(cut.text) * len(_label_lines(row, columns.labels, cut))
    return labels + (BAR + BELOW if columns.stacked else ROW_PADDING)


def _label_lines(row: Row, width: float, cut: Cut) -> tuple[str, ...]:
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
            middle = y + heading - leading(cut.small) / 2
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
    lines = _label_lines(row, columns.labels, cut)
    line = leading(cut.text)
    first = upper + line / 2 if columns.stacked else centre - line * (len(lines) - 1) / 2
    color = style.GREY if row.look == "apart" else style.INK
    for number, text in enumerate(lines):
        put_text(page, MARGIN, first + line * number, text, color=color, **look)
    if row.value:
        put_text(page, columns.right, centre, row.value, ha="right", color=color, **look)
    if row.estimate is None and row.missing not in LIMITED:
        indent = DASH if row.missing in ("unasked", "unrecorded") else 0.0
        left = columns.plot_left + indent + INDENT
        if left + text_width(row.shown, cut.small) > columns.right:
            raise StudyError(
                f"figure, row '{row.label}'",
                f"there is no room for '{row.shown}'",
                "Translate it in fewer letters",
            )
        put_text(page, left, centre, row.shown, size=cut.small, color=style.GREY)
