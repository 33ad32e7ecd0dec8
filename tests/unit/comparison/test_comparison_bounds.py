"""Orderings that survive the worst case, and the critical value behind their limits."""

import numpy as np
import pandas as pd
import pytest
from comparison_study import RULES, all_comparable, countries, released

from designbased.missing.bounds import imbens_manski_confidence
from disrupting_harm.comparison.derived_tables import public_bounds
from disrupting_harm.comparison.worst_case_bounds import (
    BOUNDS_OVERLAP,
    LIMITS_OVERLAP,
    NO_BOUNDS,
    NO_DIFFERENCE,
    SURVIVES,
    bounds_table,
    compare_bounds,
)
from disrupting_harm.tables.contracts import public_contract, restricted_contract
from disrupting_harm.tables.io import check_table


def table(rows):
    """Bounds from {code: (lower, upper, ci_low, ci_high)}."""
    return pd.DataFrame(
        [
            {"indicator": "x", "country": code, "n": 900.0, "valid_share": 0.9,
             "estimate": (lower + upper) / 2, "lower": lower, "upper": upper,
             "ci_low": low, "ci_high": high, "data_kind": "simulated"}
            for code, (lower, upper, low, high) in rows.items()
        ]
    )  # fmt: skip


def pair(clear=True, a="KEN", b="UGA"):
    return pd.DataFrame({"indicator": ["x"], "country_a": [a], "country_b": [b], "clear": [clear]})


HIGH, LOW = (0.30, 0.34, 0.27, 0.37), (0.10, 0.14, 0.08, 0.16)
CLOSE, TOUCHING = (0.15, 0.28, 0.13, 0.31), (0.31, 0.36, 0.28, 0.39)


@pytest.mark.parametrize(
    ("kenya", "uganda", "clear", "survives", "higher", "ordered", "reason"),
    [
        (HIGH, LOW, True, True, "KEN", True, SURVIVES),
        (LOW, HIGH, True, True, "UGA", True, SURVIVES),
        (HIGH, LOW, False, False, "", True, NO_DIFFERENCE),
        (CLOSE, TOUCHING, True, False, "", True, LIMITS_OVERLAP),
        (CLOSE, (0.25, 0.4, 0.22, 0.43), True, False, "", False, BOUNDS_OVERLAP),
        (HIGH, HIGH, False, False, "", False, NO_DIFFERENCE),
    ],
)
def test_which_orderings_survive(kenya, uganda, clear, survives, higher, ordered, reason):
    found = compare_bounds(pair(clear), table({"KEN": kenya, "UGA": uganda}), "simulated")
    row = found.iloc[0]
    assert (row["survives"], row["higher"], row["bounds_ordered"]) == (survives, higher, ordered)
    assert row["reason"] == reason
    check_table(found, restricted_contract("comparison/bound_pairs"), "x")


def test_a_country_without_bounds_and_an_indicator_without():
    found = compare_bounds(pair(), table({"KEN": HIGH}), "simulated")
    assert found["reason"].tolist() == [NO_BOUNDS]
    assert not found[["survives", "bounds_ordered"]].any(axis=None)
    assert compare_bounds(pair().assign(indicator="hours"), table({"KEN": HIGH}), "simulated").empty
    nothing = compare_bounds(pair().iloc[:0], table({"KEN": HIGH}), "simulated")
    assert check_table(nothing, restricted_contract("comparison/bound_pairs"), "x").empty


def rows_of(codes, indicator="x"):
    return pd.DataFrame(
        [
            {"country": code, "indicator": indicator, "n_asked": 1100, "n_valid": 1000,
             "valid_share": 0.9071, "estimate": 0.2, "lower": 0.1814, "upper": 0.2743,
             "lower_ci_low": 0.15, "upper_ci_high": 0.31, "ci_low": 0.1603, "ci_high": 0.3009}
            for code in codes
        ]
    )  # fmt: skip


def test_only_shown_and_comparable_countries_have_bounds():
    counts = {"KEN": (1000, 200), "NAM": (1000, 200), "KHM": (20, 4)}
    rows = countries(tuple(counts), NAM={"age_range": "9-17"}, KEN={"age_range": "12-17"},
                     KHM={"age_range": "12-17"})  # fmt: skip
    found = bounds_table(
        rows_of(counts), released(counts), all_comparable(rows), ["x"], "simulated"
    )
    assert found["country"].tolist() == ["KEN"]
    assert found["n"].tolist() == [1000]
    check_table(found, restricted_contract("comparison/bounds"), "x")
    nothing = rows_of(counts).iloc[:0]
    none = bounds_table(nothing, released(counts), all_comparable(rows), ["x"], "simulated")
    assert check_table(none, restricted_contract("comparison/bounds"), "x").empty


def test_public_bounds_are_rounded_outwards():
    counts = {"KEN": (1000, 200)}
    found = bounds_table(
        rows_of(counts), released(counts), all_comparable(countries(("KEN",))), ["x"], "simulated"
    )
    public = public_bounds(found, RULES.rounding)
    check_table(public, public_contract("comparison/bounds"), "x")
    names = ["valid_share", "estimate", "lower", "upper", "ci_low", "ci_high"]
    assert public[names].iloc[0].tolist() == [0.91, 0.2, 0.18, 0.28, 0.16, 0.31]
    # What is a whole per cent already stays, whatever its last bits are.
    whole = public_bounds(found.assign(lower=0.07, upper=0.29, ci_low=0.07, ci_high=0.29),
                          RULES.rounding)  # fmt: skip
    assert whole[["lower", "upper"]].iloc[0].tolist() == [0.07, 0.29]


def half_level(critical, distance, df):
    """F(c + distance) - F(-c) by the trapezoidal rule on the density of t."""
    from scipy.integrate import quad
    from scipy.stats import t

    return quad(t(df).pdf, -critical, critical + distance, epsabs=1e-12)[0]


@pytest.mark.parametrize("distance", [0.0, 0.3, 1.0, 2.5, 8.0])
@pytest.mark.parametrize("df", [5.0, 40.0, 1e7])
def test_the_critical_value_of_imbens_and_manski(distance, df):
    from scipy.special import stdtrit

    level = imbens_manski_confidence(
        np.array([distance * 0.02]), np.array([0.02]), np.array([df]), 0.95
    )[0]
    critical = stdtrit(df, (1 + level) / 2)
    assert half_level(critical, distance, df) == pytest.approx(0.95, abs=1e-9)


def test_the_critical_value_runs_from_two_sided_to_one_sided():
    from scipy.special import stdtrit

    levels = imbens_manski_confidence(
        np.array([0.0, 1.0]), np.array([0.02, 0.02]), np.array([1e8, 1e8]), 0.95
    )
    assert stdtrit(1e8, (1 + levels) / 2) == pytest.approx([1.959964, 1.644854], abs=1e-5)
