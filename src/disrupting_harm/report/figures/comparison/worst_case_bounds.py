"""Estimates in front of the bounds that missing answers leave."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pandas as pd

from disrupting_harm.provenance.addresses import derive_number
from disrupting_harm.report.drawing.rows import Row
from disrupting_harm.report.figures.comparison.countries_left_out import list_left_out
from disrupting_harm.report.figures.comparison.indicator_comparison import (
    Drawing,
    IndicatorComparison,
    NotDrawn,
    index_by_country,
    name_population,
)
from disrupting_harm.report.figures.estimate_chart import (
    build_mark,
    build_percent_chart,
    number_at,
    numbers_at,
    percent_at,
)
from disrupting_harm.report.language.translator import read_whole_percent
from disrupting_harm.report.reading.whole_percent import PercentInterval


def draw_bounds(comparison: IndicatorComparison, title: str) -> Drawing | NotDrawn:
    """Draw the interval of the estimate and, behind it, the worst-case bounds."""
    translator, context = comparison.translator, comparison.context
    table = comparison.find_table("bounds")
    rows_with_bounds = None if table is None else table.dropna(subset=["lower", "upper"])
    rows_with_bounds = (
        None
        if rows_with_bounds is None
        else rows_with_bounds[rows_with_bounds["country"].isin(comparison.published["country"])]
    )
    if rows_with_bounds is None or rows_with_bounds.empty:
        return comparison.explain_missing_table()
    bounds = rows_with_bounds.set_index("country")
    order = [code for code in comparison.ordered_countries if code in bounds.index]
    cells = index_by_country(comparison.published), index_by_country(rows_with_bounds)
    sections = comparison.build_sections(
        order, lambda code: _build_row(comparison, cells[0][code], cells[1][code])
    )
    estimate_note = translator(
        "Dot and line: the printed estimate and its {level} per cent interval.", level=context.level
    )
    bounds_note = (
        translator(
            "Bar, printed at the right: the share if none, or all, of those who left a question "
            "open and said yes to none had said yes."
        )
        if comparison.indicator.any_of
        else translator(
            "Bar, printed at the right: what the share would be if none, or all, of those asked "
            "who gave no valid answer had said yes."
        )
    )
    interval_note = translator(
        "Thin line: {level} per cent interval for the share between these bounds.",
        level=context.level,
    )
    left_out = list_left_out(comparison, order)
    subtitle = translator(
        "Share of {population}, {place}; at the right the estimate and its bounds",
        population=name_population(comparison),
        place=context.area_name,
    )
    method = translator(
        "Bounds follow Manski (1989), their intervals Imbens and Manski (2004); they assume "
        "nothing about missing answers."
    )
    opening = translator("Bars behind dots and intervals: {title}.", title=title)
    return Drawing(
        build_percent_chart(sections, translator),
        subtitle,
        method,
        opening,
        [*_describe_bounds(comparison, bounds.loc[order]), *left_out],
        [estimate_note, bounds_note, interval_note, *left_out],
    )


def _build_row(comparison: IndicatorComparison, cell: Any, bounds_row: Any) -> Row:
    """Return the row of a country, with the bounds in brackets."""
    bounds = read_whole_percent(bounds_row.lower), read_whole_percent(bounds_row.upper)
    percent, limits = comparison.format_share(
        replace(percent_at(cell), low=bounds[0], high=bounds[1])
    )
    marks = (
        replace(build_mark(cell, "plain"), address=bounds_row.address),
        build_mark(bounds_row, "extent", ("", "lower", "upper")),
        build_mark(bounds_row, "extent interval", ("", "ci_low", "ci_high")),
    )
    return Row(comparison.country_name(cell.country), percent, f"[{limits.strip('()')}]", marks)


def _compute_width(row: Any) -> float:
    upper, lower = number_at(row, "upper"), number_at(row, "lower")
    return derive_number("difference", upper - lower, [upper, lower])  # type: ignore[no-any-return]


def _format_span(comparison: IndicatorComparison, values: Iterable[float]) -> str:
    """Return numbers that are published in whole per cents as ``lowest to highest``."""
    return comparison.format_span(
        PercentInterval(percent, percent, percent, percent == 0 and value > 0)
        for value in values
        for percent in [read_whole_percent(value)]
    )


def _describe_bounds(comparison: IndicatorComparison, bounds: pd.DataFrame) -> list[str]:
    translator = comparison.translator
    widths = [_compute_width(row) for row in bounds.itertuples()]
    sentences = [
        translator("Width of the bounds: {span} points.", span=_format_span(comparison, widths))
    ]
    valid = numbers_at(bounds, "valid_share")
    if valid and comparison.indicator.any_of:
        # Whoever left a part open has answered others: their estimate counts them, too.
        silent = [derive_number("remainder", 1 - share, [share]) for share in valid]
        span = _format_span(comparison, silent)
        sentences.append(
            translator(
                "Left a question open and said yes to none: {span} per cent of those asked.",
                span=span,
            )
        )
    elif valid:
        span = _format_span(comparison, valid)
        sentences.append(translator("Valid answers: {span} per cent of those asked.", span=span))
    pairs = comparison.find_table("bound_pairs")
    if pairs is not None:
        differ = pairs[pairs["clear"]]
        survive = int(differ["survives"].sum())
        sentences.append(
            translator(
                "{count} of the {pairs} pairs of {areas} that differ keep their order even in the "
                "worst case.",
                count=comparison.format_count(
                    survive, "bound_pairs", "clear:True", "survives:True"
                ),
                pairs=comparison.format_count(len(differ), "bound_pairs", "clear:True"),
            )
            if len(differ)
            else translator("No two {areas} differ.")
        )
    return sentences
