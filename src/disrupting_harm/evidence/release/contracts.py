"""Contracts of the tables of evidence, from their definitions: checked facts, public tables.

``status`` says what an empty number means: a number and its status always agree.
"""

from collections.abc import Mapping
from itertools import pairwise

import pandas as pd
import pandera.pandas as pa

from disrupting_harm.evidence.columns import HIGHEST, Column, Field
from disrupting_harm.evidence.definition import Public
from disrupting_harm.evidence.sources import JOINED, SOURCES, Source
from disrupting_harm.evidence.status import NO_NUMBER, REPORTED, ZERO
from disrupting_harm.evidence.tables import PUBLIC, TABLES
from disrupting_harm.study.contracts import _exactly, _number, _text, _whole
from disrupting_harm.study.statuses import DATA_KINDS

# The order of sources is that of the file: the preferred first.
SOURCE_TABLE = _exactly(
    "sources",
    {
        name: pa.Column("Int64", nullable=True, coerce=True)
        if name == "year"
        else _text(unique=name == "source_id")
        for name in SOURCES.names
    },
)


def facts_contract(table: str) -> pa.DataFrameSchema:
    """Return the contract of a checked table: its columns, then those of its sources."""
    columns = {column.name: _fact(column) for column in TABLES[table].columns}
    joined = {name: _text(*(DATA_KINDS if name == "data_kind" else ())) for name in JOINED}
    return _exactly(f"facts: {table}", columns | joined)


def public_contract(name: str) -> pa.DataFrameSchema:
    """Return the contract of a public table."""
    public = PUBLIC[name]
    checks = [_in_order(*names) for names in public.in_order]
    if public.amount:
        checks.append(agree(public.amount, also_zero=_kind(public, public.amount) == "number"))
    return _exactly(public.title, {field.name: _column(field) for field in public.fields}, *checks)


def in_shape(table: pd.DataFrame, contract: pa.DataFrameSchema) -> pd.DataFrame:
    """Return the columns of a contract, in their order and types; a table without rows has all."""
    types = {name: str(column.dtype) for name, column in contract.columns.items()}
    columns = table[list(types)] if len(table) else pd.DataFrame(columns=list(types))
    return columns.astype({n: "str" if t.startswith("str") else t for n, t in types.items()})


def sources_frame(sources: Mapping[str, Source]) -> pd.DataFrame:
    """Return the table of sources in their order."""
    names = SOURCES.names
    rows = [{name: getattr(source, name) for name in names} for source in sources.values()]
    kinds = {name: "Int64" if name == "year" else "str" for name in names}
    return pd.DataFrame(rows, columns=list(names)).astype(kinds)


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


def _kind(public: Public, name: str) -> str:
    return next(field.kind for field in public.fields if field.name == name)


def _column(field: Field) -> pa.Column:
    match field.kind:
        case "integer" if field.empty:
            return _whole()
        case "integer":
            return pa.Column(int, pa.Check.in_range(field.lowest, field.highest))
        case "number":
            return _number(field.lowest, field.highest, field.empty)
        case "boolean":
            return pa.Column(bool)
    return _text(*field.codes)


def _fact(column: Column) -> pa.Column:
    allowed = [*column.codes] if column.required else [*column.codes, ""]
    match column.kind:
        case "count":
            return _whole()
        case "year" | "month" if column.required:
            return pa.Column(int)
        case "year" | "month":
            return pa.Column("Int64", nullable=True, coerce=True)
        case "score" | "percent":
            return _number(0, HIGHEST[column.kind], nullable=True)
        case "code":
            return _text(*allowed)
    return _text()
