"""Times until an event, some of them censored: the rows that survival methods read.

A child who has told of a first experience at 13 has the time 13 and the event; one of 15 who had
none so far has the time 15 without it, and was at risk until then.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from designbased.arrays import Floats, Integers
from designbased.errors import InputError


@dataclass(frozen=True, eq=False)
class SurvivalTimes:
    """The times of n rows as codes.

    Attributes:
        times: (T,) distinct times in their order.
        code: (n,) ``2k`` of a row censored at the k-th time, ``2k + 1`` of one with the event; NaN
            where either is missing.
    """

    times: Floats
    code: Floats


def code_survival_times(data: pd.DataFrame, time: str, event: str) -> SurvivalTimes:
    """Read two columns.

    Args:
        time: column of times from the start to the event or to censoring, zero or more.
        event: column that is true, or 1, where the event happened at that time.

    Raises:
        InputError: a column is missing or holds other values.
    """
    for name in (time, event):
        if name not in data:
            columns = ", ".join(map(str, data.columns))
            raise InputError(f"column '{name}'", "not in the data", f"Choose one of {columns}")
        if not pd.api.types.is_numeric_dtype(data[name].dtype):
            finding = f"values of type {data[name].dtype}"
            raise InputError(f"column '{name}'", finding, "Give numbers")
    duration = data[time].to_numpy(dtype=np.float64, na_value=np.nan)
    happened = data[event].to_numpy(dtype=np.float64, na_value=np.nan)
    for name, wrong, remedy in (
        (time, (duration < 0) | np.isinf(duration), "Give finite times, zero or more"),
        (event, ~(np.isnan(happened) | np.isin(happened, (0.0, 1.0))), "Give 0, 1 or true, false"),
    ):
        if wrong.any():
            finding = f"another value in data row {int(np.argmax(wrong)) + 1}"
            raise InputError(f"column '{name}'", finding, remedy)
    times, place = np.unique(duration, return_inverse=True)
    code = np.where(np.isnan(duration), np.nan, 2.0 * place + happened)
    return SurvivalTimes(times[~np.isnan(times)], code)


def split_codes(code: Floats) -> tuple[Integers, Integers]:
    """Return the place of each time and whether (1) or not (0) the event happened."""
    place, happened = np.divmod(code.astype(np.intp), 2)
    return place, happened
