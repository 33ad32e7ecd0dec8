"""Offences that law enforcement recorded: totals and rates within one rule of counting.

Victims, cases, offenders and reports are different units, and so are stages of the proceedings and
agencies: none is ever added to another. A number, zero, and every reason for no number stay apart.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from disrupting_harm.evidence.columns import ALL
from disrupting_harm.evidence.fact_status import INCOMPLETE, REPORTED, ZERO
from disrupting_harm.evidence.measures.conflicting_sources import select_preferred
from disrupting_harm.evidence.measures.provenance_text import join_kinds, join_texts
from disrupting_harm.evidence.measures.rates import compute_rate, find_denominator
from disrupting_harm.evidence.measures.yearly_change import (
    compare_with_year_before,
    summarise_year_ratios,
)

# What a total is of; offences are added over codes within it, and over nothing else.
TOTAL = ["country", "agency", "year", "category", "technology", "stage", "counting_rule"]
SERIES = [name for name in TOTAL if name != "year"]
# The columns that name a fact, whoever tells it.
FACT = [
    "country", "agency", "year", "offence_code", "technology", "stage", "victim_sex",
    "victim_age_band", "counting_rule",
]  # fmt: skip
COMPLETE = (REPORTED, ZERO)
NOTE = (
    "A complete count, not a sample, of what was reported and recorded. Children of any age may be "
    "among the victims; the rate is per 1,000 children aged 12-17."
)
RATE_DIGITS = 5
_PROVENANCE = ["counted", "counted_by", "source", "data_kind"]


def total_offences(facts: pd.DataFrame, order: Sequence[str]) -> pd.DataFrame:
    """Return totals over offence codes, one row per :data:`TOTAL`.

    A total of which some offence codes have no number has the status ``incomplete`` and the sum of
    those known; one without any number has no sum, and the status of its parts where they agree,
    else ``not_recorded``.

    Args:
        facts: the table of evidence ``offences``. Only what may be published goes in, so that
            nothing hidden can be worked back from a total.
        order: the sources, the preferred first; of several figures of a fact its one is used.

    Returns:
        :data:`TOTAL`, ``offences, status, offence_codes, codes_without_number``, the provenance,
        and ``rule``: the sources and codes that a total is made of.
    """
    used_facts = select_preferred(facts.reset_index(drop=True), FACT, "offences", order)
    groups = sum_over_victims(used_facts).groupby(TOTAL, sort=True)
    rows = [dict(zip(TOTAL, key, strict=True)) | _sum_codes(group) for key, group in groups]
    total_columns = ["offences", "status", "offence_codes", "codes_without_number"]
    columns = [*TOTAL, *total_columns, *_PROVENANCE, "rule"]
    return pd.DataFrame(rows, columns=columns).astype({"offences": "Int64"})


def rate_offences(
    facts: pd.DataFrame, countries: Sequence[Mapping[str, Any]], order: Sequence[str]
) -> pd.DataFrame:
    """Return totals over offence codes with rates per 1,000 children and changes.

    Args:
        facts: as in :func:`total_offences`.
        countries: rows of the countries file; offences of others are left out.
        order: as in :func:`total_offences`.

    Returns:
        The public table. Only complete totals have a rate, and changes run between totals that are
        made of the same offence codes of the same sources.
    """
    rows = {row["country"]: row for row in countries}
    totals = _total_countries(facts, rows, order)
    complete = totals["status"].isin(COMPLETE)
    changes = compare_with_year_before(
        totals.assign(_amount=totals["offences"].where(complete)), SERIES, ["rule"], "_amount"
    )
    rates = [
        _compute_rate(row, rows[row["country"]] if is_complete else {})
        for row, is_complete in zip(totals.to_dict("records"), complete, strict=True)
    ]
    columns = ["rate_per_1000_children", "denominator_source", "note"]
    return pd.concat([totals, changes, pd.DataFrame(rates, columns=columns)], axis=1)


def tabulate_offence_changes(
    facts: pd.DataFrame, countries: Sequence[Mapping[str, Any]], order: Sequence[str]
) -> pd.DataFrame:
    """Return how much totals changed from one year to the next, one row per series.

    Args:
        facts, countries, order: as in :func:`rate_offences`.

    Returns:
        The public table, see :func:`.yearly_change.summarise_year_ratios`. Only complete totals
        that are made of the same offence codes of the same sources make a series.
    """
    totals = _total_countries(facts, {row["country"] for row in countries}, order)
    complete = totals[totals["status"].isin(COMPLETE)]
    rows = []
    for key, series in complete.groupby([*SERIES, "rule"], sort=False):
        ratios = summarise_year_ratios(series["year"].tolist(), series["offences"].tolist())
        if ratios:
            provenance = {name: join_texts(series[name]) for name in _PROVENANCE[:-1]}
            data_kind = {"data_kind": join_kinds(series["data_kind"])}
            rows.append(dict(zip(SERIES, key, strict=False)) | ratios | provenance | data_kind)
    return pd.DataFrame(rows)


def _total_countries(
    facts: pd.DataFrame, countries: Collection[str], order: Sequence[str]
) -> pd.DataFrame:
    totals = total_offences(facts, order)
    return totals[totals["country"].isin(list(countries))].reset_index(drop=True)


def sum_over_victims(facts: pd.DataFrame) -> pd.DataFrame:
    """Return one row per offence code: its total over the victims' sex and age.

    The row of all victims is the total where it stands in the table. Otherwise it is the sum over
    the sexes, else over the age bands, else over both; a sum with a part that has no number is
    not known, and takes that part's status.
    """
    key = [name for name in FACT if not name.startswith("victim_")]
    is_total = (facts["victim_sex"] == ALL) & (facts["victim_age_band"] == ALL)
    totals = facts[is_total]
    has_total = pd.MultiIndex.from_frame(facts[key]).isin(pd.MultiIndex.from_frame(totals[key]))
    summed_rows = [
        _sum_group_over_victims(group) for _, group in facts[~has_total].groupby(key, sort=False)
    ]
    added = pd.DataFrame(summed_rows, columns=facts.columns).astype(facts.dtypes.to_dict())
    return pd.concat([totals, added], ignore_index=True)


def _sum_group_over_victims(group: pd.DataFrame) -> dict[Any, Any]:
    for is_marginal_total in (group["victim_age_band"] == ALL, group["victim_sex"] == ALL):
        if is_marginal_total.any():
            group = group[is_marginal_total]
            break
    total_row = group.iloc[0].to_dict() | {"victim_sex": ALL, "victim_age_band": ALL}
    missing = group[group["offences"].isna()]
    if len(missing):
        return total_row | {"offences": pd.NA, "status": missing["status"].iloc[0]}
    total = int(group["offences"].sum())
    return total_row | {"offences": total, "status": REPORTED if total else ZERO}


def _sum_codes(group: pd.DataFrame) -> dict[str, Any]:
    counts = group["offences"].dropna()
    return {
        "offences": int(counts.sum()) if len(counts) else pd.NA,
        "status": _find_status_of_total(group),
        "offence_codes": len(group),
        "codes_without_number": len(group) - len(counts),
        **{name: join_texts(group[name]) for name in _PROVENANCE[:-1]},
        "data_kind": join_kinds(group["data_kind"]),
        "rule": (frozenset(group["source_id"]), frozenset(group["offence_code"])),
    }


def _find_status_of_total(group: pd.DataFrame) -> str:
    missing = group["offences"].isna()
    if not missing.any():
        return REPORTED if int(group["offences"].sum()) else ZERO
    if not missing.all():
        return INCOMPLETE
    reasons = set(group["status"])
    return reasons.pop() if len(reasons) == 1 else "not_recorded"


def _compute_rate(total: Mapping[Any, Any], country: Mapping[str, Any]) -> dict[str, Any]:
    """Return the rate of a total; none where the country is not given, as for part of a total."""
    children = find_denominator(country)
    if children.children is None:
        return {
            "rate_per_1000_children": np.nan,
            "denominator_source": "",
            "note": NOTE if country else "",
        }
    return {
        "rate_per_1000_children": compute_rate(
            float(total["offences"]), children.children, RATE_DIGITS
        ),
        "denominator_source": children.source,
        "note": NOTE,
    }
