"""Contracts of the tables of evidence, from their definitions: checked facts, public tables.

``status`` gives the reason of an empty number: a number and its status always agree.
"""

from collections.abc import Mapping

import pandas as pd
import pandera.pandas as pa

from disrupting_harm.evidence.columns import HIGHEST, Column, Field
from disrupting_harm.evidence.definition import PublicTable
from disrupting_harm.evidence.fact_status import NO_NUMBER, REPORTED, ZERO
from disrupting_harm.evidence.sources import SOURCE_COLUMNS, SOURCES, Source
from disrupting_harm.evidence.tables import PUBLIC, TABLES
from disrupting_harm.study.statuses import DATA_KINDS
from disrupting_harm.tables.rules import (
    FLAG,
    in_order,
    in_shape,
    number,
    table_contract,
    text,
    whole_number,
)

# The order of sources is that of the file: the preferred first.
SOURCE_TABLE = table_contract(
    "sources",
    {
        name: pa.Column("Int64", nullable=True, coerce=True)
        if name == "year"
        else text(unique=name == "source_id")
        for name in SOURCES.column_names
    },
)


def facts_contract(table: str) -> pa.DataFrameSchema:
    """Return the contract of a checked table: its columns, then those of its sources."""
    columns = {column.name: _fact_column(column) for column in TABLES[table].columns}
    joined = {name: text(*(DATA_KINDS if name == "data_kind" else ())) for name in SOURCE_COLUMNS}
    return table_contract(f"facts: {table}", columns | joined)


def public_evidence_contract(name: str) -> pa.DataFrameSchema:
    """Return the contract of a public table."""
    public = PUBLIC[name]
    checks = [in_order(*columns_in_order) for columns_in_order in public.in_order]
    if public.amount:
        checks.append(
            agree_with_status(
                public.amount, also_zero=_find_kind(public, public.amount) == "number"
            )
        )
    return table_contract(
        public.title, {field.name: _public_column(field) for field in public.fields}, *checks
    )


def build_sources_frame(sources: Mapping[str, Source]) -> pd.DataFrame:
    """Return the table of sources in their order."""
    rows = [
        {name: getattr(source, name) for name in SOURCES.column_names}
        for source in sources.values()
    ]
    return in_shape(pd.DataFrame(rows), SOURCE_TABLE)


def agree_with_status(amount: str, also_zero: bool = False) -> pa.Check:
    """Return the rule that ``amount`` is empty exactly where its status has no number.

    Args:
        amount: the column of numbers.
        also_zero: whether a number that was reported may be 0, as scores and indices may.
    """

    def holds(table: pd.DataFrame) -> "pd.Series[bool]":
        value, status = table[amount], table["status"]
        reported = (value >= 0) if also_zero else (value > 0)
        agrees = (status == REPORTED) & reported.fillna(False)
        agrees |= (status == ZERO) & (value == 0).fillna(False)
        return agrees.astype(bool) | (status.isin(NO_NUMBER) & value.isna())

    return pa.Check(holds, error=f"'{amount}' and its status do not agree")


def _find_kind(public: PublicTable, name: str) -> str:
    return next(field.kind for field in public.fields if field.name == name)


def _public_column(field: Field) -> pa.Column:
    match field.kind:
        case "integer" if field.empty:
            return whole_number(nullable=True)
        case "integer":
            return pa.Column(int, pa.Check.in_range(field.lowest, field.highest))
        case "number":
            return number(field.lowest, field.highest, field.empty)
        case "boolean":
            return FLAG
    return text(*field.codes)


def _fact_column(column: Column) -> pa.Column:
    allowed = [*column.codes] if column.required else [*column.codes, ""]
    match column.kind:
        case "count":
            return whole_number(nullable=True)
        case "year" | "month" if column.required:
            return pa.Column(int)
        case "year" | "month":
            return pa.Column("Int64", nullable=True, coerce=True)
        case "score" | "percent":
            return number(0, HIGHEST[column.kind], nullable=True)
        case "code":
            return text(*allowed)
    return text()
