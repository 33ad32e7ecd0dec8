"""Marks: the dot, the line, the bar or the sign of one published row on a scale."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol, cast

from disrupting_harm.report.drawing.canvas import Canvas, MarkerShape
from disrupting_harm.report.drawing.letters import measure_text, wrap_text
from disrupting_harm.report.drawing.page import MARGIN, Frame
from disrupting_harm.report.drawing.scales import Axis, Scale
from disrupting_harm.report.drawing.style import (
    LOOKS,
    MID,
    PALE_RUST,
    PALE_TEAL,
    PLACE,
    RUST,
    RUST_TINT,
    TEAL,
)
from disrupting_harm.report.drawing.widths import Cut, line_height

BAND = 3.4  # millimetres of what stands in place of an estimate
THIN = 2.0  # millimetres; a lower one has no room for hatching, and is a broken line
DASH = 5.0  # millimetres of a short line: nobody counted
# Millimetres of a mark in a key, from there to its words, and to the next mark.
SWATCH, BESIDE, APART = 5.0, 1.5, 5.0
# Looks and what each means.
Key = Sequence[tuple[str, str]]
# Why there is no estimate, each drawn in its own way.
Sign = Literal["", "privacy", "uncertain", "bound", "range", "unasked", "unrecorded"]


@dataclass(frozen=True)
class Mark:
    """One line of the table of marks of a chart, in the unit of its axis.

    Attributes:
        value: where its dot stands; None without one.
        low, high: the ends of its interval, of its bar, or of where the value may be.
        look: a key of ``LOOKS``.
        sign: why there is no estimate.
        slot: the line of its row that it stands in, from 0 downwards.
        address: of its row in the public table, shown or hidden.
        shown: what is printed at the right of it, where a row has no value for all its marks.
        curve: numbers and heights from 0 to 1 of a curve above it, the shaded part from ``low`` to
            ``high``.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    look: str = "plain"
    sign: Sign = ""
    slot: int = 0
    address: str | None = None
    shown: str = ""
    curve: tuple[tuple[float, float], ...] = ()


def build_bar(number: float, address: str) -> Mark:
    """Return a bar from nought; that of nought itself is a tick on the axis."""
    return Mark(number, 0.0, number, "bar", address=address)


class MarkRecord(NamedTuple):
    """One line of the CSV beside a figure: a mark, and where it stands.

    ``panel``, ``section`` and ``row`` are printed labels, ``shown`` is what the figure prints for
    the mark or its row; ``address`` is that of the row of the public table behind the mark.
    """

    panel: str
    section: str
    row: str
    slot: int
    value: float | None
    low: float | None
    high: float | None
    look: str
    sign: str
    shown: str
    address: str


class Chart(Protocol):
    """A declared figure: what draws it in any cut, and its table of marks."""

    def draw(self, frame: Frame) -> Canvas:
        """Draw it in the cut of the frame."""

    def list_marks(self) -> Iterator[MarkRecord]:
        """Yield its marks in reading order, those without an address left out."""


def draw_mark(
    canvas: Canvas,
    mark: Mark,
    scale: Scale,
    y: float,
    *,
    sign_width: float = 0.0,
    sign_height: float = BAND,
    curve_height: float = 0.0,
) -> None:
    """Draw a mark at height ``y`` of the page.

    Args:
        sign_width: of the words on the sign of a number that is withheld, in millimetres: it holds
            them where they are longer than the axis.
        sign_height: of any such sign, in millimetres.
        curve_height: of a whole curve, in millimetres.
    """
    if mark.sign:
        _draw_sign(canvas, mark, scale, y, sign_width, sign_height)
        return
    look = LOOKS[mark.look]
    if mark.curve:
        _draw_curve(canvas, mark, scale, y, curve_height)
    if mark.low is not None and mark.high is not None:
        left, right = scale.place(mark.low - look.beyond), scale.place(mark.high + look.beyond)
        if look.bar and left == right:
            ends = y - look.thickness / 2, y + look.thickness / 2
            canvas.draw_line(
                [(left, end) for end in ends], look.bar, 2.0, layer=look.layer, address=mark.address
            )
        elif look.bar:
            top = y - look.thickness / 2
            canvas.draw_box(
                left, top, right - left, look.thickness, fill=look.bar, edge=look.bar_edge,
                edge_width=0.6, layer=look.layer, address=mark.address,
            )  # fmt: skip
        elif look.line:
            canvas.draw_line(
                [(left, y), (right, y)], look.line, look.line_width, dashes=look.dashes,
                layer=look.layer, address=mark.address,
            )  # fmt: skip
    if mark.value is not None and look.shape:
        canvas.draw_marker(
            scale.place(mark.value), y, cast(MarkerShape, look.shape), look.diameter, look.fill,
            look.edge, address=mark.address,
        )  # fmt: skip


