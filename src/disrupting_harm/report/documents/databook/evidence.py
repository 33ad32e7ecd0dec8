"""Sheets of what others counted in one country: a row for each fact, its status in words."""

from collections.abc import Sequence

from disrupting_harm.evidence.fact_status import INCOMPLETE, REPORTED, ZERO
from disrupting_harm.evidence.measures.cybertips import PLACED_BY_UPLOAD
from disrupting_harm.evidence.sources import SIMULATED
from disrupting_harm.report.documents.databook.workbook import (
    Cells,
    Column,
    Number,
    Sheet,
    Value,
    count,
)
from disrupting_harm.report.findings.evidence.cybertips import breaks_series, children_counted
from disrupting_harm.report.findings.evidence.source_notes import source_said
from disrupting_harm.report.language.addressed_text import Text
from disrupting_harm.report.language.evidence_codes import label, row_label, status_label
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.reading.evidence_rows import Evidence, Row

OFFENCE_DIGITS = 3  # of a rate of offences as it is seen; its cell holds all of them


class EvidenceSheets:
    """Write the evidence of one country in one language; a table without rows has no sheet.

    ``mark`` stands behind the title of a sheet all of whose rows are simulated.
    """

    def __init__(self, text: Text, evidence: Evidence, mark: str) -> None:
        self._text = text
        self._evidence = evidence
        self._mark = mark

    def sheets(self) -> list[Sheet]:
        """Return the sheets that have rows."""
        text = self._text
        told = (
            (Column(text("Kind of data"), 14), self._kind),
            (Column(text("Source"), 52), lambda row: Markdown(source_said(text, row["source"]))),
        )
        return [
            Sheet(
                title,
                self._titled(title, rows),
                [column for column, _ in (*columns, *told)],
                [[cell(row) for _, cell in (*columns, *told)] for row in rows],
            )
            for title, columns, rows in self._tables().values()
        ]

    def _titled(self, title: str, rows: Sequence[Row]) -> str:
        simulated = {row["data_kind"] for row in rows} == {SIMULATED}
        return f"{title} – {self._mark}" if self._mark and simulated else title

    def _tables(self) -> dict[str, tuple[str, Sequence[tuple[Column, Cells]], Sequence[Row]]]:
        """Return title, columns and rows of each table that has rows."""
        text = self._text
        tables = {
            "cybertips": (text("CyberTip reports"), self._cybertips()),
            "offence_rates": (text("Recorded offences"), self._offences()),
            "capacity": (text("Capacity of law enforcement"), self._capacity()),
            "policy": (text("Law and policy"), self._policy()),
            "hotlines": (text("Hotlines and helplines"), self._hotlines()),
            "frontline": (text("Answers of frontline workers"), self._frontline()),
            "justice": (text("What came up in interviews on justice"), self._justice()),
        }
        return {
            table: (title, columns, rows)
            for table, (title, columns) in tables.items()
            if (rows := self._evidence.rows(table))
        }

    def _cybertips(self) -> Sequence[tuple[Column, Cells]]:
        text = self._text
        return (
            (Column(text("Year"), 8), _number("year")),
            (Column(text("Class"), 18), self._label("cybertips", "class")),
            (Column(text("Reports"), 12), count("reports")),
            self._change(),
            (Column(text("Share of the world, per cent"), 14), _number("share_world_percent")),
            (self._status_column(), self._status),
            (Column(text("What was counted"), 30), lambda row: text.of_study(row["counted"])),
            (Column(text("Note"), 50), self._note_on_reports),
        )

    def _offences(self) -> Sequence[tuple[Column, Cells]]:
        text = self._text
        kinds = {
            "category": text("Offences"),
            "technology": text("Technology"),
            "stage": text("Stage"),
            "counting_rule": text("What was counted"),
        }
        return (
            (Column(text("Agency"), 22), lambda row: text.plain(row["agency"])),
            (Column(text("Year"), 8), _number("year")),
            *(
                (Column(heading, 22), self._label("offence_rates", name))
                for name, heading in kinds.items()
            ),
            (Column(text("Number"), 10), count("offences")),
            self._rate(),
            self._change(),
            (self._status_column(), self._status),
            (Column(text("Note"), 50), self._note_on_offences),
        )

    def _capacity(self) -> Sequence[tuple[Column, Cells]]:
        text = self._text
        return (
            (Column(text("Agency"), 20), lambda row: text.plain(row["agency"])),
            (Column(text("Date"), 12), lambda row: row["date"]),
            (Column(text("Field"), 28), self._named("area")),
            (Column(text("Item"), 48), self._named("item")),
            (Column(text("Score"), 8), _number("score")),
            (self._status_column(), self._status),
            (Column(text("Evidence"), 14), self._label("capacity", "evidence")),
            (Column(text("Confidence"), 12), self._label("capacity", "confidence")),
        )

    def _policy(self) -> Sequence[tuple[Column, Cells]]:
        text = self._text
        return (
            (Column(text("Field"), 26), self._label("policy", "area")),
            (Column(text("Item"), 38), self._label("policy", "item")),
            (Column(text("Answer"), 18), self._label("policy", "answer")),
            (self._status_column(), self._status),
            (Column(text("Instrument"), 32), lambda row: text.plain(row["instrument"])),
            (Column(text("Year"), 8), _number("year")),
        )

    def _hotlines(self) -> Sequence[tuple[Column, Cells]]:
        text = self._text
        return (
            (Column(text("Service"), 32), lambda row: text.plain(row["organisation"])),
            (Column(text("Year"), 8), _number("year")),
            (Column(text("What was counted"), 44), self._label("hotlines", "measure")),
            (Column(text("Number"), 10), count("contacts")),
            self._change(),
            (self._status_column(), self._status),
        )

    def _frontline(self) -> Sequence[tuple[Column, Cells]]:
        text = self._text
        return (
            (Column(text("Item"), 40), self._named("item")),
            (Column(text("Answer"), 18), self._label("frontline", "answer")),
            (Column(text("n"), 8), count("n")),
            (Column(text("Number"), 10), count("count")),
            (Column(text("Per cent"), 10), _number("share_percent")),
            (Column(text("In words"), 16), self._label("frontline", "band")),
            (self._status_column(), self._status),
        )

    def _justice(self) -> Sequence[tuple[Column, Cells]]:
        text = self._text
        return (
            (Column(text("Who was asked"), 28), self._named("role")),
            (Column(text("What came up"), 40), self._named("theme")),
            (Column(text("Interviews"), 12), count("interviews")),
            (Column(text("Number"), 10), count("mentioned")),
            (Column(text("In words"), 16), self._label("justice", "band")),
            (self._status_column(), self._status),
        )

    def _rate(self) -> tuple[Column, Cells]:
        heading = self._text("Per 1,000 children aged 12-17")
        return Column(heading, 16), _number("rate_per_1000_children", OFFENCE_DIGITS)

    def _change(self) -> tuple[Column, Cells]:
        """Return the column of changes; a series that is counted anew has none, and says so."""
        change = _number("change_percent")
        return (
            Column(self._text("Change from the year before, per cent"), 18),
            lambda row: self._text("series break") if breaks_series(row) else change(row),
        )

    def _note_on_reports(self, row: Row) -> Value:
        text = self._text
        notes = [text.of_study(PLACED_BY_UPLOAD)]
        if breaks_series(row):
            notes.append(text("Series break: counted in another way than the year before."))
        return Markdown(" ".join(notes))

    def _note_on_offences(self, row: Row) -> Value:
        if not row["rate_per_1000_children"]:
            return None
        said = self._text(
            "Children of any age may be among the victims. The number of children aged 12-17 "
            "serves only to set countries of different size beside each other."
        )
        counted = children_counted(self._text, [row])
        return Markdown(" ".join(note for note in (said, counted) if note))

    def _status_column(self) -> Column:
        return Column(self._text("What is printed"), 32)

    def _status(self, row: Row) -> Value:
        text, status = self._text, row["status"]
        said = {
            REPORTED: text("as reported"),
            ZERO: text("counted, and there were none"),
            INCOMPLETE: text("at least: some parts have no number"),
        }
        return said[status] if status in said else status_label(text, status)

    def _kind(self, row: Row) -> Value:
        text = self._text
        said = {
            "simulated": text("simulated"),
            "observed": text("from a source that is not public"),
            "published": text("published"),
        }
        return said[row["data_kind"]]

    def _label(self, table: str, column: str) -> Cells:
        return lambda row: label(self._text, table, column, row[column]) if row[column] else None

    def _named(self, column: str) -> Cells:
        return lambda row: row_label(self._text, row, column)


def _number(column: str, shown: int | None = None) -> Cells:
    """Return a number with the decimals of the public table, or as many of them as are shown."""

    def cell(row: Row) -> Number | None:
        if not row[column]:
            return None
        digits = len(row[column].removesuffix(".0").partition(".")[2])
        return Number(round(float(row[column]), digits), digits if shown is None else shown)

    return cell
