"""Which actions a country needs, and what places them: conditions held against public tables.

No sentence is written here: stage *needs* ranks what is read, and every document reads the ranks.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from disrupting_harm.comparison.needs import COUNT, REVIEW, SURVEY, ActionRule
from disrupting_harm.evidence.sources import SIMULATED
from disrupting_harm.provenance.row_addresses import address_of_row
from disrupting_harm.report.findings.conditions import (
    find_matching_rows,
    list_disputed_addresses,
    match_disagreements,
    meets_condition,
)
from disrupting_harm.report.findings.recommendations import (
    Condition,
    Recommendation,
    Recommendations,
)
from disrupting_harm.report.reading.country_results import Cell, Results
from disrupting_harm.report.reading.evidence_rows import Evidence
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.study.statuses import NOT_ASKED, UNASKED_REASON

# Scores go from 0 (absent) to 3 (in place).
IN_PLACE, NOT_KNOWN, WHOLE_SCORE = "in_place", "not_known", 3
NOT_COMPARABLE = "not comparable"
_NEEDS = ("country", "action", "address", "data_kind")
_SHARES = (
    "action", "country", "estimate", "ci_low", "ci_high", "bound_low", "bound_high", "left_out",
)  # fmt: skip


def list_action_rules(recommendations: Recommendations) -> list[ActionRule]:
    """Return what decides the place of each action."""
    owners = [group.id for group in recommendations.groups]
    return [
        ActionRule(
            action.id,
            action.text,
            owners.index(group.id),
            find_kind(action.when),
            find_worse_side(action.when),
        )
        for group, action in recommendations.actions
    ]


def find_kind(when: Condition) -> str:
    """Return whether a condition is of the survey, of a review, or of a count."""
    if when.indicator:
        return SURVEY
    return REVIEW if when.of_review else COUNT


def find_worse_side(when: Condition) -> int:
    """Return 1 where a high share is bad, -1 where a low one is, 0 where neither is told."""
    if when.indicator is None or (when.at_least is None) == (when.at_most is None):
        return 0
    return 1 if when.at_least is not None else -1


def find_needs(
    results_by_country: Mapping[str, Results], recommendations: Recommendations, survey_kind: str
) -> pd.DataFrame:
    """Return the actions whose condition a country meets, with the number that meets it.

    Args:
        survey_kind: ``data_kind`` of the survey.
    """
    needs = []
    for country, results in results_by_country.items():
        for _, action in recommendations.actions:
            if action.countries and country not in action.countries:
                continue
            if action.unless and find_matching_rows(
                action.unless, results.evidence.rows(str(action.unless.table))
            ):
                continue
            if action.when.indicator:
                cell = results.cells.get((action.when.indicator, "total", "all"))
                if cell and meets_condition(cell, action.when, results.coded):
                    address = f"{country}/{action.when.indicator}/shown"
                    needs.append((country, action.id, address, survey_kind))
            elif rows := find_needed_rows(action.when, results.evidence, recommendations):
                kinds = {row["data_kind"] for row in rows}
                kind = SIMULATED if SIMULATED in kinds else min(kinds)
                needs.append((country, action.id, address_of_need(action.when, rows[0]), kind))
    return pd.DataFrame(needs, columns=list(_NEEDS))


def address_of_need(when: Condition, row: PublicRow) -> str:
    """Return the address of the cell of a row that meets a condition on a table."""
    return f"{address_of_row(str(when.table), row)}/{when.column or [*when.where][-1]}"


def find_needed_rows(
    when: Condition, evidence: Evidence, recommendations: Recommendations
) -> list[PublicRow]:
    """Return the rows of evidence that meet a condition, without what sources dispute."""
    table = str(when.table)
    disputed = list_disputed_addresses(match_disagreements(recommendations, evidence))
    return [
        row
        for row in find_matching_rows(when, evidence.rows(table))
        if address_of_row(table, row) not in disputed
    ]


def collect_shares(
    results_by_country: Mapping[str, Results],
    recommendations: Recommendations,
    reasons_apart: Mapping[tuple[str, str], str],
) -> pd.DataFrame:
    """Return the printed share of every country for each action of the survey.

    Args:
        reasons_apart: by indicator and country, why it is not compared.
    """
    rows = []
    for _, action in recommendations.actions:
        indicator = action.when.indicator
        if indicator is None or find_worse_side(action.when) == 0:
            continue
        for country, results in results_by_country.items():
            cell = results.cells.get((indicator, "total", "all"))
            if cell is None or cell.status == NOT_ASKED:
                reason = UNASKED_REASON
                numbers: tuple[float | None, ...] = (None,) * 5
            else:
                reason = reasons_apart.get((indicator, country), "")
                low, high = _find_bounds(cell, results.coded)
                numbers = (cell.estimate, cell.ci_low, cell.ci_high, low, high)
            rows.append((action.id, country, *numbers, reason))
    table = pd.DataFrame(rows, columns=list(_SHARES))
    numeric = list(_SHARES[2:7])
    return table.assign(**{name: table[name].astype(float) for name in numeric})


def find_countries_with(
    recommendations: Recommendations, results_by_country: Mapping[str, Results]
) -> dict[str, set[str]]:
    """Return, of each action of a review, the countries that have it in place, not only in part.

    It counts what the review says, as its own chapter does, also where another source disagrees.
    """
    return _find_countries(recommendations, results_by_country, _is_in_place)


def find_countries_known(
    recommendations: Recommendations, results_by_country: Mapping[str, Results]
) -> dict[str, set[str]]:
    """Return, of each action of a review, the countries of which it says if they have it."""
    return _find_countries(recommendations, results_by_country, _is_known)


def _find_countries(
    recommendations: Recommendations,
    results_by_country: Mapping[str, Results],
    meets: Callable[[Recommendation, Evidence], bool],
) -> dict[str, set[str]]:
    countries_by_action: dict[str, set[str]] = {}
    for country, results in results_by_country.items():
        for _, action in recommendations.actions:
            if action.when.of_review and meets(action, results.evidence):
                countries_by_action.setdefault(action.id, set()).add(country)
    return countries_by_action


def _is_in_place(action: Recommendation, evidence: Evidence) -> bool:
    """Return whether all rows on the item of an action say so."""
    rows = _select_rows(action, evidence)
    return bool(rows) and all(
        (row.find_number("score") or 0) >= WHOLE_SCORE
        if action.when.table == "capacity"
        else row["answer"] == IN_PLACE
        for row in rows
    )


def _is_known(action: Recommendation, evidence: Evidence) -> bool:
    """Return whether all rows on the item of an action have a score, or an answer."""
    rows = _select_rows(action, evidence)
    return bool(rows) and all(
        row.find_number("score") is not None
        if action.when.table == "capacity"
        else row["answer"] not in ("", NOT_KNOWN)
        for row in rows
    )


def _select_rows(action: Recommendation, evidence: Evidence) -> list[PublicRow]:
    items = action.when.where["item"]
    return [row for row in evidence.rows(str(action.when.table)) if row["item"] in items]


def _find_bounds(cell: Cell, coded: bool) -> tuple[float, float]:
    """Return between what a hidden share lies; bounds of the estimate alone tell nothing of it."""
    if cell.bound_low is None or cell.bound_high is None or coded:
        return 0.0, 1.0
    return cell.bound_low, cell.bound_high


def list_reasons_apart(
    ledger: Sequence[Mapping[Hashable, Any]],
) -> dict[tuple[str, str], str]:
    """Return, by indicator and country, why a share is not compared."""
    return {
        (row["indicator"], row["country"]): NOT_COMPARABLE
        for row in ledger
        if row["comparable"] == "no" and row["reason"] != UNASKED_REASON
    }
