"""Raking to population margins, and post-stratification.

Raking (iterative proportional fitting; Deville & Särndal 1992, the multiplicative method) scales
weights by one factor per category of each margin until all margins hold. Respondents in the same
categories of all margins share their factors, so that the loop runs over the cells of the crossed
margins and not over respondents.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.linalg import qr, solve_triangular

from designbased.arrays import Floats, Integers, Mask
from designbased.design.frames import read_frame
from designbased.design.lonely_psus import number_profiles
from designbased.design.table_columns import (
    read_label_codes,
    read_labels,
    read_numbers,
    refuse_rows,
)
from designbased.errors import InputError

Targets = dict[str, dict[str, float]]
"""Population totals: margin -> category -> total."""

TOTALS_AGREE = 1e-6
MARGIN_HOLDS = 1e-8
# The loop ends here, or where rounding lets it come no nearer.
_STOP = 1e-12


def margin_targets(margins: pd.DataFrame, margin_names: tuple[str, ...]) -> Targets:
    """Read the named margins from a tidy table and give them one common total.

    Margins may differ in total by rounding (relative difference up to 1e-6); they could not all
    be met exactly then, so each is scaled to the total of the first one named.

    Args:
        margins: columns ``margin``, ``category``, ``total`` (population counts), one row per
            category.
        margin_names: the margins to use, in the order in which they are raked.

    Returns:
        ``{margin: {category: total}}``, categories as text in the order of the table.

    Raises:
        InputError: a margin that is not in the table, a category given twice, a total that is
            not a positive number, or margins whose totals disagree.
    """
    margins = read_frame(margins)
    margin, category = (
        read_labels(margins, "margin", "margins"),
        read_labels(margins, "category", "margins"),
    )
    total = read_numbers(margins, "total", "margins")
    targets: Targets = {}
    for name in margin_names:
        rows = np.flatnonzero(margin == name)
        if not rows.size:
            raise InputError(
                f"margins, margin '{name}'",
                f"no row; the table has {', '.join(sorted(set(margin.tolist())))}",
                "Add the margin's totals or take the margin out of the settings",
            )
        targets[name] = {}
        for row in rows:
            _add_category_target(targets[name], name, str(category[row]), float(total[row]))
    return _scale_to_one_total(targets)


def _add_category_target(
    target: dict[str, float], margin: str, category: str, total: float
) -> None:
    location = f"margins, margin '{margin}', category '{category}'"
    if category in target:
        raise InputError(location, "the category is given twice", "Keep one row per category")
    if not (np.isfinite(total) and total > 0):
        raise InputError(
            location,
            f"the total is {total:g}",
            "Give a positive population total or combine the category with another",
        )
    target[category] = total


def _scale_to_one_total(targets: Targets) -> Targets:
    sums = {name: sum(target.values()) for name, target in targets.items()}
    for name, total in sums.items():
        first_margin, common = next(iter(sums.items()))
        if abs(total - common) > TOTALS_AGREE * common:
            raise InputError(
                f"margins, margins '{first_margin}' and '{name}'",
                f"their totals are {common:.10g} and {total:.10g}",
                "Take all margins from one population so that their totals agree",
            )
        scale = common / total
        targets[name] = {category: value * scale for category, value in targets[name].items()}
    return targets


def category_codes(table: pd.DataFrame, targets: Targets, weights: np.ndarray) -> pd.DataFrame:
    """Number the categories of each margin, one row per respondent, in the order of the targets.

    Raises:
        InputError: a respondent without a category, a category that has no target, or a target
            whose category has no respondent with a positive weight.
    """
    codes = {}
    for margin, target in targets.items():
        label, labels = read_label_codes(table, margin)
        index_of_category = {category: index for index, category in enumerate(target)}
        index = np.array(
            [index_of_category.get(category, -1) for category in labels.tolist()], dtype=np.intp
        )
        for category in sorted(set(labels[index < 0].tolist())):
            count = int((labels[label] == category).sum())
            raise InputError(
                f"sample, column '{margin}', category '{category}'",
                f"{count} respondents but no total in the margins",
                f"Add the category to margin '{margin}' or recode these respondents",
            )
        code = index[label]
        total = margin_totals(weights, code, len(target))
        for category, weight in zip(target, total.tolist(), strict=True):
            if not weight > 0:
                raise InputError(
                    f"margins, margin '{margin}', category '{category}'",
                    "no respondent carries a positive weight in this category",
                    "Combine the category with another in the margins and in the sample",
                )
        codes[margin] = code
    return pd.DataFrame(codes, index=table.index)


def margin_totals(weights: np.ndarray, codes: np.ndarray, n_categories: int) -> np.ndarray:
    """Add up the weights in each of ``n_categories`` numbered categories."""
    return np.bincount(codes, weights=weights, minlength=n_categories)


def rake(
    weights: np.ndarray, table: pd.DataFrame, targets: Targets, max_iterations: int = 1000
) -> np.ndarray:
    """Rake weights to population margins (Deville & Särndal 1992, the multiplicative method).

    Args:
        weights: one non-negative weight per respondent.
        table: the respondents, one column per margin, rows in the order of ``weights``.
        targets: from :func:`margin_targets`.
        max_iterations: passes over all margins.

    Returns:
        The raked weights, whose totals meet every target to 1e-8 relative.

    Raises:
        InputError: categories and targets do not match, or a margin was missed; the error names
            the margin, the category, its target and what was reached.
    """
    weights, table = np.asarray(weights, dtype="float64"), read_frame(table)
    codes = category_codes(table, targets, weights)
    raked: np.ndarray = weights * _raking_factors(weights, codes, targets, max_iterations)
    _require_margins(raked, codes, targets)
    return raked


def _raking_factors(
    weights: np.ndarray, codes: pd.DataFrame, targets: Targets, max_iterations: int
) -> np.ndarray:
    """(n,) what raking multiplies each weight with."""
    goals = [np.array(list(target.values())) for target in targets.values()]
    cell, *categories = number_profiles(
        len(codes), [codes[margin].to_numpy() for margin in targets]
    )
    start = np.bincount(cell, weights=weights)
    factor = np.ones(len(start))
    worst = np.inf
    for _ in range(max_iterations):
        before, worst = worst, 0.0
        for goal, category in zip(goals, categories, strict=True):
            change = goal / np.bincount(category, weights=start * factor, minlength=len(goal))
            worst = max(worst, float(np.abs(change - 1).max()))
            factor *= change[category]
        if worst <= _STOP or before <= worst < MARGIN_HOLDS:
            break
    return np.asarray(factor[cell])


def poststratify(
    weights: np.ndarray, table: pd.DataFrame, margin: str, target: Mapping[str, float]
) -> np.ndarray:
    """Scale weights so that each category of one column reaches its population total.

    Raises:
        InputError: as :func:`rake`.
    """
    return rake(weights, table, {margin: dict(target)})


def _require_margins(weights: np.ndarray, codes: pd.DataFrame, targets: Targets) -> None:
    worst, farthest = 0.0, None
    for margin, target in targets.items():
        reached = margin_totals(weights, codes[margin].to_numpy(), len(target))
        for (category, goal), total in zip(target.items(), reached, strict=True):
            error = abs(total - goal) / goal if np.isfinite(total) else np.inf
            if error > worst:
                worst, farthest = error, (margin, category, goal, total)
    if farthest is not None and worst > MARGIN_HOLDS:
        margin, category, goal, total = farthest
        raise InputError(
            f"margins, margin '{margin}', category '{category}'",
            f"the target is {goal:.10g} but raking reached {total:.10g} "
            f"(relative error {worst:.1e}, limit {MARGIN_HOLDS:.0e})",
            "Check that the margins can hold together in this sample, or combine categories "
            "that have few respondents",
        )


# Auxiliary variables: values of each respondent, and known totals of the population.


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

    def split_profiles(self, *columns: Floats) -> "Auxiliaries":
        """Return the same with finer profiles: those of one agree in (n,) columns, too."""
        codes = [pd.factorize(column, use_na_sentinel=False)[0] for column in columns]
        profile, coarse, *_ = number_profiles(len(self.profile), [self.profile, *codes])
        return Auxiliaries(self.names, self.profiles[coarse], self.totals, profile)

    def pooled(self, used: Mask) -> "Auxiliaries":
        """Return some of the C profiles, each as one respondent."""
        return Auxiliaries(self.names, self.profiles[used], self.totals, np.arange(used.sum()))

    def scale(self, weights: Floats) -> Floats:
        """(A,) what errors are relative to: the total, or ``Σw|x|`` where the total is zero."""
        absolute = np.abs(self.totals)
        spread = self.by_profile(weights) @ np.abs(self.profiles)
        return np.where(absolute > 0, absolute, np.maximum(spread, 1e-300))

    def relative_errors(self, weights: Floats) -> Floats:
        """(A,) signed relative difference between weighted totals and population totals."""
        reached = self.by_profile(weights) @ self.profiles
        error: Floats = (reached - self.totals) / self.scale(weights)
        return error


def calibration_auxiliaries(
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
        InputError: nothing is given, a category without a target or respondents, a number that is
            missing, or a total that is not finite.
    """
    table = read_frame(table)
    auxiliary_names: list[str] = []
    goals: list[float] = []
    # Of each margin or number the code of each respondent, and the values of each code.
    codes, values = [], []
    category = category_codes(table, targets, weights) if targets else pd.DataFrame()
    for margin, target in targets.items():
        auxiliary_names += [f"margin '{margin}', category '{name}'" for name in target]
        goals += target.values()
        codes.append(category[margin].to_numpy())
        values.append(np.eye(len(target)))
    for name, total in (totals or {}).items():
        numbers_of_rows = read_numbers(table, name)
        refuse_rows(
            ~np.isfinite(numbers_of_rows), name, "a missing or infinite number", "Impute or drop it"
        )
        if not np.isfinite(total):
            raise InputError(f"total of '{name}'", f"it is {total}", "Give a finite number")
        auxiliary_names.append(f"total of '{name}'")
        goals.append(float(total))
        code, distinct = pd.factorize(numbers_of_rows)
        codes.append(code)
        values.append(distinct[:, np.newaxis])
    if not auxiliary_names:
        raise InputError("calibration", "no auxiliary is given", "Name margins or totals")
    profile, *of_profiles = number_profiles(len(table), codes)
    profiles = np.hstack([value[code] for value, code in zip(values, of_profiles, strict=True)])
    return Auxiliaries(tuple(auxiliary_names), profiles, np.array(goals), profile)


