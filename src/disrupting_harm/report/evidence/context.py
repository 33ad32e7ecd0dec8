"""Law and policy of one country, and figures of different sources side by side."""

from collections import Counter
from collections.abc import Iterable, Sequence

from disrupting_harm.provenance.addresses import counted
from disrupting_harm.report.evidence.codes import fact_label, label, printed, status_label
from disrupting_harm.report.evidence.facts import Row, amount
from disrupting_harm.report.evidence.messages import Messages
from disrupting_harm.report.evidence.notes import evidence_table, source_said
from disrupting_harm.report.markdown import Markdown, captioned, escape, pipe_table
from disrupting_harm.report.text import Text


class Policy:
    """Write about the checklist of law and policy."""

    def __init__(self, text: Text, rows: Sequence[Row]) -> None:
        self._text = text
        self._rows = rows

    def __bool__(self) -> bool:
        return bool(self._rows)

    @property
    def _place(self) -> str:
        """The address of the country's rows."""
        return f"{self._rows[0]['country']}/policy"

    def others(self) -> Markdown:
        """Return how many items are in place partly, or not, or are unanswered and why."""
        text = self._text
        told = text(
            "The review found {partly} partly in place and {none} not in place.",
            partly=self._count("answer", "partly"),
            none=self._count("answer", "not_in_place"),
        )
        return Markdown(f"{told} {self._unanswered()}".strip())

    def _reasons(self) -> list[tuple[str, str]]:
        """Return why items have no answer, as column and code, the most frequent first."""
        found = Counter(self._reason(row) for row in self._rows if self._is_open(row))
        return [reason for reason, _ in found.most_common()]

    def _unanswered(self) -> Markdown:
        """Return why some items have no answer; empty where all have one."""
        reasons = self._reasons()
        if not reasons:
            return Markdown("")
        said = [self._without_answer(column, code) for column, code in reasons]
        return self._text("Others have no answer: {reasons}.", reasons=self._text.enumeration(said))

    def _without_answer(self, column: str, code: str) -> Markdown:
        count = self._count(column, code)
        if code == "not_known":
            return self._text("{count} not known (looked for, not found)", count=count)
        if code == "not_recorded":
            return self._text("{count} not recorded (nobody looked)", count=count)
        if code == "not_applicable":
            return self._text("{count} not applicable in this country", count=count)
        return self._text("{label} ({count})", label=self._answer(column, code), count=count)

    def matrix(self) -> Markdown:
        """Return the checklist by area: the items in place, partly in place, and without."""
        text = self._text
        columns = ("in_place", "partly", "not_in_place")
        areas: dict[str, list[Row]] = {}
        for row in self._rows:
            areas.setdefault(row["area"], []).append(row)
        body = [
            (
                label(text, "policy", "area", area),
                *(self._listed(row for row in rows if row["answer"] == code) for code in columns),
                self._listed(row for row in rows if self._is_open(row)),
            )
            for area, rows in areas.items()
        ]
        header = (
            text("Field"),
            text("In place"),
            text("Partly in place"),
            text("Not in place"),
            text("No answer"),
        )
        return evidence_table(
            text,
            header,
            body,
            (16, 21, 21, 21, 21),
            caption=text("Law and policy, by the WeProtect Model National Response"),
            rows=self._rows,
            label="tbl-policy",
            texts=tuple(range(len(header))),
        )

    def _listed(self, rows: Iterable[Row]) -> str:
        names = [self._item(row) for row in rows]
        return Markdown("; ".join(escape(name) for name in names)) if names else "–"

    def _is_open(self, row: Row) -> bool:
        return row["answer"] in ("", "not_known")

    def _reason(self, row: Row) -> tuple[str, str]:
        """Return the column that says what is known of an item, and what it says."""
        column = "answer" if row["answer"] else "status"
        return column, row[column]

    def _answer(self, column: str, code: str) -> str:
        if column == "answer":
            return label(self._text, "policy", "answer", code)
        return status_label(self._text, code)

    def _count(self, column: str, code: str) -> Markdown:
        number = sum(row[column] == code for row in self._rows)
        return self._text.number(counted(number, f"{self._place}/{column}:{code}"))

    def _item(self, row: Row) -> str:
        return label(self._text, "policy", "item", row["item"])

    def table(self) -> Markdown:
        """Return the checklist, each answer with the instrument that shows it, where any does."""
        text = self._text
        header: tuple[str, ...] = (text("Field"), text("Item"), text("Answer"))
        body: list[tuple[str, ...]] = [
            (
                label(text, "policy", "area", row["area"]),
                self._item(row),
                self._answer(*self._reason(row)),
            )
            for row in self._rows
        ]
        widths: tuple[int, ...] = (26, 48, 26)
        if any(row["instrument"] for row in self._rows):
            header, widths = (*header, text("Instrument")), (20, 36, 18, 26)
            named = [self._instrument(row) for row in self._rows]
            body = [(*line, name) for line, name in zip(body, named, strict=True)]
        return evidence_table(
            text,
            header,
            body,
            widths,
            caption=text("Law and policy, by the WeProtect Model National Response"),
            rows=self._rows,
            label="tbl-policy",
            notes=answer_key(text, self._rows),
            texts=tuple(range(len(header))),
        )

    def _instrument(self, row: Row) -> str:
        if not row["instrument"]:
            return "–"
        named = self._text.plain(row["instrument"])
        if not row["year"]:
            return named
        return self._text("{name} ({year})", name=named, year=row["year"])


def answer_key(words: Messages, rows: Iterable[Row]) -> list[str]:
    """Return what the reasons mean for which items of the checklist have no answer."""
    found = {row["answer"] or row["status"] for row in rows}
    meanings = {
        "not_known": words("Not known: looked for, and not found."),
        "not_recorded": words("Not recorded: nobody looked for it."),
        "not_applicable": words("Does not apply: it cannot be answered for this country."),
    }
    return [meaning for reason, meaning in meanings.items() if reason in found]


class SeveralSources:
    """Write about facts that more than one source tells, each figure with its source."""

    def __init__(self, text: Text, rows: Sequence[Row]) -> None:
        self._text = text
        self._rows = rows

    def __bool__(self) -> bool:
        return bool(self._rows)

    def table(self) -> Markdown:
        """Return the figures side by side with the reason why they differ; none is an average."""
        text = self._text
        body = [
            (
                fact_label(text, row["fact"]),
                row["year"],
                printed(text, amount(row, "figure")),
                Markdown(source_said(text, row["source"])),
                text.plain(row["difference_reason"]),
            )
            for row in self._rows
        ]
        header = (
            text("Fact"),
            text("Year"),
            text("Figure"),
            text("Source"),
            text("Why it differs"),
        )
        caption = text("Facts that several sources tell")
        notes = [text("The figures are not averaged.")]
        return pipe_table(
            header,
            body,
            (20, 8, 14, 28, 30),
            caption=captioned(text("{caption}.", caption=caption), notes),
            label="tbl-sources",
            texts=(0, 3, 4),
        )
