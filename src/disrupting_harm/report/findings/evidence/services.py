"""Services and procedures of one country: hotlines, helplines, frontline workers, justice."""

from collections.abc import Sequence

from disrupting_harm.evidence.tables import PUBLIC
from disrupting_harm.provenance.addresses import number_of
from disrupting_harm.report.findings.evidence.source_notes import evidence_table, origin
from disrupting_harm.report.language.addressed_text import Text
from disrupting_harm.report.language.evidence_codes import label, printed, row_label, status_label
from disrupting_harm.report.language.evidence_messages import Messages
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.reading.evidence_rows import Row, amount

SHARES_FROM = 10  # answers; below, shares are not printed


class Hotlines:
    """Write about reports and contacts that hotlines and helplines received."""

    def __init__(self, text: Text, rows: Sequence[Row]) -> None:
        self._text = text
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
        text = self._text
        body = [
            (
                text.plain(row["organisation"]),
                label(text, "hotlines", "measure", row["measure"]),
                row["year"],
                printed(text, amount(row, "contacts")),
            )
            for row in self._rows
        ]
        return evidence_table(
            text,
            (text("Service"), text("What was counted"), text("Year"), text("Number")),
            body,
            (30, 40, 12, 18),
            caption=text("Reports and contacts of hotlines and helplines, the last year known"),
            rows=self._rows,
            label="tbl-hotlines",
            texts=(0, 1),
        )


def band_label(words: Messages, table: str, row: Row) -> Markdown:
    """Return the band that stands in place of a count, or why there is none."""
    if row["band"]:
        return Markdown(label(words, table, "band", row["band"]))
    return Markdown(status_label(words, row.get("status") or "suppressed"))


def band_key(text: Text, rows: Sequence[Row], column: str) -> list[str]:
    """Return what stands in place of counts of people that are not shown."""
    hidden = [row for row in rows if not row[column]]
    said: list[str] = []
    if any(row["band"] for row in hidden):
        said.append(
            text(
                "Where a count is small, or a small one would follow from it, words say which "
                "third of those asked it is in."
            )
        )
    if any(not row["band"] for row in hidden):
        said.append(text("Not shown: so few that they could be recognised."))
    return said


def by_item(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Return the rows of each item of the frontline survey, answers in their usual order."""
    items: dict[str, list[Row]] = {}
    for row in rows:
        items.setdefault(row["item"], []).append(row)
    usual = PUBLIC["frontline"].field("answer").labels
    rank = {answer: at for at, answer in enumerate(usual)}
    return {
        item: sorted(own, key=lambda row: (rank.get(row["answer"], len(rank)), row["answer"]))
        for item, own in items.items()
    }


class Frontline:
    """Write about what frontline workers answered: counts of those asked, without inference."""

    def __init__(self, text: Text, rows: Sequence[Row]) -> None:
        self._text = text
        self._rows = rows
        self._items = by_item(rows)

    def __bool__(self) -> bool:
        return bool(self._items)

    def table(self) -> Markdown:
        """Return all items with the count of each answer, and shares where enough answered."""
        text = self._text
        body = [
            (row_label(text, rows[0], "item"), self._n(rows[0]), self._answers(item))
            for item, rows in self._items.items()
        ]
        return evidence_table(
            text,
            (text("Item"), text("n"), text("Answers: workers (per cent)")),
            body,
            (40, 10, 50),
            caption=text("Answers of frontline workers"),
            rows=self._rows,
            label="tbl-frontline",
            notes=[
                text("Per cent is printed from {n} answers on.", n=text.number(SHARES_FROM)),
                *self._key(),
            ],
            texts=(0, 2),
        )

    def _key(self) -> list[str]:
        return band_key(self._text, self._rows, "count")

    def _n(self, row: Row) -> str:
        return self._text.number(number_of(row["n"])) if row["n"] else "–"

    def _answers(self, item: str) -> Markdown:
        """Return the answers with count and share."""
        parts = [
            Markdown(f"{self._answer(row['answer'])} {self._share(row)}")
            for row in self._items[item]
        ]
        return Markdown("; ".join(parts))

    def _answer(self, code: str) -> str:
        return label(self._text, "frontline", "answer", code)

    def _share(self, row: Row) -> str:
        if not row["count"]:
            return band_label(self._text, "frontline", row)
        count = self._text.number(number_of(row["count"]))
        if not row["share_percent"]:
            return count
        share = self._text.number(number_of(row["share_percent"]))
        return self._text("{count} ({share})", count=count, share=share)


class Justice:
    """Write about themes of interviews on justice: counts of interviews, never words of people."""

    def __init__(self, text: Text, rows: Sequence[Row]) -> None:
        self._text = text
        self._rows = rows

    def __bool__(self) -> bool:
        return bool(self._rows)

    @property
    def shown(self) -> bool:
        """Whether any count or band is shown; a table without one would tell nothing."""
        return any(row["mentioned"] or row["band"] for row in self._rows)

    def hidden(self) -> Markdown:
        """Return that there were interviews, and why nothing of them is counted here."""
        told = self._text(
            "Interviews were held, and nothing is told of them: so few people were asked that they "
            "could be recognised."
        )
        remarks = [told, *origin(self._text, self._rows)]
        return Markdown(" ".join(remarks))

    def table(self) -> Markdown:
        """Return in how many interviews each theme came up, one column for each role."""
        text = self._text
        roles = {row["role"]: row_label(text, row, "role") for row in self._rows}
        cells: dict[str, dict[str, Row]] = {}
        for row in self._rows:
            cells.setdefault(row["theme"], {})[row["role"]] = row
        body = [
            (
                row_label(text, next(iter(own.values())), "theme"),
                *(self._mentions(own.get(role)) for role in roles),
            )
            for own in cells.values()
        ]
        return evidence_table(
            text,
            (text("Interviews in which it came up"), *roles.values()),
            body,
            (36, *[64 // len(roles)] * len(roles)),
            caption=text("What came up in interviews on justice"),
            rows=self._rows,
            label="tbl-justice",
            notes=self._key(),
        )

    def _key(self) -> list[str]:
        """Return what stands in place of a count that is not shown."""
        text, found = self._text, {row["status"] for row in self._rows}
        meanings = {
            "not_recorded": text("Not recorded: nobody counted; it is not 0."),
            "not_applicable": text("Does not apply: it was no subject of these interviews."),
        }
        counted = [row for row in self._rows if row["status"] not in meanings]
        return [
            *band_key(text, counted, "mentioned"),
            *(meaning for status, meaning in meanings.items() if status in found),
        ]

    def _mentions(self, row: Row | None) -> str:
        if row is None:
            return "–"
        count = amount(row, "mentioned")
        if not row["interviews"] or not (row["mentioned"] or row["band"]):
            return printed(self._text, count)
        told = label(self._text, "justice", "band", row["band"])
        return self._text(
            "{count} of {n}",
            count=told if count.number is None else self._text.number(count.number),
            n=self._text.number(number_of(row["interviews"])),
        )
