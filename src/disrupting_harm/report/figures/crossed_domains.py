"""Several indicators by two characteristics at once, such as sex and age; nothing is tested."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from disrupting_harm.core.files import write_csv
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.alt_text import FigureContext
from disrupting_harm.report.figures.drawing import page_furniture as paper
from disrupting_harm.report.figures.drawing import print_formats, style
from disrupting_harm.report.figures.drawing.figure_record import FigureRecord
from disrupting_harm.report.figures.drawing.marks import MARKS
from disrupting_harm.report.figures.drawing.page_furniture import MARGIN, Frame, put_text
from disrupting_harm.report.figures.drawing.text_shaping import text_width, wrap
from disrupting_harm.report.figures.drawing.widths import MM_PER_POINT, WIDE, Cut, line_height
from disrupting_harm.report.figures.estimate_chart import (
    build_figure_record,
    build_row,
    explain_no_estimate,
    level_labels,
    respondent_counts,
)
from disrupting_harm.report.figures.row_chart import HATCH, Row, Section
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import Domain, Indicator

# One panel for each indicator. Groups of one age stand side by side, and differ by shape. A number
# stands above its interval, that of a bound beyond the end of its hatched bar.
BETWEEN = 5.0  # panels
TICKS = 8.5  # room of the numbers of the axis
PLOT = 32.0
AXIS = 5.0
ABOVE = 3.5  # room for the number of an interval that reaches the top
KEY = 5.5  # room of the line that names the groups
ASIDE = 0.2  # of a group from the middle of its age
LINE = 1.2  # of the letters' size: what the height of a number takes
HALF = 0.11  # of what stands in place of an estimate
# A circle for girls and a diamond for boys; groups of other names take the looks in this order.
LOOKS = ("plain", "second")
LOOK_OF = {"girl": "plain", "boy": "second"}


@dataclass(frozen=True)
class Panel:
    """One indicator: a row for each pair of levels, by (first level, second level)."""

    heading: str
    rows: Mapping[tuple[str, str], Row]


def _choose_look(group: str, index: int, row: Row | None = None) -> str:
    look = LOOK_OF.get(group, LOOKS[index])
    if row is None or not row.look.endswith("caution"):
        return look
    return "caution" if look == "plain" else f"{look} caution"


def draw_panels(
    panels: Sequence[Panel],
    groups: Mapping[str, str],
    ages: Mapping[str, str],
    frame: Frame,
    translator: Translator[str],
) -> Figure:
    """Return a small chart of each indicator, side by side, with one axis for all.

    Args:
        groups: labels of the levels that stand side by side, in order.
        ages: labels of the levels along the axis, in order.
    """
    cut = frame.cut
    across = 1 if cut.narrow else len(panels)
    width = (cut.width - 2 * MARGIN - BETWEEN * (across - 1)) / across
    look = {"size": cut.text, "weight": style.SEMIBOLD}
    headings = [wrap(panel.heading, width, cut.text, True) for panel in panels]
    line, line_count = line_height(cut.text), max(len(heading) for heading in headings)
    panel_height = line * line_count + ABOVE + PLOT + AXIS
    figure, page, top = paper.lay_out_page(frame, KEY + panel_height * -(-len(panels) // across))
    _draw_group_key(page, groups, top + KEY / 2 - 0.8, cut)
    reaches = [row.reach for panel in panels for row in panel.rows.values()]
    end, step = style.percent_axis(max(reaches, default=0.0))
    for index, (panel, heading) in enumerate(zip(panels, headings, strict=True)):
        left = MARGIN + (index % across) * (width + BETWEEN)
        panel_top = top + KEY + (index // across) * panel_height
        for number, text in enumerate(heading):
            put_text(page, left, panel_top + line * (number + 0.5), text, **look)
        box = (left + TICKS, panel_top + line * line_count + ABOVE, width - TICKS, PLOT)
        plot = paper.place_axes(figure, *box)
        _set_panel_axis(plot, ages, end, step, translator, cut)
        for position, age in enumerate(ages):
            rows_of_age = []
            for number, group in enumerate(groups):
                if row := panel.rows.get((group, age)):
                    x = position + ASIDE * (2 * number - 1)
                    _draw_estimate(plot, row, x, end, _choose_look(group, number, row))
                    rows_of_age.append((x, row))
            _write_numbers(plot, rows_of_age, translator, cut)
    return figure


def _draw_group_key(page: Axes, groups: Mapping[str, str], y: float, cut: Cut) -> None:
    """Name the groups beside their marks."""
    x = MARGIN + 1.5
    for index, (group, label) in enumerate(groups.items()):
        mark = MARKS[_choose_look(group, index)]
        page.scatter(
            [x], [y], s=mark.size, marker=mark.shape, facecolor=mark.fill, edgecolor=mark.edge,
            linewidth=1.2,
        )  # fmt: skip
        look = {"size": cut.text, "color": mark.edge, "weight": style.SEMIBOLD}
        put_text(page, x + 2.5, y, label, **look)
        x += 2.5 + text_width(label, cut.text, True) + 6


def _set_panel_axis(
    plot: Axes,
    ages: Mapping[str, str],
    end: float,
    step: float,
    translator: Translator[str],
    cut: Cut,
) -> None:
    """Set the limits and ticks that all panels share; the highest tick has the sign of per cent."""
    ticks = [step * tick for tick in range(int(end / step) + 1)]
    tick_labels = [translator.number(tick) for tick in ticks[:-1]]
    plot.set(xlim=(-0.5, len(ages) - 0.5), ylim=(0, end))
    plot.set_xticks(range(len(ages)), list(ages.values()))
    plot.set_yticks(ticks, [*tick_labels, translator.with_sign(int(end))])
    plot.tick_params(labelsize=cut.small)
    for number in plot.get_yticklabels():
        number.set_verticalalignment("center")
    plot.grid(visible=False, axis="x")
    for spine in ("left", "right", "top"):
        plot.spines[spine].set_visible(False)


def _draw_estimate(plot: Axes, row: Row, x: float, end: float, look: str) -> None:
    if row.estimate is None or row.ci_low is None or row.ci_high is None:
        _draw_sign(plot, row, x, end)
        return
    mark = MARKS[look]
    plot.vlines(
        x, row.ci_low, row.ci_high, mark.line_color, linestyles=mark.line, lw=3, clip_on=False,
        urls=[row.row_address],
    )  # fmt: skip
    plot.scatter(
        [x], [row.estimate], s=mark.size, marker=mark.shape, facecolor=mark.fill,
        edgecolor=mark.edge, linewidth=1.2, zorder=3, clip_on=False, urls=[row.row_address],
    )  # fmt: skip


@dataclass(frozen=True)
class _PrintedNumber:
    """A number beyond the end of a bar: above it, or below the bar of a least value."""

    x: float
    y: float
    text: str
    below: bool = False

    def spans(self, width: float, height: float) -> tuple[float, float, float, float]:
        """Return left, right, lower and upper edge of a text so wide and high."""
        low = self.y - height if self.below else self.y
        return self.x - width / 2, self.x + width / 2, low, low + height


def _write_numbers(
    plot: Axes, rows_of_age: Sequence[tuple[float, Row]], translator: Translator[str], cut: Cut
) -> None:
    """Write the numbers of the groups of one age: estimates above intervals, bounds where there is
    room.
    """
    across, up = paper.per_millimetre(plot)
    height = LINE * cut.small * MM_PER_POINT * up
    written_numbers = [
        _place_estimate(x, row, translator) for x, row in rows_of_age if row.ci_high is not None
    ]
    bounds = [
        _place_bound(x, row, translator)
        for x, row in rows_of_age
        if row.missing == "bound" and row.limits
    ]
    if len(bounds) > 1 and len({(bound.y, bound.text) for bound in bounds}) == 1:
        middle = sum(bound.x for bound in bounds) / len(bounds)
        bounds = [replace(bounds[0], x=middle)]
    for bound in bounds:
        number = bound
        while any(
            _do_overlap(number, neighbour, across, height, cut) for neighbour in written_numbers
        ):
            number = replace(number, y=number.y + (-height if number.below else height))
        _, _, low, high = number.spans(0.0, height)
        if low >= 0 and high <= plot.get_ylim()[1] + ABOVE * up:
            written_numbers.append(number)
    for number in written_numbers:
        look: dict[str, Any] = {"ha": "center", "va": "top" if number.below else "bottom"}
        gap = (0, -1.5 if number.below else 0.5)
        plot.annotate(
            number.text, (number.x, number.y), gap, textcoords="offset points", size=cut.small,
            **look,
        )  # fmt: skip


def _place_estimate(x: float, row: Row, translator: Translator[str]) -> _PrintedNumber:
    # The axis has the sign: two numbers with it, or "under 1", would have no room side by side.
    some = bool(row.estimate)
    return _PrintedNumber(x, row.ci_high or 0.0, translator.of_100(row.whole_percent or 0, some))


def _place_bound(x: float, row: Row, translator: Translator[str]) -> _PrintedNumber:
    low, high = row.limits or (0.0, 0.0)
    least = low > 0
    limit = translator.number(low if least else high)
    return _PrintedNumber(x, low if least else high, f"{'>' if least else '<'}{limit}", least)


def _do_overlap(
    first_number: _PrintedNumber,
    second_number: _PrintedNumber,
    across: float,
    height: float,
    cut: Cut,
) -> bool:
    (left, right, low, high), (other_left, other_right, other_low, other_high) = (
        number.spans(text_width(number.text, cut.small) * across, height)
        for number in (first_number, second_number)
    )
    return left < other_right and other_left < right and low < other_high and other_low < high


def _draw_sign(plot: Axes, row: Row, x: float, end: float) -> None:
    """Draw the sign of why there is no estimate; the notes say what each means."""
    low, high = row.limits if row.missing == "bound" and row.limits else (0.0, end)
    if row.missing in ("unasked", "unrecorded"):
        plot.hlines(0.03 * end, x - HALF, x + HALF, style.MID, lw=1.4, urls=[row.row_address])
        return
    look: dict[str, object] = {"color": style.PLACE, "linewidth": 0}
    if row.missing == "bound":
        look = {"fill": False, "hatch": HATCH, "edgecolor": style.MID, "linewidth": 0.7}
    elif row.missing == "uncertain":
        look = {
            "facecolor": "white", "edgecolor": style.MID, "linestyle": (0, (2, 1.4)),
            "linewidth": 0.7,
        }  # fmt: skip
    box = (x - HALF, low), 2 * HALF, high - low
    plot.add_patch(Rectangle(*box, zorder=1.5, url=row.row_address, **look))  # type: ignore[arg-type]


PANELS_AT_MOST = 4
GROUPS = 2  # side by side
JOINT = "|"


def draw_crossed(
    estimates: pd.DataFrame,
    indicators: Sequence[Indicator],
    codebook: Codebook,
    context: FigureContext,
    folder: Path,
) -> Iterator[FigureRecord]:
    """Draw indicators by the first crossed domain whose first part has two levels.

    Args:
        estimates: the public estimates of a country.
        indicators: those that may be drawn, in their order.
    """
    domain = _find_crossed_domain(codebook, estimates)
    if domain is None or not indicators:
        return
    context = replace(context, cut=WIDE) if not context.cut.narrow else context
    translator, domains = (
        context.translator,
        {identity.id: identity for identity in codebook.domains},
    )
    groups, ages = (
        _label_levels(domains[component], codebook, estimates, translator)
        for component in domain.cross
    )
    topic = translator.of_study(domain.label)
    name = domain.id.replace("_", "-")
    recalls = {indicator.recall for indicator in indicators[:PANELS_AT_MOST]}
    mixed_recalls = len(recalls) > 1
    panels, tables = _build_panels(
        estimates, domain, indicators[:PANELS_AT_MOST], (groups, ages), translator, mixed_recalls
    )
    identity = (name, "crossed", indicators[0].module, "", topic)
    rows = [row for panel in panels for row in panel.rows.values()]
    if all(row.estimate is None for row in rows):
        yield FigureRecord(
            *identity, caption="", alt="", absent=explain_no_estimate(translator, rows)
        )
        return
    table = pd.concat(tables, ignore_index=True)
    subtitle = alt_text.describe_share(context, "" if mixed_recalls else recalls.pop())
    notes = [*_describe_signs(translator, rows), *alt_text.note_uncertain_marks(context, rows)]
    frame = alt_text.build_frame(context, topic, subtitle, respondent_counts(table), notes)
    title = alt_text.format_title(context, topic)
    figure = draw_panels(panels, groups, ages, frame, translator)
    files = print_formats.write_figure(figure, folder, name, title, context.press)
    write_csv(folder / f"{name}.csv", table.assign(data_kind=context.data_kind))
    opening = translator("Small charts of estimates: {title}.", title=title)
    yield build_figure_record(
        identity,
        frame,
        files,
        caption=translator("Where two lines overlap, the survey may not tell the groups apart."),
        alt=_describe_panels(opening, panels, groups, ages, context),
        alt_short=alt_text.join_short_text(context, opening, _summarise_panels(panels, translator)),
    )


def _find_crossed_domain(codebook: Codebook, estimates: pd.DataFrame) -> Domain | None:
    """Return the first crossed domain that has estimates and two groups side by side."""
    for domain in codebook.domains:
        if domain.cross:
            levels = estimates.loc[estimates["domain"] == domain.id, "level"]
            if len({level.split(JOINT)[0] for level in levels}) == GROUPS:
                return domain
    return None


def _label_levels(
    component: Domain, codebook: Codebook, estimates: pd.DataFrame, translator: Translator[str]
) -> dict[str, str]:
    """Return the printed labels of one part's levels in their order; girls stand first."""
    labels = level_labels(
        component, codebook, estimates.loc[estimates["domain"] == component.id, "level"], translator
    )
    return dict(sorted(labels.items(), key=lambda item: item[0] != "girl"))


