"""The paragraphs of a source: where each stands, and the Markdown of what it says."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from disrupting_harm.docx_review.markdown_items import Item, items_of, keys_of

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n.*?\n---[ \t]*\n", re.DOTALL)
# What no paragraph of text begins with: fences of divs, tables, figures, captions, code.
_BLOCK_START = re.compile(r"\s*(?::{3,}|\||!\[|:\s|`{3}|~{3})")
_HEADING = re.compile(r"(#{1,6}\s+)(.*?)(\s*\{[^{}]*\}\s*)?\Z")
_LEAD = re.compile(r"\s*(?:[-*+]|\(?\d{1,3}[.)])\s+|\s*>\s+|\[\^[\w-]+\]:\s+|\s*")


@dataclass(frozen=True)
class Segment:
    """One paragraph, heading or entry of a list.

    Attributes:
        first, last: its lines, counted from 0.
        items: of all its lines; what leads and ends a heading or an entry are marks.
    """

    first: int
    last: int
    items: tuple[Item, ...]

    @property
    def key(self) -> str:
        """What its words are compared by."""
        return "".join(keys_of(list(self.items)))


def segments_of(text: str) -> list[Segment]:
    """Return the paragraphs of a document, and tiles, whose two paragraphs are one in Word."""
    alone = list(_segments(text))
    lines = text.splitlines()
    pairs = [
        Segment(one.first, two.last, (*one.items, Item("\n\n", " "), *two.items))
        for one, two in itertools.pairwise(alone)
        if two.first == one.last + 2 and not lines[one.last + 1].strip()
    ]
    return sorted([*alone, *pairs], key=lambda segment: (segment.first, segment.last))


def _segments(text: str) -> Iterator[Segment]:
    front = _FRONT_MATTER.match(text)
    start = text.count("\n", 0, front.end()) if front else 0
    gathered: list[str] = []
    first = start
    for at, line in enumerate([*text.splitlines()[start:], ""], start=start):
        apart = not line.strip() or _BLOCK_START.match(line) is not None
        lead = _LEAD.match(line)
        entry = lead is not None and bool(lead[0].strip())
        if gathered and (apart or entry):
            yield _segment(first, gathered)
            gathered = []
        if not apart:
            first = first if gathered else at
            gathered.append(line)


def _segment(first: int, lines: list[str]) -> Segment:
    whole = "\n".join(lines)
    heading = _HEADING.match(whole)
    if heading:
        marks = Item(heading[1], ""), Item(heading[3] or "", "")
        items = (marks[0], *items_of(heading[2]), marks[1])
    else:
        lead = _LEAD.match(whole)
        begin = lead[0] if lead else ""
        items = (Item(begin, ""), *items_of(whole[len(begin) :].rstrip()))
    return Segment(first, first + len(lines) - 1, tuple(items))
