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
        kept: (H,) kept PSUs of each stratum of the first wave.
    """

    matched: Floats
    correlated: Floats
    covariance: Floats
    kept: Integers


def shared_covariance(
    first: SurveyDesign,
    second: SurveyDesign,
    first_deviations: Floats,
    second_deviations: Floats,
    kept: Integers,
) -> SharedCovariance:
    """Return the covariances of estimates of two waves.

    Args:
        first, second: the designs, of one stage and with replacement.
        first_deviations, second_deviations: (P₁, C) and (P₂, C), see
            :attr:`.covariance.JointEstimates.deviations`.
        kept: (k, 2) places of the PSUs that both waves have, in the first and in the second.

    Raises:
        InputError: a design with finite populations or several stages, or a PSU that is kept twice.
    """
    for design in (first, second):
        if design.psu_population is not None or design.later_stages:
            raise InputError(
                "PSUs kept between two waves",
                "a design with finite populations or several stages",
                "Leave the correction for finite populations out, or compare the waves as "
                "independent, which makes intervals longer",
            )
    for side in (0, 1):
        if len(np.unique(kept[:, side])) < len(kept):
            raise InputError(
                "PSUs kept between two waves",
                "one PSU stands for two",
                "Name each PSU of a wave once in the table of kept PSUs",
            )
    one, two = _unscaled(first, first_deviations), _unscaled(second, second_deviations)
    v1, v2 = (first_deviations**2).sum(axis=0), (second_deviations**2).sum(axis=0)
    stratum, of_second = first.psu_stratum[kept[:, 0]], second.psu_stratum[kept[:, 1]]
    # Where strata were drawn anew, places that were together before and are no more are apart.
    group = stratum * second.n_strata + of_second
    matched = _within(one[kept[:, 0]], two[kept[:, 1]], group)
    correlated = _correlation(first, second, one, two, kept) * np.sqrt(v1 * v2)
    count = np.bincount(stratum, minlength=first.n_strata)
    few = np.mean(count < KEPT_AT_LEAST) > 1 / 2
    with np.errstate(invalid="ignore"):
        too_large = v1 + v2 - 2 * matched <= 0
    return SharedCovariance(
        matched, correlated, np.where(few | too_large, correlated, matched), count
    )


def _unscaled(design: SurveyDesign, deviations: Floats) -> Floats:
    """Return deviations from the mean of the stratum without their factor."""
    size = design.stratum_psus[design.psu_stratum].astype(float)
    factor = np.sqrt(size / np.maximum(size - 1, 1))
    unscaled: Floats = deviations / factor[:, np.newaxis]
    return unscaled


def _within(one: Floats, two: Floats, group: Integers) -> Floats:
    """Return the (C,) sums of products about the means of each group; one alone adds nothing."""
    centred = [_centred(values, group) for values in (one, two)]
    _, place = np.unique(group, return_inverse=True)
    size = np.bincount(place)[place].astype(float)
    factor = np.where(size > 1, size / np.maximum(size - 1, 1), 0.0)
    products: Floats = (factor[:, np.newaxis] * centred[0] * centred[1]).sum(axis=0)
    return products


def _correlation(
    first: SurveyDesign, second: SurveyDesign, one: Floats, two: Floats, kept: Integers
) -> Floats:
    """Return Berger and Priam's (C,) correlations; zero where a wave does not vary."""
    in_both: list[Mask] = [np.zeros(design.n_psus, dtype=bool) for design in (first, second)]
    residuals = []
    for side, (design, values) in enumerate(((first, one), (second, two))):
        in_both[side][kept[:, side]] = True
        residuals.append(_centred(values, 2 * design.psu_stratum + in_both[side]))
    products = (residuals[0][kept[:, 0]] * residuals[1][kept[:, 1]]).sum(axis=0)
    squares = [(values**2).sum(axis=0) for values in residuals]
    scale = np.sqrt(squares[0] * squares[1])
    return np.divide(products, scale, out=np.zeros_like(products), where=scale > 0)


def _centred(values: Floats, group: Integers) -> Floats:
    """Return values less the mean of their group."""
    groups, place = np.unique(group, return_inverse=True)
    sums = np.zeros((len(groups), values.shape[1]))
    np.add.at(sums, place, values)
    centred: Floats = values - (sums / np.bincount(place)[:, np.newaxis])[place]
    return centred
