"""A matrix of countries and items, with one mark or number in each cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from disrupting_harm.report.figures import page as paper
from disrupting_harm.report.figures import style
from disrupting_harm.report.figures.cuts import leading
from disrupting_harm.report.figures.lettering import text_width, wrap
from disrupting_harm.report.figures.page import MARGIN, Frame, put_text

ROW = 6.2
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
    cut, size = frame.cut, frame.cut.small
    labels = [wrap(line.label, LABELS_AT_MOST * cut.width, size, not line.cells) for line in lines]
    widest = max(
        text_width(text, size, not line.cells)
        for line, parts in zip(lines, labels, strict=True)
        for text in parts
    )
    left = MARGIN + GAP + widest
    width = min(WIDEST, (cut.width - MARGIN - left) / len(columns))
    row = leading(size)
    heights = [
        max(ROW, row * len(parts) + 1) if line.cells else HEADING
        for line, parts in zip(lines, labels, strict=True)
    ]
    names = max(text_width(name, size) for name in columns.values())
    body = sum(heights)
    figure, page, above = paper.framed_page(frame, names + GAP + body)
    top = above + names + GAP
    for at, name in enumerate(columns.values()):
        page.text(
            left + (at + 0.5) * width,
            top - GAP / 2,
            name,
            size=size,
            rotation=90,
            ha="center",
            va="bottom",
        )
    y = top
    for line, parts, height in zip(lines, labels, heights, strict=True):
        heading = {"color": style.GREY, "weight": style.SEMIBOLD}
        for number, text in enumerate(parts):
            middle = y + height / 2 + row * (number - (len(parts) - 1) / 2)
            put_text(page, MARGIN, middle, text, size=size, **({} if line.cells else heading))
        for at, key in enumerate(columns):
            if key in line.cells:
                _draw_cell(page, line.cells[key], left + at * width, y, width, height, size)
        y += height
    return figure


def _draw_cell(
    page: Axes, cell: Cell, x: float, y: float, width: float, height: float, size: float
) -> None:
    box = (x + FRAME, y + FRAME), width - 2 * FRAME, height - 2 * FRAME
    page.add_patch(Rectangle(*box, facecolor=cell.fill, edgecolor="none", url=cell.key))
    middle = x + width / 2, y + height / 2
    if cell.mark:
        draw_disc(page, *middle, cell.mark, cell.key)
    if cell.text:
        put_text(page, *middle, cell.text, size=size, color=cell.ink, ha="center")


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
