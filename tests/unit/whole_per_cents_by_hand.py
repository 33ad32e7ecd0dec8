"""Whole per cents of made-up shares: rounded by the decimals of their text, and not by floats."""

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import pandas as pd

ESTIMATE = {"estimate": "whole", "ci_low": "whole_low", "ci_high": "whole_high"}
PREDICTION = {
    "prediction_low": "whole_prediction_low",
    "prediction_high": "whole_prediction_high",
}
DIFFERENCE = {
    "difference": "points",
    "ci_low": "points_low",
    "ci_high": "points_high",
    "ci_low_simultaneous": "points_low_simultaneous",
    "ci_high_simultaneous": "points_high_simultaneous",
}


def whole(share: Any) -> int | None:
    """Return a share in whole per cent, a half to the even one; None where there is none."""
    if share is None or share == "" or pd.isna(share):
        return None
    return int((Decimal(str(share)) * 100).quantize(Decimal(1), ROUND_HALF_EVEN))


def with_wholes(row: Mapping[str, Any], columns: Mapping[str, str] = ESTIMATE) -> dict[str, Any]:
    """Return a row of texts with the whole per cents of its shares, as texts."""
    found = {of: whole(row.get(name)) for name, of in columns.items()}
    return {**row, **{of: "" if value is None else str(value) for of, value in found.items()}}


def table_with_wholes(table: pd.DataFrame, columns: Mapping[str, str] = ESTIMATE) -> pd.DataFrame:
    """Return a table with the whole per cents of its shares."""
    found = {of: pd.array(table[name].map(whole), "Int64") for name, of in columns.items()}
    return table.assign(**found)
