"""The figure of companies: a bar for the share of each in all reports."""

from dataclasses import replace
from pathlib import Path

from disrupting_harm.provenance.addresses import ADDRESS
from disrupting_harm.report.drawing.marks import build_bar
from disrupting_harm.report.drawing.rows import Row, Section
from disrupting_harm.report.figures.alt_text import FigureContext
from disrupting_harm.report.figures.estimate_chart import build_percent_chart
from disrupting_harm.report.figures.evidence.evidence_figure import (
    build_frame,
    locate_rows,
    write_bar_chart,
)
from disrupting_harm.report.figures.figure_record import FigureRecord
from disrupting_harm.report.findings.evidence.cybertips import find_latest_reporters
from disrupting_harm.report.language.evidence_codes import label
from disrupting_harm.report.reading.evidence_rows import Evidence

COMPANIES_SHOWN = 8


def draw_reporters(evidence: Evidence, context: FigureContext, folder: Path) -> FigureRecord | None:
    """Draw the share of each company in the reports of the last year."""
    translator = context.translator
    all_reporters = locate_rows("reporters", evidence.rows("reporters"))
    evidence_rows = find_latest_reporters(all_reporters)[:COMPANIES_SHOWN]
    if not evidence_rows:
        return None
    rows = tuple(
        Row(
            label(translator, "reporters", "reporter", evidence_row["reporter"]),
            translator.number(evidence_row.number("share_percent"), 1),
            marks=(build_bar(float(evidence_row["share_percent"]), evidence_row[ADDRESS]),),
            columns=(
                translator.number(evidence_row.number("reports"))
                if evidence_row["reports"]
                else "–",
            ),
        )
        for evidence_row in evidence_rows
    )
    topic = translator("CyberTip reports by company")
    subtitle = translator(
        "Per cent of the CyberTip reports of {year}, {place}, and reports",
        year=evidence_rows[0]["year"],
        place=context.area_name,
    )
    frame = build_frame(context, topic, subtitle, evidence_rows)
    return write_bar_chart(
        replace(
            build_percent_chart([Section("", rows)], translator),
            headings=(translator("Reports"), translator("Per cent")),
        ),
        frame,
        context,
        evidence_rows,
        folder,
        "reporters",
        caption=translator(
            "A company with many reports may look for more than others; that is not more abuse."
        ),
    )
