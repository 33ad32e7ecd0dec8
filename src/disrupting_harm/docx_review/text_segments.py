"""The paragraphs of a source: where each stands, and the Markdown of what it says."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from disrupting_harm.docx_review.markdown_items import Item, item_keys, parse_items

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n.*?\n---[ \t]*\n", re.DOTALL)
# What no paragraph of text begins with: fences of divs, tables, figures, captions, code.
_BLOCK_START = re.compile(r"\s*(?::{3,}|\||!\[|:\s|`{3}|~{3})")
_HEADING = re.compile(r"(#{1,6}\s+)(.*?)(\s*\{[^{}]*\}\s*)?\Z")
_LIST_MARK = re.compile(r"\s*(?:[-*+]|\(?\d{1,3}[.)])\s+|\s*>\s+|\[\^[\w-]+\]:\s+|\s*")


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
        return "".join(item_keys(list(self.items)))


def split_segments(text: str) -> list[Segment]:
    """Return the paragraphs of a document, and tiles, whose two paragraphs are one in Word."""
    segments = list(_yield_segments(text))
    lines = text.splitlines()
    pairs = [
        Segment(earlier.first, later.last, (*earlier.items, Item("\n\n", " "), *later.items))
        for earlier, later in itertools.pairwise(segments)
        if later.first == earlier.last + 2 and not lines[earlier.last + 1].strip()
    ]
    return sorted([*segments, *pairs], key=lambda segment: (segment.first, segment.last))


def _yield_segments(text: str) -> Iterator[Segment]:
    front = _FRONT_MATTER.match(text)
    start = text.count("\n", 0, front.end()) if front else 0
    gathered: list[str] = []
    first_line = start
    for line_number, line in enumerate([*text.splitlines()[start:], ""], start=start):
        is_break = not line.strip() or _BLOCK_START.match(line) is not None
        list_mark = _LIST_MARK.match(line)
        is_list_entry = list_mark is not None and bool(list_mark[0].strip())
        if gathered and (is_break or is_list_entry):
            yield _make_segment(first_line, gathered)
            gathered = []
        if not is_break:
            first_line = first_line if gathered else line_number
            gathered.append(line)


def _make_segment(first_line: int, paragraph_lines: list[str]) -> Segment:
    paragraph = "\n".join(paragraph_lines)
    heading = _HEADING.match(paragraph)
    if heading:
        marks = Item(heading[1], ""), Item(heading[3] or "", "")
        items = (marks[0], *parse_items(heading[2]), marks[1])
    else:
        list_mark = _LIST_MARK.match(paragraph)
        mark_text = list_mark[0] if list_mark else ""
        items = (Item(mark_text, ""), *parse_items(paragraph[len(mark_text) :].rstrip()))
    return Segment(first_line, first_line + len(paragraph_lines) - 1, tuple(items))
