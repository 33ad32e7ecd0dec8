"""What tables of evidence are made of: columns that are read, and columns that are published."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

# What a cell may hold: `place` is a country or the world, `code` one of a list, `identifier` a text
# without a list, `percent` 0-100, `score` 0-3, `date` year-month-day or year-month, `address` one
# of the web.
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
    "address",
]  # fmt: skip
Value = str | int | float | None
WORLD = "WLD"
# The scope of a company's figure for all countries together.
GLOBAL = "global"
# The code of the total in a column whose rows add up.
ALL = "all"
FIRST_YEAR, LAST_YEAR = 1950, 2100
# Above it a count is a slip: there are fewer people.
HIGHEST_COUNT = 10**10
HIGHEST = {"score": 3.0, "percent": 100.0}
# Units of numbers, where their kind says it.
UNITS = {
    "year": "calendar year",
    "month": "month of the year",
    "score": "score, from 0 to 3",
    "percent": "per cent",
}


@dataclass(frozen=True)
class Field:
    """A column of a public table.

    Attributes:
        name: heading.
        kind: type of its values, as a Frictionless data package names it.
        meaning: what a reader has to know; it stands in the data dictionary.
        codes: the values allowed, of strings; empty: any text.
        lowest: smallest number.
        highest: largest number.
        empty: whether a number may be missing.
        labels: codes as documents print them; one without is printed in its own letters.
        unit: of a number.
    """

    name: str
    kind: Literal["string", "integer", "number", "boolean"]
    meaning: str
    codes: tuple[str, ...] = ()
    lowest: float = 0
    highest: float = math.inf
    empty: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""


@dataclass(frozen=True)
class Column:
    """A column of a table that is read.

    Attributes:
        name: heading.
        kind: what its cells hold.
        meaning: what an officer who fills the table has to know.
        codes: allowed codes and their meaning, of kind `code`.
        required: whether every row needs a value; a number that a status governs does not.
        total: the code that stands for all others together, of a column whose rows add up.
        published: its meaning in public tables, where that is another.
        labels: codes as documents print them; one without is printed in its own letters.
        default: what an empty cell of texts or codes, or a file without the column, stands for.
        label_column: meaning of the public column `{name}_label`, of identifiers that a study may
            name in its file of labels; "" where it may not.
        unit: of a number, or of a text that can read as one.
        may_be_later: whether a date may lie after that of the study, as the day on which somebody
            looked at a source again.
    """

    name: str
    kind: Kind
    meaning: str
    codes: Mapping[str, str] = field(default_factory=dict)
    required: bool = True
    total: str | None = None
    published: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    default: str = ""
    label_column: str = ""
    unit: str = ""
    may_be_later: bool = False

    def make_public_field(self) -> Field:
        """Return the public column of the same name; a count may be hidden, and is then empty."""
        name, meaning = self.name, self.published or self.meaning
        unit = self.unit or UNITS.get(self.kind, "")
        match self.kind:
            case "count":
                return Field(name, "integer", meaning, empty=True, unit=unit)
            case "year":
                return Field(name, "integer", meaning, empty=not self.required, unit=unit)
            case "month":
                return Field(name, "integer", meaning, lowest=1, highest=12, unit=unit)
            case "score" | "percent":
                highest = HIGHEST[self.kind]
                return Field(name, "number", meaning, highest=highest, empty=True, unit=unit)
            case "code":
                none = () if self.required or self.default else ("",)
                return Field(name, "string", meaning, (*self.codes, *none), labels=self.labels)
        return Field(name, "string", meaning, labels=self.labels, unit=unit)

    def make_label_field(self) -> Field:
        """Return the public column of what the study calls its codes."""
        return Field(f"{self.name}_label", "string", self.label_column)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A table that is read: a CSV file, or a sheet of a workbook. One row is one fact.

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
    def column_names(self) -> tuple[str, ...]:
        """Return the names of the columns."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """Return the column of that name."""
        return next(column for column in self.columns if column.name == name)
