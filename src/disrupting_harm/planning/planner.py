"""Planning before fieldwork: publishable prevalences, and the number of answers needed.

A planned cell has ``n`` answers, a design effect and degrees of freedom. For every prevalence the
expected estimate, with standard error ``√(p(1-p) · deff / n)``, is judged by a presentation
standard. A count (``nchs2023_counts``) is that of children in a population of known size, its
Kish effective n that of ``p · n`` cases with all of the design effect due to weights. No item
non-response is assumed.

The sample decides in the end: estimates vary about what is expected here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import betaln, gammaln, xlog1py, xlogy

from designbased.arrays import Floats
from designbased.intervals.limits import INTERVALS
from disrupting_harm.core.errors import StudyError
from disrupting_harm.publication.policies import POLICIES
from disrupting_harm.publication.reliability import CONFIDENCE, judge
from disrupting_harm.publication.short_intervals import LEAST_ANSWERS

PREVALENCES = (0.01, 0.02, 0.05, 0.10, 0.20)
# Prevalences tried when looking for what can be published: every tenth of a percentage point.
GRID = np.arange(1, 1000) / 1000
PUBLISHED = ("present", "caution")
LARGEST_N = 10_000_000
# Keeps an effective n of exactly 30 from coming out as 29.99...
ROUNDING = 1e-12
COLUMNS = ("cell", "n", "deff", "df")


def planned_cells(
    n: int, deff: float, df: float | None = None, shares: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """Return the planned cells of a sample: all of it, and parts of it.

    Args:
        n: answers in the whole sample.
        deff: design effect, the same in every part.
        df: degrees of freedom, the same in every part; without it they cost nothing (``n - 1``).
        shares: share of the sample by name of the part, above 0 and at most 1.

    Returns:
        ``cell, n, deff, df``; ``df`` is NaN where it is not given.

    Raises:
        StudyError: a number out of range.
    """
    for name, share in (shares or {}).items():
        if not 0 < share <= 1:
            raise StudyError(
                f"shares, part '{name}'", f"the share {share:g}", "Give one above 0 and at most 1"
            )
    share_by_cell = {"all": 1.0, **(shares or {})}
    cells = pd.DataFrame(
        {
            "cell": list(share_by_cell),
            "n": [float(round(n * share)) for share in share_by_cell.values()],
            "deff": float(deff),
            "df": np.nan if df is None else float(df),
        }
    )
    return read_cells(cells, "planned cells")


def read_cells(cells: pd.DataFrame, location: str) -> pd.DataFrame:
    """Return planned cells as numbers; ``df`` may be left out or empty.

    Raises:
        StudyError: a column is missing, or a number is out of range; it names column and row.
    """
    table = cells.assign(df=np.nan) if "df" not in cells else cells.copy()
    for name in COLUMNS:
        if name not in table:
            raise StudyError(
                f"{location}, column '{name}'", "it is missing", f"Give {', '.join(COLUMNS)}"
            )
    for name, minimum in (("n", 2), ("deff", 0), ("df", 1)):
        values = pd.to_numeric(table[name], errors="coerce").astype(float)
        is_given = table[name].notna() if name == "df" else pd.Series(True, index=table.index)
        out_of_range = is_given & ~((values >= minimum) & (values < np.inf) & (values > 0))
        if out_of_range.any():
            row = int(np.flatnonzero(out_of_range)[0])
            bound = f"of at least {minimum}" if minimum else "above 0"
            raise StudyError(
                f"{location}, column '{name}', row {row + 1}",
                f"'{table[name].iloc[row]}'",
                f"Give a number {bound}",
            )
        table[name] = values
    return table[list(COLUMNS)]


def plan_publication(
    cells: pd.DataFrame,
    policies: Iterable[str] = tuple(POLICIES),
    prevalences: Sequence[float] = PREVALENCES,
) -> pd.DataFrame:
    """Plan what each standard is expected to publish of each planned cell.

    Args:
        cells: as of :func:`planned_cells`.
        prevalences: proportions above 0 and below 1.

    Returns:
        One row per cell and policy: ``cell, n, deff, n_eff, df``; ``short_below``, the prevalence
        below which, and above whose complement, the interval may be too short
        (:mod:`.short_intervals`); ``policy``; then for each prevalence
        (``1 %``) the class, one of ``present``, ``caution``, ``review``, ``suppress``, and the
        smallest n from which it can be published with this deff and df (``n for 1 %``, missing
        where there is none); ``smallest`` and ``largest``, the extreme prevalences that can be
        published, and ``published``, all of them as ranges in per cent, to a tenth of a point.
        Between the extremes there may be prevalences that cannot.

    Raises:
        StudyError: unknown policy, or a prevalence or planned cell out of range.
    """
    for p in prevalences:
        if not 0 < p < 1:
            raise StudyError("prevalences", f"the value {p:g}", "Give proportions such as 0.05")
    table, policy_names = read_cells(cells, "planned cells"), list(policies)
    return pd.DataFrame(
        [
            {
                **row,
                "n_eff": row["n"] / row["deff"],
                "short_below": min(LEAST_ANSWERS * row["deff"] / row["n"], 0.5),
                "policy": policy,
                **_judge_prevalences(row, policy, np.asarray(prevalences, dtype=float)),
                **_find_published_ranges(row, policy),
            }
            for row in table.to_dict("records")
            for policy in policy_names
        ]
    )


def expected_class(p: Floats, n: Floats, deff: float, df: float, policy: str) -> "pd.Series[str]":
    """Return the class of expected estimates under a standard; ``df`` NaN costs nothing."""
    sample_size, df_known = np.asarray(n, dtype=float), not np.isnan(df)
    degrees = np.full(sample_size.shape, df) if df_known else sample_size - 1
    se = np.sqrt(p * (1 - p) * deff / sample_size) * (1 - ROUNDING)
    low, high = INTERVALS["korn_graubard"](p, se, sample_size, degrees, CONFIDENCE)
    estimates = pd.DataFrame(
        {
            "indicator": "planned",
            "estimate": p,
            "se": se,
            "n": sample_size,
            "df": degrees,
            "ci_low": low,
            "ci_high": high,
            "n_kish": p * sample_size / deff,
            "item_nonresponse": 0.0,
        }
    )
    statistic = "total" if policy == "nchs2023_counts" else "proportion"
    return judge(estimates, policy, {"planned": statistic})["reliability"]


def _judge_prevalences(row: Mapping[Any, Any], policy: str, p: Floats) -> dict[str, object]:
    reliability = expected_class(p, np.full(p.shape, row["n"]), row["deff"], row["df"], policy)
    smallest = smallest_n(p, row["deff"], row["df"], policy)
    prevalence_names = [f"{100 * value:g} %" for value in p]
    classes = dict(zip(prevalence_names, reliability, strict=True))
    sizes = {f"n for {name}": n for name, n in zip(prevalence_names, smallest, strict=True)}
    return {**classes, **sizes}


def smallest_n(p: Floats, deff: float, df: float, policy: str) -> list[int | None]:
    """Return the smallest n from which each prevalence can be published, None if there is none.

    With a given prevalence, design effect and df every standard publishes from some n on: widths
    and relative errors shrink and sizes grow with n. So halving finds it.
    """
    low, high = np.full(p.shape, 1), np.full(p.shape, LARGEST_N)
    reachable = _is_published(p, high, deff, df, policy)
    while np.any(high - low > 1):
        middle = (low + high) // 2
        published = _is_published(p, middle, deff, df, policy)
        low, high = np.where(published, low, middle), np.where(published, middle, high)
    return [
        int(n) if is_reachable else None for n, is_reachable in zip(high, reachable, strict=True)
    ]


def _is_published(p: Floats, n: Floats, deff: float, df: float, policy: str) -> np.ndarray:
    return expected_class(p, n, deff, df, policy).isin(PUBLISHED).to_numpy()


def _find_published_ranges(row: Mapping[Any, Any], policy: str) -> dict[str, object]:
    published = _is_published(GRID, np.full(GRID.shape, row["n"]), row["deff"], row["df"], policy)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], published, [False]]).astype(int)))
    runs = [(GRID[first], GRID[last - 1]) for first, last in edges.reshape(-1, 2)]
    ranges = ", ".join(f"{100 * first:.1f}-{100 * last:.1f}" for first, last in runs)
    return {
        "smallest": runs[0][0] if runs else None,
        "largest": runs[-1][1] if runs else None,
        "published": ranges or "none",
    }


# How likely a planned cell is to be shown, and what shown figures are on average.
#
# Publication selects on the estimate: a cell with few yes answers in the sample is hidden, so that
# those shown had many by chance, and are too high on average. With ``Y`` yes answers among ``n``,
#
#     P(shown) = Σ_y P(y) r(y),    E(Y/n | shown) = Σ_y P(y) r(y) y/n / P(shown),
#
# where ``r(y)`` is one where a cell with ``y`` yes answers is published: it meets the presentation
# standard with standard error ``√(p̂(1 - p̂) deff/n)``, and the threshold of disclosure control for
# yes answers, others and all. ``Y`` is beta-binomial with the correlation ``(deff - 1)/(n - 1)``,
# which gives ``Y/n`` the variance ``deff · p(1 - p)/n`` (Johnson, Kemp & Kotz 2005, Univariate
# Discrete Distributions, section 6.2.2). The sums go over all ``y``: with larger ``y`` a cell may
# be hidden again, as standards look at widths beside sizes. Complementary hiding depends on other
# cells and is left out.


CHANCES = (0.5, 0.8, 0.95)
# Below this chance no average is given: it would be that of a freak.
LEAST_CHANCE = 1e-6
# Shares tried when looking for the first with a chance; roots are found between them.
SHARES = np.concatenate([np.arange(1, 200) / 10_000, np.arange(20, 501) / 1000])


@dataclass(frozen=True, eq=False)
class ReleaseRule:
    """Which cells of ``n`` answers are published, by their number of yes answers.

    Attributes:
        n: answers.
        deff: design effect.
        is_shown: (n + 1,) whether a cell with so many yes answers is shown.
        low: (n + 1,) lower limit of its interval; ``high`` the upper one.
    """

    n: int
    deff: float
    is_shown: NDArray[np.bool_]
    low: Floats
    high: Floats

    @classmethod
    def from_policy(
        cls,
        n: int,
        deff: float,
        df: float,
        policy: str,
        threshold: int,
        interval: str = "korn_graubard",
    ) -> "ReleaseRule":
        """Judge every possible number of yes answers.

        Args:
            n: answers, at least 2.
            df: degrees of freedom; NaN costs nothing.
            threshold: smallest number of yes answers, of other answers and of all.
            interval: that which is printed.

        Raises:
            StudyError: unknown policy.
        """
        yes = np.arange(n + 1)
        share, sample_size = yes / n, np.full(n + 1, float(n))
        published = expected_class(share, sample_size, deff, df, policy).isin(PUBLISHED).to_numpy()
        reaches_threshold = (np.minimum(yes, n - yes) >= threshold) & (n >= threshold)
        degrees = np.full(n + 1, n - 1 if np.isnan(df) else df)
        se = np.sqrt(share * (1 - share) * deff / n)
        low, high = INTERVALS[interval](share, se, sample_size, degrees, CONFIDENCE)
        return cls(n, deff, published & reaches_threshold, low, high)

    @property
    def smallest_shown(self) -> float:
        """Smallest share that can be shown; NaN where none can."""
        yes_counts = np.flatnonzero(self.is_shown)
        return float(yes_counts[0]) / self.n if yes_counts.size else np.nan

    def chance_of_showing(self, p: float) -> float:
        """Return the chance that a cell with the true share ``p`` is shown."""
        return float(yes_distribution(self.n, p, self.deff) @ self.is_shown)

    @cached_property
    def curve(self) -> Floats:
        """The chance of being shown at each of :data:`SHARES`."""
        return np.array([self.chance_of_showing(p) for p in SHARES])

    def describe_shown(self, p: float) -> tuple[float, float]:
        """Return the mean of shown figures and the share of their intervals that hold ``p``.

        NaN where a cell is as good as never shown.
        """
        chance = yes_distribution(self.n, p, self.deff) * self.is_shown
        total = chance.sum()
        if total < LEAST_CHANCE:
            return np.nan, np.nan
        mean = chance @ np.arange(self.n + 1) / self.n / total
        covered = (self.low <= p) & (p <= self.high)
        return float(mean), float(chance @ covered / total)

    def share_with_chance(self, chance: float) -> float:
        """Return the smallest true share, up to one half, that is shown with this chance.

        NaN where there is none. Larger shares may be shown with a smaller chance again.
        """
        reached = np.flatnonzero(self.curve >= chance)
        if not reached.size:
            return np.nan
        index = int(reached[0])
        share_below = SHARES[index - 1] if index else 0.0
        if share_below == 0.0 and self.chance_of_showing(1e-12) >= chance:
            return 0.0
        root = brentq(
            lambda p: self.chance_of_showing(p) - chance,
            max(share_below, 1e-12),
            SHARES[index],
            xtol=1e-12,
        )
        return float(root)


def yes_distribution(n: int, p: float, deff: float) -> Floats:
    """Return the probabilities of 0 to n yes answers.

    Args:
        p: true share, above 0 and below 1.
        deff: design effect; below 1 it counts as 1, as no such distribution is less dispersed
            than the binomial one.

    Raises:
        StudyError: the design effect is n or more: all answers would be the same.
    """
    if deff >= n:
        raise StudyError("deff", f"{deff:g} for {n} answers", "Give one below n")
    yes = np.arange(n + 1)
    log_binomial = gammaln(n + 1) - gammaln(yes + 1) - gammaln(n - yes + 1)
    if deff <= 1:
        logs = log_binomial + xlogy(yes, p) + xlog1py(n - yes, -p)
    else:
        # 1/ρ - 1 with ρ = (deff - 1)/(n - 1).
        concentration = (n - deff) / (deff - 1)
        a, b = p * concentration, (1 - p) * concentration
        logs = log_binomial + betaln(yes + a, n - yes + b) - betaln(a, b)
    chance = np.exp(logs)
    # The logarithms of large factorials lose digits; the sum is known.
    total: Floats = chance / chance.sum()
    return total


def describe_chances(rule: ReleaseRule, prevalences: Sequence[float]) -> dict[str, float]:
    """Describe the chances of one cell under one standard, as the command ``plan`` prints them.

    Returns:
        ``smallest shown``; the true share shown in 50, 80 and 95 of 100 samples (``share shown in
        50 %``); and for each prevalence (``1 %``) the chance of being shown, the mean of shown
        figures and the coverage of their intervals.
    """
    chance_by_name = {"smallest shown": rule.smallest_shown}
    chance_by_name |= {
        f"share shown in {100 * chance:g} %": rule.share_with_chance(chance) for chance in CHANCES
    }
    for p in prevalences:
        name = f"{100 * p:g} %"
        chance_by_name[f"chance for {name}"] = rule.chance_of_showing(p)
        chance_by_name[f"mean shown for {name}"], chance_by_name[f"coverage shown for {name}"] = (
            rule.describe_shown(p)
        )
    return chance_by_name
