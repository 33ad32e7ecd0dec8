"""What earlier releases of a country printed, as disclosure control of a new one knows it."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from designbased.arrays import Mask
from disrupting_harm.study.statuses import SHOWN_STATUSES

CELL = ["indicator", "domain", "level"]
SIZES = ["n_printed", "population_printed"]


@dataclass(frozen=True, eq=False)
class EarlierReleases:
    """What earlier releases printed of one country.

    Attributes:
        cells: the columns of ``country/release``; ``release``, which printed it; and ``same``,
            whether nobody behind it differs from the new release.
        frozen: (indicator, domain) of the tables that stay as they were, whatever the new numbers.
    """

    cells: pd.DataFrame
    frozen: Collection[tuple[str, str]] = ()

    def is_frozen(self, table: pd.DataFrame) -> Mask:
        """Return which rows (``indicator, domain``) are of tables that stay as they were."""
        keys = zip(table["indicator"], table["domain"], strict=True)
        frozen = set(self.frozen)
        return np.array([key in frozen for key in keys], dtype=bool)

    def hidden_cells(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return ``status, bound_low, bound_high`` of cells that were hidden of the same children.

        The rows are those of ``table`` (``indicator, domain, level``); they are missing where a
        cell is not of the same children, and where any release showed it. Of several releases the
        last one counts.
        """
        same = self.cells[self.cells["same"]]
        shown_keys = same.loc[same["status"].isin(SHOWN_STATUSES), CELL]
        is_shown_cell = pd.MultiIndex.from_frame(same[CELL]).isin(
            pd.MultiIndex.from_frame(shown_keys)
        )
        last_hidden = same[~is_shown_cell].drop_duplicates(CELL, keep="last")
        marks = last_hidden[[*CELL, "status", "bound_low", "bound_high"]]
        return table[CELL].merge(marks, on=CELL, how="left", validate="one_to_one")

    def printed_sizes(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return ``n_printed, population_printed`` as they stand in an earlier release.

        That is where nobody behind a cell differs, and in tables that stay as they were. The rows
        are those of ``table`` (``indicator, domain, level``); they are missing elsewhere. Of
        several releases the last one counts.
        """
        standing_cells = self.cells[self.cells["same"] | self.is_frozen(self.cells)]
        last_sizes = standing_cells.drop_duplicates(CELL, keep="last")[[*CELL, *SIZES]]
        return table[CELL].merge(last_sizes, on=CELL, how="left", validate="many_to_one")[SIZES]


_NUMBERS = ["bound_low", "bound_high", *SIZES]
NO_EARLIER = EarlierReleases(
    pd.DataFrame(columns=[*CELL, "status", *_NUMBERS, "release", "same"]).astype(
        {"same": bool, **dict.fromkeys(_NUMBERS, float)}
    )
)
