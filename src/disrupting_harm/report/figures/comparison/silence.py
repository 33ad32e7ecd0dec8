"""Rank sets of countries with more and more silence, as bars that widen."""

from typing import Any

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from disrupting_harm.provenance.addresses import ADDRESS
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
from disrupting_harm.report.figures.comparison.order import rank_ranges, ranked
from disrupting_harm.report.figures.comparison.ranks import draw_bars, rank_axes, span
from disrupting_harm.report.figures.drawing import style
from disrupting_harm.report.figures.estimate_chart import numbers_at
from disrupting_harm.report.figures.row_chart import Row, Section, lay_out_rows

PALEST = "#C9DCE4"


def draw(comparison: IndicatorComparison, topic: str) -> Drawing | NotDrawn:
    """Draw the ranks that each country may have if nobody is silent, and with up to each share.

    Nobody silent: the sets of the figure of ranks, in whose order the countries stand.
    """
    translator, context = comparison.translator, comparison.setting
    ranges = _ranges(comparison)
    if ranges is None:
        return comparison.missing()
    if ranges["country"].nunique() < 2:
        return NotDrawn(translator("An order needs two comparable {areas} or more."))
    shares = _shares(ranges)
    first = ranges[ranges["silence"] == 0].reset_index(drop=True)
    widest = ranges[ranges["silence"] == shares[-1]].set_index("country")
    rows = tuple(
        _row(comparison, cell, widest.loc[str(cell.country)]) for cell in first.itertuples()
    )
    listed = translator.enumeration([translator.percent(share) for share in shares[1:]])
    explained = translator(
        "The dark part of a bar holds all ranks that a {area} may have if nobody kept silent. Each "
        "paler shade adds those that it may have if more did, in this order: up to {shares} per "
        "cent of those to whom it happened, more in one {area} and fewer in another.",
        shares=listed,
    )
    surely = translator(
        "With {level} per cent confidence all bars of one shade are right at once.",
        level=context.level,
    )
    apart = not_drawn(comparison, first["country"])
    measure = translator(
        "Ranks that {count} {areas} may have by the share of {population}: nobody silent [up to "
        "{share} per cent silent]",
        count=ranked(comparison, len(first)),
        population=population(comparison),
        share=translator.percent(shares[-1]),
    )
    framed = frame(comparison, topic, measure, [explained, surely, *apart])
    layout = lay_out_rows([Section("", rows)], framed)
    plot = rank_axes(layout, len(first))
    _draw(plot, layout.centres, ranges, first["country"].tolist(), shares)
    title = alt_text.format_title(context, topic)
    opening = translator("Bar chart of possible ranks with silence: {title}.", title=title)
    return Drawing(
        layout.figure,
        framed,
        translator("The shares are assumptions and not estimates."),
        *alternative(comparison, opening, [*_findings(comparison, ranges, shares), *apart]),
        ranges,
    )


def _ranges(comparison: IndicatorComparison) -> pd.DataFrame | None:
    """Return the rank sets of every share from none on, in the order drawn; None without any."""
    without, table = rank_ranges(comparison), comparison.table("silence_ranks")
    if without is None or table is None:
        return None
    order = without.assign(label=without["country"].map(comparison.name)).sort_values(
        ["rank_low", "rank_high", "label", "country"], kind="stable"
    )["country"]
    columns = ["silence", "indicator", "country", "countries", "rank_low", "rank_high", ADDRESS]
    both = pd.concat([without.assign(silence=0.0)[columns], table[columns]])
    both.insert(3, "label", both["country"].map(comparison.name))
    place = {code: at for at, code in enumerate(order)}
    return both.sort_values(
        ["silence", "country"],
        key=lambda own: own.map(place) if own.name == "country" else own,
        ignore_index=True,
    ).astype({"countries": int, "rank_low": int, "rank_high": int})


def _shares(ranges: pd.DataFrame) -> list[float]:
    """Return the shares from none on; the rows of all but none tell theirs."""
    silent = ranges[ranges["silence"] > 0]
    return [0.0, *sorted(set(numbers_at(silent, "silence")))]


def _row(comparison: IndicatorComparison, cell: Any, widest: Any) -> Row:
    return Row(
        str(cell.label),
        span(comparison, cell.rank_low, cell.rank_high),
        f"[{span(comparison, widest['rank_low'], widest['rank_high'])}]",
        estimate=(cell.rank_low + cell.rank_high) / 2,
    )


def _draw(
    plot: Axes, centres: tuple[float, ...], ranges: pd.DataFrame, order: list[str], shares: list
) -> None:
    shades = sns.blend_palette([style.TEAL, PALEST], len(shares))
    # The widest first: each darker bar lies upon the paler ones.
    for share, shade in reversed(list(zip(shares, shades, strict=True))):
        own = ranges[ranges["silence"] == share].set_index("country").loc[order]
        draw_bars(plot, centres, own, shade)


def _count(comparison: IndicatorComparison, share: float, number: int, condition: str) -> str:
    if not share:
        return ranked(comparison, number, condition)
    return comparison.count(number, "silence_ranks", f"silence:{float(share)}", condition)


def _findings(
    comparison: IndicatorComparison, ranges: pd.DataFrame, shares: list[float]
) -> list[str]:
    translator, sentences = comparison.translator, []
    for share in (shares[0], shares[-1]):
        own = ranges[ranges["silence"] == share]
        first = int((own["rank_low"] == 1).sum())
        last, lowest = int((own["rank_high"] == own["countries"]).sum()), own["countries"].iloc[0]
        sentences.append(
            translator(
                "{Areas} that may have the highest share, and that may have the lowest share, with "
                "up to {share} per cent silent: {first} and {last}.",
                share=translator.percent(share),
                first=_count(comparison, share, first, "rank_low:1"),
                last=_count(comparison, share, last, f"rank_high:{lowest}"),
            )
        )
    return sentences
