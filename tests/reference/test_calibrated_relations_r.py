"""Ratios, quantiles, contrasts and counts from calibrated weights equal to R (calibration/)."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from designbased import (
    SurveyDesign,
    calibrate,
    calibrated_frame,
    calibration_auxiliaries,
    estimate,
    estimate_contrasts,
    estimate_quantiles,
    estimate_ratios,
    joint_estimates,
    pairs_of_levels,
    poststratify,
    weighted_counts,
)
from designbased.calibration.calibrated_errors import CalibratedFrame
from disrupting_harm.core.errors import StudyError

HERE = Path(__file__).parent / "calibration"
RELATIONS = pd.read_csv(HERE / "relations.csv")
SAMPLE = pd.read_csv(HERE / "sample.csv").assign(total="all")
WEIGHT = SAMPLE["weight"].to_numpy()
TARGETS = {
    "sex": {"boy": 3300.0, "girl": 3200.0},
    "age": {"12-13": 2200.0, "14-15": 1900.0, "16-17": 2400.0},
    "area": {"rural": 3300.0, "urban": 3200.0},
}
NAMES = ["raking", "linear_income", "postStratify", "rake"]
EXACT = 1e-9


def domains(*names: str) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Categorical(SAMPLE[name]) for name in names})


PARTS = domains("total", "sex", "area")


@cache
def calibrated(name: str) -> tuple[SurveyDesign, CalibratedFrame]:
    if name == "postStratify":
        weights = poststratify(WEIGHT, SAMPLE, "age", TARGETS["age"])
        values = calibration_auxiliaries(SAMPLE, {"age": TARGETS["age"]}, WEIGHT).values
    else:
        totals = {"income": 68 * 6500.0} if name == "linear_income" else {}
        known = calibration_auxiliaries(SAMPLE, TARGETS, WEIGHT, totals)
        weights = calibrate(WEIGHT, known, "linear" if totals else "raking").weights
        values = known.values
    design = SurveyDesign.from_frame(SAMPLE.assign(weight=weights))
    return design, calibrated_frame(values, WEIGHT, "equal" if name == "rake" else "before")


def by_r(name: str, kind: str) -> pd.DataFrame:
    rows = RELATIONS[(RELATIONS["calibration"] == name) & (RELATIONS["kind"] == kind)]
    assert len(rows)
    return rows.drop(columns=["calibration", "kind"])


def require_equal(found: pd.DataFrame, reference: pd.DataFrame, values: dict[str, str]) -> None:
    keys = ["indicator", "domain", "level"]
    pairs = reference.merge(found, on=keys, suffixes=("_r", ""), validate="1:1")
    assert len(pairs) == len(reference) == len(found)
    for ours, theirs in values.items():
        theirs = f"{theirs}_r" if ours == theirs else theirs
        np.testing.assert_allclose(pairs[ours], pairs[theirs], rtol=EXACT)


@pytest.mark.parametrize("name", NAMES)
def test_ratios(name: str) -> None:
    design, calibration = calibrated(name)
    above = SAMPLE[["hours", "y2"]]
    below = pd.DataFrame({"hours": SAMPLE["income"], "y2": SAMPLE["hours"]})
    found = estimate_ratios(design, above, below, PARTS, calibration=calibration)
    require_equal(found, by_r(name, "ratio"), {"estimate": "estimate", "se": "se"})


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("interval", ["mean", "logit"])
def test_quantiles(name: str, interval: str) -> None:
    design, calibration = calibrated(name)
    for p in (0.25, 0.5, 0.9):
        found = estimate_quantiles(
            design, SAMPLE[["hours"]], PARTS, [p], interval, calibration=calibration
        )
        reference = by_r(name, f"{'mean' if interval == 'mean' else 'xlogit'}_{p}")
        columns = {"estimate": "estimate", "se": "se", "ci_low": "low", "ci_high": "high"}
        require_equal(found, reference, columns)


@pytest.mark.parametrize("name", NAMES)
def test_contrasts_and_covariances(name: str) -> None:
    design, calibration = calibrated(name)
    statistics = {"hours": "mean"}
    outcomes = SAMPLE[["y0", "hours"]]
    for domain in ("sex", "area", "age"):
        level = domains(domain)
        pair = dict(list(pairs_of_levels(level).items())[:1])
        found = estimate_contrasts(
            design, outcomes, level, pair, statistics, calibration=calibration
        )
        reference = by_r(name, "contrast").query("domain == @domain")
        assert found["indicator"].tolist() == reference["indicator"].tolist()
        np.testing.assert_allclose(found["estimate"], reference["estimate"], rtol=EXACT)
        np.testing.assert_allclose(found["se"], reference["se"], rtol=EXACT)

        joint = joint_estimates(design, outcomes, level, statistics, calibration)
        first = joint.cells.index[joint.cells["level"] == level[domain].cat.categories[0]]
        covariance = joint.matrix[first, first + 1]
        expected = by_r(name, "covariance").query("domain == @domain")["estimate"]
        # What calibration explains leaves covariances of rounding size, beside variances of 1e-3.
        np.testing.assert_allclose(covariance, expected, rtol=EXACT, atol=1e-14)


@pytest.mark.parametrize("name", NAMES)
def test_counts(name: str) -> None:
    design, calibration = calibrated(name)
    found = weighted_counts(
        design, SAMPLE[["y0", "y1", "y2"]], PARTS, "wald_t", calibration=calibration
    )
    totals = pd.read_csv(HERE / "errors.csv").query("calibration == @name and statistic == 'total'")
    reference = totals[totals["indicator"] != "hours"].drop(columns=["calibration", "statistic"])
    require_equal(found, reference, {"estimate": "estimate", "se": "se"})


def test_the_diagonal_is_that_of_the_table() -> None:
    design, calibration = calibrated("linear_income")
    outcomes, statistics = SAMPLE[["y0", "y2", "hours"]], {"hours": "total"}
    joint = joint_estimates(design, outcomes, PARTS, statistics, calibration)
    table = estimate(design, outcomes, PARTS, statistics, calibration=calibration)
    np.testing.assert_allclose(np.sqrt(np.diag(joint.matrix)), table["se"], rtol=1e-11)


def test_a_calibration_of_other_rows_is_refused() -> None:
    _, calibration = calibrated("raking")
    shorter = SurveyDesign.from_frame(SAMPLE.iloc[1:])
    outcomes, parts = SAMPLE[["hours"]].iloc[1:], PARTS.iloc[1:]
    for run in (
        lambda: estimate(shorter, outcomes, parts, {"hours": "mean"}, calibration=calibration),
        lambda: estimate_ratios(shorter, outcomes, outcomes, parts, calibration=calibration),
        lambda: estimate_quantiles(shorter, outcomes, parts, [0.5], calibration=calibration),
        lambda: joint_estimates(shorter, outcomes, parts, {"hours": "mean"}, calibration),
    ):
        with pytest.raises(StudyError, match="240 rows for a design of 239"):
            run()
