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
    Inline,
    Number,
    Picture,
    WordFile,
    normalize_text,
    visible_text,
)

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_VML = "{urn:schemas-microsoft-com:vml}"
_ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
SLOT_PREFIX = "slot_"
# What is gone once tracked changes are accepted.
DELETED_TAGS = {f"{W}del", f"{W}moveFrom"}
BOOKMARK_TAGS = (f"{W}bookmarkStart", f"{W}bookmarkEnd")
_BREAKS = {f"{W}tab", f"{W}br", f"{W}cr"}
# A link may be a field, too.
_HYPERLINK = re.compile(r'\s*HYPERLINK\s+"([^"]+)"')
_SYMBOL_AREA = 0xF000
_STRUCK = ("strike", "dstrike")
_OFF_VALUES = ("0", "false", "off")
# Fields whose text Word writes; that of others is text that somebody wrote.
_FILLED_FIELDS = ("SEQ", "REF", "PAGEREF", "PAGE", "NUMPAGES", "STYLEREF")


@dataclass
class ParagraphContent:
    """What a paragraph holds, as far as it was read."""

    inlines: list[Inline] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    slot: str = ""
    struck: bool = False


@dataclass
class _OpenField:
    """A field whose end was not read yet: its instruction, then what it shows."""

    instruction: str = ""
    printed: str = ""
    is_printing: bool = False

    @property
    def is_filled_by_word(self) -> bool:
        """Whether Word writes its text."""
        return self.instruction.split()[:1] != [] and self.instruction.split()[0] in _FILLED_FIELDS

    @property
    def as_field(self) -> Field:
        """The field with what it refers to."""
        return Field(" ".join(self.instruction.split()[:2]), self.printed)


