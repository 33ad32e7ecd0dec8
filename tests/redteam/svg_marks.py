"""At which numbers do the dots of a figure stand? Read from its drawing for telephones alone.

There texts are texts: each says where it begins and how long it is. The labels of an axis stand
below its guides, and make its scale.
"""

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

SVG = "{http://www.w3.org/2000/svg}"
_CORNERS = re.compile(r"[MLHV]([0-9. ]+)")
ASIDE = 2.0  # points between a label and its guide: at the edge of the page a label gives way


@dataclass(frozen=True)
class Dot:
    """A dot: the address of its number, and where its middle stands in points."""

    address: str
    x: float
    y: float


def read_dots(picture: Path) -> list[tuple[str, float]]:
    """Return the address of each dot and the number at which it stands, by the scale below it.

    Raises:
        ValueError: an axis has no labels to read, or a dot has no axis below it.
    """
    root = ElementTree.parse(picture).getroot()
    axes = _read_axes(root)
    dots = []
    for dot in _find_dots(root):
        below = [axis for axis in axes if axis.height >= dot.y and axis.left <= dot.x <= axis.right]
        if not below:
            raise ValueError(f"{picture}: a dot without a scale: {dot}")
        axis = min(below, key=lambda axis: axis.height)
        dots.append((dot.address, axis.read(dot.x)))
    return dots


@dataclass(frozen=True)
class _Axis:
    """An axis: the height of its labels, how far it goes, and its numbers by place."""

    height: float
    left: float
    right: float
    slope: float
    start: float

    def read(self, x: float) -> float:
        return self.slope * x + self.start


def _read_axes(root: ElementTree.Element) -> list[_Axis]:
    ticks = [path for path in root.iter(f"{SVG}path") if path.get("class") == "tick"]
    guides = sorted({float(path.get("d", "").removeprefix("M").split()[0]) for path in ticks})
    labels = []
    for text in root.findall(f".//{SVG}g[@class='tick']/{SVG}text"):
        middle = float(text.get("x", "")) + float(text.get("textLength", "")) / 2
        near = min(guides, key=lambda guide: abs(guide - middle))
        number = float(re.sub("[^0-9.]", "", text.text or ""))
        labels.append((float(text.get("y", "")), number, near, abs(near - middle) < ASIDE))
    groups: list[list[tuple[float, float, float, bool]]] = []
    for label in labels:
        if not groups or groups[-1][-1][0] != label[0] or groups[-1][-1][1] >= label[1]:
            groups.append([])
        groups[-1].append(label)
    axes = []
    for group in groups:
        pairs = [(place, number) for _, number, place, beside in group if beside]
        slope, start = np.polyfit(*np.array(pairs).T, 1)
        assert all(a < b for (a, _), (b, _) in pairwise(pairs))
        ends = [(number - start) / slope for _, number, _, _ in group]
        axes.append(_Axis(group[0][0], ends[0] - 1, ends[-1] + 1, float(slope), float(start)))
    return axes


def _find_dots(root: ElementTree.Element) -> list[Dot]:
    """Return the circles, squares and diamonds that have an address."""
    dots = []
    for element in root.iter():
        address = element.get("data-n", "")
        if element.tag == f"{SVG}circle" and address:
            dots.append(Dot(address, float(element.get("cx", "")), float(element.get("cy", ""))))
        elif element.tag == f"{SVG}path" and address and element.get("d", "").count("L") == 3:
            corners = [
                tuple(map(float, corner.split()))
                for corner in _CORNERS.findall(element.get("d", ""))
            ]
            across, down = np.mean([corner for corner in corners if len(corner) == 2], axis=0)
            dots.append(Dot(address, float(across), float(down)))
    return dots
