"""Opening a Word file that others wrote: a ZIP archive of XML, of which nothing is trusted.

Refused are files with macros, declarations of document types (by which XML names other files, or
grows without end), and parts that are larger, deeper or more than any document needs. Nothing that
a file names outside itself is ever opened.
"""

import posixpath
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeAlias
from xml.etree import ElementTree

from disrupting_harm.core.errors import StudyError

MEBIBYTE = 2**20
LARGEST_FILE, LARGEST_PART, LARGEST_XML = 200 * MEBIBYTE, 64 * MEBIBYTE, 32 * MEBIBYTE
LARGEST_UNPACKED, MOST_PARTS, DEEPEST_XML = 512 * MEBIBYTE, 5000, 200
_CONTENT_TYPES, DOCUMENT, CUSTOM = "[Content_Types].xml", "word/document.xml", "docProps/custom.xml"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# How Word packs parts, and what a part that is packed in another way, or damaged, raises.
_COMPRESSION_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ARCHIVE_ERRORS = (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError, ValueError)
_SAVE_AS_DOCX = "Save it in Word as 'Word Document (.docx)'"


class _StrictTreeBuilder(ElementTree.TreeBuilder):
    """A tree of XML without a declaration of its type, and not deeper than documents are."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def doctype(self, *_: object) -> None:
        raise ValueError("it declares a document type")

    def start(self, tag: str, attrs: Mapping[str, str], /) -> ElementTree.Element:
        self._depth += 1
        if self._depth > DEEPEST_XML:
            raise ValueError(f"it is deeper than {DEEPEST_XML} elements")
        return super().start(tag, dict(attrs))

    def end(self, tag: str, /) -> ElementTree.Element:
        self._depth -= 1
        return super().end(tag)


class WordFile:
    """The parts of one Word file.

    Raises:
        StudyError: if it is none, is too large, or has macros.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.is_file():
            raise StudyError(str(path), "there is no such file", "Name a Word file (.docx)")
        if path.stat().st_size > LARGEST_FILE:
            raise self._too_large_error(f"more than {LARGEST_FILE // MEBIBYTE} MiB")
        try:
            self._archive = zipfile.ZipFile(path)
        # A damaged directory may ask for a later version of the format, or name a place beyond it.
        except _ARCHIVE_ERRORS:
            finding = "it is no Word file (.docx), is damaged, or has a password"
            raise StudyError(str(path), finding, _SAVE_AS_DOCX) from None
        with self._archive:
            self._parts = self._read_parts()
        self._refuse_macros()

    def _read_parts(self) -> dict[str, bytes]:
        members = self._archive.infolist()
        if len(members) > MOST_PARTS:
            raise self._too_large_error(f"more than {MOST_PARTS} parts")
        if len({member.filename for member in members}) < len(members):
            raise StudyError(str(self.path), "it holds two parts of one name", _SAVE_AS_DOCX)
        contents: dict[str, bytes] = {}
        bytes_left = LARGEST_UNPACKED
        for member in members:
            try:
                if member.compress_type not in _COMPRESSION_METHODS:
                    raise zipfile.BadZipFile
                with self._archive.open(member) as stream:
                    content = stream.read(min(LARGEST_PART, bytes_left) + 1)
            except _ARCHIVE_ERRORS:
                finding = f"its part '{member.filename}' is damaged or has a password"
                raise StudyError(str(self.path), finding, _SAVE_AS_DOCX) from None
            bytes_left -= len(content)
            if len(content) > LARGEST_PART or bytes_left < 0:
                raise self._too_large_error(f"its part '{member.filename}' unpacks to too much")
            contents[member.filename] = content
        return contents

    def _refuse_macros(self) -> None:
        content_types = self._parts.get(_CONTENT_TYPES, b"")
        has_macro_part = any(name.lower().endswith("vbaproject.bin") for name in self._parts)
        if (
            has_macro_part
            or b"macroEnabled" in content_types
            or self.path.suffix.lower() in (".docm", ".dotm")
        ):
            raise StudyError(str(self.path), "it can hold macros", _SAVE_AS_DOCX)
        if DOCUMENT not in self._parts:
            raise StudyError(str(self.path), f"it has no part '{DOCUMENT}'", _SAVE_AS_DOCX)

    def _too_large_error(self, finding: str) -> StudyError:
        return StudyError(str(self.path), finding, "Ask who sent it for a smaller file")

    def __contains__(self, name: str) -> bool:
        return name in self._parts

    def part_bytes(self, name: str) -> bytes | None:
        """The content of a part as it is stored; None where there is none."""
        return self._parts.get(name)

    def parse_xml(self, name: str) -> ElementTree.Element | None:
        """Return the root of a part; None where there is none.

        Raises:
            StudyError: if it is no XML, or XML that documents do not need.
        """
        content = self._parts.get(name)
        if content is None:
            return None
        location = f"{self.path}, part '{name}'"
        if len(content) > LARGEST_XML:
            raise StudyError(
                location, f"more than {LARGEST_XML // MEBIBYTE} MiB", "Shorten the text"
            )
        try:
            parser = ElementTree.XMLParser(target=_StrictTreeBuilder())
            parser.feed(content)
            root: ElementTree.Element = parser.close()
        except (ElementTree.ParseError, ValueError) as fault:
            raise StudyError(location, f"no XML of Word: {fault}", _SAVE_AS_DOCX) from None
        return root

    def related_parts(self, name: str) -> dict[str, str]:
        """Return the parts that a part names by relation: identifier -> part."""
        folder = posixpath.dirname(name)
        return {
            relation.get("Id", ""): posixpath.normpath(
                posixpath.join("/" + folder, relation.get("Target", ""))
            ).lstrip("/")
            for relation in self._read_relations(name)
            if relation.get("TargetMode") != "External"
        }

    def external_links(self, name: str) -> dict[str, str]:
        """Return what a part names outside the file: identifier -> address. None is opened."""
        return {
            relation.get("Id", ""): relation.get("Target", "")
            for relation in self._read_relations(name)
            if relation.get("TargetMode") == "External"
        }

    def _read_relations(self, name: str) -> list[ElementTree.Element]:
        folder, file_name = posixpath.split(name)
        root = self.parse_xml(f"{folder}/_rels/{file_name}.rels")
        return list(root.iter(_RELATIONS)) if root is not None else []

    @cached_property
    def margin_parts(self) -> list[str]:
        """The names of the parts that print head and foot of pages."""
        prefixes = ("word/header", "word/footer")
        return sorted(
            name for name in self._parts if name.startswith(prefixes) and name.endswith(".xml")
        )


