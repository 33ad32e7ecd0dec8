"""Prevalence among internet-using children and among all children of that age."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import chain, combinations
from typing import Any

import pandas as pd

from disrupting_harm.provenance.addresses import ADDRESS, derive_number
from disrupting_harm.report.drawing.marks import Mark
from disrupting_harm.report.drawing.row_chart import RowChart
from disrupting_harm.report.drawing.rows import Row
from disrupting_harm.report.figures.alt_text import format_title, join_sentences
from disrupting_harm.report.figures.comparison.countries_left_out import list_left_out
from disrupting_harm.report.figures.comparison.indicator_comparison import (
    Drawing,
    IndicatorComparison,
    NotDrawn,
    index_by_country,
)
from disrupting_harm.report.figures.estimate_chart import (
    build_percent_chart,
    numbers_at,
    percent_at,
    percents_at,
)
from disrupting_harm.study.invented_numbers import is_invented

ONLINE, EVERYONE = "internet_using_children", "all_children"
LOOKS = {ONLINE: "plain", EVERYONE: "second"}
THOUSAND = 1000


def draw_denominators(comparison: IndicatorComparison, _: str) -> Drawing | NotDrawn:
    """Draw both shares of each country, one below the other, numbers of children beside them.

    Countries stand in alphabetical order in their region.
    """
    translator, context = comparison.translator, comparison.context
    table = comparison.find_table("denominators")
    if table is None:
        return comparison.explain_missing_table()
    table = table[~table["country"].isin(comparison.incomparable)].dropna(subset=["estimate"])
    rows_by_denominator = {side: table[table["denominator"] == side] for side in LOOKS}
    online, everyone = (set(rows["country"]) for rows in rows_by_denominator.values())
    complete_countries = comparison.sort_by_name(online & everyone)
    if not complete_countries:
        return NotDrawn(translator("No {area} has both denominators of this indicator."))
    estimates = {
        side: rows.set_index("country", drop=False).loc[complete_countries]
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
    caption = translator(
        "Diamond: of all {respondents} of that age, where those who do not use the internet count "
        "as a no."
    )
    topic = _title_spans(comparison, estimates)
    title = format_title(context, topic)
    opening = translator("Chart of two shares of each {area}: {title}.", title=title)
    return Drawing(
        _build_chart(comparison, estimates, complete_countries),
        subtitle,
        caption,
        opening,
        [*_describe_pairs(comparison, estimates), *notes[1:]],
        [join_sentences([*notes, sources_note, *_note_invented(comparison, estimates[EVERYONE])])],
        undrawn={
            "one_denominator": sorted(
                table.loc[~table["country"].isin(complete_countries), ADDRESS]
            )
        },
        topic=topic,
    )


def _build_chart(
    comparison: IndicatorComparison, estimates: Mapping[str, pd.DataFrame], order: list[str]
) -> RowChart:
    """Return the chart; numbers of children are in thousands where none is below 1,000."""
    translator = comparison.translator
    in_thousands = bool((estimates[EVERYONE]["children"].dropna() >= THOUSAND).all())
    rows = {side: index_by_country(table) for side, table in estimates.items()}
    sections = comparison.build_sections(
        order,
        lambda code: _build_row(comparison, rows[ONLINE][code], rows[EVERYONE][code], in_thousands),
    )
    online, everyone = translator("of internet users"), translator("of all {respondents}")
    unit = (
        translator("{respondents}, thousands")
        if in_thousands
        else translator("number of {respondents}")
    )
    return replace(
        build_percent_chart(sections, translator),
        headings=(unit, translator("online")),
        key=((LOOKS[ONLINE], online), (LOOKS[EVERYONE], everyone)),
    )


def _build_row(
    comparison: IndicatorComparison, online: Any, everyone: Any, in_thousands: bool
) -> Row:
    """Return the row of one country; without a number of children a dash stands in its place."""
    limits = [everyone.children, everyone.children_low, everyone.children_high]
    unit = THOUSAND if in_thousands else 1
    children = "–"
    if not any(map(pd.isna, limits)):
        number, low, high = (comparison.translator.number(value / unit) for value in limits)
        children = f"{number}\u00a0({low}–{high})"
    return Row(
        comparison.country_name(online.country),
        marks=tuple(
            Mark(
                round(100 * share.estimate, 2),
                round(100 * share.ci_low, 2),
                round(100 * share.ci_high, 2),
                LOOKS[share.denominator],
                slot=slot,
                address=share.address,
                shown="\u00a0".join(comparison.format_share(percent_at(share))),
            )
            for slot, share in enumerate((online, everyone))
        ),
        columns=(children, _format_rate(comparison, everyone.internet_use_rate)),
    )


def _format_rate(comparison: IndicatorComparison, rate: float) -> str:
    """Return how many of all children are online, in whole per cent."""
    return "–" if pd.isna(rate) else f"{comparison.translator.percent(rate)}%"


def _note_invented(comparison: IndicatorComparison, estimates: pd.DataFrame) -> list[str]:
    """Return whose internet use is invented, on which the second share and the numbers rest."""
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


def _format_spans(
    comparison: IndicatorComparison, estimates: Mapping[str, pd.DataFrame]
) -> dict[str, str]:
    return {
        name: comparison.format_span(percents_at(estimates[side]))
        for name, side in (("online", ONLINE), ("everyone", EVERYONE))
    }


def _title_spans(comparison: IndicatorComparison, estimates: Mapping[str, pd.DataFrame]) -> str:
    return comparison.translator(
        "{subject}: {online} per cent online, {everyone} of all",
        subject=comparison.translator.of_study(comparison.indicator.figure_label),
        **_format_spans(comparison, estimates),
    )


def _describe_pairs(
    comparison: IndicatorComparison, estimates: Mapping[str, pd.DataFrame]
) -> list[str]:
    translator = comparison.translator
    online_estimates, all_estimates = (
        numbers_at(estimates[side], "estimate") for side in (ONLINE, EVERYONE)
    )
    shares = list(zip(online_estimates, all_estimates, strict=True))
    pairs = list(combinations(shares, 2))
    turned = derive_number(
        "turned",
        sum((a[0] - b[0]) * (a[1] - b[1]) < 0 for a, b in pairs),
        chain.from_iterable(shares),
    )
    sentences = [
        translator(
            "Estimates among internet users: {online} per cent; among all {respondents} of that "
            "age: {everyone} per cent.",
            **_format_spans(comparison, estimates),
        )
    ]
    if pairs:
        sentences.append(
            translator(
                "In {count} of {pairs} pairs of {areas} the order of the estimates turns round.",
                count=translator.number(turned),
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
