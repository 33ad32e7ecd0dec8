"""Tables without rows, for studies that leave a comparison out."""

from collections.abc import Sequence

import pandas as pd


def empty_table(
    columns: Sequence[str], texts: Sequence[str], counts: Sequence[str] = ()
) -> pd.DataFrame:
    """Return a table without rows whose columns have their types; the others are floats."""
    kinds = {
        name: "str" if name in texts else "int64" if name in counts else "float64"
        for name in columns
    }
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})
