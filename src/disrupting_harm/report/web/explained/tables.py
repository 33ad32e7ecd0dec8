"""Published numbers beside a survey's estimates: rows of tables, and facts on the data."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from disrupting_harm.core.files import read_json
from disrupting_harm.core.job_records import sha256
from disrupting_harm.evidence.sources import SIMULATED
from disrupting_harm.provenance.addresses import (
    COMPARE,
    EVERYWHERE,
    add_addresses,
    address_of,
    address_part,
    cell_with_address,
)
from disrupting_harm.provenance.anchors import anchor_of_row
from disrupting_harm.provenance.compared_row_addresses import COMPARISON_KEYS
from disrupting_harm.provenance.datapackage import describe_column
from disrupting_harm.provenance.explain.explain_compared import explain_compared_table
from disrupting_harm.provenance.explain.explain_r import r_lines_of_table
from disrupting_harm.provenance.explain.explain_survey import (
    COUNTRY_TABLE_METHODS,
    Line,
    explain_evidence_table,
)
from disrupting_harm.provenance.explain.lookup import PublishedFiles, addressed_leaves, table_file
from disrupting_harm.provenance.primary_keys import (
    COUNTRY_KEYS,
    ESTIMATES,
    EVIDENCE_KEYS,
    primary_key_of,
)
from disrupting_harm.provenance.r_code.recompute import OPTIONS, PAIRS
from disrupting_harm.provenance.row_addresses import FACTS
from disrupting_harm.study.study import Study
from disrupting_harm.tables.quality_facts import IN_SHORT

# Between the cells of a row on a page: reasons have semicolons of their own.
BETWEEN = " · "
# Columns that a page of one country or indicator says once, or does not say.
_OF_SURVEY, _OF_INDICATOR, _OF_AREA = ("country", "data_kind"), ("indicator",), ("country",)
SHOWN_FACTS = {
    "quality": "The data, their weights and how many answered. Of counts below 10 none is told.",
    "disclosure": "How many numbers are hidden, and what was tried to work them back.",
}

Row = Mapping[str, str]


@dataclass(frozen=True)
class Cell:
    """A row, or a fact: its anchor, what it is of, and what stands there."""

    anchor: str
    name: str
    printed: str


@dataclass(frozen=True)
class Table:
    """Rows of a public table, or of a file of facts.

    Attributes:
        id: its anchor.
        lines: what it is, and how its numbers were made.
        file, digest: its file and the hash of that.
        columns: what they mean.
        same: words that are the same in every row, with their column.
        cells: the rows.
        simulated: whether any of them is.
        recipe: the lines of R of a row, below those that the tables of a page have in common.
    """

    id: str
    lines: Sequence[Line]
    file: str
    digest: str
    columns: Sequence[Line]
    same: Sequence[Line]
    cells: Sequence[Cell]
    simulated: bool = False
    recipe: str = ""


def tables_of(published: PublishedFiles, country: str) -> list[Table]:
    """Return the other tables of a country that are there, and its facts."""
    folder = published.public / "countries" / country
    names = [name for name in COUNTRY_KEYS if name != ESTIMATES]
    return [
        *(
            _table(published, country, name, _lines(name), _OF_SURVEY)
            for name in names
            if (folder / f"{name}.csv").is_file()
        ),
        *(
            _facts(published.public, f"countries/{country}/{name}.json", name, country)
            for name in FACTS
            if (folder / f"{name}.json").is_file()
        ),
    ]


def _lines(name: str) -> list[Line]:
    """Return what a table of a country is, and where its rows have lines of R."""
    more = [("in R", "explain prints the lines of each row")] if name in (OPTIONS, PAIRS) else []
    return [("table", COUNTRY_TABLE_METHODS[name]), *more]


def compared_tables(published: PublishedFiles, indicator: str, study: Study) -> list[Table]:
    """Return the rows of an indicator in each table of the comparison."""
    names = tables_of_comparison(published.public)
    found = (_compared(published, name, indicator, study) for name in names)
    return [table for table in found if table.cells]


def _compared(published: PublishedFiles, name: str, indicator: str, study: Study) -> Table:
    lines = explain_compared_table(name, study)
    recipe, why_not = r_lines_of_table(name, indicator, study)
    if why_not:
        lines.append(("in R", why_not))
    wanted = {"indicator": indicator}
    table = _table(published, COMPARE, name, lines, _OF_INDICATOR, wanted)
    return replace(table, recipe=recipe)


def evidence_tables(published: PublishedFiles, area: str) -> list[Table]:
    """Return the rows of an area in each table of evidence; those of none with ``all``."""
    found = (
        _table(published, area, name, explain_evidence_table(name), _OF_AREA, _of_area(area, name))
        for name in tables_of_evidence(published.public)
        if (area == EVERYWHERE) == ("country" not in EVIDENCE_KEYS[name])
    )
    return [table for table in found if table.cells]


def tables_of_comparison(public: Path) -> list[str]:
    """Return the names of the public tables of the comparison that a study has."""
    return [name for name in COMPARISON_KEYS if (public / table_file(COMPARE, name)).is_file()]


def tables_of_evidence(public: Path) -> list[str]:
    """Return the names of the public tables of evidence that a study has."""
    return [name for name in EVIDENCE_KEYS if (public / table_file(EVERYWHERE, name)).is_file()]


def _of_area(area: str, name: str) -> dict[str, str]:
    return {"country": area} if "country" in EVIDENCE_KEYS[name] else {}


def _table(
    published: PublishedFiles,
    area: str,
    name: str,
    lines: Sequence[Line],
    once: Sequence[str],
    wanted: Row | None = None,
) -> Table:
    """Return a table; of its rows those that have the ``wanted`` values."""
    file = table_file(area, name)
    rows = {
        where: row
        for where, row in published.addressed_rows(area, name).items()
        if all(
            address_part(row[column]) == address_part(value)
            for column, value in (wanted or {}).items()
        )
    }
    key = [column for column in primary_key_of(file) if column not in once]
    header = next(iter(rows.values()), {})
    columns = [column for column in header if column not in (*once, *key)]
    same = {} if len(rows) < 2 else dict(_same(columns, list(rows.values())))
    differing = [column for column in columns if column not in same]
    return Table(
        id=name,
        lines=lines,
        file=file,
        digest=sha256(published.public / file),
        columns=[(column, describe_column(file, column).description) for column in columns],
        same=list(same.items()),
        cells=[
            Cell(
                anchor_of_row(where), BETWEEN.join(row[one] for one in key), _filled(row, differing)
            )
            for where, row in rows.items()
        ],
        simulated=any(row.get("data_kind") == SIMULATED for row in rows.values()),
    )


def _same(columns: Sequence[str], rows: Sequence[Row]) -> Iterator[Line]:
    """Yield columns with the same words in all rows; a number stands in its row even so."""
    for column in columns:
        text = rows[0][column]
        if (
            text
            and not address_of(cell_with_address(text, column))
            and all(r[column] == text for r in rows)
        ):
            yield column, text


def _filled(row: Row, columns: Sequence[str]) -> str:
    return BETWEEN.join(f"{column} {in_row(row[column])}" for column in columns if row[column])


def in_row(text: str) -> str:
    """Return a text of a cell as it stands between others."""
    return text.replace(BETWEEN, ", ")


def _facts(public: Path, file: str, name: str, country: str) -> Table:
    """Return the facts of a file, those of one entry together, as an address names it."""
    content = add_addresses(read_json(public / file), f"{country}/{name}")
    entries: dict[str, list[str]] = {}
    for address, value in addressed_leaves(content):
        entry, _, key = address.rpartition("/")
        entries.setdefault(entry, []).append(f"{key} {value}")
    cells = [
        Cell(
            anchor_of_row(entry),
            BETWEEN.join(entry.split("/")[2:]) or "whole survey",
            BETWEEN.join(told),
        )
        for entry, told in entries.items()
    ]
    lines = [("facts", SHOWN_FACTS[name]), *IN_SHORT[name]]
    return Table(name, lines, file, sha256(public / file), [], [], cells)
