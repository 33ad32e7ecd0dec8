"""Charts of rows: labels at the left, marks on a scale, printed values at the right.

Charts are panels of declared rows. One drawer makes lists of estimates, strips of countries, pairs,
bars and panels beside each other, on paper and for telephones: that is why it is long.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.drawing.canvas import Canvas
from disrupting_harm.report.drawing.letters import measure_text, wrap_text
from disrupting_harm.report.drawing.marks import (
    BAND,
    DASH,
    Mark,
    MarkRecord,
    draw_key,
    draw_mark,
    draw_mark_over_rows,
    measure_key,
)
from disrupting_harm.report.drawing.page import MARGIN, Frame, lay_out_page, write_lines
from disrupting_harm.report.drawing.rows import LIMITED, Panel, Row, Section, record_mark
from disrupting_harm.report.drawing.scales import Axis, Scale, find_tick_step
from disrupting_harm.report.drawing.style import GREY, GUIDE, INK, RUST
from disrupting_harm.report.drawing.widths import Cut, line_height
from disrupting_harm.report.language.addressed_text import strip_addresses

GAP = 3.0  # millimetres between the columns of a chart
BETWEEN = 6.0  # millimetres between panels beside each other
PADDING = 0.9  # millimetres round the labels of a row
AXIS = 4.5  # millimetres for the numbers of an axis
TICK_DISTANCE = 13.0  # millimetres; of closer ticks of a narrow cut every second has its number
LABELS_AT_MOST = 0.425  # of the width; longer labels have several lines
PLOT_AT_LEAST = 0.35  # of the width; in a narrow cut labels else stand above their marks
# Where labels stand above their marks: the height of a line of marks, and the room below the last.
# A label halfway between two of them would be read as that of the upper one.
LINE, BELOW = 3.4, 0.9
CURVE = 8.0  # millimetres of a curve above the mark that it belongs to
INDENT = 1.6  # millimetres before words on a sign


@dataclass(frozen=True)
class RowChart:
    """A chart of rows.

    Attributes:
        panels: in the order drawn; in a narrow cut they always stand below each other.
        beside: how panels stand on paper: "" below each other; "labelled": beside each other, each
            with its labels above its marks; "shared": beside each other behind one list of labels,
            which is that of the first.
        headings: of the printed columns of rows; the last is that of their value.
        values: of panels behind one list of labels: whether values stand right of their marks, or
            below them, where a scale has the whole width of its panel.
        column_width: of each printed column in millimetres, whose texts are then wrapped and begin
            at the left; 0 where columns are as wide as their longest text.
        pitch: millimetres from one mark to the next within a row.
        key: looks and what each means, above the panels.
        labels_at_most: the part of the width beyond which a label has several lines.
    """

    panels: tuple[Panel, ...]
    beside: Literal["", "labelled", "shared"] = ""
    headings: tuple[str, ...] = ()
    values: Literal["beside", "below"] = "beside"
    column_width: float = 0.0
    pitch: float = 2.5
    key: tuple[tuple[str, str], ...] = ()
    labels_at_most: float = LABELS_AT_MOST

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows of all panels, in the order drawn."""
        return tuple(row for panel in self.panels for row in panel.rows)

    def draw(self, frame: Frame) -> Canvas:
        """Draw the chart in the cut of its frame.

        Raises:
            StudyError: words in place of an estimate have no room: cut short they would say
                something else; or a mark is beyond its axis.
        """
        return _draw_row_chart(self, frame)

    def list_marks(self) -> Iterator[MarkRecord]:
        """Yield the marks behind rows and of rows, in the order drawn."""
        for panel in self.panels:
            for section in panel.sections:
                for mark in section.marks:
                    value = strip_addresses(section.value)
                    yield record_mark(mark, panel.heading, section.heading, section.note, value)
                for row in section.rows:
                    yield from row.list_marks(panel.heading, section.heading)


