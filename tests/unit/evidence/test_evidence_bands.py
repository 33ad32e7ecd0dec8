"""Bands in place of small counts: by every count that can be told in the same way."""

import itertools
from collections import defaultdict

import numpy as np
import pytest

from disrupting_harm.evidence.measures.bands import (
    BANDS_FROM,
    VALUES,
    find_band,
    find_band_limits,
    find_possible_counts,
    find_publishable_counts,
    leaves_enough_values,
)


@pytest.mark.parametrize(
    ("n", "few", "some", "most"),
    [
        (8, (0, 2), (3, 5), (6, 8)),
        (9, (0, 2), (3, 6), (7, 9)),
        (10, (0, 3), (4, 6), (7, 10)),
        (12, (0, 3), (4, 8), (9, 12)),
    ],
)
def test_bands_are_thirds(n, few, some, most):
    assert [find_band_limits(band, n) for band in ("few_or_none", "some", "most_or_all")] == [
        few,
        some,
        most,
    ]


@pytest.mark.parametrize("n", range(100))
def test_every_count_lies_in_one_band_of_three_values_or_more(n):
    bands = defaultdict(list)
    for count in range(n + 1):
        bands[find_band(count, n)].append(count)
    if n < BANDS_FROM:
        assert set(bands) == {""}
        return
    for band, counts in bands.items():
        assert (counts[0], counts[-1]) == find_band_limits(band, n)
        assert len(counts) >= VALUES


def printed(counts, min_count=10):
    """Return what is printed of counts: numbers and bands; None where nothing is."""
    least, n = [0] * len(counts), sum(counts)
    shown = find_publishable_counts(counts, least, min_count)
    if not shown.any() and not leaves_enough_values(counts, least, shown):
        return None
    return tuple(
        count if tell else find_band(count, n) for count, tell in zip(counts, shown, strict=True)
    )


def wholes(answers, n):
    for parts in itertools.product(range(n + 1), repeat=answers - 1):
        if sum(parts) <= n:
            yield (*parts, n - sum(parts))


@pytest.mark.parametrize(("answers", "n"), [(2, 8), (2, 31), (3, 9), (3, 12), (3, 30), (3, 50)])
def test_no_band_or_number_beside_it_narrows_a_count_below_three_values(answers, n):
    """By brute force: all counts that a reader of the numbers, bands and n can think of."""
    every = np.array(list(wholes(answers, n)))
    bands = np.array([[find_band(count, n) for count in counts] for counts in every.tolist()])
    hidden = 0
    for found in {printed(tuple(counts)) for counts in every.tolist()} - {None}:
        fits = np.ones(len(every), dtype=bool)
        for place, what in enumerate(found):
            kept = bands[:, place] == what if isinstance(what, str) else every[:, place] == what
            fits &= kept
        for place, what in enumerate(found):
            if isinstance(what, str):
                hidden += 1
                assert len(np.unique(every[fits, place])) >= VALUES, found
            else:
                assert 10 <= what <= n - 10
    assert hidden > 2


def test_what_is_possible_is_found_by_brute_force():
    for counts in [(1, 19, 30), (9, 11, 10, 20), (4, 4, 4)]:
        n = sum(counts)
        shown = np.array([count > 20 for count in counts])
        fitting = [
            other
            for other in wholes(len(counts), n)
            if all(
                mine == his if tell else find_band(mine, n) == find_band(his, n)
                for mine, his, tell in zip(counts, other, shown, strict=True)
            )
        ]
        low, high = find_possible_counts(counts, [0] * len(counts), shown)
        assert low.tolist() == np.min(fitting, axis=0).tolist()
        assert high.tolist() == np.max(fitting, axis=0).tolist()


def test_nothing_is_told_where_bands_are_the_numbers():
    assert printed((4, 4, 4)) is None
    assert printed((12,)) is None


def test_counts_are_told_where_all_are_large():
    assert printed((30, 20)) == (30, 20)
    assert printed((48, 1)) == ("most_or_all", "few_or_none")
    assert printed((48, 1), min_count=1) == (48, 1)
