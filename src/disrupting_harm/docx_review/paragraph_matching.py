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
SIMILAR, SIMILAR_ELSEWHERE = 0.4, 0.6
# Comparisons of two texts that one edit may take: more is another document.
MOST_COMPARISONS = 40_000


class Keyed(Protocol):
    """A block, or a row of a table."""

    @property
    def key(self) -> str:
        """What two blocks must share to be the same."""

    @property
    def likeness(self) -> str:
        """By what a block is known again after it was changed."""


@dataclass(frozen=True)
class Match:
    """Places of one block in both documents; None where there is none. Moved: in another order."""

    old: int | None
    new: int | None
    moved: bool = False


def matches(old: Sequence[Keyed], new: Sequence[Keyed]) -> list[Match]:
    """Return each block of both documents once, in the order of the new one.

    A block that is gone stands after what it followed.
    """
    before, after = [one.key for one in old], [one.key for one in new]
    partner: dict[int, int] = {}
    operations = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for kind, i1, i2, j1, j2 in operations:
        if kind == "equal":
            partner |= zip(range(j1, j2), range(i1, i2), strict=True)
        elif kind == "replace":
            partner |= _in_order(old, new, range(i1, i2), range(j1, j2))
    moved = _elsewhere(old, new, partner)
    partner |= moved
    found = [Match(partner.get(at), at, at in moved) for at in range(len(new))]
    places = {match.old: at for at, match in enumerate(found) if match.old is not None}
    gone = [at for at in range(len(old)) if at not in places]
    for at in reversed(gone):
        earlier = max((place for place in places if place < at), default=None)
        follows = 0 if earlier is None else places[earlier] + 1
        found.insert(follows, Match(at, None))
        places = {place: n + (n >= follows) for place, n in places.items()} | {at: follows}
    return found


def alike(one: str, other: str) -> float:
    """Return how alike two texts are, from 0 to 1."""
    if one == other:
        return 1.0
    mine, theirs = _triples(one), _triples(other)
    size = mine.total() + theirs.total()
    return 2 * (mine & theirs).total() / size if size else 0.0


@lru_cache(maxsize=4096)
def _triples(text: str) -> Counter[str]:
    padded = f"  {text} "
    return Counter(padded[at : at + 3] for at in range(len(padded) - 2))


def _likeness(one: Keyed, other: Keyed) -> float:
    return alike(one.likeness, other.likeness) if type(one) is type(other) else 0.0


def _in_order(
    old: Sequence[Keyed], new: Sequence[Keyed], before: range, after: range
) -> dict[int, int]:
    """Return the pairs of similar blocks, in one order, that are most alike in all."""
    if len(before) * len(after) > MOST_COMPARISONS:
        return {}
    likeness = [[_likeness(old[i], new[j]) for j in after] for i in before]
    best = [[0.0] * (len(after) + 1) for _ in range(len(before) + 1)]
    for i, row in enumerate(likeness):
        for j, like in enumerate(row):
            paired = best[i][j] + like if like >= SIMILAR else 0.0
            best[i + 1][j + 1] = max(best[i][j + 1], best[i + 1][j], paired)
    pairs = {}
    i, j = len(before), len(after)
    while i and j:
        like = likeness[i - 1][j - 1]
        if like >= SIMILAR and best[i][j] == best[i - 1][j - 1] + like:
            pairs[after[j - 1]] = before[i - 1]
            i, j = i - 1, j - 1
        elif best[i][j] == best[i - 1][j]:
            i -= 1
        else:
            j -= 1
    return pairs


def _elsewhere(
    old: Sequence[Keyed], new: Sequence[Keyed], partner: dict[int, int]
) -> dict[int, int]:
    """Return the blocks without a partner that stand in another place, as new -> old."""
    taken = set(partner.values())
    gone = [at for at in range(len(old)) if at not in taken]
    come = [at for at in range(len(new)) if at not in partner]
    if len(gone) * len(come) > MOST_COMPARISONS:
        return {}
    pairs = sorted(
        (-like, j, i)
        for j in come
        for i in gone
        if (like := _likeness(old[i], new[j])) >= SIMILAR_ELSEWHERE
    )
    found: dict[int, int] = {}
    for _, j, i in pairs:
        if j not in found and i not in found.values():
            found[j] = i
    return found
