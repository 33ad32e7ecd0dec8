"""Words in place of small counts of people who were asked: in which third of them the count is.

Of ten interviews a count tells what single people said, and "10 of 10" what each of them did. A
band of thirds leaves at least three values open from eight people on; of fewer nothing is told.

What this does not protect against: somebody who knows what all others answered, where these make
an end of a band; and that somebody was asked at all.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from disrupting_harm.evidence.shared_columns import FEW_OR_NONE, MOST_OR_ALL, SOME

# So many people, or more, are spoken of; so many values a count must be left with.
BANDS_FROM, VALUES = 8, 3

Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]


def find_band(count: int, n: int) -> str:
    """Return which third of ``n`` people ``count`` is; empty where they are too few for a band."""
    if n < BANDS_FROM:
        return ""
    if 3 * count < n:
        return FEW_OR_NONE
    return MOST_OR_ALL if 3 * count > 2 * n else SOME


def find_band_limits(band: str, n: int) -> tuple[int, int]:
    """Return the least and the greatest count of a band."""
    few, most = (n - 1) // 3, 2 * n // 3 + 1
    return {FEW_OR_NONE: (0, few), SOME: (few + 1, most - 1), MOST_OR_ALL: (most, n)}[band]


def find_publishable_counts(
    counts: Sequence[int], least_counts: Sequence[int], min_count: int
) -> Mask:
    """Return which counts of a whole may be published beside bands for the others.

    Of a whole that is small for its thirds to hold ``min_count``, none is: which counts were
    published would tell of the others. Of a larger one those are that leave ``min_count`` on both
    sides. Where counts, bands and the whole together leave fewer values of another count than a
    small count can have, more become bands, the smallest first.

    Args:
        counts: how many gave each answer.
        least_counts: what a reader knows each count to be at least.
        min_count: the smallest count that is published; 1: all are.
    """
    numbers = np.asarray(counts, dtype=np.int64)
    if min_count == 1:
        return np.ones(len(numbers), dtype=bool)
    n = numbers.sum()
    may_show: Mask = (numbers >= min_count) & (n - numbers >= min_count) & (n >= 3 * min_count)
    values = max(VALUES, min_count - 1)
    while may_show.any() and not leaves_enough_values(counts, least_counts, may_show, values):
        may_show[np.flatnonzero(may_show)[np.argmin(numbers[may_show])]] = False
    return may_show


def leaves_enough_values(
    counts: Sequence[int], least_counts: Sequence[int], is_shown: Mask, values: int = VALUES
) -> bool:
    """Return whether what is shown leaves so many ``values`` of each count that is a band."""
    low, high = find_possible_counts(counts, least_counts, is_shown)
    return bool((high - low + 1 >= values)[~is_shown].all())


def find_possible_counts(
    counts: Sequence[int], least_counts: Sequence[int], is_shown: Mask
) -> tuple[Counts, Counts]:
    """Return the least and greatest value of each count for a reader of counts, bands and whole."""
    n = sum(counts)
    low, high = np.array([find_band_limits(find_band(count, n), n) for count in counts]).T
    low = np.where(is_shown, counts, np.maximum(low, least_counts))
    high = np.where(is_shown, counts, high)
    # What the others leave for each: with one sum nothing more can be worked out.
    return np.maximum(low, n - (high.sum() - high)), np.minimum(high, n - (low.sum() - low))
