"""Boxes, lines and words of a page of SVG, read from its text alone; lengths in millimetres."""

import html
import re
from typing import NamedTuple

MM_PER_POINT = 25.4 / 72
NUMBER = "[-0-9.]+"
BOX = re.compile(
    rf'<path( class="key")? d="M({NUMBER}) ({NUMBER})H({NUMBER})V({NUMBER})H\2z" fill="([^"]*)"'
    r'[^>]*?(?: data-n="([^"]*)")?/>'
)
LINE = re.compile(rf'd="M({NUMBER}) ({NUMBER})([HV])({NUMBER})"[^>]*?(?: data-n="([^"]*)")?/>')
WORDS = re.compile("<!-- (.*?) -->|<text [^>]*>(.*?)</text>")


class Box(NamedTuple):
    """A box; ``key`` where it is a piece of a look beside words."""

    left: float
    top: float
    right: float
    foot: float
    fill: str
    key: bool

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.foot - self.top


class Line(NamedTuple):
    """A line across (H) or down (V): where it begins, and how far it goes right or down."""

    direction: str
    x: float
    y: float
    length: float


def read_boxes(svg: str) -> dict[str, Box]:
    """Return boxes by address; a piece of a look has none."""
    return {
        address: Box(*(float(end) * MM_PER_POINT for end in ends), fill, bool(key))
        for key, *ends, fill, address in BOX.findall(svg)
        if key or address
    }


def read_lines(svg: str, address: str = "") -> list[Line]:
    """Return the lines of an address, or those without one."""
    return [
        Line(
            direction,
            float(x) * MM_PER_POINT,
            float(y) * MM_PER_POINT,
            (float(end) - float(x if direction == "H" else y)) * MM_PER_POINT,
        )
        for x, y, direction, end, at in LINE.findall(svg)
        if at == address
    ]


def read_words(svg: str) -> list[str]:
    """Return the texts in the order in which they were written."""
    return [html.unescape(outlined or text) for outlined, text in WORDS.findall(svg)]
