"""Intervals equal those of R's `survey`, method by method: see intervals/intervals.R.

Tolerance: 1e-11 relative; the largest difference seen is 3e-13. Where R is not the right answer the
test says why.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from designbased.intervals.limits import INTERVALS

REFERENCE = pd.read_csv(Path(__file__).parent / "intervals" / "intervals_r.csv")
TOLERANCE = 1e-11


def ours(name: str) -> NDArray[np.float64]:
    """Both limits of every row; the confidence level is the same within a group of rows."""
    found = np.empty((len(REFERENCE), 2))
    for confidence, rows in REFERENCE.groupby("confidence"):
        cells = (rows[column] for column in ("p", "se", "n", "df"))
        found[rows.index] = np.column_stack(INTERVALS[name](*cells, confidence))
    return found


def of_r(method: str) -> NDArray[np.float64]:
    return REFERENCE[[f"{method}_low", f"{method}_high"]].to_numpy()


def test_holds_many_cells() -> None:
    assert len(REFERENCE) >= 50
    assert not REFERENCE.isna().any(axis=None)
    assert (REFERENCE["df"] < 8).any()


@pytest.mark.parametrize(
    ("name", "method"), [("logit", "xlogit"), ("beta", "beta"), ("likelihood", "solved")]
)
def test_equal(name: str, method: str) -> None:
    np.testing.assert_allclose(ours(name), of_r(method), rtol=TOLERANCE)


def test_logit_of_the_fitted_model() -> None:
    """R's default method fits a model, and stops at a change in deviance of 1e-8."""
    np.testing.assert_allclose(ours("logit"), of_r("logit"), rtol=1e-8)


def test_arcsine_equal_where_r_does_not_mirror() -> None:
    """R does not cut angles at 0 and π/2: there its limit is the mirror image of the angle."""
    angle = np.arcsin(np.sqrt(of_r("asin")))
    centre = np.arcsin(np.sqrt(REFERENCE["p"].to_numpy()))
    half = np.abs(angle - centre[:, np.newaxis])
    mirrored = np.abs(half - half.max(axis=1, keepdims=True)) > 1e-9
    expected = np.where(mirrored, [0.0, 1.0], of_r("asin"))
    np.testing.assert_allclose(ours("arcsine"), expected, rtol=TOLERANCE)
    assert mirrored.any(axis=0).all()


def test_wald_equal_but_cut_at_zero_and_one() -> None:
    unlimited = of_r("mean")
    np.testing.assert_allclose(ours("wald"), np.clip(unlimited, 0, 1), rtol=TOLERANCE)
    assert (unlimited[:, 0] < 0).any()
    assert (unlimited[:, 1] > 1).any()


def test_likelihood_differs_from_svyciprop_by_its_interpolation_alone() -> None:
    """`svyciprop` reads its limits off a spline through ten points of the profile."""
    interpolation = of_r("likelihood") / of_r("solved") - 1
    difference = of_r("likelihood") / ours("likelihood") - 1
    np.testing.assert_allclose(difference, interpolation, atol=TOLERANCE)
    assert np.abs(interpolation).max() < 0.004
    assert np.median(np.abs(interpolation)) < 5e-5