def _draw_row_chart(chart: RowChart, frame: Frame) -> Canvas:
    cut, whole_width = frame.cut, frame.cut.width - 2 * MARGIN
    beside = "" if cut.narrow or len(chart.panels) == 1 else chart.beside
    key = measure_key(chart.key, cut)
    if not beside:
        columns = _measure_columns(chart, cut, MARGIN, whole_width)
        blocks = [_Block(panel, chart, cut, columns) for panel in chart.panels]
        gaps = BELOW * (len(blocks) - 1)
        canvas, top = lay_out_page(frame, key + sum(block.height for block in blocks) + gaps)
        draw_key(canvas, chart.key, cut, top)
        top += key
        for block in blocks:
            block.draw(canvas, top)
            top += block.height + BELOW
        return canvas
    if beside == "labelled":
        width = (whole_width - BETWEEN * (len(chart.panels) - 1)) / len(chart.panels)
        blocks = [
            _Block(panel, chart, cut, _stack_columns(panel.rows, cut, left, width))
            for index, panel in enumerate(chart.panels)
            for left in [MARGIN + index * (width + BETWEEN)]
        ]
    else:
        blocks = _share_labels(chart, cut)
    head = max(block.heading_height for block in blocks)
    canvas, top = lay_out_page(frame, key + head + max(block.body for block in blocks) + AXIS)
    draw_key(canvas, chart.key, cut, top)
    top += key
    for block in blocks:
        block.draw(canvas, top + head - block.heading_height)
    return canvas


@dataclass(frozen=True)
class _Columns:
    """Where the columns of a panel stand, in millimetres of the page.

    ``labels`` is the width of labels, ``texts`` the right ends of the printed columns, the value
    last; ``stacked``: labels stand above their marks; ``labelled``: they are written at all.
    """

    left: float
    labels: float
    plot_left: float
    plot_right: float
    texts: tuple[float, ...]
    right: float
    stacked: bool
    labelled: bool = True


def _measure_labels(
    panels: Sequence[Panel], cut: Cut, width: float, labels_at_most: float
) -> float:
    """Return the width of the labels and of the headings beside the plot of panels."""
    widths = [
        measure_text(line, cut.text, row.bold)
        for panel in panels
        for row in panel.rows
        for line in wrap_text(row.printed_label, labels_at_most * width, cut.text, row.bold)
    ]
    if not cut.narrow:  # there a heading may reach over the plot, which has nothing at its height
        headings = [section.heading for panel in panels for section in panel.sections]
        widths += [measure_text(heading, cut.small, True) for heading in headings]
    return max(widths)


def _measure_columns(chart: RowChart, cut: Cut, left: float, width: float) -> _Columns:
    """Return columns over a width; labels stand above the marks where there is no room beside."""
    labels, right = _measure_labels(chart.panels, cut, width, chart.labels_at_most), left + width
    text_widths = _measure_texts(chart, cut)
    plot_left = left + labels + GAP
    plot_right = right - sum(text_width + GAP for text_width in text_widths)
    cramped = plot_right - plot_left < PLOT_AT_LEAST * width
    cramped = cramped or right - plot_left < _measure_words(chart.rows, cut)
    if cut.narrow and (cramped or len(text_widths) > 1):
        return _stack_columns(chart.rows, cut, left, width)
    ends = [right - sum(w + GAP for w in text_widths[i + 1 :]) for i in range(len(text_widths))]
    return _Columns(left, labels, plot_left, plot_right, tuple(ends), right, False)


def _measure_words(rows: Sequence[Row], cut: Cut) -> float:
    """Return the room that the longest words in place of an estimate need on their sign."""
    words = [row.printed_text for row in rows if row.sign and row.sign not in LIMITED]
    widths = [DASH + INDENT + measure_text(text, cut.small) for text in words]
    return max(widths, default=0.0)


