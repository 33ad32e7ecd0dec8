"""Apply presentation standards: whether an estimate is precise enough to be published.

The standards are data, see :mod:`disrupting_harm.publication.policies`.
"""

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from designbased.arrays import Floats
from designbased.intervals.limits import BOUNDARY, INTERVALS
from disrupting_harm.core.errors import StudyError
from disrupting_harm.publication.policies import POLICIES, REASONS, Policy, Rule

# What presentation standards measure: sizes of samples, widths of intervals, relative errors.
#
# Widths are those of 95 % intervals, whichever interval and level the study prints. Widths of
# proportions are in percentage points; relative widths, relative standard errors and non-response
# are in per cent. A measure that does not exist is NaN.


Flags: TypeAlias = NDArray[np.bool_]

CONFIDENCE = 0.95
# Kish's n less one, below which the log-t interval of a count takes this.
LEAST_KISH_DF = 0.1
COLUMNS = ("indicator", "estimate", "se", "n", "df", "ci_low", "ci_high")


@dataclass(frozen=True, eq=False)
class JudgedCells:
    """Estimates as arrays, one entry per cell; what several standards need is computed once.

    Attributes:
        n: unweighted valid answers.
        df: degrees of freedom; 0 where they are not known.
        low: lower limit as printed, ``high`` the upper one.
        n_kish: Kish's effective number of the cases that make up a total, None if not given.
        nonresponse: share of those asked without a valid answer, None if not given.
        imputed: share of those asked whose answer is imputed; 0 where not given.
    """

    p: Floats
    se: Floats
    n: Floats
    df: Floats
    low: Floats
    high: Floats
    proportion: Flags
    total: Flags
    n_kish: Floats | None
    nonresponse: Floats | None
    imputed: Floats

    @classmethod
    def from_estimates(cls, estimates: pd.DataFrame, statistic: "pd.Series[str]") -> "JudgedCells":
        """Take the cells from a table of estimates and the statistic of each row.

        Raises:
            StudyError: a column is missing.
        """
        for name in COLUMNS:
            if name not in estimates.columns:
                raise StudyError(
                    f"estimates, column '{name}'", "it is missing", "Give a table of estimates"
                )
        p, se, n, df, low, high = (floats(estimates, name) for name in COLUMNS[1:])
        n_kish, nonresponse = (
            floats(estimates, name) if name in estimates else None
            for name in ("n_kish", "item_nonresponse")
        )
        statistics = statistic.to_numpy(dtype=object)
        return cls(
            p=p,
            se=se,
            n=n,
            # As in the macro of the NCHS, unknown degrees of freedom count as few.
            df=np.where(np.isnan(df), 0.0, df),
            low=low,
            high=high,
            proportion=statistics == "proportion",
            total=statistics == "total",
            n_kish=n_kish,
            nonresponse=nonresponse,
            imputed=floats(estimates, "imputed") if "imputed" in estimates else np.zeros(len(p)),
        )

    def __len__(self) -> int:
        return len(self.p)

    @cached_property
    def inside(self) -> Floats:
        """The proportion of a cell with cases; NaN for means and totals."""
        exists = self.proportion & (self.p >= 0) & (self.p <= 1) & (self.n > 0)
        return np.where(exists, self.p, np.nan)

    @cached_property
    def none_or_all(self) -> Flags:
        """Which cells are proportions of 0 % or 100 %."""
        return self.proportion & ((self.p <= BOUNDARY) | (self.p >= 1 - BOUNDARY))

    @cached_property
    def width(self) -> Floats:
        """Width of the Korn–Graubard interval of a proportion, else of the t interval."""
        n = np.where(self.n > 0, self.n, np.nan)
        low, high = INTERVALS["korn_graubard"](self.inside, self.se, n, self.df, CONFIDENCE)
        low_t, high_t = INTERVALS["wald_t"](self.p, self.se, n, self.df, CONFIDENCE)
        return np.where(self.proportion, high - low, high_t - low_t)


def _smaller_n(cells: JudgedCells) -> Floats:
    return smaller_n(cells.p, cells.se, cells.n)


def _width_in_points(cells: JudgedCells) -> Floats:
    return np.where(cells.proportion, 100 * cells.width, np.nan)


def _relative_width(cells: JudgedCells) -> Floats:
    magnitude = np.abs(cells.p)
    return 100 * cells.width / np.where(magnitude > BOUNDARY, magnitude, np.nan)


def _complement_width(cells: JudgedCells) -> Floats:
    complement = 1 - cells.inside
    return 100 * cells.width / np.where(complement > BOUNDARY, complement, np.nan)


def _relative_se(cells: JudgedCells) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return 100 * cells.se / np.abs(cells.p)


