"""How a published number was made, told from public files and the study's own definitions alone.

Of a hidden number it says why nothing is printed, in the words that are published, and nothing
else: not its n, not which rule hid it, not which other cell it could be worked out from.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from disrupting_harm.provenance.addresses import COMPARE, STUDY
from disrupting_harm.provenance.datapackage import meaning_of
from disrupting_harm.provenance.derived import COUNT, RULES, rule_of, value_of
from disrupting_harm.provenance.explain_compared import of_compared
from disrupting_harm.provenance.explain_evidence import of_evidence
from disrupting_harm.provenance.explain_survey import HIDDEN, Line, of_survey
from disrupting_harm.provenance.keys import ESTIMATES, EVIDENCE_KEYS, key_of
from disrupting_harm.provenance.published import Place, Published
from disrupting_harm.study.study import Study

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
        return [("number", address), *_derived(found[0], found[1], address, published)]
    if gone := published.moved(address):
        new = gone.at(address.rpartition("/")[2])
        became = [("number", address), ("moved" if new else "gone", gone.said())]
        return [*became, *(explain(new, published, study) if new else ())]
    place = published.find(address)
    lines = [("number", address)]
    if place.file.endswith(f"/{ESTIMATES}.csv"):
        lines += of_survey(place.row, study)
    else:
        lines += _of_table(place, study)
    return [*lines, *_whence(place, published)]


def _derived(name: str, inputs: Sequence[str], address: str, published: Published) -> list[Line]:
    value = value_of(address, published)
    says = "how many rows have these values" if name == COUNT else RULES[name].says
    told = "not told: a number that it is made of is hidden" if value is None else f"{value:g}"
    return [("value", told), ("rule", f"{name}: {says}"), *(("made of", one) for one in inputs)]


def _of_table(place: Place, study: Study) -> list[Line]:
    row, (area, table, *_) = place.row, place.address.split("/")
    value = place.text or HIDDEN.get(row.get("status", ""), "empty")
    lines = [("value", value)]
    if row:
        key = key_of(place.file)
        lines += [
            ("what it is", meaning_of(place.file, place.column)),
            ("row", "; ".join(f"{name} {row[name]}" for name in key)),
            *((name, row[name]) for name in ("status", *_SOURCES) if row.get(name)),
        ]
    if area == STUDY and (said := _setting(study, place.column.split("/"))):
        lines.append(("what it is", said))
    if area == COMPARE:
        lines += of_compared(table, row, study)
    elif table in EVIDENCE_KEYS:
        lines += of_evidence(table)
    return lines


def _setting(study: Study, names: Sequence[str]) -> str:
    """Return what a key of the configuration is, as docs/configuration.md says it."""
    section: Any = study.config
    said = ""
    for name in names:
        fields = getattr(type(section), "model_fields", {})
        if name not in fields:
            return ""
        said, section = fields[name].description or "", getattr(section, name)
    return said.replace("`", "")


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
    if inputs := _inputs(place, manifest):
        lines.append(("made from", ", ".join(inputs)))
    versions = f"disrupting-harm {software['disrupting-harm']}, Python {software['python']}"
    lines.append(("code", f"{versions}, numpy {software['numpy']}, pandas {software['pandas']}"))
    lines.append(("release", str(manifest["release"])))
    return lines


def _inputs(place: Place, manifest: Mapping[str, Any]) -> list[str]:
    """Return the names of the files of data behind a number; hashes of them could be guessed."""
    if not place.file:
        return [str(manifest["configuration"]["countries"])]
    if not place.file.startswith("countries/"):
        return []
    area = place.address.partition("/")[0]
    return [name for name in manifest["restricted_inputs"] if f"/{area}/" in name]
