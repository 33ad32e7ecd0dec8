"""Read labels and numbers from a table; a fault names its column and row."""

from collections.abc import Collection
from typing import Any, TypeAlias, Union

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from designbased.arrays import Integers, Mask
from designbased.errors import InputError, amount

# One label per row.
Labels: TypeAlias = Union["pd.Categorical[str]", NDArray[Any]]


def describe_first_row(at_fault: np.ndarray) -> str:
    """Say how many rows are at fault and where the first one stands (counted from 1)."""
    rows = np.flatnonzero(at_fault)
    return f"{amount(rows.size, 'row')}, first in row {rows[0] + 1}"


def read_column(table: pd.DataFrame, name: str, table_name: str = "sample") -> pd.Series:
    """Return one column of the table.

    Raises:
        InputError: the table has no such column.
    """
    if name not in table.columns:
        raise InputError(
            f"{table_name}, column '{name}'",
            f"the column is missing; the table has {', '.join(map(str, table.columns))}",
            "Add the column or name another one in the settings",
        )
    return table[name]


def read_label_codes(
    table: pd.DataFrame, name: str, table_name: str = "sample"
) -> tuple[Integers, NDArray[np.str_]]:
    """Return the (n,) index of each row's label, and the labels, in the order of the rows.

    Labels are text, whole numbers without decimals (12.0 reads "12"). Only the few values that
    differ are turned into text, never every row.

    Raises:
        InputError: the column is missing, or a row has no value.
    """
    values = read_column(table, name, table_name)
    if values.dtype == object:
        # Among objects 1, 1.0 and True are equal, but not their texts.
        values = values.astype(str)
    codes, unique_values = pd.factorize(values)
    missing = codes < 0
    if missing.any():
        raise InputError(
            f"{table_name}, column '{name}'",
            f"no value in {describe_first_row(missing)}",
            "Give every row a category before weighting, for instance by imputation",
        )
    distinct = pd.Series(unique_values)
    if pd.api.types.is_float_dtype(distinct.dtype) and (distinct == np.floor(distinct)).all():
        distinct = distinct.astype("int64")
    return codes, distinct.astype(str).to_numpy(dtype=str)


def read_labels(table: pd.DataFrame, name: str, table_name: str = "sample") -> NDArray[np.str_]:
    """Return the (n,) label of each row; see :func:`read_label_codes`.

    Raises:
        InputError: the column is missing, or a row has no value.
    """
    codes, labels_in_order = read_label_codes(table, name, table_name)
    return labels_in_order[codes]


def read_categories(
    table: pd.DataFrame, name: str, table_name: str = "sample"
) -> "pd.Categorical[str]":
    """Return the (n,) label of each row as sorted categories; see :func:`read_label_codes`.

    Raises:
        InputError: the column is missing, or a row has no value.
    """
    codes, labels_in_order = read_label_codes(table, name, table_name)
    categories, rank = np.unique(labels_in_order, return_inverse=True)
    return pd.Categorical.from_codes(rank[codes], pd.Index(categories, dtype="str"))


def is_among(values: Labels, labels: Collection[str]) -> Mask:
    """Tell which of (n,) values are among some labels."""
    is_listed = (
        np.isin(values, list(labels))
        if isinstance(values, np.ndarray)
        else values.isin(list(labels))
    )
    return np.asarray(is_listed)


def has_label(values: Labels, label: str) -> Mask:
    """Tell which of (n,) labels, none of them missing, are a certain one."""
    if isinstance(values, np.ndarray):
        return np.asarray(values == label)
    if label not in values.categories:
        return np.zeros(len(values), dtype=bool)
    return np.asarray(values.codes == values.categories.get_loc(label))


def cross_labels(
    table: pd.DataFrame, columns: tuple[str, ...], table_name: str = "sample"
) -> np.ndarray:
    """Return one label per row for the crossing of several columns, "" where no column is named."""
    if not columns:
        return np.full(len(table), "", dtype=str)
    label_columns = [read_labels(table, name, table_name) for name in columns]
    return np.array([" × ".join(row) for row in zip(*label_columns, strict=True)], dtype=str)


def read_numbers(table: pd.DataFrame, name: str, table_name: str = "sample") -> np.ndarray:
    """Return a numeric column as float64; a missing value becomes NaN for the caller to judge.

    Raises:
        InputError: the column is missing or is not numeric.
    """
    values = read_column(table, name, table_name)
    if not pd.api.types.is_numeric_dtype(values.dtype) or pd.api.types.is_bool_dtype(values.dtype):
        raise InputError(
            f"{table_name}, column '{name}'",
            f"the values are not numbers but {values.dtype}",
            "Convert the column to numbers",
        )
    return values.to_numpy(dtype="float64", na_value=np.nan)


def refuse_rows(at_fault: np.ndarray, name: str, finding: str, remedy: str) -> None:
    """Raise an InputError that names the column and the first row at fault, if there is one."""
    if at_fault.any():
        raise InputError(
            f"sample, column '{name}'", f"{finding} in {describe_first_row(at_fault)}", remedy
        )


def require_ids(table: pd.DataFrame, name: str) -> None:
    """Refuse rows without an identifier and identifiers that stand in more than one row."""
    ids = read_column(table, name)
    refuse_rows(ids.isna().to_numpy(), name, "no identifier", "Give every row an identifier")
    refuse_rows(
        ids.duplicated().to_numpy(),
        name,
        "an identifier that an earlier row has already",
        "Keep one row per sampled person",
    )
