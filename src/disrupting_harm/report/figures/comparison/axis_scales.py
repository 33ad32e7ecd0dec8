"""Axes with round numbers, and heights of labels that do not touch."""

import math
from collections.abc import Sequence

STEPS = (1, 2, 5, 10, 15, 20, 25, 30, 50, 100)


def symmetric_axis(largest: float, labels_each_side: int = 3) -> tuple[float, list[float]]:
    """Return the end and the ticks of an axis around zero that holds ``largest`` on each side."""
    step = next((s for s in STEPS if s * labels_each_side >= largest), STEPS[-1])
    count = max(1, math.ceil(largest / step - 1e-9))
    return float(step * count), [float(step * tick) for tick in range(-count, count + 1)]


def narrow_axis(largest: float) -> tuple[float, list[float]]:
    """Return the end and the ticks of an axis around zero with no more room than ``largest`` needs.

    It has one tick on each side.
    """
    step = max((s for s in STEPS if s <= largest), default=STEPS[0])
    return max(float(step), largest), [-float(step), 0.0, float(step)]


def spread_labels(
    heights: Sequence[float], pitch: float, lowest: float, last: float
) -> list[float]:
    """Return ``heights`` moved as little as needed to stand at least ``pitch`` apart.

    Least squares under the constraint: an isotonic regression (pool adjacent violators) of the
    places less their number times the pitch.

    Args:
        heights: heights in rising order.
        pitch: the least distance between two of them.
        lowest: the least height allowed; gives way where there is not room enough.
        last: the greatest height allowed.
    """
    blocks: list[tuple[float, int]] = []  # mean and number of members
    for number, height in enumerate(heights):
        mean, member_count = height - number * pitch, 1
        while blocks and blocks[-1][0] > mean:
            mean_below, count_below = blocks.pop()
            mean = (mean * member_count + mean_below * count_below) / (member_count + count_below)
            member_count += count_below
        blocks.append((mean, member_count))
    block_means = [mean for mean, member_count in blocks for _ in range(member_count)]
    highest = last - pitch * (len(block_means) - 1)
    return [max(lowest, min(m, highest)) + n * pitch for n, m in enumerate(block_means)]
