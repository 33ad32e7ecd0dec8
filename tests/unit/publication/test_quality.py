"""The facts of the data-quality annex: complete, rounded, and no small count."""

import json

import pandas as pd
import pytest
from facts_of_quality import DIAGNOSTICS, ITEMS, facts_of
from release_cells import from_counts, released

KEYS = [
    "country", "simulated", "interval", "confidence", "reliability_policy", "drawn",
    "interviewed", "strata", "psus", "response_rates", "weights", "margins",
    "nonresponse_collapses", "groups", "design_effects", "item_nonresponse", "imputed", "not_asked",
    "nobody_interviewed", "dropped_rows", "bounds", "cells",
]  # fmt: skip


@pytest.fixture(name="facts")
def _facts():
    return facts_of()


def test_all_keys_in_order_and_writable(facts):
    assert list(facts) == KEYS
    assert json.loads(json.dumps(facts, allow_nan=False)) == facts


def test_numbers_are_rounded(facts):
    assert facts["response_rates"] == {"rr1": 0.8, "rr6": None, "coop1": 0.9}
    assert facts["weights"] == {
        "kish_deff": 1.23,
        "cv": 0.484,
        "largest_percent_share": 0.035,
        "trimmed_weights": 3,
        "trimmed_share": 0.001,
    }
    assert facts["margins"][0] == {
        "margin": "sex",
        "category": "boy",
        "target_share": 0.51,
        "before_share": 0.476,
        "after_share": 0.51,
    }


def test_the_design_of_a_group_stands_once(facts):
    design = {"kish_deff": 1.31, "psus": 80, "df": 70}
    assert facts["groups"] == [{"domain": "total", "level": "all", **design}]


def test_design_effects_speak_of_shown_estimates_only(facts):
    assert facts["design_effects"] == {
        "lowest": 1.2,
        "median": 1.36,
        "highest": 1.51,
        "indicators": 2,
    }
    assert facts["cells"] == {
        "present": 2,
        "caution": 0,
        "review": 0,
        "suppress_reliability": 0,
        "suppress_disclosure": 1,
        "not_asked": 0,
    }
    # Of the one that is hidden a bound is printed: 4 of 1,000.
    assert facts["bounds"] == 1


def test_item_nonresponse_of_those_asked_in_questions_put_to_enough(facts):
    # "few" has the highest rate, but of 40 children; four were not asked "rare".
    assert facts["item_nonresponse"] == {
        "median": 0.05,
        "highest": 0.1,
        "highest_indicator": "often",
        "named_from": 0.1,
        "high": [{"indicator": "often", "share": 0.1}],
    }


def test_high_item_nonresponse_is_named_from_a_stated_share_and_ten_children_on():
    assert facts_of(item_nonresponse_from=0.11)["item_nonresponse"]["high"] == []
    nine = ITEMS.assign(n_valid=[51, 990, 20], n_dont_know=[9, 4, 10]).assign(
        n_prefer_not_to_say=0, n_lost=0
    )
    found = facts_of(item_answers=nine)["item_nonresponse"]
    assert (found["highest_indicator"], found["high"]) == ("often", [])


def test_what_was_not_asked_and_where_nobody_was_interviewed():
    nobody = ITEMS.assign(n_valid=[0, 990, 20], n_not_asked=[1000, 4, 0]).assign(
        n_dont_know=[0, 4, 10], n_prefer_not_to_say=[0, 2, 10], n_lost=0
    )
    facts = facts_of(item_answers=nobody)
    assert facts["not_asked"] == ["often"]
    assert facts["nobody_interviewed"] == {"sex": ["boy", "girl"]}
    assert facts_of()["not_asked"] == []


def test_small_counts_of_dropped_rows_are_not_told(facts):
    assert facts["dropped_rows"] == [
        {"reason": "no age", "count": "fewer than 10"},
        {"reason": "too young", "count": 10},
    ]


def test_what_is_not_available_is_none():
    bare = {
        **DIAGNOSTICS,
        "nonresponse": None,
        "response_rates": {"unweighted": None, "base_weighted": None},
    }
    facts = facts_of(
        diagnostics=bare,
        item_answers=ITEMS.iloc[:0],
        dropped=pd.DataFrame({"row": [], "reason": []}),
    )
    assert facts["response_rates"] is None
    assert facts["nonresponse_collapses"] == 0
    assert facts["item_nonresponse"] == {
        "median": None,
        "highest": None,
        "highest_indicator": None,
        "named_from": 0.1,
        "high": [],
    }
    assert facts["dropped_rows"] == []


def test_composites_with_imputed_answers_say_how_many_and_are_no_silent_item():
    facts = facts_of(imputed=["often", "rare", "few"], item_nonresponse_from=0.05)
    # Of "rare" six answers are open, too few to tell; "few" was asked of too few children.
    assert facts["imputed"] == [{"indicator": "often", "share": 0.1}]
    assert facts["item_nonresponse"]["high"] == []
    assert facts_of(item_nonresponse_from=0.05)["imputed"] == []


def test_the_design_of_a_group_is_that_of_tables_that_do_not_stay():
    """A table that stays as it was, beside others that are new, would tell so by an old design."""
    cells = [
        (name, domain, level, 500, 200)
        for name in ("a", "b")
        for domain, level in (("total", "all"), ("sex", "girl"), ("sex", "boy"))
    ]
    new = released(from_counts(cells)).assign(group_kish=1.31, group_psus=80.0, group_df=70.0)
    old = {"release": "2026-1", "group_kish": 1.2, "group_psus": 79.0, "group_df": 69.0}
    today = new.assign(release="")
    stays = today.assign(**{k: today[k].mask(today["indicator"] == "a", v) for k, v in old.items()})
    assert facts_of(release=stays)["groups"] == facts_of(release=new)["groups"]
    # Where all tables of a domain stay, its groups are theirs, and its place is the same.
    sex = today.assign(**{k: today[k].mask(today["domain"] == "sex", v) for k, v in old.items()})
    groups = facts_of(release=sex)["groups"]
    assert [group["level"] for group in groups] == ["all", "girl", "boy"]
    assert [group["kish_deff"] for group in groups] == [1.31, 1.2, 1.2]
