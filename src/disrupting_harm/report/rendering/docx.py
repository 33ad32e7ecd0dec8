"""Word files: a reference document in the report's style, and reproducible bytes.

Word takes its look from styles, so all documents get one ``reference.docx``: pandoc's own, with the
styles of this project, A4 pages, a header with the watermark and a footer with page numbers. The
text of the header comes from the front matter of each document.
"""

import io
import re
import zipfile
from collections.abc import Mapping
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


def format_properties(origin: Origin) -> bytes:
    """Return the part ``docProps/custom.xml`` of a Word file."""
    properties = "".join(
        f'<property fmtid="{_USER_DEFINED}" pid="{number}" name="{_PREFIX}{field.name}">'
        f"<vt:lpwstr>{escape(getattr(origin, field.name))}</vt:lpwstr></property>"
        for number, field in enumerate(fields(Origin), start=_FIRST)
    )
    spaces = f'xmlns="{_PROPERTIES}" xmlns:vt="{_VALUES}"'
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f"{head}<Properties {spaces}>{properties}</Properties>".encode()


def read_origin(properties: ElementTree.Element) -> tuple[Origin | None, list[str]]:
    """Return the origin in the properties of a Word file, and the names of missing properties.

    Args:
        properties: the root of ``docProps/custom.xml``.
    """
    text_by_name = {
        element.get("name", ""): "".join(element.itertext()).strip()
        for element in properties.iter(f"{{{_PROPERTIES}}}property")
    }
    values = {field.name: text_by_name.get(_PREFIX + field.name, "") for field in fields(Origin)}
    missing = [_PREFIX + name for name, value in values.items() if not value]
    return (None if missing else Origin(**values)), missing


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
# A brief has two pages, also in letters a tenth wider than those it names: 2 cm of margin at the
# sides, and letters of these sizes, in half points, by style. None is below 8 points.
_MARGINS = re.compile(r"<w:pgMar\b[^>]*>")
_MARGINS_OF_BRIEF = {
    '"1304"': '"1134"', '"1361"': '"1020"', 'w:bottom="1134"': 'w:bottom="1020"', '"567"': '"340"'
}  # fmt: skip
_SIZES_OF_BRIEF = {
    "Title": 30, "Subtitle": 18, "Author": 16, "Date": 16, "Heading1": 25, "Heading2": 20,
    "Lead": 22, "HowSure": 18, "Small": 16, "AuthorSlot": 17, "TileNumber": 25, "TileBase": 17,
    "TileText": 16, "Table": 16, "SideBySide": 18,
}  # fmt: skip
_SIZE_OF_BRIEF = 18
# The room between its paragraphs is half of a report's, lines are single, the title's band is low.
_ROOM = re.compile(r'\b(w:(?:before|after)=)"(\d+)"')
_LINE = re.compile(r'\bw:line="\d+"(?=[^>]*w:lineRule="auto")')
_BAND = re.compile(r'\bw:sz="96"')
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
_LANGUAGE = re.compile(rb'<w:lang\b[^>]*w:val="([^"]*)"[^>]*/>')
# Of a text from the right: pandoc leaves that of other letters as it is.
_LANGUAGE_FROM_THE_RIGHT = re.compile(rb'<w:lang\b[^>]*w:bidi="([^"]*)"[^>]*/>')
_ROW = re.compile(rb"<w:tr>(?:<w:trPr>(.*?)</w:trPr>)?", re.DOTALL)
# What stays with the paragraph below it: those of an author's place, of a note, and what stands
# above a note. They stay paragraphs: each of an author's place comes back as one. No style says
# it: with a style of its own the last of them would stand apart from those above it, and the
# caption of a figure without a note would stay with the next chapter.
_STYLED = rb'<w:p><w:pPr><w:pStyle w:val="%s" ?/>'
_KEPT_WITH_NEXT = re.compile(
    rb"(%s)(?=(?:(?!</w:p>).)*</w:p>\s*%s)|(%s)(?=(?:(?!</w:p>).)*</w:p>\s*%s)"
    % (
        _STYLED % rb"(AuthorSlot|HowSure|MarginNote)",
        _STYLED % rb"(?:\2|MarginNote)",
        _STYLED % rb"ImageCaption",
        _STYLED % rb"(?:HowSure|MarginNote)",
    ),
    re.DOTALL,
)
# The last paragraphs of a document stand together: no page holds the last reference alone, or what
# is said to a child without the place for the helpline.
_PARAGRAPH, _LAST = re.compile(rb"<w:p>(?:(?!</w:p>).)*</w:p>", re.DOTALL), 3
_START = re.compile(rb"<w:pPr>\s*<w:pStyle [^>]*/>(?!<w:keepNext)")
# Neither the first nor the last row of a table stands alone on a page, and a short table is whole.
_TABLE = re.compile(
    rb'<w:tbl>\s*<w:tblPr>\s*<w:tblStyle w:val="(?:Narrow)?Table" ?/>(?:(?!</w:tbl>).)*</w:tbl>',
    re.DOTALL,
)
_WHOLE_ROW, _SHORT = re.compile(rb"<w:tr>(?:(?!</w:tr>).)*</w:tr>", re.DOTALL), 6
# A break becomes a property of the paragraph behind it: on a full page it would leave an empty one.
_BREAK = re.compile(
    rb'<w:p><w:pPr><w:pStyle w:val="Gap" ?/></w:pPr><w:r><w:br w:type="page" ?/></w:r></w:p>'
    rb"(\s*(?:<w:bookmarkStart\b[^>]*>\s*)*<w:p>\s*<w:pPr>\s*<w:pStyle [^>]*/>)"
)
# Word would store figures anew with fewer dots, as if they were others.
_SETTINGS, _THEME = "word/settings.xml", re.compile(rb"<w:clrSchemeMapping\b[^>]*/>")
_PICTURES_STAY = b"<w:doNotAutoCompressPictures/>"
# LibreOffice puts three millimetres round a picture of which nothing is said.
_INLINE_WITHOUT_MARGINS = b'<wp:inline distT="0" distB="0" distL="0" distR="0">'
# Pandoc begins the text of a list half an inch in: a third of a narrow column.
_LISTS, _WIDE_INDENT = "word/numbering.xml", b'w:left="720" w:hanging="360"'
_NARROW_INDENT = b'w:left="340" w:hanging="340"'
# Where lines begin at the right pandoc marks paragraphs and words of the text; not those that it
# gets as they are, nor the sides of tables, of the whole text and of what stands on every page.
_FROM_THE_RIGHT = re.compile(rb"<w:bidi ?/>")
_TABLE_STYLE = re.compile(rb"<w:tblPr>\s*<w:tblStyle [^>]*/>")
_RULES = re.compile(rb"<w:pBdr>(?:(?!</w:pBdr>|<w:right ).)*</w:pBdr>", re.DOTALL)
_PARAGRAPH_DEFAULTS = re.compile(rb"(<w:pPrDefault>\s*)<w:pPr ?/>")
_UNMARKED_RUN = re.compile(
    rb"<w:r>(?:<w:rPr>((?:(?!</w:rPr>|<w:rtl).)*)</w:rPr>)?"
    rb"(?=<w:t\b[^>]*>[^<]*(?:[\xd6-\xdf][\x80-\xbf]|\xe0[\xa0-\xa3]))"  # U+0580 to U+08FF
)
_DATE = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


