"""Design variances as sums of squares: one deviation for every unit at every stage.

The variance of a linear statistic under stratified sampling in several stages (Särndal, Swensson &
Wretman 1992, Model Assisted Survey Sampling, section 4.3; R ``svyrecvar``) is

    V = Σ_h (1 - f_h) · n_h/(n_h - 1) · Σ_i (z_hi - z̄_h)²
      + Σ_h f_h · Σ_i (1 - f_hi) · m_hi/(m_hi - 1) · Σ_j (z_hij - z̄_hi)² + ...

with the sampling fractions ``f_h = n_h/N_h``, ``f_hi = m_hi/M_hi`` and the totals ``z`` of PSUs, of
units inside PSUs, and so on. With replacement, or without the correction, the first term alone is
the variance of all stages (the ultimate cluster).
"""

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from designbased.arrays import Floats, Integers, Mask
from designbased.errors import InputError, NegativeVarianceWarning

if TYPE_CHECKING:
    from designbased.design.survey_design import SurveyDesign

# A difference this small beside what it is the difference of is a rounding error.
ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class Deviations:
    """Deviations of estimates, whose products sum to variances and covariances.

    Attributes:
        values: (V, ...) deviations; NaN for an estimate whose variance is unknown.
        sign: (V,) factor 1 or -1 of the products of each row, where a variance is a difference of
            sums of squares; None where every product is added.
    """

    values: Floats
    sign: Floats | None = None

    def variances(self) -> Floats:
        """(...) variances of the estimates.

        A difference of sums of squares can be negative: NaN, with a warning.
        """
        if self.sign is None:
            return np.asarray(np.einsum("v...,v...->...", self.values, self.values))
        squares = self.values * self.values
        variances = np.asarray(np.tensordot(self.sign, squares, axes=1))
        variances[np.abs(variances) <= ROUNDING * squares.sum(axis=0)] = 0.0
        negative = variances < 0
        if negative.any():
            variances[negative] = np.nan
            warnings.warn(
                f"The variance of {negative.sum()} of {negative.size} estimates is negative by the "
                "form that the design has, as can happen in small samples: their standard errors "
                "are missing (NaN). Estimate means and ratios rather than totals, take larger "
                "groups, or choose a form that is never negative where there is one",
                NegativeVarianceWarning,
                stacklevel=2,
            )
        return variances

    def without_negative(self) -> "Deviations":
        """Return the same with NaN for estimates whose variance is negative."""
        values = np.where(np.isnan(self.variances()), np.nan, self.values)
        return Deviations(values, self.sign)

    def covariance(self) -> Floats:
        """(..., C, C) covariances of (V, ..., C) deviations, over the last axis."""
        values = np.moveaxis(self.values, 0, -2)
        signed = values if self.sign is None else values * self.sign[:, np.newaxis]
        return np.asarray(np.swapaxes(signed, -1, -2) @ values)

    def combine(self, matrix: Floats) -> "Deviations":
        """Return the deviations of (M, C) sums of the estimates along the last axis."""
        return Deviations(self.values @ matrix.T, self.sign)

    def reshape(self, *shape: int) -> "Deviations":
        """Return the same in another shape (V, *shape)."""
        return Deviations(self.values.reshape(len(self.values), *shape), self.sign)


def scaled_deviations(design: "SurveyDesign", totals: Floats) -> Floats:
    """Turn unit totals into deviations whose products sum to design variances.

    With ``d = scaled_deviations(design, z)`` the variance of ``Σz`` is ``(d * d).sum(axis=0)``, and
    the covariance of two columns is the sum of their products.

    Args:
        design: the design with U units of its last stage (the P PSUs in a one-stage design).
        totals: (U, ...) linearised totals by ``design.unit``; zero for units outside a domain.

    Returns:
        (P, ...) deviations from the stratum mean times ``√((1 - n_h/N_h) n_h/(n_h - 1))``; a lonely
        PSU follows the rule of the design. In a design of several stages the deviations of the
        later stages are stacked below.

    Raises:
        InputError: the totals are not those of the units of the last stage.
    """
    if len(totals) != design.n_units:
        finding = f"{len(totals)} totals for {design.n_units} units of the last stage"
        raise InputError("totals", finding, "Sum by 'design.unit'")
    of_psus, later_stages = later_deviations(
        design, totals, 0, design.n_psus, later_stage_factors(design)
    )
    n_psus = design.stratum_psus
    centre = adjacent_sum_matrix(n_psus) @ of_psus.reshape(design.n_psus, -1)
    centre = centre.reshape(len(n_psus), *totals.shape[1:]) / n_psus[_row_axis_index(totals)]
    if design.lonely.any() and design.lonely_psu == "centre":
        centre[design.lonely] = of_psus.sum(axis=0) / design.n_psus
    first_stage = _scale_deviations(of_psus, centre, n_psus, np.sqrt(first_stage_factor(design)))
    return np.concatenate([first_stage, *later_stages]) if later_stages else first_stage


