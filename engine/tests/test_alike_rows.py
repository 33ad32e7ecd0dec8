"""Rows alike: sums of zeros and ones through the patterns of several answers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from designbased.design.coding import Levels
from designbased.estimates.unit_totals import AlikeRows


def levels_of(codes: list[np.ndarray], sizes: list[int]) -> Levels:
    names = [f"l{number}" for number in range(sum(sizes))]
    return Levels(["d"] * len(names), names, codes, np.cumsum([0, *sizes[:-1]]).tolist())


@given(
    seed=st.integers(0, 10_000),
    rows=st.sampled_from([40, 300]),
    outcomes=st.integers(1, 9),
    missing=st.booleans(),
    floats=st.booleans(),
)
@settings(max_examples=30, deadline=None)
def test_sums_are_those_of_the_rows_of_each_group(seed, rows, outcomes, missing, floats):
    rng = np.random.default_rng(seed)
    unit = rng.integers(7, 9, rows)
    codes = [rng.integers(-1, 2, rows), rng.integers(0, 1, rows)]
    weight = rng.integers(0, 3, rows) * 0.1
    values = (rng.random((rows, outcomes)) < 0.4).astype(float if floats else np.uint8)
    valid = (rng.random((rows, outcomes if missing else 1)) < 0.9).astype(values.dtype)
    alike = AlikeRows(unit, levels_of(codes, [2, 1]))
    assert alike.worth_joining == (len(alike.any_row) <= rows / 10)
    weighted, counted = alike.sums(weight, values, valid)
    for group, row in enumerate(alike.any_row):
        own = alike.group == group
        same = (unit == unit[row]) & (codes[0] == codes[0][row]) & (codes[1] == codes[1][row])
        assert np.array_equal(own, same)
        for found, columns in zip((*weighted, *counted), (values, valid) * 2, strict=True):
            amount = weight if any(found is own for own in weighted) else weight > 0
            np.testing.assert_allclose(found[group], amount[own] @ columns[own], rtol=1e-13)


@pytest.mark.parametrize("domains", [1, 30])
def test_rows_that_no_number_tells_apart_stay_alone(domains):
    """Thirty domains of five levels have more combinations than a number can hold."""
    codes = [np.zeros(50, dtype=np.int8)] * domains
    alike = AlikeRows(np.zeros(50, dtype=np.intp), levels_of(codes, [5] * domains))
    assert len(alike.any_row) == (1 if domains == 1 else 50)


def test_groups_far_apart_are_found():
    unit = np.array([3, 1_000_000, 3, 500])
    alike = AlikeRows(unit, levels_of([np.zeros(4, dtype=np.int8)], [1]))
    assert sorted(unit[alike.any_row]) == [3, 500, 1_000_000]
    assert (unit[alike.any_row][alike.group] == unit).all()
