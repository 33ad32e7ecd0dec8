"""What a design of any kind answers, and what an estimator is to it.

An estimator is one or more estimates of one sample. It knows how they follow from weights: it can
give their linearised totals by sampling unit, and their values under other weights. A design turns
one of the two into *deviations*, whose products sum to variances and covariances. All else, such as
intervals, contrasts and tests, reads deviations, degrees of freedom and which PSUs have cases, and
never asks what kind of design it is.

A new kind of design is a class with the attributes and methods of :class:`Design`.
"""

from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd

from designbased.arrays import Floats, Integers, Mask
from designbased.design.degrees_of_freedom import DfRule
from designbased.design.deviations import Deviations
from designbased.design.rows import Rows

if TYPE_CHECKING:
    from designbased.design.coding import Levels, Outcomes
    from designbased.design.survey_design import SurveyDesign


class Replicates(Protocol):
    """R sets of weights of the n rows, as an estimator sees them: through sums of weights."""

    @property
    def leaves_out_one_psu(self) -> bool:
        """Whether each replicate leaves out one PSU alone, as those of the jackknife do."""

    def sum_cells(
        self, levels: "Levels", outcomes: "Outcomes | None", by_unit: tuple[Floats, Floats]
    ) -> tuple[Floats, Floats]:
        """Sum K outcomes in L levels under each set of weights.

        Args:
            outcomes: their rows; None where ``by_unit`` is all there is.
            by_unit: sums of weighted answers (U, L, K) and of the weights of the valid ones, (U, L,
                K) or (U, L, 1), by ``Design.unit`` under the weights of the design.

        Returns:
            Both sums, with R in the place of U.
        """

    def sum_profiles(self, position: Integers, profile: Integers, count: int) -> Floats:
        """(R, C) sums of the weights of m rows, (m,) positions of which have (m,) profiles."""

    def of_rows(self, rows: Integers) -> Floats:
        """(m, R) weights of some rows."""


class Estimator(Protocol):
    """Estimates of one sample, in an array of any shape (...)."""

    @property
    def point(self) -> Floats:
        """(...) the estimates under the weights of the design; NaN without cases."""

    @property
    def calibration(self) -> Any:
        """What the weights were calibrated to, if linearised totals account for it, or None."""

    def present(self) -> Mask:
        """(P, ...) PSUs with a case of each estimate."""

    def unit_totals(self) -> Floats:
        """(U, ...) linearised totals by ``Design.unit``; zero for units without cases."""

    def replicated(self, replicates: Replicates) -> Floats:
        """(R, ...) the estimates under each set of other weights; NaN where one has no cases.

        The array is new and belongs to the caller.
        """


class CellTable(Protocol):
    """Many cells, too many for their deviations to be held at once."""

    def by_groups_of_psus(self) -> dict[str, Floats]:
        """Cells whose linearised totals are summed as they come, a few PSUs at a time."""

    def by_deviations(self) -> dict[str, Floats]:
        """Cells from :meth:`Design.deviations`, a few levels at a time."""


class Design(Protocol):
    """A sample and how it was drawn."""

    @property
    def weight(self) -> Floats:
        """(n,) weight of each row; a row of weight zero is outside the sample."""

    @property
    def index(self) -> pd.Index | None:
        """(n,) labels of the rows, None without."""

    @property
    def rows(self) -> Rows:
        """The rows, to which everything else that is given has to fit."""

    @property
    def n_rows(self) -> int:
        """Number of rows n."""

    @property
    def clustered(self) -> "SurveyDesign | None":
        """The strata and PSUs that the sample was drawn by, if they are known."""

    @property
    def psu(self) -> Integers:
        """(n,) index of each row's PSU; zero everywhere where the data do not tell PSUs apart."""

    @property
    def n_psus(self) -> int:
        """Number of PSUs P."""

    @property
    def unit(self) -> Integers:
        """(n,) index of the unit that estimators sum each row into, in the order of the PSUs."""

    @property
    def n_units(self) -> int:
        """Number of these units U."""

    @property
    def n_deviations(self) -> int:
        """Number of deviations V of an estimate."""

    @property
    def df(self) -> int:
        """Degrees of freedom of the whole design."""

    def df_rule(self, rule: DfRule | None, default: DfRule = "domain_only") -> DfRule:
        """Return the rule for degrees of freedom; None is the default, as far as it exists.

        Raises:
            InputError: there is no such rule, or not for this design.
        """

    def domain_df(self, present: Mask, rule: DfRule) -> Integers:
        """(...) degrees of freedom of estimates with cases in (P, ...) PSUs; zero without cases."""

    def psus_of_units(self, units: Mask) -> Mask:
        """(P, ...) PSUs with one of (U, ...) units."""

    def deviations(self, estimator: Estimator) -> Deviations:
        """Return the (V, ...) deviations of estimates.

        NaN where the sample says nothing of the variance.

        Raises:
            InputError: the design cannot give them for this estimator.
        """

    def cells(self, table: CellTable) -> dict[str, Floats]:
        """Return the cells of a table by the way that suits the design."""
