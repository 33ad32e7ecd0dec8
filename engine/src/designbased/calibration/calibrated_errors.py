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

from designbased.arrays import Floats, Integers
from designbased.calibration.raking import find_independent
from designbased.design.coding import Members
from designbased.design.frames import read_frame
from designbased.design.protocol import Design
from designbased.design.table_columns import read_label_codes
from designbased.errors import InputError

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

    def check(self, design: Design) -> None:
        """Refuse a design of other rows.

        Raises:
            InputError: it has another number of rows.
        """
        if self.values.shape[0] != design.n_rows:
            finding = f"{self.values.shape[0]} rows for a design of {design.n_rows}"
            raise InputError("calibration", finding, "Give both the same rows in the same order")

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

    def unit_totals(self, design: Design) -> csr_array:
        """Sparse (U, r) weighted totals of the auxiliaries in each unit of the last stage.

        Raises:
            InputError: the design has another number of rows.
        """
        self.check(design)
        rows = np.arange(design.n_rows)
        by_unit: csr_array = csr_array(
            (design.weight, (design.unit, rows)), shape=(design.n_units, design.n_rows)
        )
        totals: csr_array = by_unit @ self.values
        return totals

    def explained_totals(self, design: Design, rows: Integers, scores: Floats) -> Floats:
        """Return the unit totals of what the auxiliaries explain of scores.

        Args:
            rows: (k,) rows with scores; those of all others are zero.
            scores: (k, m) scores without weights.

        Returns:
            (U, m) weighted totals by unit of the last stage.
        """
        moments = self.values[rows].T @ (scores * self.regression_weight[rows, np.newaxis])
        # Sparse products add in one order, whatever the number of processors.
        totals: Floats = self.unit_totals(design) @ (csr_array(self.inverse) @ moments)
        return totals


class Regression:
    """The regression of the scores of L x K cells on the auxiliaries, from sums over rows.

    Raises:
        InputError: the calibration is one of another number of rows.
    """

    def __init__(
        self, frame: CalibratedFrame, design: Design, n_levels: int, n_outcomes: int
    ) -> None:
        self._frame = frame
        self._units = frame.unit_totals(design)
        shape = len(frame.inverse), n_levels, n_outcomes
        self._answers, self._valid, self._slopes = np.zeros((3, *shape))

    def add(self, rows: Integers | slice, members: Members, values: Floats, valid: Floats) -> None:
        """Add m rows.

        Args:
            values: (m, K) answers, zero where there is none.
            valid: (m, K) or (m, 1) one where there is an answer.
        """
        start, level = members
        row = np.repeat(np.arange(len(values)), np.diff(start))
        nonzero = self._frame.values[rows][row].tocoo()
        row = row[nonzero.row]
        auxiliaries, n_levels, _ = self._answers.shape
        moments: csr_array = csr_array(
            (
                nonzero.data * self._frame.regression_weight[rows][row],
                (nonzero.col * n_levels + level[nonzero.row], row),
            ),
            shape=(auxiliaries * n_levels, len(values)),
        )
        self._answers += (moments @ values).reshape(auxiliaries, n_levels, -1)
        self._valid += (moments @ valid).reshape(auxiliaries, n_levels, -1)

    def fit(self, centre: Floats) -> None:
        """Regress the scores: answers less their (L, K) centre."""
        moments = (self._answers - centre * self._valid).reshape(len(self._answers), -1)
        # Sparse products add in one order, whatever the number of processors.
        self._slopes = (csr_array(self._frame.inverse) @ moments).reshape(self._answers.shape)

    def explained(self, units: slice) -> Floats:
        """(u, L, K) what the auxiliaries explain of the weighted scores of some units."""
        slopes = self._slopes.reshape(len(self._slopes), -1)
        explained: Floats = self._units[units] @ slopes
        return explained.reshape(-1, *self._slopes.shape[1:])


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
        InputError: weights that do not fit or are negative or missing, auxiliaries that are
            missing or all zero, or no such option.
    """
    if regression_weight not in get_args(RegressionWeight):
        options = ", ".join(get_args(RegressionWeight))
        raise InputError("regression_weight", f"{regression_weight!r}", f"Choose one of {options}")
    dense = values.toarray() if isinstance(values, csr_array) else np.asarray(values, "float64")
    before = np.asarray(weight_before, dtype="float64")
    if dense.ndim != 2 or before.shape != (len(dense),):
        finding = f"{before.size} weights for auxiliaries of shape {dense.shape}"
        raise InputError("calibrated_frame", finding, "Give both the same rows in the same order")
    if not (np.isfinite(before) & (before >= 0)).all() or not before.any():
        finding = "missing, negative or only zero weights before calibration"
        raise InputError("weight_before", finding, "Give the weights that went into calibration")
    if not np.isfinite(dense).all():
        raise InputError("auxiliaries", "missing or infinite values", "Impute them")
    q = before if regression_weight == "before" else (before > 0).astype("float64")
    basis = find_independent(dense, q)
    if not basis.columns.size:
        raise InputError(
            "auxiliaries", "all values are zero", "Name the auxiliaries that were used"
        )
    return CalibratedFrame(csr_array(dense[:, basis.columns]), q, basis.inverse())


def margin_indicators(table: pd.DataFrame, margins: tuple[str, ...]) -> NDArray[np.float64]:
    """(n, A) one column of 0 and 1 per category of each margin, for standard errors.

    Raises:
        InputError: no margin is named, or a column is missing or holds missing values.
    """
    table = read_frame(table)
    if not margins:
        raise InputError("margins", "none is named", "Name the margins the weights were raked to")
    columns = []
    for margin in margins:
        label, labels = read_label_codes(table, margin)
        categories, rank = np.unique(labels, return_inverse=True)
        columns.append(rank[label][:, np.newaxis] == np.arange(len(categories)))
    return np.hstack(columns).astype("float64")
