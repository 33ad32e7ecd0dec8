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
    by_outcome,
    cell_keys,
    explained_scores,
    psus_present,
    sum_cells,
)
from designbased.intervals.limits import wald_t
from designbased.variance.deviations import nothing_to_average, scaled_deviations


def ratios(
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
        design: the design of the n rows.
        numerators: (n, K) numbers, NaN where there is no answer.
        denominators: (n, K) numbers under the same column names, which name the ratios.
        domains: (n, D) categorical columns; NaN where the row is in no level.
        confidence: confidence level, between 0 and 1.
        df_rule: rule for degrees of freedom, see :func:`~.degrees.domain_df`.
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
    above, below = _both_answered(design, numerators, denominators)
    levels = code_levels(domains, design.rows)
    top, bottom = sum_cells(design, levels, above), sum_cells(design, levels, below)
    population = bottom.weights.sum(axis=0) + np.zeros(top.by_level.n.shape)
    total = bottom.answers.sum(axis=0)
    _refuse_zero(total, population, above.names, levels)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(population > 0, top.answers.sum(axis=0) / total, np.nan)
        centre = np.where(population > 0, ratio, 0.0)
        scores = top.answers - centre * bottom.answers
        if calibration is not None:
            scores -= explained_scores(
                calibration, design, levels, above.values, below.values, centre
            )
        scores /= total
        variance = (scaled_deviations(design, scores) ** 2).sum(axis=0)
        present = psus_present(design, bottom.weights)
        variance = np.where(nothing_to_average(design, present), np.nan, variance)
        n = bottom.by_level.n + np.zeros(ratio.shape)
        spread = _residual_spread(design, levels, above, below, ratio) / population
        simple = spread * n / (n - 1) * (population / total) ** 2 / n
        # Answers in proportion leave rounding errors only, beside the ratio itself.
        simple = np.where(simple <= ROUNDING**2 * ratio**2, 0.0, simple)
        nothing = ROUNDING**2 * np.maximum(simple, ratio**2)
        variance = np.where(variance <= nothing, 0.0, variance)
        deff = np.where(simple > 0, variance / simple, np.nan)
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
    cells = {name: by_outcome(values) for name, values in columns.items()}
    return pd.DataFrame({**cell_keys(above.names, levels), **cells})


def _both_answered(
    design: SurveyDesign, numerators: pd.DataFrame, denominators: pd.DataFrame
) -> tuple[Outcomes, Outcomes]:
    for given, where in ((numerators, "numerators"), (denominators, "denominators")):
        design.rows.check(given, where)
    if list(numerators.columns) != list(denominators.columns):
        raise InputError(
            "denominators",
            f"columns {list(denominators.columns)} for numerators {list(numerators.columns)}",
            "Give both under the names of the ratios, in the same order",
        )
    kinds: dict[str, Statistic] = {str(name): "total" for name in numerators.columns}
    above = code_outcomes(numerators, design.rows, kinds)
    below = code_outcomes(denominators, design.rows, kinds)
    both = above.valid * below.valid
    return (
        Outcomes(above.names, above.values * both, both, above.kind),
        Outcomes(below.names, below.values * both, both, below.kind),
    )


def _refuse_zero(total: Floats, population: Floats, names: list[str], levels: Levels) -> None:
    zero = (total == 0) & (population > 0)
    if zero.any():
        level, k = np.argwhere(zero)[0]
        raise InputError(
            f"denominators, column '{names[k]}'",
            f"a sum of zero in {levels.domain[level]} {levels.name[level]}",
            "A ratio to nothing does not exist: leave the level or the ratio out",
        )


def _residual_spread(
    design: SurveyDesign, levels: Levels, above: Outcomes, below: Outcomes, ratio: Floats
) -> Floats:
    """(L, K) ``Σw(y - Rx)²``, row by row as the squares of sums would lose digits."""
    spread = np.zeros(ratio.shape)
    for codes, start in zip(levels.codes, levels.start, strict=True):
        rows = np.flatnonzero(codes >= 0)
        level = start + codes[rows].astype(np.intp)
        residual = above.values[rows] - ratio[level] * below.values[rows]
        np.add.at(spread, level, design.weight[rows, None] * residual**2)
    return spread
