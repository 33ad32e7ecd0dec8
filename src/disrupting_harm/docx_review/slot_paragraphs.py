"""Which paragraphs of an edited document stand in the slots of authors.

A slot is marked by a bookmark. What is written directly after it belongs to it, and where the
bookmark was deleted with its text, so does what stands where it was.
"""

from collections.abc import Sequence

from disrupting_harm.docx_review.paragraph_matching import Match
from disrupting_harm.docx_review.word_document import WordDocument


def find_slot_paragraphs(
    old: WordDocument, new: WordDocument, matches: Sequence[Match]
) -> dict[int, str]:
    """Return the bookmark of the slot for the index of each new paragraph that stands in one.

    Args:
        matches: which block of ``old``, the run's document, became which of ``new``.
    """
    old_index_of = {match.new: match.old for match in matches if match.new is not None}
    moved = {match.new for match in matches if match.moved}
    slot_starts = _find_slot_starts(old)
    slot_of_paragraph: dict[int, str] = {}
    following = slot_starts.get(-1, "")
    for index, block in enumerate(new.blocks):
        old_index = old_index_of[index]
        if old_index is None:
            slot = block.slot or following
        else:
            slot = block.slot or ("" if index in moved else old.blocks[old_index].slot)
        if slot:
            slot_of_paragraph[index] = slot
        lost = slot_starts.get(old_index, "") if old_index is not None else ""
        following = slot or (lost if lost not in new.slots else "")
        if old_index is None and not slot:
            following = ""
    return slot_of_paragraph


def _find_slot_starts(old: WordDocument) -> dict[int, str]:
    """Return the slots by the index of the block before their first one."""
    slot_starts: dict[int, str] = {}
    for index, block in enumerate(old.blocks):
        if block.slot and block.slot not in slot_starts.values():
            slot_starts[index - 1] = block.slot
    return slot_starts
