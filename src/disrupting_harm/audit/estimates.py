"""A second, independent computation of proportions and their standard errors, for the audit.

It uses the Taylor estimator of samplics, in the one way that is known to be right: domains as
domains and never as subsets of the data, rows sorted by stratum and PSU, PSU identifiers unique in
the file, and no row removed. Its degrees of freedom and intervals follow other rules than
:mod:`designbased.estimates.linearisation` and are not used.

It makes one call per indicator, so it is meant for a headline table, not for all cells. The call
holds the whole sample once for each domain, one below the other, as groups that samplics estimates
apart (``by``): most of what a call costs is finding strata with one PSU, the same in every group.
"""

import warnings
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from designbased.arrays import Integers
from designbased.design.coding import Levels, code_levels, code_outcomes
from designbased.design.survey_design import SurveyDesign
from designbased.estimates.composite_sums import (
    composite_derivatives,
    composite_proportion,
    sum_composite_by_unit,
)
from designbased.estimates.composites import Composite
from disrupting_harm.core.errors import StudyError

KEYS = ["indicator", "domain", "level"]
# Rows outside every level of the domain, or without a valid answer, form a group of their own.
# They stay in the data because they carry the PSUs of the full design.
OUTSIDE = -1
# Proportions and standard errors below this are rounding errors of zero.
NOTHING = 1e-15


def recompute_by_samplics(
    design: SurveyDesign,
    outcomes: pd.DataFrame,
    domains: pd.DataFrame,
    composites: Mapping[str, Composite] | None = None,
) -> pd.DataFrame:
    """Estimate proportions by domain with samplics.

    Args:
        outcomes: (n, K) answers 0 and 1; NaN where the answer is not valid.
        domains: (n, D) categorical columns; NaN where the row is in no level.
        composites: the parts of outcomes with imputed answers. Their proportion and its derivatives
            come from sums by PSU (see :mod:`.composite_sums`), the variance
            of the linearised total from samplics.

    Returns:
        ``indicator, domain, level, estimate, se``: one row per outcome, domain and category, in the
        order of :func:`.linearisation.estimate`; NaN for levels without cases.

    Raises:
        StudyError: the frames do not fit, or the design has later stages or lonely PSUs that are to
            be centred or averaged, which samplics cannot do.
    """
    if design.lonely_psu in ("centre", "average") and design.lonely.any():
        raise StudyError(
            "lonely_psu",
            f"samplics cannot {design.lonely_psu} a stratum with one PSU",
            "Leave the second estimate out, or choose 'certainty' or 'collapse'",
        )
    if design.later_stages:
        raise StudyError(
            "later_stages",
            "samplics ignores the stages inside PSUs",
            "Leave the second estimate out of designs of several stages",
        )
    coded = code_outcomes(outcomes, design.rows)
    levels = code_levels(domains, design.rows)
    in_sample = design.weight > 0
    rows = []
    for k, indicator in enumerate(coded.names):
        if composites and indicator in composites:
            estimates_by_level = _estimate_composite(design, composites[indicator], levels)
            keys = zip(levels.domain, levels.name, estimates_by_level, strict=True)
            rows += [
                (indicator, domain, name, *estimate_and_se)
                for domain, name, estimate_and_se in keys
            ]
            continue
        answered = in_sample & (np.broadcast_to(coded.valid, coded.values.shape)[:, k] > 0)
        codes = [
            np.where(
                answered & (codes_of_domain >= 0), codes_of_domain.astype(np.intp) + start, OUTSIDE
            )
            for codes_of_domain, start in zip(levels.codes, levels.start, strict=True)
        ]
        by_code = _estimate_by_taylor(design, coded.values[:, k], codes)
        for index, (domain, name) in enumerate(zip(levels.domain, levels.name, strict=True)):
            rows.append((indicator, domain, name, *by_code.get(index, (np.nan, np.nan))))
    return pd.DataFrame(rows, columns=[*KEYS, "estimate", "se"])


def compare_estimates(
    kernel: pd.DataFrame, second: pd.DataFrame, values: Sequence[str] = ("estimate", "se")
) -> pd.DataFrame:
    """Compare two tables of proportions cell by cell.

    Args:
        kernel: table with ``indicator, domain, level`` and the values that are compared.
        second: such a table of the same cells.

    Returns:
        One row per indicator and domain, the largest difference first: ``indicator, domain,
        cells``, and for each value the largest relative difference among its levels (``|a - b| /
        max(|a|, |b|)``), named as ``estimate_difference``. A value on one side only counts as
        infinite.

    Raises:
        StudyError: the tables hold different cells.
    """
    pairs = kernel.merge(second, on=KEYS, how="outer", suffixes=("_a", "_b"), indicator="side")
    one_sided = pairs[pairs["side"] != "both"]
    if len(one_sided):
        cell = ", ".join(str(one_sided.iloc[0][key]) for key in KEYS)
        finding = f"{len(one_sided)} cells stand in one table only, first {cell}"
        raise StudyError("second estimator", finding, "Compute both from the same indicators")
    for value in values:
        pairs[f"{value}_difference"] = _relative_difference(
            pairs[f"{value}_a"].to_numpy(), pairs[f"{value}_b"].to_numpy()
        )
    names = [f"{value}_difference" for value in values]
    by_domain = pairs.groupby(["indicator", "domain"], sort=True)
    differences = by_domain[names].max()
    differences.insert(0, "cells", by_domain.size())
    order = differences[names].max(axis=1).sort_values(ascending=False, kind="stable").index
    return differences.loc[order].reset_index()


