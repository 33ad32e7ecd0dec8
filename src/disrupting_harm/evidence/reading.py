"""Tables of evidence from CSV files and Excel workbooks, checked, typed and with their sources."""

import re
from collections.abc import Collection, Mapping
from pathlib import Path

import pandas as pd

from disrupting_harm.errors import StudyError
from disrupting_harm.evidence.cells import country_code, known_code
from disrupting_harm.evidence.columns import WORLD, Column, Table
from disrupting_harm.evidence.contracts import GLOBAL, JOINED, TABLES
from disrupting_harm.evidence.grid import Grid
from disrupting_harm.evidence.grid_files import read_grid
from disrupting_harm.evidence.numbers import CellError
from disrupting_harm.evidence.policy_items import AREA_OF_ITEM
from disrupting_harm.evidence.rows import Reading, read_rows
from disrupting_harm.evidence.slips import cross_foot, parts_of_interviews
from disrupting_harm.evidence.sources import Source, source_faults

# Names that tell nothing: of a group of search terms, and of a person who was asked.
_GROUP = re.compile(r"[a-z]{1,2}[0-9]{1,3}")
_NUMBERED = re.compile(r"(?=.*[0-9])[A-Za-z0-9]{1,4}([-_.]?[A-Za-z0-9]{1,4}){0,3}")


def read_evidence(
    table: str,
    path: Path,
    sources: Mapping[str, Source],
    countries: Collection[str] = (),
    capacity_items: Mapping[str, str] | None = None,
    refuse_others: bool = False,
) -> pd.DataFrame:
    """Read one table of evidence.

    Args:
        table: its name in :data:`~.contracts.TABLES`.
        path: CSV file, or workbook with a sheet of that name.
        sources: the study's sources by id.
        countries: codes of the study's countries, known beside those of ISO 3166-1.
        capacity_items: the area of each item of capacity; None: any items.
        refuse_others: whether rows of other countries are faults; else they are kept.

    Returns:
        The table's columns, then ``source`` (citation), ``source_title``,
        ``restriction`` and ``data_kind`` (simulated, published or observed), in the order of the
        file. Counts, and years that may be empty, are ``Int64``; scores and per cents ``float64``
        with NaN where empty; years and months ``int64``; all else text, "" where empty.

    Raises:
        StudyError: the first fault, at its sheet and cell or its row and column.
    """
    reading = check_evidence(table, path, sources, countries, capacity_items, refuse_others)
    reading.raise_first()
    return _frame(TABLES[table], reading, sources)


def check_evidence(
    table: str,
    path: Path,
    sources: Mapping[str, Source],
    countries: Collection[str] = (),
    capacity_items: Mapping[str, str] | None = None,
    refuse_others: bool = False,
) -> Reading:
    """Read one table of evidence and return its values with every fault found.

    Arguments are those of :func:`read_evidence`.

    Raises:
        StudyError: the file cannot be read at all.
    """
    contract = TABLES[table]
    grid = read_grid(path, table, contract.names)
    reading = read_rows(contract, grid, countries)
    if not reading.rows:
        return reading
    reading.faults.extend(source_faults(reading, grid, sources))
    reading.faults.extend(cross_foot(contract, grid, reading))
    reading.faults.extend(_table_faults(table, grid, reading, countries, capacity_items))
    if refuse_others:
        reading.faults.extend(_of_others(contract, grid, reading, countries))
    return reading


def of_others(facts: pd.DataFrame, countries: Collection[str]) -> pd.Series:
    """Return which rows are neither of the countries nor of the whole world."""
    place = "country" if "country" in facts else "scope"
    return ~facts[place].isin([*countries, WORLD, GLOBAL])


def _of_others(
    table: Table, grid: Grid, reading: Reading, countries: Collection[str]
) -> list[StudyError]:
    column = "country" if "country" in table.names else "scope"
    own = {*countries, WORLD, GLOBAL}
    position = grid.names.index(column)
    return [
        StudyError(
            grid.place(row.number, position),
            f"{values[column]} is a country that the countries file does not list",
            "Correct the code, add the country, or say 'other_countries: leave_out' below "
            "'evidence' to leave such rows out",
        )
        for row, values in zip(reading.rows, reading.values, strict=True)
        if values[column] not in own
    ]


