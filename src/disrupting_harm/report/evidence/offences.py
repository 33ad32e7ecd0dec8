"""Recorded offences of one country as series by year, and what is known of the victims.

Agencies, counting rules and stages of the proceedings are different units and never added.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from disrupting_harm.evidence.columns import ALL
from disrupting_harm.report.evidence.facts import Amount, Row, add, amount, totals

CATEGORIES = ("ocsea", "csea", "other")
STAGES = ("reported", "investigated", "charged", "convicted")
RULES = ("victims", "cases", "offenders", "reports")
TECHNOLOGY = ("yes", "no", "not_recorded")
SPLIT = ("victim_sex", "victim_age_band")
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


def victims(rows: Sequence[Row], column: str) -> dict[tuple[str, str], Amount]:
    """Return recorded victims of abuse by agency and level, all years and offences together.

    Args:
        rows: rows of ``offences.csv`` of one country.
        column: ``victim_sex`` or ``victim_age_band``.

    Only reported victims are counted, of the source that stands first for each agency. The
    dictionary is empty where no row tells levels apart.
    """
    other = SPLIT[1 - SPLIT.index(column)]
    told = [
        row
        for row in rows
        if row["counting_rule"] == "victims"
        and row["stage"] == "reported"
        and row["category"] != "other"
        and row[column] != ALL
    ]
    source: dict[str, str] = {}
    for row in told:
        source.setdefault(row["agency"], row["source_id"])
    own = [row for row in told if row["source_id"] == source[row["agency"]]]
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in totals(own, other, ("agency", "year", "offence_code", "technology", column)):
        groups.setdefault((row["agency"], row[column]), []).append(row)
    sums = {key: add(amount(row, "offences") for row in group) for key, group in groups.items()}
    return {key: found for key, found in sums.items() if found is not None}
