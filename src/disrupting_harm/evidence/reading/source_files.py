"""Read and check the table of sources of a study."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from disrupting_harm.errors import StudyError, did_you_mean
from disrupting_harm.evidence.reading.grid import WORKBOOKS, Grid, column_key
from disrupting_harm.evidence.reading.grid_files import read_grid
from disrupting_harm.evidence.reading.rows import Reading, read_rows
from disrupting_harm.evidence.sources import SOURCES, Source


def read_sources(path: Path) -> dict[str, Source]:
    """Read a table of sources, a CSV file or the sheet ``sources`` of a workbook, by id.

    Raises:
        StudyError: the first fault; how many more there are is said with it.
    """
    sources, reading = checked_sources(path)
    reading.raise_first()
    return sources


def checked_sources(path: Path) -> tuple[dict[str, Source], Reading]:
    """Read a table of sources; return those without a fault by id, and the faults.

    Raises:
        StudyError: the file cannot be read at all.
    """
    reading = read_rows(SOURCES, read_grid(path, SOURCES.name, SOURCES.names), ())
    return {str(row["source_id"]): _source(row) for row in reading.values}, reading


def collect_sources(path: Path | None, tables: Iterable[Path]) -> dict[str, Source]:
    """Return the sources of a study: its file, and the sheets ``sources`` of its workbooks.

    Args:
        path: the study's own file of sources.
        tables: files of its tables; a workbook among them may have a sheet of sources.

    Raises:
        StudyError: a fault in one of them, or two different sources of one id.
    """
    found = {} if path is None else read_sources(path)
    for table in sorted(set(tables)):
        if not has_sources(table) or table == path:
            continue
        for key, source in read_sources(table).items():
            if found.setdefault(key, source) != source:
                raise StudyError(
                    f"{table}, sources",
                    f"'{key}' stands for another source in the study",
                    "Give it another source_id, or make both rows alike",
                )
    return found


def has_sources(path: Path) -> bool:
    """Return whether the file is a workbook with a sheet of sources."""
    if path.suffix.lower() not in WORKBOOKS:
        return False
    from disrupting_harm.evidence.reading.excel import sheet_names

    return SOURCES.name in map(column_key, sheet_names(path))


def source_faults(reading: Reading, grid: Grid, sources: Mapping[str, Source]) -> list[StudyError]:
    """Return a fault for each source that rows name and the table of sources does not have."""
    rows: dict[str, list[int]] = {}
    for row, values in zip(reading.rows, reading.values, strict=True):
        rows.setdefault(str(values["source_id"]), []).append(row.number)
    faults = []
    for name in [name for name in rows if name not in sources]:
        meant = did_you_mean(name, sources)
        more = f" (and in {len(rows[name]) - 1} more rows)" if len(rows[name]) > 1 else ""
        faults.append(
            StudyError(
                grid.place(rows[name][0], grid.names.index("source_id")),
                f"'{name}' is not in the table of sources{more}",
                f"{meant}Add it to the table 'sources', or use one that is there",
            )
        )
    return faults


def _source(row: Mapping[str, object]) -> Source:
    texts = {name: str(row[name]) for name in SOURCES.names if name != "year"}
    year = row["year"]
    return Source(**texts, year=year if isinstance(year, int) else None)
