"""Prevalence among internet-using children and among all children of that age."""

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd

from disrupting_harm.provenance.addresses import ADDRESS, computed
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.cells import numbers_at, wholes_at
from disrupting_harm.report.figures.comparison.case import (
    Absent,
    Case,
    Picture,
    alternative,
    by_country,
    frame,
)
from disrupting_harm.report.figures.comparison.left_out import not_drawn
from disrupting_harm.report.figures.comparison.slopes import EVERYONE, ONLINE, draw_slopes
from disrupting_harm.study.invented import is_invented


def draw(case: Case, subject: str) -> Picture | Absent:
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
    measure = words("Per cent of {respondents}, among internet users and among all of that age")
    sources = words(
        "The sources of numbers of {respondents} and rates of internet use stand with the data."
    )
    framed = frame(case, subject, measure, [*notes, sources, *_invented(case, cells[EVERYONE])])
    figure = draw_slopes(case, cells, framed)
    reading = words(
        "Right: of all {respondents} of that age, where those who do not use the internet count as "
        "a no; beside it the number of {respondents}."
    )
    opening = words("Slope chart: {title}.", title=alt_text.title(setting, subject))
    data = pd.concat([sides[ONLINE], sides[EVERYONE]], ignore_index=True)
    data.insert(1, "label", data["country"].map(case.name))
    return Picture(
        figure,
        framed,
        reading,
        *alternative(case, opening, [*_findings(case, cells), *notes[1:]]),
        data.sort_values(["label", "denominator"], kind="stable", ignore_index=True),
        {"one_denominator": [*data.loc[~data["country"].isin(both), ADDRESS]]},
    )


def _invented(case: Case, cells: pd.DataFrame) -> list[str]:
    """Return whose internet use is invented, on which the right side and the numbers rest."""
    own = [code for code, row in by_country(cells).items() if is_invented(row.internet_use_source)]
    if not own:
        return []
    return [
        case.words(
            "Internet use is invented for this simulation: {countries}.",
            countries=case.listed(own),
        )
    ]


def _findings(case: Case, cells: Mapping[str, pd.DataFrame]) -> list[str]:
    words = case.words
    before, after = (numbers_at(cells[side], "estimate") for side in (ONLINE, EVERYONE))
    online, everyone = (case.span(wholes_at(cells[side])) for side in (ONLINE, EVERYONE))
    slopes = list(zip(before, after, strict=True))
    pairs = list(combinations(slopes, 2))
    turned = sum(np.sign(a[0] - b[0]) * np.sign(a[1] - b[1]) < 0 for a, b in pairs)
    ends = [end for slope in slopes for end in slope]
    sentences = [
        words(
            "Estimates among internet users: {online} per cent; among all {respondents} of that "
            "age: {everyone} per cent.",
            online=online,
            everyone=everyone,
        )
    ]
    if pairs:
        sentences.append(
            words(
                "In {count} of {pairs} pairs of {areas} the order of the estimates turns round.",
                count=words.number(computed("turned", int(turned), ends)),
                pairs=words.number(computed("pairs", len(pairs), before)),
            )
        )
    first = {side: rows.index[rows["rank_low"] == 1].tolist() for side, rows in cells.items()}
    if len(pairs) and all(first.values()):
        sentences.append(
            words(
                "{Areas} that may have the highest share among internet users: {online}; among "
                "all {respondents}: {everyone}.",
                online=case.listed(first[ONLINE]),
                everyone=case.listed(first[EVERYONE]),
            )
        )
    return sentences