def _kish_n(cells: JudgedCells) -> Floats:
    return np.full(len(cells), np.nan) if cells.n_kish is None else cells.n_kish


def _count_width(cells: JudgedCells) -> Floats:
    """Width of the log-t interval of a total, in per cent of the total."""
    df = np.maximum(_kish_n(cells) - 1, LEAST_KISH_DF)
    low, high = INTERVALS["log_t"](cells.p, cells.se, cells.n, df, CONFIDENCE)
    with np.errstate(divide="ignore", invalid="ignore"):
        return 100 * (high - low) / cells.p


def _item_nonresponse(cells: JudgedCells) -> Floats:
    return np.full(len(cells), np.nan) if cells.nonresponse is None else 100 * cells.nonresponse


def _no_variance(cells: JudgedCells) -> Flags:
    return np.asarray((cells.se == 0) & ~cells.none_or_all)


MEASURES: dict[str, Callable[[JudgedCells], Floats | Flags]] = {
    "n": lambda cells: cells.n,
    "df": lambda cells: cells.df,
    "smaller_n": _smaller_n,
    "width": _width_in_points,
    "relative_width": _relative_width,
    "complement_width": _complement_width,
    "rse": _relative_se,
    "n_kish": _kish_n,
    "count_width": _count_width,
    "item_nonresponse": _item_nonresponse,
    "imputed": lambda cells: 100 * cells.imputed,
    "none_or_all": lambda cells: cells.none_or_all,
    "no_cases": lambda cells: np.isnan(cells.p) | ~(cells.n > 0),
    "no_interval": lambda cells: np.isnan(cells.low) | np.isnan(cells.high),
    "no_variance": _no_variance,
}
# Rounded to one decimal where a standard rounds before it compares.
ROUNDED = ("width", "relative_width", "complement_width", "rse")
# Columns beyond those of every table of estimates, by measure.
COLUMN_BY_MEASURE = {
    "n_kish": "n_kish",
    "count_width": "n_kish",
    "item_nonresponse": "item_nonresponse",
}


def measure_cells(cells: JudgedCells, name: str, round_to_tenth: bool) -> Floats:
    """Return a measure of every cell, rounded half up to one decimal where asked for."""
    values = np.asarray(MEASURES[name](cells), dtype=np.float64)
    if round_to_tenth and name in ROUNDED:
        return np.floor(10 * values + 0.5) / 10
    return values


