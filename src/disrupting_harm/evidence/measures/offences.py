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
from disrupting_harm.evidence.measures.change import against_year_before, year_ratios
from disrupting_harm.evidence.measures.conflicting_sources import preferred
from disrupting_harm.evidence.measures.provenance_text import joined_kind, joined_texts
from disrupting_harm.evidence.measures.rates import denominator, rate

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


def offence_totals(facts: pd.DataFrame, order: Sequence[str]) -> pd.DataFrame:
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
    chosen = preferred(facts.reset_index(drop=True), FACT, "offences", order)
    groups = over_victims(chosen).groupby(TOTAL, sort=True)
    rows = [dict(zip(TOTAL, key, strict=True)) | _summed(group) for key, group in groups]
    counted = ["offences", "status", "offence_codes", "codes_without_number"]
    columns = [*TOTAL, *counted, *_PROVENANCE, "rule"]
    return pd.DataFrame(rows, columns=columns).astype({"offences": "Int64"})


def offence_rates(
    facts: pd.DataFrame, countries: Sequence[Mapping[str, Any]], order: Sequence[str]
) -> pd.DataFrame:
    """Return totals over offence codes with rates per 1,000 children and changes.

    Args:
        facts: as in :func:`offence_totals`.
        countries: rows of the countries file; offences of others are left out.
        order: as in :func:`offence_totals`.

    Returns:
        The public table. Only complete totals have a rate, and changes run between totals that are
        made of the same offence codes of the same sources.
    """
    rows = {row["country"]: row for row in countries}
    totals = _of_countries(facts, rows, order)
    complete = totals["status"].isin(COMPLETE)
    changes = against_year_before(
        totals.assign(_amount=totals["offences"].where(complete)), SERIES, ["rule"], "_amount"
    )
    rates = [
        _rate(row, rows[row["country"]] if whole else {})
        for row, whole in zip(totals.to_dict("records"), complete, strict=True)
    ]
    columns = ["rate_per_1000_children", "denominator_source", "note"]
    return pd.concat([totals, changes, pd.DataFrame(rates, columns=columns)], axis=1)


def offence_changes(
    facts: pd.DataFrame, countries: Sequence[Mapping[str, Any]], order: Sequence[str]
) -> pd.DataFrame:
    """Return how much totals changed from one year to the next, one row per series.

    Args:
        facts, countries, order: as in :func:`offence_rates`.

    Returns:
        The public table, see :func:`.change.year_ratios`. Only complete totals that
        are made of the same offence codes of the same sources make a series.
    """
    totals = _of_countries(facts, {row["country"] for row in countries}, order)
    complete = totals[totals["status"].isin(COMPLETE)]
    found = []
    for key, series in complete.groupby([*SERIES, "rule"], sort=False):
        ratios = year_ratios(series["year"].tolist(), series["offences"].tolist())
        if ratios:
            told = {name: joined_texts(series[name]) for name in _PROVENANCE[:-1]}
            kind = {"data_kind": joined_kind(series["data_kind"])}
            found.append(dict(zip(SERIES, key, strict=False)) | ratios | told | kind)
    return pd.DataFrame(found)


def _of_countries(
    facts: pd.DataFrame, countries: Collection[str], order: Sequence[str]
) -> pd.DataFrame:
    totals = offence_totals(facts, order)
    return totals[totals["country"].isin(list(countries))].reset_index(drop=True)


def over_victims(facts: pd.DataFrame) -> pd.DataFrame:
    """Return one row per offence code: its total over the victims' sex and age.

    The row of all victims is the total where it stands in the table. Otherwise it is the sum over
    the sexes, else over the age bands, else over both; a sum with a part that has no number is
    not known, and takes that part's status.
    """
    key = [name for name in FACT if not name.startswith("victim_")]
    whole = (facts["victim_sex"] == ALL) & (facts["victim_age_band"] == ALL)
    totals = facts[whole]
    told = pd.MultiIndex.from_frame(facts[key]).isin(pd.MultiIndex.from_frame(totals[key]))
    parts = [_over_victims(group) for _, group in facts[~told].groupby(key, sort=False)]
    added = pd.DataFrame(parts, columns=facts.columns).astype(facts.dtypes.to_dict())
    return pd.concat([totals, added], ignore_index=True)


def _over_victims(group: pd.DataFrame) -> dict[Any, Any]:
    for part in (group["victim_age_band"] == ALL, group["victim_sex"] == ALL):
        if part.any():
            group = group[part]
            break
    first = group.iloc[0].to_dict() | {"victim_sex": ALL, "victim_age_band": ALL}
    missing = group[group["offences"].isna()]
    if len(missing):
        return first | {"offences": pd.NA, "status": missing["status"].iloc[0]}
    total = int(group["offences"].sum())
    return first | {"offences": total, "status": REPORTED if total else ZERO}


def _summed(group: pd.DataFrame) -> dict[str, Any]:
    counted = group["offences"].dropna()
    return {
        "offences": int(counted.sum()) if len(counted) else pd.NA,
        "status": _status(group),
        "offence_codes": len(group),
        "codes_without_number": len(group) - len(counted),
        **{name: joined_texts(group[name]) for name in _PROVENANCE[:-1]},
        "data_kind": joined_kind(group["data_kind"]),
        "rule": (frozenset(group["source_id"]), frozenset(group["offence_code"])),
    }


def _status(group: pd.DataFrame) -> str:
    missing = group["offences"].isna()
    if not missing.any():
        return REPORTED if int(group["offences"].sum()) else ZERO
    if not missing.all():
        return INCOMPLETE
    reasons = set(group["status"])
    return reasons.pop() if len(reasons) == 1 else "not_recorded"


def _rate(total: Mapping[Any, Any], country: Mapping[str, Any]) -> dict[str, Any]:
    """Return the rate of a total; none where the country is not given, as for part of a total."""
    size = denominator(country)
    if size.children is None:
        return {
            "rate_per_1000_children": np.nan,
            "denominator_source": "",
            "note": NOTE if country else "",
        }
    return {
        "rate_per_1000_children": rate(float(total["offences"]), size.children, RATE_DIGITS),
        "denominator_source": size.source,
        "note": NOTE,
    }
