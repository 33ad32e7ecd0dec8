"""Differences between groups of children inside each country, in percentage points."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from disrupting_harm.provenance.addresses import ADDRESS, address_part, cell_count
from disrupting_harm.report.drawing.marks import Mark
from disrupting_harm.report.drawing.row_chart import RowChart
from disrupting_harm.report.drawing.rows import Panel, Row
from disrupting_harm.report.drawing.scales import points_axis
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.comparison.countries_left_out import (
    explain_untested_gaps,
    list_left_out,
)
from disrupting_harm.report.figures.comparison.indicator_comparison import (
    Drawing,
    IndicatorComparison,
    NotDrawn,
    index_by_country,
    name_population,
)
from disrupting_harm.report.language.inside_sentence import format_inside_sentence
from disrupting_harm.study.codebook.definitions import Domain

Pair = tuple[str, str]
PANELS_AT_MOST = 3
# More findings than these make no title.
PAIRS_OF_TITLE = 2


def draw_gaps(
    comparison: IndicatorComparison, title: str, domain: Domain, labels: Mapping[str, str]
) -> Drawing | NotDrawn:
    """Draw each country's difference between two levels of a domain, with its intervals.

    A domain of more than two levels has one panel per pair of levels, at most three: then those
    against the first level.

    Args:
        labels: printed labels of its levels, in order.
    """
    table = comparison.find_table("gaps")
    gap_rows = None if table is None else table[table["domain"] == domain.id]
    gap_rows = (
        None if gap_rows is None else gap_rows.dropna(subset=["difference", "ci_low", "ci_high"])
    )
    gap_rows = (
        None if gap_rows is None else gap_rows[~gap_rows["country"].isin(comparison.incomparable)]
    )
    if gap_rows is None or gap_rows.empty:
        return comparison.explain_missing_table()
    gap_rows = gap_rows.sort_values(["level_a", "level_b", "country"], ignore_index=True)
    pairs = _choose_pairs(gap_rows, list(labels))
    translator = comparison.translator
    order = comparison.sort_by_name([*gap_rows["country"], *comparison.published["country"]])
    pair_names = [_name_pair(comparison, pair, labels) for pair in pairs]
    notes = _collect_notes(comparison)
    untested = _explain_untested(comparison, gap_rows, pairs, order, domain.id)
    left_out = alt_text.join_sentences([*untested, *list_left_out(comparison, order)])
    notes += [left_out] if left_out else []
    caption = translator("Above zero: more among the first named.")
    findings = [
        describe_gap_pair(comparison, gap_rows, pair, pair_name, order)
        for pair, pair_name in zip(pairs, pair_names, strict=True)
    ]
    if len(pairs) == 1:
        findings += _describe_between_countries(comparison, pairs[0])
    topic = ""
    if len(pairs) <= PAIRS_OF_TITLE:
        of_pairs = {name: gap_rows[_match_pairs(gap_rows, [pair])]
                    for pair, name in zip(pairs, pair_names, strict=True)}  # fmt: skip
        topic = translator(
            "{finding} ({subject})",
            finding=_title_pairs(comparison, of_pairs, {name: name for name in pair_names}),
            subject=translator.of_study(comparison.indicator.figure_label),
        )
        title = alt_text.format_title(comparison.context, topic)
    opening = translator("Dot and interval chart of differences: {title}.", title=title)
    return Drawing(
        _build_chart(comparison, gap_rows, pairs, pair_names, order),
        _describe_difference(comparison),
        caption,
        opening,
        [*findings, *list_left_out(comparison, order)],
        notes,
        of_groups=True,
        topic=topic,
        undrawn={"other_pairs": [*gap_rows.loc[~_match_pairs(gap_rows, pairs), ADDRESS]]},
    )


def draw_leading_gaps(
    comparison: IndicatorComparison,
    labels_by_domain: Mapping[str, Mapping[str, str]],
) -> Drawing | NotDrawn:
    """Draw the differences between the two ends of each domain, a panel a domain, on one axis.

    Args:
        labels_by_domain: printed labels of the levels of each domain, in order; of three ages, the
            first and the last are drawn.
    """
    table = comparison.find_table("gaps")
    if table is None:
        return comparison.explain_missing_table()
    rows = table.dropna(subset=["difference", "ci_low", "ci_high"])
    rows = rows[~rows["country"].isin(comparison.incomparable)]
    pairs_by_domain = {
        domain: pair
        for domain, labels in labels_by_domain.items()
        if (pair := _find_furthest_pair(rows[rows["domain"] == domain], [*labels]))
    }
    if not pairs_by_domain:
        return comparison.explain_missing_table()
    of_pairs = {
        domain: rows[(rows["domain"] == domain) & _match_pairs(rows, [pair])]
        for domain, pair in pairs_by_domain.items()
    }
    drawn = pd.concat(of_pairs.values())
    order = comparison.sort_by_name(drawn["country"])
    names = {
        domain: _name_pair(comparison, pair, labels_by_domain[domain])
        for domain, pair in pairs_by_domain.items()
    }
    untested = [
        sentence
        for domain, pair in pairs_by_domain.items()
        for sentence in _explain_untested(comparison, of_pairs[domain], [pair], order, domain)
    ]
    notes = [*_collect_notes(comparison), alt_text.join_sentences(untested)]
    topic = _title_pairs(comparison, of_pairs, names)
    title = alt_text.format_title(comparison.context, topic)
    return Drawing(
        _build_chart(comparison, drawn, [*pairs_by_domain.values()], [*names.values()], order),
        _describe_difference(comparison),
        comparison.translator("Above zero: more among the first named."),
        comparison.translator("Dot and interval chart of differences: {title}.", title=title),
        [
            describe_gap_pair(comparison, of_pairs[domain], pair, names[domain], order)
            for domain, pair in pairs_by_domain.items()
        ],
        [
            note
            for note in [*notes, alt_text.join_sentences(list_left_out(comparison, order))]
            if note
        ],
        of_groups=True,
        topic=topic,
    )


def _title_pairs(
    comparison: IndicatorComparison, of_pairs: Mapping[str, pd.DataFrame], names: Mapping[str, str]
) -> str:
    """Return a title with in how many countries each pair of groups clearly differs."""
    translator = comparison.translator
    findings = []
    for domain, rows in of_pairs.items():
        differ = rows[rows["clear"] & (rows["difference"] != 0)]
        values = {"pair": names[domain], "total": translator.number(_count_rows(rows))}
        findings.append(
            translator("{pair}: clear in none of {total} {areas}", **values)
            if differ.empty
            else translator(
                "{pair}: clear in {count} of {total} {areas}",
                count=translator.number(_count_rows(differ)),
                **values,
            )
        )
    return "; ".join(findings)


def build_gap_panel(
    comparison: IndicatorComparison,
    domain: str,
    labels: Mapping[str, str],
    order: Sequence[str],
    heading: str,
) -> Panel | None:
    """Return the panel of the difference between two groups; None where it is tested nowhere.

    Args:
        labels: printed labels of the two groups by level, the first minus the second.
        order: the countries from the first row downwards.
        heading: what differs.
    """
    table = comparison.find_table("gaps")
    if table is None:
        return None
    level_a, level_b = labels
    pair = level_a, level_b
    rows = table[(table["domain"] == domain) & _match_pairs(table, [pair])]
    rows = rows.dropna(subset=["difference", "ci_low", "ci_high"])
    if rows.empty:
        return None
    name = _name_pair(comparison, pair, labels)
    (panel,) = _build_chart(comparison, rows, [pair], [f"{heading}: {name}"], order, 2).panels
    return panel


def _find_furthest_pair(gap_rows: pd.DataFrame, levels: Sequence[str]) -> Pair | None:
    """Return the tested pair of levels that are furthest from each other in their order."""
    positions = {level: number for number, level in enumerate(levels)}
    pairs = {
        (a, b)
        for a, b in zip(gap_rows["level_a"], gap_rows["level_b"], strict=True)
        if a in positions and b in positions
    }
    return max(
        sorted(pairs), key=lambda pair: abs(positions[pair[0]] - positions[pair[1]]), default=None
    )


def _describe_difference(comparison: IndicatorComparison) -> str:
    return comparison.translator(
        "Percentage points among {population}, {place}",
        population=name_population(comparison),
        place=comparison.context.area_name,
    )


def _build_chart(
    comparison: IndicatorComparison,
    gap_rows: pd.DataFrame,
    pairs: Sequence[Pair],
    pair_names: Sequence[str],
    order: Sequence[str],
    ticks: int = 0,
) -> RowChart:
    """Return the chart: a panel for each pair of levels, all on one axis round zero.

    Args:
        gap_rows: the rows of the table of differences.
        pair_names: what each pair is called.
        order: the countries by name.
        ticks: numbers on each side of the axis, at most; 0: as the number of panels allows.
    """
    drawn_limits = 100 * gap_rows.loc[_match_pairs(gap_rows, pairs), ["ci_low", "ci_high"]]
    largest = round(float(drawn_limits.abs().max().max()), 2)
    axis = points_axis(
        largest, comparison.format_points, labels=ticks or (3 if len(pairs) == 1 else 1)
    )
    panels = []
    for pair, name in zip(pairs, pair_names, strict=True):
        cells = index_by_country(gap_rows[_match_pairs(gap_rows, [pair])])
        rows = {code: _build_row(comparison, code, cells.get(code)) for code in order}
        sections = comparison.build_sections(order, rows.__getitem__)
        panels.append(Panel(axis, tuple(sections), name, zero=True))
    return RowChart(tuple(panels), beside="shared")


def _build_row(comparison: IndicatorComparison, code: str, cell: Any) -> Row:
    """Return a country's difference in whole points; without one the words in its place."""
    name, translator = comparison.country_name(code), comparison.translator
    if cell is None:
        return Row(name, translator("not tested"))
    points, low, high = (
        comparison.format_points(int(end))
        for end in (cell.points, cell.points_low, cell.points_high)
    )
    mark = Mark(
        round(100 * cell.difference, 2),
        round(100 * cell.ci_low, 2),
        round(100 * cell.ci_high, 2),
        "plain" if cell.clear else "open",
        address=cell.address,
    )
    return Row(name, points, translator("({low} to {high})", low=low, high=high), (mark,))


