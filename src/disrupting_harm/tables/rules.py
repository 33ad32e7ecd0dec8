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


class TextColumn(pandas_engine.STRING):
    """The type of a column of texts; asked for once, where pandera's own answers for each cell."""

    def check(self, pandera_dtype: Any, data_container: Any = None) -> bool:
        """Return whether a column, or each of its cells or categories, is of text."""
        if data_container is not None and isinstance(data_container.dtype, pd.CategoricalDtype):
            return isinstance(data_container.cat.categories.dtype, pd.StringDtype)
        answers: Any = super().check(pandera_dtype, data_container)
        return bool(np.all(answers))


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
    engine_type = TextColumn()  # type: ignore[call-arg]
    return pa.Column(engine_type, checks, required=required, unique=unique)


def number(
    lowest: float = -np.inf, highest: float = np.inf, nullable: bool = False, required: bool = True
) -> pa.Column:
    """Return the rule of a finite number between two limits."""
    return pa.Column(float, _limit_numbers(lowest, highest), nullable=nullable, required=required)


def _limit_numbers(lowest: float, highest: float) -> pa.Check:
    """Return the rule of numbers between two limits; infinity is never a number of a table.

    pandera's ``in_range`` copies a column several times, also where nothing is wrong: half of what
    the contracts of a study's tables took.
    """

    def holds(numbers: "pd.Series[float]") -> "bool | pd.Series[bool]":
        values = numbers.to_numpy()
        is_outside = (values < lowest) | (values > highest) | np.isinf(values)
        return not is_outside.any() or pd.Series(~is_outside, numbers.index)

    return pa.Check(holds, ignore_na=False, error=f"in_range({lowest}, {highest})")


def whole_number(lowest: float = 0, highest: float = np.inf, nullable: bool = False) -> pa.Column:
    """Return the rule of a whole number; one that may be missing is written without decimals."""
    is_limited = np.isfinite(highest)
    limits = pa.Check.in_range(lowest, highest) if is_limited else pa.Check.ge(lowest)
    if nullable:
        return pa.Column("Int64", limits, nullable=True, coerce=True)
    return pa.Column(int, limits)


FLAG = pa.Column(bool)


def other_than(listed: Collection[str], dtype: type, *allowed: str) -> dict[str, pa.Column]:
    """Return the rule of every column that ``listed`` does not list.

    Args:
        listed: columns with rules of their own.
        dtype: type of the others.
        allowed: all values that they may have; by default any, and missing ones.
    """
    checks = [pa.Check.isin(allowed)] if allowed else []
    types_of_rules: dict[type, Any] = {str: TextColumn, float: NumberColumn}
    engine_type = types_of_rules[dtype]() if dtype in types_of_rules else dtype
    rule = pa.Column(engine_type, checks, nullable=not allowed, regex=True, required=False)
    return {rf"^(?!(?:{'|'.join(listed)})$).+$": rule}


def in_order(*columns: str) -> pa.Check:
    """Return the rule that no number of a row is above the one in the next of these columns."""

    def holds(table: pd.DataFrame) -> "pd.Series[bool]":
        is_out_of_order = [table[low] > table[high] for low, high in pairwise(columns)]
        return ~pd.concat(is_out_of_order, axis=1).any(axis=1)

    return pa.Check(holds, error=f"{', '.join(columns)} are not in this order")


def table_contract(
    name: str, columns: Mapping[str, pa.Column], *checks: pa.Check
) -> pa.DataFrameSchema:
    """Return the contract of a table that has these columns in this order and no others."""
    return pa.DataFrameSchema(
        dict(columns), checks=list(checks), strict=True, ordered=True, name=name
    )


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
