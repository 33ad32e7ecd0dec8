"""The methods of weighting by name, through the one orchestrating function."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from designbased.calibration.calibrate import MarginCalibration
from designbased.errors import InputError
from designbased.weighting.nonresponse_propensity import PropensityOptions
from designbased.weighting.pipeline import WeightResult, build_weights
from designbased.weighting.response_rates import compute_response_rates
from designbased.weighting.settings import WeightingSettings

SIZE = 600
BASE = WeightingSettings(
    psu_probability="p_psu",
    household_probability="p_household",
    eligible_children="eligible",
    nonresponse_classes=("stratum", "age"),
    trim_above_deff=None,
    margins=("sex", "stratum"),
    stratum_column="stratum",
    psu_column="psu",
)
MARGINS = pd.DataFrame(
    [
        ("sex", "boy", 148_000),
        ("sex", "girl", 142_000),
        ("stratum", "north", 135_000),
        ("stratum", "south", 155_000),
    ],
    columns=["margin", "category", "total"],
)


def draw() -> pd.DataFrame:
    rng = np.random.default_rng(8)
    psu = np.arange(SIZE) // 20
    words = ["complete", "refusal", "non_contact", "unknown_eligibility", "ineligible"]
    disposition = rng.choice(words, SIZE, p=[0.74, 0.1, 0.06, 0.05, 0.05])
    eligible = rng.choice([1.0, 2, 3], SIZE, p=[0.6, 0.3, 0.1])
    return pd.DataFrame(
        {
            "child_id": [f"c{k}" for k in range(SIZE)],
            "stratum": np.where(psu < 15, "north", "south"),
            "psu": psu,
            "age": rng.choice(["12-14", "15-17"], SIZE),
            "sex": rng.choice(["boy", "girl"], SIZE),
            "p_psu": 0.1 * np.exp(-0.3 * np.abs(rng.normal(size=30)))[psu],
            "p_household": 0.1 * np.exp(-0.9 * np.abs(rng.normal(size=SIZE))),
            "eligible": np.where(np.isin(disposition, words[3:]), np.nan, eligible),
            "disposition": disposition,
        }
    )


SAMPLE = draw()
RESPONDENTS = SAMPLE[SAMPLE["disposition"] == "complete"].reset_index(drop=True)
KEY = pd.DataFrame(
    {"y": np.random.default_rng(1).choice([0.0, 1.0, np.nan], len(RESPONDENTS), p=[0.6, 0.3, 0.1])}
)


def weights(key: pd.DataFrame | None = None, **changes) -> WeightResult:
    return build_weights(SAMPLE, replace(BASE, **changes), MARGINS, key)


def check(result: WeightResult) -> dict:
    """Margins hold, factors multiply to the weight, the account is plain JSON."""
    out = result.weights
    factors = ["base_weight", "nonresponse_factor", "trim_factor", "calibration_factor"]
    np.testing.assert_allclose(out[factors].prod(axis=1), out["weight"], rtol=1e-12)
    assert result.margins["relative_error"].abs().max() <= 1e-8
    return json.loads(json.dumps(result.diagnostics, allow_nan=False))


@pytest.mark.parametrize(
    ("changes", "cap"),
    [
        ({"trim_method": "contribution", "trim_contribution": 3.0}, True),
        ({"trim_method": "fixed", "trim_cap": 1800.0}, True),
        ({"trim_method": "mse"}, True),
        ({"trim_method": "none"}, False),
    ],
)
def test_trimming_by_name_holds_with_the_margins(changes, cap) -> None:
    found = check(result := weights(KEY, **changes))
    trimming = found["trimming"]
    assert trimming["method"] == changes["trim_method"]
    assert trimming["applied"] is cap
    if cap:
        assert trimming["trimmed"] > 0
        assert result.weights["weight"].max() <= trimming["caps"]["all"] * (1 + 1e-8)
    if changes["trim_method"] == "mse":
        curve = pd.DataFrame(trimming["mse_curve"])
        best = curve.loc[curve["mean_relative_mse"].idxmin()]
        assert trimming["key_indicators"] == ["y"]
        assert best["cap"] == trimming["caps"]["all"]
        assert curve["cap"].iloc[0] is None or np.isnan(curve["cap"].iloc[0])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"trim_method": "mse"}, "key outcomes, stratum_column"),
        ({"trim_method": "fixed"}, "trim_cap: it is missing"),
        ({"trim_method": "fixed", "trim_cap": 1.0}, "below the mean weight"),
    ],
)
def test_trimming_says_what_it_lacks(changes, words) -> None:
    with pytest.raises(InputError, match=words):
        weights(None, **changes)


def test_methods_that_do_not_exist_are_named() -> None:
    with pytest.raises(InputError, match=r"trim_method: it is 'median'\. Choose one of iqr, contr"):
        replace(BASE, trim_method="median")
    with pytest.raises(InputError, match="nonresponse_method: it is 'trees'"):
        replace(BASE, nonresponse_method="trees")
    with pytest.raises(InputError, match="one cap for all, but trim_groups"):
        weights(KEY, trim_method="mse", trim_groups=("sex",))


@pytest.mark.parametrize(
    ("method", "bounds"), [("linear", None), ("linear", (0.5, 2.0)), ("logit", (0.5, 2.0))]
)
def test_calibration_by_name(method, bounds) -> None:
    calibration = MarginCalibration(method, bounds)
    found = check(result := weights(calibration=calibration, trim_iqr_multiple=2.0))
    assert found["raking"]["method"] == method
    assert found["trimming"]["trimmed"] > 0
    factor = result.weights["calibration_factor"]
    if bounds:
        assert factor.between(*bounds).all()
    raked = weights(trim_iqr_multiple=2.0).weights["calibration_factor"]
    assert np.abs(factor - raked).max() > 1e-6


def test_propensity_by_name() -> None:
    options = PropensityOptions(factor="mean_propensity")
    found = check(result := weights(nonresponse_method="propensity", propensity=options))
    model = found["nonresponse"]["model"]
    assert model["covariates"] == ["stratum", "age"]
    assert set(model["coefficients"]) == {"constant", "stratum: south", "age: 15-17"}
    assert found["nonresponse"]["classes"] == 4
    assert result.weights["nonresponse_factor"].round(12).nunique() == 4
    assert weights().diagnostics["nonresponse"]["model"] is None


def test_bias_table() -> None:
    result = weights()
    table = pd.DataFrame(check(result)["bias"])
    table = table.set_index(["reference", "auxiliary", "category"]).sort_index()
    girls = table.loc[("margins", "sex", "girl")]
    own, out = RESPONDENTS["sex"] == "girl", result.weights
    base = out["base_weight"]
    assert girls["n"] == own.sum()
    assert girls["reference_share"] == 142 / 290
    assert girls["share_before"] == pytest.approx(base[own].sum() / base.sum(), rel=1e-12)
    assert girls["bias_before"] == pytest.approx(girls["share_before"] - 142 / 290, rel=1e-9)
    assert abs(girls["bias_before"]) > 0.001
    assert table.loc["margins", "bias_after"].abs().max() < 1e-8
    drawn = SAMPLE[SAMPLE["disposition"].isin(["complete", "refusal", "non_contact"])]
    weight = drawn["eligible"] / (drawn["p_psu"] * drawn["p_household"])
    older = weight[drawn["age"] == "15-17"].sum() / weight.sum()
    assert table.loc[("sample", "age", "15-17"), "reference_share"] == pytest.approx(older)
    sums = table.groupby(level=[0, 1])[["reference_share", "share_before", "share_after"]].sum()
    np.testing.assert_allclose(sums, 1, rtol=1e-9)


def test_response_rates_by_stratum() -> None:
    rows = check(weights())["response_rates_by_stratum"]
    assert [row["stratum"] for row in rows] == ["north", "south"]
    assert sum(row["n_respondents"] for row in rows) == len(RESPONDENTS)
    own = SAMPLE[SAMPLE["stratum"] == "south"]
    base = own["eligible"].fillna(1) / (own["p_psu"] * own["p_household"])
    expected = compute_response_rates(own["disposition"].to_numpy(), base.to_numpy())
    assert rows[1]["base_weighted"]["RR2"] == pytest.approx(expected["RR2"], rel=1e-12)
    assert rows[1]["unweighted"]["RR2"] != rows[1]["base_weighted"]["RR2"]
    assert weights(stratum_column=None).diagnostics["response_rates_by_stratum"] is None
