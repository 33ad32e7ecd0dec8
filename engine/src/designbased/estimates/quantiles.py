"""Quantiles with Woodruff intervals.

The quantile ``q`` of probability ``p`` is the smallest answer up to which at least the share ``p``
of the weight lies (type 1 of Hyndman & Fan 1996; R ``svyquantile(qrule = "math")``). Its interval
turns that of the share of answers up to ``q`` back into answers by the same rule (Woodruff 1952,
Journal of the American Statistical Association 47; R ``interval.type = "mean"`` and ``"xlogit"``).
"""

from collections.abc import Sequence
from typing import Literal, TypeAlias, get_args

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from designbased.arrays import Floats, Integers
from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.design.coding import Levels, Outcomes, Statistic, code_levels, code_outcomes
from designbased.design.degrees_of_freedom import DfRule, check_df_rule, domain_df
from designbased.design.rows import Rows, Table
from designbased.design.survey_design import SurveyDesign
from designbased.errors import InputError
from designbased.estimates.tabulation import ROUNDING, check_confidence
from designbased.estimates.unit_totals import cell_keys, psus_present, sum_cells
from designbased.intervals.limits import logit, wald_t
from designbased.variance.deviations import has_nothing_to_average, scaled_deviations

QuantileInterval: TypeAlias = Literal["mean", "logit"]


def estimate_quantiles(
    design: SurveyDesign,
    answers: Table,
    domains: Table,
    probabilities: Sequence[float] = (0.25, 0.5, 0.75),
    interval: QuantileInterval = "mean",
    confidence: float = 0.95,
    df_rule: DfRule = "domain_only",
    calibration: CalibratedFrame | None = None,
) -> pd.DataFrame:
    """Estimate quantiles in every level of every domain.

    Args:
        answers: (n, K) numbers, NaN where there is no answer.
        domains: (n, D) categorical columns; NaN where the row is in no level.
        probabilities: Q probabilities between 0 and 1.
        interval: interval of the share up to the quantile: ``"mean"``, ``± t_df · se``, or
            ``"logit"``, which stays between 0 and 1.
        df_rule: rule for degrees of freedom, see :func:`.degrees_of_freedom.domain_df`.
        calibration: what the weights were calibrated to, for standard errors that account for it;
            None takes the weights as given.

    Returns:
        One row per outcome, domain, category and probability: ``indicator, domain, level,
        probability, n, population, estimate, se, ci_low, ci_high, df``. ``se`` is the width of the
        interval over ``2 t_df``. A limit is NaN where that of the share is outside [0, 1] or does
        not exist: the sample says nothing about it. ``se`` is NaN then, too.

    Raises:
        InputError: the frames do not fit, answers are no finite numbers, or an argument has no such
            option.
    """
    check_confidence(confidence)
    check_df_rule(df_rule)
    share = read_probabilities(probabilities)
    check_quantile_interval(interval, get_args(QuantileInterval))
    coded = code_numbers(answers, design.rows)
    levels = code_levels(domains, design.rows)
    totals = sum_cells(design, levels, coded)
    n = totals.by_level.n + np.zeros((len(levels), len(coded.names)))
    population = totals.weights.sum(axis=0) + np.zeros(n.shape)
    present = psus_present(design, totals.weights)
    df = np.where(has_nothing_to_average(design, present), 0, domain_df(design, present, df_rule))
    df = np.broadcast_to(df, n.shape)
    tables = [
        _cell_quantiles(
            design, coded, levels, k, share, df[:, k], interval, confidence, calibration
        )
        for k in range(len(coded.names))
    ]
    return quantile_table(coded.names, levels, share, n, population, df, tables)


def quantile_table(
    outcome_names: list[str],
    levels: Levels,
    share: Floats,
    n: Floats,
    population: Floats,
    df: Integers,
    quantiles_of_outcomes: Sequence[tuple[Floats, Floats, Floats, Floats]],
) -> pd.DataFrame:
    """Return the table of :func:`estimate_quantiles`.

    Args:
        share: (Q,) probabilities.
        n, population, df: (L, K) of the cells.
        quantiles_of_outcomes: per answer estimates, standard errors and limits, (L, Q) each.
    """
    estimate, se, low, high = (
        np.concatenate(arrays).ravel() for arrays in zip(*quantiles_of_outcomes, strict=True)
    )
    every = np.repeat(np.arange(n.size), len(share))
    keys = {name: np.array(key)[every] for name, key in cell_keys(outcome_names, levels).items()}
    return pd.DataFrame(
        {
            **keys,
            "probability": np.tile(share, n.size),
            "n": n.T.ravel()[every].astype(np.int64),
            "population": population.T.ravel()[every],
            "estimate": estimate,
            "se": se,
            "ci_low": low,
            "ci_high": high,
            "df": df.T.ravel()[every].astype(np.int64),
        }
    )


