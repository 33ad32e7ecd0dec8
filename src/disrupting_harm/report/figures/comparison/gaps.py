"""Differences between groups of children inside each country, in percentage points."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from disrupting_harm.provenance.addresses import ADDRESS, address_part, cell_count
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.comparison.context import (
    Drawing,
    IndicatorComparison,
    NotDrawn,
    alternative,
    by_country,
    frame,
    population,
)
from disrupting_harm.report.figures.comparison.left_out import not_drawn, untested_sentences
from disrupting_harm.report.figures.comparison.scales import narrow_axis, symmetric_axis
from disrupting_harm.report.figures.drawing import style
from disrupting_harm.report.figures.drawing.page_furniture import Frame, put_text
from disrupting_harm.report.figures.drawing.text_shaping import text_width
from disrupting_harm.report.figures.drawing.widths import line_height
from disrupting_harm.report.figures.row_chart import (
    Row,
    RowLayout,
    Section,
    create_row_axes,
    draw_guides_behind_rows,
    heading_height,
    lay_out_rows,
)
from disrupting_harm.study.codebook.definitions import Domain

# The panels of a figure of differences, one for each pair of groups.
#
# They stand side by side over the same countries, or, where the figure is narrow, below each other.


BETWEEN = 5.0  # between two panels, for the labels at their ends
ROOM = "\u00a0"  # in place of a heading: the room of an axis
BESIDE = 3.0  # between the end of a panel's axis and the numbers beside it
WIDTH_OF_INTERVAL = 2.0
LIMITS = ("ci_low", "ci_high")
Pair = tuple[str, str]
Groups = Mapping[str, Sequence[str]]


def draw_gaps(
    comparison: IndicatorComparison,
    own: pd.DataFrame,
    pairs: Sequence[Pair],
    named: Sequence[str],
    groups: Groups,
    frame: Frame,
) -> Figure:
    """Draw the differences of these pairs of groups.

    Args:
        comparison: the indicator.
        own: the rows of the table of differences.
        pairs: of levels, in the order drawn.
        named: what each pair is called.
        groups: the countries of each region, in the order drawn.
        frame: the texts round it, and the cut.
    """
    drawn = own[is_of(own, pairs)]
    if frame.cut.narrow:
        return _below_each_other(comparison, drawn, pairs, named, groups, frame)
    lead = line_height(frame.cut.small) + 1
    if len(pairs) == 1:
        sections = _sections(comparison, groups, drawn)
        layout = lay_out_rows(sections, frame, space_above=lead, headings_over_plot=True)
        plot = _only_axes(layout, comparison, drawn)
        middle = layout.columns.plot_left + layout.columns.plot_width / 2
        _write_pair(layout, named[0], middle)
        _draw_marks(plot, drawn, _heights(groups, layout.centres))
        return layout.figure
    layout = lay_out_rows(
        _sections(comparison, groups, None), frame, space_above=lead, headings_over_plot=True
    )
    _draw_side_by_side(layout, comparison, drawn, pairs, named, groups)
    return layout.figure


def is_of(own: pd.DataFrame, pairs: Sequence[Pair]) -> pd.Series:
    """Return which rows of the table are of these pairs of levels."""
    found = [pair in pairs for pair in zip(own["level_a"], own["level_b"], strict=True)]
    return pd.Series(found, own.index)


def _below_each_other(
    comparison: IndicatorComparison,
    drawn: pd.DataFrame,
    pairs: Sequence[Pair],
    named: Sequence[str],
    groups: Groups,
    frame: Frame,
) -> Figure:
    """Draw one pair below the other, each below its name and above the numbers of the axis."""
    cells = [drawn[is_of(drawn, [pair])] for pair in pairs]
    panels = [
        [Section(name, ()), *_sections(comparison, groups, own), Section(ROOM, ())]
        for own, name in zip(cells, named, strict=True)
    ]
    sections = [section for panel in panels for section in panel][:-1]  # below the last is its axis
    layout = lay_out_rows(sections, frame, headings_over_plot=True)
    plot = _only_axes(layout, comparison, drawn)
    for upper, _ in layout.bounds[len(panels[0]) - 1 :: len(panels[0])]:
        _write_axis(layout, plot, upper)
    count = len(layout.centres) // len(pairs)
    for number, own in enumerate(cells):
        centres = layout.centres[number * count : (number + 1) * count]
        _draw_marks(plot, own, _heights(groups, centres))
    return layout.figure


def _write_axis(layout: RowLayout, plot: Axes, lower: float) -> None:
    """Write the numbers of the axis above ``lower``, into the room below a panel."""
    columns, font_size = layout.columns, layout.cut.small
    left, right = plot.get_xlim()
    y = layout.top + lower - heading_height(layout.cut) / 2
    for tick, label in zip(plot.get_xticks(), plot.get_xticklabels(), strict=True):
        x = columns.plot_left + columns.plot_width * (tick - left) / (right - left)
        color = label.get_color()
        put_text(layout.page, x, y, label.get_text(), ha="center", size=font_size, color=color)


def _heights(groups: Groups, centres: Sequence[float]) -> dict[str, float]:
    return dict(zip((code for own in groups.values() for code in own), centres, strict=True))


def _sections(
    comparison: IndicatorComparison, groups: Groups, cells: pd.DataFrame | None
) -> list[Section]:
    """Return the countries by region, with the numbers of one pair; without them, names alone."""
    known = None if cells is None else by_country(cells)
    return [
        Section(
            comparison.translator.plain(region) if region else "",
            tuple(_row(comparison, code, known) for code in members),
        )
        for region, members in groups.items()
    ]


def _row(comparison: IndicatorComparison, code: str, known: Mapping[str, Any] | None) -> Row:
    if known is None:
        return Row(comparison.name(code), "", estimate=0.0)
    if code not in known:
        return Row(comparison.name(code), comparison.translator("not tested"), estimate=0.0)
    cell = known[code]
    return Row(comparison.name(code), *_printed(comparison, cell), estimate=cell.difference)


def _printed(comparison: IndicatorComparison, cell: Any) -> tuple[str, str]:
    """Return a difference and its interval as printed, in whole points."""
    points, low, high = (
        comparison.points(int(end)) for end in (cell.points, cell.points_low, cell.points_high)
    )
    return points, comparison.translator("({low} to {high})", low=low, high=high)


def _only_axes(layout: RowLayout, comparison: IndicatorComparison, drawn: pd.DataFrame) -> Axes:
    end, ticks = symmetric_axis(_largest(drawn))
    return _axes(layout, comparison, end, ticks)


def _largest(drawn: pd.DataFrame) -> float:
    return float(100 * drawn[[*LIMITS]].abs().max().max())


def _axes(
    layout: RowLayout,
    comparison: IndicatorComparison,
    end: float,
    ticks: Sequence[float],
    span: tuple[float, float] = (0, 1),
) -> Axes:
    plot = create_row_axes(layout, -end, end, ticks, span)
    plot.set_xticklabels([comparison.points(round(tick)) for tick in ticks])
    draw_guides_behind_rows(plot, layout)
    for upper, lower in layout.bounds:
        plot.vlines(0, upper, lower, style.INK, lw=1.0, zorder=1)
    plot.set(xlabel="", ylabel="")
    return plot


def _write_pair(layout: RowLayout, name: str, middle: float) -> None:
    font_size = layout.cut.small
    put_text(
        layout.page,
        middle,
        layout.top - line_height(font_size) / 2,
        name,
        ha="center",
        size=font_size,
    )


def _draw_side_by_side(
    layout: RowLayout,
    comparison: IndicatorComparison,
    drawn: pd.DataFrame,
    pairs: Sequence[Pair],
    named: Sequence[str],
    groups: Groups,
) -> None:
    """Draw a panel for each pair, its numbers beside its axis."""
    end, ticks = narrow_axis(_largest(drawn))
    heights = _heights(groups, layout.centres)
    share, font_size, width = 1 / len(pairs), layout.cut.small, layout.columns.plot_width
    gap = BETWEEN / width
    said = {
        (str(cell.level_a), str(cell.level_b), str(cell.country)): " ".join(
            _printed(comparison, cell)
        )
        for cell in drawn.itertuples()
    }
    beside = (max(text_width(text, font_size) for text in said.values()) + BESIDE) / width
    for number, (pair, name) in enumerate(zip(pairs, named, strict=True)):
        ends = (number * share + gap / 2, (number + 1) * share - gap / 2)
        plot = _axes(layout, comparison, end, ticks, (ends[0], ends[1] - beside))
        middle, right = (
            layout.columns.plot_left + width * part for part in (sum(ends) / 2, ends[1])
        )
        _write_pair(layout, name, middle)
        _draw_marks(plot, drawn[is_of(drawn, [pair])], heights)
        for code, height in heights.items():
            printed = said.get((*pair, code), comparison.translator("not tested"))
            put_text(layout.page, right, layout.top + height, printed, ha="right", size=font_size)


def _draw_marks(plot: Axes, cells: pd.DataFrame, heights: Mapping[str, float]) -> None:
    """Draw the dots of one pair with their intervals; those of clear differences are filled."""
    y = cells["country"].map(heights)
    keys: dict[str, Any] = {"urls": cells[ADDRESS].tolist()}
    low, high = (100 * cells[limit] for limit in LIMITS)
    plot.hlines(y, low, high, style.TEAL, lw=WIDTH_OF_INTERVAL, **keys)
    fill = [style.TEAL if clear else "white" for clear in cells["clear"]]
    plot.scatter(
        100 * cells["difference"], y, s=26, c=fill, edgecolors=style.TEAL, lw=1.2, zorder=3, **keys
    )


PANELS_AT_MOST = 3


def draw(
    comparison: IndicatorComparison, topic: str, domain: Domain, labels: Mapping[str, str]
) -> Drawing | NotDrawn:
    """Draw each country's difference between two levels of a domain, with its intervals.

    A domain of more than two levels has one panel per pair of levels, at most three: then those
    against the first level.

    Args:
        comparison: the indicator.
        topic: the title of the figure.
        domain: the domain whose levels are compared.
        labels: printed labels of its levels, in order.
    """
    table = comparison.table("gaps")
    own = None if table is None else table[table["domain"] == domain.id]
    own = None if own is None else own.dropna(subset=["difference", "ci_low", "ci_high"])
    own = None if own is None else own[~own["country"].isin(comparison.apart)]
    if own is None or own.empty:
        return comparison.missing()
    pairs = _pairs(own, list(labels))
    translator, context = comparison.translator, comparison.setting
    groups = comparison.grouped(
        comparison.alphabetical([*own["country"], *comparison.shown["country"]])
    )
    measure = translator(
        "Percentage points among {population}, {place}; above zero: more among the first named",
        population=population(comparison),
        place=context.area_name,
    )
    named = [_named(comparison, pair, labels) for pair in pairs]
    notes = _notes(comparison)
    order = [code for members in groups.values() for code in members]
    own = _in_order(comparison, own, order)
    untested = _untested(comparison, own, pairs, order, domain)
    left_out = alt_text.join_sentences(not_drawn(comparison, order))
    notes += [*untested, *([left_out] if left_out else [])]
    framed = frame(comparison, topic, measure, notes, of_groups=True)
    figure = draw_gaps(comparison, own, pairs, named, groups, framed)
    reading = translator(
        "Every interval takes account of the survey design, and of both groups having been drawn "
        "together."
    )
    findings = [
        _finding(comparison, own, pair, text, order)
        for pair, text in zip(pairs, named, strict=True)
    ]
    if len(pairs) == 1:
        findings += _between(comparison, pairs[0])
    title = alt_text.format_title(context, topic)
    opening = translator("Dot and interval chart of differences: {title}.", title=title)
    return Drawing(
        figure,
        framed,
        reading,
        *alternative(comparison, opening, [*findings, *not_drawn(comparison, order)]),
        own,
        {"other_pairs": [*own.loc[~is_of(own, pairs), ADDRESS]]},
    )


def _in_order(
    comparison: IndicatorComparison, own: pd.DataFrame, order: Sequence[str]
) -> pd.DataFrame:
    """Return the rows pair by pair, the countries in the order drawn, with their labels."""
    place = {code: number for number, code in enumerate(order)}
    sorted_rows = own.sort_values(
        ["level_a", "level_b", "country"],
        key=lambda column: column.map(place) if column.name == "country" else column,
    )
    labels = sorted_rows["country"].map(comparison.name)
    return sorted_rows.assign(label=labels).reset_index(drop=True)


def _pairs(own: pd.DataFrame, levels: Sequence[str]) -> list[Pair]:
    """The pairs of levels drawn, in the order of the codebook."""
    place = {level: number for number, level in enumerate(levels)}
    found = {(a, b) for a, b in zip(own["level_a"], own["level_b"], strict=True)}
    pairs = sorted(found, key=lambda pair: (place.get(pair[1], 99), place.get(pair[0], 99), pair))
    if len(pairs) > PANELS_AT_MOST:
        pairs = [pair for pair in pairs if pair[1] == pairs[0][1]][:PANELS_AT_MOST]
    return pairs


def _named(comparison: IndicatorComparison, pair: Pair, labels: Mapping[str, str]) -> str:
    a, b = (labels.get(level, level) for level in pair)
    return comparison.translator("{first} compared with {second}", first=a, second=b)


def _untested(
    comparison: IndicatorComparison,
    own: pd.DataFrame,
    pairs: Sequence[Pair],
    order: Sequence[str],
    domain: Domain,
) -> list[str]:
    """Return why a difference is not tested, where a country of the figure lacks one."""
    cells = zip(own["level_a"], own["level_b"], own["country"], strict=True)
    tested = set(cells)
    lacking = [(code, pair) for pair in pairs for code in order if (*pair, code) not in tested]
    return untested_sentences(comparison, lacking, domain.id)


def _notes(comparison: IndicatorComparison) -> list[str]:
    return [
        comparison.translator("Filled dot: a clear difference, by Holm's method over all {areas}."),
        comparison.translator(
            "Each interval is as wide as its step asks; it leaves out zero exactly where a "
            "difference is clear."
        ),
    ]


def _finding(
    comparison: IndicatorComparison, own: pd.DataFrame, pair: Pair, named: str, order: Sequence[str]
) -> str:
    translator = comparison.translator
    cells = own[(own["level_a"] == pair[0]) & (own["level_b"] == pair[1])]
    differ = cells[cells["clear"] & (cells["difference"] != 0)]
    above = differ.loc[differ["difference"] > 0, "country"].tolist()
    below = differ.loc[differ["difference"] < 0, "country"].tolist()
    numbers = {"pair": named, "total": translator.number(_how_many(cells))}
    sentences = [
        translator(
            "{pair}: the difference is clear in {count} of {total} {areas}.",
            count=translator.number(_how_many(differ)),
            **numbers,
        )
        if above or below
        else translator("{pair}: the difference is clear in none of {total} {areas}.", **numbers)
    ]
    if above:
        sentences.append(translator("Above zero: {countries}.", countries=comparison.listed(above)))
    if below:
        sentences.append(translator("Below zero: {countries}.", countries=comparison.listed(below)))
    if untested := set(order) - set(cells["country"]):
        sentences.append(
            translator("Not tested: {countries}.", countries=comparison.listed(untested))
        )
    return " ".join(sentences)


def _how_many(cells: pd.DataFrame) -> int:
    return cell_count([f"{where}/clear" for where in cells[ADDRESS]])


def _between(comparison: IndicatorComparison, pair: Pair) -> list[str]:
    """Say how many pairs of countries differ in this difference."""
    table = comparison.table("gap_pairs")
    if table is None:
        return []
    own = table[(table["level_a"] == pair[0]) & (table["level_b"] == pair[1])]
    if own.empty:
        return []
    translator, count = comparison.translator, int(own["clear"].sum())
    levels = [f"level_{side}:{address_part(level)}" for side, level in zip("ab", pair, strict=True)]
    if not count:
        return [translator("No two {areas} differ from each other in it.")]
    return [
        translator(
            "{count} of {pairs} pairs of {areas} differ from each other in it.",
            count=comparison.count(count, "gap_pairs", *levels, "clear:True"),
            pairs=comparison.count(len(own), "gap_pairs", *levels),
        )
    ]
