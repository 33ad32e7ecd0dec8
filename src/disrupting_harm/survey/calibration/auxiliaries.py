"""Auxiliaries: what is known of the population, per respondent and in total."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.linalg import qr, solve_triangular

from disrupting_harm.errors import StudyError
from disrupting_harm.survey.calibration.raking import Targets, category_codes
from disrupting_harm.survey.design.columns import numbers, refuse

# A column that others explain up to this share of its length adds nothing to them.
DEPENDENT = 1e-10
# Rows of a block, as a multiple of its columns.
BLOCK = 8


@dataclass(frozen=True, eq=False)
class Auxiliaries:
    """A auxiliaries of n respondents with their population totals.

    Attributes:
        names: how each is called in messages, e.g. ``"margin 'sex', category 'girl'"``.
        values: (n, A) value of each respondent; 0 and 1 for a category of a margin.
        totals: (A,) population totals.
    """

    names: tuple[str, ...]
    values: NDArray[np.float64]
    totals: NDArray[np.float64]

    def scale(self, weights: np.ndarray) -> NDArray[np.float64]:
        """(A,) what errors are relative to: the total, or ``Σw|x|`` where the total is zero."""
        size = np.abs(self.totals)
        return np.where(size > 0, size, np.maximum(weights @ np.abs(self.values), 1e-300))

    def relative_errors(self, weights: np.ndarray) -> NDArray[np.float64]:
        """(A,) signed relative difference between weighted totals and population totals."""
        error: NDArray[np.float64] = (weights @ self.values - self.totals) / self.scale(weights)
        return error


def auxiliaries(
    table: pd.DataFrame,
    targets: Targets,
    weights: np.ndarray,
    totals: Mapping[str, float] | None = None,
) -> Auxiliaries:
    """Put margins and totals of numbers together.

    Args:
        table: the n respondents, one column per margin and number.
        targets: margins from ``raking.margin_targets``; may be empty.
        weights: (n,) weights, to see that every category has somebody to stand for it.
        totals: population total by numeric column; a column ``1`` of ones gives the population.

    Returns:
        One auxiliary per category of each margin, all of them, then one per number.

    Raises:
        StudyError: nothing is given, a category without a target or respondents, a number that is
            missing, or a total that is not finite.
    """
    names, columns, goals = [], [], []
    codes = category_codes(table, targets, weights) if targets else pd.DataFrame()
    for margin, target in targets.items():
        for code, (category, total) in enumerate(target.items()):
            names.append(f"margin '{margin}', category '{category}'")
            columns.append((codes[margin] == code).to_numpy(dtype="float64"))
            goals.append(total)
    for name, total in (totals or {}).items():
        values = numbers(table, name)
        refuse(~np.isfinite(values), name, "a missing or infinite number", "Impute or drop it")
        if not np.isfinite(total):
            raise StudyError(f"total of '{name}'", f"it is {total}", "Give a finite number")
        names.append(f"total of '{name}'")
        columns.append(values)
        goals.append(float(total))
    if not names:
        raise StudyError("calibration", "no auxiliary is given", "Name margins or totals")
    return Auxiliaries(tuple(names), np.column_stack(columns), np.array(goals))


@dataclass(frozen=True, eq=False)
class Basis:
    """Independent auxiliaries and the coordinates in which they are orthonormal.

    Attributes:
        kept: the columns of the auxiliaries that the others do not explain.
        triangle: (r, r) upper triangle R with ``X_kept = Q R`` and ``Q' diag(q) Q = I``.
    """

    kept: NDArray[np.intp]
    triangle: NDArray[np.float64]

    def coordinates(self, values: np.ndarray) -> NDArray[np.float64]:
        """(n, r) the auxiliaries in these coordinates, ``X_kept R⁻¹``."""
        kept = values[:, self.kept].T
        rows: NDArray[np.float64] = solve_triangular(self.triangle, kept, trans="T").T
        return np.ascontiguousarray(rows)

    def inverse(self) -> NDArray[np.float64]:
        """(r, r) inverse of ``X_kept' diag(q) X_kept``."""
        root = solve_triangular(self.triangle, np.eye(len(self.kept)))
        product: NDArray[np.float64] = root @ root.T
        return product


def independent(values: np.ndarray, q: np.ndarray) -> Basis:
    """Find the independent columns of (n, A) ``values`` where rows count ``q`` (QR, pivoted)."""
    weighted = values * np.sqrt(q)[:, np.newaxis]
    length = np.sqrt((weighted**2).sum(axis=0))
    small = _triangle(weighted / np.where(length > 0, length, 1))
    triangle, order = qr(small, mode="r", pivoting=True)
    diagonal = np.abs(np.diag(triangle))
    rank = int((diagonal > DEPENDENT).sum())
    kept = order[:rank]
    return Basis(kept, triangle[:rank, :rank] * length[kept])


def _triangle(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """R of the QR decomposition of a tall matrix, from those of blocks of its rows.

    Blocks are too small to be shared among threads, whose number would change the last digits.
    """
    columns = matrix.shape[1]
    size = BLOCK * columns
    while len(matrix) > size:
        padded = np.zeros((-(-len(matrix) // size) * size, columns))
        padded[: len(matrix)] = matrix
        matrix = np.linalg.qr(padded.reshape(-1, size, columns), mode="r").reshape(-1, columns)
    return np.linalg.qr(matrix, mode="r")
