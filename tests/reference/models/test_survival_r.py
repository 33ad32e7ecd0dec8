"""Kaplan–Meier curves and Cox models equal R's: see survival.R.

Tolerance: 1e-9 relative; coefficients of Cox models and standard errors 1e-8, because coxph stops
where the likelihood changes little.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from designbased import SurveyDesign, estimate_survival, fit_cox, jackknife, wald_test

HERE = Path(__file__).parent
R = pd.read_csv(HERE / "survival.csv", dtype={"label": str})
CHILDREN = pd.read_csv(HERE / "first_experience.csv")
DESIGNS = {
    "plain": SurveyDesign.from_frame(CHILDREN),
    "fpc": SurveyDesign.from_frame(CHILDREN, fpc="psus"),
}


def reference(design: str, case: str, quantity: str) -> pd.DataFrame:
    chosen = R[(R["design"] == design) & (R["case"] == case) & (R["quantity"] == quantity)]
    assert len(chosen)
    return chosen


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("time", ["years", "exact"])
@pytest.mark.parametrize("curve", ["product", "exponential"])
def test_curves(name: str, time: str, curve) -> None:
    told = CHILDREN["years"].notna()
    options = {"curve": curve, "where": told}
    curves = [estimate_survival(DESIGNS[name], CHILDREN, time, "happened", **options)]
    if time == "years":
        curves.append(
            estimate_survival(DESIGNS[name], CHILDREN, time, "happened", "sex", **options)
        )
    for level, table in pd.concat(curves).groupby("level"):
        of_curve = reference(name, f"{time} {level}", curve)
        np.testing.assert_allclose(table["time"], of_curve["label"].astype(float), rtol=1e-15)
        np.testing.assert_allclose(table["survival"], of_curve["estimate"], rtol=1e-12)
        errors = (
            reference(name, f"{time} {level}", "product error") if curve == "product" else of_curve
        )
        np.testing.assert_allclose(table["se_log"], errors["se"], rtol=1e-9)


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("time", ["years", "exact"])
@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_cox_models(name: str, time: str, ties) -> None:
    """Many children share a year, none an exact age."""
    formula = f"{time} ~ sex + place + hours"
    fit = fit_cox(DESIGNS[name], CHILDREN, formula, "happened", ties)
    expected = reference(name, f"{time} {ties}", "cox")
    table = fit.table()
    for column in ("estimate", "se"):
        np.testing.assert_allclose(table[column], expected[column], rtol=1e-8)
    test = reference(name, f"{time} {ties}", "wald")["estimate"].item()
    assert wald_test(fit, ["sex", "place"]).statistic == pytest.approx(test, rel=1e-8)
    # R counts one degree of freedom more: it takes the model to have an intercept.
    assert fit.df == DESIGNS[name].df - 3


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("time", ["years", "exact"])
def test_cox_models_of_a_domain(name: str, time: str) -> None:
    formula = f"{time} ~ sex * hours + offset(hours / 5)"
    fit = fit_cox(DESIGNS[name], CHILDREN, formula, "happened", where=CHILDREN["place"] == "urban")
    expected = reference(name, f"{time} urban", "cox")
    for column in ("estimate", "se"):
        np.testing.assert_allclose(fit.table()[column], expected[column], rtol=1e-8)


@pytest.mark.parametrize("about_estimate", [False, True])
def test_replicates(about_estimate: bool) -> None:
    """R gives children without weight a very small one: 1e-7 of a standard error."""
    design = jackknife(DESIGNS["plain"], mse=about_estimate)
    case = "jkn mse" if about_estimate else "jkn"
    curve = estimate_survival(design, CHILDREN, "years", "happened")
    of_curve = reference("plain", case, "product")
    np.testing.assert_allclose(curve["survival"], of_curve["estimate"], rtol=1e-9)
    np.testing.assert_allclose(curve["se_log"], of_curve["se"], rtol=1e-9)
    fit = fit_cox(design, CHILDREN, "years ~ sex + place + hours", "happened")
    expected = reference("plain", case, "cox")
    np.testing.assert_allclose(fit.table()["estimate"], expected["estimate"], rtol=1e-8)
    np.testing.assert_allclose(fit.table()["se"], expected["se"], rtol=1e-7)
