"""CyberTipline reports by country and year: counts, rates and changes, and what they are not.

The National Center for Missing & Exploited Children (NCMEC) publishes how many reports of its
CyberTipline were resolved to each country.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from disrupting_harm.errors import StudyError
from disrupting_harm.files import read_text

NOT_PREVALENCE = (
    "CyberTip reports count reports made to the CyberTipline, by the location of the reported "
    "user. They are no measure of prevalence and no number of children: they rise and fall with "
    "how companies detect and report, too."
)
COLUMNS = [
    "country", "year", "reports", "children", "internet_use_rate", "internet_using_children",
    "rate_per_1000", "change_percent", "counted", "source", "data_kind",
]  # fmt: skip
REQUIRED = ("country", "year", "reports", "counted", "source")
SERIES_BREAK = "series_break"
INVENTED = "invented"


@dataclass(frozen=True)
class Count:
    """One row of the evidence file."""

    country: str
    year: int
    reports: int
    counted: str
    source: str
    series_break: bool


def cybertip_table(path: Path, countries: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return the reports of the given countries, sorted by country and year.

    Args:
        path: CSV with ``country, year, reports, counted, source``; a column ``series_break`` with
            ``yes`` marks years that do not go on from the year before.
        countries: rows of the countries file: ``country, children, internet_use_rate`` and
            ``children_source, internet_use_source``.

    Returns:
        The columns of :data:`COLUMNS`. ``rate_per_1000`` is reports per thousand internet-using
        children, ``reports / (children · internet_use_rate) · 1000``. It and its parts are
        missing without a published denominator: a figure without a source, or one whose source
        says that it is invented, is none. ``change_percent`` is against the year before; missing
        where that has no count, or none above zero, counts something else or lies before a break.

    Raises:
        StudyError: an unreadable file or a faulty row.
    """
    rows = {row["country"]: row for row in countries}
    counts = [count for count in read_counts(path, rows) if count.country in rows]
    known = {(count.country, count.year): count for count in counts}
    table = [
        {
            "country": count.country,
            "year": count.year,
            "reports": count.reports,
            **_rate(count.reports, rows[count.country]),
            "change_percent": _change(count, known.get((count.country, count.year - 1))),
            "counted": count.counted,
            "source": count.source,
            "data_kind": "published",
        }
        for count in sorted(counts, key=lambda count: (count.country, count.year))
    ]
    kinds = {"children": "Int64", "internet_using_children": "Int64"}
    kinds |= dict.fromkeys(("internet_use_rate", "rate_per_1000", "change_percent"), "float64")
    return pd.DataFrame(table, columns=COLUMNS).astype(kinds)


def read_counts(path: Path, countries: Mapping[str, Any]) -> list[Count]:
    """Read and check the evidence file; ``countries`` are codes known beside those of ISO 3166."""
    counts: dict[tuple[str, int], Count] = {}
    for number, row in enumerate(_rows(path), start=2):
        where = f"{path}, row {number}"
        count = Count(
            _country(row["country"], countries, where),
            _whole_number(row["year"], f"{where}, column 'year'"),
            _whole_number(row["reports"], f"{where}, column 'reports'"),
            _text(row["counted"], f"{where}, column 'counted'", "Say what is counted"),
            _text(row["source"], f"{where}, column 'source'", "Name the published source"),
            _flag(row.get(SERIES_BREAK, ""), f"{where}, column '{SERIES_BREAK}'"),
        )
        key = (count.country, count.year)
        if key in counts:
            raise StudyError(where, f"{key[0]} {key[1]} stands twice", "Remove one row")
        counts[key] = count
    return list(counts.values())


def _rows(path: Path) -> list[dict[str, str]]:
    reader = csv.DictReader(io.StringIO(read_text(path)))
    rows = [{key: (row[key] or "").strip() for key in row if key} for row in reader]
    for name in REQUIRED:
        if name not in (reader.fieldnames or ()):
            raise StudyError(f"{path}, column '{name}'", "it is missing", "Add the column")
    return rows


def _country(code: str, countries: Mapping[str, Any], where: str) -> str:
    import pycountry

    if code not in countries and (len(code) != 3 or not pycountry.countries.get(alpha_3=code)):
        raise StudyError(
            f"{where}, column 'country'",
            f"'{code}' is no ISO 3166-1 alpha-3 code and no country of the study",
            "Correct the code",
        )
    return code


def _whole_number(text: str, where: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise StudyError(
            where, f"'{text}' is no whole number from 0", "Write digits alone, without separators"
        )
    return int(text)


def _text(text: str, where: str, remedy: str) -> str:
    if not text:
        raise StudyError(where, "it is empty", remedy)
    return text


def _flag(text: str, where: str) -> bool:
    if text not in ("", "yes", "no"):
        raise StudyError(where, f"'{text}' is neither yes nor no", "Write yes, no or nothing")
    return text == "yes"


def _rate(reports: int, country: Mapping[str, Any]) -> dict[str, float | int | None]:
    children = _published(country, "children", "children_source")
    share = _published(country, "internet_use_rate", "internet_use_source")
    users = None if children is None or share is None else children * share
    return {
        "children": children,
        "internet_use_rate": share,
        "internet_using_children": None if users is None else round(users),
        "rate_per_1000": None if users is None else round(1000 * reports / users, 2),
    }


def _published(country: Mapping[str, Any], name: str, source: str) -> Any:
    told = country.get(source) or ""
    return None if not told or told.lower().startswith(INVENTED) else country.get(name)


def _change(count: Count, before: Count | None) -> float:
    comparable = before is not None and before.counted == count.counted and not count.series_break
    if before is None or not comparable or before.reports == 0:
        return np.nan
    return round(100 * (count.reports / before.reports - 1), 1)
