"""Rounding for print.

Proportions are rounded to 0.1 per cent or to whole per cent by n alone, never by the count: a rule
that used the count would disclose something about it. An estimate and its limits are on the same
grid. Means and totals keep three significant digits, their limits the same decimal place. Ties go
to the even digit (IEEE 754), on every processor: sums of weights differ between two kinds in the
last bits, and 62.5 per cent with such a bit would be printed as 63 on one of them and 62 on another
(:func:`round_nearest`).

Whole per cents, which documents print, are rounded once, from the values at full precision: 20.476
is 20.5 and 20, never 21.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from designbased.arrays import Mask
from disrupting_harm.study.configuration.publication_config import Rounding
from disrupting_harm.study.whole_percents import WHOLE

SIGNIFICANT_DIGITS = 3
# Digits after the printed ones in which a tie may differ from one: far above the last bits of a
# sum, far below what a reader could see.
BEYOND_PRINT = 10


def decimal_places(
    estimate: np.ndarray, n: np.ndarray, proportion: np.ndarray, rounding: Rounding
) -> np.ndarray:
    """Return the decimal places of each estimate as stored; negative: tens and more."""
    of_proportion = np.where(n >= rounding.one_decimal_from, 3, 2)
    magnitude = np.abs(np.where(np.isfinite(estimate) & (estimate != 0), estimate, 1.0))
    of_number = SIGNIFICANT_DIGITS - 1 - np.floor(np.log10(magnitude))
    return np.where(proportion, of_proportion, of_number).astype(int)


def round_nearest(values: np.ndarray, decimals: int) -> np.ndarray:
    """Round to decimal places; what is a tie but for the last bits of its sums is one.

    Steps are settled, not the values: 0.545 times 100 is a little more than 54.5 in binary.
    """
    scale = 10.0 ** abs(decimals)
    settled = np.round(values * scale if decimals >= 0 else values / scale, BEYOND_PRINT)
    # Adding zero turns -0.0 into 0.0.
    steps = np.rint(settled) + 0.0
    rounded: np.ndarray = steps / scale if decimals >= 0 else steps * scale
    return rounded


def round_to(values: np.ndarray, decimals: np.ndarray) -> np.ndarray:
    """Round every value to its decimal places; the results are the shortest floats, e.g. 0.201."""
    rounded = np.array(values, dtype=float)
    for digits in np.unique(decimals):
        has_digits = decimals == digits
        rounded[has_digits] = round_nearest(rounded[has_digits], int(digits))
    return rounded


def add_whole_per_cents(
    rounded: pd.DataFrame,
    exact: pd.DataFrame,
    proportion: Mask,
    columns: Mapping[str, str] = WHOLE,
) -> pd.DataFrame:
    """Return a table with its shares and their limits in whole per cents, too.

    Args:
        rounded: the table as printed.
        exact: the same rows at full precision; missing where they are hidden.
        proportion: which rows are shares, or differences of them. Others have no whole per cents.
        columns: those of ``exact``, and the columns of whole per cents, which are ``Int64``.
    """
    per_cents = {}
    for name, column in columns.items():
        values = np.where(proportion, exact[name].to_numpy(dtype=float, na_value=np.nan), np.nan)
        per_cents[column] = pd.array(np.rint(100 * round_nearest(values, 2)), dtype="Int64")
    return rounded.assign(**per_cents)


def round_population(population: pd.Series, multiple: int) -> pd.Series:
    """Round numbers of children to multiples; whole numbers, missing where not known."""
    values = population.to_numpy(dtype=float, na_value=np.nan)
    rounded = pd.Series(round_nearest(values / multiple, 0) * multiple, index=population.index)
    return rounded.astype("Int64")


def format_rounded(rounded: np.ndarray, decimals: np.ndarray, proportion: np.ndarray) -> list[str]:
    """Return rounded values as printed: per cent without the sign, or the plain number."""
    formatted = []
    for value, digits, is_percent in zip(rounded, decimals, proportion, strict=True):
        if np.isnan(value):
            formatted.append("")
        elif is_percent:
            formatted.append(f"{100 * value:.{digits - 2}f}")
        else:
            formatted.append(f"{value:.{max(digits, 0)}f}")
    return formatted
