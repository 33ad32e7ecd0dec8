"""Standard errors and design effects of a data book, recovered from the numbers that are printed.

They are a function of printed numbers alone: whoever has the public table can compute them, so
that nothing follows from them which did not follow before. In return they are as exact as the
rounding of the limits allows, and stand only where that is enough.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from designbased.intervals.limits import INTERVALS
from disrupting_harm.report.reading.country_results import Cell

# Widths of intervals in units of the last printed digit: rounding moves a narrower one by more
# than a tenth.
SMALLEST_WIDTH = 10
STEPS = 30  # each halves where an error lies, on the scale of logarithms
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Precision:
    """What an interval rests on.

    Attributes:
        se: standard error of a share, as a share.
        deff: the variance over that of a simple random sample of as many. Korn–Graubard intervals
            are never narrower than those of such a sample: 1 also stands for less.
    """

    se: float
    deff: float


def recover_precision(
    cells: Mapping[Key, Cell], quality: Mapping[str, Any]
) -> dict[Key, Precision]:
    """Return the precision of the shares whose printed limits tell it.

    Args:
        cells: the published estimates of one country.
        quality: its public quality.json, for the degrees of freedom of groups and the confidence.

    The standard error is the one with which the interval of the cell's own method, at the printed
    estimate, is as wide as the printed limits are apart.
    """
    df_of_group = {
        (group["domain"], group["level"]): group["df"] for group in quality.get("groups", ())
    }
    keys_of_method: dict[str, list[Key]] = {}
    for key, cell in cells.items():
        method = INTERVALS.get(cell.interval)
        if method and method.proportions and key[1:] in df_of_group and _tells_width(cell):
            keys_of_method.setdefault(cell.interval, []).append(key)
    recovered: dict[Key, Precision] = {}
    for name, keys in keys_of_method.items():
        chosen = [cells[key] for key in keys]
        p, low, high, n = (
            np.array([getattr(cell, column) for cell in chosen], dtype=float)
            for column in ("estimate", "ci_low", "ci_high", "n")
        )
        df = np.array([df_of_group[key[1:]] for key in keys], dtype=float)
        se = _solve_standard_error(name, p, high - low, n, df, quality["confidence"])
        deff = se**2 * n / (p * (1 - p))
        recovered |= {
            key: Precision(float(error), float(effect))
            for key, error, effect in zip(keys, se, deff, strict=True)
        }
    return recovered


def _tells_width(cell: Cell) -> bool:
    """Return whether limits are far enough apart for their rounding not to matter much."""
    if cell.estimate is None or cell.ci_low is None or cell.ci_high is None or cell.n is None:
        return False
    width = round((cell.ci_high - cell.ci_low) * 100 * 10**cell.digits)
    return 0 < cell.estimate < 1 and cell.n > 1 and width >= SMALLEST_WIDTH


def _solve_standard_error(
    method: str,
    p: NDArray[np.float64],
    width: NDArray[np.float64],
    n: NDArray[np.float64],
    df: NDArray[np.float64],
    confidence: float,
) -> NDArray[np.float64]:
    """Return the standard errors with which intervals have these widths."""
    simple = np.sqrt(p * (1 - p) / n)
    low, high = INTERVALS[method](p, simple / 4, n, df, confidence)
    # As narrow as the method lets an interval be: that of a simple random sample.
    narrowest = width <= high - low
    below, above = simple / 4, width
    for _ in range(STEPS):
        se = np.sqrt(below * above)
        low, high = INTERVALS[method](p, se, n, df, confidence)
        wide = high - low > width
        below, above = np.where(wide, below, se), np.where(wide, se, above)
    return np.where(narrowest, simple, np.sqrt(below * above))
