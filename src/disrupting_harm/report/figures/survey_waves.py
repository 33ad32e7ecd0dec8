"""The estimates of a country's surveys on an axis of time, one panel for each headline indicator.

A line joins two surveys that are compared; a dashed upright line parts those between which the
question, those asked or the mode changed. The mark on a line is filled where that change is clear;
from three surveys on a line above joins the first with the last. Where an estimate is not shown its
sign stands in its place.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import pandas as pd

from disrupting_harm.provenance.addresses import with_address, with_address_of
from disrupting_harm.provenance.row_addresses import address_of_row
from disrupting_harm.report.drawing.marks import Mark
from disrupting_harm.report.drawing.rows import Row
from disrupting_harm.report.drawing.scales import percent_axis
from disrupting_harm.report.drawing.time_chart import Link, TimeChart, TimePanel
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.alt_text import FigureContext
from disrupting_harm.report.figures.estimate_chart import (
    build_row,
    check_hidden_rows,
    explain_no_estimate,
    respondent_counts,
)
from disrupting_harm.report.figures.figure_files import write_figure_record
from disrupting_harm.report.figures.figure_record import (
    FigureIdentity,
    FigureRecord,
    FigureTexts,
)
from disrupting_harm.report.findings.change.change_numbers import decimals_of_change
from disrupting_harm.report.findings.change.verdicts import CLEAR, find_segments, is_step
from disrupting_harm.report.findings.change.waves import name_figure, name_waves, split_by_series
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.statuses import BREAK, TOTAL

KIND = "change"
MINUS = "\N{MINUS SIGN}"
SIDES = ("from", "to")


def draw_waves(
    changes: pd.DataFrame,
    waves: Sequence[pd.DataFrame],
    codebook: Codebook,
    context: FigureContext,
    folder: Path,
) -> list[FigureRecord]:
    """Draw the headline proportions of all surveys of a country.

    Composites of different series share no figure.

    Args:
        changes: its public table of changes.
        waves: the public estimates of its surveys, the first one first.

    Raises:
        StudyError: a hidden cell carries a number, or a shown one lacks it.
    """
    for wave in waves:
        check_hidden_rows(wave, "public estimates of a wave")
    panels = _build_panels(changes, waves, codebook, context.translator)
    panel_groups = split_by_series(list(panels), lambda name: codebook.indicator(name).series)
    return [
        _draw_figure(name_figure(index), [panels[name] for name in group], context, folder)
        for index, group in enumerate(panel_groups)
    ]


def _draw_figure(
    name: str,
    panels_and_estimates: Sequence[tuple[TimePanel, pd.DataFrame]],
    context: FigureContext,
    folder: Path,
) -> FigureRecord:
    translator, identity = context.translator, FigureIdentity(name, KIND)
    topic = translator("Estimates of each survey")
    panels = [panel for panel, _ in panels_and_estimates]
    rows = [row for panel in panels for row in panel.rows]
    if all(row.estimate is None for row in rows):
        return identity.describe_absence(topic, explain_no_estimate(translator, rows))
    broken = any(panel.breaks for panel in panels)
    notes = [_note_marks(translator), *([_note_breaks(translator)] if broken else [])]
    frame = alt_text.build_frame(
        context,
        topic,
        alt_text.describe_share(context),
        [n for _, estimates in panels_and_estimates for n in respondent_counts(estimates)],
        notes,
    )
    title = alt_text.format_title(context, topic)
    opening = translator("Chart of estimates by year: {title}.", title=title)
    findings = [_describe_panel(panel, translator) for panel in panels]
    return write_figure_record(
        identity,
        TimeChart(tuple(panels)),
        frame,
        FigureTexts(
            title,
            translator(
                "Whether an estimate changed is a matter of the test, not of these intervals."
            ),
            alt_text.join_sentences([opening, *findings, *notes, context.stamp]),
            alt_text.join_short_text(context, opening, findings),
        ),
        folder,
        context.data_kind,
        press=context.press,
    )


def _build_panels(
    changes: pd.DataFrame,
    waves: Sequence[pd.DataFrame],
    codebook: Codebook,
    translator: Translator[str],
) -> dict[str, tuple[TimePanel, pd.DataFrame]]:
    """Return the panel of each headline proportion, and the table of its estimates."""
    rows = cast("list[Mapping[str, Any]]", changes.to_dict("records"))
    wave_names = name_waves(rows)
    years = {row[f"wave_{side}"]: float(row[f"year_{side}"]) for row in rows for side in SIDES}
    panels = {}
    for name in codebook.headlines("proportion"):
        estimates_of_waves = [
            cell.assign(label=wave_name, year=years[code])
            for wave, (code, wave_name) in zip(waves, wave_names.items(), strict=True)
            for cell in [wave[(wave["indicator"] == name) & (wave["domain"] == TOTAL[0])]]
            if len(cell)
        ]
        changes_of_indicator = [
            row for row in rows if row["indicator"] == name and row["domain"] == TOTAL[0]
        ]
        if not estimates_of_waves or not changes_of_indicator:
            continue
        estimates = pd.concat(estimates_of_waves, ignore_index=True)
        survey_rows = tuple(build_row(cell, translator) for cell in estimates.itertuples())
        breaks = (
            _read_years(row)
            for row in changes_of_indicator
            if row["status"] == BREAK and is_step(row, changes_of_indicator)
        )
        panel = TimePanel(
            translator.of_study(codebook.indicator(name).figure_label),
            percent_axis(max(row.reach for row in survey_rows), translator),
            tuple(estimates["year"]),
            survey_rows,
            tuple(_build_links(changes_of_indicator, wave_names, translator)),
            tuple(breaks),
        )
        panels[name] = panel, estimates
    return panels


def _build_links(
    changes: Sequence[Mapping[str, Any]], wave_names: Mapping[str, str], translator: Translator[str]
) -> list[Link]:
    """Return the changes between neighbours, and then those from a first survey to a last one."""
    segments = find_segments(changes)
    steps = [row for segment in segments for row in segment.steps or (segment.first_to_last,)]
    overall = [segment.first_to_last for segment in segments if segment.steps]
    return [
        Link(_read_years(row), _build_change_row(row, wave_names, translator), over)
        for rows, over in ((steps, False), (overall, True))
        for row in rows
        if row["change"]
    ]


def _read_years(row: Mapping[str, Any]) -> tuple[float, float]:
    return float(row["year_from"]), float(row["year_to"])


def _build_change_row(
    row: Mapping[str, Any], wave_names: Mapping[str, str], translator: Translator[str]
) -> Row:
    """Return a tested change in percentage points, with its verdict in words."""
    verdict = {
        "rose": translator("rose"),
        "fell": translator("fell"),
        "no clear change": translator("no clear change"),
    }[row["change"]]
    address = address_of_row("changes", row)
    difference = with_address(float(row["difference"]), f"{address}/difference")
    magnitude = translator.percent(
        with_address_of(abs(difference), difference), decimals_of_change(row)
    )
    points, low, high = (
        round(100 * float(row[name]), 2) for name in ("difference", "ci_low", "ci_high")
    )
    look = "clear change" if row["change"] in CLEAR else "change"
    before, after = (wave_names[row[f"wave_{side}"]] for side in SIDES)
    return Row(
        f"{before}–{after}",
        translator(
            "{before} to {after} {difference} points, {verdict}",
            before=before,
            after=after,
            difference=f"{MINUS if difference < 0 else '+'}{magnitude}",
            verdict=verdict,
        ),
        marks=(Mark(points, low, high, look, address=address),),
    )


def _note_marks(translator: Translator[str]) -> str:
    return translator(
        "Diamond: filled where the change between two surveys is clear, open where it is not; the "
        "line above is from the first survey to the last."
    )


def _note_breaks(translator: Translator[str]) -> str:
    return translator(
        "Dashed line: what was asked, of whom or how is not the same before and after it."
    )


def _describe_panel(panel: TimePanel, translator: Translator[str]) -> str:
    """Return its estimates and changes, for those who do not see their marks."""
    findings = [
        translator(
            "{label} {finding}", label=row.label, finding=alt_text.format_finding(translator, row)
        )
        for row in panel.rows
    ]
    findings += [link.row.printed_text for link in panel.links]
    return translator("{heading}: {findings}.", heading=panel.heading, findings="; ".join(findings))
