"""Whether the counts of two releases would tell that a child who changed said yes to a question.

Ten children left a group, and ten fewer say yes: then each of them did. Somebody is imagined who
knows who changed, which of them answered, and every count that either release may show exactly. Of
a group the difference of the yes of two releases is told; if it is as large as it can be, it tells
the answer of everybody who left, or of everybody who came.
"""

from collections.abc import Collection

import numpy as np
import pandas as pd

from designbased.arrays import Floats, Mask
from disrupting_harm.releases.cell_differences import TABLE, UNKNOWN, PublishedVersion
from disrupting_harm.releases.release_messages import NATION
from disrupting_harm.study.statuses import SHOWN_STATUSES


def tells_a_yes(
    version: PublishedVersion, changes: pd.DataFrame, tables: Collection[tuple[str, str]]
) -> bool:
    """Return whether some cell tells that all who left it, or all who came into it, said yes.

    Args:
        changes: from :func:`.cell_differences.count_differing`, of this release and a run.
        tables: indicator and domain of those that are published anew, of sensitive proportions.
    """
    keys = zip(changes["indicator"], changes["domain"], strict=True)
    changed_cells = changes[[key in tables for key in keys]]
    if changed_cells.empty:
        return False
    n, yes = _published_counts(version, changed_cells)
    n_left = np.clip(
        n - changed_cells["answers_stayed"].to_numpy(), 0, changed_cells["left"].to_numpy()
    )
    lost_yes = (
        yes - changed_cells["yes_stayed"].to_numpy() - changed_cells["entered_yes"].to_numpy()
    )
    n_entered = changed_cells["entered"].to_numpy()
    all_yes: Mask = ((n_left > 0) & (lost_yes == n_left)) | (
        (n_entered > 0) & (-lost_yes == n_entered)
    )
    return bool((all_yes & ~np.isnan(lost_yes)).any())


def _published_counts(version: PublishedVersion, cells: pd.DataFrame) -> tuple[Floats, Floats]:
    """Return answers and yes of each cell; NaN where the release shows them not.

    Those of the unknown level are the national ones less all others.
    """
    shown_cells = version.cells[version.cells["status"].isin(SHOWN_STATUSES)]
    published = cells[[*TABLE, "level"]].merge(shown_cells, on=[*TABLE, "level"], how="left")
    national = shown_cells[shown_cells["domain"] == NATION].set_index("indicator")
    numbers = []
    for name in ("n", "n_yes"):
        values = published[name].to_numpy(dtype=float, na_value=np.nan)
        with_level = published.assign(value=values, known=published["level"] != UNKNOWN)
        values_by_table = with_level[with_level["known"]].groupby(TABLE)["value"]
        sum_of_levels = values_by_table.agg(lambda level: level.sum(skipna=False))
        unplaced = published["indicator"].map(national[name].astype(float)).to_numpy(dtype=float)
        unplaced = (
            unplaced - sum_of_levels.reindex(pd.MultiIndex.from_frame(published[TABLE])).to_numpy()
        )
        numbers.append(np.where(published["level"] == UNKNOWN, unplaced, values))
    return numbers[0], numbers[1]
