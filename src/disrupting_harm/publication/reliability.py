"""Apply presentation standards: whether an estimate is precise enough to be published.

The standards are data, see :mod:`disrupting_harm.publication.policies`.
"""

import operator
from collections.abc import Iterable, Mapping
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disrupting_harm.errors import StudyError
from disrupting_harm.publication.measures import (
    CONFIDENCE,
    NEEDED,
    Cells,
    Flags,
    floats,
    measure,
    smaller_n,
)
from disrupting_harm.publication.policies import POLICIES, REASONS, Policy, Rule

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
