"""A tile map: one square per country with its estimate inside."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.comparison.context import (
    Drawing,
    IndicatorComparison,
    NotDrawn,
    alternative,
    frame,
    population,
)
from disrupting_harm.report.figures.comparison.left_out import not_drawn, nothing_shown
from disrupting_harm.report.figures.comparison.order import order_findings
from disrupting_harm.report.figures.comparison.scales import classes
from disrupting_harm.report.figures.drawing import page_furniture as paper
from disrupting_harm.report.figures.drawing import style
from disrupting_harm.report.figures.drawing.marks import BROKEN, SOLID, LineStyle
from disrupting_harm.report.figures.drawing.page_furniture import MARGIN, Frame, put_text
from disrupting_harm.report.figures.drawing.text_shaping import text_width, wrap
from disrupting_harm.report.figures.drawing.widths import Cut, line_height
from disrupting_harm.report.figures.estimate_chart import build_row
from disrupting_harm.report.figures.row_chart import Row

# How tiles of a map look, and the legend that names every look in it.


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


def look_of(
    comparison: IndicatorComparison, country: str, row: Row, edges: Sequence[float]
) -> TileLook:
    """Return how the tile of a country is drawn."""
    if country in comparison.apart:
        return APART
    if row.missing:
        return MISSING[row.missing]
    if row.whole_percent is None:
        return PLAIN
    return _shaded(class_of(row.whole_percent, edges), len(edges) - 1)


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
    comparison: IndicatorComparison, rows: Mapping[str, Row], edges: Sequence[float], cut: Cut
) -> list[list[Entry]]:
    """Return the lines of the legend: every class, and every other look that a tile has."""
    translator, count = comparison.translator, len(edges) - 1
    entries: list[Entry] = []
    for number, (low, high) in enumerate(pairwise(edges)):
        ends = translator.number(low), translator.number(high - 1)
        text = (
            ends[0]
            if ends[0] == ends[1]
            else translator("{low} to {high}", low=ends[0], high=ends[1])
        )
        entries.append((_shaded(number, count), text))
    looks = {
        look: translator(SAID[look])
        for code, row in rows.items()
        if (look := look_of(comparison, code, row, edges)) in SAID
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


COLUMNS = 7
NARROW_COLUMNS = 6  # where each map stands below the other
GAP = 1.4
BETWEEN = 8.0  # between two maps
HEADING = 6.0
VALUE = 1.3  # size of an estimate, of the other letters


@dataclass(frozen=True)
class Sheet:
    """Where the tiles stand: left and upper edges by country, headings, and the height of all.

    Heights are measured from the upper edge of the chart.
    """

    tiles: Mapping[str, Place]
    headings: Sequence[tuple[str, float, float]]
    height: float


def draw(comparison: IndicatorComparison, topic: str) -> Drawing | NotDrawn:
    """Draw a tile per country, shaded by class; the number printed inside is the estimate."""
    translator, context = comparison.translator, comparison.setting
    shown = comparison.shown
    if shown.empty:
        return nothing_shown(comparison)
    cells = comparison.prevalence.assign(
        label=comparison.prevalence["country"].map(comparison.name)
    )
    rows = {str(cell.country): build_row(cell, translator) for cell in cells.itertuples()}
    edges = classes(int(shown["whole"].max()))
    notes = [
        translator(
            "In each tile: the estimate in per cent and its {level} per cent interval. The shade "
            "follows the printed number.",
            level=context.level,
        ),
    ]
    if _coded(comparison, rows):
        notes.append(_key(comparison, rows))
    measure = translator(
        "Per cent of {population}, {place}",
        population=population(comparison),
        place=context.area_name,
    )
    framed = frame(comparison, topic, measure, notes)
    figure = _draw(comparison, rows, edges, framed)
    order = comparison.alphabetical(rows)
    data = cells.set_index("country", drop=False).loc[order].reset_index(drop=True)
    opening = translator(
        "Tiles, one per {area}: {title}.", title=alt_text.format_title(context, topic)
    )
    return Drawing(
        figure,
        framed,
        _places(comparison, rows),
        *alternative(
            comparison, opening, [*order_findings(comparison), *_findings(comparison, rows, edges)]
        ),
        data,
    )


def _draw(
    comparison: IndicatorComparison, rows: Mapping[str, Row], edges: Sequence[float], frame: Frame
) -> Figure:
    cut = frame.cut
    sheet = _sheet(comparison, list(rows), cut)
    lines = legend_lines(comparison, rows, edges, cut)
    height = LEGEND + LEGEND_LINE * (len(lines) - 1)
    figure, page, top = paper.lay_out_page(frame, sheet.height + height)
    look = {"size": cut.small, "color": style.GREY, "weight": style.SEMIBOLD}
    for heading, x, y in sheet.headings:
        put_text(page, x, top + y, heading, **look)
    coded = _coded(comparison, rows)
    for country, (x, y) in sheet.tiles.items():
        label = country if coded else rows[country].label
        _tile(page, comparison, country, rows[country], label, edges, x, top + y, cut)
    for number, line in enumerate(lines):
        legend(page, line, top + sheet.height + LEGEND / 2 + LEGEND_LINE * number, cut)
    return figure


def _sheet(comparison: IndicatorComparison, countries: Sequence[str], cut: Cut) -> Sheet:
    """Place the maps side by side, other countries below, and incomparable ones at the end."""
    pitch = side_of(cut) + GAP
    tiles: dict[str, Place] = {}
    headings: list[tuple[str, float, float]] = []
    comparable = {
        code for code in countries if code not in {*comparison.apart, *comparison.unasked}
    }
    placed = sorted(
        comparable & set(comparison.cells), key=lambda code: comparison.cells[code][::-1]
    )
    left, above, bottom = MARGIN, 0.0, 0.0
    for region, members in comparison.grouped(placed).items():
        heading = comparison.translator(region) if region else ""
        first_column = min(comparison.cells[code][0] for code in members)
        first_row = min(comparison.cells[code][1] for code in members)
        columns = max(comparison.cells[code][0] for code in members) - first_column + 1
        if left + columns * pitch - GAP > cut.width - MARGIN + 1e-9:
            left, above = MARGIN, bottom  # no room beside the last map
        if heading:
            headings.append((heading, left, above + HEADING / 2))
        for code in members:
            column, row = comparison.cells[code]
            x = left + (column - first_column) * pitch
            tiles[code] = (x, above + HEADING + (row - first_row) * pitch)
        written = left + text_width(heading, cut.small, True)
        left = max(written, *(tiles[code][0] + pitch - GAP for code in members)) + BETWEEN
        bottom = max(bottom, *(tiles[code][1] + pitch for code in members))
    mapped = bool(tiles)
    others = comparison.alphabetical(code for code in comparable if code not in tiles)
    apart = comparison.alphabetical(code for code in countries if code in comparison.apart)
    for heading, block in (
        (comparison.translator("Other {areas}") if mapped else "", others),
        (comparison.translator("Not comparable"), apart),
        (comparison.translator("Not asked"), comparison.alphabetical(comparison.unasked)),
    ):
        if not block:
            continue
        if heading:
            headings.append((heading, MARGIN, bottom + HEADING / 2))
            bottom += HEADING
        for number, code in enumerate(block):
            row, column = divmod(number, _columns(cut))
            tiles[code] = (MARGIN + column * pitch, bottom + row * pitch)
        bottom = max(tiles[code][1] for code in block) + pitch
    return Sheet(tiles, headings, bottom)


def _places(comparison: IndicatorComparison, codes: Iterable[str]) -> str:
    """Return what the place of a tile says: only the countries of the maps have one."""
    on_map = {code for code in codes if code not in comparison.apart and code in comparison.cells}
    if not on_map:
        return comparison.translator("Tiles stand in alphabetical order.")
    return comparison.translator(
        "Tiles of one part of the world stand roughly as the {areas} lie, all others in "
        "alphabetical order."
        if set(codes) - on_map - set(comparison.apart)
        else "Tiles of one part of the world stand roughly as the {areas} lie."
    )


def _tile(
    page: Axes,
    comparison: IndicatorComparison,
    country: str,
    row: Row,
    label: str,
    edges: Sequence[float],
    x: float,
    y: float,
    cut: Cut,
) -> None:
    side = side_of(cut)
    middle = x + side / 2
    look = look_of(comparison, country, row, edges)
    fill, ink = look.fill, look.ink
    draw_box(page, look, (x, y), (side, side), row.row_address)
    small = cut.small
    box = {"facecolor": fill, "edgecolor": "none", "pad": 1.2} if row.missing else None
    written = {"ha": "center", "color": ink, "bbox": box}
    put_text(page, middle, y + side * 0.2, label, size=small, **written)
    if row.missing:
        lines = wrap(row.printed_text, side - 2, small)
        for at, text in enumerate(lines):
            # Two lines stand clear of the name.
            place = 0.58 if len(lines) == 1 else 0.62
            height = y + side * place + line_height(small) * (at - (len(lines) - 1) / 2)
            put_text(page, middle, height, text, size=small, **written)
        return
    put_text(page, middle, y + side * 0.53, row.printed_text, size=VALUE * cut.text, **written)
    put_text(page, middle, y + side * 0.84, row.interval, size=small, **written)


def _coded(comparison: IndicatorComparison, rows: Mapping[str, Row]) -> bool:
    """Return whether tiles have codes: all of them, where one name has no room."""
    cut = comparison.setting.cut
    room = side_of(cut) - 1.5
    return any(text_width(row.label, cut.small) > room for row in rows.values())


def _key(comparison: IndicatorComparison, rows: Mapping[str, Row]) -> str:
    """Return what the codes stand for, in their order."""
    translator = comparison.translator
    named = [
        translator("{code}: {name}", code=code, name=rows[code].label) for code in sorted(rows)
    ]
    return translator("{findings}.", findings="; ".join(named))


def side_of(cut: Cut) -> float:
    """Return the side of a tile in millimetres."""
    columns = _columns(cut)
    between = 0.0 if cut.narrow else BETWEEN
    return (cut.width - 2 * MARGIN - between - (columns - 1) * GAP) / columns


def _columns(cut: Cut) -> int:
    return NARROW_COLUMNS if cut.narrow else COLUMNS


def _findings(
    comparison: IndicatorComparison, rows: Mapping[str, Row], edges: Sequence[float]
) -> list[str]:
    translator = comparison.translator
    members: dict[int, list[str]] = {}
    for code, row in rows.items():
        if row.whole_percent is not None and code not in comparison.apart:
            members.setdefault(class_of(row.whole_percent, edges), []).append(code)
    sentences = [
        translator(
            "From {low} to below {high} per cent: {countries}.",
            low=translator.number(edges[number]),
            high=translator.number(edges[number + 1]),
            countries=comparison.listed(codes),
        )
        for number, codes in sorted(members.items())
    ]
    return [*sentences, *not_drawn(comparison, comparison.shown["country"])]
