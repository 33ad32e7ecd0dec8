"""Random-effects pooling: a published vector, a second program, properties, edge cases."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disrupting_harm.comparison.pooling.random_effects import random_effects, reml
from disrupting_harm.core.errors import StudyError

# 13 trials of the BCG vaccine (Colditz et al. 1994, JAMA 271): cases and others, vaccinated and
# not. Results: Viechtbauer 2010, Journal of Statistical Software 36(3), and R's metafor.
CASES = np.array([4, 6, 3, 62, 33, 180, 8, 505, 29, 17, 186, 5, 27])
OTHERS = np.array([119, 300, 228, 13536, 5036, 1361, 2537, 87886, 7470, 1699, 50448, 2493, 16886])
CONTROL_CASES = np.array([11, 29, 11, 248, 47, 372, 10, 499, 45, 65, 141, 3, 29])
CONTROL_OTHERS = np.array(
    [128, 274, 209, 12619, 5761, 1079, 619, 87892, 7232, 1600, 27197, 2338, 17825]
)
BCG_Y = np.log(CASES / (CASES + OTHERS) / (CONTROL_CASES / (CONTROL_CASES + CONTROL_OTHERS)))
BCG_V = 1 / CASES - 1 / (CASES + OTHERS) + 1 / CONTROL_CASES - 1 / (CONTROL_CASES + CONTROL_OTHERS)


def restricted_likelihood(tau2, y, v):
    w = 1 / (v + tau2)
    mu = (w * y).sum() / w.sum()
    return (np.log(w).sum() - np.log(w.sum()) - (w * (y - mu) ** 2).sum()) / 2


@pytest.mark.parametrize("interval", ["hartung_knapp", "modified_hartung_knapp"])
def test_the_bcg_trials(interval):
    # q is above 1 here, so both forms of Hartung and Knapp agree.
    found = random_effects(BCG_Y, BCG_V, interval=interval)
    expected = {
        "k": 13, "tau2": 0.313243, "estimate": -0.714532, "se": 0.180792,
        "ci_low": -1.108444, "ci_high": -0.320621,
        "prediction_low": -1.996017, "prediction_high": 0.566952,
        "tau2_low": 0.119718, "tau2_high": 1.111479, "i2": 0.92221384, "q": 152.233008, "q_df": 12,
    }  # fmt: skip
    for name, value in expected.items():
        assert getattr(found, name) == pytest.approx(value, abs=1e-6), name
    assert found.q_p < 1e-20


def test_the_bcg_trials_by_wald_and_with_the_older_prediction():
    found = random_effects(BCG_Y, BCG_V, interval="wald")
    assert found.se == pytest.approx(0.179782, abs=1e-6)
    assert found.ci_low == pytest.approx(-0.714532 - 1.959964 * 0.179782, abs=2e-6)
    # The prediction still has the error of Hartung and Knapp.
    assert found.prediction_low == pytest.approx(-1.996017, abs=1e-6)
    older = random_effects(BCG_Y, BCG_V, prediction="higgins_thompson_spiegelhalter")
    assert older.prediction_low == pytest.approx(-2.008376, abs=1e-6)
    assert older.prediction_high == pytest.approx(0.579311, abs=1e-6)


def test_the_modification_lengthens_only():
    # Equal variances, and estimates that are closer than these allow: tau2 = 0, q = 0.5.
    y, v = np.array([-0.5, 0.0, 0.5]), np.full(3, 0.5)
    plain = random_effects(y, v, interval="hartung_knapp")
    modified = random_effects(y, v)
    assert plain.tau2 == modified.tau2 == 0
    assert modified.se == pytest.approx(np.sqrt(0.5 / 3), rel=1e-12)
    assert plain.se == pytest.approx(modified.se * np.sqrt(0.5), rel=1e-12)
    # The t table has 4.30265 on two degrees of freedom.
    assert modified.ci_high == pytest.approx(4.30265 * modified.se, rel=1e-5)


def test_equal_variances_by_hand():
    # REML is then the variance of the estimates less the common v.
    y = np.array([0.0, 1.0, 3.0])
    found = random_effects(y, np.full(3, 0.25))
    assert found.tau2 == pytest.approx(y.var(ddof=1) - 0.25, rel=1e-12)
    assert found.estimate == pytest.approx(4 / 3, rel=1e-12)
    assert found.i2 == pytest.approx(found.tau2 / (found.tau2 + 0.25), rel=1e-12)
    # Q = sum((y - mean)²) / v; on two df the upper tail is exp(-Q/2), and the quantile of the
    # Q-profile's upper limit solves sum((y - mean)²) / (v + tau2) = -2 log(0.975).
    squares = ((y - y.mean()) ** 2).sum()
    assert found.q == pytest.approx(squares / 0.25, rel=1e-12)
    assert found.q_p == pytest.approx(np.exp(-found.q / 2), rel=1e-10)
    assert found.tau2_high == pytest.approx(squares / (-2 * np.log(0.975)) - 0.25, rel=1e-9)


def test_statsmodels_agrees_where_it_can():
    from statsmodels.stats.meta_analysis import combine_effects

    theirs = combine_effects(BCG_Y, BCG_V, method_re="dl")
    ours = random_effects(BCG_Y, BCG_V)
    assert ours.q == pytest.approx(theirs.q, rel=1e-10)
    # Equal variances: DerSimonian and Laird's tau2 is REML's, hence all that follows.
    equal = np.full(13, 0.1)
    theirs = combine_effects(BCG_Y, equal, method_re="dl")
    ours = random_effects(BCG_Y, equal, interval="hartung_knapp")
    assert ours.tau2 == pytest.approx(theirs.tau2, rel=1e-8)
    assert ours.estimate == pytest.approx(theirs.mean_effect_re, rel=1e-8)
    assert ours.se == pytest.approx(theirs.sd_eff_w_re_hksj, rel=1e-8)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 14), st.floats(0, 1), st.floats(0.001, 3))
def test_no_variance_between_has_a_higher_likelihood(seed, k, tau2, spread):
    rng = np.random.default_rng(seed)
    v = rng.uniform(0.01, 1.0, k) * spread
    y = rng.normal(scale=np.sqrt(tau2 + v))
    found = reml(y[None], v[None])[0]
    best = restricted_likelihood(found, y, v)
    others = np.concatenate([[0.0], np.geomspace(1e-8, 1e3, 400), found * np.geomspace(0.9, 1.1)])
    assert best >= max(restricted_likelihood(other, y, v) for other in others) - 1e-12


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.floats(-5, 5), st.floats(0.1, 10))
def test_shift_and_scale(seed, shift, scale):
    rng = np.random.default_rng(seed)
    y, v = rng.normal(size=6), rng.uniform(0.05, 0.5, 6)
    plain, moved = random_effects(y, v), random_effects(shift + scale * y, scale**2 * v)
    close = {"rel": 1e-8, "abs": 1e-9}
    assert moved.tau2 == pytest.approx(scale**2 * plain.tau2, **close)
    assert moved.tau2_high == pytest.approx(scale**2 * plain.tau2_high, **close)
    assert moved.ci_low == pytest.approx(shift + scale * plain.ci_low, **close)
    assert moved.prediction_high == pytest.approx(shift + scale * plain.prediction_high, **close)
    assert moved.i2 == pytest.approx(plain.i2, **close)


def test_one_estimate_two_estimates_and_none():
    y = np.array([[np.nan, np.nan, np.nan], [1.0, np.nan, np.nan], [1.0, 2.0, np.nan]])
    found = random_effects(y, np.full((3, 3), 0.1))
    assert found.k.tolist() == [0, 1, 2]
    assert found.q_df.tolist() == [0, 0, 1]
    assert np.isnan(found.estimate[0])
    assert np.isnan(found.se[0])
    assert (found.estimate[1], found.tau2[1]) == (1.0, 0.0)
    assert found.se[1] == pytest.approx(np.sqrt(0.1))
    for name in ("ci_low", "prediction_high", "tau2_high", "i2", "q", "q_p"):
        assert np.isnan(getattr(found, name)[:2]).all(), name
    # (2 - 1)² / 2 - 0.1
    assert found.tau2[2] == pytest.approx(0.4, rel=1e-12)
    assert found.ci_low[2] < found.estimate[2] < found.ci_high[2]
    two = random_effects(y[2], np.full(3, 0.1), prediction="higgins_thompson_spiegelhalter")
    assert np.isnan(two.prediction_low)


def test_identical_estimates():
    found = random_effects([0.3, 0.3, 0.3], [0.1, 0.2, 0.3])
    assert found.tau2 == found.tau2_low == found.tau2_high == found.i2 == 0
    assert found.q == pytest.approx(0, abs=1e-25)
    assert found.q_p == pytest.approx(1)
    assert found.se == pytest.approx((10 + 5 + 10 / 3) ** -0.5, rel=1e-12)


def test_missing_estimates_change_nothing():
    y, v = np.append(BCG_Y, np.nan), np.append(BCG_V, np.nan)
    assert random_effects(y, v).ci_low == random_effects(BCG_Y, BCG_V).ci_low


@pytest.mark.parametrize(
    ("y", "v"),
    [([1.0, 2.0], [0.1, 0.0]), ([1.0, np.inf], [0.1, 0.1]), ([1.0, 2.0], [0.1, np.nan])],
)
def test_a_variance_that_is_none(y, v):
    with pytest.raises(StudyError, match="at \\(1,\\)"):
        random_effects(y, v)


def test_shapes_and_names_are_checked():
    with pytest.raises(StudyError, match=r"shapes are \(2,\) and \(3,\)"):
        random_effects([1.0, 2.0], [0.1, 0.1, 0.1])
    with pytest.raises(StudyError, match="modified_hartung_knapp"):
        random_effects([1.0, 2.0], [0.1, 0.1], interval="knapp")
    with pytest.raises(StudyError, match="higgins_thompson_spiegelhalter"):
        random_effects([1.0, 2.0], [0.1, 0.1], prediction="hts")
