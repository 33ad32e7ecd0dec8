"""How much silence would turn round what the comparison says."""

import numpy as np
import pandas as pd
import pytest
from compared_study import SHOWN, compare
from hypothesis import given
from hypothesis import strategies as st

from disrupting_harm.comparison.public import public_silence_claims, public_silence_ranks
from disrupting_harm.comparison.silence import (
    SHARES,
    alone_until,
    margin_limits,
    silence_claims,
    silence_ranks,
    tipping_points,
)
from disrupting_harm.study.checked_tables import checked
from disrupting_harm.study.comparison_contracts import PUBLIC
from disrupting_harm.study.contract_columns import in_shape
from disrupting_harm.study.contracts import RELEASE
from disrupting_harm.study.publication_config import Rounding
from disrupting_harm.study.silence_contracts import SILENCE_CLAIMS, SILENCE_RANKS

P = np.array([0.05, 0.07, 0.11, 0.12, 0.18, 0.25, 0.42])
SE = np.array([8, 10, 11, 12, 14, 18, 20]) / 1000
CASE = np.log(P), SE / P, np.full(7, 88.0)


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    return compare(tmp_path_factory.mktemp("silence"), SHOWN).restricted


def test_silence_in_both_changes_nothing():
    honest = tipping_points(np.log(0.2 / 0.12), 0.125, 88.0, 0.05)
    silent = tipping_points(np.log(0.2 * 0.7 / (0.12 * 0.7)), 0.125, 88.0, 0.05)
    np.testing.assert_allclose(honest, silent)


def test_at_the_tipping_points_nothing_is_left():
    """With that share silent in B the true proportions are equal, or the limit is at equality."""
    a, b, se, t = 0.2, 0.12, 0.125, 1.9872899
    goes, turns = tipping_points(np.log(a / b), se, 88.0, 0.05)
    assert b / (1 - turns) == pytest.approx(a)
    assert np.log(a / (b / (1 - goes))) - t * se == pytest.approx(0, abs=1e-6)


def test_a_claim_that_is_uncertain_on_this_scale_goes_at_once():
    goes, turns = tipping_points(np.array([0.1]), np.array([0.2]), np.array([50.0]), 0.05)
    assert goes == [0]
    assert turns == pytest.approx(1 - np.exp(-0.1))


def test_nobody_said_yes_in_the_lower_country():
    goes, turns = tipping_points(np.array([np.nan]), np.array([np.nan]), np.array([50.0]), 0.05)
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
    claims = checked(tables["silence_claims"], SILENCE_CLAIMS, "claims")
    assert set(claims["indicator"]) == {"clear"}
    nations, groups = (claims[claims["domain"].eq("total") == flag] for flag in (True, False))
    pairs = tables["pairwise"].query("indicator == 'clear' and differs")
    assert len(nations) == len(pairs) > 0
    np.testing.assert_allclose(nations["ratio"], pairs["ratio"])
    up = pairs["ratio"].to_numpy() > 1
    assert (nations["above"] == np.where(up, "a", "b")).all()
    higher = np.where(up, pairs["ratio"], 1 / pairs["ratio"])
    np.testing.assert_allclose(nations["order_turns"], 1 - 1 / higher)
    assert len(groups) == tables["gaps"].query("indicator == 'clear'")["differs"].sum()
    assert (claims["claim_goes"] < claims["order_turns"]).all()


def test_gaps_use_the_covariance_of_the_two_groups():
    keys = {"indicator": "x", "domain": "sex", "level_a": "girl", "level_b": "boy"}
    gaps = pd.DataFrame(
        {**keys, "country": ["KEN", "NAM"], "n_a": 400.0, "n_b": 500.0, "difference": [0.1, -0.01],
         "ratio": [2.0, 0.9], "df": 60.0, "p_value": [0.0001, 0.6], "differs": [True, False]}
    )  # fmt: skip
    within = pd.DataFrame(
        {**keys, "country": ["NAM", "KEN"], "log_ratio": np.log([0.9, 2.0]), "log_ratio_se": 0.15}
    )
    pairs = pd.DataFrame(columns=["indicator", "country_a", "country_b"])
    release = in_shape(pd.DataFrame(), RELEASE)
    (row,) = silence_claims(pairs, gaps, release, within, ["x"], "simulated").itertuples()
    assert (row.country_a, row.country_b, row.above, row.n) == ("KEN", "KEN", "a", 400)
    # The smaller of two P values was tested at half of 5 per cent: t(60) = 2.2990.
    assert row.claim_goes == pytest.approx(1 - np.exp(-(np.log(2) - 2.2990 * 0.15)), abs=1e-4)
    assert row.order_turns == pytest.approx(0.5)


def test_ranks_widen_with_silence(tables):
    ranks = checked(tables["silence_ranks"], SILENCE_RANKS, "ranks")
    assert set(ranks["indicator"]) == {"clear"}
    assert sorted(set(ranks["silence"])) == list(SHARES)
    possible = ranks.groupby("silence")["may_be_highest"].sum()
    assert possible.is_monotonic_increasing
    sets = tables["rank_sets"].query(
        "indicator == 'clear' and method == 'mogstad_step_down' and scope == 'simultaneous'"
    )
    assert possible.iloc[0] >= sets["may_be_highest"].sum()


def test_nothing_where_no_indicator_asks_for_it(tables):
    empty = in_shape(pd.DataFrame(), RELEASE)
    assert silence_ranks(empty, [], "simulated").empty


def test_public_shares_tell_no_more_than_the_ratio():
    claims = pd.DataFrame(
        {"n": [900.0, 480.0, 900.0], "ratio": [1.66666, 0.53, np.nan],
         "claim_goes": [0.2399, 0.2399, np.nan], "order_turns": [0.4, 0.47, np.nan]}
    ).assign(
        indicator="x", domain="total", country_a="A", level_a="all", country_b="B", level_b="all",
        above="a", data_kind="simulated",
    )  # fmt: skip
    public = checked(public_silence_claims(claims, Rounding()), PUBLIC["silence_claims"], "public")
    assert public["claim_goes"].tolist()[:2] == [0.23, 0.2]
    # From 1.67 and 0.5, which are printed anyway.
    assert public["order_turns"].tolist()[:2] == [0.4, 0.5]
    assert public.loc[2, ["ratio", "claim_goes", "order_turns"]].isna().all()


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
