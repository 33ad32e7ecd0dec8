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
from disrupting_harm.report.figures.comparison.axis_scales import spread_labels
from disrupting_harm.report.figures.comparison.countries_left_out import list_left_out
from disrupting_harm.report.figures.comparison.indicator_comparison import (
    Drawing,
    IndicatorComparison,
    NotDrawn,
    build_frame,
    describe_drawing,
    index_by_country,
)
from disrupting_harm.report.figures.drawing import page_furniture as paper
from disrupting_harm.report.figures.drawing import style
from disrupting_harm.report.figures.drawing.marks import LineStyle
from disrupting_harm.report.figures.drawing.page_furniture import MARGIN, Frame, put_text
from disrupting_harm.report.figures.drawing.text_shaping import text_width
from disrupting_harm.report.figures.drawing.widths import Cut, line_height
from disrupting_harm.report.figures.estimate_chart import numbers_at, percent_at, percents_at
from disrupting_harm.study.invented_numbers import is_invented

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
class SlopeEnd:
    """The end of a slope at one side: the share in per cent, and the lines printed there."""

    country: str
    value: float
    label_lines: tuple[str, ...]
    row_address: str


def draw_slopes(
    comparison: IndicatorComparison, estimates: Mapping[str, pd.DataFrame], frame: Frame
) -> Figure:
    """Draw a slope per country.

    Args:
        estimates: the rows of each denominator, in one order of countries.
    """
    cut, font_size = frame.cut, frame.cut.small
    left_ends, right_ends = (
        _sort_ends(comparison, estimates[side], cut) for side in (ONLINE, EVERYONE)
    )
    rows, thousands = index_by_country(estimates[EVERYONE]), _is_in_thousands(estimates[EVERYONE])
    children = [_format_children(comparison, rows[end.country], thousands) for end in right_ends]
    if cut.narrow:  # there is no column for them
        right_ends = [
            replace(end, label_lines=(" ".join(end.label_lines), text))
            for end, text in zip(right_ends, children, strict=True)
        ]
    looks, regions = _choose_looks(comparison, [end.country for end in left_ends])
    key_positions = _place_key(regions, cut)
    line = line_height(font_size) + 0.6
    legend = line * (key_positions[-1][1] + 1) + 1 if key_positions else 0.0
    # Of two lines one is above the place and one below it.
    half = line_height(font_size) / 2 if cut.narrow else 0.0
    head = HEADS + 3 * half
    height = max(SHORTEST, _measure_pitch(left_ends, font_size) * len(left_ends))
    figure, page, body_top = paper.lay_out_page(frame, legend + head + height + half + 2)
    top = body_top + legend + head
    for (name, look), (x, number) in zip(regions.items(), key_positions, strict=True):
        _draw_key(page, name, look, x, body_top + line * (number + 0.5), font_size)
    x_left = MARGIN + _measure_widest(left_ends, font_size) + LEADER + 1
    x_children = cut.width - MARGIN
    if not cut.narrow:
        x_children -= max(text_width(text, font_size) for text in children) + 3
    x_right = x_children - _measure_widest(right_ends, font_size) - LEADER - 1
    _write_heads(comparison, page, top - HEADS / 2 - 0.5 - half, (x_left, x_right), thousands, cut)
    scale = _Scale(top, height, [end.value for end in (*left_ends, *right_ends)])
    _draw_side(page, scale, left_ends, x_left, -1, looks, font_size)
    label_heights = _draw_side(page, scale, right_ends, x_right, 1, looks, font_size)
    for label_height, text in [] if cut.narrow else zip(label_heights, children, strict=True):
        put_text(page, cut.width - MARGIN, label_height, text, ha="right", size=font_size)
    right_heights = {end.country: scale.height_of(end.value) for end in right_ends}
    slopes = [
        [(x_left, scale.height_of(left_end.value)), (x_right, right_heights[left_end.country])]
        for left_end in left_ends
    ]
    right_addresses = {end.country: end.row_address for end in right_ends}
    row_addresses = [f"{end.row_address} {right_addresses[end.country]}" for end in left_ends]
    colors = [looks[end.country][0] for end in left_ends]
    line_styles = [looks[end.country][2] for end in left_ends]
    page.add_collection(
        LineCollection(
            slopes, colors=colors, linestyles=line_styles, linewidths=1.1, urls=row_addresses
        ),
        autolim=False,
    )
    return figure


class _Scale:
    """The heights of shares on the page: the lowest at the bottom, the highest at the top."""

    def __init__(self, top: float, height: float, values: Sequence[float]) -> None:
        self.top, self.bottom = top + 1, top + height - 1
        self.lowest = min(values)
        self.span = max(max(values) - self.lowest, 1.0)

    def height_of(self, value: float) -> float:
        """Return the height of a share on the page."""
        return self.bottom - (self.bottom - self.top) * (value - self.lowest) / self.span


