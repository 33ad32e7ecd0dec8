"""Estimates and standard errors of all indicators in all domains at once.

The estimator is Taylor linearisation with the ultimate-cluster variance (Binder 1983, International
Statistical Review 51; Wolter 2007, Introduction to Variance Estimation, ch. 6). For a proportion or
mean ``p = Σwy / Σw`` over the valid answers of a domain level, each PSU has the residual

    z_i = (Σ_i wy - p Σ_i w) / Σw,

zero for a PSU without such answers, and the variance is

    V(p) = Σ_h (1 - n_h / N_h) · n_h / (n_h - 1) · Σ_i (z_i - z̄_h)²

over *all* n_h sampled PSUs of stratum h: a domain is a subset of the answers, never of the design.

All of it follows from sums by sampling unit and level (:mod:`disrupting_harm.survey.totals`), which
are made in blocks that fit memory and always in the same order, so that the same rows give the same
bits whatever the number of processors.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeAlias

import numpy as np
import pandas as pd

from disrupting_harm.survey.calibrated_errors import CalibratedFrame
from disrupting_harm.survey.coding import (
    Levels,
    Outcomes,
    Statistic,
    code_levels,
    code_outcomes,
    outcome_kinds,
)
from disrupting_harm.survey.degrees import DfRule, check_df_rule, domain_df
from disrupting_harm.survey.design import Floats, SurveyDesign
from disrupting_harm.survey.deviations import scaled_deviations
from disrupting_harm.survey.tabulation import Cells, check_options, join, tabulate
from disrupting_harm.survey.totals import Totals

# What calibration explains of the scores of the levels from one to another, given what is
# subtracted from each answer and what the result is divided by: (U, levels, K).
Explained: TypeAlias = Callable[[int, int, Floats, Floats], Floats]

# Answers, and sums of them, are held in blocks of about this many numbers (64 MB), unless a single
# outcome or level takes more.
BLOCK_SIZE = 8_000_000
# About this many numbers stay in the processor's cache, where work on them is several times faster.
CACHE_SIZE = 150_000
# Every block of levels goes through all rows, so even a large table is cut into a few blocks only.
FEW_BLOCKS = 4


def estimate(
    design: SurveyDesign,
    outcomes: pd.DataFrame,
    domains: pd.DataFrame | None = None,
    statistics: Mapping[str, Statistic] | None = None,
    interval: str = "korn_graubard",
    confidence: float = 0.95,
    calibration: CalibratedFrame | None = None,
    df_rule: DfRule = "domain_only",
) -> pd.DataFrame:
    """Estimate every outcome in every level of every domain.

    Args:
        design: the design of the n rows.
        outcomes: (n, K) numbers; NaN where the answer is not valid. Proportions hold 0 and 1.
        domains: (n, D) categorical columns; NaN where the row is in no level. None is the whole
            population: the domain "total" with the level "all".
        statistics: statistic by outcome; an outcome left out is a proportion.
        interval: interval for proportions, one of ``PROPORTION_INTERVALS``. Means and totals have
            ``wald_t``.
        confidence: confidence level, between 0 and 1.
        calibration: what the weights were calibrated to, for standard errors that account for it;
            None takes the weights as given.
        df_rule: rule for the degrees of freedom, see :func:`~.degrees.domain_df`.

    Returns:
        One row per outcome, domain and category, also for categories without cases (``n`` = 0,
        estimate NaN), in the order of the columns and categories:

        - ``indicator, domain, level``;
        - ``n``: unweighted valid answers; ``n_yes``: unweighted ones (NaN unless a proportion).
          Rows of weight zero are outside the sample and not counted;
        - ``population``: sum of weights of the valid answers;
        - ``estimate, se, ci_low, ci_high``: a total is that of the valid answers;
        - ``deff``: variance over that of a simple random sample drawn with replacement, which is
          ``p(1-p)/n`` for proportions, ``s²/n`` for means and ``(Σw)² s²/n`` for totals, where
          ``s² = n/(n-1) · Σw(y - ȳ)²/Σw`` (R ``deff = "replace"``); NaN where that is zero;
        - ``n_eff``: ``n / deff``, not capped; ``n`` where the standard error is zero;
        - ``df``: degrees of freedom of the valid answers in the level by ``df_rule``;
          ``df_design``: PSUs less strata of the whole design;
        - ``interval``: the name of the interval.

    Raises:
        StudyError: the frames do not fit the design, an outcome or domain has the wrong type or
            values, or an argument has no such option.
    """
    check_options(interval, confidence)
    check_df_rule(df_rule)
    names, kind = outcome_kinds(outcomes, design.n_rows, statistics)
    levels = code_levels(_everyone(design) if domains is None else domains, design.n_rows)
    width = max(1, BLOCK_SIZE // design.n_rows)
    blocks = []
    for first in range(0, len(names), width):
        some = slice(first, first + width)
        own = dict(zip(outcomes.columns[some], kind[some].tolist(), strict=True))
        coded = code_outcomes(outcomes.iloc[:, some], design.n_rows, own)
        blocks.append(_estimate_block(design, coded, levels, calibration, df_rule))
    return tabulate(design.df, names, kind, levels, join(blocks, axis=1), interval, confidence)


def linearise(
    design: SurveyDesign,
    totals: Totals,
    df_rule: DfRule = "domain_only",
    explained: Explained | None = None,
) -> Cells:
    """Turn sums by unit and level into estimates and their variances.

    Args:
        design: the design of the U units.
        totals: sums over all rows, for L levels and K outcomes.
        df_rule: see :func:`disrupting_harm.survey.degrees.domain_df`.
        explained: what calibration explains of the scores.

    Returns:
        Arrays (L, K): ``population, estimate, variance, df, n, n_yes, spread``, the last
        ``Σw(y - ȳ)²/Σw`` for means and totals and NaN for proportions.
    """
    n_units, n_levels, n_outcomes = totals.answers.shape
    step = max(1, CACHE_SIZE // (n_units * n_outcomes))
    pieces = [
        _linearise_levels(design, totals, first, min(first + step, n_levels), df_rule, explained)
        for first in range(0, n_levels, step)
    ]
    counts = {"n": totals.n, "n_yes": totals.n_yes, "spread": totals.spread()}
    return join(pieces, axis=0) | counts


def _everyone(design: SurveyDesign) -> pd.DataFrame:
    all_rows = np.zeros(design.n_rows, dtype=np.int8)
    return pd.DataFrame({"total": pd.Categorical.from_codes(all_rows, pd.Index(["all"]))})


def _estimate_block(
    design: SurveyDesign,
    outcomes: Outcomes,
    levels: Levels,
    calibration: CalibratedFrame | None,
    df_rule: DfRule,
) -> Cells:
    """Estimate some outcomes, in blocks of levels."""
    sums = design.n_units * len(outcomes.names)
    step = max(1, CACHE_SIZE // sums, min(-(-len(levels) // FEW_BLOCKS), BLOCK_SIZE // sums))
    blocks = []
    for first in range(0, len(levels), step):
        block = levels.between(first, first + step)
        explained = None
        if calibration is not None:
            explained = partial(_explained, design, outcomes, block, calibration)
        totals = Totals(design.n_units, len(block), outcomes.kind)
        totals.add(design.unit, design.weight, block, outcomes)
        blocks.append(linearise(design, totals, df_rule, explained))
    return join(blocks, axis=0)


def _linearise_levels(
    design: SurveyDesign,
    totals: Totals,
    first: int,
    last: int,
    df_rule: DfRule,
    explained: Explained | None,
) -> Cells:
    answers, weights = totals.answers[:, first:last], totals.weights[:, first:last]
    present = weights > 0
    if design.later_stages:
        present = np.logical_or.reduceat(present, design.psu_start, axis=0)
    df = domain_df(design, present, df_rule)

    total = answers.sum(axis=0)
    population = np.broadcast_to(weights.sum(axis=0), total.shape)
    # A total is already linear: its residual is the weighted answer itself.
    ratio = totals.kind != "total"
    denominator = np.where(ratio, population, np.where(population > 0, 1.0, np.nan))
    with np.errstate(invalid="ignore"):
        point = total / denominator
        centre = np.where(ratio, point, 0.0)
        scores = answers - centre * weights
        scores /= denominator
        if explained is not None:
            scores -= explained(first, last, centre, denominator)
    deviations = scaled_deviations(design, scores)
    deviations *= deviations
    return {
        "population": population,
        "estimate": point,
        "variance": deviations.sum(axis=0),
        "df": np.broadcast_to(df, total.shape),
    }


def _explained(
    design: SurveyDesign,
    outcomes: Outcomes,
    levels: Levels,
    calibration: CalibratedFrame,
    first: int,
    last: int,
    centre: Floats,
    denominator: Floats,
) -> Floats:
    start, level = levels.between(first, last).members(slice(None))
    row = np.repeat(np.arange(design.n_rows), np.diff(start))
    places = level.astype(np.intp)
    return calibration.explained_totals(design, outcomes, row, places, centre, denominator)
