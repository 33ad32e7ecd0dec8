"""Which counts follow from the digits of statistics that a country sends; from the files alone.

A written number is known to half a unit of its last digit. Of each shown share that gives a range
of counts; of the hidden levels of a domain together, the range of ``W p`` less the shown levels'. A
standard error narrows a share only through its design effect, which nobody knows but roughly.
"""

import csv
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

Row = Mapping[str, str]
Range = tuple[float, float]
Key = tuple[str, str, str]
# Of single shares; those of the default study are from 0.3 to 3.3.
DESIGN_EFFECTS = (0.25, 4.0)
SHOWN = ("present", "caution", "review")


def read_cells(path: Path) -> dict[Key, Row]:
    """Return the rows of a table of one country by indicator, domain and level."""
    with path.open(encoding="utf-8", newline="") as file:
        return {
            (row["indicator"], row["domain"], row["level"]): row for row in csv.DictReader(file)
        }


def significant_digits(text: str) -> int:
    """Return how many digits a number is written with, zeros before and behind not counted."""
    return len(Decimal(text).normalize().as_tuple().digits)


def as_written(text: str, places: int) -> Range:
    """Return between what a number lies, written with so many places or with more of its own."""
    decimals = max(places, -int(Decimal(text).as_tuple().exponent))
    half = 0.5 * 10.0**-decimals
    return float(text) - half, float(text) + half


def count_ranges(cells: Mapping[Key, Row], shares: Sequence[str]) -> dict[Key, Range]:
    """Return between what the weighted count of yes answers of each shown share lies."""
    found = {}
    for key, row in cells.items():
        if key[0] in shares and row["status"] in SHOWN:
            low, high = _share(row)
            found[key] = (low * float(row["n"]), high * float(row["n"]))
    return found


def hidden_sums(cells: Mapping[Key, Row], shares: Sequence[str]) -> dict[tuple[str, str], Range]:
    """Return between what the yes of all hidden levels of a domain lie, in people.

    Of domains with a hidden level whose whole is shown and of which each child has one level.
    """
    domains: dict[tuple[str, str], list[Row]] = {}
    for (indicator, domain, _), row in cells.items():
        if indicator in shares:
            domains.setdefault((indicator, domain), []).append(row)
    found = {}
    for (indicator, domain), rows in domains.items():
        whole = cells[indicator, "total", "all"]
        seen = [row for row in rows if row["status"] in SHOWN]
        if domain != "total" and whole["status"] in SHOWN and len(seen) < len(rows):
            low, high = _people(whole)
            for row in seen:
                less, more = _people(row)
                low, high = low - more, high - less
            found[indicator, domain] = (low, high)
    return found


def _share(row: Row) -> Range:
    places = len(row["shown"].rstrip("*").partition(".")[2]) + 2
    low, high = as_written(row["estimate"], places)
    if row.get("se") and float(row["se"]) > 0:
        by_error = _share_by_error(row, (low + high) / 2)
        low, high = max(low, by_error[0]), min(high, by_error[1])
    return low, high


def _share_by_error(row: Row, near: float) -> Range:
    """Return the range of the share ``p`` of which ``p (1 - p) d / n`` may be the error squared."""
    error, n = Decimal(row["se"]), float(row["n"])
    # Of 0.030 no zero is written behind: two digits are known in any case.
    half = 0.5 * 10.0 ** min(error.adjusted() - 1, int(error.as_tuple().exponent))
    small, large = (
        n * (float(error) + sign * half) ** 2 / effect
        for sign, effect in zip((-1, 1), reversed(DESIGN_EFFECTS), strict=True)
    )
    smaller, larger = (0.5 - max(0.25 - product, 0.0) ** 0.5 for product in (small, large))
    if large >= 0.25:
        return smaller, 1 - smaller
    return (smaller, larger) if near < 0.5 else (1 - larger, 1 - smaller)


def _people(row: Row) -> Range:
    (low, high), size = _share(row), float(row["population"])
    half = 50.0 if size % 100 == 0 else 0.0
    return max(low, 0) * max(size - half, 0), high * (size + half)
