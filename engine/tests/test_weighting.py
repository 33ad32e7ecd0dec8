import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from designbased.errors import InputError
from designbased.weighting.pipeline import WeightingSettings, build_weights

SELECTION = WeightingSettings(
    psu_probability="p_psu",
    household_probability="p_household",
    eligible_children="eligible",
    nonresponse_classes=("stratum", "age"),
)
SELECTION_ONE_CLASS = replace(SELECTION, nonresponse_classes=())
RAKED = replace(SELECTION, margins=("sex", "stratum"))
SUPPLIED = WeightingSettings(weight="w", trim_iqr_multiple=None)
MARGINS = pd.DataFrame(
    [
        ("sex", "boy", 51_000),
        ("sex", "girl", 49_000),
        ("stratum", "north", 60_000),
        ("stratum", "south", 40_000),
    ],
    columns=["margin", "category", "total"],
)


def draw(seed: int = 3, size: int = 400, spread: float = 1.0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    words = ["complete", "partial", "refusal", "non_contact", "unknown_eligibility", "ineligible"]
    disposition = rng.choice(words, size, p=[0.68, 0.05, 0.1, 0.07, 0.05, 0.05])
    eligible = rng.choice([1.0, 2, 3], size, p=[0.6, 0.3, 0.1])
    return pd.DataFrame(
        {
            "child_id": [f"c{k}" for k in range(size)],
            "stratum": rng.choice(["north", "south"], size),
            "age": rng.choice(["12-14", "15-17"], size),
            "sex": rng.choice(["boy", "girl"], size),
            "p_psu": 0.05 * np.exp(-spread * np.abs(rng.normal(size=size))),
            "p_household": rng.uniform(0.05, 0.2, size),
            "eligible": np.where(np.isin(disposition, words[4:]), np.nan, eligible),
            "disposition": disposition,
        }
    )


def tiny(**columns) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "child_id": ["a", "b", "c"],
            "p_psu": [0.1, 0.2, 1.0],
            "p_household": [0.5, 0.25, 0.1],
            "eligible": [1, 2, 4],
            "disposition": "complete",
        }
        | columns
    )


def test_base_weights_by_hand() -> None:
    out = build_weights(tiny(), SELECTION_ONE_CLASS).weights
    np.testing.assert_allclose(out["base_weight"], [20, 40, 40], rtol=1e-14)
    np.testing.assert_allclose(out["weight"], [20, 40, 40], rtol=1e-14)
    assert out["nonresponse_factor"].eq(1).all()
    assert out["calibration_factor"].eq(1).all()
    assert not out["trimmed"].any()


def test_eligible_children_can_be_capped() -> None:
    out = build_weights(tiny(), replace(SELECTION_ONE_CLASS, eligible_cap=3)).weights
    np.testing.assert_allclose(out["base_weight"], [20, 40, 30], rtol=1e-14)
    with pytest.raises(InputError, match="eligible_cap"):
        build_weights(tiny(), replace(SELECTION_ONE_CLASS, eligible_cap=0))


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"p_psu": [0.1, 0.0, 1.2]}, ["'p_psu'", "2 rows, first in row 2"]),
        ({"p_household": [0.1, 0.2, np.nan]}, ["'p_household'", "row 3"]),
        ({"p_household": ["0.1", "0.2", "x"]}, ["'p_household'", "not numbers"]),
        ({"eligible": [1, 2, 0]}, ["'eligible'", "1 row, first in row 3"]),
        ({"eligible": [1, 2.5, 1]}, ["'eligible'", "row 2"]),
        ({"eligible": [np.nan, 2, np.inf]}, ["'eligible'", "2 rows, first in row 1"]),
        ({"child_id": ["a", "b", "a"]}, ["'child_id'", "row 3"]),
        ({"child_id": ["a", None, "c"]}, ["'child_id'", "row 2"]),
        ({"disposition": ["complete", "done", "complete"]}, ["'disposition'", "'done'"]),
        ({"disposition": "refusal"}, ["no respondent"]),
    ],
)
def test_faulty_samples_are_named(columns, words) -> None:
    with pytest.raises(InputError) as fault:
        build_weights(tiny(**columns), SELECTION_ONE_CLASS)
    assert all(word in str(fault.value) for word in words), str(fault.value)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"weight": "w"}, "either from one weight column"),
        ({"eligible_children": None}, "either from one weight column"),
        ({"psu_probability": "nothing"}, "column 'nothing'"),
        ({"margins": ("sex",)}, "no totals are given"),
        ({"respondent_dispositions": ("complete", "refusal")}, "respondent_dispositions"),
    ],
)
def test_faulty_settings_are_named(change, words) -> None:
    with pytest.raises(InputError, match=words):
        build_weights(tiny(), replace(SELECTION_ONE_CLASS, **change))


