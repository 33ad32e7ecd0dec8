"""Capacity: what was not asked is not zero; which area may be the greatest need."""

import numpy as np
import pandas as pd
import pytest
from evidence_frames import facts, public

from disrupting_harm.evidence.capacity_areas import CapacityAreas
from disrupting_harm.evidence.measures.capacity import (
    compute_item_scores,
    profile_capacity,
    rank_capacity_needs,
)

AREAS = CapacityAreas.model_validate(
    {
        "areas": [
            {"id": "unit", "label": "Unit", "weight": 2, "items": {"u1": "U1", "u2": "U2"}},
            {"id": "tools", "label": "Tools", "weight": 1, "items": {"t1": "T1", "t2": "T2"}},
            {"id": "law", "label": "Law", "weight": 1, "items": {"l1": "L1"}},
        ]
    }
)
AREA_OF = AREAS.items


def scores(given: dict[str, float | None], **more) -> pd.DataFrame:
    """Return scores by item; None was not asked."""
    rows = [
        {"item": item, "area": AREA_OF[item], "score": score}
        | {"status": "not_recorded" if score is None else "reported" if score else "zero_reported"}
        | more
        for item, score in given.items()
    ]
    return facts("capacity", *rows)


def profile(given: dict[str, float | None], **more) -> pd.DataFrame:
    found = profile_capacity(scores(given, **more), AREAS)
    return public("capacity_profile", found)


def needs(given: dict[str, float | None]) -> pd.DataFrame:
    found = rank_capacity_needs(scores(given), AREAS)
    return public("capacity_needs", found).set_index("area")


def test_not_asked_is_not_zero():
    asked = profile({"u1": 3, "u2": None, "t1": 0, "t2": 2, "l1": None}).set_index("area")
    assert asked["score_mean"].tolist()[:2] == [3.0, 1.0]
    assert asked["items_asked"].tolist() == [1, 2, 0]
    assert asked["items_total"].tolist() == [2, 2, 1]
    assert asked["gap"].tolist()[:2] == [0.0, pytest.approx(2 / 3)]
    assert asked.loc["law", ["score_mean", "gap"]].isna().all()
    zero = profile({"u1": 3, "u2": 0, "t1": 0, "t2": 2, "l1": None}).set_index("area")
    assert zero.loc["unit", "score_mean"] == 1.5
    # An item without a row at all is one that was not asked.
    pd.testing.assert_frame_equal(
        profile({"u1": 3, "t1": 0, "t2": 2}).set_index("area")[["score_mean", "gap"]],
        asked[["score_mean", "gap"]],
    )


def test_the_last_score_of_an_agency_counts_and_agencies_are_averaged():
    told = pd.concat(
        [
            scores({"u1": 0}, date="2020-01"),
            scores({"u1": 3}, date="2021-05"),
            scores({"u1": 1}, date="2020-06", agency="Cyber unit"),
        ],
        ignore_index=True,
    )
    assert compute_item_scores(told)["score"].tolist() == [2.0]
    assert profile_capacity(told, AREAS)["agencies"].tolist() == [1 + 1, 0, 0]


def test_evidence_and_the_lowest_confidence_stand_beside_the_score():
    told = pd.concat(
        [
            scores({"u1": 1}, evidence="document", confidence="high"),
            scores({"u2": 1}, evidence="interview", confidence="medium"),
            scores({"t1": None}, evidence="observation", confidence="low"),
        ],
        ignore_index=True,
    )
    found = profile_capacity(told, AREAS).set_index("area")
    assert found.loc["unit", ["evidence", "confidence"]].tolist() == [
        "document; interview",
        "medium",
    ]
    assert found.loc["tools", ["evidence", "confidence"]].tolist() == ["", ""]


def test_absent_items_are_those_asked_with_score_zero():
    found = profile({"u1": 0, "u2": None, "t1": 0, "t2": 0, "l1": 1}).set_index("area")
    assert found["items_absent"].to_dict() == {"unit": 1, "tools": 2, "law": 0}


def test_ranks_ask_for_no_distances_and_no_weights():
    found = needs({"u1": 0, "u2": 3, "t1": 1, "t2": 1, "l1": 3})
    # (0, 3) and (1, 1) turn with the scale; both need more than (3).
    assert found.loc["unit", ["rank_low", "rank_high"]].tolist() == [1, 2]
    assert found.loc["tools", ["rank_low", "rank_high"]].tolist() == [1, 2]
    assert found.loc["law", ["rank_low", "rank_high"]].tolist() == [3, 3]
    assert found["may_be_first"].to_dict() == {"tools": True, "unit": True, "law": False}
    # The weights order the means alone, where equal needs share the better rank.
    assert found["weight"].to_dict() == {"tools": 0.25, "unit": 0.5, "law": 0.25}
    assert found["weighted_rank"].to_dict() == {"tools": 2, "unit": 1, "law": 3}
    tied = needs({"u1": 0, "u2": 3, "t1": 0, "t2": 0, "l1": 3})
    assert tied["weighted_rank"].to_dict() == {"tools": 1, "unit": 1, "law": 3}
    assert tied["may_be_first"].to_dict() == {"tools": True, "unit": False, "law": False}


def test_an_area_that_was_not_asked_could_have_any_rank():
    found = needs({"u1": 3, "u2": 2, "t1": 0, "t2": 0, "l1": None})
    assert pd.isna(found.loc["law", "weighted_rank"])
    assert np.isnan(found.loc["law", "gap"])
    assert found.loc["law", ["rank_low", "rank_high"]].tolist() == [1, 3]
    assert found.loc["tools", ["rank_low", "rank_high"]].tolist() == [1, 2]
    assert found.loc["unit", ["rank_low", "rank_high"]].tolist() == [2, 3]


def test_ten_areas_at_zero_are_all_first():
    """The first in alphabetical order of many equal areas must not look like the greatest need."""
    areas = CapacityAreas.model_validate(
        {
            "areas": [
                {"id": f"a{at:02}", "label": f"A {at}", "items": {f"i{at}": "I"}}
                for at in range(12)
            ]
        }
    )
    told = facts(
        "capacity",
        *(
            {"item": f"i{at}", "area": f"a{at:02}", "score": float(at >= 10)}
            | {"status": "reported" if at >= 10 else "zero_reported"}
            for at in range(12)
        ),
    )
    found = public("capacity_needs", rank_capacity_needs(told, areas))
    assert found["may_be_first"].sum() == 10
    assert set(found.loc[found["may_be_first"], "rank_high"]) == {10}


def test_ranks_do_not_depend_on_other_countries():
    given = {"u1": 1, "u2": 2, "t1": 0, "t2": None, "l1": 2}
    both = pd.concat([scores(given), scores({"u1": 3}, country="UGA")], ignore_index=True)
    together = rank_capacity_needs(both, AREAS)
    pd.testing.assert_frame_equal(
        together[together["country"] == "KEN"], rank_capacity_needs(scores(given), AREAS)
    )
    empty = rank_capacity_needs(facts("capacity"), AREAS)
    assert empty.empty
