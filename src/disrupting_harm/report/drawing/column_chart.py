"""Charts of columns: counts by year, each on a scale from nought without an axis.

The numbers of the parts of a column stand within them, as none is that of the whole column; one
without room there stands above the column, behind a small piece of what its part looks like. Where
columns have no room beside each other they stand in several rows, all on one scale.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from math import ceil

from disrupting_harm.report.drawing.canvas import Canvas
from disrupting_harm.report.drawing.letters import measure_text, wrap_text
from disrupting_harm.report.drawing.marks import MarkRecord, Sign
from disrupting_harm.report.drawing.page import MARGIN, Frame, lay_out_page, write_lines
from disrupting_harm.report.drawing.style import (
    DASHED,
    GREY,
    INK,
    LOOKS,
    MID,
    PLACE,
    RUST,
    TEAL,
    Look,
)
from disrupting_harm.report.drawing.widths import MM_PER_POINT, Cut, line_height
from disrupting_harm.report.language.addressed_text import strip_addresses

# Of a column, where the next begins at 1: it is wider where a number within it needs the room.
WIDTH, WIDTH_AT_MOST = 0.62, 0.85
BETWEEN = 8.0  # millimetres between panels beside each other
BELOW = 3.0  # millimetres below a panel
RISE = 0.8  # millimetres between a column and what stands above it
OPEN = 2.0  # millimetres by which the sides of a column go on that is open above
# Millimetres between words of neighbours, which would be read as one sentence, and between numbers.
WORD_GAP, NUMBER_GAP = 2.5, 0.6
EDGE = 0.4  # millimetres left and right of a number within a column
GROUND = 0.28  # millimetres of white round a number between slanting lines
COVERED = 0.5  # of a hatched part, at most, under this ground
KEY = 0.75  # of the letter size: a piece of a part's look beside its number
KEY_GAP = 0.6  # millimetres between this piece and the number
EMPTY = 12.0  # millimetres of height, at least, of columns of which some are words
DASH_FOOT = 0.8  # millimetres from the foot to the dash of a year that nobody counted


@dataclass(frozen=True)
class ColumnPart:
    """A part of a column, or words in its place.

    Attributes:
        printed_text: its number as printed; without a value words that say why there is none.
        value: None where there is none.
        look: a key of ``LOOKS``.
        sign: why there is no value.
        address: of its row in the public table; of several with spaces between them.
    """

    printed_text: str
    value: float | None = None
    look: str = "bar"
    sign: Sign = ""
    address: str = ""


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        parts: standing on each other, the lowest first; one alone where there is no value.
        split: whether they are parts, each with its number, or the column as a whole.
        break_words: what changes from this column on; empty where nothing does.
    """

    label: str
    parts: tuple[ColumnPart, ...]
    split: bool = False
    break_words: str = ""

    @property
    def total(self) -> float | None:
        """The height of the whole column; None without a value."""
        values = [part.value for part in self.parts if part.value is not None]
        return sum(values) if values else None

    @property
    def stacked_parts(self) -> Iterator[tuple[ColumnPart, float, float]]:
        """Yield the parts that have a value, with where each begins and ends."""
        base = 0.0
        for part in self.parts:
            if part.value is not None:
                yield part, base, base + part.value
                base += part.value


@dataclass(frozen=True)
class ColumnPanel:
    """Columns on a scale of their own, below a heading."""

    columns: tuple[Column, ...]
    heading: str = ""


