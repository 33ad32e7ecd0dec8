"""Whole per cents of made-up shares: rounded by the decimals of their text, and not by floats."""

from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import Any

import pandas as pd

ESTIMATE = {"estimate": "whole", "ci_low": "whole_low", "ci_high": "whole_high"}
PREDICTION = {
    "prediction_low": "whole_prediction_low",
    "prediction_high": "whole_prediction_high",
}
DIFFERENCE = {"difference": "points", "ci_low": "points_low", "ci_high": "points_high"}


OUTWARDS = {"ci_low": ROUND_FLOOR, "ci_high": ROUND_CEILING}


def whole(share: Any, name: str = "", clear: str = "") -> int | None:
    """Return a share in whole per cent, a half to the even one; None where there is none.

    Of a difference with a verdict, ``clear``, limits go outwards where it is not; where it is, no
    number of it is 0.
    """
    if share is None or share == "" or pd.isna(share):
        return None
    exact = Decimal(str(share)) * 100
    if clear == "False" and name in OUTWARDS:
        return int(exact.quantize(Decimal(1), OUTWARDS[name]))
    nearest = int(exact.quantize(Decimal(1), ROUND_HALF_EVEN))
    return (1 if exact > 0 else -1) if clear == "True" and nearest == 0 else nearest


def with_wholes(row: Mapping[str, Any], columns: Mapping[str, str] = ESTIMATE) -> dict[str, Any]:
    """Return a row of texts with the whole per cents of its shares, as texts."""
    clear = str(row.get("clear", ""))
    found = {of: whole(row.get(name), name, clear) for name, of in columns.items()}
    return {**row, **{of: "" if value is None else str(value) for of, value in found.items()}}


def table_with_wholes(table: pd.DataFrame, columns: Mapping[str, str] = ESTIMATE) -> pd.DataFrame:
    """Return a table with the whole per cents of its shares."""
    clear = table["clear"].astype(str) if "clear" in table else [""] * len(table)
    found = {
        of: pd.array(
            [whole(share, name, known) for share, known in zip(table[name], clear, strict=True)],
            "Int64",
        )
        for name, of in columns.items()
    }
    return table.assign(**found)
