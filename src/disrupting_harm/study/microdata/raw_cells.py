"""Read the cells of a raw column as text, numbers or known codes; a fault names their rows.

A message never repeats what a respondent's cell holds: messages are in logs and on screens, and a
wrong column may hold names. Whoever may see the file finds the cell by its column and row.
"""

import re
from collections.abc import Collection, Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from designbased.arrays import Integers, Mask
from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.spelling import LOOK_ALIKE, LOOKS_LIKE_ITSELF, ONE_SPELLING, look_of
from disrupting_harm.study.codebook.definitions import LARGEST
from disrupting_harm.study.microdata.mapping import normalise_code

NAMED = 5
# Sums of squares of smaller numbers vanish.
SMALLEST = 1e-12
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def parse_number(text: str) -> float | None:
    """Return the number that ``text`` spells with a decimal point; None where it spells none."""
    return float(text) if _NUMBER.fullmatch(text) else None


def join_first_names(names: Sequence[str]) -> str:
    """Return the first names of a list and how many more there are."""
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def describe_rows(rows: Iterable[int]) -> str:
    """Return "data row 3" or "data rows 3, 7"; rows are counted from 1 without the header."""
    row_numbers = [str(row) for row in rows]
    return f"data row{'s' if len(row_numbers) > 1 else ''} {join_first_names(row_numbers)}"


class RawColumn:
    """A column of the raw file: text cells, "" where empty, indexed by data row.

    What a cell means is found once for all rows that hold the same.
    """

    def __init__(self, raw: pd.DataFrame, name: str, location: str) -> None:
        self.location = f"{location}, column '{name}'"
        self.rows = raw.index
        cells = raw[name].astype("category")
        self.codes: Integers = cells.cat.codes.to_numpy().astype(np.intp)
        self._cells = cells.cat.categories

    def refuse(
        self, is_faulty: "pd.Series[bool] | NDArray[np.bool_]", finding: str, remedy: str
    ) -> None:
        """Raise a `StudyError` that names the rows at fault, if there are any."""
        rows = self.rows[is_faulty]
        if len(rows):
            raise StudyError(self.location, f"{finding} in {describe_rows(rows)}", remedy)

    def refuse_look_alikes(self, groups: Integers | None = None) -> None:
        """Refuse two codes that a reader would take for one, and name a row of each.

        Args:
            groups: (n,) group of each row; codes of different groups may look alike. None: they
                may not.

        Raises:
            StudyError: they would count as two clusters, strata or children.
        """
        # Most ids of a million children differ in plain letters, which is soon seen.
        lower = self._cells.str.lower()
        if lower.is_unique and lower.str.fullmatch(LOOKS_LIKE_ITSELF).all():
            return
        looks, kinds = pd.factorize(np.array([look_of(cell) for cell in self._cells], dtype=object))
        if len(kinds) == len(self._cells):
            return
        table = pd.DataFrame({"code": self.codes, "look": looks[self.codes]}, index=self.rows)
        table["group"] = 0 if groups is None else groups
        codes = table.drop_duplicates(["group", "code"]).drop(columns="code")
        alike = codes[codes.duplicated(keep=False)]
        first_pair = alike.index[(alike == alike.iloc[:1].squeeze()).all(axis=1)][:2]
        self.refuse(self.rows.isin(first_pair), LOOK_ALIKE, ONE_SPELLING)

    def read_filled(self) -> pd.Series:
        """Return the cells as categories; an empty one is a fault."""
        self.refuse(self._find_empty(), "an empty cell", "Fill it; every row needs a value")
        cells = pd.Categorical.from_codes(self.codes, self._cells).remove_unused_categories()
        return pd.Series(cells, index=self.rows)

    def read_numbers(self, needed: "pd.Series[bool] | None" = None) -> "pd.Series[float]":
        """Return finite numbers, NaN for empty cells of rows that need none (all do by default)."""
        values = np.array([parse_number(cell) for cell in self._cells], dtype=float)
        numbers = pd.Series(values[self.codes], index=self.rows)
        empty = self._find_empty()
        self.refuse(
            empty if needed is None else empty & needed,
            "a missing number",
            "Fill it; the row cannot be used without it",
        )
        self.refuse(
            ~empty & ~np.isfinite(numbers),
            "a cell that is no finite number",
            "Give plain numbers with a decimal point",
        )
        magnitude = numbers.abs()
        self.refuse(
            (magnitude > LARGEST) | ((magnitude > 0) & (magnitude < SMALLEST)),
            "a number out of all proportion",
            f"Correct it: nothing counted or weighed here is beyond {LARGEST:g}, or between 0 and "
            f"{SMALLEST:g}",
        )
        return numbers

    def find_rows_among(self, codes: Collection[str]) -> Mask:
        """Say which rows hold one of some codes, written as by :func:`normalise_code`."""
        is_among = [normalise_code(cell) in codes for cell in self._cells]
        return np.array(is_among, dtype=bool)[self.codes]

    def decode(self, answers: dict[str, str], remedy: str) -> pd.Series:
        """Return the meaning of every code by :func:`normalise_code`, as categories.

        An unknown code is a fault.
        """
        answer_of_cell = [answers.get(normalise_code(cell)) for cell in self._cells]
        unknown = np.array([answer is None for answer in answer_of_cell], dtype=bool)
        self.refuse(unknown[self.codes], "an unknown code", remedy)
        meanings = pd.Series(answer_of_cell, dtype="str").astype("category").array
        return pd.Series(meanings.take(self.codes).remove_unused_categories(), index=self.rows)

    def _find_empty(self) -> Mask:
        return np.asarray(self._cells == "")[self.codes]
