"""Gaps within countries, side by side and in pairs."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import stdtr, stdtrit

from disrupting_harm.comparison.differences.gaps import compare_gap_pairs, compare_gaps
from disrupting_harm.comparison.public_forms import public_gap_pairs, public_gaps
from disrupting_harm.core.errors import StudyError
from disrupting_harm.study.configuration.publication_config import Rounding
from disrupting_harm.tables.contracts import public_contract, restricted_contract
from disrupting_harm.tables.io import check_table

GAPS = {"KEN": (0.20, 0.10, 0.015), "UGA": (0.30, 0.28, 0.02), "MOZ": (0.12, 0.15, 0.018),
        "TZA": (0.20, 0.13, 0.016)}  # fmt: skip


def table_of(gaps_by_country, indicator="x", domain="sex", levels=("girl", "boy"), df=40.0):
    """Countries' gaps from {code: (estimate_a, estimate_b, se)}."""
    rows = []
    for code, (a, b, se) in gaps_by_country.items():
        positive = a > 0 and b > 0
        rows.append(
            {
                "country": code,
                "indicator": indicator,
                "domain": domain,
                "level_a": levels[0],
                "level_b": levels[1],
                "n_a": 500,
                "n_b": 480,
                "estimate_a": a,
                "estimate_b": b,
                "difference": a - b,
                "se": se,
                "df": df,
                "log_ratio": np.log(a / b) if positive else np.nan,
                "log_ratio_se": se / (a * b) ** 0.5 if positive else np.nan,
            }
        )
    return pd.DataFrame(rows)


def released(table):
    """A release in which all levels of ``table`` are shown."""
    sides = [
        table[["country", "indicator", "domain", f"level_{side}", f"n_{side}"]].rename(
            columns={f"level_{side}": "level", f"n_{side}": "n"}
        )
        for side in "ab"
    ]
    return pd.concat(sides, ignore_index=True).assign(status="present")


def compared(table, indicators=("x",), **options):
    found = compare_gaps(table, released(table), list(indicators), "simulated", **options)
    check_table(found, restricted_contract("comparison/gaps"), "gaps")
    return found


def in_pairs(table, **options):
    found = compare_gap_pairs(compared(table), "simulated", **options)
    check_table(found, restricted_contract("comparison/gap_pairs"), "gap_pairs")
    return found


def test_a_gap_by_hand():
    found = compared(table_of(GAPS))
    assert found["country"].tolist() == ["KEN", "MOZ", "TZA", "UGA"]
    row = found.iloc[0]
    assert row["difference"] == pytest.approx(0.1, abs=1e-15)
    assert row["p_value"] == pytest.approx(2 * stdtr(40, -0.1 / 0.015), rel=1e-12)
    assert row["p_holm"] == pytest.approx(4 * row["p_value"], rel=1e-12)
    # The smallest of four P values has a quarter of 5 per cent.
    assert row["step_alpha"] == pytest.approx(0.0125, rel=1e-12)
    reach = stdtrit(40, 1 - 0.0125 / 2)
    assert row["ci_low"] == pytest.approx(0.1 - reach * 0.015, rel=1e-12)
    assert row["ci_high"] == pytest.approx(0.1 + reach * 0.015, rel=1e-12)
    assert row["ratio"] == pytest.approx(2, rel=1e-12)
    spread = reach * 0.015 / 0.02**0.5
    assert row["ratio_low"] == pytest.approx(2 * np.exp(-spread), rel=1e-12)
    assert row["clear"]


def test_pairs_of_gaps_by_hand():
    pairs = in_pairs(table_of(GAPS))
    assert len(pairs) == 6
    row = pairs.iloc[0]
    assert (row["country_a"], row["country_b"]) == ("KEN", "MOZ")
    assert row["difference"] == pytest.approx(0.13, abs=1e-15)
    v_a, v_b = 0.015**2, 0.018**2
    assert row["se"] == pytest.approx((v_a + v_b) ** 0.5, rel=1e-12)
    assert row["df"] == pytest.approx((v_a + v_b) ** 2 / ((v_a**2 + v_b**2) / 40), rel=1e-12)
    assert (row["n"], row["size"]) == (480, 0.2)
    assert row["p_holm"] == pytest.approx(6 * row["p_value"], rel=1e-12)
    beyond = (pairs["ci_low"] > 0) | (pairs["ci_high"] < 0)
    assert 0 < beyond.sum() < 6
    assert (beyond == pairs["clear"]).all()


