"""Small pictures beside the findings of the first page: a line a country, or a bar a step."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from disrupting_harm.provenance.addresses import ADDRESS, address_part
from disrupting_harm.report.drawing.marks import Mark, build_bar
from disrupting_harm.report.drawing.row_chart import RowChart
from disrupting_harm.report.drawing.rows import Panel, Row, Section
from disrupting_harm.report.drawing.scales import Axis, percent_axis, points_axis
from disrupting_harm.report.figures.comparison.countries_left_out import list_left_out
from disrupting_harm.report.figures.comparison.group_gaps import describe_gap_pair
from disrupting_harm.report.figures.comparison.indicator_comparison import (
    Drawing,
    IndicatorComparison,
    NotDrawn,
    index_by_country,
)
from disrupting_harm.report.figures.comparison.rank_sets import METHOD, SCOPE, find_rank_sets
from disrupting_harm.report.figures.estimate_chart import (
    build_average_marks,
    build_mark,
    numbers_at,
    percents_at,
)
from disrupting_harm.study.statuses import ALL_COUNTRIES

PITCH = 1.9  # millimetres from one country's line to the next
NAMES_WIDTH = 84.0  # millimetres of the names beside a bar


def draw_share_lines(comparison: IndicatorComparison, title: str) -> Drawing | NotDrawn:
    """Draw a line a country in alphabetical order, without its name, over the average of all."""
    translator = comparison.translator
    if comparison.published.empty:
        return comparison.explain_missing_table()
    drawn = {*comparison.published["country"], *comparison.bounded}
    rows = [comparison.country_rows[code] for code in comparison.sort_by_name(drawn)]
    averages = _find_average_marks(comparison)
    reach = max(row.reach for row in rows)
    panel = Panel(
        percent_axis(reach, translator), (Section("", (_stack_rows(rows),), marks=averages),)
    )
    span = comparison.format_span(percents_at(comparison.published))
    return Drawing(
        RowChart((panel,), pitch=PITCH),
        _name_ends(comparison, rows),
        "",
        translator("Dot and interval chart: {title}.", title=title),
        [
            translator("Estimates of {areas}: {span} per cent.", span=span),
            *list_left_out(comparison, comparison.published["country"]),
        ],
        [translator("Band: the average.")] if averages else [],
    )


def draw_gap_lines(
    comparison: IndicatorComparison, title: str, domain: str, labels: Mapping[str, str]
) -> Drawing | NotDrawn:
    """Draw a line a country for the difference of two groups, filled where it is clear.

    Args:
        labels: the two groups as printed, the first minus the second, by level.
    """
    translator = comparison.translator
    table = comparison.find_table("gaps")
    if table is None:
        return comparison.explain_missing_table()
    level_a, level_b = labels
    cells = table[
        (table["domain"] == domain)
        & (table["level_a"] == level_a)
        & (table["level_b"] == level_b)
        & ~table["country"].isin(comparison.incomparable)
    ].dropna(subset=["difference", "ci_low", "ci_high"])
    if cells.empty:
        return comparison.explain_missing_table()
    cells_by_country = index_by_country(cells)
    order = comparison.sort_by_name(cells_by_country)
    rows = [_build_gap_row(comparison, code, cells_by_country[code]) for code in order]
    largest = max(abs(end) for row in rows for mark in row.marks for end in _list_ends(mark))
    axis = points_axis(largest, comparison.format_points, labels=2)
    panel = Panel(axis, (Section("", (_stack_rows(rows),)),), zero=True)
    first, second = labels.values()
    name = translator("{first} compared with {second}", first=first, second=second)
    return Drawing(
        RowChart((panel,), pitch=PITCH),
        _name_ends(comparison, rows),
        "",
        translator("Dot and interval chart of differences: {title}.", title=title),
        [describe_gap_pair(comparison, cells, (level_a, level_b), name, order)],
        [translator("Filled: a clear difference.")],
        of_groups=True,
    )


def draw_silence_counts(comparison: IndicatorComparison, title: str) -> Drawing | NotDrawn:
    """Draw which countries may be the highest, with nobody silent and up to each share."""
    translator = comparison.translator
    sets, silent_sets = find_rank_sets(comparison), comparison.find_table("silence_ranks")
    if sets is None or silent_sets is None:
        return comparison.explain_missing_table()
    rows = [_build_count_row(comparison, translator("nobody silent"), sets, "rank_sets")]
    for share in sorted(set(numbers_at(silent_sets, "silence"))):
        label = translator("up to {share}%", share=translator.percent(share))
        rows_of_share = silent_sets[silent_sets["silence"] == share]
        rows.append(_build_count_row(comparison, label, rows_of_share, "silence_ranks"))
    ends = (0, len(sets))
    axis = Axis(0.0, float(len(sets)), tuple(map(float, ends)), tuple(map(translator.number, ends)))
    chart = RowChart((Panel(axis, (Section("", (*rows,)),)),), column_width=NAMES_WIDTH)
    counts = translator.enumeration([f"{row.label}: {row.printed_text}" for row in rows])
    return Drawing(
        chart,
        "",
        translator("Silent: part of those to whom it happened."),
        translator("Bar chart: {title}.", title=title),
        [translator("{counts}.", counts=counts)],
    )


def _find_average_marks(comparison: IndicatorComparison) -> tuple[Mark, ...]:
    """Return the average in which each country counts the same; nothing where there is none."""
    pooled = comparison.find_table("pooled")
    if pooled is None:
        return ()
    averages = pooled[
        (pooled["group"] == ALL_COUNTRIES)
        & (pooled["estimand"] == "equal_country")
        & (pooled["countries"] > 1)
    ].dropna(subset=["ci_low", "ci_high"])
    return next(map(build_average_marks, averages.itertuples()), ())


def _stack_rows(rows: list[Row]) -> Row:
    """Return one row with the first mark of each, below each other."""
    return Row("", marks=tuple(replace(row.marks[0], slot=slot) for slot, row in enumerate(rows)))


def _name_ends(comparison: IndicatorComparison, rows: list[Row]) -> str:
    """Return of which countries the lines are; alphabetical order tells the others."""
    translator = comparison.translator
    if len(rows) == 1:
        return rows[0].label
    return translator(
        "Each line: a {area}, {first} to {last}", first=rows[0].label, last=rows[-1].label
    )


def _build_gap_row(comparison: IndicatorComparison, code: str, cell: Any) -> Row:
    mark = build_mark(cell, "plain" if cell.clear else "open", ("difference", "ci_low", "ci_high"))
    return Row(comparison.country_name(code), marks=(mark,))


def _list_ends(mark: Mark) -> list[float]:
    return [end for end in (mark.low, mark.high) if end is not None]


def _build_count_row(
    comparison: IndicatorComparison,
    label: str,
    sets: pd.DataFrame,
    table: str,
) -> Row:
    """Return the bar of how many countries may be first, and who they are."""
    possible_first = sets[sets["may_be_highest"]]
    conditions = [f"method:{METHOD}", f"scope:{SCOPE}"]
    if table != "rank_sets":
        conditions = [f"silence:{address_part(str(sets['silence'].iloc[0]))}"]
    printed = comparison.format_count(
        len(possible_first), table, *conditions, "may_be_highest:True"
    )
    # A bar counts these rows.
    address = " ".join(possible_first[ADDRESS])
    bar = build_bar(float(len(possible_first)), address)
    names = comparison.list_names(possible_first["country"])
    return Row(label, printed, marks=(bar,), columns=(names,))
