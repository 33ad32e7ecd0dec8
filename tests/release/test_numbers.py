"""Numbers of whole runs: equal to R on a real survey, true of the simulated populations."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
from checkout import SMALL, Checkout
from repository import PROJECT
from scipy.special import bdtrc, stdtrit

REFERENCE = PROJECT / "tests" / "reference" / "nhanes2_regions_r.csv"


def test_nhanes2_equals_r(nhanes2: Checkout) -> None:
    """Estimates and standard errors of every region, group and indicator, from raw file to end."""
    folder = nhanes2.folder / "results" / "nhanes2" / "restricted" / "estimates"
    ours = pd.concat([pd.read_parquet(path) for path in sorted(folder.glob("*.parquet"))])
    keys = ["country", "indicator", "domain", "level"]
    r = pd.read_csv(REFERENCE).set_index(keys)
    ours = ours.set_index(keys).sort_index()
    assert set(r.index) == set(ours.index)
    r = r.loc[ours.index]
    assert (ours["n"] == r["n"]).all()
    assert (ours["df"] == r["df"]).all()
    for name in ("population", "estimate", "se"):
        np.testing.assert_allclose(ours[name], r[name], rtol=1e-9, err_msg=name)


def test_intervals_cover_the_truth_as_often_as_they_say(small: Checkout) -> None:
    """True values of regions: independent samples, as regions are strata of their own.

    For one indicator the misses among the intervals of R regions are binomial with probability
    0.05 at most (the interval is not anti-conservative). With I indicators, none may have more than
    k misses, where k is the smallest number with I * P(Bin(R, 0.05) > k) < 0.001. And the mean
    share of misses, over regions that are independent of each other, must not lie above 0.05 by
    more than a one-sided t test at 0.001 allows; it takes the dependence between the indicators
    of a region as it is.
    """
    cells = pd.concat([_with_truth(small.folder, code) for code in SMALL], ignore_index=True)
    regions = cells[(cells["domain"] == "region") & cells["ci_low"].notna()]
    missed = ~regions["truth"].between(regions["ci_low"], regions["ci_high"])

    per_indicator = missed.groupby(regions["indicator"]).sum()
    count, places = len(per_indicator), regions.groupby(["country", "level"]).ngroups
    assert places >= 10
    allowed = next(k for k in range(places + 1) if count * bdtrc(k, places, 0.05) < 0.001)
    assert per_indicator.max() <= allowed

    per_region = missed.groupby([regions["country"], regions["level"]]).mean()
    spread = per_region.std(ddof=1) / math.sqrt(places)
    assert per_region.mean() - 0.05 <= stdtrit(places - 1, 0.999) * spread
    # An interval that never misses would be no 95 per cent interval.
    assert missed.mean() > 0.005


def _with_truth(folder: Path, code: str) -> pd.DataFrame:
    restricted = folder / "results" / "restricted"
    truth = pd.read_parquet(restricted / "simulated" / code / "truth.parquet")
    estimates = pd.read_parquet(restricted / "estimates" / f"{code}.parquet")
    merged = estimates.merge(
        truth.drop(columns="population"), on=["indicator", "domain", "level"], validate="1:1"
    )
    assert len(merged) == len(estimates)
    return merged
