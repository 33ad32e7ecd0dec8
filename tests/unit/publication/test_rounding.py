"""Rounding by n alone, on one grid, without inverted limits."""

from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from disrupting_harm.publication.rounding import (
    add_whole_per_cents,
    decimal_places,
    format_rounded,
    round_nearest,
    round_population,
    round_to,
)
from disrupting_harm.study.configuration.publication_config import Rounding

RULE = Rounding()


def rounded(value, n, proportion=True):
    kind = np.array([proportion])
    places = decimal_places(np.array([value]), np.array([n]), kind, RULE)
    result = round_to(np.array([value]), places)
    return result[0], format_rounded(result, places, kind)[0]


def test_tenths_from_n_500_and_whole_per_cent_below():
    assert rounded(0.20123, 500) == (0.201, "20.1")
    assert rounded(0.20123, 499) == (0.2, "20")
    assert rounded(1.0, 500) == (1.0, "100.0")
    assert rounded(0.0004, 499) == (0.0, "0")


def test_ties_go_to_the_even_digit():
    assert rounded(0.125, 100) == (0.12, "12")
    assert rounded(0.375, 100) == (0.38, "38")


def test_ties_are_the_same_where_sums_differ_in_their_last_bits():
    above, below = np.nextafter(0.625, 1), np.nextafter(0.375, 0)
    assert round_nearest(np.array([above, 0.625, below]), 2).tolist() == [0.62, 0.62, 0.38]
    assert rounded(above, 100) == (0.62, "62")
    assert round_nearest(np.array([0.62500001, np.nan]), 2).tolist()[0] == 0.63
    assert round_population(pd.Series([2500.0 + 1e-10, 2500.0]), 1000).tolist() == [2000, 2000]


def test_a_tie_that_no_binary_fraction_holds_goes_to_the_even_digit_too():
    """The judge is ``decimal``: 0.545 times 100 is a little more than 54.5 in binary."""
    texts = [f"0.{number:03}" for number in range(1000)]
    shares = np.array(list(map(float, texts)))
    by_hand = [Decimal(text).quantize(Decimal("0.01"), ROUND_HALF_EVEN) for text in texts]
    assert round_nearest(shares, 2).tolist() == list(map(float, by_hand))
    exact = pd.DataFrame(dict.fromkeys(("estimate", "ci_low", "ci_high"), shares))
    whole = add_whole_per_cents(exact, exact, np.ones(len(exact), dtype=bool))["whole"]
    assert whole.tolist() == [int(100 * share) for share in by_hand]
    assert whole[[545, 575]].tolist() == [54, 58]
    assert round_nearest(np.array([25.0, 35.0, 1250.0]), -1).tolist() == [20.0, 40.0, 1250.0]


def test_numbers_keep_three_significant_digits():
    assert rounded(13.24, 100, proportion=False) == (13.2, "13.2")
    assert rounded(0.5, 100, proportion=False) == (0.5, "0.500")
    assert rounded(123_456.0, 100, proportion=False) == (123_000.0, "123000")
    assert rounded(-0.0, 100, proportion=False) == (0.0, "0.00")
    assert rounded(np.nan, 100)[1] == ""


@given(
    st.lists(st.floats(0, 1), min_size=3, max_size=3).map(sorted),
    st.integers(1, 3000),
)
def test_limits_are_never_inverted_and_stay_inside(values, n):
    low, estimate, high = (rounded(value, n)[0] for value in values)
    assert 0 <= low <= estimate <= high <= 1
    # The printed text is the stored number.
    assert float(rounded(values[1], n)[1]) == round(100 * estimate, 1)


@given(st.floats(0, 1), st.floats(0, 1), st.integers(1, 3000))
def test_precision_depends_on_n_alone(one, other, n):
    places = decimal_places(np.array([one, other]), np.array([n, n]), np.array([True, True]), RULE)
    assert places[0] == places[1]


def test_population_in_multiples():
    series = pd.Series([1249.0, 1250.1, np.nan])
    result = round_population(series, 100)
    assert result.tolist()[:2] == [1200, 1300]
    assert result.isna().tolist() == [False, False, True]
