"""Charts of estimates on an axis of time: a panel for each indicator, changes as joining lines.

Each panel has a scale of its own, upwards. As many panels stand beside each other as leave room
for the numbers of neighbours in time; times that are too close even then stand at equal distances.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

from disrupting_harm.report.drawing.canvas import Canvas, MarkerShape
from disrupting_harm.report.drawing.letters import measure_text, wrap_text
from disrupting_harm.report.drawing.marks import DASH, Mark, MarkRecord
from disrupting_harm.report.drawing.page import MARGIN, Frame, lay_out_page, write_lines
from disrupting_harm.report.drawing.rows import Row
from disrupting_harm.report.drawing.scales import Axis, Scale
from disrupting_harm.report.drawing.style import DASHED, GREY, GUIDE, INK, LOOKS, MID, PLACE, RUST
from disrupting_harm.report.drawing.widths import Cut, line_height

ACROSS, ACROSS_NARROW = 3, 2  # panels beside each other, at most
BETWEEN = 8.0  # millimetres between them
PLOT = 34.0  # millimetres of a scale
BELOW = 2.5  # millimetres below a panel
RISE = 1.2  # millimetres between what stands at a time and its number
APART = 1.0  # millimetres between the numbers of neighbours
SIDE = 0.15  # of the whole time, before the first and after the last
WORDS = 1.9  # millimetres of words in place of an estimate, at most, for each point of their size
BAND = 3.4  # millimetres across a bound


@dataclass(frozen=True)
class Link:
    """A line that joins two times, with a dot halfway.

    Attributes:
        times: where it begins and ends.
        row: what it is about, as printed beside the chart; its first mark has its number, its look
            and its address.
        over: whether it stands over the scale and not from estimate to estimate.
    """

    times: tuple[float, float]
    row: Row
    over: bool = False


@dataclass(frozen=True)
class TimePanel:
    """Estimates at several times.

    Attributes:
        times: of the rows, the earliest first.
        rows: an estimate each, or the sign and the words in its place; labels stand below the axis.
        links: lines between two times that have an estimate.
        breaks: pairs of times between which a dashed line parts what cannot be compared.
    """

    heading: str
    axis: Axis
    times: tuple[float, ...]
    rows: tuple[Row, ...]
    links: tuple[Link, ...] = ()
    breaks: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class TimeChart:
    """A chart of panels in reading order."""

    panels: tuple[TimePanel, ...]

    def draw(self, frame: Frame) -> Canvas:
        """Draw the chart in the cut of its frame.

        Raises:
            StudyError: a mark is beyond its axis.
        """
        most = ACROSS_NARROW if frame.cut.narrow else ACROSS
        for across, even in (*((count, False) for count in range(most, 0, -1)), (1, True)):
            width = (frame.cut.width - 2 * MARGIN - BETWEEN * (across - 1)) / across
            blocks = [_Block(panel, width, frame.cut, even) for panel in self.panels]
            if all(block.has_room for block in blocks):
                break
        lines = [blocks[start : start + across] for start in range(0, len(blocks), across)]
        heads = [max(block.head for block in line) for line in lines]
        foot = PLOT + line_height(frame.cut.small) + RISE
        canvas, top = lay_out_page(frame, sum(heads) + foot * len(lines) + BELOW * (len(lines) - 1))
        for line, head in zip(lines, heads, strict=True):
            for index, block in enumerate(line):
                left = MARGIN + index * (width + BETWEEN)
                left = canvas.width - left - width if canvas.mirrored else left
                block.draw(canvas, left, top, top + head)
            top += head + foot + BELOW
        return canvas

    def list_marks(self) -> Iterator[MarkRecord]:
        """Yield estimates and signs, then what joins them, whose value is a number of its own."""
        for panel in self.panels:
            for row in (*panel.rows, *(link.row for link in panel.links)):
                yield from row.list_marks(panel.heading)


class _Block:
    """A panel with its measures in millimetres; ``even``: times stand at equal distances."""

    def __init__(self, panel: TimePanel, width: float, cut: Cut, even: bool) -> None:
        self.panel, self.width, self.cut = panel, width, cut
        self.heading_lines = wrap_text(panel.heading, width, cut.text, True)
        ticks = max(measure_text(label, cut.small) for label in panel.axis.labels) + RISE
        times = [float(n) for n in range(len(panel.times))] if even else panel.times
        side = SIDE * (times[-1] - times[0]) or 1.0
        self.left = ticks
        scale = Axis(times[0] - side, times[-1] + side, (), ()).between(ticks, width)
        self.places = list(map(scale.place, times))
        room = min((b - a for a, b in pairwise(self.places)), default=width) - 2 * APART
        self.words_width = min(WORDS * cut.small, room)

    @property
    def head(self) -> float:
        """The height of its heading, and of what stands over its scale."""
        lines = line_height(self.cut.text) * len(self.heading_lines)
        return lines + self.above + RISE * (1 + any(link.over for link in self.panel.links))

    @property
    def above(self) -> float:
        """The height of the numbers that stand above the highest mark."""
        rows = (row for row in self.panel.rows if row.sign in ("", "bound"))
        lines = max((len(self._wrap_words(row)) for row in rows), default=0)
        return line_height(self.cut.small) * lines + RISE

    @property
    def has_room(self) -> bool:
        """Whether neither the numbers nor the labels of neighbours in time meet."""
        widths = [
            max(measure_text(line, self.cut.small) for line in (row.label, *self._wrap_words(row)))
            for row in self.panel.rows
        ]
        neighbours = zip(pairwise(self.places), pairwise(widths), strict=True)
        return all(b - a >= (w + v) / 2 + APART for (a, b), (w, v) in neighbours)

    def draw(self, canvas: Canvas, left: float, top: float, plot_top: float) -> None:
        """Draw it from its upper left corner, its scale from ``plot_top`` downwards."""
        cut, panel, foot = self.cut, self.panel, plot_top + PLOT
        line = line_height(cut.text)
        middle = top + line * len(self.heading_lines) / 2
        start = canvas.width - left - self.width if canvas.mirrored else left
        write_lines(canvas, start, middle, self.heading_lines, cut.text, bold=True)
        canvas = canvas.count_from_left()
        upwards = panel.axis.between(foot, plot_top)
        for tick, label in zip(panel.axis.ticks, panel.axis.labels, strict=True):
            y, start = upwards.place(tick), left + self.left
            canvas.draw_line([(start, y), (left + self.width, y)], GUIDE, 0.6, layer=0, name="tick")
            canvas.write_text(
                start - RISE, y, label, cut.small, color=GREY, align="right", name="tick"
            )
        places = dict(zip(panel.times, (left + place for place in self.places), strict=True))
        for before, after in panel.breaks:
            x = (places[before] + places[after]) / 2
            canvas.draw_line([(x, plot_top), (x, foot)], RUST, 0.9, dashes=DASHED, name="break")
        estimates = dict(zip(panel.times, (row.estimate for row in panel.rows), strict=True))
        for link in panel.links:
            heights = [
                plot_top - self.above - RISE if link.over else upwards.place(estimates[time] or 0.0)
                for time in link.times
            ]
            _draw_link(canvas, link, [places[time] for time in link.times], heights)
        for time, row in zip(panel.times, panel.rows, strict=True):
            self._draw_row(canvas, row, upwards, places[time])
            y = foot + RISE + line_height(cut.small) / 2
            canvas.write_text(places[time], y, row.label, cut.small, color=GREY, align="center")

    def _wrap_words(self, row: Row) -> Sequence[str]:
        """Return the number of an estimate, or the words in its place in several lines."""
        return wrap_text(row.printed_text, self.words_width, self.cut.small)

    def _draw_row(self, canvas: Canvas, row: Row, upwards: Scale, x: float) -> None:
        mark, lines, size = row.marks[0], self._wrap_words(row), self.cut.small
        height = line_height(size) * len(lines)
        if mark.sign and mark.sign != "bound":
            width = max(measure_text(line, size) for line in lines) + 0.8 * APART
            _draw_sign(canvas, mark, x, upwards.start, width, height)
            foot, color = upwards.start - RISE / 2, GREY
        else:
            _draw_upright(canvas, mark, upwards, x)
            foot, color = upwards.place(mark.high or 0.0) - RISE, INK
        write_lines(canvas, x, foot - height / 2, lines, size, color=color, align="center")


def _draw_link(
    canvas: Canvas, link: Link, places: Sequence[float], heights: Sequence[float]
) -> None:
    mark = link.row.marks[0]
    look = LOOKS[mark.look]
    canvas.draw_line(list(zip(places, heights, strict=True)), look.line, look.line_width)
    canvas.draw_marker(
        sum(places) / 2, sum(heights) / 2, cast(MarkerShape, look.shape), look.diameter, look.fill,
        look.edge, edge_width=1.0, layer=4, address=mark.address,
    )  # fmt: skip


def _draw_upright(canvas: Canvas, mark: Mark, upwards: Scale, x: float) -> None:
    """Draw an estimate with its interval, or the bound in its place, upright."""
    if mark.low is None or mark.high is None:
        return
    look, low, high = LOOKS[mark.look], upwards.place(mark.low), upwards.place(mark.high)
    if mark.sign == "bound":
        canvas.draw_box(
            x - BAND / 2, high, BAND, low - high, edge=MID, hatch=MID, layer=2, address=mark.address
        )
        return
    canvas.draw_line(
        [(x, low), (x, high)], look.line, look.line_width, dashes=look.dashes, address=mark.address
    )
    if mark.value is not None:
        canvas.draw_marker(
            x, upwards.place(mark.value), cast(MarkerShape, look.shape), look.diameter, look.fill,
            look.edge, address=mark.address,
        )  # fmt: skip


def _draw_sign(
    canvas: Canvas, mark: Mark, x: float, foot: float, width: float, height: float
) -> None:
    """Draw what lies behind the words in place of an estimate, and over lines that pass it."""
    no_box = mark.sign in ("unasked", "unrecorded")
    edge = MID if mark.sign == "uncertain" else ""
    canvas.draw_box(
        x - width / 2, foot - height - RISE, width, height + RISE,
        fill="#fff" if no_box or edge else PLACE, edge=edge, dashes=(2.0, 1.4), layer=2.5,
        address=None if no_box else mark.address,
    )  # fmt: skip
    if no_box:
        ends = [(x - DASH / 2, foot), (x + DASH / 2, foot)]
        canvas.draw_line(ends, MID, 1.4, layer=3, address=mark.address)
