"""Word files: a reference document in the report's style, and reproducible bytes.

Word takes its look from styles, so all documents get one ``reference.docx``: pandoc's own, with the
styles of this project, A4 pages, a header with the watermark and a footer with page numbers. The
text of the header comes from the front matter of each document.
"""

import io
import re
import zipfile
from dataclasses import dataclass, fields
from xml.etree import ElementTree
from xml.sax.saxutils import escape

# Where a Word file came from: properties of its own, which Word and LibreOffice keep.
#
# A file that comes back edited says by them which document it was made from, so that it can be
# compared with what the run wrote. They name no machine, time or person.


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


_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_CONTENT = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_NAMESPACES = f'xmlns:w="{_WORD}" xmlns:r="{_OFFICE}"'
# A4 with margins as in the PDF; sizes in twentieths of a point.
_SECTION = (
    '<w:sectPr><w:headerReference w:type="default" r:id="rIdHeader"/>'
    '<w:footerReference w:type="default" r:id="rIdFooter"/>'
    '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1361" w:right="1304" w:bottom="1134" '
    'w:left="1304" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>'
)
_TYPES, _CORE, _CUSTOM = "[Content_Types].xml", "docProps/core.xml", "docProps/custom.xml"
_DOCUMENT, _STYLES = "word/document.xml", "word/styles.xml"
_HEADER, _FOOTER = "word/header1.xml", "word/footer1.xml"
_CUSTOM_ENTRY = re.compile(rb"<(?:Override|Relationship)\b[^>]*docProps/custom\.xml[^>]*/>")
_CUSTOM_TYPE = (
    f'<Override PartName="/{_CUSTOM}" '
    'ContentType="application/vnd.openxmlformats-officedocument.custom-properties+xml"/>'
)
_CUSTOM_RELATION = (
    f'<Relationship Id="rIdCustom" Type="{_OFFICE}/custom-properties" Target="{_CUSTOM}"/>'
)
_LANGUAGE = re.compile(rb"<w:lang\b[^>]*/>")
_ROW = re.compile(rb"<w:tr>(?:<w:trPr>(.*?)</w:trPr>)?", re.DOTALL)
# What stays with the paragraph below it: those of an author's place, of a note, and what stands
# above a note. They stay paragraphs: each of an author's place comes back as one. No style says
# it: with a style of its own the last of them would stand apart from those above it.
_STYLED = rb'<w:p><w:pPr><w:pStyle w:val="%s" ?/>'
_GOES_ON = re.compile(
    rb"(%s)(?=(?:(?!</w:p>).)*</w:p>\s*%s)"
    % (_STYLED % rb"(AuthorSlot|HowSure|MarginNote)", _STYLED % rb"(?:\2|MarginNote)"),
    re.DOTALL,
)
# Word would store figures anew with fewer dots, as if they were others.
_SETTINGS, _THEME = "word/settings.xml", re.compile(rb"<w:clrSchemeMapping\b[^>]*/>")
_PICTURES_STAY = b"<w:doNotAutoCompressPictures/>"
# LibreOffice puts three millimetres round a picture of which nothing is said.
_NO_AIR = b'<wp:inline distT="0" distB="0" distL="0" distR="0">'
# Pandoc begins the text of a list half an inch in: a third of a narrow column.
_LISTS, _FAR_IN = "word/numbering.xml", b'w:left="720" w:hanging="360"'
_NEAR = b'w:left="340" w:hanging="340"'
_DATE = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


@dataclass(frozen=True)
class Letterhead:
    """What stands on every page of a Word file, and the language of its text (BCP 47)."""

    title: str = ""
    watermark: str = ""
    status: str = ""
    organisation: str = ""
    language: str = "en"


def reference_document(default: bytes, styles: str, *, watermark: str, organisation: str) -> bytes:
    """Return a reference document for pandoc and Quarto.

    Args:
        default: pandoc's own reference document.
        styles: the content of ``word/styles.xml``.
        watermark: printed on every page; empty for none.
        organisation: the line at the left of the footer.
    """
    parts = _unpack(default)
    parts[_STYLES] = styles.encode()
    # Word itself finds the title of each document.
    parts[_HEADER] = _header(watermark, _field("STYLEREF Title", "")).encode()
    parts[_FOOTER] = _footer(organisation, "").encode()
    _replace(parts, _TYPES, "</Types>", _overrides() + "</Types>")
    relations = _relation("Header", "header1") + _relation("Footer", "footer1")
    name = "word/_rels/document.xml.rels"
    _replace(parts, name, "</Relationships>", relations + "</Relationships>")
    document = parts[_DOCUMENT].decode()
    document = re.sub(r"<w:sectPr>.*?</w:sectPr>", _SECTION, document, flags=re.DOTALL)
    parts[_DOCUMENT] = document.encode()
    return _pack(parts)


