import numpy as np
import pandas as pd
import pytest
from scipy.special import stdtr

from designbased.design.survey_design import SurveyDesign
from designbased.errors import InputError
from designbased.estimates.linearisation import estimate
from designbased.inference.t_tests import difference_tests, mean_tests, paired_tests


@pytest.fixture
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(11)
    n = 180
    frame = pd.DataFrame({"psu": np.arange(n) % 18, "weight": rng.lognormal(0, 0.5, n)})
    frame["stratum"] = frame["psu"] % 3
    frame["yes"] = (rng.random(n) < 0.3).astype(float)
    frame["hours"] = rng.normal(3, 1, n) + 0.1 * frame["psu"]
    frame["later"] = frame["hours"] + rng.normal(0.1, 1, n)
    frame.loc[rng.random(n) < 0.15, "hours"] = np.nan
    frame["sex"] = rng.choice(["boy", "girl"], n)
    return frame


def test_means_are_those_of_the_estimates(frame: pd.DataFrame) -> None:
    design = SurveyDesign.from_frame(frame)
    outcomes = frame[["yes", "hours"]]
    found = mean_tests(design, outcomes, null=0.25)
    total = pd.DataFrame({"total": pd.Categorical(["all"] * len(frame))})
    cells = estimate(design, outcomes, total, {"yes": "mean", "hours": "mean"})
    for column in ("n", "estimate", "se"):
        np.testing.assert_allclose(found[column], cells[column])
    # One degree fewer than for the interval of the mean: R's rule.
    assert found["df"].tolist() == (cells["df"] - 1).tolist()
    t = (found["estimate"] - 0.25) / found["se"]
    np.testing.assert_allclose(found["t"], t)
    np.testing.assert_allclose(found["p_value"], 2 * stdtr(found["df"], -np.abs(t)))
    half = (found["ci_high"] - found["ci_low"]) / 2
    np.testing.assert_allclose(stdtr(found["df"], half / found["se"]), 0.975)


def test_a_difference_of_groups_counts_the_psus_they_share(frame: pd.DataFrame) -> None:
    """By hand: PSU residuals of the difference, deviations from the stratum means."""
    frame = frame.dropna()
    design = SurveyDesign.from_frame(frame)
    found = difference_tests(design, frame[["hours"]], frame["sex"]).iloc[0]
    residual = np.zeros(len(frame))
    means = {}
    for sex, sign in (("boy", -1), ("girl", 1)):
        inside = (frame["sex"] == sex).to_numpy()
        weight = frame["weight"].to_numpy() * inside
        means[sex] = (weight * frame["hours"]).sum() / weight.sum()
        residual += sign * weight * (frame["hours"] - means[sex]) / weight.sum()
    by_psu = pd.Series(residual).groupby([frame["stratum"].to_numpy(), frame["psu"].to_numpy()])
    z = by_psu.sum()
    variance = sum(
        len(s) / (len(s) - 1) * ((s - s.mean()) ** 2).sum() for _, s in z.groupby(level=0)
    )
    assert found["estimate"] == pytest.approx(means["girl"] - means["boy"])
    assert found["se"] == pytest.approx(np.sqrt(variance))
    assert found["df"] == 18 - 3 - 1
    assert (found["level_a"], found["level_b"]) == ("boy", "girl")


def test_turning_the_groups_turns_the_sign(frame: pd.DataFrame) -> None:
    design = SurveyDesign.from_frame(frame)
    one = difference_tests(design, frame[["yes"]], frame["sex"], ("boy", "girl")).iloc[0]
    other = difference_tests(design, frame[["yes"]], frame["sex"], ("girl", "boy")).iloc[0]
    assert other["estimate"] == pytest.approx(-one["estimate"])
    assert other["ci_low"] == pytest.approx(-one["ci_high"])
    assert other["p_value"] == pytest.approx(one["p_value"])


def test_pairs_use_rows_with_both_answers(frame: pd.DataFrame) -> None:
    design = SurveyDesign.from_frame(frame)
    found = paired_tests(design, frame[["later"]], frame[["hours"]]).iloc[0]
    assert found["indicator"] == "later - hours"
    assert found["n"] == frame["hours"].notna().sum()
    # Within a child the two answers are alike: that is what pairing is for.
    apart = mean_tests(design, frame[["later", "hours"]])
    assert found["se"] < 0.8 * apart["se"].max()


def test_no_test_without_spread_or_degrees_of_freedom(frame: pd.DataFrame) -> None:
    frame["constant"] = 2.5
    design = SurveyDesign.from_frame(frame)
    found = mean_tests(design, frame[["constant"]], null=2.5).iloc[0]
    assert found["se"] == 0
    assert np.isnan(found["t"])
    one_psu = mean_tests(design, frame[["yes"]], where=frame["psu"] == 4).iloc[0]
    assert one_psu["df"] == -1
    assert np.isnan(one_psu[["ci_low", "ci_high", "p_value"]].astype(float)).all()


def test_refusals(frame: pd.DataFrame) -> None:
    design = SurveyDesign.from_frame(frame)
    frame["age"] = np.arange(len(frame)) % 3
    outcomes = frame[["yes"]]

    def refusal(group: pd.Series, **options) -> str:
        with pytest.raises(InputError) as caught:
            difference_tests(design, outcomes, group, **options)
        return str(caught.value)

    assert "group 'age': 3 levels: 0, 1, 2" in refusal(frame["age"])
    text = refusal(frame["sex"], levels=("boy", "grils"))
    assert "outcome 'yes', level 'grils' of 'sex': no valid answers" in text
    assert "2 values for a design of 180 rows" in refusal(frame["sex"][:2])
    assert "df: the value 'all'" in refusal(frame["sex"], df_rule="all")
    with pytest.raises(InputError, match="two frames of the same shape"):
        paired_tests(design, frame[["yes", "hours"]], frame[["later"]])
    with pytest.raises(InputError, match="outcome 'yes': no valid answers"):
        mean_tests(design, outcomes.where(outcomes > 1))
