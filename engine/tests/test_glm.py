import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from designbased.design.survey_design import SurveyDesign
from designbased.errors import InputError
from designbased.estimates.linearisation import estimate
from designbased.models.links import FAMILIES
from designbased.models.regression import ModelFit, fit_again, fit_model
from designbased.models.trends import wald_test, wald_tests


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(21)
    n = 400
    frame = pd.DataFrame({"psu": np.arange(n) % 40, "weight": rng.lognormal(0, 0.6, n)})
    frame["stratum"] = frame["psu"] % 4
    frame["sex"] = rng.choice(["boy", "girl"], n)
    frame["age"] = pd.Categorical.from_codes(rng.integers(0, 3, n), ["12-13", "14-15", "16-17"])
    frame["hours"] = rng.gamma(2, 1, n)
    linear = -1.3 + 0.5 * frame["age"].cat.codes + 0.3 * (frame["sex"] == "girl")
    frame["yes"] = (rng.random(n) < expit(linear + 0.1 * frame["hours"])).astype(float)
    frame["total"] = pd.Categorical(["all"] * n)
    return frame


@pytest.fixture(scope="module")
def design(frame: pd.DataFrame) -> SurveyDesign:
    return SurveyDesign.from_frame(frame)


def refusal(design: SurveyDesign, *arguments, **options) -> str:
    with pytest.raises(InputError) as caught:
        fit_model(design, *arguments, **options)
    return str(caught.value)