def _match_pairs(gap_rows: pd.DataFrame, pairs: Sequence[Pair]) -> pd.Series:
    """Return which rows of the table are of these pairs of levels."""
    matches = [pair in pairs for pair in zip(gap_rows["level_a"], gap_rows["level_b"], strict=True)]
    return pd.Series(matches, gap_rows.index)


def _choose_pairs(gap_rows: pd.DataFrame, levels: Sequence[str]) -> list[Pair]:
    """Return the pairs of levels that are drawn, in the order of the codebook."""
    positions = {level: number for number, level in enumerate(levels)}
    tested_pairs = {(a, b) for a, b in zip(gap_rows["level_a"], gap_rows["level_b"], strict=True)}
    pairs = sorted(
        tested_pairs,
        key=lambda pair: (positions.get(pair[1], 99), positions.get(pair[0], 99), pair),
    )
    if len(pairs) > PANELS_AT_MOST:
        pairs = [pair for pair in pairs if pair[1] == pairs[0][1]][:PANELS_AT_MOST]
    return pairs


def _name_pair(comparison: IndicatorComparison, pair: Pair, labels: Mapping[str, str]) -> str:
    a, b = (labels.get(level, level) for level in pair)
    second = format_inside_sentence(b)
    return comparison.translator("{first} compared with {second}", first=a, second=second)


