"""Composites from sums by sampling unit: for the second estimator.

The proportion of :mod:`.composites` is a smooth function of a few weighted
sums. The derivative of the proportion by the weight of each
unit is what linearisation wants, and comes here from the function itself (Squire & Trapp 1998, SIAM
Review 40: a step along the imaginary axis loses no digits), not from the scores of the estimator.
"""

from collections.abc import Iterator

import numpy as np
from scipy.sparse import csr_array

from designbased.arrays import Floats, Integers
from designbased.design.coding import Levels
from designbased.estimates.composites import (
    Composite,
    composite_proportion,
    join_composite_sums,
)

STEP = 1e-30


def sum_composite_by_unit(
    weight: Floats, unit: Integers, n_units: int, composite: Composite, levels: Levels
) -> Iterator[Floats]:
    """Yield for each of the L levels the sums of the units.

    Yields:
        (U, 2 + 3Q), see :func:`.composites.join_composite_sums`.
    """
    profiles = composite.profiles
    shape = n_units, len(profiles.asked)

    def by_profile(rows: Integers | slice) -> csr_array:
        """(U, C) weight of rows by unit and profile."""
        cell = unit[rows], profiles.of_row[rows]
        sums: csr_array = csr_array((weight[rows], cell), shape=shape)
        return sums

    everywhere = by_profile(slice(None))
    for level in range(len(levels)):
        rows = np.flatnonzero((levels.of_rows == level).any(axis=1) & (weight > 0))
        number = np.bincount(profiles.of_row[rows], minlength=shape[1])
        yield join_composite_sums(profiles, by_profile(rows), everywhere, number)


def composite_derivatives(sums: Floats) -> Floats:
    """(U,) change of the proportion when the weights of one unit grow, per relative growth."""
    change: Floats = composite_proportion(sums.sum(axis=0) + 1j * STEP * sums).imag / STEP
    return change
