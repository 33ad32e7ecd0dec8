"""The estimates of a country's surveys on an axis of time, one panel for each headline indicator.

A line joins two surveys that are compared; a dashed upright line parts those between which the
question, those asked or the mode changed. The mark on a line is filled where that change is clear;
from three surveys on a line above joins the first with the last. Where an estimate is not shown its
sign stands in its place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from disrupting_harm.core.files import write_csv
from disrupting_harm.provenance.addresses import with_address, with_address_of
from disrupting_harm.provenance.row_addresses import address_of_row
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.alt_text import FigureContext
from disrupting_harm.report.figures.drawing import page_furniture as paper
from disrupting_harm.report.figures.drawing import print_formats, style
from disrupting_harm.report.figures.drawing.figure_record import FigureRecord
from disrupting_harm.report.figures.drawing.marks import MARKS
from disrupting_harm.report.figures.drawing.page_furniture import MARGIN, Frame
from disrupting_harm.report.figures.drawing.text_shaping import wrap
from disrupting_harm.report.figures.drawing.widths import Cut, line_height
from disrupting_harm.report.figures.estimate_chart import (
    build_figure_record,
    build_row,
    check_hidden_rows,
    explain_no_estimate,
    respondent_counts,
)
from disrupting_harm.report.figures.row_chart import Row
from disrupting_harm.report.findings.change.change_numbers import decimals_of_change
from disrupting_harm.report.findings.change.verdicts import CLEAR, find_segments, is_step
from disrupting_harm.report.findings.change.waves import name_figure, name_waves, split_by_series
from disrupting_harm.report.language.addressed_text import strip_addresses
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.statuses import BREAK, TOTAL

KIND = "change"
ACROSS = 3  # panels side by side
GAP = 8.0  # millimetres between panels
PLOT = 34.0
AXIS = 7.0
ABOVE = 9.0  # room of the number above the longest interval, and of the line above it
TICKS = 8.0  # room of the numbers of the axis
SIGN_WIDTH = 14.0  # of the words for an estimate that is not shown
DASHES = (0, (4, 3))
MINUS = "\N{MINUS SIGN}"
ABOVE_ALL = 1.2  # height of the line from the first survey to the last, of the axis
SIDES = ("from", "to")


@dataclass(frozen=True)
class WaveChange:
    """A tested change between two years, and the decimals with which its difference is printed."""

    years: tuple[float, float]
    verdict: str
    row_address: str
    difference: float
    digits: int


@dataclass(frozen=True)
class Panel:
    """One indicator: its rows by wave, its changes, and the years between which there is a break.

    ``step_changes`` are changes between neighbours, ``overall_changes`` those from a first survey
    to a last one.
    """

    indicator: str
    label: str
    years: tuple[float, ...]
    wave_names: tuple[str, ...]
    rows: tuple[Row, ...]
    step_changes: tuple[WaveChange, ...]
    overall_changes: tuple[WaveChange, ...]
    breaks: tuple[tuple[float, float], ...]


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
    panels, estimates = _build_panels(changes, waves, codebook, context.translator)
    panels_by_indicator = {panel.indicator: panel for panel in panels}
    panel_groups = split_by_series(
        list(panels_by_indicator), lambda name: codebook.indicator(name).series
    )
    return [
        _draw_figure(
            name_figure(index),
            [panels_by_indicator[name] for name in group],
            estimates[estimates["indicator"].isin(group)],
            context,
            folder,
        )
        for index, group in enumerate(panel_groups)
    ]


def _draw_figure(
    name: str,
    panels: Sequence[Panel],
    estimates: pd.DataFrame,
    context: FigureContext,
    folder: Path,
) -> FigureRecord:
    translator, topic = context.translator, context.translator("Estimates of each survey")
    title = alt_text.format_title(context, topic)
    identity = (name, KIND, "", "", topic)
    rows = [row for panel in panels for row in panel.rows]
    if all(row.estimate is None for row in rows):
        return FigureRecord(
            *identity, caption="", alt="", absent=explain_no_estimate(translator, rows)
        )
    broken = any(panel.breaks for panel in panels)
    notes = [_note_marks(translator), *([_note_breaks(translator)] if broken else [])]
    subtitle = alt_text.describe_share(context)
    frame = alt_text.build_frame(context, topic, subtitle, respondent_counts(estimates), notes)
    files = print_formats.write_figure(
        _draw_panels(panels, frame), folder, name, title, context.press
    )
    write_csv(folder / f"{name}.csv", estimates.assign(data_kind=context.data_kind))
    findings = _describe_panels(panels, translator)
    return build_figure_record(
        identity,
        frame,
        files,
        caption=translator(
            "Whether an estimate changed is a matter of the test, not of these intervals."
        ),
        alt=alt_text.join_sentences(
            [_format_opening(translator, title), *findings, *notes, context.stamp]
        ),
        alt_short=alt_text.join_short_text(context, _format_opening(translator, title), findings),
    )


def _build_panels(
    changes: pd.DataFrame,
    waves: Sequence[pd.DataFrame],
    codebook: Codebook,
    translator: Translator[str],
) -> tuple[list[Panel], pd.DataFrame]:
    """Return one panel for each headline proportion, and the table behind all of them."""
    rows = cast("list[Mapping[str, Any]]", changes.to_dict("records"))
    wave_names = name_waves(rows)
    years = {row[f"wave_{side}"]: float(row[f"year_{side}"]) for row in rows for side in SIDES}
    national = [row for row in rows if row["domain"] == TOTAL[0]]
    panels, tables = [], []
    for name in codebook.headlines("proportion"):
        label = translator.of_study(codebook.indicator(name).figure_label)
        estimates_of_waves = [
            cell.assign(label=wave_name, year=years[code])
            for wave, (code, wave_name) in zip(waves, wave_names.items(), strict=True)
            for cell in [wave[(wave["indicator"] == name) & (wave["domain"] == TOTAL[0])]]
            if len(cell)
        ]
        changes_of_indicator = [row for row in national if row["indicator"] == name]
        if not estimates_of_waves or not changes_of_indicator:
            continue
        estimates = pd.concat(estimates_of_waves, ignore_index=True)
        segments = find_segments(changes_of_indicator)
        panels.append(
            Panel(
                name,
                label,
                tuple(estimates["year"]),
                tuple(estimates["label"]),
                tuple(build_row(cell, translator) for cell in estimates.itertuples()),
                tuple(
                    _build_change(row)
                    for segment in segments
                    for row in segment.steps or (segment.first_to_last,)
                    if row["change"]
                ),
                tuple(
                    _build_change(segment.first_to_last)
                    for segment in segments
                    if segment.steps and segment.first_to_last["change"]
                ),
                tuple(
                    _read_years(row)
                    for row in changes_of_indicator
                    if row["status"] == BREAK and is_step(row, changes_of_indicator)
                ),
            )
        )
        tables.append(estimates)
    return panels, pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()


def _read_years(row: Mapping[str, Any]) -> tuple[float, float]:
    return float(row["year_from"]), float(row["year_to"])


def _build_change(row: Mapping[str, Any]) -> WaveChange:
    key = address_of_row("changes", row)
    difference = with_address(float(row["difference"]), f"{key}/difference")
    return WaveChange(_read_years(row), row["change"], key, difference, decimals_of_change(row))


def _draw_panels(panels: Sequence[Panel], frame: Frame) -> Figure:
    cut = frame.cut
    across = 1 if cut.narrow else ACROSS
    width = (cut.width - 2 * MARGIN - (across - 1) * GAP) / across
    titles = [wrap(panel.label, width, cut.text) for panel in panels]
    line, line_count = line_height(cut.text), max(len(title) for title in titles)
    panel_height = line_count * line + ABOVE + PLOT + AXIS
    figure, page, top = paper.lay_out_page(frame, -(-len(panels) // across) * panel_height)
    for index, (panel, title) in enumerate(zip(panels, titles, strict=True)):
        left = MARGIN + (index % across) * (width + GAP)
        panel_top = top + (index // across) * panel_height
        for number, text in enumerate(title):
            paper.put_text(page, left, panel_top + line * (number + 0.5), text, size=cut.text)
        box = (left + TICKS, panel_top + line_count * line + ABOVE, width - TICKS, PLOT)
        _draw_panel(paper.place_axes(figure, *box), panel, cut)
    return figure


def _draw_panel(plot: Axes, panel: Panel, cut: Cut) -> None:
    highs = [row.ci_high for row in panel.rows if row.ci_high is not None]
    end, step = style.percent_axis(max(highs, default=0.0))
    room = 0.15 * (panel.years[-1] - panel.years[0])
    plot.set(xlim=(panel.years[0] - room, panel.years[-1] + room), ylim=(0, end))
    plot.set_xticks(panel.years, panel.wave_names)
    plot.set_yticks([step * tick for tick in range(int(end / step) + 1)])
    plot.tick_params(labelsize=cut.small)
    plot.grid(visible=False, axis="x")
    for spine in ("left", "right", "top"):
        plot.spines[spine].set_visible(False)
    for pair in panel.breaks:
        plot.axvline(sum(pair) / 2, color=style.RUST, linestyle=DASHES, linewidth=0.9)
    published = {
        year: row.estimate
        for year, row in zip(panel.years, panel.rows, strict=True)
        if row.estimate is not None
    }
    for change in panel.step_changes:
        _draw_change(plot, change, [published[year] for year in change.years])
    for change in panel.overall_changes:
        _draw_change(plot, change, [ABOVE_ALL] * 2, above_plot=True)
    for year, row in zip(panel.years, panel.rows, strict=True):
        _draw_estimate(plot, year, row, end, cut.small)


def _draw_change(
    plot: Axes, step: WaveChange, heights: Sequence[float], above_plot: bool = False
) -> None:
    """Draw a change: a line, and a mark on it that is filled where the change is clear.

    ``above_plot`` the axis heights are no estimates but shares of its own height.
    """
    transform = plot.get_xaxis_transform() if above_plot else plot.transData
    plot.plot(step.years, heights, color=style.TEAL, lw=0.8, clip_on=False, transform=transform)
    plot.scatter(
        [sum(step.years) / 2],
        [sum(heights) / 2],
        s=20,
        marker="D",
        facecolor=style.TEAL if step.verdict in CLEAR else "white",
        edgecolor=style.TEAL,
        linewidth=1.0,
        zorder=4,
        clip_on=False,
        urls=[step.row_address],
        transform=transform,
    )


def _draw_estimate(plot: Axes, year: float, row: Row, end: float, font_size: float) -> None:
    if row.estimate is None or row.ci_low is None or row.ci_high is None:
        sign_lines = wrap(row.printed_text, SIGN_WIDTH, font_size)
        look: dict[str, Any] = {"ha": "center", "va": "bottom", "size": font_size}
        plot.text(
            year, 0.03 * end, "\n".join(sign_lines), color=style.GREY, url=row.row_address, **look
        )
        return
    mark = MARKS[row.look]
    line_style = mark.line
    plot.vlines(
        year, row.ci_low, row.ci_high, mark.line_color, linestyles=line_style, lw=3, clip_on=False,
        urls=[row.row_address],
    )  # fmt: skip
    plot.scatter(
        [year],
        [row.estimate],
        s=22,
        facecolor=mark.fill,
        edgecolor=mark.edge,
        linewidth=1.2,
        zorder=3,
        clip_on=False,
        urls=[row.row_address],
    )
    plot.annotate(
        strip_addresses(row.printed_text),
        (year, row.ci_high),
        xytext=(0, 3),
        textcoords="offset points",
        ha="center",
        size=font_size,
        annotation_clip=False,
    )


def _describe_change(
    translator: Translator[str], step: WaveChange, wave_names: Mapping[float, str]
) -> str:
    """Return a change and its verdict, for those who do not see its mark."""
    verdict = {
        "rose": translator("rose"),
        "fell": translator("fell"),
        "no clear change": translator("no clear change"),
    }
    magnitude = translator.percent(
        with_address_of(abs(step.difference), step.difference), step.digits
    )
    before, after = (wave_names[year] for year in step.years)
    return translator(
        "{before} to {after} {difference} points, {verdict}",
        before=before,
        after=after,
        difference=f"{MINUS if step.difference < 0 else '+'}{magnitude}",
        verdict=verdict[step.verdict],
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


def _format_opening(translator: Translator[str], title: str) -> str:
    return translator("Chart of estimates by year: {title}.", title=title)


def _describe_panels(panels: Sequence[Panel], translator: Translator[str]) -> list[str]:
    findings = []
    for panel in panels:
        panel_findings = [
            translator(
                "{label} {finding}", label=name, finding=alt_text.format_finding(translator, row)
            )
            for name, row in zip(panel.wave_names, panel.rows, strict=True)
        ]
        wave_names = dict(zip(panel.years, panel.wave_names, strict=True))
        panel_findings += [
            _describe_change(translator, step, wave_names)
            for step in (*panel.step_changes, *panel.overall_changes)
        ]
        findings.append(
            translator(
                "{heading}: {findings}.", heading=panel.label, findings="; ".join(panel_findings)
            )
        )
    return findings
