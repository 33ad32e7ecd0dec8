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
    ForeignObject,
    Inline,
    Inlines,
    Number,
    Paragraph,
    Table,
    WordFile,
    normalize_text,
    visible_text,
)
from disrupting_harm.docx_review.runs import (
    BOOKMARK_TAGS,
    DELETED_TAGS,
    LineReader,
    ParagraphContent,
    W,
)
from disrupting_harm.report.rendering.docx import Origin, read_origin

_LEVELS = {f"heading {level}": level for level in range(1, 10)}
_CONTENTS = ("toc ", "toc heading")
_TRACKED = {*DELETED_TAGS, f"{W}ins", f"{W}moveTo"}
# Rows and cells that a tracked change deletes.
_DELETED_MARKS = ("del", "cellDel")
# A paragraph whose mark was deleted runs into the next one.
_DELETED_PARAGRAPH_MARK = f"{W}pPr/{W}rPr/{W}del"


class PartReader:
    """Read one part of a Word file from its first element to its last.

    ECMA-376, Part 1, section 17.
    """

    def __init__(self, file: WordFile, name: str, tags: frozenset[str] | None) -> None:
        root = file.parse_xml(name)
        self._root = root if root is not None else Element("none")
        self._styles = _style_names(file)
        self._headings: list[str] = []
        self.line_reader = LineReader(file, name, tags)

    def read_blocks(self) -> Iterator[Block]:
        """Yield the blocks of the body."""
        for body in self._root.iter(f"{W}body"):
            yield from self._read_blocks_within(body, "")

    def read_notes(self, note_kind: str) -> Iterator[Block]:
        """Yield the blocks of footnotes or endnotes."""
        for note in self._root.iter(f"{W}{note_kind}"):
            if note.get(f"{W}type", "normal") == "normal":
                yield from (
                    replace(block, heading=note_kind)
                    for block in self._read_blocks_within(note, "")
                )

    def read_margin_texts(self) -> Iterator[str]:
        """Yield the texts of a head or a foot, without fields."""
        for block in self._read_blocks_within(self._root, ""):
            inlines = block.inlines if isinstance(block, Paragraph) else (block.text,)
            text = visible_text(
                tuple(inline for inline in inlines if not isinstance(inline, Field))
            ).strip(" /")
            if text:
                yield text

    def count_tracked_changes(self) -> Counter[str]:
        """Return how many tracked changes each author made."""
        changes = (element for element in self._root.iter() if element.tag in _TRACKED)
        return Counter(element.get(f"{W}author", "") for element in changes)

    def _read_blocks_within(self, parent: Element, outer_tag: str) -> Iterator[Block]:
        """Yield the blocks of an element; ``outer_tag``: of a number's control around it."""
        pending: tuple[Element, ParagraphContent] | None = None
        for element in parent:
            tag = element.tag
            if tag == f"{W}p":
                paragraph_content = pending[1] if pending else ParagraphContent()
                self.line_reader.read_element(element, paragraph_content)
                pending = (
                    (element, paragraph_content)
                    if element.find(_DELETED_PARAGRAPH_MARK) is not None
                    else None
                )
                if pending is None:
                    yield from self._close_paragraph(element, paragraph_content, outer_tag)
            elif tag == f"{W}tbl":
                yield from self._read_table(element, outer_tag)
            elif tag == f"{W}sdt":
                if not _is_contents(element):
                    number_tag = self.line_reader.number_tag(element) or outer_tag
                    for content in element.findall(f"{W}sdtContent"):
                        yield from self._read_blocks_within(content, number_tag)
            elif tag in BOOKMARK_TAGS:
                self.line_reader.read_bookmark(element)
            elif tag == f"{W}altChunk":
                yield ForeignObject("text of another file", self.line_reader.heading)
            elif tag.startswith(W) and tag not in DELETED_TAGS:
                yield from self._read_blocks_within(element, outer_tag)
        if pending:
            yield from self._close_paragraph(*pending, outer_tag)

    def _close_paragraph(
        self, element: Element, paragraph_content: ParagraphContent, number_tag: str
    ) -> Iterator[Block]:
        """Yield the block of a paragraph that is read."""
        self.line_reader.close_paragraph(paragraph_content)
        inlines = tuple(paragraph_content.inlines)
        if number_tag and visible_text(inlines):
            inlines = (Number(number_tag, visible_text(inlines)),)
        style = self._find_style(element)
        if not style.startswith(_CONTENTS):
            level = _LEVELS.get(style, 0) if visible_text(inlines) else 0
            if level:
                del self._headings[level - 1 :]
            if visible_text(inlines):
                yield Paragraph(
                    inlines,
                    self.line_reader.heading,
                    level,
                    paragraph_content.slot,
                    tuple(paragraph_content.links),
                    paragraph_content.struck,
                )
            if level:
                empty = [""] * (level - 1 - len(self._headings))
                self._headings += [*empty, visible_text(inlines)]
                self.line_reader.heading = " › ".join(filter(None, self._headings))
        for object_kind in paragraph_content.foreign:
            yield ForeignObject(object_kind, self.line_reader.heading, paragraph_content.slot)

    def _find_style(self, paragraph: Element) -> str:
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        name = style.get(f"{W}val", "") if style is not None else ""
        return self._styles.get(name, name).lower()

    def _read_table(self, table: Element, number_tag: str) -> Iterator[Block]:
        """Yield a table; one of a single row only puts its paragraphs side by side (beside.lua)."""
        undeleted_rows = [row for row, _ in self._find_undeleted(table, "tr", "")]
        if len(undeleted_rows) == 1:
            for cell, cell_tag in self._find_undeleted(undeleted_rows[0], "tc", ""):
                yield from self._read_blocks_within(cell, number_tag or cell_tag)
            return
        slot = self.line_reader.slot
        rows = tuple(
            tuple(
                self._read_cell(cell, number_tag or cell_tag)
                for cell, cell_tag in self._find_undeleted(row, "tc", "")
            )
            for row in undeleted_rows
        )
        if rows:
            yield Table(rows, self.line_reader.heading, slot)

    def _find_undeleted(
        self, parent: Element, name: str, number_tag: str
    ) -> Iterator[tuple[Element, str]]:
        """Yield rows of a table or cells of a row, which controls may hold; not those deleted."""
        for element in parent:
            if element.tag == f"{W}{name}":
                if not any(
                    element.find(f"{W}{name}Pr/{W}{mark}") is not None for mark in _DELETED_MARKS
                ):
                    yield element, number_tag
            elif element.tag == f"{W}sdt":
                for content in element.findall(f"{W}sdtContent"):
                    yield from self._find_undeleted(
                        content, name, self.line_reader.number_tag(element) or number_tag
                    )
            elif element.tag == f"{W}customXml":
                yield from self._find_undeleted(element, name, number_tag)

    def _read_cell(self, cell: Element, number_tag: str) -> Inlines:
        inlines: list[Inline] = []
        for block in self._read_blocks_within(cell, number_tag):
            if isinstance(block, Paragraph):
                inlines += [*([" "] if inlines else []), *block.inlines]
            elif isinstance(block, Table):
                inlines += [
                    inline
                    for row in block.rows
                    for inner_cell in row
                    for inline in (*inner_cell, " ")
                ]
            else:
                inlines.append(f"[{block.object_kind}]")
        return tuple(inlines)


