"""Weighted Holm: one verdict, one level and one interval for each row of a family."""

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t as student

from designbased.estimates.corrections import adjust_by_holm

FAMILIES = st.lists(
    st.tuples(st.floats(-8, 8), st.floats(2, 300), st.sampled_from([0.25, 0.5, 1.0, 3.0])),
    min_size=1,
    max_size=8,
)


@settings(max_examples=150, deadline=None)
@given(FAMILIES, st.sampled_from([0.01, 0.05, 0.2]))
def test_a_row_is_clear_exactly_where_its_interval_leaves_out_zero(family, alpha):
    difference, df, weight = (np.array(column) for column in zip(*family, strict=True))
    p_value = 2 * student.sf(np.abs(difference), df)
    found = adjust_by_holm(p_value, weight, alpha)
    reach = student.isf(found.level / 2, df)
    beyond = np.abs(difference) - reach
    near = np.abs(beyond) < 1e-9  # what lies on the limit itself is either
    assert (found.clear == (found.p_adjusted <= alpha)).all()
    assert (found.clear == (beyond > 0))[~near].all()


@settings(max_examples=60, deadline=None)
@given(FAMILIES, st.sampled_from([0.01, 0.05, 0.2]))
def test_clear_is_what_a_closed_test_finds(family, alpha):
    """Holm's method is the closed test of weighted Bonferroni tests of all sets of hypotheses."""
    difference, df, weight = (np.array(column) for column in zip(*family, strict=True))
    p_value = 2 * student.sf(np.abs(difference), df)
    every = range(len(p_value))
    sets = chain.from_iterable(combinations(every, size) for size in range(1, len(p_value) + 1))
    rejected = {
        held: min(p_value[i] * sum(weight[j] for j in held) / weight[i] for i in held) <= alpha
        for held in sets
    }
    clear = [all(no for held, no in rejected.items() if i in held) for i in every]
    assert adjust_by_holm(p_value, weight, alpha).clear.tolist() == clear


def test_by_hand_and_with_missing_tests():
    # 0.01 x 4, 0.02 x 3, 0.03 x 2 lifted to 0.06, 0.50 x 1.
    found = adjust_by_holm(np.array([0.50, np.nan, 0.01, 0.03, 0.02]), 1.0, 0.05)
    np.testing.assert_allclose(found.p_adjusted, [0.50, np.nan, 0.04, 0.06, 0.06], rtol=1e-12)
    assert found.clear.tolist() == [False, False, True, False, False]
    third = 0.05 / 3  # where the procedure stops
    np.testing.assert_allclose(found.level, [third, np.nan, 0.05 / 4, third, third])
    nothing = adjust_by_holm(np.array([np.nan]), 1.0, 0.05)
    assert np.isnan([nothing.p_adjusted, nothing.level]).all()
    assert not nothing.clear.any()
    assert adjust_by_holm(np.array([]), 1.0, 0.05).clear.size == 0


def test_weights_say_how_the_error_is_shared():
    p_value, weight = np.array([0.02, 0.03, 0.03]), np.array([0.5, 0.25, 0.25])
    found = adjust_by_holm(p_value, weight, 0.05)
    # 0.02 is at most half of 0.05; 0.03 is more than half of it, which is what each other may use.
    assert found.clear.tolist() == [True, False, False]
    np.testing.assert_allclose(found.level, [0.025, 0.025, 0.025])
    np.testing.assert_allclose(found.p_adjusted, [0.04, 0.06, 0.06])


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0], [1, 0, 2]])
def test_ties_have_one_level_whatever_their_order(order):
    """Of two countries and their mean, the differences are alike but for a last digit."""
    p_value = np.array([0.004, 0.004 * (1 + 1e-15), 0.9])[order]
    found = adjust_by_holm(p_value, 1.0, 0.05)
    expected = np.array([0.05 / 3, 0.05 / 3, 0.05])[order]
    np.testing.assert_allclose(found.level, expected, rtol=1e-12)


def test_exactly_alpha_is_clear():
    assert adjust_by_holm(np.array([0.05]), 1.0, 0.05).clear.all()
