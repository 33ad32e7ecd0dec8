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
    Rows,
    Section,
    guides_behind_rows,
    heading_height,
    lay_out_rows,
    row_axes,
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
    case: IndicatorComparison,
    own: pd.DataFrame,
    pairs: Sequence[Pair],
    named: Sequence[str],
    groups: Groups,
    framed: Frame,
) -> Figure:
    """Draw the differences of these pairs of groups.

    Args:
        case: the indicator.
        own: the rows of the table of differences.
        pairs: of levels, in the order drawn.
        named: what each pair is called.
        groups: the countries of each region, in the order drawn.
        framed: the texts round it, and the cut.
    """
    drawn = own[is_of(own, pairs)]
    if framed.cut.narrow:
        return _below_each_other(case, drawn, pairs, named, groups, framed)
    lead = line_height(framed.cut.small) + 1
    if len(pairs) == 1:
        sections = _sections(case, groups, drawn)
        laid = lay_out_rows(sections, framed, lead=lead, over=True)
        plot = _only_axes(laid, case, drawn)
        middle = laid.columns.plot_left + laid.columns.plot_width / 2
        _write_pair(laid, named[0], middle)
        _draw_marks(plot, drawn, _heights(groups, laid.centres))
        return laid.figure
    laid = lay_out_rows(_sections(case, groups, None), framed, lead=lead, over=True)
    _draw_side_by_side(laid, case, drawn, pairs, named, groups)
    return laid.figure


def is_of(own: pd.DataFrame, pairs: Sequence[Pair]) -> pd.Series:
    """Return which rows of the table are of these pairs of levels."""
    found = [pair in pairs for pair in zip(own["level_a"], own["level_b"], strict=True)]
    return pd.Series(found, own.index)


def _below_each_other(
    case: IndicatorComparison,
    drawn: pd.DataFrame,
    pairs: Sequence[Pair],
    named: Sequence[str],
    groups: Groups,
    framed: Frame,
) -> Figure:
    """Draw one pair below the other, each below its name and above the numbers of the axis."""
    cells = [drawn[is_of(drawn, [pair])] for pair in pairs]
    panels = [
        [Section(name, ()), *_sections(case, groups, own), Section(ROOM, ())]
        for own, name in zip(cells, named, strict=True)
    ]
    sections = [section for panel in panels for section in panel][:-1]  # below the last is its axis
    laid = lay_out_rows(sections, framed, over=True)
    plot = _only_axes(laid, case, drawn)
    for upper, _ in laid.bounds[len(panels[0]) - 1 :: len(panels[0])]:
        _write_axis(laid, plot, upper)
    count = len(laid.centres) // len(pairs)
    for number, own in enumerate(cells):
        centres = laid.centres[number * count : (number + 1) * count]
        _draw_marks(plot, own, _heights(groups, centres))
    return laid.figure


def _write_axis(laid: Rows, plot: Axes, lower: float) -> None:
    """Write the numbers of the axis above ``lower``, into the room below a panel."""
    columns, size = laid.columns, laid.cut.small
    left, right = plot.get_xlim()
    y = laid.top + lower - heading_height(laid.cut) / 2
    for tick, label in zip(plot.get_xticks(), plot.get_xticklabels(), strict=True):
        x = columns.plot_left + columns.plot_width * (tick - left) / (right - left)
        color = label.get_color()
        put_text(laid.page, x, y, label.get_text(), ha="center", size=size, color=color)


def _heights(groups: Groups, centres: Sequence[float]) -> dict[str, float]:
    return dict(zip((code for own in groups.values() for code in own), centres, strict=True))


def _sections(
    case: IndicatorComparison, groups: Groups, cells: pd.DataFrame | None
) -> list[Section]:
    """Return the countries by region, with the numbers of one pair; without them, names alone."""
    known = None if cells is None else by_country(cells)
    return [
        Section(
            case.translator.plain(region) if region else "",
            tuple(_row(case, code, known) for code in members),
        )
        for region, members in groups.items()
    ]


def _row(case: IndicatorComparison, code: str, known: Mapping[str, Any] | None) -> Row:
    if known is None:
        return Row(case.name(code), "", estimate=0.0)
    if code not in known:
        return Row(case.name(code), case.translator("not tested"), estimate=0.0)
    cell = known[code]
    return Row(case.name(code), *_printed(case, cell), estimate=cell.difference)


