"""The same drawing in fewer letters: an SVG without digits and spaces that nobody can see.

A figure's SVG is published and read by every page that shows it. What matplotlib writes is to two
thirds outlines and names of letters, room between lines, and decimals of a millionth of a point;
spaces are letters without an outline, each text, line and area has a group of its own, and the
title is written twice.
"""

import re
from functools import cache

from disrupting_harm.report.figures.outlines import UNITS, shortened

POINTS = 3  # decimals of a place on the page: a thousandth of a point
_SIZE = 100  # points of matplotlib's letters; ours are of UNITS
_FONT = r"([A-Z][A-Za-z]*(?:-[A-Z][A-Za-z]*)?)-([0-9a-f]+)"
# A letter of a text: which, and where in its line.
_LETTER = re.compile(
    rf'<use xlink:href="#{_FONT}"(?: transform="translate\((\S+) (\S+)\)")?/>(?:\n *(?=<use ))?'
)
# Of the font that most letters are in, the style alone is named.
_FIRST_FONT = "NotoSans"
_OUTLINE = re.compile(rf'<path id="{_FONT}"(?: d="([^"]*)")? transform="scale\(0\.015625\)"/>')
# All others; in comments stand texts, in links addresses.
_TAG = re.compile(r'<(?!a |use xlink:href="#[A-Z]|path id="[A-Z])[a-z][^>]*>')
_TEXT = re.compile(r"scale\((\S+) -\1\)")
_NUMBER = re.compile(r"scale\([^)]*\)|-?\d+\.\d+")
_BETWEEN = re.compile(r"\n\s+(?=<)")
_METADATA = re.compile(r"<metadata>.*?</metadata>\n", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE[^>]*>\n")
_NO_OUTLINES = re.compile(r"<defs>\n+</defs>\n")
# A group round one text, or round what has no groups in it.
_GROUP = re.compile(
    r'<g id="(?:text|line2d|patch)_\d+">\n'
    r"((?:<!--.*-->\n<g [^>]*>\n(?:<(?!/?g\b).*\n)*</g>\n)|(?:<(?!/?g\b).*\n)+)</g>\n"
)
_IN_PATH = re.compile(r" ?\n(?=[A-Zz\"])")


def compact(drawing: str) -> str:
    """Return an SVG of matplotlib with the same lines, letters and texts in comments."""
    without = {name for name, lines in _outlines(drawing).items() if not lines}
    drawing = _DOCTYPE.sub("", _METADATA.sub("", drawing))
    drawing = _LETTER.sub(lambda letter: _placed(letter, without), drawing)
    outlines = "".join(map(_outline, _OUTLINE.finditer(drawing)))
    drawing = _OUTLINE.sub("", drawing)
    drawing = _BETWEEN.sub("\n", _TAG.sub(_compact_tag, drawing))
    drawing = _GROUP.sub(r"\1", _NO_OUTLINES.sub("", drawing))
    # All outlines stand in the first place for them, instead of each where its letter comes first.
    return drawing.replace("</defs>\n", outlines + "</defs>\n", 1)


def _outlines(drawing: str) -> dict[str, str | None]:
    """Return the outline of each letter; that of a space has no lines."""
    return {f"{font}-{glyph}": lines for font, glyph, lines in _OUTLINE.findall(drawing)}


def _placed(letter: re.Match[str], without: set[str]) -> str:
    font, glyph, *place = letter.groups(default="0")
    if f"{font}-{glyph}" in without:
        return ""
    told = {axis: round(float(at) * UNITS / _SIZE) for axis, at in zip("xy", place, strict=True)}
    where = "".join(f' {axis}="{at}"' for axis, at in told.items() if at)
    return f'<use xlink:href="#{_initials(font)}{glyph}"{where}/>'


def _outline(letter: re.Match[str]) -> str:
    font, glyph, lines = letter.groups()
    return f'<path id="{_initials(font)}{glyph}" d="{_shortened_once(lines)}"/>\n' if lines else ""


@cache
def _initials(font: str) -> str:
    return "".join(letter for letter in font.removeprefix(_FIRST_FONT) if letter.isupper())


# The same letters stand in all figures.
_shortened_once = cache(shortened)


def _compact_tag(found: re.Match[str]) -> str:
    tag = _TEXT.sub(_in_units, found[0])
    return _IN_PATH.sub("", _NUMBER.sub(_rounded, tag))


def _in_units(text: re.Match[str]) -> str:
    # Exact: a scale holds for all of a text.
    scale = f"{float(text[1]) * _SIZE / UNITS:.6g}"
    return f"scale({scale} -{scale})"


def _rounded(found: re.Match[str]) -> str:
    number = found[0]
    if number.startswith("scale"):
        return number
    text = f"{float(number):.{POINTS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
