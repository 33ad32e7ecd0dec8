"""Calibration, its standard errors, propensities and trimming equal to R (calibration/)."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from designbased.calibration.calibrate import Calibrated, calibrate, poststratification, recalibrate
from designbased.calibration.calibrated_errors import CalibratedFrame, calibrated_frame
from designbased.calibration.raking import Auxiliaries, calibration_auxiliaries, rake
from designbased.design.survey_design import SurveyDesign
from designbased.estimates.linearisation import estimate
from designbased.weighting.nonresponse_propensity import (
    PropensityOptions,
    adjust_by_propensity,
    fit_response_model,
)
from designbased.weighting.trimming import trim
from designbased.weighting.trimming_mse import mse_cap
from designbased.weighting.trimming_rules import contribution_caps
from disrupting_harm.core.errors import StudyError

HERE = Path(__file__).parent / "calibration"
EXACT = 1e-9
SAMPLE = pd.read_csv(HERE / "sample.csv").assign(total="all")
WEIGHT = SAMPLE["weight"].to_numpy()
TARGETS = {
    "sex": {"boy": 3300.0, "girl": 3200.0},
    "age": {"12-13": 2200.0, "14-15": 1900.0, "16-17": 2400.0},
    "area": {"rural": 3300.0, "urban": 3200.0},
}
INCOME = {"income": 68 * 6500.0}
METHODS = {
    "linear": ("linear", None, {}),
    "raking": ("raking", None, {}),
    "logit": ("logit", (0.7, 1.5), {}),
    "truncated_linear": ("linear", (0.9, 1.25), {}),
    "linear_income": ("linear", None, INCOME),
    "raking_income": ("raking", None, INCOME),
    "logit_income": ("logit", (0.6, 1.6), INCOME),
}
OUTCOMES = SAMPLE[["y0", "y1", "y2", "hours"]].astype("float64")
DOMAINS = pd.DataFrame({d: pd.Categorical(SAMPLE[d]) for d in ("total", "sex", "area")})
CELLS = ["indicator", "domain", "level"]


def known(totals: dict[str, float]) -> Auxiliaries:
    return calibration_auxiliaries(SAMPLE, TARGETS, WEIGHT, totals)


AGE = calibration_auxiliaries(SAMPLE, {"age": TARGETS["age"]}, WEIGHT)


@cache
def ours(name: str) -> Calibrated:
    if name == "postStratify":
        return poststratification(WEIGHT, SAMPLE, "age", TARGETS["age"])
    method, bounds, totals = METHODS["raking" if name == "rake" else name]
    return calibrate(WEIGHT, known(totals), method, bounds)


def frame_of(name: str) -> CalibratedFrame:
    if name == "postStratify":
        return calibrated_frame(AGE.values, WEIGHT)
    if name == "rake":
        return calibrated_frame(known({}).values, WEIGHT, "equal")
    return calibrated_frame(known(METHODS[name][2]).values, WEIGHT)


NEGATIVE = {
    "linear": ("linear", None),
    "truncated_linear": ("linear", (0.05, 5)),
    "logit": ("logit", (0.05, 5)),
}


@pytest.mark.parametrize("name", NEGATIVE)
def test_linear_weights_can_be_negative_and_bounded_ones_meet_the_same_totals(name: str) -> None:
    method, bounds = NEGATIVE[name]
    theirs = pd.read_csv(HERE / "negative.csv")[name]
    found = calibrate(WEIGHT, known({"income": 62 * 6500.0}), method, bounds)
    np.testing.assert_allclose(found.weights, theirs, rtol=EXACT)
    assert found.negative == (theirs < 0).sum()
    assert (found.negative > 0) == (name == "linear")
    if name == "linear":
        with pytest.raises(StudyError, match="weight"):
            SurveyDesign.from_frame(SAMPLE.assign(weight=found.weights))


@pytest.mark.parametrize("name", [*METHODS, "postStratify", "rake"])
def test_weights(name: str) -> None:
    reference = pd.read_csv(HERE / "weights.csv")[name]
    np.testing.assert_allclose(ours(name).weights, reference, rtol=EXACT)
    # R may stop anywhere below its epsilon; these weights solve the equations.
    assert ours(name).largest_error < 1e-12


def test_raking_is_that_of_samplics() -> None:
    np.testing.assert_allclose(ours("raking").weights, rake(WEIGHT, SAMPLE, TARGETS), rtol=EXACT)


def both_statistics(run: Callable[[str], pd.DataFrame]) -> pd.DataFrame:
    parts = [run(statistic).assign(statistic=statistic) for statistic in ("mean", "total")]
    return pd.concat(parts)[[*CELLS, "statistic", "estimate", "se"]]


def compare(found: pd.DataFrame, file: str, name: str) -> None:
    reference = pd.read_csv(HERE / file)
    reference = reference[reference["calibration"] == name]
    pairs = reference.merge(found, on=[*CELLS, "statistic"], validate="1:1", suffixes=("_r", ""))
    assert len(pairs) == len(reference) == len(found) == 40
    for value in ("estimate", "se"):
        np.testing.assert_allclose(pairs[value], pairs[f"{value}_r"], rtol=EXACT)


@pytest.mark.parametrize("name", [*METHODS, "postStratify", "rake"])
def test_standard_errors(name: str) -> None:
    design = SurveyDesign.from_frame(SAMPLE.assign(weight=ours(name).weights))

    def run(statistic: str) -> pd.DataFrame:
        statistics = dict.fromkeys(OUTCOMES, statistic)
        return estimate(design, OUTCOMES, DOMAINS, statistics, calibration=frame_of(name))

    compare(both_statistics(run), "errors.csv", name)


def jackknife() -> tuple[np.ndarray, np.ndarray]:
    """Weights of the stratified jackknife, one PSU left out at a time, and rscales."""
    stratum_of = SAMPLE.drop_duplicates("psu").set_index("psu")["stratum"]
    size = stratum_of.value_counts()
    columns = []
    for psu, stratum in stratum_of.items():
        factor = np.where(SAMPLE["stratum"] == stratum, size[stratum] / (size[stratum] - 1), 1.0)
        columns.append(WEIGHT * np.where(SAMPLE["psu"] == psu, 0.0, factor))
    return np.column_stack(columns), (1 - 1 / stratum_of.map(size)).to_numpy()


@cache
def replicates(name: str) -> np.ndarray:
    if name == "postStratify":
        return recalibrate(jackknife()[0], AGE, "linear")
    method, bounds, totals = METHODS["raking" if name == "rake" else name]
    return recalibrate(jackknife()[0], known(totals), method, bounds)


def point(weights: np.ndarray, statistic: str) -> pd.Series:
    design = SurveyDesign.from_frame(SAMPLE.assign(weight=weights))
    table = estimate(design, OUTCOMES, DOMAINS, dict.fromkeys(OUTCOMES, statistic))
    return table.set_index(CELLS)["estimate"]


@pytest.mark.parametrize(
    "name", [m for m in METHODS if m != "truncated_linear"] + ["rake", "postStratify"]
)
def test_replicate_standard_errors(name: str) -> None:
    scales = jackknife()[1]

    def run(statistic: str) -> pd.DataFrame:
        each = np.array([point(weights, statistic) for weights in replicates(name).T])
        full = point(ours(name).weights, statistic)
        se = np.sqrt(scales @ (each - each.mean(axis=0)) ** 2)
        return full.reset_index().assign(se=se)

    compare(both_statistics(run), "replicate_errors.csv", name)


@pytest.mark.parametrize("name", ["raking", "logit_income", "rake", "postStratify"])
def test_replicate_weights(name: str) -> None:
    reference = pd.read_csv(HERE / "replicate_weights.csv").filter(regex=rf"^{name}\.")
    first_and_last = replicates(name)[:, [0, -1]]
    np.testing.assert_allclose(first_and_last, reference.to_numpy(), rtol=EXACT)


def test_a_replicate_that_cannot_meet_the_totals_is_an_error() -> None:
    # R warns and goes on with totals that are missed by up to 5 %.
    with pytest.raises(StudyError, match=r"replicate \d+, calibration, margin"):
        replicates("truncated_linear")


PROPENSITY = pd.read_csv(HERE / "propensity.csv")
RESPONDED = SAMPLE["responded"].to_numpy() == 1
COVARIATES = ("sex", "age", "income")


@pytest.mark.parametrize(("column", "weights"), [("weighted", WEIGHT), ("plain", WEIGHT * 0 + 1)])
def test_propensities(column: str, weights: np.ndarray) -> None:
    everybody = np.full(len(SAMPLE), True)
    model = fit_response_model(SAMPLE, RESPONDED, everybody, weights, COVARIATES)
    np.testing.assert_allclose(model.propensity, PROPENSITY[column], rtol=EXACT)


@pytest.mark.parametrize(
    ("factor", "expected"),
    [
        ("response_rate", PROPENSITY["rate_factor"]),
        ("mean_propensity", PROPENSITY["mean_factor"]),
        ("inverse_propensity", 1 / PROPENSITY["weighted"]),
    ],
)
def test_propensity_factors(factor, expected: pd.Series) -> None:
    disposition = np.where(RESPONDED, "complete", "refusal")
    options = PropensityOptions(factor=factor)
    result = adjust_by_propensity(
        SAMPLE, WEIGHT, WEIGHT, disposition, RESPONDED, COVARIATES, options, 5
    )
    assert result.collapses.empty
    np.testing.assert_allclose(result.factor[RESPONDED], expected[RESPONDED], rtol=EXACT)
    assert not result.factor[~RESPONDED].any()
    if factor != "inverse_propensity":
        assert result.classes.astype(int).tolist() == PROPENSITY["class"].tolist()


def test_trimming() -> None:
    reference, one = pd.read_csv(HERE / "trimmed.csv"), np.full(len(SAMPLE), "")
    strict = trim(WEIGHT, np.full(len(SAMPLE), 60.0), one, "equal")
    np.testing.assert_allclose(strict.weights, reference["strict"], rtol=EXACT)
    caps = contribution_caps(WEIGHT, one, 4.0)
    np.testing.assert_allclose(caps, reference["contribution_cap"], rtol=EXACT)
    np.testing.assert_allclose(trim(WEIGHT, caps, one).weights, reference["contribution"], EXACT)


def test_estimated_errors_of_trimming() -> None:
    reference = pd.read_csv(HERE / "mse_curve.csv")
    caps = reference["cap"].unique()
    chosen = mse_cap(
        WEIGHT,
        OUTCOMES[["y0", "y1", "y2"]],
        SAMPLE["stratum"].to_numpy(),
        SAMPLE["psu"].to_numpy(),
        caps,
    )
    curve = chosen.curve.set_index("cap")
    for row in reference.itertuples():
        estimate_, mse = curve.loc[row.cap, [f"estimate: {row.indicator}", f"mse: {row.indicator}"]]
        assert estimate_ == pytest.approx(row.estimate, rel=EXACT)
        assert mse == pytest.approx(row.mse, rel=EXACT)
        assert curve.loc[np.inf, f"mse: {row.indicator}"] == pytest.approx(
            row.free_variance, rel=EXACT
        )
    relative = (reference["mse"] / reference["free_variance"]).groupby(reference["cap"]).mean()
    assert chosen.cap == relative.idxmin()
    assert relative.min() < 1