def _explain_untested(
    comparison: IndicatorComparison,
    gap_rows: pd.DataFrame,
    pairs: Sequence[Pair],
    order: Sequence[str],
    domain: str,
) -> list[str]:
    """Return why a difference is not tested, where a country of the figure lacks one."""
    tested_cells = zip(gap_rows["level_a"], gap_rows["level_b"], gap_rows["country"], strict=True)
    tested = set(tested_cells)
    lacking = [(code, pair) for pair in pairs for code in order if (*pair, code) not in tested]
    return explain_untested_gaps(comparison, lacking, domain)


def _collect_notes(comparison: IndicatorComparison) -> list[str]:
    return [
        comparison.translator(
            "Filled dot: a clear difference, by Holm's method over all {areas}. Each interval is "
            "as wide as its step asks; it leaves out zero exactly where a difference is clear."
        ),
    ]


def describe_gap_pair(
    comparison: IndicatorComparison,
    gap_rows: pd.DataFrame,
    pair: Pair,
    pair_name: str,
    order: Sequence[str],
) -> str:
    """Return in how many countries a pair of groups clearly differs, in which, and who is untested.

    Args:
        gap_rows: rows of the table of differences with their addresses.
        pair_name: what the pair is called.
        order: the countries that are drawn.
    """
    translator = comparison.translator
    rows_of_pair = gap_rows[(gap_rows["level_a"] == pair[0]) & (gap_rows["level_b"] == pair[1])]
    differ = rows_of_pair[rows_of_pair["clear"] & (rows_of_pair["difference"] != 0)]
    positive = differ.loc[differ["difference"] > 0, "country"].tolist()
    negative = differ.loc[differ["difference"] < 0, "country"].tolist()
    numbers = {"pair": pair_name, "total": translator.number(_count_rows(rows_of_pair))}
    sentences = [
        translator(
            "{pair}: the difference is clear in {count} of {total} {areas}.",
            count=translator.number(_count_rows(differ)),
            **numbers,
        )
        if positive or negative
        else translator("{pair}: the difference is clear in none of {total} {areas}.", **numbers)
    ]
    if positive:
        sentences.append(
            translator("Above zero: {countries}.", countries=comparison.list_names(positive))
        )
    if negative:
        sentences.append(
            translator("Below zero: {countries}.", countries=comparison.list_names(negative))
        )
    if untested := set(order) - set(rows_of_pair["country"]):
        sentences.append(
            translator("Not tested: {countries}.", countries=comparison.list_names(untested))
        )
    return " ".join(sentences)


def _count_rows(gap_rows: pd.DataFrame) -> int:
    return cell_count([f"{row_address}/clear" for row_address in gap_rows[ADDRESS]])


def _describe_between_countries(comparison: IndicatorComparison, pair: Pair) -> list[str]:
    """Return how many pairs of countries have clearly unlike differences; empty without a test."""
    table = comparison.find_table("gap_pairs")
    if table is None:
        return []
    rows_of_pair = table[(table["level_a"] == pair[0]) & (table["level_b"] == pair[1])]
    if rows_of_pair.empty:
        return []
    translator, count = comparison.translator, int(rows_of_pair["clear"].sum())
    levels = [f"level_{side}:{address_part(level)}" for side, level in zip("ab", pair, strict=True)]
    if not count:
        return [translator("No two {areas} differ from each other in it.")]
    return [
        translator(
            "{count} of {pairs} pairs of {areas} differ from each other in it.",
            count=comparison.format_count(count, "gap_pairs", *levels, "clear:True"),
            pairs=comparison.format_count(len(rows_of_pair), "gap_pairs", *levels),
        )
    ]
