"""Prediction intervals that know how little is known of the variance between countries."""

import numpy as np
import pytest

from disrupting_harm.comparison.pooling.prediction import prediction_interval
from disrupting_harm.comparison.pooling.random_effects import random_effects
from disrupting_harm.core.errors import StudyError

# The 13 trials of BCG vaccine (Colditz et al. 1994): log risk ratios and their variances.
Y = np.array(
    [-0.8893, -1.5854, -1.3481, -1.4416, -0.2175, -0.7861, -1.6209, 0.0120, -0.4694, -1.3713,
     -0.3394, 0.4459, -0.0173]
)  # fmt: skip
V = np.array(
    [0.3256, 0.1946, 0.4154, 0.0200, 0.0512, 0.0069, 0.2230, 0.0040, 0.0564, 0.0730, 0.0124, 0.5325,
     0.0714]
)  # fmt: skip


def limits(y, v, **options):
    low, high = prediction_interval(np.atleast_2d(y), np.atleast_2d(v), **options)
    return np.column_stack([low, high])


def test_equal_variances_by_their_closed_form():
    """With one variance Q is S / (v + tau2), and its root is at S / q - v."""
    y, v = np.array([-2.2, -1.9, -2.6, -1.2, -1.7]), 0.05
    random = np.random.default_rng(99)
    q, z, t = random.chisquare(4, 10**6), random.normal(size=10**6), random.standard_t(4, 10**6)
    squares = ((y - y.mean()) ** 2).sum()
    tau2 = np.maximum(squares / q - v, 0)
    scale = np.maximum(squares / (v + tau2) / 4, 1)
    drawn = y.mean() + z * np.sqrt(tau2) - t * np.sqrt(scale * (v + tau2) / 5)
    found = limits(y, np.full(5, v))[0]
    np.testing.assert_allclose(found, np.quantile(drawn, [0.025, 0.975]), atol=0.06)
    many = limits(y, np.full(5, v), draws=400_000)[0]
    np.testing.assert_allclose(many, np.quantile(drawn, [0.025, 0.975]), atol=0.015)


def test_many_trials_give_nearly_the_usual_interval():
    usual = random_effects(Y, V)
    found = limits(Y, V)[0]
    assert usual.tau2 == pytest.approx(0.3132, abs=1e-3)
    expected = [usual.prediction_low, usual.prediction_high]
    np.testing.assert_allclose(found, expected, atol=0.15)
    # Wider: tau2 may be larger than its estimate, too.
    assert found[0] < usual.prediction_low
    assert found[1] > usual.prediction_high


def test_it_is_much_wider_where_few_countries_seem_alike():
    # Q is 2.95 on 3 degrees of freedom.
    y, v = np.array([-3.6, -3.3, -3.5, -3.1]), np.full(4, 0.05)
    usual = random_effects(y, v)
    assert usual.tau2 == 0
    found = limits(y, v)[0]
    assert found[1] - found[0] > 1.2 * (usual.prediction_high - usual.prediction_low)


def test_missing_estimates_are_left_out_and_one_alone_predicts_nothing():
    y, v = np.array([0.1, np.nan, 0.5, 0.9]), np.array([0.1, np.nan, 0.2, 0.1])
    known = ~np.isnan(y)
    np.testing.assert_array_equal(limits(y, v), limits(y[known], v[known]))
    assert np.isnan(limits([0.1, np.nan], [0.1, np.nan])).all()
    assert np.isfinite(limits([0.1, 0.4], [0.1, 0.1])).all()


def test_moved_and_stretched():
    found = limits(Y, V)
    np.testing.assert_allclose(limits(3 + 2 * Y, 4 * V), 3 + 2 * found, rtol=1e-10)
    # A higher level is wider; the same draws again give the same limits.
    wider = limits(Y, V, confidence=0.99)
    assert (wider[:, 0] < found[:, 0]).all()
    assert (wider[:, 1] > found[:, 1]).all()
    np.testing.assert_array_equal(limits(np.stack([Y, Y]), np.stack([V, V]))[1], found[0])


def test_identical_estimates_have_an_interval():
    low, high = limits(np.full(5, -1.4), np.full(5, 0.02))[0]
    assert low < -1.5 < -1.3 < high


def test_variances_are_checked():
    with pytest.raises(StudyError, match="with variance 0"):
        limits([0.1, 0.2], [0.1, 0.0])
