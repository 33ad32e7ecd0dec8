"""Sums over rows that have one score for each of a few profiles: rows alike count together.

A score of a row is its weight times that of its profile, so that the sums of a sampling unit follow
from the weights of the profiles in it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from designbased.arrays import Floats, Integers, Mask
from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.design.protocol import Design, Replicates
from designbased.variance.scores import unexplained_scores, unit_totals


@dataclass(frozen=True, eq=False)
class ProfileRows:
    """Some rows of a design, in C profiles.

    Attributes:
        design: the design of all n rows.
        position: (m,) positions of the rows among these; their weights are positive.
        profile: (m,) the profile of each.
        count: number of profiles C.
    """

    design: Design
    position: Integers
    profile: Integers
    count: int

    @cached_property
    def weight(self) -> Floats:
        """(C,) sum of weights of the rows of each profile."""
        return np.bincount(self.profile, self.design.weight[self.position], self.count)

    @cached_property
    def _by_unit(self) -> csr_array:
        """(U, C) sum of weights of each profile in each unit of the last stage."""
        cell = self.design.unit[self.position], self.profile
        shape = self.design.n_units, self.count
        by_unit: csr_array = csr_array((self.design.weight[self.position], cell), shape=shape)
        return by_unit

    def scores(self, by_profile: Floats) -> Floats:
        """(n, q) scores of all rows, the weight included, from those of (C, q) profiles."""
        scores = np.zeros((self.design.n_rows, by_profile.shape[1]))
        weight = self.design.weight[self.position, np.newaxis]
        scores[self.position] = weight * by_profile[self.profile]
        return scores

    def unit_totals(self, by_profile: Floats, calibration: CalibratedFrame | None) -> Floats:
        """(U, q) sums of the scores by unit, less what calibration explains of them."""
        if calibration is None:
            return np.asarray(self._by_unit @ by_profile)
        scores = unexplained_scores(self.design, self.scores(by_profile), calibration)
        return unit_totals(self.design, scores)

    def psus_with(self, profiles: Mask) -> Mask:
        """(P, K) PSUs with a row of one of some profiles, (C, K) true for these."""
        return self.design.psus_of_units(self._by_unit @ profiles.astype(np.float64) > 0)

    def replicated_weight(self, replicates: Replicates) -> Floats:
        """(R, C) sums of the weights of each profile under each set of replicate weights."""
        return replicates.sum_profiles(self.position, self.profile, self.count)


@dataclass(frozen=True, eq=False)
class ProfileEstimator:
    """M estimates that follow from weights of profiles; see :class:`~.protocol.Estimator`.

    Attributes:
        rows: the rows by profile, C profiles.
        value: the (..., M) estimates under (..., C) weights of the profiles.
        by_profile: (C, M) influence of a row of each profile, without its weight.
        cases: (C, M) profiles that enter each estimate.
        calibration: what the weights were calibrated to, or None.
    """

    rows: ProfileRows
    value: Callable[[Floats], Floats]
    by_profile: Floats
    cases: Mask
    calibration: CalibratedFrame | None = None

    @property
    def point(self) -> Floats:
        """(M,) the estimates."""
        return self.value(self.rows.weight)

    def present(self) -> Mask:
        """(P, M) PSUs with a case of each estimate."""
        return self.rows.psus_with(self.cases)

    def unit_totals(self) -> Floats:
        """(U, M) sums of the influences by unit."""
        return self.rows.unit_totals(self.by_profile, self.calibration)

    def replicated(self, replicates: Replicates) -> Floats:
        """(R, M) the estimates in each replicate."""
        return self.value(self.rows.replicated_weight(replicates))
