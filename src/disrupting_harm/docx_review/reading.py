"""Reading a Word file: its blocks, its comments, and what it was made from."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from disrupting_harm.docx_review.archive import (
    CUSTOM,
    DOCUMENT,
    Block,
    Field,
    Foreign,
    Number,
    Paragraph,
    Piece,
    Pieces,
    Table,
    WordFile,
    plain,
    text_of,
)
from disrupting_harm.docx_review.runs import BOOKMARKS, GONE, Gathered, Lines, W
from disrupting_harm.report.rendering.docx import Origin, read_origin

# One part of a Word file as blocks (ECMA-376, Part 1, section 17).


_LEVELS = {f"heading {level}": level for level in range(1, 10)}
_CONTENTS = ("toc ", "toc heading")
_TRACKED = {*GONE, f"{W}ins", f"{W}moveTo"}
# Rows and cells that a tracked change deletes.
_CUT = ("del", "cellDel")
# A paragraph whose mark was deleted runs into the next one.
_MERGED = f"{W}pPr/{W}rPr/{W}del"


class Part:
    """Read one part of a Word file from its first element to its last.

    Attributes:
        lines: what its lines hold besides their text: comments, authors' places, numbers.
    """

    def __init__(self, file: WordFile, name: str, tags: frozenset[str] | None) -> None:
        root = file.xml(name)
        self._root = root if root is not None else Element("none")
        self._styles = _style_names(file)
        self._headings: list[str] = []
        self.lines = Lines(file, name, tags)

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks of the body."""
        for body in self._root.iter(f"{W}body"):
            yield from self._within(body, "")

    def notes(self, kind: str) -> Iterator[Block]:
        """Yield the blocks of footnotes or endnotes."""
        for note in self._root.iter(f"{W}{kind}"):
            if note.get(f"{W}type", "normal") == "normal":
                yield from (replace(block, heading=kind) for block in self._within(note, ""))

    def margin(self) -> Iterator[str]:
        """Yield the texts of a head or a foot, without fields."""
        for block in self._within(self._root, ""):
            pieces = block.pieces if isinstance(block, Paragraph) else (block.text,)
            text = text_of(tuple(one for one in pieces if not isinstance(one, Field))).strip(" /")
            if text:
                yield text

    def tracked(self) -> Counter[str]:
        """Return how many tracked changes each author made."""
        changes = (one for one in self._root.iter() if one.tag in _TRACKED)
        return Counter(one.get(f"{W}author", "") for one in changes)

    def _within(self, parent: Element, number: str) -> Iterator[Block]:
        """Yield the blocks of an element; ``number``: the control of a number round all of it."""
        pending: tuple[Element, Gathered] | None = None
        for element in parent:
            tag = element.tag
            if tag == f"{W}p":
                gathered = pending[1] if pending else Gathered()
                self.lines.read(element, gathered)
                pending = (element, gathered) if element.find(_MERGED) is not None else None
                if pending is None:
                    yield from self._closed(element, gathered, number)
            elif tag == f"{W}tbl":
                yield from self._table(element, number)
            elif tag == f"{W}sdt":
                if not _is_contents(element):
                    inner = self.lines.number(element) or number
                    for content in element.findall(f"{W}sdtContent"):
                        yield from self._within(content, inner)
            elif tag in BOOKMARKS:
                self.lines.bookmark(element)
            elif tag == f"{W}altChunk":
                yield Foreign("text of another file", self.lines.heading)
            elif tag.startswith(W) and tag not in GONE:
                yield from self._within(element, number)
        if pending:
            yield from self._closed(*pending, number)

    def _closed(self, element: Element, gathered: Gathered, number: str) -> Iterator[Block]:
        """Yield the block of a paragraph that is read."""
        self.lines.close(gathered)
        pieces = tuple(gathered.pieces)
        if number and text_of(pieces):
            pieces = (Number(number, text_of(pieces)),)
        style = self._style(element)
        if not style.startswith(_CONTENTS):
            level = _LEVELS.get(style, 0) if text_of(pieces) else 0
            if level:
                del self._headings[level - 1 :]
            if text_of(pieces):
                yield Paragraph(
                    pieces,
                    self.lines.heading,
                    level,
                    gathered.slot,
                    tuple(gathered.links),
                    gathered.struck,
                )
            if level:
                empty = [""] * (level - 1 - len(self._headings))
                self._headings += [*empty, text_of(pieces)]
                self.lines.heading = " › ".join(filter(None, self._headings))
        for kind in gathered.foreign:
            yield Foreign(kind, self.lines.heading, gathered.slot)

    def _style(self, paragraph: Element) -> str:
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        name = style.get(f"{W}val", "") if style is not None else ""
        return self._styles.get(name, name).lower()

    def _table(self, table: Element, number: str) -> Iterator[Block]:
        """Yield a table; one of a single row only puts its paragraphs side by side (beside.lua)."""
        found = [row for row, _ in self._parts(table, "tr", "")]
        if len(found) == 1:
            for cell, inner in self._parts(found[0], "tc", ""):
                yield from self._within(cell, number or inner)
            return
        slot = self.lines.slot
        rows = tuple(
            tuple(self._cell(cell, number or inner) for cell, inner in self._parts(row, "tc", ""))
            for row in found
        )
        if rows:
            yield Table(rows, self.lines.heading, slot)

    def _parts(self, parent: Element, name: str, number: str) -> Iterator[tuple[Element, str]]:
        """Yield rows of a table or cells of a row, which controls may hold; not those deleted."""
        for element in parent:
            if element.tag == f"{W}{name}":
                if not any(element.find(f"{W}{name}Pr/{W}{gone}") is not None for gone in _CUT):
                    yield element, number
            elif element.tag == f"{W}sdt":
                for content in element.findall(f"{W}sdtContent"):
                    yield from self._parts(content, name, self.lines.number(element) or number)
            elif element.tag == f"{W}customXml":
                yield from self._parts(element, name, number)

    def _cell(self, cell: Element, number: str) -> Pieces:
        pieces: list[Piece] = []
        for block in self._within(cell, number):
            if isinstance(block, Paragraph):
                pieces += [*([" "] if pieces else []), *block.pieces]
            elif isinstance(block, Table):
                pieces += [piece for row in block.rows for one in row for piece in (*one, " ")]
            else:
                pieces.append(f"[{block.kind}]")
        return tuple(pieces)


