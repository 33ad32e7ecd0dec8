"""The public evidence of one country: rows of its tables, and sums that keep their status.

Only files below ``public/evidence/`` are read here. A study may lack any of the tables.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import read_rows
from disrupting_harm.evidence.fact_status import INCOMPLETE, REPORTED
from disrupting_harm.evidence.tables import PUBLIC
from disrupting_harm.provenance.addresses import address_of, number_of, with_address
from disrupting_harm.provenance.row_addresses import address_cells
from disrupting_harm.report.reading.rows import PublicRow

# Measures of hotlines.
CONTACTS, ABOUT_ABUSE = "contacts_total", "contacts_ocsea"
RECEIVED, REMOVED = "reports_received", "removed"


@dataclass(frozen=True)
class Evidence:
    """Tables of evidence by name; one that the study lacks, or that is empty here, has no rows."""

    tables: Mapping[str, Sequence[PublicRow]] = field(default_factory=dict)

    def rows(self, table: str) -> Sequence[PublicRow]:
        """Return the rows of a table in the order of its file."""
        return self.tables.get(table, ())

    def of(self, country: str) -> "Evidence":
        """Return the rows of one country, or of the world (``WLD``), alone."""
        return Evidence(
            {
                name: [row for row in rows if row["country"] == country]
                for name, rows in self.tables.items()
            }
        )


def read_evidence(paths: Iterable[Path], areas: Collection[str] | None = None) -> Evidence:
    """Read the public tables of evidence that a study has.

    Args:
        paths: tables, known by their file names; those that no document or figure reads are left
            out.
        areas: the countries whose rows are wanted, or the world (``WLD``); absent: all.

    Raises:
        StudyError: if a table lacks a column.
    """
    table_names = {name for name, public in PUBLIC.items() if public.in_documents}
    return Evidence(
        {path.stem: _read_table(path, areas) for path in paths if path.stem in table_names}
    )


def _read_table(path: Path, areas: Collection[str] | None) -> list[PublicRow]:
    column_names, rows = read_rows(path, areas)
    for column in PUBLIC[path.stem].column_names:
        if column not in column_names:
            raise StudyError(
                f"{path}, column '{column}'", "it is missing", "Run the stage 'evidence' again"
            )
    return [PublicRow(row) for row in address_cells(path.stem, rows)]


@dataclass(frozen=True)
class Amount:
    """A count with its status; ``number`` is None where there is none to print.

    ``at_least`` marks a sum some of whose parts have no number.
    """

    number: int | None
    status: str
    at_least: bool = False

    @property
    def quantity(self) -> int:
        """Return the number that plural forms go by; words in its place count as many."""
        return 2 if self.number is None else self.number


def read_amount(row: PublicRow, column: str) -> Amount:
    """Return the count in a row; parts that are zero beside parts without a number say nothing.

    That is not the same as "not recorded": somebody counted.
    """
    count = with_address(int(row.number(column)), address_of(row[column])) if row[column] else None
    if row["status"] != INCOMPLETE:
        return Amount(count, row["status"])
    return Amount(count, REPORTED, at_least=True) if count else Amount(None, INCOMPLETE)


def data_kinds(rows: Iterable[PublicRow]) -> set[str]:
    """Return whether rows are ``published``, ``observed`` or ``simulated``."""
    return {row.get("data_kind", "") for row in rows} - {""}


def read_optional_number(cell_text: str) -> float | None:
    """Return a number of a table; None where the cell is empty."""
    return number_of(cell_text) if cell_text else None
