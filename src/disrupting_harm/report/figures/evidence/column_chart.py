"""Column charts of counts by year; a year without a count shows its status, never zero."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes

from disrupting_harm.report.figures.drawing import style
from disrupting_harm.report.figures.drawing.text_shaping import text_width, wrap
from disrupting_harm.report.figures.evidence.stacked_columns import (
    FIRST,
    PART_LOOKS,
    SECOND,
    write_parts,
)
from disrupting_harm.report.language.addressed_text import strip_addresses

WIDTH = 0.62  # of a column, where the next begins at 1
HEADROOM = 1.04
OPEN = 0.07  # how far the sides of a minimum go on above it, as a part of the chart's height
SIDE = 0.9  # of these sides, in points
LABEL_PITCH = 9.5  # points between two lines above a column
LABEL_GAP = 2.5  # millimetres between the labels of two years
# A minimum: hatched as bounds are elsewhere, with nothing that ends it.
LEAST: dict[str, Any] = {**SECOND, "linewidth": 0}


@dataclass(frozen=True)
class Column:
    """One year; ``counts`` are stacked, and empty where there is no count.

    ``shown`` is printed with each count, or in the column's place where there is none: on a pale
    band where it is ``withheld``, else beside a dash. A column that is ``at_least`` so high is
    hatched and open above. ``parts`` are the looks of the counts: places in ``PART_LOOKS``,
    where none of them is that of the whole year. ``keys`` are the addresses of the rows of each
    count, or of what stands in its place.
    """

    label: str
    shown: tuple[str, ...]
    counts: tuple[float, ...] = ()
    breaks: bool = False  # counted in another way than the column before it
    at_least: bool = False
    withheld: bool = False
    parts: tuple[int, ...] = ()
    keys: tuple[str | None, ...] = (None, None)


def draw_columns(
    plot: Axes, columns: Sequence[Column], millimetres: float, font_size: float
) -> None:
    """Draw columns into axes ``millimetres`` wide, with letters of ``font_size`` points."""
    largest = max([sum(column.counts) for column in columns] + [1.0])
    tips = [sum(column.counts) + OPEN * largest * column.at_least for column in columns]
    top = max([largest * HEADROOM, *tips])
    plot.set(xlim=(-0.5, len(columns) - 0.5), ylim=(0, top), yticks=[])
    plot.grid(visible=False)
    for side in ("left", "right", "top"):
        plot.spines[side].set_visible(False)
    plot.set_xticks(range(len(columns)), [column.label for column in columns])
    plot.tick_params(axis="x", labelsize=font_size)
    room = millimetres / len(columns)
    for at, column in enumerate(columns):
        base = 0.0
        looks = [PART_LOOKS[part] for part in column.parts] or [LEAST if column.at_least else FIRST]
        for count, key, look in zip(column.counts, column.keys, looks, strict=False):
            plot.bar(at, count, WIDTH, base, url=key, **look)
            base += count
        if column.parts:
            shown = map(strip_addresses, column.shown)
            parts = list(zip(column.counts, shown, looks, strict=True))
            write_parts(plot, at, parts, WIDTH * room, room, font_size)
        elif column.counts:
            if column.at_least:
                base = _draw_sides(plot, at, base, largest)
            _write_count(plot, at, column.shown[0], base, room, font_size)
        else:
            _write_gap(plot, at, column, largest, room, font_size)


def label_lines(columns: Sequence[Column], millimetres: float, font_size: float) -> int:
    """Return how many lines the longest count above a column takes."""
    room = millimetres / len(columns)
    return max((len(_label(c.shown[-1], room, font_size)) for c in columns if c.counts), default=1)


def _label(shown: str, room: float, font_size: float) -> tuple[str, ...]:
    """Return what is written of a year in lines that leave the years beside it their room."""
    return wrap(shown, room - LABEL_GAP, font_size)


def _draw_sides(plot: Axes, at: int, base: float, largest: float) -> float:
    """Draw the sides of a column that is open above, and return where they end."""
    tip = base + OPEN * largest
    sides = [at - WIDTH / 2, at + WIDTH / 2]
    plot.vlines(sides, 0, tip, style.TEAL, lw=SIDE, clip_on=False)
    return tip


def _write_count(
    plot: Axes, at: int, shown: str, top: float, room: float, font_size: float
) -> None:
    """Write the one count of a year above its column."""
    for line, text in enumerate(reversed(_label(shown, room, font_size))):
        plot.annotate(
            text,
            (at, top),
            xytext=(0, 3 + LABEL_PITCH * line),
            textcoords="offset points",
            ha="center",
            size=font_size,
            annotation_clip=False,
        )


def _write_gap(
    plot: Axes, at: int, column: Column, largest: float, room: float, font_size: float
) -> None:
    text, height = strip_addresses(column.shown[0]), largest * HEADROOM
    if column.withheld:
        plot.bar(at, height, WIDTH + 0.2, color=style.PLACE, linewidth=0, url=column.keys[0])
    else:
        plot.hlines(height * 0.02, at - 0.12, at + 0.12, style.MID, lw=1.4, urls=column.keys[:1])
    lines = _label(text, room, font_size)
    # Turned, a text stands on the dash: centred, a long one would reach over the year below it.
    turned = max(text_width(line, font_size) for line in lines) > room
    plot.text(
        at,
        height * 0.08 if turned else height / 2,
        text if turned else "\n".join(lines),
        ha="center",
        va="bottom" if turned else "center",
        size=font_size,
        color=style.GREY,
        rotation=90 if turned else 0,
    )