def _style_names(file: WordFile) -> dict[str, str]:
    """Return the names of styles by identifier: programs rename identifiers, but not names."""
    root = file.xml("word/styles.xml")
    names = {}
    for style in root.iter(f"{W}style") if root is not None else ():
        name = style.find(f"{W}name")
        if name is not None:
            names[style.get(f"{W}styleId", "")] = name.get(f"{W}val", "")
    return names


def _is_contents(control: Element) -> bool:
    gallery = control.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and gallery.get(f"{W}val") == "Table of Contents"


# Where notes are, by what stands for a heading above them.
NOTES = {"footnote": "word/footnotes.xml", "endnote": "word/endnotes.xml"}


@dataclass(frozen=True)
class Comment:
    """A comment: who wrote it, what, and the words that it is on."""

    author: str
    text: str
    on: str
    heading: str


@dataclass(frozen=True)
class Document:
    """What is to be compared of a Word file.

    Attributes:
        blocks: of its body and its notes, without contents and empty paragraphs.
        margins: texts of head and foot of pages, without numbers of pages.
        tracked: how many tracked changes each author made.
        slots: bookmarks of authors' places.
        tags: of the controls that hold numbers.
        origin: what it was made from; None where a property is missing.
        missing: the names of those properties.
    """

    blocks: list[Block]
    margins: set[str]
    comments: list[Comment]
    tracked: Counter[str]
    slots: set[str]
    tags: frozenset[str]
    origin: Origin | None
    missing: list[str]


def read_document(file: WordFile, tags: frozenset[str] | None = None) -> Document:
    """Return what is to be compared of a Word file.

    Args:
        file: the opened file.
        tags: of controls that hold numbers; None: all that are locked.

    Raises:
        StudyError: if a part is no XML of Word.
    """
    body = Part(file, DOCUMENT, tags)
    notes = {kind: Part(file, name, tags) for kind, name in NOTES.items()}
    properties = file.xml(CUSTOM)
    origin, missing = read_origin(properties if properties is not None else Element("none"))
    return Document(
        blocks=[*body.blocks(), *(one for kind in notes for one in notes[kind].notes(kind))],
        margins={text for name in file.margins for text in Part(file, name, tags).margin()},
        comments=_comments(file, body),
        tracked=sum((one.tracked() for one in (body, *notes.values())), Counter()),
        slots=body.lines.slots,
        tags=frozenset().union(*(one.lines.tags for one in (body, *notes.values()))),
        origin=origin,
        missing=missing,
    )


def _comments(file: WordFile, body: Part) -> list[Comment]:
    root = file.xml("word/comments.xml")
    found = []
    for entry in root.iter(f"{W}comment") if root is not None else ():
        text = " ".join(
            plain("".join(t.text or "" for t in p.iter(f"{W}t"))) for p in entry.iter(f"{W}p")
        )
        on, heading = body.lines.commented.get(entry.get(f"{W}id", ""), ("", ""))
        found.append(Comment(entry.get(f"{W}author", ""), text.strip(), plain(on).strip(), heading))
    return found
