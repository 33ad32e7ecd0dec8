"""Markers of estimates: shape and line differ as well as colour, so that colour is never needed."""

from dataclasses import dataclass
from typing import Literal

from disrupting_harm.report.figures import style

LineStyle = Literal["solid"] | tuple[float, tuple[float, ...]]


@dataclass(frozen=True)
class Mark:
    """The dot and the interval line of one look."""

    shape: str
    size: float
    edge: str
    fill: str
    line: LineStyle


# By name: an empty list of dashes would stand in the SVG, and Typst then draws no line at all.
SOLID: LineStyle = "solid"
BROKEN = (0.0, (3, 1.6))
MARKS = {
    "plain": Mark("o", 30, style.TEAL, style.TEAL, SOLID),
    "caution": Mark("o", 30, style.TEAL, "white", BROKEN),
    "reference": Mark("D", 28, style.RUST, style.RUST, SOLID),
    "reference caution": Mark("D", 28, style.RUST, "white", BROKEN),
    "apart": Mark("s", 26, style.GREY, "white", BROKEN),
    "pooled": Mark("D", 28, style.RUST, style.RUST, SOLID),
}