@dataclass(frozen=True)
class Letterhead:
    """What stands on every page of a Word file, and the language of its text (BCP 47).

    A ``brief`` has narrower margins and smaller letters: it has two pages.
    """

    title: str = ""
    watermark: str = ""
    status: str = ""
    organisation: str = ""
    terms: str = ""
    language: str = "en"
    brief: bool = False


def create_reference_document(
    default: bytes, styles: str, *, watermark: str, organisation: str, terms: str
) -> bytes:
    """Return a reference document for pandoc and Quarto.

    Args:
        default: pandoc's own reference document.
        styles: the content of ``word/styles.xml``.
        watermark: printed on every page; empty for none.
        organisation: at the left of the footer.
        terms: the licence and whom to ask, below it.
    """
    package_parts = _unpack_parts(default)
    package_parts[_STYLES] = styles.encode()
    # Word itself finds the title of each document.
    package_parts[_HEADER] = _format_header(watermark, _format_field("STYLEREF Title", "")).encode()
    letterhead = Letterhead(organisation=organisation, terms=terms)
    package_parts[_FOOTER] = _format_footer(letterhead).encode()
    _replace_in_part(package_parts, _TYPES, "</Types>", _format_content_types() + "</Types>")
    relations = _format_relation("Header", "header1") + _format_relation("Footer", "footer1")
    name = "word/_rels/document.xml.rels"
    _replace_in_part(package_parts, name, "</Relationships>", relations + "</Relationships>")
    document = package_parts[_DOCUMENT].decode()
    document = re.sub(r"<w:sectPr>.*?</w:sectPr>", _SECTION, document, flags=re.DOTALL)
    package_parts[_DOCUMENT] = document.encode()
    return _pack_parts(package_parts)


def add_letterhead(reference: bytes, letterhead: Letterhead) -> bytes:
    """Return a reference document with the marks of one document on each page."""
    package_parts = _unpack_parts(reference)
    title = _format_field("STYLEREF Title", "")
    package_parts[_HEADER] = _format_header(letterhead.watermark, title).encode()
    package_parts[_FOOTER] = _format_footer(letterhead).encode()
    package_parts[_STYLES] = _LANGUAGE.sub(
        _format_language(letterhead.language), package_parts[_STYLES], count=1
    )
    return _pack_parts(package_parts)


