"""Several indicators by two characteristics at once, such as sex and age; nothing is tested.

One panel for each indicator, with a row for each age, in which the groups stand below each other.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from disrupting_harm.report.drawing.marks import Mark
from disrupting_harm.report.drawing.row_chart import Panel, Row, RowChart, Section
from disrupting_harm.report.drawing.scales import percent_axis
from disrupting_harm.report.drawing.widths import WIDE
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.alt_text import FigureContext
from disrupting_harm.report.figures.estimate_chart import (
    build_row,
    explain_no_estimate,
    level_labels,
    respondent_counts,
)
from disrupting_harm.report.figures.figure_record import (
    FigureIdentity,
    FigureRecord,
    FigureTexts,
    write_figure_record,
)
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import Domain, Indicator

PANELS_AT_MOST = 4
JOINT = "|"
# A circle for girls and a diamond for boys; groups of other names take the looks in this order.
LOOKS = ("plain", "second")
LOOK_OF = {"girl": "plain", "boy": "second"}
# The estimate of each pair of levels.
Cells = Mapping[tuple[str, str], Row]


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
    translator = context.translator
    domains = {definition.id: definition for definition in codebook.domains}
    groups, ages = (
        _label_levels(domains[component], codebook, estimates, translator)
        for component in domain.cross
    )
    topic = translator.of_study(domain.label)
    identity = FigureIdentity(domain.id.replace("_", "-"), "crossed", indicators[0].module)
    recalls = {indicator.recall for indicator in indicators[:PANELS_AT_MOST]}
    panels: list[tuple[str, Cells]] = []
    rows: list[Row] = []
    tables = []
    for indicator in indicators[:PANELS_AT_MOST]:
        table = estimates[
            (estimates["indicator"] == indicator.id) & (estimates["domain"] == domain.id)
        ]
        cells = _build_cells(table, groups, ages, translator)
        rows += cells.values()
        if any(cell.estimate is not None for cell in cells.values()):
            label = translator.of_study(indicator.figure_label)
            if len(recalls) > 1:
                label = alt_text.add_period(translator, label, indicator.recall)
            panels.append((label, cells))
            tables.append(table)
    if not panels:
        yield identity.describe_absence(topic, explain_no_estimate(translator, rows))
        return
    subtitle = alt_text.describe_share(context, "" if len(recalls) > 1 else recalls.pop())
    drawn_rows = [cell for _, cells in panels for cell in cells.values()]
    notes = [
        *_describe_signs(translator, drawn_rows),
        *alt_text.note_uncertain_marks(context, drawn_rows),
    ]
    frame = alt_text.build_frame(
        context, topic, subtitle, respondent_counts(pd.concat(tables, ignore_index=True)), notes
    )
    title = alt_text.format_title(context, topic)
    opening = translator("Small charts of estimates: {title}.", title=title)
    sections = [Section(label, tuple(cells.values())) for label, cells in panels]
    yield write_figure_record(
        identity,
        _build_chart(panels, groups, ages, translator),
        frame,
        FigureTexts(
            title,
            translator("Where two lines overlap, the survey may not tell the groups apart."),
            _describe_panels(opening, panels, groups, ages, context),
            alt_text.join_short_text(
                context, opening, alt_text.describe_ends(translator, sections)
            ),
        ),
        folder,
        context.data_kind,
        press=context.press,
    )


def _build_cells(
    table: pd.DataFrame,
    groups: Mapping[str, str],
    ages: Mapping[str, str],
    translator: Translator[str],
) -> Cells:
    """Return the estimate of each pair of levels, of one indicator."""
    pairs = [tuple(level.split(JOINT)) for level in table["level"]]
    labels = [f"{groups.get(a, a)} {ages.get(b, b)}" for a, b in pairs]
    return {
        (group, age): build_row(cell, translator)
        for (group, age), cell in zip(pairs, table.assign(label=labels).itertuples(), strict=True)
    }


def _build_chart(
    panels: Sequence[tuple[str, Cells]],
    groups: Mapping[str, str],
    ages: Mapping[str, str],
    translator: Translator[str],
) -> RowChart:
    """Return the chart of all indicators on one axis, with a key of the groups."""
    reaches = [cell.reach for _, cells in panels for cell in cells.values()]
    axis = percent_axis(max(reaches, default=0.0), translator)
    looks = {group: LOOK_OF.get(group, look) for group, look in zip(groups, LOOKS, strict=True)}
    drawn_panels = []
    for heading, cells in panels:
        rows = []
        for age, label in ages.items():
            marks = (
                _build_mark(cells[group, age], slot, looks[group], translator)
                for slot, group in enumerate(groups)
                if (group, age) in cells
            )
            rows.append(Row(label, marks=tuple(marks)))
        drawn_panels.append(Panel(axis, (Section("", tuple(rows)),), heading))
    key = tuple((looks[group], label) for group, label in groups.items())
    return RowChart(tuple(drawn_panels), beside="shared", key=key)


def _build_mark(cell: Row, slot: int, look: str, translator: Translator[str]) -> Mark:
    """Return the mark of a group in its slot, with its number; of a bound with its limit."""
    mark = cell.marks[0]
    shown = cell.printed_text if mark.value is not None else ""
    if mark.sign == "bound" and mark.low is not None and mark.high is not None:
        sign, limit = (">", mark.low) if mark.low > 0 else ("<", mark.high)
        shown = f"{sign}{translator.with_sign(int(limit))}"
    if mark.look.endswith("caution"):
        look = "caution" if look == "plain" else f"{look} caution"
    return replace(mark, slot=slot, look=look, shown=shown)


def _find_crossed_domain(codebook: Codebook, estimates: pd.DataFrame) -> Domain | None:
    """Return the first crossed domain that has estimates and two groups side by side."""
    for domain in codebook.domains:
        if domain.cross:
            levels = estimates.loc[estimates["domain"] == domain.id, "level"]
            if len({level.split(JOINT)[0] for level in levels}) == len(LOOKS):
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


def _describe_signs(translator: Translator[str], rows: Sequence[Row]) -> list[str]:
    """Return what the signs in these panels mean: they have no room for words."""
    signs = {row.sign for row in rows}
    meanings = {
        "privacy": translator("Pale band: not shown, to protect those asked."),
        "uncertain": translator("Broken frame: not shown, too uncertain."),
        "bound": translator("Hatched: only a bound is printed."),
        "unasked": translator("Dash: not asked."),
    }
    notes = [meaning for sign, meaning in meanings.items() if sign in signs]
    return [alt_text.join_sentences(notes)] if notes else []


def _describe_panels(
    opening: str,
    panels: Sequence[tuple[str, Cells]],
    groups: Mapping[str, str],
    ages: Mapping[str, str],
    context: FigureContext,
) -> str:
    """Return the shares of each panel by group, with their intervals."""
    translator, findings = context.translator, []
    for heading, cells in panels:
        group_texts = []
        for group, label in groups.items():
            rows_of_group = [(age, cells.get((group, age))) for age in ages]
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
            translator("{heading}: {findings}.", heading=heading, findings="; ".join(group_texts))
        )
    level = translator("In brackets: {level} per cent intervals.", level=context.level)
    return alt_text.join_sentences([opening, *findings, level, context.stamp])
