"""CyberTipline reports by country, year and class: rates, changes, and what they are not.

The National Center for Missing & Exploited Children (NCMEC) publishes how many reports of its
CyberTipline were resolved to each country.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from disrupting_harm.evidence.change import against_year_before
from disrupting_harm.evidence.columns import WORLD
from disrupting_harm.evidence.rates import (
    NOTES,
    CountInterval,
    Denominators,
    denominators,
    poisson_interval,
    rate,
    series_intervals,
)
from disrupting_harm.evidence.several_sources import FACTS, preferred

NOT_PREVALENCE = (
    "CyberTip reports count reports made to the CyberTipline, by the location of the reported "
    "user. They are no measure of prevalence and no number of children: they rise and fall with "
    "how companies detect and report, too."
)
COLUMNS = [
    "country", "year", "reports", "children", "internet_use_rate", "internet_using_children",
    "rate_per_1000", "change_percent", "counted", "source", "data_kind", "class", "status",
    "counted_by", "rate_low", "rate_high", "rate_exact_low", "rate_exact_high",
    "rate_per_1000_children", "rate_per_1000_children_low", "rate_per_1000_children_high",
    "rate_per_1000_children_exact_low", "rate_per_1000_children_exact_high", "interval",
    "dispersion", "denominator_source", "share_world_percent", "series_break", "note",
]  # fmt: skip
CLASSES = ("unsplit", "referral", "informational")
# From 2024 NCMEC bundles related reports and splits them into referrals and informational reports.
BREAKS = (2024,)
RULE = ["class", "counted", "source_id"]
SHARE_DIGITS, DISPERSION_DIGITS = 4, 2


def cybertip_table(
    facts: pd.DataFrame, countries: Sequence[Mapping[str, Any]], order: Sequence[str]
) -> pd.DataFrame:
    """Return the reports of the given countries, sorted by country, year and class.

    Args:
        facts: the table of evidence ``cybertips``, with rows of the world where they are known.
        countries: rows of the countries file: ``country, children, internet_use_rate`` and
            ``children_source, internet_use_source``.
        order: the sources, the preferred first; of several figures its one is used.

    Returns:
        The columns of :data:`COLUMNS`. ``rate_per_1000`` is reports per thousand internet-using
        children, ``reports / (children · internet_use_rate) · 1000``. It and its parts are
        missing without a published denominator: a figure without a source, or one whose source
        says that it is invented, is none. ``change_percent`` is against the year before; missing
        where that has no count, or none above zero, counts something else or lies before a break.
        The limits of rates are those that ``interval`` names, beside the exact Poisson ones.
        ``share_world_percent`` is the share of the world's reports of that year and class.
    """
    rows = {row["country"]: row for row in countries}
    chosen = preferred(facts.reset_index(drop=True), FACTS["cybertips"], "reports", order)
    world = chosen[chosen["country"] == WORLD]
    table = chosen[chosen["country"].isin(rows)].copy()
    table["_class"] = table["class"].map(CLASSES.index)
    table = table.sort_values(["country", "year", "_class"], ignore_index=True)
    table[["change_percent", "series_break"]] = against_year_before(
        table, ["country"], RULE, "reports", BREAKS
    )
    table["share_world_percent"] = _shares(table, world)
    intervals = _intervals(table)
    parts = [
        _rates(row["reports"], intervals.get(index), denominators(rows[row["country"]]))
        for index, row in zip(table.index, table.to_dict("records"), strict=True)
    ]
    rates = pd.DataFrame(parts, columns=list(_rates(None, None, Denominators())))
    return _typed(pd.concat([table, rates], axis=1)[COLUMNS])


def _shares(table: pd.DataFrame, world: pd.DataFrame) -> list[float]:
    keys = ["year", "class", "counted_by"]
    totals = {tuple(row[key] for key in keys): row["reports"] for row in world.to_dict("records")}
    return [
        _share(row["reports"], totals.get(tuple(row[key] for key in keys)))
        for row in table.to_dict("records")
    ]


def _share(reports: Any, total: Any) -> float:
    if total is None or pd.isna(total) or pd.isna(reports) or total == 0:
        return np.nan
    return round(100 * int(reports) / int(total), SHARE_DIGITS)


def _intervals(table: pd.DataFrame) -> dict[Any, CountInterval]:
    """Return the interval of each row with a number; series end where counting changes."""
    counted = table[table["reports"].notna()]
    found: dict[Any, CountInterval] = {}
    era = sum((counted["year"] >= broken).astype(int) for broken in BREAKS)
    for _, series in counted.groupby(["country", *RULE, era], sort=False):
        intervals = series_intervals(series["year"], series["reports"].astype(float))
        found |= dict(zip(series.index, intervals, strict=True))
    return found


def _rates(reports: Any, around: CountInterval | None, size: Denominators) -> dict[str, Any]:
    users = size.internet_using_children
    limits = [np.nan] * 5
    if around is not None:
        limits = [int(reports), around.low, around.high, *map(float, poisson_interval(reports))]
    per_user = [rate(limit, users) for limit in limits]
    per_child = [rate(limit, size.children) for limit in limits]
    return {
        "children": size.children,
        "internet_use_rate": size.internet_use_rate,
        "internet_using_children": None if users is None else round(users),
        "rate_per_1000": per_user[0],
        "rate_low": per_user[1],
        "rate_high": per_user[2],
        "rate_exact_low": per_user[3],
        "rate_exact_high": per_user[4],
        "rate_per_1000_children": per_child[0],
        "rate_per_1000_children_low": per_child[1],
        "rate_per_1000_children_high": per_child[2],
        "rate_per_1000_children_exact_low": per_child[3],
        "rate_per_1000_children_exact_high": per_child[4],
        "interval": around.interval if around else "",
        "dispersion": round(around.dispersion, DISPERSION_DIGITS) if around else np.nan,
        "denominator_source": size.source,
        "note": NOTES[around.interval] if around else "",
    }


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    kinds = {"year": "int64", "series_break": "bool"}
    kinds |= dict.fromkeys(("reports", "children", "internet_using_children"), "Int64")
    floats = [name for name in COLUMNS if name.startswith("rate_") or name.endswith("_percent")]
    kinds |= dict.fromkeys([*floats, "internet_use_rate", "dispersion"], "float64")
    kinds |= {name: "str" for name in COLUMNS if name not in kinds}
    return table.astype(kinds)
