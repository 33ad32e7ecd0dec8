"""Contracts of the derived comparison tables: pools, denominators, bounds, ledger and others.

A public table is its restricted one without errors and sizes of samples, with whole numbers in
place of counted ones.
"""

import pandas as pd
import pandera.pandas as pa

from disrupting_harm.study.contracts import (
    DATA_KINDS,
    STATUSES,
    _exactly,
    _number,
    _text,
    _whole,
)

_ANY = _number(nullable=True)
_POSITIVE = _number(0, nullable=True)
_SHARE = _number(0, 1, nullable=True)
_ESTIMATE = {"estimate": _ANY, "ci_low": _ANY, "ci_high": _ANY}
_KIND = {"data_kind": _text(*DATA_KINDS)}
_FLAG = pa.Column(bool)

ESTIMANDS = ("population_weighted", "equal_country", "random_effects")
DENOMINATORS = ("internet_using_children", "all_children")
RATE_UNCERTAINTY = ("estimated", "invented", "taken as exact", "not available")
SETTLED = ("yes", "no")


def _public(
    name: str, columns: dict[str, pa.Column], hidden: set[str], whole: set[str], *checks: pa.Check
) -> pa.DataFrameSchema:
    kept = {
        column: _whole() if column in whole else rule
        for column, rule in columns.items()
        if column not in hidden
    }
    return _exactly(f"public {name}", kept, *checks)


def _in_order(low: str, high: str) -> pa.Check:
    def holds(table: pd.DataFrame) -> "pd.Series[bool]":
        return ~(table[low] > table[high])

    return pa.Check(holds, error=f"{low} is above {high}")


_ORDERED = _in_order("ci_low", "ci_high")
_POOLED = {
    "indicator": _text(),
    "group": _text(),
    "estimand": _text(*ESTIMANDS),
    "countries": pa.Column(int, pa.Check.ge(0)),
    "smallest_n": _POSITIVE,
    **_ESTIMATE,
    "prediction_low": _ANY,
    "prediction_high": _ANY,
    "tau2": _POSITIVE,
    "tau2_low": _POSITIVE,
    "tau2_high": _POSITIVE,
    "i2": _SHARE,
    "q": _POSITIVE,
    "q_df": _POSITIVE,
    "q_p": _SHARE,
    "left_out": _text(),
    "note": _text(),
    **_KIND,
}
_LEAVE_ONE_OUT = {
    "indicator": _text(),
    "without": _text(),
    "smallest_n": _POSITIVE,
    **_ESTIMATE,
    "tau2": _POSITIVE,
    **_KIND,
}
_DENOMINATORS = {
    "indicator": _text(),
    "country": _text(),
    "denominator": _text(*DENOMINATORS),
    "n": _POSITIVE,
    "estimate": _SHARE,
    "se": _POSITIVE,
    "ci_low": _SHARE,
    "ci_high": _SHARE,
    "rank_low": _number(1, nullable=True),
    "rank_high": _number(1, nullable=True),
    "children": _POSITIVE,
    "children_low": _POSITIVE,
    "children_high": _POSITIVE,
    "population": _POSITIVE,
    "population_year": _POSITIVE,
    "population_source": _text(),
    "internet_use_rate": _SHARE,
    "internet_use_source": _text(),
    "rate_uncertainty": _text(*RATE_UNCERTAINTY),
    **_KIND,
    "rate_uncertainty_source": _text(),
}
_BOUNDS = {
    "indicator": _text(),
    "country": _text(),
    "n": _POSITIVE,
    "valid_share": _SHARE,
    "estimate": _SHARE,
    "lower": _SHARE,
    "upper": _SHARE,
    "ci_low": _SHARE,
    "ci_high": _SHARE,
    **_KIND,
}
_STANDARDISED = {
    "indicator": _text(),
    "country": _text(),
    "n": _POSITIVE,
    "crude": _ANY,
    "estimate": _ANY,
    "se": _POSITIVE,
    "df": _POSITIVE,
    "ci_low": _ANY,
    "ci_high": _ANY,
    "shown": _text(),
    "status": _text(*STATUSES),
    "note": _text(),
    **_KIND,
}
_RATIO = {"ratio": _POSITIVE, "ci_low": _POSITIVE, "ci_high": _POSITIVE}
_P = {"p_value": _SHARE, "p_holm": _SHARE}

POOLED = _exactly("pooled estimates", _POOLED, _ORDERED)
PUBLIC_POOLED = _public("pooled estimates", _POOLED, {"smallest_n"}, {"q_df"}, _ORDERED)
LEAVE_ONE_OUT = _exactly("pools without each country", _LEAVE_ONE_OUT, _ORDERED)
PUBLIC_LEAVE_ONE_OUT = _public(
    "pools without each country", _LEAVE_ONE_OUT, {"smallest_n"}, set(), _ORDERED
)
_RANKS = _in_order("rank_low", "rank_high")
DENOMINATOR_TABLE = _exactly("denominators", _DENOMINATORS, _ORDERED, _RANKS)
PUBLIC_DENOMINATORS = _public(
    "denominators",
    _DENOMINATORS,
    {"n", "se"},
    {"rank_low", "rank_high", "children", "children_low", "children_high", "population",
     "population_year"},
    _ORDERED,
    _RANKS,
)  # fmt: skip
_BOUNDED = _in_order("lower", "upper")
BOUNDS_BY_COUNTRY = _exactly("bounds by country", _BOUNDS, _ORDERED, _BOUNDED)
PUBLIC_BOUNDS = _public("bounds by country", _BOUNDS, {"n"}, set(), _ORDERED, _BOUNDED)
# Nothing in it is a number: the public table is the restricted one.
BOUND_PAIRS = _exactly(
    "orderings in the worst case",
    {
        "indicator": _text(),
        "country_a": _text(),
        "country_b": _text(),
        "differs": _FLAG,
        "survives": _FLAG,
        "higher": _text(),
        "bounds_ordered": _FLAG,
        "reason": _text(),
        **_KIND,
    },
)
COMPARABILITY = _exactly(
    "comparability ledger",
    {
        **{
            name: _text()
            for name in (
                "indicator", "country", "wave", "definition", "recall", "age_range", "mode",
                "response_rate", "coverage", "fieldwork",
            )
        },
        "comparable": _text(*SETTLED),
        "reason": _text(),
        "source": _text(),
        **_KIND,
    },
)  # fmt: skip
STANDARDISED_COUNTRIES = _exactly("standardised by country", _STANDARDISED, _ORDERED)
PUBLIC_STANDARDISED = _public(
    "standardised by country", _STANDARDISED, {"se", "df"}, {"n"}, _ORDERED
)
ADJUSTED = _exactly(
    "adjusted ratios",
    {
        "indicator": _text(),
        "country": _text(),
        "term": _text(),
        "level": _text(),
        "reference": _text(),
        **_RATIO,
        **_P,
        "crude_ratio": _POSITIVE,
        "margin_ratio": _POSITIVE,
        "note": _text(),
        **_KIND,
    },
    _ORDERED,
)
PUBLIC_ADJUSTED_COUNTRIES = _exactly(
    "public adjusted country effects",
    {
        "indicator": _text(),
        "country": _text(),
        **_RATIO,
        "ci_low_simultaneous": _POSITIVE,
        "ci_high_simultaneous": _POSITIVE,
        **_P,
        "crude_ratio": _POSITIVE,
        "note": _text(),
        **_KIND,
    },
    _ORDERED,
)
