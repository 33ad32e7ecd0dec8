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
from disrupting_harm.report.language.evidence_codes import label, row_label, status_label
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.evidence_rows import Evidence, Row

OFFENCE_DIGITS = 3  # of a rate of offences as it is seen; its cell holds all of them


class EvidenceSheets:
    """Write the evidence of one country in one language; a table without rows has no sheet.

    ``mark`` stands behind the title of a sheet all of whose rows are simulated.
    """

    def __init__(self, translator: Translator[Markdown], evidence: Evidence, mark: str) -> None:
        self._translator = translator
        self._evidence = evidence
        self._mark = mark

    def sheets(self) -> list[Sheet]:
        """Return the sheets that have rows."""
        translator = self._translator
        told = (
            (Column(translator("Kind of data"), 14), self._kind),
            (
                Column(translator("Source"), 52),
                lambda row: Markdown(source_said(translator, row["source"])),
            ),
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
        translator = self._translator
        tables = {
            "cybertips": (translator("CyberTip reports"), self._cybertips()),
            "offence_rates": (translator("Recorded offences"), self._offences()),
            "capacity": (translator("Capacity of law enforcement"), self._capacity()),
            "policy": (translator("Law and policy"), self._policy()),
            "hotlines": (translator("Hotlines and helplines"), self._hotlines()),
            "frontline": (translator("Answers of frontline workers"), self._frontline()),
            "justice": (translator("What came up in interviews on justice"), self._justice()),
        }
        return {
            table: (title, columns, rows)
            for table, (title, columns) in tables.items()
            if (rows := self._evidence.rows(table))
        }

    def _cybertips(self) -> Sequence[tuple[Column, Cells]]:
        translator = self._translator
        return (
            (Column(translator("Year"), 8), _number("year")),
            (Column(translator("Class"), 18), self._label("cybertips", "class")),
            (Column(translator("Reports"), 12), count("reports")),
            self._change(),
            (
                Column(translator("Share of the world, per cent"), 14),
                _number("share_world_percent"),
            ),
            (self._status_column(), self._status),
            (
                Column(translator("What was counted"), 30),
                lambda row: translator.of_study(row["counted"]),
            ),
            (Column(translator("Note"), 50), self._note_on_reports),
        )

    def _offences(self) -> Sequence[tuple[Column, Cells]]:
        translator = self._translator
        kinds = {
            "category": translator("Offences"),
            "technology": translator("Technology"),
            "stage": translator("Stage"),
            "counting_rule": translator("What was counted"),
        }
        return (
            (Column(translator("Agency"), 22), lambda row: translator.plain(row["agency"])),
            (Column(translator("Year"), 8), _number("year")),
            *(
                (Column(heading, 22), self._label("offence_rates", name))
                for name, heading in kinds.items()
            ),
            (Column(translator("Number"), 10), count("offences")),
            self._rate(),
            self._change(),
            (self._status_column(), self._status),
            (Column(translator("Note"), 50), self._note_on_offences),
        )

    def _capacity(self) -> Sequence[tuple[Column, Cells]]:
        translator = self._translator
        return (
            (Column(translator("Agency"), 20), lambda row: translator.plain(row["agency"])),
            (Column(translator("Date"), 12), lambda row: row["date"]),
            (Column(translator("Field"), 28), self._named("area")),
            (Column(translator("Item"), 48), self._named("item")),
            (Column(translator("Score"), 8), _number("score")),
            (self._status_column(), self._status),
            (Column(translator("Evidence"), 14), self._label("capacity", "evidence")),
            (Column(translator("Confidence"), 12), self._label("capacity", "confidence")),
        )

    def _policy(self) -> Sequence[tuple[Column, Cells]]:
        translator = self._translator
        return (
            (Column(translator("Field"), 26), self._label("policy", "area")),
            (Column(translator("Item"), 38), self._label("policy", "item")),
            (Column(translator("Answer"), 18), self._label("policy", "answer")),
            (self._status_column(), self._status),
            (Column(translator("Instrument"), 32), lambda row: translator.plain(row["instrument"])),
            (Column(translator("Year"), 8), _number("year")),
        )

    def _hotlines(self) -> Sequence[tuple[Column, Cells]]:
        translator = self._translator
        return (
            (Column(translator("Service"), 32), lambda row: translator.plain(row["organisation"])),
            (Column(translator("Year"), 8), _number("year")),
            (Column(translator("What was counted"), 44), self._label("hotlines", "measure")),
            (Column(translator("Number"), 10), count("contacts")),
            self._change(),
            (self._status_column(), self._status),
        )

    def _frontline(self) -> Sequence[tuple[Column, Cells]]:
        translator = self._translator
        return (
            (Column(translator("Item"), 40), self._named("item")),
            (Column(translator("Answer"), 18), self._label("frontline", "answer")),
            (Column(translator("n"), 8), count("n")),
            (Column(translator("Number"), 10), count("count")),
            (Column(translator("Per cent"), 10), _number("share_percent")),
            (Column(translator("In words"), 16), self._label("frontline", "band")),
            (self._status_column(), self._status),
        )

    def _justice(self) -> Sequence[tuple[Column, Cells]]:
        translator = self._translator
        return (
            (Column(translator("Who was asked"), 28), self._named("role")),
            (Column(translator("What came up"), 40), self._named("theme")),
            (Column(translator("Interviews"), 12), count("interviews")),
            (Column(translator("Number"), 10), count("mentioned")),
            (Column(translator("In words"), 16), self._label("justice", "band")),
            (self._status_column(), self._status),
        )

    def _rate(self) -> tuple[Column, Cells]:
        heading = self._translator("Per 1,000 children aged 12-17")
        return Column(heading, 16), _number("rate_per_1000_children", OFFENCE_DIGITS)

    def _change(self) -> tuple[Column, Cells]:
        """Return the column of changes; a series that is counted anew has none, and says so."""
        change = _number("change_percent")
        return (
            Column(self._translator("Change from the year before, per cent"), 18),
            lambda row: self._translator("series break") if breaks_series(row) else change(row),
        )

    def _note_on_reports(self, row: Row) -> Value:
        translator = self._translator
        notes = [translator.of_study(PLACED_BY_UPLOAD)]
        if breaks_series(row):
            notes.append(translator("Series break: counted in another way than the year before."))
        return Markdown(" ".join(notes))

    def _note_on_offences(self, row: Row) -> Value:
        if not row["rate_per_1000_children"]:
            return None
        said = self._translator(
            "Children of any age may be among the victims. The number of children aged 12-17 "
            "serves only to set countries of different size beside each other."
        )
        counted = children_counted(self._translator, [row])
        return Markdown(" ".join(note for note in (said, counted) if note))

    def _status_column(self) -> Column:
        return Column(self._translator("What is printed"), 32)

    def _status(self, row: Row) -> Value:
        translator, status = self._translator, row["status"]
        said = {
            REPORTED: translator("as reported"),
            ZERO: translator("counted, and there were none"),
            INCOMPLETE: translator("at least: some parts have no number"),
        }
        return said[status] if status in said else status_label(translator, status)

    def _kind(self, row: Row) -> Value:
        translator = self._translator
        said = {
            "simulated": translator("simulated"),
            "observed": translator("from a source that is not public"),
            "published": translator("published"),
        }
        return said[row["data_kind"]]

    def _label(self, table: str, column: str) -> Cells:
        return lambda row: (
            label(self._translator, table, column, row[column]) if row[column] else None
        )

    def _named(self, column: str) -> Cells:
        return lambda row: row_label(self._translator, row, column)


def _number(column: str, shown: int | None = None) -> Cells:
    """Return a number with the decimals of the public table, or as many of them as are shown."""

    def cell(row: Row) -> Number | None:
        if not row[column]:
            return None
        digits = len(row[column].removesuffix(".0").partition(".")[2])
        return Number(round(float(row[column]), digits), digits if shown is None else shown)

    return cell
