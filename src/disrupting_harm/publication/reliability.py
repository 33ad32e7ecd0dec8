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
class Cells:
    """Estimates as arrays, one entry per cell; what several standards need is computed once.

    Attributes:
        p: the estimate.
        se: its standard error.
        n: unweighted valid answers.
        df: degrees of freedom; 0 where they are not known.
        low: lower limit as printed, ``high`` the upper one.
        proportion: which cells are proportions.
        total: which cells are totals.
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
    def of(cls, estimates: pd.DataFrame, statistic: "pd.Series[str]") -> "Cells":
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
        kind = statistic.to_numpy(dtype=object)
        return cls(
            p=p,
            se=se,
            n=n,
            # As in the macro of the NCHS, unknown degrees of freedom count as few.
            df=np.where(np.isnan(df), 0.0, df),
            low=low,
            high=high,
            proportion=kind == "proportion",
            total=kind == "total",
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


def _smaller_n(cells: Cells) -> Floats:
    return smaller_n(cells.p, cells.se, cells.n)


def _width(cells: Cells) -> Floats:
    return np.where(cells.proportion, 100 * cells.width, np.nan)


def _relative_width(cells: Cells) -> Floats:
    size = np.abs(cells.p)
    return 100 * cells.width / np.where(size > BOUNDARY, size, np.nan)


def _complement_width(cells: Cells) -> Floats:
    complement = 1 - cells.inside
    return 100 * cells.width / np.where(complement > BOUNDARY, complement, np.nan)


def _rse(cells: Cells) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return 100 * cells.se / np.abs(cells.p)


def _n_kish(cells: Cells) -> Floats:
    return np.full(len(cells), np.nan) if cells.n_kish is None else cells.n_kish


def _count_width(cells: Cells) -> Floats:
    """Width of the log-t interval of a total, in per cent of the total."""
    df = np.maximum(_n_kish(cells) - 1, LEAST_KISH_DF)
    low, high = INTERVALS["log_t"](cells.p, cells.se, cells.n, df, CONFIDENCE)
    with np.errstate(divide="ignore", invalid="ignore"):
        return 100 * (high - low) / cells.p


def _item_nonresponse(cells: Cells) -> Floats:
    return np.full(len(cells), np.nan) if cells.nonresponse is None else 100 * cells.nonresponse


def _no_variance(cells: Cells) -> Flags:
    return np.asarray((cells.se == 0) & ~cells.none_or_all)


MEASURES: dict[str, Callable[[Cells], Floats | Flags]] = {
    "n": lambda cells: cells.n,
    "df": lambda cells: cells.df,
    "smaller_n": _smaller_n,
    "width": _width,
    "relative_width": _relative_width,
    "complement_width": _complement_width,
    "rse": _rse,
    "n_kish": _n_kish,
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
NEEDED = {"n_kish": "n_kish", "count_width": "n_kish", "item_nonresponse": "item_nonresponse"}


def measure(cells: Cells, name: str, round_to_tenth: bool) -> Floats:
    """Return a measure of every cell, rounded half up to one decimal where asked for."""
    values = np.asarray(MEASURES[name](cells), dtype=np.float64)
    if round_to_tenth and name in ROUNDED:
        return np.floor(10 * values + 0.5) / 10
    return values


def smaller_n(p: Floats, se: Floats, n: Floats) -> Floats:
    """Return the smaller of n and the effective n ``p(1-p)/se²``, without the df adjustment.

    At 0 %, at 100 % and without variance it is n.
    """
    inner = (p > BOUNDARY) & (p < 1 - BOUNDARY) & (se != 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        n_eff = np.where(inner, p * (1 - p) / se**2, n)
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
            ``nchs2023_counts`` needs ``n_kish`` for totals (see ``survey.kish``), ``eu_silc`` needs
            ``item_nonresponse``, the share of those asked without a valid answer.
        policy: name of a presentation standard, one of ``POLICIES``.
        statistics: statistic of each indicator; those not named are proportions.

    Returns:
        ``reliability`` is one of ``OUTCOMES``; ``reason`` joins the codes of ``REASONS`` that led
        to it by ``;`` and is empty for ``present``.

    Raises:
        StudyError: unknown policy, or a column that it needs is missing.
    """
    chosen = _policy(policy)
    cells = Cells.of(estimates, _statistic(estimates, statistics))
    missing = _missing_column(chosen, cells)
    if missing:
        raise StudyError(
            f"estimates, column '{missing}'",
            f"it is missing, and the standard '{policy}' needs it",
            "Add it, or use another standard",
        )
    reliability, reason = _verdict(chosen, cells)
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
    cells = Cells.of(estimates, _statistic(estimates, statistics))
    columns: dict[str, object] = {name: estimates[name] for name in KEYS if name in estimates}
    columns |= {"n": estimates["n"], "estimate": estimates["estimate"]}
    for name in policies:
        policy = _policy(name)
        missing = _missing_column(policy, cells)
        verdict = _verdict(policy, cells)
        columns[name], columns[f"{name}_reason"] = (
            (NOT_JUDGED, f"needs_{missing}") if missing else verdict
        )
    return pd.DataFrame(columns, index=estimates.index)


