"""Carrying what was changed in a paragraph of Word into its Markdown, whose marks stay."""

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

from disrupting_harm.word.markdown_items import Item, keys_of, written


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