def test_families_do_not_mix():
    ages = table_of(GAPS, domain="age_band", levels=("14-15", "12-13"))
    other = table_of(GAPS, indicator="y")
    table = pd.concat([table_of(GAPS), other, ages], ignore_index=True)
    alone = compared(table_of(GAPS))
    found = compared(table, ["y", "x"])
    assert found["indicator"].tolist() == ["y"] * 4 + ["x"] * 8
    assert found["domain"].tolist() == ["sex"] * 8 + ["age_band"] * 4
    pd.testing.assert_frame_equal(found.iloc[4:8].reset_index(drop=True), alone)
    pairs = compare_gap_pairs(found, "simulated")
    pd.testing.assert_frame_equal(pairs.iloc[6:12].reset_index(drop=True), in_pairs(table_of(GAPS)))


def test_only_gaps_of_shown_levels():
    table = table_of(GAPS)
    release = released(table)
    hidden = (release["country"] == "KEN") & (release["level"] == "boy")
    release.loc[hidden, "status"] = "suppress_disclosure"
    found = compare_gaps(table, release, ["x"], "simulated")
    assert found["country"].tolist() == ["MOZ", "TZA", "UGA"]
    assert found["p_holm"].min() == pytest.approx(3 * found["p_value"].min(), rel=1e-12)


def test_numbers_of_answers_are_those_of_the_release():
    """They may be printed as one for several questions; the country's own are not."""
    table = table_of(GAPS)
    release = released(table)
    release.loc[release["level"] == "girl", "n"] = 510
    found = compare_gaps(table, release, ["x"], "simulated")
    assert set(found["n_a"]) == {510}
    assert set(found["n_b"]) == {480}


def test_order_of_rows_does_not_matter():
    table = table_of(GAPS)
    pd.testing.assert_frame_equal(compared(table), compared(table.iloc[::-1]))
    pd.testing.assert_frame_equal(in_pairs(table), in_pairs(table.iloc[::-1]))


def test_without_variance_there_is_no_test():
    table = table_of({**GAPS, "KEN": (0.0, 0.0, 0.0)})
    table.loc[table["country"] == "KEN", "df"] = np.nan
    found = compared(table)
    row = found.iloc[0]
    assert row[["df", "ci_low", "ci_high", "p_value", "p_holm", "ratio"]].isna().all()
    assert not row["clear"]
    assert found["p_holm"].min() == pytest.approx(3 * found["p_value"].min(), rel=1e-12)
    pairs = in_pairs(table).set_index(["country_a", "country_b"])
    # Beside a gap with variance it can be compared, with that one's degrees of freedom.
    assert pairs.loc[("KEN", "UGA"), "df"] == pytest.approx(40, rel=1e-12)
    assert pairs["p_holm"].notna().all()


def test_one_country_and_none():
    one = compared(table_of({"KEN": GAPS["KEN"]}))
    assert one["p_value"][0] == one["p_holm"][0] == one["p_bh"][0]
    assert one["step_alpha"][0] == pytest.approx(0.05)
    assert compare_gap_pairs(one, "simulated").empty
    none = compared(table_of(GAPS), ["absent"])
    assert none.empty
    check_table(
        compare_gap_pairs(none, "observed"),
        restricted_contract("comparison/gap_pairs"),
        "gap_pairs",
    )
    for public in (public_gaps(none, Rounding()), public_gap_pairs(in_pairs_of(none), Rounding())):
        assert public.empty


def in_pairs_of(compared_gaps):
    return compare_gap_pairs(compared_gaps, "simulated")


def test_faults():
    table = table_of(GAPS)
    with pytest.raises(StudyError, match="gaps, column 'se': it is missing"):
        compare_gaps(table.drop(columns="se"), released(table), ["x"], "simulated")
    twice = pd.concat([table, table.iloc[:1]])
    with pytest.raises(StudyError, match="KEN, x, sex, girl, boy stands twice"):
        compare_gaps(twice, released(table), ["x"], "simulated")


def test_public_forms():
    table = table_of({"KEN": (0.2011, 0.1043, 0.015), "UGA": (0.30, 0.28, 0.02)})
    table["n_b"] = [600, 480]
    found = compared(table)
    public = public_gaps(found, Rounding())
    check_table(public, public_contract("comparison/gaps"), "gaps")
    assert {"se", "df", "n_a", "n_b"}.isdisjoint(public)
    # Tenths of a point with 500 and 600 children, whole points with 480.
    assert public["difference"].tolist() == [0.097, 0.02]
    assert public["ratio"].tolist() == [1.93, 1.1]
    pairs = public_gap_pairs(compare_gap_pairs(found, "simulated"), Rounding())
    check_table(pairs, public_contract("comparison/gap_pairs"), "gap_pairs")
    assert pairs["difference"].tolist() == [0.08]


def test_means_are_rounded_by_the_size_of_the_means():
    table = table_of({"KEN": (2.513, 2.5081, 0.1), "UGA": (12.3, 11.0, 0.2)}, indicator="hours")
    found = compared(table, ["hours"])
    public = public_gaps(found, Rounding(), {"hours": "mean"})
    assert public["difference"].tolist() == [0.0, 1.3]
