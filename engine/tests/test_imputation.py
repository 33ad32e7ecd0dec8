import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from designbased.design.survey_design import SurveyDesign
from designbased.errors import InputError
from designbased.estimates.linearisation import estimate
from designbased.missing.imputation import impute
from designbased.missing.rubin import estimate_completed, pool, pool_wald


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    """Answers that depend on age and PSU, and are refused by the older more often."""
    rng = np.random.default_rng(41)
    psus, size = 60, 20
    frame = pd.DataFrame({"psu": np.repeat(np.arange(psus), size)})
    n = len(frame)
    frame["stratum"] = frame["psu"] % 4
    frame["weight"] = rng.lognormal(0, 0.4, n)
    frame["age"] = rng.choice(["12-13", "14-15", "16-17"], n)
    old = frame["age"] == "16-17"
    effect = rng.normal(0, 0.8, psus)[frame["psu"]]
    frame["truth"] = (rng.random(n) < expit(-1.5 + 1.8 * old + effect)).astype(float)
    frame["asked"] = rng.random(n) < 0.95
    refused = rng.random(n) < np.where(old, 0.5, 0.1)
    frame["yes"] = frame["truth"].where(frame["asked"] & ~refused)
    frame["total"] = pd.Categorical(["all"] * n)
    return frame


@pytest.fixture(scope="module")
def design(frame: pd.DataFrame) -> SurveyDesign:
    return SurveyDesign.from_frame(frame)


