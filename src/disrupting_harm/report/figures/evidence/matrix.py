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
        sign: what is written in it.
        fill, ink: its colour, and that of its letters.
        mark: a disc that is full, half full or empty.
        row_address: the address of its row in the public table.
    """

    sign: str = ""
    fill: str = "white"
    ink: str = style.INK
    mark: Mark | None = None
    row_address: str | None = None


@dataclass(frozen=True)
class MatrixRow:
    """One row of the grid: cells by column; a row without cells is a heading."""

    label: str
    cells: Mapping[str, Cell]


def draw_matrix(
    matrix_rows: Sequence[MatrixRow], columns: Mapping[str, str], frame: Frame
) -> Figure:
    """Draw a grid.

    Args:
        matrix_rows: rows and headings, in the order drawn.
        columns: names of the columns as printed, by their keys, in the order drawn.
    """
    cut, font_size = frame.cut, frame.cut.small
    if cut.narrow:
        return _draw_narrow(matrix_rows, columns, frame)
    labels = [
        wrap(matrix_row.label, LABELS_AT_MOST * cut.width, font_size, not matrix_row.cells)
        for matrix_row in matrix_rows
    ]
    widest = max(
        text_width(text, font_size, not matrix_row.cells)
        for matrix_row, label_lines in zip(matrix_rows, labels, strict=True)
        for text in label_lines
    )
    left = MARGIN + GAP + widest
    width = min(WIDEST, (cut.width - MARGIN - left) / len(columns))
    text_height = line_height(font_size)
    heights = [
        max(ROW, text_height * len(label_lines) + 1) if matrix_row.cells else HEADING
        for matrix_row, label_lines in zip(matrix_rows, labels, strict=True)
    ]
    names_height = _measure_longest(columns, font_size) + GAP
    figure, page, grid_top = paper.lay_out_page(frame, names_height + sum(heights))
    y = top = grid_top + names_height
    _write_column_names(page, columns, left, top, width, font_size)
    for matrix_row, label_lines, height in zip(matrix_rows, labels, heights, strict=True):
        heading = {"color": style.GREY, "weight": style.SEMIBOLD}
        for number, text in enumerate(label_lines):
            middle = y + height / 2 + text_height * (number - (len(label_lines) - 1) / 2)
            put_text(
                page, MARGIN, middle, text, size=font_size, **({} if matrix_row.cells else heading)
            )
        for index, key in enumerate(columns):
            if key in matrix_row.cells:
                _draw_cell(
                    page, matrix_row.cells[key], left + index * width, y, width, height, font_size
                )
        y += height
    return figure


def _draw_narrow(
    matrix_rows: Sequence[MatrixRow], columns: Mapping[str, str], frame: Frame
) -> Figure:
    """Draw each label above its cells."""
    cut, font_size = frame.cut, frame.cut.small
    text_height, width = line_height(font_size), (cut.width - 2 * MARGIN) / len(columns)
    room, names_height = cut.width - 2 * MARGIN, _measure_longest(columns, font_size) + GAP
    # Without headings the names stand above all, once.
    headed = not matrix_rows[0].cells
    labels = [
        wrap(matrix_row.label, room, font_size, not matrix_row.cells) for matrix_row in matrix_rows
    ]
    heights = [
        text_height * len(label_lines) + (ROW + BELOW if matrix_row.cells else names_height + 1.5)
        for matrix_row, label_lines in zip(matrix_rows, labels, strict=True)
    ]
    figure, page, y = paper.lay_out_page(frame, sum(heights) + (0 if headed else names_height))
    if not headed:
        y += names_height
        _write_column_names(page, columns, MARGIN, y, width, font_size)
    for matrix_row, label_lines, height in zip(matrix_rows, labels, heights, strict=True):
        look = {} if matrix_row.cells else {"color": style.GREY, "weight": style.SEMIBOLD}
        for number, text in enumerate(label_lines):
            put_text(page, MARGIN, y + text_height * (number + 0.5), text, size=font_size, **look)
        y += height
        if not matrix_row.cells:
            _write_column_names(page, columns, MARGIN, y, width, font_size)
        for index, key in enumerate(columns):
            if key in matrix_row.cells:
                cell = matrix_row.cells[key]
                _draw_cell(
                    page, cell, MARGIN + index * width, y - ROW - BELOW, width, ROW, font_size
                )
    return figure


def _measure_longest(columns: Mapping[str, str], font_size: float) -> float:
    return max(text_width(name, font_size) for name in columns.values())


def _write_column_names(
    page: Axes, columns: Mapping[str, str], left: float, foot: float, width: float, font_size: float
) -> None:
    """Write the names of the columns upwards."""
    look: dict[str, Any] = {"size": font_size, "rotation": 90, "ha": "center", "va": "bottom"}
    for index, name in enumerate(columns.values()):
        page.text(left + (index + 0.5) * width, foot - GAP / 2, name, **look)


def _draw_cell(
    page: Axes, cell: Cell, x: float, y: float, width: float, height: float, font_size: float
) -> None:
    box = (x + FRAME, y + FRAME), width - 2 * FRAME, height - 2 * FRAME
    middle = x + width / 2, y + height / 2
    if cell.mark:
        draw_disc(page, *middle, cell.mark, cell.row_address)
    else:
        page.add_patch(Rectangle(*box, facecolor=cell.fill, edgecolor="none", url=cell.row_address))
    if cell.sign:
        put_text(page, *middle, cell.sign, size=font_size, color=cell.ink, ha="center")


def draw_disc(page: Axes, x: float, y: float, fill: Mark, row_address: str | None = None) -> None:
    """Draw a disc that is full, half full or empty; ``row_address``: of the row behind it."""
    page.plot(
        x,
        y,
        "o",
        markersize=8.0,
        fillstyle=fill,
        color=style.TEAL,
        markerfacecoloralt="white",
        markeredgewidth=1.1,
        url=row_address,
    )
