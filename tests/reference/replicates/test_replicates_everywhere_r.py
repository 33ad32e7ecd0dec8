"""Every estimator with replicate weights equals R's package `survey`: see `replicates.R`.

Eleven designs (linearised; balanced halves, Fay, two jackknives and a bootstrap about both
centres), with replicate weights as files have them. Tolerance: 1e-11 relative; more where R's
iterations stop early, as is said there.
"""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from designbased import (
    ReplicateDesign,
    SurveyDesign,
    association_test,
    calibrate_replicates,
    calibration_auxiliaries,
    difference_tests,
    estimate,
    estimate_completed,
    estimate_contrasts,
    estimate_margins,
    estimate_quantiles,
    estimate_ratios,
    fit_model,
    joint_estimates,
    kappa,
    mean_tests,
    supplied_replicates,
    wald_test,
)
from designbased.design.deviations import Deviations

HERE = Path(__file__).parent
R = pd.read_csv(HERE / "numbers.csv")
CHILDREN = pd.read_csv(HERE.parent / "models" / "sample.csv")
CHILDREN["sex"] = np.where(CHILDREN["girl"] == 1, "girl", "boy")
MULTIPLIERS = pd.read_csv(HERE / "multipliers.csv", index_col="psu")
SCALE = {"brr": 1 / 12, "fay": 1 / (12 * 0.7**2), "jkn": 1.0, "jk1": 15 / 16, "bootstrap": 1 / 59}
DF = {"brr": 8, "fay": 8, "jkn": 8, "jk1": 15, "bootstrap": 8}
DESIGNS = ["linearised", *(f"{kind}{end}" for kind in SCALE for end in ("", "_mse"))]
REPLICATED = DESIGNS[1:]
MODELS = {
    "logistic": "y ~ sex + age",
    "linear": "hours ~ sex + age",
    "poisson": "visits ~ sex + age + offset(log(hours + 1))",
    "probit": "y ~ sex + age",
    "cloglog": "y ~ sex + age",
}
OLDER_GIRLS = (CHILDREN["sex"] == "girl") & (CHILDREN["age"] != "a12")


def wide_frame(kind: str) -> tuple[pd.DataFrame, list[str]]:
    names = [name for name in MULTIPLIERS if name.startswith(f"{kind}_")]
    factors = MULTIPLIERS.loc[CHILDREN["psu"], names].to_numpy() * (16 / 15 if kind == "jk1" else 1)
    weights = np.round(CHILDREN[["w"]].to_numpy() * factors, 6)
    return CHILDREN.join(pd.DataFrame(weights, columns=names)), names


def supplied(
    kind: str, mse: bool, rows: Any = slice(None), df: int | None = None
) -> ReplicateDesign:
    frame, names = wide_frame(kind)
    rscales = [0.5 if kind == "jkn" else 1.0] * len(names)
    return supplied_replicates(frame[rows], "w", names, SCALE[kind], rscales, mse, df=df)


@cache
def design_of(name: str) -> SurveyDesign | ReplicateDesign:
    if name == "linearised":
        return SurveyDesign.from_frame(CHILDREN, "w", "st", "psu")
    kind = name.removesuffix("_mse")
    return supplied(kind, name.endswith("_mse"), df=DF[kind])


def theirs(name: str, what: str) -> pd.DataFrame:
    rows = R[(R["design"] == name) & (R["what"] == what)].set_index("term")
    assert len(rows)
    return rows


def check(found: pd.DataFrame, expected: pd.DataFrame, columns: dict, rtol: float = 1e-11) -> None:
    """Compare columns (ours: R's) of two tables with the same rows."""
    assert len(found) == len(expected)
    for ours, r in columns.items():
        values = found[ours].to_numpy(float), expected[r].to_numpy(float)
        # R leaves the rounding error of zero, as where a mean was calibrated.
        np.testing.assert_allclose(*values, rtol=rtol, atol=1e-14, err_msg=ours)


NUMBERS = {"estimate": "estimate", "se": "se"}


@pytest.mark.parametrize("name", DESIGNS)
def test_cells(name: str) -> None:
    design, columns = design_of(name), {**NUMBERS, "df": "df2"}
    means = estimate(design, CHILDREN[["y", "hours"]], statistics={"hours": "mean"})
    check(means, theirs(name, "mean"), columns)
    total = estimate(design, CHILDREN[["y"]], statistics={"y": "total"})
    check(total, theirs(name, "total"), columns)
    ages = CHILDREN[["age"]]
    by_age = estimate(design, CHILDREN[["y"]], ages, df_rule="full")
    check(by_age, theirs(name, "mean_by_age"), columns)
    totals = estimate(design, CHILDREN[["hours"]], ages, {"hours": "total"}, df_rule="full")
    check(totals, theirs(name, "total_by_age"), columns)


