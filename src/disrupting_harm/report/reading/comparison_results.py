"""Read the public comparison of countries for the regional report."""

from dataclasses import dataclass
from pathlib import Path

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import read_rows
from disrupting_harm.provenance.row_addresses import address_cells
from disrupting_harm.study.statuses import ALL_COUNTRIES

Row = dict[str, str]
# What the ledger says of a fact that nobody told.
NOT_AVAILABLE = "not available"


@dataclass(frozen=True)
class RegionalResults:
    """Rows of all public comparison tables by name; a table that the study lacks is empty.

    ``coded`` says whether printed bounds are of estimates, and not of the population.
    """

    tables: dict[str, list[Row]]
    coded: bool = False

    def rows(self, table: str, **keys: str) -> list[Row]:
        """Return the rows of a table whose columns equal ``keys``."""
        return [
            row
            for row in self.tables.get(table, [])
            if all(row[name] == value for name, value in keys.items())
        ]

    def row(self, table: str, **keys: str) -> Row | None:
        """Return the one row with these keys, or None.

        Raises:
            StudyError: where there are several.
        """
        found = self.rows(table, **keys)
        if len(found) > 1:
            raise StudyError(
                f"public comparison, table '{table}'",
                f"{len(found)} rows with {keys}",
                "Run the stage 'compare' again",
            )
        return found[0] if found else None

    def indicators(self) -> list[str]:
        """Return the indicators compared, in the order of the table."""
        return list(dict.fromkeys(row["indicator"] for row in self.rows("prevalence")))

    def averages(self, indicator: str) -> dict[str, Row]:
        """Return the averages of all countries by estimand; none of one country alone.

        An average that is only known to lie in a range has its ends, and no estimate.
        """
        return {
            row["estimand"]: row
            for row in self.rows("pooled", indicator=indicator, group=ALL_COUNTRIES)
            if (row["estimate"] or row["set_low"]) and int(row["countries"]) > 1
        }

    def gaps(self, indicator: str) -> list[list[Row]]:
        """Return the rows of each kind of gap, in the order of the table."""
        kinds: dict[tuple[str, str, str], list[Row]] = {}
        for row in self.rows("gaps", indicator=indicator):
            kinds.setdefault((row["domain"], row["level_a"], row["level_b"]), []).append(row)
        return list(kinds.values())

    def digits(self, indicator: str, *countries: str) -> int:
        """Return the decimals that estimates of these countries are printed with.

        They are those of the coarsest of the countries' own estimates; of all, if none is named.
        """
        shown = [
            row["shown"]
            for row in self.rows("prevalence", indicator=indicator)
            if row["estimate"] and (not countries or row["country"] in countries)
        ]
        return min((len(text.partition(".")[2]) for text in shown), default=0)


def read_regional(public: Path, coded: bool) -> RegionalResults:
    """Read every table below ``public/comparison``; there is none without a survey."""
    tables = {}
    for path in sorted((public / "comparison").glob("*.csv")):
        tables[path.stem] = address_cells(path.stem, read_rows(path)[1], compared=True)
    return RegionalResults(tables, coded)