def _cell_quantiles(
    design: SurveyDesign,
    outcomes: Outcomes,
    levels: Levels,
    k: int,
    share: Floats,
    df: Integers,
    interval: QuantileInterval,
    confidence: float,
    calibration: CalibratedFrame | None,
) -> tuple[Floats, Floats, Floats, Floats]:
    """Estimates, standard errors and limits of one outcome, (L, Q) each."""
    shape = (len(levels), len(share))
    estimates, up_to = np.full(shape, np.nan), np.full(shape, np.nan)
    scores = np.zeros((design.n_units, *shape))
    distributions = []
    answered = (outcomes.valid[:, k if outcomes.valid.shape[1] > 1 else 0] > 0) & (
        design.weight > 0
    )
    start, level_of_entry = levels.members(np.flatnonzero(answered))
    row_of_entry = np.repeat(np.flatnonzero(answered), np.diff(start))
    order = np.argsort(level_of_entry, kind="stable")
    bounds = np.searchsorted(level_of_entry[order], np.arange(len(levels) + 1))
    for level in range(len(levels)):
        rows = row_of_entry[order[bounds[level] : bounds[level + 1]]]
        values, weight, unit = outcomes.values[rows, k], design.weight[rows], design.unit[rows]
        distribution = Distribution(values, weight)
        distributions.append(distribution)
        if len(rows) == 0:
            continue
        estimates[level] = distribution.quantile(share)
        is_up_to = values[:, None] <= estimates[level]
        up_to[level] = weight @ is_up_to / weight.sum()
        score = (is_up_to - up_to[level]) / weight.sum()
        np.add.at(scores[:, level], unit, weight[:, None] * score)
        if calibration is not None:
            scores[:, level] -= calibration.explained_totals(design, rows, score)
    share_se = np.sqrt((scaled_deviations(design, scores) ** 2).sum(axis=0))
    return estimates, *woodruff_limits(distributions, up_to, share_se, df, interval, confidence)


def woodruff_limits(
    distributions: Sequence["Distribution"],
    up_to: Floats,
    share_se: Floats,
    df: Integers,
    interval: str,
    confidence: float,
) -> tuple[Floats, Floats, Floats]:
    """Return standard errors and limits of quantiles from those of the share up to them.

    Args:
        distributions: the distribution of each of L levels.
        up_to, share_se: (L, Q) the share of the weight up to each quantile, and its error.
        df: (L,) degrees of freedom.
        interval: of the share: ``"mean"`` or ``"logit"``.
    """
    limits_of_share = wald_t if interval == "mean" else logit
    limits = limits_of_share(up_to, share_se, np.nan, df[:, None], confidence)
    low, high = (
        np.stack(
            [distribution.quantile(p) for distribution, p in zip(distributions, limit, strict=True)]
        )
        for limit in limits
    )
    return (high - low) / (2 * t_quantile(df, confidence)[:, None]), low, high


def t_quantile(df: Integers, confidence: float) -> Floats:
    """Return the upper t quantile of an interval; NaN without degrees of freedom."""
    upper = stdtrit(np.maximum(df, 1), 1 - (1 - confidence) / 2)
    return np.asarray(np.where(df > 0, upper, np.nan))


class Distribution:
    """The weighted distribution of some answers.

    Args:
        values: (m,) answers.
        weight: (m,) their weights, positive.
    """

    def __init__(self, values: Floats, weight: Floats) -> None:
        order = np.argsort(values, kind="stable")
        self._values = values[order]
        # In extended precision equal weights sum up to an exact half at the middle answer.
        sums = np.cumsum(weight[order].astype(np.longdouble))
        self._cumulative = sums.astype(np.float64)

    def quantile(self, share: Floats) -> Floats:
        """Smallest answers with at least the given shares of the weight up to them.

        Args:
            share: (Q,) shares.

        Returns:
            (Q,) answers; NaN for a share that is NaN or outside [0, 1], or without answers.
        """
        if len(self._values) == 0:
            return np.full(share.shape, np.nan)
        total = self._cumulative[-1]
        exists = (share >= -ROUNDING) & (share <= 1 + ROUNDING)
        clipped = np.clip(np.where(exists, share, 0.0), 0.0, 1.0)
        last_below = np.searchsorted(self._cumulative, clipped * total, side="right") - 1
        last_below = np.maximum(last_below, 0)
        reached = self._cumulative[last_below] / total >= clipped
        index = np.where(reached, last_below, np.minimum(last_below + 1, len(self._values) - 1))
        return np.where(exists, self._values[index], np.nan)


def code_numbers(answers: Table, rows: Rows) -> Outcomes:
    """Check answers of which quantiles are wanted: finite numbers, NaN where there is none."""
    answers = rows.frame(answers, "answers")
    kinds: dict[str, Statistic] = {str(name): "mean" for name in answers.columns}
    return code_outcomes(answers, rows, kinds)


def check_quantile_interval(interval: str, known: Sequence[str]) -> None:
    """Refuse an interval that is none of those known."""
    if interval not in known:
        options = ", ".join(known)
        raise InputError("interval", f"the value {interval!r}", f"Choose one of {options}")


def read_probabilities(probabilities: Sequence[float]) -> Floats:
    """Return probabilities as an array (Q,); those outside 0 to 1 are refused."""
    share = np.asarray(probabilities, dtype=np.float64)
    if share.ndim != 1 or share.size == 0 or not ((share > 0) & (share < 1)).all():
        raise InputError("probabilities", f"{probabilities!r}", "Give numbers between 0 and 1")
    return share
