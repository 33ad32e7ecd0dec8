"""At which numbers do the marks of a figure stand? Read from its drawing alone."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

_AXES = re.compile(r'(?=<g id="axes_\d+">)')
_TICK = re.compile(r'(?=<g id="[xy]tick_\d+">)')
_LINE = re.compile(r'd="M([0-9.]+) ([0-9.]+)')
# A number and its sign; ages such as 12-13 are none.
_NUMBER = re.compile(r"<!-- ([0-9.]+)[^0-9>-]*? -->")
_MARKS = re.compile(r'<g id="PathCollection_\d+">(.*?)</g>', re.DOTALL)
_USE = re.compile(r'<use xlink:href="(#m\w+)" x="([0-9.]+)" y="([0-9.]+)" style="([^"]*)"')
# A pale band below an answer, from left to right and from top to foot.
_BAND = re.compile(r'd="M([0-9.]+) ([0-9.]+)H([0-9.]+)V([0-9.]+)H\1z"[^>]*style="fill:#edf1f3"')
# The note that says where bands begin and end: whatever the language, by these numbers.
_BAND_ENDS = re.compile(r"<!-- \D*\b0\b\D*?([0-9.]+)\s?%")


@dataclass(frozen=True)
class Mark:
    """A mark: its place from the upper left corner, and its shape and colours."""

    x: float
    y: float
    look: tuple[str, str]


def marks(picture: Path) -> list[float]:
    """Return the numbers at which the marks of a figure stand, by its own scales.

    A scale is a line through the numbers of an axis, below it or, where ages stand there, beside
    it. Without an axis each mark lies on a pale band, from 0 to what a note says. Marks with
    neither are the key of those of another part of the figure, and a key has each look once.

    Raises:
        ValueError: a mark has no scale, and is no key.
    """
    drawing = picture.read_text(encoding="utf-8")
    found: list[float] = []
    unplaced: list[Mark] = []
    for axes in _AXES.split(drawing)[1:]:
        drawn = [
            Mark(float(x), float(y), (shape, colours))
            for part in _MARKS.findall(axes)
            for shape, x, y, colours in _USE.findall(part)
        ]
        numbers = _on_ticks(axes, drawn) or _on_bands(axes, drawn)
        found += numbers
        unplaced += [] if numbers else drawn
    looks = [mark.look for mark in unplaced]
    if unplaced and (not found or len({*looks}) < len(looks)):
        raise ValueError(f"{picture}: marks without a scale, the first at {unplaced[0]}")
    return found


def _on_ticks(axes: str, drawn: list[Mark]) -> list[float]:
    """Return the numbers of marks by the ticks below, else beside; none where both lack."""
    for side, at in (("x", 1), ("y", 2)):
        parts = [part for part in _TICK.split(axes) if part.startswith(f'<g id="{side}tick_')]
        read = [(_LINE.search(part), _NUMBER.search(part)) for part in parts]
        ticks = [(float(line[at]), float(number[1])) for line, number in read if line and number]
        if len(ticks) > 1:
            slope, start = np.polyfit(*np.array(ticks).T, 1)
            return [slope * (mark.x if side == "x" else mark.y) + start for mark in drawn]
    return []


def _on_bands(axes: str, drawn: list[Mark]) -> list[float]:
    """Return the numbers of marks by the bands on which they lie; none without bands.

    A mark that lies beside its band is at the number that the band next to it gives.
    """
    end = _BAND_ENDS.search(axes)
    bands = [[float(number) for number in band] for band in _BAND.findall(axes)]
    if end is None or not bands:
        return []
    numbers = []
    for mark in drawn:
        left, _, right, _ = min(bands, key=lambda band: _away(mark, band))
        numbers.append(float(end[1]) * (mark.x - left) / (right - left))
    return numbers


def _away(mark: Mark, band: list[float]) -> float:
    """Return how far a mark is from a band: nothing on it."""
    left, top, right, foot = band
    across = max(left - mark.x, mark.x - right, 0.0)
    return across + max(top - mark.y, mark.y - foot, 0.0)
