"""Quantiles with standard errors and intervals from replicate weights.

The quantile is that of :mod:`~..tables.quantiles`. By default its interval is Woodruff's with the
variance of the *share* up to the quantile from the replicates (R ``svyquantile`` of a replicate
design, ``interval.type = "mean"`` or ``"xlogit"``), which all kinds of replicates estimate well.
``"replicates"`` takes the quantile of every replicate instead (``interval.type = "quantile"``). Of
the jackknife that is refused: leaving out one PSU moves a quantile by a step or not at all, and the
variance of these steps does not approach the true one (Shao and Wu 1989, Annals of Statistics 17).
"""

from collections.abc import Sequence
from typing import Literal, TypeAlias, get_args

import numpy as np
import pandas as pd

from disrupting_harm.arrays import Floats, Integers
from disrupting_harm.errors import StudyError
from disrupting_harm.survey.design.coding import Outcomes
from disrupting_harm.survey.design.degrees import DfRule
from disrupting_harm.survey.design.levels import Levels, code_levels
from disrupting_harm.survey.design.rows import Table
from disrupting_harm.survey.replication.replicate_design import ReplicateDesign
from disrupting_harm.survey.replication.replicate_estimates import (
    checked_df_rule,
    replicate_df,
    replicate_variance,
)
from disrupting_harm.survey.tables.quantiles import (
    Distribution,
    check_quantile_interval,
    checked_probabilities,
    code_numbers,
    quantile_table,
    t_quantile,
    woodruff,
)
from disrupting_harm.survey.tables.tabulation import check_confidence
from disrupting_harm.survey.tables.totals import Totals

ReplicateInterval: TypeAlias = Literal["mean", "logit", "replicates"]


def replicate_quantiles(
    design: ReplicateDesign,
    answers: Table,
    domains: Table,
    probabilities: Sequence[float] = (0.25, 0.5, 0.75),
    interval: ReplicateInterval = "mean",
    confidence: float = 0.95,
    df_rule: DfRule | None = None,
) -> pd.DataFrame:
    """Estimate quantiles in every level of every domain.

    Args:
        design: the replicate design of the n rows.
        answers: (n, K) numbers, NaN where there is no answer.
        domains: (n, D) categorical columns; NaN where the row is in no level.
        probabilities: Q probabilities between 0 and 1.
        interval: ``"mean"`` or ``"logit"``: Woodruff's, with the standard error of the share from
            the replicates; ``"replicates"``: ``± t_df`` times that of the quantile itself.
        confidence: confidence level, between 0 and 1.
        df_rule: as for :func:`~.replicate_estimates.replicate_estimate`.

    Returns:
        The table of :func:`~..tables.quantiles.quantiles`.

    Raises:
        StudyError: the frames do not fit, answers are no finite numbers, an argument has no such
            option, or quantiles of jackknife replicates are asked for.
    """
    check_confidence(confidence)
    rule = checked_df_rule(design, df_rule)
    share = checked_probabilities(probabilities)
    check_quantile_interval(interval, get_args(ReplicateInterval))
    if interval == "replicates" and design.leaves_out_one_psu:
        raise StudyError(
            "interval",
            "'replicates' with jackknife replicates, whose quantiles have no usable variance",
            "Choose 'mean' or 'logit', or make replicates by bootstrap or balanced halves",
        )
    coded = code_numbers(answers, design.rows)
    levels = code_levels(domains, design.rows)
    psus = design.design
    unit = np.zeros(design.n_rows, dtype=np.intp) if psus is None else design.unit
    totals = Totals(1 if psus is None else psus.n_psus, len(levels), coded.kind)
    totals.add(unit, design.weight, levels, coded)
    size = (len(levels), len(coded.names))
    df = replicate_df(design, totals.weights > 0, size, rule)
    found = [
        _of_one_answer(design, coded, levels, k, share, df[:, k], interval, confidence)
        for k in range(len(coded.names))
    ]
    n = totals.by_level.n + np.zeros(size)
    population = totals.weights.sum(axis=0) + np.zeros(size)
    return quantile_table(coded.names, levels, share, n, population, df, found)


def _of_one_answer(
    design: ReplicateDesign,
    outcomes: Outcomes,
    levels: Levels,
    k: int,
    share: Floats,
    df: Integers,
    interval: ReplicateInterval,
    confidence: float,
) -> tuple[Floats, Floats, Floats, Floats]:
    """Estimates, standard errors and limits of one answer, (L, Q) each."""
    size = (len(levels), len(share))
    found, up_to, error = (np.full(size, np.nan) for _ in range(3))
    inverse = []
    valid = outcomes.valid[:, k if outcomes.valid.shape[1] > 1 else 0] > 0
    start, level_of_entry = levels.members(slice(None))
    row_of_entry = np.repeat(np.arange(design.n_rows), np.diff(start))
    for level in range(len(levels)):
        rows = row_of_entry[level_of_entry == level]
        rows = rows[valid[rows] & (design.weight[rows] > 0)]
        values, weight = outcomes.values[rows, k], design.weight[rows]
        inverse.append(Distribution(values, weight))
        if len(rows) == 0:
            continue
        found[level] = inverse[-1].quantile(share)
        replicated = design.base[rows, None] * design.multiplier[design.unit[rows]]
        below = (values[:, None] <= found[level]).astype(float)
        up_to[level] = weight @ below / weight.sum()
        if interval == "replicates":
            own = _quantiles_of_replicates(values, replicated, share)
            variance = replicate_variance(design, found[level], own)
        else:
            with np.errstate(invalid="ignore"):
                own = (replicated.T @ below) / replicated.sum(axis=0)[:, None]
            variance = replicate_variance(design, up_to[level], own)
        error[level] = np.sqrt(variance)
    if interval == "replicates":
        half = t_quantile(df, confidence)[:, None] * error
        return found, error, found - half, found + half
    return found, *woodruff(inverse, up_to, error, df, interval, confidence)


def _quantiles_of_replicates(values: Floats, weights: Floats, share: Floats) -> Floats:
    """(R, Q) quantiles under each of the (m, R) weights; NaN where all of them are zero."""
    return np.stack(
        [Distribution(values[own > 0], own[own > 0]).quantile(share) for own in weights.T]
    )
