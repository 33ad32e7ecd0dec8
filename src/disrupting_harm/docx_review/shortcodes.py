"""Paragraphs of an author's note, whose shortcodes stand for what was printed in their place."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from disrupting_harm.docx_review.markdown_items import Item, parse_items
from disrupting_harm.docx_review.text_segments import Segment

_SHORTCODE = re.compile(r"\{\{<.*?>\}\}", re.DOTALL)
# What prints no paragraph of text.
_FIGURE_OR_TABLE = re.compile(r"\s*\{\{<\s*(?:figure|table)\b")


def fill_note_segments(note: Sequence[Segment], filled: Sequence[Segment]) -> list[Segment]:
    """Return the paragraphs of a note, compared by what they print and written as they are.

    Args:
        filled: the note with all shortcodes filled in. A paragraph that is not among them, because
            it was changed since or holds a figure, is left out.
    """
    filled_segments: list[Segment] = []
    start = 0
    for segment in note:
        raw = _segment_markdown(segment)
        codes, literals = _SHORTCODE.findall(raw), _SHORTCODE.split(raw)
        pattern = re.compile("(.+?)".join(map(re.escape, literals)), re.DOTALL)
        if _FIGURE_OR_TABLE.match(raw):
            continue
        for index in range(start, len(filled)):
            match = pattern.fullmatch(_segment_markdown(filled[index]))
            if match:
                items = (
                    tuple(_yield_items(literals, codes, match.groups())) if codes else segment.items
                )
                filled_segments.append(replace(segment, items=items))
                start = index + 1
                break
    return filled_segments


def replace_shortcodes(text: str) -> str:
    """Return a text with a letter for each shortcode."""
    return _SHORTCODE.sub("x", text)


def _segment_markdown(segment: Segment) -> str:
    return "".join(item.raw for item in segment.items)


def _yield_items(
    literals: Sequence[str], codes: Sequence[str], printed: Sequence[str]
) -> Iterator[Item]:
    """Yield the items of a paragraph; those of a shortcode are one group, written once."""
    for group, literal in enumerate(literals):
        yield from parse_items(literal)
        if group < len(codes):
            is_first = True
            for item in parse_items(printed[group]):
                if item.key:
                    yield Item(codes[group] if is_first else "", item.key, group + 1)
                    is_first = False
