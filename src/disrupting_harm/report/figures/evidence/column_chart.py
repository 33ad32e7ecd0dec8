"""Column charts of counts by year; a year without a count shows its status, never zero."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes

from disrupting_harm.report.figures.drawing import style
from disrupting_harm.report.figures.drawing.text_shaping import text_width, wrap
from disrupting_harm.report.figures.evidence.stacked_columns import (
    LOWER_LOOK,
    PART_LOOKS,
    UPPER_LOOK,
    write_stacked_numbers,
)
from disrupting_harm.report.language.addressed_text import strip_addresses

WIDTH = 0.62  # of a column, where the next begins at 1
HEADROOM = 1.04
OPEN = 0.07  # how far the sides of a minimum go on above it, as a part of the chart's height
SIDE = 0.9  # of these sides, in points
LABEL_PITCH = 9.5  # points between two lines above a column
LABEL_GAP = 2.5  # millimetres between the labels of two years
# A minimum: hatched as bounds are elsewhere, with nothing that ends it.
LEAST: dict[str, Any] = {**UPPER_LOOK, "linewidth": 0}


@dataclass(frozen=True)
class Column:
    """One year; ``counts`` are stacked, and empty where there is no count.

    ``printed_texts`` has one text for each count, or one for the column where there is no count: it
    stands on a pale band where the number is ``withheld``, else beside a dash. A column that is
    ``at_least`` so high is hatched and open above. ``look_indices`` choose the look of each count
    from ``PART_LOOKS``; there are none where the count is that of the whole year.
    ``row_addresses`` are those of the rows of each count, or of the row without a count.
    """

    label: str
    printed_texts: tuple[str, ...]
    counts: tuple[float, ...] = ()
    breaks: bool = False  # counted in another way than the column before it
    at_least: bool = False
    withheld: bool = False
    look_indices: tuple[int, ...] = ()
    row_addresses: tuple[str | None, ...] = (None, None)


def draw_columns(
    plot: Axes, columns: Sequence[Column], millimetres: float, font_size: float
) -> None:
    """Draw columns into axes ``millimetres`` wide, with letters of ``font_size`` points."""
    largest = max([sum(column.counts) for column in columns] + [1.0])
    tips = [sum(column.counts) + OPEN * largest * column.at_least for column in columns]
    top = max([largest * HEADROOM, *tips])
    plot.set(xlim=(-0.5, len(columns) - 0.5), ylim=(0, top), yticks=[])
    plot.grid(visible=False)
    for spine in ("left", "right", "top"):
        plot.spines[spine].set_visible(False)
    plot.set_xticks(range(len(columns)), [column.label for column in columns])
    plot.tick_params(axis="x", labelsize=font_size)
    room = millimetres / len(columns)
    for index, column in enumerate(columns):
        base = 0.0
        looks = [PART_LOOKS[look_index] for look_index in column.look_indices] or [
            LEAST if column.at_least else LOWER_LOOK
        ]
        for count, row_address, look in zip(
            column.counts, column.row_addresses, looks, strict=False
        ):
            plot.bar(index, count, WIDTH, base, url=row_address, **look)
            base += count
        if column.look_indices:
            printed_numbers = map(strip_addresses, column.printed_texts)
            stack_parts = list(zip(column.counts, printed_numbers, looks, strict=True))
            write_stacked_numbers(plot, index, stack_parts, WIDTH * room, room, font_size)
        elif column.counts:
            if column.at_least:
                base = _draw_sides(plot, index, base, largest)
            _write_count(plot, index, column.printed_texts[0], base, room, font_size)
        else:
            _write_gap(plot, index, column, largest, room, font_size)


def count_label_lines(columns: Sequence[Column], millimetres: float, font_size: float) -> int:
    """Return how many lines the longest count above a column takes."""
    room = millimetres / len(columns)
    return max(
        (
            len(_wrap_label(column.printed_texts[-1], room, font_size))
            for column in columns
            if column.counts
        ),
        default=1,
    )


def _wrap_label(printed_text: str, room: float, font_size: float) -> tuple[str, ...]:
    """Return the text of a year in lines that do not reach into the years beside it."""
    return wrap(printed_text, room - LABEL_GAP, font_size)


def _draw_sides(plot: Axes, x: int, base: float, largest: float) -> float:
    """Draw the sides of a column that is open above, and return where they end."""
    tip = base + OPEN * largest
    sides = [x - WIDTH / 2, x + WIDTH / 2]
    plot.vlines(sides, 0, tip, style.TEAL, lw=SIDE, clip_on=False)
    return tip


def _write_count(
    plot: Axes, x: int, printed_text: str, top: float, room: float, font_size: float
) -> None:
    """Write the one count of a year above its column."""
    for line, text in enumerate(reversed(_wrap_label(printed_text, room, font_size))):
        plot.annotate(
            text,
            (x, top),
            xytext=(0, 3 + LABEL_PITCH * line),
            textcoords="offset points",
            ha="center",
            size=font_size,
            annotation_clip=False,
        )


def _write_gap(
    plot: Axes, x: int, column: Column, largest: float, room: float, font_size: float
) -> None:
    printed_text, height = strip_addresses(column.printed_texts[0]), largest * HEADROOM
    if column.withheld:
        plot.bar(
            x, height, WIDTH + 0.2, color=style.PLACE, linewidth=0, url=column.row_addresses[0]
        )
    else:
        plot.hlines(
            height * 0.02, x - 0.12, x + 0.12, style.MID, lw=1.4, urls=column.row_addresses[:1]
        )
    label_lines = _wrap_label(printed_text, room, font_size)
    # Turned, a text stands on the dash: centred, a long one would reach over the year below it.
    turned = max(text_width(line, font_size) for line in label_lines) > room
    plot.text(
        x,
        height * 0.08 if turned else height / 2,
        printed_text if turned else "\n".join(label_lines),
        ha="center",
        va="bottom" if turned else "center",
        size=font_size,
        color=style.GREY,
        rotation=90 if turned else 0,
    )
