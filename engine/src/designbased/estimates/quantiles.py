"""Quantiles with Woodruff intervals.

The quantile ``q`` of probability ``p`` is the smallest answer up to which at least the share ``p``
of the weight lies (type 1 of Hyndman & Fan 1996; R ``svyquantile(qrule = "math")``). Its interval
turns that of the share of answers up to ``q`` back into answers by the same rule (Woodruff 1952,
Journal of the American Statistical Association 47; R ``interval.type = "mean"`` and ``"xlogit"``).

Replicates estimate the variance of the *share* well, whatever their kind. The interval
``"replicates"`` takes the quantile of every replicate instead (R ``interval.type = "quantile"``).
Of the jackknife that is refused: leaving out one PSU moves a quantile by a step or not at all, and
the variance of these steps does not approach the true one (Shao and Wu 1989, Annals of Statistics
17).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal, TypeAlias, get_args

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from designbased.arrays import Floats, Integers, Mask
from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.design.coding import Levels, Outcomes, Statistic, code_levels, code_outcomes
from designbased.design.degrees_of_freedom import DfRule
from designbased.design.protocol import Design, Replicates
from designbased.design.rows import Rows, Table
from designbased.errors import InputError
from designbased.estimates.tabulation import ROUNDING, check_confidence
from designbased.estimates.unit_totals import cell_keys, sum_cells
from designbased.intervals.limits import logit, wald_t

QuantileInterval: TypeAlias = Literal["mean", "logit", "replicates"]


def estimate_quantiles(
    design: Design,
    answers: Table,
    domains: Table | None = None,
    probabilities: Sequence[float] = (0.25, 0.5, 0.75),
    interval: QuantileInterval = "mean",
    confidence: float = 0.95,
    df_rule: DfRule | None = None,
    calibration: CalibratedFrame | None = None,
) -> pd.DataFrame:
    """Estimate quantiles in every level of every domain.

    Args:
        answers: (n, K) numbers, NaN where there is no answer.
        domains: (n, D) categorical columns; NaN where the row is in no level. None is all rows.
        probabilities: Q probabilities between 0 and 1.
        interval: interval of the share up to the quantile: ``"mean"``, ``± t_df · se``, or
            ``"logit"``, which stays between 0 and 1; or ``"replicates"``, ``± t_df`` times the
            standard error of the quantile itself from replicates.
        df_rule: as for :func:`.linearisation.estimate`.
        calibration: what the weights were calibrated to, for standard errors that account for it;
            None takes the weights as given.

    Returns:
        One row per outcome, domain, category and probability: ``indicator, domain, level,
        probability, n, population, estimate, se, ci_low, ci_high, df``. ``se`` is the width of the
        interval over ``2 t_df``. A limit is NaN where that of the share is outside [0, 1] or does
        not exist: the sample says nothing about it. ``se`` is NaN then, too.

    Raises:
        InputError: the frames do not fit, answers are no finite numbers, an argument has no such
            option, or ``"replicates"`` are asked of a design without, or of the jackknife.
    """
    check_confidence(confidence)
    rule = design.df_rule(df_rule)
    share = read_probabilities(probabilities)
    check_quantile_interval(interval, get_args(QuantileInterval))
    coded = code_numbers(answers, design.rows)
    levels = code_levels(domains, design.rows)
    totals = sum_cells(design, levels, coded)
    n = totals.by_level.n + np.zeros((len(levels), len(coded.names)))
    population = totals.weights.sum(axis=0) + np.zeros(n.shape)
    present = design.psus_of_units(totals.weights > 0)
    df = np.broadcast_to(design.domain_df(present, rule), n.shape)
    present = np.broadcast_to(present, (len(present), *n.shape))
    tables = [
        _cell_quantiles(
            QuantileEstimator.from_answers(
                design, coded, k, levels, share, present[:, :, k], calibration
            ),
            df[:, k],
            interval,
            confidence,
        )
        for k in range(len(coded.names))
    ]
    return quantile_table(coded.names, levels, share, n, population, df, tables)


@dataclass(frozen=True, eq=False)
class QuantileEstimator:
    """Q quantiles of one answer in L levels, estimates (L, Q); see :class:`~.protocol.Estimator`.

    Attributes:
        members: the (m,) rows with an answer in each level.
        answers: (n,) answers.
        share: (Q,) probabilities.
        psus_present: (P, L) PSUs with an answer.
        calibration: what the weights were calibrated to, or None.
    """

    design: Design
    members: list[Integers]
    answers: Floats
    share: Floats
    psus_present: Mask
    calibration: CalibratedFrame | None = None

    @classmethod
    def from_answers(
        cls,
        design: Design,
        outcomes: Outcomes,
        k: int,
        levels: Levels,
        share: Floats,
        present: Mask,
        calibration: CalibratedFrame | None,
    ) -> "QuantileEstimator":
        """Find the rows of every level for the k-th answer."""
        valid = outcomes.valid[:, k if outcomes.valid.shape[1] > 1 else 0] > 0
        answered = np.flatnonzero(valid & (design.weight > 0))
        start, level = levels.members(answered)
        row = np.repeat(answered, np.diff(start))
        order = np.argsort(level, kind="stable")
        bounds = np.searchsorted(level[order], np.arange(len(levels) + 1))
        members = [row[order[first:last]] for first, last in pairwise(bounds)]
        return cls(design, members, outcomes.values[:, k], share, present, calibration)

    @cached_property
    def distributions(self) -> list["Distribution"]:
        """The distribution of each level."""
        weight = self.design.weight
        return [Distribution(self.answers[rows], weight[rows]) for rows in self.members]

    @cached_property
    def point(self) -> Floats:
        """(L, Q) quantiles; NaN without answers."""
        return np.stack([distribution.quantile(self.share) for distribution in self.distributions])

    def present(self) -> Mask:
        """(P, L, Q) PSUs with an answer."""
        shape = (*self.psus_present.shape, len(self.share))
        return np.broadcast_to(self.psus_present[:, :, np.newaxis], shape)

    def unit_totals(self) -> Floats:
        """Refuse: a quantile has no linearised totals; see :class:`ShareEstimator`."""
        finding = "'replicates' with a design that has none"
        remedy = "Choose 'mean' or 'logit', or make replicates by bootstrap or balanced halves"
        raise InputError("interval", finding, remedy)

    def replicated(self, replicates: Replicates) -> Floats:
        """(R, L, Q) quantiles in each replicate; NaN where all of its weights are zero."""
        if replicates.leaves_out_one_psu:
            raise InputError(
                "interval",
                "'replicates' with jackknife replicates, whose quantiles have no usable variance",
                "Choose 'mean' or 'logit', or make replicates by bootstrap or balanced halves",
            )
        levels = []
        for rows in self.members:
            values = self.answers[rows]
            quantiles = [
                Distribution(values[weight > 0], weight[weight > 0]).quantile(self.share)
                for weight in replicates.of_rows(rows).T
            ]
            levels.append(np.stack(quantiles))
        return np.stack(levels, axis=1)


@dataclass(frozen=True, eq=False)
class ShareEstimator:
    """Shares of answers up to quantiles, estimates (L, Q); see :class:`~.protocol.Estimator`."""

    quantiles: QuantileEstimator

    @property
    def calibration(self) -> CalibratedFrame | None:
        """What the weights were calibrated to, or None."""
        return self.quantiles.calibration

    def _split_by_quantile(self) -> Iterator[tuple[Integers, Mask]]:
        """Yield the (m,) rows of each level and whether (m, Q) each answer is up to a quantile."""
        answers, points = self.quantiles.answers, self.quantiles.point
        for rows, point in zip(self.quantiles.members, points, strict=True):
            yield rows, answers[rows, np.newaxis] <= point

    @cached_property
    def point(self) -> Floats:
        """(L, Q) shares; NaN without answers."""
        shares = np.full(self.quantiles.point.shape, np.nan)
        for level, (rows, is_up_to) in enumerate(self._split_by_quantile()):
            weight = self.quantiles.design.weight[rows]
            if len(rows):
                shares[level] = weight @ is_up_to / weight.sum()
        return shares

    def present(self) -> Mask:
        """(P, L, Q) PSUs with an answer."""
        return self.quantiles.present()

    def unit_totals(self) -> Floats:
        """(U, L, Q) linearised totals."""
        design = self.quantiles.design
        scores = np.zeros((design.n_units, *self.point.shape))
        for level, (rows, is_up_to) in enumerate(self._split_by_quantile()):
            weight, unit = design.weight[rows], design.unit[rows]
            score = (is_up_to - self.point[level]) / weight.sum()
            np.add.at(scores[:, level], unit, weight[:, np.newaxis] * score)
            if self.calibration is not None and len(rows):
                scores[:, level] -= self.calibration.explained_totals(design, rows, score)
        return scores

    def replicated(self, replicates: Replicates) -> Floats:
        """(R, L, Q) shares in each replicate, up to the quantiles of the sample."""
        levels = []
        for rows, is_up_to in self._split_by_quantile():
            weights = replicates.of_rows(rows)
            with np.errstate(invalid="ignore"):
                levels.append((weights.T @ is_up_to) / weights.sum(axis=0)[:, np.newaxis])
        return np.stack(levels, axis=1)


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
    estimator: QuantileEstimator, df: Integers, interval: QuantileInterval, confidence: float
) -> tuple[Floats, Floats, Floats, Floats]:
    """Estimates, standard errors and limits of one answer, (L, Q) each."""
    point, design = estimator.point, estimator.design
    if interval == "replicates":
        se = np.sqrt(design.deviations(estimator).variances())
        half = t_quantile(df, confidence)[:, np.newaxis] * se
        return point, se, point - half, point + half
    shares = ShareEstimator(estimator)
    share_se = np.sqrt(design.deviations(shares).variances())
    return point, *woodruff_limits(
        estimator.distributions, shares.point, share_se, df, interval, confidence
    )


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
