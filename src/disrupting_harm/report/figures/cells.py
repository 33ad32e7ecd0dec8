"""Rows of the public tables, prepared for drawing.

Nothing but the public table is read, and a row with a hidden status may have no number: a figure
can therefore not show what the release hides.
"""

from typing import Any

import pandas as pd

from disrupting_harm.errors import StudyError
from disrupting_harm.report.figures.rows import Row
from disrupting_harm.report.words import Words, rounded_percent
from disrupting_harm.study.statuses import HIDDEN_STATUSES, NOT_ASKED

WITHOUT_NUMBER = (*HIDDEN_STATUSES, NOT_ASKED)
UNCERTAIN = ("caution", "review")
NUMBERS = ["n", "estimate", "ci_low", "ci_high"]
KEYS = ["country", "indicator"]


def refuse_unsafe(table: pd.DataFrame, where: str) -> None:
    """Stop where a hidden row has a number or a shown row has none.

    Raises:
        StudyError: naming the first such row.
    """
    hidden = table["status"].isin(WITHOUT_NUMBER)
    known = table[NUMBERS].notna()
    for faulty, found in (
        (hidden & known.any(axis=1), "a hidden cell carries a number"),
        (~hidden & ~known.all(axis=1), "a shown cell lacks n, its estimate or interval"),
    ):
        if faulty.any():
            keys = [key for key in (*KEYS, "domain", "level") if key in table.columns]
            row = ", ".join(str(value) for value in table.loc[faulty, keys].iloc[0])
            raise StudyError(f"{where}, row {row}", found, "Run the stage 'publish' again")


def to_row(cell: Any, words: Words, highlight: bool = False) -> Row:
    """Return the drawn row of one cell (a named tuple of a public table with a ``label``).

    It is drawn where it is published and printed in whole per cent.
    """
    label = str(cell.label)
    if cell.status == NOT_ASKED:
        return Row(label, words("not asked"), missing="unasked")
    if cell.status in HIDDEN_STATUSES:
        return missing_row(label, cell.shown, words)
    estimate, low, high = (float(value) for value in (cell.estimate, cell.ci_low, cell.ci_high))
    uncertain = "caution" if cell.status in UNCERTAIN else ""
    looks = [word for word in ("highlight" if highlight else "", uncertain) if word]
    return Row(
        label,
        words.with_sign(rounded_percent(estimate)),
        whole_interval(low, high, words),
        estimate=round(100 * estimate, 2),
        ci_low=round(100 * low, 2),
        ci_high=round(100 * high, 2),
        look=" ".join(looks) or "plain",
    )


def missing_row(label: str, sign: str, words: Words) -> Row:
    """Return the row of a cell whose estimate is hidden, with words for its ``sign``."""
    if sign.startswith(("<", ">")):
        limit = float(sign[1:])
        percent = words.with_sign(rounded_percent(limit / 100))
        if sign[0] == "<":
            shown = words("under {limit}", limit=percent)
            return Row(label, shown, missing="bound", limits=(0.0, limit))
        shown = words("more than {limit}", limit=percent)
        return Row(label, shown, missing="bound", limits=(limit, 100.0))
    if sign == "*":
        return Row(label, words("not shown: too uncertain"), missing="uncertain")
    return Row(label, words("not shown: privacy"), missing="privacy")


def whole_interval(low: float, high: float, words: Words) -> str:
    """Return the limits of an interval in whole per cent, e.g. ``(14–21)``."""
    limits = (words.number(rounded_percent(limit)) for limit in (low, high))
    return f"({'–'.join(limits)})"
