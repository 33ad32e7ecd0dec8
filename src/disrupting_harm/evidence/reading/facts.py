"""Read tables of evidence from CSV and Excel files: checked, typed, with their sources."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import pandas as pd

from disrupting_harm.core.errors import StudyError
from disrupting_harm.evidence.columns import GLOBAL, WORLD, Column, Sheet
from disrupting_harm.evidence.definition import Known, Table
from disrupting_harm.evidence.reading.arithmetic_checks import cross_foot
from disrupting_harm.evidence.reading.grid_files import (
    Grid,
    Reading,
    read_grid,
    read_rows,
    source_faults,
)
from disrupting_harm.evidence.sources import JOINED, Source
from disrupting_harm.evidence.tables import TABLES


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
        table: its name in :data:`.tables.TABLES`.
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
    known = Known(tuple(countries), capacity_items)
    reading.faults.extend(_row_faults(contract, grid, reading, known))
    if refuse_others:
        reading.faults.extend(_of_others(contract, grid, reading, countries))
    return reading


def _of_others(
    table: Table, grid: Grid, reading: Reading, countries: Collection[str]
) -> list[StudyError]:
    own = {*countries, WORLD, GLOBAL}
    position = grid.names.index(table.where_it_is)
    return [
        StudyError(
            grid.place(row.number, position),
            f"{values[table.where_it_is]} is a country that the countries file does not list",
            "Correct the code, add the country, or say 'other_countries: leave_out' below "
            "'evidence' to leave such rows out",
        )
        for row, values in zip(reading.rows, reading.values, strict=True)
        if values[table.where_it_is] not in own
    ]


def _row_faults(table: Table, grid: Grid, reading: Reading, known: Known) -> Iterator[StudyError]:
    """Yield the faults that only rows of this table can have."""
    if table.check is None:
        return
    for row, values in zip(reading.rows, reading.values, strict=True):
        fault = table.check(values, known)
        if fault is not None:
            where = grid.place(row.number, grid.names.index(fault.column))
            yield StudyError(where, fault.found, fault.remedy)


def _frame(table: Sheet, reading: Reading, sources: Mapping[str, Source]) -> pd.DataFrame:
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
