"""Recorded offences of one country as series by year.

Agencies, counting rules and stages of the proceedings are different units and never added.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from disrupting_harm.report.reading.evidence_rows import Amount, read_amount
from disrupting_harm.report.reading.rows import PublicRow

CATEGORIES = ("ocsea", "csea", "other")
STAGES = ("reported", "investigated", "charged", "convicted")
RULES = ("victims", "cases", "offenders", "reports")
TECHNOLOGY = ("yes", "no", "not_recorded")
SeriesKey = tuple[str, str, str, str, str]  # agency, category, technology, stage, counting rule


@dataclass(frozen=True)
class Series:
    """Counts of one kind by year; None where the table has no row of that year."""

    agency: str
    category: str
    technology: str
    stage: str
    rule: str
    amounts: tuple[Amount | None, ...]

    def is_of(self, row: PublicRow) -> bool:
        """Return whether a row of a table is of this kind."""
        return _build_series_key(row) == (
            self.agency,
            self.category,
            self.technology,
            self.stage,
            self.rule,
        )


def list_years(rows: Iterable[PublicRow]) -> list[str]:
    """Return all years from the first to the last, also those without a row."""
    row_years = [row.whole_number("year") for row in rows]
    return [str(year) for year in range(min(row_years), max(row_years) + 1)] if row_years else []


def build_series(rows: Sequence[PublicRow]) -> list[Series]:
    """Return the counts of abuse by year, online abuse first, then by stage and counting rule.

    Args:
        rows: rows of ``offence_rates.csv``; other offences are left out.
    """
    spans = list_years(rows)
    amounts_by_kind: dict[SeriesKey, dict[str, Amount]] = {}
    for row in rows:
        if row["category"] != "other":
            amounts_by_kind.setdefault(_build_series_key(row), {})[row["year"]] = read_amount(
                row, "offences"
            )
    return [
        Series(*series_key, tuple(counts.get(year) for year in spans))
        for series_key, counts in sorted(
            amounts_by_kind.items(), key=lambda pair: _rank_series(*pair[0])
        )
    ]


def find_last_counted(several_series: Sequence[Series]) -> int:
    """Return the place of the last year in which one of some series has a number.

    It is the last year where none has any: a year that nobody counted says less than one that has
    a number.
    """
    indices = [
        index
        for offence_series in several_series
        for index, count in enumerate(offence_series.amounts)
        if count and count.number is not None
    ]
    return max(indices, default=len(several_series[0].amounts) - 1)


def _build_series_key(row: PublicRow) -> SeriesKey:
    return (row["agency"], row["category"], row["technology"], row["stage"], row["counting_rule"])


def _rank_series(
    agency: str, category: str, technology: str, stage: str, rule: str
) -> tuple[object, ...]:
    return (
        agency,
        CATEGORIES.index(category),
        STAGES.index(stage),
        RULES.index(rule),
        TECHNOLOGY.index(technology),
    )
