"""How much silence would turn round what the comparison says."""

import numpy as np
import pandas as pd
import pytest
from compared_study import SHOWN, compare
from hypothesis import given
from hypothesis import strategies as st

from disrupting_harm.comparison.nonresponse_tipping import (
    SHARES,
    alone_until,
    margin_limits,
    silence_claims,
    silence_ranks,
    tipping_points,
)
from disrupting_harm.comparison.public_forms import (
    public_gaps,
    public_pairwise,
    public_silence_claims,
    public_silence_ranks,
)
from disrupting_harm.study.configuration.publication_config import Rounding
from disrupting_harm.tables.contracts import public_contract, restricted_contract
from disrupting_harm.tables.io import check_table
from disrupting_harm.tables.rules import in_shape

P = np.array([0.05, 0.07, 0.11, 0.12, 0.18, 0.25, 0.42])
SE = np.array([8, 10, 11, 12, 14, 18, 20]) / 1000
CASE = np.log(P), SE / P, np.full(7, 88.0)


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    return compare(tmp_path_factory.mktemp("silence"), SHOWN).restricted


def test_silence_in_both_changes_nothing():
    honest = tipping_points(np.array([0.2 / 0.12]), np.array([1.3]), np.array([2.1]))
    silent = tipping_points(np.array([0.14 / 0.084]), np.array([1.3]), np.array([2.1]))
    np.testing.assert_allclose(honest, silent)


@pytest.mark.parametrize("turned", [False, True])
def test_at_the_tipping_points_nothing_is_left(turned):
    """With that share silent in B the true proportions are equal, or the limit is at equality."""
    a, b, low, high = 0.2, 0.12, 1.3045, 2.1294
    ratio = (b / a, 1 / high, 1 / low) if turned else (a / b, low, high)
    goes, turns = tipping_points(*(np.array([end]) for end in ratio))
    assert b / (1 - turns) == pytest.approx(a)
    assert low * (1 - goes) == pytest.approx(1)


def test_what_is_not_certain_goes_at_once():
    goes, turns = tipping_points(np.array([1.1]), np.array([0.8]), np.array([1.5]))
    assert goes == [0]
    assert turns == pytest.approx(1 - 1 / 1.1)


def test_nobody_said_yes_in_the_lower_country():
    goes, turns = tipping_points(*(np.array([np.nan]) for _ in range(3)))
    assert np.isnan([goes, turns]).all()


@given(st.floats(0, 0.9), st.floats(0, 0.9))
def test_more_silence_orders_fewer_countries(one, other):
    less, more = sorted([one, other])
    low, high = margin_limits(*CASE, less, 0.05)
    wide_low, wide_high = margin_limits(*CASE, more, 0.05)
    assert (wide_low <= low).all()
    assert (wide_high >= high).all()


def test_one_country_is_alone_until_that_share_and_no_further():
    (share,) = (until := alone_until(*CASE, 0.05))[~np.isnan(until)]
    below, above = (margin_limits(*CASE, share + step, 0.05)[0] for step in (-1e-9, 1e-9))
    assert (below == 1).sum() == 1
    assert (above == 1).sum() > 1


def test_one_country_has_nobody_to_be_alone_among():
    assert np.isnan(alone_until(np.log(P[:1]), SE[:1], np.array([88.0]), 0.05)).all()
    assert margin_limits(np.log(P[:1]), SE[:1], np.array([88.0]), 0.1, 0.05) == ([1], [1])


def test_every_claim_has_its_tipping_points(tables):
    """The codebook says so of one indicator; the other is as common and has none."""
    claims = check_table(
        tables["silence_claims"], restricted_contract("comparison/silence_claims"), "claims"
    )
    assert set(claims["indicator"]) == {"clear"}
    nations, groups = (claims[claims["domain"].eq("total") == flag] for flag in (True, False))
    pairs = tables["pairwise"].query("indicator == 'clear' and clear")
    assert len(nations) == len(pairs) > 0
    np.testing.assert_allclose(nations["ratio"], pairs["ratio"])
    up = pairs["ratio"].to_numpy() > 1
    assert (nations["above"] == np.where(up, "a", "b")).all()
    higher = np.where(up, pairs["ratio"], 1 / pairs["ratio"])
    np.testing.assert_allclose(nations["order_turns"], 1 - 1 / higher)
    assert len(groups) == tables["gaps"].query("indicator == 'clear'")["clear"].sum()
    assert (claims["claim_goes"] < claims["order_turns"]).all()


