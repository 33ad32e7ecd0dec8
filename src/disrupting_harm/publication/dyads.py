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
the number of pairs and takes shares of weights for shares of children
(:func:`count_open_children`).
"""

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from designbased.estimates.dyads import CONDITIONAL, SHARES
from disrupting_harm.publication.reliability import floats, judge
from disrupting_harm.publication.rounding import round_nearest
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
    tables = [
        _decide_pair(of_pair.reset_index(drop=True), reliability, pair in untried)
        for pair, of_pair in dyads.groupby(["child", "caregiver"], sort=False)
    ]
    return in_shape(
        pd.concat(tables) if tables else pd.DataFrame(),
        public_contract("country/dyads"),
        ["data_kind"],
    )


def _decide_pair(measures: pd.DataFrame, reliability: str, is_updated: bool) -> pd.DataFrame:
    share = measures["measure"].isin([*SHARES, *CONDITIONAL])
    judged = judge(
        measures.assign(indicator=measures["measure"], item_nonresponse=0.0), reliability
    )
    lacks_numbers = measures[list(_NUMBERS)].isna().any(axis=1)
    status = judged["reliability"].where(share, "present")
    status = status.where(status.isin(SHOWN_STATUSES) & ~lacks_numbers, SUPPRESS_RELIABILITY)
    smallest = measures.loc[measures["measure"].isin(_CELLS), "n_yes"].min()
    pairs = int(measures.loc[measures["measure"] == "both", "n"].iloc[0])
    value_by_measure = dict(zip(measures["measure"], floats(measures, "estimate"), strict=True))
    if (
        is_updated
        or smallest < SMALLEST_CELL
        or count_open_children(value_by_measure, pairs) < LEAST_DOUBT
    ):
        status = pd.Series(SUPPRESS_DISCLOSURE, measures.index)
    is_printed = status.isin(SHOWN_STATUSES)
    table = measures.assign(status=status, warning=measures["warning"].where(is_printed, ""))
    for name in _NUMBERS:
        table[name] = np.where(is_printed, round_nearest(floats(measures, name), PLACES), np.nan)
    table["n"] = pd.Series(pairs // 10 * 10, measures.index, dtype="Int64").where(is_printed)
    return table[table["measure"].isin(PRINTED)]


def count_open_children(value_by_measure: Mapping[str, float], pairs: int) -> int:
    """Return how many children the printed numbers leave open, at the least of the two sides.

    All tables of so many pairs are tried of which the printed numbers are the same.

    Args:
        value_by_measure: the unrounded measures of a pair of respondents by name.
        pairs: their number, which is taken as known.
    """
    half_step = 0.5 * 10.0**-PLACES + 1e-9
    conditional, agree, kappa = round_nearest(
        np.array([value_by_measure[name] for name in PRINTED]), PLACES
    ).tolist()
    # By the yes of children, the pairs in which both say yes, and those that did not say the same.
    child_yes = np.arange(pairs + 1)[:, np.newaxis, np.newaxis]
    fewest = np.ceil((conditional - half_step) * child_yes)
    both_yes = fewest + np.arange(np.ceil(2 * half_step * pairs) + 1)[:, np.newaxis]
    differing = np.arange(np.ceil((1 - agree - half_step) * pairs), (1 - agree + half_step) * pairs)
    only_child = child_yes - both_yes
    only_caregiver = differing - only_child
    caregiver_yes = both_yes + only_caregiver
    neither = pairs - both_yes - differing
    by_chance = (
        child_yes * caregiver_yes + (pairs - child_yes) * (pairs - caregiver_yes)
    ) / pairs**2
    with np.errstate(divide="ignore", invalid="ignore"):
        kappa_of_table = (1 - differing / pairs - by_chance) / (1 - by_chance)
    is_possible = (
        (both_yes <= (conditional + half_step) * child_yes)
        & (only_child >= 0)
        & (only_caregiver >= 0)
    )
    is_possible &= neither >= 0
    if not np.isnan(kappa):
        is_possible &= np.abs(kappa_of_table - kappa) <= half_step
    yes_counts = (
        np.broadcast_to(counts, is_possible.shape)[is_possible]
        for counts in (child_yes, caregiver_yes)
    )
    return min((int(np.ptp(counts)) for counts in yes_counts if counts.size), default=0)
