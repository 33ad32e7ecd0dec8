"""Rows of tested gaps between groups: their kinds, and what is open where none is clear."""

from collections.abc import Callable, Sequence

from disrupting_harm.provenance.addresses import address_part
from disrupting_harm.report.reading.comparison_results import RegionalResults
from disrupting_harm.report.reading.rows import PublicRow


def select_gaps_of_domain(
    results: RegionalResults, indicator: str, domain: str
) -> list[list[PublicRow]]:
    """Return the tested gaps between groups of a domain, one list for each pair of groups."""
    tested_rows = map(select_tested_gaps, results.gaps(indicator))
    return [rows for rows in tested_rows if rows and rows[0]["domain"] == domain]


def select_tested_gaps(rows: Sequence[PublicRow]) -> list[PublicRow]:
    """Return the rows that have a test; those whose groups have no variance have none."""
    return [row for row in rows if row["p_holm"]]


def measure_distance_of_levels(row: PublicRow, known_levels: Sequence[str]) -> int:
    """Return how many levels of the codebook lie between the two of a gap."""
    positions = [
        known_levels.index(row[name])
        for name in ("level_a", "level_b")
        if row[name] in known_levels
    ]
    return max(positions) - min(positions) if len(positions) == 2 else 0


def select_ends_of_bands(
    rows: Sequence[PublicRow], list_levels: Callable[[str], Sequence[str]]
) -> list[PublicRow]:
    """Return the rows whose two groups are the first and the last of their domain.

    Args:
        list_levels: returns the levels of a domain in the order of the codebook.
    """
    return [
        row
        for row in rows
        if measure_distance_of_levels(row, levels := list_levels(row["domain"])) == len(levels) - 1
    ]


def list_group_keys(row: PublicRow) -> tuple[str, ...]:
    """Return the parts of an address that name the two groups of a gap."""
    return tuple(f"{name}:{address_part(row[name])}" for name in ("domain", "level_a", "level_b"))


def find_widest_open_end(rows: Sequence[PublicRow]) -> tuple[str, str] | None:
    """Return the end furthest from zero of the intervals where no difference is clear, if any.

    The country that it is of comes first.
    """
    ends = [
        (row["country"], row[name])
        for row in rows
        for name in ("points_low", "points_high")
        if row["clear"] != "True" and row[name]
    ]
    return max(ends, key=lambda end: abs(int(end[1])), default=None)
