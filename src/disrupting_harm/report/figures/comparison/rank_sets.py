"""Ranks that countries may have, as bars: from simultaneous rank sets, and with some silence."""

from itertools import combinations
from typing import Any

import pandas as pd

from disrupting_harm.provenance.addresses import derive_number
from disrupting_harm.report.drawing.marks import Mark
from disrupting_harm.report.drawing.row_chart import RowChart
from disrupting_harm.report.drawing.rows import Panel, Row, Section
from disrupting_harm.report.drawing.scales import Axis
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.comparison.countries_left_out import list_left_out
from disrupting_harm.report.figures.comparison.indicator_comparison import (
    Drawing,
    IndicatorComparison,
    NotDrawn,
    index_by_country,
    name_population,
)
from disrupting_harm.report.figures.estimate_chart import number_at, numbers_at

METHOD, SCOPE = "mogstad_step_down", "simultaneous"
TICKS_AT_MOST = 20


def find_rank_sets(comparison: IndicatorComparison) -> pd.DataFrame | None:
    """Return the simultaneous rank sets, one row per country; None where there are none."""
    sets = comparison.find_table("rank_sets")
    if sets is None:
        return None
    simultaneous_sets = sets[(sets["method"] == METHOD) & (sets["scope"] == SCOPE)]
    simultaneous_sets = simultaneous_sets.dropna(subset=["rank_low", "rank_high", "countries"])
    return (
        None
        if simultaneous_sets.empty
        else simultaneous_sets.astype({"rank_low": int, "rank_high": int, "countries": int})
    )


def describe_order(comparison: IndicatorComparison) -> list[str]:
    """Return which countries may be at either end; never a name at an end that others share."""
    ranges = find_rank_sets(comparison)
    if ranges is None or len(ranges) < 2:
        return []
    translator, total = comparison.translator, len(ranges)
    number = format_rank_count(comparison, total)
    possible_first = ranges.loc[ranges["rank_low"] == 1, "country"].tolist()
    possible_last = ranges.loc[ranges["rank_high"] == ranges["countries"], "country"].tolist()
    lowest = ranges["countries"].iloc[0]
    if len(possible_first) == len(possible_last) == total:
        return [translator("Any of the {total} {areas} may be at any place.", total=number)]
    return [
        translator(
            "Only {country} may have the highest share of the {total} {areas} with an estimate "
            "to compare.",
            country=comparison.name_in_sentence(possible_first[0]),
            total=number,
        )
        if len(possible_first) == 1
        else translator(
            "{count} of the {total} {areas} with an estimate to compare may have the highest share "
            "({countries}).",
            count=format_rank_count(comparison, len(possible_first), "rank_low:1"),
            countries=comparison.list_names(possible_first),
            total=number,
        ),
        translator(
            "Only {country} may have the lowest share of the {total} {areas} with an estimate "
            "to compare.",
            country=comparison.name_in_sentence(possible_last[0]),
            total=number,
        )
        if len(possible_last) == 1
        else translator(
            "{count} of the {total} {areas} with an estimate to compare may have the lowest share "
            "({countries}).",
            count=format_rank_count(comparison, len(possible_last), f"rank_high:{lowest}"),
            countries=comparison.list_names(possible_last),
            total=number,
        ),
    ]


def draw_ranks(comparison: IndicatorComparison, title: str) -> Drawing | NotDrawn:
    """Draw a bar from the first to the last rank that each country may have, in order of names."""
    translator, context = comparison.translator, comparison.context
    sets = find_rank_sets(comparison)
    if sets is None:
        return comparison.explain_missing_table()
    if len(sets) < 2:
        return NotDrawn(translator("An order needs two comparable {areas} or more."))
    sets = _sort_by_name(comparison, sets)
    rows = tuple(
        Row(str(cell.label), _format_ranks(comparison, cell), marks=(_build_bar(cell, "shade 1"),))
        for cell in sets.itertuples()
    )
    bar_note = translator(
        "A bar holds all ranks that a {area} may have; rank 1 is the largest share. With "
        "{level} per cent confidence all bars are right at once.",
        level=context.level,
    )
    caption = translator(
        "Where two bars share ranks, the ranks alone do not say which {area} is higher; the test "
        "of the pair may."
    )
    left_out = list_left_out(comparison, sets["country"])
    subtitle = translator(
        "Ranks that {count} {areas} may have by the share of {population}",
        count=format_rank_count(comparison, len(sets)),
        population=name_population(comparison),
    )
    topic = _title_ranks(comparison, sets)
    if topic:
        title = alt_text.format_title(context, topic)
    opening = translator("Bar chart of possible ranks: {title}.", title=title)
    findings = [*describe_order(comparison), *_describe_certain_orders(comparison, sets), *left_out]
    return Drawing(
        _build_chart(comparison, rows),
        subtitle,
        caption,
        opening,
        findings,
        [bar_note, *left_out],
        topic=topic,
    )