def _style_names(file: WordFile) -> dict[str, str]:
    """Return the names of styles by identifier: programs rename identifiers, but not names."""
    root = file.parse_xml("word/styles.xml")
    names = {}
    for style in root.iter(f"{W}style") if root is not None else ():
        name = style.find(f"{W}name")
        if name is not None:
            names[style.get(f"{W}styleId", "")] = name.get(f"{W}val", "")
    return names


def _is_contents(control: Element) -> bool:
    gallery = control.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and gallery.get(f"{W}val") == "Table of Contents"


# The part that holds notes, by the word that stands for a heading above them.
NOTE_PARTS = {"footnote": "word/footnotes.xml", "endnote": "word/endnotes.xml"}


@dataclass(frozen=True)
class Comment:
    """A comment: who wrote it, what, and the words that it is on."""

    author: str
    text: str
    commented_text: str
    heading: str


@dataclass(frozen=True)
class WordDocument:
    """What is to be compared of a Word file.

    Attributes:
        blocks: of its body and its notes, without contents and empty paragraphs.
        margins: texts of head and foot of pages, without numbers of pages.
        tracked: how many tracked changes each author made.
        slots: bookmarks of authors' slots.
        tags: of the controls that hold numbers.
        origin: what it was made from; None where a property is missing.
        missing: the names of the properties that are missing.
    """

    blocks: list[Block]
    margins: set[str]
    comments: list[Comment]
    tracked: Counter[str]
    slots: set[str]
    tags: frozenset[str]
    origin: Origin | None
    missing: list[str]


def read_document(file: WordFile, tags: frozenset[str] | None = None) -> WordDocument:
    """Return what is to be compared of a Word file.

    Args:
        tags: of controls that hold numbers; None: all that are locked.

    Raises:
        StudyError: if a part is no XML of Word.
    """
    body = PartReader(file, DOCUMENT, tags)
    notes = {note_kind: PartReader(file, name, tags) for note_kind, name in NOTE_PARTS.items()}
    properties = file.parse_xml(CUSTOM)
    origin, missing = read_origin(properties if properties is not None else Element("none"))
    return WordDocument(
        blocks=[
            *body.read_blocks(),
            *(block for note_kind in notes for block in notes[note_kind].read_notes(note_kind)),
        ],
        margins={
            text
            for name in file.margin_parts
            for text in PartReader(file, name, tags).read_margin_texts()
        },
        comments=_read_comments(file, body),
        tracked=sum((part.count_tracked_changes() for part in (body, *notes.values())), Counter()),
        slots=body.line_reader.slots,
        tags=frozenset().union(*(part.line_reader.tags for part in (body, *notes.values()))),
        origin=origin,
        missing=missing,
    )


def _read_comments(file: WordFile, body: PartReader) -> list[Comment]:
    root = file.parse_xml("word/comments.xml")
    comments = []
    for comment in root.iter(f"{W}comment") if root is not None else ():
        text = " ".join(
            normalize_text("".join(run_text.text or "" for run_text in paragraph.iter(f"{W}t")))
            for paragraph in comment.iter(f"{W}p")
        )
        commented_text, heading = body.line_reader.comment_targets.get(
            comment.get(f"{W}id", ""), ("", "")
        )
        comments.append(
            Comment(
                comment.get(f"{W}author", ""),
                text.strip(),
                normalize_text(commented_text).strip(),
                heading,
            )
        )
    return comments
