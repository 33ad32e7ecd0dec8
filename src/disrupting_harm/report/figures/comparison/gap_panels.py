"""The panels of a figure of differences, one for each pair of groups.

They stand side by side over the same countries, or, where the figure is narrow, below each other.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from disrupting_harm.provenance.addresses import ADDRESS
from disrupting_harm.report.figures import style
from disrupting_harm.report.figures.comparison.case import Case, by_country
from disrupting_harm.report.figures.comparison.scales import narrow_axis, symmetric_axis
from disrupting_harm.report.figures.cuts import leading
from disrupting_harm.report.figures.lettering import text_width
from disrupting_harm.report.figures.page import Frame, put_text
from disrupting_harm.report.figures.row_axes import guides_behind_rows, row_axes
from disrupting_harm.report.figures.rows import Row, Rows, Section, heading_height, lay_out_rows

BETWEEN = 5.0  # between two panels, for the labels at their ends
ROOM = "\u00a0"  # in place of a heading: the room of an axis
BESIDE = 3.0  # between the end of a panel's axis and the numbers beside it
WIDTH_OF_INTERVAL = 2.0
LIMITS = ("ci_low", "ci_high")
Pair = tuple[str, str]
Groups = Mapping[str, Sequence[str]]


def draw_gaps(
    case: Case,
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
    lead = leading(framed.cut.small) + 1
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
    case: Case,
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


def _sections(case: Case, groups: Groups, cells: pd.DataFrame | None) -> list[Section]:
    """Return the countries by region, with the numbers of one pair; without them, names alone."""
    known = None if cells is None else by_country(cells)
    return [
        Section(
            case.words.plain(region) if region else "",
            tuple(_row(case, code, known) for code in members),
        )
        for region, members in groups.items()
    ]


def _row(case: Case, code: str, known: Mapping[str, Any] | None) -> Row:
    if known is None:
        return Row(case.name(code), "", estimate=0.0)
    if code not in known:
        return Row(case.name(code), case.words("not tested"), estimate=0.0)
    cell = known[code]
    return Row(case.name(code), *_printed(case, cell), estimate=cell.difference)


def _printed(case: Case, cell: Any) -> tuple[str, str]:
    """Return a difference and its interval as printed, in whole points."""
    points, low, high = (
        case.points(int(end)) for end in (cell.points, cell.points_low, cell.points_high)
    )
    return points, case.words("({low} to {high})", low=low, high=high)


def _only_axes(laid: Rows, case: Case, drawn: pd.DataFrame) -> Axes:
    end, ticks = symmetric_axis(_largest(drawn))
    return _axes(laid, case, end, ticks)


def _largest(drawn: pd.DataFrame) -> float:
    return float(100 * drawn[[*LIMITS]].abs().max().max())


def _axes(
    laid: Rows,
    case: Case,
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
    put_text(laid.page, middle, laid.top - leading(size) / 2, name, ha="center", size=size)


def _draw_side_by_side(
    laid: Rows,
    case: Case,
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
            printed = said.get((*pair, code), case.words("not tested"))
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