def smaller_n(p: Floats, se: Floats, n: Floats) -> Floats:
    """Return the smaller of n and the effective n ``p(1-p)/se²``, without the df adjustment.

    At 0 %, at 100 % and without variance it is n.
    """
    is_inside = (p > BOUNDARY) & (p < 1 - BOUNDARY) & (se != 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        n_eff = np.where(is_inside, p * (1 - p) / se**2, n)
    smaller: Floats = np.minimum(n_eff, n)
    return smaller


def floats(table: pd.DataFrame, name: str) -> Floats:
    """Return a column as floats, NaN where it is missing."""
    return table[name].to_numpy(dtype=float, na_value=np.nan)


__all__ = [
    "CONFIDENCE",
    "MIN_EFFECTIVE_N",
    "POLICIES",
    "REASONS",
    "compare_policies",
    "count_outcomes",
    "floats",
    "judge",
    "smaller_n",
]

Verdict: TypeAlias = tuple[NDArray[np.object_], NDArray[np.object_]]

MIN_EFFECTIVE_N = 30
OUTCOMES = ("present", "caution", "review", "suppress")
NOT_JUDGED = "not_judged"
KEYS = ("country", "indicator", "domain", "level")
RELATIONS = {"<": operator.lt, ">=": operator.ge, ">": operator.gt}


def judge(
    estimates: pd.DataFrame, policy: str = "nchs2017", statistics: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Return ``estimates`` with the columns ``reliability`` and ``reason``.

    Args:
        estimates: one row per cell with ``indicator, estimate, se, n, df, ci_low, ci_high``.
            ``nchs2023_counts`` needs ``n_kish`` for totals (Kish's effective number of the cases),
            ``eu_silc`` needs ``item_nonresponse``, the share of those asked without a valid answer.
        policy: name of a presentation standard, one of ``POLICIES``.
        statistics: statistic of each indicator; those not named are proportions.

    Returns:
        ``reliability`` is one of ``OUTCOMES``; ``reason`` joins the codes of ``REASONS`` that led
        to it by ``;`` and is empty for ``present``.

    Raises:
        StudyError: unknown policy, or a column that it needs is missing.
    """
    standard = _find_policy(policy)
    cells = JudgedCells.from_estimates(estimates, _statistic_of_rows(estimates, statistics))
    missing = _missing_column(standard, cells)
    if missing:
        raise StudyError(
            f"estimates, column '{missing}'",
            f"it is missing, and the standard '{policy}' needs it",
            "Add it, or use another standard",
        )
    reliability, reason = _judge_cells(standard, cells)
    return estimates.assign(reliability=reliability, reason=reason)


def compare_policies(
    estimates: pd.DataFrame,
    policies: Iterable[str] = tuple(POLICIES),
    statistics: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Say side by side what each standard would publish.

    Args:
        estimates: as for :func:`judge`.
        policies: names of standards, in the order of the columns.
        statistics: as for :func:`judge`.

    Returns:
        One row per cell: its keys as far as the table has them, ``n, estimate``, then for each
        policy its class under the policy's name and its reasons under ``{policy}_reason``. Where a
        column is missing that a standard needs, the class is ``not_judged`` and the reason
        ``needs_{column}``. For restricted use: nothing here is disclosure control.

    Raises:
        StudyError: unknown policy, or a column of every table of estimates is missing.
    """
    cells = JudgedCells.from_estimates(estimates, _statistic_of_rows(estimates, statistics))
    columns: dict[str, object] = {name: estimates[name] for name in KEYS if name in estimates}
    columns |= {"n": estimates["n"], "estimate": estimates["estimate"]}
    for name in policies:
        policy = _find_policy(name)
        missing = _missing_column(policy, cells)
        verdict = _judge_cells(policy, cells)
        columns[name], columns[f"{name}_reason"] = (
            (NOT_JUDGED, f"needs_{missing}") if missing else verdict
        )
    return pd.DataFrame(columns, index=estimates.index)


def count_outcomes(comparison: pd.DataFrame) -> pd.DataFrame:
    """Count the cells of each class in a table of :func:`compare_policies`, one row per policy."""
    policies = [name for name in POLICIES if name in comparison]
    classes = (*OUTCOMES, NOT_JUDGED)
    counts = {
        name: [int((comparison[name] == outcome).sum()) for outcome in classes] for name in policies
    }
    return pd.DataFrame.from_dict(counts, orient="index", columns=list(classes))


def _find_policy(name: str) -> Policy:
    if name not in POLICIES:
        raise StudyError(
            "publication.reliability",
            f"there is no standard '{name}'",
            f"Use one of {', '.join(POLICIES)}",
        )
    return POLICIES[name]


def _statistic_of_rows(
    estimates: pd.DataFrame, statistics: Mapping[str, str] | None
) -> "pd.Series[str]":
    statistic_by_indicator = statistics or {}
    return estimates["indicator"].map(lambda name: statistic_by_indicator.get(name, "proportion"))


def _is_in_scope(rule: Rule, cells: JudgedCells) -> Flags:
    return {
        "all": np.full(len(cells), True),
        "proportions": cells.proportion,
        "numbers": ~cells.proportion,
        "totals": cells.total,
        "means": ~cells.proportion & ~cells.total,
    }[rule.scope]


def _missing_column(policy: Policy, cells: JudgedCells) -> str | None:
    """Return the first column that the policy needs for some cell and the table does not have."""
    columns = {"n_kish": cells.n_kish, "item_nonresponse": cells.nonresponse}
    for rule in policy.rules:
        for condition in rule.conditions:
            column = COLUMN_BY_MEASURE.get(condition.measure)
            if column and columns[column] is None and _is_in_scope(rule, cells).any():
                return column
    return None


def _judge_cells(policy: Policy, cells: JudgedCells) -> Verdict:
    """The gravest class with a reason decides; only its reasons are given."""
    hits = [(rule, _find_hits(rule, policy, cells)) for rule in policy.rules]
    reliability = np.full(len(cells), "present", dtype=object)
    reason = np.full(len(cells), "", dtype=object)
    for outcome in OUTCOMES[1:]:
        hits_of_outcome = [(rule.reason, hit) for rule, hit in hits if rule.outcome == outcome]
        is_hit = (
            np.any([hit for _, hit in hits_of_outcome], axis=0)
            if hits_of_outcome
            else np.full(len(cells), False)
        )
        reliability[is_hit] = outcome
        for row in np.flatnonzero(is_hit):
            reason[row] = ";".join(code for code, hit in hits_of_outcome if hit[row])
    return reliability, reason


def _find_hits(rule: Rule, policy: Policy, cells: JudgedCells) -> Flags:
    hit = _is_in_scope(rule, cells)
    for name, relation, limit in rule.conditions:
        hit = hit & RELATIONS[relation](
            measure_cells(cells, name, policy.round_before_compare), limit
        )
    return hit