def _table_faults(
    table: str,
    grid: Grid,
    reading: Reading,
    countries: Collection[str],
    capacity_items: Mapping[str, str] | None,
) -> list[StudyError]:
    """Return the faults that only one table can have."""
    match table:
        case "justice":
            return list(parts_of_interviews(grid, reading))
        case "hotlines":
            return _wrong_measures(grid, reading)
        case "transparency":
            return _unknown_scopes(grid, reading, countries)
        case "search_interest":
            return _named(grid, reading, "term_group", _GROUP, "Write g01, g02; never the terms")
        case "frontline":
            return _named(grid, reading, "respondent", _NUMBERED, "Write a number; never a name")
        case "policy":
            return _wrong_areas(grid, reading, AREA_OF_ITEM)
        case "capacity" if capacity_items is not None:
            return _wrong_areas(grid, reading, capacity_items)
    return []


def _named(
    grid: Grid, reading: Reading, column: str, pattern: re.Pattern[str], remedy: str
) -> list[StudyError]:
    """Return texts that are no opaque names; what stands there is not repeated."""
    position = grid.names.index(column)
    return [
        StudyError(grid.place(row.number, position), "a text that is no opaque name", remedy)
        for row, values in zip(reading.rows, reading.values, strict=True)
        if not pattern.fullmatch(str(values[column]))
    ]


def _wrong_areas(grid: Grid, reading: Reading, areas: Mapping[str, str]) -> list[StudyError]:
    faults = []
    for row, values in zip(reading.rows, reading.values, strict=True):
        where = grid.place(row.number, grid.names.index("item"))
        try:
            area = areas[known_code(str(values["item"]), areas)]
        except CellError as error:
            faults.append(StudyError(where, error.found, error.remedy))
            continue
        if values["area"] != area:
            found = f"the item '{values['item']}' stands in the area '{values['area']}'"
            faults.append(StudyError(where, found, f"Write its area, '{area}'"))
    return faults


def _wrong_measures(grid: Grid, reading: Reading) -> list[StudyError]:
    faults = []
    for row, values in zip(reading.rows, reading.values, strict=True):
        contacts = str(values["measure"]).startswith("contacts_")
        if contacts != (values["kind"] == "helpline"):
            faults.append(
                StudyError(
                    grid.place(row.number, grid.names.index("measure")),
                    f"a {values['kind']} with the measure '{values['measure']}'",
                    "Hotlines count reports, helplines contacts; correct one of the two",
                )
            )
    return faults


def _unknown_scopes(grid: Grid, reading: Reading, countries: Collection[str]) -> list[StudyError]:
    faults = []
    for row, values in zip(reading.rows, reading.values, strict=True):
        try:
            country_code(str(values["scope"]), [GLOBAL, *countries])
        except CellError as error:
            where = grid.place(row.number, grid.names.index("scope"))
            faults.append(StudyError(where, error.found, f"Write '{GLOBAL}' or a country's code"))
    return faults


def _frame(table: Table, reading: Reading, sources: Mapping[str, Source]) -> pd.DataFrame:
    columns = {
        column.name: pd.Series(
            [values[column.name] for values in reading.values], dtype=_dtype(column)
        )
        for column in table.columns
    }
    told = [sources[str(values["source_id"])] for values in reading.values]
    joined = zip(
        JOINED,
        (
            [source.citation for source in told],
            [source.title for source in told],
            [source.restriction for source in told],
            [source.data_kind for source in told],
        ),
        strict=True,
    )
    texts = {name: pd.Series(values, dtype="str") for name, values in joined}
    return pd.DataFrame(columns | texts)


def _dtype(column: Column) -> str:
    match column.kind:
        case "count":
            return "Int64"
        case "year" | "month":
            return "int64" if column.required else "Int64"
        case "score" | "percent":
            return "float64"
    return "str"
