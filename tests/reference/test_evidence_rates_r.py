"""Exact Poisson limits, dispersions and quasi-Poisson limits against R's stats package."""

from pathlib import Path

import numpy as np
import pandas as pd

from disrupting_harm.evidence.rates import (
    dispersion,
    poisson_interval,
    series_intervals,
)

HERE = Path(__file__).parent / "evidence"


def test_exact_poisson_limits_are_those_of_r() -> None:
    numbers = pd.read_csv(HERE / "poisson_r.csv")
    assert len(numbers) == 39
    for level, part in numbers.groupby("confidence"):
        low, high = poisson_interval(part["count"], float(str(level)))
        np.testing.assert_allclose(low, part["low"], rtol=1e-12)
        np.testing.assert_allclose(high, part["high"], rtol=1e-12)


def test_dispersions_and_quasi_poisson_limits_are_those_of_r() -> None:
    numbers = pd.read_csv(HERE / "quasi_poisson_r.csv")
    assert numbers["series"].nunique() == 8
    for name, part in numbers.groupby("series"):
        found = dispersion(part["year"], part["count"])
        np.testing.assert_allclose(found, part["dispersion"].iloc[0], rtol=1e-10, err_msg=str(name))
        intervals = series_intervals(part["year"], part["count"])
        assert {interval.interval for interval in intervals} == {"quasi_poisson"}
        # R finds the limits by a search that stops 1e-9 away from the smallest ones.
        np.testing.assert_allclose([i.low for i in intervals], part["low"], rtol=1e-9)
        np.testing.assert_allclose([i.high for i in intervals], part["high"], rtol=1e-10)
