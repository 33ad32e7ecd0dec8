"""From paragraphs of Word back to the Markdown that they were made from."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from disrupting_harm.word.base import bookmark_of
from disrupting_harm.word.blocks import Block, Paragraph
from disrupting_harm.word.markdown_items import Item, keys_of, word_items, written
from disrupting_harm.word.rewriting import rewritten
from disrupting_harm.word.segments import Segment, segments_of
from disrupting_harm.word.shortcodes import filled_in

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
