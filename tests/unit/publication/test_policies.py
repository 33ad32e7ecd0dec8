"""Each agency's standard at its limits, and the table that sets them side by side."""

import numpy as np
import pandas as pd
import pytest

from designbased.intervals.limits import korn_graubard
from disrupting_harm.core.errors import StudyError
from disrupting_harm.publication.policies import POLICIES, REASONS
from disrupting_harm.publication.reliability import (
    MEASURES,
    ROUNDED,
    compare_policies,
    count_outcomes,
    judge,
)

SHOWN = ("present", "")


def cell(p: float, se: float, n: float, df: float = 60, **more: object) -> pd.DataFrame:
    row = {"estimate": p, "se": se, "n": n, "df": df, "ci_low": 0.0, "ci_high": 1.0, **more}
    return pd.DataFrame([{"indicator": "x", "item_nonresponse": 0.0, **row}])


def verdict(policy: str, estimates: pd.DataFrame, statistic: str = "proportion") -> tuple[str, str]:
    row = judge(estimates, policy, {"x": statistic}).iloc[0]
    return row["reliability"], row["reason"]


@pytest.mark.parametrize("policy", ["dhs", "mics"])
@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (24, ("suppress", "n_below_25")),
        (25, ("caution", "n_25_to_49")),
        (49, ("caution", "n_25_to_49")),
        (50, SHOWN),
    ],
)
@pytest.mark.parametrize("statistic", ["proportion", "mean", "total"])
def test_dhs_and_mics_go_by_unweighted_cases_alone(policy, n, expected, statistic):
    assert verdict(policy, cell(0.01, 0.2, n, df=3), statistic) == expected


def percent(rse: float) -> tuple[float, float]:
    """A proportion and its standard error, from the relative standard error in per cent."""
    return 0.5, 0.5 * rse / 100


@pytest.mark.parametrize(
    ("rse", "n", "expected"),
    [
        (16.5, 500, SHOWN),
        (16.549, 500, SHOWN),
        (16.551, 500, ("caution", "relative_se_16_6_to_33_3")),
        (16.6, 500, ("caution", "relative_se_16_6_to_33_3")),
        (33.3, 500, ("caution", "relative_se_16_6_to_33_3")),
        (33.349, 500, ("caution", "relative_se_16_6_to_33_3")),
        (33.351, 500, ("suppress", "relative_se_above_33_3")),
        (33.4, 500, ("suppress", "relative_se_above_33_3")),
        (5.0, 10, SHOWN),
        (5.0, 9, ("suppress", "n_below_10")),
        (50.0, 9, ("suppress", "n_below_10;relative_se_above_33_3")),
    ],
)
@pytest.mark.parametrize("statistic", ["proportion", "mean", "total"])
def test_statcan_classes_have_one_decimal(rse, n, expected, statistic):
    assert verdict("statcan", cell(*percent(rse), n), statistic) == expected


@pytest.mark.parametrize(
    ("rse", "n", "expected"),
    [
        (30.0, 25, SHOWN),
        (30.01, 25, ("caution", "relative_se_above_30")),
        (30.0, 24, ("suppress", "n_below_25")),
    ],
)
def test_vacs(rse, n, expected):
    assert verdict("vacs", cell(*percent(rse), n)) == expected


@pytest.mark.parametrize("policy", ["statcan", "vacs"])
@pytest.mark.parametrize("p", [0.0, 1.0])
def test_a_relative_error_says_nothing_where_nobody_or_everybody_says_yes(policy, p):
    assert verdict(policy, cell(p, 0.0, 500)) == ("review", "no_or_all_yes")


@pytest.mark.parametrize(
    ("n", "missing", "expected"),
    [
        (19, 0.0, ("suppress", "n_below_20")),
        (20, 0.0, ("caution", "n_20_to_49")),
        (49, 0.0, ("caution", "n_20_to_49")),
        (50, 0.0, SHOWN),
        (50, 0.1999, SHOWN),
        (50, 0.2, ("caution", "item_nonresponse_20_to_50")),
        (49, 0.5, ("caution", "n_20_to_49;item_nonresponse_20_to_50")),
        (500, 0.501, ("suppress", "item_nonresponse_above_50")),
    ],
)
def test_eu_silc_goes_by_cases_and_missing_answers(n, missing, expected):
    assert verdict("eu_silc", cell(0.4, 0.02, n, item_nonresponse=missing)) == expected


def standard_error_for_width(p: float, n: int, width: float) -> float:
    """The standard error at which the Korn–Graubard interval is this wide, by bisection."""
    low, high = 1e-6, 0.5
    for _ in range(80):
        middle = (low + high) / 2
        lower, upper = korn_graubard(p, middle, n, 60)
        low, high = (middle, high) if upper - lower < width else (low, middle)
    return low


@pytest.mark.parametrize(
    ("p", "n", "width", "expected"),
    [
        (0.5, 10_000, 0.1999, SHOWN),
        (0.5, 10_000, 0.2001, ("caution", "interval_above_20_points")),
        (0.05, 10_000, 0.0599, SHOWN),
        (0.05, 10_000, 0.0601, ("caution", "relative_interval_above_120")),
    ],
)
def test_nsch_marks_wide_intervals(p, n, width, expected):
    assert verdict("nsch", cell(p, standard_error_for_width(p, n, width), n)) == expected


@pytest.mark.parametrize(("n", "expected"), [(29, ("suppress", "n_below_30")), (30, SHOWN)])
def test_nsch_hides_few_cases(n, expected):
    assert verdict("nsch", cell(0.97, 0.01, n)) == expected


