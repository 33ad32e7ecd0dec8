"""Frames of answers and domains, checked and turned into the arrays that estimators work on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disrupting_harm.errors import StudyError
from disrupting_harm.survey.design import Floats, Integers

Statistic: TypeAlias = Literal["proportion", "mean", "total"]


@dataclass(frozen=True, eq=False)
class Outcomes:
    """K outcomes of n rows.

    Attributes:
        names: the K columns.
        values: (n, K) answers, zero where there is none.
        valid: (n, K) one where there is an answer and zero elsewhere; (n, 1) ones when no answer is
            missing at all.
        kind: (K,) the statistic wanted.
    """

    names: list[str]
    values: Floats
    valid: Floats
    kind: NDArray[np.str_]


@dataclass(frozen=True, eq=False)
class Levels:
    """The L levels of all domains and the rows in each.

    Attributes:
        domain: the domain of each level.
        name: the name of each level.
        row: (M,) one entry for every row and level it stands in.
        index: (M,) the level of that entry.
    """

    domain: list[str]
    name: list[str]
    row: Integers
    index: Integers

    def __len__(self) -> int:
        return len(self.name)


def code_outcomes(
    outcomes: pd.DataFrame, n_rows: int, statistics: Mapping[str, Statistic] | None = None
) -> Outcomes:
    """Check outcomes: numbers, zero or one for proportions, NaN where there is no valid answer.

    Raises:
        StudyError: wrong number of rows, repeated columns, values that do not fit the statistic, or
            a statistic for no column or of no known kind.
    """
    _check_shape(outcomes, n_rows, "outcomes")
    names = [str(name) for name in outcomes.columns]
    kind = _kinds(names, statistics or {})
    try:
        answers = outcomes.to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise StudyError("outcomes", str(error), "Give numbers, NaN for no valid answer") from error
    missing = np.isnan(answers)
    values = np.where(missing, 0.0, answers)
    binary = (values == 0) | (values == 1)
    strange = ~np.where(kind == "proportion", binary, np.isfinite(values))
    if strange.any():
        row, column = np.argwhere(strange)[0]
        found = f"the value {values[row, column]:g} in data row {row + 1} for a {kind[column]}"
        remedy = "Proportions take 0, 1 and NaN; means and totals take finite numbers and NaN"
        raise StudyError(f"outcomes, column '{names[column]}'", found, remedy)
    valid = (~missing).astype(np.float64) if missing.any() else np.ones((n_rows, 1))
    return Outcomes(names, values, valid, kind)


def code_levels(domains: pd.DataFrame, n_rows: int) -> Levels:
    """Number the categories of all domains, in the order of columns and categories.

    Raises:
        StudyError: wrong number of rows, repeated columns, or a column that is not categorical.
    """
    _check_shape(domains, n_rows, "domains")
    domain: list[str] = []
    name: list[str] = []
    rows: list[Integers] = []
    index: list[Integers] = []
    for title in domains.columns:
        column = domains[title]
        if not isinstance(column.dtype, pd.CategoricalDtype):
            found = f"values of type {column.dtype}"
            raise StudyError(f"domains, column '{title}'", found, "Make it categorical")
        codes = column.cat.codes.to_numpy()
        row = np.flatnonzero(codes >= 0)
        rows.append(row)
        index.append(codes[row].astype(np.intp) + len(name))
        categories = [str(category) for category in column.cat.categories]
        domain += [str(title)] * len(categories)
        name += categories
    return Levels(domain, name, np.concatenate(rows), np.concatenate(index))


def _check_shape(frame: pd.DataFrame, n_rows: int, where: str) -> None:
    if frame.shape[1] == 0:
        raise StudyError(where, "no columns", "Give at least one")
    if len(frame) != n_rows:
        found = f"{len(frame)} rows for a design of {n_rows}"
        raise StudyError(where, found, "Give both the same rows in the same order")
    twice = frame.columns[frame.columns.duplicated()]
    if len(twice):
        raise StudyError(where, f"column '{twice[0]}' stands twice", "Give each column once")


def _kinds(names: list[str], statistics: Mapping[str, Statistic]) -> NDArray[np.str_]:
    unknown = sorted(set(statistics) - set(names))
    if unknown:
        raise StudyError("statistics", f"no outcome '{unknown[0]}'", "Name columns of the outcomes")
    for name, kind in statistics.items():
        if kind not in get_args(Statistic):
            options = ", ".join(get_args(Statistic))
            raise StudyError("statistics", f"{kind!r} for '{name}'", f"Choose one of {options}")
    return np.array([statistics.get(name, "proportion") for name in names], dtype=np.str_)
