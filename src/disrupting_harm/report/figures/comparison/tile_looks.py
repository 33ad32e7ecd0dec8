"""How tiles of a map look, and the legend that names every look in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle

from disrupting_harm.report.figures import style
from disrupting_harm.report.figures.comparison.case import Case
from disrupting_harm.report.figures.cuts import Cut
from disrupting_harm.report.figures.lettering import text_width
from disrupting_harm.report.figures.marks import BROKEN, SOLID, LineStyle
from disrupting_harm.report.figures.page import MARGIN, put_text
from disrupting_harm.report.figures.rows import Row

SHADES = ("#E3EEF2", "#BFD8E1", "#94BBCB", "#659AB0", "#35738D", "#0B4F6C")
LETTERS = (*[style.INK] * 4, "white", "white")
LEGEND = 8.0
LEGEND_LINE = 5.0  # one more line of it
SWATCH, BESIDE, AFTER = (6.0, 3.6), 1.5, 5.0  # a sign of the legend, and the room round its text
STROKE = "#C4CBD0"
HATCH = 3.2  # between the strokes of a hidden tile
Place = tuple[float, float]


@dataclass(frozen=True)
class TileLook:
    """How a tile is drawn: its fill, the colour of its letters, its edge, and strokes over it."""

    fill: str = "white"
    ink: str = style.INK
    edge: str = style.GREY
    line: LineStyle = SOLID
    hatched: bool = False


Entry = tuple[TileLook, str]
PLAIN = TileLook()
APART = TileLook(line=BROKEN)
MISSING = {
    "bound": TileLook(hatched=True),
    "uncertain": TileLook(edge=style.MID, line=BROKEN),
    "privacy": TileLook(style.PLACE, edge=style.PLACE),
    "unasked": PLAIN,
}
# What the legend says of each look without a class.
SAID = {
    APART: "not compared",
    MISSING["bound"]: "only a bound",
    MISSING["uncertain"]: "too uncertain",
    MISSING["privacy"]: "hidden: privacy",
    PLAIN: "not asked",
}


def look_of(case: Case, country: str, row: Row, edges: Sequence[float]) -> TileLook:
    """Return how the tile of a country is drawn."""
    if country in case.apart:
        return APART
    if row.missing:
        return MISSING[row.missing]
    if row.whole is None:
        return PLAIN
    return _shaded(class_of(row.whole, edges), len(edges) - 1)


def _shaded(number: int, count: int) -> TileLook:
    """Return the look of a class, spread over all shades where there are fewer classes."""
    shade = round(number * (len(SHADES) - 1) / max(count - 1, 1))
    return TileLook(SHADES[shade], LETTERS[shade], SHADES[shade])


def draw_box(
    page: Axes, look: TileLook, corner: Place, size: Place, key: str | None = None
) -> None:
    """Draw a tile, or its sign in the legend; ``key`` is the address of its row."""
    page.add_patch(
        Rectangle(
            corner,
            *size,
            facecolor=look.fill,
            edgecolor=look.edge,
            linestyle=look.line,
            lw=0.9,
            url=key,
        )
    )
    if look.hatched:
        _hatch(page, corner, size)


def _hatch(page: Axes, corner: Place, size: Place) -> None:
    """Draw strokes over a tile: lines of our own, since not every program draws hatches."""
    (x, y), (width, height) = corner, size
    strokes = []
    for offset in np.arange(-height + HATCH, width, HATCH):
        start, end = max(0.0, offset), min(width, height + offset)
        strokes.append([(x + start, y + start - offset), (x + end, y + end - offset)])
    page.add_collection(
        LineCollection(strokes, colors=STROKE, linewidths=0.8, zorder=1.5), autolim=False
    )


def class_of(whole: int, edges: Sequence[float]) -> int:
    """Return the class of a share as printed: two tiles with one number have one shade."""
    return int(np.searchsorted(edges, whole, side="right")) - 1


def legend_lines(
    case: Case, rows: Mapping[str, Row], edges: Sequence[float], cut: Cut
) -> list[list[Entry]]:
    """Return the lines of the legend: every class, and every other look that a tile has."""
    words, count = case.words, len(edges) - 1
    entries: list[Entry] = []
    for number, (low, high) in enumerate(pairwise(edges)):
        ends = words.number(low), words.number(high - 1)
        text = (
            ends[0] if ends[0] == ends[1] else words("{low} to {high}", low=ends[0], high=ends[1])
        )
        entries.append((_shaded(number, count), text))
    looks = {
        look: words(SAID[look])
        for code, row in rows.items()
        if (look := look_of(case, code, row, edges)) in SAID
    }
    entries += looks.items()
    lines: list[list[Entry]] = [[]]
    x = MARGIN
    for look, text in entries:
        width = SWATCH[0] + BESIDE + text_width(text, cut.small)
        if x + width > cut.width - MARGIN and lines[-1]:
            lines.append([])
            x = MARGIN
        lines[-1].append((look, text))
        x += width + AFTER
    return lines


def legend(page: Axes, entries: Sequence[Entry], y: float, cut: Cut) -> None:
    """Draw one line of the legend."""
    x, (width, height) = MARGIN, SWATCH
    for look, text in entries:
        draw_box(page, look, (x, y - height / 2), SWATCH)
        put_text(page, x + width + BESIDE, y, text, size=cut.small, color=style.GREY)
        x += width + BESIDE + text_width(text, cut.small) + AFTER
