"""Where a country stands: each of its headline shares among those of all countries compared.

Each share has a row of lines, one a country, in the same order in every row. It tells which
countries a test has found to differ, and no rank.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from disrupting_harm.provenance.addresses import cell_count
from disrupting_harm.report.drawing.row_chart import RowChart
from disrupting_harm.report.drawing.rows import Panel, Row, Section
from disrupting_harm.report.drawing.scales import percent_axis
from disrupting_harm.report.drawing.widths import WIDE
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.comparison.indicator_comparison import (
    IndicatorComparison,
    index_by_country,
)
from disrupting_harm.report.figures.estimate_chart import build_row, respondent_counts
from disrupting_harm.report.figures.figure_files import write_figure_record
from disrupting_harm.report.figures.figure_record import (
    FigureIdentity,
    FigureRecord,
    FigureTexts,
)
from disrupting_harm.report.findings.standing import (
    Standing,
    describe_differences,
    find_standing,
)
from disrupting_harm.report.language.estimate_base import describe_bases
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import Indicator

PITCH = 1.3  # millimetres from one country's line to the next
WORDS = 46.0  # millimetres of the words beside a row
LABELS_AT_MOST = 0.29  # of the width
ROWS_AT_MOST = 6  # more do not stand on a page


def draw_standing(
    country: str,
    name_in_text: str,
    comparisons: Sequence[IndicatorComparison],
    codebook: Codebook,
    context: alt_text.FigureContext,
    folder: Path,
    labels: Mapping[str, str],
) -> FigureRecord:
    """Draw where a country stands, and return the entry of the figure.

    A share that is not shown, not asked or not comparable in the country has no row: a note names
    it. Of other countries those have a line whose interval or bound is published.

    Args:
        name_in_text: the country's name inside a sentence.
        comparisons: of the headline proportions.
        labels: what each row is called, by indicator, in the order of the rows; empty where the
            study names none, and the first comparisons are drawn.
    """
    context = replace(context, cut=WIDE) if not context.cut.narrow else context
    translator = context.translator
    identity = FigureIdentity("standing", "standing")
    topic = translator("Where {place} stands", place=name_in_text)
    comparisons = _choose_rows(comparisons, labels)
    compared = [
        comparison
        for comparison in comparisons
        if country in set(comparison.published["country"]) and len(comparison.published) > 1
    ]
    if not compared:
        reason = translator("No share of {place} can be compared.", place=name_in_text)
        return identity.describe_absence(topic, reason)
    codes_with_lines = {code for comparison in compared for code in _list_with_lines(comparison)}
    order = compared[0].sort_by_name(codes_with_lines)
    shares = [_build_share(comparison, country, labels) for comparison in compared]
    standings = [_find_standing(comparison, country) for comparison in compared]
    words = [
        describe_differences(
            translator, standing, {**comparison.country_names, **comparison.names_in_text}
        )
        for comparison, standing in zip(compared, standings, strict=True)
    ]
    rows = [
        _build_row(comparison, country, order, share, standing, sentence)
        for comparison, share, standing, sentence in zip(
            compared, shares, standings, words, strict=True
        )
    ]
    base, other_bases = describe_bases(
        translator,
        codebook,
        [comparison.indicator for comparison in compared],
        lambda indicator: _name_share(translator, indicator, labels),
        translator.of_study(context.population),
    )
    subtitle = translator(
        "Share of {population}; each line is the {level} per cent interval of one {area}",
        population=base or translator.of_study(context.population),
        level=context.level,
    )
    left_out = [
        _name_share(translator, comparison.indicator, labels)
        for comparison in comparisons
        if comparison not in compared
    ]
    notes = [
        *other_bases,
        *_note_lines(compared[0], order, rows, translator),
        *alt_text.note_uncertain_marks(context, rows),
    ]
    if left_out:
        notes.append(
            translator(
                "Not shown or not comparable in {place}: {indicators}.",
                place=name_in_text,
                indicators=translator.enumeration(left_out),
            )
        )
    n = [count for comparison in compared for count in respondent_counts(comparison.published)]
    caption = translator(
        "All pairs of {areas} were tested together. “No clear difference” does not mean equal: the "
        "surveys cannot tell. No place in a ranking follows from this figure."
    )
    title = _describe_title(translator, shares, standings, name_in_text)
    opening = translator("Chart of intervals: {title}.", title=title)
    findings = [
        f"{_capitalise_finding(translator, share)} {sentence}"
        for share, sentence in zip(shares, words, strict=True)
    ]
    return write_figure_record(
        identity,
        _build_chart(rows, name_in_text, context),
        alt_text.build_frame(context, title, subtitle, n, notes),
        FigureTexts(
            title,
            caption,
            alt_text.join_sentences([opening, *findings, context.stamp]),
            alt_text.join_short_text(context, opening, findings[:1]),
        ),
        folder,
        context.data_kind,
        press=context.press,
    )


def _describe_title(
    translator: Any, shares: Sequence[Row], standings: Sequence[Standing], name_in_text: str
) -> str:
    """Return by which share a test sets the country apart, and from how many others.

    It is the first in the order of the study; a plain name without any test.
    """
    tested = [standing for standing in standings if standing.tested]
    differing = [
        (share.label, standing)
        for share, standing in zip(shares, standings, strict=True)
        if standing.differing
    ]
    if not tested:
        title = translator("{place} and the other {areas}", place=name_in_text)
    elif not differing:
        title = translator(
            "{place} clearly differs from no other {area} in these shares", place=name_in_text
        )
    elif len(differing[0][1].tested) == 1:
        title = translator("{place} clearly differs from some other {areas}", place=name_in_text)
    else:
        title = _describe_leading_difference(translator, *differing[0])
    return str(title[:1].upper() + title[1:])


def _describe_leading_difference(translator: Any, label: str, standing: Standing) -> str:
    values = {"share": label, "all": translator.number(cell_count([*standing.tested.values()]))}
    above, below = (
        translator.number(cell_count([*group.values()]))
        for group in (standing.above, standing.below)
    )
    if not standing.below:
        return str(
            translator(
                "{share}: clearly higher than in {count} of {all} other {areas}",
                count=above,
                **values,
            )
        )
    if not standing.above:
        return str(
            translator(
                "{share}: clearly lower than in {count} of {all} other {areas}",
                count=below,
                **values,
            )
        )
    return str(
        translator(
            "{share}: of {all} other {areas} clearly higher than in {above}, clearly lower than in "
            "{below}",
            above=above,
            below=below,
            **values,
        )
    )


def _list_with_lines(comparison: IndicatorComparison) -> list[str]:
    """Return the countries with an interval or a bound that may be printed."""
    return [*comparison.published["country"], *sorted(comparison.bounded)]


def _choose_rows(
    comparisons: Sequence[IndicatorComparison], labels: Mapping[str, str]
) -> list[IndicatorComparison]:
    by_indicator = {comparison.indicator.id: comparison for comparison in comparisons}
    names = [name for name in labels or by_indicator if name in by_indicator]
    return [by_indicator[name] for name in names[:ROWS_AT_MOST]]


def _name_share(translator: Any, indicator: Indicator, labels: Mapping[str, str]) -> str:
    return str(translator.of_study(labels.get(indicator.id, indicator.figure_label)))


def _build_share(comparison: IndicatorComparison, country: str, labels: Mapping[str, str]) -> Row:
    """Return the country's share as a row of a chart of estimates has it."""
    label = _name_share(comparison.translator, comparison.indicator, labels)
    rows = comparison.published.assign(label=label)
    cell: Any = next(rows[rows["country"] == country].itertuples())
    return build_row(cell, comparison.translator, highlight=True)


