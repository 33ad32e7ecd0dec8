"""Presentation standards: published vectors, an independent oracle, and the rules' edges."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy.special import betaincinv, stdtrit

from designbased.intervals.limits import korn_graubard
from disrupting_harm.core.errors import StudyError
from disrupting_harm.publication.policies import REASONS
from disrupting_harm.publication.reliability import judge

# p, se, n, df, class, reasons of the NCHS SAS macro's logic on unrounded values.
VECTORS = [
    (0.10, 0.02, 400, 60, "present", ""),
    (0.03, 0.010, 300, 40, "present", ""),  # relative width 148 %, but under 5 points wide
    (0.012, 0.004, 900, 72, "present", ""),
    (0.50, 0.09, 60, 12, "suppress", "interval_30_points_wide"),
    (0.95, 0.015, 300, 40, "caution", "complement_unreliable"),
    (0.0, 0.0, 50, 20, "review", "no_or_all_yes"),
    (0.0, 0.0, 200, 40, "review", "no_or_all_yes"),
    (0.20, 0.03, 250, 6, "review", "df_below_8"),
    (0.97, 0.02, 120, 20, "caution", "complement_unreliable"),
    (0.05, 0.02, 28, 10, "suppress", "n_eff_below_30;relative_interval_above_130"),
    (1.0, 0.0, 100, 20, "review", "no_or_all_yes"),
    (0.04, 0.012, 300, 40, "suppress", "relative_interval_above_130"),
    (0.021857923497267763, 0.022622538943, 183, 14, "suppress", "relative_interval_above_130"),
]


def table(p, se, n, df, low=0.0, high=1.0):
    """Estimates as the stage `estimate` gives them; scalars or arrays."""
    return pd.DataFrame(
        {
            "indicator": "x",
            "estimate": p,
            "se": se,
            "n": n,
            "df": df,
            "ci_low": low,
            "ci_high": high,
        },
        index=range(np.size(p)),
    )


def verdict(*cell, policy="nchs2017", statistics=None, **limits):
    row = judge(table(*cell, **limits), policy, statistics).iloc[0]
    return row["reliability"], row["reason"]


@pytest.mark.parametrize(("p", "se", "n", "df", "reliability", "reason"), VECTORS)
def test_published_vectors(p, se, n, df, reliability, reason):
    assert verdict(p, se, n, df) == (reliability, reason)


def oracle(p: float, se: float, n: int, df: int) -> str:
    """The macro's logic, written for one cell from the standard's text."""
    if p in (0.0, 1.0):
        n_eff = n_eff_df = float(n)
    else:
        n_eff = p * (1 - p) / se**2
        ratio = stdtrit(n - 1, 0.975) / stdtrit(df, 0.975)
        n_eff_df = min(n, n_eff * ratio**2)
    x = p * n_eff_df
    lower = 0.0 if p == 0 else betaincinv(x, n_eff_df - x + 1, 0.025)
    upper = 1.0 if p == 1 else betaincinv(x + 1, n_eff_df - x, 0.975)
    width = upper - lower
    relative = math.inf if p == 0 else 100 * width / p
    if min(n_eff, n) < 30 or width >= 0.30 or (p > 0 and width > 0.05 and relative > 130):
        return "suppress"
    if p in (0.0, 1.0) or df < 8:
        return "review"
    return "caution" if width > 0.05 and 100 * width / (1 - p) > 130 else "present"


def test_agrees_with_an_independent_oracle_on_10000_random_cells():
    random = np.random.default_rng(17)
    size = 10_000
    p = random.beta(0.4, 0.6, size).round(4)  # many at 0 and 1
    n = random.integers(2, 1200, size)
    deff = random.uniform(0.6, 3.0, size)
    se = np.sqrt(np.clip(p * (1 - p), 0, None) * deff / n)
    df = random.integers(1, 100, size)
    given = judge(table(p, se, n, df))["reliability"].to_numpy()
    cells = zip(p.tolist(), se.tolist(), n.tolist(), df.tolist(), strict=True)
    expected = [oracle(*cell) for cell in cells]
    assert set(expected) == {"suppress", "review", "caution", "present"}
    assert (given == expected).all()


def test_judges_korn_graubard_whatever_interval_is_printed():
    assert verdict(0.50, 0.09, 60, 12, low=0.49, high=0.51)[0] == "suppress"


def test_missing_parts_are_never_present():
    assert verdict(np.nan, np.nan, 0, np.nan, low=np.nan, high=np.nan)[0] == "suppress"
    assert "no_cases" in verdict(np.nan, np.nan, 0, 20, low=np.nan, high=np.nan)[1].split(";")
    assert verdict(0.5, 0.02, 500, 0, low=np.nan, high=np.nan) == (
        "review",
        "df_below_8;no_interval",
    )
    assert verdict(0.5, 0.02, 500, np.nan)[1] == "df_below_8"
    assert verdict(0.4, 0.0, 500, 20) == ("review", "no_variance")


def test_means_go_by_n_and_relative_standard_error():
    mean = {"x": "mean"}
    assert verdict(10.0, 2.99, 30, 20, statistics=mean) == ("present", "")
    assert verdict(10.0, 3.0, 30, 20, statistics=mean) == ("suppress", "relative_se_30_or_more")
    assert verdict(10.0, 1.0, 29, 20, statistics=mean) == ("suppress", "n_below_30")
    assert verdict(10.0, 1.0, 30, 7, statistics=mean) == ("review", "df_below_8")


def test_keeps_rows_and_columns_and_uses_known_codes():
    estimates = table([0.1, 0.5, 0.0], [0.02, 0.09, 0.0], [400, 60, 50], [60, 12, 20])
    judged = judge(estimates)
    assert judged[estimates.columns.tolist()].equals(estimates)
    codes = {code for text in judged["reason"] for code in text.split(";") if code}
    assert codes <= set(REASONS)


def test_refuses_an_unknown_policy():
    with pytest.raises(StudyError, match="nchs2017, nchs2017_sas"):
        judge(table(0.1, 0.02, 400, 60), "nchs")


def test_rounding_first_as_the_sas_macro_agrees_with_the_oracle_away_from_the_limits():
    """Where no width is within 0.05 of a limit, rounding changes nothing."""
    random = np.random.default_rng(18)
    p = random.beta(0.6, 0.6, 2000).round(4).clip(0.001, 0.999)
    n = random.integers(30, 1200, 2000)
    se = np.sqrt(p * (1 - p) * random.uniform(0.8, 3.0, 2000) / n)
    cells = table(p, se, n, 40)
    plain, rounded = judge(cells), judge(cells, "nchs2017_sas")
    differ = plain["reliability"] != rounded["reliability"]
    width = 100 * np.subtract(*korn_graubard(p, se, n, 40)[::-1])
    near = np.zeros(2000, dtype=bool)
    for value, limit in ((width, 30), (width, 5), (width / p, 130), (width / (1 - p), 130)):
        near |= np.abs(value - limit) <= 0.05
    assert not (differ & ~near).any()
