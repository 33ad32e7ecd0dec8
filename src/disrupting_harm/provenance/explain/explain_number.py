"""How a published number was made, told from public files and the study's own definitions alone.

Of a hidden number it says why nothing is printed, in the words that are published, and nothing
else: not its n, not which rule hid it, not which other cell it could be worked out from.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from disrupting_harm.provenance.addresses import COMPARE, STUDY
from disrupting_harm.provenance.datapackage import describe_column
from disrupting_harm.provenance.derived_numbers import COUNT, RULES, find_rule, find_value
from disrupting_harm.provenance.explain.explain_compared import explain_compared_row
from disrupting_harm.provenance.explain.explain_r import explain_in_r
from disrupting_harm.provenance.explain.explain_survey import (
    HIDDEN_REASONS,
    Line,
    explain_country_table,
    explain_estimate,
    explain_evidence_table,
    explain_sample,
    statistic_of,
)
from disrupting_harm.provenance.explain.lookup import PublishedCell, PublishedFiles, table_file
from disrupting_harm.provenance.primary_keys import ESTIMATES, EVIDENCE_KEYS, primary_key_of
from disrupting_harm.provenance.row_addresses import FACTS
from disrupting_harm.study.countries import OF_WAVE, Country
from disrupting_harm.study.study import Study
from disrupting_harm.tables.quality_facts import find_fact

_COUNTRIES = ("country", "country_a", "country_b")
_WAVES = ("wave_from", "wave_to")
# Columns of evidence that say where a figure comes from.
_SOURCES = ("counted", "counted_by", "source", "source_id", "data_kind", "note")


def explain_number(address: str, published: PublishedFiles, study: Study) -> list[Line]:
    """Return what may be said to everyone of the number at an address, an old one too.

    Args:
        address: of a cell, or of what a rule makes of cells.

    Raises:
        StudyError: if nothing published stands there.
    """
    rule = find_rule(address)
    if rule is not None:
        return [("number", address), *_explain_derived(*rule, address, published, study)]
    if moved_row := published.find_moved(address):
        new = moved_row.cell_address(address.rpartition("/")[2])
        lines = [("number", address), ("moved" if new else "gone", moved_row.describe())]
        return [*lines, *(explain_number(new, published, study) if new else ())]
    cell = published.find_cell(address)
    if cell.file.endswith(f"/{ESTIMATES}.csv"):
        lines = explain_estimate(cell.row, study)
        if quality := published.read_quality(cell.row["country"]):
            lines += explain_sample(quality)
        lines.append(
            ("column", f"{cell.column}: {describe_column(cell.file, cell.column).description}")
        )
    elif cell.row:
        lines = _explain_table_cell(cell, study)
    else:
        lines = _explain_value(cell, study)
    return [
        ("number", address),
        *lines,
        *_describe_origin(cell, published),
        *explain_in_r(cell, published, study),
    ]


def _explain_derived(
    name: str, inputs: Sequence[str], address: str, published: PublishedFiles, study: Study
) -> list[Line]:
    value = find_value(address, published)
    formula = "how many rows have these values" if name == COUNT else RULES[name].formula
    shown_value = (
        "not told: a number that it is made of is hidden" if value is None else f"{value:g}"
    )
    lines = [
        ("value", shown_value),
        ("rule", f"{name}: {formula}"),
        *(("made of", input_address) for input_address in inputs),
    ]
    if name == COUNT:
        files = dict.fromkeys(table_file(*input_address.split("/")[:2]) for input_address in inputs)
        return [*lines, *(("what it is", f"a number of rows of {file}") for file in files)]
    # Most are made of the same column of several rows.
    meanings = {
        _find_meaning(input_address, published, study): input_address
        for input_address in reversed(inputs)
    }
    return [
        *lines,
        *(
            ("what it is", f"of {input_address}: {meaning}")
            for meaning, input_address in meanings.items()
        ),
    ]


def _find_meaning(address: str, published: PublishedFiles, study: Study) -> str:
    """Return what a number is, as its own explanation says it."""
    return next(
        text for name, text in explain_number(address, published, study) if name == "what it is"
    )


def _explain_table_cell(cell: PublishedCell, study: Study) -> list[Line]:
    row, (area, table, *_) = cell.row, cell.address.split("/")
    key, field = primary_key_of(cell.file), describe_column(cell.file, cell.column)
    lines = [
        ("value", cell.text or HIDDEN_REASONS.get(row.get("status", ""), "empty")),
        ("what it is", field.description),
        *_unit_line(field.unit_for(statistic_of(row, study))),
        ("row", "; ".join(f"{name} {row[name]}" for name in key)),
        *((name, row[name]) for name in ("status", *_SOURCES) if row.get(name)),
    ]
    if area == COMPARE:
        return lines + explain_compared_row(table, row, study)
    if table in EVIDENCE_KEYS:
        return lines + explain_evidence_table(table)
    return lines + explain_country_table(table, row, study)


def _explain_value(cell: PublishedCell, study: Study) -> list[Line]:
    """Return what is said of a number that stands in no table."""
    area, name, *_ = cell.address.split("/")
    value = ("value", cell.text)
    if area == STUDY:
        return [value, ("what it is", _describe_setting(study, cell.column.split("/")))]
    if name in FACTS:
        fact = find_fact(name, cell.column)
        fact_lines = [("what it is", fact.meaning), *_unit_line(fact.unit), ("of", fact.base)]
        return [value, *fact_lines, ("country", area)]
    field = Country.model_fields[cell.column]
    return [value, ("what it is", _strip_backticks(field.description)), ("country", area)]


def _unit_line(unit: str) -> list[Line]:
    return [("unit", unit)] if unit else []


def _describe_setting(study: Study, names: Sequence[str]) -> str:
    """Return what a key of the configuration is, as docs/configuration.md says it.

    Of a number within a list, or within a mapping of the study's own, that of the key above it.
    """
    section: Any = study.config
    description = ""
    for name in names:
        fields = getattr(type(section), "model_fields", {})
        if name not in fields:
            break
        description, section = fields[name].description or description, getattr(section, name)
    return _strip_backticks(description)


def _strip_backticks(description: str | None) -> str:
    return (description or "").replace("`", "")


def _describe_origin(cell: PublishedCell, published: PublishedFiles) -> list[Line]:
    """Return the file of a number with its SHA-256, and the code that made it."""
    manifest = published.manifest
    software = manifest["software"]
    line = f", line {cell.line}" if cell.line else ""
    file = f"{cell.file}{line}, column {cell.column}"
    if not cell.file:
        file = f"the countries file, column {cell.column}"
    digest = manifest["outputs"].get(f"public/{cell.file}")
    lines = [("file", file)]
    if digest:
        lines.append(("SHA-256", digest))
    if inputs := find_input_files(cell, manifest):
        lines.append(("made from", ", ".join(inputs)))
    versions = f"disrupting-harm {software['disrupting-harm']}, Python {software['python']}"
    lines.append(("code", f"{versions}, numpy {software['numpy']}, pandas {software['pandas']}"))
    lines.append(("release", str(manifest["release"])))
    return lines


def find_input_files(cell: PublishedCell, manifest: Mapping[str, Any]) -> list[str]:
    """Return the names of the files of data behind a number; hashes of them could be guessed.

    Of a comparison they are those of the countries, or of the waves, that its row names.
    """
    if not cell.file:
        return [str(manifest["configuration"]["countries"])]
    areas = {cell.row[name] for name in _COUNTRIES if cell.row.get(name)}
    if cell.file.startswith("countries/"):
        country = cell.address.partition("/")[0]
        waves = (cell.row[name] for name in _WAVES if name in cell.row)
        areas = {country, *(f"{country}{OF_WAVE}{wave}" for wave in waves)}
    elif not cell.file.startswith("comparison/"):
        return []
    names = manifest["restricted_inputs"]
    return [name for name in names if any(f"/{area}/" in name for area in sorted(areas))]
