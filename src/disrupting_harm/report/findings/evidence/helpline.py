"""Whether a child can call somebody: what sources name and the review says, and who confirms."""

from collections.abc import Sequence
from datetime import date

from disrupting_harm.evidence.law_columns import UNDATED
from disrupting_harm.report.findings.evidence.source_notes import mark_simulated
from disrupting_harm.report.language.evidence_codes import label
from disrupting_harm.report.language.markdown import Markdown, escape
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.rows import PublicRow

HELPLINE, ITEM = "helpline", "child_helpline"
OLD_AFTER = 3  # years from what a source says to the day somebody looked it up


def is_old(row: PublicRow) -> bool:
    """Return whether a source says when it holds, and that was over three years before the look-up.

    Only the year of ``as_of`` is sure: it may be one of a year, a month or a day.
    """
    if row["as_of"] == UNDATED:
        return False
    checked = date.fromisoformat(row["checked"])
    parts = [int(part) for part in row["as_of"].split("-")]
    return (checked.year - OLD_AFTER, checked.month, checked.day)[: len(parts)] > tuple(parts)


def describe_age(translator: Translator[str], row: PublicRow) -> str:
    """Return what is to be known of the age of a number, where it can be trusted no further."""
    if is_old(row):
        return translator("old: confirm")
    return translator("undated: confirm") if row["as_of"] == UNDATED else ""


class Helpline:
    """Write on the helpline for children of one country.

    Args:
        services: rows of ``service_register.csv``.
        review: those of ``policy.csv``.
    """

    def __init__(
        self,
        translator: Translator[Markdown],
        services: Sequence[PublicRow],
        review: Sequence[PublicRow],
    ) -> None:
        self._translator = translator
        self.rows = [row for row in services if row["kind"] == HELPLINE]
        self.review = [row for row in review if row["item"] == ITEM and row["answer"]]

    def __bool__(self) -> bool:
        return bool(self.rows or self.review)

    def format_heading(self) -> Markdown:
        """Return how many sources name a helpline, and of when a single one is."""
        translator = self._translator
        if not self.rows:
            return translator("Helpline: no source that names it was found yet")
        if len(self.rows) > 1:
            return translator("Several sources name a helpline; nobody confirmed it")
        as_of = self.rows[0]["as_of"]
        if as_of == UNDATED:
            return translator("One source without a date names a helpline")
        return translator("One source of {year} names a helpline", year=as_of[:4])

    def describe(self) -> list[Markdown]:
        """Return the names of helplines with the age of their source, and what the review says."""
        translator = self._translator
        sentences = []
        if self.rows:
            names = [self._format_name(row) for row in self.rows]
            sentences.append(
                translator(
                    "Named in “{title}”: {names}.",
                    title=translator("What the law says"),
                    names=translator.enumeration(names),
                )
            )
        for row in self.review:
            answer = label(translator, "policy", "answer", row["answer"])
            sentences.append(
                translator(
                    "{review} says: “{answer}”.",
                    review=mark_simulated(translator, translator("The national review"), [row]),
                    answer=answer,
                )
            )
        return [
            *sentences,
            translator("No unconfirmed number is printed."),
        ]

    def _format_name(self, row: PublicRow) -> Markdown:
        translator = self._translator
        as_of = "" if row["as_of"] == UNDATED else row["as_of"][:7]
        details = ", ".join(filter(None, (as_of, describe_age(translator, row))))
        name = escape(row["name"])
        return translator("{name} ({detail})", name=name, detail=details) if details else name
