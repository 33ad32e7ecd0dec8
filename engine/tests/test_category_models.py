"""Ordinal and multinomial models: what they have to agree with, and what they refuse."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from designbased import (
    SurveyDesign,
    average_slope,
    estimate,
    estimate_margins,
    fit_cox,
    fit_model,
    fit_multinomial,
    fit_ordinal,
    jackknife,
    predict,
    wald_test,
    wald_tests,
)
from designbased.errors import InputError
from designbased.models.fits import Fit
from designbased.models.links import FAMILIES
from designbased.models.ordinal import LINKS

ORDER = ["never", "once", "often"]


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(32)
    n = 500
    frame = pd.DataFrame({"psu": np.arange(n) % 40, "weight": rng.lognormal(0, 0.5, n)})
    frame["stratum"] = frame["psu"] % 4
    frame["sex"] = rng.choice(["boy", "girl"], n)
    frame["age"] = pd.Categorical.from_codes(rng.integers(0, 3, n), ["12-13", "14-15", "16-17"])
    frame["hours"] = rng.gamma(2, 1, n)
    tendency = 0.6 * (frame["sex"] == "girl") + 0.2 * frame["hours"] + rng.logistic(size=n)
    frame["often"] = pd.cut(tendency, [-np.inf, 0.5, 2, np.inf], labels=ORDER)
    frame["two"] = pd.Categorical(np.where(tendency > 1, "yes", "no"), ["no", "yes"], ordered=True)
    frame["yes"] = (tendency > 1).astype(float)
    frame["whom"] = rng.choice(["friend", "nobody", "parent"], n)
    return frame


@pytest.fixture(scope="module")
def design(frame: pd.DataFrame) -> SurveyDesign:
    return SurveyDesign.from_frame(frame)


def refusal(call, *arguments, **options) -> str:
    with pytest.raises(InputError) as caught:
        call(*arguments, **options)
    return str(caught.value)


def test_two_ordered_answers_are_a_binary_model(frame, design) -> None:
    """P(Y <= no) = F(threshold - x'b), so the slopes are those of the binary model, mirrored."""
    for link, family, sign in (
        ("logit", "logistic", 1),
        ("probit", "probit", 1),
        ("loglog", "cloglog", None),
    ):
        binary = fit_model(design, frame, "yes ~ sex + age + hours", family)
        ordinal = fit_ordinal(design, frame, "two ~ sex + age + hours", link)
        if sign is None:
            # 1 - exp(-exp(x'b - threshold)) is the complementary log-log of yes.
            sign = 1
        np.testing.assert_allclose(
            ordinal.coefficient, [*binary.coefficient[1:], -binary.coefficient[0]], rtol=1e-8
        )
        se = np.sqrt(np.diag(binary.covariance))
        np.testing.assert_allclose(
            np.sqrt(np.diag(ordinal.covariance)),
            [*se[1:], se[0]],
            # Expected information of the binary model, observed of the ordinal one.
            rtol=1e-8 if link == "logit" else 0.05,
        )
        assert ordinal.df == binary.df


def test_two_answers_without_order_are_a_logistic_model(frame, design) -> None:
    logistic = fit_model(design, frame, "yes ~ sex * age + hours", "logistic")
    multinomial = fit_multinomial(design, frame, "two ~ sex * age + hours")
    np.testing.assert_allclose(multinomial.coefficient, logistic.coefficient, rtol=1e-8)
    np.testing.assert_allclose(multinomial.covariance, logistic.covariance, rtol=1e-8)
    assert multinomial.df == logistic.df
    tests = [wald_tests(fit) for fit in (multinomial, logistic)]
    pd.testing.assert_frame_equal(*tests, rtol=1e-7)
    joint = [estimate_margins(fit, "sex").table() for fit in (multinomial, logistic)]
    of_yes = joint[0][joint[0]["answer"] == "yes"].reset_index(drop=True).drop(columns="answer")
    pd.testing.assert_frame_equal(of_yes, joint[1], rtol=1e-8)


def test_a_multinomial_model_of_groups_is_the_table(frame, design) -> None:
    """With nothing but a group its shares and their joint errors are those of the estimates."""
    fit = fit_multinomial(design, frame, "whom ~ age")
    margins = estimate_margins(fit, "age").table()
    answers = pd.get_dummies(frame["whom"]).astype(float)
    cells = estimate(design, answers, frame[["age"]]).sort_values(["level", "indicator"])
    np.testing.assert_allclose(margins[["estimate", "se"]], cells[["estimate", "se"]], rtol=1e-9)
    assert margins["answer"].tolist() == ["friend", "nobody", "parent"] * 3


def test_the_base_does_not_matter_to_shares(frame, design) -> None:
    grid = frame.loc[:4, ["sex", "age", "hours"]]
    by_base = [
        predict(fit_multinomial(design, frame, "whom ~ sex + age + hours", base), grid)
        .set_index("answer", append=True)
        .sort_index()
        for base in (None, "parent")
    ]
    pd.testing.assert_frame_equal(*by_base, rtol=1e-7)


@pytest.mark.parametrize("link", LINKS)
def test_predictions_add_up(frame, design, link) -> None:
    for fit in (
        fit_ordinal(design, frame, "often ~ sex * age + hours", link),
        fit_multinomial(design, frame, "whom ~ sex * age + hours"),
    ):
        predicted = predict(fit, frame[["sex", "age", "hours"]])
        np.testing.assert_allclose(predicted.groupby(level=0)["estimate"].sum(), 1, rtol=1e-12)
        assert predicted["estimate"].between(predicted["ci_low"], predicted["ci_high"]).all()
        slopes = average_slope(fit, "hours")
        assert abs(slopes["estimate"].sum()) < 1e-12
        size = np.abs(fit.influence).sum(axis=0)
        assert (np.abs(fit.influence.sum(axis=0)) < 1e-11 * size).all()


@pytest.mark.parametrize("family", ["logistic", "probit", "cloglog", "poisson"])
def test_an_average_slope_is_a_difference_of_margins(frame, design, family) -> None:
    """Moved by a little up and down, the average prediction changes by the slope."""
    step = 1e-4
    up = frame.assign(hours=frame["hours"] + step)
    down = frame.assign(hours=frame["hours"] - step)
    formula = "yes ~ sex * hours + log(hours + 1) + age"
    fit = fit_model(design, frame, formula, family)
    moved = [predict(fit, moved)["estimate"] for moved in (up, down)]
    expected = np.average((moved[0] - moved[1]) / (2 * step), weights=frame["weight"])
    slope = average_slope(fit, "hours").iloc[0]
    assert slope["estimate"] == pytest.approx(expected, rel=1e-6)
    joint = average_slope(fit, "hours", variance="joint").iloc[0]
    assert joint["estimate"] == slope["estimate"]
    assert joint["se"] != slope["se"]


@pytest.mark.parametrize("variance", ["joint", "additive", "coefficients"])
def test_errors_of_margins_and_slopes_are_those_of_the_jackknife(variance) -> None:
    """Linearised and by replicates, 100 PSUs: two ways that share no formula."""
    rng = np.random.default_rng(34)
    n = 3000
    large = pd.DataFrame({"psu": np.arange(n) % 100, "weight": rng.lognormal(0, 0.5, n)})
    large["sex"], large["hours"] = rng.choice(["boy", "girl"], n), rng.gamma(2, 1, n).round(1)
    tendency = 0.6 * (large["sex"] == "girl") + 0.3 * large["hours"] + rng.logistic(size=n)
    large["often"] = pd.cut(tendency, [-np.inf, 0.5, 2, np.inf], labels=ORDER)
    large["yes"] = (tendency > 1).astype(float)
    linearised = SurveyDesign.from_frame(large, stratum=None)
    errors = []
    for design in (linearised, jackknife(linearised)):
        fits = [
            fit_model(design, large, "yes ~ sex * hours", "logistic"),
            fit_ordinal(design, large, "often ~ sex * hours"),
            fit_multinomial(design, large, "often ~ sex * hours"),
        ]
        slopes = [average_slope(fit, "hours", variance=variance)["se"] for fit in fits]
        margins = [estimate_margins(fit, "sex", variance=variance).ratios() for fit in fits]
        errors.append(np.concatenate([*slopes, *(table["se_log"] for table in margins)]))
    np.testing.assert_allclose(errors[0], errors[1], rtol=0.02)


@pytest.mark.parametrize("start", [2021.0, 1e6])
def test_numbers_far_from_zero_lose_no_digits(frame, design, start: float) -> None:
    """Years and amounts of money: only what varies counts."""
    far = frame.assign(hours=start + frame["hours"].round(2) / 8)
    near = frame.assign(hours=frame["hours"].round(2) / 8)
    for fit in (
        *(partial(fit_model, formula="yes ~ sex + hours", family=name) for name in FAMILIES),
        partial(fit_model, formula="yes ~ sex + hours - 1", family="linear"),
        *(partial(fit_ordinal, formula="often ~ sex + hours", link=name) for name in LINKS),
        partial(fit_multinomial, formula="whom ~ sex + hours"),
        partial(fit_cox, formula="time ~ sex + hours", event="yes"),
    ):
        for sample in (design, jackknife(design)):
            tables = [
                fit(sample, data.assign(time=data.index % 9)).table().set_index("term")
                for data in (far, near)
            ]
            for column in ("estimate", "se"):
                np.testing.assert_allclose(
                    *(table.loc["hours", column] for table in tables), rtol=1e-8
                )


def test_tests_of_terms(frame, design) -> None:
    ordinal = fit_ordinal(design, frame, "often ~ sex + age + hours")
    hours = ordinal.table().set_index("term").loc["hours"]
    assert wald_test(ordinal, "hours").statistic == pytest.approx(hours["t"] ** 2)
    multinomial = fit_multinomial(design, frame, "whom ~ sex + age + hours")
    assert wald_tests(multinomial)["df1"].tolist() == [2, 4, 2]
    assert ordinal.ratios()["term"].tolist() == list(ordinal.model.columns[1:])
    assert (multinomial.ratios()["answer"] == ["nobody"] * 4 + ["parent"] * 4).all()


def test_separation_is_named(frame, design) -> None:
    old = frame["age"] == "16-17"
    all_often = frame.assign(often=frame["often"].where(~old, "often"))
    for link in LINKS:
        text = refusal(fit_ordinal, design, all_often, "often ~ sex + age", link)
        assert f"level '16-17' of 'age' predicts answers perfectly in {old.sum()} rows" in text
    no_friend = frame["whom"].where(~(old & (frame["whom"] == "friend")), "parent")
    text = refusal(fit_multinomial, design, frame.assign(whom=no_friend), "whom ~ sex + age")
    assert "separation: level '16-17' of 'age'" in text


def test_refusals(frame, design) -> None:
    assert "Choose one of logit, probit, cloglog, loglog" in refusal(
        fit_ordinal, design, frame, "often ~ sex", "cauchit"
    )
    assert "values of type str" in refusal(fit_ordinal, design, frame, "whom ~ sex")
    loose = frame.assign(often=frame["often"].cat.as_unordered())
    assert "categories without an order" in refusal(fit_ordinal, design, loose, "often ~ sex")
    assert "no intercept" in refusal(fit_ordinal, design, frame, "often ~ sex - 1")
    more = frame.assign(often=frame["often"].cat.add_categories(["always"]))
    assert "no row with the answer 'always'" in refusal(fit_ordinal, design, more, "often ~ sex")
    assert "values of type float64" in refusal(fit_multinomial, design, frame, "hours ~ sex")
    assert "no answer 'aunt'. Choose one of friend" in refusal(
        fit_multinomial, design, frame, "whom ~ sex", "aunt"
    )
    assert "no column 'what'" in refusal(fit_multinomial, design, frame, "what ~ sex")
    with pytest.raises(InputError, match="an ordinal probit model has none"):
        fit_ordinal(design, frame, "often ~ sex", "probit").ratios()


def test_predictions_refuse_what_the_model_does_not_know(frame, design) -> None:
    fit = fit_model(design, frame, "yes ~ sex + C(age) + hours", "logistic")
    grid = pd.DataFrame({"sex": ["boy", "girl"], "age": ["12-13", "16-17"], "hours": [1.0, 2.0]})
    text = refusal(predict, fit, grid.assign(sex=["boy", "woman"]))
    assert text == (
        "column 'sex': a level in row 2 that the model was not fitted with. Choose of boy, girl."
    )
    assert "18" in refusal(predict, fit, grid.assign(age="18"))
    assert "no column 'hours'" in refusal(predict, fit, grid.drop(columns="hours"))
    assert "missing" in refusal(predict, fit, grid.assign(hours=[1.0, np.nan]))
    assert "Choose one of response, link" in refusal(predict, fit, grid, "logit")
    several = fit_multinomial(design, frame, "whom ~ sex")
    assert "Choose response" in refusal(predict, several, grid, "link")
    assert "no variable of numbers 'sex'" in refusal(average_slope, fit, "sex")
    assert "no variable of numbers 'weight'" in refusal(average_slope, fit, "weight")
    assert "no variable 'weight' in the model. Choose one of sex, age, hours" in refusal(
        estimate_margins, fit, "sex", at={"weight": 1.0}
    )
    root = fit_model(
        design,
        frame.assign(hours=frame["hours"] - frame["hours"].min()),
        "yes ~ sqrt(hours)",
        "logistic",
    )
    assert "sqrt(hours)" in refusal(average_slope, root, "hours")


def test_predictions_of_rows_of_the_fit(frame, design) -> None:
    """Of few rows, in another order, with few categories: as the model has them, with offset."""
    fit = fit_model(design, frame, "yes ~ sex * age + offset(hours / 10)", "poisson")
    rows = frame.iloc[[7, 3]]
    few = rows.assign(age=rows["age"].cat.remove_unused_categories())
    predicted = predict(fit, few)
    assert predicted.index.tolist() == [7, 3]
    matrix, offset = fit.model.rebuild(frame)
    everyone = np.exp(matrix @ fit.coefficient + offset)
    np.testing.assert_allclose(predicted["estimate"], everyone[[7, 3]], rtol=1e-14)
    linear = predict(fit, few, "link")
    np.testing.assert_allclose(np.exp(linear["ci_low"]), predicted["ci_low"], rtol=1e-14)
    np.testing.assert_allclose(predicted["se"], linear["se"] * predicted["estimate"], rtol=1e-14)


def test_columns_whose_names_are_no_words(frame, design) -> None:
    named = frame.rename(columns={"often": "how often", "hours": "hours a day"})
    formula = "Q('how often') ~ sex + log(Q('hours a day') + 1)"
    fit = fit_ordinal(design, named, formula)
    plain = fit_ordinal(design, frame, "often ~ sex + log(hours + 1)")
    np.testing.assert_array_equal(fit.coefficient, plain.coefficient)
    assert fit.model.variables == ["sex", "hours a day"]
    slopes = [average_slope(fit, "hours a day"), average_slope(plain, "hours")]
    np.testing.assert_array_equal(slopes[0]["estimate"], slopes[1]["estimate"])


def test_exposure_is_the_logarithm_of_an_offset(frame, design) -> None:
    fits = [
        fit_model(design, frame, f"yes ~ sex + {offset}", "poisson")
        for offset in ("exposure(hours)", "offset(log(hours))", "offset(np.log(hours))")
    ]
    for other in fits[1:]:
        np.testing.assert_array_equal(fits[0].coefficient, other.coefficient)
    girls = expit(0) * 2 * (frame["sex"] == "girl")
    weighted = frame["weight"] * girls
    rate = (weighted * frame["yes"]).sum() / (weighted * frame["hours"]).sum()
    assert np.exp(fits[0].coefficient.sum()) == pytest.approx(rate, rel=1e-12)
    assert fits[0].terms.keys() == {"Intercept", "sex"}


def test_fits_describe_themselves(frame, design) -> None:
    gaps = frame.assign(hours=frame["hours"].where(frame.index > 4))
    fits: list[Fit] = [
        fit_model(design, gaps, "yes ~ sex + hours", "probit"),
        fit_ordinal(design, gaps, "often ~ sex + hours"),
        fit_multinomial(design, gaps, "whom ~ sex + hours"),
    ]
    assert repr(fits[0]) == (
        "<ModelFit: probit, 'yes ~ sex + hours', 495 rows, 3 coefficients, df 34>"
    )
    for fit in fits:
        lines = fit.summary().split("\n")
        assert lines[1] == "495 rows, 5 left out for a missing value; 34 degrees of freedom"
        assert len(lines) == 4 + len(fit.coefficient) + (fit is fits[2])
        for text in (repr(fit), repr(fit.model), repr(estimate_margins(fit, "sex")), *lines):
            assert len(text) < 100
    assert fits[1].summary().startswith("Ordinal logit model: often ~ sex + hours")
    assert fits[2].summary().endswith("Answers are compared with 'friend'")
