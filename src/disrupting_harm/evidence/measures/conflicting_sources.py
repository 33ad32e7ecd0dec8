"""Figures of one fact from several sources, with the reason why they differ.

Figures of different sources are never averaged. Where one is needed, as in a rate, it is that of
the first source in the table of sources that gives a number.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from disrupting_harm.evidence.definition import Table

COUNTED_BY = "Different bodies counted."
COUNTED = "Different things were counted."
BOTH = "Different bodies counted different things."
UNKNOWN = "The sources give no reason."


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


def conflicting_sources(
    tables: Sequence[Table], facts: Mapping[str, pd.DataFrame], order: Sequence[str]
) -> pd.DataFrame:
    """Return every fact that more than one source tells, all figures below each other.

    Args:
        tables: tables of evidence; of those that have such facts, they are found.
        facts: what they hold, by name.
        order: the sources, the preferred first.

    Returns:
        Figures with ``fact``, the table's name, ``item``, what the fact is within country and
        year, ``used``, whether rates are computed from the figure, and ``difference_reason``.
    """
    found = [
        _side_by_side(table, facts[table.name].reset_index(drop=True), order)
        for table in tables
        if table.conflicts and table.name in facts
    ]
    rows = [part for part in found if len(part)]
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame()


def _side_by_side(table: Table, frame: pd.DataFrame, order: Sequence[str]) -> pd.DataFrame:
    key, amount = table.fact, str(table.amount)
    told_by = frame.groupby(key, sort=False)["source_id"].transform("nunique")
    several = frame[told_by > 1]
    used = preferred(several, key, amount, order).index
    rank = several["source_id"].map({source: at for at, source in enumerate(order)})
    country = several[table.where_it_is]
    rest = [column for column in key if column not in ("country", "scope", "year")]
    usual = {column.name: column.default for column in table.columns if column.default}
    named = several[rest].astype(str)
    rows = several.assign(
        fact=table.name,
        country=country,
        # What stands for an empty cell names nothing.
        item=[
            "; ".join(text for name, text in row.items() if usual.get(str(name)) != text)
            for row in named.to_dict("records")
        ],
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
