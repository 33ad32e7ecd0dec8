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
LARGEST_WHOLE, MOST_PARTS, DEEPEST = 512 * MEBIBYTE, 5000, 200
_TYPES, DOCUMENT, CUSTOM = "[Content_Types].xml", "word/document.xml", "docProps/custom.xml"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# How Word packs parts, and what a part that is packed in another way, or damaged, raises.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGED = (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError, ValueError)
_AS_DOCX = "Save it in Word as 'Word Document (.docx)'"


class _Refusing(ElementTree.TreeBuilder):
    """A tree of XML without a declaration of its type, and not deeper than documents are."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def doctype(self, *_: object) -> None:
        raise ValueError("it declares a document type")

    def start(self, tag: str, attrs: Mapping[str, str], /) -> ElementTree.Element:
        self._depth += 1
        if self._depth > DEEPEST:
            raise ValueError(f"it is deeper than {DEEPEST} elements")
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
            raise self._too_large(f"more than {LARGEST_FILE // MEBIBYTE} MiB")
        try:
            self._archive = zipfile.ZipFile(path)
        # A damaged directory may ask for a later version of the format, or name a place beyond it.
        except _DAMAGED:
            found = "it is no Word file (.docx), is damaged, or has a password"
            raise StudyError(str(path), found, _AS_DOCX) from None
        with self._archive:
            self._parts = self._read()
        self._refuse_macros()

    def _read(self) -> dict[str, bytes]:
        entries = self._archive.infolist()
        if len(entries) > MOST_PARTS:
            raise self._too_large(f"more than {MOST_PARTS} parts")
        if len({entry.filename for entry in entries}) < len(entries):
            raise StudyError(str(self.path), "it holds two parts of one name", _AS_DOCX)
        parts: dict[str, bytes] = {}
        left = LARGEST_WHOLE
        for entry in entries:
            try:
                if entry.compress_type not in _METHODS:
                    raise zipfile.BadZipFile
                with self._archive.open(entry) as part:
                    content = part.read(min(LARGEST_PART, left) + 1)
            except _DAMAGED:
                found = f"its part '{entry.filename}' is damaged or has a password"
                raise StudyError(str(self.path), found, _AS_DOCX) from None
            left -= len(content)
            if len(content) > LARGEST_PART or left < 0:
                raise self._too_large(f"its part '{entry.filename}' unpacks to too much")
            parts[entry.filename] = content
        return parts

    def _refuse_macros(self) -> None:
        types = self._parts.get(_TYPES, b"")
        named = any(name.lower().endswith("vbaproject.bin") for name in self._parts)
        if named or b"macroEnabled" in types or self.path.suffix.lower() in (".docm", ".dotm"):
            raise StudyError(str(self.path), "it can hold macros", _AS_DOCX)
        if DOCUMENT not in self._parts:
            raise StudyError(str(self.path), f"it has no part '{DOCUMENT}'", _AS_DOCX)

    def _too_large(self, found: str) -> StudyError:
        return StudyError(str(self.path), found, "Ask who sent it for a smaller file")

    def __contains__(self, name: str) -> bool:
        return name in self._parts

    def content(self, name: str) -> bytes | None:
        """Return the bytes of a part; None where there is none."""
        return self._parts.get(name)

    def xml(self, name: str) -> ElementTree.Element | None:
        """Return the root of a part; None where there is none.

        Raises:
            StudyError: if it is no XML, or XML that documents do not need.
        """
        content = self._parts.get(name)
        if content is None:
            return None
        where = f"{self.path}, part '{name}'"
        if len(content) > LARGEST_XML:
            raise StudyError(where, f"more than {LARGEST_XML // MEBIBYTE} MiB", "Shorten the text")
        try:
            parser = ElementTree.XMLParser(target=_Refusing())
            parser.feed(content)
            root: ElementTree.Element = parser.close()
        except (ElementTree.ParseError, ValueError) as fault:
            raise StudyError(where, f"no XML of Word: {fault}", _AS_DOCX) from None
        return root

    def related(self, name: str) -> dict[str, str]:
        """Return the parts that a part names by relation: identifier -> part."""
        folder = posixpath.dirname(name)
        return {
            entry.get("Id", ""): posixpath.normpath(
                posixpath.join("/" + folder, entry.get("Target", ""))
            ).lstrip("/")
            for entry in self._relations(name)
            if entry.get("TargetMode") != "External"
        }

    def links(self, name: str) -> dict[str, str]:
        """Return what a part names outside the file: identifier -> address. None is opened."""
        return {
            entry.get("Id", ""): entry.get("Target", "")
            for entry in self._relations(name)
            if entry.get("TargetMode") == "External"
        }

    def _relations(self, name: str) -> list[ElementTree.Element]:
        folder, own = posixpath.split(name)
        root = self.xml(f"{folder}/_rels/{own}.rels")
        return list(root.iter(_RELATIONS)) if root is not None else []

    @cached_property
    def margins(self) -> list[str]:
        """The names of the parts that print head and foot of pages."""
        kinds = ("word/header", "word/footer")
        return sorted(n for n in self._parts if n.startswith(kinds) and n.endswith(".xml"))


# What a reader sees of a Word file, block by block: words, numbers with addresses, figures.
#
# Layout is left out: how text is cut into runs, widths, names of styles, and signs that only steer
# the breaking of lines. Tracked changes are taken as accepted.


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
    shown: str


@dataclass(frozen=True)
class Picture:
    """A picture: the SHA-256 of its bytes (empty: it lies outside the file) and its description."""

    digest: str
    alternative: str
    part: str


Piece: TypeAlias = str | Number | Field | Picture
Pieces: TypeAlias = tuple[Piece, ...]


@dataclass(frozen=True)
class Paragraph:
    """One paragraph.

    Attributes:
        pieces: what it holds, in order.
        heading: under which headings it stands, joined; of a heading those above it.
        level: of a heading from 1, else 0.
        slot: the bookmark of an author's place; empty outside one.
        links: addresses outside the file that it links to.
        struck: whether some of it is struck through.
    """

    pieces: Pieces
    heading: str = ""
    level: int = 0
    slot: str = ""
    links: tuple[str, ...] = ()
    struck: bool = False

    @property
    def key(self) -> str:
        """What two paragraphs must share to be the same."""
        return key_of(self.pieces)

    @property
    def text(self) -> str:
        """As a reader sees it, on one line."""
        return text_of(self.pieces)

    @property
    def likeness(self) -> str:
        """By what it is known again after it was changed: its words, else its pictures."""
        words = tuple(piece for piece in self.pieces if not isinstance(piece, Picture))
        return text_of(words) or self.text


@dataclass(frozen=True)
class Table:
    """One table: rows of cells, each cell the pieces of its paragraphs."""

    rows: tuple[tuple[Pieces, ...], ...]
    heading: str = ""
    slot: str = ""

    @property
    def key(self) -> str:
        """What two tables must share to be the same."""
        return "\x03".join(row_key(row) for row in self.rows)

    @property
    def text(self) -> str:
        """The first row, as the name of the table."""
        return " | ".join(text_of(cell) for cell in self.rows[0]) if self.rows else ""

    @property
    def likeness(self) -> str:
        """By what it is known again after it was changed: its words."""
        return " | ".join(text_of(cell) for row in self.rows for cell in row)


@dataclass(frozen=True)
class Foreign:
    """What no run writes into a document: an embedded object, a drawing, a form."""

    kind: str
    heading: str = ""
    slot: str = ""

    @property
    def key(self) -> str:
        """Nothing is the same as a foreign thing but its like."""
        return f"\x04{self.kind}"

    @property
    def text(self) -> str:
        """What it is."""
        return self.kind

    @property
    def likeness(self) -> str:
        """It is known again by what it is."""
        return self.kind


Block: TypeAlias = Paragraph | Table | Foreign


def plain(text: str) -> str:
    """Return a text without signs of layout, in one spelling of its letters, on one line."""
    return _SPACES.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", text)))


def key_of(pieces: Pieces) -> str:
    """Return what two texts must share to be the same."""
    return plain("".join(map(_key, pieces))).strip()


def text_of(pieces: Pieces) -> str:
    """Return pieces as a reader sees them, on one line."""
    return plain("".join(map(_shown, pieces))).strip()


def row_key(row: tuple[Pieces, ...]) -> str:
    """Return what two rows of tables must share to be the same."""
    return "\x02".join(map(key_of, row))


def numbers_of(pieces: Pieces) -> list[Number]:
    """Return the numbers in their controls."""
    return [piece for piece in pieces if isinstance(piece, Number)]


def _key(piece: Piece) -> str:
    if isinstance(piece, Number):
        return f"\x01{piece.tag}={piece.printed}\x01"
    if isinstance(piece, Field):
        return f"\x01{piece.target}\x01"
    if isinstance(piece, Picture):
        return f"\x01{piece.digest}\x01"
    return piece


def _shown(piece: Piece) -> str:
    if isinstance(piece, Number):
        return piece.printed
    if isinstance(piece, Field):
        return piece.shown
    if isinstance(piece, Picture):
        return f"[{piece.alternative or 'picture without description'}]"
    return piece
