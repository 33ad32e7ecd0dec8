"""Design variances as sums of squares: one deviation for every unit at every stage.

The variance of a linear statistic under stratified sampling in several stages (Särndal, Swensson &
Wretman 1992, Model Assisted Survey Sampling, section 4.3; R ``svyrecvar``) is

    V = Σ_h (1 - f_h) · n_h/(n_h - 1) · Σ_i (z_hi - z̄_h)²
      + Σ_h f_h · Σ_i (1 - f_hi) · m_hi/(m_hi - 1) · Σ_j (z_hij - z̄_hi)² + ...

with the sampling fractions ``f_h = n_h/N_h``, ``f_hi = m_hi/M_hi`` and the totals ``z`` of PSUs, of
units inside PSUs, and so on. With replacement, or without the correction, the first term alone is
the variance of all stages (the ultimate cluster).
"""

import numpy as np
from scipy.sparse import csr_array

from disrupting_harm.errors import StudyError
from disrupting_harm.survey.design import Floats, Integers, SurveyDesign


def scaled_deviations(design: SurveyDesign, totals: Floats) -> Floats:
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
        StudyError: the totals are not those of the units of the last stage.
    """
    if len(totals) != design.n_units:
        found = f"{len(totals)} totals for {design.n_units} units of the last stage"
        raise StudyError("totals", found, "Sum by 'design.unit'")
    if not design.later_stages:
        return _first_stage(design, totals)
    by_stage = [totals]
    for stage in reversed(design.later_stages):
        by_stage.append(_sums(by_stage[-1], stage.start))
    by_stage.reverse()
    parts = [_first_stage(design, by_stage[0])]
    share = (1 - design.unsampled_fraction)[design.psu_stratum]
    for stage, above, unit_totals in zip(design.later_stages, by_stage, by_stage[1:], strict=False):
        fraction, size = stage.sampled_fraction, stage.sampled
        factor = share * (1 - fraction) * size / np.maximum(size - 1, 1)
        mean = above / size[_rows_of(above)]
        parts.append(_scaled(unit_totals, mean, size, np.sqrt(factor)))
        share = (share * fraction)[stage.parent]
    return np.concatenate(parts)


def _first_stage(design: SurveyDesign, totals: Floats) -> Floats:
    size = design.stratum_psus
    centre = _means(totals, design.stratum_start, size)
    factor = design.unsampled_fraction * size / np.maximum(size - 1, 1)
    if design.lonely.any():
        if design.lonely_psu == "centre":
            centre[design.lonely] = totals.sum(axis=0) / design.n_psus
        if design.lonely_psu == "average":
            factor = factor * design.n_strata / (design.n_strata - design.lonely.sum())
    return _scaled(totals, centre, size, np.sqrt(factor))


def _means(totals: Floats, start: Integers, size: Integers) -> Floats:
    return _sums(totals, start) / size[_rows_of(totals)]


def _sums(totals: Floats, start: Integers) -> Floats:
    """Add up adjacent rows, like ``np.add.reduceat`` but several times faster for wide tables."""
    rows = len(totals)
    adder: csr_array = csr_array(
        (np.ones(rows), np.arange(rows), np.append(start, rows)), shape=(len(start), rows)
    )
    sums: Floats = (adder @ totals.reshape(rows, -1)).reshape(len(start), *totals.shape[1:])
    return sums


def _scaled(totals: Floats, centre: Floats, size: Integers, factor: Floats) -> Floats:
    deviations: Floats = totals - np.repeat(centre, size, axis=0)
    deviations *= np.repeat(factor, size)[_rows_of(totals)]
    return deviations


def _rows_of(totals: Floats) -> tuple[slice | None, ...]:
    """Index that lays one number per row along the first axis of ``totals``."""
    return (slice(None),) + (None,) * (totals.ndim - 1)
