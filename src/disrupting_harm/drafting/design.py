"""How the sample was drawn: the columns whose names or labels say so, for a person to confirm."""

import re
from dataclasses import dataclass

from disrupting_harm.drafting.label_words import DESIGN, NO_WEIGHT, SIX_DECIMALS
from disrupting_harm.drafting.raw_columns import RawColumn, RawSurvey
from disrupting_harm.study.microdata.mapping import EQUAL_WEIGHT, NO_STRATUM, ROWS

# What a mapping says where the file has no such column.
ABSENT = {"weight": EQUAL_WEIGHT, "stratum": NO_STRATUM, "psu": ROWS}
MOST_OTHERS = 5


@dataclass(frozen=True)
class DesignColumn:
    """A column of the sampling design, or that there is none.

    Attributes:
        name: the likeliest column; None where none looks like it.
        others: further columns that look like it, the likeliest first.
    """

    name: str | None
    others: tuple[str, ...] = ()


def find_design(survey: RawSurvey) -> dict[str, DesignColumn]:
    """Return the columns of weight, stratum and PSU."""
    found: dict[str, DesignColumn] = {}
    for key in DESIGN:
        taken = {column.name for column in found.values()}
        ranks = {
            name: rank
            for name, column in survey.columns.items()
            if name not in taken and (rank := _rank_column(key, column)) is not None
        }
        names = sorted(ranks, key=lambda name: ranks[name])
        found[key] = DesignColumn(names[0] if names else None, tuple(names[1 : MOST_OTHERS + 1]))
    return found


def has_six_decimals(column: RawColumn) -> bool:
    """Return whether a label says that a weight is written without its point."""
    return SIX_DECIMALS.search(column.label) is not None


def _rank_column(key: str, column: RawColumn) -> int | None:
    """Return the place of the first pattern that fits; None where none does."""
    if column.blank or not column.counts:
        return None
    texts = [column.name.lower(), column.name.lower().replace("_", " "), column.label.lower()]
    if key == "weight":
        numbers = column.numbers
        if numbers is None or numbers[0] < 0 or len(numbers) < 3:
            return None
        if any(map(NO_WEIGHT.search, texts)):
            return None
    return next(
        (
            place
            for place, pattern in enumerate(DESIGN[key])
            if any(re.search(pattern, text) for text in texts)
        ),
        None,
    )
