"""What all figures of evidence share: the texts round them, their files and entries."""

from collections.abc import Sequence
from pathlib import Path

from disrupting_harm.evidence.sources import SIMULATED
from disrupting_harm.provenance.addresses import ADDRESS
from disrupting_harm.provenance.row_addresses import addresses_of_rows
from disrupting_harm.report.drawing.marks import Chart
from disrupting_harm.report.drawing.page import Frame
from disrupting_harm.report.drawing.row_chart import RowChart
from disrupting_harm.report.figures import alt_text, figure_files
from disrupting_harm.report.figures.alt_text import FigureContext
from disrupting_harm.report.figures.figure_record import (
    FigureIdentity,
    FigureRecord,
    FigureTexts,
    Undrawn,
)
from disrupting_harm.report.findings.evidence.source_notes import describe_sources
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.evidence_rows import data_kinds
from disrupting_harm.report.reading.rows import PublicRow

EVIDENCE = "evidence"


def locate_rows(table: str, evidence_rows: Sequence[PublicRow]) -> list[PublicRow]:
    """Return the rows of a public table, which must be all of it, with a column of addresses."""
    return [
        PublicRow({**row, ADDRESS: row_address})
        for row, row_address in zip(
            evidence_rows, addresses_of_rows(table, evidence_rows), strict=True
        )
    ]


def describe_simulation(translator: Translator[str], evidence_rows: Sequence[PublicRow]) -> str:
    """Return the words for simulated data; published counts stay published in any study."""
    kinds = data_kinds(evidence_rows)
    if kinds == {SIMULATED}:
        return translator("Simulated data.")
    if SIMULATED in kinds:
        return translator("Partly simulated data.")
    return ""


def build_frame(
    context: FigureContext,
    topic: str,
    subtitle: str,
    evidence_rows: Sequence[PublicRow],
    notes: Sequence[str] = (),
) -> Frame:
    """Return the texts round a chart of evidence.

    Args:
        topic: the title, a plain name without the place.
        subtitle: what was counted, where and when, in which unit.
        evidence_rows: those drawn, which name their sources.
        notes: what marks mean.
    """
    translator = context.translator
    source_line = str(describe_sources(translator, evidence_rows))
    return Frame(
        topic,
        subtitle,
        source_line,
        describe_simulation(translator, evidence_rows),
        tuple(notes),
        context.cut,
        translator.from_right,
    )


def write_chart_record(
    chart: Chart,
    frame: Frame,
    context: FigureContext,
    evidence_rows: Sequence[PublicRow],
    folder: Path,
    name: str,
    *,
    caption: str,
    opening: str,
    finding: str,
    main_finding: str = "",
    undrawn: Undrawn | None = None,
) -> FigureRecord:
    """Write a figure with its marks and return its entry in ``figures.json``.

    Args:
        evidence_rows: those behind it, which say what kind of facts they are.
        name: id of the figure and name of its files.
        caption: how to read it.
        opening: the kind of picture as a sentence's head, e.g. "Column chart: {title}.", filled.
        finding: what a reader sees, in numbers.
        main_finding: the first of that, for a short text; empty where the finding is short enough.
        undrawn: the addresses of rows that it leaves out.
    """
    alt, alt_short = (
        alt_text.join_sentences([opening, text, frame.simulated])
        for text in (finding, main_finding or finding)
    )
    texts = FigureTexts(alt_text.format_title(context, frame.title), caption, alt, alt_short)
    # Simulated facts beside published ones are said to be simulated, never the other way round.
    kinds = data_kinds(evidence_rows)
    return figure_files.write_figure_record(
        FigureIdentity(name, EVIDENCE),
        chart,
        frame,
        texts,
        folder,
        SIMULATED if SIMULATED in kinds else min(kinds),
        press=context.press,
        undrawn=undrawn,
    )


def write_bar_chart(
    chart: RowChart,
    frame: Frame,
    context: FigureContext,
    evidence_rows: Sequence[PublicRow],
    folder: Path,
    name: str,
    *,
    caption: str,
    finding: str = "",
    undrawn: Undrawn | None = None,
) -> FigureRecord:
    """Write a chart of bars, whose finding is the list of its rows if no other one is given.

    The other arguments are those of :func:`write_chart_record`.
    """
    translator = context.translator
    title = alt_text.format_title(context, frame.title)
    counts = [
        translator("{label}: {count}", label=row.label, count=row.printed_text)
        for row in chart.rows
    ]
    return write_chart_record(
        chart,
        frame,
        context,
        evidence_rows,
        folder,
        name,
        caption=caption,
        opening=translator("Bar chart: {title}.", title=title),
        finding=finding or translator("{findings}.", findings="; ".join(counts)),
        undrawn=undrawn,
    )
