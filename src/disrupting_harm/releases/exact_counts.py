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
from disrupting_harm.releases.cell_differences import TABLE, UNKNOWN, Version
from disrupting_harm.releases.release_messages import NATION
from disrupting_harm.study.statuses import SHOWN_STATUSES


def tells_a_yes(
    version: Version, changes: pd.DataFrame, tables: Collection[tuple[str, str]]
) -> bool:
    """Return whether some cell tells that all who left it, or all who came into it, said yes.

    Args:
        version: the release.
        changes: from :func:`.cell_differences.differing`, of this release and a run.
        tables: indicator and domain of those that are published anew, of sensitive proportions.
    """
    keys = zip(changes["indicator"], changes["domain"], strict=True)
    cells = changes[[key in tables for key in keys]]
    if cells.empty:
        return False
    n, yes = _published(version, cells)
    left = np.clip(n - cells["answers_stayed"].to_numpy(), 0, cells["left"].to_numpy())
    fewer = yes - cells["yes_stayed"].to_numpy() - cells["entered_yes"].to_numpy()
    entered = cells["entered"].to_numpy()
    all_yes: Mask = ((left > 0) & (fewer == left)) | ((entered > 0) & (-fewer == entered))
    return bool((all_yes & ~np.isnan(fewer)).any())


def _published(version: Version, cells: pd.DataFrame) -> tuple[Floats, Floats]:
    """Return answers and yes of each cell; NaN where the release shows them not.

    Those of the unknown level are the national ones less all others.
    """
    shown = version.cells[version.cells["status"].isin(SHOWN_STATUSES)]
    published = cells[[*TABLE, "level"]].merge(shown, on=[*TABLE, "level"], how="left")
    nation = shown[shown["domain"] == NATION].set_index("indicator")
    numbers = []
    for name in ("n", "n_yes"):
        values = published[name].to_numpy(dtype=float, na_value=np.nan)
        others = published.assign(value=values, known=published["level"] != UNKNOWN)
        levels = others[others["known"]].groupby(TABLE)["value"]
        placed = levels.agg(lambda level: level.sum(skipna=False))
        rest = published["indicator"].map(nation[name].astype(float)).to_numpy(dtype=float)
        rest = rest - placed.reindex(pd.MultiIndex.from_frame(published[TABLE])).to_numpy()
        numbers.append(np.where(published["level"] == UNKNOWN, rest, values))
    return numbers[0], numbers[1]
