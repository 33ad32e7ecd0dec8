"""What a reader sees of a Word file, block by block: words, numbers with addresses, figures.

Layout is left out: how text is cut into runs, widths, names of styles, and signs that only steer
the breaking of lines. Tracked changes are taken as accepted.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import TypeAlias

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
