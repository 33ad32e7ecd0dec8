"""Capacity of law enforcement in one country: points by score, no mean and no order."""

from collections.abc import Mapping, Sequence
from typing import Any

from disrupting_harm.provenance.addresses import address_part, row_count
from disrupting_harm.report.findings.evidence.source_notes import evidence_table
from disrupting_harm.report.language.evidence_codes import row_label
from disrupting_harm.report.language.markdown import Markdown, escape
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.rows import PublicRow

FULL = 3  # the highest score


def group_by_score(rows: Sequence[PublicRow]) -> dict[str, list[PublicRow]]:
    """Return rows of ``capacity.csv`` in the order of their scores; those without one stand last.

    The keys are scores as the table has them; "" stands for none.
    """
    scores = sorted({row["score"] for row in rows if row["score"]}, key=float)
    groups = {score: [row for row in rows if row["score"] == score] for score in (*scores, "")}
    return {score: rows_of_score for score, rows_of_score in groups.items() if rows_of_score}


def describe_score(translator: Translator[str], row: PublicRow) -> str:
    """Return the score of a row with its word, where it is a whole one."""
    if not row["score"]:
        return translator("No score")
    words = (
        translator("absent"),
        translator("beginning"),
        translator("partly in place"),
        translator("in place"),
    )
    score = row.number("score")
    if not score.is_integer():
        return translator.number(score, 1)
    return translator(
        "{number} · {label}", number=translator.number(score), label=words[int(score)]
    )


def name_point(translator: Translator[str], row: PublicRow, several: bool) -> str:
    """Return the name of a point; where several agencies or times were assessed, of which it is."""
    name = row_label(translator, row, "item")
    if not several:
        return name
    assessed = [translator.translate_or_keep(row["agency"]), row["date"]]
    return translator("{name}; {detail}", name=name, detail=" ".join(filter(None, assessed)))


def has_several_assessments(rows: Sequence[PublicRow]) -> bool:
    """Return whether several agencies were assessed, or one at several times."""
    return len({(row["agency"], row["date"]) for row in rows}) > 1


def count_points(rows: Sequence[PublicRow]) -> dict[str, int]:
    """Return how many points are absent, beginning, in part, in place, and without a score.

    The keys are ``total``, ``absent``, ``beginning``, ``part``, ``in_place`` and ``open``; the
    numbers have addresses. A score between two whole ones counts as the lower one.
    """
    words = ("absent", "beginning", "part", "in_place")
    scores_by_word: dict[str, list[str]] = {word: [] for word in words}
    groups = group_by_score(rows)
    for score in filter(None, groups):
        scores_by_word[words[int(float(score))]].append(score)
    table = f"{rows[0]['country']}/capacity"
    counts = {"total": row_count(len(rows), table)}
    for number, (word, scores) in enumerate(scores_by_word.items()):
        conditions = [f"{table}/score:{address_part(score)}" for score in scores or [f"{number}.0"]]
        count = sum(len(groups[score]) for score in scores)
        counts[word] = row_count(count, ",".join(conditions))
    counts["open"] = row_count(len(groups.get("", ())), f"{table}/score:{address_part('')}")
    return counts


def find_claims_of_capacity(rows: Sequence[PublicRow]) -> dict[str, dict[str, Any]]:
    """Return how many points of police work are in place and absent, which a heading may tell."""
    if not rows:
        return {}
    counts = count_points(rows)
    return {"count": {"total": counts["total"], "in_place": counts["in_place"],
                      "absent": counts["absent"]}}  # fmt: skip


def describe_assessment_dates(translator: Translator[str], rows: Sequence[PublicRow]) -> str:
    """Return when capacity was assessed, of rows of ``capacity.csv``; empty without any."""
    days = sorted({row["date"] for row in rows if row["date"]})
    if not days:
        return ""
    if len(days) == 1:
        return translator("Assessed: {date}.", date=days[0])
    return translator("Assessed from {first} to {last}.", first=days[0], last=days[-1])


def area_name(translator: Translator[str], row: PublicRow) -> str:
    """Return the name of an area of ``capacity_needs.csv``; one not wholly asked about says so."""
    name = row_label(translator, row, "area")
    if row["items_asked"] == "0":
        return translator("{name} (nothing was asked about it)", name=name)
    if row["items_asked"] != row["items_total"]:
        return translator("{name} (not all was asked about it)", name=name)
    return name


class Capacity:
    """Write about the points of a needs analysis, rows of ``capacity.csv`` of one country."""

    def __init__(self, translator: Translator[Markdown], rows: Sequence[PublicRow]) -> None:
        self._translator = translator
        self._rows = rows

    def __bool__(self) -> bool:
        return bool(self._rows)

    @property
    def dates(self) -> str:
        """When capacity was assessed; empty where no date is told."""
        return describe_assessment_dates(self._translator, self._rows)

    def format_heading(self) -> Markdown:
        """Return how many points are in place and absent."""
        return self._translator(
            "Police work: {in_place} of {total} items in place, {absent} absent",
            **self._format_counts(),
        )

    def describe_others(self) -> list[Markdown]:
        """Return how many points lie between the two, and how many have no score."""
        counts = self._format_counts()
        sentences = [
            self._translator(
                "The assessment found {beginning} at a beginning and {part} partly in place.",
                **counts,
            )
        ]
        if any(not row["score"] for row in self._rows):
            sentences.append(self._translator("It gave {open} no score.", **counts))
        return sentences

    def _format_counts(self) -> Mapping[str, Markdown]:
        counts = count_points(self._rows)
        return {name: self._translator.number(count) for name, count in counts.items()}

    def table(self) -> Markdown:
        """Return the points by score, each score with how many have it."""
        translator, several = self._translator, has_several_assessments(self._rows)
        body = [
            (
                describe_score(translator, rows[0]),
                translator.number(
                    row_count(
                        len(rows), f"{rows[0]['country']}/capacity/score:{address_part(score)}"
                    )
                ),
                Markdown("; ".join(escape(name_point(translator, row, several)) for row in rows)),
            )
            for score, rows in group_by_score(self._rows).items()
        ]
        return evidence_table(
            translator,
            (translator("Score"), translator("Number"), translator("Items")),
            body,
            (18, 10, 72),
            caption=translator("Capacity of law enforcement, item by item"),
            rows=self._rows,
            label="tbl-capacity",
            notes=[
                translator("Scores run from 0 (absent) to 3 (in place). Not asked is not 0."),
                self.dates,
            ],
            texts=(0, 2),
        )