def _printed(case: IndicatorComparison, cell: Any) -> tuple[str, str]:
    """Return a difference and its interval as printed, in whole points."""
    points, low, high = (
        case.points(int(end)) for end in (cell.points, cell.points_low, cell.points_high)
    )
    return points, case.translator("({low} to {high})", low=low, high=high)


def _only_axes(laid: Rows, case: IndicatorComparison, drawn: pd.DataFrame) -> Axes:
    end, ticks = symmetric_axis(_largest(drawn))
    return _axes(laid, case, end, ticks)


def _largest(drawn: pd.DataFrame) -> float:
    return float(100 * drawn[[*LIMITS]].abs().max().max())


def _axes(
    laid: Rows,
    case: IndicatorComparison,
    end: float,
    ticks: Sequence[float],
    span: tuple[float, float] = (0, 1),
) -> Axes:
    plot = row_axes(laid, -end, end, ticks, span)
    plot.set_xticklabels([case.points(round(tick)) for tick in ticks])
    guides_behind_rows(plot, laid)
    for upper, lower in laid.bounds:
        plot.vlines(0, upper, lower, style.INK, lw=1.0, zorder=1)
    plot.set(xlabel="", ylabel="")
    return plot


def _write_pair(laid: Rows, name: str, middle: float) -> None:
    size = laid.cut.small
    put_text(laid.page, middle, laid.top - line_height(size) / 2, name, ha="center", size=size)


def _draw_side_by_side(
    laid: Rows,
    case: IndicatorComparison,
    drawn: pd.DataFrame,
    pairs: Sequence[Pair],
    named: Sequence[str],
    groups: Groups,
) -> None:
    """Draw a panel for each pair, its numbers beside its axis."""
    end, ticks = narrow_axis(_largest(drawn))
    heights = _heights(groups, laid.centres)
    share, size, width = 1 / len(pairs), laid.cut.small, laid.columns.plot_width
    gap = BETWEEN / width
    said = {
        (str(cell.level_a), str(cell.level_b), str(cell.country)): " ".join(_printed(case, cell))
        for cell in drawn.itertuples()
    }
    beside = (max(text_width(text, size) for text in said.values()) + BESIDE) / width
    for number, (pair, name) in enumerate(zip(pairs, named, strict=True)):
        ends = (number * share + gap / 2, (number + 1) * share - gap / 2)
        plot = _axes(laid, case, end, ticks, (ends[0], ends[1] - beside))
        middle, right = (laid.columns.plot_left + width * part for part in (sum(ends) / 2, ends[1]))
        _write_pair(laid, name, middle)
        _draw_marks(plot, drawn[is_of(drawn, [pair])], heights)
        for code, height in heights.items():
            printed = said.get((*pair, code), case.translator("not tested"))
            put_text(laid.page, right, laid.top + height, printed, ha="right", size=size)


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
    case: IndicatorComparison, subject: str, domain: Domain, labels: Mapping[str, str]
) -> Drawing | NotDrawn:
    """Draw each country's difference between two levels of a domain, with its intervals.

    A domain of more than two levels has one panel per pair of levels, at most three: then those
    against the first level.

    Args:
        case: the indicator.
        subject: the title of the figure.
        domain: the domain whose levels are compared.
        labels: printed labels of its levels, in order.
    """
    table = case.table("gaps")
    own = None if table is None else table[table["domain"] == domain.id]
    own = None if own is None else own.dropna(subset=["difference", "ci_low", "ci_high"])
    own = None if own is None else own[~own["country"].isin(case.apart)]
    if own is None or own.empty:
        return case.missing()
    pairs = _pairs(own, list(labels))
    translator, setting = case.translator, case.setting
    groups = case.grouped(case.alphabetical([*own["country"], *case.shown["country"]]))
    measure = translator(
        "Percentage points among {population}, {place}; above zero: more among the first named",
        population=population(case),
        place=setting.place,
    )
    named = [_named(case, pair, labels) for pair in pairs]
    notes = _notes(case)
    order = [code for members in groups.values() for code in members]
    own = _in_order(case, own, order)
    untested = _untested(case, own, pairs, order, domain)
    left_out = alt_text.join(not_drawn(case, order))
    notes += [*untested, *([left_out] if left_out else [])]
    framed = frame(case, subject, measure, notes, of_groups=True)
    figure = draw_gaps(case, own, pairs, named, groups, framed)
    reading = translator(
        "Every interval takes account of the survey design, and of both groups having been drawn "
        "together."
    )
    findings = [
        _finding(case, own, pair, text, order) for pair, text in zip(pairs, named, strict=True)
    ]
    if len(pairs) == 1:
        findings += _between(case, pairs[0])
    title = alt_text.title(setting, subject)
    opening = translator("Dot and interval chart of differences: {title}.", title=title)
    return Drawing(
        figure,
        framed,
        reading,
        *alternative(case, opening, [*findings, *not_drawn(case, order)]),
        own,
        {"other_pairs": [*own.loc[~is_of(own, pairs), ADDRESS]]},
    )