def _estimate_by_taylor(
    design: SurveyDesign, values: NDArray[np.float64], codes: Sequence[Integers]
) -> dict[int, tuple[float, float]]:
    """Proportion of ones and its standard error, by code; ``codes`` has all rows once a domain."""
    order = np.argsort(design.psu, kind="stable")
    psu, times = design.psu[order], len(codes)
    estimator, single_psu = _new_estimator()
    with np.errstate(divide="ignore", invalid="ignore"):
        estimator.estimate(
            y=np.tile(values[order], times),
            samp_weight=np.tile(design.weight[order], times),
            stratum=np.tile(design.psu_stratum[psu], times),
            psu=np.tile(psu, times),
            domain=np.concatenate([codes_of_domain[order] for codes_of_domain in codes]),
            by=np.repeat(np.arange(times), len(order)),
            fpc=dict(enumerate(design.unsampled_fraction.tolist())),
            single_psu=single_psu,
        )
    # Without a single "yes" in the data there is no entry for it, and the proportion is zero.
    return {
        int(code): (
            float(estimator.point_est[group][code].get(1.0, 0.0)),
            float(estimator.stderror[group][code].get(1.0, 0.0)),
        )
        for group in estimator.by
        for code in estimator.point_est[group]
        if code != OUTSIDE
    }


def linearise_composite(
    design: SurveyDesign, composite: Composite, levels: Levels
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the (L,) proportions of a composite and the (L, P) changes with each PSU's weight.

    A proportion is NaN, and its changes are zero, where nobody was asked.
    """
    sums = list(sum_composite_by_unit(design.weight, design.psu, design.n_psus, composite, levels))
    points = np.array([composite_proportion(sums_of_level.sum(axis=0)) for sums_of_level in sums])
    changes = np.zeros((len(points), design.n_psus))
    for index in np.flatnonzero(~np.isnan(points)):
        changes[index] = composite_derivatives(sums[index])
    return points, changes


def _estimate_composite(
    design: SurveyDesign, composite: Composite, levels: Levels
) -> list[tuple[float, float]]:
    """Return the proportion of a composite and its standard error in every level."""
    points, changes = linearise_composite(design, composite, levels)
    errors = np.where(np.isnan(points), np.nan, _total_errors(design, changes))
    return list(zip(points.tolist(), errors.tolist(), strict=True))


def _total_errors(design: SurveyDesign, totals: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the standard error of each sum of PSU totals.

    samplics divides by the sum, which is zero here; the same number more in every PSU leaves all
    deviations as they are.
    """
    errors = np.zeros(len(totals))
    varying = [index for index, psu_totals in enumerate(totals) if psu_totals.any()]
    if not varying:
        return errors
    moved = [totals[index] + np.abs(totals[index]).max() for index in varying]
    estimator, single_psu = _new_estimator("total")
    estimator.estimate(
        y=np.concatenate(moved),
        samp_weight=np.ones(len(moved) * design.n_psus),
        stratum=np.tile(design.psu_stratum, len(moved)),
        psu=np.tile(np.arange(design.n_psus), len(moved)),
        by=np.repeat(varying, design.n_psus),
        fpc=dict(enumerate(design.unsampled_fraction.tolist())),
        single_psu=single_psu,
    )
    for index in varying:
        errors[index] = estimator.stderror[index]
    return errors


def load_samplics() -> ModuleType:
    """Import samplics, which announces the end of its maintenance."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        import samplics
    return samplics


def _new_estimator(parameter: str = "prop") -> tuple[Any, Any]:
    samplics = load_samplics()
    # With alpha 1 its interval, which is not used, has no width and cannot overflow.
    estimator = samplics.TaylorEstimator(samplics.PopParam[parameter], alpha=1.0)
    return estimator, samplics.SinglePSUEst.skip


def _relative_difference(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    difference = np.abs(a - b)
    scale = np.maximum(np.abs(a), np.abs(b))
    same = (np.isnan(a) & np.isnan(b)) | (scale < NOTHING)
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = np.where(same, 0.0, difference / scale)
    return np.where(np.isnan(relative), np.inf, relative)
