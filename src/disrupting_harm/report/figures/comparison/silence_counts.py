"""Which countries may be the highest, with silence up to each share: a bar a step."""

import pandas as pd

from disrupting_harm.provenance.addresses import ADDRESS, address_part
from disrupting_harm.report.drawing.marks import build_bar
from disrupting_harm.report.drawing.row_chart import RowChart
from disrupting_harm.report.drawing.rows import Panel, Row, Section
from disrupting_harm.report.drawing.scales import Axis
from disrupting_harm.report.figures.alt_text import format_title
from disrupting_harm.report.figures.comparison.indicator_comparison import (
    Drawing,
    IndicatorComparison,
    NotDrawn,
)
from disrupting_harm.report.figures.comparison.rank_sets import METHOD, SCOPE, find_rank_sets
from disrupting_harm.report.figures.estimate_chart import numbers_at

NAMES_WIDTH = 84.0  # millimetres of the names beside a bar


def draw_silence_counts(comparison: IndicatorComparison) -> Drawing | NotDrawn:
    """Draw which countries may be the highest, with nobody silent and up to each share."""
    translator = comparison.translator
    sets, silent_sets = find_rank_sets(comparison), comparison.find_table("silence_ranks")
    if sets is None or silent_sets is None:
        return comparison.explain_missing_table()
    rows = [_build_count_row(comparison, translator("nobody silent"), sets, "rank_sets")]
    shares = sorted(set(numbers_at(silent_sets, "silence")))
    for share in shares:
        label = translator("up to {share}%", share=translator.percent(share))
        rows_of_share = silent_sets[silent_sets["silence"] == share]
        rows.append(_build_count_row(comparison, label, rows_of_share, "silence_ranks"))
    ends = (0, len(sets))
    axis = Axis(0.0, float(len(sets)), tuple(map(float, ends)), tuple(map(translator.number, ends)))
    chart = RowChart((Panel(axis, (Section("", (*rows,)),)),), column_width=NAMES_WIDTH)
    topic = translator("{Areas} that may be the highest, by silence")
    if shares:
        topic = translator(
            "{Areas} that may be the highest: {count} with nobody silent, {other} with up to "
            "{share}% silent",
            count=rows[0].printed_text,
            other=rows[-1].printed_text,
            share=translator.percent(shares[-1]),
        )
    title = format_title(comparison.context, topic)
    counts = translator.enumeration([f"{row.label}: {row.printed_text}" for row in rows])
    return Drawing(
        chart,
        "",
        translator("Silent: part of those to whom it happened."),
        translator("Bar chart: {title}.", title=title),
        [translator("{counts}.", counts=counts)],
        topic=topic,
    )


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