def test_nsch_goes_by_the_t_interval_of_means():
    """1.2 times a mean of 10 is 12: a standard error of 2.99955 with 60 degrees of freedom."""
    assert verdict("nsch", cell(10.0, 2.999, 100), "mean") == SHOWN
    assert verdict("nsch", cell(10.0, 3.0, 100), "mean")[1] == "relative_interval_above_120"


@pytest.mark.parametrize(
    ("p", "width", "plain", "rounded"),
    [
        (0.5, 0.2996, "present", "suppress"),  # 29.96 is 30.0
        (0.5, 0.2994, "present", "present"),
        (0.5, 0.3000001, "suppress", "suppress"),
        (0.03, 0.0504, "suppress", "present"),  # 5.04 is 5.0, not wider than 5
        (0.03, 0.0506, "suppress", "suppress"),
        (0.1, 0.13003, "suppress", "present"),  # 130.03 is 130.0, not more than 130
        (0.1, 0.13006, "suppress", "suppress"),
    ],
)
def test_the_sas_macro_rounds_before_it_compares(p, width, plain, rounded):
    estimates = cell(p, standard_error_for_width(p, 100_000, width), 100_000)
    assert verdict("nchs2017", estimates)[0] == plain
    assert verdict("nchs2017_sas", estimates)[0] == rounded


COUNT = {"n_kish": 40.0}


@pytest.mark.parametrize(
    ("relative_se", "n_kish", "df", "expected"),
    [
        (0.2, 10.0, 60, SHOWN),
        (0.2, 9.99, 60, ("suppress", "n_kish_below_10")),
        (0.2, 10.0, 8, SHOWN),
        (0.2, 10.0, 7, ("review", "df_below_8")),
        # exp(t r) - exp(-t r) = 1.6 at t r = 0.732668; t with 39 degrees of freedom is 2.022691.
        (0.36222, 40.0, 60, SHOWN),
        (0.36223, 40.0, 60, ("suppress", "relative_interval_above_160")),
    ],
)
def test_nchs_counts_go_by_the_log_t_interval(relative_se, n_kish, df, expected):
    count = cell(2000.0, 2000 * relative_se, 100, df, n_kish=n_kish)
    assert verdict("nchs2023_counts", count, "total") == expected


def test_nchs_counts_leave_proportions_and_means_to_the_other_standards():
    for p, se, n in [(0.5, 0.09, 60), (0.04, 0.012, 300), (0.1, 0.02, 400)]:
        assert verdict("nchs2023_counts", cell(p, se, n)) == verdict("nchs2017", cell(p, se, n))
    assert verdict("nchs2023_counts", cell(10.0, 3.0, 50), "mean") == (
        "suppress",
        "relative_se_30_or_more",
    )


def test_names_the_column_that_a_standard_needs():
    with pytest.raises(StudyError, match=r"'n_kish'.*nchs2023_counts"):
        judge(cell(2000.0, 100.0, 100), "nchs2023_counts", {"x": "total"})
    with pytest.raises(StudyError, match=r"'item_nonresponse'.*eu_silc"):
        judge(cell(0.5, 0.02, 100).drop(columns="item_nonresponse"), "eu_silc")
    with pytest.raises(StudyError, match="'df'"):
        judge(cell(0.5, 0.02, 100).drop(columns="df"))


@pytest.mark.parametrize("policy", POLICIES)
def test_common_to_all(policy):
    nobody = cell(np.nan, np.nan, 0, 0, n_kish=0.0, ci_low=np.nan, ci_high=np.nan)
    assert verdict(policy, nobody)[0] == "suppress"
    assert verdict(policy, nobody)[1].startswith("no_cases")
    without = cell(0.5, 0.02, 500, n_kish=300.0, ci_low=np.nan)
    assert verdict(policy, without) == ("review", "no_interval")
    assert verdict(policy, cell(0.4, 0.0, 500)) == ("review", "no_variance")


def test_rules_are_well_formed():
    for policy in POLICIES.values():
        for rule in policy.rules:
            assert rule.conditions
            assert {condition.measure for condition in rule.conditions} <= set(MEASURES)
            assert rule.reason in REASONS
    assert set(ROUNDED) <= set(MEASURES)
    assert {name for name, policy in POLICIES.items() if not policy.verified} == {
        "mics",
        "eu_silc",
        "vacs",
    }


def test_side_by_side():
    estimates = pd.concat(
        [cell(0.02, 0.012, 160), cell(0.3, 0.03, 40), cell(0.3, 0.03, 400)], ignore_index=True
    ).assign(country="KEN", domain="total", level=["a", "b", "c"])
    table = compare_policies(estimates.drop(columns="item_nonresponse"))
    assert table.columns[:6].tolist() == [
        "country",
        "indicator",
        "domain",
        "level",
        "n",
        "estimate",
    ]
    assert table["nchs2017"].tolist() == ["suppress", "present", "present"]
    assert table["dhs"].tolist() == ["present", "caution", "present"]
    assert table["statcan"].tolist() == ["suppress", "present", "present"]
    assert table["dhs_reason"].tolist() == ["", "n_25_to_49", ""]
    assert set(table["eu_silc"]) == {"not_judged"}
    assert set(table["eu_silc_reason"]) == {"needs_item_nonresponse"}
    for name in POLICIES:
        if name != "eu_silc":
            judged = judge(estimates, name)
            assert table[name].tolist() == judged["reliability"].tolist()
            assert table[f"{name}_reason"].tolist() == judged["reason"].tolist()
    counts = count_outcomes(table)
    assert counts.loc["dhs"].tolist() == [2, 1, 0, 0, 0]
    assert counts.loc["eu_silc", "not_judged"] == 3
