"""Auxiliary variables: values of each respondent, and known totals of the population."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.linalg import qr, solve_triangular

from disrupting_harm.arrays import Floats, Integers, Mask
from disrupting_harm.errors import StudyError
from disrupting_harm.survey.calibration.raking import Targets, category_codes
from disrupting_harm.survey.design.columns import numbers, refuse
from disrupting_harm.survey.design.profiles import profiles_of

# A column that others explain up to this share of its length adds nothing to them.
DEPENDENT = 1e-10
# Rows of a block, as a multiple of its columns.
BLOCK = 8


@dataclass(frozen=True, eq=False)
class Auxiliaries:
    """A auxiliaries of n respondents with their population totals.

    Respondents who agree in all of them form one of C profiles. Margins have few of these, so that
    work on profiles takes little time.

    Attributes:
        names: how each is called in messages, e.g. ``"margin 'sex', category 'girl'"``.
        profiles: (C, A) values of each profile; 0 and 1 for a category of a margin.
        totals: (A,) population totals.
        profile: (n,) index of each respondent's profile.
    """

    names: tuple[str, ...]
    profiles: Floats
    totals: Floats
    profile: Integers

    @property
    def values(self) -> Floats:
        """(n, A) value of each respondent."""
        return self.profiles[self.profile]

    def by_profile(self, weights: Floats) -> Floats:
        """(C,) sum of (n,) weights in each profile."""
        return np.bincount(self.profile, weights=weights, minlength=len(self.profiles))

    def told_apart(self, *columns: Floats) -> "Auxiliaries":
        """Return the same with finer profiles: those of one agree in (n,) columns, too."""
        codes = [pd.factorize(column, use_na_sentinel=False)[0] for column in columns]
        profile, coarse, *_ = profiles_of(len(self.profile), [self.profile, *codes])
        return Auxiliaries(self.names, self.profiles[coarse], self.totals, profile)

    def pooled(self, used: Mask) -> "Auxiliaries":
        """Return some of the C profiles, each as one respondent."""
        return Auxiliaries(self.names, self.profiles[used], self.totals, np.arange(used.sum()))

    def scale(self, weights: Floats) -> Floats:
        """(A,) what errors are relative to: the total, or ``Σw|x|`` where the total is zero."""
        size = np.abs(self.totals)
        spread = self.by_profile(weights) @ np.abs(self.profiles)
        return np.where(size > 0, size, np.maximum(spread, 1e-300))

    def relative_errors(self, weights: Floats) -> Floats:
        """(A,) signed relative difference between weighted totals and population totals."""
        reached = self.by_profile(weights) @ self.profiles
        error: Floats = (reached - self.totals) / self.scale(weights)
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
    names: list[str] = []
    goals: list[float] = []
    # Of each margin or number the code of each respondent, and the values of each code.
    codes, values = [], []
    category = category_codes(table, targets, weights) if targets else pd.DataFrame()
    for margin, target in targets.items():
        names += [f"margin '{margin}', category '{name}'" for name in target]
        goals += target.values()
        codes.append(category[margin].to_numpy())
        values.append(np.eye(len(target)))
    for name, total in (totals or {}).items():
        given = numbers(table, name)
        refuse(~np.isfinite(given), name, "a missing or infinite number", "Impute or drop it")
        if not np.isfinite(total):
            raise StudyError(f"total of '{name}'", f"it is {total}", "Give a finite number")
        names.append(f"total of '{name}'")
        goals.append(float(total))
        code, found = pd.factorize(given)
        codes.append(code)
        values.append(found[:, np.newaxis])
    if not names:
        raise StudyError("calibration", "no auxiliary is given", "Name margins or totals")
    profile, *of_profiles = profiles_of(len(table), codes)
    profiles = np.hstack([value[code] for value, code in zip(values, of_profiles, strict=True)])
    return Auxiliaries(tuple(names), profiles, np.array(goals), profile)


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