def test_a_claim_goes_where_the_nearer_limit_of_its_ratio_is():
    keys = {"indicator": "x", "domain": "sex", "level_a": "girl", "level_b": "boy"}
    gaps = pd.DataFrame(
        {**keys, "country": ["KEN", "NAM", "UGA"], "n_a": 400.0, "n_b": 500.0,
         "difference": [0.1, -0.01, -0.2], "ratio": [2.0, 0.9, 0.5], "ratio_low": [1.25, 0.7, 0.3],
         "ratio_high": [3.2, 1.2, 0.8], "clear": [True, False, True]}
    )  # fmt: skip
    pairs = pd.DataFrame(columns=[*restricted_contract("comparison/pairwise").columns]).astype(
        {"clear": bool}
    )
    release = in_shape(pd.DataFrame(), restricted_contract("country/release"))
    kenya, uganda = silence_claims(pairs, gaps, release, ["x"], "simulated").itertuples()
    assert (kenya.country_a, kenya.country_b, kenya.above, kenya.n) == ("KEN", "KEN", "a", 400)
    # From 1.25 to 1, a fifth of those in the lower group would have had to keep silent.
    assert kenya.claim_goes == pytest.approx(0.2)
    assert kenya.order_turns == pytest.approx(0.5)
    assert (uganda.above, uganda.claim_goes) == ("b", pytest.approx(0.2))


def test_ranks_widen_with_silence(tables):
    ranks = check_table(
        tables["silence_ranks"], restricted_contract("comparison/silence_ranks"), "ranks"
    )
    assert set(ranks["indicator"]) == {"clear"}
    assert sorted(set(ranks["silence"])) == list(SHARES)
    possible = ranks.groupby("silence")["may_be_highest"].sum()
    assert possible.is_monotonic_increasing
    sets = tables["rank_sets"].query(
        "indicator == 'clear' and method == 'mogstad_step_down' and scope == 'simultaneous'"
    )
    assert possible.iloc[0] >= sets["may_be_highest"].sum()


def test_nothing_where_no_indicator_asks_for_it(tables):
    empty = in_shape(pd.DataFrame(), restricted_contract("country/release"))
    assert silence_ranks(empty, [], "simulated").empty


def test_public_shares_tell_no_more_than_the_ratio():
    claims = pd.DataFrame(
        {"n": [900.0, 480.0, 900.0], "ratio": [1.66666, 0.53, np.nan],
         "claim_goes": [0.2399, 0.2399, np.nan], "order_turns": [0.4, 0.47, np.nan]}
    ).assign(
        indicator="x", domain="total", country_a="A", level_a="all", country_b="B", level_b="all",
        above="a", data_kind="simulated",
    )  # fmt: skip
    pairs = claims.assign(ratio=[1.67, 0.5, np.nan], country_b=["B", "C", "D"])
    claims["country_b"] = pairs["country_b"]
    public = check_table(
        public_silence_claims(
            claims, pairs, in_shape(pd.DataFrame(), public_contract("comparison/gaps")), Rounding()
        ),
        public_contract("comparison/silence_claims"),
        "public",
    )
    assert public["claim_goes"].tolist()[:2] == [0.23, 0.2]
    # From 1.67 and 0.5, which are printed anyway.
    assert public["order_turns"].tolist()[:2] == [0.4, 0.5]
    assert public.loc[2, ["ratio", "claim_goes", "order_turns"]].isna().all()


def test_a_claim_has_the_ratio_that_its_own_row_prints(tables):
    claims = tables["silence_claims"]
    # Clear, and so near to 1 that the nearest number would say that there is no difference.
    pairs, gaps = (tables[name].assign(ratio=1.004, ratio_low=1.001, ratio_high=1.007, clear=True)
                   for name in ("pairwise", "gaps"))  # fmt: skip
    printed = public_pairwise(pairs, tables["prevalence"], Rounding())
    public = public_silence_claims(
        claims.assign(ratio=1.004), printed, public_gaps(gaps, Rounding()), Rounding()
    )
    assert len(public)
    assert set(public["ratio"]) <= {1.01, 1.1}
    key = ["indicator", "country_a", "country_b"]
    beside = public[public["domain"] == "total"].merge(printed, on=key, suffixes=("", "_printed"))
    assert len(beside)
    assert beside["ratio"].tolist() == beside["ratio_printed"].tolist()


def test_public_ranks_round_down(tables):
    ranks = tables["silence_ranks"].assign(highest_until=0.2999, lowest_until=np.nan)
    assert set(public_silence_ranks(ranks.assign(smallest_n=500.0), Rounding()).highest_until) == {
        0.29
    }
    small = public_silence_ranks(ranks.assign(smallest_n=499.0), Rounding())
    assert set(small["highest_until"]) == {0.25}
    assert small["lowest_until"].isna().all()
    # As many tenths as there are: binary fractions lose none.
    exact = public_silence_ranks(ranks.assign(smallest_n=500.0, highest_until=0.3), Rounding())
    assert set(exact["highest_until"]) == {0.3}
