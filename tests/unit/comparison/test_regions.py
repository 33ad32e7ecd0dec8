"""Countries against the mean of their region."""

import numpy as np
import pandas as pd
import pytest
from release_cells import from_counts, released
from scipy.special import expit, logit, stdtr, stdtrit

from disrupting_harm.comparison.differences.regions import compare_with_region, mean_weights
from disrupting_harm.comparison.prevalence import prevalence_table
from disrupting_harm.comparison.public_forms import public_against_region
from disrupting_harm.core.errors import StudyError
from disrupting_harm.study.configuration.publication_config import Publication, Rounding
from disrupting_harm.tables.contracts import public_contract, restricted_contract
from disrupting_harm.tables.io import check_table

REGIONS = {"KEN": "East", "UGA": "East", "TZA": "East", "VNM": "South", "THA": "South", "X": None}
COUNTS = {"KEN": (1000, 200), "UGA": (800, 240), "TZA": (900, 90), "VNM": (1000, 50),
          "THA": (1000, 100), "X": (1000, 300)}  # fmt: skip


def countries(counts, df=60):
    tables = [
        from_counts([("x", "total", "all", n, yes)], code, df=df)
        for code, (n, yes) in counts.items()
    ]
    return released(pd.concat(tables, ignore_index=True), Publication())


def compared(counts=COUNTS, regions=REGIONS, **options):
    table = compare_with_region(countries(counts), ["x"], regions, "simulated", **options)
    check_table(table, restricted_contract("comparison/against_region"), "against_region")
    return table


def test_a_country_and_its_mean_by_hand():
    table = compared()
    assert table["country"].tolist() == ["KEN", "TZA", "UGA", "THA", "VNM"]
    row = table.iloc[0]
    v = np.array([0.2 * 0.8 / 1000, 0.3 * 0.7 / 800, 0.1 * 0.9 / 900])
    assert row["regional_mean"] == pytest.approx(0.2, abs=1e-15)
    assert row["difference"] == pytest.approx(0, abs=1e-15)
    parts = np.array([4 / 9, 1 / 9, 1 / 9]) * v
    assert row["se"] == pytest.approx(parts.sum() ** 0.5, rel=1e-12)
    # Not as if the mean were independent of the country, nor as if it were exact.
    assert row["se"] != pytest.approx((v[0] + v.sum() / 9) ** 0.5, rel=1e-3)
    assert row["df"] == pytest.approx(parts.sum() ** 2 / (parts**2 / 60).sum(), rel=1e-12)
    uganda = table.iloc[2]
    assert uganda["ratio"] == pytest.approx(1.5, rel=1e-12)
    slopes = np.array([-1 / 0.6, 1 / 0.3 - 1 / 0.6, -1 / 0.6])
    se_log = ((slopes**2) * v).sum() ** 0.5
    half = np.log(uganda["ratio_high"] / uganda["ratio_low"]) / 2
    # The error of its step, with 93 to 180 degrees of freedom.
    assert uganda["step_alpha"] == pytest.approx(0.05 / 4)
    assert 2.523 < half / se_log < 2.547
    assert np.sqrt(uganda["ratio_low"] * uganda["ratio_high"]) == pytest.approx(1.5, rel=1e-12)


def test_intervals_are_recovered_from_the_limits_of_each_country():
    row = compared().iloc[2]
    p, n = np.array([0.3, 0.2, 0.1]), np.array([800, 1000, 900])
    se, t = 1 / np.sqrt(n * p * (1 - p)), stdtrit(row["df"], 1 - row["step_alpha"] / 2)
    low, high = expit(logit(p) - t * se), expit(logit(p) + t * se)
    weights = np.array([2 / 3, 1 / 3, 1 / 3])
    down = weights * [0.3 - low[0], high[1] - 0.2, high[2] - 0.1]
    up = weights * [high[0] - 0.3, 0.2 - low[1], 0.1 - low[2]]
    assert row["ci_low"] == pytest.approx(0.1 - (down**2).sum() ** 0.5, rel=1e-9)
    assert row["ci_high"] == pytest.approx(0.1 + (up**2).sum() ** 0.5, rel=1e-9)
    # Means keep the interval of their variance, and its test.
    mean = compared(statistics={"x": "mean"}).iloc[2]
    assert mean["ci_high"] - 0.1 == pytest.approx(0.1 - mean["ci_low"], rel=1e-9)
    assert mean["p_value"] == pytest.approx(2 * stdtr(mean["df"], -0.1 / mean["se"]), rel=1e-12)
    assert mean["se"] == row["se"]


