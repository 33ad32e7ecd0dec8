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
EARLIER = "The same body gave another figure later."
LATER = "The same body had given another figure before."


def select_preferred(
    frame: pd.DataFrame, key: Sequence[str], amount: str, order: Sequence[str]
) -> pd.DataFrame:
    """Return one row per fact, in the order of ``frame``.

    Args:
        frame: facts with ``source_id``.
        key: columns that name a fact.
        amount: column of the figures; a row that has one comes before a row that has none.
        order: the sources, the preferred first.
    """
    rank = frame["source_id"].map({source: position for position, source in enumerate(order)})
    ranked = frame.assign(_none=frame[amount].isna(), _rank=rank)
    preferred_rows = ranked.sort_values(["_none", "_rank"], kind="stable").drop_duplicates(
        list(key)
    )
    return frame.loc[preferred_rows.index.sort_values()]


def find_conflicting_sources(
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
    tables_of_conflicts = [
        _list_conflicts(table, facts[table.name].reset_index(drop=True), order)
        for table in tables
        if table.may_conflict and table.name in facts
    ]
    rows = [table_rows for table_rows in tables_of_conflicts if len(table_rows)]
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame()


def _list_conflicts(table: Table, frame: pd.DataFrame, order: Sequence[str]) -> pd.DataFrame:
    key, amount = table.fact_columns, str(table.amount)
    number_of_sources = frame.groupby(key, sort=False)["source_id"].transform("nunique")
    several = frame[number_of_sources > 1]
    used = select_preferred(several, key, amount, order).index
    rank = several["source_id"].map({source: position for position, source in enumerate(order)})
    country = several[table.country_column]
    item_columns = [column for column in key if column not in ("country", "scope", "year")]
    default_values = {column.name: column.default for column in table.columns if column.default}
    item_texts = several[item_columns].astype(str)
    rows = several.assign(
        fact=table.name,
        country=country,
        # What stands for an empty cell names nothing.
        item=[
            "; ".join(
                value for name, value in row.items() if default_values.get(str(name)) != value
            )
            for row in item_texts.to_dict("records")
        ],
        figure=several[amount],
        used=several.index.isin(used),
        difference_reason=_explain_differences(several, key, amount),
        _rank=rank,
    )
    return rows.sort_values([*key, "_rank"], kind="stable")


def _explain_differences(several: pd.DataFrame, key: Sequence[str], amount: str) -> pd.Series:
    """Return why the sources of each fact differ; of figures that a body revised, that it did."""
    groups = several.groupby(list(key), sort=False)
    differ_in_bodies = groups["counted_by"].transform("nunique") > 1
    differ_in_units = groups["counted"].transform("nunique") > 1
    reasons = pd.Series(UNKNOWN, index=several.index)
    reasons[differ_in_bodies] = COUNTED_BY
    reasons[differ_in_units] = COUNTED
    reasons[differ_in_bodies & differ_in_units] = BOTH
    if "as_of" not in several:
        return reasons
    vintages = several[several["as_of"] != ""].groupby([*key, "counted_by", "counted"], sort=False)
    for _, figures in vintages:
        if figures[amount].nunique() > 1:
            is_last = figures["as_of"] == figures["as_of"].max()
            reasons[figures.index[is_last]] = LATER
            reasons[figures.index[~is_last]] = EARLIER
    return reasons
