"""Reading a drawn figure: its texts and marks where they stand, from its SVG alone."""

import re
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

_SVG = "{http://www.w3.org/2000/svg}"
MM_PER_POINT = 25.4 / 72
NUMBER = r"-?\d+(?:\.\d+)?"
_NUMBER = re.compile(NUMBER)
_BOX = re.compile(rf"M({NUMBER}) {NUMBER}H{NUMBER}V{NUMBER}H\1z")
_WORDS = re.compile("<!-- (.*?) -->|<text [^>]*>(.*?)</text>")
_LINE = re.compile(rf"M({NUMBER}) ({NUMBER})([HV])({NUMBER})")
_PLACE = re.compile(r"translate\((\S+) (\S+)\)(?: rotate\(\S+\))? scale\((\S+)\)")
UNITS = 500  # of an outline, in the size of a letter


@dataclass(frozen=True)
class DrawnText:
    """A line of text: the start of its baseline and its letters' size, in points."""

    words: str
    x: float
    y: float
    size: float
    color: str
    bold: bool
    kind: str


@dataclass(frozen=True)
class DrawnMark:
    """A mark: its edges in points, how it is painted, the address of its row, and its path."""

    shape: str
    left: float
    top: float
    right: float
    foot: float
    fill: str
    stroke: str
    dashed: bool
    address: str
    kind: str
    path: str

    @property
    def x(self) -> float:
        return (self.left + self.right) / 2

    @property
    def y(self) -> float:
        return (self.top + self.foot) / 2


class Box(NamedTuple):
    """A box in millimetres; ``key`` where it is a piece of a look beside words."""

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
    """A line across (H) or down (V), in millimetres: where it begins, and how far it goes."""

    direction: str
    x: float
    y: float
    length: float


def read_page(svg: Path | str) -> tuple[float, float]:
    """Width and height of a figure in points."""
    root = ElementTree.fromstring(_text(svg))
    width, height = root.get("viewBox").split()[2:]
    return float(width), float(height)


def read_drawn_texts(svg: Path | str) -> list[DrawnText]:
    """The lines of text of a figure in outlines, in the order written."""
    builder = ElementTree.TreeBuilder(insert_comments=True)
    root = ElementTree.fromstring(_text(svg), parser=ElementTree.XMLParser(target=builder))
    texts = []

    def walk(parent: ElementTree.Element, kind: str) -> None:
        words = ""
        for part in parent:
            if part.tag is ElementTree.Comment:
                words = unescape(part.text.strip())
            elif words:
                x, y, scale = map(float, _PLACE.match(part.get("transform")).groups())
                # Names of semibold letters begin with a capital.
                letters = [use.get("href", "#") for use in part]
                bold = any(letter[1:2].isupper() for letter in letters)
                texts.append(DrawnText(words, x, y, scale * UNITS, part.get("fill"), bold, kind))
                words = ""
            else:
                walk(part, part.get("class") or kind)

    walk(root, "")
    return texts


def read_words(svg: Path | str) -> list[str]:
    """The lines of text of a figure, in outlines or in letters, in the order written."""
    return [unescape(outlined or text) for outlined, text in _WORDS.findall(_text(svg))]


def read_drawn_marks(svg: Path | str) -> list[DrawnMark]:
    """Everything that is drawn and no letter, in the order drawn; the page itself is left out."""
    root = ElementTree.fromstring(_text(svg))
    marks = []
    for part in list(root)[2:]:
        shape = part.tag.removeprefix(_SVG)
        if shape == "circle":
            x, y, r = (float(part.get(name)) for name in ("cx", "cy", "r"))
            edges = x - r, y - r, x + r, y + r
        elif shape == "path":
            edges = _find_edges(part.get("d"))
        else:
            continue
        marks.append(
            DrawnMark(
                shape, *edges, part.get("fill", ""), part.get("stroke", ""),
                part.get("stroke-dasharray") is not None, part.get("data-n", ""),
                part.get("class", ""), part.get("d", ""),
            )
        )  # fmt: skip
    return marks[1:]


def read_boxes(svg: Path | str) -> dict[str, Box]:
    """Boxes by address; a piece of a look has none."""
    return {
        mark.address: Box(
            *(end * MM_PER_POINT for end in (mark.left, mark.top, mark.right, mark.foot)),
            mark.fill,
            mark.kind == "key",
        )
        for mark in read_drawn_marks(svg)
        if _BOX.fullmatch(mark.path) and (mark.address or mark.kind == "key")
    }


def read_lines(svg: Path | str, address: str = "") -> list[Line]:
    """Lines of an address, or those without one."""
    lines = []
    for mark in read_drawn_marks(svg):
        if mark.address == address and (found := _LINE.fullmatch(mark.path)):
            x, y, end = (float(found[at]) * MM_PER_POINT for at in (1, 2, 4))
            lines.append(Line(found[3], x, y, end - (x if found[3] == "H" else y)))
    return lines


def _text(svg: Path | str) -> str:
    return svg if isinstance(svg, str) else svg.read_text(encoding="utf-8")


def _find_edges(path: str) -> tuple[float, float, float, float]:
    """Left, upper, right and lower edge of a path of straight lines, and of half discs."""
    x = y = 0.0
    across, down = [], []
    for step, told in re.findall(r"([MLHVa])([^MLHVaz]*)", path):
        numbers = [float(number) for number in _NUMBER.findall(told)]
        if step == "H":
            (x,) = numbers
        elif step == "V":
            (y,) = numbers
        elif step == "a":
            across.append(x - numbers[0])
            y += numbers[-1]
        else:
            x, y = numbers
        across.append(x)
        down.append(y)
    return min(across), min(down), max(across), max(down)
