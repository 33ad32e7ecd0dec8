"""Ratios of two totals: messages per child, spending per household.

For ``R = Σwy / Σwx`` over the rows of a level with both answers the linearised total of a unit is

    z_i = (Σ_i wy - R Σ_i wx) / Σwx

(Wolter 2007, Introduction to Variance Estimation, section 6.8; R ``svyratio``). A mean is the ratio
with ``x = 1``.
"""

import numpy as np
import pandas as pd

from designbased.arrays import Floats
from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.design.coding import Levels, Outcomes, Statistic, code_levels, code_outcomes
from designbased.design.degrees_of_freedom import DfRule, check_df_rule, domain_df
from designbased.design.rows import Table
from designbased.design.survey_design import SurveyDesign
from designbased.errors import InputError
from designbased.estimates.tabulation import ROUNDING, check_confidence
from designbased.estimates.unit_totals import (
    cell_keys,
    explained_scores,
    flatten_by_outcome,
    psus_present,
    sum_cells,
)
from designbased.intervals.limits import wald_t
from designbased.variance.deviations import has_nothing_to_average, scaled_deviations


def estimate_ratios(
    design: SurveyDesign,
    numerators: pd.DataFrame,
    denominators: pd.DataFrame,
    domains: Table,
    confidence: float = 0.95,
    df_rule: DfRule = "domain_only",
    calibration: CalibratedFrame | None = None,
) -> pd.DataFrame:
    """Estimate ratios in every level of every domain.

    Args:
        numerators: (n, K) numbers, NaN where there is no answer.
        denominators: (n, K) numbers under the same column names, which name the ratios.
        domains: (n, D) categorical columns; NaN where the row is in no level.
        df_rule: rule for degrees of freedom, see :func:`.degrees_of_freedom.domain_df`.
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
    check_df_rule(df_rule)
    numerator, denominator = _code_answered_pairs(design, numerators, denominators)
    levels = code_levels(domains, design.rows)
    numerator_sums, denominator_sums = (
        sum_cells(design, levels, numerator),
        sum_cells(design, levels, denominator),
    )
    population = denominator_sums.weights.sum(axis=0) + np.zeros(numerator_sums.by_level.n.shape)
    total = denominator_sums.answers.sum(axis=0)
    _refuse_zero(total, population, numerator.names, levels)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(population > 0, numerator_sums.answers.sum(axis=0) / total, np.nan)
        centre = np.where(population > 0, ratio, 0.0)
        scores = numerator_sums.answers - centre * denominator_sums.answers
        if calibration is not None:
            scores -= explained_scores(
                calibration, design, levels, numerator.values, denominator.values, centre
            )
        scores /= total
        variance = (scaled_deviations(design, scores) ** 2).sum(axis=0)
        present = psus_present(design, denominator_sums.weights)
        variance = np.where(has_nothing_to_average(design, present), np.nan, variance)
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
    df = np.broadcast_to(domain_df(design, present, df_rule), ratio.shape)
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
    design: SurveyDesign, numerators: pd.DataFrame, denominators: pd.DataFrame
) -> tuple[Outcomes, Outcomes]:
    for table, role in ((numerators, "numerators"), (denominators, "denominators")):
        design.rows.check(table, role)
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
    design: SurveyDesign, levels: Levels, numerator: Outcomes, denominator: Outcomes, ratio: Floats
) -> Floats:
    """(L, K) ``Σw(y - Rx)²``, row by row as the squares of sums would lose digits."""
    spread = np.zeros(ratio.shape)
    for codes, start in zip(levels.codes, levels.start, strict=True):
        rows = np.flatnonzero(codes >= 0)
        level = start + codes[rows].astype(np.intp)
        residual = numerator.values[rows] - ratio[level] * denominator.values[rows]
        np.add.at(spread, level, design.weight[rows, None] * residual**2)
    return spread