# What a reader sees of a Word file, block by block. Layout is left out: runs, widths, names of
# styles, and signs that only steer the breaking of lines. Tracked changes are taken as accepted.

# Soft hyphen, zero-width space, joiners of words, marks of direction, byte-order mark.
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff\u200e\u200f]")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Number:
    """A number in its locked control: its tag, which stands for an address, and what it prints."""

    tag: str
    printed: str


@dataclass(frozen=True)
class Field:
    """A field that Word fills: what it refers to, and what stands there now."""

    target: str
    printed: str


@dataclass(frozen=True)
class Picture:
    """A picture: the SHA-256 of its bytes (empty: it lies outside the file) and its description."""

    digest: str
    alternative_text: str
    part: str


Inline: TypeAlias = str | Number | Field | Picture
Inlines: TypeAlias = tuple[Inline, ...]


@dataclass(frozen=True)
class Paragraph:
    """One paragraph.

    Attributes:
        inlines: what it holds, in order.
        heading: the headings above it, joined.
        level: of a heading from 1, else 0.
        slot: the bookmark of an author's slot; empty outside one.
        links: addresses outside the file that it links to.
        struck: whether some of it is struck through.
    """

    inlines: Inlines
    heading: str = ""
    level: int = 0
    slot: str = ""
    links: tuple[str, ...] = ()
    struck: bool = False

    @property
    def key(self) -> str:
        """What two paragraphs must share to be the same."""
        return comparison_key(self.inlines)

    @property
    def text(self) -> str:
        """As a reader sees it, on one line."""
        return visible_text(self.inlines)

    @property
    def similarity_text(self) -> str:
        """By what it is known again after it was changed: its words, else its pictures."""
        text_inlines = tuple(inline for inline in self.inlines if not isinstance(inline, Picture))
        return visible_text(text_inlines) or self.text


@dataclass(frozen=True)
class Table:
    """One table; each cell holds the inline content of all its paragraphs."""

    rows: tuple[tuple[Inlines, ...], ...]
    heading: str = ""
    slot: str = ""

    @property
    def key(self) -> str:
        """What two tables must share to be the same."""
        return "\x03".join(row_key(row) for row in self.rows)

    @property
    def text(self) -> str:
        """The first row, as the name of the table."""
        return " | ".join(visible_text(cell) for cell in self.rows[0]) if self.rows else ""

    @property
    def similarity_text(self) -> str:
        """By what it is known again after it was changed: its words."""
        return " | ".join(visible_text(cell) for row in self.rows for cell in row)


@dataclass(frozen=True)
class ForeignObject:
    """What no run writes into a document: an embedded object, a drawing, a form."""

    object_kind: str
    heading: str = ""
    slot: str = ""

    @property
    def key(self) -> str:
        """Nothing is the same as a foreign thing but its like."""
        return f"\x04{self.object_kind}"

    @property
    def text(self) -> str:
        """What it is."""
        return self.object_kind

    @property
    def similarity_text(self) -> str:
        """By what it is known again: what it is."""
        return self.object_kind


Block: TypeAlias = Paragraph | Table | ForeignObject


def normalize_text(text: str) -> str:
    """Return a text without signs of layout, in one spelling of its letters, on one line."""
    return _SPACES.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", text)))


def comparison_key(inlines: Inlines) -> str:
    """Return what two texts must share to be the same."""
    return normalize_text("".join(map(_inline_key, inlines))).strip()


def visible_text(inlines: Inlines) -> str:
    """Return inline content as a reader sees it, on one line."""
    return normalize_text("".join(map(_inline_text, inlines))).strip()


def row_key(row: tuple[Inlines, ...]) -> str:
    """Return what two rows of tables must share to be the same."""
    return "\x02".join(map(comparison_key, row))


def numbers_in(inlines: Inlines) -> list[Number]:
    """Return the numbers in their controls."""
    return [inline for inline in inlines if isinstance(inline, Number)]


def _inline_key(inline: Inline) -> str:
    if isinstance(inline, Number):
        return f"\x01{inline.tag}={inline.printed}\x01"
    if isinstance(inline, Field):
        return f"\x01{inline.target}\x01"
    if isinstance(inline, Picture):
        return f"\x01{inline.digest}\x01"
    return inline


def _inline_text(inline: Inline) -> str:
    if isinstance(inline, Number):
        return inline.printed
    if isinstance(inline, Field):
        return inline.printed
    if isinstance(inline, Picture):
        return f"[{inline.alternative_text or 'picture without description'}]"
    return inline
