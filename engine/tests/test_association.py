import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from designbased.design.survey_design import SurveyDesign
from designbased.errors import InputError
from designbased.inference.association import association_test, association_tests

TESTS = ["rao_scott_f", "rao_scott_chi2", "wald", "adjusted_wald"]
NUMBERS = ["statistic", "df1", "df2", "p_value", "mean_deff"]


def sample(seed: int) -> pd.DataFrame:
    """A survey of 3 strata and 24 PSUs: a yes-or-no answer, a group of three and one of two."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(200, 300))
    frame = pd.DataFrame({"psu": np.arange(n) % 24, "weight": rng.lognormal(0, 0.6, n)})
    frame["stratum"] = frame["psu"] % 3
    frame["yes"] = (rng.random(n) < 0.25 + 0.02 * (frame["psu"] % 7)).astype(float)
    frame.loc[rng.random(n) < 0.1, "yes"] = np.nan
    frame["group"] = pd.Categorical.from_codes(rng.integers(-1, 3, n), ["a", "b", "c"])
    frame["sex"] = pd.Categorical.from_codes(rng.integers(0, 2, n), ["boy", "girl"])
    return frame


def numbers(frame: pd.DataFrame, test: str = "rao_scott_f", **options) -> list[float]:
    design = SurveyDesign.from_frame(frame)
    found = association_test(design, frame["yes"], frame["group"], test=test, **options)
    return [getattr(found, name) for name in NUMBERS]


def refusal(*arguments, **options) -> str:
    with pytest.raises(InputError) as caught:
        association_test(*arguments, **options)
    return str(caught.value)


def test_pearsons_test_without_a_design() -> None:
    """A simple random sample with equal weights: the design effect is n / (n - 1)."""
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"weight": 2.0, "a": rng.integers(0, 3, 90), "b": rng.integers(0, 2, 90)})
    design = SurveyDesign.from_frame(frame, stratum=None, psu=None)
    found = association_test(design, frame["a"], frame["b"], test="rao_scott_chi2")
    table = pd.crosstab(frame["a"], frame["b"])
    pearson = chi2_contingency(table, correction=False)
    # Pearson's test takes the margins for the truth and the sample's covariance has the cells' own,
    # so that the mean design effect is one only under independence.
    assert found.mean_deff * found.statistic == pytest.approx(pearson.statistic)
    assert found.mean_deff == pytest.approx(1, abs=0.05)
    assert found.df1 == pearson.dof
    assert found.shares.loc[1, 0] == pytest.approx(table.loc[1, 0] / 90)


@given(seed=st.integers(0, 10_000), test=st.sampled_from(TESTS))
@settings(max_examples=20, deadline=None)
def test_what_must_not_matter(seed: int, test: str) -> None:
    """The order of rows, of levels and of the two answers, and the unit of weights."""
    frame = sample(seed)
    plain = numbers(frame, test)
    shuffled = frame.sample(frac=1, random_state=seed)
    shuffled["weight"] *= 1000
    shuffled["group"] = shuffled["group"].cat.reorder_categories(["c", "a", "b"])
    np.testing.assert_allclose(numbers(shuffled, test), plain, rtol=1e-9)
    design = SurveyDesign.from_frame(frame)
    turned = association_test(design, frame["group"], frame["yes"], test=test)
    np.testing.assert_allclose([getattr(turned, name) for name in NUMBERS], plain, rtol=1e-9)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=10, deadline=None)
def test_domains_and_missing_answers_are_outside_the_table(seed: int) -> None:
    """A row can leave by a condition, a missing answer or a weight of zero: all the same."""
    frame = sample(seed)
    girls = frame["sex"] == "girl"
    by_condition = numbers(frame, where=girls)
    np.testing.assert_allclose(numbers(frame.assign(yes=frame["yes"].where(girls))), by_condition)
    no_weight = frame.assign(weight=frame["weight"].where(girls, 0.0))
    np.testing.assert_allclose(numbers(no_weight), by_condition)


def test_rules_for_degrees_of_freedom() -> None:
    """A domain in 8 PSUs of one stratum, in a design of 24 PSUs and 3 strata."""
    frame = sample(3)
    where = (frame["stratum"] == 1) & (frame["psu"] > 3)
    df = {
        rule: numbers(frame, "wald", where=where, df_rule=rule)[2]
        for rule in ("domain_only", "strata_with_domain", "full")
    }
    assert df == {"domain_only": 6, "strata_with_domain": 7, "full": 21}


@pytest.mark.parametrize("test", TESTS)
def test_tables_at_once_are_the_tests_one_by_one(test: str) -> None:
    frame = sample(4)
    frame["other"] = frame["yes"].where(frame["group"] != "b")
    design = SurveyDesign.from_frame(frame)
    outcomes, domains = frame[["yes", "other"]], frame[["group", "sex"]]
    table = association_tests(design, outcomes, domains, test)
    keys = [("yes", "group"), ("yes", "sex"), ("other", "group"), ("other", "sex")]
    assert list(zip(table["indicator"], table["domain"], strict=True)) == keys
    # Nobody in level b answered the second question.
    assert table["levels"].tolist() == [3, 2, 2, 2]
    for (outcome, domain), row in zip(keys, table.to_dict("records"), strict=True):
        one = association_test(design, frame[outcome], frame[domain], test=test)
        expected = [one.n, *[getattr(one, name) for name in NUMBERS]]
        np.testing.assert_allclose([row["n"], *[row[name] for name in NUMBERS]], expected)
        assert row["reason"] == ""


def test_tests_that_do_not_exist_say_why() -> None:
    frame = sample(5).assign(never=0.0)
    frame["nobody"] = np.nan
    frame["one_psu"] = frame["yes"].where(frame["psu"] == 3)
    # 4 PSUs cannot show 2 x 7 cells to vary freely.
    frame["many"] = pd.Categorical(frame.index % 7)
    frame["few_psus"] = frame["yes"].where(frame["psu"].isin([0, 1, 3, 4]))
    design = SurveyDesign.from_frame(frame)
    table = association_tests(
        design,
        frame[["never", "nobody", "one_psu", "few_psus"]],
        frame[["many"]],
        "adjusted_wald",
    )
    assert table["reason"].tolist() == [
        "one level only",
        "one level only",
        "no degrees of freedom",
        "fewer degrees of freedom than the test needs",
    ]
    assert table[NUMBERS].isna().all().all()


def test_level_of_error_under_clustering() -> None:
    """Of 400 true hypotheses about 5 % are rejected; ignoring the clusters, far more."""
    rng = np.random.default_rng(6)
    psus, size, tests = 60, 15, 400
    frame = pd.DataFrame({"psu": np.repeat(np.arange(psus), size), "weight": 1.0})
    frame["stratum"] = frame["psu"] % 4
    # Whole PSUs are in one group, and answers are alike within PSUs.
    frame["group"] = pd.Categorical(rng.permutation(np.arange(psus) % 3)[frame["psu"]])
    chance = rng.beta(1.2, 2.8, (psus, tests))[frame["psu"]]
    outcomes = pd.DataFrame((rng.random(chance.shape) < chance).astype(float))
    design = SurveyDesign.from_frame(frame)
    plain = SurveyDesign.from_frame(frame, stratum=None, psu=None)
    rejected = {
        name: (association_tests(used, outcomes, frame[["group"]])["p_value"] < 0.05).mean()
        for name, used in {"clustered": design, "unclustered": plain}.items()
    }
    assert 0.02 <= rejected["clustered"] <= 0.08
    assert rejected["unclustered"] > 0.3


def test_refusals() -> None:
    frame = sample(7)
    design = SurveyDesign.from_frame(frame)
    yes, group = frame["yes"], frame["group"]
    assert "Choose one of rao_scott_f" in refusal(design, yes, group, test="pearson")
    assert "3 values for a design of" in refusal(design, yes[:3], group)
    constant = yes.where(yes == 1).rename("constant")
    assert "variable 'constant': one level only: 1.0" in refusal(design, constant, group)
    assert "where: values of type int64" in refusal(design, yes, group, where=frame["psu"])
    nobody = yes.where(yes > 1).rename("nobody")
    assert "variable 'nobody': no answers" in refusal(design, nobody, group)
    assert "no row of positive weight" in refusal(design, yes, group, where=yes > 1)
    with pytest.raises(InputError, match="domains, column 'psu': values of type int64"):
        association_tests(design, frame[["yes"]], frame[["psu"]])
