"""Critical values of many comparisons at once."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import stdtrit
from scipy.stats import norm, studentized_range

from disrupting_harm.comparison.differences.critical_values import Draws, star_critical, t_critical

DRAWS = Draws()
# The critical value of 14 countries below, by 200,000 draws with another generator.
FOURTEEN = np.array([8, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 15, 15, 18]) / 1000


def everything(countries):
    return ~np.eye(countries, dtype=bool)


def pairs(se, family=None, draws=DRAWS, estimate=None, alpha=0.05):
    se = np.asarray(se, float)
    estimate = np.zeros(len(se)) if estimate is None else estimate
    return draws.critical_value_of_pairs(
        estimate, se, everything(len(se)) if family is None else family, alpha
    )


def error_of(critical, countries, alpha=0.05, count=100_000):
    """Two Monte Carlo standard errors of a quantile near ``critical``, from Tukey's density."""
    step = 0.01
    root = 2**0.5
    high, low = (
        studentized_range.cdf((critical + side * step) * root, countries, np.inf)
        for side in (1, -1)
    )
    return 2.5 * (alpha * (1 - alpha) / count) ** 0.5 / ((high - low) / (2 * step))


@pytest.mark.parametrize("countries", [3, 5, 14])
@pytest.mark.parametrize("alpha", [0.05, 0.10])
def test_equal_errors_give_tukeys_range(countries, alpha):
    tukey = studentized_range.ppf(1 - alpha, countries, np.inf) / 2**0.5
    found = pairs(np.full(countries, 0.7), alpha=alpha)
    assert found == pytest.approx(tukey, abs=error_of(tukey, countries, alpha))


def test_fourteen_unequal_errors():
    assert pairs(FOURTEEN) == pytest.approx(3.339, abs=error_of(3.339, 14) + 0.003)
    tukey = studentized_range.ppf(0.95, 14, np.inf) / 2**0.5
    # Tukey and Kramer's is never too small (Hayter 1984).
    assert pairs(FOURTEEN) < tukey + error_of(tukey, 14)


def test_the_shortcut_is_the_quantile_of_all_draws():
    """Draws that cannot matter are left out: the same number as with all of them."""
    draws = Draws(20_000, seed=3)
    se = np.array([0.5, 1.0, 1.5, 4.0, 0.1])
    one_sided = everything(5)
    one_sided[0, 1] = one_sided[2, 3] = one_sided[4, 2] = False
    star = np.zeros((5, 5), dtype=bool)
    star[2] = star[:, 2] = True
    star[2, 2] = False
    normal, _ = draws._sorted_normals(5)
    order = np.argsort(se)
    errors = np.empty((5, 20_000))
    errors[order] = normal * se[order, np.newaxis]
    for family in (everything(5), one_sided, star):
        i, j = np.nonzero(family)
        statistic = ((errors[i] - errors[j]) / np.hypot(se[i], se[j])[:, np.newaxis]).max(axis=0)
        expected = np.sort(statistic)[-1000]
        assert pairs(se, family, draws) == pytest.approx(expected, rel=1e-5)


def test_one_comparison_needs_no_draws():
    assert pairs([1.0, 3.0]) == pytest.approx(1.959964, abs=1e-6)
    one_way = np.array([[False, True], [False, False]])
    assert pairs([1.0, 3.0], one_way) == pytest.approx(1.644854, abs=1e-6)
    assert pairs([1.0, 0.0, 0.0], np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], dtype=bool)) == (
        pytest.approx(1.959964, abs=1e-6)
    )
    assert pairs([0.0, 0.0]) == 0
    assert pairs([1.0]) == 0
    assert pairs([]) == 0


def test_seeds_and_names():
    assert pairs(FOURTEEN, draws=Draws(20_000, 1)) == pairs(FOURTEEN, draws=Draws(20_000, 1))
    assert pairs(FOURTEEN, draws=Draws(20_000, 1)) != pairs(FOURTEEN, draws=Draws(20_000, 2))
    assert pairs(FOURTEEN[::-1]) == pairs(FOURTEEN)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(0.05, 1), min_size=2, max_size=6), st.sampled_from([0.02, 0.05, 0.2]))
def test_one_countrys_pairs_by_integral_and_by_draws(se, alpha):
    se = np.array(se)
    countries = len(se)
    above = everything(countries)
    below = above & (np.arange(countries) % 2 == 0)
    found = star_critical(se, above, below, alpha)
    for i in range(countries):
        family = np.zeros((countries, countries), dtype=bool)
        family[i], family[:, i] = above[i], below[i]
        drawn = pairs(se, family, alpha=alpha)
        # Five standard errors of the quantile, at the density of one normal at least.
        slack = 5 * (alpha * (1 - alpha) / DRAWS.count) ** 0.5 / norm.pdf(found[i])
        assert found[i] == pytest.approx(drawn, abs=slack + 0.04 * (se.max() > 16 * se.min()))


def test_one_countrys_pairs_against_dunnett():
    """Equal variances, two-sided: Dunnett's critical values for a control, infinite df."""
    for others, published in ((1, 1.960), (2, 2.212), (3, 2.349), (5, 2.511), (9, 2.686)):
        family = everything(others + 1)
        found = star_critical(np.ones(others + 1), family, family, 0.05)
        np.testing.assert_allclose(found, published, atol=0.003)


def test_stars_without_variance():
    family = everything(3)
    np.testing.assert_allclose(star_critical(np.zeros(3), family, family, 0.05), 0)
    # The countries without variance have one comparison each; the third has the same one twice.
    found = star_critical(np.array([0.0, 0.0, 1.0]), family, family, 0.05)
    np.testing.assert_allclose(found[:2], 1.959964, atol=1e-6)
    assert 1.9599 < found[2] < 1.9599 + 0.04


def test_t_critical_has_the_level_of_the_normal_one():
    df = np.array([4.0, 30.0, np.inf])
    level = norm.sf(3.3)
    np.testing.assert_allclose(t_critical(3.3, df), [*-stdtrit(df[:2], level), 3.3], rtol=1e-12)
    assert (np.diff(t_critical(3.3, df)) < 0).all()
