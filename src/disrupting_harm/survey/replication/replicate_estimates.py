"""Estimates with standard errors from replicate weights, in the table of linearisation."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from disrupting_harm.arrays import Floats, Integers, Mask
from disrupting_harm.errors import StudyError
from disrupting_harm.survey.design.coding import Outcomes, Statistic, code_outcomes
from disrupting_harm.survey.design.degrees import DfRule, check_df_rule, domain_df
from disrupting_harm.survey.design.levels import Levels, code_levels
from disrupting_harm.survey.design.rows import Table
from disrupting_harm.survey.replication.replicate_design import ReplicateDesign
from disrupting_harm.survey.tables.composite import Composite
from disrupting_harm.survey.tables.composite_sums import proportion, sums_by_unit
from disrupting_harm.survey.tables.composites import check_names, composite_counts
from disrupting_harm.survey.tables.tabulation import Cells, check_options, join, tabulate
from disrupting_harm.survey.tables.totals import Totals

# Totals of units, levels and outcomes are held in blocks of about this many numbers (64 MB).
BLOCK_SIZE = 8_000_000
# About this many estimates of replicates stay in the processor's cache.
CACHE_SIZE = 150_000


def replicate_estimate(
    design: ReplicateDesign,
    outcomes: Table,
    domains: Table,
    statistics: Mapping[str, Statistic] | None = None,
    interval: str = "korn_graubard",
    confidence: float = 0.95,
    df_rule: DfRule | None = None,
    composites: Mapping[str, Composite] | None = None,
) -> pd.DataFrame:
    """Estimate every outcome in every level of every domain, with replicate standard errors.

    Args:
        design: the replicate design of the n rows.
        outcomes: (n, K) numbers; NaN where the answer is not valid. Proportions hold 0 and 1.
        domains: (n, D) categorical columns; NaN where the row is in no level.
        statistics: statistic by outcome; an outcome left out is a proportion.
        interval: interval for proportions. Means and totals have ``wald_t``.
        confidence: confidence level, between 0 and 1.
        df_rule: rule for degrees of freedom, which are never more than the number of replicates;
            None is ``"domain_only"``, or ``"full"`` (the only one possible) for supplied weights.
        composites: the parts of outcomes that are "any of" several answers, see
            :mod:`~.tables.composites`. Every replicate finds its own shares of yes.

    Returns:
        The table of :func:`~.tables.linearise.estimate`. Replicates that leave no
        case in a level have no estimate there and are left out of its mean and variance, as in R.

    Raises:
        StudyError: the frames do not fit the design, an outcome or domain has the wrong type or
            values, an argument has no such option, or supplied weights have no PSUs to count.
    """
    check_options(interval, confidence)
    rule = checked_df_rule(design, df_rule)
    coded = code_outcomes(outcomes, design.rows, statistics)
    levels = code_levels(domains, design.rows)
    step = max(1, BLOCK_SIZE // (max(design.multiplier.shape) * len(coded.names)))
    blocks = [
        _estimate_levels(design, coded, levels.between(first, first + step), rule)
        for first in range(0, len(levels), step)
    ]
    cells = join(blocks, axis=0)
    if composites is not None:
        cells = _with_composites(cells, coded.names, composites, design, levels, rule)
    return tabulate(design.df, coded.names, coded.kind, levels, cells, interval, confidence)


def checked_df_rule(design: ReplicateDesign, rule: DfRule | None) -> DfRule:
    """Return the rule for degrees of freedom; None is the default of the kind of replicates.

    Raises:
        StudyError: there is no such rule, or supplied weights have no PSUs to count.
    """
    found: DfRule = rule or ("full" if design.design is None else "domain_only")
    check_df_rule(found)
    if design.design is None and found != "full":
        raise StudyError("df_rule", f"'{rule}' with supplied weights", "Choose 'full', and give df")
    return found


def _estimate_levels(
    design: ReplicateDesign, outcomes: Outcomes, levels: Levels, rule: DfRule
) -> Cells:
    psus = design.design
    unit = np.zeros(design.n_rows, dtype=np.intp) if psus is None else design.unit
    totals = Totals(1 if psus is None else psus.n_psus, len(levels), outcomes.kind)
    totals.add(unit, design.weight, levels, outcomes)
    replicated = _replicated_by_rows(design, outcomes, levels) if psus is None else None
    return replicate_cells(design, totals, rule, replicated)


def replicate_cells(
    design: ReplicateDesign, totals: Totals, rule: DfRule, replicated: Floats | None = None
) -> Cells:
    """Turn sums by PSU, for L levels and K outcomes, into estimates and their variances.

    Args:
        design: the design of R replicates.
        totals: sums by PSU of the design; of all rows together where it has none.
        rule: rule for degrees of freedom.
        replicated: (R, L, K) estimates in each replicate, where they do not follow from the sums.

    Returns:
        The arrays of :func:`~.tables.linearise.linearise`.
    """
    kind, width = totals.by_level.kind, len(totals.by_level.kind)
    weights = totals.weights.sum(axis=0)
    point = _divided(totals.answers.sum(axis=0), weights, kind != "total")
    population = np.broadcast_to(weights, point.shape)
    point = np.where(population > 0, point, np.nan)
    step = max(1, CACHE_SIZE // (design.n_replicates * width))
    variances = []
    for first in range(0, len(point), step):
        some = slice(first, first + step)
        own = (
            _replicated_by_psus(design, totals, some) if replicated is None else replicated[:, some]
        )
        variances.append(replicate_variance(design, point[some], own))
    return {
        "population": population,
        "estimate": point,
        "variance": np.where(population > 0, np.concatenate(variances), np.nan),
        "df": replicate_df(design, totals.weights > 0, point.shape, rule),
        "n": totals.by_level.n,
        "n_yes": totals.by_level.n_yes,
        "spread": totals.by_level.spread(),
    }


def _with_composites(
    table: Cells,
    names: list[str],
    composites: Mapping[str, Composite],
    design: ReplicateDesign,
    levels: Levels,
    rule: DfRule,
) -> Cells:
    """Put the estimates of composites in the place of those from valid answers alone."""
    check_names(names, composites)
    cells = {name: np.array(values, dtype=np.float64) for name, values in table.items()}
    cells["imputed"] = np.zeros(cells["estimate"].shape)
    units, psus = len(design.multiplier), design.design
    for name, composite in composites.items():
        counts = composite_counts(design.weight, composite, levels)
        weighted = sums_by_unit(design.weight, design.unit, units, composite, levels)
        based = sums_by_unit(design.base, design.unit, units, composite, levels)
        point = np.array([proportion(sums.sum(axis=0)) for sums in weighted])
        replicated = np.column_stack([proportion(design.multiplier.T @ sums) for sums in based])
        # Without PSUs it only counts whether there is a row at all.
        unit = np.zeros(design.n_rows, dtype=np.intp) if psus is None else design.unit
        present = counts.present(unit, 1 if psus is None else units)
        known = ~np.isnan(point)
        columns = {
            "population": counts.population,
            "estimate": point,
            "variance": np.where(known, replicate_variance(design, point, replicated), np.nan),
            "df": replicate_df(design, present, point.shape, rule),
            "n": np.where(known, counts.n, 0),
            "n_yes": np.where(known, counts.n_yes, 0),
            "imputed": np.nan_to_num(counts.imputed),
        }
        for key, values in columns.items():
            cells[key][:, names.index(name)] = values
    return cells


def replicate_variance(design: ReplicateDesign, point: Floats, replicated: Floats) -> Floats:
    """Return the variances of estimates.

    Args:
        design: the design of R replicates.
        point: (...) the estimates.
        replicated: (R, ...) their values in the replicates, NaN where one has none: it is left out.

    Returns:
        (...) ``scale · Σ_r rscale_r (θ_r - c)²``; NaN where no replicate has a value.
    """
    counts = design.rscales.reshape(-1, *[1] * point.ndim) > 0
    total = replicated.sum(axis=0)
    if counts.all() and np.isfinite(total).all():
        return _squares(design, replicated - (point if design.mse else total / len(replicated)))
    used = counts & np.isfinite(replicated)
    with np.errstate(invalid="ignore"):
        mean = replicated.sum(axis=0, where=used) / used.sum(axis=0)
    deviations = np.where(used, replicated - (point if design.mse else mean), 0.0)
    return np.where(used.any(axis=0), _squares(design, deviations), np.nan)


def _squares(design: ReplicateDesign, deviations: Floats) -> Floats:
    squares: Floats = np.einsum("r,r...,r...->...", design.rscales, deviations, deviations)
    return design.scale * squares


def _replicated_by_psus(design: ReplicateDesign, totals: Totals, some: slice) -> Floats:
    """(R, levels, K) estimates in each replicate, which multiplies the totals of PSUs."""
    answers, weights = (
        (design.multiplier.T @ sums[:, some].reshape(len(sums), -1)).reshape(
            design.n_replicates, -1, sums.shape[2]
        )
        for sums in (totals.answers, totals.weights)
    )
    return _divided(answers, weights, totals.by_level.kind != "total")


def _replicated_by_rows(design: ReplicateDesign, outcomes: Outcomes, levels: Levels) -> Floats:
    """(R, L, K) estimates in each replicate, which has a weight of its own for every row."""
    weight = design.base[:, None] * design.multiplier[design.unit]
    size = (design.n_replicates, len(levels))
    answers = np.zeros((*size, outcomes.values.shape[1]))
    weights = np.zeros((*size, outcomes.valid.shape[1]))
    start, level = levels.members(slice(None))
    row = np.repeat(np.arange(design.n_rows), np.diff(start))
    for index in range(len(levels)):
        own = row[level == index]
        answers[:, index] = weight[own].T @ outcomes.values[own]
        weights[:, index] = weight[own].T @ outcomes.valid[own]
    return _divided(answers, weights, outcomes.kind != "total")


def _divided(answers: Floats, weights: Floats, ratio: Mask) -> Floats:
    """Make sums of answers into estimates; NaN without cases, except for totals."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if ratio.all():
            return answers / weights
        return np.where(ratio, answers / weights, answers)


def replicate_df(
    design: ReplicateDesign, present: Mask, shape: tuple[int, ...], rule: DfRule
) -> Integers:
    """Return degrees of freedom of cells, never more than there are replicates.

    Args:
        design: the replicate design.
        present: (units, L, K or 1) whether a unit has a case; one unit for supplied weights.
        shape: (L, K).
        rule: see :func:`~.degrees.domain_df`; ``"full"`` for supplied weights.
    """
    if design.design is None:
        df = np.where(present.any(axis=0), design.df, 0)
    else:
        df = np.minimum(domain_df(design.design, present, rule), design.n_replicates)
    return np.broadcast_to(df, shape)
