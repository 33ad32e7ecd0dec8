"""Rank sets of countries, as bars."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from disrupting_harm.provenance.addresses import ADDRESS, derive_number
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.comparison.context import (
    Drawing,
    IndicatorComparison,
    NotDrawn,
    alternative,
    frame,
    population,
)
from disrupting_harm.report.figures.comparison.left_out import not_drawn
from disrupting_harm.report.figures.comparison.order import (
    certain_orders,
    order_findings,
    rank_ranges,
    ranked,
)
from disrupting_harm.report.figures.drawing import style
from disrupting_harm.report.figures.estimate_chart import number_at
from disrupting_harm.report.figures.row_chart import (
    Row,
    RowLayout,
    Section,
    create_row_axes,
    lay_out_rows,
)

THICKNESS = 3.2
TICKS_AT_MOST = 20


def draw(comparison: IndicatorComparison, topic: str) -> Drawing | NotDrawn:
    """Draw a bar from the first to the last rank that each country may have.

    Countries stand by their first, then their last possible rank, then by name: an order that the
    data support, unlike that of the estimates.
    """
    translator, context = comparison.translator, comparison.setting
    ranges = rank_ranges(comparison)
    if ranges is None:
        return comparison.missing()
    if len(ranges) < 2:
        return NotDrawn(translator("An order needs two comparable {areas} or more."))
    names = ranges["country"].map(comparison.name)
    ranges = ranges.assign(label=names).sort_values(
        ["rank_low", "rank_high", "label", "country"], kind="stable", ignore_index=True
    )
    rows = tuple(_row(comparison, cell) for cell in ranges.itertuples())
    explained = translator(
        "A bar holds all ranks that a {area} may have; rank 1 is the largest share. With "
        "{level} per cent confidence all bars are right at once.",
        level=context.level,
    )
    unordered = translator(
        "Where two bars share ranks, the ranks alone do not say which {area} is higher; the test "
        "of the pair may."
    )
    apart = not_drawn(comparison, ranges["country"])
    notes = [explained, *apart]
    measure = translator(
        "Ranks that {count} {areas} may have by the share of {population}",
        count=ranked(comparison, len(ranges)),
        population=population(comparison),
    )
    framed = frame(comparison, topic, measure, notes)
    layout = lay_out_rows([Section("", rows)], framed)
    plot = rank_axes(layout, len(ranges))
    draw_bars(plot, layout.centres, ranges, style.TEAL)
    title = alt_text.format_title(context, topic)
    opening = translator("Bar chart of possible ranks: {title}.", title=title)
    return Drawing(
        layout.figure,
        framed,
        unordered,
        *alternative(
            comparison,
            opening,
            [*order_findings(comparison), *_certain(comparison, ranges), *apart],
        ),
        ranges,
    )


def span(comparison: IndicatorComparison, low: int, high: int) -> str:
    """Return the ranks from ``low`` to ``high`` as printed."""
    first = comparison.translator.number(int(low))
    return f"{first}–{comparison.translator.number(int(high))}" if high > low else first


def rank_axes(layout: RowLayout, countries: int) -> Axes:
    """Return axes over the rows of a page whose ticks are ranks."""
    step = 1 if countries <= TICKS_AT_MOST else 5
    ticks = [1, *range(step if step > 1 else 2, countries + 1, step)]
    plot = create_row_axes(layout, 0.4, countries + 0.6, ticks)
    plot.set(xlabel="", ylabel="")
    return plot


def draw_bars(plot: Axes, centres: Sequence[float], ranges: pd.DataFrame, color: Any) -> None:
    """Draw a bar over the ranks from ``rank_low`` to ``rank_high`` of each row."""
    columns = ranges[["rank_low", "rank_high", ADDRESS]].itertuples(index=False)
    for centre, (first, last, key) in zip(centres, columns, strict=True):
        plot.fill_betweenx(
            [centre - THICKNESS / 2, centre + THICKNESS / 2],
            first - 0.35,
            last + 0.35,
            color=color,
            linewidth=0,
            zorder=2,
            urls=[key],
        )


def _row(comparison: IndicatorComparison, cell: Any) -> Row:
    middle = (cell.rank_low + cell.rank_high) / 2
    return Row(str(cell.label), span(comparison, cell.rank_low, cell.rank_high), estimate=middle)


def _length(cell: Any) -> float:
    low, high = number_at(cell, "rank_low"), number_at(cell, "rank_high")
    return derive_number("positions", high - low + 1, [low, high])  # type: ignore[no-any-return]


def _certain(comparison: IndicatorComparison, ranges: pd.DataFrame) -> list[str]:
    translator = comparison.translator
    apart, pairs = certain_orders(ranges)
    lengths = [_length(cell) for cell in ranges.itertuples()]
    if not apart:
        return [translator("No pair of {areas} has ranks that do not overlap.")]
    return [
        translator(
            "In {count} of {pairs} pairs of {areas} the ranks do not overlap: their order is known "
            "with this confidence.",
            count=translator.number(apart),
            pairs=translator.number(pairs),
        ),
        translator(
            "The shortest bar is {low} and the longest {high} ranks long.",
            low=translator.number(min(lengths)),
            high=translator.number(max(lengths)),
        ),
    ]
