"""Differences between groups of children inside each country, in percentage points."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from disrupting_harm.provenance.addresses import ADDRESS, address_part, cell_count
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.comparison.axis_scales import narrow_axis, symmetric_axis
from disrupting_harm.report.figures.comparison.countries_left_out import (
    explain_untested_gaps,
    list_left_out,
)
from disrupting_harm.report.figures.comparison.indicator_comparison import (
    Drawing,
    IndicatorComparison,
    NotDrawn,
    build_frame,
    describe_drawing,
    index_by_country,
    name_population,
)
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
    make_row,
)
from disrupting_harm.study.codebook.definitions import Domain

# Each pair of groups has a panel. Panels stand side by side over the same countries, or, where the
# figure is narrow, below each other.
BETWEEN = 5.0  # between two panels, for the labels at their ends
ROOM = "\u00a0"  # in place of a heading: the room of an axis
BESIDE = 3.0  # between the end of a panel's axis and the numbers beside it
WIDTH_OF_INTERVAL = 2.0
LIMITS = ("ci_low", "ci_high")
Pair = tuple[str, str]
Groups = Mapping[str, Sequence[str]]


def draw_gap_panels(
    comparison: IndicatorComparison,
    gap_rows: pd.DataFrame,
    pairs: Sequence[Pair],
    pair_names: Sequence[str],
    groups: Groups,
    frame: Frame,
) -> Figure:
    """Draw the differences of these pairs of groups.

    Args:
        gap_rows: the rows of the table of differences.
        pairs: of levels, in the order drawn.
        pair_names: what each pair is called.
        groups: the countries of each region, in the order drawn.
    """
    drawn_rows = gap_rows[match_pairs(gap_rows, pairs)]
    if frame.cut.narrow:
        return _draw_below_each_other(comparison, drawn_rows, pairs, pair_names, groups, frame)
    space_above = line_height(frame.cut.small) + 1
    if len(pairs) == 1:
        sections = _build_sections(comparison, groups, drawn_rows)
        layout = lay_out_rows(sections, frame, space_above=space_above, headings_over_plot=True)
        plot = _create_single_axes(layout, comparison, drawn_rows)
        middle = layout.columns.plot_left + layout.columns.plot_width / 2
        _write_pair_name(layout, pair_names[0], middle)
        _draw_marks(plot, drawn_rows, _map_heights(groups, layout.centres))
        return layout.figure
    layout = lay_out_rows(
        _build_sections(comparison, groups, None),
        frame,
        space_above=space_above,
        headings_over_plot=True,
    )
    _draw_side_by_side(layout, comparison, drawn_rows, pairs, pair_names, groups)
    return layout.figure


def match_pairs(gap_rows: pd.DataFrame, pairs: Sequence[Pair]) -> pd.Series:
    """Return which rows of the table are of these pairs of levels."""
    matches = [pair in pairs for pair in zip(gap_rows["level_a"], gap_rows["level_b"], strict=True)]
    return pd.Series(matches, gap_rows.index)


def _draw_below_each_other(
    comparison: IndicatorComparison,
    drawn_rows: pd.DataFrame,
    pairs: Sequence[Pair],
    pair_names: Sequence[str],
    groups: Groups,
    frame: Frame,
) -> Figure:
    """Draw one pair below the other, each below its name and above the numbers of the axis."""
    rows_by_pair = [drawn_rows[match_pairs(drawn_rows, [pair])] for pair in pairs]
    panels = [
        [Section(name, ()), *_build_sections(comparison, groups, rows_of_pair), Section(ROOM, ())]
        for rows_of_pair, name in zip(rows_by_pair, pair_names, strict=True)
    ]
    sections = [section for panel in panels for section in panel][:-1]  # below the last is its axis
    layout = lay_out_rows(sections, frame, headings_over_plot=True)
    plot = _create_single_axes(layout, comparison, drawn_rows)
    for upper, _ in layout.bounds[len(panels[0]) - 1 :: len(panels[0])]:
        _write_axis(layout, plot, upper)
    count = len(layout.centres) // len(pairs)
    for number, rows_of_pair in enumerate(rows_by_pair):
        centres = layout.centres[number * count : (number + 1) * count]
        _draw_marks(plot, rows_of_pair, _map_heights(groups, centres))
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


def _map_heights(groups: Groups, centres: Sequence[float]) -> dict[str, float]:
    return dict(
        zip((code for countries in groups.values() for code in countries), centres, strict=True)
    )


def _build_sections(
    comparison: IndicatorComparison, groups: Groups, rows_of_pair: pd.DataFrame | None
) -> list[Section]:
    """Return the countries by region, with the numbers of one pair; without them, names alone."""
    rows_by_country = None if rows_of_pair is None else index_by_country(rows_of_pair)
    return [
        Section(
            comparison.translator.translate_or_keep(region) if region else "",
            tuple(_build_row(comparison, code, rows_by_country) for code in members),
        )
        for region, members in groups.items()
    ]


def _build_row(
    comparison: IndicatorComparison, code: str, rows_by_country: Mapping[str, Any] | None
) -> Row:
    if rows_by_country is None:
        return make_row(comparison.country_name(code), "", estimate=0.0)
    if code not in rows_by_country:
        return make_row(
            comparison.country_name(code), comparison.translator("not tested"), estimate=0.0
        )
    cell = rows_by_country[code]
    return make_row(
        comparison.country_name(code), *_format_gap(comparison, cell), estimate=cell.difference
    )


def _format_gap(comparison: IndicatorComparison, cell: Any) -> tuple[str, str]:
    """Return a difference and its interval as printed, in whole points."""
    points, low, high = (
        comparison.format_points(int(end))
        for end in (cell.points, cell.points_low, cell.points_high)
    )
    return points, comparison.translator("({low} to {high})", low=low, high=high)


def _create_single_axes(
    layout: RowLayout, comparison: IndicatorComparison, drawn_rows: pd.DataFrame
) -> Axes:
    end, ticks = symmetric_axis(_find_largest(drawn_rows))
    return _create_gap_axes(layout, comparison, end, ticks)


def _find_largest(drawn_rows: pd.DataFrame) -> float:
    return float(100 * drawn_rows[[*LIMITS]].abs().max().max())


def _create_gap_axes(
    layout: RowLayout,
    comparison: IndicatorComparison,
    end: float,
    ticks: Sequence[float],
    span: tuple[float, float] = (0, 1),
) -> Axes:
    plot = create_row_axes(layout, -end, end, ticks, span)
    plot.set_xticklabels([comparison.format_points(round(tick)) for tick in ticks])
    draw_guides_behind_rows(plot, layout)
    for upper, lower in layout.bounds:
        plot.vlines(0, upper, lower, style.INK, lw=1.0, zorder=1)
    plot.set(xlabel="", ylabel="")
    return plot


def _write_pair_name(layout: RowLayout, name: str, middle: float) -> None:
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
    drawn_rows: pd.DataFrame,
    pairs: Sequence[Pair],
    pair_names: Sequence[str],
    groups: Groups,
) -> None:
    """Draw a panel for each pair, its numbers beside its axis."""
    end, ticks = narrow_axis(_find_largest(drawn_rows))
    heights = _map_heights(groups, layout.centres)
    share, font_size, width = 1 / len(pairs), layout.cut.small, layout.columns.plot_width
    gap = BETWEEN / width
    printed_gaps = {
        (str(cell.level_a), str(cell.level_b), str(cell.country)): " ".join(
            _format_gap(comparison, cell)
        )
        for cell in drawn_rows.itertuples()
    }
    number_width = (
        max(text_width(text, font_size) for text in printed_gaps.values()) + BESIDE
    ) / width
    for number, (pair, name) in enumerate(zip(pairs, pair_names, strict=True)):
        ends = (number * share + gap / 2, (number + 1) * share - gap / 2)
        plot = _create_gap_axes(layout, comparison, end, ticks, (ends[0], ends[1] - number_width))
        middle, right = (
            layout.columns.plot_left + width * fraction for fraction in (sum(ends) / 2, ends[1])
        )
        _write_pair_name(layout, name, middle)
        _draw_marks(plot, drawn_rows[match_pairs(drawn_rows, [pair])], heights)
        for code, height in heights.items():
            printed_gap = printed_gaps.get((*pair, code), comparison.translator("not tested"))
            put_text(
                layout.page, right, layout.top + height, printed_gap, ha="right", size=font_size
            )


def _draw_marks(plot: Axes, rows_of_pair: pd.DataFrame, heights: Mapping[str, float]) -> None:
    """Draw the dots of one pair with their intervals; those of clear differences are filled."""
    y = rows_of_pair["country"].map(heights)
    keys: dict[str, Any] = {"urls": rows_of_pair[ADDRESS].tolist()}
    low, high = (100 * rows_of_pair[limit] for limit in LIMITS)
    plot.hlines(y, low, high, style.TEAL, lw=WIDTH_OF_INTERVAL, **keys)
    fill = [style.TEAL if clear else "white" for clear in rows_of_pair["clear"]]
    plot.scatter(
        100 * rows_of_pair["difference"],
        y,
        s=26,
        c=fill,
        edgecolors=style.TEAL,
        lw=1.2,
        zorder=3,
        **keys,
    )


PANELS_AT_MOST = 3


def draw_gaps(
    comparison: IndicatorComparison, topic: str, domain: Domain, labels: Mapping[str, str]
) -> Drawing | NotDrawn:
    """Draw each country's difference between two levels of a domain, with its intervals.

    A domain of more than two levels has one panel per pair of levels, at most three: then those
    against the first level.

    Args:
        labels: printed labels of its levels, in order.
    """
    table = comparison.find_table("gaps")
    gap_rows = None if table is None else table[table["domain"] == domain.id]
    gap_rows = (
        None if gap_rows is None else gap_rows.dropna(subset=["difference", "ci_low", "ci_high"])
    )
    gap_rows = (
        None if gap_rows is None else gap_rows[~gap_rows["country"].isin(comparison.incomparable)]
    )
    if gap_rows is None or gap_rows.empty:
        return comparison.explain_missing_table()
    pairs = _choose_pairs(gap_rows, list(labels))
    translator, context = comparison.translator, comparison.context
    groups = comparison.group_by_region(
        comparison.sort_by_name([*gap_rows["country"], *comparison.published["country"]])
    )
    subtitle = translator(
        "Percentage points among {population}, {place}; above zero: more among the first named",
        population=name_population(comparison),
        place=context.area_name,
    )
    pair_names = [_name_pair(comparison, pair, labels) for pair in pairs]
    notes = _collect_notes(comparison)
    order = [code for members in groups.values() for code in members]
    gap_rows = _order_gap_rows(comparison, gap_rows, order)
    untested = _explain_untested(comparison, gap_rows, pairs, order, domain)
    left_out = alt_text.join_sentences(list_left_out(comparison, order))
    notes += [*untested, *([left_out] if left_out else [])]
    frame = build_frame(comparison, topic, subtitle, notes, of_groups=True)
    figure = draw_gap_panels(comparison, gap_rows, pairs, pair_names, groups, frame)
    caption = translator(
        "Every interval takes account of the survey design, and of both groups having been drawn "
        "together."
    )
    findings = [
        _describe_pair(comparison, gap_rows, pair, pair_name, order)
        for pair, pair_name in zip(pairs, pair_names, strict=True)
    ]
    if len(pairs) == 1:
        findings += _describe_between_countries(comparison, pairs[0])
    title = alt_text.format_title(context, topic)
    opening = translator("Dot and interval chart of differences: {title}.", title=title)
    return Drawing(
        figure,
        frame,
        caption,
        *describe_drawing(comparison, opening, [*findings, *list_left_out(comparison, order)]),
        gap_rows,
        {"other_pairs": [*gap_rows.loc[~match_pairs(gap_rows, pairs), ADDRESS]]},
    )


def _order_gap_rows(
    comparison: IndicatorComparison, gap_rows: pd.DataFrame, order: Sequence[str]
) -> pd.DataFrame:
    """Return the rows pair by pair, the countries in the order drawn, with their labels."""
    positions = {code: number for number, code in enumerate(order)}
    sorted_rows = gap_rows.sort_values(
        ["level_a", "level_b", "country"],
        key=lambda column: column.map(positions) if column.name == "country" else column,
    )
    labels = sorted_rows["country"].map(comparison.country_name)
    return sorted_rows.assign(label=labels).reset_index(drop=True)


def _choose_pairs(gap_rows: pd.DataFrame, levels: Sequence[str]) -> list[Pair]:
    """Return the pairs of levels that are drawn, in the order of the codebook."""
    positions = {level: number for number, level in enumerate(levels)}
    tested_pairs = {(a, b) for a, b in zip(gap_rows["level_a"], gap_rows["level_b"], strict=True)}
    pairs = sorted(
        tested_pairs,
        key=lambda pair: (positions.get(pair[1], 99), positions.get(pair[0], 99), pair),
    )
    if len(pairs) > PANELS_AT_MOST:
        pairs = [pair for pair in pairs if pair[1] == pairs[0][1]][:PANELS_AT_MOST]
    return pairs


def _name_pair(comparison: IndicatorComparison, pair: Pair, labels: Mapping[str, str]) -> str:
    a, b = (labels.get(level, level) for level in pair)
    return comparison.translator("{first} compared with {second}", first=a, second=b)


def _explain_untested(
    comparison: IndicatorComparison,
    gap_rows: pd.DataFrame,
    pairs: Sequence[Pair],
    order: Sequence[str],
    domain: Domain,
) -> list[str]:
    """Return why a difference is not tested, where a country of the figure lacks one."""
    tested_cells = zip(gap_rows["level_a"], gap_rows["level_b"], gap_rows["country"], strict=True)
    tested = set(tested_cells)
    lacking = [(code, pair) for pair in pairs for code in order if (*pair, code) not in tested]
    return explain_untested_gaps(comparison, lacking, domain.id)


def _collect_notes(comparison: IndicatorComparison) -> list[str]:
    return [
        comparison.translator("Filled dot: a clear difference, by Holm's method over all {areas}."),
        comparison.translator(
            "Each interval is as wide as its step asks; it leaves out zero exactly where a "
            "difference is clear."
        ),
    ]


def _describe_pair(
    comparison: IndicatorComparison,
    gap_rows: pd.DataFrame,
    pair: Pair,
    pair_name: str,
    order: Sequence[str],
) -> str:
    translator = comparison.translator
    rows_of_pair = gap_rows[(gap_rows["level_a"] == pair[0]) & (gap_rows["level_b"] == pair[1])]
    differ = rows_of_pair[rows_of_pair["clear"] & (rows_of_pair["difference"] != 0)]
    positive = differ.loc[differ["difference"] > 0, "country"].tolist()
    negative = differ.loc[differ["difference"] < 0, "country"].tolist()
    numbers = {"pair": pair_name, "total": translator.number(_count_rows(rows_of_pair))}
    sentences = [
        translator(
            "{pair}: the difference is clear in {count} of {total} {areas}.",
            count=translator.number(_count_rows(differ)),
            **numbers,
        )
        if positive or negative
        else translator("{pair}: the difference is clear in none of {total} {areas}.", **numbers)
    ]
    if positive:
        sentences.append(
            translator("Above zero: {countries}.", countries=comparison.list_names(positive))
        )
    if negative:
        sentences.append(
            translator("Below zero: {countries}.", countries=comparison.list_names(negative))
        )
    if untested := set(order) - set(rows_of_pair["country"]):
        sentences.append(
            translator("Not tested: {countries}.", countries=comparison.list_names(untested))
        )
    return " ".join(sentences)


def _count_rows(gap_rows: pd.DataFrame) -> int:
    return cell_count([f"{row_address}/clear" for row_address in gap_rows[ADDRESS]])


def _describe_between_countries(comparison: IndicatorComparison, pair: Pair) -> list[str]:
    """Return how many pairs of countries have clearly unlike differences; empty without a test."""
    table = comparison.find_table("gap_pairs")
    if table is None:
        return []
    rows_of_pair = table[(table["level_a"] == pair[0]) & (table["level_b"] == pair[1])]
    if rows_of_pair.empty:
        return []
    translator, count = comparison.translator, int(rows_of_pair["clear"].sum())
    levels = [f"level_{side}:{address_part(level)}" for side, level in zip("ab", pair, strict=True)]
    if not count:
        return [translator("No two {areas} differ from each other in it.")]
    return [
        translator(
            "{count} of {pairs} pairs of {areas} differ from each other in it.",
            count=comparison.format_count(count, "gap_pairs", *levels, "clear:True"),
            pairs=comparison.format_count(len(rows_of_pair), "gap_pairs", *levels),
        )
    ]
