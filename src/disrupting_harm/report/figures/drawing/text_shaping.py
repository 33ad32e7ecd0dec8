"""Texts as letters in their places, shaped once for all formats, sizes and figures.

Shaping is the dearest part of a figure: every letter is looked up in its fonts, and in Khmer and
Thai letters move above, below and before each other. No letter is hinted, so that one shape of a
text serves every size.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font, GlyphIndexType, LoadFlags
from matplotlib.path import Path as Line
from matplotlib.textpath import TextToPath

from disrupting_harm.report.figures.drawing.style import (
    MM_PER_INCH,
    POINTS_PER_INCH,
    SEMIBOLD,
    house_font,
)
from disrupting_harm.report.language.addressed_text import strip_addresses

SUBPIXELS = 64  # FreeType measures in parts of a pixel
Outline = tuple[np.ndarray, np.ndarray]  # points, and what leads from one to the next


class Face(NamedTuple):
    """The file of a letter's font, by the names that matplotlib has for it."""

    fname: str
    face_index: int

    def load_glyph(self, *_: Any, **__: Any) -> None:
        """Do nothing: matplotlib loads each letter again, and this one has its place already."""


class Letter(NamedTuple):
    """A letter in its place, by the names that matplotlib has for its parts."""

    ft_object: Face
    char: str
    glyph_index: GlyphIndexType
    x: float
    y: float
    prev_kern: float

    def scaled(self, part: float) -> "Letter":
        """Return the letter in a text ``part`` times as large."""
        return self._replace(x=self.x * part, y=self.y * part, prev_kern=self.prev_kern * part)


@dataclass(frozen=True)
class Shape:
    """A text of ``TextToPath.FONT_SCALE`` points: its letters, their names, and its outline.

    ``names`` are those that matplotlib gives the outlines of letters in an SVG; ``owners`` tells of
    each point of the outline which letter it belongs to.
    """

    letters: tuple[Letter, ...]
    names: tuple[str, ...]
    outline: Outline
    owners: np.ndarray

    def on_pixels(self, x: float, y: float, size: float) -> Line:
        """Return the outline in letters of ``size`` pixels whose line begins at x, y.

        Each letter begins at the nearest whole pixel, and so does the line's height: the same
        letter then has the same pixels wherever it stands, and a file of pixels is a fifth smaller.
        """
        part = size / LETTERS.FONT_SCALE
        points, codes = self.outline
        begins = x + part * np.array([letter.x for letter in self.letters])
        moved = _whole(begins) - begins
        points = points * part + (x, float(_whole(np.array(y))))
        points[:, 0] += moved[self.owners]
        return Line(points, codes)


def _whole(places: np.ndarray) -> np.ndarray:
    """Return the nearest whole pixels; a place near a half goes up on every processor."""
    settled: np.ndarray = np.floor(np.round(places, 6) + 0.5)
    return settled


