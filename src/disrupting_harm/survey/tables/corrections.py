"""P values of a family of tests, corrected for their number."""

import numpy as np

from disrupting_harm.arrays import Floats


def holm(p_values: Floats) -> Floats:
    """Adjust p values by Holm's method (1979); missing ones are not part of the family.

    The k-th smallest of m is multiplied by m - k + 1; none is below a smaller one's. Written out
    here because statsmodels' function takes a twentieth of a second a family.
    """
    order, family = _smallest_first(p_values)
    stepped = p_values[order] * np.arange(family, 0, -1)
    return _in_place(p_values, order, np.maximum.accumulate(stepped))


def holm_levels(p_values: Floats, alpha: float) -> Floats:
    """Return the level at which Holm's method tests each of these p values: alpha / (m - k + 1)."""
    order, family = _smallest_first(p_values)
    return _in_place(p_values, order, alpha / np.arange(family, 0, -1))


def benjamini_hochberg(p_values: Floats) -> Floats:
    """Adjust p values by Benjamini and Hochberg's method (1995); missing ones are not in it.

    The k-th smallest of m is multiplied by m / k; none is above a larger one's.
    """
    order, family = _smallest_first(p_values)
    stepped = p_values[order] * family / np.arange(1, family + 1)
    return _in_place(p_values, order, np.minimum.accumulate(stepped[::-1])[::-1])


def _smallest_first(p_values: Floats) -> tuple[np.ndarray, int]:
    """Return the places of the p values from the smallest to the largest, and their number."""
    family = int((~np.isnan(p_values)).sum())
    return np.argsort(p_values, kind="stable")[:family], family


def _in_place(p_values: Floats, order: np.ndarray, adjusted: Floats) -> Floats:
    full = np.full(p_values.shape, np.nan)
    full[order] = np.minimum(adjusted, 1)
    return full
