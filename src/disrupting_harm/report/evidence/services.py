"""Services and procedures of one country: hotlines, helplines, frontline workers, justice."""

from collections.abc import Sequence

from disrupting_harm.report.evidence.codes import label, printed, row_label
from disrupting_harm.report.evidence.facts import Row, amount
from disrupting_harm.report.evidence.notes import evidence_table
from disrupting_harm.report.markdown import Markdown
from disrupting_harm.report.text import Text

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
                label(text, "measure", row["measure"]),
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


class Frontline:
    """Write about what frontline workers answered: counts of those asked, without inference."""

    def __init__(self, text: Text, rows: Sequence[Row], topics: Sequence[str] | None) -> None:
        self._text = text
        self._rows = [row for row in rows if topics is None or topic(row) in topics]

    def __bool__(self) -> bool:
        return bool(self._rows)

    def caution(self) -> Markdown:
        """Return why nothing is inferred from these answers."""
        return self._text(
            "The frontline workers were not drawn at random: the counts speak of those who "
            "answered, and nothing is inferred about others."
        )

    def table(self, name: str) -> Markdown:
        """Return the answers to each item as counts, with shares where enough answered."""
        text = self._text
        body = [
            (
                row_label(text, row, "item"),
                label(text, "answer", row["answer"]),
                text(
                    "{count} of {n}",
                    count=text.number(float(row["count"])),
                    n=text.number(float(row["n"])),
                )
                if row["count"]
                else label(text, "status", "suppressed"),
                text.number(float(row["share_percent"])) if row["share_percent"] else "–",
            )
            for row in self._rows
        ]
        few = text("–: fewer than {n} answered, or not shown.", n=text.number(SHARES_FROM))
        return evidence_table(
            text,
            (text("Frontline workers said"), text("Answer"), text("Workers"), text("Per cent")),
            body,
            (50, 20, 16, 14),
            caption=text("Answers of frontline workers"),
            rows=self._rows,
            label=name,
            notes=[few] if any(not row["share_percent"] for row in self._rows) else [],
            texts=(0, 1),
        )


def topic(row: Row) -> str:
    """Return what an item is about: the first word of its code, e.g. ``victims``."""
    return row["item"].partition("_")[0]


class Justice:
    """Write about themes of interviews on justice: counts of interviews, never words of people."""

    def __init__(self, text: Text, rows: Sequence[Row]) -> None:
        self._text = text
        self._rows = rows

    def __bool__(self) -> bool:
        return bool(self._rows)

    def table(self) -> Markdown:
        """Return in how many interviews each theme came up, by role."""
        text = self._text
        body = [
            (
                row_label(text, row, "theme"),
                row_label(text, row, "role"),
                self._mentions(row),
            )
            for row in self._rows
        ]
        return evidence_table(
            text,
            (text("Theme"), text("Interviews with"), text("Came up in")),
            body,
            (48, 32, 20),
            caption=text("What came up in interviews on justice"),
            rows=self._rows,
            label="tbl-justice",
            notes=[text("Few people were asked: the counts show what comes up, not how often.")],
            texts=(0, 1),
        )

    def _mentions(self, row: Row) -> str:
        count = amount(row, "mentioned")
        if count.number is None:
            return printed(self._text, count)
        return self._text(
            "{count} of {n}",
            count=self._text.number(count.number),
            n=self._text.number(float(row["interviews"])),
        )
