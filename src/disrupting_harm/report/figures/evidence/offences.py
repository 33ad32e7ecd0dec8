"""Recorded offences by year: one panel for each kind of count; missing years differ from zeros."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure

from disrupting_harm.evidence.fact_status import SUPPRESSED
from disrupting_harm.provenance.addresses import ADDRESS
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.alt_text import FigureContext
from disrupting_harm.report.figures.drawing import page_furniture as paper
from disrupting_harm.report.figures.drawing import style
from disrupting_harm.report.figures.drawing.figure_record import FigureRecord
from disrupting_harm.report.figures.drawing.page_furniture import MARGIN, Frame
from disrupting_harm.report.figures.drawing.text_shaping import wrap
from disrupting_harm.report.figures.drawing.widths import line_height
from disrupting_harm.report.figures.evidence.column_chart import (
    LABEL_PITCH,
    Column,
    draw_columns,
    label_lines,
)
from disrupting_harm.report.figures.evidence.context import frame, located, record
from disrupting_harm.report.findings.evidence.offences import Series, series, years
from disrupting_harm.report.findings.evidence.police import none_of_some, series_label
from disrupting_harm.report.language.evidence_codes import printed
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.evidence_rows import Evidence
from disrupting_harm.report.reading.evidence_rows import Row as Fact

NAME, TABLE = "offences", "offence_rates"
DRAWN_STAGES = ("reported", "convicted")
PANELS_AT_MOST = 6
ACROSS = 2
BETWEEN = 8.0
ABOVE, PLOT, AXIS = 5.0, 20.0, 8.0


def draw_offences(evidence: Evidence, context: FigureContext, folder: Path) -> FigureRecord | None:
    """Draw counts of reported and convicted offences, each category and counting rule apart."""
    translator, evidence_rows = context.translator, located(TABLE, evidence.rows(TABLE))
    every = series(evidence_rows)
    drawn = [entry for entry in every if entry.stage in DRAWN_STAGES][:PANELS_AT_MOST]
    if not drawn:
        return None
    spans, agencies = years(evidence_rows), {entry.agency for entry in every}
    names = [series_label(translator, entry, agencies) for entry in drawn]
    topic = translator("Offences against children that law enforcement recorded")
    counted = translator("Number in each year, {place}", place=context.area_name)
    framed = frame(
        context, topic, counted, evidence_rows, _notes(translator, drawn, len(drawn) < len(every))
    )
    title = alt_text.format_title(context, topic)
    findings = [
        _finding(translator, entry, name, spans) for entry, name in zip(drawn, names, strict=True)
    ]
    return record(
        _draw(
            [_columns(translator, entry, spans, evidence_rows) for entry in drawn], names, framed
        ),
        framed,
        context,
        evidence_rows,
        folder,
        NAME,
        caption=translator(
            "Police records show what was reported and written down. They are not prevalence."
        ),
        chart=translator("Column charts: {title}.", title=title),
        finding=alt_text.join_sentences(findings),
        main=findings[0],
        undrawn={
            "other_counts": [
                evidence_row[ADDRESS]
                for evidence_row in evidence_rows
                if not any(entry.is_of(evidence_row) for entry in drawn)
            ]
        },
    )


def _draw(panels: Sequence[Sequence[Column]], names: Sequence[str], frame: Frame) -> Figure:
    """Draw one panel for each kind of count."""
    cut = frame.cut
    across = 1 if cut.narrow else ACROSS
    width = (cut.width - 2 * MARGIN - BETWEEN * (across - 1)) / across
    headings = [wrap(name, width, cut.small, True) for name in names]
    line, lines = line_height(cut.small), max(map(len, headings))
    # Counts of two lines take their room from the columns, so that the figure keeps its height.
    second = max(label_lines(columns, width, cut.small) for columns in panels) - 1
    raised = second * LABEL_PITCH / style.POINTS_PER_INCH * style.MM_PER_INCH
    height = line * lines + ABOVE + PLOT + AXIS
    figure, page, above = paper.lay_out_page(frame, -(-len(panels) // across) * height)
    look = {"size": cut.small, "color": style.GREY, "weight": style.SEMIBOLD}
    for at, (columns, heading) in enumerate(zip(panels, headings, strict=True)):
        left = MARGIN + (at % across) * (width + BETWEEN)
        top = above + (at // across) * height
        for number, text in enumerate(heading):
            paper.put_text(page, left, top + line * (number + 0.5), text, **look)
        below = top + line * lines + ABOVE + raised
        plot = paper.place_axes(figure, left, below, width, PLOT - raised)
        draw_columns(plot, columns, width, cut.small)
    return figure


def _columns(
    translator: Translator[str], entry: Series, spans: Sequence[str], evidence_rows: Sequence[Fact]
) -> list[Column]:
    keys = {
        evidence_row["year"]: evidence_row[ADDRESS]
        for evidence_row in evidence_rows
        if entry.is_of(evidence_row)
    }
    columns = []
    for year, amount in zip(spans, entry.amounts, strict=True):
        counted = amount is not None and amount.number is not None
        counts = (float(amount.number or 0),) if amount is not None and counted else ()
        least = amount is not None and amount.at_least
        withheld = amount is not None and amount.status == SUPPRESSED
        shown = (printed(translator, amount),)
        key = (keys.get(year),)
        columns.append(Column(year, shown, counts, at_least=least, withheld=withheld, keys=key))
    return columns


def _notes(translator: Translator[str], drawn: Sequence[Series], some: bool) -> list[str]:
    """Return what the signs mean that the pictures have, and no others."""
    amounts = [amount for entry in drawn for amount in entry.amounts if amount]
    notes = [translator("Each picture has a scale of its own: compare heights within it alone.")]
    if any(amount.number == 0 for amount in amounts):
        notes.append(
            translator(
                "0: counted, and there were none. Not recorded: nobody counted; it is not 0."
            )
        )
    elif any(amount.status == "not_recorded" for amount in amounts):
        notes.append(translator("Not recorded: nobody counted; it is not 0."))
    if any(amount.status == SUPPRESSED for amount in amounts):
        notes.append(translator("Not shown: too few to be printed without risk to a child."))
    if any(amount.at_least for amount in amounts):
        notes.append(
            translator(
                "Hatched: at least this many, as some offences or agencies have no figure; not to "
                "be compared."
            )
        )
    notes += none_of_some(translator, amounts)
    if some:
        notes.append(
            translator("Only offences reported and convicted are drawn; the table has the others.")
        )
    return notes


def _finding(translator: Translator[str], entry: Series, name: str, spans: Sequence[str]) -> str:
    counts = [
        translator("{year}: {count}", year=year, count=printed(translator, amount))
        for year, amount in zip(spans, entry.amounts, strict=True)
    ]
    return translator(
        "{heading}: {findings}.", heading=name, findings=translator.enumeration(counts)
    )
