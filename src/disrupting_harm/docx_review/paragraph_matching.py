"""Which block of the run's document became which block of the edited one.

Equal blocks in the same order are matched first, then similar ones between them, and last those
that were moved. Likeness is Dice's coefficient of the groups of three letters that two texts hold:
it needs no words, which Khmer and Thai do not set apart.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Protocol

# From here on a text was changed; below it was replaced by another.
MIN_SIMILARITY, MIN_SIMILARITY_MOVED = 0.4, 0.6
# Comparisons of two texts that one edit may take: more is another document.
MOST_COMPARISONS = 40_000


class Matchable(Protocol):
    """A block, or a row of a table."""

    @property
    def key(self) -> str:
        """What two blocks must share to be the same."""

    @property
    def similarity_text(self) -> str:
        """By what a block is known again after it was changed."""


@dataclass(frozen=True)
class Match:
    """Indices of one block in both documents; None where there is none. Moved: in another order."""

    old: int | None
    new: int | None
    moved: bool = False


def match_blocks(old: Sequence[Matchable], new: Sequence[Matchable]) -> list[Match]:
    """Return each block of both documents once, in the order of the new one.

    A block that is gone stands after what it followed.
    """
    old_keys, new_keys = [block.key for block in old], [block.key for block in new]
    partner: dict[int, int] = {}
    operations = SequenceMatcher(None, old_keys, new_keys, autojunk=False).get_opcodes()
    for operation, i1, i2, j1, j2 in operations:
        if operation == "equal":
            partner |= zip(range(j1, j2), range(i1, i2), strict=True)
        elif operation == "replace":
            partner |= _pair_in_order(old, new, range(i1, i2), range(j1, j2))
    moved = _pair_moved(old, new, partner)
    partner |= moved
    matched_blocks = [Match(partner.get(index), index, index in moved) for index in range(len(new))]
    new_index_of = {
        match.old: index for index, match in enumerate(matched_blocks) if match.old is not None
    }
    lost = [index for index in range(len(old)) if index not in new_index_of]
    for index in reversed(lost):
        earlier = max((old_index for old_index in new_index_of if old_index < index), default=None)
        follows = 0 if earlier is None else new_index_of[earlier] + 1
        matched_blocks.insert(follows, Match(index, None))
        new_index_of = {
            old_index: new_index + (new_index >= follows)
            for old_index, new_index in new_index_of.items()
        } | {index: follows}
    return matched_blocks


def text_similarity(first_text: str, second_text: str) -> float:
    """Return how alike two texts are, from 0 to 1."""
    if first_text == second_text:
        return 1.0
    first_triples, second_triples = _letter_triples(first_text), _letter_triples(second_text)
    triple_count = first_triples.total() + second_triples.total()
    return 2 * (first_triples & second_triples).total() / triple_count if triple_count else 0.0


@lru_cache(maxsize=4096)
def _letter_triples(text: str) -> Counter[str]:
    padded = f"  {text} "
    return Counter(padded[start : start + 3] for start in range(len(padded) - 2))


def _block_similarity(old_block: Matchable, new_block: Matchable) -> float:
    return (
        text_similarity(old_block.similarity_text, new_block.similarity_text)
        if type(old_block) is type(new_block)
        else 0.0
    )


def _pair_in_order(
    old: Sequence[Matchable], new: Sequence[Matchable], before: range, after: range
) -> dict[int, int]:
    """Return the pairs of similar blocks, as new -> old, in one order and most alike in all."""
    if len(before) * len(after) > MOST_COMPARISONS:
        return {}
    scores = [[_block_similarity(old[i], new[j]) for j in after] for i in before]
    best = [[0.0] * (len(after) + 1) for _ in range(len(before) + 1)]
    for i, score_row in enumerate(scores):
        for j, score in enumerate(score_row):
            paired_score = best[i][j] + score if score >= MIN_SIMILARITY else 0.0
            best[i + 1][j + 1] = max(best[i][j + 1], best[i + 1][j], paired_score)
    pairs = {}
    i, j = len(before), len(after)
    while i and j:
        score = scores[i - 1][j - 1]
        if score >= MIN_SIMILARITY and best[i][j] == best[i - 1][j - 1] + score:
            pairs[after[j - 1]] = before[i - 1]
            i, j = i - 1, j - 1
        elif best[i][j] == best[i - 1][j]:
            i -= 1
        else:
            j -= 1
    return pairs


def _pair_moved(
    old: Sequence[Matchable], new: Sequence[Matchable], partner: dict[int, int]
) -> dict[int, int]:
    """Return the blocks without a partner that were moved, as new -> old, most alike first."""
    paired_old = set(partner.values())
    lost = [index for index in range(len(old)) if index not in paired_old]
    gained = [index for index in range(len(new)) if index not in partner]
    if len(lost) * len(gained) > MOST_COMPARISONS:
        return {}
    pairs = sorted(
        (-score, j, i)
        for j in gained
        for i in lost
        if (score := _block_similarity(old[i], new[j])) >= MIN_SIMILARITY_MOVED
    )
    moved: dict[int, int] = {}
    for _, j, i in pairs:
        if j not in moved and i not in moved.values():
            moved[j] = i
    return moved
