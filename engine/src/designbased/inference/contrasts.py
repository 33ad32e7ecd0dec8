"""Contrasts: differences and other weighted sums of estimates from one sample.

The variance of ``Σ c_j θ_j`` is ``cᵀ V c`` with the covariance matrix ``V`` of the estimates, which
two levels of a domain share PSUs in; treating them as independent is wrong in both directions
(Wolter 2007, Introduction to Variance Estimation, section 6.8; R ``svycontrast``).
"""

from collections.abc import Mapping
from itertools import combinations
from typing import TypeAlias

import numpy as np
import pandas as pd

from designbased.arrays import Floats
from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.design.coding import Statistic, code_levels
from designbased.design.degrees_of_freedom import DfRule
from designbased.design.deviations import Deviations
from designbased.design.frames import read_frame
from designbased.design.protocol import Design
from designbased.design.rows import Rows, Table
from designbased.errors import InputError
from designbased.estimates.composites import Composite
from designbased.estimates.covariance import joint_estimates
from designbased.estimates.tabulation import ROUNDING, check_confidence
from designbased.intervals.limits import wald_t
from designbased.variance.scores import two_sided_p

Cell: TypeAlias = tuple[str, str]
Contrasts: TypeAlias = Mapping[str, Mapping[Cell, float]]


def pairs_of_levels(domains: pd.DataFrame | pd.Series) -> dict[str, dict[Cell, float]]:
    """Return the differences between all pairs of levels inside each domain.

    Args:
        domains: (n, D) columns, categorical or text.

    Returns:
        Contrasts for :func:`estimate_contrasts`, named like ``"sex: girl - boy"``, in the order of
        columns and categories, the earlier category less the later one.

    Raises:
        InputError: a column is neither categorical nor text.
    """
    domains = read_frame(domains)
    levels = code_levels(domains, Rows(len(domains)))
    cells = list(zip(levels.domain, levels.name, strict=True))
    return {
        f"{domain}: {a} - {b}": {(domain, a): 1.0, (domain, b): -1.0}
        for (domain, a), (domain_b, b) in combinations(cells, 2)
        if domain == domain_b
    }


def estimate_contrasts(
    design: Design,
    outcomes: Table,
    domains: Table | None,
    wanted: Contrasts,
    statistics: Mapping[str, Statistic] | None = None,
    confidence: float = 0.95,
    df_rule: DfRule | None = None,
    calibration: CalibratedFrame | None = None,
    composites: Mapping[str, Composite] | None = None,
) -> pd.DataFrame:
    """Estimate contrasts of levels, for every outcome.

    Args:
        outcomes: (n, K) numbers; NaN where the answer is not valid.
        domains: (n, D) categorical columns; NaN where the row is in no level. None is all rows.
        wanted: by the name of each contrast the factors of its levels, which are named by domain
            and category: ``{"girls - boys": {("sex", "girl"): 1, ("sex", "boy"): -1}}``. Those of
            all pairs come from :func:`pairs_of_levels`.
        statistics: statistic by outcome; an outcome left out is a proportion.
        df_rule: rule for degrees of freedom, applied to the levels of the contrast together. None
            is ``"strata_with_domain"``; for supplied replicate weights it is ``"full"``.
        calibration: what the weights were calibrated to, for standard errors that account for it;
            None takes the weights as given.
        composites: the parts of outcomes that are "any of" several answers, see
            :mod:`designbased.estimates.composites`.

    Returns:
        One row per outcome and contrast: ``indicator, contrast, estimate, se, ci_low, ci_high``
        (``± t_df · se``), ``df``, ``t`` and the two-sided ``p`` for a contrast of zero. Where
        nothing varies (``se`` = 0), or without degrees of freedom, there is no test: ``t`` and
        ``p`` are NaN.

    Raises:
        InputError: there are no contrasts, one names no such level or a level without valid
            answers, the frames do not fit, or an argument has no such option.
    """
    check_confidence(confidence)
    rule = design.df_rule(df_rule, "strata_with_domain")
    outcomes = design.rows.frame(outcomes, "outcomes")
    joint = joint_estimates(design, outcomes, domains, statistics, calibration, composites)
    matrix = _contrast_matrix(joint.cells, wanted)
    n_outcomes, n_cells = len(outcomes.columns), matrix.shape[1]
    estimates = joint.cells["estimate"].to_numpy().reshape(n_outcomes, n_cells)
    used = matrix != 0
    _refuse_empty_levels(joint.cells, estimates, used, list(wanted))
    # Where the factor is zero a cell without an estimate takes no part.
    point = np.where(np.isnan(estimates), 0.0, estimates) @ matrix.T
    deviations = joint.deviations.reshape(n_outcomes, n_cells)
    unknown = np.isnan(deviations.values).any(axis=0).astype(np.intp) @ used.T.astype(np.intp) > 0
    deviations = Deviations(
        np.where(np.isnan(deviations.values), 0.0, deviations.values), deviations.sign
    )
    scale = np.sqrt(deviations.variances()) @ np.abs(matrix).T
    se = np.sqrt(deviations.combine(matrix).variances())
    se = np.where(unknown, np.nan, np.where(se <= ROUNDING * scale, 0.0, se))
    present = joint.present.reshape(-1, n_outcomes, n_cells)
    df = design.domain_df(present.astype(np.intp) @ used.T.astype(np.intp) > 0, rule)
    low, high = wald_t(point, se, np.nan, df, confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where((se > 0) & (df > 0), point / se, np.nan)
    p = two_sided_p(t, df)
    columns = {
        "estimate": point,
        "se": se,
        "ci_low": low,
        "ci_high": high,
        "df": df,
        "t": t,
        "p": p,
    }
    return pd.DataFrame(
        {
            "indicator": np.repeat([str(name) for name in outcomes.columns], len(wanted)),
            "contrast": list(wanted) * n_outcomes,
            **{name: np.asarray(values).ravel() for name, values in columns.items()},
        }
    )


def _contrast_matrix(cells: pd.DataFrame, contrast_factors: Contrasts) -> Floats:
    """(M, L) factors of the levels."""
    if not contrast_factors:
        raise InputError("wanted", "no contrasts", "Name at least one")
    levels = list(dict.fromkeys(zip(cells["domain"], cells["level"], strict=True)))
    index_of_level = {cell: index for index, cell in enumerate(levels)}
    matrix = np.zeros((len(contrast_factors), len(levels)))
    for row, (name, factors) in enumerate(contrast_factors.items()):
        for cell, factor in factors.items():
            if cell not in index_of_level:
                raise InputError(
                    f"contrast '{name}'",
                    f"no level {cell!r}",
                    f"Name levels like {levels[0]!r}, by domain and category",
                )
            if not np.isfinite(factor):
                raise InputError(f"contrast '{name}'", f"the factor {factor}", "Give a number")
            matrix[row, index_of_level[cell]] = factor
        if not matrix[row].any():
            raise InputError(f"contrast '{name}'", "no factor other than zero", "Give some")
    return matrix


def _refuse_empty_levels(
    cells: pd.DataFrame, estimates: Floats, used: Floats, contrast_names: list[str]
) -> None:
    empty = np.isnan(estimates)[:, None, :] & used
    if empty.any():
        outcome, contrast, level = np.argwhere(empty)[0]
        cell = cells.iloc[outcome * estimates.shape[1] + level]
        raise InputError(
            f"contrast '{contrast_names[contrast]}'",
            f"no valid answers to '{cell['indicator']}' in {cell['domain']} {cell['level']}",
            "Leave the contrast out for this indicator",
        )
