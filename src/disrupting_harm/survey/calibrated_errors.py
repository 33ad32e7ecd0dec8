"""Standard errors of estimates from calibrated weights: residual linearisation.

Calibration removes from an estimate what the auxiliaries explain of it. Its variance is that of the
residuals (Deville & Särndal 1992; R ``svyrecvar`` for a calibrated design). With ``e_i`` the
linearised score of an estimate (without its weight), ``w_i = d_i g_i`` the calibrated weight and
``x_i`` the auxiliaries,

    z_i = w_i (e_i - x_i'B),   B = (Σ q x x')⁻¹ Σ q x e,

and the design variance of ``Σz`` is the variance wanted. The regression counts each respondent with
``q = d``, the weight before calibration: this is R's ``calibrate`` with any distance, and
``postStratify``. R's ``rake`` sweeps over the margins ten times with ``q = 1``, which converges to
what :data:`RegressionWeight` ``"equal"`` does at once.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from disrupting_harm.errors import StudyError
from disrupting_harm.survey.auxiliaries import independent
from disrupting_harm.survey.coding import Outcomes
from disrupting_harm.survey.columns import labels
from disrupting_harm.survey.design import Floats, Integers, SurveyDesign

RegressionWeight: TypeAlias = Literal["before", "equal"]


@dataclass(frozen=True, eq=False)
class CalibratedFrame:
    """What the weights of a design were calibrated to. Build it with :func:`calibrated_frame`.

    Attributes:
        values: sparse (n, r) independent auxiliaries.
        regression_weight: (n,) q of the regression of scores on auxiliaries.
        inverse: (r, r) ``(Σ q x x')⁻¹``.
    """

    values: csr_array
    regression_weight: Floats
    inverse: Floats

    def residuals(self, scores: Floats) -> Floats:
        """Take from linearised scores what the auxiliaries explain.

        Args:
            scores: (n, m) scores without weights, zero for rows outside a domain.

        Returns:
            (n, m) residuals; with weights, and added up by PSU, they go into any variance formula.
        """
        moments = self.values.T @ (scores * self.regression_weight[:, np.newaxis])
        explained: Floats = self.values @ (self.inverse @ moments)
        return scores - explained

    def explained_totals(
        self,
        design: SurveyDesign,
        outcomes: Outcomes,
        row: Integers,
        level: Integers,
        centre: Floats,
        denominator: Floats,
    ) -> Floats:
        """(P, L, K) PSU totals of the explained part of all scores of ``linearise.estimate``.

        Args:
            design: the design of the n rows.
            outcomes: K outcomes.
            row: (M,) the rows that stand in a level.
            level: (M,) that level, from 0.
            centre: (L, K) what is subtracted from each answer.
            denominator: (L, K) what a score is divided by.
        """
        entries = self.values[row].tocoo()
        auxiliary, size = self.inverse.shape[0], len(denominator)
        row_of_entry = row[entries.row]
        moments_of: csr_array = csr_array(
            (
                entries.data * self.regression_weight[row_of_entry],
                (entries.col * size + level[entries.row], row_of_entry),
            ),
            shape=(auxiliary * size, design.n_rows),
        )
        cube = (auxiliary, size, -1)
        moments = (moments_of @ outcomes.values).reshape(cube)
        moments -= centre * (moments_of @ outcomes.valid).reshape(cube)
        moments /= denominator
        # Sparse products: they add in one order, whatever the number of processors.
        slopes = csr_array(self.inverse) @ moments.reshape(auxiliary, -1)
        explained: Floats = self._unit_totals(design) @ slopes
        return explained.reshape(design.n_units, size, -1)

    def _unit_totals(self, design: SurveyDesign) -> csr_array:
        """Sparse (P, r) weighted totals of the auxiliaries in each PSU."""
        rows = np.arange(design.n_rows)
        by_unit: csr_array = csr_array(
            (design.weight, (design.unit, rows)), shape=(design.n_units, design.n_rows)
        )
        totals: csr_array = by_unit @ self.values
        return totals


def calibrated_frame(
    values: NDArray[np.float64] | csr_array,
    weight_before: np.ndarray,
    regression_weight: RegressionWeight = "before",
) -> CalibratedFrame:
    """Describe a calibration for the standard errors.

    Args:
        values: (n, A) auxiliaries, e.g. ``Auxiliaries.values`` or :func:`margin_indicators`;
            columns may depend on each other.
        weight_before: (n,) weights d that went into calibration.
        regression_weight: ``"before"``, regression weighted by d; ``"equal"``, unweighted, as R
            does after ``rake``.

    Raises:
        StudyError: weights that do not fit or are negative or missing, auxiliaries that are
            missing or all zero, or no such option.
    """
    if regression_weight not in get_args(RegressionWeight):
        options = ", ".join(get_args(RegressionWeight))
        raise StudyError("regression_weight", f"{regression_weight!r}", f"Choose one of {options}")
    dense = values.toarray() if isinstance(values, csr_array) else np.asarray(values, "float64")
    before = np.asarray(weight_before, dtype="float64")
    if dense.ndim != 2 or before.shape != (len(dense),):
        found = f"{before.size} weights for auxiliaries of shape {dense.shape}"
        raise StudyError("calibrated_frame", found, "Give both the same rows in the same order")
    if not (np.isfinite(before) & (before >= 0)).all() or not before.any():
        found = "missing, negative or only zero weights before calibration"
        raise StudyError("weight_before", found, "Give the weights that went into calibration")
    if not np.isfinite(dense).all():
        raise StudyError("auxiliaries", "missing or infinite values", "Impute them")
    q = before if regression_weight == "before" else (before > 0).astype("float64")
    basis = independent(dense, q)
    if not basis.kept.size:
        raise StudyError(
            "auxiliaries", "all values are zero", "Name the auxiliaries that were used"
        )
    return CalibratedFrame(csr_array(dense[:, basis.kept]), q, basis.inverse())


def margin_indicators(table: pd.DataFrame, margins: tuple[str, ...]) -> NDArray[np.float64]:
    """(n, A) one column of 0 and 1 per category of each margin, for standard errors.

    Raises:
        StudyError: no margin is named, or a column is missing or holds missing values.
    """
    if not margins:
        raise StudyError("margins", "none is named", "Name the margins the weights were raked to")
    columns = []
    for margin in margins:
        found = labels(table, margin)
        columns.append(found[:, np.newaxis] == np.unique(found))
    return np.hstack(columns).astype("float64")
