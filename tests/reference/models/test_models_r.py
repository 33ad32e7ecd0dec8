"""Links, predictions, margins, slopes, ordinal and multinomial models equal R's: see models.R.

Tolerance: 1e-9 relative for estimates and standard errors. R iterates until nothing moves, and its
derivatives of averages come from Richardson extrapolation, exact to about 1e-11.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from designbased import (
    SurveyDesign,
    average_slope,
    estimate_margins,
    fit_model,
    fit_multinomial,
    fit_ordinal,
    jackknife,
    predict,
    wald_test,
)
from designbased.models.ordinal import LINKS

HERE = Path(__file__).parent
TOLERANCE = 1e-9

R = pd.read_csv(HERE / "numbers.csv", dtype={"label": str})
CHILDREN = pd.read_csv(HERE / "sample.csv")
CHILDREN["sex"] = np.where(CHILDREN["girl"] == 1, "girl", "boy")
CHILDREN["often"] = pd.Categorical(CHILDREN["often"], ordered=True)
DESIGN = SurveyDesign.from_frame(CHILDREN, weight="w", stratum="st", psu="psu")
GRID = pd.DataFrame(
    {"sex": ["boy", "girl", "girl"], "age": ["a12", "a14", "a16"], "hours": [1, 3.5, 8]}
)
FORMULAS = {
    "linear": "hours ~ sex + age + visits",
    "logistic": "y ~ sex + age + hours",
    "probit": "y ~ sex + age + hours",
    "cloglog": "y ~ sex + age + hours",
    "poisson": "visits ~ sex + age + offset(log(hours + 1))",
}
OF_MEANS = [family for family in FORMULAS if family != "linear"]


def assert_like_r(table: pd.DataFrame, case: str, quantity: str) -> None:
    """Estimates and standard errors in the order of R's."""
    expected = R[(R["case"] == case) & (R["quantity"] == quantity)]
    assert len(expected) == len(table) > 0
    for column in ("estimate", "se"):
        ours, theirs = table[column].to_numpy(), expected[column].to_numpy()
        np.testing.assert_allclose(ours, theirs, rtol=TOLERANCE, err_msg=f"{case} {column}")
    if expected["df"].notna().all() and case != "multinomial":
        assert (table["df"].to_numpy() == expected["df"].to_numpy()).all()


def labels(case: str, quantity: str) -> list[str]:
    return R.loc[(R["case"] == case) & (R["quantity"] == quantity), "label"].tolist()


@pytest.mark.parametrize("family", FORMULAS)
def test_coefficients(family) -> None:
    fit = fit_model(DESIGN, CHILDREN, FORMULAS[family], family)
    assert_like_r(fit.table(), family, "coefficient")
    test = wald_test(fit, "age")
    expected = R[(R["case"] == family) & (R["quantity"] == "wald age")]
    np.testing.assert_allclose([test.statistic, test.p_value], expected["estimate"], rtol=TOLERANCE)


@pytest.mark.parametrize("family", ["logistic", "probit", "cloglog"])
@pytest.mark.parametrize("scale", ["link", "response"])
def test_predictions(family, scale) -> None:
    fit = fit_model(DESIGN, CHILDREN, FORMULAS[family], family)
    assert_like_r(predict(fit, GRID, scale), family, f"predict {scale}")


@pytest.mark.parametrize("family", OF_MEANS)
def test_margins_with_covariates_as_fixed(family) -> None:
    fit = fit_model(DESIGN, CHILDREN, FORMULAS[family], family)
    by_sex = estimate_margins(fit, "sex", variance="coefficients")
    hours = [1, 3.5, 8]
    tables = [
        estimate_margins(fit, variance="coefficients").table(),
        by_sex.table(),
        estimate_margins(fit, "hours", hours, "coefficients")
        .table()
        .assign(level=[f"hours={value}" for value in hours]),
        estimate_margins(fit, "hours", hours, "coefficients", at={"sex": "girl"})
        .table()
        .assign(level=[f"girl hours={value}" for value in hours]),
    ]
    margins = pd.concat(tables).set_index("level").loc[labels(family, "margin")]
    assert_like_r(margins, family, "margin")
    assert_like_r(by_sex.differences(), family, "difference")
    ratios = by_sex.ratios().rename(columns={"se_log": "se"})
    assert_like_r(ratios.assign(estimate=np.log(ratios["estimate"])), family, "log ratio")


