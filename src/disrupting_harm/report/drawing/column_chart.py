"""Charts of columns: counts by year, each on a scale from nought without an axis.

The numbers of the parts of a column stand within them, as none is that of the whole column; one
without room there stands above the column, behind a small piece of what its part looks like. Where
columns have no room beside each other they stand in several rows, all on one scale.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil

from disrupting_harm.report.drawing.canvas import LETTER_MIDDLE, Canvas
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
WIDTH, WIDTH_AT_MOST = 0.62, 0.92
BELOW = 3.0  # millimetres between rows
RISE = 0.8  # millimetres between a column and what stands above it
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
        """Yield the parts with where each begins and ends."""
        low = 0.0
        for part in self.parts:
            high = low + (part.value or 0.0)
            yield part, low, high
            low = high


@dataclass(frozen=True)
class ColumnChart:
    """A chart of columns, the highest ``plot_height`` millimetres high."""

    columns: tuple[Column, ...]
    plot_height: float = 34.0

    def draw(self, frame: Frame) -> Canvas:
        """Draw the chart in the cut of its frame."""
        rows = self._arrange_in_rows(frame.cut)
        height = sum(row.height for row in rows) + BELOW * (len(rows) - 1)
        page, top = lay_out_page(frame, RISE + height)
        canvas = page.count_from_left()
        top += RISE
        for row in rows:
            row.draw(canvas, MARGIN, top)
            top += row.height + BELOW
        return canvas

    def list_marks(self) -> Iterator[MarkRecord]:
        """Yield the parts of columns, ``low`` and ``high`` their ends, and signs without a value.

        Parts are numbered upwards, as slots of their column.
        """
        for column in self.columns:
            for slot, (part, low, high) in enumerate(column.stacked_parts):
                has_value, shown = part.value is not None, strip_addresses(part.printed_text)
                yield MarkRecord(
                    "", "", column.label, slot, part.value,
                    low if has_value else None, high if has_value else None, part.look,
                    part.sign, shown, part.address,
                )  # fmt: skip

    def _arrange_in_rows(self, cut: Cut) -> "list[_ColumnRow]":
        """Return the columns in as few rows as leave all of them room."""
        columns, width = self.columns, cut.width - 2 * MARGIN
        totals = [column.total for column in columns if column.total is not None]
        unit = self.plot_height / (max(totals, default=0.0) or 1.0)
        least_height = 0.0 if totals else self.plot_height
        numbers = [part.printed_text for column in columns if column.split for part in column.parts]
        widest = max((measure_text(text, cut.small) for text in numbers), default=0.0) + 2 * EDGE
        rows: list[_ColumnRow] = []
        for row_count in range(1, len(columns) + 1):
            length = ceil(len(columns) / row_count)
            room = width / length
            bar = min(WIDTH_AT_MOST * room, max(WIDTH * room, widest))
            rows = [
                _ColumnRow(columns[at : at + length], room, bar, unit, least_height, cut.small)
                for at in range(0, len(columns), length)
            ]
            if all(row.has_room for row in rows):
                break
        return rows


@dataclass(frozen=True)
class _ColumnRow:
    """Columns beside each other, with letters of ``size`` points.

    ``room`` is the width of a column with the space round it in millimetres, ``bar`` that of the
    column alone, ``unit`` the height of a count of 1, and ``least_height`` that of the plot.
    """

    columns: Sequence[Column]
    room: float
    bar: float
    unit: float
    least_height: float
    size: float

    @property
    def has_room(self) -> bool:
        """Whether no label and no number is wider than its place."""
        lines = [line for column in self.columns for line in self._list_lines_above(column)]
        widths = [self._measure_line(*line) for line in lines]
        widths += [measure_text(column.label, self.size) for column in self.columns]
        return max(widths) <= self.room - NUMBER_GAP

    @cached_property
    def plot_height(self) -> float:
        """The height of its highest column with the numbers above it, in millimetres."""
        return max([*map(self._measure_column, self.columns), self.least_height])

    @property
    def height(self) -> float:
        """Its height with the words of a break and the labels below it, in millimetres."""
        lines = len(self._wrap_break_words()) + 1
        return self.plot_height + line_height(self.size) * lines + RISE

    def draw(self, canvas: Canvas, left: float, top: float) -> None:
        """Draw it from its upper left corner."""
        line = line_height(self.size)
        foot = top + self.height - line - RISE
        right = left + self.room * len(self.columns)
        canvas.draw_line([(left, foot), (right, foot)], MID, 0.8)
        for index, column in enumerate(self.columns):
            centre = left + self.room * (index + 0.5)
            label_middle = foot + RISE + line / 2
            canvas.write_text(
                centre, label_middle, column.label, self.size, color=GREY, align="center"
            )
            if column.total is None:
                self._draw_words(canvas, column.parts[0], centre, foot)
            else:
                self._draw_parts(canvas, column, centre, foot)
            if column.break_words:
                self._draw_break(canvas, left, index, top, foot)

    def _measure_column(self, column: Column) -> float:
        line = line_height(self.size)
        if column.total is not None:
            top = column.total * self.unit + RISE
            return top + line * len(self._list_lines_above(column))
        words = column.parts[0].printed_text
        lines = self._wrap_label(words)
        height = self._measure_line(words) if self._is_too_wide(lines) else line * len(lines)
        return max(height + 2 * WORD_GAP, EMPTY)

    def _list_lines_above(self, column: Column) -> list[tuple[str, Look | None]]:
        """Return the lines above a column, the first with a piece of the look that it is about."""
        lines: list[tuple[str, Look | None]] = []
        for part in reversed(column.parts):
            if part.value is not None and not (column.split and self._is_within(part)):
                key_width = self._key_width if column.split else 0.0
                first, *others = self._wrap_label(part.printed_text, key_width)
                look = LOOKS[part.look] if column.split else None
                lines += [(first, look), *((line, None) for line in others)]
        return lines

    def _wrap_label(self, text: str, key_width: float = 0.0) -> tuple[str, ...]:
        """Return words or a number in lines that do not reach into the columns beside it."""
        room = self.room - key_width - NUMBER_GAP
        # No syllable is parted of the word beside a number.
        is_number = text[:1].isdigit()
        if is_number and measure_text(text, self.size) <= room:
            return (text,)
        lines = wrap_text(text, self.room - WORD_GAP, self.size)
        if not is_number and not self._is_too_wide(lines):
            return lines
        # Better below each other than smaller: a number, and the word for thousands.
        return wrap_text(text.replace("\u00a0", " "), room, self.size)

    def _is_too_wide(self, lines: Sequence[str]) -> bool:
        """Whether words in place of a column have no room but along it."""
        return max(map(self._measure_line, lines)) > self.room - NUMBER_GAP

    @property
    def _key_width(self) -> float:
        return KEY * self.size * MM_PER_POINT + KEY_GAP

    def _measure_line(self, text: str, look: Look | None = None) -> float:
        return measure_text(text, self.size) + self._key_width * (look is not None)

    def _is_within(self, part: ColumnPart) -> bool:
        """Whether a number has room in its part, and leaves enough of its hatching to be seen."""
        width, line = measure_text(part.printed_text, self.size), line_height(self.size)
        height = (part.value or 0.0) * self.unit
        ground = (width + 2 * GROUND) * line * bool(LOOKS[part.look].hatch)
        fits = width + 2 * EDGE <= self.bar and line <= height
        return fits and ground <= COVERED * self.bar * height

    def _draw_parts(self, canvas: Canvas, column: Column, centre: float, foot: float) -> None:
        left, line = centre - self.bar / 2, line_height(self.size)
        for part, low, high in column.stacked_parts:
            look, top, height = LOOKS[part.look], foot - high * self.unit, (high - low) * self.unit
            if part.value:
                _draw_bar(canvas, look, left, top, self.bar, height, address=part.address)
            else:
                ends = [(left, foot), (left + self.bar, foot)]
                canvas.draw_line(ends, TEAL, 2.0, address=part.address)
            if column.split and self._is_within(part):
                middle, color = top + height / 2, "#fff"
                if look.hatch:
                    color, width = INK, self._measure_line(part.printed_text) + 2 * GROUND
                    corner = centre - width / 2, middle - line / 2
                    canvas.draw_box(*corner, width, line, fill="#fff", layer=3)
                canvas.write_text(
                    centre, middle, part.printed_text, self.size, color=color, align="center"
                )
        top = foot - (column.total or 0.0) * self.unit
        lines, side = self._list_lines_above(column), self._key_width - KEY_GAP
        y = top - RISE - line * (len(lines) - 0.5)
        for text, key_look in lines:
            left = centre - self._measure_line(text, key_look) / 2
            if key_look:
                _draw_bar(canvas, key_look, left, y - side / 2, side, side, name="key")
                left += self._key_width
            canvas.write_text(left, y, text, self.size)
            y += line

    def _draw_words(self, canvas: Canvas, part: ColumnPart, centre: float, foot: float) -> None:
        """Draw a band where a number is withheld and a dash where nobody counted, with the words.

        Turned, words begin at the foot: centred, long ones would reach over the label below them.
        """
        height, address, lines = self.plot_height, part.address, self._wrap_label(part.printed_text)
        if part.sign == "privacy":
            width = min(self.bar + 0.2 * self.room, self.room - NUMBER_GAP)
            corner = centre - width / 2, foot - height
            canvas.draw_box(*corner, width, height, fill=PLACE, address=address)
        else:
            half, y = 0.12 * self.room, foot - DASH_FOOT
            canvas.draw_line([(centre - half, y), (centre + half, y)], MID, 1.4, address=address)
        if self._is_too_wide(lines):
            x, y = centre + LETTER_MIDDLE * self.size * MM_PER_POINT, foot - WORD_GAP
            canvas.write_text(x, y, part.printed_text, self.size, color=GREY, turn=90)
        else:
            middle = foot - height / 2
            write_lines(canvas, centre, middle, lines, self.size, color=GREY, align="center")

    def _wrap_break_words(self) -> tuple[str, ...]:
        """Return the words of the first break in lines that fit on the wider side of its line."""
        for index, column in enumerate(self.columns):
            if column.break_words:
                room = self.room * max(index, len(self.columns) - index) - 1
                return wrap_text(column.break_words, room, self.size)
        return ()

    def _draw_break(self, canvas: Canvas, left: float, index: int, top: float, foot: float) -> None:
        """Draw the dashed line before a column, and its words on the wider side of it."""
        x, stands_before = left + self.room * index, index >= len(self.columns) - index
        canvas.draw_line([(x, top), (x, foot)], RUST, 0.9, dashes=DASHED, name="break")
        lines = self._wrap_break_words()
        middle = top + line_height(self.size) * len(lines) / 2
        start, align = (x - 1, "right") if stands_before else (x + 1, "left")
        write_lines(canvas, start, middle, lines, self.size, color=RUST, align=align)


def _draw_bar(
    canvas: Canvas, look: Look, x: float, y: float, width: float, height: float, *,
    address: str = "", name: str = "",
) -> None:  # fmt: skip
    canvas.draw_box(
        x, y, width, height, fill=look.bar, edge=look.bar_edge, edge_width=0.6, hatch=look.hatch,
        layer=look.layer, address=address, name=name,
    )  # fmt: skip
