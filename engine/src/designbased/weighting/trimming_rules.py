"""Rules for the largest weight allowed: quartiles, contribution to the variance, a fixed number.

Each rule gives one cap per trimming group. Weights are trimmed to a cap, with their margins kept,
by :mod:`.trimming`. The rule that minimises the estimated mean squared error is in
:mod:`designbased.weighting.trimming_mse`.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from designbased.errors import InputError
from designbased.weighting.trimming import IS_ABOVE, trim

MAX_ROUNDS = 1000


def contribution_caps(
    weights: np.ndarray, groups: np.ndarray, multiple: float = 10.0
) -> NDArray[np.float64]:
    """Set caps by the contribution rule ``w² <= multiple * Σw²/n`` (Potter 1988, 1990).

    The rule was used in the National Assessment of Educational Progress. Weights above
    ``K = √(multiple Σw²/n)`` come down to K, the excess goes to the others of the group, and K is
    computed again, until no weight is above it. n counts positive weights.

    Args:
        weights: (n,) weights, not negative.
        multiple: c of the rule.

    Returns:
        (n,) the last K of each group.

    Raises:
        InputError: ``multiple`` not above 1.
    """
    if not multiple > 1:
        raise InputError("trimming, multiple", f"it is {multiple:g}", "Use a number above 1")
    caps = np.zeros(weights.size)
    for group in np.unique(groups):
        inside = groups == group
        caps[inside] = _contribution_cap(weights[inside], str(group), multiple)
    return caps


def _contribution_cap(weights: np.ndarray, group: str, multiple: float) -> float:
    count = int((weights > 0).sum())
    if not count:
        return 0.0
    one_group = np.full(weights.size, group)
    current = weights.astype("float64")
    for _ in range(MAX_ROUNDS):
        cap = float(np.sqrt(multiple * (current**2).sum() / count))
        if current.max() <= cap * (1 + IS_ABOVE):
            return cap
        current = trim(current, np.full(weights.size, cap), one_group).weights
    raise InputError(
        f"trimming, group '{group}'" if group else "trimming",
        f"the cap of the contribution rule still falls after {MAX_ROUNDS} rounds",
        "Use a larger multiple",
    )


def fixed_caps(
    weights: np.ndarray, groups: np.ndarray, cap: float | Mapping[str, float]
) -> NDArray[np.float64]:
    """Give each unit the cap of its group.

    Args:
        cap: one number for all, or one for each group by name.

    Raises:
        InputError: a group without a cap, or a cap below the group's mean weight.
    """
    caps = np.zeros(weights.size)
    for group in np.unique(groups):
        inside = groups == group
        location = f"trimming, group '{group}'" if group else "trimming"
        if isinstance(cap, Mapping):
            if str(group) not in cap:
                raise InputError(location, "no cap is given", "Give a cap for every group")
            value = float(cap[str(group)])
        else:
            value = float(cap)
        require_above_mean(value, weights[inside], location, "Raise the cap")
        caps[inside] = value
    return caps


def require_above_mean(cap: float, weights: np.ndarray, location: str, remedy: str) -> None:
    """Refuse a cap below the mean of the positive weights, which would lose weight."""
    count = int((weights > 0).sum())
    if count and not cap * count >= weights.sum():
        raise InputError(
            location,
            f"the cap {cap:.6g} is below the mean weight {weights.sum() / count:.6g}",
            remedy,
        )
