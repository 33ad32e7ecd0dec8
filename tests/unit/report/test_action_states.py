"""Where no country needs an action: what is there, what is there in part, what nobody knows."""

from typing import Any

import pandas as pd
import pytest
from evidence_results import rows

from disrupting_harm.provenance.row_addresses import address_of_row
from disrupting_harm.report.findings.action_states import (
    HIDDEN,
    PARTLY,
    UNKNOWN,
    UNSETTLED,
    ActionStates,
)
from disrupting_harm.report.findings.recommendations import Recommendation
from disrupting_harm.report.reading.evidence_rows import Evidence

NOBODY = pd.DataFrame(columns=["indicator", "country"])
REVIEW = {"table": "policy", "where": {"item": ["education"], "answer": ["not_in_place"]}}
SCORE = {
    "table": "capacity", "where": {"item": ["icse_connected"]}, "column": "score", "at_most": 1,
}  # fmt: skip
SURVEY = {"indicator": "knows_helpline", "at_most": 0.5}


def action(when: dict[str, Any], **keys: Any) -> Recommendation:
    finding = "{share}" if "indicator" in when else ""
    return Recommendation.model_validate(
        {"id": "do", "text": "Do it", "when": when, "finding": finding} | keys
    )


def find_state(when: dict[str, Any], **cells: str) -> str:
    """The state of an action in Kenya, by one row of evidence."""
    table = when["table"]
    evidence = Evidence(rows({table: [cells]}, "KEN"))
    return ActionStates(evidence, NOBODY).find(action(when), "KEN")[0]


@pytest.mark.parametrize(
    ("answer", "status", "state"),
    [
        ("in_place", "reported", ""),
        ("partly", "reported", PARTLY),
        ("not_known", "reported", UNKNOWN),
        ("", "not_recorded", UNKNOWN),
        ("", "refused", UNKNOWN),
        # The review misses it, and it is no need all the same: another source disagrees.
        ("not_in_place", "reported", UNSETTLED),
    ],
)
def test_what_a_review_says(answer: str, status: str, state: str) -> None:
    assert find_state(REVIEW, item="education", answer=answer, status=status) == state


@pytest.mark.parametrize(
    ("score", "state"), [("3.0", ""), ("2.0", PARTLY), ("1.5", PARTLY), ("", UNKNOWN)]
)
def test_what_a_score_says(score: str, state: str) -> None:
    assert find_state(SCORE, item="icse_connected", score=score) == state


@pytest.mark.parametrize(("country", "state"), [("KEN", UNSETTLED), ("UGA", "")])
def test_what_is_there_by_one_source_alone_is_settled_first(country: str, state: str) -> None:
    there = {"item": "legislation", "answer": "in_place", "status": "reported"}
    law = REVIEW | {"where": {"item": ["legislation"], "answer": ["not_in_place"]}}
    evidence = Evidence(rows({"policy": [there]}, country))
    disputed = frozenset({address_of_row("policy", rows({"policy": [there]}, "KEN")["policy"][0])})
    assert ActionStates(evidence, NOBODY, disputed).find(action(law), country)[0] == state


def test_a_country_without_a_row_is_one_of_which_nobody_knows() -> None:
    assert find_state(REVIEW, item="legislation", answer="in_place") == UNKNOWN


def test_a_share_that_is_not_printed_is_hidden_or_was_not_asked() -> None:
    national = pd.DataFrame(
        {"indicator": "knows_helpline", "country": ["KEN", "UGA", "THA"]}
        | {"estimate": [0.7, None, None], "address": ["KEN/row", "UGA/row", "THA/row"]}
        | {"status": ["present", "suppress_disclosure", "not_asked"]}
    )
    states = ActionStates(Evidence(), national)
    states_found = [states.find(action(SURVEY), code) for code in ("KEN", "UGA", "THA", "TZA")]
    assert states_found == [
        ("", ""), (HIDDEN, "UGA/row/status"), ("not_asked", "THA/row/status"), ("not_asked", ""),
    ]  # fmt: skip


def test_what_must_come_first_is_no_sign_that_it_is_there() -> None:
    national = pd.DataFrame(
        {"indicator": ["knows_helpline"], "country": "KEN", "estimate": 0.2, "address": "KEN/row"}
    )
    evidence = Evidence(rows({"policy": [{"item": "education", "answer": "not_in_place"}]}, "KEN"))
    states = ActionStates(evidence, national)
    assert states.find(action(SURVEY, unless=REVIEW), "KEN")[0] == UNSETTLED
    assert states.find(action(SURVEY), "KEN")[0] == ""


@pytest.mark.parametrize(
    ("band", "status", "state"),
    [("some", "reported", ""), ("", "suppressed", HIDDEN), ("", "not_recorded", UNKNOWN)],
)
def test_a_third_that_nobody_may_know_is_hidden(band: str, status: str, state: str) -> None:
    when = {"table": "justice", "where": {"theme": ["legal_aid"], "band": ["most_or_all"]}}
    do = Recommendation.model_validate(
        {"id": "do", "text": "Do it", "when": when, "finding": "Named by {number}"}
    )
    row = {
        "role": "survivors",
        "theme": "legal_aid",
        "mentioned": "",
        "band": band,
        "status": status,
    }
    evidence = Evidence(rows({"justice": [row]}, "KEN"))
    assert ActionStates(evidence, NOBODY).find(do, "KEN")[0] == state
