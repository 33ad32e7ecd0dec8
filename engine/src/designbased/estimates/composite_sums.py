"""Composites from sums by sampling unit: for replicate weights and for the second estimator.

The proportion of :mod:`.composites` is a smooth function of a few weighted
sums. Replicates multiply the sums of units; the derivative of the proportion by the weight of each
unit is what linearisation wants, and comes here from the function itself (Squire & Trapp 1998, SIAM
Review 40: a step along the imaginary axis loses no digits), not from the scores of the estimator.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from designbased.arrays import Floats, Integers
from designbased.design.coding import Levels
from designbased.estimates.composites import Composite, has_donors

STEP = 1e-30


def sum_composite_by_unit(
    weight: Floats, unit: Integers, n_units: int, composite: Composite, levels: Levels
) -> Iterator[Floats]:
    """Yield for each of the L levels the sums of the units.

    Yields:
        (U, 2 + 3Q): the weight of those asked and of those with a yes; for each of the Q patterns
        of missing parts in the level that of its open respondents, of its donors, and of its donors
        with a yes.
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
        in_level, number = by_profile(rows), np.bincount(profiles.of_row[rows], minlength=shape[1])
        sums = [in_level @ profiles.asked, in_level @ profiles.yes]
        for index, donors in profiles.patterns:
            if number[index]:
                donor_weights = in_level if has_donors(donors, number) else everywhere
                alike = np.arange(shape[1]) == index
                sums += [
                    in_level @ alike,
                    donor_weights @ donors,
                    donor_weights @ (donors & profiles.yes),
                ]
        yield np.column_stack(sums)


def composite_proportion(sums: NDArray[np.inexact]) -> NDArray[np.inexact]:
    """Return proportions from (..., 2 + 3Q) sums over all units; NaN without respondents."""
    asked, yes = sums[..., 0], sums[..., 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        for start in range(2, sums.shape[-1], 3):
            missing, donors, of_donors = np.moveaxis(sums[..., start : start + 3], -1, 0)
            yes = yes + np.where(missing == 0, 0.0, missing * of_donors / donors)
        share: NDArray[np.inexact] = yes / asked
    return share


def composite_derivatives(sums: Floats) -> Floats:
    """(U,) change of the proportion when the weights of one unit grow, per relative growth."""
    change: Floats = composite_proportion(sums.sum(axis=0) + 1j * STEP * sums).imag / STEP
    return change
