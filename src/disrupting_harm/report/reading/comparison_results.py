"""Read the public comparison of countries for the regional report."""

from dataclasses import dataclass
from pathlib import Path

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import read_rows
from disrupting_harm.provenance.primary_keys import ESTIMATES
from disrupting_harm.provenance.row_addresses import address_cells
from disrupting_harm.report.reading.public_tables import read_public_rows
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.study.statuses import ALL_COUNTRIES, TOTAL

# What the ledger says of a fact that nobody told.
NOT_AVAILABLE = "not available"


@dataclass(frozen=True)
class RegionalResults:
    """Rows of all public comparison tables by name; a table that the study lacks is empty.

    ``coded`` says whether printed bounds are of estimates, and not of the population.
    """

    tables: dict[str, list[PublicRow]]
    coded: bool = False

    def rows(self, table: str, **keys: str) -> list[PublicRow]:
        """Return the rows of a table whose columns equal ``keys``."""
        return [
            row
            for row in self.tables.get(table, [])
            if all(row[name] == value for name, value in keys.items())
        ]

    def row(self, table: str, **keys: str) -> PublicRow | None:
        """Return the one row with these keys, or None.

        Raises:
            StudyError: where there are several.
        """
        matching_rows = self.rows(table, **keys)
        if len(matching_rows) > 1:
            raise StudyError(
                f"public comparison, table '{table}'",
                f"{len(matching_rows)} rows with {keys}",
                "Run the stage 'compare' again",
            )
        return matching_rows[0] if matching_rows else None

    def indicators(self) -> list[str]:
        """Return the indicators compared, in the order of the table."""
        return list(dict.fromkeys(row["indicator"] for row in self.rows("prevalence")))

    def averages(self, indicator: str) -> dict[str, PublicRow]:
        """Return the averages of all countries by estimand; none of one country alone.

        An average that is only known to lie in a range has its ends, and no estimate.
        """
        return {
            row["estimand"]: row
            for row in self.rows("pooled", indicator=indicator, group=ALL_COUNTRIES)
            if (row["estimate"] or row["set_low"]) and row.whole_number("countries") > 1
        }

    def gaps(self, indicator: str) -> list[list[PublicRow]]:
        """Return the rows of each kind of gap, in the order of the table."""
        kinds: dict[tuple[str, str, str], list[PublicRow]] = {}
        for row in self.rows("gaps", indicator=indicator):
            kinds.setdefault((row["domain"], row["level_a"], row["level_b"]), []).append(row)
        return list(kinds.values())

    def digits(self, indicator: str, *countries: str) -> int:
        """Return the decimals that estimates of these countries are printed with.

        They are those of the coarsest of the countries' own estimates; of all, if none is named.
        """
        decimals = [
            row.decimals
            for row in self.rows("prevalence", indicator=indicator)
            if row.is_shown and (not countries or row["country"] in countries)
        ]
        return min(decimals, default=0)


def read_regional(public: Path, coded: bool) -> RegionalResults:
    """Read every table below ``public/comparison``; there is none without a survey."""
    tables = {}
    for path in sorted((public / "comparison").glob("*.csv")):
        tables[path.stem] = read_public_rows(path, compared=True)
    return RegionalResults(tables, coded)


def read_national_rows(path: Path) -> list[PublicRow]:
    """Read the rows of whole countries of the public estimates, ``estimates.csv``.

    Raises:
        StudyError: if there is no such file.
    """
    rows = [row for row in read_rows(path)[1] if (row["domain"], row["level"]) == TOTAL]
    return [PublicRow(row) for row in address_cells(ESTIMATES, rows)]
