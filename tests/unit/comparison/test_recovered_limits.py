"""Intervals of weighted sums from the limits of each estimate."""

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.special import expit, logit, stdtrit

from disrupting_harm.comparison.differences.recovered_limits import (
    log_odds_limits,
    sum_limits,
    touching_reach,
)
from disrupting_harm.comparison.pooling.averages import on_log_odds

DIFFERENCE = np.array([[1.0, -1.0]])


def wilson(yes, n, z=1.959964):
    p = yes / n
    half = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    centre, scale = p + z**2 / (2 * n), 1 + z**2 / n
    return (centre - half) / scale, (centre + half) / scale


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        # Newcombe 1998, table II, method 10.
        ((56, 70, 48, 80), (0.0524, 0.3339)),
        ((9, 10, 3, 10), (0.1705, 0.8090)),
        ((6, 7, 2, 7), (0.0582, 0.8062)),
        ((5, 56, 0, 29), (-0.0381, 0.1926)),
        ((0, 10, 0, 20), (-0.1611, 0.2775)),
        ((10, 10, 0, 20), (0.6791, 1.0)),
        ((10, 10, 0, 10), (0.6075, 1.0)),
    ],
)
def test_differences_of_wilsons_limits_as_published(counts, expected):
    yes, n = np.array(counts[::2], float), np.array(counts[1::2], float)
    low, high = wilson(yes, n)
    found = sum_limits(yes / n, low[np.newaxis], high[np.newaxis], DIFFERENCE)
    assert [found[0][0], found[1][0]] == pytest.approx(expected, abs=5e-5)


def test_symmetric_limits_give_the_usual_interval():
    estimate, half = np.array([0.3, 0.2, 0.25]), np.array([0.03, 0.02, 0.04])
    contrasts = np.array([[2 / 3, -1 / 3, -1 / 3], [-1 / 3, 2 / 3, -1 / 3]])
    limits = (np.tile(estimate - half, (2, 1)), np.tile(estimate + half, (2, 1)))
    low, high = sum_limits(estimate, *limits, contrasts)
    reach = np.sqrt(contrasts**2 @ half**2)
    np.testing.assert_allclose(low, contrasts @ estimate - reach, rtol=1e-12)
    np.testing.assert_allclose(high, contrasts @ estimate + reach, rtol=1e-12)


def test_limits_of_log_odds_and_of_nobody():
    p, n, df = np.array([0.2, 0.0]), np.array([1000.0, 800.0]), np.array([60.0, 60.0])
    se = np.sqrt(p * (1 - p) / n)
    scaled = on_log_odds(p, se, n, df)
    t = stdtrit(60, np.array([0.975, 0.999]))
    low, high = log_odds_limits(p, *scaled, t)
    half = t * se[0] / 0.16
    np.testing.assert_allclose(low[:, 0], expit(logit(0.2) - half), rtol=1e-12)
    np.testing.assert_allclose(high[:, 0], expit(logit(0.2) + half), rtol=1e-12)
    # Nobody said yes: the lower limit is the estimate, the upper one above it.
    assert (low[:, 1] == 0).all()
    assert (high[:, 1] > 0.001).all()
    assert np.isnan(log_odds_limits(p, *scaled, np.array([np.nan]))[0][0, 0])


def test_one_sum_alone_is_its_own_estimate():
    estimate = np.array([0.3, 0.2])
    low, high = sum_limits(
        estimate, np.array([[0.25, 0.1]]), np.array([[0.37, 0.4]]), np.eye(2)[:1]
    )
    assert (low[0], high[0]) == pytest.approx((0.25, 0.37), rel=1e-14)


def test_what_is_not_in_a_sum_does_not_move_it():
    estimate = np.array([0.3, 0.2, 0.9])
    low, high = np.array([[0.25, 0.1, 0.1]]), np.array([[0.37, 0.4, 0.95]])
    without = sum_limits(estimate[:2], low[:, :2], high[:, :2], DIFFERENCE)
    found = sum_limits(estimate, low, high, np.array([[1.0, -1.0, 0.0]]))
    assert [end[0] for end in found] == pytest.approx([end[0] for end in without], rel=1e-15)


P, ERRORS = np.array([0.3, 0.2, 0.25]), np.array([0.15, 0.2, 0.1])
# Of both signs; two of three, and a country against the mean of all.
CONTRASTS = np.array([[1.0, -1, 0], [-1, 1, 0], [2 / 3, -1 / 3, -1 / 3], [-1 / 3, 2 / 3, -1 / 3]])


def distance_from_zero(reach, contrast):
    """Return how far the nearer limit of one sum lies from zero; by loops, without the library."""
    sign = 1 if sum(a * p for a, p in zip(contrast, P, strict=True)) > 0 else -1
    point = squares = 0.0
    for a, p, error in zip(sign * contrast, P, ERRORS, strict=True):
        farther = 1 / (1 + ((1 - p) / p) * np.exp((1 if a > 0 else -1) * reach * error))
        point, squares = point + a * p, squares + (a * (p - farther)) ** 2
    return point - squares**0.5


def test_the_reach_is_where_the_interval_touches_zero():
    reach = touching_reach(P, logit(P), ERRORS, CONTRASTS)
    expected = [brentq(distance_from_zero, 1e-9, 50, (row,), xtol=1e-13) for row in CONTRASTS]
    np.testing.assert_allclose(reach, expected, rtol=1e-12)
    assert reach[0] == reach[1]


def test_an_interval_leaves_out_zero_exactly_where_its_test_is_clear():
    """A hair below the reach both limits are on one side of zero, a hair above they are not."""
    reach = touching_reach(P, logit(P), ERRORS, CONTRASTS)
    for factor, outside in ((1 - 1e-9, True), (1 + 1e-9, False)):
        low, high = sum_limits(P, *log_odds_limits(P, logit(P), ERRORS, factor * reach), CONTRASTS)
        assert ((low > 0) | (high < 0)).tolist() == [outside] * len(CONTRASTS)


def test_the_nearest_and_the_farthest_reach():
    """No difference touches zero at once, as near as 64 halvings tell; none lies beyond 1024."""
    same, errors = np.array([0.2, 0.2]), np.array([0.1, 0.1])
    assert touching_reach(same, logit(same), errors, DIFFERENCE).tolist() == [1024 / 2**65]
    apart, hardly = np.array([0.3, 0.2]), np.array([1e-9, 1e-9])
    assert touching_reach(apart, logit(apart), hardly, DIFFERENCE).tolist() == [1024.0]
