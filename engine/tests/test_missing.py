import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.special import stdtr

from designbased.design.survey_design import SurveyDesign
from designbased.errors import InputError
from designbased.estimates.linearisation import estimate
from designbased.missing.bounds import (
    estimate_answer_shares,
    imbens_manski_confidence,
    worst_case_bounds,
)

KINDS = ["dont_know", "prefer_not_to_say", "lost"]


def sample(seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(120, 240))
    frame = pd.DataFrame({"psu": np.arange(n) % 20, "weight": rng.lognormal(0, 0.6, n)})
    frame["stratum"] = frame["psu"] % 4
    frame["asked"] = rng.random(n) < 0.8
    frame["yes"] = (rng.random(n) < 0.3).astype(float)
    frame.loc[~frame["asked"] | (rng.random(n) < 0.2), "yes"] = np.nan
    frame["total"] = pd.Categorical(["all"] * n)
    frame["group"] = pd.Categorical.from_codes(rng.integers(-1, 3, n), ["a", "b", "c"])
    return frame


def bounds(frame: pd.DataFrame, **options) -> pd.DataFrame:
    design = SurveyDesign.from_frame(frame)
    asked = frame[["asked"]].rename(columns={"asked": "yes"})
    return worst_case_bounds(design, frame[["yes"]], asked, frame[["total", "group"]], **options)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=10, deadline=None)
def test_bounds_are_the_two_worst_cases(seed: int) -> None:
    frame = sample(seed)
    found = bounds(frame)
    design = SurveyDesign.from_frame(frame)
    valid = estimate(design, frame[["yes"]], frame[["total", "group"]])
    r, p = found["answered"], valid["estimate"]
    np.testing.assert_allclose(found["lower"], r * p)
    np.testing.assert_allclose(found["upper"], r * p + 1 - r)
    assert (found["n_valid"] == valid["n"]).all()
    for level, group in (("all", frame), ("b", frame[frame["group"] == "b"])):
        row = found[found["level"] == level].iloc[0]
        universe = group[group["asked"]]
        assert row["n"] == len(universe)
        assert row["population"] == pytest.approx(universe["weight"].sum())
    for name, filled in (("lower", 0.0), ("upper", 1.0)):
        worst = frame[["yes"]].fillna(filled).where(frame["asked"])
        cells = estimate(design, worst, frame[["total", "group"]])
        np.testing.assert_allclose(found[name], cells["estimate"])
        np.testing.assert_allclose(found[f"se_{name}"], cells["se"])


@given(seed=st.integers(0, 10_000))
@settings(max_examples=10, deadline=None)
def test_intervals_are_nested(seed: int) -> None:
    """The bounds, the interval of the proportion, that of both bounds: each within the next."""
    found = bounds(sample(seed))
    order = ["region_low", "ci_low", "lower", "upper", "ci_high", "region_high"]
    steps = found[order].diff(axis=1).iloc[:, 1:]
    assert (steps.to_numpy() >= -1e-12).all()
    assert found[["region_low", "region_high"]].stack().between(0, 1).all()


def test_without_missing_answers_the_bounds_are_the_estimate() -> None:
    frame = sample(1)
    frame["yes"] = frame["yes"].fillna(0.0).where(frame["asked"])
    found = bounds(frame)
    cells = estimate(SurveyDesign.from_frame(frame), frame[["yes"]], frame[["total", "group"]])
    for column in ("lower", "upper"):
        np.testing.assert_allclose(found[column], cells["estimate"])
    np.testing.assert_allclose(found[["ci_low", "ci_high"]], cells[["ci_low", "ci_high"]])
    assert (found["answered"] == 1).all()


def test_nobody_asked_and_nobody_answered() -> None:
    frame = sample(2)
    in_b, in_c = frame["group"] == "b", frame["group"] == "c"
    frame["asked"] &= ~in_b
    frame["yes"] = frame["yes"].where(~in_b & ~in_c)
    found = bounds(frame).set_index("level")
    assert found.loc["b", "n"] == 0
    assert np.isnan(found.loc["b", ["lower", "upper", "ci_low", "ci_high"]].astype(float)).all()
    # Those who were asked and said nothing leave everything open.
    everything = ["lower", "upper", "ci_low", "ci_high", "region_low", "region_high", "answered"]
    assert found.loc["c", everything].tolist() == [0, 1, 0, 1, 0, 1, 0]


