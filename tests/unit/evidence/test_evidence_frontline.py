"""Frontline workers, interviews and law and policy: counts, and what they do not say."""

import pandas as pd
import pytest
from evidence_frames import facts, public

from disrupting_harm.evidence.definition import SmallCounts
from disrupting_harm.evidence.measures.frontline import add_shares, count_answers
from disrupting_harm.evidence.measures.justice import order_interviews, protect_interviews
from disrupting_harm.evidence.measures.policy import count_policy_areas, order_checklist
from disrupting_harm.evidence.public_tables import protect_facts
from disrupting_harm.evidence.tables import PUBLIC


def answers(counts: dict[str, int], item: str = "i1") -> list[dict]:
    given = [answer for answer, count in counts.items() for _ in range(count)]
    return [
        {"item": item, "answer": answer, "respondent": f"{number:03}"}
        for number, answer in enumerate(given)
    ]


def published(*rows: dict, min_count: int = 1) -> pd.DataFrame:
    small = SmallCounts(professionals=min_count)
    passed = protect_facts({"frontline": facts("frontline", *rows)}, small)["frontline"]
    return public("frontline", add_shares(passed).assign(item_label=""))


def test_counts_are_of_those_who_answered_the_item():
    told = facts("frontline", *answers({"yes": 3, "no": 2}), *answers({"yes": 4}, item="i2"))
    found = count_answers(told).set_index(["item", "answer"])
    assert found["count"].to_dict() == {("i1", "no"): 2, ("i1", "yes"): 3, ("i2", "yes"): 4}
    assert found["n"].to_dict() == {("i1", "no"): 5, ("i1", "yes"): 5, ("i2", "yes"): 4}


def test_shares_are_whole_per_cents_from_ten_answers_on():
    found = published(*answers({"yes": 32, "no": 17})).set_index("answer")
    assert found["share_percent"].to_dict() == {"yes": 65.0, "no": 35.0}
    few = published(*answers({"yes": 8, "no": 1})).set_index("answer")
    assert few["count"].to_dict() == {"yes": 8, "no": 1}
    assert few["share_percent"].isna().all()
    ten = published(*answers({"yes": 6, "no": 4}))
    assert ten["share_percent"].tolist() == [40.0, 60.0]


def test_a_hidden_count_has_no_share():
    found = published(*answers({"yes": 40, "no": 20, "dont_know": 2}), min_count=10).set_index(
        "answer"
    )
    assert found.loc["dont_know", ["count", "share_percent"]].isna().all()
    assert found.loc["no", "share_percent"] is not None
    assert found["share_percent"].isna().equals(found["count"].isna())


def test_nothing_is_inferred():
    assert not {"se", "ci_low", "rate_low", "interval"} & {
        field.name for field in PUBLIC["frontline"].fields
    }


def test_themes_stand_by_role_with_the_most_mentioned_first():
    told = facts(
        "justice",
        {"theme": "a", "interviews": 30, "mentioned": 12},
        {"theme": "b", "interviews": 30, "mentioned": None, "status": "not_recorded"},
        {"theme": "c", "interviews": 30, "mentioned": 17},
        {"theme": "a", "interviews": 30, "mentioned": 0, "status": "zero_reported", "role": "a"},
    )
    named = order_interviews(protect_interviews(told, SmallCounts()))
    found = public("justice", named.assign(role_label="", theme_label=""))
    assert found["theme"].tolist() == ["a", "c", "a", "b"]
    assert found["band"].tolist() == ["few_or_none", "some", "some", ""]
    assert found["mentioned"].isna().tolist() == [True, False, False, True]


def checklist(*answers: str) -> pd.DataFrame:
    items = ["leadership", "research", "legislation"]
    rows = [
        {"area": "policy", "item": item}
        | (
            {"answer": "", "status": "not_applicable"}
            if answer == "does not apply"
            else {"answer": answer} | ({} if answer else {"status": "not_recorded"})
        )
        for item, answer in zip(items, answers, strict=False)
    ]
    return facts("policy", *reversed(rows))


def test_policy_stands_in_the_order_of_the_model_with_its_names():
    found = public("policy", order_checklist(checklist("in_place", "", "not_known")))
    assert found["item"].tolist() == ["leadership", "research", "legislation"]
    assert found["area_label"].unique().tolist() == ["policy, legislation and governance"]
    assert found["answer"].tolist() == ["in_place", "", "not_known"]


@pytest.mark.parametrize(
    ("answers", "counts", "share"),
    [
        (("in_place", "in_place", "not_in_place"), [2, 0, 1, 0, 0, 0], 0.6667),
        (("in_place", "partly", "not_known"), [1, 1, 0, 1, 0, 0], 0.5),
        # What is not known is not absent, and not what nobody looked for.
        (("in_place", "not_known", ""), [1, 0, 0, 1, 0, 1], 1.0),
        (("in_place", "does not apply", ""), [1, 0, 0, 0, 1, 1], 1.0),
        (("not_known", "", "not_known"), [0, 0, 0, 2, 0, 1], None),
    ],
)
def test_what_is_not_known_is_no_part_of_the_share(answers, counts, share):
    found = public("policy_areas", count_policy_areas(checklist(*answers)))
    names = [
        "in_place", "partly", "not_in_place", "not_known", "not_applicable", "without_answer",
    ]  # fmt: skip
    assert found.loc[0, names].tolist() == counts
    assert found["items"].tolist() == [3]
    assert (
        pd.isna(found["share_in_place"][0])
        if share is None
        else (found["share_in_place"][0] == share)
    )
