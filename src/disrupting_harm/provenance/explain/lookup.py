"""Find what stands at an address in the public files of a finished run."""

import csv
import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import read_json, restore_formula
from disrupting_harm.provenance.addresses import (
    COMPARE,
    COUNTRY,
    STUDY,
    address_of,
    addressed_values,
    cited,
    part,
)
from disrupting_harm.provenance.moved_addresses import Moved, read_moved, where_to
from disrupting_harm.provenance.primary_keys import COUNTRY_KEYS, ESTIMATES, EVIDENCE_KEYS, key_of
from disrupting_harm.provenance.row_addresses import FACTS, prefixes

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Place:
    """A cell of a public table, or a number of another public file.

    Attributes:
        address: of the cell.
        file: its file below the public folder; "" for the countries file, which is none.
        line: the line in a table on which its row begins, from 1; 0 in other files.
        column: the column, or the key of the number.
        text: the cell as it stands in the file.
        row: the whole row; empty in other files.
    """

    address: str
    file: str
    line: int
    column: str
    text: str
    row: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Table:
    """The rows of a table by their addresses, with the lines on which they begin."""

    file: str
    rows: Mapping[str, tuple[int, dict[str, str]]]


class Published:
    """The public files of a run; each is read once, when an address first leads to it.

    Args:
        public: the folder.
        countries: rows of the countries file, where it is at hand.
        settings: the checked configuration of a run that has no manifest yet, which else has it.
    """

    def __init__(
        self,
        public: Path,
        countries: Sequence[Mapping[str, Any]] = (),
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        self.public = public
        self._countries = countries
        self._settings = settings
        self._tables: dict[str, _Table] = {}
        self._absent: set[str] = set()
        self._values: dict[str, dict[str, Any]] = {}

    def find(self, address: str) -> Place:
        """Return what stands at an address.

        Raises:
            StudyError: if nothing does; where it went, or the nearest known addresses, are named.
        """
        parts = address.split("/")
        if self.has_row(address):
            row = self.addressed_rows(*_table_of(parts))[address]
            one = self.number_of(address)
            said = f"Add a column of its row, e.g. {one}; these are {_names(row)}"
            raise StudyError(f"address '{address}'", "it is of a row, not of one number", said)
        if len(parts) < (2 if parts[0] == STUDY else 3):
            raise _unknown(address, *self._rows_like(address, parts))
        if gone := self.moved(address):
            new = gone.at(parts[-1])
            remedy = f"Write {new}" if new else "Write it without this number"
            raise StudyError(f"address '{address}'", gone.said(), remedy)
        if parts[0] == STUDY:
            return self._configured(address)
        if parts[1] == COUNTRY and parts[0] != COMPARE:
            return self._of_country(address)
        if _is_fact(parts):
            return self._value(address, *self._facts(parts))
        return self._cell(address, *_table_of(parts))

    def number_of(self, where: str) -> str:
        """Return the address of a row's estimate, or first number; of no row, what was given."""
        # A rule, as sum(…), names several numbers and none of them.
        if "(" not in where and _is_fact(where.split("/")):
            _, _, facts = self._facts(where.split("/"))
            return next((one for one in facts if f"{one}/".startswith(f"{where}/")), where)
        if not self.has_row(where):
            return where
        area, table = _table_of(where.split("/"))
        row = self.addressed_rows(area, table)[where]
        keys = key_of(file_of(area, table))
        return f"{where}/{_first({name: row[name] for name in row if name not in keys})}"

    def _rows_like(self, address: str, parts: Sequence[str]) -> tuple[list[str], str]:
        """Return rows that a short address may mean, and else what an address has."""
        said = "Write an area, a name and a column, as KEN/told_nobody/n"
        if len(parts) < 2 or not (self.public / file_of(*_table_of(parts))).is_file():
            return [], said
        rows = [*self.addressed_rows(*_table_of(parts))]
        own = [row for row in rows if row.startswith(f"{address}/")]
        if _table_of(parts)[1] == parts[1] and own:
            return [], f"It is a table; name one of its rows, e.g. {own[0]}"
        return difflib.get_close_matches(address, rows, n=3), said

    def has_row(self, where: str) -> bool:
        """Return whether a row of a public table has this address, to which columns are added."""
        parts = where.split("/")
        if len(parts) < 2:
            return False
        area, name = _table_of(parts)
        file = file_of(area, name)
        # Every number of an area without a table, as those of the study, asks for it.
        if file in self._absent:
            return False
        try:
            return where in self._table(name, file, compared=area == COMPARE).rows
        except StudyError:  # there is no such table
            self._absent.add(file)
            return False

    def moved(self, address: str) -> Moved | None:
        """Return what became of a cell that an accepted release had; None of all others."""
        return where_to(address.rpartition("/")[0], self._moved)

    @cached_property
    def _moved(self) -> dict[str, Moved]:
        return read_moved(self.public)

    def rows(self, area: str, table: str) -> list[dict[str, str]]:
        """Return the rows of a table: of evidence, of a country, or with ``compare`` as the area.

        Raises:
            StudyError: if there is no such table.
        """
        return list(self.addressed_rows(area, table).values())

    def addressed_rows(self, area: str, table: str) -> dict[str, dict[str, str]]:
        """Return the rows of a table as :meth:`rows` does, by their addresses."""
        found = self._table(table, file_of(area, table), compared=area == COMPARE)
        return {where: row for where, (_, row) in found.rows.items()}

    def _cell(self, address: str, area: str, name: str) -> Place:
        file = file_of(area, name)
        if not (self.public / file).is_file() and (self.public / MANIFEST).is_file():
            begin = "" if area.isupper() else "; begin with a country, as KEN/told_nobody/n"
            raise _unknown(address, (), f"These results have no {file}{begin}")
        table = self._table(name, file, compared=area == COMPARE)
        where, _, column = address.rpartition("/")
        if where not in table.rows:
            near = difflib.get_close_matches(where, table.rows, n=3)
            raise _unknown(address, [f"{one}/{column}" for one in near], f"See {file}")
        line, row = table.rows[where]
        if column not in row:
            near = difflib.get_close_matches(column, row, n=1)
            raise _unknown(
                address, [f"{where}/{one}" for one in near], f"Columns of {file} are {_names(row)}"
            )
        return Place(address, file, line, column, row[column], row)

    def _table(self, name: str, file: str, *, compared: bool) -> _Table:
        if file not in self._tables:
            lines, rows = [], []
            for line, row in numbered_rows(self._path(file)):
                lines.append(line)
                rows.append(row)
            found = prefixes(name, rows, compared=compared)
            self._tables[file] = _Table(
                file, dict(zip(found, zip(lines, rows, strict=True), strict=True))
            )
        return self._tables[file]

    def _facts(self, parts: Sequence[str]) -> tuple[str, str, dict[str, Any]]:
        """Return the file of facts that an address leads to, what all begin with, and the facts."""
        file, below = f"countries/{parts[0]}/{parts[1]}.json", "/".join(parts[:2])
        return file, below, self._numbers(file, below, lambda: read_json(self._path(file)))

    def _configured(self, address: str) -> Place:
        def settings() -> Any:
            return self._settings or read_json(self._path(MANIFEST))["configuration"]

        return self._value(address, MANIFEST, STUDY, self._numbers(MANIFEST, STUDY, settings))

    def _numbers(self, file: str, below: str, read: Callable[[], Any]) -> dict[str, Any]:
        if file not in self._values:
            self._values[file] = dict(leaves(addressed_values(read(), below)))
        return self._values[file]

    def _value(self, address: str, file: str, below: str, known: Mapping[str, Any]) -> Place:
        if address not in known:
            raise _unknown(address, difflib.get_close_matches(address, known, n=3), f"See {file}")
        return Place(address, file, 0, address.removeprefix(f"{below}/"), str(known[address]))

    def _of_country(self, address: str) -> Place:
        area, _, column = address.split("/", 2)
        for row in self._countries:
            if part(row["country"]) == area and row.get(column) is not None:
                return Place(address, "", 0, column, str(row[column]))
        raise _unknown(address, (), "Name the study's configuration, whose countries file has it")

    def quality(self, survey: str) -> dict[str, Any]:
        """Return what is published on the data of a survey; empty where nothing is."""
        path = self.public / "countries" / survey / f"{FACTS[0]}.json"
        return read_json(path) if path.is_file() else {}

    def _path(self, file: str) -> Path:
        path = self.public / file
        if not path.is_file():
            raise StudyError(str(path), "there is no such file", "Give the public folder of a run")
        return path

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """The manifest of the run."""
        found: dict[str, Any] = read_json(self._path(MANIFEST))
        return found


def _is_fact(parts: Sequence[str]) -> bool:
    return len(parts) > 1 and parts[1] in FACTS and parts[0] != COMPARE


def _table_of(parts: Sequence[str]) -> tuple[str, str]:
    """Return the area and the name of the table that an address leads to."""
    named = parts[0] == COMPARE or parts[1] in EVIDENCE_KEYS or parts[1] in COUNTRY_KEYS
    return parts[0], parts[1] if named else ESTIMATES


def file_of(area: str, table: str) -> str:
    """Return the file of a table below the public folder; ``compare`` is the comparison's area."""
    if area == COMPARE:
        return f"comparison/{table}.csv"
    if table in EVIDENCE_KEYS:
        return f"evidence/{table}.csv"
    return f"countries/{area}/{table}.csv"


def numbered_rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Return the rows of a table, each with the line on which it begins."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        reader.fieldnames  # noqa: B018 - reads the header
        rows, begins = [], reader.line_num + 1
        for row in reader:
            rows.append((begins, {key: restore_formula(value) for key, value in row.items()}))
            begins = reader.line_num + 1
        return rows


def leaves(value: Any) -> list[tuple[str, Any]]:
    """Return the numbers of a content that carries addresses, by them."""
    if isinstance(value, Mapping):
        return [leaf for inner in value.values() for leaf in leaves(inner)]
    if isinstance(value, list):
        return [leaf for inner in value for leaf in leaves(inner)]
    address = getattr(value, "at", "")
    return [(address, value)] if address else []


def _first(row: Mapping[str, str]) -> str:
    """Return the column of a row that is most asked for: its estimate, or its first number."""
    if "estimate" in row:
        return "estimate"
    return next((name for name, cell in row.items() if address_of(cited(cell, name))), [*row][-1])


def _names(row: Mapping[str, str]) -> str:
    return ", ".join(row)


def _unknown(address: str, near: Sequence[str], remedy: str) -> StudyError:
    hint = f"Did you mean {' or '.join(near)}?" if near else remedy
    return StudyError(f"address '{address}'", "nothing published stands there", hint)