@dataclass(frozen=True, eq=False)
class Basis:
    """Independent auxiliaries and the coordinates in which they are orthonormal.

    Attributes:
        columns: the columns of the auxiliaries that the others do not explain.
        triangle: (r, r) upper triangle R with ``X_kept = Q R`` and ``Q' diag(q) Q = I``.
    """

    columns: NDArray[np.intp]
    triangle: NDArray[np.float64]

    def coordinates(self, values: np.ndarray) -> NDArray[np.float64]:
        """(n, r) the auxiliaries in these coordinates, ``X_kept R⁻¹``."""
        retained = values[:, self.columns].T
        rows: NDArray[np.float64] = solve_triangular(self.triangle, retained, trans="T").T
        return np.ascontiguousarray(rows)

    def inverse(self) -> NDArray[np.float64]:
        """(r, r) inverse of ``X_kept' diag(q) X_kept``."""
        root = solve_triangular(self.triangle, np.eye(len(self.columns)))
        product: NDArray[np.float64] = root @ root.T
        return product


def find_independent(values: np.ndarray, q: np.ndarray) -> Basis:
    """Find the independent columns of (n, A) ``values`` where rows count ``q`` (QR, pivoted)."""
    weighted = values * np.sqrt(q)[:, np.newaxis]
    length = np.sqrt((weighted**2).sum(axis=0))
    small = _triangle_by_blocks(weighted / np.where(length > 0, length, 1))
    triangle, order = qr(small, mode="r", pivoting=True)
    diagonal = np.abs(np.diag(triangle))
    rank = int((diagonal > DEPENDENT).sum())
    retained = order[:rank].astype(np.intp)
    return Basis(retained, triangle[:rank, :rank] * length[retained])


def _triangle_by_blocks(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """R of the QR decomposition of a tall matrix, from those of blocks of its rows.

    Blocks are too small to be shared among threads, whose number would change the last digits.
    """
    columns = matrix.shape[1]
    block_rows = BLOCK * columns
    while len(matrix) > block_rows:
        padded = np.zeros((-(-len(matrix) // block_rows) * block_rows, columns))
        padded[: len(matrix)] = matrix
        matrix = np.linalg.qr(padded.reshape(-1, block_rows, columns), mode="r").reshape(
            -1, columns
        )
    return np.linalg.qr(matrix, mode="r")
