"""Read the columns of a design as codes and numbers; a fault names its column and row."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from designbased.arrays import Floats, Integers
from designbased.errors import InputError

ROWS_LISTED = 5
# Beyond this a float cannot tell a whole number from the next one.
LARGEST_WHOLE = 2**53


def require_column(frame: pd.DataFrame, column: str | None, remedy: str = "Name it") -> None:
    """Refuse a column that is not there or has missing values; None is no column.

    Args:
        remedy: what to do about one that is not there.
    """
    if column is None:
        return
    if column not in frame.columns:
        column_names = ", ".join(map(str, frame.columns))
        raise InputError(
            f"column '{column}'", f"not in the data, which hold {column_names}", remedy
        )
    missing = frame[column].array.isna()
    if missing.any():
        finding = f"{missing.sum()} missing values, {list_rows(missing)}"
        raise InputError(f"column '{column}'", finding, "Every row needs a value: fill or drop it")


def list_rows(mask: NDArray[np.bool_]) -> str:
    """Name the first rows of ``mask``, counted from 1."""
    rows = np.flatnonzero(mask) + 1
    row_numbers = ", ".join(map(str, rows[:ROWS_LISTED]))
    more = f" and {len(rows) - ROWS_LISTED} more" if len(rows) > ROWS_LISTED else ""
    return f"data row{'s' if len(rows) > 1 else ''} {row_numbers}{more}"


def code_identifiers(frame: pd.DataFrame, column: str) -> tuple[Integers, list[Any]]:
    """Return the (n,) index of each row's identifier among the sorted ones, and these.

    SPSS, Stata and R give whole numbers as floats: 12.0 is the identifier 12.

    Raises:
        InputError: a number is not whole, a text is blank, or numbers stand among texts.
    """
    values = frame[column]
    if isinstance(values.dtype, np.dtype) and values.dtype.kind in "iuf":
        # Numbers need no table of hashes.
        distinct, index = np.unique(values.to_numpy(), return_inverse=True)
    else:
        number, unsorted = pd.factorize(values)
        # Few are sorted, and by what they are: categories may stand in any order.
        rank, distinct = pd.factorize(unsorted.to_numpy(), sort=True)
        index = rank[number]
    labels = distinct.tolist()
    if len({isinstance(label, str) for label in labels}) > 1:
        # Whether "1" and 1 are the same unit is not for us to guess.
        remedy = "Give text, or whole numbers, in all rows"
        raise InputError(f"column '{column}'", "numbers among texts", remedy)
    _refuse_labels(
        column,
        index,
        [str(label).strip() == "" for label in labels],
        "a blank identifier",
        "Every row needs a value: fill or drop it",
    )
    _refuse_labels(
        column,
        index,
        [isinstance(label, float) and not _is_whole(label) for label in labels],
        "a number that is not whole as identifier",
        "Identifiers are text or whole numbers: name the column that holds them",
    )
    return index, [int(label) if isinstance(label, float) else label for label in labels]


def _is_whole(number: float) -> bool:
    return number.is_integer() and abs(number) <= LARGEST_WHOLE


def _refuse_labels(
    column: str, index: Integers, at_fault: list[bool], fault: str, remedy: str
) -> None:
    """Refuse rows by what is wrong with their label."""
    rows = np.array(at_fault, dtype=bool)[index]
    if rows.any():
        raise InputError(f"column '{column}'", f"{fault} in {list_rows(rows)}", remedy)


def read_numbers(frame: pd.DataFrame, column: str) -> Floats:
    """Return a column of finite numbers.

    Raises:
        InputError: the column holds text or infinite values.
    """
    values = frame[column]
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        is_text = pd.to_numeric(values, errors="coerce").isna().to_numpy()
        finding = (
            f"{values[is_text].iloc[0]!r} in {list_rows(is_text)}"
            if is_text.any()
            else "numbers as text"
        )
        raise InputError(f"column '{column}'", finding, "Give plain numbers")
    finite = values.to_numpy(dtype=np.float64)
    infinite = ~np.isfinite(finite)
    if infinite.any():
        finding = f"{infinite.sum()} infinite values, {list_rows(infinite)}"
        raise InputError(f"column '{column}'", finding, "Give finite numbers")
    return finite


def read_weights(frame: pd.DataFrame, column: str) -> Floats:
    """Return a column of weights.

    Raises:
        InputError: a weight is no finite number or is negative, or none is positive.
    """
    values = read_numbers(frame, column)
    negative = values < 0
    if negative.any():
        finding = f"{negative.sum()} negative weights, {list_rows(negative)}"
        raise InputError(
            f"column '{column}'", finding, "A weight says how many people a row stands for"
        )
    if not values.sum() > 0:
        raise InputError(f"column '{column}'", "no positive weight", "Give the design weights")
    return values


def read_booleans(frame: pd.DataFrame, column: str) -> NDArray[np.bool_]:
    """Return a column of true and false, or of ones and zeros.

    Raises:
        InputError: the column holds anything else.
    """
    values = frame[column]
    other = (~values.isin([0, 1])).to_numpy()
    if other.any():
        finding = f"values other than true and false, {list_rows(other)}"
        raise InputError(f"column '{column}'", finding, "Give true or false")
    return values.astype(bool).to_numpy()


def read_populations(
    frame: pd.DataFrame,
    column: str,
    group: Integers,
    sampled: Integers,
    group_names: Sequence[Any],
    level: tuple[str, str, str],
) -> Floats:
    """Return how many units each group has in the population.

    Args:
        column: column with the number, the same in all rows of a group.
        group: (n,) index of each row's group: its stratum, or the unit of the stage above.
        sampled: (G,) number of sampled units of each group.
        level: the words for a group, several groups and their units, e.g. ``("stratum", "strata",
            "PSUs")``.

    Raises:
        InputError: the number varies in a group, or is below the number of sampled units.
    """
    group_word, groups_word, units_word = level
    values = read_numbers(frame, column)
    population = np.zeros(len(sampled))
    population[group] = values
    varying = population[group] != values
    if varying.any():
        varying_groups = ", ".join(sorted({str(group_names[g]) for g in group[varying]}))
        finding = f"more than one value in {groups_word} {varying_groups}"
        raise InputError(
            f"column '{column}'", finding, f"Give one population count per {group_word}"
        )
    small = population < sampled
    if small.any():
        first = np.flatnonzero(small)[0]
        group_name = f"{group_word} {group_names[first]}"
        finding = f"{population[first]:g} in {group_name} with {sampled[first]} {units_word}"
        remedy = f"Give the number of {units_word} in the population, not a fraction"
        raise InputError(f"column '{column}'", finding, remedy)
    return population
