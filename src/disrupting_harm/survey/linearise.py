"""Estimates and standard errors of all indicators in all domains, in one pass over respondents.

The estimator is Taylor linearisation with the ultimate-cluster variance (Binder 1983, International
Statistical Review 51; Wolter 2007, Introduction to Variance Estimation, ch. 6). For a proportion or
mean ``p = Σwy / Σw`` over the valid answers of a domain level, each PSU has the residual

    z_i = (Σ_i wy - p Σ_i w) / Σw,

zero for a PSU without such answers, and the variance is

    V(p) = Σ_h (1 - n_h / N_h) · n_h / (n_h - 1) · Σ_i (z_i - z̄_h)²

over *all* n_h sampled PSUs of stratum h: a domain is a subset of the answers, never of the design.

Sums run through a sparse product and along one axis, always in the same order, so that the same
rows give the same bits whatever the number of processors.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from disrupting_harm.errors import StudyError
from disrupting_harm.survey.calibrated_errors import CalibratedFrame
from disrupting_harm.survey.coding import Levels, Outcomes, Statistic, code_levels, code_outcomes
from disrupting_harm.survey.degrees import DfRule, check_df_rule, domain_df
from disrupting_harm.survey.design import Floats, SurveyDesign
from disrupting_harm.survey.deviations import scaled_deviations
from disrupting_harm.survey.intervals import INTERVALS, PROPORTION_INTERVALS

# PSU x level x indicator tables are made in blocks of levels of about this many numbers (32 MB).
BLOCK_SIZE = 4_000_000
# A standard error this small beside that of simple random sampling is the rounding error of zero.
ROUNDING = 1e-12


def estimate(
    design: SurveyDesign,
    outcomes: pd.DataFrame,
    domains: pd.DataFrame,
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
        domains: (n, D) categorical columns; NaN where the row is in no level. For the whole
            population give a column with one category.
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
    _check_options(interval, confidence)
    check_df_rule(df_rule)
    coded = code_outcomes(outcomes, design.n_rows, statistics)
    levels = code_levels(domains, design.n_rows)
    population, point, variance, df = _psu_estimates(design, coded, levels, calibration, df_rule)
    count, yes, spread = _answer_counts(design, coded, levels)
    simple = _simple_random_variance(coded, point, spread, count, population)
    variance = np.where(variance <= ROUNDING**2 * simple, 0.0, variance)
    with np.errstate(divide="ignore", invalid="ignore"):
        deff = np.where(simple > 0, variance / simple, np.nan)
        n_eff = np.where(variance == 0, count, count / deff)
    se = np.sqrt(variance)
    intervals = np.where(coded.kind == "proportion", interval, "wald_t")
    low, high = _limits(intervals, point, se, count, df, confidence)
    cells = {
        "n": count.astype(np.int64),
        "n_yes": yes,
        "population": population,
        "estimate": point,
        "se": se,
        "ci_low": low,
        "ci_high": high,
        "deff": deff,
        "n_eff": n_eff,
        "df": df.astype(np.int64),
    }
    return pd.DataFrame(
        {
            "indicator": np.repeat(np.array(coded.names, dtype=object), len(levels)),
            "domain": np.tile(np.array(levels.domain, dtype=object), len(coded.names)),
            "level": np.tile(np.array(levels.name, dtype=object), len(coded.names)),
            **{name: values.T.ravel() for name, values in cells.items()},
            "df_design": design.df,
            "interval": np.repeat(intervals, len(levels)),
        }
    )


def _limits(
    intervals: NDArray[np.str_],
    point: Floats,
    se: Floats,
    count: Floats,
    df: Floats,
    confidence: float,
) -> tuple[Floats, Floats]:
    """Lower and upper limits, (L, K) each, with the interval of each outcome."""
    low, high = np.empty_like(point), np.empty_like(point)
    for name in np.unique(intervals):
        own = intervals == name
        low[:, own], high[:, own] = INTERVALS[name](
            point[:, own], se[:, own], count[:, own], df[:, own], confidence
        )
    return low, high


def _check_options(interval: str, confidence: float) -> None:
    if interval not in PROPORTION_INTERVALS:
        options = ", ".join(PROPORTION_INTERVALS)
        raise StudyError("interval", f"the value {interval!r}", f"Choose one of {options}")
    if not 0 < confidence < 1:
        raise StudyError("confidence", f"the value {confidence}", "Give a number such as 0.95")


def _psu_estimates(
    design: SurveyDesign,
    outcomes: Outcomes,
    levels: Levels,
    calibration: CalibratedFrame | None,
    df_rule: DfRule,
) -> Floats:
    """Population, estimate, variance and df, as (4, L, K), in blocks of levels that fit memory."""
    step = max(1, BLOCK_SIZE // (design.n_units * len(outcomes.names)))
    blocks = [
        _psu_block(
            design, outcomes, levels, first, min(first + step, len(levels)), calibration, df_rule
        )
        for first in range(0, len(levels), step)
    ]
    return np.concatenate(blocks, axis=1)


def _psu_block(
    design: SurveyDesign,
    outcomes: Outcomes,
    levels: Levels,
    first: int,
    last: int,
    calibration: CalibratedFrame | None,
    df_rule: DfRule,
) -> Floats:
    inside = (levels.index >= first) & (levels.index < last)
    row, level = levels.row[inside], levels.index[inside] - first
    place = design.unit[row] * (last - first) + level
    by_psu_and_level = csr_array(
        (design.weight[row], (place, row)), shape=(design.n_units * (last - first), design.n_rows)
    )
    cube = (design.n_units, last - first, -1)
    answers = (by_psu_and_level @ outcomes.values).reshape(cube)
    weights = (by_psu_and_level @ outcomes.valid).reshape(cube)
    present = weights > 0
    if design.later_stages:
        present = np.logical_or.reduceat(present, design.psu_start, axis=0)
    df = domain_df(design, present, df_rule)

    total = answers.sum(axis=0)
    population = np.broadcast_to(weights.sum(axis=0), total.shape)
    # A total is already linear: its residual is the weighted answer itself.
    ratio = outcomes.kind != "total"
    denominator = np.where(ratio, population, np.where(population > 0, 1.0, np.nan))
    with np.errstate(invalid="ignore"):
        point = total / denominator
        centre = np.where(ratio, point, 0.0)
        answers -= centre * weights
        answers /= denominator
        if calibration is not None:
            answers -= calibration.explained_totals(
                design, outcomes, row, level, centre, denominator
            )
    deviations = scaled_deviations(design, answers)
    deviations *= deviations
    return np.stack([population, point, deviations.sum(axis=0), np.broadcast_to(df, total.shape)])


def _answer_counts(
    design: SurveyDesign, outcomes: Outcomes, levels: Levels
) -> tuple[Floats, Floats, Floats]:
    """Unweighted answers, unweighted ones, and the spread ``Σw(y - ȳ)²/Σw``, each (L, K)."""
    weight = design.weight[levels.row]
    places = (levels.index, levels.row)
    shape = (len(levels), design.n_rows)
    counted: csr_array = csr_array(((weight > 0).astype(np.float64), places), shape=shape)
    size = (len(levels), len(outcomes.names))
    proportion = outcomes.kind == "proportion"
    count = np.broadcast_to(counted @ outcomes.valid, size)
    yes = np.full(size, np.nan)
    yes[:, proportion] = counted @ outcomes.values[:, proportion]
    spread = np.full(size, np.nan)
    if not proportion.all():
        weighted: csr_array = csr_array((weight, places), shape=shape)
        valid = np.broadcast_to(outcomes.valid, outcomes.values.shape)[:, ~proportion]
        spread[:, ~proportion] = _spread(weighted, outcomes.values[:, ~proportion], valid)
    return count, yes, spread


def _spread(by_level: csr_array, values: Floats, valid: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        # Around a common centre, lest large means swamp small differences.
        centred = (values - values.sum(axis=0) / valid.sum(axis=0)) * valid
        weights = by_level @ valid
        spread: Floats = by_level @ centred**2 / weights - (by_level @ centred / weights) ** 2
    return spread


def _simple_random_variance(
    outcomes: Outcomes, point: Floats, spread: Floats, count: Floats, population: Floats
) -> Floats:
    """Variance of the same estimate from a simple random sample of as many answers."""
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = spread / (count - 1)
        proportion = point * (1 - point) / count
    kinds = [outcomes.kind == "proportion", outcomes.kind == "mean"]
    return np.select(kinds, [proportion, mean], mean * population**2)
