"""Recorded offences by year: one panel for each kind of count; missing years differ from zeros."""

from collections.abc import Sequence
from pathlib import Path

from disrupting_harm.evidence.fact_status import SUPPRESSED
from disrupting_harm.provenance.addresses import ADDRESS
from disrupting_harm.report.drawing.column_chart import (
    Column,
    ColumnChart,
    ColumnPanel,
    ColumnPart,
)
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.alt_text import FigureContext
from disrupting_harm.report.figures.evidence.evidence_figure import (
    build_frame,
    locate_rows,
    write_chart_record,
)
from disrupting_harm.report.figures.figure_record import FigureRecord
from disrupting_harm.report.findings.evidence.offences import Series, build_series, list_years
from disrupting_harm.report.findings.evidence.police import explain_incomplete, series_label
from disrupting_harm.report.language.evidence_codes import format_amount
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.evidence_rows import Evidence
from disrupting_harm.report.reading.rows import PublicRow

NAME, TABLE = "offences", "offence_rates"
DRAWN_STAGES = ("reported", "convicted")
PANELS_AT_MOST = 6
ACROSS, PLOT = 2, 20.0  # panels beside each other, and millimetres of the highest column of each


def draw_offences(evidence: Evidence, context: FigureContext, folder: Path) -> FigureRecord | None:
    """Draw counts of reported and convicted offences, a panel for each category and rule."""
    translator, evidence_rows = context.translator, locate_rows(TABLE, evidence.rows(TABLE))
    all_series = build_series(evidence_rows)
    drawn_series = [
        offence_series for offence_series in all_series if offence_series.stage in DRAWN_STAGES
    ][:PANELS_AT_MOST]
    if not drawn_series:
        return None
    year_labels = list_years(evidence_rows)
    agencies = {offence_series.agency for offence_series in all_series}
    panels = tuple(
        ColumnPanel(
            _build_columns(translator, offence_series, year_labels, evidence_rows),
            series_label(translator, offence_series, agencies),
        )
        for offence_series in drawn_series
    )
    topic = translator("Offences against children that law enforcement recorded")
    subtitle = translator("Number in each year, {place}", place=context.area_name)
    frame = build_frame(
        context,
        topic,
        subtitle,
        evidence_rows,
        _collect_notes(translator, drawn_series, len(drawn_series) < len(all_series)),
    )
    findings = [_describe_panel(translator, panel) for panel in panels]
    return write_chart_record(
        ColumnChart(panels, PLOT, ACROSS),
        frame,
        context,
        evidence_rows,
        folder,
        NAME,
        caption=translator(
            "Police records show what was reported and written down. They are not prevalence."
        ),
        opening=translator("Column charts: {title}.", title=alt_text.format_title(context, topic)),
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


def _build_columns(
    translator: Translator[str],
    offence_series: Series,
    year_labels: Sequence[str],
    evidence_rows: Sequence[PublicRow],
) -> tuple[Column, ...]:
    address_by_year = {
        evidence_row["year"]: evidence_row[ADDRESS]
        for evidence_row in evidence_rows
        if offence_series.is_of(evidence_row)
    }
    columns = []
    for year, amount in zip(year_labels, offence_series.amounts, strict=True):
        number = amount.number if amount else None
        withheld = amount is not None and amount.status == SUPPRESSED
        part = ColumnPart(
            format_amount(translator, amount),
            None if number is None else float(number),
            "open bar" if amount and amount.at_least else "bar",
            "" if number is not None else "privacy" if withheld else "unrecorded",
            address_by_year.get(year, ""),
        )
        columns.append(Column(year, (part,)))
    return tuple(columns)


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


def _describe_panel(translator: Translator[str], panel: ColumnPanel) -> str:
    counts = [
        translator("{year}: {count}", year=column.label, count=column.parts[0].printed_text)
        for column in panel.columns
    ]
    return translator(
        "{heading}: {findings}.", heading=panel.heading, findings=translator.enumeration(counts)
    )
