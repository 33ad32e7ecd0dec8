"""Which printed intervals may be too short, as far as print itself says.

Where few answers, for the design, stand on the rarer side of a proportion, Korn and Graubard's
interval holds the truth less often than it says, and misses are mostly too low
(docs/coverage-short.md). A printed proportion ``p`` of ``n`` answers is marked where

    n · min(p, 1 - p) / expected < 12,    expected = Kish · (1 + (max(n / m, 1) - 1) · ρ),

with Kish's factor and the ``m`` PSUs of the group, as ``quality.json`` has them, and ``ρ`` = 0.1.
All of it is published beside the mark, so that the mark tells nothing more.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from designbased.arrays import Mask
from designbased.estimates.group_design import GROUP_DESIGN
from designbased.estimates.stabilised_intervals import STABILISED
from disrupting_harm.publication.population_bounds import GroupDesigns
from disrupting_harm.publication.reliability import floats

# Answers on the rarer side, after the design effect.
LEAST_ANSWERS = 12
MAY_BE_SHORT = "may_be_short"
GROUP = ["domain", "level"]


def select_group_designs(release: pd.DataFrame) -> pd.DataFrame:
    """Return how the children of each group of one country were sampled, as it is published.

    Args:
        release: the columns of ``country/release``.

    Returns:
        ``domain, level, group_kish, group_psus, group_df``: one row for each group whose design is
        known. A table that stays as it was has the design of then, which would tell that it stays:
        its rows count where no other has the group.
    """
    if not set(GROUP_DESIGN) <= set(release):
        return pd.DataFrame(columns=[*GROUP, *GROUP_DESIGN])
    with_design = release.dropna(subset=list(GROUP_DESIGN))
    groups = with_design[GROUP].drop_duplicates()
    if "release" in with_design:
        is_frozen = with_design["release"] != ""
        with_design = pd.concat([with_design[~is_frozen], with_design[is_frozen]])
    return groups.merge(with_design.drop_duplicates(GROUP)[[*GROUP, *GROUP_DESIGN]], how="left")


def read_group_designs(quality: Mapping[str, Any]) -> pd.DataFrame:
    """Return the designs of groups as ``quality.json`` has them; nothing where it has none."""
    designs = [
        (group["domain"], group["level"], group["kish_deff"], group["psus"], group["df"])
        for group in quality.get("groups", ())
    ]
    return pd.DataFrame(designs, columns=[*GROUP, *GROUP_DESIGN])


def find_short_intervals(printed: pd.DataFrame, designs: pd.DataFrame, proportion: Mask) -> Mask:
    """Return which cells (C,) have an interval that may be too short.

    Args:
        printed: cells with ``domain, level, n, estimate, interval`` as printed; missing where
            nothing is.
        designs: of their groups, from :func:`select_group_designs`. A design that is not known
            costs nothing.
        proportion: (C,) which are proportions.
    """
    of_cells = printed[GROUP].merge(designs, on=GROUP, how="left")
    n, share = floats(printed, "n"), floats(printed, "estimate")
    expected = GroupDesigns.from_table(of_cells).expected_deff(n)
    with np.errstate(invalid="ignore"):
        is_short = n * np.minimum(share, 1 - share) / expected < LEAST_ANSWERS
    return is_short & proportion & (printed["interval"] != STABILISED).to_numpy()
