"""Several indicators by two characteristics at once, such as sex and age; nothing is tested.

One panel for each indicator, with a row for each age, in which the groups stand below each other.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from disrupting_harm.report.drawing.marks import Mark
from disrupting_harm.report.drawing.row_chart import RowChart
from disrupting_harm.report.drawing.rows import Panel, Row, Section
from disrupting_harm.report.drawing.scales import percent_axis
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.alt_text import FigureContext
from disrupting_harm.report.figures.estimate_chart import ChartPlan, build_row, level_labels
from disrupting_harm.report.figures.finding_titles import TitleFinder
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import Domain, Indicator

PANELS_AT_MOST = 4
JOINT = "|"
# A circle for girls and a diamond for boys; groups of other names take the looks in this order.
LOOKS = ("plain", "second")
LOOK_OF = {"girl": "plain", "boy": "second"}
# An indicator as printed, and its estimate of each pair of levels.
Crossed = tuple[str, Mapping[tuple[str, str], Row]]


def plan_crossed(
    estimates: pd.DataFrame,
    indicators: Sequence[Indicator],
    codebook: Codebook,
    context: FigureContext,
    finder: TitleFinder,
) -> Iterator[ChartPlan]:
    """Yield the chart of the first crossed domain whose first part has two levels.

    Args:
        estimates: the public estimates of a country.
        indicators: those that may be drawn, in their order.
    """
    domain = _find_crossed_domain(codebook, estimates)
    if domain is None or not indicators:
        return
    translator, indicators = context.translator, indicators[:PANELS_AT_MOST]
    domains = {definition.id: definition for definition in codebook.domains}
    groups, ages = (
        _label_levels(domains[component], codebook, estimates, translator)
        for component in domain.cross
    )
    name = domain.id.replace("_", "-")
    topic = finder.find(name) or translator.of_study(domain.label)
    recalls = {indicator.recall for indicator in indicators}
    table = estimates[estimates["domain"] == domain.id]
    pairs = [tuple(level.split(JOINT)) for level in table["level"]]
    table = table.assign(label=[f"{groups.get(a, a)} {ages.get(b, b)}" for a, b in pairs])
    crossed: list[Crossed] = []
    for indicator in indicators:
        cells = {
            (group, age): build_row(cell, translator)
            for cell, (group, age) in zip(table.itertuples(), pairs, strict=True)
            if cell.indicator == indicator.id
        }
        label = translator.of_study(indicator.figure_label)
        if len(recalls) > 1:
            label = alt_text.add_period(translator, label, indicator.recall)
        crossed.append((label, cells))
    published = [
        (indicator.id, cells)
        for indicator, cells in zip(indicators, crossed, strict=True)
        if any(cell.estimate is not None for cell in cells[1].values())
    ]
    if published:
        crossed = [cells for _, cells in published]
    sections = [Section(label, tuple(cells.values())) for label, cells in crossed]
    opening = translator(
        "Small charts of estimates: {title}.", title=alt_text.format_title(context, topic)
    )
    yield ChartPlan(
        name,
        "crossed",
        indicators[0].module,
        "",
        topic,
        tuple(sections),
        table[table["indicator"].isin([indicator_id for indicator_id, _ in published])],
        "" if len(recalls) > 1 else recalls.pop(),
        notes=(_describe_signs(translator, [row for s in sections for row in s.rows]),),
        caption=alt_text.caption_overlaps(translator),
        chart=_build_chart(crossed, groups, ages, translator),
        descriptions=(
            _describe_panels(opening, crossed, groups, ages, context),
            alt_text.join_short_text(
                context, opening, alt_text.describe_ends(translator, sections)
            ),
        ),
    )


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


def _build_chart(
    crossed: Sequence[Crossed],
    groups: Mapping[str, str],
    ages: Mapping[str, str],
    translator: Translator[str],
) -> RowChart:
    """Return the chart of all indicators on one axis, with a key of the groups."""
    reaches = [cell.reach for _, cells in crossed for cell in cells.values()]
    axis = percent_axis(max(reaches, default=0.0), translator)
    looks = {group: LOOK_OF.get(group, look) for group, look in zip(groups, LOOKS, strict=True)}
    panels = []
    for heading, cells in crossed:
        rows = []
        for age, label in ages.items():
            marks = (
                _build_mark(cells[group, age], slot, looks[group], translator)
                for slot, group in enumerate(groups)
                if (group, age) in cells
            )
            rows.append(Row(label, marks=tuple(marks)))
        panels.append(Panel(axis, (Section("", tuple(rows)),), heading))
    key = tuple((looks[group], label) for group, label in groups.items())
    return RowChart(tuple(panels), beside="shared", key=key)


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


def _describe_signs(translator: Translator[str], rows: Sequence[Row]) -> str:
    """Return what the signs in these panels mean: they have no room for words."""
    signs = {row.sign for row in rows}
    meanings = {
        "privacy": translator("Pale band: not shown, to protect those asked."),
        "uncertain": translator("Broken frame: not shown, too uncertain."),
        "bound": translator("Hatched: only a bound is printed."),
        "unasked": translator("Dash: not asked."),
    }
    notes = [meaning for sign, meaning in meanings.items() if sign in signs]
    return alt_text.join_sentences(notes)


def _describe_panels(
    opening: str,
    crossed: Sequence[Crossed],
    groups: Mapping[str, str],
    ages: Mapping[str, str],
    context: FigureContext,
) -> str:
    """Return the shares of each panel by group, with their intervals."""
    translator, findings = context.translator, []
    for heading, cells in crossed:
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
