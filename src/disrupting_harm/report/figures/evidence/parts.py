"""Parts of every figure of evidence: mark, caption, entry in ``figures.json``."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from disrupting_harm.evidence.sources import SIMULATED
from disrupting_harm.files import write_csv
from disrupting_harm.report.evidence.facts import Row, data_kinds
from disrupting_harm.report.evidence.notes import simulated, sources
from disrupting_harm.report.figures import alt_text, printing, style
from disrupting_harm.report.figures.alt_text import Setting
from disrupting_harm.report.figures.plan import FigureRecord
from disrupting_harm.report.figures.rows import Rows, row_axes

KIND = "evidence"


def stamp(setting: Setting, rows: Sequence[Row]) -> str:
    """Return the mark of a figure; published counts stay published in a simulated study."""
    words, kinds = setting.words, data_kinds(rows)
    if kinds == {SIMULATED}:
        return words("Simulated data")
    if SIMULATED in kinds:
        return words("Partly simulated data")
    if setting.simulated:
        return words("Published counts in a simulated study")
    return ""


def record(
    figure: Figure,
    setting: Setting,
    rows: Sequence[Row],
    folder: Path,
    name: str,
    subject: str,
    *,
    remarks: Sequence[str],
    chart: str,
    finding: str,
) -> FigureRecord:
    """Write a figure with its data and return its entry in ``figures.json``.

    Args:
        figure: the picture.
        setting: language and place.
        rows: the facts behind it, as they stand in the public table.
        folder: where the files go.
        name: id of the figure and name of its files.
        subject: what it shows; its title together with the place.
        remarks: sentences of the caption beside source and mark.
        chart: the kind of picture as a sentence's head, e.g. "Column chart: {title}.", filled.
        finding: what a reader sees, in numbers.
    """
    words, title = setting.words, alt_text.title(setting, subject)
    files = printing.write_figure(figure, folder, name, title)
    write_csv(folder / f"{name}.csv", pd.DataFrame(rows))
    caption = [
        words("{caption}.", caption=title),
        *remarks,
        simulated(words, rows),
        sources(words, rows),
    ]
    alternative = [
        chart,
        finding,
        words("Simulated data.") if data_kinds(rows) == {SIMULATED} else "",
    ]
    return FigureRecord(
        name,
        KIND,
        "",
        "",
        title,
        caption=alt_text.join(caption),
        alt=alt_text.join(alternative),
        files=files,
        csv=f"{name}.csv",
    )


def absent(setting: Setting, name: str, subject: str, reason: str) -> FigureRecord:
    """Return the entry of a figure that cannot be drawn, with the reason."""
    title = alt_text.title(setting, subject)
    return FigureRecord(name, KIND, "", "", title, caption="", alt="", absent=reason)


def draw_bars(laid: Rows, end: float, step: float) -> None:
    """Draw a line from 0 to a dot for each row with a number; 0 is a dot on the axis."""
    ticks = [step * tick for tick in range(round(end / step) + 1)]
    plot = row_axes(laid, 0, end, ticks)
    known = [
        (row.estimate, y)
        for row, y in zip(laid.rows, laid.centres, strict=True)
        if row.estimate is not None
    ]
    numbers, heights = [n for n, _ in known], [y for _, y in known]
    plot.hlines(heights, 0, numbers, style.TEAL, lw=3.2, capstyle="butt")
    plot.scatter(numbers, heights, 30, style.TEAL, zorder=3, clip_on=False)
