"""Figures with a bar per answer or company: frontline workers, reporters."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from disrupting_harm.evidence.fact_status import SUPPRESSED
from disrupting_harm.provenance.addresses import ADDRESS
from disrupting_harm.report.drawing.marks import Mark, build_bar
from disrupting_harm.report.drawing.row_chart import single_panel
from disrupting_harm.report.drawing.rows import Row, Section
from disrupting_harm.report.drawing.scales import count_axis
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.alt_text import FigureContext
from disrupting_harm.report.figures.estimate_chart import build_percent_chart
from disrupting_harm.report.figures.evidence.evidence_figure import (
    build_frame,
    locate_rows,
    write_bar_chart,
)
from disrupting_harm.report.figures.figure_record import FigureRecord
from disrupting_harm.report.findings.evidence.cybertips import find_latest_reporters
from disrupting_harm.report.findings.evidence.services import band_label, group_by_item
from disrupting_harm.report.language.evidence_codes import label, row_label
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.evidence_rows import Evidence
from disrupting_harm.report.reading.rows import PublicRow

COMPANIES_SHOWN = 8


def draw_frontline(evidence: Evidence, context: FigureContext, folder: Path) -> FigureRecord | None:
    """Draw how many workers gave each answer; shares only where enough answered."""
    translator, evidence_rows = (
        context.translator,
        locate_rows("frontline", evidence.rows("frontline")),
    )
    if not evidence_rows:
        return None
    sections = [
        Section(
            row_label(translator, rows_of_item[0], "item"),
            _build_answer_rows(translator, rows_of_item),
        )
        for rows_of_item in group_by_item(evidence_rows).values()
    ]
    topic = translator("Answers of frontline workers")
    subtitle = translator(
        "Number of frontline workers, {place}, and per cent of those who answered",
        place=context.area_name,
    )
    hidden = not all(_has_count(evidence_row) for evidence_row in evidence_rows)
    notes = [translator("Answers of so few that they could be recognised are left out.")] * hidden
    if any(row.sign == "privacy" for section in sections for row in section.rows):
        notes.append(
            translator(
                "Where a count is small, or a small one would follow from it, words say which "
                "third of those asked it is in."
            )
        )
    frame = build_frame(context, topic, subtitle, evidence_rows, notes)
    findings = [
        translator(
            "{heading}: {findings}.",
            heading=section.heading,
            findings=translator.enumeration(
                [
                    f"{row.label} {row.printed_text} {row.interval}".rstrip()
                    for row in section.rows
                    if row.estimate is not None
                ]
            ),
        )
        for section in sections
        if any(row.estimate is not None for row in section.rows)
    ]
    return write_bar_chart(
        single_panel(sections, lambda largest: count_axis(largest, translator)),
        frame,
        context,
        evidence_rows,
        folder,
        "frontline",
        caption=translator(
            "The frontline workers were not drawn at random: the counts speak of those who "
            "answered, and nothing is inferred about others."
        ),
        finding=alt_text.join_sentences(findings),
        undrawn={"too_few": [*_find_left_out(evidence_rows)]},
    )


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


def _build_answer_rows(
    translator: Translator[str], evidence_rows: Sequence[PublicRow]
) -> tuple[Row, ...]:
    """Return the answers with a count or band; where none has one, a single row that says so."""
    rows_with_count = [evidence_row for evidence_row in evidence_rows if _has_count(evidence_row)]
    if not rows_with_count:
        row_addresses = " ".join(evidence_row[ADDRESS] for evidence_row in evidence_rows)
        row = _build_answer_row(translator, evidence_rows[0])
        marks = (replace(row.marks[0], address=row_addresses),)
        return (replace(row, label=translator("All answers"), marks=marks),)
    return tuple(_build_answer_row(translator, evidence_row) for evidence_row in rows_with_count)


def _has_count(evidence_row: PublicRow) -> bool:
    return bool(evidence_row["count"] or evidence_row["band"])


def _find_left_out(evidence_rows: Sequence[PublicRow]) -> Iterator[str]:
    """Yield the addresses of answers without a count or band beside others that have one."""
    for rows_of_item in group_by_item(evidence_rows).values():
        if any(_has_count(evidence_row) for evidence_row in rows_of_item):
            yield from (
                evidence_row[ADDRESS]
                for evidence_row in rows_of_item
                if not _has_count(evidence_row)
            )


def _build_answer_row(translator: Translator[str], evidence_row: PublicRow) -> Row:
    name = label(translator, "frontline", "answer", evidence_row["answer"])
    row_address = evidence_row[ADDRESS]
    if not evidence_row["count"]:
        withheld = evidence_row["status"] == SUPPRESSED
        mark = Mark(sign="privacy" if withheld else "unrecorded", address=row_address)
        return Row(name, band_label(translator, "frontline", evidence_row), marks=(mark,))
    n = translator.number(evidence_row.number("n")) if evidence_row["n"] else ""
    base_text = translator("of {n}", n=n) if n else ""
    if evidence_row["share_percent"]:
        share = translator.with_sign(evidence_row.whole_number("share_percent"))
        base_text = translator("of {n} ({share})", n=n, share=share)
    count = evidence_row.number("count")
    mark = build_bar(float(count), row_address)
    return Row(name, translator.number(count), base_text, (mark,))