def _build_panels(
    estimates: pd.DataFrame,
    domain: Domain,
    indicators: Sequence[Indicator],
    levels: tuple[Mapping[str, str], Mapping[str, str]],
    translator: Translator[str],
    name_periods: bool,
) -> tuple[list[Panel], list[pd.DataFrame]]:
    """Return the panels with their table rows; each may name the period that it speaks of."""
    groups, ages = levels
    panels, tables = [], []
    for indicator in indicators:
        rows_of_indicator = estimates[
            (estimates["indicator"] == indicator.id) & (estimates["domain"] == domain.id)
        ]
        pairs = [tuple(level.split(JOINT)) for level in rows_of_indicator["level"]]
        labels = [f"{groups.get(a, a)} {ages.get(b, b)}" for a, b in pairs]
        rows_of_indicator = rows_of_indicator.assign(label=labels)
        rows = {
            pair: build_row(cell, translator)
            for pair, cell in zip(pairs, rows_of_indicator.itertuples(), strict=True)
        }
        if any(row.estimate is not None for row in rows.values()):
            label = translator.of_study(indicator.figure_label)
            heading = (
                alt_text.add_period(translator, label, indicator.recall) if name_periods else label
            )
            panels.append(Panel(heading, rows))
            tables.append(rows_of_indicator)
    return panels, tables


