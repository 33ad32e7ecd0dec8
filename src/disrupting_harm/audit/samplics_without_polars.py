"""Loads samplics without Polars, 182 MB of which it would use two calls.

samplics computes with NumPy. In what the audit calls, Polars lists the strata with one PSU and the
categories of a margin; elsewhere its types are only named, to tell what an argument is. These calls
narwhals has as well, for frames of pandas, and it is installed for other libraries. So
``requirements.lock`` leaves Polars out, and samplics finds :class:`DataFrame` in its place, also
where Polars is installed: the audit is the same everywhere. Any other call of Polars would fail,
and the audit with it.
"""

import sys
import warnings
from functools import cache
from types import ModuleType
from typing import Any

import narwhals
import pandas as pd


class DataFrame:
    """A frame of pandas that answers to calls of Polars; ``columns``: by name, or the only one."""

    def __new__(cls, columns: Any) -> Any:
        """Return the frame as narwhals has it."""
        by_name = columns if isinstance(columns, dict) else {"column_0": columns}
        return narwhals.from_native(pd.DataFrame(by_name), eager_only=True)


def col(name: str) -> narwhals.Expr:
    """Return a column of a frame, with the one call that narwhals names otherwise."""
    column = narwhals.col(name)
    column.is_not_null = lambda: ~column.is_null()  # type: ignore[attr-defined]
    return column


@cache
def load_samplics() -> ModuleType:
    """Import samplics, once, with narwhals in the place of Polars."""
    import statsmodels.api  # noqa: F401  it would look for Polars, too, and finds what is there

    before = {name: module for name, module in sys.modules.items() if name == "polars"}
    stand_in = ModuleType("polars")
    stand_in.__dict__.update(DataFrame=DataFrame, Series=narwhals.Series, col=col)
    sys.modules["polars"] = stand_in
    try:
        with warnings.catch_warnings():
            # It announces the end of its maintenance.
            warnings.simplefilter("ignore", FutureWarning)
            import samplics
    finally:
        del sys.modules["polars"]
        sys.modules.update(before)
    return samplics
