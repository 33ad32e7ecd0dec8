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
from disrupting_harm.report.figures.comparison.axis_scales import class_edges
from disrupting_harm.report.figures.comparison.countries_left_out import (
    explain_nothing_published,
    list_left_out,
)
from disrupting_harm.report.figures.comparison.indicator_comparison import (
    Drawing,
    IndicatorComparison,
    NotDrawn,
    build_frame,
    describe_drawing,
    name_population,
)
from disrupting_harm.report.figures.comparison.rank_order import describe_order
from disrupting_harm.report.figures.drawing import page_furniture as paper
from disrupting_harm.report.figures.drawing import style
from disrupting_harm.report.figures.drawing.marks import BROKEN, SOLID, LineStyle
from disrupting_harm.report.figures.drawing.page_furniture import MARGIN, Frame, put_text
from disrupting_harm.report.figures.drawing.text_shaping import text_width, wrap
from disrupting_harm.report.figures.drawing.widths import Cut, line_height
from disrupting_harm.report.figures.estimate_chart import build_row
from disrupting_harm.report.figures.row_chart import Row

SHADES = ("#E3EEF2", "#BFD8E1", "#94BBCB", "#659AB0", "#35738D", "#0B4F6C")
LETTER_COLORS = (*[style.INK] * 4, "white", "white")
LEGEND = 8.0
LEGEND_LINE = 5.0  # one more line of it
SWATCH, BESIDE, AFTER = (6.0, 3.6), 1.5, 5.0  # a sign of the legend, and the room round its text
STROKE = "#C4CBD0"
HATCH = 3.2  # between the strokes of a hidden tile
Position = tuple[float, float]


@dataclass(frozen=True)
class TileLook:
    """How a tile is drawn: its fill, the colour of its letters, its edge, and strokes over it."""

    fill: str = "white"
    ink: str = style.INK
    edge: str = style.GREY
    line: LineStyle = SOLID
    hatched: bool = False


LegendEntry = tuple[TileLook, str]
PLAIN = TileLook()
APART = TileLook(line=BROKEN)
MISSING = {
    "bound": TileLook(hatched=True),
    "uncertain": TileLook(edge=style.MID, line=BROKEN),
    "privacy": TileLook(style.PLACE, edge=style.PLACE),
    "unasked": PLAIN,
}
# What the legend says of each look without a class.
LOOK_LABELS = {
    APART: "not compared",
    MISSING["bound"]: "only a bound",
    MISSING["uncertain"]: "too uncertain",
    MISSING["privacy"]: "hidden: privacy",
    PLAIN: "not asked",
}


def choose_look(
    comparison: IndicatorComparison, country: str, row: Row, edges: Sequence[float]
) -> TileLook:
    """Return how the tile of a country is drawn."""
    if country in comparison.incomparable:
        return APART
    if row.missing:
        return MISSING[row.missing]
    if row.whole_percent is None:
        return PLAIN
    return _shade_class(find_class(row.whole_percent, edges), len(edges) - 1)


def _shade_class(number: int, count: int) -> TileLook:
    """Return the look of a class, spread over all shades where there are fewer classes."""
    shade = round(number * (len(SHADES) - 1) / max(count - 1, 1))
    return TileLook(SHADES[shade], LETTER_COLORS[shade], SHADES[shade])


def draw_tile_box(
    page: Axes, look: TileLook, corner: Position, box_size: Position, row_address: str | None = None
) -> None:
    """Draw a tile, or its sign in the legend; ``row_address``: of the row behind it; None there."""
    page.add_patch(
        Rectangle(
            corner,
            *box_size,
            facecolor=look.fill,
            edgecolor=look.edge,
            linestyle=look.line,
            lw=0.9,
            url=row_address,
        )
    )
    if look.hatched:
        _draw_strokes(page, corner, box_size)


