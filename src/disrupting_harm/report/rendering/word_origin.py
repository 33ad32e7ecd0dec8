"""Where a Word file came from: properties of its own, which Word and LibreOffice keep.

A file that comes back edited says by them which document it was made from, so that it can be
compared with what the run wrote. They name no machine, time or person.
"""

from dataclasses import dataclass, fields
from xml.etree import ElementTree
from xml.sax.saxutils import escape

_VALUES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
# Of all properties that a user or a program adds to a file, and the first number that is free.
_USER_DEFINED, _FIRST = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}", 2
_PREFIX = "disrupting-harm-"


@dataclass(frozen=True)
class Origin:
    """What a Word file was made from.

    Attributes:
        document: its source from the root of the public results: ``reports/KEN/en/report.qmd``.
        language: of its text (BCP 47).
        source: SHA-256 of the source.
    """

    document: str
    language: str
    source: str


def properties_of(origin: Origin) -> bytes:
    """Return the part ``docProps/custom.xml`` of a Word file."""
    entries = "".join(
        f'<property fmtid="{_USER_DEFINED}" pid="{number}" name="{_PREFIX}{field.name}">'
        f"<vt:lpwstr>{escape(getattr(origin, field.name))}</vt:lpwstr></property>"
        for number, field in enumerate(fields(Origin), start=_FIRST)
    )
    spaces = f'xmlns="{_PROPERTIES}" xmlns:vt="{_VALUES}"'
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f"{head}<Properties {spaces}>{entries}</Properties>".encode()


def read_origin(properties: ElementTree.Element) -> tuple[Origin | None, list[str]]:
    """Return what the properties of a Word file say of its origin, and which of them are missing.

    Args:
        properties: the root of ``docProps/custom.xml``.
    """
    texts = {
        entry.get("name", ""): "".join(entry.itertext()).strip()
        for entry in properties.iter(f"{{{_PROPERTIES}}}property")
    }
    found = {field.name: texts.get(_PREFIX + field.name, "") for field in fields(Origin)}
    missing = [_PREFIX + name for name, text in found.items() if not text]
    return (None if missing else Origin(**found)), missing
