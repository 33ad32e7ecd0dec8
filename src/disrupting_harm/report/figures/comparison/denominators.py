"""Prevalence among internet-using children and among all children of that age."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from disrupting_harm.report.figures import page as paper
from disrupting_harm.report.figures import style
from disrupting_harm.report.figures.comparison.case import (
    Absent,
    Case,
    Picture,
    alternative,
    by_country,
    caption,
    hidden_sentence,
    not_drawn,
)
from disrupting_harm.report.figures.comparison.scales import decimals, spread
from disrupting_harm.report.figures.lettering import text_width
from disrupting_harm.report.figures.marks import LineStyle
from disrupting_harm.report.figures.page import HEADER, LINE, MARGIN, NOTE_LINE, put_text

ONLINE, EVERYONE = "internet_using_children", "all_children"
THOUSAND = 1000
PITCH = 4.5  # between the labels of two countries
SHORTEST = 48.0  # height of the slopes
LEADER = 4.0  # from a dot to its label
LEADER_COLOR = "#B4BDC3"
HEADS = 6.5
NAME_AT_MOST = 24.0  # a longer name gives way to its code, so that the slopes have room
SIZE = style.NOTE_SIZE
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
    """One country at one side: where it stands, and what is printed there."""

    country: str
    value: float
    text: str


def draw(case: Case, title: str) -> Picture | Absent:
    """Draw a slope per country from one denominator to the other, numbers of children beside."""
    words, setting = case.words, case.setting
    table = case.table("denominators")
    if table is None:
        return case.missing()
    table = table[~table["country"].isin(case.apart)].dropna(subset=["estimate"])
    sides = {side: table[table["denominator"] == side] for side in (ONLINE, EVERYONE)}
    both = set(sides[ONLINE]["country"]) & set(sides[EVERYONE]["country"])
    if not both:
        return Absent(words("No {area} has both denominators of this indicator."))
    cells = {
        side: rows.set_index("country", drop=False).loc[case.alphabetical(both)]
        for side, rows in sides.items()
    }
    notes = [
        words(
            "Brackets: {level} per cent intervals. Where they overlap, the order of two {areas} "
            "may be due to chance.",
            level=setting.level,
        ),
        *not_drawn(case, both),
    ]
    measure = words("Per cent of children, among internet users and among all of that age")
    figure = _draw(case, cells, measure, notes)
    said = [
        words(
            "Left: of children who use the internet. Right: of all children of that age, where "
            "those who do not use the internet count as a no; beside it the number of children."
        ),
        *notes[:1],
        words("The sources of numbers of children and rates of internet use stand with the data."),
        *hidden_sentence(case, both),
    ]
    opening = words("Slope chart: {title}.", title=title)
    data = pd.concat([sides[ONLINE], sides[EVERYONE]], ignore_index=True)
    data.insert(1, "label", data["country"].map(case.name))
    return Picture(
        figure,
        caption(case, title, said),
        alternative(case, opening, [*_findings(case, cells), *notes[1:]]),
        data.sort_values(["label", "denominator"], kind="stable", ignore_index=True),
    )


def _draw(
    case: Case, cells: Mapping[str, pd.DataFrame], measure: str, notes: Sequence[str]
) -> Figure:
    stamp = case.setting.stamp
    header, footer = paper.header_lines(measure, stamp), paper.note_lines(notes)
    digits = _digits(cells)
    left, right = (_ends(case, cells[side], digits) for side in (ONLINE, EVERYONE))
    rows, thousands = by_country(cells[EVERYONE]), _thousands(cells[EVERYONE])
    children = [_children(case, rows[end.country], thousands) for end in right]
    looks, regions = _looks(case, [end.country for end in left])
    legend = HEADER + LINE * (len(header) - 1)
    top = legend + (LINE + 1) * bool(regions) + HEADS
    height = max(SHORTEST, PITCH * len(left))
    figure, page = paper.new_page(top + height + 2 + NOTE_LINE * len(footer) + 2 * MARGIN)
    paper.write_header(page, header, stamp)
    _legend(page, regions, legend)
    x_left = MARGIN + _widest(end.text for end in left) + LEADER + 1
    x_children = style.PAGE_WIDTH - MARGIN - _widest(children)
    x_right = x_children - 3 - _widest(end.text for end in right) - LEADER - 1
    _heads(case, page, top - HEADS / 2 - 0.5, x_left, x_right, thousands)
    frame = _Frame(top, height, [end.value for end in (*left, *right)])
    _side(page, frame, left, x_left, -1, looks)
    places = _side(page, frame, right, x_right, 1, looks)
    for place, text in zip(places, children, strict=True):
        put_text(page, style.PAGE_WIDTH - MARGIN, place, text, ha="right", size=SIZE)
    finish = {end.country: frame.y(end.value) for end in right}
    slopes = [[(x_left, frame.y(e.value)), (x_right, finish[e.country])] for e in left]
    colors = [looks[end.country][0] for end in left]
    lines = [looks[end.country][2] for end in left]
    page.add_collection(
        LineCollection(slopes, colors=colors, linestyles=lines, linewidths=1.1), autolim=False
    )
    paper.write_notes(page, footer, top + height + 2)
    return figure


class _Frame:
    """The heights of shares on the page: the lowest at the bottom, the highest at the top."""

    def __init__(self, top: float, height: float, values: Sequence[float]) -> None:
        self.top, self.bottom = top + 1, top + height - 1
        self.lowest = min(values)
        self.span = max(max(values) - self.lowest, 1.0)

    def y(self, value: float) -> float:
        """Return the height of a share on the page."""
        return self.bottom - (self.bottom - self.top) * (value - self.lowest) / self.span


def _widest(texts: Iterable[str]) -> float:
    return max(text_width(text, SIZE) for text in texts)


def _side(
    page: Axes,
    frame: _Frame,
    ends: Sequence[End],
    x: float,
    outwards: int,
    looks: Mapping[str, Look],
) -> list[float]:
    """Draw the dots of one side and write their labels; return the heights of the labels."""
    page.vlines(x, frame.top, frame.bottom, style.GUIDE, lw=0.8, zorder=0)
    heights = [frame.y(end.value) for end in ends]
    places = spread(heights, PITCH, frame.top, frame.bottom)
    leaders = [
        [(x, height), (x + outwards * LEADER, place)]
        for height, place in zip(heights, places, strict=True)
    ]
    page.add_collection(LineCollection(leaders, colors=LEADER_COLOR, linewidths=0.6), autolim=False)
    for end, height, place in zip(ends, heights, places, strict=True):
        color, shape, _ = looks[end.country]
        page.scatter([x], [height], s=20, marker=shape, color=color, zorder=3)
        align = "right" if outwards < 0 else "left"
        at = x + outwards * (LEADER + 1)
        put_text(page, at, place, end.text, ha=align, size=SIZE, color=color)
    return places


def _digits(cells: Mapping[str, pd.DataFrame]) -> dict[str, int]:
    """The decimals of each country, whose two shares rest on the same sample."""
    both = pd.concat(cells.values(), ignore_index=True)
    numbers = both[["estimate", "ci_low", "ci_high"]]
    return {
        str(code): decimals(numbers[both["country"] == code].to_numpy().ravel())
        for code in both["country"].unique()
    }


def _ends(case: Case, cells: pd.DataFrame, digits: Mapping[str, int]) -> list[End]:
    """The countries of one side from the largest share downwards, ties by name."""
    ends = []
    for code, row in by_country(cells).items():
        value = case.percent(row.estimate, digits[code])
        interval = case.interval(row.ci_low, row.ci_high, digits[code])
        name = case.name(code) if text_width(case.name(code), SIZE) <= NAME_AT_MOST else code
        ends.append(End(code, 100 * row.estimate, f"{name} {value} {interval}"))
    return sorted(ends, key=lambda end: -end.value)


def _thousands(cells: pd.DataFrame) -> bool:
    """Whether numbers of children are printed in thousands: where none is smaller than that."""
    return bool((cells["children"].dropna() >= THOUSAND).all())


def _children(case: Case, row: Any, thousands: bool) -> str:
    limits = (row.children, row.children_low, row.children_high)
    if any(pd.isna(value) for value in limits):
        return "–"
    unit = THOUSAND if thousands else 1
    number, low, high = (case.words.number(value / unit) for value in limits)
    return f"{number} ({low}–{high})"


def _looks(case: Case, countries: Sequence[str]) -> tuple[dict[str, Look], dict[str, Look]]:
    """How each country is drawn, and each region; without regions, all alike."""
    regions = sorted({case.regions.get(code, "") for code in countries})
    by_region = {name: LOOKS[number % len(LOOKS)] for number, name in enumerate(regions)}
    looks = {code: by_region[case.regions.get(code, "")] for code in countries}
    return looks, {case.words(name): look for name, look in by_region.items() if name}


def _legend(page: Axes, regions: Mapping[str, Look], y: float) -> None:
    x = MARGIN
    for name, (color, shape, line) in regions.items():
        page.hlines(y, x, x + 9, color, linestyles=line, lw=1.1)
        page.scatter([x + 4.5], [y], s=20, marker=shape, color=color, zorder=3)
        put_text(page, x + 11, y, name, size=SIZE, color=color)
        x += 11 + text_width(name, SIZE) + 6


def _heads(case: Case, page: Axes, y: float, left: float, right: float, thousands: bool) -> None:
    words = case.words
    put_text(page, left, y, words("of internet users"), ha="right", size=SIZE, color=style.GREY)
    put_text(page, right, y, words("of all children"), size=SIZE, color=style.GREY)
    end = style.PAGE_WIDTH - MARGIN
    text = words("children, thousands") if thousands else words("number of children")
    put_text(page, end, y, text, ha="right", size=SIZE, color=style.GREY)


def _findings(case: Case, cells: Mapping[str, pd.DataFrame]) -> list[str]:
    words = case.words
    before, after = cells[ONLINE]["estimate"], cells[EVERYONE]["estimate"]
    pairs = list(combinations(before.index, 2))
    turned = sum(
        np.sign(before[a] - before[b]) * np.sign(after[a] - after[b]) < 0 for a, b in pairs
    )
    digits = decimals([*before, *after])
    sentences = [
        words(
            "Estimates among internet users: {online} per cent; among all children of that age: "
            "{everyone} per cent.",
            online=case.span(before.min(), before.max(), digits),
            everyone=case.span(after.min(), after.max(), digits),
        )
    ]
    if pairs:
        sentences.append(
            words(
                "In {count} of {pairs} pairs of {areas} the order of the estimates turns round.",
                count=words.number(int(turned)),
                pairs=words.number(len(pairs)),
            )
        )
    first = {side: rows.index[rows["rank_low"] == 1].tolist() for side, rows in cells.items()}
    if len(pairs) and all(first.values()):
        sentences.append(
            words(
                "{Areas} that may have the highest share among internet users: {online}; among "
                "all children: {everyone}.",
                online=case.listed(first[ONLINE]),
                everyone=case.listed(first[EVERYONE]),
            )
        )
    return sentences
