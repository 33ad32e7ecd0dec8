"""Ordinal dominance: what ordered scores tell on every scale, and whatever was not asked."""

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from disrupting_harm.evidence.measures.dominance import (
    find_greater_needs,
    find_ranks,
    find_shares_at_most,
)

Areas = list[tuple[list[float], int]]  # scores of the items asked, and how many items there are


def above(areas: Areas) -> np.ndarray:
    shares = [find_shares_at_most(scores, total) for scores, total in areas]
    return find_greater_needs(*map(np.array, zip(*shares, strict=True)))


def test_eight_areas_by_hand():
    """Ties, missing items, an area not asked, and a score averaged over agencies."""
    areas: Areas = [
        ([0, 0], 2),
        ([0, 1, 1], 3),
        ([2, 3], 3),
        ([3, 3, 3], 3),
        ([1], 4),
        ([], 2),
        ([0, 0, 0, 0], 4),
        ([1.5, 2], 2),
    ]
    low, high = find_shares_at_most(*areas[4])
    assert low.tolist() == [0, 0.25, 0.25]
    assert high.tolist() == [0.75, 1, 1]
    order = above(areas)
    assert [np.flatnonzero(row).tolist() for row in order] == [
        [1, 2, 3, 4, 7], [2, 3, 7], [3], [], [3], [], [1, 2, 3, 4, 7], [3],
    ]  # fmt: skip
    best, worst = find_ranks(order)
    assert best.tolist() == [1, 3, 4, 7, 3, 1, 1, 4]
    assert worst.tolist() == [3, 5, 7, 8, 7, 8, 3, 7]


def test_an_order_that_turns_with_the_scale_is_no_order():
    """The mean of (0, 0, 3) and of (1, 1, 1) is the same, and either is larger on other scales."""
    order = above([([0, 0, 3], 3), ([1, 1, 1], 3)])
    assert not order.any()
    assert find_ranks(order)[0].tolist() == [1, 1]


@st.composite
def some_areas(draw) -> Areas:
    def area():
        total = draw(st.integers(1, 3))
        asked = draw(st.integers(0, total))
        return draw(st.lists(st.integers(0, 3), min_size=asked, max_size=asked)), total

    return [area() for _ in range(draw(st.integers(2, 4)))]


@settings(max_examples=150, deadline=None)
@given(some_areas(), st.lists(st.floats(0.01, 1), min_size=3, max_size=3))
def test_the_order_is_that_of_every_scale_and_every_filling(areas, steps):
    """Brute force: all fillings of the items not asked, a random rising scale and the extreme ones.

    An area needs more on all rising scales exactly if it does on those with a single step each.
    """
    order = above(areas)
    filled = [
        [[*scores, *rest] for rest in product(range(4), repeat=total - len(scores))]
        for scores, total in areas
    ]
    scales = [(0, 1, 1, 1), (0, 0, 1, 1), (0, 0, 0, 1), (0, *np.cumsum(steps))]

    def lowest_and_highest(at: int, scale) -> tuple[float, float]:
        means = [float(np.mean([scale[score] for score in scores])) for scores in filled[at]]
        return min(means), max(means)

    for a, b in product(range(len(areas)), repeat=2):
        if a == b:
            continue
        # A high score is a small need.
        gaps = [lowest_and_highest(b, s)[0] - lowest_and_highest(a, s)[1] for s in scales[:3]]
        certain = all(gap > -1e-12 for gap in gaps) and any(gap > 1e-12 for gap in gaps)
        assert order[a, b] == certain
        if order[a, b]:
            of_b, of_a = lowest_and_highest(b, scales[3])[0], lowest_and_highest(a, scales[3])[1]
            assert of_b >= of_a - 1e-12
    best, worst = find_ranks(order)
    assert (best <= worst).all()
    assert (order.sum(axis=0) + order.sum(axis=1) <= len(areas) - 1).all()
