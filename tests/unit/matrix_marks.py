"""Marks of matrices and lists of items, read from their SVG, and texts that stand apart."""

import re
from itertools import combinations
from typing import NamedTuple

from drawing_reader import MM_PER_POINT

from disrupting_harm.report.drawing.canvas import Canvas

CIRCLE = re.compile(
    r'<circle cx="([^"]*)" cy="([^"]*)"[^>]*? fill="([^"]*)"[^>]*? data-n="(.*?)"/>'
)
HALF = re.compile(r'd="M(\S+) (\S+)a4 4 0 0 0 0 8z"')
BOX = re.compile(r'd="M(\S+) (\S+)H(\S+)V(\S+)H\S+z" fill="([^"]*)"([^>]*?) data-n="(.*?)"/>')
FULL_STEP = re.compile(r'd="M(\S+) (\S+)H(\S+)V\S+z" fill="#0B4F6C" data-n="')
DASH = re.compile(r'd="M(\S+) (\S+)H([0-9.]+)"[^>]*? stroke="#87949C"[^>]*? data-n="(.*?)"/>')


class Seen(NamedTuple):
    """A mark with its middle in millimetres; ``full`` is how much of its steps is full."""

    kind: str
    x: float
    y: float
    full: float = 0.0


def read_marks(canvas: Canvas) -> dict[str, Seen]:
    """Return the marks of an SVG by address: what a reader tells from shape and fill."""
    svg = canvas.render_svg("")
    halves = {(float(x), float(top) + 4) for x, top in HALF.findall(svg)}
    seen: dict[str, Seen] = {}

    def add(address: str, kind: str, x: float, y: float) -> None:
        assert address not in seen
        seen[address] = Seen(kind, x * MM_PER_POINT, y * MM_PER_POINT)

    for x, y, fill, address in CIRCLE.findall(svg):
        x, y = float(x), float(y)
        half = any(abs(x - a) < 0.01 and abs(y - b) < 0.01 for a, b in halves)
        add(address, "half" if half else "full" if fill == "#0B4F6C" else "empty", x, y)
    boxes: dict[str, list[list[str]]] = {}
    squares: dict[str, str] = {}
    for *ends, fill, edge, address in BOX.findall(svg):
        if fill != "#0B4F6C" or address not in boxes:  # what is full lies in a step
            boxes.setdefault(address, []).append(ends)
            if 'stroke="#0B4F6C"' in edge:
                squares[address] = "need" if fill == "#0B4F6C" else "open_need"
    full_steps = {
        (left, top): float(right) - float(left) for left, top, right in FULL_STEP.findall(svg)
    }
    for address, ends_of_boxes in boxes.items():
        left, top, right, foot = map(float, ends_of_boxes[0])
        alone = len(ends_of_boxes) == 1
        kind = squares.get(address, "box") if alone else f"{len(ends_of_boxes)} steps"
        add(address, kind, (left + right) / 2, (top + foot) / 2)
        full = sum(full_steps.get((left, top), 0.0) for left, top, *_ in ends_of_boxes)
        seen[address] = seen[address]._replace(full=round(full / (right - left), 3))
    for left, y, right, address in DASH.findall(svg):
        add(address, "dash", (float(left) + float(right)) / 2, float(y))
    for text in canvas.texts:
        if text.text == "?" and text.address:
            x = (text.x + text.width / 2) / MM_PER_POINT
            add(text.address, "question", x, text.y / MM_PER_POINT - 0.33 * text.size)
    return seen


def assert_apart(canvas: Canvas) -> None:
    boxes = []
    for text in canvas.texts:
        height = text.size * MM_PER_POINT
        if text.turn:
            boxes.append((text.text, text.x - 0.8 * height, text.y - text.width, text.x, text.y))
        else:
            top = text.y - 0.8 * height
            boxes.append((text.text, text.x, top, text.x + text.width, text.y))
    for words, left, top, right, foot in boxes:
        assert min(left, top) >= 0, words
        assert right <= canvas.width + 0.01, words
        assert foot <= canvas.height, words
    for one, other in combinations(boxes, 2):
        across = min(one[3], other[3]) - max(one[1], other[1])
        down = min(one[4], other[4]) - max(one[2], other[2])
        assert min(across, down) <= 0.05, (one[0], other[0])
