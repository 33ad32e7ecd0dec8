"""Which bound may stand in place of a number so that it holds for the population, worked out anew.

Where few said yes it follows from the size of the group and how it was sampled: from the upper
limit of 97.5 per cent that as many yes as are still few would have. Else from the number's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from released import CONFIDENTIAL
from scipy.optimize import brentq
from scipy.stats import beta, t

# Of bounds that are coarser than they have to be so few may be that hide another number.
REPAIRED = 0.02
TAIL = 0.975
# How alike the answers of a sampling unit are taken to be.
ALIKE = 0.1


@dataclass(frozen=True)
class Rules:
    """Shares that may be bounds, for how many children each leaves room, and what few are."""

    grid: tuple[float, ...]
    need: int
    few: int

    @classmethod
    def of(cls, disclosure: Mapping[str, Any]) -> "Rules":
        few = disclosure.get("min_count", 10)
        usual = (0.05, 0.1, 0.2, 0.3)
        return cls(tuple(disclosure.get("bounds") or usual), disclosure.get("need") or 2 * few, few)

    def smallest(self, n: float, group: Mapping[str, float]) -> float:
        """Return the smallest bound of ``n`` children of a group; NaN where there is none."""
        limit = limit_of_few(self.few - 1, n, **group)
        return next((s for s in self.grid if n * s >= self.need - 1e-9 and limit < s), np.nan)

    def bare(self, n: float, smallest: float) -> float:
        """Return the least share of yes, or of no, that a bare ``c`` tells of ``n`` children.

        No bound is true of it, or its own limit lies beyond the largest: so it does at the least
        without a design that makes it wider.
        """
        largest = self.grid[-1]
        reaching = brentq(
            lambda share: beta.ppf(TAIL, share * n + 1, n * (1 - share)) - largest, 0, largest
        )
        return min(smallest, reaching)


def group_of(row: Mapping[str, Any]) -> dict[str, float]:
    """Return how the group of a cell of a restricted release was sampled."""
    names = {"kish_deff": "group_kish", "psus": "group_psus", "df": "group_df"}
    return {name: row[column] for name, column in names.items()}


def limit_of_few(yes: float, n: float, kish_deff: float, psus: float, df: float) -> float:
    """Return the upper limit of Korn and Graubard with the design effect of a group."""
    if df <= 0 or n <= yes + 1:
        return 1.0
    deff = kish_deff * (1 + (max(n / psus, 1) - 1) * ALIKE)
    size = min(n, n / deff * (t.ppf(TAIL, n - 1) / t.ppf(TAIL, df)) ** 2)
    cases = size * yes / n
    return float(beta.ppf(TAIL, cases + 1, size - cases))


def wrong_bounds(release: pd.DataFrame, rules: Rules) -> list[str]:
    """Return bounds of a country's restricted release that are finer than may be.

    Those that are coarser than has to be are told together, where they are more than a few.
    """
    found, coarser = [], 0
    bounded = release[(release["status"] == CONFIDENTIAL) & release["bound_high"].notna()]
    for row in bounded.to_dict("records"):
        below = row["bound_low"] <= 0
        printed = row["bound_high"] if below else 1 - row["bound_low"]
        own = row["ci_high"] if below else 1 - row["ci_low"]
        least = rules.smallest(row["n_printed"], group_of(row))
        if min(row["n_yes"], row["n"] - row["n_yes"]) >= rules.few:
            least = next((s for s in rules.grid if s >= least - 1e-9 and s > own), np.nan)
        if not printed >= least - 1e-9:
            place = "/".join(row[name] for name in ("country", "indicator", "domain", "level"))
            found.append(f"{place}: {row['shown']} is too fine")
        coarser += printed > least + 1e-9
    if coarser > max(3, REPAIRED * len(bounded)):
        found.append(f"{coarser} of {len(bounded)} bounds are coarser than they have to be")
    return found