def _title_ranks(comparison: IndicatorComparison, sets: pd.DataFrame) -> str:
    """Return a title with how many countries may be the highest; empty where all may."""
    translator = comparison.translator
    subject = translator.of_study(comparison.indicator.figure_label)
    first = sets.loc[sets["rank_low"] == 1, "country"].tolist()
    if len(first) == len(sets):
        return ""
    if len(first) == 1:
        country = comparison.name_in_sentence(first[0])
        return translator(
            "{subject}: only {country} may have the highest share", subject=subject, country=country
        )
    return translator(
        "{subject}: {count} of {total} {areas} may have the highest share",
        subject=subject,
        count=format_rank_count(comparison, len(first), "rank_low:1"),
        total=format_rank_count(comparison, len(sets)),
    )


def draw_silence_ranks(comparison: IndicatorComparison, title: str) -> Drawing | NotDrawn:
    """Draw the ranks that each country may have if nobody is silent, and with up to each share.

    Nobody silent: the sets of the figure of ranks. Countries stand in order of their names.
    """
    translator, context = comparison.translator, comparison.context
    sets, silent_sets = find_rank_sets(comparison), comparison.find_table("silence_ranks")
    if sets is None or silent_sets is None:
        return comparison.explain_missing_table()
    if len(sets) < 2:
        return NotDrawn(translator("An order needs two comparable {areas} or more."))
    sets = _sort_by_name(comparison, sets)
    # In rising order, with their addresses.
    shares = sorted(set(numbers_at(silent_sets, "silence")))
    sets_of_share = {share: silent_sets[silent_sets["silence"] == share] for share in shares}
    rows = _build_silence_rows(comparison, [sets, *sets_of_share.values()])
    share_list = translator.enumeration([translator.percent(share) for share in shares])
    bar_note = translator(
        "Dark: all ranks that a {area} may have if nobody kept silent. Each paler shade adds those "
        "that it may have if up to {shares} per cent of those to whom it happened did, more in one "
        "{area} and fewer in another. All bars of one shade hold at once ({level} per cent).",
        shares=share_list,
        level=context.level,
    )
    left_out = list_left_out(comparison, sets["country"])
    subtitle = translator(
        "Ranks that {count} {areas} may have by the share of {population}: nobody silent [up to "
        "{share} per cent silent]",
        count=format_rank_count(comparison, len(sets)),
        population=name_population(comparison),
        share=translator.percent(shares[-1]),
    )
    opening = translator("Bar chart of possible ranks with silence: {title}.", title=title)
    findings = [
        _describe_ends(comparison, 0.0, sets),
        _describe_ends(comparison, shares[-1], sets_of_share[shares[-1]]),
        *left_out,
    ]
    return Drawing(
        _build_chart(comparison, rows),
        subtitle,
        translator("These shares of silence are assumptions, not estimates."),
        opening,
        findings,
        [alt_text.join_sentences([bar_note, *left_out])],
    )


def format_rank_count(
    comparison: IndicatorComparison, number: int, condition: str = "rank_low:any"
) -> str:
    """Return a number of rows of the simultaneous rank sets as printed; of all, or of some."""
    sets = f"method:{METHOD}", f"scope:{SCOPE}"
    return comparison.format_count(number, "rank_sets", *sets, condition)


def _sort_by_name(comparison: IndicatorComparison, sets: pd.DataFrame) -> pd.DataFrame:
    """Return the rows in the order of the countries' names, with a ``label``."""
    labels = {code: comparison.country_name(code) for code in sets["country"]}
    by_country = sets.set_index("country", drop=False).loc[comparison.sort_by_name(labels)]
    return by_country.assign(label=by_country["country"].map(labels)).reset_index(drop=True)


