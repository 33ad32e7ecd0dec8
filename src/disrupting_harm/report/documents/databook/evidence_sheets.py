"""Sheets of what others counted in one country: a row for each fact, its status in words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from disrupting_harm.evidence.fact_status import INCOMPLETE, REPORTED, ZERO
from disrupting_harm.evidence.measures.cybertips import PLACED_BY_UPLOAD
from disrupting_harm.evidence.sources import SIMULATED
from disrupting_harm.report.documents.databook.law_sheets import list_law_columns
from disrupting_harm.report.documents.databook.workbook import (
    Column,
    Number,
    RowCell,
    Sheet,
    Value,
    abbreviate_row,
    add_mark,
    count_cells,
    create_table_sheet,
)
from disrupting_harm.report.findings.evidence.cybertips import breaks_series, describe_child_numbers
from disrupting_harm.report.findings.evidence.source_notes import translate_source
from disrupting_harm.report.language.collation import build_sort_key
from disrupting_harm.report.language.evidence_codes import (
    label,
    row_label,
    shorten_sheet_titles,
    status_label,
    title_evidence_sheets,
)
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.evidence_rows import Evidence
from disrupting_harm.report.reading.rows import PublicRow

# Title, columns and rows.
EvidenceTable: TypeAlias = tuple[str, Sequence[tuple[Column, RowCell]], Sequence[PublicRow]]
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
        return self._create_sheets(self._collect_tables())

    def law_sheets(self, name_country: Callable[[str], Markdown]) -> list[Sheet]:
        """Return the sheets on law of all countries, each row with the name of its country."""
        area: tuple[Column, RowCell] = (
            Column(self._translator("{Area}"), 22),
            lambda row: name_country(row["country"]),
        )
        law = list_law_columns(self._translator)
        return self._create_sheets(
            {
                table: (
                    title,
                    (area, *columns),
                    sorted(rows, key=lambda row: build_sort_key(name_country(row["country"]))),
                )
                for table, (title, columns, rows) in self._collect_tables().items()
                if table in law
            }
        )

    def _create_sheets(self, tables: Mapping[str, EvidenceTable]) -> list[Sheet]:
        translator = self._translator
        source_columns = (
            (Column(translator("Kind of data"), 14), self._format_data_kind),
            (
                Column(translator("Source"), 52),
                lambda row: Markdown(translate_source(translator, row["source"])),
            ),
        )
        shorts = shorten_sheet_titles(translator)
        return [
            replace(
                create_table_sheet(
                    title,
                    self._title_with_mark(title, rows),
                    (*columns, *source_columns),
                    rows,
                    key=1,
                ),
                short=shorts.get(table, ""),
            )
            for table, (title, columns, rows) in tables.items()
        ]

    def _title_with_mark(self, title: str, rows: Sequence[PublicRow]) -> str:
        simulated = {row["data_kind"] for row in rows} == {SIMULATED}
        return add_mark(title, self._mark) if simulated else title

    def _collect_tables(self) -> dict[str, EvidenceTable]:
        """Return title, columns and rows of each table that has rows."""
        tables = {
            "cybertips": self._cybertip_columns(),
            "cybertip_parts": self._incident_columns(),
            "offence_rates": self._offence_columns(),
            "capacity": self._capacity_columns(),
            "policy": self._policy_columns(),
            "hotlines": self._hotline_columns(),
            "frontline": self._frontline_columns(),
            "justice": self._justice_columns(),
            "known_studies": self._known_study_columns(),
            **list_law_columns(self._translator),
        }
        return {
            table: (title, tables[table], rows)
            for table, title in title_evidence_sheets(self._translator).items()
            if (rows := self._evidence.rows(table))
        }

    def _cybertip_columns(self) -> Sequence[tuple[Column, RowCell]]:
        translator = self._translator
        return (
            (Column(translator("Year"), 8), _number_cells("year")),
            (Column(translator("Class"), 18), self._label_cells("cybertips", "class")),
            (Column(translator("Reports"), 12), count_cells("reports")),
            self._change_column(),
            (
                Column(translator("Share of the world, per cent"), 14),
                _number_cells("share_world_percent"),
            ),
            (self._status_column(), self._format_status),
            (
                Column(translator("What was counted"), 30),
                lambda row: translator.of_study(row["counted"]),
            ),
            (Column(translator("Note"), 50), self._note_on_reports),
        )

    def _incident_columns(self) -> Sequence[tuple[Column, RowCell]]:
        translator = self._translator
        periods = {
            "year": translator("the whole year"),
            "h1": translator("January to June"),
            "h2": translator("July to December"),
        }
        return (
            (Column(translator("Year"), 8), _number_cells("year")),
            (Column(translator("Part of the year"), 16), lambda row: periods[row["period"]]),
            (Column(translator("Class"), 18), self._label_cells("cybertips", "class")),
            (
                Column(translator("Type of incident"), 44),
                self._label_cells("cybertip_parts", "incident_type"),
            ),
            (Column(translator("Reports"), 12), count_cells("reports")),
            (Column(translator("Fewer than"), 12), _number_cells("below")),
            (self._status_column(), self._format_status),
            (
                Column(translator("What was counted"), 30),
                lambda row: translator.of_study(row["counted"]),
            ),
            (
                Column(translator("Note"), 50),
                lambda row: translator.of_study(PLACED_BY_UPLOAD),
            ),
        )

    def _offence_columns(self) -> Sequence[tuple[Column, RowCell]]:
        translator = self._translator
        code_columns = {
            "category": translator("Offences"),
            "technology": translator("Technology"),
            "stage": translator("Stage"),
            "counting_rule": translator("What was counted"),
        }
        return (
            (
                Column(translator("Agency"), 22),
                lambda row: translator.translate_or_keep(row["agency"]),
            ),
            (Column(translator("Year"), 8), _number_cells("year")),
            *(
                (Column(heading, 22), self._label_cells("offence_rates", name))
                for name, heading in code_columns.items()
            ),
            (Column(translator("Number"), 10), count_cells("offences")),
            self._rate_column(),
            self._change_column(),
            (self._status_column(), self._format_status),
            (Column(translator("Note"), 50), self._note_on_offences),
        )

    def _capacity_columns(self) -> Sequence[tuple[Column, RowCell]]:
        translator = self._translator
        return (
            (
                Column(translator("Agency"), 20),
                lambda row: translator.translate_or_keep(row["agency"]),
            ),
            (Column(translator("Date"), 12), lambda row: row["date"]),
            (Column(translator("Field"), 28), self._row_label_cells("area")),
            (Column(translator("Item"), 48), self._row_label_cells("item")),
            (Column(translator("Score"), 8), _number_cells("score")),
            (self._status_column(), self._format_status),
            (
                Column(translator.in_context("what an item was judged by", "Evidence"), 14),
                self._label_cells("capacity", "evidence"),
            ),
            (Column(translator("Confidence"), 12), self._label_cells("capacity", "confidence")),
        )

    def _policy_columns(self) -> Sequence[tuple[Column, RowCell]]:
        translator = self._translator
        return (
            (Column(translator("Field"), 26), self._label_cells("policy", "area")),
            (Column(translator("Item"), 38), self._label_cells("policy", "item")),
            (Column(translator("Answer"), 18), self._label_cells("policy", "answer")),
            (self._status_column(), self._format_status),
            (
                Column(translator("Instrument"), 32),
                lambda row: translator.translate_or_keep(row["instrument"]),
            ),
            (Column(translator("Year"), 8), _number_cells("year")),
        )

    def _hotline_columns(self) -> Sequence[tuple[Column, RowCell]]:
        translator = self._translator
        return (
            (
                Column(translator("Service"), 32),
                lambda row: translator.translate_or_keep(row["organisation"]),
            ),
            (Column(translator("Year"), 8), _number_cells("year")),
            (Column(translator("What was counted"), 44), self._label_cells("hotlines", "measure")),
            (Column(translator("Number"), 10), count_cells("contacts")),
            self._change_column(),
            (self._status_column(), self._format_status),
        )

    def _frontline_columns(self) -> Sequence[tuple[Column, RowCell]]:
        translator = self._translator
        return (
            (Column(translator("Item"), 40), self._row_label_cells("item")),
            (Column(translator("Answer"), 18), self._label_cells("frontline", "answer")),
            (Column(translator("n"), 8), count_cells("n")),
            (Column(translator("Number"), 10), count_cells("count")),
            (Column(translator("Per cent"), 10), _number_cells("share_percent")),
            (Column(translator("In words"), 16), self._label_cells("frontline", "band")),
            (self._status_column(), self._format_status),
        )

    def _justice_columns(self) -> Sequence[tuple[Column, RowCell]]:
        translator = self._translator
        return (
            (Column(translator("Who was asked"), 28), self._row_label_cells("role")),
            (Column(translator("What came up"), 40), self._row_label_cells("theme")),
            (Column(translator("Interviews"), 12), count_cells("interviews")),
            (Column(translator("Number"), 10), count_cells("mentioned")),
            (Column(translator("In words"), 16), self._label_cells("justice", "band")),
            (self._status_column(), self._format_status),
        )

    def _known_study_columns(self) -> Sequence[tuple[Column, RowCell]]:
        translator = self._translator

        def format_text(column: str) -> RowCell:
            return lambda row: translator.of_study(row[column]) if row[column] else None

        return (
            (Column(translator("Measure"), 44), self._row_label_cells("measure")),
            (Column(translator("Study"), 22), lambda row: row["study"]),
            (Column(translator("First year"), 8), _number_cells("year")),
            (Column(translator("Last year"), 8), _number_cells("year_end")),
            (Column(translator("Youngest"), 10), _number_cells("age_from")),
            (Column(translator("Oldest"), 10), _number_cells("age_to")),
            (Column(translator("Who was asked"), 30), format_text("base")),
            (Column(translator("n"), 8), count_cells("persons")),
            (Column(translator("What was asked"), 48), format_text("question")),
            (Column(translator("Per cent"), 10), _number_cells("estimate")),
            (Column(translator("Lower limit"), 10), _number_cells("ci_low")),
            (Column(translator("Upper limit"), 10), _number_cells("ci_high")),
            (Column(translator("Limits"), 18), format_text("limits")),
            (self._status_column(), self._format_status),
            (
                Column(translator("Can it be compared?"), 14),
                self._label_cells("known_studies", "comparable"),
            ),
            (Column(translator("Reason"), 48), format_text("reason")),
            (Column(translator("Note"), 30), format_text("note")),
            (Column(translator("Address"), 52), lambda row: row["address"]),
        )

    def _rate_column(self) -> tuple[Column, RowCell]:
        heading = self._translator("Per 1,000 children aged 12-17")
        return Column(heading, 16), _number_cells("rate_per_1000_children", OFFENCE_DIGITS)

    def _change_column(self) -> tuple[Column, RowCell]:
        """Return the column of changes; a series that is counted anew has none, and says so."""
        change = _number_cells("change_percent")
        return (
            Column(self._translator("Change from the year before, per cent"), 18),
            lambda row: self._translator("series break") if breaks_series(row) else change(row),
        )

    def _note_on_reports(self, row: PublicRow) -> Value:
        translator = self._translator
        notes = [translator.of_study(PLACED_BY_UPLOAD)]
        if breaks_series(row):
            notes.append(translator("Series break: counted in another way than the year before."))
        return Markdown(" ".join(notes))

    def _note_on_offences(self, row: PublicRow) -> Value:
        if not row["rate_per_1000_children"]:
            return None
        age_note = self._translator(
            "Children of any age may be among the victims. The number of children aged 12-17 "
            "serves only to set countries of different size beside each other."
        )
        population_note = describe_child_numbers(self._translator, [row])
        return Markdown(" ".join(note for note in (age_note, population_note) if note))

    def _status_column(self) -> Column:
        return Column(self._translator("Status"), 32)

    def _format_status(self, row: PublicRow) -> Value:
        translator, status = self._translator, row["status"]
        status_texts = {
            REPORTED: translator("as reported"),
            ZERO: translator("counted, and there were none"),
            INCOMPLETE: translator("at least: some parts have no number"),
        }
        return status_texts[status] if status in status_texts else status_label(translator, status)

    def _format_data_kind(self, row: PublicRow) -> Value:
        translator = self._translator
        kind_texts = {
            "simulated": translator("simulated"),
            "observed": translator("from a source that is not public"),
            "published": translator("published"),
        }
        return kind_texts[row["data_kind"]]

    def _label_cells(self, table: str, column: str) -> RowCell:
        return lambda row: (
            label(self._translator, table, column, row[column]) if row[column] else None
        )

    def _row_label_cells(self, column: str) -> RowCell:
        return lambda row: row_label(self._translator, row, column)


def _number_cells(column: str, shown_digits: int | None = None) -> RowCell:
    """Return a number with the decimals of the public table, or as many of them as are shown."""

    def cell(row: PublicRow) -> Value:
        if not row[column]:
            return abbreviate_row(row)
        digits = len(row[column].removesuffix(".0").partition(".")[2])
        return Number(
            round(row.number(column), digits), digits if shown_digits is None else shown_digits
        )

    return cell
