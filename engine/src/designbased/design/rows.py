"""The rows of a design: what is given with a design must have the same rows in the same order.

Estimators work by position. A frame or series that was sorted or filtered after the design was made
would give each child the answers of another one, so its labels are compared; arrays have none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from designbased.errors import InputError

# Answers or domains as users have them: several columns, or one.
Table: TypeAlias = pd.DataFrame | pd.Series | NDArray[Any]

ANOTHER_ORDER = "Bring them into the rows of the design: with unique labels, .loc[design.index]"
OTHER_LABELS = (
    "Take them from the frame that the design was made from; if the rows are the same in the same "
    "order under other labels, use .set_axis(design.index)"
)


@dataclass(frozen=True, eq=False)
class Rows:
    """The n rows of a design.

    Attributes:
        count: their number.
        index: their labels; None for a design that was not made from a frame.
    """

    count: int
    index: pd.Index | None = None

    def check(self, given: Any, where: str) -> None:
        """Refuse other rows than those of the design; what has no index is judged by its length.

        Args:
            given: a frame, a series, an array or a list.
            where: what it is, for the message.

        Raises:
            InputError: another number of rows, other labels, or the same ones in another order. It
                says in which rows and never prints a label, which may be a respondent's identifier.
        """
        if len(given) != self.count:
            what = "rows" if isinstance(given, pd.DataFrame) else "values"
            found = f"{len(given)} {what} for a design of {self.count} rows"
            raise InputError(where, found, "Give the same rows in the same order")
        index = getattr(given, "index", None)
        if not isinstance(index, pd.Index) or self.index is None or index.equals(self.index):
            return
        first = _first_difference(index, self.index) + 1
        unknown = int((~index.isin(self.index)).sum())
        if unknown == 0:
            found = f"the labels of the design in another order, first in data row {first}"
            raise InputError(where, found, ANOTHER_ORDER)
        found = f"an index that differs from that of the design, first in data row {first}: "
        raise InputError(
            where, f"{found}{unknown} of {self.count} labels are not in the design", OTHER_LABELS
        )

    def frame(self, given: Table, where: str) -> pd.DataFrame:
        """Return columns for these rows.

        Args:
            given: a frame, a series, or an array (n,) or (n, K). A column without a name is called
                as ``where`` is, without the plural; those of an array are numbered from 1.
            where: what it is, for messages.

        Raises:
            InputError: the rows are not those of the design, or it is none of these.
        """
        if isinstance(given, pd.DataFrame):
            self.check(given, where)
            return given
        one = where.removesuffix("s")
        if isinstance(given, pd.Series):
            self.check(given, where)
            return given.to_frame(one if given.name is None else given.name)
        arrays = np.ndarray | pd.api.extensions.ExtensionArray
        if isinstance(given, arrays) and given.ndim in (1, 2):
            self.check(given, where)
            if given.ndim == 1:
                return pd.DataFrame({one: given}, index=self.index)
            names = [f"{one} {number + 1}" for number in range(given.shape[1])]
            return pd.DataFrame(given, index=self.index, columns=names)
        found = f"a value of type {type(given).__name__}"
        raise InputError(where, found, "Give a data frame, a series or an array")

    def column(self, given: pd.Series | NDArray[Any] | Sequence[Any], where: str) -> pd.Series:
        """Return one column for these rows: a series as it is, an array or a list without a name.

        Raises:
            InputError: the rows are not those of the design.
        """
        self.check(given, where)
        if isinstance(given, pd.Series):
            return given
        return pd.Series(given, index=self.index, name=where)


def _first_difference(index: pd.Index, other: pd.Index) -> int:
    same = [a == b for a, b in zip(index, other, strict=True)]
    return same.index(False) if False in same else 0
