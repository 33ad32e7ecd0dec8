"""The items of a needs analysis of law enforcement by their score; nothing is added up."""

from dataclasses import replace
from pathlib import Path

from disrupting_harm.provenance.addresses import ADDRESS, address_part, row_count
from disrupting_harm.report.drawing.matrix import Cell, Item, ItemList, ItemSection
from disrupting_harm.report.drawing.widths import WIDE
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.alt_text import FigureContext
from disrupting_harm.report.figures.evidence.evidence_figure import (
    build_frame,
    locate_rows,
    write_chart_record,
)
from disrupting_harm.report.figures.figure_record import FigureRecord
from disrupting_harm.report.findings.evidence.capacity import (
    FULL,
    count_points,
    describe_score,
    group_by_score,
    has_several_assessments,
    name_point,
)
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.evidence_rows import Evidence
from disrupting_harm.report.reading.rows import PublicRow

NAME = "capacity"
ACROSS = 3


def draw_item_scores(
    evidence: Evidence, context: FigureContext, folder: Path
) -> FigureRecord | None:
    """Draw each item with as many full steps as its score; those without a score stand last."""
    evidence_rows = locate_rows(NAME, evidence.rows(NAME))
    if not evidence_rows:
        return None
    context = replace(context, cut=WIDE) if not context.cut.narrow else context
    translator = context.translator
    counts = count_points(evidence_rows)
    total = translator.number(counts["total"])
    all_items = f"{evidence_rows[0]['country']}/{NAME}"
    several = has_several_assessments(evidence_rows)
    sections, findings = [], []
    for score, rows in group_by_score(evidence_rows).items():
        heading = describe_score(translator, rows[0])
        number = row_count(len(rows), f"{all_items}/score:{address_part(score)}")
        count = translator("{count} of {n}", count=translator.number(number), n=total)
        items = tuple(_build_item(translator, row, heading, several) for row in rows)
        sections.append(ItemSection(heading, items, count))
        findings.append(translator("{label}: {count}", label=heading, count=count))
    finding = translator("{findings}.", findings="; ".join(findings))
    absent = next((section for section in sections if section.items[0].cell.value == 0), None)
    if absent:
        names = "; ".join(item.label for item in absent.items)
        listed = translator("{heading}: {findings}.", heading=absent.heading, findings=names)
        finding = alt_text.join_sentences([finding, listed])
    topic = translator(
        "Police work: {absent} items absent, {beginning} at a beginning, {part} partly and "
        "{in_place} in place",
        **{name: translator.number(count) for name, count in counts.items()},
    )
    subtitle = translator(
        "Each item by its score, from 0 (absent) to 3 (in place), {place}", place=context.area_name
    )
    title = alt_text.format_title(context, topic)
    return write_chart_record(
        ItemList(tuple(sections), across=ACROSS),
        build_frame(context, topic, subtitle, evidence_rows),
        context,
        evidence_rows,
        folder,
        NAME,
        caption=translator("Scores run from 0 (absent) to 3 (in place). Not asked is not 0."),
        opening=translator("List of items by score: {title}.", title=title),
        finding=finding,
        main_finding=translator("{findings}.", findings="; ".join(findings)),
    )


def _build_item(
    translator: Translator[str], evidence_row: PublicRow, words: str, several: bool
) -> Item:
    label, address = name_point(translator, evidence_row, several), evidence_row[ADDRESS]
    if not evidence_row["score"]:
        return Item(label, Cell("dash", words, address=address))
    score = float(evidence_row["score"])
    return Item(label, Cell("steps", words, value=score, steps=FULL, address=address))