class Letters(TextToPath):
    """What shapes and measures texts for matplotlib's renderers, and remembers what it did."""

    def __init__(self) -> None:
        super().__init__()
        self._outlines: dict[str, Outline] = {}
        self._shapes: dict[tuple[str, bool], Shape] = {}
        self._measures: dict[tuple[str, bool], tuple[float, float, float]] = {}

    def shape(self, text: str, bold: bool = False) -> Shape:
        """Return the shape of one line of text."""
        if (text, bold) not in self._shapes:
            self._shapes[text, bold] = self._new_shape(text, bold)
        return self._shapes[text, bold]

    def measures(self, text: str, bold: bool = False) -> tuple[float, float, float]:
        """Return width, height and depth below the baseline of a text of one point."""
        if (text, bold) not in self._measures:
            font = self._font(bold)
            font.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
            width, height = font.get_width_height()
            unit = SUBPIXELS * self.FONT_SCALE
            found = width / unit, height / unit, font.get_descent() / unit
            self._measures[text, bold] = found
        return self._measures[text, bold]

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: Any
    ) -> tuple[float, float, float]:
        """Return width, height and depth below the baseline in points."""
        size = prop.get_size_in_points()
        width, height, depth = self.measures(s, is_bold(prop))
        return width * size, height * size, depth * size

    def get_glyphs_with_font(self, font: FT2Font, s: str, *maps: Any, **more: Any) -> Any:
        """Return places of letters, and the outlines that ``glyph_map`` lacks: what SVG needs."""
        known, shape = more["glyph_map"], self.shape(s, font is house_font(True))
        places = [
            (name, letter.x, letter.y, 1.0)
            for name, letter in zip(shape.names, shape.letters, strict=True)
        ]
        return places, {name: self._outlines[name] for name in shape.names if name not in known}, []

    def _get_font(self, prop: FontProperties) -> FT2Font:
        return self._font(is_bold(prop))

    def _font(self, bold: bool) -> FT2Font:
        font = house_font(bold)
        font.set_size(self.FONT_SCALE, self.DPI)
        return font

    def _new_shape(self, text: str, bold: bool) -> Shape:
        items = self._font(bold)._layout(text, LoadFlags.NO_HINTING)
        names = tuple(self._name(item.ft_object, item.glyph_index) for item in items)
        letters = tuple(
            Letter(
                Face(str(item.ft_object.fname), item.ft_object.face_index),
                *(item.char, item.glyph_index, item.x, item.y, item.prev_kern),
            )
            for item in items
        )
        points, codes = [np.empty((0, 2))], [np.empty(0, np.uint8)]
        for name, letter in zip(names, letters, strict=True):
            points.append(self._outlines[name][0] + (letter.x, letter.y))
            codes.append(self._outlines[name][1])
        owners = np.repeat(np.arange(len(letters)), [len(one) for one in points[1:]])
        return Shape(letters, names, (np.concatenate(points), np.concatenate(codes)), owners)

    def _name(self, font: FT2Font, glyph: GlyphIndexType) -> str:
        name = f"{font.postscript_name}-{glyph:x}"
        if name not in self._outlines:
            font.load_glyph(glyph, flags=LoadFlags.NO_HINTING)
            self._outlines[name] = font.get_path()
        return name


def is_bold(prop: FontProperties) -> bool:
    """Return whether a text is written in the heavier of the two weights."""
    return prop.get_weight() == SEMIBOLD


LETTERS = Letters()


# Measuring and wrapping text, in scripts with and without spaces between words.


ZERO_WIDTH_SPACE = "\u200b"
# Where a line may end inside a run without spaces, should nothing better be at hand: before a
# Khmer letter that is not subscript (U+17D2 makes it so), and before a Thai letter or leading
# vowel that begins a syllable. Translators mark better places with a zero-width space.
_KHMER = r"(?<=[\u1780-\u17d3\u17dd])(?<!\u17d2)(?=[\u1780-\u17b3])"
_THAI = r"(?<=[\u0e01-\u0e3a\u0e45-\u0e4e])(?<![\u0e31\u0e40-\u0e44])(?=[\u0e40-\u0e44])"
_SYLLABLE = re.compile(f"{_KHMER}|{_THAI}")


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Return the width of one line in millimetres at ``size`` points."""
    return LETTERS.measures(strip_addresses(text), bold)[0] * size / POINTS_PER_INCH * MM_PER_INCH


def wrap(
    text: str, width: float, size: float, bold: bool = False, indent: float = 0.0
) -> tuple[str, ...]:
    """Return ``text`` in lines no wider than ``width`` millimetres at ``size`` points.

    Lines end at spaces and zero-width spaces; a piece that is too wide on its own ends at a
    syllable, and one that cannot be parted stays whole. The first line begins at ``indent``.
    Addresses of numbers are left out.
    """
    return _wrapped(strip_addresses(text), width, size, bold, indent)


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
