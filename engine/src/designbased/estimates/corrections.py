"""P values of a family of tests, corrected for their number."""

from dataclasses import dataclass

import numpy as np

from designbased.arrays import Floats, Mask

# P values that are equal but for the last digits of a computer's arithmetic are ties.
_TIED = 1 + 1e-9


@dataclass(frozen=True, eq=False)
class HolmVerdicts:
    """The verdicts of a family of m tests.

    Attributes:
        p_adjusted: (m,) P values adjusted by Holm's method, at most 1; missing without a test.
        level: (m,) error that each row was tested at. An interval with this error leaves out zero
            exactly where the row is clear.
        clear: (m,) whether the adjusted P value is at most alpha.
    """

    p_adjusted: Floats
    level: Floats
    clear: Mask


def adjust_by_holm(p_values: Floats, weights: Floats | float, alpha: float) -> HolmVerdicts:
    """Decide on every row of a family by Holm's method (1979), with weights.

    Rows come in the order of ``p / weight``. With W the weights of all rows that are not yet
    clear, a row is clear while ``W p / weight`` is at most ``alpha``. The level of a clear row is
    ``alpha weight / W`` at its own step, that of all others the one where the procedure stopped:
    ``p`` is at most the level exactly where the row is clear. Ties have the level of their first.

    Args:
        p_values: (m,) two-sided P values; missing ones are not part of the family.
        weights: (m,) above zero, or one for all rows: plain Holm.
        alpha: probability of any false finding in the family.
    """
    weight = np.broadcast_to(np.asarray(weights, dtype=np.float64), p_values.shape)
    tested = np.flatnonzero(~np.isnan(p_values))
    order = tested[np.argsort(p_values[tested] / weight[tested], kind="stable")]
    share = weight[order]
    per_weight = p_values[order] / share
    first_of_ties = np.append(True, per_weight[1:] > per_weight[:-1] * _TIED)[: len(order)]
    first_tie = np.maximum.accumulate(np.where(first_of_ties, np.arange(len(order)), 0))
    remaining = np.cumsum(share[::-1])[::-1][first_tie]
    adjusted = np.maximum.accumulate(per_weight * remaining)
    clear = adjusted <= alpha
    remaining[~clear] = remaining[clear.sum() :][:1]
    verdicts = HolmVerdicts(
        np.full(p_values.shape, np.nan),
        np.full(p_values.shape, np.nan),
        np.zeros(p_values.shape, dtype=bool),
    )
    verdicts.p_adjusted[order] = np.minimum(adjusted, 1)
    verdicts.level[order] = alpha * share / remaining
    verdicts.clear[order] = clear
    return verdicts


def benjamini_hochberg(p_values: Floats) -> Floats:
    """Adjust p values by Benjamini and Hochberg's method (1995); missing ones are not in it.

    The k-th smallest of m is multiplied by m / k; none is above a larger one's.
    """
    family = int((~np.isnan(p_values)).sum())
    order = np.argsort(p_values, kind="stable")[:family]
    stepped = p_values[order] * family / np.arange(1, family + 1)
    full = np.full(p_values.shape, np.nan)
    full[order] = np.minimum(np.minimum.accumulate(stepped[::-1])[::-1], 1)
    return full
