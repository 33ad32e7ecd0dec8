"""Sheets of what sources say about law: points, treaties, plans and services, with dates."""

from collections.abc import Callable, Sequence

from disrupting_harm.report.documents.databook.workbook import (
    Column,
    RowCell,
    Value,
    whole_cells,
)
from disrupting_harm.report.findings.evidence.helpline import describe_age
from disrupting_harm.report.findings.law import LEGISLATION, PLANS, SERVICES, TREATIES
from disrupting_harm.report.language.evidence_codes import label
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.rows import PublicRow

Columns = Sequence[tuple[Column, RowCell]]


def list_law_columns(translator: Translator[Markdown]) -> dict[str, Columns]:
    """Return the columns of each table on law; each ends with date and page of its source."""

    def label_cells(table: str, column: str) -> RowCell:
        return lambda row: label(translator, table, column, row[column]) if row[column] else None

    def format_answer(row: PublicRow) -> Value:
        if row["age"]:
            return None
        answer = label(translator, LEGISLATION, "answer", row["answer"])
        if not row["scope"]:
            return answer
        return translator("{label}: {note}", label=answer, note=translator.of_study(row["scope"]))

    def format_status(row: PublicRow) -> Value:
        # A report says only what departs from it.
        if row["status"] == "in_force":
            return translator("In force")
        return label_cells(LEGISLATION, "status")(row)

    grade = label_cells("capacity", "confidence")

    def grade_service(row: PublicRow) -> Value:
        return describe_age(translator, row) or grade(row)

    end: Columns = (
        (Column(translator("As of"), 12), _text_cells("as_of")),
        (Column(translator("Confidence"), 12), grade),
        (Column(translator("Note"), 40), _study_cells(translator, "note")),
        (Column(translator("Address"), 52), _text_cells("address")),
    )
    return {
        LEGISLATION: (
            (Column(translator("Point of law"), 36), label_cells(LEGISLATION, "topic")),
            (Column(translator("Answer"), 30), format_answer),
            (Column(translator("Age"), 8), whole_cells("age")),
            (Column(translator("Instrument"), 44), _text_cells("instrument")),
            (Column(translator("Article"), 16), _text_cells("provision")),
            (Column(translator("Year"), 8), whole_cells("instrument_year")),
            (Column(translator("Status"), 14), format_status),
            (Column(translator("Since"), 12), _text_cells("in_force_from")),
            (Column(translator("Reason"), 40), _study_cells(translator, "reason")),
            *end,
        ),
        TREATIES: (
            (Column(translator("Treaty"), 48), label_cells(TREATIES, "instrument")),
            (Column(translator("Status"), 20), label_cells(TREATIES, "status")),
            (Column(translator("Year"), 8), whole_cells("year")),
            *end,
        ),
        PLANS: (
            (Column(translator("Name"), 60), _text_cells("title")),
            (Column(translator("What it is"), 16), label_cells(PLANS, "kind")),
            (Column(translator("First year"), 8), whole_cells("year_from")),
            (Column(translator("Last year"), 8), whole_cells("year_to")),
            (Column(translator("Status"), 16), label_cells(PLANS, "status")),
            *end,
        ),
        SERVICES: (
            (Column(translator("Name"), 48), _text_cells("name")),
            (Column(translator("What it is"), 20), label_cells(SERVICES, "kind")),
            (Column(translator("Since"), 8), _text_cells("since")),
            end[0],
            (end[1][0], grade_service),
            *end[2:],
        ),
    }


def _text_cells(column: str) -> Callable[[PublicRow], Value]:
    return lambda row: row[column] or None


def _study_cells(translator: Translator[Markdown], column: str) -> RowCell:
    return lambda row: translator.of_study(row[column]) if row[column] else None