def with_letterhead(reference: bytes, letterhead: Letterhead) -> bytes:
    """Return a reference document with the marks of one document on each page."""
    parts = _unpack(reference)
    title = _field("STYLEREF Title", "")
    parts[_HEADER] = _header(letterhead.watermark, title).encode()
    parts[_FOOTER] = _footer(letterhead.organisation, letterhead.status).encode()
    parts[_STYLES] = _in_language(parts[_STYLES], letterhead.language)
    return _pack(parts)


def finished(document: bytes, day: str, letterhead: Letterhead, origin: Origin) -> bytes:
    """Return a Word file as it is published, the same bytes from either engine.

    Its parts are sorted, its times fixed, its dates are ``day`` (ISO), header, footer and language
    its own; no row of a table, no note and no place of an author breaks over pages. Its properties
    name its ``origin``; those that pandoc and Quarto copy from the front matter are left out:
    Quarto's name paths of the machine.
    """
    parts = _unpack(document)
    if _CORE in parts:
        stamp = f"{day}T00:00:00Z".encode()
        parts[_CORE] = _DATE.sub(lambda found: found[1] + stamp + found[2], parts[_CORE])
    if _DOCUMENT in parts:
        rows = _ROW.sub(_whole_row, parts[_DOCUMENT])
        whole = _GOES_ON.sub(rb"\1<w:keepNext/>", rows)
        parts[_DOCUMENT] = whole.replace(b"<wp:inline>", _NO_AIR)
    if parts.pop(_CUSTOM, None) is not None:
        for name in (_TYPES, "_rels/.rels"):
            parts[name] = _CUSTOM_ENTRY.sub(b"", parts[name])
    parts[_CUSTOM] = properties_of(origin)
    _replace(parts, _TYPES, "</Types>", f"{_CUSTOM_TYPE}</Types>")
    _replace(parts, "_rels/.rels", "</Relationships>", f"{_CUSTOM_RELATION}</Relationships>")
    if _SETTINGS in parts:
        parts[_SETTINGS] = _THEME.sub(rb"\g<0>" + _PICTURES_STAY, parts[_SETTINGS], count=1)
    if _LISTS in parts:
        parts[_LISTS] = parts[_LISTS].replace(_FAR_IN, _NEAR)
    if _HEADER in parts:
        title = _run(letterhead.title)
        parts[_HEADER] = _header(letterhead.watermark, title).encode()
        parts[_FOOTER] = _footer(letterhead.organisation, letterhead.status).encode()
    if _STYLES in parts:
        parts[_STYLES] = _in_language(parts[_STYLES], letterhead.language)
    return _pack(parts)


def _in_language(styles: bytes, language: str) -> bytes:
    """Return styles for a text of one language in every script."""
    keys = "".join(f' w:{key}="{escape(language)}"' for key in ("val", "eastAsia", "bidi"))
    return _LANGUAGE.sub(f"<w:lang{keys}/>".encode(), styles, count=1)


def _whole_row(found: re.Match[bytes]) -> bytes:
    """Return the start of a table row that stays on one page."""
    return b"<w:tr><w:trPr><w:cantSplit/>" + (found[1] or b"") + b"</w:trPr>"


def _unpack(document: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _pack(parts: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    # The list of content types comes first, as the Open Packaging Conventions advise.
    names = sorted(parts, key=lambda name: (name != _TYPES, name))
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, parts[name], compresslevel=9)
    return packed.getvalue()


def _replace(parts: dict[str, bytes], name: str, old: str, new: str) -> None:
    parts[name] = parts[name].decode().replace(old, new).encode()


def _overrides() -> str:
    return "".join(
        f'<Override PartName="/word/{part}1.xml" ContentType="{_CONTENT}.{part}+xml"/>'
        for part in ("header", "footer")
    )


def _relation(name: str, target: str) -> str:
    kind = f"{_OFFICE}/{name.lower()}"
    return f'<Relationship Type="{kind}" Id="rId{name}" Target="{target}.xml"/>'


def _run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _field(instruction: str, shown: str) -> str:
    result = f"<w:r><w:t>{shown}</w:t></w:r>"
    return f'<w:fldSimple w:instr=" {instruction} ">{result}</w:fldSimple>'


def _paragraph(style: str, content: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{content}</w:p>'


def _header(watermark: str, title: str) -> str:
    band = _paragraph("Watermark", _run(watermark)) if watermark else ""
    content = band + _paragraph("Header", title)
    return f'<?xml version="1.0" encoding="UTF-8"?><w:hdr {_NAMESPACES}>{content}</w:hdr>'


def _footer(organisation: str, status: str) -> str:
    tab = "<w:r><w:tab/></w:r>"
    numbers = _field("PAGE", "1") + _run(" / ") + _field("NUMPAGES", "1")
    mark = _paragraph("Status", _run(status)) if status else ""
    content = mark + _paragraph("Footer", _run(organisation) + tab + numbers)
    return f'<?xml version="1.0" encoding="UTF-8"?><w:ftr {_NAMESPACES}>{content}</w:ftr>'