@pytest.mark.parametrize("name", DESIGNS)
def test_ratios_and_contrasts(name: str) -> None:
    design, expected = design_of(name), theirs(name, "contrast")
    columns = {**NUMBERS, "df": "df2"}
    both = CHILDREN[["msg"]], CHILDREN[["hours"]].set_axis(["msg"], axis=1)
    check(estimate_ratios(design, *both), theirs(name, "ratio"), columns)
    by_sex = estimate_ratios(design, *both, CHILDREN[["sex"]], df_rule="full")
    check(by_sex, theirs(name, "ratio_by_sex"), columns)
    a12, a14, a16 = (("age", age) for age in ("a12", "a14", "a16"))
    wanted = {
        "a16-a12": {a16: 1.0, a12: -1.0},
        "a16-a14": {a16: 1.0, a14: -1.0},
        "even": {a12: 1.0, a14: -2.0, a16: 1.0},
    }
    ages = CHILDREN[["age"]]
    found = estimate_contrasts(design, CHILDREN[["y"]], ages, wanted, df_rule="full")
    check(found, expected.loc[list(wanted)], columns)
    # Functions of estimates by the delta method, from their deviations.
    for what, outcome, statistic in (
        ("log a16/a12", "y", "proportion"),
        ("total a16/a12", "hours", "total"),
    ):
        joint = joint_estimates(design, CHILDREN[[outcome]], ages, {outcome: statistic})  # type: ignore[dict-item]
        first, _, last = joint.cells["estimate"]
        point = np.log(last / first) if what.startswith("log") else last / first
        scale = 1.0 if what.startswith("log") else point
        gradient = scale * np.array([[-1 / first, 0, 1 / last]])
        se = np.sqrt(joint.deviations.combine(gradient).variances())
        one = pd.DataFrame({"estimate": [point], "se": se})
        check(one, expected.loc[[what]], NUMBERS)


@pytest.mark.parametrize("family", MODELS)
@pytest.mark.parametrize("name", DESIGNS)
def test_models(name: str, family: Any) -> None:
    fit = fit_model(design_of(name), CHILDREN, MODELS[family], family)
    # R stops where the deviance stands still, which leaves 1e-8 of the coefficients of links that
    # are not canonical; its linearised errors have the working weights of the step before.
    rtol = 1e-9 if name == "linearised" else 1e-11
    if family in ("probit", "cloglog"):
        rtol = 1e-7
    columns = {**NUMBERS, "t": "statistic", "df": "df2"}
    check(fit.table(), theirs(name, family), columns, rtol)
    # A small P value moves ten times as much as its t.
    check(fit.table(), theirs(name, family), {"p_value": "p"}, 10 * rtol)
    wald = pd.DataFrame([vars(wald_test(fit, "age"))])
    columns = {"statistic": "statistic", "df1": "df1", "df2": "df2", "p_value": "p"}
    check(wald, theirs(name, f"{family}_wald"), columns, rtol)


@pytest.mark.parametrize("name", DESIGNS)
def test_t_tests(name: str) -> None:
    design, expected = design_of(name), theirs(name, "t_test")
    columns = {**NUMBERS, "t": "statistic", "df": "df2", "p_value": "p"}
    by_sex = difference_tests(design, CHILDREN[["hours"]], CHILDREN["sex"])
    check(by_sex, expected.loc[["hours by sex"]], columns)
    check(mean_tests(design, CHILDREN[["hours"]]), expected.loc[["hours mean 0"]], columns)


@pytest.mark.parametrize("name", DESIGNS)
def test_association(name: str) -> None:
    tests = {
        "F": "rao_scott_f",
        "Chisq": "rao_scott_chi2",
        "Wald": "wald",
        "adjWald": "adjusted_wald",
    }
    for statistic, test in tests.items():
        found = association_test(design_of(name), CHILDREN["whom"], CHILDREN["age"], test=test)  # type: ignore[arg-type]
        expected = theirs(name, f"association_{statistic}").iloc[0]
        # R prints X-squared before it is divided by the mean design effect.
        ours = found.statistic * (found.mean_deff if statistic == "Chisq" else 1)
        assert ours == pytest.approx(expected["statistic"], rel=1e-11)
        assert found.df1 == pytest.approx(expected["df1"], rel=1e-11)
        assert found.p_value == pytest.approx(expected["p"], rel=1e-10)
        if statistic != "Chisq":
            assert found.df2 == pytest.approx(expected["df2"], rel=1e-11)


@pytest.mark.parametrize("name", DESIGNS)
def test_subsets(name: str) -> None:
    """A domain has the errors of R's subset; its degrees of freedom are the rank of its rows."""
    design = design_of(name)
    domain = OLDER_GIRLS.rename("domain")
    mean = estimate(design, CHILDREN[["y"]], domain)
    both = CHILDREN[["msg"]], CHILDREN[["hours"]].set_axis(["msg"], axis=1)
    ratio = estimate_ratios(design, *both, domain)
    check(mean[mean["level"] == "True"], theirs(name, "mean_subset"), NUMBERS)
    check(ratio[ratio["level"] == "True"], theirs(name, "ratio_subset"), NUMBERS)
    if name == "linearised":
        df = mean.loc[mean["level"] == "True", "df"].item()
    else:
        df = supplied(name.removesuffix("_mse"), False, OLDER_GIRLS).df
    assert df == theirs(name, "mean_subset")["df2"].item()
    fit = fit_model(design, CHILDREN, "y ~ sex", "logistic", where=CHILDREN["age"] != "a12")
    rtol = 1e-10 if name == "linearised" else 1e-11
    check(fit.table(), theirs(name, "logistic_subset"), {**NUMBERS, "df": "df2"}, rtol)


