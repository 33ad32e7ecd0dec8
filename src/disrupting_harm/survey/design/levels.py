"""Domains as levels: which rows stand in which category of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disrupting_harm.arrays import Integers
from disrupting_harm.errors import StudyError
from disrupting_harm.survey.design.coding import check_columns
from disrupting_harm.survey.design.rows import Rows, Table

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
        parts = [
            (codes, start - first)
            for codes, start, end in zip(self.codes, self.start, ends, strict=True)
            if start < last and end > first
        ]
        codes, starts = zip(*parts, strict=True)
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
            own = slice(max(start, 0), end)
            level = codes.astype(np.intp) + (start - own.start)
            inside = (codes >= 0) & (level >= 0) & (level < end - own.start)
            rows = slice(None) if inside.all() else np.flatnonzero(inside)
            yield rows, level[rows], own

    def members(self, rows: Integers | slice) -> Members:
        """Say which levels hold each of some rows."""
        level = self.of_rows[rows].astype(np.int32)
        inside = level >= 0
        start: NDArray[np.int32] = np.zeros(len(level) + 1, dtype=np.int32)
        np.cumsum(np.count_nonzero(inside, axis=1), out=start[1:])
        return start, level.ravel() if inside.all() else level[inside]


def code_levels(domains: Table, rows: Rows) -> Levels:
    """Number the categories of all domains, in the order of columns and categories.

    Args:
        domains: (n, D) columns, or one; see :func:`categorical`.
        rows: the rows that they should be of.

    Raises:
        StudyError: other rows, repeated columns, or a column that is neither categorical nor text.
    """
    domains = rows.frame(domains, "domains")
    check_columns(domains, "domains")
    domain: list[str] = []
    name: list[str] = []
    codes: list[NDArray[np.integer]] = []
    start: list[int] = []
    for title, column in domains.items():
        values = categorical(column)
        categories = [str(category) for category in values.categories.tolist()]
        codes.append(values.codes)
        start.append(len(name))
        domain += [str(title)] * len(categories)
        name += categories
    return Levels(domain, name, codes, start)


def categorical(column: pd.Series) -> pd.Categorical:
    """Return a domain as categories: text, and true and false, become sorted levels.

    Text is sorted letter by letter as its characters are numbered (pandas ``astype("category")``; R
    ``factor`` sorts by the language of the computer). Missing values are in no level. Numbers are
    refused, since those of an answer in a hundred values would make a hundred levels.

    Raises:
        StudyError: the values are neither categories nor text.
    """
    values = column.array
    if isinstance(values, pd.Categorical):
        return values
    if pd.api.types.infer_dtype(values, skipna=True) not in ("string", "boolean", "empty"):
        found = f"values of type {column.dtype}"
        remedy = "Give text or make it categorical, with astype('category')"
        raise StudyError(f"domains, column '{column.name}'", found, remedy)
    return pd.Categorical(values)


def crossed(domains: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Return the one domain that crosses several: "sex × age" with levels such as "girl × 12-13".

    Every combination of categories is a level, the last domain varying fastest, also those without
    rows. A row that is in no level of one of the domains is in none.

    Raises:
        StudyError: a name is no column or stands twice, or a column is no domain.
    """
    for name in names:
        if name not in domains.columns:
            held = ", ".join(map(str, domains.columns))
            raise StudyError("by", f"no domain '{name}'", f"Name columns of domains: {held}")
    if not names or len(set(names)) < len(names):
        raise StudyError("by", f"the names {list(names)}", "Name each domain once")
    parts = [categorical(domains[name]) for name in names]
    code, levels = np.zeros(len(domains), dtype=np.intp), [""]
    known = np.ones(len(domains), dtype=bool)
    for number, part in enumerate(parts):
        code = code * len(part.categories) + part.codes
        known &= part.codes >= 0
        joint = " × " if number else ""
        levels = [f"{level}{joint}{category}" for level in levels for category in part.categories]
    values = pd.Categorical.from_codes(np.where(known, code, -1), pd.Index(levels, dtype="str"))
    return pd.DataFrame({" × ".join(map(str, names)): values}, index=domains.index)
