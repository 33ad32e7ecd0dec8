"""Planning before fieldwork: publishable prevalences, and the number of answers needed.

A planned cell has ``n`` answers, a design effect and degrees of freedom. For every prevalence the
expected estimate, with standard error ``√(p(1-p) · deff / n)``, is judged by a presentation
standard. A count (``nchs2023_counts``) is that of children in a population of known size, its
Kish effective n that of ``p · n`` cases with all of the design effect due to weights. No item
non-response is assumed.

The sample decides in the end: estimates vary about what is expected here.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from designbased.arrays import Floats
from designbased.intervals.limits import INTERVALS
from disrupting_harm.errors import StudyError
from disrupting_harm.publication.measures import CONFIDENCE
from disrupting_harm.publication.policies import POLICIES
from disrupting_harm.publication.reliability import judge

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
    parts = {"all": 1.0, **(shares or {})}
    cells = pd.DataFrame(
        {
            "cell": list(parts),
            "n": [float(round(n * share)) for share in parts.values()],
            "deff": float(deff),
            "df": np.nan if df is None else float(df),
        }
    )
    return checked_cells(cells, "planned cells")


def checked_cells(cells: pd.DataFrame, where: str) -> pd.DataFrame:
    """Return planned cells as numbers; ``df`` may be left out or empty.

    Raises:
        StudyError: a column is missing, or a number is out of range; it names column and row.
    """
    table = cells.assign(df=np.nan) if "df" not in cells else cells.copy()
    for name in COLUMNS:
        if name not in table:
            raise StudyError(
                f"{where}, column '{name}'", "it is missing", f"Give {', '.join(COLUMNS)}"
            )
    for name, least in (("n", 2), ("deff", 0), ("df", 1)):
        values = pd.to_numeric(table[name], errors="coerce").astype(float)
        given = table[name].notna() if name == "df" else pd.Series(True, index=table.index)
        wrong = given & ~((values >= least) & (values < np.inf) & (values > 0))
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            bound = f"of at least {least}" if least else "above 0"
            raise StudyError(
                f"{where}, column '{name}', row {row + 1}",
                f"'{table[name].iloc[row]}'",
                f"Give a number {bound}",
            )
        table[name] = values
    return table[list(COLUMNS)]


def plan(
    cells: pd.DataFrame,
    policies: Iterable[str] = tuple(POLICIES),
    prevalences: Sequence[float] = PREVALENCES,
) -> pd.DataFrame:
    """Say what each standard is expected to publish of each planned cell.

    Args:
        cells: as of :func:`planned_cells`.
        policies: names of standards.
        prevalences: proportions above 0 and below 1.

    Returns:
        One row per cell and policy: ``cell, n, deff, n_eff, df, policy``; then for each prevalence
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
    table, names = checked_cells(cells, "planned cells"), list(policies)
    return pd.DataFrame(
        [
            {
                **row,
                "n_eff": row["n"] / row["deff"],
                "policy": policy,
                **_at_prevalences(row, policy, np.asarray(prevalences, dtype=float)),
                **_ranges(row, policy),
            }
            for row in table.to_dict("records")
            for policy in names
        ]
    )


def expected_class(p: Floats, n: Floats, deff: float, df: float, policy: str) -> "pd.Series[str]":
    """Return the class of expected estimates under a standard; ``df`` NaN costs nothing."""
    size, known = np.asarray(n, dtype=float), not np.isnan(df)
    degrees = np.full(size.shape, df) if known else size - 1
    se = np.sqrt(p * (1 - p) * deff / size) * (1 - ROUNDING)
    low, high = INTERVALS["korn_graubard"](p, se, size, degrees, CONFIDENCE)
    estimates = pd.DataFrame(
        {
            "indicator": "planned",
            "estimate": p,
            "se": se,
            "n": size,
            "df": degrees,
            "ci_low": low,
            "ci_high": high,
            "n_kish": p * size / deff,
            "item_nonresponse": 0.0,
        }
    )
    statistic = "total" if policy == "nchs2023_counts" else "proportion"
    return judge(estimates, policy, {"planned": statistic})["reliability"]


def _at_prevalences(row: Mapping[Any, Any], policy: str, p: Floats) -> dict[str, object]:
    found = expected_class(p, np.full(p.shape, row["n"]), row["deff"], row["df"], policy)
    needed = smallest_n(p, row["deff"], row["df"], policy)
    names = [f"{100 * value:g} %" for value in p]
    classes = dict(zip(names, found, strict=True))
    sizes = {f"n for {name}": size for name, size in zip(names, needed, strict=True)}
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
    return [int(n) if found else None for n, found in zip(high, reachable, strict=True)]


def _is_published(p: Floats, n: Floats, deff: float, df: float, policy: str) -> np.ndarray:
    return expected_class(p, n, deff, df, policy).isin(PUBLISHED).to_numpy()


def _ranges(row: Mapping[Any, Any], policy: str) -> dict[str, object]:
    published = _is_published(GRID, np.full(GRID.shape, row["n"]), row["deff"], row["df"], policy)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], published, [False]]).astype(int)))
    runs = [(GRID[first], GRID[last - 1]) for first, last in edges.reshape(-1, 2)]
    text = ", ".join(f"{100 * first:.1f}-{100 * last:.1f}" for first, last in runs)
    return {
        "smallest": runs[0][0] if runs else None,
        "largest": runs[-1][1] if runs else None,
        "published": text or "none",
    }