def _draw_strokes(page: Axes, corner: Position, box_size: Position) -> None:
    """Draw strokes over a tile: lines of our own, since not every program draws hatches."""
    (x, y), (width, height) = corner, box_size
    strokes = []
    for offset in np.arange(-height + HATCH, width, HATCH):
        start, end = max(0.0, offset), min(width, height + offset)
        strokes.append([(x + start, y + start - offset), (x + end, y + end - offset)])
    page.add_collection(
        LineCollection(strokes, colors=STROKE, linewidths=0.8, zorder=1.5), autolim=False
    )


def find_class(percent: int, edges: Sequence[float]) -> int:
    """Return the number of a share's class, from 0; tiles that print one number have one shade."""
    return int(np.searchsorted(edges, percent, side="right")) - 1


def lay_out_legend(
    comparison: IndicatorComparison, rows: Mapping[str, Row], edges: Sequence[float], cut: Cut
) -> list[list[LegendEntry]]:
    """Return the lines of the legend: every class, and every other look that a tile has."""
    translator, count = comparison.translator, len(edges) - 1
    legend_entries: list[LegendEntry] = []
    for number, (low, high) in enumerate(pairwise(edges)):
        ends = translator.number(low), translator.number(high - 1)
        label = (
            ends[0]
            if ends[0] == ends[1]
            else translator("{low} to {high}", low=ends[0], high=ends[1])
        )
        legend_entries.append((_shade_class(number, count), label))
    looks = {
        look: translator(LOOK_LABELS[look])
        for code, row in rows.items()
        if (look := choose_look(comparison, code, row, edges)) in LOOK_LABELS
    }
    legend_entries += looks.items()
    lines: list[list[LegendEntry]] = [[]]
    x = MARGIN
    for look, label in legend_entries:
        width = SWATCH[0] + BESIDE + text_width(label, cut.small)
        if x + width > cut.width - MARGIN and lines[-1]:
            lines.append([])
            x = MARGIN
        lines[-1].append((look, label))
        x += width + AFTER
    return lines


def draw_legend_row(page: Axes, legend_entries: Sequence[LegendEntry], y: float, cut: Cut) -> None:
    """Draw one line of the legend."""
    x, (width, height) = MARGIN, SWATCH
    for look, label in legend_entries:
        draw_tile_box(page, look, (x, y - height / 2), SWATCH)
        put_text(page, x + width + BESIDE, y, label, size=cut.small, color=style.GREY)
        x += width + BESIDE + text_width(label, cut.small) + AFTER


COLUMNS = 7
NARROW_COLUMNS = 6  # where each map stands below the other
GAP = 1.4
BETWEEN = 8.0  # between two maps
HEADING = 6.0
VALUE = 1.3  # size of an estimate, of the other letters


@dataclass(frozen=True)
class TileLayout:
    """Where the tiles stand: left and upper edges by country, headings, and the height of all.

    Heights are measured from the upper edge of the chart.
    """

    tiles: Mapping[str, Position]
    headings: Sequence[tuple[str, float, float]]
    height: float


def draw_tile_map(comparison: IndicatorComparison, topic: str) -> Drawing | NotDrawn:
    """Draw a tile per country, shaded by class; the number printed inside is the estimate."""
    translator, context = comparison.translator, comparison.context
    published = comparison.published
    if published.empty:
        return explain_nothing_published(comparison)
    estimates = comparison.prevalence.assign(
        label=comparison.prevalence["country"].map(comparison.country_name)
    )
    rows = {str(cell.country): build_row(cell, translator) for cell in estimates.itertuples()}
    edges = class_edges(int(published["whole"].max()))
    notes = [
        translator(
            "In each tile: the estimate in per cent and its {level} per cent interval. The shade "
            "follows the printed number.",
            level=context.level,
        ),
    ]
    if _needs_codes(comparison, rows):
        notes.append(_explain_codes(comparison, rows))
    subtitle = translator(
        "Per cent of {population}, {place}",
        population=name_population(comparison),
        place=context.area_name,
    )
    frame = build_frame(comparison, topic, subtitle, notes)
    figure = _draw_map(comparison, rows, edges, frame)
    order = comparison.sort_by_name(rows)
    data = estimates.set_index("country", drop=False).loc[order].reset_index(drop=True)
    opening = translator(
        "Tiles, one per {area}: {title}.", title=alt_text.format_title(context, topic)
    )
    return Drawing(
        figure,
        frame,
        _describe_positions(comparison, rows),
        *describe_drawing(
            comparison,
            opening,
            [*describe_order(comparison), *_describe_classes(comparison, rows, edges)],
        ),
        data,
    )