def _format_ranks(comparison: IndicatorComparison, cell: Any) -> str:
    low, high = (
        comparison.translator.number(int(rank)) for rank in (cell.rank_low, cell.rank_high)
    )
    return f"{low}–{high}" if cell.rank_high > cell.rank_low else low


def _build_bar(cell: Any, look: str) -> Mark:
    return Mark(None, float(cell.rank_low), float(cell.rank_high), look, address=cell.address)


def _build_silence_rows(
    comparison: IndicatorComparison, sets_by_share: list[pd.DataFrame]
) -> tuple[Row, ...]:
    """Return a row per country with a bar per share, the widest first: darker ones lie upon it."""
    cells_by_share = [index_by_country(sets) for sets in sets_by_share]
    shades = [f"shade {number}" for number in range(1, len(cells_by_share) + 1)]
    rows = []
    for country, cell in cells_by_share[0].items():
        cells = [cells_of_share[country] for cells_of_share in cells_by_share]
        bars = tuple(_build_bar(*pair) for pair in zip(cells, shades, strict=True))
        widest = f"[{_format_ranks(comparison, cells[-1])}]"
        rows.append(Row(cell.label, _format_ranks(comparison, cell), widest, bars[::-1]))
    return tuple(rows)


def _build_chart(comparison: IndicatorComparison, rows: tuple[Row, ...]) -> RowChart:
    """Return a chart of bars on an axis of ranks."""
    count, number = len(rows), comparison.translator.number
    ticks = range(1, count + 1) if count <= TICKS_AT_MOST else (1, *range(5, count + 1, 5))
    axis = Axis(0.4, count + 0.6, tuple(map(float, ticks)), tuple(map(number, ticks)))
    return RowChart((Panel(axis, (Section("", rows),)),))


def _describe_ends(comparison: IndicatorComparison, share: float, sets: pd.DataFrame) -> str:
    """Return how many countries may be at either end with up to this share silent."""
    lowest = int(sets["countries"].iloc[0])
    counts = {}
    for end, condition, at_end in (
        ("first", "rank_low:1", sets["rank_low"] == 1),
        ("last", f"rank_high:{lowest}", sets["rank_high"] == sets["countries"]),
    ):
        number = int(at_end.sum())
        counts[end] = (
            comparison.format_count(number, "silence_ranks", f"silence:{float(share)}", condition)
            if share
            else format_rank_count(comparison, number, condition)
        )
    return comparison.translator(
        "{Areas} that may have the highest share, and that may have the lowest share, with "
        "up to {share} per cent silent: {first} and {last}.",
        share=comparison.translator.percent(share),
        **counts,
    )


def count_certain_orders(ranges: pd.DataFrame) -> tuple[int, int]:
    """Return how many pairs of countries have ranks that do not overlap, and how many pairs."""
    limits = [
        (number_at(row, "rank_low"), number_at(row, "rank_high")) for row in ranges.itertuples()
    ]
    pairs = list(combinations(limits, 2))
    separate = sum(high_a < low_b or high_b < low_a for (low_a, high_a), (low_b, high_b) in pairs)
    limit_cells = [limit for limit_pair in limits for limit in limit_pair]
    return derive_number("apart", separate, limit_cells), derive_number(
        "pairs", len(pairs), limit_cells[::2]
    )


def _count_ranks(cell: Any) -> float:
    low, high = number_at(cell, "rank_low"), number_at(cell, "rank_high")
    return derive_number("positions", high - low + 1, [low, high])  # type: ignore[no-any-return]


def _describe_certain_orders(comparison: IndicatorComparison, ranges: pd.DataFrame) -> list[str]:
    translator = comparison.translator
    separate, pairs = count_certain_orders(ranges)
    lengths = [_count_ranks(cell) for cell in ranges.itertuples()]
    if not separate:
        return [translator("No pair of {areas} has ranks that do not overlap.")]
    return [
        translator(
            "In {count} of {pairs} pairs of {areas} the ranks do not overlap. That counts orders "
            "that hold with the ranks of all; pairs that differ are tested two by two.",
            count=translator.number(separate),
            pairs=translator.number(pairs),
        ),
        translator(
            "The shortest bar is {low} and the longest {high} ranks long.",
            low=translator.number(min(lengths)),
            high=translator.number(max(lengths)),
        ),
    ]
