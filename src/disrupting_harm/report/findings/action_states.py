"""What is known of an action where a country does not need it, and why it is not known."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd

from disrupting_harm.evidence.fact_status import SUPPRESSED
from disrupting_harm.evidence.measures.capacity import HIGHEST
from disrupting_harm.evidence.measures.policy import ANSWERS
from disrupting_harm.provenance.addresses import ADDRESS
from disrupting_harm.provenance.row_addresses import address_of_row
from disrupting_harm.report.findings.conditions import (
    find_limits,
    find_matching_rows,
    find_rows_about,
)
from disrupting_harm.report.findings.recommendations import Condition, Recommendation
from disrupting_harm.report.reading.evidence_rows import Evidence
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.study.statuses import NOT_ASKED

PARTLY = "partly"
# Why it is not known: nobody knows, the number is hidden, sources disagree or another step comes
# before, and nobody was asked (of the status of estimates).
UNKNOWN, HIDDEN, UNSETTLED = "unknown", "hidden", "unsettled"
NOT_KNOWN = frozenset({UNKNOWN, HIDDEN, UNSETTLED, NOT_ASKED})


@dataclass(frozen=True)
class ActionStates:
    """What public tables say of an action in a country that does not need it.

    Attributes:
        evidence: of all countries.
        national: estimates of whole countries, with their addresses.
        disputed: addresses of rows on which sources do not agree.
    """

    evidence: Evidence
    national: pd.DataFrame
    disputed: frozenset[str] = frozenset()

    def find(self, action: Recommendation, country: str) -> tuple[str, str]:
        """Return the state and the address of the row that tells it; both empty of what is there.

        A number that is printed, and does not meet the condition, is like what is there.
        """
        rows_of = partial(self._select_rows, country=country)
        if action.when.indicator and not _meets_other(action, rows_of):
            return self._find_of_survey(action.when.indicator, country)
        return find_state_in_evidence(action, rows_of, self.disputed)

    def _select_rows(self, table: str, country: str) -> list[PublicRow]:
        return [row for row in self.evidence.rows(table) if row["country"] == country]

    def _find_of_survey(self, indicator: str, country: str) -> tuple[str, str]:
        rows = self.national[
            (self.national["indicator"] == indicator) & (self.national["country"] == country)
        ]
        if rows.empty:
            return NOT_ASKED, ""
        row = rows.iloc[0]
        if pd.notna(row["estimate"]):
            return "", ""
        return NOT_ASKED if row["status"] == NOT_ASKED else HIDDEN, f"{row[ADDRESS]}/status"


def find_state_in_evidence(
    action: Recommendation,
    rows_of: Callable[[str], Sequence[PublicRow]],
    disputed: frozenset[str] = frozenset(),
) -> tuple[str, str]:
    """Return what the evidence of a country says of an action, and the address of the row.

    Args:
        rows_of: the rows of the country, of a table.
        disputed: addresses of rows on which sources do not agree: what one calls there is not sure.
    """
    if instead := _meets_other(action, rows_of):
        return UNSETTLED, instead
    when, table = action.when, str(action.when.table)
    rows = rows_of(table)
    about = find_rows_about(when, rows)
    for state, matching in (
        # What meets the condition and yet is no need is disputed by another source.
        (UNSETTLED, find_matching_rows(when, rows)),
        (UNSETTLED, [row for row in about if address_of_row(table, row) in disputed]),
        (HIDDEN, [row for row in about if row.get("status") == SUPPRESSED]),
        (UNKNOWN, [row for row in about if not _is_known(when, row)]),
        (PARTLY, [row for row in about if _is_partly_there(when, row)]),
    ):
        if matching:
            return state, address_of_row(table, matching[0])
    return ("", "") if about else (UNKNOWN, "")


def _meets_other(action: Recommendation, rows_of: Callable[[str], Sequence[PublicRow]]) -> str:
    """Return the address of a row by which an action is not asked for; empty if there is none."""
    if not action.unless:
        return ""
    table = str(action.unless.table)
    instead = find_matching_rows(action.unless, rows_of(table))
    return address_of_row(table, instead[0]) if instead else ""


def _is_known(when: Condition, row: PublicRow) -> bool:
    """Whether a row tells what a condition asks for."""
    if when.table == "policy":
        return row["answer"] in ANSWERS
    if when.of_band:
        return bool(row["band"])
    return when.column is None or None not in find_limits(row, when.column)


def _is_partly_there(when: Condition, row: PublicRow) -> bool:
    if when.table == "policy":
        return row["answer"] == "partly"
    score = row.find_number("score") if when.table == "capacity" else None
    return score is not None and score < HIGHEST
