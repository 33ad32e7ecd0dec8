"""Frames of answers, checked and turned into the arrays that estimators work on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, Self, TypeAlias, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from designbased.arrays import Floats, Integers
from designbased.design.rows import Rows, Table
from designbased.errors import InputError

Statistic: TypeAlias = Literal["proportion", "mean", "total"]
# A frame of up to this many answers (64 MB) is copied as a whole.
BLOCK_SIZE = 8_000_000
# What a byte holds where there is no answer, and the rows that are put into bytes at a time.
MISSING, ROWS_CODED = 2, 4_096


@dataclass(frozen=True, eq=False)
class Outcomes:
    """K outcomes of n rows.

    Attributes:
        names: the K columns.
        values: (n, K) answers, zero where there is none.
        valid: (n, K) one where there is an answer and zero elsewhere; (n, 1) ones when no answer is
            missing at all.
        statistic: (K,) the statistic wanted.

    Answers read from files may be a byte each instead of a float.
    """

    names: list[str]
    values: NDArray[Any]
    valid: NDArray[Any]
    statistic: NDArray[np.str_]

    def take(self, rows: slice | Integers) -> tuple[Floats, Floats]:
        """Return ``values`` and ``valid`` of some rows."""
        return self.values[rows], self.valid[rows]


def code_outcomes(
    outcomes: Table,
    rows: Rows,
    statistics: Mapping[Any, Statistic] | None = None,
    first_row: int = 1,
) -> Outcomes:
    """Check outcomes: numbers, zero or one for proportions, NaN where there is no valid answer.

    Args:
        outcomes: (n, K) answers; a series or an array (n,) is one outcome.
        rows: the rows that they should be of.
        statistics: statistic by outcome; an outcome left out is a proportion.
        first_row: the number of the first row, for messages.

    Raises:
        InputError: other rows, repeated columns, values that do not fit the statistic, or a
            statistic for no column or of no known kind.
    """
    outcomes = rows.frame(outcomes, "outcomes")
    outcome_names, statistic = name_outcomes(outcomes, rows, statistics)
    return _code_answers(outcomes, outcome_names, statistic, first_row)


def name_outcomes(
    outcomes: pd.DataFrame, rows: Rows, statistics: Mapping[Any, Statistic] | None = None
) -> tuple[list[str], NDArray[np.str_]]:
    """Return the names of the outcomes and the statistic of each.

    Names are text: a column with the label 2021 is the outcome "2021".

    Raises:
        InputError: other rows, repeated columns, or a statistic for no column or of no known kind.
    """
    rows.check(outcomes, "outcomes")
    check_columns(outcomes, "outcomes")
    outcome_names = [str(name) for name in outcomes.columns.tolist()]
    by_name = {str(name): option for name, option in (statistics or {}).items()}
    return outcome_names, _code_statistics(outcome_names, by_name)


class OutcomeRows:
    """Outcomes as arrays, some rows at a time.

    A large frame is never copied as a whole: zeros and ones are held as a byte each.

    Attributes:
        names: the K columns.
        statistic: (K,) the statistic wanted.

    Raises:
        InputError: as :func:`code_outcomes`.
    """

    def __init__(
        self,
        outcomes: Table,
        rows: Rows,
        statistics: Mapping[str, Statistic] | None = None,
    ) -> None:
        outcomes = rows.frame(outcomes, "outcomes")
        self.names, self.statistic = name_outcomes(outcomes, rows, statistics)
        as_bytes = (
            OutcomeBytes.from_frame(outcomes, self.statistic)
            if outcomes.size > BLOCK_SIZE
            else None
        )
        # Where bytes do not fit there is a fault, which is raised here.
        self._coded = (
            _code_answers(outcomes, self.names, self.statistic) if as_bytes is None else as_bytes
        )

    def take(self, rows: slice | Integers) -> tuple[Floats, Floats]:
        """Return ``values`` and ``valid`` of some rows, see :class:`Outcomes`."""
        return self._coded.take(rows)

    @property
    def bytes(self) -> "OutcomeBytes | None":
        """The outcomes of a large frame, whose proportions are held as a byte each."""
        return self._coded if isinstance(self._coded, OutcomeBytes) else None


@dataclass(frozen=True, eq=False)
class OutcomeBytes:
    """Outcomes of n rows: zeros and ones in a byte each, other numbers as they are.

    Attributes:
        answers: (n, K) zero, one or :data:`MISSING`.
        numbers: columns of outcomes that hold other numbers, NaN where there is none, by column.
    """

    answers: NDArray[np.uint8]
    numbers: dict[int, Floats]

    @classmethod
    def from_frame(cls, outcomes: pd.DataFrame, statistic: NDArray[np.str_]) -> Self | None:
        """Hold a frame; None if an answer does not fit its statistic."""
        answers = np.empty(outcomes.shape, dtype=np.uint8)
        fits = np.ones(outcomes.shape[1], dtype=bool)
        try:
            for start in range(0, len(outcomes), ROWS_CODED):
                some = slice(start, start + ROWS_CODED)
                block = outcomes.iloc[some].to_numpy(dtype=np.float64, na_value=np.nan)
                yes, missing = block == 1, np.isnan(block)
                fits &= (yes | missing | (block == 0)).all(axis=0)
                answers[some] = yes + MISSING * missing.astype(np.uint8)
        except (TypeError, ValueError):
            return None
        numbers = {
            index: outcomes.iloc[:, index].to_numpy(dtype=np.float64, na_value=np.nan)
            for index in np.flatnonzero(~fits).tolist()
        }
        for index, column in numbers.items():
            if statistic[index] == "proportion" or np.isinf(column).any():
                return None
        return cls(answers, numbers)

    def of_columns(self, selected: NDArray[np.bool_]) -> "OutcomeBytes":
        """Return the outcomes that are (K,) chosen."""
        positions = enumerate(np.flatnonzero(selected).tolist())
        numbers = {new: self.numbers[old] for new, old in positions if old in self.numbers}
        return OutcomeBytes(self.answers[:, selected], numbers)

    def take(self, rows: slice | Integers) -> tuple[Floats, Floats]:
        """Return ``values`` and ``valid`` of some rows, see :class:`Outcomes`."""
        answers = self.answers[rows]
        values = (answers == 1).astype(np.float64)
        missing = answers == MISSING
        for index, column in self.numbers.items():
            values[:, index] = np.where(missing[:, index], 0.0, column[rows])
        complete = not missing.any()
        return values, np.ones((len(values), 1)) if complete else (~missing).astype(np.float64)


def _code_answers(
    outcomes: pd.DataFrame,
    outcome_names: list[str],
    statistic: NDArray[np.str_],
    first_row: int = 1,
) -> Outcomes:
    try:
        answers = outcomes.to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise InputError("outcomes", str(error), "Give numbers, NaN for no valid answer") from error
    # Row after row in memory, as sums run through it.
    values = np.array(answers, order="C")
    missing = np.isnan(values)
    complete = not missing.any()
    if not complete:
        values[missing] = 0.0
    fits = (values == 0) | (values == 1)
    number = statistic != "proportion"
    if number.any():
        fits |= number & np.isfinite(values)
    if not fits.all():
        row, column = np.argwhere(~fits)[0]
        share = statistic[column] == "proportion"
        finding = "an answer other than 0 and 1" if share else "an infinite answer"
        remedy = "Proportions take 0, 1 and NaN; means and totals take finite numbers and NaN"
        location = f"outcomes, column '{outcome_names[column]}'"
        raise InputError(location, f"{finding} in data row {first_row + row}", remedy)
    valid = np.ones((len(values), 1)) if complete else (~missing).astype(np.float64)
    return Outcomes(outcome_names, values, valid, statistic)


def check_columns(frame: pd.DataFrame, location: str) -> None:
    """Refuse a frame without columns, or with two of one name."""
    if frame.shape[1] == 0:
        raise InputError(location, "no columns", "Give at least one")
    column_names = [str(name) for name in frame.columns.tolist()]
    if len(set(column_names)) < len(column_names):
        twice = next(name for name in column_names if column_names.count(name) > 1)
        raise InputError(location, f"column '{twice}' stands twice", "Give each column once")


def _code_statistics(
    outcome_names: list[str], statistics: Mapping[str, Statistic]
) -> NDArray[np.str_]:
    unknown = sorted(set(statistics) - set(outcome_names))
    if unknown:
        raise InputError("statistics", f"no outcome '{unknown[0]}'", "Name columns of the outcomes")
    for name, statistic in statistics.items():
        if statistic not in get_args(Statistic):
            options = ", ".join(get_args(Statistic))
            raise InputError(
                "statistics", f"{statistic!r} for '{name}'", f"Choose one of {options}"
            )
    return np.array([statistics.get(name, "proportion") for name in outcome_names], dtype=np.str_)


# Domains as levels: which rows stand in which category of each.


# ``start`` (m + 1,) and ``level``: row ``i`` stands in the levels ``level[start[i]:start[i + 1]]``.
Members: TypeAlias = tuple[NDArray[np.int32], NDArray[np.int32]]


@dataclass(frozen=True, eq=False)
class Levels:
    """The L levels of D domains, and the level of each of n rows in each domain.

    Attributes:
        domain: the domain of each level.
        name: the name of each level.
        codes: D arrays (n,): the category of each row, negative where it has none.
        start: D numbers: the level of the first category.
    """

    domain: list[str]
    name: list[str]
    codes: list[NDArray[np.integer]]
    start: list[int]

    def __len__(self) -> int:
        return len(self.name)

    def between(self, first: int, last: int) -> "Levels":
        """Return the levels from ``first`` to before ``last``; rows in others are in none."""
        ends = [*self.start[1:], len(self)]
        domains = [
            (codes, start - first)
            for codes, start, end in zip(self.codes, self.start, ends, strict=True)
            if start < last and end > first
        ]
        codes, starts = zip(*domains, strict=True)
        return Levels(self.domain[first:last], self.name[first:last], list(codes), list(starts))

    @cached_property
    def of_rows(self) -> NDArray[np.integer]:
        """(n, D) the level of each row in each domain, -1 where it is in none."""
        small = np.int16 if len(self) < np.iinfo(np.int16).max else np.int32
        columns = np.empty((len(self.codes[0]), len(self.codes)), dtype=small)
        for column, codes, start in zip(columns.T, self.codes, self.start, strict=True):
            level = codes.astype(np.int32) + start
            column[:] = np.where((codes >= 0) & (level >= 0) & (level < len(self)), level, -1)
        return columns

    def by_domain(self) -> Iterator[tuple[slice | Integers, Integers, slice]]:
        """Yield for each domain the rows in one of its levels, which of these, and the levels."""
        ends = [*self.start[1:], len(self)]
        for codes, start, end in zip(self.codes, self.start, ends, strict=True):
            levels_of_domain = slice(max(start, 0), end)
            level = codes.astype(np.intp) + (start - levels_of_domain.start)
            inside = (codes >= 0) & (level >= 0) & (level < end - levels_of_domain.start)
            rows = slice(None) if inside.all() else np.flatnonzero(inside)
            yield rows, level[rows], levels_of_domain

    def members(self, rows: Integers | slice) -> Members:
        """Return which levels hold each of some rows."""
        level = self.of_rows[rows].astype(np.int32)
        inside = level >= 0
        start: NDArray[np.int32] = np.zeros(len(level) + 1, dtype=np.int32)
        np.cumsum(np.count_nonzero(inside, axis=1), out=start[1:])
        return start, level.ravel() if inside.all() else level[inside]


def code_levels(domains: Table | None, rows: Rows) -> Levels:
    """Number the categories of all domains, in the order of columns and categories.

    Args:
        domains: (n, D) columns, or one; see :func:`as_categorical`. None is all rows: the domain
            "total" with the level "all".
        rows: the rows that they should be of.

    Raises:
        InputError: other rows, repeated columns, or a column that is neither categorical nor text.
    """
    if domains is None:
        return Levels(["total"], ["all"], [np.zeros(rows.count, dtype=np.int8)], [0])
    domains = rows.frame(domains, "domains")
    check_columns(domains, "domains")
    domain: list[str] = []
    name: list[str] = []
    codes: list[NDArray[np.integer]] = []
    start: list[int] = []
    for title, column in domains.items():
        values = as_categorical(column)
        categories = [str(category) for category in values.categories.tolist()]
        codes.append(values.codes)
        start.append(len(name))
        domain += [str(title)] * len(categories)
        name += categories
    return Levels(domain, name, codes, start)


def as_categorical(column: pd.Series) -> pd.Categorical:
    """Return a domain as categories: text, and true and false, become sorted levels.

    Text is sorted letter by letter as its characters are numbered (pandas ``astype("category")``; R
    ``factor`` sorts by the language of the computer). Missing values are in no level. Numbers are
    refused, since those of an answer in a hundred values would make a hundred levels.

    Raises:
        InputError: the values are neither categories nor text.
    """
    values = column.array
    if isinstance(values, pd.Categorical):
        return values
    if pd.api.types.infer_dtype(values, skipna=True) not in ("string", "boolean", "empty"):
        finding = f"values of type {column.dtype}"
        remedy = "Give text or make it categorical, with astype('category')"
        raise InputError(f"domains, column '{column.name}'", finding, remedy)
    return pd.Categorical(values)


def cross_domains(domains: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Return the one domain that crosses several: "sex × age" with levels such as "girl × 12-13".

    Every combination of categories is a level, the last domain varying fastest, also those without
    rows. A row that is in no level of one of the domains is in none.

    Raises:
        InputError: a name is no column or stands twice, or a column is no domain.
    """
    for name in names:
        if name not in domains.columns:
            column_names = ", ".join(map(str, domains.columns))
            raise InputError(
                "by", f"no domain '{name}'", f"Name columns of domains: {column_names}"
            )
    if not names or len(set(names)) < len(names):
        raise InputError("by", f"the names {list(names)}", "Name each domain once")
    factors = [as_categorical(domains[name]) for name in names]
    code, levels = np.zeros(len(domains), dtype=np.intp), [""]
    in_all = np.ones(len(domains), dtype=bool)
    for number, factor in enumerate(factors):
        code = code * len(factor.categories) + factor.codes
        in_all &= factor.codes >= 0
        joiner = " × " if number else ""
        levels = [
            f"{level}{joiner}{category}" for level in levels for category in factor.categories
        ]
    values = pd.Categorical.from_codes(np.where(in_all, code, -1), pd.Index(levels, dtype="str"))
    return pd.DataFrame({" × ".join(map(str, names)): values}, index=domains.index)
