"""Tests of association, t tests and models from calibrated weights equal to R (calibration/)."""

import numpy as np
import pandas as pd
import pytest
from test_calibrated_relations_r import HERE, NAMES, SAMPLE, calibrated

from designbased import (
    SurveyDesign,
    association_test,
    association_tests,
    difference_tests,
    estimate,
    estimate_contrasts,
    estimate_margins,
    fit_model,
    mean_tests,
    pairs_of_levels,
    worst_case_bounds,
)
from disrupting_harm.comparison.adjusted import adjusted_ratios
from disrupting_harm.comparison.differences.within_country import estimate_gaps
from disrupting_harm.comparison.standardisation import standardise
from disrupting_harm.core.errors import StudyError

MODELS = pd.read_csv(HERE / "models.csv")
TESTS = {"F": "rao_scott_f", "Chisq": "rao_scott_chi2", "Wald": "wald", "adjWald": "adjusted_wald"}
FORMULAS = {"linear": "hours ~ age + income", None: "y0 ~ age + income"}
# Models are iterative fits; R's steps end at a relative change of the deviance of 1e-15.
EXACT, FITTED = 1e-9, 1e-6


def by_r(name: str, kind: str) -> pd.DataFrame:
    rows = MODELS[(MODELS["calibration"] == name) & (MODELS["kind"] == kind)]
    assert len(rows)
    return rows.set_index("term")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("test", TESTS)
def test_association(name: str, test: str) -> None:
    design, calibration = calibrated(name)
    domains = pd.DataFrame({by: pd.Categorical(SAMPLE[by]) for by in ("sex", "age")})
    table = association_tests(
        design, SAMPLE[["y0"]], domains, TESTS[test], calibration=calibration
    ).set_index("domain")
    for by, reference in by_r(name, test).iterrows():
        found = association_test(
            design, SAMPLE["y0"], SAMPLE[by], test=TESTS[test], calibration=calibration
        )
        assert found.p_value == pytest.approx(reference["p"], rel=EXACT)
        assert table.loc[by, "p_value"] == pytest.approx(found.p_value, rel=1e-11)
        if test != "Chisq":
            # There R reports Pearson's statistic itself.
            assert found.statistic == pytest.approx(reference["estimate"], rel=EXACT)
            assert found.df1 == pytest.approx(reference["error"], rel=EXACT)


@pytest.mark.parametrize("name", NAMES)
def test_t_tests(name: str) -> None:
    design, calibration = calibrated(name)
    outcomes = SAMPLE[["y0", "hours"]]
    for kind, found in (
        ("t_mean", mean_tests(design, outcomes, calibration=calibration)),
        ("t_area", difference_tests(design, outcomes, SAMPLE["area"], calibration=calibration)),
    ):
        reference = by_r(name, kind).loc[found["indicator"]]
        for ours, theirs in (("estimate", "estimate"), ("se", "error"), ("p_value", "p")):
            np.testing.assert_allclose(found[ours], reference[theirs], rtol=EXACT)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("family", ["linear", "logistic", "poisson"])
def test_models(name: str, family: str) -> None:
    design, calibration = calibrated(name)
    formula = FORMULAS.get(family, FORMULAS[None])
    table = fit_model(design, SAMPLE, formula, family, calibration=calibration).table()
    reference = by_r(name, family)
    for ours, theirs in (("estimate", "estimate"), ("se", "error"), ("p_value", "p")):
        np.testing.assert_allclose(table[ours], reference[theirs], rtol=FITTED)
    plain = fit_model(design, SAMPLE, formula, family).table()
    assert (np.abs(plain["se"] / table["se"] - 1) > 1e-4).any()


def test_margins_of_a_model_of_the_group_alone_are_its_estimates() -> None:
    design, calibration = calibrated("raking")
    area = pd.DataFrame({"area": pd.Categorical(SAMPLE["area"])})
    fit = fit_model(design, SAMPLE, "y0 ~ area", "logistic", calibration=calibration)
    found = estimate_margins(fit, "area").table()
    expected = estimate(design, SAMPLE[["y0"]], area, calibration=calibration)
    np.testing.assert_allclose(found["estimate"], expected["estimate"], rtol=1e-10)
    np.testing.assert_allclose(found["se"], expected["se"], rtol=1e-9)


def test_comparisons_inside_a_country_take_the_calibration() -> None:
    """The same numbers by other ways, which are compared with R above and in the other files."""
    design, calibration = calibrated("linear_income")
    y = SAMPLE[["y0"]]
    area = pd.DataFrame({"area": pd.Categorical(SAMPLE["area"])})
    pair = pairs_of_levels(area)
    gap = estimate_gaps(design, y, area, calibration=calibration)
    contrast = estimate_contrasts(design, y, area, pair, calibration=calibration)
    assert gap["difference"][0] == pytest.approx(-contrast["estimate"][0], rel=1e-12)
    assert gap["se"][0] == pytest.approx(contrast["se"][0], rel=1e-11)

    share = {"rural": 0.4, "urban": 0.6}
    standard = standardise(design, y, area["area"], share, calibration=calibration)
    mixed = {"mixed": {("area", level): weight for level, weight in share.items()}}
    expected = estimate_contrasts(design, y, area, mixed, calibration=calibration)
    assert standard["estimate"][0] == pytest.approx(expected["estimate"][0], rel=1e-12)
    assert standard["se"][0] == pytest.approx(expected["se"][0], rel=1e-11)

    ratio = adjusted_ratios(design, y, area, calibration=calibration)
    fit = fit_model(design, SAMPLE, "y0 ~ area", "poisson", calibration=calibration).table()
    assert ratio["log_ratio_se"][0] == pytest.approx(fit["se"][1], rel=1e-9)
    assert ratio["crude_high"][0] == pytest.approx(ratio["ci_high"][0], rel=1e-9)

    asked = pd.DataFrame({"y2": np.ones(len(SAMPLE), dtype=bool)})
    bound = worst_case_bounds(design, SAMPLE[["y2"]], asked, area, calibration=calibration)
    upper = estimate(design, SAMPLE[["y2"]].fillna(1.0), area, calibration=calibration)
    np.testing.assert_allclose(bound["se_upper"], upper["se"], rtol=1e-12)


def test_a_calibration_of_other_rows_is_refused() -> None:
    _, calibration = calibrated("raking")
    shorter, rows = SurveyDesign.from_frame(SAMPLE.iloc[1:]), SAMPLE.iloc[1:]
    domains = rows[["sex"]].astype("category")
    for run in (
        lambda: fit_model(shorter, rows, "y0 ~ sex", "linear", calibration=calibration),
        lambda: mean_tests(shorter, rows[["y0"]], calibration=calibration),
        lambda: association_test(shorter, rows["y0"], rows["sex"], calibration=calibration),
        lambda: association_tests(shorter, rows[["y0"]], domains, calibration=calibration),
    ):
        with pytest.raises(StudyError, match="240 rows for a design of 239"):
            run()
