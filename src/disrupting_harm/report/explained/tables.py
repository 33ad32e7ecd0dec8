"""The other published numbers of a country: its small tables, and the facts on its data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from disrupting_harm.files import read_json
from disrupting_harm.provenance.addresses import addressed_values
from disrupting_harm.provenance.anchors import anchor
from disrupting_harm.provenance.datapackage import meaning_of
from disrupting_harm.provenance.keys import COUNTRY_KEYS, ESTIMATES
from disrupting_harm.provenance.made import sha256
from disrupting_harm.provenance.published import leaves, numbered_rows
from disrupting_harm.provenance.rows import FACTS, prefixes

# What these tables are, and how their numbers were made.
MADE = {
    "questions": "Options of a question, among those who answered it, with the weights of the "
    "estimates. Their intervals are wider: they hold for all options of a question at once, and so "
    "does the test of which may be the first.",
    "dyads": "What a child and a caregiver of the same household say of the same, weighted as the "
    "estimates are.",
    "changes": "Estimates of two surveys of the country and their difference; printed where both "
    "asked the same.",
    "trends": "A line through the estimates of all surveys of the country.",
    "waves": "How the surveys of the country differ.",
}
# Between the cells of a row on a page: reasons have semicolons of their own.
BETWEEN = " · "
# Columns with the same in every row: the page says it once.
OF_ALL = ("country", "data_kind")
SHOWN_FACTS = {
    "quality": "The data, their weights and how many answered. Of counts below 10 none is told.",
    "disclosure": "How many numbers are hidden, and what was tried to work them back.",
}


@dataclass(frozen=True)
class Cell:
    """A row, or a fact: its anchor, what it is of, and what stands there."""

    anchor: str
    name: str
    printed: str


@dataclass(frozen=True)
class Table:
    """A public table, or a file of facts, with its file, hash and columns."""

    id: str
    made: str
    file: str
    digest: str
    columns: Sequence[tuple[str, str]]
    cells: Sequence[Cell]


def tables_of(public: Path, country: str) -> list[Table]:
    """Return the tables of a country that are there, and its facts."""
    folder = f"countries/{country}"
    names = [name for name in COUNTRY_KEYS if name != ESTIMATES]
    there = [name for name in names if (public / folder / f"{name}.csv").is_file()]
    facts = [name for name in FACTS if (public / folder / f"{name}.json").is_file()]
    return [
        *(_table(public, f"{folder}/{name}.csv", name) for name in there),
        *(_facts(public, f"{folder}/{name}.json", name, country) for name in facts),
    ]


def _table(public: Path, file: str, name: str) -> Table:
    rows = [row for _, row in numbered_rows(public / file)]
    key = [column for column in COUNTRY_KEYS[name] if column != "country"]
    columns = [column for column in (rows[0] if rows else ()) if column not in (*OF_ALL, *key)]
    return Table(
        id=name,
        made=MADE[name],
        file=file,
        digest=sha256(public / file),
        columns=[(column, meaning_of(file, column)) for column in columns],
        cells=[
            Cell(anchor(where), " · ".join(row[column] for column in key), _filled(row, columns))
            for row, where in zip(rows, prefixes(name, rows), strict=True)
        ],
    )


def _filled(row: Mapping[str, str], columns: Sequence[str]) -> str:
    return BETWEEN.join(f"{column} {row[column]}" for column in columns if row[column])


def _facts(public: Path, file: str, name: str, country: str) -> Table:
    """Return the facts of a file, those of one entry together, as an address names it."""
    content = addressed_values(read_json(public / file), f"{country}/{name}")
    entries: dict[str, list[str]] = {}
    for address, value in leaves(content):
        entry, _, key = address.rpartition("/")
        entries.setdefault(entry, []).append(f"{key} {value}")
    cells = [
        Cell(anchor(entry), " · ".join(entry.split("/")[2:]) or "whole survey", BETWEEN.join(told))
        for entry, told in entries.items()
    ]
    return Table(name, SHOWN_FACTS[name], file, sha256(public / file), [], cells)