def _measure_widest(ends: Iterable[SlopeEnd], font_size: float) -> float:
    return max(text_width(text, font_size) for end in ends for text in end.label_lines)


def _measure_pitch(ends: Sequence[SlopeEnd], font_size: float) -> float:
    """Return how far the labels of a side stand apart at least."""
    return line_height(font_size) * len(ends[0].label_lines) + 0.6


def _draw_side(
    page: Axes,
    scale: _Scale,
    ends: Sequence[SlopeEnd],
    x: float,
    outwards: int,
    looks: Mapping[str, Look],
    font_size: float,
) -> list[float]:
    """Draw the dots of one side and write their labels; return the heights of the labels."""
    page.vlines(x, scale.top, scale.bottom, style.GUIDE, lw=0.8, zorder=0)
    heights = [scale.height_of(end.value) for end in ends]
    label_heights = spread_labels(heights, _measure_pitch(ends, font_size), scale.top, scale.bottom)
    leaders = [
        [(x, height), (x + outwards * LEADER, label_height)]
        for height, label_height in zip(heights, label_heights, strict=True)
    ]
    row_addresses = [end.row_address for end in ends]
    leader_lines = LineCollection(leaders, colors=LEADER_COLOR, linewidths=0.6, urls=row_addresses)
    page.add_collection(leader_lines, autolim=False)
    for end, height, label_height in zip(ends, heights, label_heights, strict=True):
        color, shape, _ = looks[end.country]
        page.scatter(
            [x], [height], s=20, marker=shape, color=color, zorder=3, urls=[end.row_address]
        )
        align = "right" if outwards < 0 else "left"
        label_x = x + outwards * (LEADER + 1)
        for number, text in enumerate(end.label_lines):
            y = label_height + line_height(font_size) * (number - (len(end.label_lines) - 1) / 2)
            put_text(page, label_x, y, text, ha=align, size=font_size, color=color)
    return label_heights


def _sort_ends(
    comparison: IndicatorComparison, estimates: pd.DataFrame, cut: Cut
) -> list[SlopeEnd]:
    """Return the ends of one side from the largest share downwards, ties by name."""
    ends = []
    for code, row in index_by_country(estimates).items():
        share = " ".join(comparison.format_share(percent_at(row)))
        name = (
            comparison.country_name(code)
            if text_width(comparison.country_name(code), cut.small) <= NAME_AT_MOST
            else code
        )
        label_lines = (name, share) if cut.narrow else (f"{name} {share}",)
        ends.append(SlopeEnd(code, 100 * row.estimate, label_lines, row.address))
    return sorted(ends, key=lambda end: -end.value)


def _is_in_thousands(estimates: pd.DataFrame) -> bool:
    """Return whether numbers of children are printed in thousands: where none is below 1,000."""
    return bool((estimates["children"].dropna() >= THOUSAND).all())


def _format_children(comparison: IndicatorComparison, row: Any, thousands: bool) -> str:
    limits = (row.children, row.children_low, row.children_high)
    if any(pd.isna(value) for value in limits):
        return "–"
    unit = THOUSAND if thousands else 1
    number, low, high = (comparison.translator.number(value / unit) for value in limits)
    return f"{number} ({low}–{high})"


def _choose_looks(
    comparison: IndicatorComparison, countries: Sequence[str]
) -> tuple[dict[str, Look], dict[str, Look]]:
    """Return the looks by country, and by region as printed; without regions, all are alike."""
    regions = sorted({comparison.regions.get(code, "") for code in countries})
    by_region = {name: LOOKS[number % len(LOOKS)] for number, name in enumerate(regions)}
    looks = {code: by_region[comparison.regions.get(code, "")] for code in countries}
    return looks, {comparison.translator(name): look for name, look in by_region.items() if name}


def _place_key(regions: Iterable[str], cut: Cut) -> list[tuple[float, int]]:
    """Return the left edge and the line of each region in the legend."""
    positions, x, line = [], MARGIN, 0
    for name in regions:
        width = 11 + text_width(name, cut.small)
        if x > MARGIN and x + width > cut.width - MARGIN:
            x, line = MARGIN, line + 1
        positions.append((x, line))
        x += width + 6
    return positions


def _draw_key(page: Axes, name: str, look: Look, x: float, y: float, font_size: float) -> None:
    color, shape, line = look
    page.hlines(y, x, x + 9, color, linestyles=line, lw=1.1)
    page.scatter([x + 4.5], [y], s=20, marker=shape, color=color, zorder=3)
    put_text(page, x + 11, y, name, size=font_size, color=color)


