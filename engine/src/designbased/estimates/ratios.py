"""Ratios of two totals: messages per child, spending per household.

For ``R = Σwy / Σwx`` over the rows of a level with both answers the linearised total of a unit is

    z_i = (Σ_i wy - R Σ_i wx) / Σwx

(Wolter 2007, Introduction to Variance Estimation, section 6.8; R ``svyratio``). A mean is the ratio
with ``x = 1``.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from designbased.arrays import Floats, Mask
from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.design.coding import Levels, Outcomes, Statistic, code_levels, code_outcomes
from designbased.design.degrees_of_freedom import DfRule
from designbased.design.protocol import Design, Replicates
from designbased.design.rows import Table
from designbased.errors import InputError
from designbased.estimates.cell_estimator import divide_sums
from designbased.estimates.tabulation import ROUNDING, check_confidence
from designbased.estimates.unit_totals import (
    Totals,
    cell_keys,
    explained_scores,
    flatten_by_outcome,
    sum_cells,
)
from designbased.intervals.limits import wald_t


@dataclass(frozen=True, eq=False)
class RatioEstimator:
    """K ratios in L levels, estimates (L, K); see :class:`~.protocol.Estimator`.

    Attributes:
        levels: the levels.
        numerator, denominator: the answers of the rows, zero where one of the two is missing.
        numerator_sums, denominator_sums: their sums by unit of the design.
        calibration: what the weights were calibrated to, or None.
    """

    design: Design
    levels: Levels
    numerator: Outcomes
    denominator: Outcomes
    numerator_sums: Totals
    denominator_sums: Totals
    calibration: CalibratedFrame | None = None

    @cached_property
    def population(self) -> Floats:
        """(L, K) sum of weights of the rows with both answers."""
        return self.denominator_sums.weights.sum(axis=0) + np.zeros(self.total.shape)

    @cached_property
    def total(self) -> Floats:
        """(L, K) sums of the denominators."""
        return np.asarray(self.denominator_sums.answers.sum(axis=0))

    @cached_property
    def point(self) -> Floats:
        """(L, K) ratios; NaN without cases."""
        ratio = divide_sums(self.numerator_sums.answers.sum(axis=0), self.total, np.array(True))
        return np.where(self.population > 0, ratio, np.nan)

    def present(self) -> Mask:
        """(P, L, K) PSUs with both answers."""
        present = self.design.psus_of_units(self.denominator_sums.weights > 0)
        return np.broadcast_to(present, (len(present), *self.total.shape))

    def unit_totals(self) -> Floats:
        """(U, L, K) linearised totals."""
        centre = np.where(self.population > 0, self.point, 0.0)
        scores = self.numerator_sums.answers - centre * self.denominator_sums.answers
        if self.calibration is not None:
            values = self.numerator.values, self.denominator.values
            scores -= explained_scores(self.calibration, self.design, self.levels, *values, centre)
        with np.errstate(divide="ignore", invalid="ignore"):
            scores /= self.total
        return np.asarray(scores)

    def replicated(self, replicates: Replicates) -> Floats:
        """(R, L, K) ratios in each replicate."""
        numerator, denominator = (
            replicates.sum_cells(self.levels, outcomes, (sums.answers, sums.weights))[0]
            for outcomes, sums in (
                (self.numerator, self.numerator_sums),
                (self.denominator, self.denominator_sums),
            )
        )
        return divide_sums(numerator, denominator, np.array(True))


def estimate_ratios(
    design: Design,
    numerators: Table,
    denominators: Table,
    domains: Table | None = None,
    confidence: float = 0.95,
    df_rule: DfRule | None = None,
    calibration: CalibratedFrame | None = None,
) -> pd.DataFrame:
    """Estimate ratios in every level of every domain.

    Args:
        numerators: (n, K) numbers, NaN where there is no answer.
        denominators: (n, K) numbers under the same column names, which name the ratios.
        domains: (n, D) categorical columns; NaN where the row is in no level. None is all rows.
        df_rule: as for :func:`.linearisation.estimate`.
        calibration: what the weights were calibrated to, for standard errors that account for it;
            None takes the weights as given.

    Returns:
        One row per ratio, domain and category: ``indicator, domain, level``; ``n``, rows with both
        answers; ``population``, the sum of their weights; ``estimate, se``; ``ci_low, ci_high``,
        the estimate ``± t_df · se``; ``deff`` (R ``deff = "replace"``) and ``n_eff`` as for means;
        ``df``. A level without cases has the estimate NaN.

    Raises:
        InputError: the frames do not fit, answers are no finite numbers, a denominator sums to zero
            in a level with cases, or an argument has no such option.
    """
    check_confidence(confidence)
    rule = design.df_rule(df_rule)
    numerator, denominator = _code_answered_pairs(design, numerators, denominators)
    levels = code_levels(domains, design.rows)
    numerator_sums, denominator_sums = (
        sum_cells(design, levels, numerator),
        sum_cells(design, levels, denominator),
    )
    estimator = RatioEstimator(
        design, levels, numerator, denominator, numerator_sums, denominator_sums, calibration
    )
    population, total = estimator.population, estimator.total
    _refuse_zero(total, population, numerator.names, levels)
    ratio = estimator.point
    variance = design.deviations(estimator).variances()
    with np.errstate(divide="ignore", invalid="ignore"):
        n = denominator_sums.by_level.n + np.zeros(ratio.shape)
        spread = _residual_spread(design, levels, numerator, denominator, ratio) / population
        simple_random = spread * n / (n - 1) * (population / total) ** 2 / n
        # Answers in proportion leave rounding errors only, beside the ratio itself.
        simple_random = np.where(simple_random <= ROUNDING**2 * ratio**2, 0.0, simple_random)
        nothing = ROUNDING**2 * np.maximum(simple_random, ratio**2)
        variance = np.where(variance <= nothing, 0.0, variance)
        deff = np.where(simple_random > 0, variance / simple_random, np.nan)
        n_eff = np.where(variance == 0, n, n / deff)
    se = np.sqrt(variance)
    df = design.domain_df(estimator.present(), rule)
    low, high = wald_t(ratio, se, n, df, confidence)
    columns = {
        "n": n.astype(np.int64),
        "population": population,
        "estimate": ratio,
        "se": se,
        "ci_low": low,
        "ci_high": high,
        "deff": deff,
        "n_eff": n_eff,
        "df": df.astype(np.int64),
    }
    cells = {name: flatten_by_outcome(values) for name, values in columns.items()}
    return pd.DataFrame({**cell_keys(numerator.names, levels), **cells})


def _code_answered_pairs(
    design: Design, numerators: Table, denominators: Table
) -> tuple[Outcomes, Outcomes]:
    numerators, denominators = (
        design.rows.frame(numerators, "numerators"),
        design.rows.frame(denominators, "denominators"),
    )
    if list(numerators.columns) != list(denominators.columns):
        raise InputError(
            "denominators",
            f"columns {list(denominators.columns)} for numerators {list(numerators.columns)}",
            "Give both under the names of the ratios, in the same order",
        )
    kinds: dict[str, Statistic] = {str(name): "total" for name in numerators.columns}
    numerator = code_outcomes(numerators, design.rows, kinds)
    denominator = code_outcomes(denominators, design.rows, kinds)
    valid = numerator.valid * denominator.valid
    return (
        Outcomes(numerator.names, numerator.values * valid, valid, numerator.statistic),
        Outcomes(denominator.names, denominator.values * valid, valid, denominator.statistic),
    )


def _refuse_zero(total: Floats, population: Floats, ratio_names: list[str], levels: Levels) -> None:
    zero = (total == 0) & (population > 0)
    if zero.any():
        level, k = np.argwhere(zero)[0]
        raise InputError(
            f"denominators, column '{ratio_names[k]}'",
            f"a sum of zero in {levels.domain[level]} {levels.name[level]}",
            "A ratio to nothing does not exist: leave the level or the ratio out",
        )


def _residual_spread(
    design: Design, levels: Levels, numerator: Outcomes, denominator: Outcomes, ratio: Floats
) -> Floats:
    """(L, K) ``Σw(y - Rx)²``, row by row as the squares of sums would lose digits."""
    spread = np.zeros(ratio.shape)
    for codes, start in zip(levels.codes, levels.start, strict=True):
        rows = np.flatnonzero(codes >= 0)
        level = start + codes[rows].astype(np.intp)
        residual = numerator.values[rows] - ratio[level] * denominator.values[rows]
        np.add.at(spread, level, design.weight[rows, None] * residual**2)
    return spread
