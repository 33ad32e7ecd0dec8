"""Several indicators by two characteristics at once, such as sex and age: what is drawn and said.

Whether groups differ is not tested.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from disrupting_harm.files import write_csv
from disrupting_harm.report.figures import alt_text, printing
from disrupting_harm.report.figures.alt_text import Setting
from disrupting_harm.report.figures.cells import answers_of, to_row
from disrupting_harm.report.figures.crossed_panels import Panel, draw_panels
from disrupting_harm.report.figures.cuts import WIDE
from disrupting_harm.report.figures.plan import drawn, level_labels, no_estimate
from disrupting_harm.report.figures.record import FigureRecord
from disrupting_harm.report.figures.rows import Row, Section
from disrupting_harm.report.words import Words
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.definitions import Domain, Indicator

PANELS_AT_MOST = 4
GROUPS = 2  # side by side
JOINT = "|"


def draw_crossed(
    cells: pd.DataFrame,
    indicators: Sequence[Indicator],
    codebook: Codebook,
    setting: Setting,
    folder: Path,
) -> Iterator[FigureRecord]:
    """Draw indicators by the first crossed domain whose first part has two levels.

    Args:
        cells: the public estimates of a country.
        indicators: those that may be drawn, in their order.
        codebook: domains and their labels.
        setting: the language, the country's name and what all texts need.
        folder: where the files go.
    """
    domain = _domain(codebook, cells)
    if domain is None or not indicators:
        return
    setting = replace(setting, cut=WIDE) if not setting.cut.narrow else setting
    words, domains = setting.words, {entry.id: entry for entry in codebook.domains}
    groups, ages = (_levels(domains[part], codebook, cells, words) for part in domain.cross)
    subject = words.of_study(domain.label)
    name = domain.id.replace("_", "-")
    recalls = {one.recall for one in indicators[:PANELS_AT_MOST]}
    apart = len(recalls) > 1
    panels, tables = _panels(
        cells, domain, indicators[:PANELS_AT_MOST], (groups, ages), words, apart
    )
    entry = (name, "crossed", indicators[0].module, "", subject)
    rows = [row for panel in panels for row in panel.rows.values()]
    if all(row.estimate is None for row in rows):
        yield FigureRecord(*entry, caption="", alt="", absent=no_estimate(words, rows))
        return
    table = pd.concat(tables, ignore_index=True)
    subtitle = alt_text.share_of(setting, "" if apart else recalls.pop())
    notes = [*_notes(words, rows), *alt_text.notes(setting, rows)]
    framed = alt_text.frame(setting, subject, subtitle, answers_of(table), notes)
    title = alt_text.title(setting, subject)
    figure = draw_panels(panels, groups, ages, framed, words)
    files = printing.write_figure(figure, folder, name, title, setting.press)
    write_csv(folder / f"{name}.csv", table.assign(data_kind=setting.data_kind))
    opening = words("Small charts of estimates: {title}.", title=title)
    yield drawn(
        entry,
        framed,
        files,
        caption=words("Where two lines overlap, the survey may not tell the groups apart."),
        alt=_alternative(opening, panels, groups, ages, setting),
        alt_short=alt_text.short(setting, opening, _ends(panels, words)),
    )


def _domain(codebook: Codebook, cells: pd.DataFrame) -> Domain | None:
    """Return the first crossed domain that has estimates and two groups side by side."""
    for domain in codebook.domains:
        if domain.cross:
            levels = cells.loc[cells["domain"] == domain.id, "level"]
            if len({level.split(JOINT)[0] for level in levels}) == GROUPS:
                return domain
    return None


def _levels(part: Domain, codebook: Codebook, cells: pd.DataFrame, words: Words) -> dict[str, str]:
    """Return the printed labels of one part's levels in their order; girls stand first."""
    labels = level_labels(part, codebook, cells.loc[cells["domain"] == part.id, "level"], words)
    return dict(sorted(labels.items(), key=lambda item: item[0] != "girl"))


def _panels(
    cells: pd.DataFrame,
    domain: Domain,
    indicators: Sequence[Indicator],
    levels: tuple[Mapping[str, str], Mapping[str, str]],
    words: Words,
    apart: bool,
) -> tuple[list[Panel], list[pd.DataFrame]]:
    """Return the panels with their table rows; ``apart``: each names the period it speaks of."""
    groups, ages = levels
    panels, tables = [], []
    for one in indicators:
        own = cells[(cells["indicator"] == one.id) & (cells["domain"] == domain.id)]
        pairs = [tuple(level.split(JOINT)) for level in own["level"]]
        labels = [f"{groups.get(a, a)} {ages.get(b, b)}" for a, b in pairs]
        own = own.assign(label=labels)
        rows = {
            pair: to_row(cell, words) for pair, cell in zip(pairs, own.itertuples(), strict=True)
        }
        if any(row.estimate is not None for row in rows.values()):
            label = words.of_study(one.figure_label)
            heading = alt_text.with_period(words, label, one.recall) if apart else label
            panels.append(Panel(heading, rows))
            tables.append(own)
    return panels, tables


def _notes(words: Words, rows: Sequence[Row]) -> list[str]:
    """Return what the signs in these panels mean: they have no room for words."""
    found = {row.missing for row in rows}
    said = {
        "privacy": words("Pale band: not shown, to protect those asked."),
        "uncertain": words("Broken frame: not shown, too uncertain."),
        "bound": words("Hatched: only a bound is printed."),
        "unasked": words("Dash: not asked."),
    }
    notes = [text for missing, text in said.items() if missing in found]
    return [alt_text.join(notes)] if notes else []


def _alternative(
    opening: str,
    panels: Sequence[Panel],
    groups: Mapping[str, str],
    ages: Mapping[str, str],
    setting: Setting,
) -> str:
    """Return the shares of each panel by group, with their intervals."""
    words, findings = setting.words, []
    for panel in panels:
        said = []
        for group, label in groups.items():
            own = [(age, panel.rows.get((group, age))) for age in ages]
            shares = [
                words("{label} {finding}", label=ages[age], finding=alt_text.finding(words, row))
                for age, row in own
                if row is not None
            ]
            said.append(f"{label} {words.enumeration(shares)}")
        findings.append(
            words("{heading}: {findings}.", heading=panel.heading, findings="; ".join(said))
        )
    level = words("In brackets: {level} per cent intervals.", level=setting.level)
    return alt_text.join([opening, *findings, level, setting.stamp])


def _ends(panels: Sequence[Panel], words: Words) -> list[str]:
    """Return where the estimates of each panel begin and end."""
    sections = [Section(panel.heading, tuple(panel.rows.values())) for panel in panels]
    return alt_text.ends(words, sections)
