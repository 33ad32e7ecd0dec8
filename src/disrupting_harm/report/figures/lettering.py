"""Measuring and wrapping text, in scripts with and without spaces between words."""

import re
from functools import cache

from disrupting_harm.report.annotated import plain
from disrupting_harm.report.figures.letters import LETTERS
from disrupting_harm.report.figures.style import MM_PER_INCH, POINTS_PER_INCH

ZERO_WIDTH_SPACE = "\u200b"
# Where a line may end inside a run without spaces, should nothing better be at hand: before a
# Khmer letter that is not subscript (U+17D2 makes it so), and before a Thai letter or leading
# vowel that begins a syllable. Translators mark better places with a zero-width space.
_KHMER = r"(?<=[\u1780-\u17d3\u17dd])(?<!\u17d2)(?=[\u1780-\u17b3])"
_THAI = r"(?<=[\u0e01-\u0e3a\u0e45-\u0e4e])(?<![\u0e31\u0e40-\u0e44])(?=[\u0e40-\u0e44])"
_SYLLABLE = re.compile(f"{_KHMER}|{_THAI}")


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Return the width of one line in millimetres at ``size`` points."""
    return LETTERS.measures(plain(text), bold)[0] * size / POINTS_PER_INCH * MM_PER_INCH


def wrap(
    text: str, width: float, size: float, bold: bool = False, indent: float = 0.0
) -> tuple[str, ...]:
    """Return ``text`` in lines no wider than ``width`` millimetres at ``size`` points.

    Lines end at spaces and zero-width spaces; a piece that is too wide on its own ends at a
    syllable, and one that cannot be parted stays whole. The first line begins at ``indent``.
    Addresses of numbers are left out.
    """
    return _wrapped(plain(text), width, size, bold, indent)


@cache
def _wrapped(text: str, width: float, size: float, bold: bool, indent: float) -> tuple[str, ...]:
    whole = text.strip().replace(ZERO_WIDTH_SPACE, "")
    if text_width(whole, size, bold) <= width - indent:
        return (whole,)
    lines: list[str] = []
    line, room = "", width - indent
    for piece in _pieces(text, width, size, bold):
        if (line or room < width) and text_width((line + piece).rstrip(), size, bold) > room:
            lines.append(line.rstrip())
            line, room = "", width
        line += piece
    return (*lines, line.rstrip())


def _pieces(text: str, width: float, size: float, bold: bool) -> list[str]:
    words = [word for word in re.split(rf"(?<= )|{ZERO_WIDTH_SPACE}", text.strip()) if word]
    pieces: list[str] = []
    for word in words:
        pieces += [word] if text_width(word, size, bold) <= width else _SYLLABLE.split(word)
    return pieces
