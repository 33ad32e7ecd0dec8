"""How a published number was made, told from public files and the study's own definitions alone.

Of a hidden number it says why nothing is printed, in the words that are published, and nothing
else: not its n, not which rule hid it, not which other cell it could be worked out from.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from disrupting_harm.provenance.addresses import COMPARE, STUDY
from disrupting_harm.provenance.datapackage import describe_column
from disrupting_harm.provenance.derived_numbers import COUNT, RULES, rule_of, value_of
from disrupting_harm.provenance.explain.explain_compared import of_compared
from disrupting_harm.provenance.explain.explain_r import in_r
from disrupting_harm.provenance.explain.explain_survey import (
    HIDDEN,
    Line,
    of_country_table,
    of_evidence,
    of_survey,
    rows_of,
    statistic_of,
)
from disrupting_harm.provenance.explain.lookup import Place, Published, file_of
from disrupting_harm.provenance.primary_keys import ESTIMATES, EVIDENCE_KEYS, key_of
from disrupting_harm.provenance.row_addresses import FACTS
from disrupting_harm.study.countries import Country
from disrupting_harm.study.study import Study
from disrupting_harm.tables.quality_facts import fact_of

_COUNTRIES = ("country", "country_a", "country_b")
# Columns of evidence that say where a figure comes from.
_SOURCES = ("counted", "counted_by", "source", "source_id", "data_kind", "note")


def explain(address: str, published: Published, study: Study) -> list[Line]:
    """Return what may be said to everyone of the number at an address, an old one too.

    Args:
        address: of a cell, or of what a rule makes of cells.
        published: the public files of a run.
        study: its configuration and codebook.

    Raises:
        StudyError: if nothing published stands there.
    """
    found = rule_of(address)
    if found is not None:
        return [("number", address), *_derived(*found, address, published, study)]
    if gone := published.moved(address):
        new = gone.at(address.rpartition("/")[2])
        became = [("number", address), ("moved" if new else "gone", gone.said())]
        return [*became, *(explain(new, published, study) if new else ())]
    place = published.find(address)
    if place.file.endswith(f"/{ESTIMATES}.csv"):
        lines = of_survey(place.row, study)
        if quality := published.quality(place.row["country"]):
            lines += rows_of(quality)
        lines.append(
            ("column", f"{place.column}: {describe_column(place.file, place.column).description}")
        )
    elif place.row:
        lines = _of_table(place, study)
    else:
        lines = _of_value(place, study)
    return [("number", address), *lines, *_whence(place, published), *in_r(place, published, study)]


def _derived(
    name: str, inputs: Sequence[str], address: str, published: Published, study: Study
) -> list[Line]:
    value = value_of(address, published)
    says = "how many rows have these values" if name == COUNT else RULES[name].says
    told = "not told: a number that it is made of is hidden" if value is None else f"{value:g}"
    lines = [("value", told), ("rule", f"{name}: {says}"), *(("made of", one) for one in inputs)]
    if name == COUNT:
        files = dict.fromkeys(file_of(*one.split("/")[:2]) for one in inputs)
        return [*lines, *(("what it is", f"a number of rows of {file}") for file in files)]
    # Most are made of the same column of several rows.
    meanings = {_meaning(one, published, study): one for one in reversed(inputs)}
    return [*lines, *(("what it is", f"of {one}: {said}") for said, one in meanings.items())]


def _meaning(address: str, published: Published, study: Study) -> str:
    """Return what a number is, as its own explanation says it."""
    return next(text for name, text in explain(address, published, study) if name == "what it is")


def _of_table(place: Place, study: Study) -> list[Line]:
    row, (area, table, *_) = place.row, place.address.split("/")
    key, field = key_of(place.file), describe_column(place.file, place.column)
    lines = [
        ("value", place.text or HIDDEN.get(row.get("status", ""), "empty")),
        ("what it is", field.description),
        *_unit(field.unit_for(statistic_of(row, study))),
        ("row", "; ".join(f"{name} {row[name]}" for name in key)),
        *((name, row[name]) for name in ("status", *_SOURCES) if row.get(name)),
    ]
    if area == COMPARE:
        return lines + of_compared(table, row, study)
    if table in EVIDENCE_KEYS:
        return lines + of_evidence(table)
    return lines + of_country_table(table, row, study)


def _of_value(place: Place, study: Study) -> list[Line]:
    """Return what is told of a number that stands in no table."""
    area, name, *_ = place.address.split("/")
    value = ("value", place.text)
    if area == STUDY:
        return [value, ("what it is", _setting(study, place.column.split("/")))]
    if name in FACTS:
        fact = fact_of(name, place.column)
        told = [("what it is", fact.meaning), *_unit(fact.unit), ("of", fact.base)]
        return [value, *told, ("country", area)]
    field = Country.model_fields[place.column]
    return [value, ("what it is", _plain(field.description)), ("country", area)]


def _unit(unit: str) -> list[Line]:
    return [("unit", unit)] if unit else []


def _setting(study: Study, names: Sequence[str]) -> str:
    """Return what a key of the configuration is, as docs/configuration.md says it.

    Of a number within a list, or within a mapping of the study's own, that of the key above it.
    """
    section: Any = study.config
    said = ""
    for name in names:
        fields = getattr(type(section), "model_fields", {})
        if name not in fields:
            break
        said, section = fields[name].description or said, getattr(section, name)
    return _plain(said)


def _plain(said: str | None) -> str:
    return (said or "").replace("`", "")


def _whence(place: Place, published: Published) -> list[Line]:
    """Return the file with its hash, and the code that made it."""
    manifest = published.manifest
    software = manifest["software"]
    line = f", line {place.line}" if place.line else ""
    file = f"{place.file}{line}, column {place.column}"
    if not place.file:
        file = f"the countries file, column {place.column}"
    digest = manifest["outputs"].get(f"public/{place.file}")
    lines = [("file", file)]
    if digest:
        lines.append(("SHA-256", digest))
    if inputs := inputs_of(place, manifest):
        lines.append(("made from", ", ".join(inputs)))
    versions = f"disrupting-harm {software['disrupting-harm']}, Python {software['python']}"
    lines.append(("code", f"{versions}, numpy {software['numpy']}, pandas {software['pandas']}"))
    lines.append(("release", str(manifest["release"])))
    return lines


def inputs_of(place: Place, manifest: Mapping[str, Any]) -> list[str]:
    """Return the names of the files of data behind a number; hashes of them could be guessed.

    Of a comparison they are those of the countries that its row names.
    """
    if not place.file:
        return [str(manifest["configuration"]["countries"])]
    areas = {place.row[name] for name in _COUNTRIES if place.row.get(name)}
    if place.file.startswith("countries/"):
        areas = {place.address.partition("/")[0]}
    elif not place.file.startswith("comparison/"):
        return []
    names = manifest["restricted_inputs"]
    return [name for name in names if any(f"/{area}/" in name for area in sorted(areas))]