def _draw_map(
    comparison: IndicatorComparison, rows: Mapping[str, Row], edges: Sequence[float], frame: Frame
) -> Figure:
    cut = frame.cut
    tile_layout = _lay_out_tiles(comparison, list(rows), cut)
    legend_rows = lay_out_legend(comparison, rows, edges, cut)
    height = LEGEND + LEGEND_LINE * (len(legend_rows) - 1)
    figure, page, top = paper.lay_out_page(frame, tile_layout.height + height)
    look = {"size": cut.small, "color": style.GREY, "weight": style.SEMIBOLD}
    for heading, x, y in tile_layout.headings:
        put_text(page, x, top + y, heading, **look)
    coded = _needs_codes(comparison, rows)
    for country, (x, y) in tile_layout.tiles.items():
        label = country if coded else rows[country].label
        _draw_tile(page, comparison, country, rows[country], label, edges, x, top + y, cut)
    for number, legend_row in enumerate(legend_rows):
        draw_legend_row(
            page, legend_row, top + tile_layout.height + LEGEND / 2 + LEGEND_LINE * number, cut
        )
    return figure


def _lay_out_tiles(
    comparison: IndicatorComparison, countries: Sequence[str], cut: Cut
) -> TileLayout:
    """Place the maps side by side, other countries below, and incomparable ones at the end."""
    pitch = measure_tile_side(cut) + GAP
    tiles: dict[str, Position] = {}
    headings: list[tuple[str, float, float]] = []
    comparable = {
        code for code in countries if code not in {*comparison.incomparable, *comparison.unasked}
    }
    mapped_codes = sorted(
        comparable & set(comparison.tile_positions),
        key=lambda code: comparison.tile_positions[code][::-1],
    )
    left, map_top, bottom = MARGIN, 0.0, 0.0
    for region, members in comparison.group_by_region(mapped_codes).items():
        heading = comparison.translator(region) if region else ""
        first_column = min(comparison.tile_positions[code][0] for code in members)
        first_row = min(comparison.tile_positions[code][1] for code in members)
        columns = max(comparison.tile_positions[code][0] for code in members) - first_column + 1
        if left + columns * pitch - GAP > cut.width - MARGIN + 1e-9:
            left, map_top = MARGIN, bottom  # no room beside the last map
        if heading:
            headings.append((heading, left, map_top + HEADING / 2))
        for code in members:
            column, row = comparison.tile_positions[code]
            x = left + (column - first_column) * pitch
            tiles[code] = (x, map_top + HEADING + (row - first_row) * pitch)
        heading_end = left + text_width(heading, cut.small, True)
        left = max(heading_end, *(tiles[code][0] + pitch - GAP for code in members)) + BETWEEN
        bottom = max(bottom, *(tiles[code][1] + pitch for code in members))
    mapped = bool(tiles)
    other_countries = comparison.sort_by_name(code for code in comparable if code not in tiles)
    incomparable = comparison.sort_by_name(
        code for code in countries if code in comparison.incomparable
    )
    for heading, block in (
        (comparison.translator("Other {areas}") if mapped else "", other_countries),
        (comparison.translator("Not comparable"), incomparable),
        (comparison.translator("Not asked"), comparison.sort_by_name(comparison.unasked)),
    ):
        if not block:
            continue
        if heading:
            headings.append((heading, MARGIN, bottom + HEADING / 2))
            bottom += HEADING
        for number, code in enumerate(block):
            row, column = divmod(number, _count_columns(cut))
            tiles[code] = (MARGIN + column * pitch, bottom + row * pitch)
        bottom = max(tiles[code][1] for code in block) + pitch
    return TileLayout(tiles, headings, bottom)


