"""Rank sets of countries, as bars."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from disrupting_harm.provenance.addresses import ADDRESS, derive_number
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.comparison.countries_left_out import list_left_out
from disrupting_harm.report.figures.comparison.indicator_comparison import (
    Drawing,
    IndicatorComparison,
    NotDrawn,
    build_frame,
    describe_drawing,
    name_population,
)
from disrupting_harm.report.figures.comparison.rank_order import (
    count_certain_orders,
    describe_order,
    find_rank_sets,
    format_rank_count,
)
from disrupting_harm.report.figures.drawing import style
from disrupting_harm.report.figures.estimate_chart import number_at
from disrupting_harm.report.figures.row_chart import (
    Row,
    RowLayout,
    Section,
    create_row_axes,
    lay_out_rows,
    make_row,
)

THICKNESS = 3.2
TICKS_AT_MOST = 20


def draw_ranks(comparison: IndicatorComparison, topic: str) -> Drawing | NotDrawn:
    """Draw a bar from the first to the last rank that each country may have.

    Countries stand by their first, then their last possible rank, then by name: an order that the
    data support, unlike that of the estimates.
    """
    translator, context = comparison.translator, comparison.context
    ranges = find_rank_sets(comparison)
    if ranges is None:
        return comparison.explain_missing_table()
    if len(ranges) < 2:
        return NotDrawn(translator("An order needs two comparable {areas} or more."))
    printed_names = ranges["country"].map(comparison.country_name)
    ranges = ranges.assign(label=printed_names).sort_values(
        ["rank_low", "rank_high", "label", "country"], kind="stable", ignore_index=True
    )
    rows = tuple(_build_row(comparison, cell) for cell in ranges.itertuples())
    bar_note = translator(
        "A bar holds all ranks that a {area} may have; rank 1 is the largest share. With "
        "{level} per cent confidence all bars are right at once.",
        level=context.level,
    )
    caption = translator(
        "Where two bars share ranks, the ranks alone do not say which {area} is higher; the test "
        "of the pair may."
    )
    left_out = list_left_out(comparison, ranges["country"])
    notes = [bar_note, *left_out]
    subtitle = translator(
        "Ranks that {count} {areas} may have by the share of {population}",
        count=format_rank_count(comparison, len(ranges)),
        population=name_population(comparison),
    )
    frame = build_frame(comparison, topic, subtitle, notes)
    layout = lay_out_rows([Section("", rows)], frame)
    plot = create_rank_axes(layout, len(ranges))
    draw_rank_bars(plot, layout.centres, ranges, style.TEAL)
    title = alt_text.format_title(context, topic)
    opening = translator("Bar chart of possible ranks: {title}.", title=title)
    return Drawing(
        layout.figure,
        frame,
        caption,
        *describe_drawing(
            comparison,
            opening,
            [*describe_order(comparison), *_describe_certain_orders(comparison, ranges), *left_out],
        ),
        ranges,
    )


def format_ranks(comparison: IndicatorComparison, low: int, high: int) -> str:
    """Return the ranks from ``low`` to ``high`` as printed."""
    lowest = comparison.translator.number(int(low))
    return f"{lowest}–{comparison.translator.number(int(high))}" if high > low else lowest


def create_rank_axes(layout: RowLayout, countries: int) -> Axes:
    """Return axes over the rows of a page whose ticks are ranks."""
    step = 1 if countries <= TICKS_AT_MOST else 5
    ticks = [1, *range(step if step > 1 else 2, countries + 1, step)]
    plot = create_row_axes(layout, 0.4, countries + 0.6, ticks)
    plot.set(xlabel="", ylabel="")
    return plot


def draw_rank_bars(plot: Axes, centres: Sequence[float], ranges: pd.DataFrame, color: Any) -> None:
    """Draw a bar over the ranks from ``rank_low`` to ``rank_high`` of each row."""
    columns = ranges[["rank_low", "rank_high", ADDRESS]].itertuples(index=False)
    for centre, (lowest, highest, key) in zip(centres, columns, strict=True):
        plot.fill_betweenx(
            [centre - THICKNESS / 2, centre + THICKNESS / 2],
            lowest - 0.35,
            highest + 0.35,
            color=color,
            linewidth=0,
            zorder=2,
            urls=[key],
        )


def _build_row(comparison: IndicatorComparison, cell: Any) -> Row:
    middle = (cell.rank_low + cell.rank_high) / 2
    return make_row(
        str(cell.label), format_ranks(comparison, cell.rank_low, cell.rank_high), estimate=middle
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
            "In {count} of {pairs} pairs of {areas} the ranks do not overlap: their order is known "
            "with this confidence.",
            count=translator.number(separate),
            pairs=translator.number(pairs),
        ),
        translator(
            "The shortest bar is {low} and the longest {high} ranks long.",
            low=translator.number(min(lengths)),
            high=translator.number(max(lengths)),
        ),
    ]
