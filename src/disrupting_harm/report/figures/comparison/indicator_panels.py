"""Shares of all countries beside each other: one panel an indicator, on one scale."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from disrupting_harm.report.drawing.row_chart import RowChart
from disrupting_harm.report.drawing.rows import Panel, Row
from disrupting_harm.report.drawing.scales import percent_axis
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.comparison.countries_left_out import list_not_compared
from disrupting_harm.report.figures.comparison.indicator_comparison import (
    Drawing,
    IndicatorComparison,
    describe_share,
    name_population,
)
from disrupting_harm.report.figures.estimate_chart import percents_at
from disrupting_harm.report.language.estimate_base import describe_bases
from disrupting_harm.report.language.signs import CONFIDENTIAL, name_missing
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.statuses import HIDDEN_STATUSES

MANY = 4  # panels: from so many, values stand below their marks


def draw_panels(
    comparisons: Sequence[IndicatorComparison],
    headings: Mapping[str, str],
    codebook: Codebook,
    title: str,
    caption: str,
    gap_panel: Panel | None = None,
) -> Drawing:
    """Draw a panel for each indicator, with the countries that can be compared in one order.

    Args:
        comparisons: of the indicators, in the order of their panels.
        headings: of the panels, by indicator.
        caption: how to read them.
        gap_panel: a further panel, of differences (:func:`.group_gaps.build_gap_panel`).
    """
    first = comparisons[0]
    translator, context = first.translator, first.context
    order = list_panel_countries(comparisons)
    rows_by_panel = [
        {code: _build_short_row(comparison, code) for code in order} for comparison in comparisons
    ]
    rows = [row for rows_of_panel in rows_by_panel for row in rows_of_panel.values()]
    # One scale for all: a bound is as long as it is said to be, in whichever panel.
    axis = percent_axis(max(row.reach for row in rows), translator)
    panels = tuple(
        Panel(
            axis,
            tuple(first.build_sections(order, rows_of_panel.__getitem__)),
            translator.of_study(headings[comparison.indicator.id]),
        )
        for comparison, rows_of_panel in zip(comparisons, rows_by_panel, strict=True)
    )
    if gap_panel:
        panels += (gap_panel,)
    chart = RowChart(
        panels,
        beside="shared" if len(panels) > 1 else "",
        values="below" if len(panels) >= MANY else "beside",
    )
    base, other_bases = describe_bases(
        translator,
        codebook,
        [comparison.indicator for comparison in comparisons],
        lambda indicator: translator.of_study(headings[indicator.id]),
        translator.of_study(context.population),
    )
    notes = alt_text.join_sentences(
        [
            *(
                [translator("In the panel of differences a filled point is a clear one.")]
                if gap_panel
                else []
            ),
            *_note_signs(first, rows),
            *alt_text.note_uncertain_marks(context, rows),
            *(_name_bases(comparisons, headings) if other_bases else []),
            *list_not_compared(first),
        ]
    )
    return Drawing(
        chart,
        translator(
            "Shares by {area}, of whom is said below; lines are {level} per cent intervals",
            level=context.level,
        )
        if other_bases
        else describe_share(replace(first, base=base)),
        caption,
        translator("Panels of dots and intervals: {title}.", title=title),
        [_describe_panel(comparison, headings) for comparison in comparisons],
        [notes] if notes else [],
    )


def _name_bases(
    comparisons: Sequence[IndicatorComparison], headings: Mapping[str, str]
) -> list[str]:
    """Return of whom each panel tells, where they do not tell of the same."""
    return [
        comparison.translator(
            "{indicators}: of {base}.",
            indicators=comparison.translator.of_study(headings[comparison.indicator.id]),
            base=name_population(comparison),
        )
        for comparison in comparisons
    ]


def list_panel_countries(comparisons: Sequence[IndicatorComparison]) -> list[str]:
    """Return the countries of all panels in order of their names."""
    return comparisons[0].sort_by_name(
        {code for comparison in comparisons for code in comparison.ordered_countries}
    )


def _build_short_row(comparison: IndicatorComparison, code: str) -> Row:
    """Return the row of a country with a word in place of an estimate that is not shown."""
    translator = comparison.translator
    row = comparison.country_rows.get(code)
    if row is None:
        return Row(comparison.country_name(code), "–")
    words = {
        "uncertain": translator("too uncertain"),
        "privacy": name_missing(translator, CONFIDENTIAL),
        "unasked": translator("not asked"),
    }
    return replace(row, printed_text=words[row.sign]) if row.sign in words else row


def _note_signs(comparison: IndicatorComparison, rows: Sequence[Row]) -> list[str]:
    translator, signs = comparison.translator, {row.sign for row in rows}
    notes = []
    if "bound" in signs:
        notes.append(translator("Hatched: only a bound is printed."))
    if signs & {"uncertain", "privacy"}:
        notes.append(translator("What is not shown is not zero."))
    return notes


def _describe_panel(comparison: IndicatorComparison, headings: Mapping[str, str]) -> str:
    """Return the span of the estimates of a panel, and how many countries have none."""
    translator, published = comparison.translator, comparison.published
    heading = translator.of_study(headings[comparison.indicator.id])
    hidden = comparison.prevalence["status"].isin(HIDDEN_STATUSES)
    hidden &= ~comparison.prevalence["country"].isin(comparison.incomparable)
    names = comparison.list_with_bounds(comparison.prevalence.loc[hidden, "country"])
    if published.empty:
        return translator("{heading}: not shown: {countries}.", heading=heading, countries=names)
    span = comparison.format_span(percents_at(published))
    if not hidden.any():
        return translator("{heading}: {span} per cent.", heading=heading, span=span)
    return translator(
        "{heading}: {span} per cent; not shown: {countries}.",
        heading=heading,
        span=span,
        countries=names,
    )
