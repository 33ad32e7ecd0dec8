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
    answers_of,
    drawn,
    no_estimate,
    refuse_unsafe,
    to_row,
)
from disrupting_harm.report.figures.row_chart import Row
from disrupting_harm.report.findings.change.change_numbers import digits_of
from disrupting_harm.report.findings.change.verdicts import CLEAR, is_step, segments_of
from disrupting_harm.report.findings.change.waves import apart, figure_name, names_of_waves
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
class Step:
    """A tested change between two years: its verdict, its address, and how it is printed."""

    years: tuple[float, float]
    change: str
    key: str
    difference: float
    digits: int


@dataclass(frozen=True)
class Panel:
    """One indicator: its rows by wave, its changes, and the years between which there is a break.

    ``steps`` are changes between neighbours, ``whole`` those from a first survey to a last one.
    """

    indicator: str
    label: str
    years: tuple[float, ...]
    names: tuple[str, ...]
    rows: tuple[Row, ...]
    steps: tuple[Step, ...]
    whole: tuple[Step, ...]
    breaks: tuple[tuple[float, float], ...]


def draw_waves(
    changes: pd.DataFrame,
    waves: Sequence[pd.DataFrame],
    codebook: Codebook,
    setting: FigureContext,
    folder: Path,
) -> list[FigureRecord]:
    """Draw the headline proportions of all surveys of a country.

    Composites of different series have figures of their own.

    Args:
        changes: its public table of changes.
        waves: the public estimates of its surveys, the first one first.
        codebook: names the indicators.
        setting: the language, the country's name and what all texts need.
        folder: where the files go.

    Raises:
        StudyError: a hidden cell carries a number, or a shown one lacks it.
    """
    for wave in waves:
        refuse_unsafe(wave, "public estimates of a wave")
    panels, cells = _panels(changes, waves, codebook, setting.translator)
    own = {panel.indicator: panel for panel in panels}
    parts = apart(list(own), lambda name: codebook.indicator(name).series)
    return [
        _draw_part(
            figure_name(at),
            [own[name] for name in part],
            cells[cells["indicator"].isin(part)],
            setting,
            folder,
        )
        for at, part in enumerate(parts)
    ]


def _draw_part(
    name: str, panels: Sequence[Panel], cells: pd.DataFrame, setting: FigureContext, folder: Path
) -> FigureRecord:
    translator, subject = setting.translator, setting.translator("Estimates of each survey")
    title = alt_text.title(setting, subject)
    entry = (name, KIND, "", "", subject)
    rows = [row for panel in panels for row in panel.rows]
    if all(row.estimate is None for row in rows):
        return FigureRecord(*entry, caption="", alt="", absent=no_estimate(translator, rows))
    broken = any(panel.breaks for panel in panels)
    notes = [_mark_note(translator), *([_break_note(translator)] if broken else [])]
    subtitle = alt_text.share_of(setting)
    frame = alt_text.frame(setting, subject, subtitle, answers_of(cells), notes)
    files = print_formats.write_figure(_figure(panels, frame), folder, name, title, setting.press)
    write_csv(folder / f"{name}.csv", cells.assign(data_kind=setting.data_kind))
    findings = _findings(panels, translator)
    return drawn(
        entry,
        frame,
        files,
        caption=translator(
            "Whether an estimate changed is a matter of the test, not of these intervals."
        ),
        alt=alt_text.join([_opening(translator, title), *findings, *notes, setting.stamp]),
        alt_short=alt_text.short(setting, _opening(translator, title), findings),
    )


def _panels(
    changes: pd.DataFrame,
    waves: Sequence[pd.DataFrame],
    codebook: Codebook,
    translator: Translator[str],
) -> tuple[list[Panel], pd.DataFrame]:
    """Return one panel for each headline proportion, and the table behind all of them."""
    rows = cast("list[Mapping[str, Any]]", changes.to_dict("records"))
    named = names_of_waves(rows)
    years = {row[f"wave_{side}"]: float(row[f"year_{side}"]) for row in rows for side in SIDES}
    national = [row for row in rows if row["domain"] == TOTAL[0]]
    panels, tables = [], []
    for name in codebook.headlines("proportion"):
        label = translator.of_study(codebook.indicator(name).figure_label)
        found = [
            cell.assign(label=called, year=years[code])
            for wave, (code, called) in zip(waves, named.items(), strict=True)
            for cell in [wave[(wave["indicator"] == name) & (wave["domain"] == TOTAL[0])]]
            if len(cell)
        ]
        own = [row for row in national if row["indicator"] == name]
        if not found or not own:
            continue
        cells = pd.concat(found, ignore_index=True)
        segments = segments_of(own)
        panels.append(
            Panel(
                name,
                label,
                tuple(cells["year"]),
                tuple(cells["label"]),
                tuple(to_row(cell, translator) for cell in cells.itertuples()),
                tuple(
                    _step(row)
                    for segment in segments
                    for row in segment.steps or (segment.whole,)
                    if row["change"]
                ),
                tuple(
                    _step(segment.whole)
                    for segment in segments
                    if segment.steps and segment.whole["change"]
                ),
                tuple(_years(row) for row in own if row["status"] == BREAK and is_step(row, own)),
            )
        )
        tables.append(cells)
    return panels, pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()


def _years(row: Mapping[str, Any]) -> tuple[float, float]:
    return float(row["year_from"]), float(row["year_to"])


def _step(row: Mapping[str, Any]) -> Step:
    key = address_of_row("changes", row)
    difference = with_address(float(row["difference"]), f"{key}/difference")
    return Step(_years(row), row["change"], key, difference, digits_of(row))