def asked_of(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[["asked"]].rename(columns={"asked": "yes"})


def test_what_is_filled_and_what_is_kept(frame: pd.DataFrame, design: SurveyDesign) -> None:
    completed = impute(design, frame[["yes"]], asked_of(frame), frame[["age"]], seed=1)
    assert len(completed) == 20
    answered = frame["yes"].notna()
    for data in completed:
        assert data.loc[answered, "yes"].eq(frame.loc[answered, "yes"]).all()
        assert (data["yes"].notna() == frame["asked"]).all()
        assert data["yes"].dropna().isin([0, 1]).all()
    assert not completed[0].equals(completed[1])


def test_draws_depend_on_the_seed_and_the_name_alone(
    frame: pd.DataFrame, design: SurveyDesign
) -> None:
    outcomes = frame[["yes"]].assign(other=frame["yes"].where(frame["psu"] != 3))
    asked = asked_of(frame).assign(other=frame["asked"])
    options = {"predictors": frame[["age"]], "imputations": 3}
    one = impute(design, outcomes, asked, seed=5, **options)
    turned = impute(design, outcomes[["other", "yes"]], asked[["other", "yes"]], seed=5, **options)
    other_seed = impute(design, outcomes, asked, seed=6, **options)
    for first, second in zip(one, turned, strict=True):
        pd.testing.assert_frame_equal(first, second[["yes", "other"]])
    assert not one[0].equals(other_seed[0])


def test_imputation_corrects_what_the_predictors_explain(
    frame: pd.DataFrame, design: SurveyDesign
) -> None:
    """The older say yes more often and refuse more often: valid answers are too low."""
    completed = impute(design, frame[["yes"]], asked_of(frame), frame[["age"]], seed=2)
    universe = frame[frame["asked"]]
    truth = np.average(universe["truth"], weights=universe["weight"])
    valid = estimate(design, frame[["yes"]], frame[["total"]]).iloc[0]
    pooled = estimate_completed(design, completed, frame[["total"]]).iloc[0]
    assert valid["estimate"] < truth - 0.03
    assert pooled["estimate"] == pytest.approx(truth, abs=0.02)
    # What is missing makes the error larger than that of the full answers.
    full = estimate(design, frame[["truth"]].where(frame[["asked"]].to_numpy()), frame[["total"]])
    assert pooled["se"] > full["se"].iloc[0]
    assert 0 < pooled["missing_information"] < 0.5


def test_imputed_answers_are_as_alike_within_psus_as_given_ones(
    frame: pd.DataFrame, design: SurveyDesign
) -> None:
    completed = impute(design, frame[["yes"]], asked_of(frame), frame[["age"]], seed=3)
    missing = frame["asked"] & frame["yes"].isna()
    drawn = pd.concat([data.loc[missing, "yes"] for data in completed], axis=1).mean(axis=1)
    young = frame["age"] != "16-17"
    given = frame.loc[young].groupby("psu")["yes"].mean()
    high, low = given.nlargest(12).index, given.nsmallest(12).index
    old = ~young[missing]
    psu = frame.loc[missing, "psu"]
    assert drawn[old & psu.isin(high)].mean() > drawn[old & psu.isin(low)].mean() + 0.1


def test_levels_without_answers_do_not_depend_on_their_order(
    frame: pd.DataFrame, design: SurveyDesign
) -> None:
    """Nobody of 14-15 answered: the draws are alike whichever level is sorted first."""
    means = []
    for names in ({"14-15": "a"}, {"14-15": "z"}):
        data = frame.assign(age=frame["age"].replace(names))
        silent = frame["age"] == "14-15"
        outcomes = frame[["yes"]].where(~silent)
        completed = impute(design, outcomes, asked_of(frame), data[["age"]], seed=4)
        rows = silent & frame["asked"]
        means.append(np.mean([answers.loc[rows, "yes"].mean() for answers in completed]))
    assert means[0] == pytest.approx(means[1], abs=0.02)


def test_answers_all_alike_do_not_run_away(frame: pd.DataFrame, design: SurveyDesign) -> None:
    never = frame[["yes"]].where(frame[["yes"]].isna(), 0.0)
    completed = impute(design, never, asked_of(frame), frame[["age"]], seed=1, imputations=2)
    assert completed[0]["yes"].mean() < 0.01


def test_rows_of_weight_zero_stay_as_they_are(frame: pd.DataFrame) -> None:
    outside = frame["psu"] == 7
    design = SurveyDesign.from_frame(frame.assign(weight=frame["weight"].where(~outside, 0.0)))
    completed = impute(
        design, frame[["yes"]], asked_of(frame), frame[["age"]], seed=1, imputations=2
    )
    assert completed[0].loc[outside, "yes"].equals(frame.loc[outside, "yes"])


def test_refusals(frame: pd.DataFrame, design: SurveyDesign) -> None:
    def refusal(**changed) -> str:
        options = {
            "outcomes": frame[["yes"]],
            "asked": asked_of(frame),
            "predictors": frame[["age"]],
            "seed": 1,
        }
        with pytest.raises(InputError) as caught:
            impute(design, **(options | changed))
        return str(caught.value)

    assert "imputations: the value 1" in refusal(imputations=1)
    gap = pd.DataFrame({"hours": np.where(frame["psu"] == 2, np.nan, 1.0)})
    assert "predictors, column 'hours': no finite number in 20 rows" in refusal(predictors=gap)
    assert "3 rows for a design of 1200" in refusal(predictors=frame[["age"]][:3])
    nobody = frame[["yes"]].where(frame[["yes"]] > 1)
    assert "outcomes, column 'yes': no valid answer" in refusal(outcomes=nobody)


# ---- Rubin's rules


def test_rubins_rules_by_hand() -> None:
    """Three estimates: mean 2, within 0.5, between 1; T = 0.5 + 4/3."""
    found = pool(np.array([1.0, 2.0, 3.0]), np.array([0.4, 0.5, 0.6]), 10.0)
    total = 0.5 + 4 / 3
    share = (4 / 3) / total
    old = 2 / share**2
    observed = 11 / 13 * 10 * (1 - share)
    assert found.estimate == 2
    assert found.variance == pytest.approx(total)
    assert found.df == pytest.approx(1 / (1 / old + 1 / observed))
    increase = (4 / 3) / 0.5
    information = (increase + 2 / (old + 3)) / (increase + 1)
    assert found.missing_information == pytest.approx(information)


def test_imputations_that_agree_lose_nothing_but_the_small_correction() -> None:
    found = pool(np.full((4, 2), 0.3), np.full((4, 2), 0.01), np.array([20.0, 0.0]))
    np.testing.assert_allclose(found.variance, 0.01)
    np.testing.assert_allclose(found.df, [21 / 23 * 20, 0])
    assert (found.missing_information == 0).all()


def test_proportions_at_the_edge_keep_an_interval(
    frame: pd.DataFrame, design: SurveyDesign
) -> None:
    never = pd.DataFrame({"never": 0.0, "once": 0.0, "yes": frame["truth"]}, index=frame.index)
    second = never.copy()
    second.loc[17, "once"] = 1.0
    table = estimate_completed(design, [never, second], frame[["total"]]).set_index("indicator")
    assert table["interval"].to_dict() == {
        "never": "korn_graubard",
        "once": "korn_graubard",
        "yes": "logit",
    }
    assert table.loc["never", ["estimate", "se", "ci_low"]].tolist() == [0, 0, 0]
    assert 0 < table.loc["never", "ci_high"] < 0.01
    assert 0 < table.loc["once", "estimate"] < table.loc["once", "ci_high"] < 0.05


def test_joint_test_of_many_answers_is_that_of_large_samples() -> None:
    """Without a limit to the complete data: Li, Raghunathan & Rubin's degrees of freedom."""
    rng = np.random.default_rng(9)
    m, k = 10, 3
    estimates = 0.4 + rng.normal(0, 0.1, (m, k))
    covariances = np.stack([np.diag([0.04, 0.05, 0.06])] * m)
    found = pool_wald(estimates, covariances, 1e9)
    between = np.cov(estimates.T)
    r = 1.1 * np.trace(between @ np.linalg.inv(covariances[0])) / k
    t = k * (m - 1)
    assert found.df2 == pytest.approx(4 + (t - 4) * (1 + (1 - 2 / t) / r) ** 2, rel=1e-6)
    few = pool_wald(estimates, covariances, 15)
    assert few.statistic == found.statistic
    assert few.df2 < 15
    assert few.p_value > found.p_value


def test_refusals_of_rubins_rules(frame: pd.DataFrame, design: SurveyDesign) -> None:
    with pytest.raises(InputError, match="at least two imputations"):
        pool(np.ones((1, 2)), np.ones((1, 2)), 5)
    with pytest.raises(InputError, match="2 imputations for 2 coefficients"):
        pool_wald(np.ones((2, 2)), np.stack([np.eye(2)] * 2), 20)
    with pytest.raises(InputError, match="Simplify the model"):
        pool_wald(np.arange(20.0).reshape(10, 2), np.stack([np.eye(2)] * 10), 8)
    one = frame[["truth"]]
    with pytest.raises(InputError, match="1 completed data sets"):
        estimate_completed(design, [one], frame[["total"]])
    with pytest.raises(InputError, match="completed data set 2: other rows without a value"):
        estimate_completed(design, [one, one.where(frame["asked"])], frame[["total"]])


def completed_means(frame: pd.DataFrame, predictors: list[str]) -> pd.DataFrame:
    """Truth and imputed mean of all children, and by sex."""
    design = SurveyDesign.from_frame(frame)
    asked = pd.DataFrame({"yes": np.ones(len(frame), dtype=bool)})
    filled = impute(design, frame[["yes"]], asked, frame[predictors], seed=3, imputations=10)
    table = estimate_completed(design, filled, frame[["total", "sex"]])
    return table.set_index("level")["estimate"]


def test_the_bias_is_the_share_missing_times_what_the_missing_answers_differ_by() -> None:
    rng = np.random.default_rng(11)
    n = 30_000
    frame = pd.DataFrame({"psu": np.arange(n) // 30, "stratum": 0, "weight": 1.0})
    frame["total"] = pd.Categorical(["all"] * n)
    frame["sex"] = pd.Categorical.from_codes(rng.integers(0, 2, n), ["boy", "girl"])
    girl = frame["sex"] == "girl"
    truth = (rng.random(n) < np.where(girl, 0.3, 0.1)).astype(float)

    # Three in ten answers are missing, whatever they are: what the model leaves out shrinks.
    frame["yes"] = pd.Series(truth).where(rng.random(n) < 0.7)
    known, left_out = completed_means(frame, ["sex"]), completed_means(frame, ["total"])
    apart = truth[girl].mean() - truth[~girl].mean()
    assert known["girl"] - known["boy"] == pytest.approx(apart, abs=0.01)
    assert left_out["girl"] - left_out["boy"] == pytest.approx(0.7 * apart, abs=0.015)
    assert left_out["all"] == pytest.approx(truth.mean(), abs=0.006)

    # Yes is refused three times as often as no.
    missing = rng.random(n) < np.where(truth == 1, 0.3, 0.1)
    frame["yes"] = pd.Series(truth).where(~missing)
    answered = [truth[rows & ~missing].mean() for rows in (girl, ~girl)]
    imputed = np.where(girl, *answered)[missing].mean()
    bias = missing.mean() * (imputed - truth[missing].mean())
    assert bias < -0.03
    assert completed_means(frame, ["sex"])["all"] - truth.mean() == pytest.approx(bias, abs=0.004)
