"""Design-based t tests of means and proportions (R ``svyttest``), many outcomes at once.

The standard error of a mean or of a difference of two means comes from the deviations of the
design, with the covariance of the two groups, which share PSUs. A missing answer leaves its row out
of that outcome and its PSU in the design.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from designbased.arrays import Floats, Mask
from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.design.coding import Levels, Outcomes, Statistic, code_outcomes
from designbased.design.degrees_of_freedom import DfRule
from designbased.design.deviations import Deviations
from designbased.design.protocol import Design
from designbased.design.rows import Table
from designbased.errors import InputError
from designbased.estimates.cell_estimator import CellEstimator
from designbased.intervals.limits import wald_t
from designbased.variance.scores import degrees_of_freedom, select_domain_rows, two_sided_p

# A standard error this small beside the values is the rounding error of zero.
ROUNDING = 1e-12


def mean_tests(
    design: Design,
    outcomes: Table,
    null: float = 0.0,
    where: Iterable[Any] | None = None,
    confidence: float = 0.95,
    df_rule: DfRule | None = None,
    calibration: CalibratedFrame | None = None,
) -> pd.DataFrame:
    """Test that each mean (or proportion) equals ``null``.

    Args:
        outcomes: (n, K) numbers; NaN where there is no valid answer.
        null: the mean under the hypothesis.
        where: (n,) true for the rows of the domain; None for all.
        df_rule: see :func:`.degrees_of_freedom.domain_df`. One more is taken off, as R ``svyttest``
            does, so that this interval is slightly wider than that of the mean alone.
        calibration: what the weights were calibrated to, for standard errors that account for it;
            None takes the weights as given.

    Returns:
        One row per outcome: ``indicator, n, estimate, se, ci_low, ci_high, t, df, p_value``.
        Without degrees of freedom or spread there is no test: ``t`` or ``p_value`` is NaN.

    Raises:
        InputError: outcomes or ``where`` do not fit the design, or an outcome has no answers.
    """
    answers, used = _read_answers(design, outcomes, where)
    valid = (answers.valid > 0) & used[:, np.newaxis]
    (mean,), deviations = _estimate_means(design, answers, [used], [""], calibration)
    df = degrees_of_freedom(design, valid, df_rule) - 1
    head = {"indicator": answers.names, "n": valid.sum(axis=0), "estimate": mean}
    se = _standard_errors(deviations.combine(np.ones((1, 1))), answers)
    return _test_table(head, mean - null, se, df, confidence, centre=null)


def paired_tests(
    design: Design,
    first: Table,
    second: Table,
    where: Iterable[Any] | None = None,
    confidence: float = 0.95,
    df_rule: DfRule | None = None,
    calibration: CalibratedFrame | None = None,
) -> pd.DataFrame:
    """Test that two answers of the same rows have equal means: the mean of ``first - second``.

    Args:
        first: (n, K) numbers, NaN where there is no valid answer.
        second: (n, K) numbers; the k-th column is compared with the k-th of ``first``.
        where: (n,) true for the rows of the domain; None for all.
        df_rule, calibration: as for :func:`mean_tests`.

    Returns:
        As :func:`mean_tests`, of the differences; ``indicator`` reads "first - second".

    Raises:
        InputError: the two frames differ in shape; else as :func:`mean_tests`.
    """
    first, second = design.rows.frame(first, "first"), design.rows.frame(second, "second")
    if first.shape != second.shape:
        finding = f"{first.shape} and {second.shape} rows and columns"
        raise InputError("paired answers", finding, "Give two frames of the same shape")
    pair_names = [f"{a} - {b}" for a, b in zip(first.columns, second.columns, strict=True)]
    difference = first.to_numpy(dtype=float) - second.to_numpy(dtype=float)
    outcomes = pd.DataFrame(difference, columns=pair_names, index=design.index)
    return mean_tests(design, outcomes, 0.0, where, confidence, df_rule, calibration)


def difference_tests(
    design: Design,
    outcomes: Table,
    group: pd.Series,
    levels: tuple[Any, Any] | None = None,
    where: Iterable[Any] | None = None,
    confidence: float = 0.95,
    df_rule: DfRule | None = None,
    calibration: CalibratedFrame | None = None,
) -> pd.DataFrame:
    """Test that two groups have equal means (or proportions).

    Args:
        outcomes: (n, K) numbers; NaN where there is no valid answer.
        group: (n,) the group of each row; a row without one is left out.
        levels: the two groups ``(a, b)``; None when ``group`` has exactly two values, sorted or in
            the order of its categories.
        where: (n,) true for the rows of the domain; None for all.
        df_rule: see :func:`.degrees_of_freedom.domain_df`; one is taken off for the second mean,
            as in R ``svyttest``.
        calibration: what the weights were calibrated to, for standard errors that account for it;
            None takes the weights as given.

    Returns:
        One row per outcome: ``indicator, level_a, level_b, n_a, n_b, mean_a, mean_b`` and
        ``estimate, se, ci_low, ci_high, t, df, p_value`` of ``mean_b - mean_a``.

    Raises:
        InputError: the arguments do not fit the design, ``group`` has not two levels, or a level
            has no answers.
    """
    group = design.rows.column(group, "group")
    low, high = levels if levels is not None else _two_levels(group)
    member_a, member_b = (
        (group == level).to_numpy(dtype=bool, na_value=False) for level in (low, high)
    )
    answers, used = _read_answers(design, outcomes, where)
    members = [used & member_a, used & member_b]
    labels = [f", level '{level}' of '{group.name}'" for level in (low, high)]
    means, deviations = _estimate_means(design, answers, members, labels, calibration)
    n_a, n_b = (((answers.valid > 0) & member[:, np.newaxis]).sum(axis=0) for member in members)
    mean_a, mean_b = means
    valid = (answers.valid > 0) & (members[0] | members[1])[:, np.newaxis]
    df = degrees_of_freedom(design, valid, df_rule) - 1
    head = {
        "indicator": answers.names,
        "level_a": str(low),
        "level_b": str(high),
        "n_a": n_a,
        "n_b": n_b,
        "mean_a": mean_a,
        "mean_b": mean_b,
        "estimate": mean_b - mean_a,
    }
    se = _standard_errors(deviations.combine(np.array([[-1.0, 1.0]])), answers)
    return _test_table(head, mean_b - mean_a, se, df, confidence)


def _read_answers(
    design: Design, outcomes: Table, where: Iterable[Any] | None
) -> tuple[Outcomes, Mask]:
    """Read the answers, with (n, K) valid ones, and the (n,) rows of the domain."""
    frame = design.rows.frame(outcomes, "outcomes")
    kinds: dict[str, Statistic] = {str(name): "mean" for name in frame.columns}
    coded = code_outcomes(frame, design.rows, kinds)
    valid = np.broadcast_to(coded.valid, coded.values.shape)
    return replace(coded, valid=valid), select_domain_rows(design, where)


def _estimate_means(
    design: Design,
    answers: Outcomes,
    members: list[Mask],
    labels: list[str],
    calibration: CalibratedFrame | None,
) -> tuple[Floats, Deviations]:
    """(L, K) means of groups of rows, none of which is in two, and their (V, K, L) deviations."""
    code = np.full(design.n_rows, -1)
    for number, member in enumerate(members):
        code[member] = number
    levels = Levels(["group"] * len(members), labels, [code], [0])
    estimator = CellEstimator.from_outcomes(design, answers, levels, calibration)
    empty = estimator.population == 0
    if empty.any():
        level, k = np.argwhere(empty)[0]
        location = f"outcome '{answers.names[k]}'{labels[level]}"
        raise InputError(location, "no valid answers", "Leave it out, or choose a wider domain")
    deviations = design.deviations(estimator)
    return estimator.point, Deviations(np.swapaxes(deviations.values, 1, 2), deviations.sign)


def _standard_errors(deviations: Deviations, answers: Outcomes) -> Floats:
    """(K,) standard errors of one contrast; the rounding error of zero counts as zero."""
    se = np.sqrt(deviations.variances())[:, 0]
    return np.where(se <= ROUNDING * np.abs(answers.values).max(axis=0), 0.0, se)


def _test_table(
    head: dict[str, Any],
    shift: Floats,
    se: Floats,
    df: Any,
    confidence: float,
    centre: float = 0.0,
) -> pd.DataFrame:
    low, high = wald_t(shift + centre, se, np.nan, df, confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(se > 0, shift / se, np.nan)
    tail = {
        "se": se,
        "ci_low": low,
        "ci_high": high,
        "t": t,
        "df": df,
        "p_value": two_sided_p(t, df),
    }
    return pd.DataFrame({**head, **tail})


def _two_levels(group: pd.Series) -> tuple[Any, Any]:
    values = list(group.astype("category").cat.remove_unused_categories().cat.categories)
    if len(values) != 2:
        finding = f"{len(values)} levels: {', '.join(map(str, values))}"
        raise InputError(f"group '{group.name}'", finding, "Name the two levels to compare")
    return values[0], values[1]
