"""The same drawing in fewer letters: an SVG without digits and spaces that nobody can see.

A figure's SVG is published, and stands in pages besides. What matplotlib writes is to a third room
between lines, decimals of a millionth of a point, and long names of letters.
"""

import re

POINTS = 3  # decimals of a place on the page: a thousandth of a point
LETTERS = 1  # of a place in a line of text, in hundredths of the size of its letters
_TAG = re.compile(r"<[a-z][^>]*>")
# A letter of a text: which, and where in its line.
_LETTER = re.compile(r'(<use xlink:href="[^"]*") transform="translate\((\S+) (\S+)\)"')
_NAME = re.compile(r'((?:id|href)="#?)([A-Z][A-Za-z]*-[A-Za-z]+)-([0-9a-f]+)"')
# Scales are exact: they hold for all of a text.
_NUMBER = re.compile(r"scale\([^)]*\)|-?\d+\.\d+")
_BETWEEN = re.compile(r"\n\s+(?=<)")
_IN_PATH = re.compile(r" ?\n(?=[A-Zz\"])")


def compact(drawing: str) -> str:
    """Return an SVG of matplotlib with the same lines, letters and texts in comments."""
    return _BETWEEN.sub("\n", _TAG.sub(lambda tag: _compact_tag(tag[0]), drawing))


def _compact_tag(tag: str) -> str:
    tag = _NAME.sub(lambda found: f'{found[1]}{_initials(found[2])}{found[3]}"', tag)
    tag = _LETTER.sub(_placed, tag)
    return _IN_PATH.sub("", _NUMBER.sub(_shortened, tag))


def _initials(font: str) -> str:
    return "".join(letter for letter in font if letter.isupper())


def _placed(letter: re.Match[str]) -> str:
    places = zip("xy", letter.groups()[1:], strict=True)
    told = {axis: _rounded(value, LETTERS) for axis, value in places}
    return letter[1] + "".join(f' {axis}="{at}"' for axis, at in told.items() if at != "0")


def _shortened(found: re.Match[str]) -> str:
    return found[0] if found[0].startswith("scale") else _rounded(found[0], POINTS)


def _rounded(number: str, digits: int) -> str:
    text = f"{float(number):.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
