"""Samples of two phases: some of the units of a first sample, drawn by what that one told."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from designbased.arrays import Floats, Integers, Mask
from designbased.design.degrees_of_freedom import DfRule
from designbased.design.design_columns import list_rows, read_booleans, require_column
from designbased.design.deviations import Deviations, scaled_deviations
from designbased.design.quadratic_design import QuadraticDesign
from designbased.design.survey_design import SurveyDesign
from designbased.errors import InputError


@dataclass(frozen=True, eq=False)
class TwoPhaseForm:
    """The variance of totals under simple random sampling in strata of a first sample.

    Särndal, Swensson & Wretman 1992, Model Assisted Survey Sampling, (9.3.7):

        V = Σ_k Σ_l (1 - π_k π_l / π_kl) / p_kl · a_k a_l + Σ_k Σ_l (1 - p_k p_l / p_kl) z_k z_l

    with the (joint) probabilities π of the first phase and, given that one, p of the second, the
    totals ``z_k`` of units with all weights, and ``a_k = p_k z_k``. Where ``m`` of the ``M`` units
    of stratum g were drawn, with ``Q`` the variance of the first phase of totals that are zero for
    units not drawn, both double sums are together

        V = Q(z) + Σ_g E_g [Q(z in g) + m_g Σ_g f_k z_k² - (Σ_g z_k)²],  E_g = (1 - m/M)/(m - 1)

    where ``f_k`` is the sampling fraction of the first phase. It is unbiased, and can be negative.

    Attributes:
        phase_one: the sample of the first phase.
        psu: (P,) PSU of the first phase of each unit of the second, which stand one stratum of the
            second phase after the other.
        drawn: (P,) units drawn into the second phase.
        start: (G + 1,) first unit of each stratum, and their number.
    """

    phase_one: SurveyDesign
    psu: Integers
    drawn: Mask
    start: Integers

    @cached_property
    def n_drawn(self) -> Integers:
        """(G,) units drawn in each stratum."""
        drawn: Integers = np.add.reduceat(self.drawn.astype(np.intp), self.start[:-1])
        return drawn

    @cached_property
    def excess(self) -> Floats:
        """(G,) the factors E."""
        excess: Floats = (1 - self.n_drawn / np.diff(self.start)) / np.maximum(self.n_drawn - 1, 1)
        return excess

    @cached_property
    def by_psu(self) -> csr_array:
        """(P of the first phase, P) matrix that sums units by PSU of the first phase."""
        ones, units = np.ones(len(self.psu)), np.arange(len(self.psu))
        return csr_array((ones, (self.psu, units)), shape=(self.phase_one.n_psus, len(units)))

    @cached_property
    def _first_phase(self) -> list[tuple[slice, csr_array, Integers, Floats]]:
        """Groups of units with the sums by PSU that they need, and factors of their deviations.

        Those of all units, then of each stratum. The PSUs of a stratum of the first phase without
        units of a group deviate alike: one of them counts for all.
        """
        groups = [(slice(0, len(self.psu)), 1.0)]
        strata = zip(self.start[:-1], self.start[1:], self.excess, strict=True)
        groups += [(slice(start, end), e) for start, end, e in strata if e > 0]
        stratum, n_psus = self.phase_one.psu_stratum, self.phase_one.n_psus
        parts = []
        for units, factor in groups:
            drawn = np.bincount(self.psu[units], self.drawn[units], n_psus) > 0
            kinds = np.where(drawn, self.phase_one.n_strata + np.arange(n_psus), stratum)
            _, rows, count = np.unique(kinds, return_index=True, return_counts=True)
            parts.append((units, self.by_psu[:, units], rows, np.sqrt(factor * count)))
        return parts

    @cached_property
    def _of_units(self) -> Floats:
        """(P,) what the square of the total of each unit counts by itself."""
        sizes = np.diff(self.start)
        of_strata = np.repeat(self.excess * self.n_drawn, sizes)
        # A lonely PSU adds nothing, as if its stratum had been taken whole.
        lonely, unsampled = self.phase_one.lonely, self.phase_one.unsampled_fraction
        fraction = np.where(lonely, 1.0, 1 - unsampled)[self.phase_one.psu_stratum[self.psu]]
        return np.where(self.drawn, of_strata * fraction, 0.0)

    @cached_property
    def sign(self) -> Floats:
        """(V,) signs: minus for the totals of strata, which stand last."""
        added = sum(len(rows) for _, _, rows, _ in self._first_phase) + (self._of_units > 0).sum()
        return np.repeat([1.0, -1.0], [int(added), int((self.excess > 0).sum())])

    def deviations(self, totals: Floats) -> Floats:
        """(V, C) deviations of (P, C) totals of units; those not drawn have totals of zero."""
        blocks = []
        for units, by_psu, rows, factor in self._first_phase:
            deviations = scaled_deviations(self.phase_one, by_psu @ totals[units])
            blocks.append(factor[:, np.newaxis] * deviations[rows])
        alone = self._of_units > 0
        blocks.append(np.sqrt(self._of_units[alone])[:, np.newaxis] * totals[alone])
        of_strata = np.add.reduceat(totals, self.start[:-1], axis=0)
        some = self.excess > 0
        blocks.append(np.sqrt(self.excess[some])[:, np.newaxis] * of_strata[some])
        return np.concatenate(blocks)

    def second_phase(self, totals: Floats) -> Floats:
        """(W, C) deviations of the second phase alone: from the means of units drawn."""
        of_unit = np.repeat(np.arange(len(self.n_drawn)), np.diff(self.start))
        mean = np.add.reduceat(totals, self.start[:-1], axis=0) / self.n_drawn[:, np.newaxis]
        factor = np.sqrt(self.excess * self.n_drawn)[of_unit, np.newaxis]
        deviations: Floats = (factor * (totals - mean[of_unit]))[self.drawn]
        return deviations


class SecondPhaseCalibration(Protocol):
    """What the weights of the second phase were calibrated to in the first one."""

    def residuals(self, scores: Floats) -> Floats:
        """Take from (n, C) scores without weights what the auxiliaries explain."""


@dataclass(frozen=True, eq=False, repr=False)
class TwoPhaseDesign(QuadraticDesign):
    """A sample of two phases: simple random samples, in strata, of the units of a first one.

    The rows are those of the first phase; those not drawn into the second have the weight zero, so
    that answers asked in the second phase alone may be missing there. Build it with
    :meth:`from_frame`, which checks everything.

    Attributes:
        phase_one: the sample of the first phase.
        calibration: what the weights were calibrated to by :func:`.calibrate_second_phase`, or
            None.
    """

    form: TwoPhaseForm
    phase_one: SurveyDesign
    calibration: SecondPhaseCalibration | None = None

    @classmethod
    def from_frame(
        cls,
        frame: pd.DataFrame,
        phase_one: SurveyDesign,
        drawn: str,
        stratum: str | None = None,
        unit: str | None = None,
    ) -> "TwoPhaseDesign":
        """Check the columns of the second phase and return the design of the rows.

        The weight of a row is that of the first phase times ``M/m``, the units of its stratum of
        the second phase over those drawn.

        Args:
            frame: one row per respondent of the first phase.
            phase_one: the design of these rows, of one stage, with replacement or with ``fpc``.
            drawn: column that is true for rows drawn into the second phase.
            stratum: column of strata of the second phase, in each of which units were drawn by
                simple random sampling; None for one sample of all units.
            unit: column of the units that were drawn, each inside one PSU and one stratum; None
                when rows were.

        Raises:
            InputError: the rows are not those of the first phase; this has later stages, rows of
                weight zero, or a rule for lonely PSUs that adds to the variance; a column is
                missing or at fault; a unit stands in two PSUs or two strata or was drawn in part;
                a stratum has no unit drawn, or a single one of several.
        """
        frame = phase_one.rows.frame(frame, "survey data")
        _check_phase_one(phase_one)
        for column in (drawn, stratum, unit):
            require_column(frame, column)
        is_drawn = read_booleans(frame, drawn)
        units = SurveyDesign.from_frame(
            frame, weight=None, stratum=stratum, psu=unit, lonely_psu="remove"
        )
        _refuse_shared_units(units, unit)
        psu = _one_per_unit(units, phase_one.psu, unit, "PSU of the first phase")
        drawn_units = _one_per_unit(units, is_drawn.astype(np.intp), drawn, "value").astype(bool)
        start = np.append(units.stratum_start, units.n_psus)
        form = TwoPhaseForm(phase_one, psu, drawn_units, start)
        _check_strata(units, form, stratum)
        chance = form.n_drawn / np.diff(start)
        weight = phase_one.weight * is_drawn / chance[units.psu_stratum[units.psu]]
        return cls(replace(units, weight=weight), form, phase_one)

    def __repr__(self) -> str:
        strata = self.sample.n_strata
        descriptions = [
            f"{self.form.drawn.sum():,} of {self.n_psus:,} units drawn",
            "no strata" if strata == 1 else f"{strata:,} strata",
            f"df {self.df:,}",
        ]
        return f"<TwoPhaseDesign: {', '.join(descriptions)}, from {self.phase_one!r}>"

    @property
    def clustered(self) -> SurveyDesign:
        """The strata and PSUs of the first phase, with the weights of both."""
        return replace(self.phase_one, weight=self.weight)

    @property
    def n_deviations(self) -> int:
        """Number of deviations V of an estimate."""
        twice = 0 if self.calibration is None else 2 * int(self.form.drawn.sum())
        return len(self.form.sign) + twice

    @cached_property
    def df(self) -> int:
        """Degrees of freedom: units drawn less strata of the second phase, as in R.

        Where the first phase drew PSUs of several units, those with a unit drawn, less strata, if
        they are fewer: R claims too many there.
        """
        return int(self.domain_df(self.form.drawn[:, np.newaxis], "domain_only")[0])

    def domain_df(self, present: Mask, rule: DfRule) -> Integers:
        """(...) degrees of freedom of estimates with cases in (P, ...) units; see ``df``."""
        second = self.sample.domain_df(present, rule)
        if self.phase_one.n_psus == self.n_psus:
            return second
        cases = self.form.by_psu @ present.reshape(len(present), -1).astype(np.float64)
        psus = (cases > 0).reshape(-1, *present.shape[1:])
        return np.minimum(second, self.phase_one.domain_df(psus, rule))

    def _deviations_of_totals(self, totals: Floats) -> Deviations:
        """(V, C) deviations of (P, C) totals of units.

        Calibration to the first phase explains part of what the second adds to the variance, and
        none of what the first does (Särndal, Swensson & Wretman 1992, section 9.7).
        """
        values, sign = self.form.deviations(totals), self.form.sign
        if self.calibration is not None:
            weight = self.weight[:, np.newaxis]
            scores = np.divide(
                totals[self.unit], weight, out=np.zeros_like(totals), where=weight > 0
            )
            residuals = np.zeros_like(totals)
            residuals[self.unit] = weight * self.calibration.residuals(scores)
            added = [self.form.second_phase(residuals), self.form.second_phase(totals)]
            values = np.concatenate([values, *added])
            sign = np.concatenate([sign, np.repeat([1.0, -1.0], len(added[0]))])
        return Deviations(values, sign)


def _check_phase_one(phase_one: SurveyDesign) -> None:
    if phase_one.later_stages:
        raise InputError(
            "phase_one",
            "later stages, which the second phase cannot follow",
            "Make it without fpc and later stages: its PSUs carry the variance of all",
        )
    if phase_one.lonely.any() and phase_one.lonely_psu in ("centre", "average"):
        raise InputError(
            "phase_one",
            f"the rule '{phase_one.lonely_psu}' for lonely PSUs",
            "Choose 'collapse' or 'certainty' for this design",
        )
    outside = phase_one.weight == 0
    if outside.any():
        finding = f"{outside.sum()} rows of weight zero, {list_rows(outside)}"
        raise InputError("phase_one", finding, "Leave out rows outside the first phase")


def _refuse_shared_units(units: SurveyDesign, column: str | None) -> None:
    shared = pd.Index(units.psu_labels).duplicated()
    if shared.any():
        label = units.psu_labels[int(shared.argmax())]
        finding = f"unit {label} in more than one stratum of the second phase"
        raise InputError(f"column '{column}'", finding, "A unit was drawn from one stratum")


def _one_per_unit(units: SurveyDesign, values: Integers, column: str | None, noun: str) -> Integers:
    """(P,) the value of each unit, the same in all its rows."""
    of_units = np.zeros(units.n_psus, dtype=np.intp)
    of_units[units.psu] = values
    varying = of_units[units.psu] != values
    if varying.any():
        label = units.psu_labels[int(np.min(units.psu[varying]))]
        finding = f"more than one {noun} in unit {label}, {list_rows(varying)}"
        remedy = "A unit of the second phase lies in one PSU and is drawn as a whole"
        raise InputError(f"column '{column}'", finding, remedy)
    return of_units


def _check_strata(units: SurveyDesign, form: TwoPhaseForm, stratum: str | None) -> None:
    """Refuse strata without a unit drawn, or with a single one of several."""
    n_units, n_drawn = np.diff(form.start), form.n_drawn
    for few, remedy in (
        (n_drawn == 0, "Nobody speaks for them: join them with strata that are alike"),
        ((n_drawn == 1) & (n_units > 1), "One unit gives no variance: join strata that are alike"),
    ):
        if few.any():
            labels = ", ".join(str(units.stratum_labels[g]) for g in np.flatnonzero(few))
            drawn = "no unit" if (n_drawn[few] == 0).all() else "a single unit"
            location = "drawn" if stratum is None else f"column '{stratum}'"
            finding = f"{drawn} drawn in the strata {labels} of the second phase"
            raise InputError(location, finding, remedy)