def finish_docx(document: bytes, day: str, letterhead: Letterhead, origin: Origin) -> bytes:
    """Return a Word file as it is published, the same bytes from either engine.

    Its parts are sorted, its times fixed, its dates are ``day`` (ISO), header, footer and language
    its own; no row of a table, no note and no place of an author breaks over pages. Its properties
    name its ``origin``; those that pandoc and Quarto copy from the front matter are left out:
    Quarto's name paths of the machine.
    """
    package_parts = _unpack_parts(document)
    if _CORE in package_parts:
        stamp = f"{day}T00:00:00Z".encode()
        package_parts[_CORE] = _DATE.sub(
            lambda match: match[1] + stamp + match[2], package_parts[_CORE]
        )
    if _DOCUMENT in package_parts:
        kept = _keep_together(package_parts[_DOCUMENT])
        rows = _ROW.sub(_format_row_start, kept)
        package_parts[_DOCUMENT] = rows.replace(b"<wp:inline>", _INLINE_WITHOUT_MARGINS)
    if package_parts.pop(_CUSTOM, None) is not None:
        for name in (_TYPES, "_rels/.rels"):
            package_parts[name] = _CUSTOM_ENTRY.sub(b"", package_parts[name])
    package_parts[_CUSTOM] = format_properties(origin)
    _replace_in_part(package_parts, _TYPES, "</Types>", f"{_CUSTOM_TYPE}</Types>")
    _replace_in_part(
        package_parts, "_rels/.rels", "</Relationships>", f"{_CUSTOM_RELATION}</Relationships>"
    )
    if _SETTINGS in package_parts:
        package_parts[_SETTINGS] = _THEME.sub(
            rb"\g<0>" + _PICTURES_STAY, package_parts[_SETTINGS], count=1
        )
    if _LISTS in package_parts:
        package_parts[_LISTS] = package_parts[_LISTS].replace(_WIDE_INDENT, _NARROW_INDENT)
    if letterhead.brief:
        _set_brief(package_parts)
    if _HEADER in package_parts:
        title = _format_run(letterhead.title)
        package_parts[_HEADER] = _format_header(letterhead.watermark, title).encode()
        package_parts[_FOOTER] = _format_footer(letterhead).encode()
    from_right = bool(_FROM_THE_RIGHT.search(package_parts.get(_DOCUMENT, b"")))
    if _STYLES in package_parts:
        # Pandoc has it from the filter, which knows the locale of the document's language.
        language = _LANGUAGE_FROM_THE_RIGHT if from_right else _LANGUAGE
        package_parts[_STYLES] = language.sub(
            lambda match: _format_language(match[1].decode()), package_parts[_STYLES], count=1
        )
    if from_right:
        _begin_at_the_right(package_parts)
    return _pack_parts(package_parts)


def _keep_together(document: bytes) -> bytes:
    """Mark the paragraphs that stay with the next, and those that begin a page."""
    document = _BREAK.sub(rb"\1<w:pageBreakBefore/>", document)
    document = _KEPT_WITH_NEXT.sub(rb"\g<0><w:keepNext/>", document)
    document = _TABLE.sub(_keep_rows, document)
    last = list(_PARAGRAPH.finditer(document))[-_LAST:]
    if last and b"</w:tbl>" not in document[last[0].start() :]:
        for paragraph in reversed(last[:-1]):
            kept = _keep_paragraphs(paragraph[0])
            document = document[: paragraph.start()] + kept + document[paragraph.end() :]
    return document


def _keep_rows(table: re.Match[bytes]) -> bytes:
    """Return a table whose first and last rows stay with their neighbours."""
    rows = list(_WHOLE_ROW.finditer(table[0]))
    short = len(rows) <= _SHORT
    starts = {row.start() for row in (rows[:-1] if short else [*rows[:2], rows[-2]])}
    return _WHOLE_ROW.sub(
        lambda row: _keep_paragraphs(row[0]) if row.start() in starts else row[0], table[0]
    )


def _keep_paragraphs(blocks: bytes) -> bytes:
    return _START.sub(rb"\g<0><w:keepNext/>", blocks)


def _begin_at_the_right(package_parts: dict[str, bytes]) -> None:
    """Let tables, the section and all that pandoc did not mark begin at the right, too."""
    for name in (_DOCUMENT, _HEADER, _FOOTER):
        marked_runs = _UNMARKED_RUN.sub(
            lambda match: b"<w:r><w:rPr>" + (match[1] or b"") + b"<w:rtl/></w:rPr>",
            package_parts[name],
        )
        package_parts[name] = _TABLE_STYLE.sub(rb"\g<0><w:bidiVisual/>", marked_runs)
    _replace_in_part(package_parts, _DOCUMENT, "</w:sectPr>", "<w:bidi/></w:sectPr>")
    styles = _PARAGRAPH_DEFAULTS.sub(rb"\1<w:pPr><w:bidi/></w:pPr>", package_parts[_STYLES])
    # Rules beside paragraphs stay at the side that they name; indents do not.
    package_parts[_STYLES] = _RULES.sub(
        lambda rules: rules[0].replace(b"<w:left ", b"<w:right "), styles
    )


