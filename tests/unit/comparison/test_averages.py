"""Countries in which nobody, or everybody, said yes can be pooled, and both alike."""

import numpy as np
import pytest

from designbased.intervals.limits import korn_graubard
from disrupting_harm.comparison.pooling.averages import errors_at_boundary, is_boundary


def test_nobody_and_everybody_are_the_ends() -> None:
    shares = np.array([0.0, 1e-6, 0.5, 1 - 1e-6, 1.0])
    assert is_boundary(shares).tolist() == [True, False, False, False, True]


@pytest.mark.parametrize("n", [20.0, 500.0])
def test_everybody_is_pooled_as_nobody_is(n: float) -> None:
    shares, none = np.array([0.0, 1.0]), np.zeros(2)
    size, df = np.full(2, n), np.full(2, 40.0)
    moved, error = errors_at_boundary(shares, none, size, df)
    low, high = korn_graubard(shares[:1], none[:1], size[:1], df[:1], 0.95)
    # The middle of the interval of nobody, half of which is 1.96 errors.
    np.testing.assert_allclose(moved, [high[0] / 2, 1 - high[0] / 2], rtol=1e-12)
    np.testing.assert_allclose(error, high[0] / 2 / 1.959963984540054, rtol=1e-12)
    assert low[0] == 0


def test_a_share_in_between_keeps_its_value_and_an_error_of_its_own() -> None:
    shares, errors = np.array([0.3, 0.3]), np.array([0.02, 0.0])
    moved, error = errors_at_boundary(shares, errors, np.full(2, 400.0), np.full(2, 40.0))
    assert moved.tolist() == [0.3, 0.3]
    assert error[0] == 0.02
    assert 0.01 < error[1] < 0.05
