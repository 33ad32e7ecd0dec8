"""Which bound may stand in place of an estimate, so that it holds for the population.

A bound ``< 100 t`` is read as of all such children, not as of those who were asked. Two rules make
97.5 per cent of the limits from which it is taken hold.

Of a cell that is hidden because few said yes it follows from the size and the design of its group
alone, whatever was answered. It is the smallest share ``t`` of a list for which

- ``n t`` is large enough, and
- ``t`` lies above the upper limit of Korn and Graubard (1998) for one yes less than the threshold,
  with the design effect ``Kish · (1 + (max(n / m, 1) - 1) · ρ)`` and the degrees of freedom of the
  group, where ``m`` PSUs have a child of it and ``ρ`` is 0.1.

Both hold from some number of children on, so that there is a least number for each ``t``. Of every
other cell the bound is, from there on, the smallest that lies above the cell's own upper limit.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import betainc

from designbased.arrays import Floats, Integers, Mask
from designbased.estimates.group_design import GROUP_DESIGN
from designbased.estimates.stabilised_intervals import PRIOR_CORRELATION
from designbased.intervals.limits import korn_graubard
from disrupting_harm.publication.reliability import CONFIDENCE, floats

# More children than any survey asks.
MOST_CHILDREN = 2**20
_HALVINGS = 50


@dataclass(frozen=True, eq=False)
class GroupDesigns:
    """The designs of the groups of C cells; a design that is not known costs nothing.

    Attributes:
        kish: (C,) Kish's factor for unequal weights.
        psus: (C,) PSUs with a child of the group.
        df: (C,) degrees of freedom.
    """

    kish: Floats
    psus: Floats
    df: Floats

    @classmethod
    def from_table(cls, table: pd.DataFrame) -> "GroupDesigns":
        """Take the designs from a table of cells, where it has them."""
        designs = [
            floats(table, name) if name in table else np.full(len(table), np.nan)
            for name in GROUP_DESIGN
        ]
        neutral = (1.0, np.inf, np.inf)
        return cls(
            *(
                np.where(np.isnan(values), default, values)
                for values, default in zip(designs, neutral, strict=True)
            )
        )

    def expected_deff(self, n: Floats) -> Floats:
        """Return the design effect that weights and PSUs make likely for ``n`` children."""
        return self.kish * (1 + (np.maximum(n / self.psus, 1) - 1) * PRIOR_CORRELATION)

    def upper_limit(self, yes: Floats, n: Floats) -> Floats:
        """Return the upper limit of ``yes`` of ``n`` children in each group."""
        share, deff = yes / n, self.expected_deff(n)
        _, high = korn_graubard(share, np.sqrt(deff * share * (1 - share) / n), n, self.df)
        return np.where(np.isnan(high), 1.0, high)


def least_answers(
    grid: Sequence[float], least_children: int, minimum: Floats, designs: GroupDesigns
) -> Floats:
    """Return from how many answers on (G, C) each bound may be printed where few said yes.

    Args:
        grid: G shares, rising.
        least_children: how many children a bound leaves room for at least.
        minimum: (C,) the threshold of yes answers.
        designs: those of the cells' groups.

    Returns:
        Whole numbers; infinite where a group of that design is never large enough.
    """
    least_by_bound = np.full((len(grid), len(minimum)), np.inf)
    designs_of_cells = np.column_stack([designs.kish, designs.psus, designs.df, minimum])
    distinct, index_of_design = np.unique(designs_of_cells, axis=0, return_inverse=True)
    distinct_designs = GroupDesigns(*distinct.T[:3])
    for position, share in enumerate(grid):
        # Of fewer than ``low`` it may not be printed, of ``high`` it may.
        low = np.ceil(np.maximum(least_children / share, distinct[:, 3] + 1) - 1e-9)
        high = np.full(len(distinct), float(MOST_CHILDREN))
        is_never_enough = distinct_designs.upper_limit(distinct[:, 3] - 1, high) >= share
        while (low < high).any():
            middle = np.floor((low + high) / 2)
            is_enough = distinct_designs.upper_limit(distinct[:, 3] - 1, middle) < share
            low, high = np.where(is_enough, low, middle + 1), np.where(is_enough, middle, high)
            low = np.minimum(low, high)
        least_by_bound[position] = np.where(is_never_enough, np.inf, low)[index_of_design.ravel()]
    return least_by_bound


def korn_graubard_limits(table: pd.DataFrame, proportion: Mask) -> tuple[Floats, Floats]:
    """Return the limits (C,) of proportions by Korn and Graubard; 0 and 1 where there are none."""
    share, se, n, df = (floats(table, name) for name in ("estimate", "se", "n", "df"))
    has_limits = proportion & (n > 1)
    low, high = korn_graubard(
        np.where(has_limits, share, np.nan), se, np.where(has_limits, n, np.nan), df, CONFIDENCE
    )
    return np.nan_to_num(low, nan=0.0), np.where(np.isnan(high), 1.0, high)


def least_share_reaching(bound: float, n: Floats) -> Floats:
    """Return the least share of ``n`` answers whose upper limit reaches ``bound``.

    It is that of a whole number of yes answers, without a design.
    """
    # Many cells have the same number of answers.
    sizes, index_of_size = np.unique(n, return_inverse=True)
    tail, low, high = (1 + CONFIDENCE) / 2, np.zeros(len(sizes)), np.maximum(sizes, 1.0) * bound
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        falls_short = betainc(middle + 1, np.maximum(sizes - middle, 1e-9), bound) > tail
        low, high = np.where(falls_short, middle, low), np.where(falls_short, high, middle)
    shares = np.where(sizes > 0, np.ceil(low - 1e-9) / np.maximum(sizes, 1.0), 0.0)
    return np.asarray(shares[index_of_size])


def find_bound_above(grid: Floats, limit: Floats) -> Integers:
    """Return the place (C,) of the first share of a rising list that lies above a limit."""
    return np.searchsorted(grid, limit, side="right")
