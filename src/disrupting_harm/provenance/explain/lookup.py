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
    add_addresses,
    address_of,
    address_part,
    cell_with_address,
)
from disrupting_harm.provenance.moved_addresses import MovedRow, find_moved_row, read_moved_rows
from disrupting_harm.provenance.primary_keys import (
    COUNTRY_KEYS,
    ESTIMATES,
    EVIDENCE_KEYS,
    primary_key_of,
)
from disrupting_harm.provenance.row_addresses import FACTS, addresses_of_rows

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class PublishedCell:
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
class _AddressedTable:
    """The rows of a table by their addresses, with the lines on which they begin."""

    file: str
    rows: Mapping[str, tuple[int, dict[str, str]]]


class PublishedFiles:
    """The public files of a run; each is read once, when an address first leads to it.

    Args:
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
        self._tables: dict[str, _AddressedTable] = {}
        self._absent: set[str] = set()
        self._values: dict[str, dict[str, Any]] = {}

    def find_cell(self, address: str) -> PublishedCell:
        """Return what stands at an address.

        Raises:
            StudyError: if nothing does; where it went, or the nearest known addresses, are named.
        """
        segments = address.split("/")
        if self.has_row(address):
            row = self.addressed_rows(*_locate_table(segments))[address]
            number_address = self.number_address(address)
            remedy = (
                f"Add a column of its row, e.g. {number_address}; these are {_join_columns(row)}"
            )
            raise StudyError(f"address '{address}'", "it is of a row, not of one number", remedy)
        if len(segments) < (2 if segments[0] == STUDY else 3):
            raise _unknown_address_error(address, *self._suggest_rows(address, segments))
        if moved_row := self.find_moved(address):
            new = moved_row.cell_address(segments[-1])
            remedy = f"Write {new}" if new else "Write it without this number"
            raise StudyError(f"address '{address}'", moved_row.describe(), remedy)
        if segments[0] == STUDY:
            return self._find_setting(address)
        if segments[1] == COUNTRY and segments[0] != COMPARE:
            return self._find_country_fact(address)
        if _is_fact(segments):
            return self._find_value(address, *self._read_facts(segments))
        return self._find_table_cell(address, *_locate_table(segments))

    def number_address(self, row_address: str) -> str:
        """Return the address of a row's estimate, or first number; of no row, what was given."""
        # A rule, as sum(…), names several numbers and none of them.
        if "(" not in row_address and _is_fact(row_address.split("/")):
            _, _, facts = self._read_facts(row_address.split("/"))
            return next(
                (
                    fact_address
                    for fact_address in facts
                    if f"{fact_address}/".startswith(f"{row_address}/")
                ),
                row_address,
            )
        if not self.has_row(row_address):
            return row_address
        area, table = _locate_table(row_address.split("/"))
        row = self.addressed_rows(area, table)[row_address]
        keys = primary_key_of(table_file(area, table))
        return (
            f"{row_address}/{_main_column({name: row[name] for name in row if name not in keys})}"
        )

    def _suggest_rows(self, address: str, segments: Sequence[str]) -> tuple[list[str], str]:
        """Return rows that a short address may mean, and else what an address has."""
        remedy = "Write an area, a name and a column, as KEN/told_nobody/n"
        if len(segments) < 2 or not (self.public / table_file(*_locate_table(segments))).is_file():
            return [], remedy
        rows = [*self.addressed_rows(*_locate_table(segments))]
        rows_below = [row for row in rows if row.startswith(f"{address}/")]
        if _locate_table(segments)[1] == segments[1] and rows_below:
            return [], f"It is a table; name one of its rows, e.g. {rows_below[0]}"
        return difflib.get_close_matches(address, rows, n=3), remedy

    def has_row(self, row_address: str) -> bool:
        """Return whether a row of a public table has this address, to which columns are added."""
        segments = row_address.split("/")
        if len(segments) < 2:
            return False
        area, name = _locate_table(segments)
        file = table_file(area, name)
        # Every number of an area without a table, as those of the study, asks for it.
        if file in self._absent:
            return False
        try:
            return row_address in self._read_table(name, file, compared=area == COMPARE).rows
        except StudyError:  # there is no such table
            self._absent.add(file)
            return False

    def find_moved(self, address: str) -> MovedRow | None:
        """Return what became of a cell that an accepted release had; None of all others."""
        return find_moved_row(address.rpartition("/")[0], self._moved_rows)

    @cached_property
    def _moved_rows(self) -> dict[str, MovedRow]:
        return read_moved_rows(self.public)

    def read_rows(self, area: str, table: str) -> list[dict[str, str]]:
        """Return the rows of a table: of evidence, of a country, or with ``compare`` as the area.

        Raises:
            StudyError: if there is no such table.
        """
        return list(self.addressed_rows(area, table).values())

    def addressed_rows(self, area: str, table: str) -> dict[str, dict[str, str]]:
        """Return the rows of a table as :meth:`rows` does, by their addresses."""
        content = self._read_table(table, table_file(area, table), compared=area == COMPARE)
        return {row_address: row for row_address, (_, row) in content.rows.items()}

    def _find_table_cell(self, address: str, area: str, name: str) -> PublishedCell:
        file = table_file(area, name)
        is_missing = file not in self._tables and not (self.public / file).is_file()
        if is_missing and (self.public / MANIFEST).is_file():
            country_hint = "" if area.isupper() else "; begin with a country, as KEN/told_nobody/n"
            raise _unknown_address_error(address, (), f"These results have no {file}{country_hint}")
        table = self._read_table(name, file, compared=area == COMPARE)
        row_address, _, column = address.rpartition("/")
        if row_address not in table.rows:
            suggestions = difflib.get_close_matches(row_address, table.rows, n=3)
            raise _unknown_address_error(
                address, [f"{suggestion}/{column}" for suggestion in suggestions], f"See {file}"
            )
        line, row = table.rows[row_address]
        if column not in row:
            suggestions = difflib.get_close_matches(column, row, n=1)
            raise _unknown_address_error(
                address,
                [f"{row_address}/{suggestion}" for suggestion in suggestions],
                f"Columns of {file} are {_join_columns(row)}",
            )
        return PublishedCell(address, file, line, column, row[column], row)

    def _read_table(self, name: str, file: str, *, compared: bool) -> _AddressedTable:
        if file not in self._tables:
            lines, rows = [], []
            for line, row in read_numbered_rows(self._existing_path(file)):
                lines.append(line)
                rows.append(row)
            row_addresses = addresses_of_rows(name, rows, compared=compared)
            self._tables[file] = _AddressedTable(
                file, dict(zip(row_addresses, zip(lines, rows, strict=True), strict=True))
            )
        return self._tables[file]

    def _read_facts(self, segments: Sequence[str]) -> tuple[str, str, dict[str, Any]]:
        """Return the file of facts that an address leads to, what all begin with, and the facts."""
        file, prefix = f"countries/{segments[0]}/{segments[1]}.json", "/".join(segments[:2])
        return (
            file,
            prefix,
            self._read_numbers(file, prefix, lambda: read_json(self._existing_path(file))),
        )

    def _find_setting(self, address: str) -> PublishedCell:
        def settings() -> Any:
            return self._settings or read_json(self._existing_path(MANIFEST))["configuration"]

        return self._find_value(
            address, MANIFEST, STUDY, self._read_numbers(MANIFEST, STUDY, settings)
        )

    def _read_numbers(self, file: str, prefix: str, read: Callable[[], Any]) -> dict[str, Any]:
        if file not in self._values:
            self._values[file] = dict(addressed_leaves(add_addresses(read(), prefix)))
        return self._values[file]

    def _find_value(
        self, address: str, file: str, prefix: str, values_by_address: Mapping[str, Any]
    ) -> PublishedCell:
        if address not in values_by_address:
            raise _unknown_address_error(
                address, difflib.get_close_matches(address, values_by_address, n=3), f"See {file}"
            )
        return PublishedCell(
            address, file, 0, address.removeprefix(f"{prefix}/"), str(values_by_address[address])
        )

    def _find_country_fact(self, address: str) -> PublishedCell:
        area, _, column = address.split("/", 2)
        for row in self._countries:
            if address_part(row["country"]) == area and row.get(column) is not None:
                return PublishedCell(address, "", 0, column, str(row[column]))
        raise _unknown_address_error(
            address, (), "Name the study's configuration, whose countries file has it"
        )

    def read_quality(self, survey: str) -> dict[str, Any]:
        """Return what is published on the data of a survey; empty where nothing is."""
        path = self.public / "countries" / survey / f"{FACTS[0]}.json"
        return read_json(path) if path.is_file() else {}

    def _existing_path(self, file: str) -> Path:
        path = self.public / file
        if not path.is_file():
            raise StudyError(str(path), "there is no such file", "Give the public folder of a run")
        return path

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """The manifest of the run."""
        manifest: dict[str, Any] = read_json(self._existing_path(MANIFEST))
        return manifest


