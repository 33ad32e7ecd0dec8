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

from designbased.design.frames import is_foreign, read_column, read_frame
from designbased.errors import InputError

# Answers or domains as users have them: several columns, or one. Frames and columns of polars,
# Arrow and others are taken, too.
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

    def check(self, table: Any, role: str) -> None:
        """Refuse other rows than those of the design; what has no index is judged by its length.

        Args:
            table: a frame, a series, an array or a list.
            role: what it is, for the message.

        Raises:
            InputError: another number of rows, other labels, or the same ones in another order. It
                says in which rows and never prints a label, which may be a respondent's identifier.
        """
        if len(table) != self.count:
            noun = "rows" if isinstance(table, pd.DataFrame) else "values"
            finding = f"{len(table)} {noun} for a design of {self.count} rows"
            raise InputError(role, finding, "Give the same rows in the same order")
        index = getattr(table, "index", None)
        if not isinstance(index, pd.Index) or self.index is None or index.equals(self.index):
            return
        first = _first_difference(index, self.index) + 1
        unknown = int((~index.isin(self.index)).sum())
        if unknown == 0:
            finding = f"the labels of the design in another order, first in data row {first}"
            raise InputError(role, finding, ANOTHER_ORDER)
        finding = f"an index that differs from that of the design, first in data row {first}: "
        raise InputError(
            role, f"{finding}{unknown} of {self.count} labels are not in the design", OTHER_LABELS
        )

    def frame(self, table: Table, role: str) -> pd.DataFrame:
        """Return columns for these rows.

        Args:
            table: a frame, a series, or an array (n,) or (n, K). A column without a name is called
                as ``role`` is, without the plural; those of an array are numbered from 1. Frames of
                other libraries have no labels and count by position.
            role: what it is, for messages.

        Raises:
            InputError: the rows are not those of the design, or it is none of these.
        """
        if is_foreign(table):
            table = self._read_foreign(table, role)
        if isinstance(table, pd.DataFrame):
            self.check(table, role)
            return table
        singular = role.removesuffix("s")
        if isinstance(table, pd.Series):
            self.check(table, role)
            return table.to_frame(singular if table.name is None else table.name)
        arrays = np.ndarray | pd.api.extensions.ExtensionArray
        if isinstance(table, arrays) and table.ndim in (1, 2):
            self.check(table, role)
            if table.ndim == 1:
                return pd.DataFrame({singular: table}, index=self.index)
            column_names = [f"{singular} {number + 1}" for number in range(table.shape[1])]
            return pd.DataFrame(table, index=self.index, columns=column_names)
        finding = f"a value of type {type(table).__name__}"
        raise InputError(role, finding, "Give a data frame, a series or an array")

    def column(self, values: pd.Series | NDArray[Any] | Sequence[Any], role: str) -> pd.Series:
        """Return one column for these rows: a series as it is, an array or a list without a name.

        Raises:
            InputError: the rows are not those of the design.
        """
        if is_foreign(values):
            values = self._read_foreign(values, role)
        self.check(values, role)
        if isinstance(values, pd.Series):
            return values
        return pd.Series(values, index=self.index, name=role)

    def _read_foreign(self, table: Any, role: str) -> Any:
        """Read what another library holds, under the labels of these rows."""
        # A frame is a stream of records, which have columns; a column is none.
        is_frame = hasattr(table, "columns")
        found = read_frame(table) if is_frame else read_column(table)
        if len(found) == self.count and self.index is not None:
            return found.set_axis(self.index)
        self.check(found, role)
        return found


def _first_difference(index: pd.Index, reference: pd.Index) -> int:
    same = [a == b for a, b in zip(index, reference, strict=True)]
    return same.index(False) if False in same else 0