@dataclass(frozen=True)
class ColumnChart:
    """A chart of columns.

    Attributes:
        panels: in reading order.
        plot_height: of the highest column of each, in millimetres.
        across: how many panels stand beside each other, but in a narrow cut.
    """

    panels: tuple[ColumnPanel, ...]
    plot_height: float = 42.0
    across: int = 1

    def draw(self, frame: Frame) -> Canvas:
        """Draw the chart in the cut of its frame."""
        cut = frame.cut
        across = 1 if cut.narrow else self.across
        width = (cut.width - 2 * MARGIN - BETWEEN * (across - 1)) / across
        blocks = [_Block(panel, self.plot_height, width, cut) for panel in self.panels]
        lines = [blocks[index : index + across] for index in range(0, len(blocks), across)]
        heights = [
            max(block.heading for block in line) + max(block.body for block in line) + BELOW
            for line in lines
        ]
        canvas, top = lay_out_page(frame, sum(heights) - BELOW)
        for line, height in zip(lines, heights, strict=True):
            for index, block in enumerate(line):
                left = MARGIN + index * (width + BETWEEN)
                block.draw(canvas, left, top, top + height - BELOW)
            top += height
        return canvas

    def list_marks(self) -> Iterator[MarkRecord]:
        """Yield the parts of columns, ``low`` and ``high`` their ends, and signs without a value.

        Parts are numbered upwards, as slots of their column.
        """
        for panel in self.panels:
            for column in panel.columns:
                ends = {id(part): (low, high) for part, low, high in column.stacked_parts}
                for slot, part in enumerate(column.parts):
                    low, high = ends.get(id(part), (None, None))
                    shown = strip_addresses(part.printed_text)
                    yield MarkRecord(
                        panel.heading, "", column.label, slot, part.value, low, high, part.look,
                        part.sign, shown, part.address,
                    )  # fmt: skip


class _Block:
    """A panel with its measures: its columns in as many rows as they need to have room."""

    def __init__(self, panel: ColumnPanel, plot_height: float, width: float, cut: Cut) -> None:
        self.cut = cut
        lines = wrap_text(panel.heading, width, cut.small, True)
        self.heading_lines = lines if panel.heading else ()
        columns = panel.columns
        totals = [column.total for column in columns if column.total is not None]
        unit = plot_height / (max(totals, default=0.0) or 1.0)
        least_height = EMPTY if totals else plot_height
        for row_count in range(1, len(columns) + 1):
            length = ceil(len(columns) / row_count)
            self.rows = [
                _ColumnRow(columns[start : start + length], width / length, unit, least_height, cut)
                for start in range(0, len(columns), length)
            ]
            if all(row.has_room for row in self.rows):
                break

    @property
    def heading(self) -> float:
        """The height of its heading in millimetres."""
        return line_height(self.cut.small) * len(self.heading_lines) + RISE

    @property
    def body(self) -> float:
        """The height of its columns in millimetres."""
        return sum(row.height for row in self.rows) + BELOW * (len(self.rows) - 1)

    def draw(self, canvas: Canvas, left: float, top: float, foot: float) -> None:
        """Draw its heading from ``top`` downwards and its columns down to ``foot``."""
        size, middle = self.cut.small, top + (self.heading - RISE) / 2
        write_lines(canvas, left, middle, self.heading_lines, size, color=GREY, bold=True)
        top = foot - self.body
        for row in self.rows:
            row.draw(canvas, left, top)
            top += row.height + BELOW


