"""Where numbers differ from R by a convention, by how much: `designs/conventions.R` and the docs.

Each test turns this package's number into R's by the rule that `docs/coming-from.md` states.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from designbased import (
    Composite,
    SurveyDesign,
    association_test,
    difference_tests,
    estimate,
    estimate_contrasts,
    estimate_quantiles,
    estimate_ratios,
    fit_model,
    joint_estimates,
    mean_tests,
)
from designbased.design.coding import Statistic
from designbased.design.degrees_of_freedom import DfRule

FOLDER = Path(__file__).parent / "designs"
R = pd.read_csv(FOLDER / "conventions_r.csv").set_index(["case", "quantity", "level"])["value"]
PEOPLE = pd.read_csv(FOLDER / "stages.csv")
PEOPLE["part"] = np.where(PEOPLE["stratum"].isin(list("abcd")), "north", "south")
LONELY = PEOPLE[~(PEOPLE["stratum"].isin(["e", "f"]) & (PEOPLE["psu"] == 2))]


def standard_error(rule: str, level: str, statistic: str) -> float:
    design = SurveyDesign.from_frame(LONELY, lonely_psu=rule)  # type: ignore[arg-type]
    table = estimate(design, LONELY["hours"], LONELY["part"], {"hours": statistic})  # type: ignore[dict-item]
    return float(table.set_index("level").loc[level, "se"])


@pytest.mark.parametrize(("quantity", "statistic"), [("se", "mean"), ("total_se", "total")])
def test_average_counts_all_strata_and_r_those_with_cases(quantity: str, statistic: str) -> None:
    """Six strata, two lonely, none of these in the domain: √(6/4) = 1.22 times R's."""
    ours = standard_error("average", "north", statistic)
    assert ours / np.sqrt(6 / 4) == pytest.approx(R["average", quantity, "north"], rel=1e-12)
    # Cases in lonely strata alone: there is nothing to average, here as in R.
    assert np.isnan(R["average", quantity, "south"])
    assert np.isnan(standard_error("average", "south", statistic))


def test_without_a_standard_error_there_is_no_interval_by_any_rule() -> None:
    design = SurveyDesign.from_frame(LONELY, lonely_psu="average")
    for rule in ("domain_only", "strata_with_domain", "full"):
        table = estimate(design, LONELY["yes"], LONELY["part"], df_rule=rule).set_index("level")
        assert table.loc["north", ["se", "ci_low", "ci_high"]].notna().all()
        assert table.loc["south", ["se", "ci_low", "ci_high", "deff", "n_eff"]].isna().all()
        assert table.loc["south", "estimate"] > 0


@pytest.mark.parametrize("rule", ["domain_only", "strata_with_domain", "full"])
def test_no_estimator_claims_certainty_where_there_is_nothing_to_average(rule: DfRule) -> None:
    """The level "south" has cases in two lonely strata alone; its variance was zero."""
    design = SurveyDesign.from_frame(LONELY, lonely_psu="average")
    south, answers = LONELY["part"] == "south", LONELY[["hours"]]
    parts = LONELY["part"].astype("category")
    mean: dict[str, Statistic] = {"hours": "mean"}
    cells = joint_estimates(design, answers, parts, mean)
    assert np.isnan(cells.matrix[1, 1])
    assert cells.matrix[0, 0] > 0
    gap = {"gap": {("part", "south"): 1.0, ("part", "north"): -1.0}}
    found = {
        "estimate_contrasts": estimate_contrasts(
            design, answers, parts, gap, mean, df_rule=rule
        ).iloc[0],
        "estimate_ratios": estimate_ratios(design, answers, answers + 1, parts, df_rule=rule).iloc[
            1
        ],
        "estimate_quantiles": estimate_quantiles(design, answers, parts, [0.5], df_rule=rule).iloc[
            1
        ],
        "mean_tests": mean_tests(design, answers, where=south, df_rule=rule).iloc[0],
        "difference_tests": difference_tests(design, answers, parts, df_rule=rule).iloc[0],
    }
    for name, row in found.items():
        assert np.isfinite(row["estimate"]), name
        assert row[["se", "ci_low", "ci_high"]].isna().all(), name
    complete = south & LONELY["hours"].notna()
    fit = fit_model(design, LONELY, "hours ~ age", "linear", complete, rule)
    assert np.isnan(fit.covariance).all()
    parted = Composite(LONELY[["yes"]].to_numpy(float), np.ones(len(LONELY), dtype=bool))
    wholes = estimate(
        design, LONELY["yes"], parts, df_rule=rule, composites={"yes": parted}
    ).set_index("level")
    assert np.isnan(wholes.loc["south", "se"])
    assert wholes.loc["north", "se"] > 0


def test_centre_differs_for_totals_of_a_domain_and_not_for_means() -> None:
    for level in ("north", "south"):
        ours = standard_error("centre", level, "mean")
        assert ours == pytest.approx(R["adjust", "se", level], rel=1e-12)
    # R's centre is the total over the PSUs of strata with cases, and other strata add nothing.
    design = SurveyDesign.from_frame(LONELY, lonely_psu="centre")
    for level, low, high in (("north", 1.10, 1.11), ("south", 6.2, 6.3)):
        chosen = (LONELY["part"] == level) & LONELY["hours"].notna()
        answer = (LONELY["weight"] * LONELY["hours"]).where(chosen, 0.0)
        totals = np.bincount(design.psu, answer, minlength=design.n_psus)
        home = pd.Series(design.psu_stratum)
        own = home.isin(design.psu_stratum[design.psu[chosen]])
        theirs = 0.0
        for stratum, psus in pd.Series(totals)[own].groupby(home[own]):
            alone = design.lonely[stratum]
            centre = totals.sum() / own.sum() if alone else psus.mean()
            factor = 1 if alone else len(psus) / (len(psus) - 1)
            theirs += factor * ((psus - centre) ** 2).sum()
        assert np.sqrt(theirs) == pytest.approx(R["adjust", "total_se", level], rel=1e-12)
        ratio = standard_error("centre", level, "total") / R["adjust", "total_se", level]
        assert low < ratio < high


def test_rao_scott_chi2_is_divided_by_the_mean_design_effect() -> None:
    design = SurveyDesign.from_frame(PEOPLE)
    found = association_test(design, PEOPLE["yes"], PEOPLE["sex"], test="rao_scott_chi2")
    r = R.xs("plain", level="case").droplevel("level")
    assert found.statistic * found.mean_deff == pytest.approx(r["chisq"], rel=1e-12)
    assert found.p_value == pytest.approx(r["chisq_p"], rel=1e-12)


def test_a_null_moves_the_estimate_in_r_and_missing_answers_end_its_test() -> None:
    design = SurveyDesign.from_frame(PEOPLE)
    found = mean_tests(design, PEOPLE["hours"], null=2.0).iloc[0]
    r = R.xs("plain", level="case").droplevel("level")
    assert found["t"] == pytest.approx(r["t"], rel=1e-12)
    assert found["df"] == r["t_df"] == design.df - 1
    assert found["p_value"] == pytest.approx(r["t_p"], rel=1e-12)
    assert found["estimate"] - 2 == pytest.approx(r["t_estimate"], rel=1e-12)
    assert found["ci_low"] - 2 == pytest.approx(r["t_low"], rel=1e-12)
    assert np.isnan(r["t_missing"])