@pytest.mark.parametrize("family", OF_MEANS)
def test_average_slopes(family) -> None:
    fit = fit_model(DESIGN, CHILDREN, FORMULAS[family], family)
    assert_like_r(average_slope(fit, "hours"), family, "slope")


def test_svypredmeans_takes_covariates_as_random() -> None:
    fit = fit_model(DESIGN, CHILDREN, FORMULAS["logistic"], "logistic")
    margins = estimate_margins(fit, "sex", variance="additive").table().set_index("level")
    order = labels("logistic", "svypredmeans")
    assert_like_r(margins.loc[order], "logistic", "svypredmeans")


@pytest.mark.parametrize(
    ("case", "formula", "order"),
    [
        ("powers", "y ~ sex * hours + I(hours ** 2)", [0, 1, 2, 4, 3]),
        ("polynomial", "y ~ poly(hours, 3) + age", [0, 3, 4, 5, 1, 2]),
        ("logarithm", "y ~ log(hours + 1) + C(age, Treatment('a16'))", [0, 3, 1, 2]),
    ],
)
def test_terms_of_formulas(case: str, formula: str, order: list[int]) -> None:
    """In R's order: columns of categories stand first here, crossings last there."""
    table = fit_model(DESIGN, CHILDREN, formula, "logistic").table()
    assert_like_r(table.iloc[order], case, "coefficient")


@pytest.mark.parametrize("link", LINKS)
def test_ordinal_models(link) -> None:
    """``loglog`` is what svyolr calls "cloglog"; ``cloglog`` is that of the reversed answers."""
    fit = fit_ordinal(DESIGN, CHILDREN, "often ~ sex + age + hours", link)
    assert_like_r(fit.table(), link, "ordinal")
    shares = estimate_margins(fit, variance="coefficients").table()
    assert shares["answer"].tolist() == labels(link, "ordinal share")
    assert_like_r(shares, link, "ordinal share")
    assert_like_r(average_slope(fit, "hours"), link, "ordinal slope")


def test_multinomial_models() -> None:
    """R counts the degrees of freedom of the design, here one less for each further column."""
    fit = fit_multinomial(DESIGN, CHILDREN, "whom ~ sex + age + hours")
    table = fit.table()
    assert_like_r(table, "multinomial", "multinomial")
    assert table["answer"].tolist() == ["nobody"] * 5 + ["parent"] * 5
    assert (table["df"] == DESIGN.df - 4).all()
    assert_like_r(estimate_margins(fit, variance="coefficients").table(), "multinomial", "share")


@pytest.mark.parametrize(
    "case", ["probit", "cloglog", *(f"ordinal {link}" for link in LINKS), "multinomial"]
)
@pytest.mark.parametrize("about_estimate", [False, True])
def test_replicates(case: str, about_estimate: bool) -> None:
    """Every replicate fitted until nothing moves, about their mean or about the estimate."""
    design = jackknife(DESIGN, mse=about_estimate)
    if case == "multinomial":
        fit = fit_multinomial(design, CHILDREN, "whom ~ sex + age + hours")
    elif case.startswith("ordinal"):
        fit = fit_ordinal(design, CHILDREN, "often ~ sex + age + hours", case.split()[1])
    else:
        fit = fit_model(design, CHILDREN, "y ~ sex + age + hours", case)
    assert_like_r(fit.table(), case, "jackknife mse" if about_estimate else "jackknife")
