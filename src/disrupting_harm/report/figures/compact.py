"""The same drawing in fewer letters: an SVG without digits and spaces that nobody can see.

A figure's SVG is published and read by every page that shows it. What matplotlib writes is to two
thirds outlines and names of letters, room between lines, and decimals of a millionth of a point.
"""

import re
from functools import cache

from disrupting_harm.report.figures.outlines import UNITS, shortened

POINTS = 3  # decimals of a place on the page: a thousandth of a point
_SIZE = 100  # points of matplotlib's letters; ours are of UNITS
_FONT = r"([A-Z][A-Za-z]*(?:-[A-Z][A-Za-z]*)?)-([0-9a-f]+)"
# A letter of a text: which, and where in its line.
_LETTER = re.compile(rf'<use xlink:href="#{_FONT}"(?: transform="translate\((\S+) (\S+)\)")?/>')
_OUTLINE = re.compile(rf'<path id="{_FONT}"(?: d="([^"]*)")? transform="scale\(0\.015625\)"/>')
# All others; in comments stand texts, in links addresses.
_TAG = re.compile(r'<(?!a |use xlink:href="#[A-Z]|path id="[A-Z])[a-z][^>]*>')
_TEXT = re.compile(r"scale\((\S+) -\1\)")
_NUMBER = re.compile(r"scale\([^)]*\)|-?\d+\.\d+")
_BETWEEN = re.compile(r"\n\s+(?=<)")
_IN_PATH = re.compile(r" ?\n(?=[A-Zz\"])")


def compact(drawing: str) -> str:
    """Return an SVG of matplotlib with the same lines, letters and texts in comments."""
    drawing = _OUTLINE.sub(_outline, _LETTER.sub(_placed, drawing))
    return _BETWEEN.sub("\n", _TAG.sub(_compact_tag, drawing))


def _placed(letter: re.Match[str]) -> str:
    font, glyph, *place = letter.groups(default="0")
    told = {axis: round(float(at) * UNITS / _SIZE) for axis, at in zip("xy", place, strict=True)}
    where = "".join(f' {axis}="{at}"' for axis, at in told.items() if at)
    return f'<use xlink:href="#{_initials(font)}{glyph}"{where}/>'


def _outline(letter: re.Match[str]) -> str:
    font, glyph, lines = letter.groups()
    drawn = f' d="{_shortened_once(lines)}"' if lines else ""
    return f'<path id="{_initials(font)}{glyph}"{drawn}/>'


@cache
def _initials(font: str) -> str:
    return "".join(letter for letter in font if letter.isupper())


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
