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
    count_label_lines,
    draw_columns,
)
from disrupting_harm.report.figures.evidence.evidence_figure import (
    build_frame,
    locate_rows,
    write_figure_record,
)
from disrupting_harm.report.findings.evidence.offences import Series, build_series, list_years
from disrupting_harm.report.findings.evidence.police import explain_incomplete, series_label
from disrupting_harm.report.language.evidence_codes import format_amount
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.evidence_rows import Evidence
from disrupting_harm.report.reading.rows import PublicRow

NAME, TABLE = "offences", "offence_rates"
DRAWN_STAGES = ("reported", "convicted")
PANELS_AT_MOST = 6
ACROSS = 2
BETWEEN = 8.0
ABOVE, PLOT, AXIS = 5.0, 20.0, 8.0


def draw_offences(evidence: Evidence, context: FigureContext, folder: Path) -> FigureRecord | None:
    """Draw counts of reported and convicted offences, a panel for each category and rule."""
    translator, evidence_rows = context.translator, locate_rows(TABLE, evidence.rows(TABLE))
    all_series = build_series(evidence_rows)
    drawn_series = [
        offence_series for offence_series in all_series if offence_series.stage in DRAWN_STAGES
    ][:PANELS_AT_MOST]
    if not drawn_series:
        return None
    year_labels, agencies = (
        list_years(evidence_rows),
        {offence_series.agency for offence_series in all_series},
    )
    panel_names = [
        series_label(translator, offence_series, agencies) for offence_series in drawn_series
    ]
    topic = translator("Offences against children that law enforcement recorded")
    subtitle = translator("Number in each year, {place}", place=context.area_name)
    frame = build_frame(
        context,
        topic,
        subtitle,
        evidence_rows,
        _collect_notes(translator, drawn_series, len(drawn_series) < len(all_series)),
    )
    title = alt_text.format_title(context, topic)
    findings = [
        _describe_series(translator, offence_series, name, year_labels)
        for offence_series, name in zip(drawn_series, panel_names, strict=True)
    ]
    return write_figure_record(
        _draw_panels(
            [
                _build_columns(translator, offence_series, year_labels, evidence_rows)
                for offence_series in drawn_series
            ],
            panel_names,
            frame,
        ),
        frame,
        context,
        evidence_rows,
        folder,
        NAME,
        caption=translator(
            "Police records show what was reported and written down. They are not prevalence."
        ),
        opening=translator("Column charts: {title}.", title=title),
        finding=alt_text.join_sentences(findings),
        main_finding=findings[0],
        undrawn={
            "other_counts": [
                evidence_row[ADDRESS]
                for evidence_row in evidence_rows
                if not any(offence_series.is_of(evidence_row) for offence_series in drawn_series)
            ]
        },
    )


def _draw_panels(
    panels: Sequence[Sequence[Column]], panel_names: Sequence[str], frame: Frame
) -> Figure:
    """Draw one panel for each kind of count."""
    cut = frame.cut
    across = 1 if cut.narrow else ACROSS
    width = (cut.width - 2 * MARGIN - BETWEEN * (across - 1)) / across
    headings = [wrap(name, width, cut.small, True) for name in panel_names]
    line, line_count = line_height(cut.small), max(map(len, headings))
    # Counts of two lines take their room from the columns, so that the figure keeps its height.
    extra_lines = max(count_label_lines(columns, width, cut.small) for columns in panels) - 1
    raised = extra_lines * LABEL_PITCH / style.POINTS_PER_INCH * style.MM_PER_INCH
    height = line * line_count + ABOVE + PLOT + AXIS
    figure, page, body_top = paper.lay_out_page(frame, -(-len(panels) // across) * height)
    look = {"size": cut.small, "color": style.GREY, "weight": style.SEMIBOLD}
    for index, (columns, heading) in enumerate(zip(panels, headings, strict=True)):
        left = MARGIN + (index % across) * (width + BETWEEN)
        top = body_top + (index // across) * height
        for number, text in enumerate(heading):
            paper.put_text(page, left, top + line * (number + 0.5), text, **look)
        plot_top = top + line * line_count + ABOVE + raised
        plot = paper.place_axes(figure, left, plot_top, width, PLOT - raised)
        draw_columns(plot, columns, width, cut.small)
    return figure


def _build_columns(
    translator: Translator[str],
    offence_series: Series,
    year_labels: Sequence[str],
    evidence_rows: Sequence[PublicRow],
) -> list[Column]:
    address_by_year = {
        evidence_row["year"]: evidence_row[ADDRESS]
        for evidence_row in evidence_rows
        if offence_series.is_of(evidence_row)
    }
    columns = []
    for year, amount in zip(year_labels, offence_series.amounts, strict=True):
        has_number = amount is not None and amount.number is not None
        counts = (float(amount.number or 0),) if amount is not None and has_number else ()
        at_least = amount is not None and amount.at_least
        withheld = amount is not None and amount.status == SUPPRESSED
        printed_counts = (format_amount(translator, amount),)
        row_addresses = (address_by_year.get(year),)
        columns.append(
            Column(
                year,
                printed_counts,
                counts,
                at_least=at_least,
                withheld=withheld,
                row_addresses=row_addresses,
            )
        )
    return columns


def _collect_notes(
    translator: Translator[str], drawn_series: Sequence[Series], has_undrawn: bool
) -> list[str]:
    """Return what the signs mean that the pictures have, and no others."""
    amounts = [
        amount for offence_series in drawn_series for amount in offence_series.amounts if amount
    ]
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
    notes += explain_incomplete(translator, amounts)
    if has_undrawn:
        notes.append(
            translator("Only offences reported and convicted are drawn; the table has the others.")
        )
    return notes


def _describe_series(
    translator: Translator[str], offence_series: Series, name: str, year_labels: Sequence[str]
) -> str:
    counts = [
        translator("{year}: {count}", year=year, count=format_amount(translator, amount))
        for year, amount in zip(year_labels, offence_series.amounts, strict=True)
    ]
    return translator(
        "{heading}: {findings}.", heading=name, findings=translator.enumeration(counts)
    )