def test_nonrespondents_are_never_dropped_without_a_word() -> None:
    silent = replace(SELECTION, nonresponse_classes=None)
    with pytest.raises(InputError, match="1 sampled persons did not respond"):
        build_weights(tiny(disposition=["complete", "refusal", "complete"]), silent)
    assert len(
        build_weights(tiny(disposition=["complete", "ineligible", "complete"]), silent).weights
    )


def test_everything_together() -> None:
    sample = draw(spread=1.6)
    result = build_weights(sample, RAKED, MARGINS)
    out, found = result.weights, result.diagnostics
    product = (
        out["base_weight"]
        * out["nonresponse_factor"]
        * out["trim_factor"]
        * out["calibration_factor"]
    )
    np.testing.assert_allclose(product, out["weight"], rtol=1e-12)
    assert (out["weight"] > 0).all()
    assert out["weight"].sum() == pytest.approx(100_000, rel=1e-8)
    respondents = sample[sample["disposition"].isin(["complete", "partial"])]
    assert out["child_id"].tolist() == respondents["child_id"].tolist()
    assert result.margins["relative_error"].abs().max() <= 1e-8
    trimming = found["trimming"]
    assert trimming["applied"]
    assert trimming["trimmed"] == out["trimmed"].sum() > 0
    assert out["weight"].max() <= trimming["caps"]["all"] * (1 + 1e-8)
    untrimmed = build_weights(sample, replace(RAKED, trim_iqr_multiple=None), MARGINS).weights
    moved = (out["weight"] - untrimmed["weight"]).abs().sum() / 2 / 100_000
    assert trimming["share_moved"] == pytest.approx(moved, rel=1e-9)
    assert moved > 0.05
    assert found["weights"]["after"]["deff"] < trimming["deff_before"]
    assert found["nonresponse"]["largest_factor"] == out["nonresponse_factor"].max()
    assert found["response_rates"]["unweighted"]["RR2"] == pytest.approx(
        len(respondents) / (sample["disposition"] != "ineligible").sum()
    )
    assert 0 < found["r_indicator"] <= 1
    assert result.steps["step"].tolist() == [
        *("before", "after_nonresponse", "after_raking", "after_trimming", "after")
    ]
    json.dumps(found, allow_nan=False)


def test_the_r_indicator_leaves_the_ineligible_out() -> None:
    """All eligible children of both strata respond; only the share of ineligible ones differs."""
    sample = draw().assign(disposition="complete", eligible=1)
    sample.loc[sample.index[sample["stratum"] == "north"][:60], "disposition"] = "ineligible"
    assert build_weights(sample, SELECTION).diagnostics["r_indicator"] == 1


def test_trimming_is_left_out_below_the_limit_and_done_above_it() -> None:
    sample = draw(spread=0.6)
    mild = build_weights(sample, RAKED, MARGINS)
    deff = mild.diagnostics["trimming"]["deff_before"]
    assert not mild.diagnostics["trimming"]["applied"]
    assert mild.weights["trim_factor"].eq(1).all()
    always = replace(RAKED, trim_above_deff=deff - 1e-6, trim_iqr_multiple=2.0)
    assert build_weights(sample, always, MARGINS).diagnostics["trimming"]["applied"]
    assert not build_weights(
        sample, replace(always, trim_above_deff=deff + 1e-6), MARGINS
    ).diagnostics["trimming"]["applied"]


def test_trimming_groups_have_their_own_caps_and_keep_their_totals() -> None:
    rules = replace(
        SELECTION, trim_groups=("stratum",), trim_above_deff=None, trim_iqr_multiple=2.0
    )
    sample = draw()
    out = build_weights(sample, rules)
    stratum = sample.set_index("child_id").loc[out.weights["child_id"], "stratum"].to_numpy()
    adjusted = out.weights["base_weight"] * out.weights["nonresponse_factor"]
    assert set(out.diagnostics["trimming"]["caps"]) == {"north", "south"}
    for group, cap in out.diagnostics["trimming"]["caps"].items():
        inside = stratum == group
        assert out.weights["weight"][inside].max() == pytest.approx(cap)
        assert out.weights["weight"][inside].sum() == pytest.approx(adjusted[inside].sum())