def _stack_columns(rows: Sequence[Row], cut: Cut, left: float, width: float) -> _Columns:
    """Return columns whose labels stand above their marks, the value beside the label."""
    # The number of a tick at either end is centred on it.
    half = 1.0
    right = left + width
    shown = max(
        (measure_text(mark.shown, cut.text) for row in rows for mark in row.marks), default=0
    )
    plot_right = right - (shown + GAP if shown else half)
    return _Columns(left, width, left + half, plot_right, (right,), right, True)


def _measure_texts(chart: RowChart, cut: Cut) -> list[float]:
    """Return the widths of the printed columns that have a text; the value stands last."""
    rows = chart.rows
    count = max((len(row.columns) for row in rows), default=0)
    columns = [[row.columns[index] for row in rows if row.columns] for index in range(count)]
    values = [(text, row.bold) for row in rows for text in row.values]
    values += [(s.value, False) for panel in chart.panels for s in panel.sections]
    widths = [
        chart.column_width or max(measure_text(text, cut.text) for text in column)
        for column in columns
    ]
    widths.append(max(measure_text(text, cut.text, bold) for text, bold in values))
    for index, heading in enumerate(chart.headings):
        widths[index] = max(widths[index], measure_text(heading, cut.small))
    return [width for width in widths if width]


def _share_labels(chart: RowChart, cut: Cut) -> list["_Block"]:
    """Return panels beside each other behind one list of labels, values beside or below marks."""
    whole_width = cut.width - 2 * MARGIN
    labels = _measure_labels(chart.panels[:1], cut, whole_width, chart.labels_at_most)
    width = (whole_width - labels - GAP) / len(chart.panels) - GAP
    blocks = []
    for index, panel in enumerate(chart.panels):
        left = MARGIN + labels + GAP + index * (width + GAP)
        right = left + width
        values = max(
            measure_text(text, cut.small, row.bold) for row in panel.rows for text in row.values
        )
        # Below each other's ends the numbers of two axes keep apart.
        plot_right = right - (BETWEEN if chart.values == "below" else values + GAP)
        columns = _Columns(MARGIN, labels, left, plot_right, (right,), right, False, index == 0)
        blocks.append(_Block(panel, chart, cut, columns))
    shared_heights = [
        max(heights) for heights in zip(*(block.row_heights for block in blocks), strict=True)
    ]
    for block in blocks:
        block.row_heights = shared_heights
    return blocks


@dataclass(frozen=True)
class _PlacedRow:
    """A row between ``top`` and ``foot`` of the page, its marks between ``upper`` and ``lower``."""

    row: Row
    top: float
    upper: float
    lower: float
    foot: float


@dataclass(frozen=True)
class _PlacedSection:
    """A section on the page: its heading begins at ``top``, its last row ends at ``foot``."""

    section: Section
    top: float
    rows: tuple[_PlacedRow, ...]
    foot: float


