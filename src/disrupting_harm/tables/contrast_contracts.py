"""Contracts of the comparisons inside one country, which need its microdata.

Every number that may not exist is empty there: a level without answers, no degrees of freedom, no
model. A ``note`` gives the reason in words; it holds no count.
"""

import pandas as pd
import pandera.pandas as pa

from disrupting_harm.study.statuses import RELIABILITY
from disrupting_harm.tables.rules import POSITIVE, REAL, SHARE, count, table_contract, text

_KEY = {"country": text(), "indicator": text()}
_LIMITS = {"ci_low": REAL, "ci_high": REAL}
_RATIO = {
    "ratio": POSITIVE,
    "log_ratio_se": POSITIVE,
    "df": REAL,
    "ci_low": POSITIVE,
    "ci_high": POSITIVE,
}


def _differ(table: pd.DataFrame) -> "pd.Series[bool]":
    return table["level_a"] != table["level_b"]


GAPS = table_contract(
    "gaps within a country",
    {
        **_KEY,
        "domain": text(),
        "level_a": text(),
        "level_b": text(),
        "n_a": count(),
        "n_b": count(),
        "estimate_a": REAL,
        "estimate_b": REAL,
        "difference": REAL,
        "se": POSITIVE,
        "df": REAL,
        **_LIMITS,
        "log_ratio": REAL,
        "log_ratio_se": POSITIVE,
    },
    pa.Check(_differ, error="a level compared with itself"),
)
COVARIANCES = table_contract(
    "covariances of levels",
    {
        "indicator": text(),
        "domain": text(),
        "level_a": text(),
        "level_b": text(),
        "covariance": REAL,
        "df": REAL,
    },
    pa.Check(_differ, error="a level compared with itself"),
)
STANDARDISED = table_contract(
    "standardised estimates",
    {
        **_KEY,
        "n": count(),
        "crude": REAL,
        "estimate": REAL,
        "se": POSITIVE,
        **_LIMITS,
        "deff": POSITIVE,
        "n_eff": POSITIVE,
        "df": POSITIVE,
        "reliability": text(*RELIABILITY),
        "reason": text(),
        "note": text(),
    },
)
BOUNDS = table_contract(
    "bounds for missing answers",
    {
        **_KEY,
        "n_asked": count(),
        "n_valid": count(),
        "valid_share": SHARE,
        "estimate": SHARE,
        "lower": SHARE,
        "upper": SHARE,
        "lower_ci_low": SHARE,
        "upper_ci_high": SHARE,
        "ci_low": SHARE,
        "ci_high": SHARE,
    },
)
RATIOS = table_contract(
    "adjusted prevalence ratios",
    {
        **_KEY,
        "term": text(),
        "level": text(),
        "reference": text(),
        "n": count(),
        "n_yes": count(),
        **_RATIO,
        "p_value": SHARE,
        "crude_ratio": POSITIVE,
        "crude_low": POSITIVE,
        "crude_high": POSITIVE,
        "margin_ratio": POSITIVE,
        "note": text(),
    },
)

WITHIN: dict[str, pa.DataFrameSchema] = {
    "gaps": GAPS,
    "standardised": STANDARDISED,
    "bounds": BOUNDS,
    "ratios": RATIOS,
}