def draw_mark_over_rows(canvas: Canvas, mark: Mark, scale: Scale, top: float, foot: float) -> None:
    """Draw a mean behind rows: a band from end to end, and a line, or the range that it lies in."""
    if mark.low is not None and mark.high is not None:
        left, right = scale.place(mark.low), scale.place(mark.high)
        fill, layer = (RUST_TINT, 0.7) if mark.sign == "range" else (PALE_RUST, 0.5)
        canvas.draw_box(
            left, top, right - left, foot - top, fill=fill, layer=layer, address=mark.address
        )
        if mark.sign != "range":
            for x in (left, right):
                canvas.draw_line(
                    [(x, top), (x, foot)], RUST_TINT, 0.6, layer=0.6, address=mark.address
                )
    if mark.value is not None:
        x = scale.place(mark.value)
        canvas.draw_line([(x, top), (x, foot)], RUST, 1.0, layer=1, address=mark.address)


def _draw_sign(
    canvas: Canvas, mark: Mark, scale: Scale, y: float, sign_width: float, height: float
) -> None:
    """Draw the sign of why there is no estimate: never an empty row, never a zero.

    Bands reach over the axis, bounds over all that may be. A band holds words, and is no mark on
    the axis, which may be shorter than they are.
    """
    address, top = mark.address, y - height / 2
    width = max(scale.end - scale.start, sign_width)
    if mark.sign == "bound" and mark.low is not None and mark.high is not None:
        left, right = scale.place(mark.low), scale.place(mark.high)
        if height < THIN:
            look = LOOKS["bound"]
            canvas.draw_line(
                [(left, y), (right, y)], look.line, look.line_width, dashes=look.dashes, layer=2,
                address=address,
            )  # fmt: skip
            return
        canvas.draw_box(
            left, top, right - left, height, edge=MID, hatch=MID, layer=2, address=address
        )
    elif mark.sign == "range" and mark.low is not None and mark.high is not None:
        left, right = scale.place(mark.low), scale.place(mark.high)
        canvas.draw_line([(left, y), (right, y)], RUST, 6.0, layer=3, address=address)
    elif mark.sign in ("unasked", "unrecorded"):
        end = scale.start + DASH
        canvas.draw_line([(scale.start, y), (end, y)], MID, 1.4, layer=2, address=address)
    elif mark.sign == "uncertain":
        canvas.draw_box(
            scale.start, top, width, height, fill="#fff", edge=MID, dashes=(2.0, 1.4), layer=1,
            address=address,
        )  # fmt: skip
    else:
        canvas.draw_box(scale.start, top, width, height, fill=PLACE, layer=1, address=address)


def _draw_curve(canvas: Canvas, mark: Mark, scale: Scale, y: float, height: float) -> None:
    """Draw a curve above ``y``, shaded between the ends of the mark, as far as the axis goes."""
    points = [
        (scale.place(number), y - height * share)
        for number, share in mark.curve
        if scale.axis.low <= number <= scale.axis.high
    ]
    if mark.low is not None and mark.high is not None:
        left, right = scale.place(mark.low), scale.place(mark.high)
        inside = [(x, top) for x, top in points if left <= x <= right]
        shaded = [(inside[0][0], y), *inside, (inside[-1][0], y)]
        canvas.draw_area(shaded, PALE_TEAL, address=mark.address)
    canvas.draw_line(points, TEAL, 1.0, layer=2)


def measure_key(key: Key, cut: Cut) -> float:
    """Return the height of a key above a chart, in millimetres."""
    return max((foot for *_, foot in _place_key(key, cut)), default=0.0) + BESIDE * bool(key)


def draw_key(canvas: Canvas, key: Key, cut: Cut, top: float) -> None:
    """Draw the looks of a chart beside their words, in as many lines as the cut needs."""
    pitch = line_height(cut.text)
    for look, x, upper, lines, _ in _place_key(key, cut):
        middle = top + upper + pitch / 2
        scale = Axis(0.0, 1.0, (), ()).between(x, x + SWATCH)
        draw_mark(canvas, Mark(0.5, 0.0, 1.0, look), scale, middle)
        for number, line in enumerate(lines):
            canvas.write_text(x + SWATCH + BESIDE, middle + number * pitch, line, cut.text)


def _place_key(key: Key, cut: Cut) -> Iterator[tuple[str, float, float, tuple[str, ...], float]]:
    """Yield each look with where it begins, its upper edge, its lines of words and its foot."""
    right, indent = cut.width - MARGIN, SWATCH + BESIDE
    x, top, foot = MARGIN, 0.0, 0.0
    for look, words in key:
        lines = wrap_text(words, right - MARGIN - indent, cut.text)
        width = indent + max(measure_text(line, cut.text) for line in lines)
        if x > MARGIN and x + width > right:
            x, top = MARGIN, foot
        foot = max(foot, top + line_height(cut.text) * len(lines))
        yield look, x, top, lines, foot
        x += width + APART
