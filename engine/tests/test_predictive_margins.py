import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from designbased.design.survey_design import SurveyDesign
from designbased.errors import InputError
from designbased.estimates.linearisation import estimate
from designbased.models.margins import estimate_margins
from designbased.models.prevalence_ratios import adjusted_prevalence_ratios
from designbased.models.regression import ModelFit, fit_model


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(31)
    n = 600
    frame = pd.DataFrame({"psu": np.arange(n) % 40, "weight": rng.lognormal(0, 0.5, n)})
    frame["stratum"] = frame["psu"] % 4
    frame["sex"] = rng.choice(["boy", "girl"], n)
    frame["age"] = pd.Categorical.from_codes(rng.integers(0, 3, n), ["12-13", "14-15", "16-17"])
    frame["hours a day"] = rng.gamma(2, 1, n)
    linear = -1.4 + 0.4 * frame["age"].cat.codes + 0.5 * (frame["sex"] == "girl")
    frame["yes"] = (rng.random(n) < expit(linear + 0.15 * frame["hours a day"])).astype(float)
    return frame


@pytest.fixture(scope="module")
def design(frame: pd.DataFrame) -> SurveyDesign:
    return SurveyDesign.from_frame(frame)


@pytest.fixture(scope="module")
def fit(frame: pd.DataFrame, design: SurveyDesign) -> ModelFit:
    return fit_model(design, frame, "yes ~ sex * age + Q('hours a day')", "logistic")


def margins_at(fit: ModelFit, frame: pd.DataFrame, beta: np.ndarray) -> np.ndarray:
    """The definition: everybody given the level, predicted, and averaged with weights."""
    found = []
    for age in frame["age"].cat.categories:
        girl, old = frame["sex"] == "girl", {name: age == name for name in ("14-15", "16-17")}
        columns = [girl * 0 + 1, girl, *(girl * 0 + value for value in old.values())]
        columns += [girl * value for value in old.values()]
        x = np.column_stack([*columns, frame["hours a day"]]).astype(float)
        found.append(np.average(expit(x @ beta), weights=frame["weight"]))
    return np.array(found)


def test_margins_and_delta_method(fit: ModelFit, frame: pd.DataFrame) -> None:
    """Against the definition and its numerical derivatives."""
    margins = estimate_margins(fit, "age", variance="coefficients")
    beta = fit.coefficient
    np.testing.assert_allclose(margins.estimate, margins_at(fit, frame, beta), rtol=1e-12)
    step = 1e-5
    gradient = np.column_stack(
        [
            (margins_at(fit, frame, beta + step * e) - margins_at(fit, frame, beta - step * e))
            / (2 * step)
            for e in np.eye(len(beta))
        ]
    )
    np.testing.assert_allclose(
        margins.covariance, gradient @ fit.covariance @ gradient.T, rtol=1e-7
    )


def test_margins_of_a_saturated_model_are_the_estimates(
    frame: pd.DataFrame, design: SurveyDesign
) -> None:
    """With one variable nothing is adjusted for: prevalences and errors of the plain table."""
    cells = estimate(design, frame[["yes"]], frame[["age"]])
    fit = fit_model(design, frame, "yes ~ age", "logistic")
    found = estimate_margins(fit, "age").table()
    assert found["level"].tolist() == ["12-13", "14-15", "16-17"]
    np.testing.assert_allclose(found[["estimate", "se"]], cells[["estimate", "se"]], rtol=1e-10)
    assert (found["ci_low"] < found["estimate"]).all()
    assert (found["ci_high"] > found["estimate"]).all()


def test_comparisons(fit: ModelFit) -> None:
    margins = estimate_margins(fit, "age")
    m, v = margins.estimate, margins.covariance
    differences = margins.differences("14-15").set_index("level")
    assert differences.index.tolist() == ["12-13", "16-17"]
    assert differences.loc["16-17", "estimate"] == pytest.approx(m[2] - m[1])
    assert differences.loc["16-17", "se"] ** 2 == pytest.approx(v[2, 2] + v[1, 1] - 2 * v[1, 2])
    ratios = margins.ratios().set_index("level")
    row = ratios.loc["14-15"]
    assert row["estimate"] == pytest.approx(m[1] / m[0])
    relative = v[1, 1] / m[1] ** 2 + v[0, 0] / m[0] ** 2 - 2 * v[0, 1] / (m[0] * m[1])
    assert row["se_log"] ** 2 == pytest.approx(relative)
    assert row["ci_low"] * row["ci_high"] == pytest.approx(row["estimate"] ** 2)
    reverse = margins.ratios("14-15").set_index("level").loc["12-13"]
    assert reverse["ci_low"] == pytest.approx(1 / row["ci_high"])
    assert reverse["p_value"] == pytest.approx(row["p_value"])