@dataclass(frozen=True)
class _ColumnRow:
    """Columns beside each other.

    ``room`` is the width of a column with the space round it in millimetres, ``unit`` the height of
    a count of 1, ``least_height`` that of the plot.
    """

    columns: Sequence[Column]
    room: float
    unit: float
    least_height: float
    cut: Cut

    @property
    def has_room(self) -> bool:
        """Whether no label and no number is wider than its place."""
        size, above = self.cut.small, map(self._list_lines_above, self.columns)
        widths = [self._measure_line(*line) for line in chain.from_iterable(above)]
        widths += [measure_text(column.label, size) for column in self.columns]
        return max(widths) <= self.room - NUMBER_GAP

    @cached_property
    def plot_height(self) -> float:
        """The height of its highest column with the numbers above it, in millimetres."""
        heights = [self._measure_column(column) for column in self.columns]
        some_are_words = any(column.total is None for column in self.columns)
        return max([*heights, self.least_height * some_are_words])

    @property
    def height(self) -> float:
        """Its height with the words of a break and the labels below it, in millimetres."""
        lines = len(self._wrap_break_words()) + 1
        return self.plot_height + line_height(self.cut.small) * lines + RISE

    @cached_property
    def bar(self) -> float:
        """The width of a column in millimetres."""
        numbers = [
            measure_text(part.printed_text, self.cut.small) + 2 * EDGE
            for column in self.columns
            for part in column.parts
            if column.split
        ]
        return min(WIDTH_AT_MOST * self.room, max([WIDTH * self.room, *numbers]))

    def draw(self, canvas: Canvas, left: float, top: float) -> None:
        """Draw it from its upper left corner."""
        size, line = self.cut.small, line_height(self.cut.small)
        foot = top + self.height - line - RISE
        right = left + self.room * len(self.columns)
        canvas.draw_line([(left, foot), (right, foot)], MID, 0.8)
        for index, column in enumerate(self.columns):
            centre = left + self.room * (index + 0.5)
            canvas.write_text(
                centre, foot + RISE + line / 2, column.label, size, color=GREY, align="center"
            )
            if column.total is None:
                self._draw_words(canvas, column.parts[0], centre, foot)
            else:
                self._draw_parts(canvas, column, centre, foot)
            if column.break_words:
                self._draw_break(canvas, left, self.room * index, top, foot)

    def _measure_column(self, column: Column) -> float:
        line = line_height(self.cut.small)
        if column.total is not None:
            top = column.total * self.unit + RISE + OPEN * _is_open(column)
            return top + line * len(self._list_lines_above(column))
        text = column.parts[0].printed_text
        if self._is_turned(text):
            return measure_text(text, self.cut.small) + 2 * WORD_GAP
        return line * len(self._wrap_label(text)) + 2 * WORD_GAP

    def _list_lines_above(self, column: Column) -> list[tuple[str, Look | None]]:
        """Return the lines above a column, the first with a piece of the look that it is about."""
        if column.total is None:
            return []
        if not column.split:
            return [(line, None) for line in self._wrap_label(column.parts[-1].printed_text)]
        lines: list[tuple[str, Look | None]] = []
        for part in reversed(column.parts):
            if part.value is not None and not self._is_within(part):
                first, *others = self._wrap_label(part.printed_text, self._key_width)
                lines += [(first, LOOKS[part.look]), *((line, None) for line in others)]
        return lines

    def _wrap_label(self, text: str, key_width: float = 0.0) -> tuple[str, ...]:
        """Return words or a number in lines that do not reach into the columns beside it."""
        size, room = self.cut.small, self.room - key_width
        if text[:1].isdigit():
            # A number and its word stand in one line, or below each other: no syllable is parted.
            if measure_text(text, size) <= room - NUMBER_GAP:
                return (text,)
        else:
            lines = wrap_text(text, room - WORD_GAP, size)
            if max(measure_text(line, size) for line in lines) <= room - NUMBER_GAP:
                return lines
        # Better below each other than smaller: a number, and the word for thousands.
        return wrap_text(text.replace("\u00a0", " "), room - NUMBER_GAP, size)

    def _is_turned(self, text: str) -> bool:
        """Whether words in place of a column have no room but along it."""
        widths = [measure_text(line, self.cut.small) for line in self._wrap_label(text)]
        return max(widths) > self.room - NUMBER_GAP

    @property
    def _key_width(self) -> float:
        return KEY * self.cut.small * MM_PER_POINT + KEY_GAP

    def _measure_line(self, text: str, look: Look | None) -> float:
        return measure_text(text, self.cut.small) + self._key_width * (look is not None)

    def _is_within(self, part: ColumnPart) -> bool:
        """Whether a number has room in its part, and leaves enough of its hatching to be seen."""
        width, line = measure_text(part.printed_text, self.cut.small), line_height(self.cut.small)
        height = (part.value or 0.0) * self.unit
        if width + 2 * EDGE > self.bar or line > height:
            return False
        ground = (width + 2 * GROUND) * line
        return not LOOKS[part.look].hatch or ground <= COVERED * self.bar * height

    def _draw_parts(self, canvas: Canvas, column: Column, centre: float, foot: float) -> None:
        size, left = self.cut.small, centre - self.bar / 2
        for part, low, high in column.stacked_parts:
            look, top = LOOKS[part.look], foot - high * self.unit
            if not part.value:
                right = left + self.bar
                canvas.draw_line([(left, foot), (right, foot)], TEAL, 2.0, address=part.address)
                continue
            height = (high - low) * self.unit
            _draw_bar(canvas, look, left, top, self.bar, height, address=part.address)
            if column.split and self._is_within(part):
                middle, width = top + height / 2, measure_text(part.printed_text, size)
                if look.hatch:
                    canvas.draw_box(
                        centre - width / 2 - GROUND, middle - line_height(size) / 2,
                        width + 2 * GROUND, line_height(size), fill="#fff", layer=3,
                    )  # fmt: skip
                canvas.write_text(
                    centre, middle, part.printed_text, size,
                    color=INK if look.hatch else "#fff", align="center",
                )  # fmt: skip
        top = foot - (column.total or 0.0) * self.unit
        if _is_open(column):
            for x in (left, left + self.bar):
                canvas.draw_line([(x, foot), (x, top - OPEN)], TEAL, 0.9)
            top -= OPEN
        self._write_above(canvas, column, centre, top - RISE)

    def _write_above(self, canvas: Canvas, column: Column, centre: float, foot: float) -> None:
        size, side = self.cut.small, KEY * self.cut.small * MM_PER_POINT
        lines = self._list_lines_above(column)
        y = foot - line_height(size) * (len(lines) - 0.5)
        for text, look in lines:
            left = centre - self._measure_line(text, look) / 2
            if look:
                _draw_bar(canvas, look, left, y - side / 2, side, side, name="key")
                left += self._key_width
            canvas.write_text(left, y, text, size)
            y += line_height(size)

    def _draw_words(self, canvas: Canvas, part: ColumnPart, centre: float, foot: float) -> None:
        """Draw a band where a number is withheld and a dash where nobody counted, with the words.

        Turned, words begin at the foot: centred, long ones would reach over the label below them.
        """
        size, height = self.cut.small, self.plot_height
        if part.sign == "privacy":
            width = min(self.bar + 0.2 * self.room, self.room - NUMBER_GAP)
            canvas.draw_box(
                centre - width / 2, foot - height, width, height, fill=PLACE, address=part.address
            )
        else:
            half, y = 0.12 * self.room, foot - DASH_FOOT
            canvas.draw_line(
                [(centre - half, y), (centre + half, y)], MID, 1.4, address=part.address
            )
        if self._is_turned(part.printed_text):
            x = centre + size * MM_PER_POINT / 3
            canvas.write_text(x, foot - WORD_GAP, part.printed_text, size, color=GREY, turn=90)
            return
        lines = self._wrap_label(part.printed_text)
        write_lines(canvas, centre, foot - height / 2, lines, size, color=GREY, align="center")

    def _find_break(self) -> tuple[str, float, bool]:
        """Return the words of a break, their room, and whether that is before the dashed line."""
        for index, column in enumerate(self.columns):
            if column.break_words:
                before, after = (self.room * n - 1 for n in (index, len(self.columns) - index))
                words_width = measure_text(column.break_words, self.cut.small)
                stands_before = words_width <= before or before > after
                return column.break_words, before if stands_before else after, stands_before
        return "", 0.0, False

    def _wrap_break_words(self) -> tuple[str, ...]:
        words, room, _ = self._find_break()
        return wrap_text(words, room, self.cut.small) if words else ()

    def _draw_break(
        self, canvas: Canvas, left: float, distance: float, top: float, foot: float
    ) -> None:
        """Draw a dashed line and its words, before it where they have room there."""
        x, size, lines = left + distance, self.cut.small, self._wrap_break_words()
        canvas.draw_line([(x, top), (x, foot)], RUST, 0.9, dashes=DASHED, name="break")
        before = self._find_break()[2]
        write_lines(
            canvas, x - 1 if before else x + 1, top + line_height(size) * len(lines) / 2, lines,
            size, color=RUST, align="right" if before else "left",
        )  # fmt: skip


def _is_open(column: Column) -> bool:
    """Whether a column is a minimum, which nothing ends."""
    return any(part.look == "open bar" for part in column.parts)


def _draw_bar(
    canvas: Canvas, look: Look, x: float, y: float, width: float, height: float, *,
    address: str = "", name: str = "",
) -> None:  # fmt: skip
    canvas.draw_box(
        x, y, width, height, fill=look.bar, edge=look.bar_edge, edge_width=0.6, hatch=look.hatch,
        layer=look.layer, address=address, name=name,
    )  # fmt: skip
