"""Internet-using children and all children: proportions, numbers, ranks."""

import numpy as np
import pytest
from comparison_study import (
    CODEBOOK,
    RULES,
    all_comparable,
    countries,
    means,
    released,
)
from hypothesis import given
from hypothesis import strategies as st

from disrupting_harm.comparison.denominators import estimate_by_denominator, product_interval
from disrupting_harm.comparison.derived_tables import public_denominators
from disrupting_harm.comparison.differences.critical_values import Draws
from disrupting_harm.comparison.differences.rank_sets import rank_sets
from disrupting_harm.comparison.pooling.families import build_families
from disrupting_harm.tables.contracts import public_contract, restricted_contract
from disrupting_harm.tables.io import check_table

DRAWS = Draws(10_000)
COUNTS = {"KEN": (1000, 220), "NAM": (950, 190), "UGA": (1000, 280)}
USERS, ALL = "internet_using_children", "all_children"

# Ghai et al. 2026, Nature, table 1: any technology-facilitated abuse, per cent of internet users;
# internet users, per cent of children; per cent of all children.
NATURE = {
    "KHM": (14.7, 81, 11.9), "ETH": (18.6, 25, 4.6), "IDN": (6.6, 92, 6.1), "KEN": (21.7, 67, 14.5),
    "MYS": (10.2, 94, 9.6), "MOZ": (25.9, 56, 14.5), "NAM": (20.0, 81, 16.2),
    "PHL": (28.6, 95, 27.1), "TZA": (7.7, 67, 5.2), "THA": (17.0, 92, 15.6),
    "UGA": (27.7, 40, 11.1), "VNM": (5.5, 89, 4.9),
}  # fmt: skip


def table_of(counts=COUNTS, indicators=("x",), release=None, **changed):
    rows = countries(tuple(counts), **changed)
    release = released(counts) if release is None else release
    ledger = all_comparable(rows, indicators)
    entries = [CODEBOOK.indicator(name) for name in indicators]
    families = build_families(release, ledger, entries, sorted(rows))
    return estimate_by_denominator(families, rows, "simulated", draws=DRAWS)


def cell(table, code, denominator):
    return table[(table["country"] == code) & (table["denominator"] == denominator)].iloc[0]


@pytest.mark.parametrize("code", NATURE)
def test_the_published_proportions_of_all_children(code):
    users, rate, everyone = (value / 100 for value in NATURE[code])
    table = table_of({"KEN": (1000, round(1000 * users))}, KEN={"internet_use_rate": rate})
    found = cell(table, "KEN", ALL)["estimate"]
    # All three are rounded: users and everyone to 0.1 point, the rate to a whole one.
    assert found == pytest.approx(users * rate, rel=1e-12)
    assert found >= everyone - 0.0005 - (0.0005 * rate + 0.005 * users)
    assert found <= everyone + 0.0005 + (0.0005 * rate + 0.005 * users)


def test_two_rows_per_country_with_the_same_number_of_children():
    table = table_of()
    assert table["country"].tolist() == ["KEN", "KEN", "NAM", "NAM", "UGA", "UGA"]
    assert table["denominator"].tolist() == [USERS, ALL] * 3
    users, everyone = cell(table, "KEN", USERS), cell(table, "KEN", ALL)
    assert (users["estimate"], everyone["estimate"]) == pytest.approx((0.22, 0.11))
    assert (users["population"], everyone["population"]) == (500_000, 1_000_000)
    assert users["children"] == everyone["children"] == pytest.approx(110_000)
    assert (users["population_source"], users["population_year"]) == ("census", 2020)
    check_table(table, restricted_contract("comparison/denominators"), "denominators")


def test_an_exact_rate_halves_the_interval():
    table = table_of()
    users, everyone = cell(table, "KEN", USERS), cell(table, "KEN", ALL)
    assert everyone["rate_uncertainty"] == "taken as exact"
    for limit in ("ci_low", "ci_high"):
        assert everyone[limit] == pytest.approx(users[limit] / 2, rel=1e-12)
    assert everyone["children_low"] == pytest.approx(1e6 * everyone["ci_low"])
    assert everyone["se"] == pytest.approx(users["se"] / 2, rel=1e-12)


def test_the_error_of_the_rate_counts():
    exact, estimated = table_of(), table_of(KEN={"internet_use_se": 0.02})
    wide, narrow = cell(estimated, "KEN", ALL), cell(exact, "KEN", ALL)
    assert wide["rate_uncertainty"] == "estimated"
    assert wide["ci_low"] < narrow["ci_low"] < narrow["ci_high"] < wide["ci_high"]
    # Delta method: p² se(r)² + r² se(p)².
    expected = 0.22**2 * 0.02**2 + 0.5**2 * 0.22 * 0.78 / 1000
    assert wide["se"] == pytest.approx(expected**0.5, rel=1e-10)
    # By hand on the scale of logarithms, with the limits of p as they are.
    users = cell(estimated, "KEN", USERS)
    reach = np.hypot(np.log(users["ci_high"] / 0.22), 1.959964 * 0.02 / 0.5)
    assert wide["ci_high"] == pytest.approx(0.11 * np.exp(reach), rel=1e-6)
    assert users["ci_low"] == cell(exact, "KEN", USERS)["ci_low"]


@given(st.floats(0.01, 0.9), st.floats(0.05, 1.0), st.floats(0, 0.2))
def test_the_product_lies_inside_its_interval(p, rate, rate_se):
    low, high = p * 0.8, min(1.0, p * 1.1)
    found = product_interval(*(np.array([x]) for x in (p, low, high, rate, rate_se)), 0.95)
    assert 0 <= found[0][0] <= p * rate <= found[1][0] <= 1
    assert found[0][0] <= low * rate + 1e-12
    assert found[1][0] >= min(1, high * rate) - 1e-12


