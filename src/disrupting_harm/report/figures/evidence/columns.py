"""Column charts of counts by year; a year without a count shows its status, never zero."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from disrupting_harm.report.figures import style
from disrupting_harm.report.figures.lettering import text_width

LIGHT = "#7FA6B6"
WIDTH = 0.62  # of a column, where the next begins at 1
HEADROOM = 1.04
LABEL_PITCH = 9.5  # points between two lines above a column


@dataclass(frozen=True)
class Column:
    """One year; ``counts`` are stacked, the first dark, and empty where there is no count.

    ``shown`` is printed above the column, the last of it on top as in the stack, or in its place
    where there is none. A column that is ``at_least`` so high is light.
    """

    label: str
    shown: tuple[str, ...]
    counts: tuple[float, ...] = ()
    breaks: bool = False  # counted in another way than the column before it
    at_least: bool = False


def draw_columns(plot: Axes, columns: Sequence[Column], millimetres: float) -> None:
    """Draw columns into axes ``millimetres`` wide; a dashed line parts other ways of counting."""
    largest = max([sum(column.counts) for column in columns] + [1.0])
    plot.set(xlim=(-0.5, len(columns) - 0.5), ylim=(0, largest * HEADROOM), yticks=[])
    plot.grid(visible=False)
    for side in ("left", "right", "top"):
        plot.spines[side].set_visible(False)
    plot.set_xticks(range(len(columns)), [column.label for column in columns])
    for at, column in enumerate(columns):
        base = 0.0
        colours = (LIGHT,) if column.at_least else (style.TEAL, LIGHT)
        for count, colour in zip(column.counts, colours, strict=False):
            plot.bar(at, count, WIDTH, base, color=colour, linewidth=0)
            base += count
        if column.counts:
            _write_above(plot, at, base, column.shown)
        else:
            _write_gap(plot, at, largest, column.shown[0], millimetres / len(columns))
        if column.breaks:
            plot.axvline(at - 0.5, color=style.RUST, linestyle=(0, (4, 3)), linewidth=0.9)


def _write_above(plot: Axes, at: int, top: float, lines: Sequence[str]) -> None:
    for line, text in enumerate(lines):
        plot.annotate(
            text,
            (at, top),
            xytext=(0, 3 + LABEL_PITCH * line),
            textcoords="offset points",
            ha="center",
            size=style.NOTE_SIZE,
            annotation_clip=False,
        )


def _write_gap(plot: Axes, at: int, largest: float, text: str, room: float) -> None:
    plot.bar(at, largest * HEADROOM, WIDTH + 0.2, color=style.PLACE, linewidth=0)
    plot.text(
        at,
        largest * HEADROOM / 2,
        text,
        ha="center",
        va="center",
        size=style.NOTE_SIZE,
        color=style.GREY,
        rotation=0 if text_width(text, style.NOTE_SIZE) < room else 90,
    )
