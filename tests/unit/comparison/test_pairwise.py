"""Countries side by side and in pairs."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from release_cells import from_counts, released
from scipy.special import stdtrit

from designbased.estimates.corrections import adjust_by_holm, benjamini_hochberg
from disrupting_harm.comparison.differences.multiplicity import satterthwaite
from disrupting_harm.comparison.differences.pairwise import compare_country_pairs
from disrupting_harm.comparison.prevalence import prevalence_table, public_prevalence
from disrupting_harm.comparison.public_forms import format_p_value, public_pairwise
from disrupting_harm.study.configuration.publication_config import Publication, Rounding
from disrupting_harm.tables.contracts import public_contract, restricted_contract
from disrupting_harm.tables.io import check_table

RULES = Publication()


def countries(counts, df=40, indicator="x"):
    """Releases of several countries from {code: (n, n_yes)}."""
    tables = [
        from_counts([(indicator, "total", "all", n, yes)], code, df=df)
        for code, (n, yes) in counts.items()
    ]
    return released(pd.concat(tables, ignore_index=True), RULES)


def pairs_of(counts, **options):
    return compare_country_pairs(countries(counts, **options), ["x"], "simulated")


def test_the_difference_of_two_countries_by_hand():
    table = pairs_of({"UGA": (1000, 200), "KEN": (800, 80)})
    check_table(table, restricted_contract("comparison/pairwise"), "pairwise")
    row = table.iloc[0]
    assert (row["country_a"], row["country_b"], row["data_kind"]) == ("KEN", "UGA", "simulated")
    v_a, v_b = 0.1 * 0.9 / 800, 0.2 * 0.8 / 1000
    assert row["difference"] == pytest.approx(-0.1, abs=1e-15)
    assert row["se"] == pytest.approx((v_a + v_b) ** 0.5, rel=1e-12)
    assert row["df"] == pytest.approx((v_a + v_b) ** 2 / (v_a**2 / 40 + v_b**2 / 40), rel=1e-12)
    # On 77.6 degrees of freedom the t table has 1.99125 (77) and 1.99085 (78).
    assert -0.1 - 1.99125 * row["se"] < row["ci_low"] < -0.1 - 1.99085 * row["se"]
    assert row["ci_low"] + row["ci_high"] == pytest.approx(-0.2, abs=1e-15)
    assert row["p_value"] == row["p_holm"]
    assert 1e-8 < row["p_value"] < 1e-7
    assert row["clear"]


def test_satterthwaite_lies_between_the_smaller_df_and_the_sum():
    df = satterthwaite(np.array([[1.0, 1.0], [1.0, 1e-9], [0.0, 4.0]]), np.array([30.0, 50.0]))
    assert df == pytest.approx([4 / (1 / 30 + 1 / 50), 30, 50], rel=1e-6)


def test_a_zero_variance_adds_nothing_to_degrees_of_freedom():
    df = satterthwaite(np.array([[0.0, 2.0], [0.0, 0.0]]), np.array([np.nan, 20.0]))
    assert df[0] == pytest.approx(20, rel=1e-12)
    assert np.isnan(df[1])


def test_the_ratio_of_two_countries_by_hand():
    row = pairs_of({"UGA": (1000, 200), "KEN": (800, 80)}).iloc[0]
    relative = np.array([0.9 / (0.1 * 800), 0.8 / (0.2 * 1000)])
    df = relative.sum() ** 2 / (relative**2 / 40).sum()
    half = stdtrit(df, 0.975) * relative.sum() ** 0.5
    assert row["ratio"] == pytest.approx(0.5, rel=1e-12)
    assert row["ratio_low"] == pytest.approx(0.5 * np.exp(-half), rel=1e-12)
    assert row["ratio_high"] == pytest.approx(0.5 * np.exp(half), rel=1e-12)


def test_no_ratio_where_an_estimate_is_zero():
    source = countries({"KEN": (1000, 200), "UGA": (1000, 100)})
    source.loc[source["country"] == "UGA", ["estimate", "se"]] = 0.0
    row = compare_country_pairs(source, ["x"], "simulated").iloc[0]
    assert row[["ratio", "ratio_low", "ratio_high"]].isna().all()
    assert row["df"] == pytest.approx(40, rel=1e-12)
    assert row["clear"]


def test_one_pair_has_one_interval():
    row = pairs_of({"UGA": (1000, 200), "KEN": (800, 80)}).iloc[0]
    assert row["step_alpha"] == pytest.approx(0.05)


def test_intervals_are_as_wide_as_their_step_by_hand():
    """Three pairs, one of them clear: it has a third of 5 per cent, the other two a half each."""
    table = pairs_of({"KEN": (1000, 200), "UGA": (1000, 230), "MOZ": (1000, 290)})
    assert table["clear"].tolist() == [True, False, True]
    np.testing.assert_allclose(table["step_alpha"], [0.05 / 3, 0.05, 0.025], rtol=1e-12)
    half = (table["ci_high"] - table["ci_low"]) / 2
    # t quantiles with 79 to 80 degrees of freedom.
    np.testing.assert_allclose(half / table["se"], [2.445, 1.990, 2.284], atol=0.002)


def test_benjamini_and_hochberg_by_hand():
    # 0.01 x 4/1, 0.02 x 4/2 and 0.03 x 4/3 all come to 0.04; 0.50 x 1.
    given_values = np.array([0.50, np.nan, 0.01, 0.03, 0.02])
    expected = [0.50, np.nan, 0.04, 0.04, 0.04]
    np.testing.assert_allclose(benjamini_hochberg(given_values), expected, rtol=1e-12)
    assert np.isnan(benjamini_hochberg(np.array([np.nan]))).all()


@given(st.lists(st.one_of(st.floats(0, 1), st.just(np.nan)), min_size=1, max_size=30))
def test_corrections_only_raise_p_values(values):
    p = np.array(values)
    there = ~np.isnan(p)
    assert (np.isnan(adjust_by_holm(p, 1.0, 0.05).p_adjusted) == ~there).all()
    bh, most = benjamini_hochberg(p)[there], adjust_by_holm(p, 1.0, 0.05).p_adjusted[there]
    assert (p[there] <= bh * (1 + 1e-12)).all()
    assert (bh <= most * (1 + 1e-12)).all()
    assert (most <= 1).all()
    order = np.argsort(p[there])
    assert (np.diff(most[order]) >= 0).all()
    assert (np.diff(bh[order]) >= 0).all()


@pytest.mark.parametrize(
    "codes", [["UGA", "TZA", "MOZ", "KEN"], ["MOZ", "TZA", "KEN", "UGA"]], ids=["turned", "mixed"]
)
def test_names_do_not_matter(codes):
    """Countries renamed: the same pairs with the same numbers."""
    counts = [(1000, 200), (900, 150), (1100, 150), (800, 90)]
    first = pairs_of(dict(zip(["KEN", "MOZ", "TZA", "UGA"], counts, strict=True)))
    renamed = pairs_of(dict(zip(codes, counts, strict=True)))
    key = ["p_value", "p_holm", "p_bh", "se", "clear"]
    for table in (first, renamed):
        check_table(table, restricted_contract("comparison/pairwise"), "pairwise")
        table["width"] = table["ci_high"] - table["ci_low"]
    sides = [table.sort_values("p_value")[[*key, "width"]] for table in (first, renamed)]
    left, right = (side.reset_index(drop=True) for side in sides)
    pd.testing.assert_frame_equal(left, right, rtol=1e-9)


def test_the_family_is_all_pairs_of_one_indicator():
    counts = {"KEN": (1000, 200), "UGA": (1000, 230), "TZA": (1000, 260), "MOZ": (1000, 300)}
    both = pd.concat([countries(counts), countries(counts, indicator="y").iloc[:2]])
    table = compare_country_pairs(both, ["y", "x"], "simulated")
    assert table["indicator"].tolist() == ["y", *["x"] * 6]
    assert table["p_holm"][0] == table["p_value"][0]
    family = table.iloc[1:]
    smallest = family["p_value"].idxmin()
    assert family["p_holm"][smallest] == pytest.approx(6 * family["p_value"][smallest])
    assert (family["p_holm"] >= family["p_value"]).all()
    assert (family["clear"] == (family["p_holm"] <= 0.05)).all()


def test_identical_estimates_do_not_differ():
    row = pairs_of({"KEN": (1000, 200), "UGA": (1000, 200)}).iloc[0]
    assert (row["difference"], row["p_value"], row["clear"]) == (0, 1, False)


def test_without_any_variance_there_is_no_test():
    table = countries({"KEN": (1000, 200), "UGA": (1000, 300), "MOZ": (900, 400)})
    table.loc[table["country"] != "MOZ", "se"] = 0.0
    pairs = compare_country_pairs(table, ["x"], "simulated").set_index(["country_a", "country_b"])
    untested = pairs.loc[("KEN", "UGA")]
    assert untested[["df", "ci_low", "ci_high", "p_value", "p_holm"]].isna().all()
    assert not untested["clear"]
    tested = pairs.loc[("KEN", "MOZ")]
    assert tested["p_holm"] == pytest.approx(2 * tested["p_value"])


@pytest.mark.parametrize(
    "counts", [{}, {"KEN": (1000, 200)}, {"KEN": (1000, 200), "UGA": (900, 4)}]
)
def test_fewer_than_two_shown_countries_make_no_pair(counts):
    source = countries(counts) if counts else countries({"KEN": (1000, 200)}).iloc[:0]
    table = compare_country_pairs(source, ["x"], "observed")
    assert len(table) == 0
    check_table(table, restricted_contract("comparison/pairwise"), "pairwise")
    assert public_pairwise(table, prevalence_table(source, ["x"], "observed"), Rounding()).empty


def test_a_hidden_country_is_named_as_not_shown():
    source = countries({"UGA": (900, 4), "KEN": (1000, 200)})
    table = prevalence_table(source, ["x"], "simulated")
    check_table(table, restricted_contract("comparison/prevalence"), "prevalence")
    assert table["country"].tolist() == ["KEN", "UGA"]
    hidden = table.iloc[1]
    assert (hidden["shown"], hidden["status"]) == ("< 5", "suppress_disclosure")
    assert hidden[["estimate", "ci_low", "ci_high", "n", "population"]].isna().all()
    assert public_prevalence(table, Rounding()).iloc[1]["estimate":"population"].isna().all()


def test_sections_in_the_given_order_countries_by_code():
    x = countries({"UGA": (900, 400), "KEN": (1000, 200)})
    y = countries({"UGA": (900, 100), "KEN": (1000, 200)}, indicator="y")
    table = prevalence_table(pd.concat([x, y]), ["y", "x"], "simulated")
    assert list(zip(table["indicator"], table["country"], strict=True)) == [
        ("y", "KEN"),
        ("y", "UGA"),
        ("x", "KEN"),
        ("x", "UGA"),
    ]


def test_public_forms_are_rounded_and_hold_no_standard_error():
    source = countries({"KEN": (1000, 201), "MOZ": (1000, 216), "UGA": (300, 100)})
    restricted = prevalence_table(source, ["x"], "simulated")
    public = public_prevalence(restricted, Rounding())
    assert public["estimate"].tolist() == [0.201, 0.216, 0.33]
    assert public["n"].tolist() == [1000, 1000, 300]
    pairs = public_pairwise(
        compare_country_pairs(source, ["x"], "simulated"), restricted, Rounding()
    )
    check_table(pairs, public_contract("comparison/pairwise"), "pairwise")
    assert pairs["ratio"].tolist() == [0.93, 0.6, 0.6]
    assert {"se", "df"}.isdisjoint(pairs)
    # Tenths of a point between two large samples, whole points beside a small one.
    assert pairs["difference"].tolist() == [-0.015, -0.13, -0.12]
    assert pairs["p_text"].tolist() == ["0.411", "<0.001", "<0.001"]


def test_printed_limits_of_a_clear_ratio_are_on_its_side_of_one():
    source = countries({"KEN": (1000, 201), "MOZ": (300, 100)})
    pairs = compare_country_pairs(source, ["x"], "simulated")
    restricted = prevalence_table(source, ["x"], "simulated")
    for ratio, low, high in ((120.0, 1.3, 9000.0), (1200.0, 1.04, 90000.0), (0.8, 0.6, 0.97)):
        exact = pairs.assign(ratio=ratio, ratio_low=low, ratio_high=high, clear=True)
        printed = public_pairwise(exact, restricted, Rounding()).iloc[0]
        for name, value in (("ratio", ratio), ("ratio_low", low), ("ratio_high", high)):
            assert np.sign(printed[name] - 1) == np.sign(value - 1), (name, value)
        assert printed["ratio_low"] <= printed["ratio"] <= printed["ratio_high"]
        # An open row holds 1, however large the ratio.
        open_row = public_pairwise(
            exact.assign(clear=False, ratio_low=0.7, ratio_high=max(high, 1.2)),
            restricted, Rounding()).iloc[0]  # fmt: skip
        assert 0 <= open_row["ratio_low"] <= 0.7


def test_p_values_as_printed():
    assert [format_p_value(p) for p in (0.00099, 0.001, 0.0496, 1.0, np.nan)] == [
        "<0.001",
        "0.001",
        "0.050",
        "1.000",
        "",
    ]