def test_the_interval_holds_the_truth_of_a_product():
    # Binomial p of 1,000, normal rate: 10,000 products.
    rng = np.random.default_rng(5)
    p, rate = rng.binomial(1000, 0.1, 10_000) / 1000, rng.normal(0.5, 0.02, 10_000)
    from designbased.intervals.limits import korn_graubard

    low, high = korn_graubard(p, np.sqrt(p * (1 - p) / 1000), 1000, 1e6, 0.95)
    found = product_interval(p, low, high, rate, np.full(p.size, 0.02), 0.95)
    covered = ((found[0] <= 0.05) & (found[1] >= 0.05)).mean()
    assert 0.945 < covered < 0.965


def test_an_invented_error_is_not_called_estimated():
    """Its own source is told beside it, not that of the rate."""
    source = "invented for the simulated study: 1,500 children of the household rosters"
    table = table_of(
        KEN={"internet_use_se": 0.02, "internet_use_se_source": source},
        NAM={"internet_use_se": 0.02, "internet_use_se_source": "a survey"},
    )
    told = table[table["denominator"] == ALL].set_index("country")
    assert told["rate_uncertainty"].to_dict() == {
        "KEN": "invented", "NAM": "estimated", "UGA": "taken as exact",
    }  # fmt: skip
    assert told["rate_uncertainty_source"].to_dict() == {
        "KEN": source,
        "NAM": "a survey",
        "UGA": "",
    }
    check_table(table, restricted_contract("comparison/denominators"), "denominators")


def test_nobody_said_yes():
    counts = {"KEN": (1000, 0), "NAM": (1000, 200)}
    # The rules of disclosure hide such a cell; another study's may not.
    release = released(counts).assign(status="review")
    table = table_of(counts, release=release, KEN={"internet_use_se": 0.02})
    everyone = cell(table, "KEN", ALL)
    assert everyone["estimate"] == everyone["se"] == everyone["ci_low"] == 0
    # Clopper and Pearson's upper limit is 1 - 0.025^(1/1000).
    upper = (1 - 0.025**0.001) * 0.5 * np.exp(1.959964 * 0.04)
    assert everyone["ci_high"] == pytest.approx(upper, rel=1e-6)
    assert (everyone["rank_low"], everyone["rank_high"]) == (2, 2)


def test_what_is_not_available_stays_empty():
    table = table_of(
        KEN={"internet_use_rate": None, "internet_use_source": None},
        NAM={"children": None, "children_year": None},
    )
    kenya = cell(table, "KEN", ALL)
    assert kenya["rate_uncertainty"] == "not available"
    assert kenya[["estimate", "ci_low", "children", "rank_low"]].isna().all()
    assert cell(table, "KEN", USERS)["estimate"] == pytest.approx(0.22)
    namibia = cell(table, "NAM", ALL)
    assert namibia["estimate"] == pytest.approx(0.1)
    assert namibia[["children", "population", "population_year"]].isna().all()
    check_table(
        public_denominators(table, RULES.rounding), public_contract("comparison/denominators"), "x"
    )


def test_ranks_of_users_are_those_of_the_rank_sets_and_others_by_the_rate():
    # With these rates the order of countries turns round.
    rates = {"KEN": 0.9, "NAM": 0.9, "UGA": 0.2}
    table = table_of(**{code: {"internet_use_rate": rate} for code, rate in rates.items()})
    sets = rank_sets(released(COUNTS), ["x"], "simulated", draws=DRAWS)
    sets = sets[(sets["method"] == "mogstad_step_down") & (sets["scope"] == "simultaneous")]
    users = table[table["denominator"] == USERS]
    assert users["rank_low"].tolist() == sets["rank_low"].tolist()
    assert users["rank_high"].tolist() == sets["rank_high"].tolist()
    assert cell(table, "UGA", USERS)["rank_low"] == 1
    assert cell(table, "UGA", ALL)["rank_low"] == 3


def test_one_country_and_none():
    one = table_of({"KEN": (1000, 220)})
    assert one[["rank_low", "rank_high"]].to_numpy().tolist() == [[1, 1], [1, 1]]
    none = table_of({"KEN": (20, 5)})
    assert none.empty
    check_table(
        public_denominators(none, RULES.rounding), public_contract("comparison/denominators"), "x"
    )


def test_only_proportions_of_all_children_have_rows():
    release = means({"KEN": (2.0, 0.1)})
    names = ("hours", "sum", "some")
    assert table_of({"KEN": (1000, 220)}, names, release=release).empty


def test_children_are_printed_with_two_digits():
    table = table_of(NAM={"children": 294_899, "internet_use_rate": 0.81})
    public = public_denominators(table, RULES.rounding)
    check_table(public, public_contract("comparison/denominators"), "x")
    assert not {"n", "se"} & set(public)
    kenya, namibia = cell(public, "KEN", ALL), cell(public, "NAM", ALL)
    assert kenya["children"] == 110_000
    # 294,899 x 0.81 x 0.2 = 47,774
    assert namibia["children"] == 48_000
    assert namibia["population"] == 294_900
    assert (kenya["estimate"], namibia["internet_use_rate"]) == (0.11, 0.81)
    few = public_denominators(table.assign(children=1260.0, children_low=44.0), RULES.rounding)
    assert few["children"].tolist() == [1300] * len(few)
    # Never finer than the rounding of populations, 100 here.
    assert few["children_low"].tolist() == [0] * len(few)
