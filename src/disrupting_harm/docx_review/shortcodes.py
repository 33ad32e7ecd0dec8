"""Paragraphs of an author's note, whose shortcodes stand for what was printed in their place."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from disrupting_harm.docx_review.markdown_items import Item, items_of
from disrupting_harm.docx_review.text_segments import Segment

_SHORTCODE = re.compile(r"\{\{<.*?>\}\}", re.DOTALL)
# What prints no paragraph of text.
_FIGURE_OR_TABLE = re.compile(r"\s*\{\{<\s*(?:figure|table)\b")


def filled_in(note: Sequence[Segment], filled: Sequence[Segment]) -> list[Segment]:
    """Return the paragraphs of a note, compared by what they print and written as they are.

    Args:
        note: as the author wrote it.
        filled: the same with all shortcodes filled in. A paragraph that is not among them, because
            it was changed since or holds a figure, is left out.
    """
    found: list[Segment] = []
    start = 0
    for segment in note:
        raw = _raw(segment)
        codes, pieces = _SHORTCODE.findall(raw), _SHORTCODE.split(raw)
        pattern = re.compile("(.+?)".join(map(re.escape, pieces)), re.DOTALL)
        if _FIGURE_OR_TABLE.match(raw):
            continue
        for at in range(start, len(filled)):
            printed = pattern.fullmatch(_raw(filled[at]))
            if printed:
                items = tuple(_items(pieces, codes, printed.groups())) if codes else segment.items
                found.append(replace(segment, items=items))
                start = at + 1
                break
    return found


def without_shortcodes(text: str) -> str:
    """Return a text with a letter for each shortcode."""
    return _SHORTCODE.sub("x", text)


def _raw(segment: Segment) -> str:
    return "".join(item.raw for item in segment.items)


def _items(pieces: Sequence[str], codes: Sequence[str], printed: Sequence[str]) -> Iterator[Item]:
    """Yield the items of a paragraph; those of a shortcode are one group, written once."""
    for group, piece in enumerate(pieces):
        yield from items_of(piece)
        if group < len(codes):
            first = True
            for item in items_of(printed[group]):
                if item.key:
                    yield Item(codes[group] if first else "", item.key, group + 1)
                    first = False
