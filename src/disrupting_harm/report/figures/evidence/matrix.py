"""A matrix of countries and items, with one mark or number in each cell.

In a narrow cut a label stands above its cells, which take the whole width, and the names of the
columns again below each heading: their first place is out of sight by then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from disrupting_harm.report.figures.drawing import page_furniture as paper
from disrupting_harm.report.figures.drawing import style
from disrupting_harm.report.figures.drawing.page_furniture import MARGIN, Frame, put_text
from disrupting_harm.report.figures.drawing.text_shaping import text_width, wrap
from disrupting_harm.report.figures.drawing.widths import line_height

ROW = 6.2
BELOW = 2.0  # cells that have their label above them
HEADING = 6.5
LABELS_AT_MOST = 0.35  # of the width
GAP = 2.0
WIDEST = 12.0  # of a cell
FRAME = 0.35  # white between cells
Mark = Literal["full", "left", "none"]


@dataclass(frozen=True)
class Cell:
    """One cell.

    Attributes:
        text: what is written in it.
        fill, ink: its colour, and that of its letters.
        mark: a disc that is full, half full or empty.
        key: the address of its row in the public table.
    """

    text: str = ""
    fill: str = "white"
    ink: str = style.INK
    mark: Mark | None = None
    key: str | None = None


@dataclass(frozen=True)
class Line:
    """One row of the grid: cells by column; a row without cells is a heading."""

    label: str
    cells: Mapping[str, Cell]


def draw_matrix(lines: Sequence[Line], columns: Mapping[str, str], frame: Frame) -> Figure:
    """Draw a grid.

    Args:
        lines: rows and headings, in the order drawn.
        columns: names of the columns as printed, by their keys, in the order drawn.
        frame: the texts round the grid.
    """
    cut, font_size = frame.cut, frame.cut.small
    if cut.narrow:
        return _draw_narrow(lines, columns, frame)
    labels = [
        wrap(line.label, LABELS_AT_MOST * cut.width, font_size, not line.cells) for line in lines
    ]
    widest = max(
        text_width(text, font_size, not line.cells)
        for line, parts in zip(lines, labels, strict=True)
        for text in parts
    )
    left = MARGIN + GAP + widest
    width = min(WIDEST, (cut.width - MARGIN - left) / len(columns))
    row = line_height(font_size)
    heights = [
        max(ROW, row * len(parts) + 1) if line.cells else HEADING
        for line, parts in zip(lines, labels, strict=True)
    ]
    names = _longest(columns, font_size) + GAP
    figure, page, above = paper.lay_out_page(frame, names + sum(heights))
    y = top = above + names
    _write_columns(page, columns, left, top, width, font_size)
    for line, parts, height in zip(lines, labels, heights, strict=True):
        heading = {"color": style.GREY, "weight": style.SEMIBOLD}
        for number, text in enumerate(parts):
            middle = y + height / 2 + row * (number - (len(parts) - 1) / 2)
            put_text(page, MARGIN, middle, text, size=font_size, **({} if line.cells else heading))
        for at, key in enumerate(columns):
            if key in line.cells:
                _draw_cell(page, line.cells[key], left + at * width, y, width, height, font_size)
        y += height
    return figure


def _draw_narrow(lines: Sequence[Line], columns: Mapping[str, str], frame: Frame) -> Figure:
    """Draw each label above its cells."""
    cut, font_size = frame.cut, frame.cut.small
    row, width = line_height(font_size), (cut.width - 2 * MARGIN) / len(columns)
    room, names = cut.width - 2 * MARGIN, _longest(columns, font_size) + GAP
    # Without headings the names stand above all, once.
    headed = not lines[0].cells
    labels = [wrap(line.label, room, font_size, not line.cells) for line in lines]
    heights = [
        row * len(parts) + (ROW + BELOW if line.cells else names + 1.5)
        for line, parts in zip(lines, labels, strict=True)
    ]
    figure, page, y = paper.lay_out_page(frame, sum(heights) + (0 if headed else names))
    if not headed:
        y += names
        _write_columns(page, columns, MARGIN, y, width, font_size)
    for line, parts, height in zip(lines, labels, heights, strict=True):
        look = {} if line.cells else {"color": style.GREY, "weight": style.SEMIBOLD}
        for number, text in enumerate(parts):
            put_text(page, MARGIN, y + row * (number + 0.5), text, size=font_size, **look)
        y += height
        if not line.cells:
            _write_columns(page, columns, MARGIN, y, width, font_size)
        for at, key in enumerate(columns):
            if key in line.cells:
                cell = line.cells[key]
                _draw_cell(page, cell, MARGIN + at * width, y - ROW - BELOW, width, ROW, font_size)
    return figure


def _longest(columns: Mapping[str, str], font_size: float) -> float:
    return max(text_width(name, font_size) for name in columns.values())


def _write_columns(
    page: Axes, columns: Mapping[str, str], left: float, foot: float, width: float, font_size: float
) -> None:
    """Write the names of the columns upwards."""
    look: dict[str, Any] = {"size": font_size, "rotation": 90, "ha": "center", "va": "bottom"}
    for at, name in enumerate(columns.values()):
        page.text(left + (at + 0.5) * width, foot - GAP / 2, name, **look)


def _draw_cell(
    page: Axes, cell: Cell, x: float, y: float, width: float, height: float, font_size: float
) -> None:
    box = (x + FRAME, y + FRAME), width - 2 * FRAME, height - 2 * FRAME
    middle = x + width / 2, y + height / 2
    if cell.mark:
        draw_disc(page, *middle, cell.mark, cell.key)
    else:
        page.add_patch(Rectangle(*box, facecolor=cell.fill, edgecolor="none", url=cell.key))
    if cell.text:
        put_text(page, *middle, cell.text, size=font_size, color=cell.ink, ha="center")


def draw_disc(page: Axes, x: float, y: float, fill: Mark, key: str | None = None) -> None:
    """Draw a disc that is full, half full or empty; ``key`` is the address of its row."""
    page.plot(
        x,
        y,
        "o",
        markersize=8.0,
        fillstyle=fill,
        color=style.TEAL,
        markerfacecoloralt="white",
        markeredgewidth=1.1,
        url=key,
    )
