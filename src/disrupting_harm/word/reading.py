"""Reading a Word file: its blocks, its comments, and what it was made from."""

from collections import Counter
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from disrupting_harm.report.rendering.word_origin import Origin, read_origin
from disrupting_harm.word.blocks import Block, plain
from disrupting_harm.word.lines import W
from disrupting_harm.word.opening import CUSTOM, DOCUMENT, WordFile
from disrupting_harm.word.part import Part

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
