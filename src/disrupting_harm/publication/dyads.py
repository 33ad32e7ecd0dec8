"""What is published of what children and their caregivers say of the same matter.

The cells in which they did not say the same are small, and of interest to someone in the same
household. So a pair is printed for the whole country only, all of it or nothing: nothing where one
of its four cells has fewer children than :data:`SMALLEST_CELL`.

The pairs are nearly all children who answered. Who knows how many of all children said yes, and how
many of the pairs, knows how many did whose caregiver gave no answer: few children. So the number of
pairs is printed to the ten below, and only the three measures that leave this number open, in
whole per cents (:data:`PRINTED`): with positive and negative agreement as well it would be known to
within a dozen of 1,000. And nothing is printed where they leave fewer than :data:`LEAST_DOUBT`
children between the least and the most who can have said yes on either side, to someone who knows
the number of pairs and takes shares of weights for shares of children (:func:`doubt`).
"""

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from designbased.estimates.dyads import CONDITIONAL, SHARES
from disrupting_harm.publication.reliability import floats, judge
from disrupting_harm.publication.rounding import nearest
from disrupting_harm.study.statuses import SHOWN_STATUSES, SUPPRESS_DISCLOSURE, SUPPRESS_RELIABILITY
from disrupting_harm.tables.contracts import public_contract
from disrupting_harm.tables.rules import in_shape

SMALLEST_CELL, LEAST_DOUBT = 20, 10
PLACES = 2
# What the reader asks first stands first.
PRINTED = ("caregiver_if_child", "agree", "kappa")
_CELLS = ("both", "only_child", "only_caregiver", "neither")
_NUMBERS = ("estimate", "ci_low", "ci_high")


def public_dyads(
    dyads: pd.DataFrame, reliability: str, untried: Collection[tuple[str, str]] = ()
) -> pd.DataFrame:
    """Return the columns of ``country/dyads`` of one country but ``data_kind``.

    Args:
        dyads: the columns of ``country/dyads``.
        reliability: the presentation standard, which judges shares; what is no share is shown
            where it has an interval.
        untried: pairs of which an earlier release was accepted that they differ from. Nothing is
            printed of them: old and new numbers together were not tried.
    """
    parts = [
        _one_pair(own.reset_index(drop=True), reliability, pair in untried)
        for pair, own in dyads.groupby(["child", "caregiver"], sort=False)
    ]
    return in_shape(
        pd.concat(parts) if parts else pd.DataFrame(),
        public_contract("country/dyads"),
        ["data_kind"],
    )


def _one_pair(own: pd.DataFrame, reliability: str, updated: bool) -> pd.DataFrame:
    share = own["measure"].isin([*SHARES, *CONDITIONAL])
    judged = judge(own.assign(indicator=own["measure"], item_nonresponse=0.0), reliability)
    bare = own[list(_NUMBERS)].isna().any(axis=1)
    status = judged["reliability"].where(share, "present")
    status = status.where(status.isin(SHOWN_STATUSES) & ~bare, SUPPRESS_RELIABILITY)
    smallest = own.loc[own["measure"].isin(_CELLS), "n_yes"].min()
    pairs = int(own.loc[own["measure"] == "both", "n"].iloc[0])
    told = dict(zip(own["measure"], floats(own, "estimate"), strict=True))
    if updated or smallest < SMALLEST_CELL or doubt(told, pairs) < LEAST_DOUBT:
        status = pd.Series(SUPPRESS_DISCLOSURE, own.index)
    printed = status.isin(SHOWN_STATUSES)
    table = own.assign(status=status, warning=own["warning"].where(printed, ""))
    for name in _NUMBERS:
        table[name] = np.where(printed, nearest(floats(own, name), PLACES), np.nan)
    table["n"] = pd.Series(pairs // 10 * 10, own.index, dtype="Int64").where(printed)
    return table[table["measure"].isin(PRINTED)]


def doubt(told: Mapping[str, float], pairs: int) -> int:
    """Return how many children the printed numbers leave open, at the least of the two sides.

    All tables of so many pairs are tried of which the printed numbers are the same.

    Args:
        told: the unrounded measures of a pair of respondents by name.
        pairs: their number, which is taken as known.
    """
    half = 0.5 * 10.0**-PLACES + 1e-9
    r, agree, kappa = nearest(np.array([told[name] for name in PRINTED]), PLACES).tolist()
    # By the yes of children, the pairs in which both say yes, and those that did not say the same.
    said = np.arange(pairs + 1)[:, np.newaxis, np.newaxis]
    least = np.ceil((r - half) * said)
    both = least + np.arange(np.ceil(2 * half * pairs) + 1)[:, np.newaxis]
    differ = np.arange(np.ceil((1 - agree - half) * pairs), (1 - agree + half) * pairs)
    only_child = said - both
    only_caregiver = differ - only_child
    caregiver = both + only_caregiver
    neither = pairs - both - differ
    by_chance = (said * caregiver + (pairs - said) * (pairs - caregiver)) / pairs**2
    with np.errstate(divide="ignore", invalid="ignore"):
        beyond = (1 - differ / pairs - by_chance) / (1 - by_chance)
    possible = (both <= (r + half) * said) & (only_child >= 0) & (only_caregiver >= 0)
    possible &= neither >= 0
    if not np.isnan(kappa):
        possible &= np.abs(beyond - kappa) <= half
    sides = (np.broadcast_to(side, possible.shape)[possible] for side in (said, caregiver))
    return min((int(np.ptp(side)) for side in sides if side.size), default=0)
