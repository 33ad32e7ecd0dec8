import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.special import betainc, betaincinv

from disrupting_harm.survey.tables import beta_quantile as module
from disrupting_harm.survey.tables.beta_quantile import beta_quantile

TAILS = [0.025, 0.975, 0.05, 0.95, 0.005, 0.995, 0.0005, 0.9995, 0.4]


@given(
    size=st.floats(1, 1e5),
    share=st.floats(1e-6, 1 - 1e-6),
    probability=st.sampled_from(TAILS),
    seed=st.integers(0, 1_000),
)
@example(size=16351.0, share=1e-5, probability=0.4, seed=0)  # a rough start beside large logarithms
@settings(max_examples=200, deadline=None)
def test_the_quantiles_of_scipy(size: float, share: float, probability: float, seed: int) -> None:
    """A table of like cells; the steps of one do not depend on the others."""
    near = np.random.default_rng(seed).uniform(0.5, 2, 20)
    x, n = size * share * near, size * near
    for a, b in ((x, n - x + 1), (x + 1, n - x)):
        found = beta_quantile(a, b, probability)
        np.testing.assert_allclose(found, betaincinv(a, b, probability), rtol=1e-12, atol=1e-300)


def test_most_cells_of_a_survey_need_one_step() -> None:
    random = np.random.default_rng(1)
    n, p = random.uniform(50, 900, 5_000), random.uniform(0.02, 0.98, 5_000)
    a, b = n * p, n - n * p + 1
    start = module._log_odds_by_normal_roots(a, b, -1.96)
    _, arrived = module._step(a, b, 0.025, start)
    assert arrived.mean() > 0.9


@pytest.mark.parametrize("probability", TAILS)
def test_the_probability_below_a_quantile(probability: float) -> None:
    a = np.geomspace(0.01, 1e6, 60)[:, None]
    b = np.geomspace(0.5, 1e6, 60)[None, :]
    found = beta_quantile(a, b, probability)
    # Where the quantile is near one, its own last digit moves the probability.
    inside = (found > 1e-300) & (found < 0.99)
    back = betainc(a, b, found)
    np.testing.assert_allclose(back[inside], probability, rtol=2e-9)
    assert np.median(np.abs(back[inside] / probability - 1)) < 1e-14


def test_one_cell_arrays_and_missing_values() -> None:
    one = beta_quantile(np.float64(3.0), np.float64(5.0), 0.025)
    assert float(one) == pytest.approx(betaincinv(3.0, 5.0, 0.025), rel=1e-14)
    small = beta_quantile(np.float64(1e-12), np.float64(5.0), 0.025)
    assert float(small) == betaincinv(1e-12, 5.0, 0.025)
    several = beta_quantile(np.array([3.0, 4.0]), np.array([5.0, 6.0]), np.array([0.1, 0.9]))
    np.testing.assert_allclose(several, betaincinv([3, 4], [5, 6], [0.1, 0.9]), rtol=1e-14)
    assert np.isnan(beta_quantile(np.array([np.nan]), np.array([2.0]), 0.5)).all()
