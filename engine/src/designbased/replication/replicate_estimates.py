"""Estimates with standard errors from replicate weights, in the table of linearisation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
import pandas as pd

from designbased.arrays import Floats, Integers, Mask
from designbased.design.coding import Levels, Outcomes, Statistic, code_levels, code_outcomes
from designbased.design.degrees_of_freedom import DfRule, check_df_rule, domain_df
from designbased.design.rows import Rows, Table
from designbased.design.survey_design import SurveyDesign
from designbased.errors import InputError
from designbased.estimates.composite_sums import composite_proportion, sum_composite_by_unit
from designbased.estimates.composites import Composite, check_composite_names, composite_counts
from designbased.estimates.quantiles import (
    Distribution,
    check_quantile_interval,
    code_numbers,
    quantile_table,
    read_probabilities,
    t_quantile,
    woodruff_limits,
)
from designbased.estimates.tabulation import (
    Cells,
    check_confidence,
    check_options,
    join_blocks,
    tabulate,
)
from designbased.estimates.unit_totals import Totals

# A design whose variance comes from replicates of its weights.


@dataclass(frozen=True, eq=False, repr=False)
class ReplicateDesign:
    """A sample with R sets of replicate weights.

    The weight of row ``i`` in replicate ``r`` is ``base[i] * multiplier[unit[i], r]``.

    Attributes:
        weight: (n,) weight of each row for the estimate itself.
        base: (n,) weights that the multipliers apply to.
        unit: (n,) index of each row's unit: its PSU, or the row itself for supplied weights.
        multiplier: (U, R) multipliers.
        scale: factor of the variance.
        rscales: (R,) factors of the replicates.
        mse: deviations are from the estimate and not from the mean of the replicates.
        df: degrees of freedom of the whole design.
        design: the design that the replicates were made from; None for supplied weights.
        index: (n,) labels of the rows, those of the frame; estimators refuse a frame with others.
    """

    weight: Floats
    base: Floats
    unit: Integers
    multiplier: Floats
    scale: float
    rscales: Floats
    mse: bool
    df: int
    design: SurveyDesign | None = None
    index: pd.Index | None = None

    def __repr__(self) -> str:
        origin = "" if self.design is None else f" of {self.design!r}"
        return (
            f"<ReplicateDesign: {self.n_rows:,} rows, {self.n_replicates:,} replicates, "
            f"df {self.df:,}{origin}>"
        )

    @property
    def rows(self) -> Rows:
        """The rows, to which everything else that is given has to fit."""
        return Rows(self.n_rows, self.index)

    @property
    def leaves_out_one_psu(self) -> bool:
        """Whether each replicate leaves out one PSU alone, as those of the jackknife do."""
        if self.design is None:
            return False
        return bool(((self.multiplier == 0).sum(axis=0) == 1).all())

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.weight)

    @property
    def n_replicates(self) -> int:
        """Number of replicates."""
        return len(self.rscales)


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
        outcomes: (n, K) numbers; NaN where the answer is not valid. Proportions hold 0 and 1.
        domains: (n, D) categorical columns; NaN where the row is in no level.
        statistics: statistic by outcome; an outcome left out is a proportion.
        interval: interval for proportions. Means and totals have ``wald_t``.
        df_rule: rule for degrees of freedom, which are never more than the number of replicates;
            None is ``"domain_only"``, or ``"full"`` (the only one possible) for supplied weights.
        composites: the parts of outcomes that are "any of" several answers, see
            :mod:`.composites`. Every replicate finds its own shares of yes.

    Returns:
        The table of :func:`.linearisation.estimate`. Replicates that leave no
        case in a level have no estimate there and are left out of its mean and variance, as in R.

    Raises:
        InputError: the frames do not fit the design, an outcome or domain has the wrong type or
            values, an argument has no such option, or supplied weights have no PSUs to count.
    """
    check_options(interval, confidence)
    rule = read_df_rule(design, df_rule)
    coded = code_outcomes(outcomes, design.rows, statistics)
    levels = code_levels(domains, design.rows)
    step = max(1, BLOCK_SIZE // (max(design.multiplier.shape) * len(coded.names)))
    blocks = [
        _estimate_levels(design, coded, levels.between(start, start + step), rule)
        for start in range(0, len(levels), step)
    ]
    cells = join_blocks(blocks, axis=0)
    if composites is not None:
        cells = _replace_by_composites(cells, coded.names, composites, design, levels, rule)
    return tabulate(design.df, coded.names, coded.statistic, levels, cells, interval, confidence)


def read_df_rule(design: ReplicateDesign, rule: DfRule | None) -> DfRule:
    """Return the rule for degrees of freedom; None is the default of the kind of replicates.

    Raises:
        InputError: there is no such rule, or supplied weights have no PSUs to count.
    """
    df_rule: DfRule = rule or ("full" if design.design is None else "domain_only")
    check_df_rule(df_rule)
    if design.design is None and df_rule != "full":
        raise InputError("df_rule", f"'{rule}' with supplied weights", "Choose 'full', and give df")
    return df_rule


def _estimate_levels(
    design: ReplicateDesign, outcomes: Outcomes, levels: Levels, rule: DfRule
) -> Cells:
    psus = design.design
    unit = np.zeros(design.n_rows, dtype=np.intp) if psus is None else design.unit
    totals = Totals(1 if psus is None else psus.n_psus, len(levels), outcomes.statistic)
    totals.add(unit, design.weight, levels, outcomes)
    replicated = _replicate_by_rows(design, outcomes, levels) if psus is None else None
    return replicate_cells(design, totals, rule, replicated)


def replicate_cells(
    design: ReplicateDesign, totals: Totals, rule: DfRule, replicated: Floats | None = None
) -> Cells:
    """Turn sums by PSU, for L levels and K outcomes, into estimates and their variances.

    Args:
        totals: sums by PSU of the design; of all rows together where it has none.
        replicated: (R, L, K) estimates in each replicate, where they do not follow from the sums.

    Returns:
        The arrays of :func:`.linearisation.linearise`.
    """
    statistic, width = totals.by_level.statistic, len(totals.by_level.statistic)
    weights = totals.weights.sum(axis=0)
    point = _divide_sums(totals.answers.sum(axis=0), weights, statistic != "total")
    population = np.broadcast_to(weights, point.shape)
    point = np.where(population > 0, point, np.nan)
    step = max(1, CACHE_SIZE // (design.n_replicates * width))
    variances = []
    for start in range(0, len(point), step):
        block = slice(start, start + step)
        in_replicates = (
            _replicate_by_psus(design, totals, block)
            if replicated is None
            else replicated[:, block]
        )
        variances.append(replicate_variance(design, point[block], in_replicates))
    return {
        "population": population,
        "estimate": point,
        "variance": np.where(population > 0, np.concatenate(variances), np.nan),
        "df": replicate_df(design, totals.weights > 0, point.shape, rule),
        "n": totals.by_level.n,
        "n_yes": totals.by_level.n_yes,
        "spread": totals.by_level.spread(),
    }


def _replace_by_composites(
    table: Cells,
    outcome_names: list[str],
    composites: Mapping[str, Composite],
    design: ReplicateDesign,
    levels: Levels,
    rule: DfRule,
) -> Cells:
    """Put the estimates of composites in the place of those from valid answers alone."""
    check_composite_names(outcome_names, composites)
    cells = {name: np.array(values, dtype=np.float64) for name, values in table.items()}
    cells["imputed"] = np.zeros(cells["estimate"].shape)
    units, psus = len(design.multiplier), design.design
    for name, composite in composites.items():
        counts = composite_counts(design.weight, composite, levels)
        weighted = sum_composite_by_unit(design.weight, design.unit, units, composite, levels)
        based = sum_composite_by_unit(design.base, design.unit, units, composite, levels)
        point = np.array([composite_proportion(sums.sum(axis=0)) for sums in weighted])
        replicated = np.column_stack(
            [composite_proportion(design.multiplier.T @ sums) for sums in based]
        )
        # Without PSUs it only counts whether there is a row at all.
        unit = np.zeros(design.n_rows, dtype=np.intp) if psus is None else design.unit
        present = counts.present(unit, 1 if psus is None else units)
        is_estimated = ~np.isnan(point)
        columns = {
            "population": counts.population,
            "estimate": point,
            "variance": np.where(
                is_estimated, replicate_variance(design, point, replicated), np.nan
            ),
            "df": replicate_df(design, present, point.shape, rule),
            "n": np.where(is_estimated, counts.n, 0),
            "n_yes": np.where(is_estimated, counts.n_yes, 0),
            "imputed": np.nan_to_num(counts.imputed),
        }
        for key, values in columns.items():
            cells[key][:, outcome_names.index(name)] = values
    return cells


def replicate_variance(design: ReplicateDesign, point: Floats, replicated: Floats) -> Floats:
    """Return the variances of estimates.

    Args:
        point: (...) the estimates.
        replicated: (R, ...) their values in the replicates, NaN where one has none: it is left out.

    Returns:
        (...) ``scale · Σ_r rscale_r (θ_r - c)²``; NaN where no replicate has a value.
    """
    counts = design.rscales.reshape(-1, *[1] * point.ndim) > 0
    total = replicated.sum(axis=0)
    if counts.all() and np.isfinite(total).all():
        return _scaled_squares(
            design, replicated - (point if design.mse else total / len(replicated))
        )
    used = counts & np.isfinite(replicated)
    with np.errstate(invalid="ignore"):
        mean = replicated.sum(axis=0, where=used) / used.sum(axis=0)
    deviations = np.where(used, replicated - (point if design.mse else mean), 0.0)
    return np.where(used.any(axis=0), _scaled_squares(design, deviations), np.nan)


def _scaled_squares(design: ReplicateDesign, deviations: Floats) -> Floats:
    squares: Floats = np.einsum("r,r...,r...->...", design.rscales, deviations, deviations)
    return design.scale * squares


def _replicate_by_psus(design: ReplicateDesign, totals: Totals, block: slice) -> Floats:
    """(R, levels, K) estimates in each replicate, which multiplies the totals of PSUs."""
    answers, weights = (
        (design.multiplier.T @ sums[:, block].reshape(len(sums), -1)).reshape(
            design.n_replicates, -1, sums.shape[2]
        )
        for sums in (totals.answers, totals.weights)
    )
    return _divide_sums(answers, weights, totals.by_level.statistic != "total")


def _replicate_by_rows(design: ReplicateDesign, outcomes: Outcomes, levels: Levels) -> Floats:
    """(R, L, K) estimates in each replicate, which has a weight of its own for every row."""
    weight = design.base[:, None] * design.multiplier[design.unit]
    shape = (design.n_replicates, len(levels))
    answers = np.zeros((*shape, outcomes.values.shape[1]))
    weights = np.zeros((*shape, outcomes.valid.shape[1]))
    start, level = levels.members(slice(None))
    row = np.repeat(np.arange(design.n_rows), np.diff(start))
    for index in range(len(levels)):
        rows = row[level == index]
        answers[:, index] = weight[rows].T @ outcomes.values[rows]
        weights[:, index] = weight[rows].T @ outcomes.valid[rows]
    return _divide_sums(answers, weights, outcomes.statistic != "total")


def _divide_sums(answers: Floats, weights: Floats, ratio: Mask) -> Floats:
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
        present: (units, L, K or 1) whether a unit has a case; one unit for supplied weights.
        shape: (L, K).
        rule: see :func:`.degrees_of_freedom.domain_df`; ``"full"`` for supplied weights.
    """
    if design.design is None:
        df = np.where(present.any(axis=0), design.df, 0)
    else:
        df = np.minimum(domain_df(design.design, present, rule), design.n_replicates)
    return np.broadcast_to(df, shape)


# Quantiles with standard errors and intervals from replicate weights.
#
# The quantile is that of :mod:`.quantiles`. By default its interval is Woodruff's with the variance
# of the *share* up to the quantile from the replicates (R ``svyquantile`` of a replicate design,
# ``interval.type = "mean"`` or ``"xlogit"``), which all kinds of replicates estimate well.
# ``"replicates"`` takes the quantile of every replicate instead (``interval.type = "quantile"``).
# Of the jackknife that is refused: leaving out one PSU moves a quantile by a step or not at all,
# and the variance of these steps does not approach the true one (Shao and Wu 1989, Annals of
# Statistics 17).


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
        answers: (n, K) numbers, NaN where there is no answer.
        domains: (n, D) categorical columns; NaN where the row is in no level.
        probabilities: Q probabilities between 0 and 1.
        interval: ``"mean"`` or ``"logit"``: Woodruff's, with the standard error of the share from
            the replicates; ``"replicates"``: ``± t_df`` times that of the quantile itself.
        df_rule: as for :func:`replicate_estimate`.

    Returns:
        The table of :func:`.quantiles.estimate_quantiles`.

    Raises:
        InputError: the frames do not fit, answers are no finite numbers, an argument has no such
            option, or quantiles of jackknife replicates are asked for.
    """
    check_confidence(confidence)
    rule = read_df_rule(design, df_rule)
    share = read_probabilities(probabilities)
    check_quantile_interval(interval, get_args(ReplicateInterval))
    if interval == "replicates" and design.leaves_out_one_psu:
        raise InputError(
            "interval",
            "'replicates' with jackknife replicates, whose quantiles have no usable variance",
            "Choose 'mean' or 'logit', or make replicates by bootstrap or balanced halves",
        )
    coded = code_numbers(answers, design.rows)
    levels = code_levels(domains, design.rows)
    psus = design.design
    unit = np.zeros(design.n_rows, dtype=np.intp) if psus is None else design.unit
    totals = Totals(1 if psus is None else psus.n_psus, len(levels), coded.statistic)
    totals.add(unit, design.weight, levels, coded)
    shape = (len(levels), len(coded.names))
    df = replicate_df(design, totals.weights > 0, shape, rule)
    quantiles_of_outcomes = [
        _answer_quantiles(design, coded, levels, k, share, df[:, k], interval, confidence)
        for k in range(len(coded.names))
    ]
    n = totals.by_level.n + np.zeros(shape)
    population = totals.weights.sum(axis=0) + np.zeros(shape)
    return quantile_table(coded.names, levels, share, n, population, df, quantiles_of_outcomes)


def _answer_quantiles(
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
    shape = (len(levels), len(share))
    estimates, up_to, error = (np.full(shape, np.nan) for _ in range(3))
    distributions = []
    valid = outcomes.valid[:, k if outcomes.valid.shape[1] > 1 else 0] > 0
    start, level_of_entry = levels.members(slice(None))
    row_of_entry = np.repeat(np.arange(design.n_rows), np.diff(start))
    for level in range(len(levels)):
        rows = row_of_entry[level_of_entry == level]
        rows = rows[valid[rows] & (design.weight[rows] > 0)]
        values, weight = outcomes.values[rows, k], design.weight[rows]
        distributions.append(Distribution(values, weight))
        if len(rows) == 0:
            continue
        estimates[level] = distributions[-1].quantile(share)
        replicated = design.base[rows, None] * design.multiplier[design.unit[rows]]
        is_up_to = (values[:, None] <= estimates[level]).astype(float)
        up_to[level] = weight @ is_up_to / weight.sum()
        if interval == "replicates":
            in_replicates = _replicate_quantiles_of_answer(values, replicated, share)
            variance = replicate_variance(design, estimates[level], in_replicates)
        else:
            with np.errstate(invalid="ignore"):
                in_replicates = (replicated.T @ is_up_to) / replicated.sum(axis=0)[:, None]
            variance = replicate_variance(design, up_to[level], in_replicates)
        error[level] = np.sqrt(variance)
    if interval == "replicates":
        half = t_quantile(df, confidence)[:, None] * error
        return estimates, error, estimates - half, estimates + half
    return estimates, *woodruff_limits(distributions, up_to, error, df, interval, confidence)


def _replicate_quantiles_of_answer(values: Floats, weights: Floats, share: Floats) -> Floats:
    """(R, Q) quantiles under each of the (m, R) weights; NaN where all of them are zero."""
    return np.stack(
        [
            Distribution(values[weight > 0], weight[weight > 0]).quantile(share)
            for weight in weights.T
        ]
    )
