"""Capacity: what was not asked is not zero; needs, ranks and how firm they are."""

import numpy as np
import pandas as pd
import pytest
from evidence_frames import facts
from hypothesis import given, settings
from hypothesis import strategies as st

from disrupting_harm.evidence.capacity import (
    capacity_needs,
    capacity_profile,
    gap_limits,
    item_scores,
    rank_limits,
)
from disrupting_harm.evidence.capacity_areas import CapacityAreas
from disrupting_harm.study.contracts import checked
from disrupting_harm.study.evidence_contracts import CAPACITY_NEEDS, CAPACITY_PROFILE

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
    found = capacity_profile(scores(given, **more), AREAS)
    return checked(found, CAPACITY_PROFILE, "here")


def needs(given: dict[str, float | None], seed: int = 1) -> pd.DataFrame:
    found = capacity_needs(profile(given), AREAS, seed)
    return checked(found, CAPACITY_NEEDS, "here").set_index("area")


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
    assert item_scores(told)["score"].tolist() == [2.0]
    assert capacity_profile(told, AREAS)["agencies"].tolist() == [1 + 1, 0, 0]


def test_evidence_and_the_lowest_confidence_stand_beside_the_score():
    told = pd.concat(
        [
            scores({"u1": 1}, evidence="document", confidence="high"),
            scores({"u2": 1}, evidence="interview", confidence="medium"),
            scores({"t1": None}, evidence="observation", confidence="low"),
        ],
        ignore_index=True,
    )
    found = capacity_profile(told, AREAS).set_index("area")
    assert found.loc["unit", ["evidence", "confidence"]].tolist() == [
        "document; interview",
        "medium",
    ]
    assert found.loc["tools", ["evidence", "confidence"]].tolist() == ["", ""]


def test_need_is_weight_times_gap():
    found = needs({"u1": 0, "u2": 3, "t1": 0, "t2": 0, "l1": 3})
    assert found["weight"].to_dict() == {"tools": 0.25, "unit": 0.5, "law": 0.25}
    assert found["need"].to_dict() == {"tools": 0.25, "unit": 0.25, "law": 0.0}
    # Equal needs share the better rank.
    assert found["rank"].to_dict() == {"tools": 1, "unit": 1, "law": 3}
    assert found.loc["law", ["rank_low", "rank_high"]].tolist() == [3, 3]


def test_an_area_that_was_not_asked_has_no_rank_but_could_have_any():
    found = needs({"u1": 3, "u2": 2, "t1": 0, "t2": 0, "l1": None})
    assert pd.isna(found.loc["law", "rank"])
    assert np.isnan(found.loc["law", "need"])
    assert found.loc["law", ["rank_low", "rank_high"]].tolist() == [1, 3]
    assert found.loc["tools", ["rank_low", "rank_high"]].tolist() == [1, 2]
    assert found.loc["unit", ["rank_low", "rank_high"]].tolist() == [2, 3]
    assert found.index.tolist()[-1] == "law"


def test_ranks_do_not_depend_on_other_countries_and_the_seed_repeats():
    given = {"u1": 1, "u2": 2, "t1": 0, "t2": None, "l1": 2}
    both = pd.concat([scores(given), scores({"u1": 3}, country="UGA")], ignore_index=True)
    together = capacity_needs(capacity_profile(both, AREAS), AREAS, 7)
    alone = capacity_needs(capacity_profile(scores(given), AREAS), AREAS, 7)
    pd.testing.assert_frame_equal(together[together["country"] == "KEN"], alone)
    pd.testing.assert_frame_equal(alone, capacity_needs(profile(given), AREAS, 7))


def test_gaps_without_missing_items_have_no_limits():
    low, high = gap_limits(profile({"u1": 1, "u2": 2, "t1": 0, "t2": None, "l1": None}))
    assert low.tolist() == pytest.approx([0.5, 0.5, 0.0])
    assert high.tolist() == pytest.approx([0.5, 1.0, 1.0])


def test_rank_limits_by_hand():
    drawn = np.ones((3, 3))
    best, worst = rank_limits(np.array([0.2, 0.5, 0.9]), np.array([0.6, 0.5, 0.9]), drawn)
    assert best.tolist() == [2, 2, 1]
    assert worst.tolist() == [3, 3, 1]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 12)), min_size=2, max_size=6),
    st.integers(0, 99),
)
def test_every_way_to_fill_in_the_missing_items_keeps_the_limits(areas, seed):
    """Brute force over random fillings: with the same weights no rank lies outside."""
    rng = np.random.default_rng(seed)
    asked = np.array([number for number, _ in areas])
    mean = np.array([min(score, 3 * number) / max(number, 1) for number, score in areas])
    rows = pd.DataFrame(
        {"items_asked": asked, "items_total": 5, "score_mean": np.where(asked > 0, mean, np.nan)}
    )
    weights = rng.uniform(0.5, 1.5, len(areas))
    best, worst = rank_limits(*gap_limits(rows), weights[None, :])
    for _ in range(20):
        missing = rng.integers(0, 4, (len(areas), 5))
        unseen = np.where(np.arange(5) >= asked[:, None], missing, 0).sum(axis=1)
        gap = 1 - (mean * asked + unseen) / 5 / 3
        need = np.round(weights * gap, 12)
        rank = 1 + (need[None, :] > need[:, None]).sum(axis=1)
        assert (rank >= best).all()
        assert (rank <= worst).all()
