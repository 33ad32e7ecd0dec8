"""What is published of questions with several options.

The numbers are those of the release, where the options of one question are cells that add up to
those who were asked: what hides one of them hides a second one (:mod:`.equations`). Added here are
limits that hold for all options together, beside cells that are shown, and which may be the first.

Of the order nothing is said that printed numbers do not say. Two options that are shown are put in
order by the test of their difference; Holm's family is all pairs, of which those with a hidden
option count as never found. An option that is shown comes before a hidden one only where its lower
limit lies above the upper limit of the largest share that print leaves the hidden one: that of the
bound printed of it, and with one answer what the shown options leave. So it is said, or not,
whatever the hidden number is.
"""

import numpy as np
import pandas as pd

from designbased.arrays import Floats, Integers, Mask
from designbased.estimates.corrections import adjust_by_holm
from designbased.intervals.limits import INTERVALS
from disrupting_harm.publication.release import is_shown, public_table
from disrupting_harm.publication.reliability import floats
from disrupting_harm.publication.rounding import decimal_places, round_to, with_whole_per_cents
from disrupting_harm.study.configuration.publication_config import Rounding
from disrupting_harm.study.statuses import NO_INDICATOR
from disrupting_harm.study.whole_percents import WHOLE
from disrupting_harm.tables.contracts import public_contract
from disrupting_harm.tables.rules import in_shape

_WHOLE_LIMITS = {name: WHOLE[name] for name in ("ci_low", "ci_high")}


def public_options(
    options: pd.DataFrame,
    order: pd.DataFrame,
    release: pd.DataFrame,
    rounding: Rounding,
    interval: str,
    confidence: float,
) -> pd.DataFrame:
    """Return the columns of ``country/options`` of one country but ``data_kind``.

    Args:
        options: the columns of ``country/options``.
        order: those of ``country/order``.
        release: those of ``country/release``. A number that stays as an earlier release printed
            it has no limits here, and no place in the order.
        rounding: of printed numbers.
        interval: of proportions, as the options have it.
        confidence: of all limits of a question together.
    """
    national = release[release["domain"] == "total"]
    printed = public_table(national, rounding).set_index("indicator")
    stays = national.get("release", pd.Series("", national.index)) != ""
    staying = set(national.loc[stays, "indicator"])
    parts = []
    for name, own in options.groupby("question", sort=False):
        known = printed.reindex(own["option"]).reset_index(drop=True)
        own = own.reset_index(drop=True)
        current = is_shown(known) & ~own["option"].isin(staying)
        pairs = order[order["question"] == name]
        places = decimal_places(
            floats(known, "estimate"), floats(known, "n"), np.full(len(own), True), rounding
        )
        first = _may_be_first(own, pairs, known, current.to_numpy(), places, interval, confidence)
        known = with_whole_per_cents(known, own, current.to_numpy(), _WHOLE_LIMITS)
        for limit in _WHOLE_LIMITS:
            known[limit] = np.where(current, round_to(floats(own, limit), places), np.nan)
        known["shown"] = known["shown"].fillna("")
        known["status"] = known["status"].fillna(NO_INDICATOR)
        keys = own[["country", "question", "option"]]
        parts.append(keys.join(known.drop(columns="country")).assign(may_be_first=first))
    return in_shape(
        pd.concat(parts) if parts else pd.DataFrame(),
        public_contract("country/options"),
        ["data_kind"],
    )


def _may_be_first(
    own: pd.DataFrame,
    pairs: pd.DataFrame,
    known: pd.DataFrame,
    current: Mask,
    places: Integers,
    interval: str,
    confidence: float,
) -> Mask:
    """Tell which options no other one comes before for sure, as far as print says."""
    place = {name: at for at, name in enumerate(own["option"])}
    above = np.zeros((len(own), len(own)), dtype=bool)
    first, second = (pairs[name].map(place).to_numpy() for name in ("option_a", "option_b"))
    printed = current[first] & current[second]
    p_value = np.where(printed, floats(pairs, "p_value"), 1.0)
    clear = adjust_by_holm(p_value, 1.0, 1 - confidence).clear
    larger = floats(pairs, "difference") > 0
    above[first[clear & larger], second[clear & larger]] = True
    above[second[clear & ~larger], first[clear & ~larger]] = True
    share, se = floats(own, "estimate"), floats(own, "se")
    most = _most(own, known, current, places)
    for hidden in np.flatnonzero(~current):
        if most[hidden] >= 1:
            continue
        # With the design effect of the option that it is compared with.
        with np.errstate(divide="ignore", invalid="ignore"):
            deff_root = se / np.sqrt(share * (1 - share))
        spread = deff_root * np.sqrt(most[hidden] * (1 - most[hidden]))
        n, df = floats(own, "n"), floats(own, "df")
        each = 1 - (1 - confidence) / len(own)
        _, limit = INTERVALS[interval](most[hidden], spread, n, df, each)
        above[current & (floats(own, "ci_low") > limit), hidden] = True
    return ~above.any(axis=0)


def _most(own: pd.DataFrame, known: pd.DataFrame, current: Mask, places: Integers) -> Floats:
    """Return the largest share that print leaves each option that it does not show."""
    bound = np.nan_to_num(floats(known, "bound_high"), nan=1.0)
    if not own["one_answer"].all():
        return bound
    # From printed shares, each of which may be rounded up: exact ones would tell the sum of those
    # that are hidden more exactly than print does.
    least = floats(known, "estimate") - 0.5 * 10.0**-places
    return np.minimum(bound, max(1 - least[current].sum(), 0.0))
