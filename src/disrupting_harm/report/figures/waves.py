"""The estimates of a country's surveys on an axis of time, one panel for each headline indicator.

A line joins two surveys that can be compared; a dashed upright line parts those between which the
question, those asked or the mode changed. Where an estimate is not shown its sign stands in its
place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from disrupting_harm.files import write_csv
from disrupting_harm.report.changes import apart, figure_name, names_of_waves
from disrupting_harm.report.figures import alt_text, printing, style
from disrupting_harm.report.figures import page as paper
from disrupting_harm.report.figures.alt_text import Setting
from disrupting_harm.report.figures.cells import refuse_unsafe, to_row
from disrupting_harm.report.figures.lettering import wrap
from disrupting_harm.report.figures.page import HEADER, LINE, MARGIN, NOTE_LINE
from disrupting_harm.report.figures.plan import FigureRecord, no_estimate
from disrupting_harm.report.figures.rows import Row
from disrupting_harm.report.words import Words
from disrupting_harm.study.change_contracts import BREAK
from disrupting_harm.study.codebook import Codebook

KIND = "change"
ACROSS = 3  # panels side by side
GAP = 8.0  # millimetres between panels
PLOT = 34.0
AXIS = 7.0
ABOVE = 4.0  # room of the number above the longest interval
TICKS = 8.0  # room of the numbers of the axis
DASHES = (0, (4, 3))
SIDES = ("from", "to")


@dataclass(frozen=True)
class Panel:
    """One indicator: its rows by wave, and the places before which there is a break."""

    indicator: str
    label: str
    years: tuple[float, ...]
    names: tuple[str, ...]
    rows: tuple[Row, ...]
    breaks: tuple[bool, ...]


def draw_waves(
    changes: pd.DataFrame,
    waves: Sequence[pd.DataFrame],
    codebook: Codebook,
    setting: Setting,
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
    panels, cells = _panels(changes, waves, codebook, setting.words)
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
    name: str, panels: Sequence[Panel], cells: pd.DataFrame, setting: Setting, folder: Path
) -> FigureRecord:
    words = setting.words
    title = alt_text.title(setting, words("Estimates of each survey"))
    entry = (name, KIND, "", "", title)
    rows = [row for panel in panels for row in panel.rows]
    if all(row.estimate is None for row in rows):
        return FigureRecord(*entry, caption="", alt="", absent=no_estimate(words, rows))
    broken = any(any(panel.breaks) for panel in panels)
    files = printing.write_figure(_figure(panels, setting, broken), folder, name, title)
    write_csv(folder / f"{name}.csv", cells.assign(data_kind=setting.data_kind))
    caption = [
        words("{caption}.", caption=title),
        words("Lines are {level} per cent intervals.", level=setting.level),
        words("Whether an estimate changed is a matter of the test, not of these intervals."),
        _break_note(words) if broken else "",
        *alt_text.sign_keys(words, rows),
        alt_text.origin(setting),
    ]
    return FigureRecord(
        *entry,
        caption=alt_text.join(caption),
        alt=_alternative(panels, setting, title),
        files=files,
        csv=f"{name}.csv",
    )


def _panels(
    changes: pd.DataFrame, waves: Sequence[pd.DataFrame], codebook: Codebook, words: Words
) -> tuple[list[Panel], pd.DataFrame]:
    """Return one panel for each headline proportion, and the table behind all of them."""
    rows = changes.to_dict("records")
    named = names_of_waves(rows)
    years = {row[f"wave_{side}"]: float(row[f"year_{side}"]) for row in rows for side in SIDES}
    national = changes[changes["domain"] == "total"]
    broken = national[national["status"] == BREAK]
    breaks = set(zip(broken["indicator"], broken["wave_from"], broken["wave_to"], strict=True))
    panels, tables = [], []
    for name in codebook.headlines("proportion"):
        label = words.of_study(codebook.indicator(name).figure_label)
        found = [wave[(wave["indicator"] == name) & (wave["domain"] == "total")] for wave in waves]
        cells = pd.concat(found, ignore_index=True)
        if len(cells) < len(waves):
            continue
        cells = cells.assign(label=list(named.values()), year=[years[wave] for wave in named])
        panels.append(
            Panel(
                name,
                label,
                tuple(cells["year"]),
                tuple(named.values()),
                tuple(to_row(cell, words) for cell in cells.itertuples()),
                tuple((name, *pair) in breaks for pair in pairwise(named)),
            )
        )
        tables.append(cells)
    return panels, pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()


def _figure(panels: Sequence[Panel], setting: Setting, broken: bool) -> Figure:
    words = setting.words
    width = (style.PAGE_WIDTH - 2 * MARGIN - (ACROSS - 1) * GAP) / ACROSS
    titles = [wrap(panel.label, width, style.LABEL_SIZE) for panel in panels]
    lines = max(len(title) for title in titles)
    tall = lines * LINE + ABOVE + PLOT + AXIS
    header = paper.header_lines(alt_text.measure(setting), setting.stamp)
    top = HEADER + LINE * (len(header) - 1)
    bands = -(-len(panels) // ACROSS)
    notes = paper.note_lines([_break_note(words)] if broken else [])
    figure, page = paper.new_page(top + bands * tall + NOTE_LINE * len(notes) + MARGIN)
    paper.write_header(page, header, setting.stamp)
    for place, (panel, title) in enumerate(zip(panels, titles, strict=True)):
        left = MARGIN + (place % ACROSS) * (width + GAP)
        above = top + (place // ACROSS) * tall
        for at, line in enumerate(title):
            paper.put_text(page, left, above + LINE * (at + 0.5), line)
        box = (left + TICKS, above + lines * LINE + ABOVE, width - TICKS, PLOT)
        _draw(paper.place_axes(figure, *box), panel)
    paper.write_notes(page, notes, top + bands * tall)
    return figure


def _draw(plot: Axes, panel: Panel) -> None:
    highs = [row.ci_high for row in panel.rows if row.ci_high is not None]
    end, step = style.nice_axis(max(highs, default=0.0))
    room = 0.15 * (panel.years[-1] - panel.years[0])
    plot.set(xlim=(panel.years[0] - room, panel.years[-1] + room), ylim=(0, end))
    plot.set_xticks(panel.years, panel.names)
    plot.set_yticks([step * tick for tick in range(int(end / step) + 1)])
    plot.grid(visible=False, axis="x")
    for side in ("left", "right", "top"):
        plot.spines[side].set_visible(False)
    points = list(zip(panel.years, panel.rows, strict=True))
    for pair, broken in zip(pairwise(points), panel.breaks, strict=True):
        (before, one), (after, two) = pair
        if broken:
            middle = (before + after) / 2
            plot.axvline(middle, color=style.RUST, linestyle=DASHES, linewidth=0.9)
        elif one.estimate is not None and two.estimate is not None:
            plot.plot([before, after], [one.estimate, two.estimate], color=style.TEAL, lw=0.8)
    for year, row in points:
        _draw_row(plot, year, row, end)


def _draw_row(plot: Axes, year: float, row: Row, end: float) -> None:
    if row.estimate is None or row.ci_low is None or row.ci_high is None:
        plot.text(year, 0.05 * end, row.shown, ha="center", size=style.NOTE_SIZE, color=style.GREY)
        return
    open_mark = row.look.endswith("caution")
    plot.vlines(year, row.ci_low, row.ci_high, style.TEAL, lw=1.5, clip_on=False)
    plot.scatter(
        [year],
        [row.estimate],
        s=22,
        facecolor="white" if open_mark else style.TEAL,
        edgecolor=style.TEAL,
        linewidth=1.2,
        zorder=3,
        clip_on=False,
    )
    plot.annotate(
        row.shown,
        (year, row.ci_high),
        xytext=(0, 3),
        textcoords="offset points",
        ha="center",
        size=style.NOTE_SIZE,
        annotation_clip=False,
    )


def _break_note(words: Words) -> str:
    return words("Dashed line: what was asked, of whom or how is not the same before and after it.")


def _alternative(panels: Sequence[Panel], setting: Setting, title: str) -> str:
    words, findings = setting.words, []
    for panel in panels:
        listed = []
        for name, row in zip(panel.names, panel.rows, strict=True):
            low, _, high = row.interval.strip("()").partition("–")
            finding = (
                row.shown
                if row.estimate is None
                else words(
                    "{value} per cent (interval {low} to {high})",
                    value=row.shown,
                    low=low,
                    high=high,
                )
            )
            listed.append(words("{label} {finding}", label=name, finding=finding))
        findings.append(
            words("{heading}: {findings}.", heading=panel.label, findings="; ".join(listed))
        )
    opening = words("Chart of estimates by year: {title}.", title=title)
    end = words("Simulated data.") if setting.simulated else ""
    return alt_text.join([opening, *findings, end])
