"""Designs whose variance is a difference of sums of squares of the totals of units."""

from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from designbased.arrays import Floats, Integers, Mask
from designbased.design.degrees_of_freedom import DfRule
from designbased.design.deviations import Deviations
from designbased.design.protocol import CellTable, Estimator
from designbased.design.rows import Rows
from designbased.design.survey_design import SurveyDesign


class VarianceForm(Protocol):
    """A variance of totals of units as a difference of sums of squares."""

    @property
    def sign(self) -> Floats:
        """(V,) 1 or -1, by which each square counts."""

    def deviations(self, totals: Floats) -> Floats:
        """(V, C) deviations of C columns of (P, C) totals of units."""


@dataclass(frozen=True, eq=False, repr=False)
class QuadraticDesign:
    """A sample of units, and the form of its variance; see the classes made from this one.

    Attributes:
        sample: its rows, units and their strata. Its own variance, as drawn with replacement, is
            not used.
        form: the variance of totals of its units.
    """

    sample: SurveyDesign
    form: VarianceForm

    @property
    def weight(self) -> Floats:
        """(n,) weight of each row; a row of weight zero is outside the sample."""
        return self.sample.weight

    @property
    def index(self) -> pd.Index | None:
        """(n,) labels of the rows, None without."""
        return self.sample.index

    @property
    def rows(self) -> Rows:
        """The rows, to which everything else that is given has to fit."""
        return self.sample.rows

    @property
    def n_rows(self) -> int:
        """Number of rows n."""
        return self.sample.n_rows

    @property
    def clustered(self) -> SurveyDesign:
        """The strata and units that the sample was drawn by, with its weights."""
        return self.sample

    @property
    def psu(self) -> Integers:
        """(n,) index of each row's sampling unit; units are numbered stratum by stratum."""
        return self.sample.psu

    @property
    def n_psus(self) -> int:
        """Number of sampling units P."""
        return self.sample.n_psus

    @property
    def unit(self) -> Integers:
        """(n,) index of the unit that estimators sum each row into."""
        return self.sample.unit

    @property
    def n_units(self) -> int:
        """Number of these units U."""
        return self.sample.n_units

    @property
    def n_deviations(self) -> int:
        """Number of deviations V of an estimate."""
        return len(self.form.sign)

    @property
    def df(self) -> int:
        """Degrees of freedom: units less strata, as R ``degf`` counts them."""
        return self.sample.df

    def df_rule(self, rule: DfRule | None, default: DfRule = "domain_only") -> DfRule:
        """Return the rule for degrees of freedom; see :class:`~.protocol.Design`."""
        return self.sample.df_rule(rule, default)

    def domain_df(self, present: Mask, rule: DfRule) -> Integers:
        """(...) degrees of freedom of estimates with cases in (P, ...) units."""
        return self.sample.domain_df(present, rule)

    def psus_of_units(self, units: Mask) -> Mask:
        """(P, ...) sampling units with one of (U, ...) units."""
        return self.sample.psus_of_units(units)

    def cells(self, table: CellTable) -> dict[str, Floats]:
        """Return the cells of a table, from deviations."""
        return table.by_deviations()

    def deviations(self, estimator: Estimator) -> Deviations:
        """(V, ...) deviations of estimates by linearisation.

        NaN, with a warning, for an estimate whose variance is negative.
        """
        totals = estimator.unit_totals()
        deviations = self._deviations_of_totals(totals.reshape(len(totals), -1))
        return deviations.without_negative().reshape(*totals.shape[1:])

    def _deviations_of_totals(self, totals: Floats) -> Deviations:
        """(V, C) deviations of (U, C) totals."""
        return Deviations(self.form.deviations(totals), self.form.sign)
