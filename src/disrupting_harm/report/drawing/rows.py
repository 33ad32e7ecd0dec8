"""Rows of a chart as they are declared: labels, marks and values, in sections and panels."""

from collections.abc import Iterator
from dataclasses import dataclass

from disrupting_harm.report.drawing.marks import Mark, MarkRecord, Sign
from disrupting_harm.report.drawing.scales import Axis
from disrupting_harm.report.language.addressed_text import strip_addresses

PART = "– "  # before the label of a row that the one above it counts, too
# What is known in place of an estimate, and printed as one.
LIMITED = ("bound", "range")


@dataclass(frozen=True)
class Row:
    """One row: what it is about, its marks, and what is printed.

    Attributes:
        printed_text: the estimate as printed; without one the words in its place.
        interval: its limits as printed.
        marks: the first is the estimate of the row, or the sign of why there is none.
        columns: further printed texts, left of the value.
        below: words below its label.
        bold: whether it is the row to look at.
        address: of the published number.
        muted: whether it is apart from the others, and grey.
        part: whether it is a part of a row above it, and its label begins with a dash.
    """

    label: str
    printed_text: str = ""
    interval: str = ""
    marks: tuple[Mark, ...] = ()
    columns: tuple[str, ...] = ()
    below: str = ""
    bold: bool = False
    address: str = ""
    muted: bool = False
    part: bool = False

    @property
    def printed_label(self) -> str:
        """Its label as printed."""
        return PART * self.part + self.label

    @property
    def estimate(self) -> float | None:
        """The number of its first mark, in the unit of the axis; None where there is none."""
        return self.marks[0].value if self.marks else None

    @property
    def sign(self) -> Sign:
        """Why its first mark has no estimate."""
        return self.marks[0].sign if self.marks else ""

    @property
    def value(self) -> str:
        """What is printed at the right; what is not known is written in the plot."""
        if self.sign and self.sign not in LIMITED:
            return ""
        return f"{self.printed_text}\u00a0{self.interval}" if self.interval else self.printed_text

    @property
    def values(self) -> tuple[str, ...]:
        """What is printed at the right: of the row, and of each of its marks."""
        return (self.value, *(mark.shown for mark in self.marks))

    @property
    def reach(self) -> float:
        """How far an axis has to go to hold its marks."""
        ends = [end for mark in self.marks for end in (mark.value, mark.high) if end is not None]
        return max(ends, default=0.0)

    def list_marks(self, panel: str, section: str = "") -> Iterator[MarkRecord]:
        """Yield its marks, with the panel and the section that it stands in."""
        shown = strip_addresses(" ".join(filter(None, (self.printed_text, self.interval))))
        for mark in self.marks:
            value = strip_addresses(mark.shown) or shown
            yield record_mark(mark, panel, section, self.label, value)


@dataclass(frozen=True)
class Section:
    """Rows below a heading; without one where it is empty.

    Attributes:
        marks: drawn behind all its rows, as the mean of a region.
        note: words beside its heading, at the right end of the plot.
        value: what is printed at the right of the heading.
    """

    heading: str
    rows: tuple[Row, ...]
    marks: tuple[Mark, ...] = ()
    note: str = ""
    value: str = ""


@dataclass(frozen=True)
class Panel:
    """Sections of rows over one axis, below a heading; ``zero`` draws a line at nought."""

    axis: Axis
    sections: tuple[Section, ...]
    heading: str = ""
    zero: bool = False

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows of all its sections, in the order drawn."""
        return tuple(row for section in self.sections for row in section.rows)


def record_mark(mark: Mark, panel: str, section: str, row: str, shown: str) -> MarkRecord:
    """Return the line of a mark in the table of marks; addresses in printed texts are left out."""
    numbers = mark.slot, mark.value, mark.low, mark.high
    return MarkRecord(
        panel, section, strip_addresses(row), *numbers, mark.look, mark.sign, shown,
        mark.address or "",
    )  # fmt: skip