def test_level_of_imbens_and_manski() -> None:
    """It solves their equation, and goes from 95 % to 90 % as the bounds part."""
    width = np.array([0, 0.001, 0.01, 0.05, 0.5, 0.02, 0.0, 0.3])
    se = np.array([0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.0, 0.0])
    df = np.array([30, 30, 30, 30, 30, 3, 10, 10])
    found = imbens_manski_confidence(width, se, df, 0.95)
    for w, s, nu, level in zip(width[:6], se, df, found, strict=False):
        critical = brentq(
            lambda c, w=w, s=s, nu=nu: stdtr(nu, c + w / s) - stdtr(nu, -c) - 0.95,
            0,
            20,
            xtol=1e-14,
        )
        assert level == pytest.approx(2 * stdtr(nu, critical) - 1, rel=1e-12)
    assert found[0] == pytest.approx(0.95)
    assert (np.diff(found[:5]) < 0).all()
    assert found[4] == pytest.approx(0.90)
    assert found[6:] == pytest.approx([0.95, 0.90])
    assert np.isnan(imbens_manski_confidence(width, se, 0 * df, 0.95)).all()


def test_the_proportion_is_covered_where_it_may_lie() -> None:
    """Simulated refusals by yes-sayers: the valid answers mislead, the interval does not."""
    rng = np.random.default_rng(8)
    trials, psus, size = 400, 40, 12
    frame = pd.DataFrame({"psu": np.repeat(np.arange(psus), size), "weight": 1.0})
    frame["stratum"] = frame["psu"] % 4
    truth = 0.30
    chance = rng.beta(truth * 20, (1 - truth) * 20, (psus, trials))[frame["psu"]]
    yes = (rng.random(chance.shape) < chance).astype(float)
    refused = (yes == 1) & (rng.random(yes.shape) < 0.3)
    outcomes = pd.DataFrame(np.where(refused, np.nan, yes)).add_prefix("y")
    design = SurveyDesign.from_frame(frame)
    total = pd.DataFrame({"total": pd.Categorical(["all"] * len(frame))})
    found = worst_case_bounds(design, outcomes, outcomes.notna() | True, total)
    covered = ((found["ci_low"] <= truth) & (truth <= found["ci_high"])).mean()
    naive = estimate(design, outcomes, total)
    misled = ((naive["ci_low"] <= truth) & (truth <= naive["ci_high"])).mean()
    # The truth lies at the upper bound, the hardest place.
    assert covered >= 0.93
    assert misled < 0.5


def test_shares_of_missing_answers() -> None:
    frame = sample(4)
    rng = np.random.default_rng(4)
    words = np.array(["yes", "no", *KINDS])
    answers = rng.choice(words, len(frame), p=[0.3, 0.5, 0.1, 0.07, 0.03])
    frame["item"] = np.where(frame["asked"], answers, "not_asked")
    design = SurveyDesign.from_frame(frame)
    found = estimate_answer_shares(
        design, frame[["item"]], frame[["total", "group"]], KINDS, "not_asked"
    )
    assert found["indicator"].eq("item").all()
    assert found["answer"].unique().tolist() == [*KINDS, "any"]
    total = found[found["domain"] == "total"].set_index("answer")
    universe = frame[frame["asked"]]
    for kind in KINDS:
        share = np.average(universe["item"] == kind, weights=universe["weight"])
        assert total.loc[kind, "estimate"] == pytest.approx(share)
        assert total.loc[kind, "n"] == len(universe)
    assert total.loc["any", "estimate"] == pytest.approx(total.loc[KINDS, "estimate"].sum())
    assert (total["ci_low"] < total["estimate"]).all()
    assert (total["estimate"] < total["ci_high"]).all()


def test_refusals() -> None:
    frame = sample(5)
    design = SurveyDesign.from_frame(frame)
    domains = frame[["total"]]
    asked = frame[["asked"]].rename(columns={"asked": "yes"})

    def refusal(outcomes: pd.DataFrame, asked: pd.DataFrame) -> str:
        with pytest.raises(InputError) as caught:
            worst_case_bounds(design, outcomes, asked, domains)
        return str(caught.value)

    stray = frame[["yes"]].fillna(1.0)
    first = int(np.flatnonzero(~frame["asked"])[0]) + 1
    text = refusal(stray, asked)
    assert "outcomes, column 'yes': a valid answer where nobody was asked" in text
    assert f"first in row {first}" in text
    assert "rows and columns of the outcomes" in refusal(frame[["yes"]], frame[["asked"]])
    assert "asked, column 'yes': values of type" in refusal(frame[["yes"]], asked.astype(float))
    items = pd.DataFrame({"item": ["yes", None] * (len(frame) // 2) + ["no"] * (len(frame) % 2)})
    with pytest.raises(InputError, match="answers, column 'item': no answer in"):
        estimate_answer_shares(design, items, domains, KINDS, "not_asked")
    with pytest.raises(InputError, match="without 'not asked'"):
        estimate_answer_shares(design, items, domains, [*KINDS, "not_asked"], "not_asked")
