"""Rank sets of countries with more and more silence, as bars that widen."""

from typing import Any

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from disrupting_harm.provenance.addresses import ADDRESS
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
from disrupting_harm.report.figures.comparison.rank_order import find_rank_sets, format_rank_count
from disrupting_harm.report.figures.comparison.rank_sets import (
    create_rank_axes,
    draw_rank_bars,
    format_ranks,
)
from disrupting_harm.report.figures.drawing import style
from disrupting_harm.report.figures.estimate_chart import numbers_at
from disrupting_harm.report.figures.row_chart import Row, Section, lay_out_rows, make_row

PALEST = "#C9DCE4"


def draw_silence_ranks(comparison: IndicatorComparison, topic: str) -> Drawing | NotDrawn:
    """Draw the ranks that each country may have if nobody is silent, and with up to each share.

    Nobody silent: the sets of the figure of ranks, in whose order the countries stand.
    """
    translator, context = comparison.translator, comparison.context
    ranges = _join_rank_sets(comparison)
    if ranges is None:
        return comparison.explain_missing_table()
    if ranges["country"].nunique() < 2:
        return NotDrawn(translator("An order needs two comparable {areas} or more."))
    shares = _find_shares(ranges)
    without_silence = ranges[ranges["silence"] == 0].reset_index(drop=True)
    with_most_silence = ranges[ranges["silence"] == shares[-1]].set_index("country")
    rows = tuple(
        _build_row(comparison, cell, with_most_silence.loc[str(cell.country)])
        for cell in without_silence.itertuples()
    )
    share_list = translator.enumeration([translator.percent(share) for share in shares[1:]])
    bar_note = translator(
        "The dark part of a bar holds all ranks that a {area} may have if nobody kept silent. Each "
        "paler shade adds those that it may have if more did, in this order: up to {shares} per "
        "cent of those to whom it happened, more in one {area} and fewer in another.",
        shares=share_list,
    )
    confidence_note = translator(
        "With {level} per cent confidence all bars of one shade are right at once.",
        level=context.level,
    )
    left_out = list_left_out(comparison, without_silence["country"])
    subtitle = translator(
        "Ranks that {count} {areas} may have by the share of {population}: nobody silent [up to "
        "{share} per cent silent]",
        count=format_rank_count(comparison, len(without_silence)),
        population=name_population(comparison),
        share=translator.percent(shares[-1]),
    )
    frame = build_frame(comparison, topic, subtitle, [bar_note, confidence_note, *left_out])
    layout = lay_out_rows([Section("", rows)], frame)
    plot = create_rank_axes(layout, len(without_silence))
    _draw_shades(plot, layout.centres, ranges, without_silence["country"].tolist(), shares)
    title = alt_text.format_title(context, topic)
    opening = translator("Bar chart of possible ranks with silence: {title}.", title=title)
    return Drawing(
        layout.figure,
        frame,
        translator("The shares are assumptions and not estimates."),
        *describe_drawing(
            comparison, opening, [*_describe_sets(comparison, ranges, shares), *left_out]
        ),
        ranges,
    )


def _join_rank_sets(comparison: IndicatorComparison) -> pd.DataFrame | None:
    """Return the rank sets of every share from none on, in the order drawn; None without any."""
    sets_without_silence, table = find_rank_sets(comparison), comparison.find_table("silence_ranks")
    if sets_without_silence is None or table is None:
        return None
    order = sets_without_silence.assign(
        label=sets_without_silence["country"].map(comparison.country_name)
    ).sort_values(["rank_low", "rank_high", "label", "country"], kind="stable")["country"]
    columns = ["silence", "indicator", "country", "countries", "rank_low", "rank_high", ADDRESS]
    all_sets = pd.concat([sets_without_silence.assign(silence=0.0)[columns], table[columns]])
    all_sets.insert(3, "label", all_sets["country"].map(comparison.country_name))
    positions = {code: index for index, code in enumerate(order)}
    return all_sets.sort_values(
        ["silence", "country"],
        key=lambda column: column.map(positions) if column.name == "country" else column,
        ignore_index=True,
    ).astype({"countries": int, "rank_low": int, "rank_high": int})


def _find_shares(ranges: pd.DataFrame) -> list[float]:
    """Return the shares in rising order: 0, then those of the table, with their addresses."""
    silent = ranges[ranges["silence"] > 0]
    return [0.0, *sorted(set(numbers_at(silent, "silence")))]


def _build_row(comparison: IndicatorComparison, cell: Any, widest: Any) -> Row:
    return make_row(
        str(cell.label),
        format_ranks(comparison, cell.rank_low, cell.rank_high),
        f"[{format_ranks(comparison, widest['rank_low'], widest['rank_high'])}]",
        estimate=(cell.rank_low + cell.rank_high) / 2,
    )


def _draw_shades(
    plot: Axes, centres: tuple[float, ...], ranges: pd.DataFrame, order: list[str], shares: list
) -> None:
    shades = sns.blend_palette([style.TEAL, PALEST], len(shares))
    # The widest first: each darker bar lies upon the paler ones.
    for share, shade in reversed(list(zip(shares, shades, strict=True))):
        sets_of_share = ranges[ranges["silence"] == share].set_index("country").loc[order]
        draw_rank_bars(plot, centres, sets_of_share, shade)


def _format_count(
    comparison: IndicatorComparison, share: float, number: int, condition: str
) -> str:
    if not share:
        return format_rank_count(comparison, number, condition)
    return comparison.format_count(number, "silence_ranks", f"silence:{float(share)}", condition)


def _describe_sets(
    comparison: IndicatorComparison, ranges: pd.DataFrame, shares: list[float]
) -> list[str]:
    translator, sentences = comparison.translator, []
    for share in (shares[0], shares[-1]):
        sets_of_share = ranges[ranges["silence"] == share]
        first_count = int((sets_of_share["rank_low"] == 1).sum())
        last_count, lowest = (
            int((sets_of_share["rank_high"] == sets_of_share["countries"]).sum()),
            sets_of_share["countries"].iloc[0],
        )
        sentences.append(
            translator(
                "{Areas} that may have the highest share, and that may have the lowest share, with "
                "up to {share} per cent silent: {first} and {last}.",
                share=translator.percent(share),
                first=_format_count(comparison, share, first_count, "rank_low:1"),
                last=_format_count(comparison, share, last_count, f"rank_high:{lowest}"),
            )
        )
    return sentences
