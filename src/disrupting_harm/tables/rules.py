"""Rules of columns, and the contracts of tables that are made of them.

Import this module only where a table is read or written: pandera takes a tenth of a second.
"""

from collections.abc import Collection, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.engines import numpy_engine, pandas_engine

from disrupting_harm.study.statuses import DATA_KINDS


class TextColumn(pandas_engine.STRING):
    """The type of a column of texts; asked for once, where pandera's own answers for each cell."""

    def check(self, pandera_dtype: Any, data_container: Any = None) -> bool:
        """Return whether a column, or each of its cells or categories, is of text."""
        if data_container is not None and isinstance(data_container.dtype, pd.CategoricalDtype):
            return isinstance(data_container.cat.categories.dtype, pd.StringDtype)
        return bool(np.all(super().check(pandera_dtype, data_container)))


class NumberColumn(numpy_engine.Float64):
    """The type of a column of numbers, which may be held in four bytes each or as categories."""

    def check(self, pandera_dtype: Any, data_container: Any = None) -> bool:
        """Return whether a column, or each of its categories, is of floats."""
        if data_container is not None and isinstance(data_container.dtype, pd.CategoricalDtype):
            return bool(data_container.cat.categories.dtype.kind == "f")
        return str(pandera_dtype) in ("float64", "float32")


def text(*allowed: str, required: bool = True, unique: bool = False) -> pa.Column:
    """Return the rule of a text; without ``allowed`` any text fits."""
    checks = [pa.Check.isin(allowed)] if allowed else []
    # mypy does not see that the fields of this data class are none of its arguments.
    kind = TextColumn()  # type: ignore[call-arg]
    return pa.Column(kind, checks, required=required, unique=unique)


def number(
    lowest: float = -np.inf, highest: float = np.inf, nullable: bool = False, required: bool = True
) -> pa.Column:
    """Return the rule of a finite number between two limits."""
    # One rule: infinity itself is never a number of a table.
    limits = pa.Check.in_range(lowest, highest, np.isfinite(lowest), np.isfinite(highest))
    return pa.Column(float, limits, nullable=nullable, required=required)


def count() -> pa.Column:
    """Return the rule of a whole number that is never missing."""
    return pa.Column(int, pa.Check.ge(0))


def whole_or_missing() -> pa.Column:
    """Return the rule of a whole per cent, or of whole points, that may be missing."""
    return pa.Column("Int64", pa.Check.in_range(-100, 100), nullable=True, coerce=True)


def count_or_missing() -> pa.Column:
    """Return the rule of a whole number that may be missing; it is written without decimals."""
    return pa.Column("Int64", pa.Check.ge(0), nullable=True, coerce=True)


FLAG = pa.Column(bool)
# Where a study updates a release: the release in which a row stands as it is; else empty. It is not
# public: that one table stays where others change tells something of those who changed.
STANDS_IN = {"release": text(required=False)}
REAL = number(nullable=True)
POSITIVE = number(0, nullable=True)
SHARE = number(0, 1, nullable=True)


def other_than(names: Collection[str], dtype: type, *allowed: str) -> dict[str, pa.Column]:
    """Return the rule of every column that ``names`` does not list.

    Args:
        names: columns with rules of their own.
        dtype: type of the others.
        allowed: all values that they may have; by default any, and missing ones.
    """
    checks = [pa.Check.isin(allowed)] if allowed else []
    own: dict[type, Any] = {str: TextColumn, float: NumberColumn}
    kind = own[dtype]() if dtype in own else dtype
    others = pa.Column(kind, checks, nullable=not allowed, regex=True, required=False)
    return {rf"^(?!(?:{'|'.join(names)})$).+$": others}


def in_order(*names: str) -> pa.Check:
    """Return the rule that no number of a row is above the one in the next of these columns."""

    def holds(table: pd.DataFrame) -> "pd.Series[bool]":
        above = [table[low] > table[high] for low, high in pairwise(names)]
        return ~pd.concat(above, axis=1).any(axis=1)

    return pa.Check(holds, error=f"{', '.join(names)} are not in this order")


def table_contract(
    name: str, columns: Mapping[str, pa.Column], *checks: pa.Check
) -> pa.DataFrameSchema:
    """Return the contract of a table that has these columns in this order and no others."""
    return pa.DataFrameSchema(
        dict(columns), checks=list(checks), strict=True, ordered=True, name=name
    )


def public_form(
    restricted: pa.DataFrameSchema,
    *,
    without: Collection[str] = (),
    whole: Collection[str] = (),
    per_cents: Mapping[str, str] | None = None,
    name: str = "",
) -> pa.DataFrameSchema:
    """Return the contract of the public form of a table.

    Args:
        restricted: contract of the restricted table.
        without: its columns that are not published.
        whole: columns of numbers that are whole as published, and missing where they are hidden.
        per_cents: columns of shares, and the columns behind the last of them that hold the same in
            whole per cents, e.g. :data:`WHOLE`.
        name: in messages; by default "public" and the name of the restricted table.
    """
    columns: dict[str, pa.Column] = {}
    for column, rule in restricted.columns.items():
        if column not in without:
            columns[column] = count_or_missing() if column in whole else rule
        if per_cents and column == [*per_cents][-1]:
            columns |= dict.fromkeys(per_cents.values(), whole_or_missing())
    return table_contract(name or f"public {restricted.name}", columns, *restricted.checks)


def in_shape(
    table: pd.DataFrame, shape: pa.DataFrameSchema, without: Collection[str] = ()
) -> pd.DataFrame:
    """Return the columns of a contract, in their order and types; a table without rows has all.

    Args:
        table: has these columns, but perhaps not the optional ones, and perhaps others.
        shape: the contract.
        without: columns of the contract that the caller adds.
    """
    kinds = {
        name: str(rule.dtype)
        for name, rule in shape.columns.items()
        if name not in without and (rule.required or name in table)
    }
    columns = table[list(kinds)] if len(table) else pd.DataFrame(columns=list(kinds))
    return columns.astype({n: "str" if k.startswith("str") else k for n, k in kinds.items()})


def float_columns(shape: pa.DataFrameSchema) -> list[str]:
    """Return the columns of a contract that hold floating-point numbers."""
    return [name for name, column in shape.columns.items() if str(column.dtype) == "float64"]


# Parts that many tables have: whether data are simulated, whose number of what it is, and that an
# interval has its ends in order.
OF_KIND = {"data_kind": text(*DATA_KINDS)}
BY_COUNTRY = {"indicator": text(), "country": text()}
ORDERED = in_order("ci_low", "ci_high")
