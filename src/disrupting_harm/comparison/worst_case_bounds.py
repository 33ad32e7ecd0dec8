"""Whether the order of two countries holds whatever the missing answers would have been.

A child who refuses, does not know, or whose answer is lost may have either answer. The bounds of a
country hold every proportion that the missing answers allow (Manski 2003, Partial Identification of
Probability Distributions); their limits by Imbens and Manski (2004, Econometrica 72) cover the
proportion itself with the confidence asked for (``designbased.missing``). A is higher than B even
in the worst case where A's lower limit is above B's upper limit. Only pairs that differ among valid
answers are tested.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from disrupting_harm.comparison.ledger import select_comparable
from disrupting_harm.publication.release import is_shown
from disrupting_harm.publication.reliability import floats
from disrupting_harm.tables.contracts import restricted_contract
from disrupting_harm.tables.rules import in_shape

NO_BOUNDS = "no bounds for one of the two"
NO_DIFFERENCE = "no difference among valid answers"
SURVIVES = "holds whatever the missing answers are"
LIMITS_OVERLAP = "the bounds are ordered alike, but not their confidence limits"
BOUNDS_OVERLAP = "missing answers alone could turn the order round"


def bounds_table(
    bounds: pd.DataFrame,
    release: pd.DataFrame,
    ledger: pd.DataFrame,
    indicators: Sequence[str],
    data_kind: str,
) -> pd.DataFrame:
    """Return the national bounds of all countries that are shown and comparable.

    Args:
        bounds: the countries' own bounds, stacked.
        release: restricted releases of all countries, stacked.
        ledger: from ``comparison.ledger.comparability_ledger``.
        indicators: in the order of the result; those without bounds have no row.

    Returns:
        The columns of ``comparison/bounds``; ``n`` are the valid answers, ``valid_share`` their
        weighted share of the children asked, ``ci_low`` to ``ci_high`` the limits of Imbens and
        Manski.

    Raises:
        StudyError: a country whose estimate is shown and that the ledger does not have.
    """
    national = release[(release["domain"] == "total") & release["indicator"].isin(indicators)]
    keys = select_comparable(national[is_shown(national)], ledger)[["indicator", "country"]]
    table = keys.merge(bounds, on=["indicator", "country"], validate="one_to_one")
    order = {name: position for position, name in enumerate(indicators)}
    table = table.assign(place=table["indicator"].map(order), data_kind=data_kind)
    table = table.rename(columns={"n_valid": "n"}).sort_values(["place", "country"])
    return in_shape(table.reset_index(drop=True), restricted_contract("comparison/bounds"))


def compare_bounds(pairs: pd.DataFrame, bounds: pd.DataFrame, data_kind: str) -> pd.DataFrame:
    """Ask of every pair of countries whether its ordering survives.

    Args:
        pairs: ``indicator, country_a, country_b, clear`` from ``pairwise.compare_country_pairs``.
        bounds: from :func:`bounds_table`.

    Returns:
        The columns of ``comparison/bound_pairs``, one row per pair of an indicator that has bounds:

        - ``survives``: they differ, and the limits are apart; ``higher`` is then the country that
          is higher even in the worst case, else empty;
        - ``bounds_ordered``: the bounds themselves are apart, sampling errors left aside;
        - ``reason``: why it survives or not, in words.
    """
    pairs = pairs[pairs["indicator"].isin(bounds["indicator"])].reset_index(drop=True)
    national_bounds = bounds.set_index(["indicator", "country"])[
        ["lower", "upper", "ci_low", "ci_high"]
    ]
    a, b = (
        national_bounds.reindex(pd.MultiIndex.from_frame(pairs[["indicator", name]]))
        for name in ("country_a", "country_b")
    )
    clear = pairs["clear"].to_numpy(dtype=bool)
    has_bounds = a["lower"].notna().to_numpy() & b["lower"].notna().to_numpy()
    a_higher, b_higher = _is_above(a, b, "ci_low", "ci_high"), _is_above(b, a, "ci_low", "ci_high")
    ordered = _is_above(a, b, "lower", "upper") | _is_above(b, a, "lower", "upper")
    survives = clear & (a_higher | b_higher)
    higher = np.where(a_higher, pairs["country_a"], pairs["country_b"])
    reason = np.select(
        [~has_bounds, ~clear, survives, ordered],
        [NO_BOUNDS, NO_DIFFERENCE, SURVIVES, LIMITS_OVERLAP],
        BOUNDS_OVERLAP,
    )
    table = pairs[["indicator", "country_a", "country_b"]].assign(
        clear=clear,
        survives=survives,
        higher=np.where(survives, higher, ""),
        bounds_ordered=ordered,
        reason=reason,
        data_kind=data_kind,
    )
    return in_shape(table, restricted_contract("comparison/bound_pairs"))


def _is_above(first: pd.DataFrame, second: pd.DataFrame, low: str, high: str) -> np.ndarray:
    """Return where the lower end of one is above the upper end of the other."""
    is_above: np.ndarray = floats(first, low) > floats(second, high)
    return is_above
