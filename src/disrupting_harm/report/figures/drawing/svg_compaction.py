"""A figure's SVG made smaller, without digits and spaces that nobody can see.

A figure's SVG is published and read by every page that shows it. What matplotlib writes is to two
thirds outlines and names of letters, room between lines, and decimals of a millionth of a point;
spaces are letters without an outline, each text, line and area has a group of its own, and the
title is written twice.
"""

import re
from collections import Counter
from functools import cache
from string import ascii_letters, ascii_lowercase, ascii_uppercase

# Outlines of letters. matplotlib writes every point of a letter from the edge of the drawing, in
# 6,400 parts of the letter's size; fonts have a thousand, and 500 are enough: in a text of ten
# points no point moves by more than 0.004 millimetres. Here a point counts from the last one, and a
# curve that goes on smoothly from the one before, as most do, is its end alone (``t`` in SVG).
UNITS = 500  # in the size of a letter; templates/styles/fallback.typ counts in them, too
_MATPLOTLIB_UNITS = 6400  # 64ths of a point, in letters of 100 points
_OUTLINE_STEP = re.compile(r"([A-Za-z])([^A-Za-z]*)")
Point = tuple[int, int]


def shorten_outline(outline: str) -> str:
    """Return the ``d`` of a letter that matplotlib wrote, in ``UNITS`` of the letter's size.

    Points move by half a unit each way at most; bends by one and a half, where a smooth curve
    takes their place.
    """
    steps: list[str] = []
    pen = start = (0, 0)
    smooth: Point | None = None  # where a curve that goes on smoothly has its bend
    for command, numbers in _OUTLINE_STEP.findall(outline):
        if command in "Zz":
            if steps[-1][0] in "lhv" and pen == start:
                steps.pop()  # "z" draws it, too
            steps.append("z")
            pen, smooth = start, None
            continue
        *bends, end = _read_points(numbers)
        goes_on = command == "Q" and smooth is not None and _are_near(bends[0], smooth)
        if goes_on:
            steps.append("t" + _format_steps_from(pen, [end]))
        elif command == "L" and 0 in _subtract_points(pen, end):
            across, up = _subtract_points(pen, end)
            steps.append(f"h{across}" if up == 0 else f"v{up}")
        else:
            steps.append(command.lower() + _format_steps_from(pen, [*bends, end]))
        bend = smooth if goes_on else bends[0] if command == "Q" else None
        smooth = (2 * end[0] - bend[0], 2 * end[1] - bend[1]) if bend else None
        pen, start = end, end if command == "M" else start
    return _join_steps(steps)


def _read_points(numbers: str) -> list[Point]:
    coordinates = [round(float(number) * UNITS / _MATPLOTLIB_UNITS) for number in numbers.split()]
    return list(zip(coordinates[::2], coordinates[1::2], strict=True))


def _subtract_points(start: Point, end: Point) -> Point:
    return end[0] - start[0], end[1] - start[1]


def _are_near(point: Point, other_point: Point) -> bool:
    return max(map(abs, _subtract_points(point, other_point))) <= 1


def _format_steps_from(start: Point, points: list[Point]) -> str:
    differences = [str(number) for point in points for number in _subtract_points(start, point)]
    return " ".join(differences).replace(" -", "-")


def _join_steps(steps: list[str]) -> str:
    """Return steps one after the other; the letter of a step like the one before is left out."""
    step_texts = []
    for index, step in enumerate(steps):
        same_command = index > 0 and step[0] == steps[index - 1][0] and step[0] in "qtlc"
        gap = "" if step[1:].startswith("-") else " "
        step_texts.append(gap + step[1:] if same_command else step)
    return "".join(step_texts)