@dataclass
class _Block:
    """A panel with its measures, all in millimetres."""

    panel: Panel
    chart: RowChart
    cut: Cut
    columns: _Columns
    row_heights: list[float] = field(init=False)

    def __post_init__(self) -> None:
        self.row_heights = [self._measure_row(row) for row in self.panel.rows]

    @property
    def shared(self) -> bool:
        """Whether it stands beside others behind one list of labels."""
        return self.chart.beside == "shared" and not self.cut.narrow

    @property
    def below(self) -> bool:
        """Whether values stand below their marks."""
        return self.shared and self.chart.values == "below"

    @property
    def value_size(self) -> float:
        """The letter size of values, in points."""
        return self.cut.small if self.shared and not self.below else self.cut.text

    @property
    def heading_lines(self) -> tuple[str, ...]:
        """The lines of the panel's heading."""
        if not self.panel.heading:
            return ()
        left = self.columns.plot_left if self.shared else self.columns.left
        return wrap_text(self.panel.heading, self.columns.right - left, self.cut.text, True)

    @property
    def heading_height(self) -> float:
        """The height of its heading, and of those of its columns."""
        lines = line_height(self.cut.text) * len(self.heading_lines)
        return lines + line_height(self.cut.small) * bool(self._column_headings())

    @property
    def body(self) -> float:
        """The height of its rows with their headings."""
        headings = sum(bool(section.heading) for section in self.panel.sections)
        return sum(self.row_heights) + headings * self.section_heading

    @property
    def height(self) -> float:
        """The height of the panel with its heading and its axis."""
        return self.heading_height + self.body + AXIS + (PADDING if self.panel.heading else 0.0)

    @property
    def section_heading(self) -> float:
        """The height of the heading of a section, with the space above it."""
        return line_height(self.cut.small) + 1.4

    def draw(self, canvas: Canvas, top: float) -> None:
        """Draw the panel from ``top`` downwards."""
        self._write_headings(canvas, top)
        top += self.heading_height
        scale = self.panel.axis.between(self.columns.plot_left, self.columns.plot_right)
        sections = list(self._place_sections(top))
        self._draw_axis(canvas, scale, sections, top + self.body)
        for placed in sections:
            self._write_section_heading(canvas, placed.section, placed.top)
            for mark in placed.section.marks:
                draw_mark_over_rows(canvas, mark, scale, placed.rows[0].top, placed.foot)
            for row in placed.rows:
                self._draw_row(canvas, row, scale)

    def _measure_row(self, row: Row) -> float:
        label_lines = len(self._wrap_label(row)) + len(self._wrap_below(row))
        labels = line_height(self.cut.text) * label_lines
        marks = self._measure_marks(row)
        if self.columns.stacked:
            texts = line_height(self.cut.small) * len(self._list_stacked_texts(row))
            return labels + marks + texts + BELOW
        texts = max((len(lines) for lines in self._wrap_columns(row)), default=0)
        values = line_height(self.value_size) * self.below
        return max(labels, marks + values, line_height(self.cut.text) * texts) + PADDING

    def _measure_marks(self, row: Row) -> float:
        slots = max((mark.slot for mark in row.marks), default=0) + 1
        curve = CURVE if any(mark.curve for mark in row.marks) else 0.0
        line = LINE if self.columns.stacked or self.below else line_height(self.cut.text)
        pitch = self.chart.pitch
        if any(mark.shown for mark in row.marks):
            pitch = max(pitch, line_height(self.value_size))
        return max(line, pitch * slots if slots > 1 else 0.0) + curve

    def _wrap_label(self, row: Row) -> tuple[str, ...]:
        width = self.columns.labels
        if self.columns.stacked:
            width -= measure_text(row.value, self.cut.text, row.bold) + GAP
        # A hair more than the column, which is itself as wide as the widest line.
        return wrap_text(row.printed_label, width + 0.01, self.cut.text, row.bold)

    def _wrap_below(self, row: Row) -> tuple[str, ...]:
        if not row.below:
            return ()
        return wrap_text(row.below, self.columns.labels + 0.01, self.cut.text)

    def _wrap_columns(self, row: Row) -> list[tuple[str, ...]]:
        width = self.chart.column_width
        return [wrap_text(text, width or 1000.0, self.cut.text) for text in row.columns]

    def _list_stacked_texts(self, row: Row) -> tuple[str, ...]:
        """Return the printed columns as lines of words, where labels stand above their marks.

        They stand there, too: between marks and the numbers of their axis they would part them.
        """
        headings = [*self.chart.headings, *[""] * len(row.columns)]
        texts = [
            f"{heading}: {text}" if heading else text
            for heading, text in zip(headings, row.columns, strict=False)
        ]
        if not texts:
            return ()
        return wrap_text("; ".join(texts), self.columns.labels, self.cut.small)

    def _column_headings(self) -> tuple[str, ...]:
        return () if self.columns.stacked else self.chart.headings

    def _place_sections(self, top: float) -> Iterator[_PlacedSection]:
        heights = iter(self.row_heights)
        for section in self.panel.sections:
            y = top + self.section_heading * bool(section.heading)
            rows = []
            for row in section.rows:
                rows.append(self._place_row(row, y, y + next(heights)))
                y = rows[-1].foot
            yield _PlacedSection(section, top, tuple(rows), y)
            top = y

    def _place_row(self, row: Row, top: float, foot: float) -> _PlacedRow:
        marks = self._measure_marks(row)
        if self.columns.stacked:
            lines = len(self._wrap_label(row)) + len(self._wrap_below(row))
            texts = line_height(self.cut.small) * len(self._list_stacked_texts(row))
            upper = top + line_height(self.cut.text) * lines + texts
        else:
            values = line_height(self.value_size) * self.below
            upper = top + (foot - top - marks - values) / 2
        return _PlacedRow(row, top, upper, upper + marks, foot)

    def _write_headings(self, canvas: Canvas, top: float) -> None:
        cut, columns = self.cut, self.columns
        left = columns.plot_left if self.shared else columns.left
        for number, line in enumerate(self.heading_lines):
            y = top + line_height(cut.text) * (number + 0.5)
            canvas.write_text(left, y, line, cut.text, bold=True)
        y = top + self.heading_height - line_height(cut.small) / 2
        for right, heading in zip(columns.texts, self._column_headings(), strict=False):
            canvas.write_text(right, y, heading, cut.small, color=GREY, align="right")

    def _write_section_heading(self, canvas: Canvas, section: Section, top: float) -> None:
        cut, columns = self.cut, self.columns
        y = top + self.section_heading - line_height(cut.small) / 2
        if columns.labelled:
            canvas.write_text(columns.left, y, section.heading, cut.small, color=GREY, bold=True)
        if not section.value:
            return
        canvas.write_text(columns.right, y, section.value, cut.text, color=RUST, align="right")
        # A range may be longer than the values below it.
        value_left = columns.right - measure_text(section.value, cut.text) - 2.0
        right = min(columns.plot_right, value_left)
        canvas.write_text(right, y, section.note, cut.small, color=RUST, align="right")

    def _draw_axis(
        self, canvas: Canvas, scale: Scale, sections: Sequence[_PlacedSection], foot: float
    ) -> None:
        """Draw guides behind the marks, and the numbers of the axis below them."""
        axis = scale.axis
        for tick, label in zip(axis.ticks, self._thin_labels(scale), strict=True):
            x = scale.place(tick)
            color, width = (INK, 1.0) if self.panel.zero and tick == 0 else (GUIDE, 0.6)
            for upper, lower in self._list_guides(sections):
                canvas.draw_line([(x, upper), (x, lower)], color, width, layer=0, name="tick")
            width_of_label = measure_text(label, self.cut.small)
            # At the edge of the page a number begins or ends there.
            x = min(max(x, MARGIN + width_of_label / 2), canvas.width - MARGIN - width_of_label / 2)
            canvas.write_text(
                x, foot + AXIS / 2, label, self.cut.small, color=GREY, align="center", name="tick"
            )

    def _list_guides(self, sections: Sequence[_PlacedSection]) -> list[tuple[float, float]]:
        """Return where guides begin and end: across a label they would cross its letters."""
        if self.columns.stacked or self.below:
            return [(row.upper, row.lower) for placed in sections for row in placed.rows]
        return [(placed.rows[0].top, placed.foot) for placed in sections if placed.rows]

    def _thin_labels(self, scale: Scale) -> list[str]:
        """Return the numbers of the axis, without those that have no room."""
        labels = scale.axis.labels
        distance = (scale.end - scale.start) / max(len(labels) - 1, 1)
        step = find_tick_step(labels, distance, self.cut.small)
        # The numbers of one panel keep apart from those of the next.
        close = self.cut.narrow or self.below
        if close and distance < TICK_DISTANCE and len(labels) % 2:
            step = max(step, 2)  # the last number is one of every second
        return [label if index % step == 0 else "" for index, label in enumerate(labels)]

    def _draw_row(self, canvas: Canvas, placed: _PlacedRow, scale: Scale) -> None:
        row = placed.row
        self._write_row(canvas, placed)
        slots = max((mark.slot for mark in row.marks), default=0) + 1
        curve = CURVE if any(mark.curve for mark in row.marks) else 0.0
        pitch = (placed.lower - placed.upper - curve) / slots
        for mark in row.marks:
            y = placed.upper + curve + pitch * (mark.slot + 0.5)
            words = row.printed_text if mark.sign and mark.sign not in LIMITED else ""
            width = 2 * INDENT + measure_text(words, self.cut.small) if words else 0.0
            draw_mark(
                canvas, mark, scale, y, sign_width=width, sign_height=min(BAND, pitch - 0.2),
                curve_height=curve,
            )  # fmt: skip
            if words:
                self._write_words(canvas, row, mark, y)
            canvas.write_text(self.columns.right, y, mark.shown, self.value_size, align="right")

    def _write_row(self, canvas: Canvas, placed: _PlacedRow) -> None:
        row, cut, columns = placed.row, self.cut, self.columns
        color = GREY if row.muted else INK
        look: dict[str, Any] = {"color": color, "bold": row.bold}
        label_lines, below = self._wrap_label(row), self._wrap_below(row)
        line, middle = line_height(cut.text), (placed.upper + placed.lower) / 2
        block = line * (len(label_lines) + len(below))
        top = placed.top if columns.stacked else (placed.top + placed.foot - block) / 2
        if self.below:  # a label stands at the height of its marks, and not of what is below them
            top = max(placed.top, middle - block / 2)
        if columns.labelled:
            y = top + line * len(label_lines) / 2
            write_lines(canvas, columns.left, y, label_lines, cut.text, **look)
            write_lines(canvas, columns.left, top + block - line * len(below) / 2, below, cut.text)
        if self.below:
            y = placed.lower + line_height(self.value_size) / 2
            look["color"] = GREY
            canvas.write_text(columns.plot_left, y, row.value, self.value_size, **look)
            return
        y = top + line / 2 if columns.stacked else middle
        canvas.write_text(columns.right, y, row.value, self.value_size, align="right", **look)
        if columns.stacked:
            texts = self._list_stacked_texts(row)
            y = placed.upper - line_height(cut.small) * len(texts) / 2
            write_lines(canvas, columns.left, y, texts, cut.small, color=GREY)
            return
        width = self.chart.column_width
        for right, lines in zip(columns.texts, self._wrap_columns(row), strict=False):
            x, align = (right - width, "left") if width else (right, "right")
            write_lines(canvas, x, middle, lines, cut.text, align=align)

    def _write_words(self, canvas: Canvas, row: Row, mark: Mark, y: float) -> None:
        """Write the words in place of an estimate on its sign."""
        indent = DASH if mark.sign in ("unasked", "unrecorded") else 0.0
        left = self.columns.plot_left + indent + INDENT
        if left + measure_text(row.printed_text, self.cut.small) > self.columns.right:
            raise StudyError(
                f"figure, row '{row.label}'",
                f"there is no room for '{row.printed_text}'",
                "Translate it in fewer letters",
            )
        canvas.write_text(left, y, row.printed_text, self.cut.small, color=GREY)


def single_panel(
    sections: Sequence[Section], build_axis: Callable[[float], Axis], largest: float = 0.0
) -> RowChart:
    """Return a chart of one panel whose axis holds ``largest`` and all rows."""
    reaches = [row.reach for section in sections for row in section.rows]
    reaches += [
        mark.high for section in sections for mark in section.marks if mark.high is not None
    ]
    return RowChart((Panel(build_axis(max([largest, *reaches])), tuple(sections)),))
