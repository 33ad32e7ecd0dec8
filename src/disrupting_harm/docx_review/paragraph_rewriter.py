"""From paragraphs of Word back to the Markdown that they were made from."""

import re
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

from disrupting_harm.docx_review.archive import Block, Paragraph
from disrupting_harm.docx_review.markdown_items import (
    Item,
    bookmark_of,
    item_keys,
    word_items,
    write_markdown,
)
from disrupting_harm.docx_review.shortcodes import fill_note_segments
from disrupting_harm.docx_review.text_segments import Segment, split_segments


def rewrite_markdown(
    source: Sequence[Item], before: Sequence[Item], after: Sequence[Item]
) -> str | None:
    """Return the Markdown of a changed paragraph, whose marks stay; None where that cannot be.

    Args:
        source: the Markdown of the paragraph.
        before: what Word showed of it; its keys are those of ``source``.
        after: what Word shows now.
    """
    if item_keys(list(source)) != item_keys(list(before)):
        return None
    key_positions = [index for index, item in enumerate(source) if item.key]
    old_words, new_words = _split_words(before), _split_words(after)
    old_keys, new_keys = (
        [_word_key(word) for word in old_words],
        [_word_key(word) for word in new_words],
    )
    markdown, done, keys_done = "", 0, 0
    for operation, i1, i2, j1, j2 in SequenceMatcher(None, old_keys, new_keys, False).get_opcodes():
        length = sum(len(item_keys(list(word))) for word in old_words[i1:i2])
        if operation == "equal":
            keys_done += length
            continue
        begin = key_positions[keys_done] if keys_done < len(key_positions) else len(source)
        end = key_positions[keys_done + length - 1] + 1 if length else begin
        if _splits_group(source, begin, end):
            return None
        removed_marks = [item.raw for item in source[begin:end] if not item.key]
        notes = [mark for mark in removed_marks if mark.startswith("[^")]
        if not _are_balanced([mark for mark in removed_marks if mark not in notes]):
            return None
        inserted = write_markdown(
            [item for word in new_words[j1:j2] for item in word], begins_paragraph=not keys_done
        )
        markdown += "".join(item.raw for item in source[done:begin]) + inserted + "".join(notes)
        done, keys_done = end, keys_done + length
    return markdown + "".join(item.raw for item in source[done:])


def _splits_group(source: Sequence[Item], begin: int, end: int) -> bool:
    """Return whether one side of a change lies within what a shortcode prints."""
    edges = [source[max(index - 1, 0) : index + 1] for index in (begin, end)]
    return any(len(edge) == 2 and edge[0].group == edge[1].group != 0 for edge in edges)


def _split_words(items: Sequence[Item]) -> list[list[Item]]:
    """Return items as words, spaces, and numbers or references by themselves."""
    words: list[list[Item]] = []
    is_joined = False
    for item in items:
        is_single = item.key == " " or len(item.key) > 1
        if is_joined and not is_single:
            words[-1].append(item)
        else:
            words.append([item])
        is_joined = not is_single
    return words


def _word_key(word: Sequence[Item]) -> str:
    return "".join(item.key for item in word)


def _are_balanced(marks: Sequence[str]) -> bool:
    """Return whether marks that are cut out open and close each other."""
    counts = Counter("]" if mark.startswith("]") else mark for mark in marks)
    stars = (count for mark, count in counts.items() if mark not in "[]")
    return counts["["] == counts["]"] and all(count % 2 == 0 for count in stars)


_NUMBERED = re.compile(r"\d+(?:\.\d+)* ")
_LABEL = re.compile(r"\{#((?:fig|tbl)-[\w-]+)")


class ParagraphRewriter:
    """The paragraphs of one text of Markdown, and those of Word that were made from it.

    Args:
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
        segments = split_segments(text)
        self._segments = fill_note_segments(segments, split_segments(source)) if note else segments
        self._of_block = self._pair_segments(blocks)

    def find_segment(self, block: int) -> Segment | None:
        """Return the Markdown of a block of the run; None where it is made in another way."""
        return self._of_block.get(block)

    def rewrite_paragraph(self, block: int, before: Paragraph, after: Paragraph) -> str | None:
        """Return the Markdown of a changed paragraph; None where it cannot be written.

        Args:
            block: the index of the paragraph in what the run wrote.
        """
        segment = self.find_segment(block)
        if segment is None:
            return None
        old, new = self._items_of(before), self._items_of(after)
        heading_number_length = _count_number_items(segment, old)
        if item_keys(old)[:heading_number_length] != item_keys(new)[:heading_number_length]:
            return None
        return rewrite_markdown(
            segment.items, old[heading_number_length:], new[heading_number_length:]
        )

    def write_new_paragraph(self, paragraph: Paragraph) -> str:
        """Return a new paragraph as Markdown: its words and numbers, without bold type."""
        return write_markdown(self._items_of(paragraph), begins_paragraph=True)

    def _items_of(self, paragraph: Paragraph) -> list[Item]:
        return word_items(paragraph.inlines, self._addresses, self._labels, note=self._note)

    def _pair_segments(self, blocks: Sequence[Block]) -> dict[int, Segment]:
        """Return the segments by the blocks of Word that say the same, in their order first."""
        block_keys = [self._block_key(block) for block in blocks]
        segment_keys = [segment.key for segment in self._segments]
        segment_of_block: dict[int, Segment] = {}
        for match in SequenceMatcher(
            None, block_keys, segment_keys, autojunk=False
        ).get_matching_blocks():
            for step in range(match.size):
                segment_of_block[match.a + step] = self._segments[match.b + step]
        # Notes stand elsewhere in Word: they are known where no two say the same.
        unique_segments = {
            segment.key: segment
            for segment in self._segments
            if segment_keys.count(segment.key) < 2
        }
        for index, key in enumerate(block_keys):
            if key in unique_segments and block_keys.count(key) == 1:
                segment_of_block.setdefault(index, unique_segments[key])
        return {index: segment for index, segment in segment_of_block.items() if block_keys[index]}

    def _block_key(self, block: Block) -> str:
        if not isinstance(block, Paragraph):
            return ""
        key = "".join(item_keys(self._items_of(block)))
        # The number of a heading is the renderer's.
        return _NUMBERED.sub("", key, count=1) if block.level and _NUMBERED.match(key) else key


def _count_number_items(segment: Segment, items: list[Item]) -> int:
    """Return how many items of a heading are the number that the renderer put before it."""
    match = _NUMBERED.match("".join(item_keys(items)))
    return match.end() if match and "".join(item_keys(items)) != segment.key else 0
