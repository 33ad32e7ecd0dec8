"""What the comparison says of one country, for its brief and its page of the site."""

from dataclasses import dataclass
from pathlib import Path

from disrupting_harm.provenance.rows import addressed
from disrupting_harm.report.incomparable import decisive, is_set_apart
from disrupting_harm.spreadsheets import read_rows


@dataclass(frozen=True)
class Compared:
    """Rows of the comparison that are about the lead of one country; None where there is none.

    ``children`` is of ``denominators.csv``, ``missing`` of ``bounds.csv``; ``apart`` is why the
    ledger sets the country apart, and empty where it does not, or where its survey did not ask.
    """

    children: dict[str, str] | None
    missing: dict[str, str] | None
    apart: str = ""


def read_compared(folder: Path, country: str, indicator: str) -> Compared:
    """Return what the comparison says of one indicator of a country."""

    def row(table: str, **keys: str) -> dict[str, str] | None:
        path = folder / f"{table}.csv"
        if not path.is_file():  # the study has no such table
            return None
        wanted = {"country": country, "indicator": indicator, **keys}
        found = read_rows(path, (country,))[1]
        rows = addressed(table, found, compared=True)
        return next((r for r in rows if all(r[k] == v for k, v in wanted.items())), None)

    return Compared(
        children=row("denominators", denominator="internet_using_children"),
        missing=row("bounds"),
        apart=_reason(row("comparability", comparable="no")),
    )


def _reason(row: dict[str, str] | None) -> str:
    return decisive(row["reason"]) if row and is_set_apart(row) else ""
