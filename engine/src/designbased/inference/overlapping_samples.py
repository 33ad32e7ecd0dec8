"""The covariance of two samples that have PSUs in common, from deviations of PSU totals.

Each wave keeps its own variance. PSUs that are in both waves carry a covariance: with the
linearised totals z of both waves in the m PSUs that stratum h kept,

    C = Σ_h m_h/(m_h - 1) · Σ_i (z_1hi - z̄_1h)(z_2hi - z̄_2h),

the means over the kept PSUs. Where few PSUs were kept this can exceed what the two variances allow.
Berger and Priam (2016, Journal of the Royal Statistical Society A 179) take the
correlation instead, which cannot: with the residuals r of z (zero in a PSU that is not in the wave)
from its means by stratum × in the first wave × in the second,

    ρ = Σ r₁r₂ / √(Σr₁² Σr₂²),  C = ρ√(V₁V₂).
"""

from dataclasses import dataclass

import numpy as np

from designbased.arrays import Floats, Integers, Mask
from designbased.design.survey_design import SurveyDesign
from designbased.errors import InputError

# So many kept PSUs a stratum needs, in most strata, for the matched covariance.
KEPT_AT_LEAST = 3


@dataclass(frozen=True, eq=False)
class SharedCovariance:
    """Covariances of C pairs of estimates.

    Attributes:
        matched: (C,) from the kept PSUs alone.
        correlated: (C,) from Berger and Priam's correlation.
        covariance: (C,) the one to use: ``matched``, but ``correlated`` where most strata kept
            fewer than three PSUs or the variance of the difference would not be positive.
        n_shared_psus: (H,) kept PSUs of each stratum of the first wave.
    """

    matched: Floats
    correlated: Floats
    covariance: Floats
    n_shared_psus: Integers


def shared_covariance(
    first: SurveyDesign,
    second: SurveyDesign,
    first_deviations: Floats,
    second_deviations: Floats,
    shared_psus: Integers,
) -> SharedCovariance:
    """Return the covariances of estimates of two waves.

    Args:
        first, second: the designs, of one stage and with replacement.
        first_deviations, second_deviations: (P₁, C) and (P₂, C), see
            :attr:`.covariance.JointEstimates.deviations`.
        shared_psus: (k, 2) places of the PSUs that both waves have, in the first and in the second.

    Raises:
        InputError: a design with finite populations or several stages, or a PSU that is kept twice.
    """
    for design in (first, second):
        if design.clustered is not design:
            raise InputError(
                "PSUs kept between two waves",
                "a design with replicate weights, or of another kind",
                "Give designs of strata and PSUs; replicates of both waves are made together, from "
                "stacked_design(..., recurring='overlap')",
            )
        if design.psu_population is not None or design.later_stages:
            raise InputError(
                "PSUs kept between two waves",
                "a design with finite populations or several stages",
                "Leave the correction for finite populations out, or compare the waves as "
                "independent, which makes intervals longer",
            )
    for wave in (0, 1):
        if len(np.unique(shared_psus[:, wave])) < len(shared_psus):
            raise InputError(
                "PSUs kept between two waves",
                "one PSU stands for two",
                "Name each PSU of a wave once in the table of kept PSUs",
            )
    first_unscaled, second_unscaled = (
        _remove_stratum_factor(first, first_deviations),
        _remove_stratum_factor(second, second_deviations),
    )
    v1, v2 = (first_deviations**2).sum(axis=0), (second_deviations**2).sum(axis=0)
    stratum, of_second = first.psu_stratum[shared_psus[:, 0]], second.psu_stratum[shared_psus[:, 1]]
    # Where strata were drawn anew, places that were together before and are no more are apart.
    group = stratum * second.n_strata + of_second
    matched = _products_within_groups(
        first_unscaled[shared_psus[:, 0]], second_unscaled[shared_psus[:, 1]], group
    )
    correlated = _berger_priam_correlation(
        first, second, first_unscaled, second_unscaled, shared_psus
    ) * np.sqrt(v1 * v2)
    count = np.bincount(stratum, minlength=first.n_strata)
    few = np.mean(count < KEPT_AT_LEAST) > 1 / 2
    with np.errstate(invalid="ignore"):
        too_large = v1 + v2 - 2 * matched <= 0
    return SharedCovariance(
        matched, correlated, np.where(few | too_large, correlated, matched), count
    )


def _remove_stratum_factor(design: SurveyDesign, deviations: Floats) -> Floats:
    """Return deviations from the mean of the stratum without their factor."""
    n_psus = design.stratum_psus[design.psu_stratum].astype(float)
    factor = np.sqrt(n_psus / np.maximum(n_psus - 1, 1))
    unscaled: Floats = deviations / factor[:, np.newaxis]
    return unscaled


def _products_within_groups(first: Floats, second: Floats, group: Integers) -> Floats:
    """Return the (C,) sums of products about the means of each group; one alone adds nothing."""
    centred = [_centre_by_group(values, group) for values in (first, second)]
    _, group_index = np.unique(group, return_inverse=True)
    group_size = np.bincount(group_index)[group_index].astype(float)
    factor = np.where(group_size > 1, group_size / np.maximum(group_size - 1, 1), 0.0)
    products: Floats = (factor[:, np.newaxis] * centred[0] * centred[1]).sum(axis=0)
    return products


def _berger_priam_correlation(
    first: SurveyDesign,
    second: SurveyDesign,
    first_values: Floats,
    second_values: Floats,
    shared_psus: Integers,
) -> Floats:
    """Return Berger and Priam's (C,) correlations; zero where a wave does not vary."""
    in_both: list[Mask] = [np.zeros(design.n_psus, dtype=bool) for design in (first, second)]
    residuals = []
    for wave, (design, values) in enumerate(((first, first_values), (second, second_values))):
        in_both[wave][shared_psus[:, wave]] = True
        residuals.append(_centre_by_group(values, 2 * design.psu_stratum + in_both[wave]))
    products = (residuals[0][shared_psus[:, 0]] * residuals[1][shared_psus[:, 1]]).sum(axis=0)
    squares = [(values**2).sum(axis=0) for values in residuals]
    scale = np.sqrt(squares[0] * squares[1])
    return np.divide(products, scale, out=np.zeros_like(products), where=scale > 0)


def _centre_by_group(values: Floats, group: Integers) -> Floats:
    """Return values less the mean of their group."""
    groups, group_index = np.unique(group, return_inverse=True)
    sums = np.zeros((len(groups), values.shape[1]))
    np.add.at(sums, group_index, values)
    centred: Floats = values - (sums / np.bincount(group_index)[:, np.newaxis])[group_index]
    return centred
