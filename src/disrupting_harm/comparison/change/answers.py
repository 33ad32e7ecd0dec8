"""What a comparison of waves needs from the answers themselves: shared PSUs, fixed composition.

Beside the crude change stands the change among fixed composition: both waves have the composition
of the first, by direct standardisation with the shares w of its groups, taken as known. With d =
w'(p₂ - p₁),

    V = w'V₁w + w'V₂w - 2·Cov(w'p₁, w'p₂)

where V₁ and V₂ are the covariance matrices of the groups (R ``svystandardize``). The shares are of
the children behind the first estimate, so that w'p₁ is that estimate itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from designbased.arrays import Floats, Integers
from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.design.coding import Statistic
from designbased.design.survey_design import SurveyDesign
from designbased.estimates.composites import Composite
from designbased.estimates.covariance import JointEstimates, joint_estimates
from designbased.inference.overlapping_samples import shared_covariance
from disrupting_harm.comparison.change.differences import Waves, differences
from disrupting_harm.publication.reliability import floats

KEYS = ["indicator", "domain", "level"]


@dataclass(frozen=True, eq=False)
class Answers:
    """The answers of one wave.

    Attributes:
        design: the design of the n rows.
        outcomes: (n, K) indicators.
        domains: (n, D) categorical.
        statistics: statistic of each indicator.
        composites: the parts of composites whose open answers are imputed.
        calibration: what the weights were calibrated to, if errors account for it.
    """

    design: SurveyDesign
    outcomes: pd.DataFrame
    domains: pd.DataFrame
    statistics: Mapping[str, Statistic]
    composites: Mapping[str, Composite]
    calibration: CalibratedFrame | None = None

    def joint(self, domains: pd.DataFrame) -> JointEstimates:
        """Return all estimates in some domains with their deviations."""
        return joint_estimates(
            self.design,
            self.outcomes,
            domains,
            self.statistics,
            self.calibration,
            self.composites,
        )


def covariances(first: Answers, second: Answers, kept: Integers) -> "pd.Series[float]":
    """Return the covariance of each cell's estimates in two waves, by indicator, domain, level.

    Args:
        first, second: with the same indicators and domains.
        kept: (k, 2) places of the PSUs that both waves have.
    """
    one, two = first.joint(first.domains), second.joint(second.domains)
    shared = shared_covariance(first.design, second.design, one.deviations, two.deviations, kept)
    keys = pd.MultiIndex.from_frame(one.cells[KEYS])
    return pd.Series(np.nan_to_num(shared.covariance), index=keys)


def fixed_composition(
    first: Answers,
    second: Answers,
    domain: str,
    df: pd.DataFrame,
    kept: Integers | None = None,
) -> pd.DataFrame:
    """Return by indicator the change among children composed as in the first wave.

    Args:
        first, second: with the same indicators and domains.
        domain: whose levels are kept fixed, such as sex and age.
        df: ``first`` and ``second`` by indicator, the degrees of freedom of the national estimates.
        kept: (k, 2) places of the PSUs that both waves have; None: no PSU in common.

    Returns:
        ``difference, se, df`` by indicator. Where a level has no answer in one of the
        waves nobody can stand for it, and there are no numbers.
    """
    shares = _shares(first, domain)
    sides = [_standardised(wave, domain, shares) for wave in (first, second)]
    variance = [(deviations**2).sum(axis=0) for _, deviations in sides]
    covariance = np.zeros(len(variance[0]))
    if kept is not None:
        one, two = (np.nan_to_num(deviations) for _, deviations in sides)
        shared = shared_covariance(first.design, second.design, one, two, kept)
        covariance = np.nan_to_num(shared.covariance)
    names = list(first.outcomes)
    waves = [
        pd.DataFrame(
            {"estimate": estimate, "se": np.sqrt(v), "df": df.loc[names, side].to_numpy()},
            index=pd.Index(names, name="indicator"),
        )
        for (estimate, _), v, side in zip(sides, variance, ("first", "second"), strict=True)
    ]
    return differences(Waves(waves[0], waves[1], covariance))[["difference", "se", "df"]]


def _shares(wave: Answers, domain: str) -> Floats:
    """Return the (K, L) weighted shares of the levels among those who answered each indicator."""
    level = wave.domains[domain].cat.codes.to_numpy()
    count = len(wave.domains[domain].cat.categories)
    shares = np.zeros((wave.outcomes.shape[1], count))
    for k, name in enumerate(wave.outcomes):
        composite = wave.composites.get(str(name))
        answered = wave.outcomes[name].notna().to_numpy() if composite is None else composite.asked
        rows = answered & (level >= 0)
        shares[k] = np.bincount(level[rows], wave.design.weight[rows], count)
    with np.errstate(invalid="ignore"):
        normed: Floats = shares / shares.sum(axis=1, keepdims=True)
    return normed


def _standardised(wave: Answers, domain: str, shares: Floats) -> tuple[Floats, Floats]:
    """Return (K,) standardised estimates and their (P, K) deviations."""
    joint = wave.joint(wave.domains[[domain]])
    estimate = floats(joint.cells, "estimate").reshape(shares.shape)
    deviations = joint.deviations.reshape(-1, *shares.shape)
    return (shares * estimate).sum(axis=1), (shares * deviations).sum(axis=2)