def _set_brief(package_parts: dict[str, bytes]) -> None:
    """Give a brief its margins, its letters and less room between its paragraphs."""
    document = package_parts[_DOCUMENT].decode()
    package_parts[_DOCUMENT] = _MARGINS.sub(
        lambda match: _replace_all(match[0], _MARGINS_OF_BRIEF), document
    ).encode()
    styles = package_parts[_STYLES].decode()
    styles = _ROOM.sub(lambda match: f'{match[1]}"{int(match[2]) // 2}"', styles)
    styles = _BAND.sub('w:sz="32"', _LINE.sub('w:line="240"', styles))
    head, defaults, rest = styles.partition("</w:docDefaults>")
    styles = _set_size(head, _SIZE_OF_BRIEF) + defaults + rest
    for name, size in _SIZES_OF_BRIEF.items():
        head, style, rest = styles.partition(f'w:styleId="{name}"')
        body, end, rest = rest.partition("</w:style>")
        styles = head + style + _set_size(body, size) + end + rest
    package_parts[_STYLES] = styles.encode()


def _set_size(style: str, half_points: int) -> str:
    return re.sub(r'(<w:sz(?:Cs)? w:val=)"\d+"', rf'\1"{half_points}"', style)


def _replace_all(text: str, replacements: Mapping[str, str]) -> str:
    for old, new in replacements.items():
        text = text.replace(old, new)
    return text


def _format_language(tag: str) -> bytes:
    """Return the language of a text in every script."""
    keys = "".join(f' w:{key}="{escape(tag)}"' for key in ("val", "eastAsia", "bidi"))
    return f"<w:lang{keys}/>".encode()


def _format_row_start(match: re.Match[bytes]) -> bytes:
    """Return the start of a table row that stays on one page."""
    return b"<w:tr><w:trPr><w:cantSplit/>" + (match[1] or b"") + b"</w:trPr>"


def _unpack_parts(document: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _pack_parts(package_parts: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    # The list of content types comes first, as the Open Packaging Conventions advise.
    part_names = sorted(package_parts, key=lambda name: (name != _TYPES, name))
    with zipfile.ZipFile(packed, "w") as archive:
        for name in part_names:
            part_info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            part_info.external_attr = 0o644 << 16
            part_info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(part_info, package_parts[name], compresslevel=9)
    return packed.getvalue()


def _replace_in_part(package_parts: dict[str, bytes], name: str, old: str, new: str) -> None:
    package_parts[name] = package_parts[name].decode().replace(old, new).encode()


def _format_content_types() -> str:
    return "".join(
        f'<Override PartName="/word/{part_name}1.xml" ContentType="{_CONTENT}.{part_name}+xml"/>'
        for part_name in ("header", "footer")
    )


def _format_relation(name: str, target: str) -> str:
    relation_type = f"{_OFFICE}/{name.lower()}"
    return f'<Relationship Type="{relation_type}" Id="rId{name}" Target="{target}.xml"/>'


def _format_run(run_text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(run_text)}</w:t></w:r>'


def _format_field(instruction: str, shown_text: str) -> str:
    result = f"<w:r><w:t>{shown_text}</w:t></w:r>"
    return f'<w:fldSimple w:instr=" {instruction} ">{result}</w:fldSimple>'


def _format_paragraph(style: str, content: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{content}</w:p>'


def _format_header(watermark: str, title: str) -> str:
    band = _format_paragraph("Watermark", _format_run(watermark)) if watermark else ""
    content = band + _format_paragraph("Header", title)
    return f'<?xml version="1.0" encoding="UTF-8"?><w:hdr {_NAMESPACES}>{content}</w:hdr>'


def _format_footer(letterhead: Letterhead) -> str:
    tab = "<w:r><w:tab/></w:r>"
    numbers = _format_field("PAGE", "1") + _format_run(" / ") + _format_field("NUMPAGES", "1")
    status, terms = letterhead.status, letterhead.terms
    mark = _format_paragraph("Status", _format_run(status)) if status else ""
    line = _format_run(letterhead.organisation) + tab + numbers
    content = mark + _format_paragraph("Footer", line)
    content += _format_paragraph("Footer", _format_run(terms)) if terms else ""
    return f'<?xml version="1.0" encoding="UTF-8"?><w:ftr {_NAMESPACES}>{content}</w:ftr>'