POINTS = 3  # decimals of a position on the page: a thousandth of a point
_SIZE = 100  # points of matplotlib's letters; ours are of UNITS
_FONT = r"([A-Z][A-Za-z]*(?:-[A-Z][A-Za-z]*)?-[0-9a-f]+)"
# A letter of a text: which, and where in its line.
_LETTER = re.compile(
    rf'<use xlink:href="#{_FONT}"(?: transform="translate\((\S+) (\S+)\)")?/>(?:\n *(?=<use ))?'
)
_OUTLINE = re.compile(rf'<path id="{_FONT}"(?: d="([^"]*)")? transform="scale\(0\.015625\)"/>')
# All others; in comments stand texts, in links addresses.
_TAG = re.compile(r'<(?!a |use xlink:href="#[A-Z]|path id="[A-Z])[a-z][^>]*>')
_TEXT = re.compile(r"scale\((\S+) -\1\)")
_COLOUR = re.compile(r'style="fill: (#\w+)"(?= transform=)')
_NUMBER = re.compile(r"scale\([^)]*\)|-?\d+\.\d+")
_BETWEEN = re.compile(r"\n\s+(?=<)")
_METADATA = re.compile(r"<metadata>.*?</metadata>\n", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE[^>]*>\n")
_NO_OUTLINES = re.compile(r"<defs>\n+</defs>\n")
_SIZE_OF_PAGE = re.compile(r'viewBox="0 0 (\S+) (\S+)"')
# A group that says nothing, round what has no groups in it.
_BARE = re.compile(r"<g>\n((?:<(?!/?g\b).*\n)+)</g>\n")
# A group round one text, or round what has no groups in it.
_GROUP = re.compile(
    r'<g id="(?:text|line2d|patch|LineCollection)_\d+">\n'
    r"((?:<!--.*-->\n<g [^>]*>\n(?:<(?!/?g\b).*\n)*</g>\n)|(?:<(?!/?g\b).*\n)+)</g>\n"
)
_IN_PATH = re.compile(r" ?\n(?=[A-Zz\"])|(?<=[:;]) ")
_PATH = re.compile(r' d="(M[^"]*)"')
_PATH_STEP = re.compile(r"([MLCQz])([^MLCQz]*)")
_LINE_END = re.compile(r"(?<!--)>\n<")
# Shapes of markers, hatches and clips, by which many marks are drawn.
_SHAPE = re.compile(r'(?<=id="|f="#|rl\(#)[hmp][0-9a-f]{10}\b')


def compact_svg(drawing: str) -> str:
    """Return an SVG of matplotlib with the same lines, letters and texts in comments."""
    letter_names = _name_letters(drawing)
    drawing = _TAG.sub(_compact_tag, _DOCTYPE.sub("", _METADATA.sub("", drawing)))
    drawing = _LETTER.sub(lambda letter: _place_letter(letter, letter_names), drawing)
    outlines = "".join(
        _define_outline(outline, letter_names) for outline in _OUTLINE.finditer(drawing)
    )
    drawing = _BETWEEN.sub("\n", _OUTLINE.sub("", drawing))
    drawing = _BARE.sub(r"\1", _remove_page_clip(drawing))
    drawing = _GROUP.sub(r"\1", _NO_OUTLINES.sub("", drawing))
    shapes = {
        name: f"{name[0]}{index}"
        for index, name in enumerate(dict.fromkeys(_SHAPE.findall(drawing)))
    }
    drawing = _SHAPE.sub(lambda shape: shapes[shape[0]], drawing)
    # All outlines stand in the first place for them, instead of each where its letter comes first.
    return drawing.replace("</defs>\n", outlines + "</defs>\n", 1)


def join_svg_lines(drawing: str) -> str:
    """Return an SVG without the ends of lines between its parts; a text's words end their line."""
    return _LINE_END.sub("><", drawing)


def _remove_page_clip(drawing: str) -> str:
    """Return the drawing with no clip as large as its page: nothing is drawn beyond that."""
    page = _SIZE_OF_PAGE.search(drawing)
    if page is None:
        return drawing
    rectangle = f'<rect x="0" y="0" width="{page[1]}" height="{page[2]}"/>'
    clip = re.compile(rf'<clipPath id="(\w+)">\n{re.escape(rectangle)}\n</clipPath>\n')
    for clip_path in clip.finditer(drawing):
        drawing = drawing.replace(f' clip-path="url(#{clip_path[1]})"', "")
    return clip.sub("", drawing)


def _name_letters(drawing: str) -> dict[str, str]:
    """Return a name for each letter that has lines: the more often it stands there, the shorter.

    Those of semibold letters begin with a capital, by which fallback.typ knows them.
    """
    used = Counter(letter for letter, *_ in _LETTER.findall(drawing))
    blank = {letter for letter, outline in _OUTLINE.findall(drawing) if not outline}
    letters = [letter for letter, _ in used.most_common() if letter not in blank]
    bold = [letter for letter in letters if "SemiBold" in letter]
    plain = [letter for letter in letters if letter not in bold]
    return {
        letter: _format_letter_name(number, alphabet)
        for alphabet, letters_of_weight in ((ascii_uppercase, bold), (ascii_lowercase, plain))
        for number, letter in enumerate(letters_of_weight)
    }


def _format_letter_name(number: int, first_letters: str) -> str:
    number, first_index = divmod(number, len(first_letters))
    name = first_letters[first_index]
    while number:
        number, index = divmod(number, len(ascii_letters))
        name += ascii_letters[index]
    return name


def _place_letter(letter: re.Match[str], letter_names: dict[str, str]) -> str:
    letter_id, *position = letter.groups(default="0")
    if letter_id not in letter_names:
        return ""
    coordinates = {
        axis: round(float(coordinate) * UNITS / _SIZE)
        for axis, coordinate in zip("xy", position, strict=True)
    }
    attributes = "".join(
        f' {axis}="{coordinate}"' for axis, coordinate in coordinates.items() if coordinate
    )
    return f'<use xlink:href="#{letter_names[letter_id]}"{attributes}/>'


def _define_outline(match: re.Match[str], letter_names: dict[str, str]) -> str:
    letter, outline = match.groups()
    return (
        f'<path id="{letter_names[letter]}" d="{_shorten_outline_once(outline)}"/>\n'
        if outline
        else ""
    )


# The same letters stand in all figures.
_shorten_outline_once = cache(shorten_outline)


def _compact_tag(match: re.Match[str]) -> str:
    tag = _COLOUR.sub(r'fill="\1"', _TEXT.sub(_scale_to_units, match[0]))
    return _PATH.sub(_shorten_path, _IN_PATH.sub("", _NUMBER.sub(_round_number, tag)))


def _shorten_path(match: re.Match[str]) -> str:
    """Return the lines of a path, those along an axis with one number instead of two."""
    path, x, y = "", "", ""
    for letter, numbers in _PATH_STEP.findall(match[1]):
        *_, right, down = numbers.split() or [x, y]
        if letter == "L" and down == y:
            path += f"H{right}"
        elif letter == "L" and right == x:
            path += f"V{down}"
        else:
            path += letter + numbers.strip()
        x, y = right, down
    return f' d="{path}"'


def _scale_to_units(match: re.Match[str]) -> str:
    # Exact: a scale holds for all of a text.
    scale = f"{float(match[1]) * _SIZE / UNITS:.6g}"
    return f"scale({scale} -{scale})"


def _round_number(match: re.Match[str]) -> str:
    number = match[0]
    if number.startswith("scale"):
        return number
    digits = f"{float(number):.{POINTS}f}".rstrip("0").rstrip(".")
    return "0" if digits == "-0" else digits