def _write_heads(
    comparison: IndicatorComparison,
    page: Axes,
    y: float,
    sides: tuple[float, float],
    thousands: bool,
    cut: Cut,
) -> None:
    translator, (left, right) = comparison.translator, sides
    look = {"size": cut.small, "color": style.GREY, "weight": style.SEMIBOLD}
    unit = (
        translator("{respondents}, thousands")
        if thousands
        else translator("number of {respondents}")
    )
    if cut.narrow:  # the number of children stands below the share
        put_text(page, MARGIN, y, translator("of internet users"), **look)
        unit_below = translator("below: {unit}", unit=unit)
        put_text(page, cut.width - MARGIN, y, unit_below, ha="right", **look)
        upper_line = y - line_height(cut.small)
        put_text(
            page,
            cut.width - MARGIN,
            upper_line,
            translator("of all {respondents}"),
            ha="right",
            **look,
        )
        return
    put_text(page, left, y, translator("of internet users"), ha="right", **look)
    put_text(page, right, y, translator("of all {respondents}"), **look)
    put_text(page, cut.width - MARGIN, y, unit, ha="right", **look)


def draw_denominators(comparison: IndicatorComparison, topic: str) -> Drawing | NotDrawn:
    """Draw a slope per country from one denominator to the other, numbers of children beside."""
    translator, context = comparison.translator, comparison.context
    table = comparison.find_table("denominators")
    if table is None:
        return comparison.explain_missing_table()
    table = table[~table["country"].isin(comparison.incomparable)].dropna(subset=["estimate"])
    rows_by_denominator = {side: table[table["denominator"] == side] for side in (ONLINE, EVERYONE)}
    complete_countries = set(rows_by_denominator[ONLINE]["country"]) & set(
        rows_by_denominator[EVERYONE]["country"]
    )
    if not complete_countries:
        return NotDrawn(translator("No {area} has both denominators of this indicator."))
    estimates = {
        side: rows.set_index("country", drop=False).loc[comparison.sort_by_name(complete_countries)]
        for side, rows in rows_by_denominator.items()
    }
    notes = [
        translator(
            "Brackets: {level} per cent intervals. Where they overlap, the order of two {areas} "
            "may be due to chance.",
            level=context.level,
        ),
        *list_left_out(comparison, complete_countries),
    ]
    subtitle = translator(
        "Per cent of {respondents}, among internet users and among all of that age"
    )
    sources_note = translator(
        "The sources of numbers of {respondents} and rates of internet use stand with the data."
    )
    frame = build_frame(
        comparison,
        topic,
        subtitle,
        [*notes, sources_note, *_note_invented(comparison, estimates[EVERYONE])],
    )
    figure = draw_slopes(comparison, estimates, frame)
    caption = translator(
        "Right: of all {respondents} of that age, where those who do not use the internet count as "
        "a no; beside it the number of {respondents}."
    )
    opening = translator("Slope chart: {title}.", title=alt_text.format_title(context, topic))
    data = pd.concat(
        [rows_by_denominator[ONLINE], rows_by_denominator[EVERYONE]], ignore_index=True
    )
    data.insert(1, "label", data["country"].map(comparison.country_name))
    return Drawing(
        figure,
        frame,
        caption,
        *describe_drawing(
            comparison, opening, [*_describe_slopes(comparison, estimates), *notes[1:]]
        ),
        data.sort_values(["label", "denominator"], kind="stable", ignore_index=True),
        {"one_denominator": [*data.loc[~data["country"].isin(complete_countries), ADDRESS]]},
    )


def _note_invented(comparison: IndicatorComparison, estimates: pd.DataFrame) -> list[str]:
    """Return whose internet use is invented, on which the right side and the numbers rest."""
    invented_countries = [
        code
        for code, row in index_by_country(estimates).items()
        if is_invented(row.internet_use_source)
    ]
    if not invented_countries:
        return []
    return [
        comparison.translator(
            "Internet use is invented for this simulation: {countries}.",
            countries=comparison.list_names(invented_countries),
        )
    ]


def _describe_slopes(
    comparison: IndicatorComparison, estimates: Mapping[str, pd.DataFrame]
) -> list[str]:
    translator = comparison.translator
    online_estimates, all_estimates = (
        numbers_at(estimates[side], "estimate") for side in (ONLINE, EVERYONE)
    )
    online, everyone = (
        comparison.format_span(percents_at(estimates[side])) for side in (ONLINE, EVERYONE)
    )
    slopes = list(zip(online_estimates, all_estimates, strict=True))
    pairs = list(combinations(slopes, 2))
    turned = sum(np.sign(a[0] - b[0]) * np.sign(a[1] - b[1]) < 0 for a, b in pairs)
    slope_ends = [end for slope in slopes for end in slope]
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
                count=translator.number(derive_number("turned", int(turned), slope_ends)),
                pairs=translator.number(derive_number("pairs", len(pairs), online_estimates)),
            )
        )
    possible_first = {
        side: rows.index[rows["rank_low"] == 1].tolist() for side, rows in estimates.items()
    }
    if len(pairs) and all(possible_first.values()):
        sentences.append(
            translator(
                "{Areas} that may have the highest share among internet users: {online}; among "
                "all {respondents}: {everyone}.",
                online=comparison.list_names(possible_first[ONLINE]),
                everyone=comparison.list_names(possible_first[EVERYONE]),
            )
        )
    return sentences
