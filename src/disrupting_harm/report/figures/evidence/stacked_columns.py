"""Numbers of a column whose counts stand on each other: none of them is that of the whole column.

The table has no total of them. Each number therefore stands within its own part; one that has no
room there stands above the column, behind a small piece of what its part looks like.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from disrupting_harm.report.figures.drawing import style
from disrupting_harm.report.figures.drawing.page_furniture import per_millimetre
from disrupting_harm.report.figures.drawing.text_shaping import text_width
from disrupting_harm.report.figures.drawing.widths import MM_PER_POINT, line_height
from disrupting_harm.report.figures.row_chart import HATCH

# The looks of the lowest part of a column, and of the part that stands on it.
LOWER_LOOK: dict[str, Any] = {"color": style.TEAL, "linewidth": 0}
UPPER_LOOK: dict[str, Any] = {
    "facecolor": "white",
    "edgecolor": style.TEAL,
    "hatch": HATCH,
    "linewidth": 0.6,
}
EDGE = 0.4  # millimetres left and right of a number, in its column or above it
SMALLEST = 5.0  # points: a number that would need smaller ones to fit has no room
PAD = 0.28  # millimetres of white ground round a number between lines
HIDDEN = 0.5  # of a hatched part, at most, under this ground
PART_LOOKS = (LOWER_LOOK, UPPER_LOOK)
KEY_SIZE = 0.75, 0.75  # of a part's look beside its number: width and height, in letters' sizes
KEY_GAP = 0.6  # millimetres between this piece and the number
RISE = 1.0  # millimetres between a column and what stands above it


def fit_font_size(number_text: str, room: float, font_size: float) -> float:
    """Return the size, at most ``font_size`` points, at which a number fits ``room`` in mm."""
    return min(font_size, font_size * (room - 2 * EDGE) / text_width(number_text, font_size))


def write_stacked_numbers(
    plot: Axes,
    centre: float,
    stack_parts: Sequence[tuple[float, str, Mapping[str, Any]]],
    column: float,
    room: float,
    font_size: float,
) -> None:
    """Write the numbers of the parts that stand on each other at ``centre``.

    Args:
        plot: the axes, with their limits set.
        centre: the middle of the column.
        stack_parts: count, number as printed, and look of each part, the lowest first.
        column: width of the column in millimetres; no number within is wider.
        room: width of the place of one column; no number above is wider.
        font_size: of the letters in points.
    """
    across, up = per_millimetre(plot)
    base, numbers_above = 0.0, []
    for count, number_text, look in stack_parts:
        fitting = fit_font_size(number_text, column, font_size)
        height = count / up
        within = height >= line_height(fitting) and fitting >= SMALLEST
        if look is not LOWER_LOOK:
            # On its white ground a number must leave enough of the hatching to be seen.
            ground = (text_width(number_text, fitting) + 2 * PAD) * line_height(fitting)
            within = within and ground <= HIDDEN * column * height
        if within:
            _write_within(plot, centre, base + count / 2, number_text, fitting, look is LOWER_LOOK)
        else:
            numbers_above.append((number_text, look))
        base += count
    y = base + RISE * up
    for number_text, look in numbers_above:
        width, height = (length * font_size * MM_PER_POINT for length in KEY_SIZE)
        fitting = fit_font_size(number_text, room - width - KEY_GAP, font_size)
        left = centre - (width + KEY_GAP + text_width(number_text, fitting)) / 2 * across
        x = left + (width + KEY_GAP) * across
        plot.text(x, y, number_text, ha="left", va="baseline", size=fitting)
        box = Rectangle((left, y), width * across, height * up, clip_on=False, **look)
        box.set_gid("key")
        plot.add_artist(box)  # a piece of a key is no mark on the axis
        y += line_height(font_size) * up


def _write_within(
    plot: Axes, centre: float, middle: float, number_text: str, font_size: float, dark: bool
) -> None:
    """Write a number into its part: white on a dark one, else on a white ground between lines."""
    look: dict[str, Any] = {"color": "white"}
    if not dark:
        look = {"bbox": {"facecolor": "white", "edgecolor": "none", "pad": PAD / MM_PER_POINT}}
    plot.text(
        centre, middle, number_text, ha="center", va="center_baseline", size=font_size, **look
    )
