"""The same drawing in fewer letters: an SVG without digits and spaces that nobody can see.

A figure's SVG is published and read by every page that shows it. What matplotlib writes is to two
thirds outlines and names of letters, room between lines, and decimals of a millionth of a point.
"""

import re

from disrupting_harm.report.figures.outlines import UNITS, shortened

POINTS = 3  # decimals of a place on the page: a thousandth of a point
_SIZE = 100  # points of matplotlib's letters; ours are of UNITS
_TAG = re.compile(r"<[a-z][^>]*>")
# A letter of a text: which, and where in its line.
_LETTER = re.compile(r'(<use xlink:href="[^"]*") transform="translate\((\S+) (\S+)\)"')
_OUTLINE = re.compile(r' d="([^"]*)" transform="scale\(0\.015625\)"')
_EMPTY = ' transform="scale(0.015625)"'
_TEXT = re.compile(r"scale\((\S+) -\1\)")
_NAME = re.compile(r'((?:id|href)="#?)([A-Z][A-Za-z]*-[A-Za-z]+)-([0-9a-f]+)"')
_NUMBER = re.compile(r"scale\([^)]*\)|-?\d+\.\d+")
_BETWEEN = re.compile(r"\n\s+(?=<)")
_IN_PATH = re.compile(r" ?\n(?=[A-Zz\"])")


def compact(drawing: str) -> str:
    """Return an SVG of matplotlib with the same lines, letters and texts in comments."""
    return _BETWEEN.sub("\n", _TAG.sub(lambda tag: _compact_tag(tag[0]), drawing))


def _compact_tag(tag: str) -> str:
    tag = _NAME.sub(lambda found: f'{found[1]}{_initials(found[2])}{found[3]}"', tag)
    tag = _OUTLINE.sub(lambda found: f' d="{shortened(found[1])}"', tag).replace(_EMPTY, "")
    tag = _LETTER.sub(_placed, tag)
    tag = _TEXT.sub(_in_units, tag)
    return _IN_PATH.sub("", _NUMBER.sub(_shortened, tag))


def _initials(font: str) -> str:
    return "".join(letter for letter in font if letter.isupper())


def _placed(letter: re.Match[str]) -> str:
    places = zip("xy", letter.groups()[1:], strict=True)
    told = {axis: round(float(at) * UNITS / _SIZE) for axis, at in places}
    return letter[1] + "".join(f' {axis}="{at}"' for axis, at in told.items() if at)


def _in_units(text: re.Match[str]) -> str:
    # Exact: a scale holds for all of a text.
    scale = f"{float(text[1]) * _SIZE / UNITS:.6g}"
    return f"scale({scale} -{scale})"


def _shortened(found: re.Match[str]) -> str:
    return found[0] if found[0].startswith("scale") else _rounded(found[0])


def _rounded(number: str) -> str:
    text = f"{float(number):.{POINTS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
