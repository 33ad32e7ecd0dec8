"""What a table of evidence is made of: columns, their kinds and codes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

# What a cell may hold: `place` is a country or the world, `code` one of a list, `identifier` a text
# without a list, `percent` 0-100, `score` 0-3, `date` year-month-day or year-month.
Kind = Literal[
    "country",
    "place",
    "year",
    "month",
    "date",
    "code",
    "identifier",
    "count",
    "score",
    "percent",
    "text",
]  # fmt: skip
WORLD = "WLD"
FIRST_YEAR, LAST_YEAR = 1950, 2100
HIGHEST = {"score": 3.0, "percent": 100.0}


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        name: heading.
        kind: what its cells hold.
        meaning: what an officer who fills the table has to know.
        codes: allowed codes and their meaning, of kind `code`.
        required: whether every row needs a value; a number that a status governs does not.
        total: the code that stands for all others together, of a column whose rows add up.
    """

    name: str
    kind: Kind
    meaning: str
    codes: Mapping[str, str] = field(default_factory=dict)
    required: bool = True
    total: str | None = None


@dataclass(frozen=True)
class Table:
    """A table of evidence, one fact per row.

    Attributes:
        name: name of its sheet, of its file and of its key in the configuration.
        title: what it holds, as a heading.
        meaning: what a row is.
        columns: its columns in order.
        key: columns that together name a fact; no two rows agree in all of them.
        amount: the column that `status` governs; None without a status.
        microdata: whether a row is what one person said; messages repeat no cell of it.
    """

    name: str
    title: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    amount: str | None
    microdata: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the columns."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """Return the column of that name."""
        return next(column for column in self.columns if column.name == name)
