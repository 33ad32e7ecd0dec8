"""Contracts of ratios of prevalence that are adjusted for what else differs."""

from disrupting_harm.tables.rules import (
    BY_COUNTRY,
    FLAG,
    OF_KIND,
    ORDERED,
    POSITIVE,
    REAL,
    SHARE,
    count,
    table_contract,
    text,
)

ADJUSTED = table_contract(
    "adjusted ratios",
    {
        **BY_COUNTRY,
        "term": text(),
        "level": text(),
        "reference": text(),
        "ratio": POSITIVE,
        "ci_low": POSITIVE,
        "ci_high": POSITIVE,
        "p_value": SHARE,
        "p_holm": SHARE,
        "step_alpha": SHARE,
        "clear": FLAG,
        "crude_ratio": POSITIVE,
        "margin_ratio": POSITIVE,
        "note": text(),
        **OF_KIND,
    },
    ORDERED,
)

ADJUSTED_COUNTRIES = table_contract(
    "adjusted country effects",
    {
        **BY_COUNTRY,
        "n": count(),
        "ratio": POSITIVE,
        "log_ratio_se": POSITIVE,
        "df": REAL,
        "ci_low": POSITIVE,
        "ci_high": POSITIVE,
        "p_value": SHARE,
        "p_holm": SHARE,
        "step_alpha": SHARE,
        "clear": FLAG,
        "crude_ratio": POSITIVE,
        "note": text(),
        **OF_KIND,
    },
    ORDERED,
)
