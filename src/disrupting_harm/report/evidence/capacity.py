"""Capacity of law enforcement in one country: a profile of areas, and where the needs are."""

from collections.abc import Sequence

from disrupting_harm.report.evidence.codes import label, row_label
from disrupting_harm.report.evidence.facts import Row
from disrupting_harm.report.evidence.notes import evidence_table
from disrupting_harm.report.markdown import Markdown
from disrupting_harm.report.text import Text

FULL = 3  # the highest score
NEEDS_SHOWN = 6
NEEDS_NAMED = 3


class Capacity:
    """Write about the needs analysis."""

    def __init__(self, text: Text, profile: Sequence[Row], needs: Sequence[Row]) -> None:
        self._text = text
        self._profile = profile
        self._needs = sorted(
            (row for row in needs if row["rank"]), key=lambda row: float(row["rank"])
        )

    def __bool__(self) -> bool:
        return bool(self._profile)

    @property
    def has_needs(self) -> bool:
        """Whether areas are ranked by need."""
        return bool(self._needs)

    def covers(self, *areas: str) -> bool:
        """Whether any of the areas is part of the profile."""
        return any(row["area"] in areas for row in self._profile)

    def say(self, *areas: str) -> Markdown:
        """Return the scores of some areas in one sentence."""
        parts = [
            self._text(
                "{label}: {count}", label=row_label(self._text, row, "area"), count=self._score(row)
            )
            for row in self._profile
            if row["area"] in areas
        ]
        return self._text("Scores from 0 to 3: {scores}.", scores=self._text.enumeration(parts))

    def _score(self, row: Row) -> Markdown:
        if not row["score_mean"]:
            return self._text("not asked")
        return self._text.number(float(row["score_mean"]), 1)

    def table(self) -> Markdown:
        """Return the score of each area with what it rests on; an area not asked says so."""
        text = self._text
        body = [
            (
                row_label(text, row, "area"),
                self._score(row),
                text("{asked} of {total}", asked=row["items_asked"], total=row["items_total"]),
                self._listed("evidence", row["evidence"]),
                self._listed("confidence", row["confidence"]),
            )
            for row in self._profile
        ]
        return evidence_table(
            text,
            (text("Field"), text("Score"), text("Items asked"), text("Evidence"),
             text("Confidence")),
            body,
            (36, 9, 11, 30, 14),
            caption=text("Capacity of law enforcement by area"),
            rows=self._profile,
            label="tbl-capacity",
            notes=[text("Scores run from 0 (absent) to 3 (in place). Not asked is not 0.")],
            texts=(0, 3, 4),
        )  # fmt: skip

    def needs(self) -> Markdown:
        """Return the areas by need with the ranks that other weights would give them."""
        text = self._text
        body = [
            (
                text.number(float(row["rank"])),
                row_label(text, row, "area"),
                text(
                    "{low} to {high}",
                    low=text.number(float(row["rank_low"])),
                    high=text.number(float(row["rank_high"])),
                ),
                text.percent(float(row["gap"])),
            )
            for row in self._needs[:NEEDS_SHOWN]
        ]
        return evidence_table(
            text,
            (text("Rank"), text("Field"), text("Ranks with other weights"), text("Gap, per cent")),
            body,
            (10, 48, 26, 16),
            caption=text("The greatest needs of law enforcement"),
            rows=self._needs,
            label="tbl-needs",
            notes=[
                text(
                    "Gap: what is lacking to the full score. Areas whose ranks overlap cannot be "
                    "told apart."
                )
            ],
            texts=(1,),
        )

    def greatest(self) -> Markdown:
        """Return the areas that stand first with the weights of the study."""
        named = [row_label(self._text, row, "area") for row in self._needs[:NEEDS_NAMED]]
        return self._text.enumeration(named)

    def may_be_first(self) -> Markdown:
        """Return how many areas may be the greatest need with other weights."""
        return self._text.number(sum(float(row["rank_low"]) <= 1 for row in self._needs))

    def _listed(self, column: str, codes: str) -> str:
        parts = [code.strip() for code in codes.replace(",", ";").split(";") if code.strip()]
        if not parts:
            return "–"
        return self._text.enumeration([label(self._text, column, code) for code in parts])
