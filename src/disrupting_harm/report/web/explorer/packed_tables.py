"""The public tables that the explorer holds, packed column by column into one text."""

import gzip
import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path

from disrupting_harm.core.files import read_rows
from disrupting_harm.core.job_records import sha256
from disrupting_harm.report.findings.order_claims import METHOD, SCOPE
from disrupting_harm.study.whole_percents import WHOLE

ESTIMATES = "estimates.csv"
Row = dict[str, str]
# The columns that the page needs of each table, besides those of its key.
_RANK = ("rank_low", "rank_high")
_INTERVAL = ("estimate", "ci_low", "ci_high")
_CHANGES = ("country", "indicator", "domain", "level", "wave_from", "wave_to", "year_from",
            "year_to", "difference", "ci_low", "ci_high", "change", "status")  # fmt: skip
DENOMINATORS = "denominators"
# Codes and columns of that table as the script of the page calls them.
OF_EVERYONE = {
    "asked": "internet_using_children", "everyone": "all_children", "number": "children",
    "rate": "internet_use_rate", "source": "internet_use_source",
}  # fmt: skip
_COMPARED = {
    DENOMINATORS: ("indicator", "country", "denominator", *_INTERVAL, *_RANK,
                   "children", "children_low", "children_high", "population",
                   "internet_use_rate", "internet_use_source", "rate_uncertainty"),
    "bounds": ("indicator", "country", "ci_low", "ci_high"),
    "rank_sets": ("indicator", "country", "countries", *_RANK),
}  # fmt: skip
# As zlib calls them: the format of gzip, without a time; memory for blocks of 2,048 symbols.
_GZIP, _SHORT_BLOCKS = 31, 5

# Earlier surveys of each country, the first one first.
Earlier = Mapping[str, Sequence[str]]


def read_tables(public: Path, earlier: Earlier) -> dict[str, list[Row]]:
    """Return the rows of the estimates and those of other tables that they need.

    Estimates have no whole per cents: the page prints tenths where they are published. Of the rank
    sets those of one method are read: the simultaneous ones, on which the reports rest.

    Args:
        earlier: codes of the surveys of earlier waves, by country.
    """
    folder = public / "countries"
    tables = {
        "estimates": _read_without_whole_percents(public / ESTIMATES),
        "earlier": [
            row
            for codes in earlier.values()
            for code in codes
            for row in _read_without_whole_percents(folder / code / ESTIMATES)
        ],
        "changes": [
            {column: row[column] for column in _CHANGES}
            for country in earlier
            for row in read_rows(folder / country / "changes.csv")[1]
        ],
    }
    for name, columns in _COMPARED.items():
        path = public / "comparison" / f"{name}.csv"
        rows = read_rows(path)[1] if path.is_file() else []
        tables[name] = [
            {column: row[column] for column in columns}
            for row in rows
            if name != "rank_sets" or (row["method"], row["scope"]) == (METHOD, SCOPE)
        ]
    return tables


def _read_without_whole_percents(path: Path) -> list[Row]:
    wholes = WHOLE.values()
    return [
        {column: cell for column, cell in row.items() if column not in wholes}
        for row in read_rows(path)[1]
    ]


def unpack_tables(packed_text: str) -> dict[str, list[Row]]:
    """Return the tables of a text of :func:`pack_tables`, row by row.

    Raises:
        ValueError, OSError, EOFError, zlib.error: the text is none of these.
    """
    columns = json.loads(gzip.decompress(b64decode(packed_text, validate=True)))
    return {
        name: [
            dict(zip(cells_by_column, cells, strict=True))
            for cells in zip(
                *(cells.split("\n") for cells in cells_by_column.values()), strict=True
            )
        ]
        for name, cells_by_column in columns.items()
    }


def read_ledger(public: Path) -> list[Row]:
    """Return which countries are compared on what; nothing of a country alone."""
    path = public / "comparison" / "comparability.csv"
    return read_rows(path)[1] if path.is_file() else []


def hash_tables(public: Path, earlier: Earlier) -> dict[str, str]:
    """Return the SHA-256 of each public table that a downloaded row may come from, by its path."""
    surveys = [code for codes in earlier.values() for code in codes]
    table_paths = [
        ESTIMATES,
        f"comparison/{DENOMINATORS}.csv",
        *(f"countries/{code}/{ESTIMATES}" for code in surveys),
    ]
    return {
        table_path: sha256(public / table_path)
        for table_path in table_paths
        if (public / table_path).is_file()
    }


def pack_tables(tables: Mapping[str, Sequence[Row]]) -> str:
    """Return tables as text: base64 of gzipped JSON, ``{table: {column: cells}}``.

    The cells of a column are one text, a line each: alike cells stand together, and the same tables
    give the same bytes. Short blocks fit the codes of each column better than long ones.
    """
    columns = {
        name: {
            column: "\n".join(row[column] for row in rows) for column in (rows[0] if rows else ())
        }
        for name, rows in tables.items()
    }
    json_text = json.dumps(columns, ensure_ascii=False, separators=(",", ":"))
    compressor = zlib.compressobj(level=9, wbits=_GZIP, memLevel=_SHORT_BLOCKS)
    return b64encode(compressor.compress(json_text.encode()) + compressor.flush()).decode("ascii")
