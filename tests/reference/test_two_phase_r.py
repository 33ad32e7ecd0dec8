"""Samples of two phases equal R's package `survey`, or double sums over pairs in base R.

See `designs/two_phase.R`. Where the first phase has strata, R's own totals have another variance.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from designbased import (
    SurveyDesign,
    TwoPhaseDesign,
    calibrate_second_phase,
    difference_tests,
    estimate,
    estimate_contrasts,
    estimate_ratios,
    fit_model,
    pairs_of_levels,
)

FOLDER = Path(__file__).parent / "designs"
R = pd.read_csv(FOLDER / "two_phase_r.csv")
CHILDREN = pd.read_csv(FOLDER / "two_phase_sample.csv").assign(weight=900 / 144)
SEX = CHILDREN[["sex"]].astype("category")
FIRST_PHASE: dict[str, dict[str, Any]] = {
    "no strata": {"weight": None, "stratum": None, "psu": None, "fpc": 900},
    "no strata, with replacement": {"stratum": None, "psu": None},
    "strata": {"weight": None, "stratum": "region", "psu": None, "fpc": "regional"},
    "places": {"weight": None, "stratum": None, "psu": "place", "fpc": 60},
}
# R agrees with the double sums; in "strata" it does for the estimates alone.
AGREES = ("no strata", "places")
TOLERANCE = 1e-11


def design_of(case: str) -> TwoPhaseDesign:
    first = SurveyDesign.from_frame(CHILDREN, **FIRST_PHASE[case])
    return TwoPhaseDesign.from_frame(CHILDREN, first, "long", "screen")


def rows_of(case: str, quantity: str, level: str = "all") -> pd.DataFrame:
    """R's rows of one number, by how they were computed."""
    rows = R[(R["case"] == case) & (R["quantity"] == quantity) & (R["level"] == level)]
    return rows.set_index(["indicator", "computation"])


def compare(case: str, ours: Any, theirs: pd.DataFrame) -> None:
    """A negative variance is none."""
    assert len(theirs)
    for (_, computation), row in theirs.iterrows():
        assert ours["estimate"] == pytest.approx(row["estimate"], rel=TOLERANCE, abs=1e-12)
        if computation == "pairs" or case in AGREES:
            expected = row["variance"] if row["variance"] > 0 else np.nan
            assert ours["se"] ** 2 == pytest.approx(expected, rel=TOLERANCE, nan_ok=True)


@pytest.mark.filterwarnings("ignore::designbased.errors.NegativeVarianceWarning")
@pytest.mark.parametrize("case", list(FIRST_PHASE))
def test_totals_means_and_ratios(case: str) -> None:
    design = design_of(case)
    for statistic in ("total", "mean"):
        for domains in (None, SEX):
            table = estimate(design, CHILDREN["cost"], domains, {"cost": statistic})
            for row in table.to_dict("records"):
                theirs = rows_of(case, statistic, row["level"])
                compare(case, row, theirs[theirs.index.get_level_values(0) == "cost"])
    below = CHILDREN[["hours"]].set_axis(["cost"], axis=1)
    ratio = estimate_ratios(design, CHILDREN[["cost"]], below, None).iloc[0]
    compare(case, ratio, rows_of(case, "ratio"))
    difference = estimate_contrasts(
        design, CHILDREN[["cost"]], SEX, pairs_of_levels(SEX), {"cost": "mean"}
    ).iloc[0]
    difference["estimate"] = -difference["estimate"]
    compare(case, difference, rows_of(case, "difference", "girl - boy"))


@pytest.mark.parametrize("case", AGREES)
def test_degrees_of_freedom(case: str) -> None:
    """R counts the second phase alone: 76, also where there are 24 places."""
    theirs = R[(R["case"] == case) & R["df"].notna() & (R["quantity"] != "t test")]
    assert (theirs["df"] == 76).all()
    assert design_of(case).df == (76 if case == "no strata" else 23)


@pytest.mark.parametrize("case", AGREES)
def test_logistic_regression(case: str) -> None:
    table = fit_model(design_of(case), CHILDREN, "yes ~ hours", "logistic").table()
    theirs = rows_of(case, "logistic")
    np.testing.assert_allclose(table["estimate"], theirs["estimate"], rtol=1e-11)
    np.testing.assert_allclose(table["se"] ** 2, theirs["variance"], rtol=1e-11)


@pytest.mark.parametrize("case", AGREES)
def test_difference_of_boys_and_girls(case: str) -> None:
    row = difference_tests(design_of(case), CHILDREN[["cost"]], CHILDREN["sex"]).iloc[0]
    theirs = rows_of(case, "t test", "sex").iloc[0]
    assert abs(row["t"]) == pytest.approx(abs(theirs["estimate"]), rel=TOLERANCE)
    if case == "no strata":
        assert row["p_value"] == pytest.approx(theirs["variance"], rel=TOLERANCE)


@pytest.mark.filterwarnings("ignore::designbased.errors.NegativeVarianceWarning")
@pytest.mark.parametrize("case", AGREES)
def test_calibration_to_the_first_phase(case: str) -> None:
    design = design_of(case)
    for statistic, columns in (("mean", ["hours"]), ("total", ["hours", "screen"])):
        calibrated = calibrate_second_phase(design, CHILDREN, columns)
        row = estimate(calibrated, CHILDREN["cost"], None, {"cost": statistic}).iloc[0]
        compare(case, row, rows_of(case, f"{statistic} after calibration"))


def test_totals_in_strata_are_not_those_of_r() -> None:
    """R's variance of a total is 1.4 times the formula's, which simulation has right."""
    theirs = rows_of("strata", "total")["variance"].droplevel(0)
    assert theirs["R"] / theirs["pairs"] == pytest.approx(1.41, abs=0.01)
    means = rows_of("strata", "mean").loc["cost", "variance"]
    assert means["R"] / means["pairs"] == pytest.approx(1, abs=0.005)