def test_collapses_are_reported() -> None:
    out = build_weights(draw(size=200), replace(SELECTION, min_respondents=40))
    assert len(out.collapses) == out.diagnostics["nonresponse"]["collapses"] >= 1
    assert (out.collapses["respondents"] < 40).all()


def test_margins_that_cannot_be_met_release_no_weights() -> None:
    with pytest.raises(InputError, match="their totals are 100000 and 90000"):
        build_weights(draw(), RAKED, MARGINS.replace({"total": {60_000: 50_000}}))


def test_supplied_weights_are_kept_and_raked() -> None:
    sample = draw().assign(w=np.linspace(1, 3, 400)).query("disposition == 'complete'")
    kept = build_weights(sample, SUPPLIED)
    np.testing.assert_array_equal(kept.weights["weight"], sample["w"])
    assert kept.margins.empty
    assert kept.diagnostics["raking"] is None
    assert kept.diagnostics["notes"] == []
    assert kept.diagnostics["response_rates"]["base_weighted"] is None
    raked = build_weights(sample, replace(SUPPLIED, margins=("sex",)), MARGINS)
    assert raked.weights["weight"].sum() == pytest.approx(100_000, rel=1e-10)


def test_without_dispositions_response_rates_are_not_computable() -> None:
    sample = tiny().drop(columns="disposition")
    found = build_weights(sample, replace(SELECTION, nonresponse_classes=None)).diagnostics
    assert found["response_rates"] == {"unweighted": None, "base_weighted": None}
    assert found["r_indicator"] is None
    assert found["n_respondents"] == 3
    with pytest.raises(InputError, match="non-response cannot be adjusted for"):
        build_weights(sample, SELECTION_ONE_CLASS)


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ([1.0, -1, 2], "negative or infinite in 1 row, first in row 2"),
        ([1.0, 1, np.inf], "row 3"),
        ([np.nan, 1, 2], "row 1"),
        ([0.0, 0, 0], "all weights are zero"),
        (["1", "2", "3"], "not numbers"),
    ],
)
def test_faulty_supplied_weights_are_named(weights, words) -> None:
    with pytest.raises(InputError, match=words) as fault:
        build_weights(tiny(w=weights), SUPPLIED)
    assert "column 'w'" in str(fault.value)


def test_unusual_supplied_weights_are_noted() -> None:
    assert build_weights(tiny(w=2.0), SUPPLIED).diagnostics["notes"] == [
        "The supplied weights are constant (2)."
    ]
    zeros = build_weights(tiny(w=[0.0, 1, 2]), SUPPLIED)
    assert zeros.diagnostics["notes"] == ["1 row has a supplied weight of zero."]
    assert zeros.weights["weight"].tolist() == [0, 1, 2]
    json.dumps(zeros.diagnostics, allow_nan=False)
    with pytest.raises(InputError, match="weight of zero"):
        build_weights(tiny(w=[0.0, 1, 2]), replace(SUPPLIED, nonresponse_classes=()))


@settings(deadline=None, max_examples=6)
@given(seed=st.integers(0, 10_000))
def test_row_order_does_not_matter(seed: int) -> None:
    sample = draw(seed, spread=1.3)
    order = np.random.default_rng(seed).permutation(len(sample))
    first = build_weights(sample, RAKED, MARGINS).weights.set_index("child_id")
    again = build_weights(sample.iloc[order], RAKED, MARGINS).weights.set_index("child_id")
    pd.testing.assert_frame_equal(again.loc[first.index], first, rtol=1e-7, atol=0)
    assert (first["weight"] > 0).all()
    assert first["weight"].sum() == pytest.approx(100_000, rel=1e-8)


@settings(deadline=None, max_examples=6)
@given(seed=st.integers(0, 10_000))
def test_full_response_leaves_base_weights_unchanged(seed: int) -> None:
    sample = draw(seed).assign(disposition="complete").fillna({"eligible": 1})
    out = build_weights(sample, replace(SELECTION, trim_iqr_multiple=None)).weights
    np.testing.assert_array_equal(out["weight"], out["base_weight"])
