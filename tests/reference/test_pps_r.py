"""Samples of unequal probability equal R's package `survey`: see `designs/pps.R`."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from designbased import (
    PpsDesign,
    association_test,
    difference_tests,
    estimate,
    estimate_ratios,
    fit_model,
)

FOLDER = Path(__file__).parent / "designs"
R = pd.read_csv(FOLDER / "pps_r.csv").set_index(["case", "quantity", "indicator", "level"])
PLACES = pd.read_csv(FOLDER / "pps_sample.csv").assign(weight=lambda frame: 1 / frame["p"])
COUNTS = ["Bush", "Kerry", "Nader", "votes"]
COUNTIES = PLACES.groupby("county", as_index=False).agg(
    {**dict.fromkeys(COUNTS, "sum"), **dict.fromkeys(["half", "p", "squares"], "first")}
)
JOINT = pd.read_csv(FOLDER / "pps_joint.csv").to_numpy()
LARGE = "more than 50,000 votes"
# R prints 15 digits; Horvitz and Thompson's double sums lose some of them.
TOLERANCE = 1e-12


def design_of(case: str) -> tuple[pd.DataFrame, PpsDesign]:
    form: Any
    form, _, kind = case.partition(" ")
    frame = PLACES if kind in ("clusters", "stages") else COUNTIES
    options: dict[str, Any] = {
        "known": {"squares": "squares"},
        "strata": {"stratum": "half"},
        "clusters": {"psu": "county"},
        "stages": {"psu": "county", "later_stages": [("place", "places")]},
        "": {},
    }[kind]
    joint = JOINT if form in ("horvitz_thompson", "yates_grundy") else None
    return frame, PpsDesign.from_frame(frame, "p", form, joint, **options)


def compare(ours: Any, key: tuple[str, ...]) -> None:
    theirs = R.loc[key]
    numbers = [float(ours["estimate"]), float(ours["se"])]
    np.testing.assert_allclose(numbers, theirs[["estimate", "se"]].astype(float), rtol=TOLERANCE)
    if not np.isnan(theirs["df"]):
        assert ours["df"] == theirs["df"]


@pytest.mark.parametrize("case", R.index.get_level_values("case").unique())
def test_totals_means_and_ratios(case: str) -> None:
    frame, design = design_of(case)
    large = pd.Series(np.where(frame["votes"] > 50_000, LARGE, "fewer"))
    for key in R.loc[case].index:
        quantity, indicator, level = key
        if quantity not in ("total", "mean", "ratio"):
            continue
        if quantity == "ratio":
            below = frame[["votes"]].set_axis(["Bush"], axis=1)
            ours = estimate_ratios(design, frame[["Bush"]], below, None).iloc[0]
        else:
            domains = None if level == "all" else large
            table = estimate(design, frame[indicator], domains, {indicator: quantity})
            ours = table.set_index("level").loc[level]
        compare(ours, (case, *key))


def test_logistic_regression() -> None:
    frame, design = design_of("brewer clusters")
    table = fit_model(design, frame, "yes ~ size", "logistic").table()
    theirs = R[R.index.get_level_values("quantity") == "logistic"]
    np.testing.assert_allclose(table[["estimate", "se"]], theirs[["estimate", "se"]], rtol=1e-11)


def test_association_and_t_test() -> None:
    frame, design = design_of("brewer clusters")
    theirs = R.xs("brewer clusters").reset_index().set_index("quantity")
    association = association_test(design, frame["yes"], frame["half"])
    difference = difference_tests(design, frame[["size"]], frame["half"]).iloc[0]
    for ours, quantity in (
        ([association.statistic, association.p_value], "association"),
        ([difference["t"], difference["p_value"]], "t test"),
    ):
        expected = theirs.loc[quantity, ["estimate", "se"]].astype(float)
        np.testing.assert_allclose(np.abs(ours), np.abs(expected), rtol=1e-11)
