"""Make a workbook of evidence to fill; check a filled file, and percentages that are printed."""

from collections.abc import Sequence
from pathlib import Path

from disrupting_harm.core.errors import StudyError, amount
from disrupting_harm.core.files import format_json
from disrupting_harm.evidence.capacity_areas import load_capacity_areas
from disrupting_harm.evidence.reading.facts import check_evidence
from disrupting_harm.evidence.reading.grid_files import (
    WORKBOOKS,
    check_sources,
    has_sources,
    normalise_heading,
    read_sources,
)
from disrupting_harm.evidence.reading.printed_percentages import check_percentages
from disrupting_harm.evidence.sources import SOURCES, Source
from disrupting_harm.evidence.tables import TABLES
from disrupting_harm.study.study import Study


def write_empty_workbook(file: Path, table_names: Sequence[str], study: Study | None) -> None:
    """Write a workbook to fill.

    Args:
        file: a new one, ``.xlsx``.
        table_names: none: all tables.
        study: its countries and items become lists to choose from.

    Raises:
        StudyError: another name is needed, or there is no such table.
    """
    from disrupting_harm.evidence.reading.workbook import write_template

    if file.suffix.lower() != ".xlsx":
        raise StudyError(str(file), "a workbook's name ends with .xlsx", "Change the name")
    if file.exists():
        raise StudyError(str(file), "it exists", "Choose another name; nothing is overwritten")
    lists: dict[str, list[str]] = {}
    if study:
        lists["country"] = study.codes
        items = _load_capacity_items(study)
        if items:
            lists["capacity.item"] = list(items)
            lists["capacity.area"] = list(dict.fromkeys(items.values()))
    write_template(file, _check_table_names(table_names) or list(TABLES), lists)


def print_faults(
    file: Path,
    table_names: Sequence[str],
    sources: Path | None,
    study: Study | None,
    as_json: bool = False,
) -> int:
    """Print what was read of a filled workbook or CSV file, and every fault of it.

    Args:
        table_names: none: those that the file has by its sheets or its name.
        sources: table of sources, beside the workbook's own and those of the study.
        study: its countries and items are the ones that rows may name.
        as_json: whether to print for programs.

    Returns:
        1 where there is a fault, else 0.

    Raises:
        StudyError: there is no such table, or a file cannot be read.
    """
    tables = _check_table_names(table_names) or _find_tables_in(file)
    known_sources, faults = _read_known_sources(file, sources, study)
    countries = study.listed if study else ()
    items = _load_capacity_items(study) if study else None
    indicators = study.codebook.proportions if study and study.has_survey else None
    refuse = study is not None and study.config.evidence.other_countries == "refuse"
    readings = {}
    for table in tables:
        reading = check_evidence(table, file, known_sources, countries, items, refuse, indicators)
        readings[table] = {"rows": len(reading.rows), "faults": len(reading.faults)}
        faults += reading.faults
    other_sheets = _list_other_sheets(file)
    if as_json:
        record = {
            "file": file.as_posix(),
            "tables": readings,
            "other_sheets": [*other_sheets],
            "faults": [str(fault) for fault in faults],
        }
        print(format_json(record), end="")
        return 1 if faults else 0
    for table, counts in readings.items():
        fault_count = amount(counts["faults"], "fault")
        print(f"{table}: {amount(counts['rows'], 'row')} read, {fault_count}")
    for sheet in other_sheets:
        print(f"the sheet '{sheet}' is not read: no table has this name")
    for fault in faults:
        print(f"  {fault}")
    return 1 if faults else 0


def print_percentage_faults(file: Path) -> int:
    """Print published percentages that differ from their count and base; return 1 for one."""
    checked = check_percentages(file)
    print(
        f"{file}: {amount(checked.rows, 'percentage')} read, {amount(len(checked.faults), 'fault')}"
    )
    for fault in checked.faults:
        print(f"  {fault}")
    return 1 if checked.faults else 0


def _read_known_sources(
    file: Path, sources: Path | None, study: Study | None
) -> tuple[dict[str, Source], list[StudyError]]:
    """Return the sources that rows may name: of the study, of a file, and of the workbook."""
    known_sources: dict[str, Source] = {}
    if study and study.config.evidence.sources:
        known_sources |= read_sources(study.resolve(study.config.evidence.sources))
    if sources:
        known_sources |= read_sources(sources)
    if not has_sources(file):
        return known_sources, []
    sources_of_workbook, reading = check_sources(file)
    return known_sources | sources_of_workbook, reading.faults


def _list_other_sheets(file: Path) -> list[str]:
    """Return the sheets of a workbook that are neither tables nor part of the template."""
    if file.suffix.lower() not in WORKBOOKS:
        return []
    from disrupting_harm.evidence.reading.excel import list_sheet_names

    known_sheets = {*TABLES, SOURCES.name, "notes", "codes"}
    return [name for name in list_sheet_names(file) if normalise_heading(name) not in known_sheets]


def _load_capacity_items(study: Study) -> dict[str, str] | None:
    areas = study.config.evidence.capacity_areas
    return load_capacity_areas(study.resolve(areas)).items if areas else None


def _check_table_names(table_names: Sequence[str]) -> list[str]:
    for name in table_names:
        if name not in TABLES:
            raise StudyError("--table", f"'{name}'", f"Use some of {', '.join(TABLES)}")
    return list(table_names)


def _find_tables_in(file: Path) -> list[str]:
    """Return the tables of a workbook by its sheets, or the table that a CSV file is named for."""
    if file.suffix.lower() in WORKBOOKS:
        from disrupting_harm.evidence.reading.excel import list_sheet_names

        sheets = [normalise_heading(name) for name in list_sheet_names(file)]
        tables = [name for name in TABLES if name in sheets]
    else:
        tables = [file.stem] if file.stem in TABLES else []
    if not tables:
        named_part = "sheets" if file.suffix.lower() in WORKBOOKS else "file"
        raise StudyError(
            str(file),
            f"the name of its {named_part} is not that of a table",
            f"Name the table by --table: one of {', '.join(TABLES)}",
        )
    return tables
