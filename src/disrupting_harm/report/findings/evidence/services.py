"""Services and procedures of one country: hotlines, helplines, frontline workers, justice."""

from collections.abc import Sequence

from disrupting_harm.evidence.tables import PUBLIC
from disrupting_harm.report.findings.evidence.source_notes import describe_origin, evidence_table
from disrupting_harm.report.language.evidence_codes import (
    format_amount,
    label,
    row_label,
    status_label,
)
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.evidence_rows import read_amount
from disrupting_harm.report.reading.rows import PublicRow

SHARES_FROM = 10  # answers; below, shares are not printed


class Hotlines:
    """Write about reports and contacts that hotlines and helplines received."""

    def __init__(self, translator: Translator[Markdown], rows: Sequence[PublicRow]) -> None:
        self._translator = translator
        last: dict[tuple[str, str], str] = {}
        for row in rows:
            key = row["organisation"], row["measure"]
            last[key] = max(row["year"], last.get(key, ""))
        self._rows = [
            row for row in rows if row["year"] == last[row["organisation"], row["measure"]]
        ]

    def __bool__(self) -> bool:
        return bool(self._rows)

    def table(self) -> Markdown:
        """Return the last count of each measure of each organisation."""
        translator = self._translator
        body = [
            (
                translator.translate_or_keep(row["organisation"]),
                label(translator, "hotlines", "measure", row["measure"]),
                row["year"],
                format_amount(translator, read_amount(row, "contacts")),
            )
            for row in self._rows
        ]
        return evidence_table(
            translator,
            (
                translator("Service"),
                translator("What was counted"),
                translator("Year"),
                translator("Number"),
            ),
            body,
            (30, 40, 12, 18),
            caption=translator(
                "Reports and contacts of hotlines and helplines, the last year known"
            ),
            rows=self._rows,
            label="tbl-hotlines",
            texts=(0, 1),
        )


def band_label(translator: Translator[str], table: str, row: PublicRow) -> Markdown:
    """Return the band that stands in place of a count, or why there is none."""
    if row["band"]:
        return Markdown(label(translator, table, "band", row["band"]))
    return Markdown(status_label(translator, row.get("status") or "suppressed"))


def explain_bands(
    translator: Translator[Markdown], rows: Sequence[PublicRow], column: str
) -> list[str]:
    """Return what stands in place of counts of people that are not shown."""
    hidden = [row for row in rows if not row[column]]
    notes: list[str] = []
    if any(row["band"] for row in hidden):
        notes.append(
            translator(
                "Where a count is small, or a small one would follow from it, words say which "
                "third of those asked it is in."
            )
        )
    if any(not row["band"] for row in hidden):
        notes.append(translator("Not shown: so few that they could be recognised."))
    return notes


def group_by_item(rows: Sequence[PublicRow]) -> dict[str, list[PublicRow]]:
    """Return the rows of each item of the frontline survey, answers in their usual order."""
    items: dict[str, list[PublicRow]] = {}
    for row in rows:
        items.setdefault(row["item"], []).append(row)
    usual = PUBLIC["frontline"].field("answer").labels
    rank = {answer: position for position, answer in enumerate(usual)}
    return {
        item: sorted(
            rows_of_item, key=lambda row: (rank.get(row["answer"], len(rank)), row["answer"])
        )
        for item, rows_of_item in items.items()
    }