def count_outcomes(comparison: pd.DataFrame) -> pd.DataFrame:
    """Count the cells of each class in a table of :func:`compare_policies`, one row per policy."""
    names = [name for name in POLICIES if name in comparison]
    classes = (*OUTCOMES, NOT_JUDGED)
    counts = {name: [int((comparison[name] == word).sum()) for word in classes] for name in names}
    return pd.DataFrame.from_dict(counts, orient="index", columns=list(classes))


def _policy(name: str) -> Policy:
    if name not in POLICIES:
        raise StudyError(
            "publication.reliability",
            f"there is no standard '{name}'",
            f"Use one of {', '.join(POLICIES)}",
        )
    return POLICIES[name]


def _statistic(estimates: pd.DataFrame, statistics: Mapping[str, str] | None) -> "pd.Series[str]":
    known = statistics or {}
    return estimates["indicator"].map(lambda name: known.get(name, "proportion"))


def _scope(rule: Rule, cells: Cells) -> Flags:
    return {
        "all": np.full(len(cells), True),
        "proportions": cells.proportion,
        "numbers": ~cells.proportion,
        "totals": cells.total,
        "means": ~cells.proportion & ~cells.total,
    }[rule.scope]


def _missing_column(policy: Policy, cells: Cells) -> str | None:
    """Return the first column that the policy needs for some cell and the table does not have."""
    given = {"n_kish": cells.n_kish, "item_nonresponse": cells.nonresponse}
    for rule in policy.rules:
        for condition in rule.conditions:
            column = NEEDED.get(condition.measure)
            if column and given[column] is None and _scope(rule, cells).any():
                return column
    return None


def _verdict(policy: Policy, cells: Cells) -> Verdict:
    """The gravest class with a reason decides; only its reasons are given."""
    hits = [(rule, _hits(rule, policy, cells)) for rule in policy.rules]
    reliability = np.full(len(cells), "present", dtype=object)
    reason = np.full(len(cells), "", dtype=object)
    for outcome in OUTCOMES[1:]:
        own = [(rule.reason, hit) for rule, hit in hits if rule.outcome == outcome]
        some = np.any([hit for _, hit in own], axis=0) if own else np.full(len(cells), False)
        reliability[some] = outcome
        for row in np.flatnonzero(some):
            reason[row] = ";".join(code for code, hit in own if hit[row])
    return reliability, reason


def _hits(rule: Rule, policy: Policy, cells: Cells) -> Flags:
    hit = _scope(rule, cells)
    for name, relation, limit in rule.conditions:
        hit = hit & RELATIONS[relation](measure(cells, name, policy.round_before_compare), limit)
    return hit
