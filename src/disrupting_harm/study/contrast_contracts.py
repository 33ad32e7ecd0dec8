"""Contracts of the tables of comparisons that need the microdata, one country's and all countries'.

Every number that may not exist is empty there: a level without answers, no degrees of freedom, no
model. A ``note`` says why in words; it holds no count.
"""

import pandas as pd
import pandera.pandas as pa

from disrupting_harm.study.contracts import RELIABILITY, _count, _exactly, _number, _text

_KEY = {"country": _text(), "indicator": _text()}
_ANY = _number(nullable=True)
_POSITIVE = _number(0, nullable=True)
_SHARE = _number(0, 1, nullable=True)
_LIMITS = {"ci_low": _ANY, "ci_high": _ANY}
_RATIO = {
    "ratio": _POSITIVE,
    "log_ratio_se": _POSITIVE,
    "df": _ANY,
    "ci_low": _POSITIVE,
    "ci_high": _POSITIVE,
}


def _differ(table: pd.DataFrame) -> "pd.Series[bool]":
    return table["level_a"] != table["level_b"]


GAPS = _exactly(
    "gaps within a country",
    {
        **_KEY,
        "domain": _text(),
        "level_a": _text(),
        "level_b": _text(),
        "n_a": _count(),
        "n_b": _count(),
        "estimate_a": _ANY,
        "estimate_b": _ANY,
        "difference": _ANY,
        "se": _POSITIVE,
        "df": _ANY,
        **_LIMITS,
        "log_ratio": _ANY,
        "log_ratio_se": _POSITIVE,
    },
    pa.Check(_differ, error="a level compared with itself"),
)
STANDARDISED = _exactly(
    "standardised estimates",
    {
        **_KEY,
        "n": _count(),
        "crude": _ANY,
        "estimate": _ANY,
        "se": _POSITIVE,
        **_LIMITS,
        "deff": _POSITIVE,
        "n_eff": _POSITIVE,
        "df": _POSITIVE,
        "reliability": _text(*RELIABILITY),
        "reason": _text(),
        "note": _text(),
    },
)
BOUNDS = _exactly(
    "bounds for missing answers",
    {
        **_KEY,
        "n_asked": _count(),
        "n_valid": _count(),
        "valid_share": _SHARE,
        "estimate": _SHARE,
        "lower": _SHARE,
        "upper": _SHARE,
        "lower_ci_low": _SHARE,
        "upper_ci_high": _SHARE,
        "ci_low": _SHARE,
        "ci_high": _SHARE,
    },
)
RATIOS = _exactly(
    "adjusted prevalence ratios",
    {
        **_KEY,
        "term": _text(),
        "level": _text(),
        "reference": _text(),
        "n": _count(),
        "n_yes": _count(),
        **_RATIO,
        "p_value": _SHARE,
        "crude_ratio": _POSITIVE,
        "crude_low": _POSITIVE,
        "crude_high": _POSITIVE,
        "margin_ratio": _POSITIVE,
        "note": _text(),
    },
)
ADJUSTED_COUNTRIES = _exactly(
    "adjusted country effects",
    {
        "indicator": _text(),
        "country": _text(),
        "n": _count(),
        **_RATIO,
        "ci_low_simultaneous": _POSITIVE,
        "ci_high_simultaneous": _POSITIVE,
        "p_value": _SHARE,
        "p_holm": _SHARE,
        "crude_ratio": _POSITIVE,
        "note": _text(),
    },
)
