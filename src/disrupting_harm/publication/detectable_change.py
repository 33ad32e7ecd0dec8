"""The smallest true change that a survey and its repetition would find.

The power of the t test of two waves, for true proportions p₁ and p₂ with variances V = deff · p(1 -
p)/n each and correlated by the PSUs that both have, is

    1 - T(t; δ) + T(-t; δ),   δ = |p₂ - p₁| / √(V₁ + V₂ - 2·r·√(V₁V₂))

with the noncentral t distribution T and its quantile t for two-sided alpha, both on df degrees of
freedom (Cohen 1988, Statistical Power Analysis for the Behavioral Sciences). ``r`` is the
correlation of the two estimates: the share of PSUs kept times that of their effects.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd
from scipy.special import nctdtr, stdtrit

from designbased.arrays import Floats
from disrupting_harm.core.errors import StudyError

POWER = 0.8
# Halvings of the interval that holds the change: to less than 1e-12.
HALVINGS = 44
# So many standard errors away, a test in the wrong direction has a chance below 1e-9.
FAR = 5.0


def power_of_change(
    p1: Floats,
    p2: Floats,
    variance1: Floats,
    variance2: Floats,
    df: Floats,
    alpha: float | Floats = 0.05,
    correlation: float = 0.0,
) -> Floats:
    """Return the chance that the test finds the change from ``p1`` to ``p2``.

    Args:
        p1, p2: (...,) true proportions of the waves.
        variance1, variance2: of a proportion p(1 - p) = 1: the design effect over n of each wave.
        df: degrees of freedom of the difference.
        alpha: two-sided level of the test.
        correlation: of the two estimates.
    """
    var1, var2 = variance1 * p1 * (1 - p1), variance2 * p2 * (1 - p2)
    standard_error = np.sqrt(var1 + var2 - 2 * correlation * np.sqrt(var1 * var2))
    with np.errstate(divide="ignore", invalid="ignore"):
        noncentrality = np.abs(p2 - p1) / standard_error
    t_quantile = stdtrit(df, 1 - np.asarray(alpha) / 2)
    # The other tail is nothing long before scipy has no number for it.
    other_tail = np.where(
        noncentrality < FAR, nctdtr(df, np.minimum(noncentrality, FAR), -t_quantile), 0.0
    )
    return np.asarray(1 - nctdtr(df, noncentrality, t_quantile) + other_tail)


def detectable_change(
    p1: Floats,
    variance1: Floats | float,
    variance2: Floats | float,
    df: Floats | float,
    direction: Literal["rise", "fall"],
    alpha: float | Floats = 0.05,
    correlation: float = 0.0,
    power: float = POWER,
) -> Floats:
    """Return how far a proportion must truly rise, or fall, to be found with this power.

    Args:
        p1: (...,) proportions of the first wave, above 0 and below 1.
        variance1, variance2, df, alpha, correlation: as in :func:`power_of_change`.

    Returns:
        (...,) the size of the change, positive; NaN where even the largest is not found so often.
    """
    p1, variance1, variance2, df = np.broadcast_arrays(
        *(np.asarray(value, dtype=float) for value in (p1, variance1, variance2, df))
    )
    sign = 1.0 if direction == "rise" else -1.0
    largest_change = (1 - p1 if direction == "rise" else p1) - 1e-9

    def reaches(change: Floats) -> np.ndarray:
        chance = power_of_change(
            p1, p1 + sign * change, variance1, variance2, df, alpha, correlation
        )
        return np.asarray(chance >= power)

    is_possible = reaches(largest_change)
    low, high = np.zeros_like(largest_change), largest_change.copy()
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        is_reached = reaches(middle)
        low, high = np.where(is_reached, low, middle), np.where(is_reached, middle, high)
    return np.where(is_possible, high, np.nan)


def plan_change(
    planned_cells: pd.DataFrame,
    prevalences: Sequence[float],
    again: float,
    family: int = 1,
    correlation: float = 0.0,
    alpha: float = 0.05,
) -> pd.DataFrame:
    """Say before fieldwork which changes a survey and its repetition would find.

    Args:
        planned_cells: ``cell, n, deff, df``, the whole sample first; ``df`` NaN: n - 1.
        prevalences: true shares of the first survey, above 0 and below 1.
        again: answers in the whole sample of the second survey; its parts and design are the same.
        family: indicators that are tested together; the first step of Holm's method counts.
        correlation: of the two estimates; above zero where PSUs are kept.
        alpha: of the family.

    Returns:
        One row per cell: ``cell``, and for each prevalence ``rise from 5 %`` and ``fall from 5 %``,
        NaN where no such change is found in four of five cases. The degrees of freedom are those of
        one survey, which is on the safe side.

    Raises:
        StudyError: an argument out of range.
    """
    for name, value, is_valid in (
        ("again", again, again >= 2),
        ("family", family, family >= 1),
        ("correlation", correlation, 0 <= correlation < 1),
    ):
        if not is_valid:
            remedy = "Give n of at least 2, a family of at least 1, a correlation from 0 to below 1"
            raise StudyError(f"plan, {name}", f"the value {value:g}", remedy)
    p = np.asarray(prevalences, dtype=float)
    rows = []
    for cell in planned_cells.to_dict("records"):
        n_of_second = cell["n"] * again / planned_cells["n"].iloc[0]
        df = cell["n"] - 1 if np.isnan(cell["df"]) else cell["df"]
        variances = cell["deff"] / cell["n"], cell["deff"] / n_of_second
        changes_of_cell: dict[str, object] = {"cell": cell["cell"]}
        for direction in ("rise", "fall"):
            changes = detectable_change(p, *variances, df, direction, alpha / family, correlation)
            columns = [f"{direction} from {100 * value:g} %" for value in p]
            changes_of_cell |= dict(zip(columns, changes, strict=True))
        rows.append(changes_of_cell)
    return pd.DataFrame(rows)