class LineReader:
    """Read the lines of one part of a Word file, from its first to its last.

    Attributes:
        heading: above the line that is read; whoever hands over the lines sets it.
        slot: the author's slot that is open.
        slots: bookmarks of all authors' slots.
        tags: of the controls that hold numbers.
        comment_targets: the words that each comment is on, and the heading above them.
    """

    def __init__(self, file: WordFile, name: str, tags: frozenset[str] | None) -> None:
        self._file, self._tags = file, tags
        self._related, self._links = file.related_parts(name), file.external_links(name)
        self._bookmarks: dict[str, str] = {}
        self._fields: list[_OpenField] = []
        self._open_comments: set[str] = set()
        self.heading = ""
        self.slot = ""
        self.comment_targets: dict[str, tuple[str, str]] = {}
        self.slots: set[str] = set()
        self.tags: set[str] = set()

    def read_element(self, parent: Element, target: ParagraphContent) -> None:
        """Put what an element holds into ``target``."""
        for element in parent:
            tag = element.tag
            if tag in DELETED_TAGS or tag == f"{W}pPr":
                continue
            if tag == f"{W}r":
                self._read_run(element, target)
            elif tag == f"{W}sdt":
                for content in element.findall(f"{W}sdtContent"):
                    self._read_control(content, self.number_tag(element), target)
            elif tag == f"{W}fldSimple":
                self._fields.append(_OpenField(element.get(f"{W}instr", ""), is_printing=True))
                self.read_element(element, target)
                self._end_field(target)
            elif tag in BOOKMARK_TAGS:
                self.read_bookmark(element)
            elif tag == f"{W}commentRangeStart":
                self._open_comments.add(element.get(f"{W}id", ""))
            elif tag == f"{W}commentRangeEnd":
                self._open_comments.discard(element.get(f"{W}id", ""))
            elif tag.startswith(_M):
                target.foreign.append("formula")
            elif tag.startswith(W):
                if tag == f"{W}hyperlink":
                    target.links += filter(None, [self._links.get(element.get(f"{_R}id", ""))])
                self.read_element(element, target)

    def close_paragraph(self, target: ParagraphContent) -> None:
        """End a paragraph: the text of fields without an end is text."""
        for unfinished in [
            open_field for open_field in self._fields if open_field.is_filled_by_word
        ]:
            self._fields.remove(unfinished)
            self._add_inline(unfinished.printed, target)

    def _read_control(self, content: Element, number: str, target: ParagraphContent) -> None:
        if not number:
            self.read_element(content, target)
            return
        control_content = ParagraphContent()
        self.read_element(content, control_content)
        target.foreign += control_content.foreign
        target.struck |= control_content.struck
        printed = visible_text(tuple(control_content.inlines))
        if printed:
            self._add_inline(Number(number, printed), target)

    def _read_run(self, run: Element, target: ParagraphContent) -> None:
        # Nobody reads hidden text. What is struck through everybody reads: it may mean "out".
        if _is_set(run, "vanish"):
            return
        target.struck |= any(_is_set(run, name) for name in _STRUCK)
        self._read_run_content(run, target)

    def _read_run_content(self, run: Iterable[Element], target: ParagraphContent) -> None:
        for element in run:
            tag = element.tag
            if tag == f"{W}t":
                self._add_text(element.text or "", target)
            elif tag in _BREAKS:
                self._add_text(" ", target)
            elif tag == f"{W}noBreakHyphen":
                self._add_text("\u2011", target)
            elif tag == f"{W}sym":
                self._add_text(_symbol_sign(element), target)
            elif tag == f"{W}fldChar":
                self._read_field_character(element.get(f"{W}fldCharType", ""), target)
            elif tag == f"{W}instrText" and self._fields:
                self._fields[-1].instruction += element.text or ""
            elif tag in (f"{W}drawing", f"{W}pict"):
                self._read_drawing(element, target)
            elif tag == f"{W}object":
                target.foreign.append("embedded object")
            elif tag == _ALTERNATIVES:
                self._read_run_content(element[0] if len(element) else (), target)

    def _read_field_character(self, kind: str, target: ParagraphContent) -> None:
        if kind == "begin":
            self._fields.append(_OpenField())
        elif kind == "separate" and self._fields:
            self._fields[-1].is_printing = True
        elif kind == "end" and self._fields:
            self._end_field(target)

    def _end_field(self, target: ParagraphContent) -> None:
        ended = self._fields.pop()
        link = _HYPERLINK.match(ended.instruction)
        if link:
            target.links.append(link[1])
        if ended.is_filled_by_word:
            self._add_inline(ended.as_field, target)

    def _add_text(self, text: str, target: ParagraphContent) -> None:
        if self._fields and self._fields[-1].is_filled_by_word:
            self._fields[-1].printed += text
        elif text:
            self._add_inline(text, target)

    def _read_drawing(self, drawing: Element, target: ParagraphContent) -> None:
        properties = next((element for element in drawing.iter(f"{_WP}docPr")), None)
        alternative = properties.get("descr", "") if properties is not None else ""
        blips = [element.get(f"{_R}embed", "") for element in drawing.iter(f"{_A}blip")]
        blips += [element.get(f"{_R}id", "") for element in drawing.iter(f"{_VML}imagedata")]
        for identifier in blips:
            part = self._related.get(identifier, "")
            content = self._file.part_bytes(part)
            digest = hashlib.sha256(content).hexdigest() if content is not None else ""
            self._add_inline(Picture(digest, normalize_text(alternative).strip(), part), target)
        if not blips or next(drawing.iter(f"{W}txbxContent"), None) is not None:
            target.foreign.append("drawing or text box")

    def _add_inline(self, inline: Inline, target: ParagraphContent) -> None:
        target.inlines.append(inline)
        printed = inline if isinstance(inline, str) else visible_text((inline,))
        if printed.strip() and self.slot and not target.slot:
            target.slot = self.slot
        for identifier in self._open_comments:
            commented_text, heading = self.comment_targets.get(identifier, ("", self.heading))
            self.comment_targets[identifier] = (commented_text + printed, heading)

    def read_bookmark(self, element: Element) -> None:
        """Open or close an author's slot where its bookmark begins or ends."""
        identifier, name = element.get(f"{W}id", ""), element.get(f"{W}name", "")
        if element.tag == f"{W}bookmarkStart":
            self._bookmarks[identifier] = name
            if name.startswith(SLOT_PREFIX):
                self.slot = name
                self.slots.add(name)
        elif self._bookmarks.get(identifier, "") == self.slot:
            self.slot = ""

    def number_tag(self, control: Element) -> str:
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
    switch = run.find(f"{W}rPr/{W}{name}")
    return switch is not None and switch.get(f"{W}val", "") not in _OFF_VALUES


def _symbol_sign(element: Element) -> str:
    """Return a sign of a font of symbols, whose letters Word keeps in an area of their own."""
    try:
        code = int(element.get(f"{W}char", ""), 16)
        return chr(code - _SYMBOL_AREA if _SYMBOL_AREA <= code < _SYMBOL_AREA + 0x100 else code)
    except (ValueError, OverflowError):
        return "\ufffd"
