"""Word files: a reference document in the report's style, and bytes that do not change.

Word takes its look from styles, so both engines get one ``reference.docx``: pandoc's own, with the
styles of this project, A4 pages, a header that carries the watermark and a footer with page
numbers.
"""

import io
import re
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_CONTENT = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_NAMESPACES = f'xmlns:w="{_WORD}" xmlns:r="{_OFFICE}"'
# A4 with margins as in the PDF; sizes in twentieths of a point.
_SECTION = (
    '<w:sectPr><w:headerReference w:type="default" r:id="rIdHeader"/>'
    '<w:footerReference w:type="default" r:id="rIdFooter"/>'
    '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1531" w:right="1304" w:bottom="1361" '
    'w:left="1304" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>'
)
_DATE = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


def reference_document(
    default: bytes, styles: str, *, watermark: str, title: str, organisation: str
) -> bytes:
    """Return a reference document for pandoc and Quarto.

    Args:
        default: pandoc's own reference document.
        styles: the content of ``word/styles.xml``.
        watermark: printed on every page; empty for none.
        title: the running title in the header.
        organisation: the line at the left of the footer.
    """
    with zipfile.ZipFile(io.BytesIO(default)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["word/styles.xml"] = styles.encode()
    parts["word/header1.xml"] = _header(watermark, title).encode()
    parts["word/footer1.xml"] = _footer(organisation).encode()
    _replace(parts, "[Content_Types].xml", "</Types>", _overrides() + "</Types>")
    relations = _relation("Header", "header1") + _relation("Footer", "footer1")
    name = "word/_rels/document.xml.rels"
    _replace(parts, name, "</Relationships>", relations + "</Relationships>")
    document = parts["word/document.xml"].decode()
    document = re.sub(r"<w:sectPr>.*?</w:sectPr>", _SECTION, document, flags=re.DOTALL)
    parts["word/document.xml"] = document.encode()
    return _pack(parts)


def normalise(document: bytes, day: str) -> bytes:
    """Return ``document`` with sorted parts, fixed times and ``day`` (ISO) as its dates."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    core = "docProps/core.xml"
    if core in parts:
        stamp = f"{day}T00:00:00Z".encode()
        parts[core] = _DATE.sub(lambda found: found[1] + stamp + found[2], parts[core])
    return _pack(parts)


def _pack(parts: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    # The list of content types comes first, as the Open Packaging Conventions advise.
    names = sorted(parts, key=lambda name: (name != "[Content_Types].xml", name))
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, parts[name])
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


def _field(name: str) -> str:
    return f'<w:fldSimple w:instr=" {name} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'


def _paragraph(style: str, content: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{content}</w:p>'


def _header(watermark: str, title: str) -> str:
    band = _paragraph("Watermark", _run(watermark)) if watermark else ""
    content = band + _paragraph("Header", _run(title))
    return f'<?xml version="1.0" encoding="UTF-8"?><w:hdr {_NAMESPACES}>{content}</w:hdr>'


def _footer(organisation: str) -> str:
    tab = "<w:r><w:tab/></w:r>"
    numbers = _field("PAGE") + _run(" / ") + _field("NUMPAGES")
    content = _paragraph("Footer", _run(organisation) + tab + numbers)
    return f'<?xml version="1.0" encoding="UTF-8"?><w:ftr {_NAMESPACES}>{content}</w:ftr>'


def docx_styles(template: Path, language: str) -> str:
    """Return ``styles.xml`` for a language: complex scripts get their own size and font."""
    text = template.read_text(encoding="utf-8")
    return text.replace("@LANGUAGE@", language)
