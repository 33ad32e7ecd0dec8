"""Contracts of the tables of evidence: checked facts, and the public tables made of them.

``status`` says what an empty number means: a number and its status always agree.
"""

from itertools import pairwise

import pandas as pd
import pandera.pandas as pa

from disrupting_harm.study.contracts import (
    DATA_KINDS,
    _count,
    _exactly,
    _number,
    _text,
    _whole,
)

REPORTED, ZERO = "reported", "zero_reported"
NO_NUMBER = ("not_recorded", "refused", "not_applicable", "suppressed")
STATUSES = (REPORTED, ZERO, *NO_NUMBER)
_POSITIVE = _number(0, nullable=True)
_SHARE = _number(0, 1, nullable=True)
_PERCENT = _number(0, 100, nullable=True)
_CHANGE = _number(-100, nullable=True)


def agree(amount: str, also_zero: bool = False) -> pa.Check:
    """Return the rule that ``amount`` is empty exactly where its status has no number.

    Args:
        amount: the column of numbers.
        also_zero: whether a number that was reported may be 0, as scores and indices may.
    """

    def holds(table: pd.DataFrame) -> "pd.Series[bool]":
        number, status = table[amount], table["status"]
        reported = (number >= 0) if also_zero else (number > 0)
        told = (status == REPORTED) & reported.fillna(False)
        told |= (status == ZERO) & (number == 0).fillna(False)
        return told.astype(bool) | (status.isin(NO_NUMBER) & number.isna())

    return pa.Check(holds, error=f"'{amount}' and its status do not agree")


def _in_order(*names: str) -> pa.Check:
    def holds(table: pd.DataFrame) -> "pd.Series[bool]":
        out = [table[low] > table[high] for low, high in pairwise(names)]
        return ~pd.concat(out, axis=1).any(axis=1)

    return pa.Check(holds, error=f"{', '.join(names)} are not in this order")


_STATUS = {"status": _text(*STATUSES)}
_COUNTED = {"counted": _text(), "counted_by": _text()}
_TOLD = {"source_id": _text(), "source": _text(), "data_kind": _text(*DATA_KINDS)}
_KIND = {"source": _text(), "data_kind": _text(*DATA_KINDS)}
_PLACE = {"country": _text()}
_YEAR = {"year": _count()}
_SCORE = _number(0, 3, nullable=True)
_RATIOS = {
    "first_year": _count(),
    "last_year": _count(),
    "changes": _count(),
    "ratio_low": _number(0),
    "ratio_median": _number(0),
    "ratio_high": _number(0),
}
_IN_ORDER = (
    _in_order("first_year", "last_year"),
    _in_order("ratio_low", "ratio_median", "ratio_high"),
)
_SERIES = {"change_percent": _CHANGE, "series_break": pa.Column(bool)}

