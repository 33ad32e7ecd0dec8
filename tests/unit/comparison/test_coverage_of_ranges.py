"""How often averages and sums hold the truth where a country is hidden, by a simulation of its own.

Samples are binomial here, and critical values come from a search by halves: nothing is shared with
the library but the limits that it is asked for. The larger study is docs/pooling-coverage.md.
"""

import numpy as np
import pytest
from scipy.stats import norm, t

from disrupting_harm.comparison.differences.recovered_limits import sum_limits
from disrupting_harm.comparison.pooling.averages import limits_of_set

SHARES = np.array([0.06, 0.11, 0.08, 0.09, 0.008, 0.12, 0.07, 0.10, 0.09])
N, DF, BOUND, SAMPLES = 900, 60.0, 0.05, 1500


@pytest.fixture(scope="module")
def drawn() -> np.ndarray:
    """Yes answers of nine countries, the fifth of which is hidden: of it, few say yes."""
    yes = np.random.default_rng(11).binomial(N, SHARES, (SAMPLES, len(SHARES)))
    return yes[yes[:, 4] < 10]


def reach_by_halves(width: float, df: float) -> float:
    low, high = 0.0, 10.0
    for _ in range(60):
        middle = (low + high) / 2
        covered = t.cdf(middle + width, df) - t.cdf(-middle, df)
        low, high = (middle, high) if covered < 0.95 else (low, middle)
    return high


def test_the_range_holds_the_average_of_all_and_leaving_out_does_not(drawn: np.ndarray) -> None:
    p, shown = drawn / N, np.arange(len(SHARES)) != 4
    truth, k = SHARES.mean(), len(SHARES)
    held = left_out = 0
    for place, row in enumerate(p):
        errors = row * (1 - row) / N
        se = errors[shown].sum() ** 0.5 / k
        df = errors[shown].sum() ** 2 / (errors[shown] ** 2 / DF).sum()
        low = row[shown].sum() / k
        high = low + BOUND / k
        ends = limits_of_set(low, high, se, df, 0.95)
        held += ends[0] <= truth <= ends[1]
        if place % 100 == 0:
            reach = reach_by_halves((high - low) / se, df) * se
            odds = [np.log(end / (1 - end)) for end in (low, high)]
            steps = (-reach / (low * (1 - low)), reach / (high * (1 - high)))
            by_hand = [1 / (1 + np.exp(-odd - step)) for odd, step in zip(odds, steps, strict=True)]
            np.testing.assert_allclose(ends, by_hand, rtol=1e-10)
        of_shown = row[shown].mean()
        half = t.ppf(0.975, df) * errors[shown].sum() ** 0.5 / shown.sum()
        left_out += of_shown - half <= truth <= of_shown + half
    assert held / len(p) > 0.94
    assert left_out / len(p) < 0.5


def test_sums_hold_the_truth_and_ends_added_up_are_far_too_wide() -> None:
    generator = np.random.default_rng(12)
    shares = np.where(SHARES < 0.01, 0.05, SHARES)
    children = np.geomspace(0.3e6, 27e6, len(shares))
    truth, ones = float(children @ shares), np.ones((1, len(shares)))
    held, widths = 0, np.zeros(2)
    for p in generator.binomial(N, shares, (SAMPLES, len(shares))) / N:
        half = norm.ppf(0.975) * np.sqrt((1 - p) / (N * p))
        low, high = children * p * np.exp(-half), children * p * np.exp(half)
        ends = sum_limits(children * p, low[np.newaxis], high[np.newaxis], ones)
        held += ends[0][0] <= truth <= ends[1][0]
        widths += (ends[1][0] - ends[0][0], high.sum() - low.sum())
    assert 0.935 < held / SAMPLES < 0.965
    assert widths[1] > 1.7 * widths[0]
