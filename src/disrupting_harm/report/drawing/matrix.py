"""Matrices and lists of items: a mark for each cell or item, told apart by its shape.

On paper labels stand left of their marks. In a narrow cut each stands above its marks, which take
the whole width, and the names of the columns stand above the marks again and again: their first
place is out of sight by then.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import islice
from math import ceil
from typing import Any, Literal

from disrupting_harm.report.drawing.canvas import LETTER_MIDDLE, Canvas
from disrupting_harm.report.drawing.letters import measure_text, wrap_text
from disrupting_harm.report.drawing.marks import MarkRecord
from disrupting_harm.report.drawing.page import MARGIN, Frame, lay_out_page, write_lines
from disrupting_harm.report.drawing.style import GREY, GUIDE, INK, MID, PLACE, RUST, TEAL
from disrupting_harm.report.drawing.widths import MM_PER_POINT, Cut, line_height
from disrupting_harm.report.language.addressed_text import strip_addresses

ROW = 6.2  # millimetres of a row on paper
BELOW = 2.0  # millimetres below cells that have their label above them
PADDING = 1.2  # millimetres above and below the items of a section
GAP = 2.0  # millimetres between labels, cells and counts
LABELS_AT_MOST = 0.35  # of the width
HEADINGS = 0.14  # of the width, for headings beside items
WIDEST = 12.0  # millimetres of a cell
FRAME = 0.35  # millimetres of white round a box
REPEAT = 6  # rows below which a narrow cut has the names of the columns again
DISC = 8.0  # points
SQUARE = 2.5  # millimetres
MARK = 5.5  # millimetres of the room for the mark of an item
EMPTY_BOX = (3.4, 2.6)  # millimetres of the sides of a box without a sign
STEP, STEP_GAP = 1.5, 0.3  # millimetres of the side of a step, and between two
ROW_GAP = 0.4  # millimetres between two items
KEY = 5.5  # millimetres of a line of the key
BETWEEN = 4.0  # millimetres between the parts of a key
# What a cell shows: a disc, or one with a minus, a filled or an open square, a question mark, a
# short line, a box, or steps of which some are full. Discs say what is there, squares what is
# needed.
CellMark = Literal[
    "full", "half", "empty", "minus", "need", "open_need", "question", "dash", "box", "steps"
]
# A strip across the page: its height in millimetres, and what draws it below a height.
Band = tuple[float, Callable[[Canvas, float], None]]


@dataclass(frozen=True)
class Cell:
    """The mark of a cell or an item.

    Attributes:
        words: what it says, in words.
        sign: what is printed in its box, or where a dash would be.
        fill, ink: colours of the box, and of what is printed in it.
        value: the number behind it; of steps how many are full.
        steps: how many there are.
        address: of its row in the public table.
    """

    mark: CellMark
    words: str
    sign: str = ""
    fill: str = PLACE
    ink: str = GREY
    value: float | None = None
    steps: int = 0
    address: str = ""


@dataclass(frozen=True)
class MatrixRow:
    """A row of a matrix: cells by the key of their column, and a count printed at its end."""

    label: str
    cells: Mapping[str, Cell]
    count: str = ""


@dataclass(frozen=True)
class MatrixSection:
    """Rows below a heading; without one where it is empty."""

    heading: str
    rows: tuple[MatrixRow, ...]


@dataclass(frozen=True)
class Matrix:
    """A matrix of rows and columns.

    Attributes:
        columns: their names as printed, by the keys that stand for them where they have no room.
        key: marks that are explained by their words above the matrix.
        count_heading: above the counts of rows.
    """

    sections: tuple[MatrixSection, ...]
    columns: Mapping[str, str]
    key: tuple[Cell, ...] = ()
    count_heading: str = ""

    def draw(self, frame: Frame) -> Canvas:
        """Draw the matrix; columns that have no room beside the others stand below them."""
        cut = frame.cut
        bands = _lay_out_key(self.key, cut)
        build_grid = _NarrowGrid if cut.narrow else _WideGrid
        whole = build_grid(self, cut, tuple(self.columns))
        if whole.names != self.columns:
            codes = "; ".join(f"{code}: {name}" for code, name in self.columns.items())
            lines = wrap_text(f"{codes}.", cut.width - 2 * MARGIN, cut.small)
            bands.append(_lay_out_lines(lines, cut, GAP))
        for columns in whole.split_columns():
            bands += build_grid(self, cut, columns).lay_out()
        return _draw_bands(frame, bands)

    def list_marks(self) -> Iterator[MarkRecord]:
        """Yield the mark of each cell, row by row; its panel is the name of its column."""
        for section in self.sections:
            for row in section.rows:
                for slot, (key, name) in enumerate(self.columns.items()):
                    if key in row.cells:
                        yield _record_cell(row.cells[key], name, section.heading, row.label, slot)


@dataclass(frozen=True)
class Item:
    """An item of a list, with its mark; ``count`` is printed behind its label, in grey."""

    label: str
    cell: Cell
    count: str = ""


@dataclass(frozen=True)
class ItemSection:
    """Items beside or below a heading, and a count that belongs to it."""

    heading: str
    items: tuple[Item, ...]
    count: str = ""


@dataclass(frozen=True)
class ItemList:
    """Items in sections, each with a mark.

    Attributes:
        key: marks that are explained by their words above the list.
        across: how many stand beside each other on paper, where their words have room.
    """

    sections: tuple[ItemSection, ...]
    key: tuple[Cell, ...] = ()
    across: int = 4

    def draw(self, frame: Frame) -> Canvas:
        """Draw the list in the cut of its frame."""
        bands = _lay_out_key(self.key, frame.cut)
        steps = max(item.cell.steps for section in self.sections for item in section.items)
        mark = max(MARK, steps * (STEP + STEP_GAP) + 1.0)
        across = self._find_columns_with_room(mark, frame.cut)
        for section in self.sections:
            bands.append(_lay_out_items(section, across, mark, frame.cut))
        return _draw_bands(frame, [*bands, (PADDING, _draw_rule)])

    def _find_columns_with_room(self, mark: float, cut: Cut) -> int:
        """Return how many columns have room for each label: words that cannot be broken need it."""
        labels = [item.label for section in self.sections for item in section.items]
        for across in range(self.across, 1, -1):
            room = (cut.width * (1 - HEADINGS) - MARGIN) / across - mark - GAP / 2
            if all(
                measure_text(line, cut.small) <= room
                for label in labels
                for line in wrap_text(label, room, cut.small)
            ):
                return across
        return 1

    def list_marks(self) -> Iterator[MarkRecord]:
        """Yield the mark of each item."""
        for section in self.sections:
            for item in section.items:
                yield _record_cell(item.cell, "", section.heading, item.label, 0)


def _record_cell(cell: Cell, panel: str, section: str, label: str, slot: int) -> MarkRecord:
    panel, section, label, words = map(strip_addresses, (panel, section, label, cell.words))
    value = None if cell.value is None else float(cell.value)
    return MarkRecord(
        panel, section, label, slot, value, None, None, cell.mark, "", words, cell.address
    )


def _draw_bands(frame: Frame, bands: Sequence[Band]) -> Canvas:
    canvas, top = lay_out_page(frame, sum(height for height, _ in bands))
    for height, draw in bands:
        draw(canvas, top)
        top += height
    return canvas


def _draw_rule(canvas: Canvas, top: float) -> None:
    canvas.draw_line([(MARGIN, top), (canvas.width - MARGIN, top)], GUIDE, 0.6, layer=0)


def _lay_out_lines(lines: Sequence[str], cut: Cut, gap: float, bold: bool = False) -> Band:
    """Return lines of small text across the page, with half the gap above and below them."""
    height = line_height(cut.small) * len(lines) + gap

    def draw(canvas: Canvas, top: float) -> None:
        write_lines(canvas, MARGIN, top + height / 2, lines, cut.small, color=GREY, bold=bold)

    return height, draw


def _lay_out_key(key: Sequence[Cell], cut: Cut) -> list[Band]:
    """Return the lines of a key: marks, each with its words beside it."""
    lines: list[list[tuple[float, Cell]]] = [[]]
    x = MARGIN
    for cell in key:
        width = MARK + measure_text(cell.words, cut.small)
        if lines[-1] and x + width > cut.width - MARGIN:
            lines.append([])
            x = MARGIN
        lines[-1].append((x, cell))
        x += width + BETWEEN

    def draw(line: list[tuple[float, Cell]], canvas: Canvas, top: float) -> None:
        for x, cell in line:
            _draw_cell(canvas, cell, x, top + KEY / 2, MARK - 1.5, KEY, cut.small)
            canvas.write_text(x + MARK, top + KEY / 2, cell.words, cut.small)

    return [(KEY, partial(draw, line)) for line in lines if line]


def _draw_cell(
    canvas: Canvas, cell: Cell, x: float, y: float, width: float, height: float, font_size: float
) -> None:
    """Draw a mark into a room that begins at ``x`` and has its middle at the height ``y``."""
    middle, address = x + width / 2, cell.address or None
    match cell.mark:
        case "full" | "half" | "empty":
            fill = TEAL if cell.mark == "full" else "#fff"
            canvas.draw_marker(
                middle, y, "circle", DISC, fill, TEAL, edge_width=1.1, address=address
            )
            if cell.mark == "half":
                canvas.draw_half_disc(middle, y, DISC, TEAL)
        case "need" | "open_need":
            fill = TEAL if cell.mark == "need" else "#fff"
            corner = middle - SQUARE / 2, y - SQUARE / 2
            canvas.draw_box(*corner, SQUARE, SQUARE, fill=fill, edge=TEAL, address=address)
        case "minus":
            canvas.draw_marker(
                middle, y, "circle", DISC, "#fff", GREY, edge_width=1.1, address=address
            )
            canvas.draw_line([(middle - 0.7, y), (middle + 0.7, y)], GREY, 1.1, layer=5)
        case "question":
            look = {"color": RUST, "bold": True, "align": "center", "address": address}
            canvas.write_text(middle, y, "?", font_size + 2, **look)  # type: ignore[arg-type]
        case "dash":
            canvas.draw_line([(middle - 1.4, y), (middle + 1.4, y)], MID, 1.4, address=address)
        case "box":
            if cell.sign:
                width, height, edge = width - 2 * FRAME, height - 2 * FRAME, ""
            else:
                width, height, edge = *EMPTY_BOX, MID
            corner = middle - width / 2, y - height / 2
            canvas.draw_box(*corner, width, height, fill=cell.fill, edge=edge, address=address)
            canvas.write_text(middle, y, cell.sign, font_size, color=cell.ink, align="center")
        case "steps":
            for step in range(cell.steps):
                full = min(max((cell.value or 0) - step, 0), 1)
                corner = x + step * (STEP + STEP_GAP), y - STEP / 2
                canvas.draw_box(*corner, STEP, STEP, fill="#fff", edge=TEAL, address=address)
                if full:
                    canvas.draw_box(*corner, full * STEP, STEP, fill=TEAL, address=address)


@dataclass(frozen=True)
class _Grid:
    """Some columns of a matrix in one cut."""

    matrix: Matrix
    cut: Cut
    columns: tuple[str, ...]

    @property
    def rows(self) -> list[MatrixRow]:
        """The rows of all sections."""
        return [row for section in self.matrix.sections for row in section.rows]

    @property
    def names(self) -> Mapping[str, str]:
        """What is printed as the names of columns."""
        return self.matrix.columns

    @cached_property
    def left(self) -> float:
        """Where the cells begin, in millimetres."""
        return MARGIN

    @cached_property
    def right(self) -> float:
        """Where the cells end at the latest, in millimetres."""
        return self.cut.width - MARGIN

    @cached_property
    def width(self) -> float:
        """The width of a cell in millimetres."""
        return min(WIDEST, (self.right - self.left) / len(self.columns))

    @property
    def count_width(self) -> float:
        """The width of the counts of rows in millimetres; 0 without any."""
        return max(measure_text(row.count, self.cut.small) for row in self.rows)

    def split_columns(self) -> list[tuple[str, ...]]:
        """Return the columns in as few parts as have room beside the labels."""
        size = self.cut.small
        signs = {cell.sign for row in self.rows for cell in row.cells.values()}
        least = max(DISC * MM_PER_POINT, *(measure_text(sign, size) for sign in signs)) + 2 * FRAME
        at_most = max(int((self.right - self.left) / least), 1)
        in_part = ceil(len(self.columns) / ceil(len(self.columns) / at_most))
        columns = iter(self.columns)
        return [*iter(lambda: tuple(islice(columns, in_part)), ())]

    def draw_cells(self, canvas: Canvas, row: MatrixRow, middle: float, height: float) -> None:
        """Draw the cells of a row whose middle is at a height of the page."""
        for index, key in enumerate(self.columns):
            if key in row.cells:
                x = self.left + index * self.width
                _draw_cell(canvas, row.cells[key], x, middle, self.width, height, self.cut.small)


class _WideGrid(_Grid):
    """Labels left of the cells, counts right of them, the names of columns once, upwards."""

    @cached_property
    def left(self) -> float:
        widths = [
            measure_text(line, self.cut.small, bold)
            for text, bold in [
                *((section.heading, True) for section in self.matrix.sections),
                *((row.label, False) for row in self.rows),
            ]
            for line in self._wrap_text(text, bold)
        ]
        return MARGIN + GAP + max(widths)

    @cached_property
    def right(self) -> float:
        count = max(self.count_width, measure_text(self.matrix.count_heading, self.cut.small))
        return self.cut.width - MARGIN - count - GAP * bool(count)

    @property
    def names_height(self) -> float:
        """The height of the names of columns in millimetres."""
        names = [self.matrix.columns[key] for key in self.columns]
        return max(measure_text(name, self.cut.small) for name in names) + GAP

    def _wrap_text(self, text: str, bold: bool = False) -> tuple[str, ...]:
        return wrap_text(text, LABELS_AT_MOST * self.cut.width, self.cut.small, bold)

    def lay_out(self) -> list[Band]:
        """Return the strips of names, headings and rows."""
        bands: list[Band] = [(self.names_height, self._write_names)]
        for section in self.matrix.sections:
            if section.heading:
                lines = self._wrap_text(section.heading, True)
                bands.append(_lay_out_lines(lines, self.cut, 2.5, bold=True))
            for row in section.rows:
                lines = self._wrap_text(row.label)
                height = max(ROW, line_height(self.cut.small) * len(lines) + 1)
                bands.append((height, partial(self._draw_row, row, lines, height)))
        return bands

    def _write_names(self, canvas: Canvas, top: float) -> None:
        size = self.cut.small
        foot = top + self.names_height - GAP / 2
        for index, key in enumerate(self.columns):
            middle = self.left + (index + 0.5) * self.width
            x = middle + LETTER_MIDDLE * size * MM_PER_POINT
            canvas.write_text(x, foot, self.matrix.columns[key], size, turn=90)
        heading, y = self.matrix.count_heading, foot - line_height(size) / 2
        canvas.write_text(self.cut.width - MARGIN, y, heading, size, color=GREY, align="right")

    def _draw_row(
        self, row: MatrixRow, lines: Sequence[str], height: float, canvas: Canvas, top: float
    ) -> None:
        middle = top + height / 2
        write_lines(canvas, MARGIN, middle, lines, self.cut.small)
        self.draw_cells(canvas, row, middle, height)
        canvas.write_text(self.cut.width - MARGIN, middle, row.count, self.cut.small, align="right")


class _NarrowGrid(_Grid):
    """Labels above the cells, their counts beside them, names of columns on one line or two."""

    @property
    def names(self) -> Mapping[str, str]:
        # On two lines, those at the edges moved inwards, names may be half as wide again as cells.
        room = 1.5 * (self.right - self.left) / len(self.matrix.columns) - FRAME
        names = self.matrix.columns.values()
        fits = max(measure_text(name, self.cut.small) for name in names) <= min(room, 1.5 * WIDEST)
        return self.matrix.columns if fits else {key: key for key in self.matrix.columns}

    def lay_out(self) -> list[Band]:
        """Return the strips of headings, names and rows."""
        bands: list[Band] = []
        for section in self.matrix.sections:
            for index, row in enumerate(section.rows):
                if index % REPEAT == 0:
                    bands.append(self._lay_out_names(section, index > 0))
                bands.append(self._lay_out_row(row))
        return bands

    def _lay_out_names(self, section: MatrixSection, again: bool) -> Band:
        """Return the heading of a section and the names of columns, on two lines where too wide."""
        size, line = self.cut.small, line_height(self.cut.small)
        count = "" if again else self.matrix.count_heading
        heading = "" if again else section.heading
        room = self.right - MARGIN - measure_text(count, size) - GAP
        lines = wrap_text(heading, room, size, True) if heading or count else ()
        names = [self.names[key] for key in self.columns]
        too_wide = max(measure_text(name, size) for name in names) > self.width - 2 * FRAME

        def draw(canvas: Canvas, top: float) -> None:
            top += PADDING
            write_lines(
                canvas, MARGIN, top + line * len(lines) / 2, lines, size, color=GREY, bold=True
            )
            canvas.write_text(self.right, top + line / 2, count, size, color=GREY, align="right")
            for index, name in enumerate(names):
                y = top + line * (len(lines) + 0.5 + (index % 2) * too_wide)
                # At the edge of the page a name begins or ends there.
                half = measure_text(name, size) / 2
                x = self.left + (index + 0.5) * self.width
                x = min(max(x, self.left + half), self.right - half)
                canvas.write_text(x, y, name, size, align="center")

        return line * (len(lines) + 1 + too_wide) + 2 * PADDING, draw

    def _lay_out_row(self, row: MatrixRow) -> Band:
        size, line = self.cut.small, line_height(self.cut.small)
        room = self.right - MARGIN - self.count_width - GAP * bool(row.count)
        lines = wrap_text(row.label, room, size)
        height = line * len(lines) + ROW + BELOW

        def draw(canvas: Canvas, top: float) -> None:
            write_lines(canvas, MARGIN, top + line * len(lines) / 2, lines, size)
            canvas.write_text(self.right, top + line / 2, row.count, size, align="right")
            self.draw_cells(canvas, row, top + height - BELOW - ROW / 2, ROW)

        return height, draw


def _lay_out_items(section: ItemSection, across: int, mark: float, cut: Cut) -> Band:
    """Return a section: its heading beside its items, or above them in a narrow cut.

    Args:
        mark: from the left end of a mark to its label, in millimetres.
    """
    size, line = cut.small, line_height(cut.small)
    above = cut.narrow
    across = 1 if above else across
    left = MARGIN if above else HEADINGS * cut.width
    width = (cut.width - MARGIN - left) / across
    count_width = measure_text(section.count, size) + GAP * bool(section.count)
    room = cut.width - 2 * MARGIN - count_width if above else left - 2 * GAP
    heading = wrap_text(section.heading, room, size, True)
    # Columns are read downwards, so that a long label moves no item of another one.
    labels = [_wrap_item(item, width - mark - GAP / 2, size) for item in section.items]
    heights = [line * len(label) + ROW_GAP for label in labels]
    ends = _split_evenly(heights, across)
    starts = [0, *ends[:-1]]
    column_heights = [sum(heights[a:b]) for a, b in zip(starts, ends, strict=True)]
    heading_height = line * (len(heading) + (bool(section.count) and not above))
    items_top = PADDING + (heading_height + 0.6) * above
    least = 0.0 if above else heading_height
    section_height = items_top + max(*column_heights, least) + PADDING

    def draw(canvas: Canvas, top: float) -> None:
        _draw_rule(canvas, top)
        y = top + PADDING + 0.5
        write_lines(canvas, MARGIN, y + line * len(heading) / 2, heading, size, bold=True)
        look: dict[str, Any] = {"color": GREY, "align": "right" if above else "left"}
        x = cut.width - MARGIN if above else MARGIN
        y += 0 if above else line * len(heading)
        canvas.write_text(x, y + line / 2, section.count, size, **look)
        for index, (item, label) in enumerate(zip(section.items, labels, strict=True)):
            column = sum(end <= index for end in ends)
            x = left + column * width
            y = top + items_top + sum(heights[starts[column] : index]) + heights[index] / 2
            _draw_cell(canvas, item.cell, x, y, MARK - 1.5, line, size)
            muted = item.cell.mark == "dash" or (item.cell.mark == "box" and not item.cell.sign)
            write_lines(canvas, x + mark, y, label, size, color=GREY if muted else INK)
            if item.count:
                before = measure_text(label[-1], size) + GAP / 2 * bool(label[-1])
                foot = y + line * (len(label) - 1) / 2
                canvas.write_text(x + mark + before, foot, item.count, size, color=GREY)

    return section_height, draw


def _wrap_item(item: Item, room: float, size: float) -> tuple[str, ...]:
    """Return the lines of a label; an empty last one where its count has no room behind them."""
    lines = wrap_text(item.label, room, size)
    fits = measure_text(lines[-1], size) + GAP / 2 + measure_text(item.count, size) <= room
    return lines if fits or not item.count else (*lines, "")


def _split_evenly(heights: Sequence[float], count: int) -> list[int]:
    """Return where each of so many columns ends, in order, so that the highest is lowest."""
    limits = sorted({sum(heights[a:b]) for b in range(len(heights) + 1) for a in range(b)})
    for limit in limits:
        ends, column = [], 0.0
        for index, height in enumerate(heights):
            if column + height > limit + 1e-9:
                ends.append(index)
                column = 0.0
            column += height
        if len(ends) < count:
            break
    return [*ends, *[len(heights)] * (count - len(ends))]
