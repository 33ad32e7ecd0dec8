"""What is known of an action where no country needs it: nothing, or that it is there in part."""

from dataclasses import dataclass

import pandas as pd

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

UNKNOWN, PARTLY = "unknown", "partly"


@dataclass(frozen=True)
class ActionStates:
    """What public tables say of an action in a country that does not need it.

    Attributes:
        evidence: of all countries.
        national: estimates of whole countries, with their addresses.
    """

    evidence: Evidence
    national: pd.DataFrame

    def find(self, action: Recommendation, country: str) -> tuple[str, str]:
        """Return the state and the address of the row that tells it; both empty of what is there.

        A number that is printed, and does not meet the condition, is like what is there.
        """
        if action.unless:
            table = str(action.unless.table)
            instead = find_matching_rows(action.unless, self._select_rows(table, country))
            if instead:
                return UNKNOWN, address_of_row(table, instead[0])
        when = action.when
        if when.indicator:
            return self._find_of_survey(when.indicator, country)
        table = str(when.table)
        rows = self._select_rows(table, country)
        about = find_rows_about(when, rows)
        for state, matching in (
            # What meets the condition and yet is no need is disputed by another source.
            (UNKNOWN, find_matching_rows(when, rows)),
            (UNKNOWN, [row for row in about if not _is_known(when, row)]),
            (PARTLY, [row for row in about if _is_partly_there(when, row)]),
        ):
            if matching:
                return state, address_of_row(table, matching[0])
        return ("", "") if about else (UNKNOWN, "")

    def _select_rows(self, table: str, country: str) -> list[PublicRow]:
        return [row for row in self.evidence.rows(table) if row["country"] == country]

    def _find_of_survey(self, indicator: str, country: str) -> tuple[str, str]:
        rows = self.national[
            (self.national["indicator"] == indicator) & (self.national["country"] == country)
        ]
        if rows.empty:
            return UNKNOWN, ""
        is_printed = bool(rows["estimate"].notna().iloc[0])
        return ("", "") if is_printed else (UNKNOWN, f"{rows[ADDRESS].iloc[0]}/status")


def _is_known(when: Condition, row: PublicRow) -> bool:
    """Whether a row tells what a condition asks for."""
    if when.table == "policy":
        return row["answer"] in ANSWERS
    return when.column is None or None not in find_limits(row, when.column)


def _is_partly_there(when: Condition, row: PublicRow) -> bool:
    if when.table == "policy":
        return row["answer"] == "partly"
    score = row.find_number("score") if when.table == "capacity" else None
    return score is not None and score < HIGHEST
