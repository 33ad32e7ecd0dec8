"""What is published of what children and their caregivers say of the same matter.

The cells in which they did not say the same are small, and of interest to someone in the same
household. So a pair is printed for the whole country only, all of it or nothing: nothing where one
of its four cells has fewer children than :data:`SMALLEST_CELL`. Printed are whole per cents, and
the number of pairs to the ten below: the pairs are nearly all children who answered, and the
difference from the numbers of all of them must not tell of those few whose caregiver did not.
"""

import numpy as np
import pandas as pd

from disrupting_harm.publication.reliability import floats, judge
from disrupting_harm.study.contract_columns import in_shape
from disrupting_harm.study.question_contracts import KIND, PUBLIC_DYADS
from disrupting_harm.study.statuses import SHOWN_STATUSES
from disrupting_harm.survey.tables.dyads import CONDITIONAL, SHARES

SMALLEST_CELL = 20
PLACES = 2
# Not the shares of each side among the pairs, beside which those of all stand already.
UNPUBLISHED = ("child", "caregiver")
_CELLS = ("both", "only_child", "only_caregiver", "neither")
_NUMBERS = ("estimate", "ci_low", "ci_high")


def public_dyads(dyads: pd.DataFrame, reliability: str, updated: bool) -> pd.DataFrame:
    """Return the columns of :data:`PUBLIC_DYADS` of one country but :data:`KIND`.

    Args:
        dyads: the columns of ``question_contracts.DYADS``.
        reliability: the presentation standard, which judges shares; what is no share is shown
            where it has an interval.
        updated: whether an earlier release was accepted. Then nothing is printed: old and new
            numbers together were not tried.
    """
    parts = [
        _one_pair(own.reset_index(drop=True), reliability, updated)
        for _, own in dyads.groupby(["child", "caregiver"], sort=False)
    ]
    return in_shape(pd.concat(parts) if parts else pd.DataFrame(), PUBLIC_DYADS, KIND)


def _one_pair(own: pd.DataFrame, reliability: str, updated: bool) -> pd.DataFrame:
    share = own["measure"].isin([*SHARES, *CONDITIONAL])
    judged = judge(own.assign(indicator=own["measure"], item_nonresponse=0.0), reliability)
    bare = own[list(_NUMBERS)].isna().any(axis=1)
    status = judged["reliability"].where(share, "present")
    status = status.where(status.isin(SHOWN_STATUSES) & ~bare, "suppress_reliability")
    smallest = own.loc[own["measure"].isin(_CELLS), "n_yes"].min()
    if updated or smallest < SMALLEST_CELL:
        status = pd.Series("suppress_disclosure", own.index)
    printed = status.isin(SHOWN_STATUSES)
    table = own.assign(status=status, warning=own["warning"].where(printed, ""))
    for name in _NUMBERS:
        rounded = np.round(floats(own, name), PLACES) + 0.0
        table[name] = np.where(printed, rounded, np.nan)
    pairs = int(own.loc[own["measure"] == "both", "n"].iloc[0]) // 10 * 10
    table["n"] = pd.Series(pairs, own.index, dtype="Int64").where(printed)
    return table[~table["measure"].isin(UNPUBLISHED)]
