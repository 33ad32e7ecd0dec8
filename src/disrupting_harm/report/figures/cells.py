"""Rows of the public tables, prepared for drawing.

Nothing but the public table is read, and a row with a hidden status may have no number: a figure
can therefore not show what the release hides.
"""

from typing import Any

import pandas as pd

from disrupting_harm.errors import StudyError
from disrupting_harm.report.figures.rows import Row
from disrupting_harm.report.words import Words
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


def to_row(cell: Any, words: Words, reference: bool = False) -> Row:
    """Return the drawn row of one cell (a named tuple of a public table with a ``label``)."""
    label = str(cell.label)
    if cell.status == NOT_ASKED:
        return Row(label, words("not asked"), asked=False)
    if cell.status in HIDDEN_STATUSES:
        return Row(label, cell.shown, meaning=sign_meaning(cell.shown, words))
    digits = len(cell.shown.partition(".")[2])
    low, high = words.percent(cell.ci_low, digits), words.percent(cell.ci_high, digits)
    uncertain = "caution" if cell.status in UNCERTAIN else ""
    looks = [word for word in ("reference" if reference else "", uncertain) if word]
    return Row(
        label,
        words.percent(cell.estimate, digits),
        f"({low}–{high})",
        estimate=round(100 * cell.estimate, digits),
        ci_low=round(100 * cell.ci_low, digits),
        ci_high=round(100 * cell.ci_high, digits),
        look=" ".join(looks) or "plain",
    )


def sign_meaning(sign: str, words: Words) -> str:
    """Return what a sign in place of an estimate says."""
    if sign.startswith(("<", ">")):
        return words("per cent; the exact figure is withheld")
    if sign == "*":
        return words("too uncertain to print")
    return words("withheld to protect those asked")
