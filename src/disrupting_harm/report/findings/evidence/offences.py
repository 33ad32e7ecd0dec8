"""Recorded offences of one country as series by year.

Agencies, counting rules and stages of the proceedings are different units and never added.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from disrupting_harm.report.reading.evidence_rows import Amount, Row, amount

CATEGORIES = ("ocsea", "csea", "other")
STAGES = ("reported", "investigated", "charged", "convicted")
RULES = ("victims", "cases", "offenders", "reports")
TECHNOLOGY = ("yes", "no", "not_recorded")
Kind = tuple[str, str, str, str, str]  # agency, category, technology, stage, counting rule


@dataclass(frozen=True)
class Series:
    """Counts of one kind by year; None where the table has no row of that year."""

    agency: str
    category: str
    technology: str
    stage: str
    rule: str
    amounts: tuple[Amount | None, ...]

    def is_of(self, row: Row) -> bool:
        """Return whether a row of a table is of this kind."""
        return _kind(row) == (self.agency, self.category, self.technology, self.stage, self.rule)


def years(rows: Iterable[Row]) -> list[str]:
    """Return all years from the first to the last, also those without a row."""
    found = [int(row["year"]) for row in rows]
    return [str(year) for year in range(min(found), max(found) + 1)] if found else []


def series(rows: Sequence[Row]) -> list[Series]:
    """Return the counts of abuse by year, online abuse first, then by stage and counting rule.

    Args:
        rows: rows of ``offence_rates.csv``; other offences are left out.
    """
    spans = years(rows)
    found: dict[Kind, dict[str, Amount]] = {}
    for row in rows:
        if row["category"] != "other":
            found.setdefault(_kind(row), {})[row["year"]] = amount(row, "offences")
    return [
        Series(*kind, tuple(counts.get(year) for year in spans))
        for kind, counts in sorted(found.items(), key=lambda pair: _rank(*pair[0]))
    ]


def last_counted(found: Sequence[Series]) -> int:
    """Return the place of the last year in which one of some series has a number.

    It is the last year where none has any: a year that nobody counted says less than one that has
    a number.
    """
    known = [
        place
        for own in found
        for place, count in enumerate(own.amounts)
        if count and count.number is not None
    ]
    return max(known, default=len(found[0].amounts) - 1)


def _kind(row: Row) -> Kind:
    return (row["agency"], row["category"], row["technology"], row["stage"], row["counting_rule"])


def _rank(agency: str, category: str, technology: str, stage: str, rule: str) -> tuple[object, ...]:
    return (
        agency,
        CATEGORIES.index(category),
        STAGES.index(stage),
        RULES.index(rule),
        TECHNOLOGY.index(technology),
    )
