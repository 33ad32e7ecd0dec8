"""Contracts of the checked tables of evidence between the stages, from their definitions."""

from collections.abc import Mapping

import pandas as pd
import pandera.pandas as pa

from disrupting_harm.evidence.columns import Column
from disrupting_harm.evidence.contracts import JOINED, SOURCES, TABLES
from disrupting_harm.evidence.sources import Source
from disrupting_harm.study.contracts import DATA_KINDS

SOURCE_NAMES = SOURCES.names
# The order of sources is that of the file: the preferred first.
SOURCE_TABLE = pa.DataFrameSchema(
    {
        name: pa.Column("Int64", nullable=True, coerce=True)
        if name == "year"
        else pa.Column(str, unique=name == "source_id")
        for name in SOURCE_NAMES
    },
    strict=True,
    ordered=True,
    name="sources",
)


def facts_contract(table: str) -> pa.DataFrameSchema:
    """Return the contract of a checked table: its columns, then those of its sources."""
    columns = {column.name: _column(column) for column in TABLES[table].columns}
    joined = {name: pa.Column(str) for name in JOINED}
    joined["data_kind"] = pa.Column(str, pa.Check.isin(DATA_KINDS))
    return pa.DataFrameSchema(columns | joined, strict=True, ordered=True, name=f"facts: {table}")


def sources_frame(sources: Mapping[str, Source]) -> pd.DataFrame:
    """Return the table of sources in their order."""
    rows = [{name: getattr(source, name) for name in SOURCE_NAMES} for source in sources.values()]
    kinds = {name: "Int64" if name == "year" else "str" for name in SOURCE_NAMES}
    return pd.DataFrame(rows, columns=list(SOURCE_NAMES)).astype(kinds)


def _column(column: Column) -> pa.Column:
    allowed = [*column.codes] if column.required else [*column.codes, ""]
    match column.kind:
        case "count":
            return pa.Column("Int64", pa.Check.ge(0), nullable=True, coerce=True)
        case "year" | "month" if column.required:
            return pa.Column(int)
        case "year" | "month":
            return pa.Column("Int64", nullable=True, coerce=True)
        case "score":
            return pa.Column(float, pa.Check.in_range(0, 3), nullable=True)
        case "percent":
            return pa.Column(float, pa.Check.in_range(0, 100), nullable=True)
        case "code":
            return pa.Column(str, pa.Check.isin(allowed))
    return pa.Column(str)
