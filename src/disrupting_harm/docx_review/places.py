"""Which paragraphs of an edited document stand in the places of authors.

The place of an author is marked by a bookmark. What is written directly after it belongs to it, and
where the bookmark was deleted with its text, so does what stands where it was.
"""

from collections.abc import Sequence

from disrupting_harm.docx_review.paragraph_matching import Match
from disrupting_harm.docx_review.reading import Document


def slots_of(old: Document, new: Document, found: Sequence[Match]) -> dict[int, str]:
    """Return the bookmark of the place for each paragraph of the new document that stands in one.

    Args:
        old: what the run wrote.
        new: what came back.
        found: which block became which.
    """
    befores = {match.new: match.old for match in found if match.new is not None}
    moved = {match.new for match in found if match.moved}
    heads = _heads(old)
    slots: dict[int, str] = {}
    following = heads.get(-1, "")
    for at, block in enumerate(new.blocks):
        before = befores[at]
        if before is None:
            slot = block.slot or following
        else:
            slot = block.slot or ("" if at in moved else old.blocks[before].slot)
        if slot:
            slots[at] = slot
        lost = heads.get(before, "") if before is not None else ""
        following = slot or (lost if lost not in new.slots else "")
        if before is None and not slot:
            following = ""
    return slots


def _heads(old: Document) -> dict[int, str]:
    """Return the places by the block that stands before their first one."""
    heads: dict[int, str] = {}
    for at, block in enumerate(old.blocks):
        if block.slot and block.slot not in heads.values():
            heads[at - 1] = block.slot
    return heads
