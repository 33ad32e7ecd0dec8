"""Confidence sets for ranks."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from release_cells import from_counts, released
from scipy.special import ndtr

from disrupting_harm.comparison.differences.critical_values import Draws, t_critical
from disrupting_harm.comparison.differences.pairwise import compare_country_pairs
from disrupting_harm.comparison.differences.rank_sets import METHODS, rank_limits, rank_sets
from disrupting_harm.comparison.pooling.averages import on_log_odds
from disrupting_harm.report.findings.order_claims import find_sole_extremes
from disrupting_harm.study.configuration.publication_config import Publication
from disrupting_harm.tables.contracts import public_contract, restricted_contract
from disrupting_harm.tables.io import check_table

ESTIMATE = np.array(
    [0.05, 0.07, 0.071, 0.09, 0.10, 0.11, 0.13, 0.14, 0.145, 0.16, 0.18, 0.20, 0.22, 0.30]
)
SE = np.array(
    [8, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 15, 15, 18],
) / 1000  # fmt: skip
# Worked out with the published methods: Klein, Wright & Wieczorek 2020 at a level of 0.95^(1/14),
# Mogstad, Romano, Shaikh & Wilhelm 2024 in a single step with a critical value of 3.339.
KLEIN = """10-14 8-14 8-14 6-14 5-14 4-13 3-13 3-11 2-11 2-10 2-9 2-8 1-6 1-2"""
SINGLE_STEP = """11-14 9-14 9-14 7-14 6-13 5-13 4-11 3-11 3-10 2-9 2-8 2-7 2-5 1-1"""
DRAWS = Draws()
FEW = Draws(20_000)


def sets(estimate, se, method, scope="simultaneous", df=np.inf, draws=DRAWS, alpha=0.05):
    estimate, se = np.asarray(estimate, float), np.asarray(se, float)
    df = np.broadcast_to(np.asarray(df, float), estimate.shape)
    return np.column_stack(rank_limits(estimate, se, df, method, scope, alpha, draws)).tolist()


def written(text):
    return [[int(limit) for limit in part.split("-")] for part in text.split()]


def countries(counts, df=60.0):
    """Releases of several countries from {code: (n, n_yes)}."""
    tables = [
        from_counts([("x", "total", "all", n, yes)], code, df=df)
        for code, (n, yes) in counts.items()
    ]
    return released(pd.concat(tables, ignore_index=True), Publication())


@pytest.mark.parametrize(
    ("method", "expected"), [("klein", KLEIN), ("mogstad_single_step", SINGLE_STEP)]
)
def test_fourteen_countries(method, expected):
    assert sets(ESTIMATE, SE, method) == written(expected)


def test_step_down_orders_more_pairs_than_a_single_step():
    # In the fourteen countries it finds nothing more; with smaller errors it does.
    assert sets(ESTIMATE, SE, "mogstad_step_down") == written(SINGLE_STEP)
    single = np.array(sets(ESTIMATE, 0.8 * SE, "mogstad_single_step"))
    stepped = np.array(sets(ESTIMATE, 0.8 * SE, "mogstad_step_down"))
    assert (stepped[:, 0] >= single[:, 0]).all()
    assert (stepped[:, 1] <= single[:, 1]).all()
    assert (stepped != single).any()


def test_step_down_by_hand():
    """Three countries with equal errors: one lies between the first critical value and the next."""
    # z of the pairs: 6, 2.15, 3.85. Three two-sided comparisons: 2.344 (Tukey). After two pairs
    # are ordered their other direction stays: one two-sided and two one-sided, about 2.24.
    spread = 2**0.5
    estimate = np.array([0.0, 2.30, 6.0]) * spread
    assert sets(estimate, np.ones(3), "mogstad_single_step") == [[2, 3], [2, 3], [1, 1]]
    assert sets(estimate, np.ones(3), "mogstad_step_down") == [[3, 3], [2, 2], [1, 1]]
    estimate[1] = 2.10 * spread
    assert sets(estimate, np.ones(3), "mogstad_step_down") == [[2, 3], [2, 3], [1, 1]]


def test_marginal_sets_are_within_simultaneous_ones():
    for method in ("mogstad_single_step", "mogstad_step_down"):
        alone = np.array(sets(ESTIMATE, SE, method, "marginal"))
        together = np.array(sets(ESTIMATE, SE, method))
        assert (alone[:, 0] >= together[:, 0]).all()
        assert (alone[:, 1] <= together[:, 1]).all()
        assert (alone != together).any()


def test_two_countries_by_hand():
    """One pair: an ordinary test, whatever the scope. Klein asks for more."""
    for z, ordered in ((1.95, False), (1.97, True)):
        estimate, se = [0.0, z], [0.6, 0.8]
        expected = [[2, 2], [1, 1]] if ordered else [[1, 2], [1, 2]]
        for method, scope in METHODS[1:]:
            assert sets(estimate, se, method, scope) == expected
        assert sets(estimate, se, "klein") == [[1, 2], [1, 2]]
    # Intervals at level √0.95: z 2.2365, so that they part at 2.2365 x (0.6 + 0.8) = 3.131.
    assert sets([0.0, 3.13], [0.6, 0.8], "klein") == [[1, 2], [1, 2]]
    assert sets([0.0, 3.14], [0.6, 0.8], "klein") == [[2, 2], [1, 1]]


def test_few_degrees_of_freedom_ask_for_more():
    # A t quantile with 5 + 5 degrees of freedom is 2.228.
    for z, ordered in ((2.22, False), (2.24, True)):
        found = sets([0.0, z * 2**0.5], [1.0, 1.0], "mogstad_single_step", df=5.0)
        assert (found == [[2, 2], [1, 1]]) is ordered


@pytest.mark.parametrize(("method", "scope"), METHODS)
def test_one_country_none_and_ties(method, scope):
    assert sets([0.2], [0.01], method, scope) == [[1, 1]]
    assert sets([], [], method, scope) == []
    assert sets([0.2] * 4, [0.01] * 4, method, scope) == [[1, 4]] * 4


@pytest.mark.parametrize(("method", "scope"), METHODS)
def test_without_variance_only_different_estimates_are_ordered(method, scope):
    missing = np.nan  # of a country without variance, as the estimator may give it
    assert sets([0.0, 0.0], [0, 0], method, scope, df=missing) == [[1, 2], [1, 2]]
    assert sets([0.0, 1.0], [0, 0], method, scope, df=missing) == [[2, 2], [1, 1]]
    df = [missing, missing, 40.0, 40.0]
    found = sets([0.0, 0.0, 0.5, 0.52], [0, 0, 0.02, 0.02], method, scope, df=df)
    assert found == [[3, 4], [3, 4], [1, 2], [1, 2]]


def test_means_are_ordered_where_the_difference_exceeds_the_critical_value_of_all_pairs():
    table = countries({"KEN": (1000, 200), "UGA": (900, 150), "TZA": (1100, 150), "MOZ": (800, 90)})
    pairs = compare_country_pairs(table, ["x"], "simulated")
    own = table.sort_values("country")
    everyone = ~np.eye(4, dtype=bool)
    critical = Draws().critical_value_of_pairs(
        *(own[name].to_numpy() for name in ("estimate", "se")), everyone, 0.05
    )
    ordered = pairs["difference"].abs() > t_critical(critical, pairs["df"]) * pairs["se"]
    found = rank_sets(table, ["x"], "simulated", statistics={"x": "mean"})
    chosen = found[(found["method"] == "mogstad_single_step") & (found["scope"] == "simultaneous")]
    width = (chosen["rank_high"] - chosen["rank_low"]).sum()
    assert 0 < ordered.sum() < 6
    assert width == 4 * 3 - 2 * ordered.sum()


def test_proportions_are_ordered_on_log_odds():
    """80 and 50 of 800: the difference is 2.75 standard errors, that of the log-odds 2.72."""
    p, n, df = np.array([0.1, 0.0625]), np.full(2, 800.0), np.full(2, 1e9)
    se = np.sqrt(p * (1 - p) / n)
    log_odds, errors = on_log_odds(p, se, n, df)
    np.testing.assert_allclose(errors, 1 / np.sqrt(n * p * (1 - p)), rtol=1e-14)
    assert (p[0] - p[1]) / np.hypot(*se) == pytest.approx(2.7515, abs=5e-5)
    assert (log_odds[0] - log_odds[1]) / np.hypot(*errors) == pytest.approx(2.7216, abs=5e-4)
    table = countries({"KEN": (800, 80), "UGA": (800, 50)}, df=1e9)
    alpha = float(2 * ndtr(-2.736))
    for statistic, expected in (("mean", [[1, 1], [2, 2]]), ("proportion", [[1, 2], [1, 2]])):
        found = rank_sets(table, ["x"], "simulated", alpha, statistics={"x": statistic})
        chosen = found[found["method"] == "mogstad_step_down"]
        assert chosen[["rank_low", "rank_high"]].to_numpy().tolist() == 2 * expected


def test_no_yes_at_all_is_not_exact():
    """0 of 100 and 3 of 100: the first has an error, and is not ordered."""
    proportions, n = np.array([0.0, 0.03]), np.array([100.0, 100.0])
    log_odds, se = on_log_odds(proportions, np.array([0.0, 0.017]), n, np.array([99.0, 99.0]))
    assert np.isfinite(log_odds).all()
    assert (se > 0).all()
    assert sets(log_odds, se, "mogstad_step_down", df=99.0) == [[1, 2], [1, 2]]


random_countries = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 12)), min_size=1, max_size=7
)


@settings(max_examples=40, deadline=None)
@given(random_countries, st.randoms(use_true_random=False))
def test_properties(cells, random):
    estimate = np.array([value / 20 for value, _ in cells])
    se = np.array([error / 50 for _, error in cells])
    df = np.array([random.choice([6.0, 30.0, np.inf]) for _ in cells])
    order = random.sample(range(len(cells)), len(cells))
    for method, scope in METHODS:
        found = np.array(sets(estimate, se, method, scope, df, FEW))
        # Any rank among ties is the observed one.
        best = 1 + (estimate > estimate[:, np.newaxis]).sum(axis=1)
        worst = (estimate >= estimate[:, np.newaxis]).sum(axis=1)
        assert (found[:, 0] <= best).all()
        assert (found[:, 1] >= worst).all()
        # Names and order do not matter.
        moved = np.array(sets(estimate[order], se[order], method, scope, df[order], FEW))
        assert (moved == found[order]).all()
        # Who may be highest is never empty.
        assert (found[:, 0] == 1).any()
        assert (found[:, 1] == len(cells)).any()
    for scope in ("marginal", "simultaneous"):
        single = np.array(sets(estimate, se, "mogstad_single_step", scope, df, FEW))
        stepped = np.array(sets(estimate, se, "mogstad_step_down", scope, df, FEW))
        assert (stepped[:, 0] >= single[:, 0]).all()
        assert (stepped[:, 1] <= single[:, 1]).all()


def extremes(found: pd.DataFrame, indicator: str) -> dict[str, str]:
    """What documents may say, of the table as it stands in its public file."""
    return find_sole_extremes(found.astype(str).to_dict("records"), indicator)


def test_the_table_and_the_sole_extremes():
    table = countries({"UGA": (1000, 400), "KEN": (1000, 200), "MOZ": (1000, 190), "X": (900, 4)})
    found = rank_sets(table, ["x", "absent"], "simulated")
    check_table(found, restricted_contract("comparison/rank_sets"), "rank sets")
    check_table(found, public_contract("comparison/rank_sets"), "rank sets")
    assert (found["countries"] == 3).all()
    assert list(zip(found["method"], found["scope"], strict=True))[::3] == METHODS
    last = found.iloc[-3:]
    assert last["country"].tolist() == ["KEN", "MOZ", "UGA"]
    assert last["may_be_highest"].tolist() == [False, False, True]
    assert last["may_be_lowest"].tolist() == [True, True, False]
    assert extremes(found, "x") == {"highest": "UGA"}
    assert extremes(found, "absent") == {}


def test_a_country_alone_is_neither_highest_nor_lowest():
    found = rank_sets(countries({"UGA": (1000, 400)}), ["x"], "observed")
    assert found["may_be_highest"].all()
    assert extremes(found, "x") == {}
    empty = rank_sets(countries({"UGA": (900, 4)}), ["x"], "observed")
    assert empty.empty
    check_table(empty, restricted_contract("comparison/rank_sets"), "rank sets")
