"""Reading the body of a Word file into blocks (ECMA-376, Part 1, section 17)."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from disrupting_harm.report.rendering.word_origin import Origin, read_origin
from disrupting_harm.word.blocks import (
    Block,
    Field,
    Foreign,
    Number,
    Paragraph,
    Picture,
    Piece,
    Pieces,
    Table,
    plain,
    text_of,
)
from disrupting_harm.word.opening import CUSTOM, DOCUMENT, WordFile

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_VML = "{urn:schemas-microsoft-com:vml}"
_ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
SLOT = "slot_"
_LEVELS = {f"heading {level}": level for level in range(1, 10)}
_CONTENTS = ("toc ", "toc heading")
# What is gone once tracked changes are accepted.
_GONE = {f"{W}del", f"{W}moveFrom"}
_TRACKED = {*_GONE, f"{W}ins", f"{W}moveTo"}
# Rows and cells that a tracked change deletes.
_CUT = ("del", "cellDel")
_BREAKS = {f"{W}tab", f"{W}br", f"{W}cr"}
# A paragraph whose mark was deleted runs into the next one.
_MERGED = f"{W}pPr/{W}rPr/{W}del"
# Where notes are, by what stands for a heading above them.
NOTES = {"footnote": "word/footnotes.xml", "endnote": "word/endnotes.xml"}
# A link may be a field, too.
_LINK = re.compile(r'\s*HYPERLINK\s+"([^"]+)"')
_SYMBOLS = 0xF000
_STRUCK = ("strike", "dstrike")
_OFF = ("0", "false", "off")
# Fields whose text Word writes; that of others is text that somebody wrote.
_FILLED = ("SEQ", "REF", "PAGEREF", "PAGE", "NUMPAGES", "STYLEREF")


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
    body = _Reader(file, DOCUMENT, tags)
    notes = {kind: _Reader(file, name, tags) for kind, name in NOTES.items()}
    properties = file.xml(CUSTOM)
    origin, missing = read_origin(properties if properties is not None else Element("none"))
    return Document(
        blocks=[*body.blocks(), *(one for kind in notes for one in notes[kind].notes(kind))],
        margins={text for name in file.margins for text in _Reader(file, name, tags).margin()},
        comments=_comments(file, body),
        tracked=sum((one.tracked() for one in (body, *notes.values())), Counter()),
        slots=body.slots,
        tags=frozenset().union(*(one.tags for one in (body, *notes.values()))),
        origin=origin,
        missing=missing,
    )


def _comments(file: WordFile, body: "_Reader") -> list[Comment]:
    root = file.xml("word/comments.xml")
    found = []
    for entry in root.iter(f"{W}comment") if root is not None else ():
        text = " ".join(
            plain("".join(t.text or "" for t in p.iter(f"{W}t"))) for p in entry.iter(f"{W}p")
        )
        on, heading = body.commented.get(entry.get(f"{W}id", ""), ("", ""))
        found.append(Comment(entry.get(f"{W}author", ""), text.strip(), plain(on).strip(), heading))
    return found


@dataclass
class _Gathered:
    """What a paragraph holds, as far as it was read."""

    pieces: list[Piece] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    slot: str = ""
    struck: bool = False


@dataclass
class _OpenField:
    """A field whose end was not read yet: its instruction, then what it shows."""

    instruction: str = ""
    shown: str = ""
    showing: bool = False

    @property
    def filled(self) -> bool:
        """Whether Word writes its text."""
        return self.instruction.split()[:1] != [] and self.instruction.split()[0] in _FILLED

    @property
    def piece(self) -> Field:
        """The field with what it refers to."""
        return Field(" ".join(self.instruction.split()[:2]), self.shown)


class _Reader:
    """One part of a Word file, read from its first element to its last."""

    def __init__(self, file: WordFile, name: str, tags: frozenset[str] | None) -> None:
        root = file.xml(name)
        self._root = root if root is not None else Element("none")
        self._file, self._tags = file, tags
        self._related, self._links = file.related(name), file.links(name)
        self._styles = _style_names(file)
        self._headings: list[str] = []
        self._bookmarks: dict[str, str] = {}
        self._slot = ""
        self._fields: list[_OpenField] = []
        self._commenting: set[str] = set()
        self.commented: dict[str, tuple[str, str]] = {}
        self.slots: set[str] = set()
        self.tags: set[str] = set()

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
        pending: tuple[Element, _Gathered] | None = None
        for element in parent:
            tag = element.tag
            if tag == f"{W}p":
                gathered = pending[1] if pending else _Gathered()
                self._inline(element, gathered)
                pending = (element, gathered) if element.find(_MERGED) is not None else None
                if pending is None:
                    yield from self._closed(element, gathered, number)
            elif tag == f"{W}tbl":
                yield from self._table(element, number)
            elif tag == f"{W}sdt":
                if not _is_contents(element):
                    inner = self._number(element) or number
                    for content in element.findall(f"{W}sdtContent"):
                        yield from self._within(content, inner)
            elif tag in (f"{W}bookmarkStart", f"{W}bookmarkEnd"):
                self._bookmark(element)
            elif tag == f"{W}altChunk":
                yield Foreign("text of another file", self._heading)
            elif tag.startswith(W) and tag not in _GONE:
                yield from self._within(element, number)
        if pending:
            yield from self._closed(*pending, number)

    @property
    def _heading(self) -> str:
        return " › ".join(filter(None, self._headings))

    def _closed(self, element: Element, gathered: _Gathered, number: str) -> Iterator[Block]:
        """Yield the block of a paragraph that is read."""
        for unfinished in [one for one in self._fields if one.filled]:
            self._fields.remove(unfinished)
            self._add(unfinished.shown, gathered)
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
                    self._heading,
                    level,
                    gathered.slot,
                    tuple(gathered.links),
                    gathered.struck,
                )
            if level:
                empty = [""] * (level - 1 - len(self._headings))
                self._headings += [*empty, text_of(pieces)]
        for kind in gathered.foreign:
            yield Foreign(kind, self._heading, gathered.slot)

    def _style(self, paragraph: Element) -> str:
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        name = style.get(f"{W}val", "") if style is not None else ""
        return self._styles.get(name, name).lower()

    def _table(self, table: Element, number: str) -> Iterator[Block]:
        slot = self._slot
        rows = tuple(
            tuple(self._cell(cell, number or inner) for cell, inner in self._parts(row, "tc", ""))
            for row, _ in self._parts(table, "tr", "")
        )
        if rows:
            yield Table(rows, self._heading, slot)

    def _parts(self, parent: Element, name: str, number: str) -> Iterator[tuple[Element, str]]:
        """Yield rows of a table or cells of a row, which controls may hold; not those deleted."""
        for element in parent:
            if element.tag == f"{W}{name}":
                if not any(element.find(f"{W}{name}Pr/{W}{gone}") is not None for gone in _CUT):
                    yield element, number
            elif element.tag == f"{W}sdt":
                for content in element.findall(f"{W}sdtContent"):
                    yield from self._parts(content, name, self._number(element) or number)
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

    def _inline(self, parent: Element, into: _Gathered) -> None:
        for element in parent:
            tag = element.tag
            if tag in _GONE or tag == f"{W}pPr":
                continue
            if tag == f"{W}r":
                self._run(element, into)
            elif tag == f"{W}sdt":
                for content in element.findall(f"{W}sdtContent"):
                    self._control(content, self._number(element), into)
            elif tag == f"{W}fldSimple":
                self._fields.append(_OpenField(element.get(f"{W}instr", ""), showing=True))
                self._inline(element, into)
                self._end_field(into)
            elif tag in (f"{W}bookmarkStart", f"{W}bookmarkEnd"):
                self._bookmark(element)
            elif tag == f"{W}commentRangeStart":
                self._commenting.add(element.get(f"{W}id", ""))
            elif tag == f"{W}commentRangeEnd":
                self._commenting.discard(element.get(f"{W}id", ""))
            elif tag.startswith(_M):
                into.foreign.append("formula")
            elif tag.startswith(W):
                if tag == f"{W}hyperlink":
                    into.links += filter(None, [self._links.get(element.get(f"{_R}id", ""))])
                self._inline(element, into)

    def _control(self, content: Element, number: str, into: _Gathered) -> None:
        if not number:
            self._inline(content, into)
            return
        inner = _Gathered()
        self._inline(content, inner)
        into.foreign += inner.foreign
        into.struck |= inner.struck
        shown = text_of(tuple(inner.pieces))
        if shown:
            self._add(Number(number, shown), into)

    def _run(self, run: Element, into: _Gathered) -> None:
        # Nobody reads hidden text. What is struck through everybody reads: it may mean "out".
        if _is_set(run, "vanish"):
            return
        into.struck |= any(_is_set(run, name) for name in _STRUCK)
        self._content(run, into)

    def _content(self, run: Iterable[Element], into: _Gathered) -> None:
        for element in run:
            tag = element.tag
            if tag == f"{W}t":
                self._text(element.text or "", into)
            elif tag in _BREAKS:
                self._text(" ", into)
            elif tag == f"{W}noBreakHyphen":
                self._text("\u2011", into)
            elif tag == f"{W}sym":
                self._text(_symbol(element), into)
            elif tag == f"{W}fldChar":
                self._field_character(element.get(f"{W}fldCharType", ""), into)
            elif tag == f"{W}instrText" and self._fields:
                self._fields[-1].instruction += element.text or ""
            elif tag in (f"{W}drawing", f"{W}pict"):
                self._drawing(element, into)
            elif tag == f"{W}object":
                into.foreign.append("embedded object")
            elif tag == _ALTERNATIVES:
                self._content(element[0] if len(element) else (), into)

    def _field_character(self, kind: str, into: _Gathered) -> None:
        if kind == "begin":
            self._fields.append(_OpenField())
        elif kind == "separate" and self._fields:
            self._fields[-1].showing = True
        elif kind == "end" and self._fields:
            self._end_field(into)

    def _end_field(self, into: _Gathered) -> None:
        ended = self._fields.pop()
        link = _LINK.match(ended.instruction)
        if link:
            into.links.append(link[1])
        if ended.filled:
            self._add(ended.piece, into)

    def _text(self, text: str, into: _Gathered) -> None:
        if self._fields and self._fields[-1].filled:
            self._fields[-1].shown += text
        elif text:
            self._add(text, into)

    def _drawing(self, drawing: Element, into: _Gathered) -> None:
        named = next((one for one in drawing.iter(f"{_WP}docPr")), None)
        alternative = named.get("descr", "") if named is not None else ""
        blips = [one.get(f"{_R}embed", "") for one in drawing.iter(f"{_A}blip")]
        blips += [one.get(f"{_R}id", "") for one in drawing.iter(f"{_VML}imagedata")]
        for identifier in blips:
            part = self._related.get(identifier, "")
            content = self._file.content(part)
            digest = hashlib.sha256(content).hexdigest() if content is not None else ""
            self._add(Picture(digest, plain(alternative).strip(), part), into)
        if not blips or next(drawing.iter(f"{W}txbxContent"), None) is not None:
            into.foreign.append("drawing or text box")

    def _add(self, piece: Piece, into: _Gathered) -> None:
        into.pieces.append(piece)
        shown = piece if isinstance(piece, str) else text_of((piece,))
        if shown.strip() and self._slot and not into.slot:
            into.slot = self._slot
        for identifier in self._commenting:
            on, heading = self.commented.get(identifier, ("", self._heading))
            self.commented[identifier] = (on + shown, heading)

    def _bookmark(self, element: Element) -> None:
        identifier, name = element.get(f"{W}id", ""), element.get(f"{W}name", "")
        if element.tag == f"{W}bookmarkStart":
            self._bookmarks[identifier] = name
            if name.startswith(SLOT):
                self._slot = name
                self.slots.add(name)
        elif self._bookmarks.get(identifier, "") == self._slot:
            self._slot = ""

    def _number(self, control: Element) -> str:
        """Return the tag of a control that holds a number; an empty text for another one."""
        tag, lock = control.find(f"{W}sdtPr/{W}tag"), control.find(f"{W}sdtPr/{W}lock")
        name = tag.get(f"{W}val", "") if tag is not None else ""
        locked = lock is not None and lock.get(f"{W}val") == "sdtContentLocked"
        if not (locked if self._tags is None else name in self._tags):
            return ""
        self.tags.add(name)
        return name


def _style_names(file: WordFile) -> dict[str, str]:
    """Return the names of styles by identifier: programs rename identifiers, but not names."""
    root = file.xml("word/styles.xml")
    names = {}
    for style in root.iter(f"{W}style") if root is not None else ():
        name = style.find(f"{W}name")
        if name is not None:
            names[style.get(f"{W}styleId", "")] = name.get(f"{W}val", "")
    return names


def _is_set(run: Element, name: str) -> bool:
    """Return whether a run has a property that is on or off."""
    found = run.find(f"{W}rPr/{W}{name}")
    return found is not None and found.get(f"{W}val", "") not in _OFF


def _is_contents(control: Element) -> bool:
    gallery = control.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and gallery.get(f"{W}val") == "Table of Contents"


def _symbol(element: Element) -> str:
    """Return a sign of a font of symbols, whose letters Word keeps in an area of their own."""
    try:
        code = int(element.get(f"{W}char", ""), 16)
        return chr(code - _SYMBOLS if _SYMBOLS <= code < _SYMBOLS + 0x100 else code)
    except (ValueError, OverflowError):
        return "\ufffd"