def _figure(panels: Sequence[Panel], frame: Frame) -> Figure:
    cut = frame.cut
    across = 1 if cut.narrow else ACROSS
    width = (cut.width - 2 * MARGIN - (across - 1) * GAP) / across
    titles = [wrap(panel.label, width, cut.text) for panel in panels]
    line, lines = line_height(cut.text), max(len(title) for title in titles)
    tall = lines * line + ABOVE + PLOT + AXIS
    figure, page, top = paper.lay_out_page(frame, -(-len(panels) // across) * tall)
    for place, (panel, title) in enumerate(zip(panels, titles, strict=True)):
        left = MARGIN + (place % across) * (width + GAP)
        above = top + (place // across) * tall
        for number, text in enumerate(title):
            paper.put_text(page, left, above + line * (number + 0.5), text, size=cut.text)
        box = (left + TICKS, above + lines * line + ABOVE, width - TICKS, PLOT)
        _draw(paper.place_axes(figure, *box), panel, cut)
    return figure


def _draw(plot: Axes, panel: Panel, cut: Cut) -> None:
    highs = [row.ci_high for row in panel.rows if row.ci_high is not None]
    end, step = style.percent_axis(max(highs, default=0.0))
    room = 0.15 * (panel.years[-1] - panel.years[0])
    plot.set(xlim=(panel.years[0] - room, panel.years[-1] + room), ylim=(0, end))
    plot.set_xticks(panel.years, panel.names)
    plot.set_yticks([step * tick for tick in range(int(end / step) + 1)])
    plot.tick_params(labelsize=cut.small)
    plot.grid(visible=False, axis="x")
    for side in ("left", "right", "top"):
        plot.spines[side].set_visible(False)
    for pair in panel.breaks:
        plot.axvline(sum(pair) / 2, color=style.RUST, linestyle=DASHES, linewidth=0.9)
    shown = {
        year: row.estimate
        for year, row in zip(panel.years, panel.rows, strict=True)
        if row.estimate is not None
    }
    for change in panel.steps:
        _draw_step(plot, change, [shown[year] for year in change.years])
    for change in panel.whole:
        _draw_step(plot, change, [ABOVE_ALL] * 2, above=True)
    for year, row in zip(panel.years, panel.rows, strict=True):
        _draw_row(plot, year, row, end, cut.small)


def _draw_step(plot: Axes, step: Step, heights: Sequence[float], above: bool = False) -> None:
    """Draw a change: a line, and a mark on it that is filled where the change is clear.

    ``above`` the axis heights are no estimates but shares of its own height.
    """
    place = plot.get_xaxis_transform() if above else plot.transData
    plot.plot(step.years, heights, color=style.TEAL, lw=0.8, clip_on=False, transform=place)
    plot.scatter(
        [sum(step.years) / 2],
        [sum(heights) / 2],
        s=20,
        marker="D",
        facecolor=style.TEAL if step.change in CLEAR else "white",
        edgecolor=style.TEAL,
        linewidth=1.0,
        zorder=4,
        clip_on=False,
        urls=[step.key],
        transform=place,
    )


def _draw_row(plot: Axes, year: float, row: Row, end: float, size: float) -> None:
    if row.estimate is None or row.ci_low is None or row.ci_high is None:
        text = wrap(row.shown, SIGN_WIDTH, size)
        look: dict[str, Any] = {"ha": "center", "va": "bottom", "size": size}
        plot.text(year, 0.03 * end, "\n".join(text), color=style.GREY, url=row.key, **look)
        return
    mark = MARKS[row.look]
    lines = mark.line
    plot.vlines(
        year, row.ci_low, row.ci_high, mark.line_color, linestyles=lines, lw=3, clip_on=False,
        urls=[row.key],
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
        urls=[row.key],
    )
    plot.annotate(
        strip_addresses(row.shown),
        (year, row.ci_high),
        xytext=(0, 3),
        textcoords="offset points",
        ha="center",
        size=size,
        annotation_clip=False,
    )


def _change(translator: Translator[str], step: Step, called: Mapping[float, str]) -> str:
    """Return a change and its verdict, for who does not see its mark."""
    verdict = {
        "rose": translator("rose"),
        "fell": translator("fell"),
        "no clear change": translator("no clear change"),
    }
    size = translator.percent(with_address_of(abs(step.difference), step.difference), step.digits)
    before, after = (called[year] for year in step.years)
    return translator(
        "{before} to {after} {difference} points, {verdict}",
        before=before,
        after=after,
        difference=f"{MINUS if step.difference < 0 else '+'}{size}",
        verdict=verdict[step.change],
    )


def _mark_note(translator: Translator[str]) -> str:
    return translator(
        "Diamond: filled where the change between two surveys is clear, open where it is not; the "
        "line above is from the first survey to the last."
    )


def _break_note(translator: Translator[str]) -> str:
    return translator(
        "Dashed line: what was asked, of whom or how is not the same before and after it."
    )


def _opening(translator: Translator[str], title: str) -> str:
    return translator("Chart of estimates by year: {title}.", title=title)


def _findings(panels: Sequence[Panel], translator: Translator[str]) -> list[str]:
    findings = []
    for panel in panels:
        listed = [
            translator("{label} {finding}", label=name, finding=alt_text.finding(translator, row))
            for name, row in zip(panel.names, panel.rows, strict=True)
        ]
        called = dict(zip(panel.years, panel.names, strict=True))
        listed += [_change(translator, step, called) for step in (*panel.steps, *panel.whole)]
        findings.append(
            translator("{heading}: {findings}.", heading=panel.label, findings="; ".join(listed))
        )
    return findings
