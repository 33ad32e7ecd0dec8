"""Rows of evidence that meet the condition of a recommendation, and rows that sources dispute.

Where one source calls missing what another counted, no recommendation rests on either: a reader
would find the ask refuted on another page of the same report.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from disrupting_harm.errors import StudyError
from disrupting_harm.evidence.tables import PUBLIC
from disrupting_harm.provenance.rows import prefix
from disrupting_harm.report.cited_rows import between, told
from disrupting_harm.report.evidence.facts import Evidence, Row
from disrupting_harm.report.markdown import Markdown
from disrupting_harm.report.recommendations import Condition, Recommendations
from disrupting_harm.report.text import Text


@dataclass(frozen=True)
class Disputed:
    """A fact on which two sources do not agree: the sentence on both, and the rows of each."""

    said: Markdown
    table: str
    rows: tuple[Row, ...]
    against: tuple[Row, ...]


def disputed(recommendations: Recommendations, evidence: Evidence, text: Text) -> list[Disputed]:
    """Return on what the sources of a country do not agree."""
    found = []
    for entry in recommendations.disagreements:
        rows, against = (
            matching(when, evidence.rows(str(when.table))) for when in (entry.rows, entry.against)
        )
        if rows and against:
            values = {
                "rows": told(text, str(entry.rows.table), rows),
                "against": told(text, str(entry.against.table), against),
            }
            said = text.filled(entry.text, values)
            found.append(Disputed(said, str(entry.rows.table), tuple(rows), tuple(against)))
    return found


def left_out(found: Sequence[Disputed]) -> frozenset[str]:
    """Return the addresses of the rows on which no recommendation rests."""
    return frozenset(prefix(entry.table, row) for entry in found for row in entry.rows)


def matching(when: Condition, rows: Sequence[Row]) -> list[Row]:
    """Return the rows that meet a condition, of the last year where there are years."""
    if "year" in PUBLIC[str(when.table)].address.split():
        last = max((row["year"] for row in rows), default="")
        rows = [row for row in rows if row["year"] == last]
    found = [row for row in rows if _meets(when, row)]
    if when.rows_at_most is not None and len(found) > when.rows_at_most:
        return []
    return found


def _meets(when: Condition, row: Row) -> bool:
    for name, allowed in when.where.items():
        if name not in row:
            raise StudyError(
                f"evidence/{when.table}.csv, column '{name}'",
                "it is missing, but a recommendation asks for it",
                "Run the stage 'evidence' again",
            )
        if row[name] not in allowed:
            return False
    if when.column is None:
        return True
    low, high = between(row, when.column)
    if low is None or high is None:
        return False
    if when.at_most is not None and high > when.at_most:
        return False
    return when.at_least is None or low >= when.at_least