def assert_same(one: ModelFit, other: ModelFit) -> None:
    np.testing.assert_allclose(one.coefficient, other.coefficient, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(one.covariance, other.covariance, rtol=1e-9, atol=1e-14)
    assert (one.df, one.n) == (other.df, other.n)


def test_models_of_one_mean_are_the_estimate(frame: pd.DataFrame, design: SurveyDesign) -> None:
    cell = estimate(design, frame[["yes"]], frame[["total"]]).iloc[0]
    p, se = cell["estimate"], cell["se"]
    expected = {
        "linear": (p, se),
        "logistic": (np.log(p / (1 - p)), se / (p * (1 - p))),
        "poisson": (np.log(p), se / p),
    }
    for family, numbers in expected.items():
        fit = fit_model(design, frame, "yes ~ 1", family)
        assert fit.table().loc[0, ["estimate", "se"]].tolist() == pytest.approx(numbers)
        assert (fit.df, fit.n) == (36, 400)
        assert fit.population == pytest.approx(frame["weight"].sum())


def test_scores_sum_to_zero(frame: pd.DataFrame, design: SurveyDesign) -> None:
    for family in FAMILIES:
        fit = fit_model(design, frame, "yes ~ sex * age + hours", family)
        size = np.abs(fit.influence).sum(axis=0)
        assert (np.abs(fit.influence.sum(axis=0)) < 1e-12 * size).all()


def test_a_domain_is_a_subset_of_the_answers(frame: pd.DataFrame, design: SurveyDesign) -> None:
    """By condition, by weight zero and by missing answers: the same. As a sample: not."""
    girls = frame["sex"] == "girl"
    fit = fit_model(design, frame, "yes ~ age", "logistic", where=girls)
    no_weight = SurveyDesign.from_frame(frame.assign(weight=frame["weight"].where(girls, 0.0)))
    assert_same(fit, fit_model(no_weight, frame, "yes ~ age", "logistic"))
    unanswered = frame.assign(yes=frame["yes"].where(girls))
    missing = fit_model(design, unanswered, "yes ~ age", "logistic")
    assert_same(fit, missing)
    assert (fit.n_missing, missing.n_missing) == (0, int((~girls).sum()))
    one_stratum = frame["stratum"] == 2
    alone = frame[(frame["psu"] < 20) & one_stratum].reset_index(drop=True)
    domain = fit_model(design, frame, "yes ~ age", "linear", (frame["psu"] < 20) & one_stratum)
    sample = fit_model(SurveyDesign.from_frame(alone), alone, "yes ~ age", "linear")
    np.testing.assert_allclose(domain.coefficient, sample.coefficient)
    # Ten PSUs in the stratum, five in the domain: n/(n-1) is 10/9 for one and 5/4 for the other.
    np.testing.assert_allclose(domain.covariance / sample.covariance, (10 / 9) / (5 / 4))


@pytest.mark.parametrize("family", ["linear", "logistic", "poisson"])
def test_profiles_of_rows_save_work_and_nothing_else(
    frame: pd.DataFrame, design: SurveyDesign, family
) -> None:
    """C(sex) is an expression, whose rows stand each for itself."""
    gaps = frame.assign(yes=frame["yes"].where(frame.index % 7 > 0))
    fit = fit_model(design, gaps, "yes ~ sex * age", family)
    alone = fit_model(design, gaps, "yes ~ C(sex) * age", family)
    assert len(fit.model.matrix) == 12
    assert len(alone.model.matrix) == fit.n == len(fit.model.position)
    assert_same(fit, alone)
    np.testing.assert_allclose(fit.influence, alone.influence, rtol=1e-9, atol=1e-14)


def test_another_family_of_the_same_rows(frame: pd.DataFrame, design: SurveyDesign) -> None:
    girls, formula = frame["sex"] == "girl", "yes ~ age + hours"
    data = frame.assign(hours=frame["hours"].where(frame.index > 20))
    poisson = fit_model(design, data, formula, "poisson", where=girls)
    logistic = fit_model(design, data, formula, "logistic", where=girls)
    again = fit_again(poisson, "logistic")
    assert_same(again, logistic)
    assert again.family == "logistic"
    assert again.n_missing == logistic.n_missing > 0


def test_a_column_named_like_an_expression_is_not_taken_for_it(
    frame: pd.DataFrame, design: SurveyDesign
) -> None:
    named = frame.assign(**{"C(age)": 0})
    assert_same(
        fit_model(design, named, "yes ~ C(age)", "linear"),
        fit_model(design, frame, "yes ~ C(age)", "linear"),
    )


def test_order_and_scale_of_weights_do_not_matter(
    frame: pd.DataFrame, design: SurveyDesign
) -> None:
    fit = fit_model(design, frame, "yes ~ sex + age", "poisson")
    shuffled = frame.sample(frac=1, random_state=1)
    shuffled["weight"] *= 5000
    assert_same(
        fit, fit_model(SurveyDesign.from_frame(shuffled), shuffled, "yes ~ sex + age", "poisson")
    )


def test_ratios_of_a_saturated_poisson_model(frame: pd.DataFrame, design: SurveyDesign) -> None:
    ratios = fit_model(design, frame, "yes ~ age", "poisson").ratios()
    p = estimate(design, frame[["yes"]], frame[["age"]])["estimate"]
    assert ratios["term"].tolist() == ["age[T.14-15]", "age[T.16-17]"]
    np.testing.assert_allclose(ratios["estimate"], p[1:] / p[0])
    np.testing.assert_allclose(
        ratios["estimate"] ** 2, ratios["ci_low"] * ratios["ci_high"], rtol=1e-12
    )


def test_wald_tests(frame: pd.DataFrame, design: SurveyDesign) -> None:
    fit = fit_model(design, frame, "yes ~ sex * age + hours", "logistic")
    hours = fit.table().set_index("term").loc["hours"]
    one = wald_test(fit, "hours")
    assert one.statistic == pytest.approx(hours["t"] ** 2)
    assert one.p_value == pytest.approx(hours["p_value"])
    turned, plain = wald_test(fit, "age:sex"), wald_test(fit, "sex:age")
    assert (turned.statistic, turned.df1) == (plain.statistic, plain.df1)
    table = wald_tests(fit)
    assert table["term"].tolist() == ["sex", "age", "sex:age", "hours"]
    assert table["df1"].tolist() == [1, 2, 2, 1]
    together = wald_test(fit, ["sex", "sex:age"])
    assert together.df1 == 3
    with pytest.raises(InputError, match=r"no term 'wealth'.*Choose from Intercept, sex, age"):
        wald_test(fit, "wealth")
    few = fit_model(design, frame, "yes ~ age", "linear", where=frame["psu"].isin([0, 4, 1]))
    with pytest.raises(InputError, match="2 coefficients to test with -1 degrees of freedom"):
        wald_test(few, "age")
    assert few.table()[["ci_low", "ci_high", "p_value"]].isna().all().all()


def test_separation_is_named(frame: pd.DataFrame, design: SurveyDesign) -> None:
    old = frame["age"] == "16-17"
    none = frame.assign(yes=frame["yes"].where(~old, 0.0))
    for family in ("logistic", "probit", "cloglog", "poisson"):
        text = refusal(design, none, "yes ~ sex + age", family)
        assert f"level '16-17' of 'age' predicts the answer 0 in {old.sum()} rows" in text
    every = frame.assign(yes=frame["yes"].where(~old, 1.0))
    for family in ("logistic", "probit", "cloglog"):
        text = refusal(design, every, "yes ~ sex + age", family)
        assert "level '16-17' of 'age' predicts the answer 1" in text
    # A ratio may well be large: only zeros separate counts.
    assert fit_model(design, every, "yes ~ sex + age", "poisson").n == 400
    threshold = frame.assign(yes=(frame["hours"] > 2).astype(float))
    assert "a combination of the variables predicts the answer 0 or 1 in" in refusal(
        design, threshold, "yes ~ hours", "logistic"
    )


def test_far_out_but_not_separated(frame: pd.DataFrame, design: SurveyDesign) -> None:
    """A steep slope is no separation: one answer on the wrong side and the fit exists."""
    steep = frame.assign(yes=(frame["hours"] > 2).astype(float), x=20 * (frame["hours"] - 2))
    near = (frame["hours"] - 2).abs().nsmallest(6).index
    steep.loc[near, "yes"] = 1 - steep.loc[near, "yes"]
    fit = fit_model(design, steep, "yes ~ x", "logistic")
    assert np.abs(fit.model.matrix @ fit.coefficient).max() > 10


@pytest.mark.parametrize(
    ("formula", "found"),
    [
        ("yes ~ wealth", "name 'wealth' is not defined"),
        ("yes", "Write 'outcome ~ variable + variable'"),
        ("~ sex", "Write 'outcome ~ variable + variable'"),
        ("yes ~ level", "level 'none' of 'level' has no rows"),
        ("yes ~ C(level)", "level 'none' of 'C(level)' has no rows"),
        ("yes ~ sex + girl", "'girl' is a combination of the other columns"),
        ("yes ~ zero", "'zero' has no rows"),
        ("yes ~ sex:offset(hours)", "Add it as a term of its own"),
        ("yes ~ sex + exposure(zero)", "an exposure that is not above zero"),
        ("yes ~ poly(zero, 2)", "poly of degree 2"),
        ("yes ~ gap", "no row with a value in every variable"),
        ("sex ~ age", "an outcome of 2 columns: sex[boy], sex[girl]"),
    ],
)
def test_faults_of_formulas(
    frame: pd.DataFrame, design: SurveyDesign, formula: str, found: str
) -> None:
    level = frame["age"].cat.add_categories(["none"])
    odd = frame.assign(level=level, girl=(frame["sex"] == "girl") * 1.0, zero=0.0, gap=np.nan)
    assert found in refusal(design, odd, formula, "linear")


def test_an_empty_reference_level_is_named(frame: pd.DataFrame, design: SurveyDesign) -> None:
    text = refusal(design, frame, "yes ~ age", "linear", where=frame["age"] != "12-13")
    assert "level '12-13' of 'age' has no rows" in text


def test_empty_crossings_are_named(frame: pd.DataFrame, design: SurveyDesign) -> None:
    where = (frame["sex"] == "boy") | (frame["age"] != "16-17")
    text = refusal(design, frame, "yes ~ sex * age", "logistic", where=where)
    assert "'sex[T.girl]:age[T.16-17]' has no rows" in text


def test_faults_of_outcomes(frame: pd.DataFrame, design: SurveyDesign) -> None:
    odd = frame.assign(two=frame["yes"].replace(1.0, 2.0), minus=-frame["yes"], same=1.0)
    first = int(np.flatnonzero(frame["yes"] == 1)[0]) + 1
    assert f"outcome 'two': another answer in data row {first}" in refusal(
        design, odd, "two ~ sex", "logistic"
    )
    assert "another answer in data row" in refusal(design, odd, "minus ~ sex", "poisson")
    assert "outcome 'same': the same answer in all 400 rows: 1" in refusal(
        design, odd, "same ~ sex", "linear"
    )
    assert "Choose one of linear, logistic, probit, cloglog, poisson" in refusal(
        design, odd, "yes ~ 1", "cauchit"
    )
    assert "3 rows for a design of 400" in refusal(design, odd[:3], "yes ~ 1", "linear")
    for family in ("linear", "probit"):
        with pytest.raises(InputError, match=f"a {family} model has none"):
            fit_model(design, odd, "yes ~ sex", family).ratios()
