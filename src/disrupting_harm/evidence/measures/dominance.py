"""Ranks of needs from ordered scores, by ordinal dominance.

Scores such as 0 absent to 3 in place have an order and no distances: that from 0 to 1 need not be
that from 2 to 3. A mean takes them as equal, and its order of areas may turn when the scale is
written in other numbers. Ordinal dominance does not: an area needs at least as much as another on
*every* rising scale exactly if, for each score, at least as large a share of its items is at or
below that score (Allison, R. A. and Foster, J. E. 2004, Measuring health inequality using
qualitative data, Journal of Health Economics 23, 505-524).

Items that were not asked could have any score: an area is put above another only where the order
holds whatever they are. Areas that dominance does not order may be in either order.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from designbased.arrays import Floats

Bools = NDArray[np.bool_]

# The scores below the highest: at or below that one are all items of every area.
STEPS = (0.0, 1.0, 2.0)


def find_shares_at_most(scores: Iterable[float], total: int) -> tuple[Floats, Floats]:
    """Return the smallest and the largest share of items at or below each of :data:`STEPS`.

    Args:
        scores: of the items asked, 0 to 3.
        total: items, asked or not, at least as many. Not asked, they stand above every step in the
            smallest share and at or below each in the largest.

    Returns:
        Two arrays (3,).
    """
    scores_known = np.asarray(list(scores), dtype=float)
    at_most = np.array([(scores_known <= step).sum() for step in STEPS], dtype=float)
    return at_most / total, (at_most + total - len(scores_known)) / total


def find_greater_needs(low: Floats, high: Floats) -> Bools:
    """Return [a, b]: whether ``a`` certainly needs more than ``b`` on every rising scale.

    Args:
        low, high: (areas, 3) as :func:`find_shares_at_most` returns them.
    """
    at_least = (low[:, None, :] >= high[None, :, :]).all(axis=2)
    more = (low[:, None, :] > high[None, :, :]).any(axis=2)
    return at_least & more


def find_ranks(is_above: Bools) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the best and the worst rank that each area may have; 1 is the greatest need.

    Args:
        is_above: (areas, areas) as :func:`find_greater_needs` returns it.
    """
    return 1 + is_above.sum(axis=0), len(is_above) - is_above.sum(axis=1)
