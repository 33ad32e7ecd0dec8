"""One fact told by several sources: side by side, with the reason why they differ.

Figures of different sources are never averaged. Where one is needed, as in a rate, it is that of
the source that stands first in the table of sources, among those that give a number.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

# The columns that name a fact, whoever tells it.
FACTS: dict[str, list[str]] = {
    "cybertips": ["country", "year", "class"],
    "reporters": ["country", "year", "reporter"],
    "offences": [
        "country", "agency", "year", "offence_code", "technology", "stage", "victim_sex",
        "victim_age_band", "counting_rule",
    ],
    "hotlines": ["country", "year", "organisation", "kind", "measure"],
    "transparency": ["platform", "year", "metric", "scope"],
}  # fmt: skip
AMOUNTS = {
    "cybertips": "reports",
    "reporters": "reports",
    "offences": "offences",
    "hotlines": "contacts",
    "transparency": "amount",
}
COUNTED_BY = "Different bodies counted."
COUNTED = "Different things were counted."
BOTH = "Different bodies counted different things."
UNKNOWN = "The sources give no reason."
COLUMNS = [
    "fact", "country", "year", "item", "figure", "status", "used", "source", "difference_reason",
    "counted", "counted_by", "data_kind",
]  # fmt: skip


def preferred(
    frame: pd.DataFrame, key: Sequence[str], amount: str, order: Sequence[str]
) -> pd.DataFrame:
    """Return one row per fact, in the order of ``frame``.

    Args:
        frame: facts with ``source_id``.
        key: columns that name a fact.
        amount: column of the figures; a row that has one comes before a row that has none.
        order: the sources, the preferred first.
    """
    rank = frame["source_id"].map({source: at for at, source in enumerate(order)})
    ranked = frame.assign(_none=frame[amount].isna(), _rank=rank)
    first = ranked.sort_values(["_none", "_rank"], kind="stable").drop_duplicates(list(key))
    return frame.loc[first.index.sort_values()]


def several_sources(tables: Mapping[str, pd.DataFrame], order: Sequence[str]) -> pd.DataFrame:
    """Return every fact that more than one source tells, all figures below each other.

    Args:
        tables: tables of evidence by name; those not in :data:`FACTS` have no such facts.
        order: the sources, the preferred first.

    Returns:
        :data:`COLUMNS`: ``fact`` is the table's name, ``item`` what the fact is within country and
        year, ``used`` whether rates are computed from the figure.
    """
    found = [
        _side_by_side(name, tables[name].reset_index(drop=True), order)
        for name in FACTS
        if name in tables
    ]
    rows = [part for part in found if len(part)]
    if not rows:
        return pd.DataFrame(columns=COLUMNS)
    return pd.concat(rows, ignore_index=True)[COLUMNS]


def _side_by_side(name: str, frame: pd.DataFrame, order: Sequence[str]) -> pd.DataFrame:
    key, amount = FACTS[name], AMOUNTS[name]
    told_by = frame.groupby(key, sort=False)["source_id"].transform("nunique")
    several = frame[told_by > 1]
    used = preferred(several, key, amount, order).index
    rank = several["source_id"].map({source: at for at, source in enumerate(order)})
    country = several["country" if "country" in key else "scope"]
    rest = [column for column in key if column not in ("country", "scope", "year")]
    rows = several.assign(
        fact=name,
        country=country,
        item=several[rest].astype(str).agg("; ".join, axis=1) if len(several) else "",
        figure=several[amount],
        used=several.index.isin(used),
        difference_reason=_reasons(several, key),
        _rank=rank,
    )
    return rows.sort_values([*key, "_rank"], kind="stable")


def _reasons(several: pd.DataFrame, key: Sequence[str]) -> pd.Series:
    groups = several.groupby(list(key), sort=False)
    bodies = groups["counted_by"].transform("nunique") > 1
    things = groups["counted"].transform("nunique") > 1
    reasons = pd.Series(UNKNOWN, index=several.index)
    reasons[bodies] = COUNTED_BY
    reasons[things] = COUNTED
    reasons[bodies & things] = BOTH
    return reasons
