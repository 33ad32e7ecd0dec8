"""A design whose variance comes from replicates of its weights."""

from dataclasses import dataclass

import pandas as pd

from disrupting_harm.arrays import Floats, Integers
from disrupting_harm.survey.design.rows import Rows
from disrupting_harm.survey.design.survey_design import SurveyDesign


@dataclass(frozen=True, eq=False, repr=False)
class ReplicateDesign:
    """A sample with R sets of replicate weights.

    The weight of row ``i`` in replicate ``r`` is ``base[i] * multiplier[unit[i], r]``.

    Attributes:
        weight: (n,) weight of each row for the estimate itself.
        base: (n,) weights that the multipliers apply to.
        unit: (n,) index of each row's unit: its PSU, or the row itself for supplied weights.
        multiplier: (U, R) multipliers.
        scale: factor of the variance.
        rscales: (R,) factors of the replicates.
        mse: deviations are from the estimate and not from the mean of the replicates.
        df: degrees of freedom of the whole design.
        design: the design that the replicates were made from; None for supplied weights.
        index: (n,) labels of the rows, those of the frame; estimators refuse a frame with others.
    """

    weight: Floats
    base: Floats
    unit: Integers
    multiplier: Floats
    scale: float
    rscales: Floats
    mse: bool
    df: int
    design: SurveyDesign | None = None
    index: pd.Index | None = None

    def __repr__(self) -> str:
        made = "" if self.design is None else f" of {self.design!r}"
        return (
            f"<ReplicateDesign: {self.n_rows:,} rows, {self.n_replicates:,} replicates, "
            f"df {self.df:,}{made}>"
        )

    @property
    def rows(self) -> Rows:
        """The rows, to which everything else that is given has to fit."""
        return Rows(self.n_rows, self.index)

    @property
    def leaves_out_one_psu(self) -> bool:
        """Whether each replicate leaves out one PSU alone, as those of the jackknife do."""
        if self.design is None:
            return False
        return bool(((self.multiplier == 0).sum(axis=0) == 1).all())

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.weight)

    @property
    def n_replicates(self) -> int:
        """Number of replicates."""
        return len(self.rscales)
