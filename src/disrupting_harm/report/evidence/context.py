"""Law and policy of one country, and figures of different sources side by side."""

from collections import Counter
from collections.abc import Iterable, Sequence

from disrupting_harm.provenance.addresses import counted, number_of
from disrupting_harm.report.evidence.codes import (
    fact_label,
    label,
    printed,
    row_label,
    status_label,
)
from disrupting_harm.report.evidence.facts import Row, amount
from disrupting_harm.report.evidence.messages import Messages
from disrupting_harm.report.evidence.notes import evidence_table
from disrupting_harm.report.evidence.services import band_key
from disrupting_harm.report.markdown import Markdown, captioned, escape, paragraphs, pipe_table
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

    def finding(self) -> Markdown:
        """Return how many items of the checklist are in place, and of how many that is open."""
        text = self._text
        told = text(
            "Of {total} items, {whole} are in place, {partly} partly and {none} not.",
            total=text.number(counted(len(self._rows), self._place)),
            whole=self._count("answer", "in_place"),
            partly=self._count("answer", "partly"),
            none=self._count("answer", "not_in_place"),
        )
        return Markdown(f"{told} {self._unanswered()}".strip())

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

    def missing(self) -> Markdown:
        """Return the items that are not in place; empty where there are none."""
        rows = [row for row in self._rows if row["answer"] == "not_in_place"]
        return self._text.enumeration([self._item(row) for row in rows])

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
                text.plain(row["source"]),
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


class Triangulation:
    """Write what each source can and cannot say about forms of abuse of which any has figures."""

    def __init__(self, text: Text, rows: Sequence[Row]) -> None:
        self._text = text
        told = {row["form"] for row in rows if row["figure"]}
        self._rows = [row for row in rows if row["form"] in told]
        self._usual = _usual_words(self._rows)

    def __bool__(self) -> bool:
        return bool(self._rows)

    def sources(self) -> Markdown:
        """Return what each kind of source that has figures says and cannot say."""
        text = self._text
        body = [
            (
                label(text, "triangulation", "strand", strand),
                text.of_study(says),
                text.of_study(cannot_say),
            )
            for strand, (says, cannot_say) in self._usual.items()
        ]
        return pipe_table(
            (text("Source"), text("What it says"), text("What it cannot say")),
            body,
            (20, 40, 40),
            caption=text("{caption}.", caption=text("What each source says and cannot say")),
            label="tbl-strands",
            texts=(0, 1, 2),
        )

    def tables(self) -> Markdown:
        """Return one table for each form of abuse; figures of different units are never added."""
        forms: dict[str, list[Row]] = {}
        for row in self._rows:
            forms.setdefault(row["form"], []).append(row)
        return paragraphs(
            [self._table(rows, at) for at, rows in enumerate(forms.values(), start=1)]
        )

    def _table(self, rows: Sequence[Row], at: int) -> Markdown:
        text = self._text
        told = [row for row in rows if row["figure"]]
        silent: dict[str, list[Row]] = {}
        for row in rows:
            if not row["figure"]:
                silent.setdefault(row["says"], []).append(row)
        body = [
            *((self._strand(row), self._figure(row)) for row in told),
            *(
                (text.enumeration([self._strand(row) for row in own]), text.of_study(says))
                for says, own in silent.items()
            ),
        ]
        return evidence_table(
            text,
            (text("Source"), text("Figure, or why there is none")),
            body,
            (28, 72),
            caption=row_label(text, rows[0], "form"),
            rows=told,
            label=f"tbl-forms-{at}",
            notes=[
                *(self._remarks(row) for row in told),
                *band_key(text, [row for row in told if row["band"]], "amount"),
            ],
            texts=(0, 1),
        )

    def _strand(self, row: Row) -> str:
        return label(self._text, "triangulation", "strand", row["strand"])

    def _figure(self, row: Row) -> Markdown:
        """Return the figure with its unit and its base."""
        unit = label(self._text, "triangulation", "unit", row["unit"]) if row["unit"] else ""
        # An agency has a name, the others have words.
        written = self._text.plain if row["strand"] == "police" else self._text.of_study
        parts = (self._number(row), unit, written(row["base"]))
        return Markdown("; ".join(part for part in parts if part))

    def _number(self, row: Row) -> str:
        text = self._text
        if row["strand"] == "survey" and row["ci_low"]:
            digits = len(row["figure"].split()[0].partition(".")[2])
            value, low, high = (
                text.number(number_of(row[name]), digits)
                for name in ("amount", "ci_low", "ci_high")
            )
            return Markdown(f"{value} ({low}–{high})")
        if row["strand"] == "survey":
            return text.plain(row["figure"])
        band = row["band"] if not row["amount"] else ""
        shown = (
            label(text, "triangulation", "band", band)
            if band
            else printed(text, amount(row, "amount"))
        )
        if row["strand"] == "frontline" and (band or (row["amount"] and row["n"])):
            return text("{count} of {n}", count=shown, n=text.number(number_of(row["n"])))
        return shown

    def _remarks(self, row: Row) -> Markdown:
        """Return what a reader has to know of a figure, led by its source; empty where nothing."""
        text = self._text
        if not row["amount"] and row["strand"] == "police":
            return Markdown("")  # The figure says why there is none.
        usual = self._usual[row["strand"]][0]
        remarks = [
            text.of_study(row["says"]) if row["says"] != usual else "",
            text.of_study(row["pairing_reason"]) if row["pairing_reason"] else "",
            self._ages(row) if row["survey_ages"] else "",
        ]
        told = " ".join(remark for remark in remarks if remark)
        if not told:
            return Markdown("")
        return text("{label}: {sentence}", label=self._strand(row), sentence=Markdown(told))

    def _ages(self, row: Row) -> str:
        """Return in what the ages of the victims recorded differ from those that were asked."""
        ages = row["survey_ages"]
        if not row["other_ages"]:
            return self._text(
                "How old the victims were is not known here; the survey asked children aged "
                "{ages}.",
                ages=ages,
            )
        if float(row["other_ages"]) == 0:
            return ""
        return self._text(
            "At least {count} of the victims were not aged {ages}, as the children asked were.",
            count=self._text.number(number_of(row["other_ages"])),
            ages=ages,
        )


def _usual_words(rows: Sequence[Row]) -> dict[str, tuple[str, str]]:
    """Return what each strand says and cannot say most often where it has a figure."""
    words: dict[str, Counter[tuple[str, str]]] = {}
    for row in rows:
        if row["figure"]:
            words.setdefault(row["strand"], Counter())[row["says"], row["cannot_say"]] += 1
    return {strand: known.most_common(1)[0][0] for strand, known in words.items()}
