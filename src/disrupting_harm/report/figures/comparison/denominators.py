"""Prevalence among internet-using children and among all children of that age."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from disrupting_harm.provenance.addresses import ADDRESS, derive_number
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.comparison.context import (
    Drawing,
    IndicatorComparison,
    NotDrawn,
    alternative,
    by_country,
    frame,
)
from disrupting_harm.report.figures.comparison.left_out import not_drawn
from disrupting_harm.report.figures.comparison.scales import spread
from disrupting_harm.report.figures.drawing import page_furniture as paper
from disrupting_harm.report.figures.drawing import style
from disrupting_harm.report.figures.drawing.marks import LineStyle
from disrupting_harm.report.figures.drawing.page_furniture import MARGIN, Frame, put_text
from disrupting_harm.report.figures.drawing.text_shaping import text_width
from disrupting_harm.report.figures.drawing.widths import Cut, line_height
from disrupting_harm.report.figures.estimate_chart import numbers_at, percent_at, percents_at
from disrupting_harm.study.invented_numbers import is_invented

# Slopes from the share of children online to that of all children, with the numbers beside.
#
# In a narrow cut a label has two lines, and the number of children is one of them.


ONLINE, EVERYONE = "internet_using_children", "all_children"
THOUSAND = 1000
SHORTEST = 48.0  # height of the slopes
LEADER = 4.0  # from a dot to its label
LEADER_COLOR = "#B4BDC3"
HEADS = 6.5
NAME_AT_MOST = 22.0  # a longer name gives way to its code, so that the slopes have room
# Colour, shape and line by region: each alone tells the regions apart.
Look = tuple[str, str, LineStyle]
LOOKS: tuple[Look, ...] = (
    (style.TEAL, "o", "solid"),
    (style.RUST, "s", (0, (4, 1.6))),
    (style.GREY, "D", (0, (1, 1.2))),
    ("#6A4C93", "^", (0, (6, 1.4, 1, 1.4))),
)


@dataclass(frozen=True)
class End:
    """One country at one side: where it stands, the lines printed there, the address of its row."""

    country: str
    value: float
    lines: tuple[str, ...]
    key: str


def draw_slopes(
    comparison: IndicatorComparison, cells: Mapping[str, pd.DataFrame], frame: Frame
) -> Figure:
    """Draw a slope per country.

    Args:
        comparison: the indicator.
        cells: the rows of each denominator, in one order of countries.
        frame: the texts round it, and the cut.
    """
    cut, font_size = frame.cut, frame.cut.small
    left, right = (_ends(comparison, cells[side], cut) for side in (ONLINE, EVERYONE))
    rows, thousands = by_country(cells[EVERYONE]), _thousands(cells[EVERYONE])
    children = [_children(comparison, rows[end.country], thousands) for end in right]
    if cut.narrow:  # there is no column for them
        right = [
            replace(end, lines=(" ".join(end.lines), text))
            for end, text in zip(right, children, strict=True)
        ]
    looks, regions = _looks(comparison, [end.country for end in left])
    key = _key_places(regions, cut)
    line = line_height(font_size) + 0.6
    legend = line * (key[-1][1] + 1) + 1 if key else 0.0
    # Of two lines one is above the place and one below it.
    half = line_height(font_size) / 2 if cut.narrow else 0.0
    head = HEADS + 3 * half
    height = max(SHORTEST, _pitch(left, font_size) * len(left))
    figure, page, above = paper.lay_out_page(frame, legend + head + height + half + 2)
    top = above + legend + head
    for (name, look), (x, number) in zip(regions.items(), key, strict=True):
        _draw_key(page, name, look, x, above + line * (number + 0.5), font_size)
    x_left = MARGIN + _widest(left, font_size) + LEADER + 1
    x_children = cut.width - MARGIN
    if not cut.narrow:
        x_children -= max(text_width(text, font_size) for text in children) + 3
    x_right = x_children - _widest(right, font_size) - LEADER - 1
    _heads(comparison, page, top - HEADS / 2 - 0.5 - half, (x_left, x_right), thousands, cut)
    scale = _Scale(top, height, [end.value for end in (*left, *right)])
    _side(page, scale, left, x_left, -1, looks, font_size)
    places = _side(page, scale, right, x_right, 1, looks, font_size)
    for place, text in [] if cut.narrow else zip(places, children, strict=True):
        put_text(page, cut.width - MARGIN, place, text, ha="right", size=font_size)
    finish = {end.country: scale.y(end.value) for end in right}
    slopes = [[(x_left, scale.y(e.value)), (x_right, finish[e.country])] for e in left]
    keys = {end.country: end.key for end in right}
    rows_of = [f"{end.key} {keys[end.country]}" for end in left]
    colors = [looks[end.country][0] for end in left]
    lines = [looks[end.country][2] for end in left]
    page.add_collection(
        LineCollection(slopes, colors=colors, linestyles=lines, linewidths=1.1, urls=rows_of),
        autolim=False,
    )
    return figure


class _Scale:
    """The heights of shares on the page: the lowest at the bottom, the highest at the top."""

    def __init__(self, top: float, height: float, values: Sequence[float]) -> None:
        self.top, self.bottom = top + 1, top + height - 1
        self.lowest = min(values)
        self.span = max(max(values) - self.lowest, 1.0)

    def y(self, value: float) -> float:
        """Return the height of a share on the page."""
        return self.bottom - (self.bottom - self.top) * (value - self.lowest) / self.span


def _widest(ends: Iterable[End], font_size: float) -> float:
    return max(text_width(text, font_size) for end in ends for text in end.lines)


def _pitch(ends: Sequence[End], font_size: float) -> float:
    """Return how far the labels of a side stand apart at least."""
    return line_height(font_size) * len(ends[0].lines) + 0.6


def _side(
    page: Axes,
    scale: _Scale,
    ends: Sequence[End],
    x: float,
    outwards: int,
    looks: Mapping[str, Look],
    font_size: float,
) -> list[float]:
    """Draw the dots of one side and write their labels; return the heights of the labels."""
    page.vlines(x, scale.top, scale.bottom, style.GUIDE, lw=0.8, zorder=0)
    heights = [scale.y(end.value) for end in ends]
    places = spread(heights, _pitch(ends, font_size), scale.top, scale.bottom)
    leaders = [
        [(x, height), (x + outwards * LEADER, place)]
        for height, place in zip(heights, places, strict=True)
    ]
    keys = [end.key for end in ends]
    lines = LineCollection(leaders, colors=LEADER_COLOR, linewidths=0.6, urls=keys)
    page.add_collection(lines, autolim=False)
    for end, height, place in zip(ends, heights, places, strict=True):
        color, shape, _ = looks[end.country]
        page.scatter([x], [height], s=20, marker=shape, color=color, zorder=3, urls=[end.key])
        align = "right" if outwards < 0 else "left"
        at = x + outwards * (LEADER + 1)
        for number, text in enumerate(end.lines):
            y = place + line_height(font_size) * (number - (len(end.lines) - 1) / 2)
            put_text(page, at, y, text, ha=align, size=font_size, color=color)
    return places


def _ends(comparison: IndicatorComparison, cells: pd.DataFrame, cut: Cut) -> list[End]:
    """The countries of one side from the largest share downwards, ties by name."""
    ends = []
    for code, row in by_country(cells).items():
        share = " ".join(comparison.share(percent_at(row)))
        name = (
            comparison.name(code)
            if text_width(comparison.name(code), cut.small) <= NAME_AT_MOST
            else code
        )
        lines = (name, share) if cut.narrow else (f"{name} {share}",)
        ends.append(End(code, 100 * row.estimate, lines, row.address))
    return sorted(ends, key=lambda end: -end.value)


def _thousands(cells: pd.DataFrame) -> bool:
    """Whether numbers of children are printed in thousands: where none is smaller than that."""
    return bool((cells["children"].dropna() >= THOUSAND).all())


def _children(comparison: IndicatorComparison, row: Any, thousands: bool) -> str:
    limits = (row.children, row.children_low, row.children_high)
    if any(pd.isna(value) for value in limits):
        return "–"
    unit = THOUSAND if thousands else 1
    number, low, high = (comparison.translator.number(value / unit) for value in limits)
    return f"{number} ({low}–{high})"


def _looks(
    comparison: IndicatorComparison, countries: Sequence[str]
) -> tuple[dict[str, Look], dict[str, Look]]:
    """How each country is drawn, and each region; without regions, all alike."""
    regions = sorted({comparison.regions.get(code, "") for code in countries})
    by_region = {name: LOOKS[number % len(LOOKS)] for number, name in enumerate(regions)}
    looks = {code: by_region[comparison.regions.get(code, "")] for code in countries}
    return looks, {comparison.translator(name): look for name, look in by_region.items() if name}


def _key_places(regions: Iterable[str], cut: Cut) -> list[tuple[float, int]]:
    """Return the left edge and the line of each region in the legend."""
    places, x, line = [], MARGIN, 0
    for name in regions:
        width = 11 + text_width(name, cut.small)
        if x > MARGIN and x + width > cut.width - MARGIN:
            x, line = MARGIN, line + 1
        places.append((x, line))
        x += width + 6
    return places


def _draw_key(page: Axes, name: str, look: Look, x: float, y: float, font_size: float) -> None:
    color, shape, line = look
    page.hlines(y, x, x + 9, color, linestyles=line, lw=1.1)
    page.scatter([x + 4.5], [y], s=20, marker=shape, color=color, zorder=3)
    put_text(page, x + 11, y, name, size=font_size, color=color)


def _heads(
    comparison: IndicatorComparison,
    page: Axes,
    y: float,
    sides: tuple[float, float],
    thousands: bool,
    cut: Cut,
) -> None:
    translator, (left, right) = comparison.translator, sides
    look = {"size": cut.small, "color": style.GREY, "weight": style.SEMIBOLD}
    text = (
        translator("{respondents}, thousands")
        if thousands
        else translator("number of {respondents}")
    )
    if cut.narrow:  # the number of children stands below the share
        put_text(page, MARGIN, y, translator("of internet users"), **look)
        below = translator("below: {unit}", unit=text)
        put_text(page, cut.width - MARGIN, y, below, ha="right", **look)
        above = y - line_height(cut.small)
        put_text(
            page, cut.width - MARGIN, above, translator("of all {respondents}"), ha="right", **look
        )
        return
    put_text(page, left, y, translator("of internet users"), ha="right", **look)
    put_text(page, right, y, translator("of all {respondents}"), **look)
    put_text(page, cut.width - MARGIN, y, text, ha="right", **look)


def draw(comparison: IndicatorComparison, topic: str) -> Drawing | NotDrawn:
    """Draw a slope per country from one denominator to the other, numbers of children beside."""
    translator, context = comparison.translator, comparison.setting
    table = comparison.table("denominators")
    if table is None:
        return comparison.missing()
    table = table[~table["country"].isin(comparison.apart)].dropna(subset=["estimate"])
    sides = {side: table[table["denominator"] == side] for side in (ONLINE, EVERYONE)}
    both = set(sides[ONLINE]["country"]) & set(sides[EVERYONE]["country"])
    if not both:
        return NotDrawn(translator("No {area} has both denominators of this indicator."))
    cells = {
        side: rows.set_index("country", drop=False).loc[comparison.alphabetical(both)]
        for side, rows in sides.items()
    }
    notes = [
        translator(
            "Brackets: {level} per cent intervals. Where they overlap, the order of two {areas} "
            "may be due to chance.",
            level=context.level,
        ),
        *not_drawn(comparison, both),
    ]
    measure = translator(
        "Per cent of {respondents}, among internet users and among all of that age"
    )
    sources = translator(
        "The sources of numbers of {respondents} and rates of internet use stand with the data."
    )
    framed = frame(
        comparison, topic, measure, [*notes, sources, *_invented(comparison, cells[EVERYONE])]
    )
    figure = draw_slopes(comparison, cells, framed)
    reading = translator(
        "Right: of all {respondents} of that age, where those who do not use the internet count as "
        "a no; beside it the number of {respondents}."
    )
    opening = translator("Slope chart: {title}.", title=alt_text.format_title(context, topic))
    data = pd.concat([sides[ONLINE], sides[EVERYONE]], ignore_index=True)
    data.insert(1, "label", data["country"].map(comparison.name))
    return Drawing(
        figure,
        framed,
        reading,
        *alternative(comparison, opening, [*_findings(comparison, cells), *notes[1:]]),
        data.sort_values(["label", "denominator"], kind="stable", ignore_index=True),
        {"one_denominator": [*data.loc[~data["country"].isin(both), ADDRESS]]},
    )


def _invented(comparison: IndicatorComparison, cells: pd.DataFrame) -> list[str]:
    """Return whose internet use is invented, on which the right side and the numbers rest."""
    own = [code for code, row in by_country(cells).items() if is_invented(row.internet_use_source)]
    if not own:
        return []
    return [
        comparison.translator(
            "Internet use is invented for this simulation: {countries}.",
            countries=comparison.listed(own),
        )
    ]


def _findings(comparison: IndicatorComparison, cells: Mapping[str, pd.DataFrame]) -> list[str]:
    translator = comparison.translator
    before, after = (numbers_at(cells[side], "estimate") for side in (ONLINE, EVERYONE))
    online, everyone = (comparison.span(percents_at(cells[side])) for side in (ONLINE, EVERYONE))
    slopes = list(zip(before, after, strict=True))
    pairs = list(combinations(slopes, 2))
    turned = sum(np.sign(a[0] - b[0]) * np.sign(a[1] - b[1]) < 0 for a, b in pairs)
    ends = [end for slope in slopes for end in slope]
    sentences = [
        translator(
            "Estimates among internet users: {online} per cent; among all {respondents} of that "
            "age: {everyone} per cent.",
            online=online,
            everyone=everyone,
        )
    ]
    if pairs:
        sentences.append(
            translator(
                "In {count} of {pairs} pairs of {areas} the order of the estimates turns round.",
                count=translator.number(derive_number("turned", int(turned), ends)),
                pairs=translator.number(derive_number("pairs", len(pairs), before)),
            )
        )
    first = {side: rows.index[rows["rank_low"] == 1].tolist() for side, rows in cells.items()}
    if len(pairs) and all(first.values()):
        sentences.append(
            translator(
                "{Areas} that may have the highest share among internet users: {online}; among "
                "all {respondents}: {everyone}.",
                online=comparison.listed(first[ONLINE]),
                everyone=comparison.listed(first[EVERYONE]),
            )
        )
    return sentences
