"""Read tables of evidence from CSV and Excel files: checked, typed, with their sources."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import pandas as pd

from disrupting_harm.core.errors import StudyError
from disrupting_harm.evidence.columns import GLOBAL, WORLD, Column, Sheet
from disrupting_harm.evidence.definition import KnownCodes, Table
from disrupting_harm.evidence.reading.arithmetic_checks import find_wrong_totals
from disrupting_harm.evidence.reading.grid_files import (
    Grid,
    Reading,
    find_source_faults,
    read_grid,
    read_rows,
)
from disrupting_harm.evidence.sources import SOURCE_COLUMNS, Source
from disrupting_harm.evidence.tables import TABLES


def read_evidence(
    table: str,
    path: Path,
    sources: Mapping[str, Source],
    countries: Collection[str] = (),
    capacity_items: Mapping[str, str] | None = None,
    refuse_others: bool = False,
    indicators: Collection[str] | None = None,
) -> pd.DataFrame:
    """Read one table of evidence.

    Args:
        table: its name in :data:`.tables.TABLES`.
        path: CSV file, or workbook with a sheet of that name.
        sources: the study's sources by id.
        countries: codes of the study's countries, known beside those of ISO 3166-1.
        capacity_items: the area of each item of capacity; None: any items.
        refuse_others: whether rows of other countries are faults; else they are kept.
        indicators: proportions of the codebook, which rows may name; None: any.

    Returns:
        The table's columns, then ``source`` (citation), ``source_title``,
        ``restriction`` and ``data_kind`` (simulated, published or observed), in the order of the
        file. Counts, and years that may be empty, are ``Int64``; scores and per cents ``float64``
        with NaN where empty; years and months ``int64``; all else text, "" where empty.

    Raises:
        StudyError: the first fault, at its sheet and cell or its row and column.
    """
    reading = check_evidence(
        table, path, sources, countries, capacity_items, refuse_others, indicators
    )
    reading.raise_first()
    return _build_facts_frame(TABLES[table], reading, sources)


def check_evidence(
    table: str,
    path: Path,
    sources: Mapping[str, Source],
    countries: Collection[str] = (),
    capacity_items: Mapping[str, str] | None = None,
    refuse_others: bool = False,
    indicators: Collection[str] | None = None,
) -> Reading:
    """Read one table of evidence and return its values with every fault found.

    Arguments are those of :func:`read_evidence`.

    Raises:
        StudyError: the file cannot be read at all.
    """
    contract = TABLES[table]
    grid = read_grid(path, table, contract.column_names)
    reading = read_rows(contract, grid, countries)
    if not reading.rows:
        return reading
    reading.faults.extend(find_source_faults(reading, grid, sources))
    reading.faults.extend(find_wrong_totals(contract, grid, reading))
    known_codes = KnownCodes(tuple(countries), capacity_items, indicators)
    reading.faults.extend(_find_row_faults(contract, grid, reading, known_codes))
    if refuse_others:
        reading.faults.extend(_find_rows_of_others(contract, grid, reading, countries))
    return reading


def _find_rows_of_others(
    table: Table, grid: Grid, reading: Reading, countries: Collection[str]
) -> list[StudyError]:
    allowed_codes = {*countries, WORLD, GLOBAL}
    position = grid.column_names.index(table.country_column)
    return [
        StudyError(
            grid.locate_cell(row.number, position),
            f"{values[table.country_column]} is a country that the countries file does not list",
            "Correct the code, add the country, or say 'other_countries: leave_out' below "
            "'evidence' to leave such rows out",
        )
        for row, values in zip(reading.rows, reading.values, strict=True)
        if values[table.country_column] not in allowed_codes
    ]


def _find_row_faults(
    table: Table, grid: Grid, reading: Reading, known_codes: KnownCodes
) -> Iterator[StudyError]:
    """Yield the faults that only rows of this table can have, by themselves and together."""
    faults_by_place = [
        (place, fault)
        for place, values in enumerate(reading.values)
        if table.check and (fault := table.check(values, known_codes))
    ]
    faults_by_place += table.check_rows(reading.values) if table.check_rows else ()
    for place, fault in faults_by_place:
        number = reading.rows[place].number
        location = grid.locate_cell(number, grid.column_names.index(fault.column))
        yield StudyError(location, fault.found, fault.remedy)


def _build_facts_frame(
    table: Sheet, reading: Reading, sources: Mapping[str, Source]
) -> pd.DataFrame:
    columns = {
        column.name: pd.Series(
            [values[column.name] for values in reading.values], dtype=_find_dtype(column)
        )
        for column in table.columns
    }
    source_of_row = [sources[str(values["source_id"])] for values in reading.values]
    source_columns = zip(
        SOURCE_COLUMNS,
        (
            [source.citation for source in source_of_row],
            [source.title for source in source_of_row],
            [source.restriction for source in source_of_row],
            [source.data_kind for source in source_of_row],
        ),
        strict=True,
    )
    texts = {name: pd.Series(values, dtype="str") for name, values in source_columns}
    return pd.DataFrame(columns | texts)


def _find_dtype(column: Column) -> str:
    match column.kind:
        case "count":
            return "Int64"
        case "year" | "month":
            return "int64" if column.required else "Int64"
        case "score" | "percent":
            return "float64"
    return "str"
