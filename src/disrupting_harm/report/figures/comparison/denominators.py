"""The same children counted among those who use the internet and among all of that age."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from disrupting_harm.report.figures import page as paper
from disrupting_harm.report.figures import style
from disrupting_harm.report.figures.comparison.case import (
    Absent,
    Case,
    Picture,
    alternative,
    caption,
    not_drawn,
)
from disrupting_harm.report.figures.comparison.scales import spread
from disrupting_harm.report.figures.lettering import text_width
from disrupting_harm.report.figures.page import HEADER, LINE, MARGIN, NOTE_LINE, put_text

ONLINE, EVERYONE = "internet_using_children", "all_children"
PITCH = 4.5  # between the labels of two countries
SHORTEST = 48.0  # height of the slopes
LEADER = 4.0  # from a dot to its label
HEADS = 5.0
SIZE = style.NOTE_SIZE
# Colour, shape and line by region: each alone tells the regions apart.
LOOKS = (
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
        return Absent(words("No country has both denominators of this indicator."))
    cells = {
        side: rows[rows["country"].isin(both)].set_index("country").loc[case.alphabetical(both)]
        for side, rows in sides.items()
    }
    notes = [
        words(
            "Brackets: {level} per cent intervals. Where they overlap, the order of two countries "
            "may be due to chance.",
            level=setting.level,
        ),
        *not_drawn(case, both),
    ]
    measure = words("Per cent of children, among internet users and among all of that age")
    figure = _draw(case, cells, measure, notes)
    said = [
        words(
            "Left: of children who use the internet. Right: of all children of that age, counting "
            "those who do not use the internet as not subjected to it online; beside it the "
            "number of children."
        ),
        *notes[:1],
        words(
            "Numbers of children and rates of internet use are published figures; their sources "
            "stand with the data."
        ),
        *notes[1:],
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
    left, right = _ends(case, cells[ONLINE]), _ends(case, cells[EVERYONE])
    children = {code: _children(case, row) for code, row in cells[EVERYONE].iterrows()}
    looks = _looks(case, cells[ONLINE].index)
    top = HEADER + LINE * (len(header) - 1) + (LINE + 1) * bool(looks[1]) + HEADS
    height = max(SHORTEST, PITCH * len(left))
    figure, page = paper.new_page(top + height + 2 + NOTE_LINE * len(footer) + 2 * MARGIN)
    paper.write_header(page, header, stamp)
    _legend(page, looks[1], HEADER + LINE * (len(header) - 1))
    texts = [[end.text for end in side] for side in (left, right)]
    width = [max(text_width(text, SIZE) for text in side) for side in texts]
    numbers = max(text_width(text, SIZE) for text in children.values())
    x_left = MARGIN + width[0] + LEADER + 1
    x_children = style.PAGE_WIDTH - MARGIN - numbers
    x_right = x_children - 3 - width[1] - LEADER - 1
    _heads(case, page, top - HEADS / 2, x_left, x_right)
    end = style.nice_axis(max(e.value for e in (*left, *right)))[0]

    def y(value: float) -> float:
        return top + height * (1 - value / end)

    for side, x, outwards in ((left, x_left, -1), (right, x_right, 1)):
        page.vlines(x, top, top + height, style.GUIDE, lw=0.8, zorder=0)
        places = spread([y(e.value) for e in side], PITCH, top + 1, top + height - 1)
        for item, place in zip(side, places, strict=True):
            color, shape, _ = looks[0][item.country]
            page.plot([x, x + outwards * LEADER], [y(item.value), place], color=style.GUIDE, lw=0.6)
            page.scatter([x], [y(item.value)], s=20, marker=shape, color=color, zorder=3)
            align = "right" if outwards < 0 else "left"
            at = x + outwards * (LEADER + 1)
            put_text(page, at, place, item.text, ha=align, size=SIZE, color=color)
            if outwards > 0:
                put_text(
                    page,
                    style.PAGE_WIDTH - MARGIN,
                    place,
                    children[item.country],
                    ha="right",
                    size=SIZE,
                )
    start, finish = ({e.country: y(e.value) for e in side} for side in (left, right))
    for code, height_left in start.items():
        color, _, line = looks[0][code]
        page.plot([x_left, x_right], [height_left, finish[code]], color=color, ls=line, lw=1.1)
    paper.write_notes(page, footer, top + height + 2)
    return figure


def _ends(case: Case, cells: pd.DataFrame) -> list[End]:
    """The countries of one side from the largest share downwards, ties by name."""
    ends = []
    for code, row in cells.iterrows():
        digits = case.digits([str(code)])
        value = case.percent(row["estimate"], digits)
        interval = case.interval(row["ci_low"], row["ci_high"], digits)
        text = f"{case.name(str(code))} {value} {interval}"
        ends.append(End(str(code), 100 * row["estimate"], text))
    return sorted(ends, key=lambda end: -end.value)


def _children(case: Case, row: pd.Series) -> str:
    limits = row[["children", "children_low", "children_high"]]
    if limits.isna().any():
        return "–"
    number, low, high = (case.words.number(value) for value in limits)
    return f"{number} ({low}–{high})"


def _looks(case: Case, countries: Sequence[str]) -> tuple[dict, dict]:
    """How each country is drawn, and each region; without regions, all alike."""
    regions = sorted({case.regions.get(code, "") for code in countries})
    by_region = {name: LOOKS[number % len(LOOKS)] for number, name in enumerate(regions)}
    by_country = {code: by_region[case.regions.get(code, "")] for code in countries}
    return by_country, {name: look for name, look in by_region.items() if name}


def _legend(page: Axes, regions: Mapping[str, tuple], y: float) -> None:
    x = MARGIN
    for name, (color, shape, line) in regions.items():
        page.plot([x, x + 9], [y, y], color=color, ls=line, lw=1.1)
        page.scatter([x + 4.5], [y], s=20, marker=shape, color=color, zorder=3)
        put_text(page, x + 11, y, name, size=SIZE, color=color)
        x += 11 + text_width(name, SIZE) + 6


def _heads(case: Case, page: Axes, y: float, left: float, right: float) -> None:
    words = case.words
    put_text(page, left, y, words("of internet users"), ha="right", size=SIZE, color=style.GREY)
    put_text(page, right, y, words("of all children"), size=SIZE, color=style.GREY)
    end = style.PAGE_WIDTH - MARGIN
    put_text(page, end, y, words("number of children"), ha="right", size=SIZE, color=style.GREY)


def _findings(case: Case, cells: Mapping[str, pd.DataFrame]) -> list[str]:
    words = case.words
    before, after = cells[ONLINE]["estimate"], cells[EVERYONE]["estimate"]
    pairs = list(combinations(before.index, 2))
    turned = sum(
        np.sign(before[a] - before[b]) * np.sign(after[a] - after[b]) < 0 for a, b in pairs
    )
    digits = case.digits()
    sentences = [
        words(
            "The share among internet users runs from {low} to {high} per cent, that among all "
            "children of that age from {low_all} to {high_all} per cent.",
            low=case.percent(before.min(), digits),
            high=case.percent(before.max(), digits),
            low_all=case.percent(after.min(), digits),
            high_all=case.percent(after.max(), digits),
        )
    ]
    if pairs:
        sentences.append(
            words(
                "In {count} of {pairs} pairs of countries the order of the estimates turns round.",
                count=words.number(int(turned)),
                pairs=words.number(len(pairs)),
            )
        )
    first = {side: rows.index[rows["rank_low"] == 1].tolist() for side, rows in cells.items()}
    if len(pairs) and all(first.values()):
        sentences.append(
            words(
                "Countries that may have the highest share among internet users: {online}; among "
                "all children: {everyone}.",
                online=case.listed(first[ONLINE]),
                everyone=case.listed(first[EVERYONE]),
            )
        )
    return sentences