def test_levels_of_a_number(fit: ModelFit) -> None:
    found = estimate_margins(fit, "hours a day", levels=[0.0, 2.0, 8.0])
    assert (np.diff(found.estimate) != 0).all()
    assert found.levels == (0.0, 2.0, 8.0)


def test_text_and_categories_are_the_same(frame: pd.DataFrame, design: SurveyDesign) -> None:
    text = frame.assign(age=frame["age"].astype(str))
    tables = [
        estimate_margins(fit_model(design, data, "yes ~ sex + age", "logistic"), "age").table()
        for data in (frame, text)
    ]
    pd.testing.assert_frame_equal(*tables)


def test_refusals(fit: ModelFit, frame: pd.DataFrame, design: SurveyDesign) -> None:
    def refusal(*arguments, **options) -> str:
        with pytest.raises(InputError) as caught:
            estimate_margins(fit, *arguments, **options)
        return str(caught.value)

    assert "no categorical variable 'wealth' in the model" in refusal("wealth")
    assert "no categorical variable 'hours a day'" in refusal("hours a day")
    assert "level '18' of 'age': no such level" in refusal("age", levels=["18"])
    assert "Choose one of joint, additive, coefficients" in refusal("age", variance="robust")
    assert "formula 'yes ~ sex * age" in (text := refusal("sex", levels=["gril"]))
    assert "gril" in text
    with pytest.raises(InputError, match=r"no level '18' of 'age'\. Choose one of 12-13"):
        estimate_margins(fit, "age").ratios("18")
    negative = fit_model(design, frame.assign(y=frame["yes"] - 2), "y ~ age", "linear")
    with pytest.raises(InputError, match="Use differences instead"):
        estimate_margins(negative, "age").ratios()


def test_adjusted_prevalence_ratios(frame: pd.DataFrame, design: SurveyDesign) -> None:
    found = adjusted_prevalence_ratios(
        design, frame, "yes", "age", ["sex", "hours a day"], reference="16-17"
    )
    assert found["level"].tolist() == ["12-13", "14-15"]
    assert found["reference"].tolist() == ["16-17"] * 2
    poisson = fit_model(
        design, frame, "yes ~ C(age, Treatment('16-17')) + sex + Q('hours a day')", "poisson"
    )
    np.testing.assert_allclose(found["estimate"], poisson.ratios()["estimate"][:2])
    logistic = fit_model(design, frame, "yes ~ age + sex + Q('hours a day')", "logistic")
    margins = estimate_margins(logistic, "age").ratios("16-17")
    np.testing.assert_allclose(found["by_margins"], margins["estimate"])
    gap = np.abs(np.log(found["estimate"] / found["by_margins"]))
    np.testing.assert_allclose(found["log_difference"], gap)
    assert found["agree"].all()


def test_disagreement_is_reported(frame: pd.DataFrame, design: SurveyDesign) -> None:
    """A steep common answer: the log link extrapolates above 100 % and the ratios part."""
    rng = np.random.default_rng(3)
    girl = (frame["sex"] == "girl").to_numpy()
    x = rng.normal(0, 1, len(frame)) + 1.5 * girl
    steep = frame.assign(x=x, yes=(rng.random(len(frame)) < expit(3 * x - 1 + 0.8 * girl)) * 1.0)
    found = adjusted_prevalence_ratios(design, steep, "yes", "sex", ["x"]).iloc[0]
    assert found["log_difference"] > 0.05
    assert not found["agree"]


def test_refusals_of_prevalence_ratios(frame: pd.DataFrame, design: SurveyDesign) -> None:
    with pytest.raises(InputError, match="column 'wealth': not in the data"):
        adjusted_prevalence_ratios(design, frame, "yes", "sex", ["wealth"])
    with pytest.raises(InputError, match=r"no group 'girls' in 'sex'\. Choose one of boy, girl"):
        adjusted_prevalence_ratios(design, frame, "yes", "sex", reference="girls")
    with pytest.raises(InputError, match="Name each variable once"):
        adjusted_prevalence_ratios(design, frame, "yes", "sex", ["sex"])
