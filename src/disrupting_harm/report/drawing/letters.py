"""Letters of a text in their places: shaping, widths and line breaks in every script.

Letters are shaped without hinting, so that one shape of a text serves every size; in some scripts
they move above, below and before each other. Outlines count in :data:`UNITS` of the letter's size:
in a text of ten points no point moves by more than 0.004 millimetres.
"""

import re
from functools import cache
from io import BytesIO
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from matplotlib.ft2font import FT2Font, LoadFlags

from disrupting_harm.report.drawing.widths import MM_PER_POINT
from disrupting_harm.report.language.addressed_text import strip_addresses
from disrupting_harm.report.language.fonts import OTHER, find_semibold_files, font_files
from disrupting_harm.report.language.scripts import SCRIPTS, list_typefaces

# The families in the order in which a letter is looked up in them.
FAMILIES = (*(typeface.family for typeface in list_typefaces()), OTHER)
UNITS = 500  # in the size of a letter; templates/styles/fallback.typ counts in them, too
_SHAPED_SIZE = 100  # points
_SUBPIXELS = 64  # FreeType measures in parts of a pixel
# From what FreeType measures upwards to units of a page, which count downwards.
_TO_UNITS = UNITS / _SHAPED_SIZE * np.array([1, -1])
Point = tuple[int, int]


class Glyph(NamedTuple):
    """A letter in its place: the name of its outline, and where it begins in :data:`UNITS`."""

    name: str
    x: int
    y: int


class Shape(NamedTuple):
    """The letters of one line of text that have an outline, and its width in sizes of a letter."""

    glyphs: tuple[Glyph, ...]
    width: float


# The outline of each letter that was shaped, as the ``d`` of an SVG path; empty for spaces.
OUTLINES: dict[str, str] = {}


@cache
def shape_text(text: str, bold: bool = False) -> Shape:
    """Return the shape of one line of text; addresses of numbers are left out."""
    font = _load_font(bold)
    font.set_size(_SHAPED_SIZE, 72)
    plain_text = strip_addresses(text)
    placed = [
        (_outline_letter(glyph.ft_object, glyph.glyph_index), glyph.x, glyph.y)
        for glyph in font._layout(plain_text, LoadFlags.NO_HINTING)
    ]
    in_units = UNITS / _SHAPED_SIZE
    return Shape(
        tuple(
            Glyph(name, round(x * in_units), round(-y * in_units))
            for name, x, y in placed
            if OUTLINES[name]
        ),
        _measure_width(plain_text, bold),
    )


@cache
def _measure_width(plain_text: str, bold: bool) -> float:
    """Return the width of one line in sizes of a letter; no letter is outlined for it."""
    font = _load_font(bold)
    font.set_size(_SHAPED_SIZE, 72)
    font.set_text(plain_text, 0.0, flags=LoadFlags.NO_HINTING)
    return font.get_width_height()[0] / (_SUBPIXELS * _SHAPED_SIZE)


@cache
def _load_font(bold: bool) -> FT2Font:
    """Return the font of the first family, which falls back on the others.

    What the few letters of the bold fonts lack is written in the regular ones. FreeType has the
    files in memory: matplotlib's own way reads them anew for every letter, three times as long.
    """
    heavy = find_semibold_files().values() if bold else []
    files = [*heavy, *(font_files()[family] for family in FAMILIES)]
    first, *others = [BytesIO(path.read_bytes()) for path in files]
    return FT2Font(first, _fallback_list=[FT2Font(file) for file in others])


def load_fonts() -> None:
    """Load the fonts; processes that are forked from this one then share them."""
    for bold in (False, True):
        _load_font(bold)


def _outline_letter(font: FT2Font, glyph_index: int) -> str:
    """Return the name of a letter, whose outline then stands in :data:`OUTLINES`."""
    name = f"{font.postscript_name}-{glyph_index:x}"
    if name not in OUTLINES:
        font.set_size(_SHAPED_SIZE, 72)
        font.load_glyph(glyph_index, flags=LoadFlags.NO_HINTING)  # type: ignore[arg-type]
        points, codes = font.get_path()
        OUTLINES[name] = _format_outline(points * _TO_UNITS, codes)
    return name


_MOVE, _LINE, _QUADRATIC, _CUBIC, _CLOSE = 1, 2, 3, 4, 79
_POINTS_OF_STEP = {_MOVE: 1, _LINE: 1, _QUADRATIC: 2, _CUBIC: 3, _CLOSE: 1}


