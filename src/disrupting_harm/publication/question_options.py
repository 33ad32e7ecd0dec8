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
from disrupting_harm.publication.rounding import add_whole_per_cents, decimal_places, round_to
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
        interval: of proportions, as the options have it.
        confidence: of all limits of a question together.
    """
    national = release[release["domain"] == "total"]
    printed_by_option = public_table(national, rounding).set_index("indicator")
    is_frozen = national.get("release", pd.Series("", national.index)) != ""
    frozen_options = set(national.loc[is_frozen, "indicator"])
    tables = []
    for name, of_question in options.groupby("question", sort=False):
        printed_options = printed_by_option.reindex(of_question["option"]).reset_index(drop=True)
        of_question = of_question.reset_index(drop=True)
        is_current = is_shown(printed_options) & ~of_question["option"].isin(frozen_options)
        pairs = order[order["question"] == name]
        decimals = decimal_places(
            floats(printed_options, "estimate"),
            floats(printed_options, "n"),
            np.full(len(of_question), True),
            rounding,
        )
        may_be_first = _find_possible_first(
            of_question,
            pairs,
            printed_options,
            is_current.to_numpy(),
            decimals,
            interval,
            confidence,
        )
        printed_options = add_whole_per_cents(
            printed_options, of_question, is_current.to_numpy(), _WHOLE_LIMITS
        )
        for limit in _WHOLE_LIMITS:
            printed_options[limit] = np.where(
                is_current, round_to(floats(of_question, limit), decimals), np.nan
            )
        printed_options["shown"] = printed_options["shown"].fillna("")
        printed_options["status"] = printed_options["status"].fillna(NO_INDICATOR)
        keys = of_question[["country", "question", "option"]]
        tables.append(
            keys.join(printed_options.drop(columns="country")).assign(may_be_first=may_be_first)
        )
    return in_shape(
        pd.concat(tables) if tables else pd.DataFrame(),
        public_contract("country/options"),
        ["data_kind"],
    )


def _find_possible_first(
    of_question: pd.DataFrame,
    pairs: pd.DataFrame,
    printed_options: pd.DataFrame,
    is_current: Mask,
    decimals: Integers,
    interval: str,
    confidence: float,
) -> Mask:
    """Tell which options no other one comes before for sure, as far as print says."""
    position_of_option = {name: position for position, name in enumerate(of_question["option"])}
    is_above = np.zeros((len(of_question), len(of_question)), dtype=bool)
    first_option, second_option = (
        pairs[name].map(position_of_option).to_numpy() for name in ("option_a", "option_b")
    )
    is_printed = is_current[first_option] & is_current[second_option]
    p_value = np.where(is_printed, floats(pairs, "p_value"), 1.0)
    is_clear = adjust_by_holm(p_value, 1.0, 1 - confidence).clear
    is_larger = floats(pairs, "difference") > 0
    is_above[first_option[is_clear & is_larger], second_option[is_clear & is_larger]] = True
    is_above[second_option[is_clear & ~is_larger], first_option[is_clear & ~is_larger]] = True
    share, se = floats(of_question, "estimate"), floats(of_question, "se")
    largest_shares = _largest_possible_shares(of_question, printed_options, is_current, decimals)
    for hidden in np.flatnonzero(~is_current):
        if largest_shares[hidden] >= 1:
            continue
        # With the design effect of the option that it is compared with.
        with np.errstate(divide="ignore", invalid="ignore"):
            deff_root = se / np.sqrt(share * (1 - share))
        error_of_hidden = deff_root * np.sqrt(largest_shares[hidden] * (1 - largest_shares[hidden]))
        n, df = floats(of_question, "n"), floats(of_question, "df")
        single_confidence = 1 - (1 - confidence) / len(of_question)
        _, upper_limit = INTERVALS[interval](
            largest_shares[hidden], error_of_hidden, n, df, single_confidence
        )
        is_above[is_current & (floats(of_question, "ci_low") > upper_limit), hidden] = True
    return ~is_above.any(axis=0)


def _largest_possible_shares(
    of_question: pd.DataFrame, printed_options: pd.DataFrame, is_current: Mask, decimals: Integers
) -> Floats:
    """Return the largest share that print leaves each option that it does not show."""
    bound = np.nan_to_num(floats(printed_options, "bound_high"), nan=1.0)
    if not of_question["one_answer"].all():
        return bound
    # From printed shares, each of which may be rounded up: exact ones would tell the sum of those
    # that are hidden more exactly than print does.
    least = floats(printed_options, "estimate") - 0.5 * 10.0**-decimals
    return np.minimum(bound, max(1 - least[is_current].sum(), 0.0))
