"""Is an estimate precise enough to be published? Presentation standards by name.

``nchs2017``
    Proportions: Parker et al. 2017, NCHS Vital and Health Statistics 2(175), in the form of the
    SAS macro of 2021, on unrounded values. It judges the Korn–Graubard interval at 95 % whichever
    interval and level the study prints. Means and totals, for which that standard has no rule:
    the earlier NCHS rule, not shown below 30 cases or with a relative standard error of 30 % or
    more.
``dhs``
    Demographic and Health Surveys: not shown below 25 unweighted cases, in parentheses below 50.

Added to both: without an interval, or with no variance between 0 % and 100 %, a statistician
decides; without a case there is nothing to publish.
"""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disrupting_harm.errors import StudyError
from disrupting_harm.survey.intervals import BOUNDARY, INTERVALS

Flags = NDArray[np.bool_]
Verdict = tuple[NDArray[np.object_], NDArray[np.object_]]

CONFIDENCE = 0.95
MIN_EFFECTIVE_N = 30
MAX_WIDTH = 0.30
NARROW_WIDTH = 0.05
MAX_RELATIVE_WIDTH = 130
MAX_RELATIVE_SE = 0.30
MIN_DF = 8

REASONS = (
    "no_cases",
    "n_eff_below_30",
    "n_below_30",
    "n_below_25",
    "interval_30_points_wide",
    "relative_interval_above_130",
    "relative_se_30_or_more",
    "no_or_all_yes",
    "df_below_8",
    "no_interval",
    "no_variance",
    "complement_unreliable",
    "n_25_to_49",
)


def judge(
    estimates: pd.DataFrame,
    policy: str = "nchs2017",
    statistics: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Return ``estimates`` with the columns ``reliability`` and ``reason``.

    Args:
        estimates: one row per cell with ``indicator, estimate, se, n, df, ci_low, ci_high``.
        policy: name of a presentation standard, see :data:`POLICIES`.
        statistics: statistic of each indicator; those not named are proportions.

    Returns:
        ``reliability`` is ``present``, ``caution``, ``review`` or ``suppress``; ``reason`` joins
        the codes of :data:`REASONS` that led to it by ``;`` and is empty for ``present``.

    Raises:
        StudyError: unknown policy.
    """
    if policy not in POLICIES:
        raise StudyError(
            "publication.reliability",
            f"there is no standard '{policy}'",
            f"Use one of {', '.join(POLICIES)}",
        )
    statistic = estimates["indicator"].map(lambda name: (statistics or {}).get(name, "proportion"))
    proportion = (statistic == "proportion").to_numpy(dtype=bool)
    reliability, reason = POLICIES[policy](estimates, proportion)
    return estimates.assign(reliability=reliability, reason=reason)


def nchs2017(estimates: pd.DataFrame, proportion: Flags) -> Verdict:
    """NCHS data presentation standards; see the module."""
    p, se, n, df = (floats(estimates, name) for name in ("estimate", "se", "n", "df"))
    width, relative, complement = relative_widths(p, se, n, df)
    wide = width > NARROW_WIDTH
    none_or_all = proportion & ~_interior(p)
    with np.errstate(divide="ignore", invalid="ignore"):
        relative_se = se / np.abs(p)
    suppress = {
        "no_cases": _no_cases(p, n),
        "n_eff_below_30": proportion & (smaller_n(p, se, n) < MIN_EFFECTIVE_N),
        "n_below_30": ~proportion & (n < MIN_EFFECTIVE_N),
        "interval_30_points_wide": proportion & (width >= MAX_WIDTH),
        "relative_interval_above_130": proportion & wide & (relative > MAX_RELATIVE_WIDTH),
        "relative_se_30_or_more": ~proportion & (relative_se >= MAX_RELATIVE_SE),
    }
    review = {
        "no_or_all_yes": none_or_all,
        # As in the macro, unknown degrees of freedom count as few.
        "df_below_8": ~(df >= MIN_DF),
        "no_interval": _no_interval(estimates),
        "no_variance": (se == 0) & ~none_or_all,
    }
    caution = {
        "complement_unreliable": proportion & wide & (complement > MAX_RELATIVE_WIDTH),
    }
    return _verdict(len(estimates), suppress, review, caution)


def dhs(estimates: pd.DataFrame, proportion: Flags) -> Verdict:
    """Demographic and Health Surveys; see the module."""
    p, se, n = (floats(estimates, name) for name in ("estimate", "se", "n"))
    suppress = {"no_cases": _no_cases(p, n), "n_below_25": n < 25}
    inner = ~proportion | _interior(p)
    review = {"no_interval": _no_interval(estimates), "no_variance": (se == 0) & inner}
    return _verdict(len(estimates), suppress, review, {"n_25_to_49": (n >= 25) & (n < 50)})


POLICIES: dict[str, Callable[[pd.DataFrame, Flags], Verdict]] = {
    "nchs2017": nchs2017,
    "dhs": dhs,
}


def smaller_n(p: np.ndarray, se: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Return the smaller of n and the effective n ``p(1-p)/se²``, without the df adjustment.

    At 0 %, at 100 % and without variance it is n.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        n_eff = np.where(_interior(p) & (se != 0), p * (1 - p) / se**2, n)
    smaller: np.ndarray = np.minimum(n_eff, n)
    return smaller


def relative_widths(
    p: np.ndarray, se: np.ndarray, n: np.ndarray, df: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Width of the Korn–Graubard interval, and in per cent of the proportion and its complement.

    NaN where there is no interval, and where the proportion it is measured against is zero.
    """
    inside = np.where((p >= 0) & (p <= 1) & (n > 0), p, np.nan)  # means may lie outside
    low, high = INTERVALS["korn_graubard"](inside, se, np.where(n > 0, n, np.nan), df, CONFIDENCE)
    width = high - low
    relative = 100 * width / np.where(inside > BOUNDARY, inside, np.nan)
    complement = 100 * width / np.where(inside < 1 - BOUNDARY, 1 - inside, np.nan)
    return width, relative, complement


def _verdict(
    rows: int, suppress: dict[str, Flags], review: dict[str, Flags], caution: dict[str, Flags]
) -> Verdict:
    """The gravest class with a reason decides; only its reasons are given."""
    reliability = np.full(rows, "present", dtype=object)
    reason = np.full(rows, "", dtype=object)
    for name, rules in (("caution", caution), ("review", review), ("suppress", suppress)):
        hit = np.any(list(rules.values()), axis=0)
        reliability[hit] = name
        for row in np.flatnonzero(hit):
            reason[row] = ";".join(code for code, flags in rules.items() if flags[row])
    return reliability, reason


def _interior(p: np.ndarray) -> Flags:
    return (p > BOUNDARY) & (p < 1 - BOUNDARY)


def _no_cases(p: np.ndarray, n: np.ndarray) -> Flags:
    return np.isnan(p) | ~(n > 0)


def _no_interval(estimates: pd.DataFrame) -> Flags:
    low, high = floats(estimates, "ci_low"), floats(estimates, "ci_high")
    return np.isnan(low) | np.isnan(high)


def floats(table: pd.DataFrame, name: str) -> np.ndarray:
    """Return a column as floats, NaN where it is missing."""
    return table[name].to_numpy(dtype=float, na_value=np.nan)