def test_the_p_value_is_the_error_at_which_the_interval_touches_zero():
    for row in compared().itertuples():
        # With its own P value as alpha, a family of one would have a limit at zero.
        p, n = (
            np.array([count / total for total, count in COUNTS.values()]),
            np.array([total for total, _ in COUNTS.values()]),
        )
        codes = list(COUNTS)
        members = [at for at, code in enumerate(codes) if REGIONS[code] == row.region]
        p, n = p[members], n[members]
        own = np.array([codes[at] == row.country for at in members])
        weight = own - 1 / len(members)
        se, t = 1 / np.sqrt(n * p * (1 - p)), -stdtrit(row.df, row.p_value / 2)
        low, high = expit(logit(p) - t * se), expit(logit(p) + t * se)
        difference = weight @ p
        if abs(difference) < 1e-12:
            assert row.p_value == pytest.approx(1)
            continue
        towards = np.where(weight * difference > 0, p - low, high - p)
        reach = np.sqrt((weight**2 * towards**2).sum())
        assert reach == pytest.approx(abs(difference), rel=1e-9)


def test_the_standard_error_of_the_ratio_by_simulation():
    """The delta method against 200,000 draws of the three estimates."""
    table = compared().set_index("country")
    p, se = np.array([0.2, 0.3, 0.1]), np.sqrt([0.16 / 1000, 0.21 / 800, 0.09 / 900])
    drawn = p + se * np.random.default_rng(1).standard_normal((200_000, 3))
    log_ratio = np.log(drawn[:, 2] / drawn.mean(axis=1))
    row = table.loc["TZA"]
    half = np.log(row["ratio_high"] / row["ratio_low"]) / 2
    reach = stdtrit(row["df"], 1 - row["step_alpha"] / 2)
    assert half == pytest.approx(reach * log_ratio.std(), rel=0.02)


def test_two_countries_mirror_each_other():
    south = compared().iloc[3:]
    assert south["difference"].sum() == pytest.approx(0, abs=1e-15)
    for name in ("se", "p_value", "p_holm"):
        assert south[name].iloc[0] == pytest.approx(south[name].iloc[1], rel=1e-12)


def test_the_family_is_all_regions():
    table = compared()
    smallest = table["p_value"].min()
    assert table["p_holm"].min() == pytest.approx(5 * smallest, rel=1e-12)
    assert (table["p_holm"] >= table["p_bh"]).all()
    assert (table["p_bh"] >= table["p_value"]).all()
    beyond = (table["ci_low"] > 0) | (table["ci_high"] < 0)
    assert 0 < beyond.sum() < 5
    assert (beyond == table["clear"]).all()


def test_order_of_rows_does_not_matter():
    table = countries(COUNTS)
    first = compare_with_region(table, ["x"], REGIONS, "simulated")
    second = compare_with_region(table.iloc[::-1], ["x"], REGIONS, "simulated")
    pd.testing.assert_frame_equal(first, second)


def test_a_country_alone_is_its_own_mean():
    table = compared({"KEN": (1000, 200), "VNM": (1000, 50), "THA": (900, 4)})
    assert table["country"].tolist() == ["KEN", "VNM"]
    assert (table["difference"] == 0).all()
    assert (table["regional_mean"] == [0.2, 0.05]).all()
    assert table[["df", "ci_low", "ci_high", "p_value", "p_holm", "p_bh"]].isna().all(axis=None)
    assert table[["ratio_low", "ratio_high"]].isna().all(axis=None)
    assert (table["ratio"] == 1).all()
    assert not table["clear"].any()


def test_without_variance_there_is_no_test():
    source = countries(COUNTS)
    source.loc[source["country"].isin(["VNM", "THA"]), "se"] = 0.0
    table = compare_with_region(source, ["x"], REGIONS, "simulated").set_index("region")
    assert table.loc["South", "p_value"].isna().all()
    assert not table.loc["South", "clear"].any()
    east = table.loc["East"]
    assert east["p_holm"].min() == pytest.approx(3 * east["p_value"].min(), rel=1e-12)


def test_no_country_and_unknown_country():
    assert compared({"X": (1000, 300)}).empty
    assert compared({"KEN": (900, 4)}).empty
    with pytest.raises(StudyError, match=r"column 'region'.*no row for 'KEN'"):
        compared(regions={"UGA": "East"})


def test_weights_make_means():
    weights = mean_weights(["a", "b", "a", "a"])
    np.testing.assert_allclose(weights @ [1.0, 9.0, 2.0, 6.0], [3, 9, 3, 3])


def test_the_public_form():
    source = countries({**COUNTS, "TZA": (300, 30)})
    table = compare_with_region(source, ["x"], REGIONS, "simulated")
    public = public_against_region(table, prevalence_table(source, ["x"], "simulated"), Rounding())
    check_table(public, public_contract("comparison/against_region"), "against_region")
    assert {"se", "df"}.isdisjoint(public)
    # One small sample in the region: whole points for all of it.
    assert public["difference"].tolist() == [0.0, -0.1, 0.1, 0.025, -0.025]
    assert public["regional_mean"].tolist() == [0.2, 0.2, 0.2, 0.075, 0.075]
    assert public["ratio"].tolist() == [1.0, 0.5, 1.5, 1.33, 0.67]