def _describe_positions(comparison: IndicatorComparison, codes: Iterable[str]) -> str:
    """Return the sentence on how tiles stand: on maps as countries lie, else in the alphabet."""
    on_map = {
        code
        for code in codes
        if code not in comparison.incomparable and code in comparison.tile_positions
    }
    if not on_map:
        return comparison.translator("Tiles stand in alphabetical order.")
    return comparison.translator(
        "Tiles of one part of the world stand roughly as the {areas} lie, all others in "
        "alphabetical order."
        if set(codes) - on_map - set(comparison.incomparable)
        else "Tiles of one part of the world stand roughly as the {areas} lie."
    )


def _draw_tile(
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
    side = measure_tile_side(cut)
    middle = x + side / 2
    look = choose_look(comparison, country, row, edges)
    fill, ink = look.fill, look.ink
    draw_tile_box(page, look, (x, y), (side, side), row.row_address)
    small = cut.small
    text_box = {"facecolor": fill, "edgecolor": "none", "pad": 1.2} if row.missing else None
    text_look = {"ha": "center", "color": ink, "bbox": text_box}
    put_text(page, middle, y + side * 0.2, label, size=small, **text_look)
    if row.missing:
        sign_lines = wrap(row.printed_text, side - 2, small)
        for index, text in enumerate(sign_lines):
            # Two lines stand clear of the name.
            relative_height = 0.58 if len(sign_lines) == 1 else 0.62
            height = (
                y
                + side * relative_height
                + line_height(small) * (index - (len(sign_lines) - 1) / 2)
            )
            put_text(page, middle, height, text, size=small, **text_look)
        return
    put_text(page, middle, y + side * 0.53, row.printed_text, size=VALUE * cut.text, **text_look)
    put_text(page, middle, y + side * 0.84, row.interval, size=small, **text_look)


def _needs_codes(comparison: IndicatorComparison, rows: Mapping[str, Row]) -> bool:
    """Return whether tiles have codes: all of them, where one name has no room."""
    cut = comparison.context.cut
    room = measure_tile_side(cut) - 1.5
    return any(text_width(row.label, cut.small) > room for row in rows.values())


def _explain_codes(comparison: IndicatorComparison, rows: Mapping[str, Row]) -> str:
    """Return what the codes stand for, in their order."""
    translator = comparison.translator
    code_names = [
        translator("{code}: {name}", code=code, name=rows[code].label) for code in sorted(rows)
    ]
    return translator("{findings}.", findings="; ".join(code_names))


def measure_tile_side(cut: Cut) -> float:
    """Return the side of a tile in millimetres."""
    columns = _count_columns(cut)
    between = 0.0 if cut.narrow else BETWEEN
    return (cut.width - 2 * MARGIN - between - (columns - 1) * GAP) / columns


def _count_columns(cut: Cut) -> int:
    return NARROW_COLUMNS if cut.narrow else COLUMNS


def _describe_classes(
    comparison: IndicatorComparison, rows: Mapping[str, Row], edges: Sequence[float]
) -> list[str]:
    translator = comparison.translator
    members: dict[int, list[str]] = {}
    for code, row in rows.items():
        if row.whole_percent is not None and code not in comparison.incomparable:
            members.setdefault(find_class(row.whole_percent, edges), []).append(code)
    sentences = [
        translator(
            "From {low} to below {high} per cent: {countries}.",
            low=translator.number(edges[number]),
            high=translator.number(edges[number + 1]),
            countries=comparison.list_names(codes),
        )
        for number, codes in sorted(members.items())
    ]
    return [*sentences, *list_left_out(comparison, comparison.published["country"])]