def _format_outline(points: np.ndarray, codes: np.ndarray) -> str:
    """Return an outline as the ``d`` of an SVG path of whole numbers, each from the last point.

    A curve that goes on smoothly from the one before, as most do, is its end alone (``t``).
    """
    whole = [(round(float(x)), round(float(y))) for x, y in points]
    steps: list[str] = []
    pen = start = (0, 0)
    smooth: Point | None = None  # where a curve that goes on smoothly has its bend
    position = 0
    while position < len(codes):
        code = int(codes[position])
        *bends, end = whole[position : position + _POINTS_OF_STEP[code]]
        position += _POINTS_OF_STEP[code]
        across, up = end[0] - pen[0], end[1] - pen[1]
        if code == _CLOSE:
            if steps and steps[-1][0] in "lhv" and pen == start:
                steps.pop()  # "z" draws it, too
            steps.append("z")
            pen, smooth = start, None
            continue
        goes_on = code == _QUADRATIC and smooth is not None and _are_near(bends[0], smooth)
        if goes_on:
            steps.append("t" + _format_steps(pen, [end]))
        elif code == _LINE and 0 in (across, up):
            steps.append(f"h{across}" if up == 0 else f"v{up}")
        else:
            letter = {_MOVE: "m", _LINE: "l", _QUADRATIC: "q", _CUBIC: "c"}[code]
            steps.append(letter + _format_steps(pen, [*bends, end]))
        bend = smooth if goes_on else bends[0] if code == _QUADRATIC else None
        smooth = (2 * end[0] - bend[0], 2 * end[1] - bend[1]) if bend else None
        pen, start = end, end if code == _MOVE else start
    return _join_steps(steps)


def _are_near(point: Point, other_point: Point) -> bool:
    return abs(point[0] - other_point[0]) <= 1 and abs(point[1] - other_point[1]) <= 1


def _format_steps(start: Point, points: list[Point]) -> str:
    differences = [f"{x - start[0]} {y - start[1]}" for x, y in points]
    return " ".join(differences).replace(" -", "-")


def _join_steps(steps: list[str]) -> str:
    """Return steps one after the other; the letter of a step like the one before is left out."""
    joined, previous = [], ""
    for step in steps:
        same_command = step[0] == previous and previous in "qtlc"
        gap = "" if step[1:].startswith("-") else " "
        joined.append(gap + step[1:] if same_command else step)
        previous = step[0]
    return "".join(joined)


ZERO_WIDTH_SPACE = "\u200b"
# Where a line may end inside a run without spaces, should nothing better be at hand. Translators
# mark better places with a zero-width space.
_SYLLABLE = re.compile("|".join(script.breaks for script in SCRIPTS.values() if script.breaks))


def measure_text(text: str, font_size: float, bold: bool = False) -> float:
    """Return the width of one line in millimetres at ``font_size`` points."""
    return _measure_width(strip_addresses(text), bold) * font_size * MM_PER_POINT


def wrap_text(
    text: str, width: float, font_size: float, bold: bool = False, indent: float = 0.0
) -> tuple[str, ...]:
    """Return ``text`` in lines no wider than ``width`` millimetres at ``font_size`` points.

    Lines end at spaces and zero-width spaces; a word that is too wide for a line ends at a
    syllable, and one that cannot be divided stays in one line. The first line begins at ``indent``.
    Addresses of numbers are left out.
    """
    return _wrap_plain_text(strip_addresses(text), width, font_size, bold, indent)


@cache
def _wrap_plain_text(
    text: str, width: float, font_size: float, bold: bool, indent: float
) -> tuple[str, ...]:
    chunks = _split_into_chunks(text, width, font_size, bold)
    widths = [measure_text(chunk, font_size, bold) for chunk in chunks]
    wrapped_lines: list[str] = []
    start, room = 0, width - indent

    def fits(end: int) -> bool:
        line = "".join(chunks[start:end]).rstrip()
        return measure_text(line, font_size, bold) <= room

    while start < len(chunks):
        # Letters move a little where chunks meet: their sum says where a line ends, but for one.
        least = start + (room == width)
        end = max(least, start + sum(total <= room for total in accumulate(widths[start:])))
        while end > least and not fits(end):
            end -= 1
        while end < len(chunks) and fits(end + 1):
            end += 1
        wrapped_lines.append("".join(chunks[start:end]).rstrip())
        start, room = end, width
    return tuple(wrapped_lines) or ("",)


def _split_into_chunks(text: str, width: float, font_size: float, bold: bool) -> list[str]:
    words = [word for word in re.split(rf"(?<= )|{ZERO_WIDTH_SPACE}", text.strip()) if word]
    chunks: list[str] = []
    for word in words:
        fits = measure_text(word, font_size, bold) <= width
        chunks += [word] if fits else _SYLLABLE.split(word)
    return chunks
