"""Contracts of the comparison of a country's waves, restricted and public.

A change has numbers only where both waves' estimates are shown: nothing that is hidden is behind
it.
"""

import pandera.pandas as pa

from disrupting_harm.study.statuses import NOT_ASKED
from disrupting_harm.tables.rules import (
    FLAG,
    OF_KIND,
    POSITIVE,
    REAL,
    SHARE,
    count,
    count_or_missing,
    in_order,
    number,
    public_form,
    table_contract,
    text,
)

# Why a change has no numbers: what was asked has changed, or a wave's estimate is hidden.
BREAK = "break"
HIDDEN = "hidden"
# Shown, where one of the two estimates is to be used with caution or not.
SHOWN_CHANGES = ("present", "caution")
CHANGE_STATUSES = (*SHOWN_CHANGES, BREAK, HIDDEN, NOT_ASKED)
# Whether Holm's method finds a change; empty where there is no test.
DIRECTIONS = ("rose", "fell", "no clear change", "")

_KEY = {name: text() for name in ("country", "indicator", "domain", "level")}
_YEAR = number(1900, 2100)
_PAIR = {"wave_from": text(), "wave_to": text(), "year_from": _YEAR, "year_to": _YEAR}

CHANGES = table_contract(
    "changes between waves",
    {
        **_KEY,
        **_PAIR,
        "n_from": count_or_missing(),
        "n_to": count_or_missing(),
        "estimate_from": REAL,
        "estimate_to": REAL,
        "shown_from": text(),
        "shown_to": text(),
        "difference": REAL,
        "covariance": REAL,
        "se": POSITIVE,
        "df": POSITIVE,
        "ci_low": REAL,
        "ci_high": REAL,
        "ratio": POSITIVE,
        "ratio_low": POSITIVE,
        "ratio_high": POSITIVE,
        "p_value": SHARE,
        "p_holm": SHARE,
        # What the pair has of the family's alpha, what it was tested at, and the verdict.
        "alpha_share": SHARE,
        "step_alpha": SHARE,
        "clear": FLAG,
        "detectable_fall": POSITIVE,
        "detectable_rise": POSITIVE,
        # With the composition of the earlier wave: of all children, where it may be shown.
        "fixed_difference": REAL,
        "fixed_se": POSITIVE,
        "fixed_low": REAL,
        "fixed_high": REAL,
        "change": text(*DIRECTIONS),
        "claim_goes": SHARE,
        "order_turns": SHARE,
        "status": text(*CHANGE_STATUSES),
        "reason": text(),
        **OF_KIND,
    },
    in_order("ci_low", "ci_high"),
    in_order("claim_goes", "order_turns"),
)
# With a covariance, a standard error or degrees of freedom counts could be worked back.
PUBLIC_CHANGES = public_form(CHANGES, without=("covariance", "se", "df", "fixed_se"))

WAVES = table_contract(
    "ledger of waves",
    {
        "indicator": text(),
        "country": text(),
        "wave": text(),
        "wave_year": _YEAR,
        **{
            name: text()
            for name in (
                "definition", "wording", "options", "universe", "recall", "age_range", "mode",
                "response_rate", "coverage", "fieldwork",
            )
        },
        # With the wave before; empty for the first.
        "comparable": text("yes", "no", ""),
        "reason": text(),
        "source": text(),
        **OF_KIND,
    },
)  # fmt: skip

# Of a model: no verdict.
TRENDS = table_contract(
    "trends over waves",
    {
        "country": text(),
        "indicator": text(),
        "waves": count(),
        "n": count(),
        "any_change_f": POSITIVE,
        "any_change_df1": POSITIVE,
        "any_change_p": SHARE,
        "linear": REAL,
        "linear_se": POSITIVE,
        "linear_p": SHARE,
        "quadratic": REAL,
        "quadratic_se": POSITIVE,
        "quadratic_p": SHARE,
        "df": POSITIVE,
        "controlled_for": text(),
        "note": text(),
        **OF_KIND,
    },
)

OF_CHANGE: dict[str, tuple[pa.DataFrameSchema, pa.DataFrameSchema]] = {
    "changes": (CHANGES, PUBLIC_CHANGES),
    "waves": (WAVES, public_form(WAVES)),
    "trends": (
        TRENDS,
        public_form(
            TRENDS,
            without=(
                "n",
                "any_change_f",
                "any_change_df1",
                "linear",
                "linear_se",
                "quadratic",
                "quadratic_se",
                "df",
            ),
            name="public trends",
        ),
    ),
}
