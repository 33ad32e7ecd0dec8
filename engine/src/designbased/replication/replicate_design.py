"""A design whose variance comes from replicates of its weights.

The value ``θ_r`` of an estimate under replicate r deviates from the centre c by

    d_r = √(scale · rscale_r) (θ_r - c),

so that ``Σ d_r²`` is the variance of the estimate and ``Σ d_r d'_r`` its covariance with another
one: of a mean, a coefficient of a model or anything else (Wolter 2007, Introduction to Variance
Estimation, ch. 3-5). Replicates that an estimate has no value in are not left out: what they would
have added is unknown, and so is the variance, NaN. R leaves them out with a warning.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from designbased.arrays import Floats, Integers, Mask
from designbased.design.coding import Levels, Outcomes
from designbased.design.degrees_of_freedom import DfRule, check_df_rule, domain_df
from designbased.design.deviations import Deviations
from designbased.design.protocol import CellTable, Estimator
from designbased.design.rows import Rows
from designbased.design.survey_design import SurveyDesign
from designbased.errors import InputError

# Replicates that differ from their centre by no more, relative to it, differ by rounding alone.
ROUNDING = 1e-13


@dataclass(frozen=True, eq=False)
class Waves:
    """Independent samples whose rows stand below each other.

    Attributes:
        of_row: (n,) index of each row's wave.
        of_replicate: (R,) index of the wave that each replicate changes.
        df: (W,) degrees of freedom of each wave.
    """

    of_row: Integers
    of_replicate: Integers
    df: Integers


@dataclass(frozen=True, eq=False, repr=False)
class ReplicateDesign:
    """A sample with R sets of replicate weights.

    The weight of row ``i`` in replicate ``r`` is ``base[i] * multiplier[multiplier_row[i], r]``.

    Attributes:
        weight: (n,) weight of each row for the estimate itself.
        base: (n,) weights that the multipliers apply to.
        multiplier_row: (n,) index of each row's multipliers: its PSU, or the row itself for
            supplied weights.
        multiplier: (M, R) multipliers.
        scale: factor of the variance.
        rscales: (R,) factors of the replicates.
        mse: deviations are from the estimate and not from the mean of the replicates.
        df: degrees of freedom of the whole design.
        design: the design that the replicates were made from; None for supplied weights.
        waves: the independent samples that stand below each other; None for a single one.
        index: (n,) labels of the rows, those of the frame; estimators refuse a frame with others.
    """

    weight: Floats
    base: Floats
    multiplier_row: Integers
    multiplier: Floats
    scale: float
    rscales: Floats
    mse: bool
    df: int
    design: SurveyDesign | None = None
    waves: "Waves | None" = None
    index: pd.Index | None = None

    def __repr__(self) -> str:
        origin = "" if self.design is None else f" of {self.design!r}"
        return (
            f"<ReplicateDesign: {self.n_rows:,} rows, {self.n_replicates:,} replicates, "
            f"df {self.df:,}{origin}>"
        )

    @property
    def rows(self) -> Rows:
        """The rows, to which everything else that is given has to fit."""
        return Rows(self.n_rows, self.index)

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.weight)

    @property
    def n_replicates(self) -> int:
        """Number of replicates."""
        return len(self.rscales)

    @property
    def n_deviations(self) -> int:
        """Number of deviations of an estimate: one per replicate."""
        return self.n_replicates

    @property
    def clustered(self) -> SurveyDesign | None:
        """The design that the replicates were made from; None for supplied weights."""
        return self.design

    @property
    def psu(self) -> Integers:
        """(n,) index of each row's PSU; supplied weights do not tell more than waves apart."""
        if self.design is not None:
            return self.design.psu
        return np.zeros(self.n_rows, np.intp) if self.waves is None else self.waves.of_row

    @property
    def n_psus(self) -> int:
        """Number of PSUs; of waves, or one, for supplied weights."""
        if self.design is not None:
            return self.design.n_psus
        return 1 if self.waves is None else len(self.waves.df)

    @property
    def unit(self) -> Integers:
        """(n,) index of the unit that estimators sum each row into: its PSU."""
        return self.psu

    @property
    def n_units(self) -> int:
        """Number of these units."""
        return self.n_psus

    @property
    def leaves_out_one_psu(self) -> bool:
        """Whether each replicate leaves out one PSU alone, as those of the jackknife do."""
        if self.design is None:
            return False
        return bool(((self.multiplier == 0).sum(axis=0) == 1).all())

    @property
    def _multiplies_psus(self) -> bool:
        """Whether replicates multiply the sums of PSUs under the weights of the design."""
        return len(self.multiplier) == self.n_psus and self.base is self.weight

    def df_rule(self, rule: DfRule | None, default: DfRule = "domain_only") -> DfRule:
        """Return the rule for degrees of freedom; see :class:`~.protocol.Design`.

        Raises:
            InputError: there is no such rule, or supplied weights have no PSUs to count.
        """
        check_df_rule(rule or default)
        if self.design is not None:
            return rule or default
        if rule not in (None, "full"):
            finding = f"'{rule}' with supplied weights"
            raise InputError("df_rule", finding, "Choose 'full', and give df")
        return "full"

    def domain_df(self, present: Mask, rule: DfRule) -> Integers:
        """(...) degrees of freedom of estimates with cases in (P, ...) PSUs.

        Never more than there are replicates.
        """
        if self.waves is not None:
            return np.tensordot(self.waves.df, present.astype(np.intp), axes=1)
        if self.design is None:
            return np.where(present.any(axis=0), self.df, 0)
        return np.minimum(domain_df(self.design, present, rule), self.n_replicates)

    def psus_of_units(self, units: Mask) -> Mask:
        """(P, ...) PSUs with one of (U, ...) units."""
        return units

    def sum_cells(
        self, levels: Levels, outcomes: Outcomes | None, by_unit: tuple[Floats, Floats]
    ) -> tuple[Floats, Floats]:
        """Sum K outcomes in L levels under each replicate; see :class:`~.protocol.Replicates`."""
        if self._multiplies_psus:
            answers, weights = (
                (self.multiplier.T @ sums.reshape(len(sums), -1)).reshape(-1, *sums.shape[1:])
                for sums in by_unit
            )
            return answers, weights
        if outcomes is None:
            finding = "weights that differ inside PSUs, where the sums of PSUs are all there is"
            raise InputError("replicates", finding, "Load the rows and use estimate")
        shape = self.n_replicates, len(levels)
        answers = np.empty((*shape, outcomes.values.shape[1]))
        weights = np.empty((*shape, outcomes.valid.shape[1]))
        every = np.arange(self.n_rows)
        for rows, level, of_domain in levels.by_domain():
            position = every[rows]
            for index in range(of_domain.stop - of_domain.start):
                members = position[level == index]
                replicated = self.of_rows(members).T
                place = of_domain.start + index
                answers[:, place] = replicated @ outcomes.values[members]
                weights[:, place] = replicated @ outcomes.valid[members]
        return answers, weights

    def sum_profiles(self, position: Integers, profile: Integers, count: int) -> Floats:
        """(R, C) sums of weights of profiles; see :class:`~.protocol.Replicates`."""
        cell = profile, self.multiplier_row[position]
        sums: csr_array = csr_array((self.base[position], cell), (count, len(self.multiplier)))
        return np.ascontiguousarray((sums @ self.multiplier).T)

    def of_rows(self, rows: Integers) -> Floats:
        """(m, R) replicate weights of some rows."""
        weights: Floats = self.base[rows, np.newaxis] * self.multiplier[self.multiplier_row[rows]]
        return weights

    def deviations(self, estimator: Estimator) -> Deviations:
        """(R, ...) deviations of the replicates; NaN where a replicate has no value.

        Raises:
            InputError: the estimator accounts for a calibration, which replicates do themselves.
        """
        if estimator.calibration is not None:
            raise InputError(
                "calibration",
                "what weights were calibrated to, beside replicate weights",
                "Calibrate every replicate instead, with calibrate_replicates, and leave it out",
            )
        counts = self.rscales > 0
        deviations = estimator.replicated(self)
        deviations -= self._find_centre(estimator, deviations, counts)
        if not counts.all():
            deviations[~counts] = 0.0
        deviations[:, self._is_constant(deviations, estimator.point)] = 0.0
        factor = np.sqrt(self.scale * self.rscales)
        deviations *= factor.reshape(-1, *[1] * (deviations.ndim - 1))
        return Deviations(deviations)

    def _is_constant(self, deviations: Floats, point: Floats) -> Mask:
        """(...) estimates whose replicates differ by rounding alone."""
        limit = ROUNDING * np.abs(point)
        # Few are in the first replicates, and these alone are looked at in all.
        constant: Mask = (np.abs(deviations[:2]) <= limit).all(axis=0)
        constant[constant] = (np.abs(deviations[:, constant]) <= limit[constant]).all(axis=0)
        return constant

    def _find_centre(self, estimator: Estimator, replicated: Floats, counts: Mask) -> Floats:
        """What each replicate deviates from: (...), or (R, ...) with a mean for every wave."""
        if self.mse:
            return estimator.point
        if self.waves is None:
            return np.asarray((replicated if counts.all() else replicated[counts]).mean(axis=0))
        waves = self.waves.of_replicate
        means = [replicated[counts & (waves == wave)].mean(axis=0) for wave in range(self.n_psus)]
        return np.stack(means)[waves]

    def cells(self, table: CellTable) -> dict[str, Any]:
        """Return the cells of a table, from the deviations of a few levels at a time."""
        return table.by_deviations()
