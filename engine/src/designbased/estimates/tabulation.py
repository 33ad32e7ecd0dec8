"""The table of estimates: standard errors, design effects and intervals of all cells at once."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from designbased.arrays import Floats
from designbased.design.coding import Levels
from designbased.errors import InputError
from designbased.intervals.limits import INTERVALS, PROPORTION_INTERVALS

# Arrays (L, K) by name, for L levels and K outcomes.
Cells: TypeAlias = dict[str, Floats]

# A standard error this small beside that of simple random sampling is the rounding error of zero.
ROUNDING = 1e-12


def check_options(interval: str, confidence: float) -> None:
    """Refuse an interval or a confidence level that does not exist.

    Raises:
        InputError: it names the options.
    """
    if interval not in PROPORTION_INTERVALS:
        options = ", ".join(PROPORTION_INTERVALS)
        raise InputError("interval", f"the value {interval!r}", f"Choose one of {options}")
    check_confidence(confidence)


def check_confidence(confidence: float) -> None:
    """Refuse a confidence level that is not between 0 and 1."""
    if not 0 < confidence < 1:
        raise InputError("confidence", f"the value {confidence}", "Give a number such as 0.95")


def join_blocks(blocks: Sequence[Cells], axis: int) -> Cells:
    """Put blocks of levels (``axis=0``) or of outcomes (``axis=1``) together."""
    return {name: np.concatenate([block[name] for block in blocks], axis) for name in blocks[0]}


def tabulate(
    df_design: int,
    outcome_names: list[str],
    statistic: NDArray[np.str_],
    levels: Levels,
    cells: Cells,
    interval: str,
    confidence: float,
) -> pd.DataFrame:
    """Return the table of :func:`designbased.estimates.linearisation.estimate`.

    Args:
        df_design: degrees of freedom of the whole design.
        cells: what :func:`.linearisation.linearise` returns; ``imputed``, where
            it is there, becomes the last column.
    """
    count, point = cells["n"], cells["estimate"]
    simple_random = _simple_random_variance(statistic, cells)
    variance = np.where(cells["variance"] <= ROUNDING**2 * simple_random, 0.0, cells["variance"])
    with np.errstate(divide="ignore", invalid="ignore"):
        deff = np.where(simple_random > 0, variance / simple_random, np.nan)
        n_eff = np.where(variance == 0, count, count / deff)
    se = np.sqrt(variance)
    intervals = np.where(statistic == "proportion", interval, "wald_t")
    low, high = _interval_limits(intervals, point, se, count, cells["df"], confidence)
    columns = {
        "n": count.astype(np.int64),
        "n_yes": np.where(statistic == "proportion", cells["n_yes"], np.nan),
        "population": cells["population"],
        "estimate": point,
        "se": se,
        "ci_low": low,
        "ci_high": high,
        "deff": deff,
        "n_eff": n_eff,
        "df": cells["df"].astype(np.int64),
    }
    extra = {"imputed": cells["imputed"].T.ravel()} if "imputed" in cells else {}
    outcome = np.repeat(np.arange(len(outcome_names)), len(levels))
    level = np.tile(np.arange(len(levels)), len(outcome_names))
    return pd.DataFrame(
        {
            "indicator": pd.array(outcome_names, dtype="str").take(outcome),
            "domain": pd.array(levels.domain, dtype="str").take(level),
            "level": pd.array(levels.name, dtype="str").take(level),
            **{name: values.T.ravel() for name, values in columns.items()},
            "df_design": df_design,
            "interval": pd.array(intervals.tolist(), dtype="str").take(outcome),
            **extra,
        }
    )


def _simple_random_variance(statistic: NDArray[np.str_], cells: Cells) -> Floats:
    """Variance of the same estimate from a simple random sample of as many answers."""
    count, point = cells["n"], cells["estimate"]
    with np.errstate(divide="ignore", invalid="ignore"):
        # The spread of one answer is zero but for rounding.
        mean = np.where(count > 1, cells["spread"] / (count - 1), np.nan)
        proportion = point * (1 - point) / count
    kinds = [statistic == "proportion", statistic == "mean"]
    return np.select(kinds, [proportion, mean], mean * cells["population"] ** 2)


def _interval_limits(
    intervals: NDArray[np.str_],
    point: Floats,
    se: Floats,
    count: Floats,
    df: Floats,
    confidence: float,
) -> tuple[Floats, Floats]:
    """Lower and upper limits, (L, K) each, with the interval of each outcome."""
    interval_names = np.unique(intervals).tolist()
    if len(interval_names) == 1:
        return INTERVALS[interval_names[0]](point, se, count, df, confidence)
    low, high = np.empty_like(point), np.empty_like(point)
    for name in interval_names:
        of_interval = intervals == name
        low[:, of_interval], high[:, of_interval] = INTERVALS[name](
            point[:, of_interval],
            se[:, of_interval],
            count[:, of_interval],
            df[:, of_interval],
            confidence,
        )
    return low, high