@pytest.mark.parametrize("name", DESIGNS)
def test_quantiles_and_kappa(name: str) -> None:
    design, expected = design_of(name), theirs(name, "quantile")
    found = estimate_quantiles(design, CHILDREN[["hours"]], df_rule="full")
    check(found, expected, {**NUMBERS, "ci_low": "statistic", "ci_high": "df1"})
    first = pd.Categorical(CHILDREN["y"].map({0.0: "no", 1.0: "yes"}), ["no", "yes"])
    second = pd.Categorical(CHILDREN["girl"].map({0: "no", 1: "yes"}), ["no", "yes"])
    ours = kappa(design, pd.Series(first), pd.Series(second))
    check(pd.DataFrame([ours]), theirs(name, "kappa"), NUMBERS)


@pytest.mark.parametrize("name", REPLICATED)
def test_margins(name: str) -> None:
    fit = fit_model(design_of(name), CHILDREN, "y ~ sex + age", "logistic")
    check(estimate_margins(fit, "sex").table(), theirs(name, "margins"), NUMBERS)


AGES = {"a12": 1200.0, "a14": 1000.0, "a16": 800.0}
CALIBRATIONS = {
    "postStratify": ("linear", {"age": AGES}, {}),
    "rake": ("raking", {"age": AGES, "sex": {"boy": 1600.0, "girl": 1400.0}}, {}),
    "greg": ("linear", {"age": AGES}, {"hours": 12500.0}),
}


@pytest.mark.parametrize("method", CALIBRATIONS)
@pytest.mark.parametrize("name", REPLICATED)
def test_every_replicate_is_calibrated(name: str, method: str) -> None:
    distance, targets, totals = CALIBRATIONS[method]
    weight = CHILDREN["w"].to_numpy()
    auxiliary = calibration_auxiliaries(CHILDREN, targets, weight, totals)
    design = calibrate_replicates(design_of(name), auxiliary, distance)  # type: ignore[arg-type]
    # R's sweeps over the margins stop a little before they meet.
    rtol = 1e-9 if method == "rake" else 1e-11
    means = estimate(design, CHILDREN[["y", "hours"]], statistics={"hours": "mean"})
    check(means, theirs(name, method), NUMBERS, rtol)
    fit = fit_model(design, CHILDREN, "y ~ sex", "logistic")
    check(fit.table(), theirs(name, f"{method}_model"), NUMBERS, rtol)
    assert design.df == DF[name.removesuffix("_mse")]


@pytest.mark.parametrize("kind", ["jkn", "brr", "bootstrap"])
def test_completed_data_sets_are_pooled_by_rubins_rules(kind: str) -> None:
    missing = CHILDREN["y"].isna()
    completed = [
        CHILDREN[["y"]].where(~missing, ((CHILDREN[["id"]] + j) % 3 == 0).to_numpy(float))
        for j in (1, 2, 3)
    ]
    found = estimate_completed(design_of(kind), completed).iloc[0]
    expected = theirs(kind, "completed").iloc[0]
    p = 1 / (1 + np.exp(-expected["estimate"]))
    assert found["estimate"] == pytest.approx(p, rel=1e-12)
    assert found["se"] == pytest.approx(p * (1 - p) * expected["se"], rel=1e-11)
    assert found["df"] == pytest.approx(expected["df2"], rel=1e-11)


@pytest.mark.parametrize("kind", SCALE)
def test_degrees_of_freedom_are_the_rank_of_the_weights(kind: str) -> None:
    assert supplied(kind, False).df == theirs(kind, "rank")["estimate"].item()


def test_an_empty_replicate_is_not_dropped() -> None:
    """R drops it and has a variance of zero from the one PSU; here nothing is known of it."""
    island = pd.Series(np.where(CHILDREN["psu"] == 11, "island", "land"), name="place")
    found = estimate(design_of("jkn"), CHILDREN[["hours"]], island, {"hours": "mean"})
    expected = theirs("jkn", "empty_replicate")
    check(found, expected, {"estimate": "estimate"})
    check(found.iloc[1:], expected.iloc[1:], NUMBERS)
    assert expected["se"].iloc[0] == 0
    assert np.isnan(found["se"].iloc[0])


def test_deviations_are_signed_sums_of_products() -> None:
    deviations = Deviations(np.array([[2.0, 3.0], [1.0, 1.0]]), np.array([1.0, -1.0]))
    np.testing.assert_array_equal(deviations.variances(), [3.0, 8.0])
    np.testing.assert_array_equal(deviations.covariance(), [[3.0, 5.0], [5.0, 8.0]])
