"""From paragraphs of Word back to the Markdown that they were made from."""

import re
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

from disrupting_harm.docx_review.archive import Block, Paragraph
from disrupting_harm.docx_review.markdown_items import (
    Item,
    bookmark_of,
    keys_of,
    word_items,
    written,
)
from disrupting_harm.docx_review.shortcodes import filled_in
from disrupting_harm.docx_review.text_segments import Segment, segments_of

# Carrying what was changed in a paragraph of Word into its Markdown, whose marks stay.


def rewritten(source: Sequence[Item], before: Sequence[Item], after: Sequence[Item]) -> str | None:
    """Return the Markdown of a changed paragraph; None where the change cannot be carried over.

    Args:
        source: the Markdown of the paragraph.
        before: what Word showed of it; its keys are those of ``source``.
        after: what Word shows now.
    """
    if keys_of(list(source)) != keys_of(list(before)):
        return None
    places = [at for at, item in enumerate(source) if item.key]
    old, new = _words(before), _words(after)
    mine, theirs = [_key(word) for word in old], [_key(word) for word in new]
    text, done, seen = "", 0, 0
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, mine, theirs, False).get_opcodes():
        length = sum(len(keys_of(list(word))) for word in old[i1:i2])
        if kind == "equal":
            seen += length
            continue
        begin = places[seen] if seen < len(places) else len(source)
        end = places[seen + length - 1] + 1 if length else begin
        if _cuts_a_group(source, begin, end):
            return None
        cut = [item.raw for item in source[begin:end] if not item.key]
        notes = [mark for mark in cut if mark.startswith("[^")]
        if not _balanced([mark for mark in cut if mark not in notes]):
            return None
        put = written([item for word in new[j1:j2] for item in word], begins=not seen)
        text += "".join(item.raw for item in source[done:begin]) + put + "".join(notes)
        done, seen = end, seen + length
    return text + "".join(item.raw for item in source[done:])


def _cuts_a_group(source: Sequence[Item], begin: int, end: int) -> bool:
    """Return whether one side of a change lies within what a shortcode prints."""
    edges = [source[max(at - 1, 0) : at + 1] for at in (begin, end)]
    return any(len(edge) == 2 and edge[0].group == edge[1].group != 0 for edge in edges)


def _words(items: Sequence[Item]) -> list[list[Item]]:
    """Return items as words, spaces, and numbers or references by themselves."""
    words: list[list[Item]] = []
    joined = False
    for item in items:
        alone = item.key == " " or len(item.key) > 1
        if joined and not alone:
            words[-1].append(item)
        else:
            words.append([item])
        joined = not alone
    return words


def _key(word: Sequence[Item]) -> str:
    return "".join(item.key for item in word)


def _balanced(marks: Sequence[str]) -> bool:
    """Return whether marks that are cut out open and close each other."""
    counts = Counter("]" if mark.startswith("]") else mark for mark in marks)
    stars = (count for mark, count in counts.items() if mark not in "[]")
    return counts["["] == counts["]"] and all(count % 2 == 0 for count in stars)


_NUMBERED = re.compile(r"\d+(?:\.\d+)* ")
_LABEL = re.compile(r"\{#((?:fig|tbl)-[\w-]+)")


class Carrier:
    """The paragraphs of one text of Markdown, and those of Word that were made from it.

    Args:
        text: the Markdown.
        blocks: what the run wrote of it in Word.
        addresses: of numbers, by the tags of their controls.
        source: the whole document with all filled in, whose figures may be referred to.
        note: whether the Markdown has shortcodes that are filled in ``source``.
    """

    def __init__(
        self,
        text: str,
        blocks: Sequence[Block],
        addresses: dict[str, str],
        source: str,
        *,
        note: bool = False,
    ) -> None:
        self._addresses, self._note = addresses, note
        self._labels = {bookmark_of(label): label for label in _LABEL.findall(source)}
        own = segments_of(text)
        self._segments = filled_in(own, segments_of(source)) if note else own
        self._of_block = self._paired(blocks)

    def segment(self, block: int) -> Segment | None:
        """Return the Markdown of a block of the run; None where it is made in another way."""
        return self._of_block.get(block)

    def carried(self, block: int, before: Paragraph, after: Paragraph) -> str | None:
        """Return the Markdown of a changed paragraph; None where it cannot be written.

        Args:
            block: the place of the paragraph in what the run wrote.
            before: the paragraph.
            after: what became of it.
        """
        segment = self.segment(block)
        if segment is None:
            return None
        old, new = self._items(before), self._items(after)
        number = _number_of(segment, old)
        if keys_of(old)[:number] != keys_of(new)[:number]:
            return None
        return rewritten(segment.items, old[number:], new[number:])

    def plain(self, paragraph: Paragraph) -> str:
        """Return a new paragraph as Markdown: its words and numbers, without bold type."""
        return written(self._items(paragraph), begins=True)

    def _items(self, paragraph: Paragraph) -> list[Item]:
        return word_items(paragraph.pieces, self._addresses, self._labels, note=self._note)

    def _paired(self, blocks: Sequence[Block]) -> dict[int, Segment]:
        """Return the segments by the blocks of Word that say the same, in their order first."""
        keys = [self._key(block) for block in blocks]
        theirs = [segment.key for segment in self._segments]
        found: dict[int, Segment] = {}
        for match in SequenceMatcher(None, keys, theirs, autojunk=False).get_matching_blocks():
            for step in range(match.size):
                found[match.a + step] = self._segments[match.b + step]
        # Notes stand elsewhere in Word: they are known where no two say the same.
        alone = {
            segment.key: segment for segment in self._segments if theirs.count(segment.key) < 2
        }
        for at, key in enumerate(keys):
            if key in alone and keys.count(key) == 1:
                found.setdefault(at, alone[key])
        return {at: segment for at, segment in found.items() if keys[at]}

    def _key(self, block: Block) -> str:
        if not isinstance(block, Paragraph):
            return ""
        key = "".join(keys_of(self._items(block)))
        # The number of a heading is the renderer's.
        return _NUMBERED.sub("", key, count=1) if block.level and _NUMBERED.match(key) else key


def _number_of(segment: Segment, items: list[Item]) -> int:
    """Return how many items of a heading are the number that the renderer put before it."""
    found = _NUMBERED.match("".join(keys_of(items)))
    return found.end() if found and "".join(keys_of(items)) != segment.key else 0
