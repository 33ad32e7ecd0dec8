"""Weights equal to those of R's survey package on the same sample (weights/make_weights.R)."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from designbased.calibration.raking import margin_targets, poststratify
from designbased.weighting.pipeline import WeightingSettings, WeightResult, build_weights
from designbased.weighting.trimming import trim, weight_caps

HERE = Path(__file__).parent / "weights"
EXACT = 1e-9
SETTINGS = WeightingSettings(
    psu_probability="p_psu",
    household_probability="p_household",
    eligible_children="eligible",
    nonresponse_classes=("stratum",),
    trim_iqr_multiple=None,
    margins=("sex", "age", "stratum"),
)


@pytest.fixture(scope="module")
def sample() -> pd.DataFrame:
    return pd.read_csv(HERE / "sample.csv")


@pytest.fixture(scope="module")
def margins() -> pd.DataFrame:
    return pd.read_csv(HERE / "margins.csv")


@pytest.fixture(scope="module")
def ours(sample: pd.DataFrame, margins: pd.DataFrame) -> WeightResult:
    return build_weights(sample, SETTINGS, margins)


@pytest.fixture(scope="module")
def reference() -> pd.DataFrame:
    return pd.read_csv(HERE / "weights.csv")


def test_the_same_children_in_the_same_order(ours: WeightResult, reference: pd.DataFrame) -> None:
    assert ours.weights["child_id"].tolist() == reference["child_id"].tolist()
    assert len(reference) == 256


def test_base_weights(ours: WeightResult, reference: pd.DataFrame) -> None:
    np.testing.assert_allclose(ours.weights["base_weight"], reference["base"], rtol=EXACT)


def test_nonresponse_class_weights(ours: WeightResult, reference: pd.DataFrame) -> None:
    adjusted = ours.weights["base_weight"] * ours.weights["nonresponse_factor"]
    np.testing.assert_allclose(adjusted, reference["adjusted"], rtol=EXACT)


def test_raked_weights(ours: WeightResult, reference: pd.DataFrame) -> None:
    np.testing.assert_allclose(ours.weights["weight"], reference["raked"], rtol=EXACT)


def test_poststratified_weights(
    sample: pd.DataFrame, margins: pd.DataFrame, reference: pd.DataFrame
) -> None:
    respondents = sample[sample["disposition"] == "complete"]
    target = margin_targets(margins, ("age",))["age"]
    weights = poststratify(reference["adjusted"].to_numpy(), respondents, "age", target)
    np.testing.assert_allclose(weights, reference["poststratified"], rtol=EXACT)


def test_trimmed_weights(reference: pd.DataFrame) -> None:
    adjusted, one_group = reference["adjusted"].to_numpy(), np.full(len(reference), "")
    trimmed = trim(adjusted, weight_caps(adjusted, one_group, None, 5.0), one_group)
    assert 0 < trimmed.cut.sum() < 20
    np.testing.assert_allclose(trimmed.weights, reference["trimmed"], rtol=EXACT)
