"""Estimates equal those of R's package `survey`: see the scripts beside this file.

Tolerance: 1e-11 relative. R prints 15 digits, and both sides sum in a different order; the largest
difference seen is 3e-14.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from designbased.design.survey_design import SurveyDesign
from designbased.estimates.linearisation import estimate

HERE = Path(__file__).parent
TOLERANCE = 1e-11
# Where an estimate cannot vary R's standard error is a rounding error; here it is zero.
ZERO_SE = 1e-15
KEYS = ["indicator", "statistic", "domain", "level"]

SURVEY_R = pd.read_csv(HERE / "survey_r.csv")
SURVEY = pd.read_csv(HERE / "survey.csv").assign(total="all")
LONELY = SURVEY[(SURVEY["stratum"] != "west") | (SURVEY["psu"] == 1)]
DESIGNS = {
    "plain": (SURVEY, SurveyDesign.from_frame(SURVEY)),
    "fpc": (SURVEY, SurveyDesign.from_frame(SURVEY, fpc="psus")),
    "unclustered": (SURVEY, SurveyDesign.from_frame(SURVEY, stratum=None, psu=None)),
    "centre": (LONELY, SurveyDesign.from_frame(LONELY, lonely_psu="centre")),
    "certainty": (LONELY, SurveyDesign.from_frame(LONELY, lonely_psu="certainty")),
}


@pytest.fixture(params=list(DESIGNS))
def survey(request: pytest.FixtureRequest) -> pd.DataFrame:
    """Both sides of one design of the synthetic survey: R's columns end in `_r`."""
    frame, design = DESIGNS[request.param]
    return both_sides(frame, design, SURVEY_R[SURVEY_R["design"] == request.param])


@pytest.fixture
def nhanes2() -> pd.DataFrame:
    """Both sides of NHANES II."""
    from samplics.datasets import load_nhanes2

    frame = load_nhanes2()["data"].assign(total="all")
    design = SurveyDesign.from_frame(frame, weight="finalwgt", stratum="stratid", psu="psuid")
    return both_sides(frame, design, pd.read_csv(HERE / "nhanes2_r.csv"))


def both_sides(frame: pd.DataFrame, design: SurveyDesign, reference: pd.DataFrame) -> pd.DataFrame:
    domains = frame[list(reference["domain"].unique())].replace("", np.nan).astype("category")
    tables = []
    for statistic, group in reference.groupby("statistic"):
        names = list(group["indicator"].unique())
        for interval in ("logit", "korn_graubard"):
            table = estimate(
                design, frame[names], domains, dict.fromkeys(names, statistic), interval
            )
            tables.append(table.assign(statistic=statistic, asked=interval))
    ours = pd.concat(tables)
    both = reference.merge(ours, on=KEYS, how="outer", suffixes=("_r", ""))
    assert len(both) == len(ours) == 2 * len(reference)
    return both


def assert_equal(ours: ArrayLike, reference: ArrayLike) -> None:
    np.testing.assert_allclose(ours, reference, rtol=TOLERANCE)


def check(both: pd.DataFrame) -> None:
    """Every number of R's that has a counterpart here."""
    for column in ("n", "df", "df_design", "population", "estimate"):
        assert_equal(both[column], both[f"{column}_r"])
    varies = both["se_r"] > ZERO_SE
    assert_equal(both["se"][varies], both["se_r"][varies])
    assert (both["se"][~varies] == 0).all()

    # R divides by n - 1 also for a proportion; the design effect here is over p(1-p)/n.
    correction = np.where(both["statistic"] == "proportion", both["n"] / (both["n"] - 1), 1)
    assert_equal(both["deff"][varies], (both["deff_replace"] * correction)[varies])

    wald = both[both["interval"] == "wald_t"]
    assert_equal(wald[["ci_low", "ci_high"]], wald[["wald_low", "wald_high"]])
    logit = both[both["interval"] == "logit"]
    assert_equal(logit[["ci_low", "ci_high"]], logit[["logit_low", "logit_high"]])


def test_estimates_of_the_synthetic_survey(survey: pd.DataFrame) -> None:
    check(survey)


def test_estimates_of_nhanes2(nhanes2: pd.DataFrame) -> None:
    check(nhanes2)
    check_beta(nhanes2)


def test_korn_graubard_is_the_beta_interval_of_r_below_the_cap(survey: pd.DataFrame) -> None:
    check_beta(survey)


def check_beta(both: pd.DataFrame) -> None:
    """R's beta interval has no cap at n, so cells are compared where the cap does not bind."""
    both = both[(both["interval"] == "korn_graubard") & both["beta_low"].notna()]
    p, n = both["estimate_r"], both["n"]
    t_ratio = stdtrit(n - 1, 0.975) / stdtrit(both["df"], 0.975)
    below = p * (1 - p) / both["se_r"] ** 2 * t_ratio**2 < n
    assert below.sum() >= 5
    limits = both[below]
    assert_equal(limits[["ci_low", "ci_high"]], limits[["beta_low", "beta_high"]])
