"""What stands in the lines of a Word file: words, numbers, fields, pictures and links.

(ECMA-376, Part 1, section 17.)
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from disrupting_harm.docx_review.archive import (
    Field,
    Number,
    Picture,
    Piece,
    WordFile,
    plain,
    text_of,
)

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_VML = "{urn:schemas-microsoft-com:vml}"
_ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
SLOT = "slot_"
# What is gone once tracked changes are accepted.
GONE = {f"{W}del", f"{W}moveFrom"}
BOOKMARKS = (f"{W}bookmarkStart", f"{W}bookmarkEnd")
_BREAKS = {f"{W}tab", f"{W}br", f"{W}cr"}
# A link may be a field, too.
_LINK = re.compile(r'\s*HYPERLINK\s+"([^"]+)"')
_SYMBOLS = 0xF000
_STRUCK = ("strike", "dstrike")
_OFF = ("0", "false", "off")
# Fields whose text Word writes; that of others is text that somebody wrote.
_FILLED = ("SEQ", "REF", "PAGEREF", "PAGE", "NUMPAGES", "STYLEREF")


@dataclass
class Gathered:
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


class Lines:
    """Read the lines of one part of a Word file, from its first to its last.

    Attributes:
        heading: above the line that is read; whoever hands over the lines keeps it.
        slot: the author's place that is open.
        slots: bookmarks of all authors' places.
        tags: of the controls that hold numbers.
        commented: the words that each comment is on, and the heading above them.
    """

    def __init__(self, file: WordFile, name: str, tags: frozenset[str] | None) -> None:
        self._file, self._tags = file, tags
        self._related, self._links = file.related(name), file.links(name)
        self._bookmarks: dict[str, str] = {}
        self._fields: list[_OpenField] = []
        self._commenting: set[str] = set()
        self.heading = ""
        self.slot = ""
        self.commented: dict[str, tuple[str, str]] = {}
        self.slots: set[str] = set()
        self.tags: set[str] = set()

    def read(self, parent: Element, into: Gathered) -> None:
        """Put what an element holds into ``into``."""
        for element in parent:
            tag = element.tag
            if tag in GONE or tag == f"{W}pPr":
                continue
            if tag == f"{W}r":
                self._run(element, into)
            elif tag == f"{W}sdt":
                for content in element.findall(f"{W}sdtContent"):
                    self._control(content, self.number(element), into)
            elif tag == f"{W}fldSimple":
                self._fields.append(_OpenField(element.get(f"{W}instr", ""), showing=True))
                self.read(element, into)
                self._end_field(into)
            elif tag in BOOKMARKS:
                self.bookmark(element)
            elif tag == f"{W}commentRangeStart":
                self._commenting.add(element.get(f"{W}id", ""))
            elif tag == f"{W}commentRangeEnd":
                self._commenting.discard(element.get(f"{W}id", ""))
            elif tag.startswith(_M):
                into.foreign.append("formula")
            elif tag.startswith(W):
                if tag == f"{W}hyperlink":
                    into.links += filter(None, [self._links.get(element.get(f"{_R}id", ""))])
                self.read(element, into)

    def close(self, into: Gathered) -> None:
        """End a paragraph: the text of fields without an end is text."""
        for unfinished in [one for one in self._fields if one.filled]:
            self._fields.remove(unfinished)
            self._add(unfinished.shown, into)

    def _control(self, content: Element, number: str, into: Gathered) -> None:
        if not number:
            self.read(content, into)
            return
        inner = Gathered()
        self.read(content, inner)
        into.foreign += inner.foreign
        into.struck |= inner.struck
        shown = text_of(tuple(inner.pieces))
        if shown:
            self._add(Number(number, shown), into)

    def _run(self, run: Element, into: Gathered) -> None:
        # Nobody reads hidden text. What is struck through everybody reads: it may mean "out".
        if _is_set(run, "vanish"):
            return
        into.struck |= any(_is_set(run, name) for name in _STRUCK)
        self._content(run, into)

    def _content(self, run: Iterable[Element], into: Gathered) -> None:
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

    def _field_character(self, kind: str, into: Gathered) -> None:
        if kind == "begin":
            self._fields.append(_OpenField())
        elif kind == "separate" and self._fields:
            self._fields[-1].showing = True
        elif kind == "end" and self._fields:
            self._end_field(into)

    def _end_field(self, into: Gathered) -> None:
        ended = self._fields.pop()
        link = _LINK.match(ended.instruction)
        if link:
            into.links.append(link[1])
        if ended.filled:
            self._add(ended.piece, into)

    def _text(self, text: str, into: Gathered) -> None:
        if self._fields and self._fields[-1].filled:
            self._fields[-1].shown += text
        elif text:
            self._add(text, into)

    def _drawing(self, drawing: Element, into: Gathered) -> None:
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

    def _add(self, piece: Piece, into: Gathered) -> None:
        into.pieces.append(piece)
        shown = piece if isinstance(piece, str) else text_of((piece,))
        if shown.strip() and self.slot and not into.slot:
            into.slot = self.slot
        for identifier in self._commenting:
            on, heading = self.commented.get(identifier, ("", self.heading))
            self.commented[identifier] = (on + shown, heading)

    def bookmark(self, element: Element) -> None:
        """Note where a bookmark begins or ends."""
        identifier, name = element.get(f"{W}id", ""), element.get(f"{W}name", "")
        if element.tag == f"{W}bookmarkStart":
            self._bookmarks[identifier] = name
            if name.startswith(SLOT):
                self.slot = name
                self.slots.add(name)
        elif self._bookmarks.get(identifier, "") == self.slot:
            self.slot = ""

    def number(self, control: Element) -> str:
        """Return the tag of a control that holds a number; an empty text for another one."""
        tag, lock = control.find(f"{W}sdtPr/{W}tag"), control.find(f"{W}sdtPr/{W}lock")
        name = tag.get(f"{W}val", "") if tag is not None else ""
        locked = lock is not None and lock.get(f"{W}val") == "sdtContentLocked"
        if not (locked if self._tags is None else name in self._tags):
            return ""
        self.tags.add(name)
        return name


def _is_set(run: Element, name: str) -> bool:
    """Return whether a run has a property that is on or off."""
    found = run.find(f"{W}rPr/{W}{name}")
    return found is not None and found.get(f"{W}val", "") not in _OFF


def _symbol(element: Element) -> str:
    """Return a sign of a font of symbols, whose letters Word keeps in an area of their own."""
    try:
        code = int(element.get(f"{W}char", ""), 16)
        return chr(code - _SYMBOLS if _SYMBOLS <= code < _SYMBOLS + 0x100 else code)
    except (ValueError, OverflowError):
        return "\ufffd"
