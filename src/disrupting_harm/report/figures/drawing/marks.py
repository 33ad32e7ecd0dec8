"""Markers of estimates: shape and line differ as well as colour, so that colour is never needed."""

from dataclasses import dataclass
from typing import Literal

from disrupting_harm.report.figures.drawing import style

LineStyle = Literal["solid"] | tuple[float, tuple[float, ...]]


@dataclass(frozen=True)
class Mark:
    """The dot and the interval line of one look; ``bold``: so are its label and its value."""

    shape: str
    size: float
    edge: str
    fill: str
    line_color: str
    line: LineStyle
    bold: bool = False


# By name: an empty list of dashes would stand in the SVG, and Typst then draws no line at all.
SOLID: LineStyle = "solid"
BROKEN = (0.0, (2, 0.8))
MARKS = {
    "plain": Mark("o", 30, style.TEAL, style.TEAL, style.TINT, SOLID),
    "caution": Mark("o", 30, style.TEAL, "white", style.TINT, BROKEN),
    # The row to look at: all children, or the one that a figure is about.
    "highlight": Mark("o", 30, style.RUST, style.RUST, style.RUST_TINT, SOLID, True),
    "highlight caution": Mark("o", 30, style.RUST, "white", style.RUST_TINT, BROKEN, True),
    # Of another survey.
    "apart": Mark("s", 28, style.GREY, "white", style.MID, SOLID),
    "pooled": Mark("D", 26, style.RUST, style.RUST, style.RUST_TINT, SOLID),
    # A second group beside the first, as boys beside girls.
    "second": Mark("D", 24, style.GREY, "white", style.MID, SOLID),
    "second caution": Mark("D", 24, style.GREY, "white", style.MID, BROKEN),
}
