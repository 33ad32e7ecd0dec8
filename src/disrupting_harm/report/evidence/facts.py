"""The public evidence of one country: rows of its tables, and sums that keep their status.

Only files below ``public/evidence/`` are read here. A study may lack any of the tables.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from disrupting_harm.errors import StudyError
from disrupting_harm.spreadsheets import read_rows

Row = dict[str, str]
ALL = "all"
SIMULATED = "simulated"
WORLD = "WLD"
INCOMPLETE = "incomplete"  # a sum some of whose parts have no number
REPORTED, ZERO = "reported", "zero_reported"
# Why a sum has no number, where none of its parts has: the first of these that is found.
WITHOUT_NUMBER = ("suppressed", "refused", "not_recorded", "not_applicable")

# The tables that documents and figures read, with the columns that they need of each.
NEEDED = {
    "cybertips": (
        "year", "class", "reports", "status", "rate_per_1000_children", "change_percent",
        "share_world_percent", "series_break", "counted",
    ),
    "cybertip_changes": (
        "class", "first_year", "last_year", "changes", "ratio_low", "ratio_median", "ratio_high",
    ),
    "reporters": ("year", "reporter", "reports", "share_percent", "hhi"),
    "offences": (
        "agency", "year", "offence_code", "category", "technology", "stage", "victim_sex",
        "victim_age_band", "counting_rule", "offences", "status", "source_id",
    ),
    "offence_rates": (
        "agency", "year", "category", "technology", "stage", "counting_rule", "offences", "status",
    ),
    "offence_changes": (
        "agency", "category", "technology", "stage", "counting_rule", "first_year", "last_year",
        "changes", "ratio_low", "ratio_median", "ratio_high",
    ),
    "hotlines": ("year", "organisation", "kind", "measure", "contacts", "status"),
    "several_sources": (
        "fact", "item", "year", "figure", "status", "source", "difference_reason",
    ),
    "capacity": ("agency", "date", "area", "item", "item_label", "score", "status"),
    "capacity_profile": (
        "area", "score_mean", "items_asked", "items_total", "items_absent", "evidence",
        "confidence",
    ),
    "capacity_needs": (
        "area", "items_asked", "items_total", "items_absent", "rank_low", "rank_high",
    ),
    "frontline": ("item", "answer", "n", "count", "share_percent"),
    "justice": ("role", "theme", "interviews", "mentioned", "status"),
    "policy": ("area", "item", "answer", "status", "instrument", "year"),
    "triangulation": (
        "form", "strand", "figure", "unit", "base", "amount", "ci_low", "ci_high", "n", "status",
        "says", "cannot_say", "source", "pairing_reason", "survey_ages", "other_ages",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Evidence:
    """Tables of evidence by name; one that the study lacks, or that is empty here, has no rows."""

    tables: Mapping[str, Sequence[Row]] = field(default_factory=dict)

    def rows(self, table: str) -> Sequence[Row]:
        """Return the rows of a table in the order of its file."""
        return self.tables.get(table, ())

    def of(self, country: str) -> "Evidence":
        """Return the rows of one country, or of the world (:data:`WORLD`), alone."""
        return Evidence(
            {
                name: [row for row in rows if row["country"] == country]
                for name, rows in self.tables.items()
            }
        )


def read_evidence(paths: Iterable[Path]) -> Evidence:
    """Read the public tables of evidence that a study has.

    Args:
        paths: tables, known by their file names; those that no document or figure needs are left
            out.

    Raises:
        StudyError: if a table lacks a column.
    """
    return Evidence({path.stem: _read(path) for path in paths if path.stem in NEEDED})


def _read(path: Path) -> list[Row]:
    found, rows = read_rows(path)
    for column in ("country", *NEEDED[path.stem]):
        if column not in found:
            raise StudyError(
                f"{path}, column '{column}'", "it is missing", "Run the stage 'evidence' again"
            )
    return rows


@dataclass(frozen=True)
class Amount:
    """A count with its status; ``number`` is None where there is none to print.

    ``at_least`` marks a sum some of whose parts have no number.
    """

    number: int | None
    status: str
    at_least: bool = False


def amount(row: Row, column: str) -> Amount:
    """Return the count in a row; parts that are zero beside parts without a number say nothing."""
    found = int(float(row[column])) if row[column] else None
    if row["status"] != INCOMPLETE:
        return Amount(found, row["status"])
    return Amount(found, REPORTED, at_least=True) if found else Amount(None, "not_recorded")


def add(amounts: Iterable[Amount]) -> Amount | None:
    """Return the sum of counts; None if there are none.

    A part that cannot be (``not_applicable``) adds nothing. Any other part without a number makes
    the sum a minimum; a sum of such parts alone has no number, and zero only where all are zero.
    """
    parts = list(amounts)
    if not parts:
        return None
    numbers = [part.number for part in parts if part.number is not None]
    if not numbers:
        found = {part.status for part in parts}
        return Amount(None, next(status for status in WITHOUT_NUMBER if status in found))
    missing = any(part.number is None and part.status != "not_applicable" for part in parts)
    total = sum(numbers)
    if missing and not total:
        return Amount(None, next(p.status for p in parts if p.number is None))
    return Amount(total, REPORTED if total else ZERO, missing or any(p.at_least for p in parts))


def totals(rows: Iterable[Row], split: str, key: Sequence[str]) -> list[Row]:
    """Return rows whose counts may be added: no total beside its parts.

    Args:
        rows: facts.
        split: a column whose value ``all`` is the total of the other values.
        key: the columns that tell facts apart beside it.

    Of each fact the total is kept where it stands in the table, else the parts.
    """
    facts: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        facts.setdefault(tuple(row[column] for column in key), []).append(row)
    kept: list[Row] = []
    for fact in facts.values():
        kept += [row for row in fact if row[split] == ALL] or fact
    return kept


def data_kinds(rows: Iterable[Row]) -> set[str]:
    """Return whether rows are ``published``, ``observed`` or ``simulated``."""
    return {row.get("data_kind", "") for row in rows} - {""}


def number(text: str) -> float | None:
    """Return a number of a table; None where the cell is empty."""
    return float(text) if text else None
