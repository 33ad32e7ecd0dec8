"""A tile map: one square per country with its estimate inside."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from disrupting_harm.report.figures import alt_text, style
from disrupting_harm.report.figures import page as paper
from disrupting_harm.report.figures.cells import to_row
from disrupting_harm.report.figures.comparison.case import (
    Absent,
    Case,
    Picture,
    alternative,
    frame,
    population,
)
from disrupting_harm.report.figures.comparison.left_out import not_drawn, nothing_shown
from disrupting_harm.report.figures.comparison.order import order_findings
from disrupting_harm.report.figures.comparison.scales import classes
from disrupting_harm.report.figures.comparison.tile_looks import (
    LEGEND,
    LEGEND_LINE,
    class_of,
    draw_box,
    legend,
    legend_lines,
    look_of,
)
from disrupting_harm.report.figures.cuts import Cut, leading
from disrupting_harm.report.figures.lettering import text_width, wrap
from disrupting_harm.report.figures.page import MARGIN, Frame, put_text
from disrupting_harm.report.figures.rows import Row

COLUMNS = 7
NARROW_COLUMNS = 6  # where each map stands below the other
GAP = 1.4
BETWEEN = 8.0  # between two maps
HEADING = 6.0
VALUE = 1.3  # size of an estimate, of the other letters
Place = tuple[float, float]


@dataclass(frozen=True)
class Sheet:
    """Where the tiles stand: left and upper edges by country, headings, and the height of all.

    Heights are measured from the upper edge of the chart.
    """

    tiles: Mapping[str, Place]
    headings: Sequence[tuple[str, float, float]]
    height: float


def draw(case: Case, subject: str) -> Picture | Absent:
    """Draw a tile per country, shaded by class; the number printed inside is the estimate."""
    words, setting = case.words, case.setting
    shown = case.shown
    if shown.empty:
        return nothing_shown(case)
    cells = case.prevalence.assign(label=case.prevalence["country"].map(case.name))
    rows = {str(cell.country): to_row(cell, words) for cell in cells.itertuples()}
    edges = classes(int(shown["whole"].max()))
    notes = [
        words(
            "In each tile: the estimate in per cent and its {level} per cent interval. The shade "
            "follows the printed number.",
            level=setting.level,
        ),
    ]
    if _coded(case, rows):
        notes.append(_key(case, rows))
    measure = words(
        "Per cent of {population}, {place}", population=population(case), place=setting.place
    )
    framed = frame(case, subject, measure, notes)
    figure = _draw(case, rows, edges, framed)
    order = case.alphabetical(rows)
    data = cells.set_index("country", drop=False).loc[order].reset_index(drop=True)
    opening = words("Tiles, one per {area}: {title}.", title=alt_text.title(setting, subject))
    return Picture(
        figure,
        framed,
        _places(case, rows),
        *alternative(case, opening, [*order_findings(case), *_findings(case, rows, edges)]),
        data,
    )


def _draw(case: Case, rows: Mapping[str, Row], edges: Sequence[float], framed: Frame) -> Figure:
    cut = framed.cut
    sheet = _sheet(case, list(rows), cut)
    lines = legend_lines(case, rows, edges, cut)
    height = LEGEND + LEGEND_LINE * (len(lines) - 1)
    figure, page, top = paper.framed_page(framed, sheet.height + height)
    look = {"size": cut.small, "color": style.GREY, "weight": style.SEMIBOLD}
    for heading, x, y in sheet.headings:
        put_text(page, x, top + y, heading, **look)
    coded = _coded(case, rows)
    for country, (x, y) in sheet.tiles.items():
        label = country if coded else rows[country].label
        _tile(page, case, country, rows[country], label, edges, x, top + y, cut)
    for number, line in enumerate(lines):
        legend(page, line, top + sheet.height + LEGEND / 2 + LEGEND_LINE * number, cut)
    return figure


def _sheet(case: Case, countries: Sequence[str], cut: Cut) -> Sheet:
    """Place the maps side by side, other countries below, and incomparable ones at the end."""
    pitch = side_of(cut) + GAP
    tiles: dict[str, Place] = {}
    headings: list[tuple[str, float, float]] = []
    comparable = {code for code in countries if code not in {*case.apart, *case.unasked}}
    placed = sorted(comparable & set(case.cells), key=lambda code: case.cells[code][::-1])
    left, above, bottom = MARGIN, 0.0, 0.0
    for region, members in case.grouped(placed).items():
        heading = case.words(region) if region else ""
        first_column = min(case.cells[code][0] for code in members)
        first_row = min(case.cells[code][1] for code in members)
        columns = max(case.cells[code][0] for code in members) - first_column + 1
        if left + columns * pitch - GAP > cut.width - MARGIN + 1e-9:
            left, above = MARGIN, bottom  # no room beside the last map
        if heading:
            headings.append((heading, left, above + HEADING / 2))
        for code in members:
            column, row = case.cells[code]
            x = left + (column - first_column) * pitch
            tiles[code] = (x, above + HEADING + (row - first_row) * pitch)
        written = left + text_width(heading, cut.small, True)
        left = max(written, *(tiles[code][0] + pitch - GAP for code in members)) + BETWEEN
        bottom = max(bottom, *(tiles[code][1] + pitch for code in members))
    mapped = bool(tiles)
    others = case.alphabetical(code for code in comparable if code not in tiles)
    apart = case.alphabetical(code for code in countries if code in case.apart)
    for heading, block in (
        (case.words("Other {areas}") if mapped else "", others),
        (case.words("Not comparable"), apart),
        (case.words("Not asked"), case.alphabetical(case.unasked)),
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


def _places(case: Case, codes: Iterable[str]) -> str:
    """Return what the place of a tile says: only the countries of the maps have one."""
    on_map = {code for code in codes if code not in case.apart and code in case.cells}
    if not on_map:
        return case.words("Tiles stand in alphabetical order.")
    return case.words(
        "Tiles of one part of the world stand roughly as the {areas} lie, all others in "
        "alphabetical order."
        if set(codes) - on_map - set(case.apart)
        else "Tiles of one part of the world stand roughly as the {areas} lie."
    )


def _tile(
    page: Axes,
    case: Case,
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
    look = look_of(case, country, row, edges)
    fill, ink = look.fill, look.ink
    draw_box(page, look, (x, y), (side, side), row.key)
    small = cut.small
    box = {"facecolor": fill, "edgecolor": "none", "pad": 1.2} if row.missing else None
    written = {"ha": "center", "color": ink, "bbox": box}
    put_text(page, middle, y + side * 0.2, label, size=small, **written)
    if row.missing:
        lines = wrap(row.shown, side - 2, small)
        for at, text in enumerate(lines):
            # Two lines stand clear of the name.
            place = 0.58 if len(lines) == 1 else 0.62
            height = y + side * place + leading(small) * (at - (len(lines) - 1) / 2)
            put_text(page, middle, height, text, size=small, **written)
        return
    put_text(page, middle, y + side * 0.53, row.shown, size=VALUE * cut.text, **written)
    put_text(page, middle, y + side * 0.84, row.interval, size=small, **written)


def _coded(case: Case, rows: Mapping[str, Row]) -> bool:
    """Return whether tiles have codes: all of them, where one name has no room."""
    cut = case.setting.cut
    room = side_of(cut) - 1.5
    return any(text_width(row.label, cut.small) > room for row in rows.values())


def _key(case: Case, rows: Mapping[str, Row]) -> str:
    """Return what the codes stand for, in their order."""
    words = case.words
    named = [words("{code}: {name}", code=code, name=rows[code].label) for code in sorted(rows)]
    return words("{findings}.", findings="; ".join(named))


def side_of(cut: Cut) -> float:
    """Return the side of a tile in millimetres."""
    columns = _columns(cut)
    between = 0.0 if cut.narrow else BETWEEN
    return (cut.width - 2 * MARGIN - between - (columns - 1) * GAP) / columns


def _columns(cut: Cut) -> int:
    return NARROW_COLUMNS if cut.narrow else COLUMNS


def _findings(case: Case, rows: Mapping[str, Row], edges: Sequence[float]) -> list[str]:
    words = case.words
    members: dict[int, list[str]] = {}
    for code, row in rows.items():
        if row.whole is not None and code not in case.apart:
            members.setdefault(class_of(row.whole, edges), []).append(code)
    sentences = [
        words(
            "From {low} to below {high} per cent: {countries}.",
            low=words.number(edges[number]),
            high=words.number(edges[number + 1]),
            countries=case.listed(codes),
        )
        for number, codes in sorted(members.items())
    ]
    return [*sentences, *not_drawn(case, case.shown["country"])]
