"""Rows of the public tables, prepared for drawing.

Nothing but the public table is read, and a row with a hidden status may have no number: a figure
can therefore not show what the release hides.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import isnan
from typing import Any

import pandas as pd

from disrupting_harm.errors import StudyError
from disrupting_harm.provenance.addresses import ADDRESS, address_of, at
from disrupting_harm.report.figures.rows import Row
from disrupting_harm.report.ranges import ENDS as RANGE_ENDS
from disrupting_harm.report.ranges import Range, decimals_of
from disrupting_harm.report.whole import Whole, in_percent, interval
from disrupting_harm.report.words import Words, hundredths
from disrupting_harm.study.statuses import HIDDEN_STATUSES, NOT_ASKED
from disrupting_harm.study.whole_per_cents import WHOLE

WITHOUT_NUMBER = (*HIDDEN_STATUSES, NOT_ASKED)
UNCERTAIN = ("caution", "review")
Prefixes = Callable[[Iterable[Mapping[str, str]]], Iterable[str]]
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


def with_addresses(table: pd.DataFrame, prefixes: Prefixes) -> pd.DataFrame:
    """Return a public table with the address of each row in a column of its own.

    Args:
        table: all its rows, in the order of its file.
        prefixes: what makes the addresses of its rows.
    """
    rows: Any = table.to_dict("records")
    return table.assign(**{ADDRESS: list(prefixes(rows))})


def number_at(row: Any, column: str) -> float:
    """Return a number of a row (a named tuple of a table with addresses) with its address."""
    return at(float(getattr(row, column)), f"{row.address}/{column}")  # type: ignore[no-any-return]


def numbers_at(table: pd.DataFrame, column: str) -> list[float]:
    """Return the numbers of a column of a table with addresses; rows without one are left out."""
    known = table.dropna(subset=[column])
    cells = zip(known[column], known[ADDRESS], strict=True)
    return [at(float(value), f"{where}/{column}") for value, where in cells]


def whole_at(row: Any, names: Sequence[str] = tuple(WHOLE.values())) -> Whole:
    """Return a share of a row (as in :func:`number_at`) with its limits in whole per cent.

    Args:
        row: of a public table, whose share is shown.
        names: the columns of the share and of its limits.
    """
    share, low, high = (at(int(getattr(row, name)), f"{row.address}/{name}") for name in names)
    return Whole(share, low, high, share == 0 and row.estimate > 0)


def wholes_at(table: pd.DataFrame) -> list[Whole]:
    """Return the shares of a table with addresses in whole per cent; hidden ones are left out."""
    return [whole_at(row) for row in table.dropna(subset=["whole"]).itertuples()]


def range_at(row: Any) -> Range | None:
    """Return the range of an average; None where it is one number, or none.

    Args:
        row: a named tuple of ``pooled.csv`` with addresses.
    """
    if isnan(row.set_low):
        return None
    low, high, ci_low, ci_high = (number_at(row, column) for column in RANGE_ENDS)
    digits = decimals_of([str(float(number)) for number in (low, high, ci_low, ci_high)])
    return Range(low, high, ci_low, ci_high, digits)


def answers_of(table: pd.DataFrame) -> list[float]:
    """Return how many answered, of each row of a table with addresses that tells it."""
    return numbers_at(table, "n")


def to_row(cell: Any, words: Words, highlight: bool = False) -> Row:
    """Return the drawn row of one cell: a named tuple of a table with addresses and a ``label``.

    It is drawn where it is published and printed in whole per cent.
    """
    label = str(cell.label)
    if cell.status == NOT_ASKED:
        return Row(label, words("not asked"), missing="unasked", key=cell.address)
    if cell.status in HIDDEN_STATUSES:
        return missing_row(label, cell.shown, words, cell.address)
    share = whole_at(cell)
    uncertain = "caution" if cell.status in UNCERTAIN else ""
    looks = [word for word in ("highlight" if highlight else "", uncertain) if word]
    return Row(
        label,
        in_percent(words, share),
        interval(words, share),
        estimate=round(100 * cell.estimate, 2),
        ci_low=round(100 * cell.ci_low, 2),
        ci_high=round(100 * cell.ci_high, 2),
        look=" ".join(looks) or "plain",
        address=address_of(share.estimate),
        key=cell.address,
        whole=int(share.estimate),
    )


def missing_row(label: str, sign: str, words: Words, address: str) -> Row:
    """Return the row of a cell whose estimate is hidden, with words for its ``sign``.

    ``address`` is that of its row in the public table.
    """
    if sign.startswith(("<", ">")):
        limit = float(sign[1:])
        percent = words.with_sign(hundredths(at(limit / 100, f"{address}/shown")))
        if sign[0] == "<":
            shown = words("under {limit}", limit=percent)
            return Row(label, shown, missing="bound", limits=(0.0, limit), key=address)
        shown = words("more than {limit}", limit=percent)
        return Row(label, shown, missing="bound", limits=(limit, 100.0), key=address)
    if sign == "*":
        return Row(label, words("not shown: too uncertain"), missing="uncertain", key=address)
    return Row(label, words("not shown: privacy"), missing="privacy", key=address)
