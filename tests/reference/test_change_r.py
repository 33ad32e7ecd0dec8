"""Changes, shared PSUs, fixed composition and trends equal R's: see change/change.R.

Tolerance: 1e-10 relative.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from designbased.design.stacked_waves import stacked_design
from designbased.design.survey_design import SurveyDesign
from designbased.estimates.covariance import joint_estimates
from designbased.estimates.linearisation import estimate
from designbased.inference.overlapping_samples import shared_covariance
from designbased.models.trends import any_change, orthogonal_years, trend_model
from disrupting_harm.comparison.waves.overlap import (
    Answers,
    estimate_differences,
    fixed_composition,
    independent_waves,
    wave_covariances,
)
from disrupting_harm.core.errors import StudyError
from disrupting_harm.publication.detectable_change import detectable_change

FOLDER = Path(__file__).parent / "change"
SAMPLE = pd.read_csv(FOLDER / "sample.csv")
R = pd.read_csv(FOLDER / "numbers.csv").set_index("name")["value"]
YEARS = (2017, 2019, 2024)
PAIRS = [(2017, 2019), (2019, 2024), (2017, 2024)]


def close(found: float, name: str) -> None:
    np.testing.assert_allclose(found, R[name], rtol=1e-10, err_msg=name)


def answers(year: int) -> Answers:
    frame = SAMPLE[SAMPLE["year"] == year].reset_index(drop=True)
    domains = pd.DataFrame(
        {
            "total": pd.Categorical(["all"] * len(frame)),
            "group": pd.Categorical(frame["sex"] + " " + frame["age"]),
        }
    )
    design = SurveyDesign.from_frame(frame, weight="w")
    return Answers(design, frame[["y"]], domains, {}, {})


def national(year: int) -> pd.DataFrame:
    wave = answers(year)
    return estimate(wave.design, wave.outcomes, wave.domains[["total"]])


def kept(first: Answers, second: Answers) -> np.ndarray:
    """Return the PSUs with the same code in both waves, which here are the same places."""
    places = [
        {label: place for place, label in enumerate(wave.design.psu_labels)}
        for wave in (first, second)
    ]
    return np.array([[places[0][name], places[1][name]] for name in places[0] if name in places[1]])


def test_estimates_of_each_wave():
    for year in YEARS:
        found = national(year).iloc[0]
        for column in ("p", "se", "df"):
            close(found["estimate" if column == "p" else column], f"{column}_{year}")


@pytest.mark.parametrize("pair", PAIRS)
def test_independent_waves_equal_one_design_of_both(pair):
    found = estimate_differences(independent_waves(*(national(year) for year in pair))).iloc[0]
    name = f"independent_{pair[0]}_{pair[1]}"
    close(found["difference"], f"difference_{name}")
    close(found["se"], f"se_{name}")


@pytest.mark.parametrize("kind", ["independent", "overlapping"])
@pytest.mark.parametrize("pair", PAIRS)
def test_a_stacked_design_equals_svyby(kind, pair):
    recurring = {"independent": "independent", "overlapping": "overlap"}[kind]
    design = stacked_design(SAMPLE, wave="year", weight="w", recurring=recurring)
    waves = pd.DataFrame({"wave": pd.Categorical(SAMPLE["year"].astype(str))})
    joint = joint_estimates(design, SAMPLE[["y"]], waves)
    a, b = (YEARS.index(year) for year in pair)
    matrix, p = joint.matrix, joint.cells["estimate"].to_numpy()
    name = f"{kind}_{pair[0]}_{pair[1]}"
    close(np.sqrt(matrix[a, a] + matrix[b, b] - 2 * matrix[a, b]), f"se_{name}")
    logs = matrix[a, a] / p[a] ** 2 + matrix[b, b] / p[b] ** 2 - 2 * matrix[a, b] / (p[a] * p[b])
    close(np.sqrt(logs), f"log_ratio_se_{name}")
    if kind == "overlapping":
        close(matrix[a, b], f"covariance_{name}")
    else:
        assert abs(matrix[a, b]) < 1e-18


def test_recurring_strata_have_to_be_explained():
    with pytest.raises(StudyError, match="stratum s0 stands in the waves 2017, 2019, 2024"):
        stacked_design(SAMPLE, wave="year", weight="w")
    crossed = SAMPLE.assign(stratum=SAMPLE["year"].astype(str) + SAMPLE["stratum"])
    alone = stacked_design(crossed, wave="year", weight="w")
    told = stacked_design(SAMPLE, wave="year", weight="w", recurring="independent")
    assert alone.df == told.df == 60
    overlap = stacked_design(SAMPLE, wave="year", weight="w", recurring="overlap")
    assert overlap.df < 60


@pytest.mark.parametrize("pair", PAIRS[:2])
def test_covariances_of_kept_psus(pair):
    first, second = (answers(year) for year in pair)
    deviations = [wave.joint(wave.domains[["total"]]).deviations.values for wave in (first, second)]
    both = kept(first, second)
    found = shared_covariance(first.design, second.design, *deviations, both)
    close(found.matched[0], f"matched_{pair[0]}_{pair[1]}")
    close(found.correlated[0], f"correlated_{pair[0]}_{pair[1]}")
    assert found.covariance[0] == found.matched[0]
    assert found.n_shared_psus.tolist() == [3, 3, 3, 3]
    by_cell = wave_covariances(first, second, both)
    assert by_cell["y", "total", "all"] == pytest.approx(found.matched[0], rel=1e-14)


def test_where_few_psus_were_kept_the_correlation_stands_in():
    first, second = answers(2017), answers(2019)
    deviations = [wave.joint(wave.domains[["total"]]).deviations.values for wave in (first, second)]
    both = kept(first, second)
    few = both[np.isin(np.arange(len(both)) % 3, [0, 1])]
    found = shared_covariance(first.design, second.design, *deviations, few)
    assert found.n_shared_psus.tolist() == [2, 2, 2, 2]
    assert found.covariance[0] == found.correlated[0] != found.matched[0]
    with pytest.raises(StudyError, match="one PSU stands for two"):
        shared_covariance(first.design, second.design, *deviations, both[[0, 0]])


def test_fixed_composition_equals_svystandardize():
    first, second = answers(2017), answers(2019)
    df = pd.DataFrame({"first": [20.0], "second": [20.0]}, index=["y"])
    found = fixed_composition(first, second, "group", df).iloc[0]
    np.testing.assert_allclose(
        found["difference"], R["fixed_p_2019"] - R["fixed_p_2017"], rtol=1e-10
    )
    se = np.hypot(R["fixed_se_2017"], R["fixed_se_2019"])
    np.testing.assert_allclose(found["se"], se, rtol=1e-10)
    # The first wave keeps its own estimate.
    close(R["fixed_p_2017"], "p_2017")
    shared = fixed_composition(first, second, "group", df, kept(first, second)).iloc[0]
    assert 0 < shared["se"] < found["se"]


@pytest.mark.parametrize(("control", "coefficients"), [(None, 2), (None, 3), (["sex", "age"], 5)])
def test_trends_equal_svyglm(control, coefficients):
    design = stacked_design(SAMPLE, wave="year", weight="w", recurring="independent")
    variables = None if control is None else SAMPLE[control].astype("category")
    found = trend_model(
        design, SAMPLE["y"], SAMPLE["year"], variables, quadratic=coefficients > 2
    ).set_index("term")
    assert set(found["df"]) == {60}
    for term in found.index:
        name = f"trend_{coefficients}_{term}"
        close(found.loc[term, "estimate"], name)
        close(found.loc[term, "se"], f"{name}_se")
        close(found.loc[term, "p_value"], f"{name}_p")


def test_a_missing_covariate_leaves_the_model_and_is_counted():
    design = stacked_design(SAMPLE, wave="year", weight="w", recurring="independent")
    sex = SAMPLE["sex"].where(SAMPLE.index % 10 > 0).astype("category")
    found = trend_model(design, SAMPLE["y"], SAMPLE["year"], sex.to_frame())
    assert set(found["n"]) == {int((SAMPLE["y"].notna() & sex.notna()).sum())}


def test_any_change_equals_regtermtest():
    design = stacked_design(SAMPLE, wave="year", weight="w", recurring="independent")
    found = any_change(design, SAMPLE["y"], SAMPLE["year"])
    assert (found.df1, found.df2) == (2, R["any_change_df"])
    close(found.statistic, "any_change_f")
    close(found.p_value, "any_change_p")


def test_detectable_changes_equal_r():
    names = [name for name in R.index if name.startswith("detectable_")]
    for name in names:
        p, n, deff, df, sign = (float(part) for part in name.split("_")[1:6])
        kept = name.endswith("_kept")
        found = detectable_change(
            np.array([p]),
            deff / n,
            1.5 * deff / n,
            df,
            "rise" if sign > 0 else "fall",
            0.05 / 8 if kept else 0.05,
            0.35 if kept else 0.0,
        )
        np.testing.assert_allclose(found[0], R[name], rtol=1e-9, err_msg=name)
    assert len(names) == 96
    assert 0 < R[names].isna().sum() < 48


def test_years_as_spaced():
    linear, quadratic = orthogonal_years([2019, 2021, 2024])
    np.testing.assert_allclose(linear, [-0.65561007, -0.09365858, 0.74926865], atol=1e-8)
    np.testing.assert_allclose(quadratic, [0.48666426, -0.81110711, 0.32444284], atol=1e-8)
    assert abs(linear @ quadratic) < 1e-15
    with pytest.raises(StudyError, match="three waves"):
        orthogonal_years([2019, 2021])