def _in_order(case: IndicatorComparison, own: pd.DataFrame, order: Sequence[str]) -> pd.DataFrame:
    """Return the rows pair by pair, the countries in the order drawn, with their labels."""
    place = {code: number for number, code in enumerate(order)}
    sorted_rows = own.sort_values(
        ["level_a", "level_b", "country"],
        key=lambda column: column.map(place) if column.name == "country" else column,
    )
    labels = sorted_rows["country"].map(case.name)
    return sorted_rows.assign(label=labels).reset_index(drop=True)


def _pairs(own: pd.DataFrame, levels: Sequence[str]) -> list[Pair]:
    """The pairs of levels drawn, in the order of the codebook."""
    place = {level: number for number, level in enumerate(levels)}
    found = {(a, b) for a, b in zip(own["level_a"], own["level_b"], strict=True)}
    pairs = sorted(found, key=lambda pair: (place.get(pair[1], 99), place.get(pair[0], 99), pair))
    if len(pairs) > PANELS_AT_MOST:
        pairs = [pair for pair in pairs if pair[1] == pairs[0][1]][:PANELS_AT_MOST]
    return pairs


def _named(case: IndicatorComparison, pair: Pair, labels: Mapping[str, str]) -> str:
    a, b = (labels.get(level, level) for level in pair)
    return case.translator("{first} compared with {second}", first=a, second=b)


def _untested(
    case: IndicatorComparison,
    own: pd.DataFrame,
    pairs: Sequence[Pair],
    order: Sequence[str],
    domain: Domain,
) -> list[str]:
    """Return why a difference is not tested, where a country of the figure lacks one."""
    cells = zip(own["level_a"], own["level_b"], own["country"], strict=True)
    tested = set(cells)
    lacking = [(code, pair) for pair in pairs for code in order if (*pair, code) not in tested]
    return untested_sentences(case, lacking, domain.id)


def _notes(case: IndicatorComparison) -> list[str]:
    return [
        case.translator("Filled dot: a clear difference, by Holm's method over all {areas}."),
        case.translator(
            "Each interval is as wide as its step asks; it leaves out zero exactly where a "
            "difference is clear."
        ),
    ]


def _finding(
    case: IndicatorComparison, own: pd.DataFrame, pair: Pair, named: str, order: Sequence[str]
) -> str:
    translator = case.translator
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
        sentences.append(translator("Above zero: {countries}.", countries=case.listed(above)))
    if below:
        sentences.append(translator("Below zero: {countries}.", countries=case.listed(below)))
    if untested := set(order) - set(cells["country"]):
        sentences.append(translator("Not tested: {countries}.", countries=case.listed(untested)))
    return " ".join(sentences)


def _how_many(cells: pd.DataFrame) -> int:
    return cell_count([f"{where}/clear" for where in cells[ADDRESS]])


def _between(case: IndicatorComparison, pair: Pair) -> list[str]:
    """Say how many pairs of countries differ in this difference."""
    table = case.table("gap_pairs")
    if table is None:
        return []
    own = table[(table["level_a"] == pair[0]) & (table["level_b"] == pair[1])]
    if own.empty:
        return []
    translator, count = case.translator, int(own["clear"].sum())
    levels = [f"level_{side}:{address_part(level)}" for side, level in zip("ab", pair, strict=True)]
    if not count:
        return [translator("No two {areas} differ from each other in it.")]
    return [
        translator(
            "{count} of {pairs} pairs of {areas} differ from each other in it.",
            count=case.count(count, "gap_pairs", *levels, "clear:True"),
            pairs=case.count(len(own), "gap_pairs", *levels),
        )
    ]
