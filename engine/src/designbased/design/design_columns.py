"""Read the columns of a design as codes and numbers; a fault names its column and row."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from designbased.arrays import Floats, Integers
from designbased.errors import InputError

ROWS_NAMED = 5
# Beyond this a float cannot tell a whole number from the next one.
LARGEST_WHOLE = 2**53


def require_column(frame: pd.DataFrame, column: str | None) -> None:
    """Refuse a column that is not there or has missing values; None is no column."""
    if column is None:
        return
    if column not in frame.columns:
        held = ", ".join(map(str, frame.columns))
        raise InputError(f"column '{column}'", f"not in the data, which hold {held}", "Name it")
    missing = frame[column].array.isna()
    if missing.any():
        found = f"{missing.sum()} missing values, {rows_named(missing)}"
        raise InputError(f"column '{column}'", found, "Every row needs a value: fill or drop it")


def rows_named(mask: NDArray[np.bool_]) -> str:
    """Name the first rows of ``mask``, counted from 1."""
    rows = np.flatnonzero(mask) + 1
    named = ", ".join(map(str, rows[:ROWS_NAMED]))
    more = f" and {len(rows) - ROWS_NAMED} more" if len(rows) > ROWS_NAMED else ""
    return f"data row{'s' if len(rows) > 1 else ''} {named}{more}"


def codes(frame: pd.DataFrame, column: str) -> tuple[Integers, list[Any]]:
    """Return the (n,) index of each row's identifier among the sorted ones, and these.

    SPSS, Stata and R give whole numbers as floats: 12.0 is the identifier 12.

    Raises:
        InputError: a number is not whole, a text is blank, or numbers stand among texts.
    """
    values = frame[column]
    if isinstance(values.dtype, np.dtype) and values.dtype.kind in "iuf":
        # Numbers need no table of hashes.
        found, index = np.unique(values.to_numpy(), return_inverse=True)
    else:
        number, names = pd.factorize(values)
        # Few are sorted, and by what they are: categories may stand in any order.
        place, found = pd.factorize(names.to_numpy(), sort=True)
        index = place[number]
    labels = found.tolist()
    if len({isinstance(label, str) for label in labels}) > 1:
        # Whether "1" and 1 are the same unit is not for us to guess.
        remedy = "Give text, or whole numbers, in all rows"
        raise InputError(f"column '{column}'", "numbers among texts", remedy)
    _refuse(
        column,
        index,
        [str(label).strip() == "" for label in labels],
        "a blank identifier",
        "Every row needs a value: fill or drop it",
    )
    _refuse(
        column,
        index,
        [isinstance(label, float) and not _is_whole(label) for label in labels],
        "a number that is not whole as identifier",
        "Identifiers are text or whole numbers: name the column that holds them",
    )
    return index, [int(label) if isinstance(label, float) else label for label in labels]


def _is_whole(number: float) -> bool:
    return number.is_integer() and abs(number) <= LARGEST_WHOLE


def _refuse(column: str, index: Integers, at_fault: list[bool], what: str, remedy: str) -> None:
    """Refuse rows by what is wrong with their label."""
    rows = np.array(at_fault, dtype=bool)[index]
    if rows.any():
        raise InputError(f"column '{column}'", f"{what} in {rows_named(rows)}", remedy)


def numbers(frame: pd.DataFrame, column: str) -> Floats:
    """Return a column of finite numbers.

    Raises:
        InputError: the column holds text or infinite values.
    """
    values = frame[column]
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        text = pd.to_numeric(values, errors="coerce").isna().to_numpy()
        found = (
            f"{values[text].iloc[0]!r} in {rows_named(text)}" if text.any() else "numbers as text"
        )
        raise InputError(f"column '{column}'", found, "Give plain numbers")
    found_numbers = values.to_numpy(dtype=np.float64)
    infinite = ~np.isfinite(found_numbers)
    if infinite.any():
        found = f"{infinite.sum()} infinite values, {rows_named(infinite)}"
        raise InputError(f"column '{column}'", found, "Give finite numbers")
    return found_numbers


def weights(frame: pd.DataFrame, column: str) -> Floats:
    """Return a column of weights.

    Raises:
        InputError: a weight is no finite number or is negative, or none is positive.
    """
    values = numbers(frame, column)
    negative = values < 0
    if negative.any():
        found = f"{negative.sum()} negative weights, {rows_named(negative)}"
        raise InputError(
            f"column '{column}'", found, "A weight says how many people a row stands for"
        )
    if not values.sum() > 0:
        raise InputError(f"column '{column}'", "no positive weight", "Give the design weights")
    return values


def truths(frame: pd.DataFrame, column: str) -> NDArray[np.bool_]:
    """Return a column of true and false, or of ones and zeros.

    Raises:
        InputError: the column holds anything else.
    """
    values = frame[column]
    strange = (~values.isin([0, 1])).to_numpy()
    if strange.any():
        found = f"{values[strange].iloc[0]!r} in {rows_named(strange)}"
        raise InputError(f"column '{column}'", found, "Give true or false")
    return values.astype(bool).to_numpy()


def populations(
    frame: pd.DataFrame,
    column: str,
    group: Integers,
    sampled: Integers,
    names: Sequence[Any],
    level: tuple[str, str, str],
) -> Floats:
    """Return how many units each group has in the population.

    Args:
        frame: the n rows.
        column: column with the number, the same in all rows of a group.
        group: (n,) index of each row's group: its stratum, or the unit of the stage above.
        sampled: (G,) number of sampled units of each group.
        names: the G groups.
        level: the words for a group, several groups and their units, e.g. ``("stratum", "strata",
            "PSUs")``.

    Raises:
        InputError: the number varies in a group, or is below the number of sampled units.
    """
    one, many, units = level
    values = numbers(frame, column)
    population = np.zeros(len(sampled))
    population[group] = values
    varying = population[group] != values
    if varying.any():
        listed = ", ".join(sorted({str(names[g]) for g in group[varying]}))
        found = f"more than one value in {many} {listed}"
        raise InputError(f"column '{column}'", found, f"Give one population count per {one}")
    small = population < sampled
    if small.any():
        first = np.flatnonzero(small)[0]
        found = f"{population[first]:g} in {one} {names[first]} with {sampled[first]} {units}"
        remedy = f"Give the number of {units} in the population, not a fraction"
        raise InputError(f"column '{column}'", found, remedy)
    return population
