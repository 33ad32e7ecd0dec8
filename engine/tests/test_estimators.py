"""Ratios, quantiles, counts, design effects, covariances and contrasts beside R's numbers."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from designbased.design.survey_design import SurveyDesign
from designbased.errors import InputError
from designbased.estimates.counts import design_effect_table, weighted_counts
from designbased.estimates.covariance import joint_estimates
from designbased.estimates.linearisation import estimate
from designbased.estimates.quantiles import Distribution, estimate_quantiles
from designbased.estimates.ratios import estimate_ratios
from designbased.inference.contrasts import estimate_contrasts, pairs_of_levels


@pytest.fixture
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(8)
    n = 240
    frame = pd.DataFrame(
        {
            "stratum": np.repeat([1, 2, 3], 80),
            "psu": np.tile(np.repeat(np.arange(8), 10), 3),
            "weight": rng.lognormal(3, 0.4, n),
            "yes": (rng.random(n) < 0.3).astype(float),
            "never": 0.0,
            "y": rng.gamma(2, 3, n),
            "x": rng.gamma(2, 1, n) + 0.1,
            "sex": pd.Categorical(rng.choice(["girl", "boy"], n), ["girl", "boy", "other"]),
            "age": pd.Categorical(rng.choice(["12-13", "14-15", "16-17"], n)),
        }
    )
    frame.loc[rng.random(n) < 0.1, ["yes"]] = np.nan
    frame.loc[rng.random(n) < 0.1, ["y"]] = np.nan
    return frame


@pytest.fixture
def design(frame: pd.DataFrame) -> SurveyDesign:
    return SurveyDesign.from_frame(frame)


def test_a_ratio_to_one_is_a_mean(frame: pd.DataFrame, design: SurveyDesign) -> None:
    ones = frame[["y"]].assign(y=1.0)
    ours = estimate_ratios(design, frame[["y"]], ones, frame[["sex", "age"]])
    means = estimate(design, frame[["y"]], frame[["sex", "age"]], {"y": "mean"})
    pd.testing.assert_frame_equal(ours, means[ours.columns], rtol=1e-12)


def test_a_ratio_of_proportional_answers_does_not_vary(
    frame: pd.DataFrame, design: SurveyDesign
) -> None:
    found = estimate_ratios(design, frame[["y"]] * 3, frame[["y"]], frame[["age"]])
    np.testing.assert_allclose(found["estimate"], 3)
    assert (found["se"] == 0).all()
    assert found["deff"].isna().all()


@pytest.mark.parametrize("scale", [1e-6, 1e6])
def test_the_scale_of_the_weights_changes_populations_alone(
    frame: pd.DataFrame, design: SurveyDesign, scale: float
) -> None:
    scaled = SurveyDesign.from_frame(frame.assign(weight=scale * frame["weight"]))
    domains = frame[["sex", "age"]]
    for table in (
        lambda of: estimate_ratios(of, frame[["y"]], frame[["x"]].set_axis(["y"], axis=1), domains),
        lambda of: estimate_quantiles(of, frame[["y", "x"]], domains),
    ):
        ours, theirs = table(scaled), table(design)
        theirs["population"] *= scale
        pd.testing.assert_frame_equal(ours, theirs, rtol=1e-9)
    ours, theirs = (joint_estimates(of, frame[["yes"]], domains) for of in (scaled, design))
    np.testing.assert_array_equal(ours.present, theirs.present)
    np.testing.assert_allclose(ours.matrix, theirs.matrix, rtol=1e-9)


def test_faulty_ratios_are_refused(frame: pd.DataFrame, design: SurveyDesign) -> None:
    with pytest.raises(InputError, match=r"column 'y'.*a sum of zero in sex girl"):
        estimate_ratios(design, frame[["y"]], frame[["y"]] * 0, frame[["sex"]])
    with pytest.raises(InputError, match="denominators"):
        estimate_ratios(design, frame[["y"]], frame[["x"]], frame[["sex"]])


@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(1, 5)), min_size=1, max_size=30),
    st.lists(st.integers(0, 20), min_size=1, max_size=5),
)
def test_a_quantile_is_the_smallest_answer_that_reaches_its_share(
    answers: list[tuple[int, int]], twentieths: list[int]
) -> None:
    values, weight = np.array(answers, dtype=float).T
    found = Distribution(values, weight).quantile(np.array(twentieths) / 20)
    for share, quantile in zip(twentieths, found, strict=True):
        reached = [v for v in values if 20 * weight[values <= v].sum() >= share * weight.sum()]
        assert quantile == min(reached)


def test_limits_of_quantiles_beyond_the_sample_do_not_exist() -> None:
    distribution = Distribution(np.array([1.0, 2.0]), np.array([1.0, 1.0]))
    found = distribution.quantile(np.array([-0.1, np.nan, 0.0, 0.5, 0.6, 1.0, 1.1]))
    np.testing.assert_array_equal(found, [np.nan, np.nan, 1, 1, 2, 2, np.nan])


def test_equal_weights_meet_exactly_at_the_median() -> None:
    # Added up in double precision, 0.1 seven hundred times is not half of 1,400 times.
    values = np.arange(1400.0)
    distribution = Distribution(values, np.full(1400, 0.1))
    assert distribution.quantile(np.array([0.5])) == 699


def test_quantiles_of_levels_without_cases(frame: pd.DataFrame, design: SurveyDesign) -> None:
    found = estimate_quantiles(design, frame[["y"]], frame[["sex"]], [0.5]).set_index("level")
    assert found.loc["other", ["n", "df"]].tolist() == [0, 0]
    assert found.loc["other", ["estimate", "se", "ci_low", "ci_high"]].isna().all()
    assert found.drop(index="other").notna().all(axis=None)
    some = found.loc["girl"]
    assert some["ci_low"] <= some["estimate"] <= some["ci_high"]


@pytest.mark.parametrize(
    ("options", "where"),
    [
        ({"probabilities": [0.5, 1.0]}, "probabilities"),
        ({"probabilities": []}, "probabilities"),
        ({"interval": "score"}, "interval"),
        ({"confidence": 95}, "confidence"),
        ({"df_rule": "none"}, "df"),
    ],
)
def test_faulty_quantiles_are_refused(
    frame: pd.DataFrame, design: SurveyDesign, options: dict, where: str
) -> None:
    with pytest.raises(InputError) as caught:
        estimate_quantiles(design, frame[["y"]], frame[["sex"]], **options)
    assert caught.value.where == where


def test_counts_of_nobody_have_an_upper_limit(frame: pd.DataFrame, design: SurveyDesign) -> None:
    counts = weighted_counts(design, frame[["never", "yes"]], frame[["sex"]])
    shares = estimate(design, frame[["never", "yes"]], frame[["sex"]])
    nobody = (counts["indicator"] == "never") & (counts["level"] != "other")
    assert (counts["interval"][nobody] == "korn_graubard").all()
    assert (counts[["estimate", "ci_low"]][nobody] == 0).all(axis=None)
    expected = (shares["ci_high"] * shares["population"])[nobody]
    np.testing.assert_allclose(counts["ci_high"][nobody], expected)
    some = counts[(counts["indicator"] == "yes") & (counts["level"] != "other")]
    assert (some["interval"] == "log_t").all()
    np.testing.assert_allclose(
        np.sqrt(some["ci_low"] * some["ci_high"]), some["estimate"], rtol=1e-12
    )
    plain = weighted_counts(design, frame[["yes"]], frame[["sex"]], interval="wald_t")
    middle = (plain["ci_low"] + plain["ci_high"]) / 2
    np.testing.assert_allclose(middle, plain["estimate"])
    with pytest.raises(InputError, match="log_t, wald_t"):
        weighted_counts(design, frame[["yes"]], frame[["sex"]], interval="logit")


def test_design_effects_need_weights_that_sum_to_the_population(frame: pd.DataFrame) -> None:
    relative = SurveyDesign.from_frame(frame.assign(weight=frame["weight"] / 1000))
    table = estimate(relative, frame[["yes"]], frame[["age"]])
    with pytest.raises(InputError, match="indicator 'yes', age 12-13"):
        design_effect_table(table)
    with pytest.raises(InputError, match="no column 'deff'"):
        design_effect_table(table.drop(columns="deff"))


def test_variances_stand_on_the_diagonal(frame: pd.DataFrame, design: SurveyDesign) -> None:
    outcomes, kinds = frame[["yes", "y"]], {"yes": "proportion", "y": "total"}
    joint = joint_estimates(design, outcomes, frame[["sex", "age"]], kinds)
    table = estimate(design, outcomes, frame[["sex", "age"]], kinds)
    np.testing.assert_allclose(np.sqrt(np.diag(joint.matrix)), table["se"], rtol=1e-12)
    columns = ["indicator", "domain", "level", "n", "estimate"]
    pd.testing.assert_frame_equal(joint.cells, table[columns], check_dtype=False)


def test_levels_of_one_total_add_up(frame: pd.DataFrame, design: SurveyDesign) -> None:
    ages = frame[["age"]]
    wanted = {"all": {("age", level): 1.0 for level in ages["age"].cat.categories}}
    found = estimate_contrasts(design, frame[["y"]], ages, wanted, {"y": "total"}).iloc[0]
    everyone = pd.DataFrame({"total": pd.Categorical(["all"] * len(frame))})
    total = estimate(design, frame[["y"]], everyone, {"y": "total"}).iloc[0]
    np.testing.assert_allclose(
        found[["estimate", "se"]].astype(float), total[["estimate", "se"]].astype(float)
    )
    assert found["df"] == design.df


def test_pairs_of_levels(frame: pd.DataFrame, design: SurveyDesign) -> None:
    pairs = pairs_of_levels(frame[["sex", "age"]])
    assert len(pairs) == 6
    assert pairs["sex: girl - boy"] == {("sex", "girl"): 1.0, ("sex", "boy"): -1.0}
    ages = pairs_of_levels(frame[["age"]])
    found = estimate_contrasts(design, frame[["yes"]], frame[["age"]], ages)
    assert found["contrast"].tolist() == list(ages)
    assert found["p"].between(0, 1).all()
    # A test at the 5 % level and the 95 % interval are the same thing.
    outside = (found["ci_low"] > 0) | (found["ci_high"] < 0)
    assert (outside == (found["p"] < 0.05)).all()


def test_contrasts_of_what_does_not_vary_have_no_test(
    frame: pd.DataFrame, design: SurveyDesign
) -> None:
    ages = pairs_of_levels(frame[["age"]])
    found = estimate_contrasts(design, frame[["never"]], frame[["age"]], ages)
    assert (found[["estimate", "se"]] == 0).all(axis=None)
    assert found[["t", "p"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, "no contrasts"),
        ({"c": {("sex", "woman"): 1.0}}, "no level"),
        ({"c": {("sex", "girl"): 0.0}}, "no factor other than zero"),
        ({"c": {("sex", "girl"): np.nan}}, "the factor nan"),
        ({"c": {("sex", "girl"): 1.0, ("sex", "other"): -1.0}}, "no valid answers to 'yes'"),
    ],
)
def test_faulty_contrasts_are_refused(
    frame: pd.DataFrame, design: SurveyDesign, wanted: dict, found: str
) -> None:
    with pytest.raises(InputError) as caught:
        estimate_contrasts(design, frame[["yes"]], frame[["sex"]], wanted)
    assert found in str(caught.value)