def _describe_signs(translator: Translator[str], rows: Sequence[Row]) -> list[str]:
    """Return what the signs in these panels mean: they have no room for words."""
    missing_kinds = {row.missing for row in rows}
    meanings = {
        "privacy": translator("Pale band: not shown, to protect those asked."),
        "uncertain": translator("Broken frame: not shown, too uncertain."),
        "bound": translator("Hatched: only a bound is printed."),
        "unasked": translator("Dash: not asked."),
    }
    notes = [meaning for missing, meaning in meanings.items() if missing in missing_kinds]
    return [alt_text.join_sentences(notes)] if notes else []


def _describe_panels(
    opening: str,
    panels: Sequence[Panel],
    groups: Mapping[str, str],
    ages: Mapping[str, str],
    context: FigureContext,
) -> str:
    """Return the shares of each panel by group, with their intervals."""
    translator, findings = context.translator, []
    for panel in panels:
        group_texts = []
        for group, label in groups.items():
            rows_of_group = [(age, panel.rows.get((group, age))) for age in ages]
            shares = [
                translator(
                    "{label} {finding}",
                    label=ages[age],
                    finding=alt_text.format_finding(translator, row),
                )
                for age, row in rows_of_group
                if row is not None
            ]
            group_texts.append(f"{label} {translator.enumeration(shares)}")
        findings.append(
            translator(
                "{heading}: {findings}.", heading=panel.heading, findings="; ".join(group_texts)
            )
        )
    level = translator("In brackets: {level} per cent intervals.", level=context.level)
    return alt_text.join_sentences([opening, *findings, level, context.stamp])


def _summarise_panels(panels: Sequence[Panel], translator: Translator[str]) -> list[str]:
    """Return where the estimates of each panel begin and end."""
    sections = [Section(panel.heading, tuple(panel.rows.values())) for panel in panels]
    return alt_text.describe_ends(translator, sections)