def _is_fact(segments: Sequence[str]) -> bool:
    return len(segments) > 1 and segments[1] in FACTS and segments[0] != COMPARE


def _locate_table(segments: Sequence[str]) -> tuple[str, str]:
    """Return the area and the name of the table that an address leads to."""
    names_table = (
        segments[0] == COMPARE or segments[1] in EVIDENCE_KEYS or segments[1] in COUNTRY_KEYS
    )
    return segments[0], segments[1] if names_table else ESTIMATES


def table_file(area: str, table: str) -> str:
    """Return the file of a table below the public folder; ``compare`` is the comparison's area."""
    if area == COMPARE:
        return f"comparison/{table}.csv"
    if table in EVIDENCE_KEYS:
        return f"evidence/{table}.csv"
    return f"countries/{area}/{table}.csv"


def read_numbered_rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Return the rows of a table, each with the line on which it begins."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        reader.fieldnames  # noqa: B018 - reads the header
        rows, first_line = [], reader.line_num + 1
        for row in reader:
            rows.append((first_line, {key: restore_formula(value) for key, value in row.items()}))
            first_line = reader.line_num + 1
        return rows


def addressed_leaves(value: Any) -> list[tuple[str, Any]]:
    """Return the numbers of a content that carries addresses, by them."""
    if isinstance(value, Mapping):
        return [leaf for inner in value.values() for leaf in addressed_leaves(inner)]
    if isinstance(value, list):
        return [leaf for inner in value for leaf in addressed_leaves(inner)]
    address = getattr(value, "at", "")
    return [(address, value)] if address else []


def _main_column(row: Mapping[str, str]) -> str:
    """Return the column that a row's address alone leads to: its estimate, or its first number."""
    if "estimate" in row:
        return "estimate"
    return next(
        (name for name, cell in row.items() if address_of(cell_with_address(cell, name))),
        [*row][-1],
    )


def _join_columns(row: Mapping[str, str]) -> str:
    return ", ".join(row)


def _unknown_address_error(address: str, suggestions: Sequence[str], remedy: str) -> StudyError:
    hint = f"Did you mean {' or '.join(suggestions)}?" if suggestions else remedy
    return StudyError(f"address '{address}'", "nothing published stands there", hint)
