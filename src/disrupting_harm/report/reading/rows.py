"""Rows of the public tables: cells as they stand in the file, numbers with their addresses."""

from typing import NamedTuple

from disrupting_harm.core.errors import StudyError
from disrupting_harm.provenance.addresses import number_of, whole_number_of


class Interval(NamedTuple):
    """A published estimate with its confidence limits, each with its address."""

    estimate: float
    low: float
    high: float

    def overlaps(self, other: "Interval") -> bool:
        """Return whether the two intervals have a value in common."""
        return self.low <= other.high and other.low <= self.high


class PublicRow(dict[str, str]):
    """A row of a public table: its cells are texts, empty where nothing is published."""

    @property
    def is_shown(self) -> bool:
        """Whether the row's estimate is published."""
        return bool(self["estimate"])

    @property
    def decimals(self) -> int:
        """The decimals with which the row's estimate is printed."""
        return len(self["shown"].partition(".")[2])

    def number(self, column: str) -> float:
        """Return the number of a cell, with its address.

        Raises:
            StudyError: if none is published.
        """
        return number_of(self._require_cell(column))

    def whole_number(self, column: str) -> int:
        """Return the whole number of a cell, with its address.

        Raises:
            StudyError: if none is published.
        """
        return whole_number_of(self._require_cell(column))

    def find_number(self, column: str) -> float | None:
        """Return the number of a cell, with its address; None where none is published."""
        return number_of(self[column]) if self[column] else None

    def interval(self) -> Interval | None:
        """Return the row's estimate and limits; None where they are not published."""
        columns = ("estimate", "ci_low", "ci_high")
        return Interval(*map(self.number, columns)) if all(map(self.get, columns)) else None

    def _require_cell(self, column: str) -> str:
        if not self[column]:
            raise StudyError(
                f"a public row, column '{column}'",
                "it has no number",
                "Run the stage that publishes it again",
            )
        return self[column]
