"""Make a workbook of evidence to fill; check a filled file, and percentages that are printed."""

from collections.abc import Sequence
from pathlib import Path

from disrupting_harm.core.errors import StudyError, amount
from disrupting_harm.evidence.capacity_areas import load_capacity_areas
from disrupting_harm.evidence.reading.facts import check_evidence
from disrupting_harm.evidence.reading.grid_files import (
    WORKBOOKS,
    checked_sources,
    column_key,
    has_sources,
    read_sources,
)
from disrupting_harm.evidence.reading.printed_percentages import check_percentages
from disrupting_harm.evidence.sources import SOURCES, Source
from disrupting_harm.evidence.tables import TABLES
from disrupting_harm.study.study import Study


def write_empty_workbook(file: Path, names: Sequence[str], study: Study | None) -> None:
    """Write a workbook to fill.

    Args:
        file: a new one, ``.xlsx``.
        names: of tables; none: all.
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
        items = _capacity_items(study)
        if items:
            lists["capacity.item"] = list(items)
            lists["capacity.area"] = list(dict.fromkeys(items.values()))
    write_template(file, _chosen(names) or list(TABLES), lists)


def print_faults(
    file: Path, names: Sequence[str], sources: Path | None, study: Study | None
) -> int:
    """Print what was read of a filled workbook or CSV file, and every fault of it.

    Args:
        file: the workbook, or the table.
        names: of tables; none: those that the file has by its sheets or its name.
        sources: table of sources, beside the workbook's own and those of the study.
        study: its countries and items are the ones that rows may name.

    Returns:
        1 where there is a fault, else 0.

    Raises:
        StudyError: there is no such table, or a file cannot be read.
    """
    tables = _chosen(names) or _tables_in(file)
    known, faults = _known_sources(file, sources, study)
    countries = study.listed if study else ()
    items = _capacity_items(study) if study else None
    refuse = study is not None and study.config.evidence.other_countries == "refuse"
    for table in tables:
        reading = check_evidence(table, file, known, countries, items, refuse)
        faults += reading.faults
        found = amount(len(reading.faults), "fault")
        print(f"{table}: {amount(len(reading.rows), 'row')} read, {found}")
    for sheet in _other_sheets(file):
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


def _known_sources(
    file: Path, sources: Path | None, study: Study | None
) -> tuple[dict[str, Source], list[StudyError]]:
    """Return the sources that rows may name: of the study, of a file, and of the workbook."""
    known: dict[str, Source] = {}
    if study and study.config.evidence.sources:
        known |= read_sources(study.resolve(study.config.evidence.sources))
    if sources:
        known |= read_sources(sources)
    if not has_sources(file):
        return known, []
    own, reading = checked_sources(file)
    return known | own, reading.faults


def _other_sheets(file: Path) -> list[str]:
    """Return the sheets of a workbook that are neither tables nor part of the template."""
    if file.suffix.lower() not in WORKBOOKS:
        return []
    from disrupting_harm.evidence.reading.excel import sheet_names

    known = {*TABLES, SOURCES.name, "notes", "codes"}
    return [name for name in sheet_names(file) if column_key(name) not in known]


def _capacity_items(study: Study) -> dict[str, str] | None:
    areas = study.config.evidence.capacity_areas
    return load_capacity_areas(study.resolve(areas)).items if areas else None


def _chosen(names: Sequence[str]) -> list[str]:
    for name in names:
        if name not in TABLES:
            raise StudyError("--table", f"'{name}'", f"Use some of {', '.join(TABLES)}")
    return list(names)


def _tables_in(file: Path) -> list[str]:
    """Return the tables of a workbook by its sheets, or the table that a CSV file is named for."""
    if file.suffix.lower() in WORKBOOKS:
        from disrupting_harm.evidence.reading.excel import sheet_names

        sheets = [column_key(name) for name in sheet_names(file)]
        found = [name for name in TABLES if name in sheets]
    else:
        found = [file.stem] if file.stem in TABLES else []
    if not found:
        where = "sheets" if file.suffix.lower() in WORKBOOKS else "file"
        raise StudyError(
            str(file),
            f"the name of its {where} is not that of a table",
            f"Name the table by --table: one of {', '.join(TABLES)}",
        )
    return found
