"""CyberTipline reports by country, year and class, and changes.

The National Center for Missing & Exploited Children (NCMEC) publishes how many reports of its
CyberTipline were resolved to each country.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from disrupting_harm.evidence.columns import WORLD
from disrupting_harm.evidence.measures.conflicting_sources import select_preferred
from disrupting_harm.evidence.measures.provenance_text import join_kinds, join_texts
from disrupting_harm.evidence.measures.yearly_change import (
    compare_with_year_before,
    summarise_year_ratios,
)

NOT_PREVALENCE = (
    "CyberTip reports count reports made to the CyberTipline. They are no measure of prevalence "
    "and no number of children: they rise and fall with how companies detect and report, too."
)
# What NCMEC says of its own numbers by country: it stands wherever these do.
PLACED_BY_UPLOAD = (
    "NCMEC places reports by where files were uploaded, which proxies and anonymisers can hide. "
    "Reports do not show how much abuse a country has."
)
NOT_ABOUT_CHILDREN = (
    "All reports that could be placed in the country are counted, and none was sampled. They "
    "concern users of any age, not children alone."
)
# The columns that name a fact, whoever tells it.
FACT = ["country", "year", "class"]
CLASSES = ("unsplit", "referral", "informational")
# From 2024 NCMEC bundles related reports and splits them into referrals and informational reports.
BREAKS = (2024,)
RULE = ["class", "counted", "source_id", "series_id"]
SHARE_DIGITS = 4


def tabulate_cybertips(
    facts: pd.DataFrame, countries: Sequence[Mapping[str, Any]], order: Sequence[str]
) -> pd.DataFrame:
    """Return the reports of the given countries, sorted by country, year and class.

    Args:
        facts: the table of evidence ``cybertips``, with rows of the world where they are known.
        countries: rows of the countries file, of which ``country`` is read.
        order: the sources, the preferred first; of several figures its one is used.

    Returns:
        The public table, without a rate: reports are about users of any age, and no number of
        people is theirs. ``change_percent`` is against the year before; missing where that has no
        count, or none above zero, counts something else or lies before a break.
        ``share_world_percent`` is the share of the world's reports of that year and class.
    """
    used_facts = select_preferred(facts.reset_index(drop=True), FACT, "reports", order)
    table = _select_countries(used_facts, {row["country"] for row in countries})
    world = used_facts[used_facts["country"] == WORLD]
    table[["change_percent", "series_break"]] = compare_with_year_before(
        table, ["country"], RULE, "reports", BREAKS
    )
    table["share_world_percent"] = _compute_world_shares(table, world)
    table["note"] = np.where(table["reports"].notna(), NOT_ABOUT_CHILDREN, "")
    return table


def tabulate_cybertip_changes(
    facts: pd.DataFrame, countries: Sequence[Mapping[str, Any]], order: Sequence[str]
) -> pd.DataFrame:
    """Return how much reports changed from one year to the next, one row per series.

    Args:
        facts, countries, order: as in :func:`tabulate_cybertips`.

    Returns:
        The public table, see :func:`.yearly_change.summarise_year_ratios`. A series ends where
        counting changes; one without two years in a row has no row.
    """
    used_facts = select_preferred(facts.reset_index(drop=True), FACT, "reports", order)
    table = _select_countries(used_facts, {row["country"] for row in countries})
    counted_rows = table[table["reports"].notna()]
    era = sum((counted_rows["year"] >= broken).astype(int) for broken in BREAKS)
    rows = []
    for _, series in counted_rows.groupby(["country", *RULE, era], sort=False):
        ratios = summarise_year_ratios(series["year"].tolist(), series["reports"].tolist())
        if ratios:
            first_year = series.iloc[0]
            rows.append(
                {name: first_year[name] for name in ("country", "class", "counted")}
                | ratios
                | {name: join_texts(series[name]) for name in ("counted_by", "source")}
                | {"data_kind": join_kinds(series["data_kind"])}
            )
    return pd.DataFrame(rows)


def tabulate_cybertip_parts(
    facts: pd.DataFrame, countries: Sequence[Mapping[str, Any]]
) -> pd.DataFrame:
    """Return what is known of half-years and types of incident, as it was published.

    They have no rate, change or share: two halves are no year, since a report may be assigned anew
    between them, and a report may have several types.

    Args:
        facts: rows of the table of evidence ``cybertips`` on half-years or on one type.
        countries: rows of the countries file.
    """
    table = _select_countries(facts.reset_index(drop=True), {row["country"] for row in countries})
    return table.sort_values(["country", "year", "period", "_class", "incident_type"])


def _select_countries(rows: pd.DataFrame, countries: Collection[str]) -> pd.DataFrame:
    """Return the rows of the countries by country, year and class."""
    table = rows[rows["country"].isin(list(countries))].copy()
    table["_class"] = table["class"].map(CLASSES.index)
    return table.sort_values(["country", "year", "_class"], ignore_index=True)


def _compute_world_shares(table: pd.DataFrame, world: pd.DataFrame) -> list[float]:
    keys = ["year", "class", "counted_by"]
    totals = {tuple(row[key] for key in keys): row["reports"] for row in world.to_dict("records")}
    return [
        _compute_share(row["reports"], totals.get(tuple(row[key] for key in keys)))
        for row in table.to_dict("records")
    ]


def _compute_share(reports: Any, total: Any) -> float:
    if total is None or pd.isna(total) or pd.isna(reports) or total == 0:
        return np.nan
    return round(100 * int(reports) / int(total), SHARE_DIGITS)
