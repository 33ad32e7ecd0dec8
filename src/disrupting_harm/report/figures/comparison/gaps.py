"""Differences between groups of children inside each country, in percentage points."""

from collections.abc import Mapping, Sequence

import pandas as pd

from disrupting_harm.provenance.addresses import ADDRESS, how_many, part
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.comparison.case import (
    Absent,
    Case,
    Picture,
    alternative,
    frame,
    population,
)
from disrupting_harm.report.figures.comparison.gap_panels import Pair, draw_gaps, is_of
from disrupting_harm.report.figures.comparison.left_out import not_drawn, untested_sentences
from disrupting_harm.study.definitions import Domain

PANELS_AT_MOST = 3


def draw(case: Case, subject: str, domain: Domain, labels: Mapping[str, str]) -> Picture | Absent:
    """Draw each country's difference between two levels of a domain, with its intervals.

    A domain of more than two levels has one panel per pair of levels, at most three: then those
    against the first level.

    Args:
        case: the indicator.
        subject: the title of the figure.
        domain: the domain whose levels are compared.
        labels: printed labels of its levels, in order.
    """
    table = case.table("gaps")
    own = None if table is None else table[table["domain"] == domain.id]
    own = None if own is None else own.dropna(subset=["difference", "ci_low", "ci_high"])
    own = None if own is None else own[~own["country"].isin(case.apart)]
    if own is None or own.empty:
        return case.missing()
    pairs = _pairs(own, list(labels))
    words, setting = case.words, case.setting
    groups = case.grouped(case.alphabetical([*own["country"], *case.shown["country"]]))
    measure = words(
        "Percentage points among {population}, {place}; above zero: more among the first named",
        population=population(case),
        place=setting.place,
    )
    named = [_named(case, pair, labels) for pair in pairs]
    notes = _notes(case)
    order = [code for members in groups.values() for code in members]
    own = _in_order(case, own, order)
    untested = _untested(case, own, pairs, order, domain)
    left_out = alt_text.join(not_drawn(case, order))
    notes += [*untested, *([left_out] if left_out else [])]
    framed = frame(case, subject, measure, notes, of_groups=True)
    figure = draw_gaps(case, own, pairs, named, groups, framed)
    reading = words(
        "Every interval takes account of the survey design, and of both groups having been drawn "
        "together."
    )
    findings = [
        _finding(case, own, pair, text, order) for pair, text in zip(pairs, named, strict=True)
    ]
    if len(pairs) == 1:
        findings += _between(case, pairs[0])
    title = alt_text.title(setting, subject)
    opening = words("Dot and interval chart of differences: {title}.", title=title)
    return Picture(
        figure,
        framed,
        reading,
        *alternative(case, opening, [*findings, *not_drawn(case, order)]),
        own,
        {"other_pairs": [*own.loc[~is_of(own, pairs), ADDRESS]]},
    )


def _in_order(case: Case, own: pd.DataFrame, order: Sequence[str]) -> pd.DataFrame:
    """Return the rows pair by pair, the countries in the order drawn, with their labels."""
    place = {code: number for number, code in enumerate(order)}
    sorted_rows = own.sort_values(
        ["level_a", "level_b", "country"],
        key=lambda column: column.map(place) if column.name == "country" else column,
    )
    labels = sorted_rows["country"].map(case.name)
    return sorted_rows.assign(label=labels).reset_index(drop=True)


def _pairs(own: pd.DataFrame, levels: Sequence[str]) -> list[Pair]:
    """The pairs of levels drawn, in the order of the codebook."""
    place = {level: number for number, level in enumerate(levels)}
    found = {(a, b) for a, b in zip(own["level_a"], own["level_b"], strict=True)}
    pairs = sorted(found, key=lambda pair: (place.get(pair[1], 99), place.get(pair[0], 99), pair))
    if len(pairs) > PANELS_AT_MOST:
        pairs = [pair for pair in pairs if pair[1] == pairs[0][1]][:PANELS_AT_MOST]
    return pairs


def _named(case: Case, pair: Pair, labels: Mapping[str, str]) -> str:
    a, b = (labels.get(level, level) for level in pair)
    return case.words("{first} compared with {second}", first=a, second=b)


def _untested(
    case: Case, own: pd.DataFrame, pairs: Sequence[Pair], order: Sequence[str], domain: Domain
) -> list[str]:
    """Return why a difference is not tested, where a country of the figure lacks one."""
    cells = zip(own["level_a"], own["level_b"], own["country"], strict=True)
    tested = set(cells)
    lacking = [(code, pair) for pair in pairs for code in order if (*pair, code) not in tested]
    return untested_sentences(case, lacking, domain.id)


def _notes(case: Case) -> list[str]:
    return [
        case.words("Filled dot: a clear difference, by Holm's method over all {areas}."),
        case.words(
            "Each interval is as wide as its step asks; it leaves out zero exactly where a "
            "difference is clear."
        ),
    ]


def _finding(case: Case, own: pd.DataFrame, pair: Pair, named: str, order: Sequence[str]) -> str:
    words = case.words
    cells = own[(own["level_a"] == pair[0]) & (own["level_b"] == pair[1])]
    differ = cells[cells["clear"] & (cells["difference"] != 0)]
    above = differ.loc[differ["difference"] > 0, "country"].tolist()
    below = differ.loc[differ["difference"] < 0, "country"].tolist()
    numbers = {"pair": named, "total": words.number(_how_many(cells))}
    sentences = [
        words(
            "{pair}: the difference is clear in {count} of {total} {areas}.",
            count=words.number(_how_many(differ)),
            **numbers,
        )
        if above or below
        else words("{pair}: the difference is clear in none of {total} {areas}.", **numbers)
    ]
    if above:
        sentences.append(words("Above zero: {countries}.", countries=case.listed(above)))
    if below:
        sentences.append(words("Below zero: {countries}.", countries=case.listed(below)))
    if untested := set(order) - set(cells["country"]):
        sentences.append(words("Not tested: {countries}.", countries=case.listed(untested)))
    return " ".join(sentences)


def _how_many(cells: pd.DataFrame) -> int:
    return how_many([f"{where}/clear" for where in cells[ADDRESS]])


def _between(case: Case, pair: Pair) -> list[str]:
    """Say how many pairs of countries differ in this difference."""
    table = case.table("gap_pairs")
    if table is None:
        return []
    own = table[(table["level_a"] == pair[0]) & (table["level_b"] == pair[1])]
    if own.empty:
        return []
    words, count = case.words, int(own["clear"].sum())
    levels = [f"level_{side}:{part(level)}" for side, level in zip("ab", pair, strict=True)]
    if not count:
        return [words("No two {areas} differ from each other in it.")]
    return [
        words(
            "{count} of {pairs} pairs of {areas} differ from each other in it.",
            count=case.count(count, "gap_pairs", *levels, "clear:True"),
            pairs=case.count(len(own), "gap_pairs", *levels),
        )
    ]
