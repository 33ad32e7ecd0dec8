"""Contracts of the tables of questions with several options, and of pairs of respondents."""

from disrupting_harm.study.statuses import STATUSES
from disrupting_harm.study.whole_percents import WHOLE
from disrupting_harm.tables.rules import (
    FLAG,
    OF_KIND,
    POSITIVE,
    REAL,
    SHARE,
    count,
    count_or_missing,
    table_contract,
    text,
    whole_or_missing,
)

# What the stage adds to a public table: the kind of its data.
KIND = ("data_kind",)
# The status of the answers to a question that no indicator counts.
NO_INDICATOR = "no_indicator"

_OPTION = {"country": text(), "question": text(), "option": text()}
_PAIR = {"country": text(), "child": text(), "caregiver": text(), "measure": text()}
_LIMITS = {"ci_low": REAL, "ci_high": REAL}

OPTIONS = table_contract(
    "options of questions",
    {
        **_OPTION,
        "one_answer": FLAG,
        "n": count(),
        "n_yes": POSITIVE,
        "estimate": SHARE,
        "se": POSITIVE,
        **_LIMITS,
        "df": POSITIVE,
        "rank_low": count(),
        "rank_high": count(),
    },
)
ORDER = table_contract(
    "order of options",
    {
        "country": text(),
        "question": text(),
        "option_a": text(),
        "option_b": text(),
        "difference": REAL,
        "se": POSITIVE,
        "df": REAL,
        "t": REAL,
        "p_value": SHARE,
        "p_holm": SHARE,
        "clear": FLAG,
    },
)
DYADS = table_contract(
    "pairs of respondents",
    {
        **_PAIR,
        "n": count(),
        "n_yes": POSITIVE,
        "estimate": REAL,
        "se": POSITIVE,
        **_LIMITS,
        "df": REAL,
        "warning": text(),
    },
)
PUBLIC_OPTIONS = table_contract(
    "public options of questions",
    {
        **_OPTION,
        "n": count_or_missing(),
        "estimate": SHARE,
        **_LIMITS,
        **dict.fromkeys(WHOLE.values(), whole_or_missing()),
        "shown": text(),
        "status": text(*STATUSES, NO_INDICATOR),
        "may_be_first": FLAG,
        **OF_KIND,
    },
)
PUBLIC_DYADS = table_contract(
    "public pairs of respondents",
    {
        **_PAIR,
        "n": count_or_missing(),
        "estimate": REAL,
        **_LIMITS,
        "status": text(*STATUSES),
        "warning": text(),
        **OF_KIND,
    },
)
