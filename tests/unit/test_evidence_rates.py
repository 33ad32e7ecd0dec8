"""Rates and their intervals: coverage, limits, trends and denominators."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import gammainc, gammaincc

from disrupting_harm.evidence.rates import (
    NOTES,
    POISSON,
    QUASI_POISSON,
    denominators,
    dispersion,
    poisson_interval,
    quasi_poisson_interval,
    rate,
    series_intervals,
)

COUNTS = st.lists(st.integers(0, 10**6), min_size=3, max_size=8)


@given(st.integers(0, 10**7), st.sampled_from([0.8, 0.95, 0.99]))
def test_exact_limits_leave_half_of_the_error_on_each_side(count, confidence):
    low, high = (float(limit) for limit in poisson_interval(count, confidence))
    tail = (1 - confidence) / 2
    # P(X <= count | high) and P(X >= count | low).
    assert gammaincc(count + 1, high) == pytest.approx(tail, rel=1e-9)
    if count:
        assert gammainc(count, low) == pytest.approx(tail, rel=1e-9)
        assert low < count < high
    else:
        assert low == 0


@given(st.floats(0.1, 60), st.sampled_from([0.9, 0.95]))
def test_exact_limits_cover_at_least_as_often_as_they_say(mean, confidence):
    counts = np.arange(400)
    low, high = poisson_interval(counts, confidence)
    log_chance = counts * np.log(mean) - mean - np.cumsum(np.log(np.maximum(counts, 1)))
    covered = np.exp(log_chance)[(low <= mean) & (mean <= high)].sum()
    assert covered >= confidence - 1e-9


@given(COUNTS, st.integers(1, 50))
def test_the_trend_is_the_poisson_regression(counts, start):
    """At the maximum of the likelihood the residuals add to 0, also when multiplied by the year."""
    from disrupting_harm.evidence.rates import _trend

    count = np.array(counts, dtype=float)
    if np.count_nonzero(count) < 2:
        return
    time = np.arange(start, start + len(count), dtype=float)
    fitted = _trend(time - time.mean(), count)
    scale = count.sum()
    assert abs((count - fitted).sum()) < 1e-9 * scale
    assert abs(((count - fitted) * (time - time.mean())).sum()) < 1e-7 * scale


def test_an_exact_trend_has_no_more_than_chance_variation():
    assert dispersion([2019, 2020, 2021], [100, 200, 400]) == 1.0
    assert dispersion([2019, 2020, 2021], [0, 0, 0]) == 1.0
    # All counts in the last year: the steepest trend fits them.
    assert dispersion([2019, 2020, 2021], [0, 0, 9]) == 1.0
    # The mean of 50, 250 and 50 lies on a level trend of 350 / 3; chi-squared has one degree left.
    level = 350 / 3
    by_hand = 2 * (50 - level) ** 2 / level + (250 - level) ** 2 / level
    assert dispersion([2019, 2020, 2021], [50, 250, 50]) == pytest.approx(by_hand, rel=1e-12)
    assert dispersion([2021, 2019, 2020], [50, 50, 250]) == pytest.approx(by_hand, rel=1e-12)
    with pytest.raises(ValueError, match="needs 3 years"):
        dispersion([2019, 2020], [1, 2])


@given(st.integers(0, 10**7), st.floats(1, 1e6), st.integers(1, 10))
def test_quasi_poisson_limits_solve_their_equation(count, phi, df):
    from scipy.special import stdtr

    low, high = (float(limit) for limit in quasi_poisson_interval(count, phi, df))
    assert low <= count <= high
    for mean in (low, high):
        if mean > 0:
            t = abs(count - mean) / np.sqrt(phi * mean)
            assert stdtr(df, t) == pytest.approx(0.975, abs=1e-6)


@given(st.integers(0, 10**6))
def test_more_variation_means_wider_limits(count):
    widths = [
        float(high - low)
        for low, high in (quasi_poisson_interval(count, phi, 3) for phi in (1.0, 10.0, 1000.0))
    ]
    assert widths == sorted(widths)
    low, high = poisson_interval(count)
    assert widths[0] > float(high - low)


def test_a_series_of_three_years_has_quasi_poisson_limits():
    two = series_intervals([2019, 2020], [10, 30])
    assert [(around.interval, around.dispersion) for around in two] == [(POISSON, 1.0)] * 2
    three = series_intervals([2019, 2020, 2021], [10, 90, 30])
    assert {around.interval for around in three} == {QUASI_POISSON}
    assert len({around.dispersion for around in three}) == 1
    assert three[0].dispersion > 10
    assert set(NOTES) == {POISSON, QUASI_POISSON}
    assert all("not a sample" in note for note in NOTES.values())


def test_denominators_need_a_published_source():
    row = {
        "children": 1000,
        "children_source": "a census",
        "internet_use_rate": 0.5,
        "internet_use_source": "Invented for the simulation",
    }
    size = denominators(row)
    assert (size.children, size.internet_use_rate) == (1000, None)
    assert size.internet_using_children is None
    assert size.source == "a census"
    told = denominators(row | {"internet_use_source": "a survey"})
    assert told.internet_using_children == 500
    assert told.source == "a census; a survey"
    assert denominators(row | {"internet_use_source": "a census"}).source == "a census"
    assert denominators({"children": 5}).children is None
    assert rate(5, 1000) == 5.0
    assert np.isnan(rate(5, None))
