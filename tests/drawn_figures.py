"""What Chromium sees of a figure: its texts, the guides of its axes and its marks, in points.

Nothing of the library is used: the drawing is measured as a reader's program draws it, and compared
with the table of marks beside it.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
from selenium import webdriver

# Points of a text at least, on paper and on a telephone, where a pixel is 0.75 points.
LEAST_ON_PAPER, LEAST_ON_PHONE = 7.4, 8.4
HAIR = 0.1  # points by which a mark may stand beside its number
EDGE = 0.6  # points by which letters may reach over the edge of the page
TOUCH = 0.3  # points by which the boxes of two texts may overlap
UNITS = 500  # of an outlined letter
# Looks of marks whose value stands on no scale: boxes that hold it, and steps.
PRINTED = ("box", "steps")
# What bars over whole numbers, as ranks, reach beyond both ends, in units of their axis.
BEYOND = {"shade": 0.35}
_DIGITS = re.compile(r"[^0-9]")

_MEASURE = r"""
const holder = document.createElement('div');
holder.style.cssText = 'position:absolute;left:0;top:0';
document.body.replaceChildren(holder);
return arguments[0].map(source => {
  holder.innerHTML = source.slice(source.indexOf('<svg'));
  const svg = holder.firstElementChild, size = svg.viewBox.baseVal;
  svg.setAttribute('width', size.width); svg.setAttribute('height', size.height);
  const page = svg.getBoundingClientRect();
  const box = element => {
    const r = element.getBoundingClientRect();
    return [r.left - page.left, r.top - page.top, r.right - page.left, r.bottom - page.top];
  };
  const tick = element => element.closest('.tick') !== null;
  const texts = [];
  for (const element of svg.querySelectorAll('text'))
    texts.push([element.textContent, parseFloat(element.getAttribute('font-size')),
                box(element), tick(element), element.hasAttribute('transform')]);
  const walker = document.createTreeWalker(svg, NodeFilter.SHOW_COMMENT);
  while (walker.nextNode()) {
    const words = walker.currentNode, group = words.nextElementSibling;
    const look = group.getAttribute('transform');
    texts.push([words.data.trim(), 500 * parseFloat(/scale\((\S+)/.exec(look)[1]), box(group),
                tick(group), look.includes('rotate')]);
  }
  const guides = [...svg.querySelectorAll('path.tick')].map(box);
  const marks = [...svg.querySelectorAll('[data-n]')].map(element =>
    [element.getAttribute('data-n').split(' '), element.tagName, box(element),
     (b => [b.x, b.y, b.x + b.width, b.y + b.height])(element.getBBox()),
     element.getAttribute('fill')]);
  return {size: [size.width, size.height], texts, guides, marks};
});
"""
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class DrawnText:
    """A text as drawn; its box is that of its ink, or of its line in letters of the device."""

    words: str
    size: float
    box: Box
    tick: bool
    turned: bool


@dataclass(frozen=True)
class DrawnMark:
    """A mark as drawn; ``box`` has no width of lines in it."""

    addresses: tuple[str, ...]
    tag: str
    box: Box
    fill: str


@dataclass(frozen=True)
class DrawnFigure:
    """A figure as drawn."""

    path: Path
    size: tuple[float, float]
    texts: tuple[DrawnText, ...]
    guides: tuple[Box, ...]
    marks: tuple[DrawnMark, ...]

    @property
    def on_phone(self) -> bool:
        """Whether it is drawn for telephones."""
        return self.path.stem.endswith("-phone")

    def read_marks(self) -> list[dict[str, str]]:
        """Return the table of marks beside it; pictures of briefs have none."""
        table = self.path.with_name(self.path.stem.removesuffix("-phone") + ".csv")
        if "briefs" in table.parts and not table.exists():
            return []
        with table.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


def measure_figures(browser: webdriver.Chrome, paths: Sequence[Path]) -> Iterator[DrawnFigure]:
    """Yield what the browser sees of each drawing."""
    browser.get("about:blank")
    for start in range(0, len(paths), 20):
        batch = paths[start : start + 20]
        sources = [path.read_text(encoding="utf-8") for path in batch]
        measured: Any = browser.execute_script(_MEASURE, sources)
        for path, seen in zip(batch, measured, strict=True):
            yield DrawnFigure(
                path,
                tuple(seen["size"]),
                tuple(DrawnText(w, s, tuple(b), t, r) for w, s, b, t, r in seen["texts"]),
                tuple(map(tuple, seen["guides"])),
                tuple(
                    DrawnMark(tuple(n), tag, tuple(box), fill or "")
                    for n, tag, _, box, fill in seen["marks"]
                ),
            )


def find_text_faults(figure: DrawnFigure) -> Iterator[str]:
    """Yield texts that are too small, that leave the page, or that lie over another one."""
    least = LEAST_ON_PHONE if figure.on_phone else LEAST_ON_PAPER
    width, height = figure.size
    for text in figure.texts:
        if text.size < least - 0.01:
            yield f"'{text.words}' has letters of {text.size:.1f} points"
        left, top, right, foot = text.box
        if left < -EDGE or top < -EDGE or right > width + EDGE or foot > height + EDGE:
            yield f"'{text.words}' leaves the page"
    for one, other in combinations(figure.texts, 2):
        across = min(one.box[2], other.box[2]) - max(one.box[0], other.box[0])
        down = min(one.box[3], other.box[3]) - max(one.box[1], other.box[1])
        # The box of a line of the device's letters has room above and below them.
        slack = TOUCH + (0.3 * min(one.size, other.size) if figure.on_phone else 0.0)
        if across > TOUCH and down > slack and not one.turned and not other.turned:
            yield f"'{one.words}' and '{other.words}' lie over each other"


@dataclass(frozen=True)
class DrawnScale:
    """The numbers of an axis as a reader takes them: by the labels below its guides."""

    guides: tuple[Box, ...]
    slope: float
    start: float
    logarithmic: bool

    def place(self, number: float) -> float:
        """Return where a number stands, in points."""
        return self.start + self.slope * (np.log10(number) if self.logarithmic else number)

    def covers(self, box: Box, beyond: float = 0.0) -> bool:
        """Return whether a mark lies between the guides of the axis, or so far beyond them."""
        room = 1 + beyond * abs(self.slope)
        middle = (box[1] + box[3]) / 2
        left = min(guide[0] for guide in self.guides) - room
        right = max(guide[2] for guide in self.guides) + room
        tops = [guide[1] for guide in self.guides]
        feet = [guide[3] for guide in self.guides]
        return left <= box[0] and box[2] <= right and min(tops) - 2 <= middle <= max(feet) + 2


def read_scales(figure: DrawnFigure) -> list[DrawnScale]:
    """Return the scales of the axes that lie below rows.

    Raises:
        ValueError: the guides of an axis do not stand where its labels say.
    """
    scales = []
    groups = list(_group_labels(figure))
    for index, labels in enumerate(groups):
        top = min(label.box[1] for label in labels)
        # The last guides of an axis may have no label.
        beside = groups[index + 1][0].box if index + 1 < len(groups) else None
        on_height = beside is not None and abs(beside[1] - labels[0].box[1]) < 6
        left = labels[0].box[0] - 2
        right = beside[0] - 2 if beside and on_height else figure.size[0]
        guides = [
            guide
            for guide in figure.guides
            if guide[3] <= top + 2 and left <= guide[0] <= right
            and not _is_between(figure, guide, top, labels)
        ]  # fmt: skip
        pairs = []
        for label in labels:
            middle = (label.box[0] + label.box[2]) / 2
            near = [guide[0] for guide in guides if abs(guide[0] - middle) < 1.5]
            if near:
                pairs.append((_read_number(label.words), near[0]))
        if len(pairs) < 2:
            continue  # no scale: marks on it are then not at their place
        numbers, places = np.array(pairs, float).T
        logarithmic = bool(len(numbers) > 2 and min(numbers) > 0 and _grows_by_factor(numbers))
        slope, start = np.polyfit(np.log10(numbers) if logarithmic else numbers, places, 1)
        scale = DrawnScale(tuple(guides), float(slope), float(start), logarithmic)
        for number, place in pairs:
            if abs(scale.place(number) - place) > HAIR:
                raise ValueError(f"{figure.path}: the tick of {number:g} is not at its place")
        scales.append(scale)
    return scales


def _group_labels(figure: DrawnFigure) -> Iterator[list[DrawnText]]:
    """Yield the labels of each axis: on one height, with rising numbers."""
    labels = [text for text in figure.texts if text.tick]
    group: list[DrawnText] = []
    for label in labels:
        if group and (
            abs(label.box[3] - group[-1].box[3]) > 6 or label.box[0] <= group[-1].box[0]
            or _read_number(label.words) <= _read_number(group[-1].words)
        ):  # fmt: skip
            yield group
            group = []
        group.append(label)
    if group:
        yield group


def _is_between(figure: DrawnFigure, guide: Box, top: float, labels: Sequence[DrawnText]) -> bool:
    """Return whether the labels of another axis stand between a guide and this axis."""
    return any(
        text.tick and text not in labels and guide[3] - 1 < text.box[1] < top - 6
        and labels[0].box[0] - 2 <= text.box[0] <= labels[-1].box[2]
        for text in figure.texts
    )  # fmt: skip


def _read_number(words: str) -> float:
    sign = -1.0 if words.strip().startswith(("-", "\u2212")) else 1.0
    return sign * float(_DIGITS.sub("", words) or "nan")


def _grows_by_factor(numbers: np.ndarray) -> bool:
    ratios = [b / a for a, b in pairwise(numbers)]
    return max(ratios) / min(ratios) < 1.001


def find_mark_faults(figure: DrawnFigure) -> Iterator[str]:
    """Yield marks of the table that the drawing has not, or not at their place on their scale.

    Columns stand on no axis: in a panel their heights are in proportion to the numbers.
    """
    scales = read_scales(figure)
    panels: dict[str, list[tuple[str, float, float]]] = {}
    for record in figure.read_marks():
        addresses = set(record["address"].split())
        if not addresses:
            continue
        drawn = [mark for mark in figure.marks if addresses & set(mark.addresses)]
        if not drawn:
            yield f"{record['address']} has no mark"
            continue
        if record["sign"] in ("privacy", "uncertain"):
            continue
        if record["look"] in PRINTED and record["value"]:
            if not _is_printed(record, drawn, figure):
                yield f"{record['address']}: {record['value']} is not what is printed"
            continue
        if not scales and record["high"]:
            count = float(record["high"]) - float(record["low"])
            height = max(mark.box[3] - mark.box[1] for mark in drawn)
            panels.setdefault(record["panel"], []).append((record["address"], count, height))
            continue
        for column in ("value", "low", "high"):
            beyond = BEYOND.get(record["look"].split()[0], 0.0)
            if record[column] and not _is_drawn(
                float(record[column]), column, drawn, scales, beyond
            ):
                yield f"{record['address']}: {column} {record[column]} is not drawn at its place"
    for columns in panels.values():
        _, largest, tallest = max(columns, key=lambda column: column[1])
        for address, count, height in columns:
            if abs(height - tallest * count / max(largest, 1)) > HAIR:
                yield f"{address}: a column of {height:.1f} points for {count:g}"


def _is_printed(record: dict[str, str], drawn: Sequence[DrawnMark], figure: DrawnFigure) -> bool:
    """Return whether a box holds its number, or as many steps are filled as it says."""
    if record["look"] == "steps":
        widths = [(mark.box[2] - mark.box[0], mark.fill) for mark in drawn]
        step = max(width for width, _ in widths)
        filled = sum(width for width, fill in widths if fill != "#fff") / step
        return abs(filled - float(record["value"])) < 0.01
    return any(
        left <= (text.box[0] + text.box[2]) / 2 <= right
        and top <= (text.box[1] + text.box[3]) / 2 <= foot
        for text in figure.texts
        if text.words == record["shown"]
        for left, top, right, foot in (mark.box for mark in drawn)
    )


def _is_drawn(
    number: float,
    column: str,
    drawn: Sequence[DrawnMark],
    scales: Sequence[DrawnScale],
    beyond: float,
) -> bool:
    number += {"low": -beyond, "high": beyond}.get(column, 0.0)
    return any(
        abs(place - scale.place(number)) <= HAIR
        for mark in drawn
        for scale in scales
        if scale.covers(mark.box, beyond)
        for place in _list_places(mark, column)
    )


def _list_places(mark: DrawnMark, column: str) -> list[float]:
    left, _, right, _ = mark.box
    if column == "value":
        return [(left + right) / 2, right]
    return [left if column == "low" else right]