def has_nothing_to_average(design: "SurveyDesign", present: Mask, first_psu: int = 0) -> Mask:
    """Tell which domains have no variance, as ``lonely_psu="average"`` finds none to average.

    A lonely PSU adds the average of what the strata with several PSUs add to the variance. Where a
    domain has cases in lonely strata alone these add nothing: a standard error of zero would claim
    what nobody knows. R has no number there either.

    Args:
        present: (p, ...) PSUs, in their order, with cases of the domain.
        first_psu: index of the first of these PSUs.
    """
    if design.lonely_psu != "average" or not design.lonely.any():
        return np.zeros(present.shape[1:], dtype=bool)
    stratum = design.psu_stratum[first_psu : first_psu + len(present)]
    nothing: Mask = ~present[~design.lonely[stratum]].any(axis=0)
    return nothing


def first_stage_factor(design: "SurveyDesign") -> Floats:
    """(H,) what squared deviations of PSUs from the mean of their stratum count."""
    n_psus = design.stratum_psus
    factor: Floats = design.unsampled_fraction * n_psus / np.maximum(n_psus - 1, 1)
    if design.lonely.any() and design.lonely_psu == "average":
        factor = factor * design.n_strata / (design.n_strata - design.lonely.sum())
    return factor


def later_stage_factors(design: "SurveyDesign", chance: Floats | None = None) -> list[Floats]:
    """For each later stage, by unit of the stage above, what squared deviations inside it count.

    Args:
        chance: (P,) inclusion probabilities of PSUs; None are the sampling fractions of strata.
    """
    share = (1 - design.unsampled_fraction)[design.psu_stratum] if chance is None else chance
    factors = []
    for stage in design.later_stages:
        fraction, n_units = stage.sampled_fraction, stage.sampled
        factors.append(share * (1 - fraction) * n_units / np.maximum(n_units - 1, 1))
        share = (share * fraction)[stage.parent]
    return factors


def later_deviations(
    design: "SurveyDesign", totals: Floats, first: int, last: int, factors: list[Floats]
) -> tuple[Floats, list[Floats]]:
    """Return the totals of some PSUs, and the scaled deviations at each stage inside them.

    Args:
        totals: totals of the units of the last stage inside these PSUs.
        factors: those of :func:`later_stage_factors`.
    """
    parents = [(first, last)]
    for stage in design.later_stages:
        first, last = int(stage.start[first]), int(stage.start[last])
        parents.append((first, last))
    deviations = []
    for stage, factor, (first, last) in zip(
        reversed(design.later_stages), reversed(factors), parents[-2::-1], strict=True
    ):
        n_units = stage.sampled[first:last]
        totals_above = (adjacent_sum_matrix(n_units) @ totals.reshape(len(totals), -1)).reshape(
            -1, *totals.shape[1:]
        )
        mean = totals_above / n_units[_row_axis_index(totals_above)]
        deviations.append(_scale_deviations(totals, mean, n_units, np.sqrt(factor[first:last])))
        totals = totals_above
    return totals, deviations[::-1]


def adjacent_sum_matrix(group_sizes: Integers) -> csr_array:
    """Return the matrix that adds up the first ``size[0]`` rows, the next ``size[1]``, and so on.

    Like ``np.add.reduceat``, but several times faster for wide tables.
    """
    start = np.concatenate([[0], np.cumsum(group_sizes)])
    rows = int(start[-1])
    return csr_array((np.ones(rows), np.arange(rows), start), shape=(len(group_sizes), rows))


def _scale_deviations(
    totals: Floats, centre: Floats, group_sizes: Integers, factor: Floats
) -> Floats:
    deviations: Floats = totals - np.repeat(centre, group_sizes, axis=0)
    deviations *= np.repeat(factor, group_sizes)[_row_axis_index(totals)]
    return deviations


def _row_axis_index(totals: Floats) -> tuple[slice | None, ...]:
    """Index that lays one number per row along the first axis of ``totals``."""
    return (slice(None),) + (None,) * (totals.ndim - 1)
