"""Standardised estimates and adjusted ratios: what is hidden, and what is printed."""

import numpy as np
import pandas as pd
import pytest
from comparison_study import CODEBOOK, RULES, all_comparable, countries, released
from release_cells import codebook_of, from_counts
from release_cells import released as released_cells
from scipy.special import stdtrit
from scipy.stats import norm

from disrupting_harm.comparison.derived_tables import (
    Standard,
    adjusted_table,
    public_adjusted,
    public_adjusted_countries,
    public_bounds,
    public_standardised,
    round_significant,
    standardised_table,
)
from disrupting_harm.study.configuration.publication_config import Publication
from disrupting_harm.tables.contracts import public_contract, restricted_contract
from disrupting_harm.tables.io import check_table

COUNTS = {"KEN": (1000, 220), "NAM": (20, 4), "UGA": (1000, 280), "KHM": (480, 100)}
CODES = tuple(COUNTS)


def own(**changed):
    """Standardised estimates of the four countries; changes by code."""
    rows = [
        {"country": code, "indicator": "x", "n": n, "crude": yes / n, "estimate": yes / n + 0.0123,
         "se": 0.0131, "ci_low": yes / n - 0.02, "ci_high": yes / n + 0.04, "deff": 1.1,
         "n_eff": 900.0, "df": 60.0, "reliability": "present", "reason": "", "note": "",
         **changed.get(code, {})}
        for code, (n, yes) in COUNTS.items()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def made(tables=None, rules=RULES, rows=None):
    rows = countries(CODES) if rows is None else rows
    tables = own() if tables is None else tables
    return standardised_table(
        tables, released(COUNTS), all_comparable(rows), ["x"], rules, None, "simulated", CODEBOOK
    )


def test_standardised_estimates_beside_crude_ones():
    table = made()
    assert table["country"].tolist() == sorted(CODES)
    found = table.set_index("country")
    assert found.loc["KEN", ["crude", "estimate"]].tolist() == pytest.approx([0.22, 0.2323])
    assert found.loc["KEN", ["shown", "status"]].tolist() == ["23.2", "present"]
    # Fewer than 500 children: whole per cent.
    assert found.loc["KHM", "shown"] == "22"
    check_table(table, restricted_contract("comparison/standardised"), "x")


def test_a_standardised_estimate_prints_the_n_of_its_country():
    """Of a sensitive question that is the largest of all put to the same children."""
    found = made(own(KEN={"n": 970})).set_index("country")["n"]
    assert found.dropna().to_dict() == {"KEN": 1000, "KHM": 480, "UGA": 1000}


def test_a_hidden_national_estimate_hides_the_standardised_one():
    hidden = (
        made(own(NAM={"note": "no valid answers in one level"})).set_index("country").loc["NAM"]
    )
    headline = released(COUNTS).set_index("country").loc["NAM"]
    assert hidden[["shown", "status"]].tolist() == headline[["shown", "status"]].tolist()
    assert hidden[["n", "crude", "estimate", "ci_low", "se"]].isna().all()
    assert hidden["note"] == ""


@pytest.mark.parametrize(
    ("change", "rules"),
    [
        ({"reliability": "suppress"}, RULES),
        ({"reliability": "review"}, Publication(review="hold")),
        ({"ci_low": np.nan}, RULES),
    ],
)
def test_an_unreliable_standardised_estimate_is_hidden(change, rules):
    found = made(own(KEN=change), rules).set_index("country").loc["KEN"]
    assert found[["shown", "status"]].tolist() == ["*", "suppress_reliability"]
    assert found[["n", "crude", "estimate", "ci_high"]].isna().all()


AGES = {"young": 1.0, "middle": 1.0, "old": 1.0}
SEXES = {"boy": 1.0, "girl": 1.0}


@pytest.mark.parametrize(
    ("standard", "shown", "value"),
    [
        # As many as in the sample: nothing new, but the decimal goes.
        (Standard("age", {"young": 490, "middle": 500, "old": 10}), "23", 0.23),
        # So many old ones that their share could be worked back.
        (Standard("age", AGES), "c", np.nan),
        # Nothing is hidden among boys and girls.
        (Standard("sex", SEXES), "23.2", 0.232),
        (None, "23.2", 0.232),
    ],
)
def test_a_standardised_share_beside_a_confidential_group(standard, shown, value):
    release = pd.concat([released(COUNTS), cells("KEN").query("domain != 'total'")])
    hidden = release.query("country == 'KEN' and domain == 'age' and status.str[:4] == 'supp'")
    assert hidden.set_index("level")["status"]["old"] == "suppress_disclosure"
    ledger = all_comparable(countries(CODES))
    table = standardised_table(
        own(), release, ledger, ["x"], RULES, None, "simulated", codebook_of(release), standard
    )
    check_table(table, restricted_contract("comparison/standardised"), "x")
    kenya = table.set_index("country").loc["KEN"]
    assert kenya["shown"] == shown
    assert kenya["status"] == ("suppress_disclosure" if shown == "c" else "present")
    public = public_standardised(table, RULES.rounding).set_index("country")
    np.testing.assert_equal(public.loc["KEN", "estimate"], value)
    assert public.loc["UGA", "estimate"] == 0.292


def test_a_standard_whose_groups_were_not_asked_is_not_called_uncertain():
    release = pd.concat([released(COUNTS), cells("KEN").query("domain != 'total'")])
    age = (release["country"] == "KEN") & (release["domain"] == "age")
    release.loc[age, ["shown", "status"]] = ["not asked", "not_asked"]
    empty = own(KEN=dict.fromkeys(["estimate", "ci_low", "ci_high"], np.nan))
    ledger = all_comparable(countries(CODES))
    standard = Standard("age", AGES)
    table = standardised_table(
        empty, release, ledger, ["x"], RULES, None, "simulated", codebook_of(release), standard
    )
    check_table(table, restricted_contract("comparison/standardised"), "x")
    found = table.set_index("country")
    assert found.loc["KEN", ["shown", "status"]].tolist() == ["not asked", "not_asked"]
    assert found.loc["KEN", ["n", "crude", "estimate"]].isna().all()
    assert found.loc["UGA", "status"] == "present"


def test_a_study_without_a_standard_has_no_row():
    table = made(own().iloc[:0].astype({"country": "str", "indicator": "str"}))
    assert check_table(
        public_standardised(table, RULES.rounding), public_contract("comparison/standardised"), "x"
    ).empty


def test_a_review_that_was_done_shows():
    found = made(own(KEN={"reliability": "review"})).set_index("country").loc["KEN"]
    assert found[["shown", "status"]].tolist() == ["23.2", "review"]


def test_countries_that_are_not_comparable_have_no_row():
    ages = {code: {"age_range": "12-17"} for code in CODES} | {"UGA": {"age_range": "9-17"}}
    assert made(rows=countries(CODES, **ages))["country"].tolist() == ["KEN", "KHM", "NAM"]


def test_public_standardised_estimates():
    public = public_standardised(made(), RULES.rounding)
    check_table(public, public_contract("comparison/standardised"), "x")
    found = public.set_index("country")
    assert found.loc["KEN", ["crude", "estimate", "ci_low"]].tolist() == [0.22, 0.232, 0.2]
    assert found.loc["KHM", ["crude", "estimate"]].tolist() == [0.21, 0.22]
    assert found["n"].dropna().to_dict() == {"KEN": 1000, "KHM": 480, "UGA": 1000}


LEVELS = {"total": {"all": (1000, 220)}, "sex": {"boy": (500, 100), "girl": (500, 120)},
          "age": {"young": (490, 60), "middle": (500, 159), "old": (10, 1)}}  # fmt: skip


def cells(code):
    rows = [("x", domain, level, n, yes) for domain, levels in LEVELS.items()
            for level, (n, yes) in levels.items()]  # fmt: skip
    return released_cells(from_counts(rows, code), RULES)


def ratios(code, p_values=(0.001, 0.2, 0.5)):
    rows = [("sex", "girl", "boy"), ("age", "middle", "young"), ("age", "old", "young")]
    return pd.DataFrame(
        [
            {"country": code, "indicator": "x", "term": term, "level": level,
             "reference": reference, "n": 500, "n_yes": 100, "ratio": 1.2345,
             "log_ratio_se": 0.1, "df": 60.0, "ci_low": 1.0049, "ci_high": 1.5151,
             "p_value": p, "crude_ratio": 1.2, "crude_low": 1.0, "crude_high": 1.4,
             "margin_ratio": 1.2399, "note": ""}
            for (term, level, reference), p in zip(rows, p_values, strict=True)
        ]
    )  # fmt: skip


def test_adjusted_ratios_of_levels_that_are_shown():
    codes = ("KEN", "UGA")
    release = pd.concat([cells(code) for code in codes], ignore_index=True)
    hidden = release[(release["level"] == "old") & release["status"].str.startswith("suppress")]
    assert len(hidden) == 2
    tables = pd.concat([ratios("KEN"), ratios("UGA", (0.03, 0.04, 0.5))], ignore_index=True)
    found = adjusted_table(tables, release, all_comparable(countries(codes)), ["x"], "simulated")
    shown = release[~release["status"].str.startswith("suppress")]
    visible = set(zip(shown["country"], shown["domain"], shown["level"], strict=True))
    expected = [
        (row.country, row.term, row.level)
        for row in tables.itertuples()
        if {(row.country, row.term, row.level), (row.country, row.term, row.reference)} <= visible
    ]
    assert list(zip(found["country"], found["term"], found["level"], strict=True)) == expected
    assert {"old"}.isdisjoint(found["level"])
    assert len(found) >= 2
    check_table(found, restricted_contract("comparison/adjusted"), "x")


def test_the_family_of_adjusted_ratios_is_the_indicator():
    codes = ("KEN", "UGA")
    rows = [("x", "total", "all", 1000, 220), ("x", "sex", "boy", 500, 100),
            ("x", "sex", "girl", 500, 120)]  # fmt: skip
    release = pd.concat([released_cells(from_counts(rows, code), RULES) for code in codes])
    tables = pd.concat([ratios("KEN").iloc[:1], ratios("UGA", (0.03, 0.5, 0.5)).iloc[:1]])
    found = adjusted_table(tables, release, all_comparable(countries(codes)), ["x"], "simulated")
    assert found["p_holm"].tolist() == pytest.approx([0.002, 0.03])
    assert found["step_alpha"].tolist() == pytest.approx([0.025, 0.05])
    assert found["clear"].all()
    # A model has the limits and the P value from the same error, and their t quantile.
    half = stdtrit(60, 1 - found["step_alpha"] / 2) * 0.1
    np.testing.assert_allclose(found["ci_low"], 1.2345 * np.exp(-half))


@pytest.mark.parametrize(("p_value", "clear"), [(0.001, True), (0.06, False)])
def test_limits_of_a_ratio_without_an_error_follow_its_p_value(p_value, clear):
    """A country that joins by statistics may send no standard error."""
    rows = [("x", "total", "all", 1000, 220), ("x", "sex", "boy", 500, 100),
            ("x", "sex", "girl", 500, 120)]  # fmt: skip
    release = released_cells(from_counts(rows), RULES)
    tables = ratios("KEN", (p_value, 1, 1)).iloc[:1].drop(columns=["log_ratio_se", "df"])
    found = adjusted_table(tables, release, all_comparable(countries(("KEN",))), ["x"], "simulated")
    row = found.iloc[0]
    assert row["clear"] == clear
    assert (row["ci_low"] > 1) == clear
    # The normal error with this P value, at 5 per cent.
    half = 1.959964 * np.log(1.2345) / norm.isf(p_value / 2)
    assert np.log(row["ci_high"] / 1.2345) == pytest.approx(half, rel=1e-6)


def test_no_adjusted_ratio_of_a_hidden_or_incomparable_country():
    release = released({"NAM": (20, 4)})
    ledger = all_comparable(countries(("NAM",)))
    found = adjusted_table(ratios("NAM"), release, ledger, ["x"], "simulated")
    assert check_table(found, restricted_contract("comparison/adjusted"), "x").empty


def test_public_ratios_have_two_decimals():
    rows = [("x", "total", "all", 1000, 220), ("x", "sex", "boy", 500, 100),
            ("x", "sex", "girl", 500, 120)]  # fmt: skip
    release = released_cells(from_counts(rows), RULES)
    ledger = all_comparable(countries(("KEN",)))
    found = adjusted_table(ratios("KEN", (0.00123, 1, 1)), release, ledger, ["x"], "simulated")
    public = public_adjusted(found)
    check_table(public, public_contract("comparison/adjusted"), "x")
    names = ["ratio", "ci_low", "ci_high", "p_value", "margin_ratio"]
    # 1.2345 exp(±2.0003 · 0.1), clear: a limit of 1.011 and not of 1.
    assert public[names].iloc[0].tolist() == [1.23, 1.01, 1.51, 0.001, 1.24]


def test_public_country_effects():
    effects = pd.DataFrame(
        {"indicator": ["x"], "country": ["KEN"], "n": [900], "ratio": [1.2345],
         "log_ratio_se": [0.1], "df": [60.0], "ci_low": [1.0004], "ci_high": [1.5],
         "p_value": [0.02], "p_holm": [0.0404], "step_alpha": [1 / 30], "clear": [True],
         "crude_ratio": [1.3], "note": [""], "data_kind": ["simulated"]}
    )  # fmt: skip
    public = public_adjusted_countries(effects)
    check_table(public, public_contract("comparison/adjusted_countries"), "x")
    names = ["ratio", "ci_low", "p_holm", "step_alpha"]
    assert public[names].iloc[0].tolist() == [1.23, 1.01, 0.04, 0.03333]


def test_significant_digits():
    values = np.array([0.0, 123456.0, 0.00123456, np.nan, -987.0])
    np.testing.assert_equal(round_significant(values, 2), [0.0, 120000.0, 0.0012, np.nan, -990.0])


def test_bounds_are_rounded_outwards_and_stay_bounds():
    table = pd.DataFrame(
        {"indicator": "x", "country": "KEN", "data_kind": "simulated",
         "n": 900, "estimate": 0.25, "valid_share": 0.904,
         "lower": [0.2149, 0.21], "ci_low": [0.1999, 0.2], "upper": [0.2941, 0.29],
         "ci_high": [0.3101, 0.31]}
    )  # fmt: skip
    printed = public_bounds(table, RULES.rounding)
    assert printed["lower"].tolist() == [0.21, 0.21]
    assert printed["ci_low"].tolist() == [0.19, 0.2]
    assert printed["upper"].tolist() == [0.3, 0.29]
    assert printed["ci_high"].tolist() == [0.32, 0.31]
    assert printed["valid_share"].tolist() == [0.9, 0.9]
