"""What sources say on each point of law, in all countries side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from disrupting_harm.evidence.tables.legislation import AGES
from disrupting_harm.provenance.addresses import ADDRESS
from disrupting_harm.report.drawing.matrix import Cell, CellMark, Matrix, MatrixRow, MatrixSection
from disrupting_harm.report.figures import alt_text
from disrupting_harm.report.figures.alt_text import FigureContext
from disrupting_harm.report.figures.evidence.evidence_figure import (
    build_frame,
    locate_rows,
    write_chart_record,
)
from disrupting_harm.report.figures.figure_record import FigureRecord
from disrupting_harm.report.findings.law import LEGISLATION
from disrupting_harm.report.language.evidence_codes import label
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.evidence_rows import Evidence
from disrupting_harm.report.reading.rows import PublicRow

MARKS: Mapping[str, CellMark] = {"yes": "full", "partly": "half", "no": "empty"}
# Answers without a mark of their own: their signs, and ages, stand in a box.
SIGNS = {"draft": "D", "varies": "V"}
UNKNOWN = "unknown"


def draw_law_matrix(
    evidence: Evidence, country_names: Mapping[str, str], context: FigureContext, folder: Path
) -> FigureRecord | None:
    """Draw the answer of a source in each country, for each point that some source answers."""
    translator = context.translator
    rows = [
        row
        for row in locate_rows(LEGISLATION, evidence.rows(LEGISLATION))
        if row["country"] in country_names
    ]
    known_rows = [row for row in rows if row["answer"] != UNKNOWN]
    if not known_rows:
        return None
    coverage = {
        row["item"]: row.whole_number("known")
        for row in evidence.rows("law_coverage")
        if row["table"] == LEGISLATION
    }
    known = {topic: count for topic, count in coverage.items() if count}
    counts = {topic: translator.number(count) for topic, count in known.items()}
    labels = {topic: label(translator, LEGISLATION, "topic", topic) for topic in coverage}
    matrix_rows = tuple(
        MatrixRow(
            labels[topic],
            {
                row["country"]: _build_cell(translator, row)
                for row in known_rows
                if row["topic"] == topic
            },
            counts[topic],
        )
        for topic in known
    )
    points = [count for topic, count in known.items() if topic not in AGES]
    fewest, most = min(points), max(points)
    topic = translator("What sources say on each point of law")
    if fewest < most:
        topic = translator(
            "Where sources answer a question of law, they do so for {low} to {high} {areas}; ages "
            "stand apart",
            low=translator.number(fewest),
            high=translator.number(most),
        )
    title = alt_text.format_title(context, topic)
    key = [
        Cell(mark, label(translator, LEGISLATION, "answer", answer))
        for answer, mark in MARKS.items()
    ]
    key += [
        Cell("box", label(translator, LEGISLATION, "answer", answer), sign)
        for answer, sign in SIGNS.items()
        if any(row["answer"] == answer for row in known_rows)
    ]
    counted = "; ".join(f"{labels[topic]} {count}" for topic, count in counts.items())
    return write_chart_record(
        Matrix(
            (MatrixSection("", matrix_rows),), dict(country_names), tuple(key), translator("Known")
        ),
        replace(
            build_frame(context, topic, translator("Age in years where a point is an age"), []),
            source=translator("Source: one for each answer, under “What the law says”."),
        ),
        context,
        known_rows,
        folder,
        "evidence-legislation",
        caption=translator.join_sentences(
            [
                translator(
                    "Nothing drawn: no source that we know of says it. The law may still have it."
                ),
                *_name_unknown_points(
                    translator, [labels[name] for name in coverage if name not in known]
                ),
            ]
        ),
        opening=translator("Grid of points of law and {areas}: {title}.", title=title),
        finding=translator("{Areas} of which it is known: {findings}.", findings=counted),
        undrawn={"no_answer": [row[ADDRESS] for row in rows if row["answer"] == UNKNOWN]},
    )


def _name_unknown_points(translator: Translator[str], labels: Sequence[str]) -> list[str]:
    if not labels:
        return []
    return [translator("Not known of any {area}: {facts}.", facts="; ".join(labels))]


def _build_cell(translator: Translator[str], row: PublicRow) -> Cell:
    words, address = label(translator, LEGISLATION, "answer", row["answer"]), row[ADDRESS]
    if row["topic"] in AGES and row["age"]:
        age = row.whole_number("age")
        printed = translator.number(age)
        return Cell("box", printed, printed, value=age, address=address)
    if row["answer"] in SIGNS:
        return Cell("box", words, SIGNS[row["answer"]], address=address)
    return Cell(MARKS[row["answer"]], words, address=address)