CYBERTIPS = _exactly(
    "CyberTip reports",
    {
        **_PLACE,
        **_YEAR,
        "reports": _whole(),
        "children": _whole(),
        "rate_per_1000_children": _POSITIVE,
        "change_percent": _CHANGE,
        "counted": _text(),
        "source": _text(),
        "data_kind": _text(*DATA_KINDS),
        "class": _text("unsplit", "referral", "informational"),
        **_STATUS,
        "counted_by": _text(),
        "denominator_source": _text(),
        "share_world_percent": _PERCENT,
        "series_break": pa.Column(bool),
        "note": _text(),
    },
    agree("reports"),
)
CYBERTIP_CHANGES = _exactly(
    "changes of CyberTip reports from year to year",
    {
        **_PLACE,
        "class": _text("unsplit", "referral", "informational"),
        **_RATIOS,
        **_COUNTED,
        **_KIND,
    },
    *_IN_ORDER,
)
REPORTERS = _exactly(
    "CyberTip reports by reporter",
    {
        **_PLACE,
        **_YEAR,
        "reporter": _text(),
        "reports": _whole(),
        **_STATUS,
        "share_percent": _PERCENT,
        "hhi": _SHARE,
        "hhi_high": _SHARE,
        **_COUNTED,
        **_KIND,
    },
    agree("reports"),
)
OFFENCES = _exactly(
    "recorded offences",
    {
        **_PLACE,
        "agency": _text(),
        **_YEAR,
        **{
            name: _text()
            for name in (
                "offence_code", "offence_label", "law_reference", "category", "technology",
                "stage", "victim_sex", "victim_age_band", "counting_rule",
            )
        },
        "offences": _whole(),
        **_STATUS,
        **_COUNTED,
        **_TOLD,
    },
    agree("offences"),
)  # fmt: skip
OFFENCE_RATES = _exactly(
    "rates of recorded offences",
    {
        **_PLACE,
        "agency": _text(),
        **_YEAR,
        **{name: _text() for name in ("category", "technology", "stage", "counting_rule")},
        "offences": _whole(),
        "status": _text(*STATUSES, "incomplete"),
        "offence_codes": _count(),
        "codes_without_number": _count(),
        "rate_per_1000_children": _POSITIVE,
        "denominator_source": _text(),
        **_SERIES,
        **_COUNTED,
        **_KIND,
        "note": _text(),
    },
)
OFFENCE_CHANGES = _exactly(
    "changes of recorded offences from year to year",
    {
        **_PLACE,
        **{
            name: _text() for name in ("agency", "category", "technology", "stage", "counting_rule")
        },
        **_RATIOS,
        **_COUNTED,
        **_KIND,
    },
    *_IN_ORDER,
)
HOTLINES = _exactly(
    "hotlines and helplines",
    {
        **_PLACE,
        **_YEAR,
        **{name: _text() for name in ("organisation", "kind", "measure")},
        "contacts": _whole(),
        **_STATUS,
        **_SERIES,
        **_COUNTED,
        **_TOLD,
    },
    agree("contacts"),
)
TRANSPARENCY = _exactly(
    "figures that companies publish",
    {
        "platform": _text(),
        **_YEAR,
        "metric": _text(),
        "scope": _text(),
        "amount": _whole(),
        **_STATUS,
        **_SERIES,
        **_COUNTED,
        **_TOLD,
    },
    agree("amount"),
)
SEARCH_INTEREST = _exactly(
    "interest in search terms",
    {
        **_PLACE,
        "term_group": _text(),
        **_YEAR,
        "month": pa.Column(int, pa.Check.in_range(1, 12)),
        "index_value": _PERCENT,
        **_STATUS,
        **_COUNTED,
        **_TOLD,
    },
    agree("index_value", also_zero=True),
)
SEVERAL_SOURCES = _exactly(
    "facts told by several sources",
    {
        "fact": _text(),
        **_PLACE,
        **_YEAR,
        "item": _text(),
        "figure": _whole(),
        **_STATUS,
        "used": pa.Column(bool),
        "source": _text(),
        "difference_reason": _text(),
        **_COUNTED,
        "data_kind": _text(*DATA_KINDS),
    },
    agree("figure"),
)
CAPACITY = _exactly(
    "capacity of law enforcement",
    {
        **_PLACE,
        **{
            name: _text()
            for name in ("agency", "date", "area", "area_label", "item", "item_label")
        },
        "score": _SCORE,
        **_STATUS,
        **{name: _text() for name in ("evidence", "confidence", "note")},
        **_TOLD,
    },
    agree("score", also_zero=True),
)  # fmt: skip
CAPACITY_PROFILE = _exactly(
    "capacity by area",
    {
        **_PLACE,
        "area": _text(),
        "area_label": _text(),
        "score_mean": _SCORE,
        "items_asked": _count(),
        "items_total": _count(),
        "items_absent": _count(),
        "gap": _SHARE,
        "evidence": _text(),
        "confidence": _text("low", "medium", "high", ""),
        "agencies": _count(),
        **_KIND,
    },
)
CAPACITY_NEEDS = _exactly(
    "needs by area",
    {
        **_PLACE,
        "area": _text(),
        "area_label": _text(),
        "items_asked": _count(),
        "items_total": _count(),
        "items_absent": _count(),
        "rank_low": _count(),
        "rank_high": _count(),
        "may_be_first": pa.Column(bool),
        "weight": _number(0, 1),
        "gap": _SHARE,
        "weighted_rank": _whole(),
        **_KIND,
    },
    _in_order("rank_low", "rank_high"),
)
FRONTLINE = _exactly(
    "answers of frontline workers",
    {
        **_PLACE,
        "item": _text(),
        "answer": _text(),
        "n": _whole(),
        "count": _whole(),
        "share_percent": _PERCENT,
        **_STATUS,
        "counted": _text(),
        **_KIND,
    },
    agree("count"),
)
JUSTICE = _exactly(
    "interviews on access to justice",
    {
        **_PLACE,
        "role": _text(),
        "theme": _text(),
        "interviews": _whole(),
        "mentioned": _whole(),
        **_STATUS,
        **_COUNTED,
        **_TOLD,
    },
    agree("mentioned"),
)
POLICY = _exactly(
    "law and policy",
    {
        **_PLACE,
        **{name: _text() for name in ("area", "area_label", "item", "item_label")},
        "answer": _text("in_place", "partly", "not_in_place", "not_known", ""),
        **_STATUS,
        "instrument": _text(),
        "year": _whole(),
        "note": _text(),
        **_COUNTED,
        **_TOLD,
    },
)
POLICY_AREAS = _exactly(
    "law and policy by area",
    {
        **_PLACE,
        "area": _text(),
        "area_label": _text(),
        **{name: _count() for name in ("in_place", "partly", "not_in_place")},
        **{name: _count() for name in ("not_known", "not_applicable", "without_answer", "items")},
        "share_in_place": _SHARE,
        "data_kind": _text(*DATA_KINDS),
    },
)
TRIANGULATION = _exactly(
    "triangulation",
    {
        **_PLACE,
        **{name: _text() for name in ("form", "form_label")},
        "strand": _text("survey", "police", "cybertips", "frontline"),
        **{name: _text() for name in ("figure", "unit", "base")},
        "year": _whole(),
        "amount": _POSITIVE,
        "ci_low": _POSITIVE,
        "ci_high": _POSITIVE,
        "n": _whole(),
        "status": _text(*STATUSES, "incomplete", ""),
        "says": _text(),
        "cannot_say": _text(),
        "source": _text(),
        "data_kind": _text(*DATA_KINDS, ""),
        "pairing_reason": _text(),
        "survey_ages": _text(),
        "other_ages": _whole(),
    },
)
# The public tables by name, i.e. by file.
PUBLIC = {
    "cybertips": CYBERTIPS,
    "cybertip_changes": CYBERTIP_CHANGES,
    "reporters": REPORTERS,
    "offences": OFFENCES,
    "offence_rates": OFFENCE_RATES,
    "offence_changes": OFFENCE_CHANGES,
    "hotlines": HOTLINES,
    "transparency": TRANSPARENCY,
    "search_interest": SEARCH_INTEREST,
    "several_sources": SEVERAL_SOURCES,
    "capacity": CAPACITY,
    "capacity_profile": CAPACITY_PROFILE,
    "capacity_needs": CAPACITY_NEEDS,
    "frontline": FRONTLINE,
    "justice": JUSTICE,
    "policy": POLICY,
    "policy_areas": POLICY_AREAS,
    "triangulation": TRIANGULATION,
}


def in_shape(table: pd.DataFrame, contract: pa.DataFrameSchema) -> pd.DataFrame:
    """Return the columns of a contract in their order; without a row there is no type to find."""
    shaped = table[list(contract.columns)]
    if len(shaped):
        return shaped
    types = {name: str(column.dtype) for name, column in contract.columns.items()}
    return shaped.astype(
        {n: "str" if kind.startswith("str") else kind for n, kind in types.items()}
    )