class Frontline:
    """Write about what frontline workers answered: counts of those asked, without inference."""

    def __init__(self, translator: Translator[Markdown], rows: Sequence[PublicRow]) -> None:
        self._translator = translator
        self._rows = rows
        self._items = group_by_item(rows)

    def __bool__(self) -> bool:
        return bool(self._items)

    def table(self) -> Markdown:
        """Return all items with the count of each answer, and shares where enough answered."""
        translator = self._translator
        body = [
            (
                row_label(translator, rows[0], "item"),
                self._format_respondents(rows[0]),
                self._list_answers(item),
            )
            for item, rows in self._items.items()
        ]
        return evidence_table(
            translator,
            (translator("Item"), translator("n"), translator("Answers: workers (per cent)")),
            body,
            (40, 10, 50),
            caption=translator("Answers of frontline workers"),
            rows=self._rows,
            label="tbl-frontline",
            notes=[
                translator(
                    "Per cent is printed from {n} answers on.", n=translator.number(SHARES_FROM)
                ),
                *self._explain_bands(),
            ],
            texts=(0, 2),
        )

    def _explain_bands(self) -> list[str]:
        return explain_bands(self._translator, self._rows, "count")

    def _format_respondents(self, row: PublicRow) -> str:
        return self._translator.number(row.number("n")) if row["n"] else "–"

    def _list_answers(self, item: str) -> Markdown:
        """Return the answers with count and share."""
        answers = [
            Markdown(f"{self._format_answer(row['answer'])} {self._format_count_and_share(row)}")
            for row in self._items[item]
        ]
        return Markdown("; ".join(answers))

    def _format_answer(self, code: str) -> str:
        return label(self._translator, "frontline", "answer", code)

    def _format_count_and_share(self, row: PublicRow) -> str:
        if not row["count"]:
            return band_label(self._translator, "frontline", row)
        count = self._translator.number(row.number("count"))
        if not row["share_percent"]:
            return count
        share = self._translator.number(row.number("share_percent"))
        return self._translator("{count} ({share})", count=count, share=share)


class Justice:
    """Write about themes of interviews on justice: counts of interviews, never words of people."""

    def __init__(self, translator: Translator[Markdown], rows: Sequence[PublicRow]) -> None:
        self._translator = translator
        self._rows = rows

    def __bool__(self) -> bool:
        return bool(self._rows)

    @property
    def is_shown(self) -> bool:
        """Whether any count or band is shown; a table without one would tell nothing."""
        return any(row["mentioned"] or row["band"] for row in self._rows)

    def explain_hidden(self) -> Markdown:
        """Return that there were interviews, and why nothing of them is counted here."""
        sentence = self._translator(
            "Interviews were held, and nothing is told of them: so few people were asked that they "
            "could be recognised."
        )
        remarks = [sentence, *describe_origin(self._translator, self._rows)]
        return Markdown(" ".join(remarks))

    def table(self) -> Markdown:
        """Return in how many interviews each theme came up, one column for each role."""
        translator = self._translator
        roles = {row["role"]: row_label(translator, row, "role") for row in self._rows}
        rows_by_theme: dict[str, dict[str, PublicRow]] = {}
        for row in self._rows:
            rows_by_theme.setdefault(row["theme"], {})[row["role"]] = row
        body = [
            (
                row_label(translator, next(iter(rows_by_role.values())), "theme"),
                *(self._format_mentions(rows_by_role.get(role)) for role in roles),
            )
            for rows_by_role in rows_by_theme.values()
        ]
        return evidence_table(
            translator,
            (translator("Interviews in which it came up"), *roles.values()),
            body,
            (36, *[64 // len(roles)] * len(roles)),
            caption=translator("What came up in interviews on justice"),
            rows=self._rows,
            label="tbl-justice",
            notes=self._explain_missing_counts(),
        )

    def _explain_missing_counts(self) -> list[str]:
        """Return what stands in place of a count that is not shown."""
        translator, statuses = self._translator, {row["status"] for row in self._rows}
        meanings = {
            "not_recorded": translator("Not recorded: nobody counted; it is not 0."),
            "not_applicable": translator("Does not apply: it was no subject of these interviews."),
        }
        rows_of_people = [row for row in self._rows if row["status"] not in meanings]
        return [
            *explain_bands(translator, rows_of_people, "mentioned"),
            *(meaning for status, meaning in meanings.items() if status in statuses),
        ]

    def _format_mentions(self, row: PublicRow | None) -> str:
        if row is None:
            return "–"
        count = read_amount(row, "mentioned")
        if not row["interviews"] or not (row["mentioned"] or row["band"]):
            return format_amount(self._translator, count)
        band = label(self._translator, "justice", "band", row["band"])
        return self._translator(
            "{count} of {n}",
            count=band if count.number is None else self._translator.number(count.number),
            n=self._translator.number(row.number("interviews")),
        )