def _build_row(
    comparison: IndicatorComparison,
    country: str,
    order: Sequence[str],
    share: Row,
    standing: Standing,
    words: str,
) -> Row:
    """Return the row of one share: the country's own mark first, and lines of the others.

    Args:
        order: the countries from the first line downwards.
        words: what stands beside the lines.
    """
    cells = index_by_country(comparison.prevalence.assign(label=""))
    marks = [replace(share.marks[0], slot=order.index(country))]
    with_lines = set(_list_with_lines(comparison))
    for slot, code in enumerate(order):
        if code == country or code not in with_lines:
            continue
        mark = build_row(cells[code], comparison.translator).marks[0]
        look = "differs" if code in standing.differing else "undecided"
        # A line has no dot: its estimate is not drawn.
        marks.append(replace(mark, slot=slot, value=None, look="plain" if mark.sign else look))
    return replace(
        share,
        printed_text="",
        interval="",
        marks=tuple(marks),
        columns=(words,),
        below=f"{share.printed_text}\u00a0{share.interval}",
    )


def _find_standing(comparison: IndicatorComparison, country: str) -> Standing:
    table = comparison.find_table("pairwise")
    pairs: Any = [] if table is None else table.to_dict("records")
    return find_standing(pairs, comparison.indicator.id, country)


def _note_lines(
    comparison: IndicatorComparison, order: Sequence[str], rows: Sequence[Row], translator: Any
) -> list[str]:
    """Return which country each line is of, and what a hatched or an empty one means."""
    names = translator.enumeration([comparison.country_name(code) for code in order])
    notes = [translator("Lines from top to bottom: {names}.", names=names)]
    if any(len(row.marks) < len(order) for row in rows):
        notes.append(translator("Without a line: not shown, not asked or not comparable."))
    return notes


def _capitalise_finding(translator: Any, share: Row) -> str:
    finding = alt_text.format_finding(translator, share)
    sentence = translator("{label} {finding}", label=share.label, finding=finding)
    return str(translator("{findings}.", findings=sentence[:1].upper() + sentence[1:]))


def _build_chart(
    rows: Sequence[Row], name_in_text: str, context: alt_text.FigureContext
) -> RowChart:
    """Return the chart: a panel with an axis of its own for each share, and a key of the lines."""
    translator = context.translator
    panels = [Panel(percent_axis(row.reach, translator), (Section("", (row,)),)) for row in rows]
    key = [
        ("highlight", name_in_text),
        ("differs", translator("clearly different")),
        ("undecided", translator("not clearly different")),
    ]
    if any(mark.sign == "bound" for row in rows for mark in row.marks):
        key.append(("bound", translator("only a bound is printed")))
    return RowChart(
        tuple(panels),
        column_width=WORDS,
        pitch=PITCH,
        key=tuple(key),
        labels_at_most=LABELS_AT_MOST,
    )
