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
    load_house_font,
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

    def scale_by(self, factor: float) -> "Letter":
        """Return the letter in a text ``factor`` times as large."""
        return self._replace(
            x=self.x * factor, y=self.y * factor, prev_kern=self.prev_kern * factor
        )


@dataclass(frozen=True)
class TextShape:
    """A text of ``TextToPath.FONT_SCALE`` points: its letters, their names, and its outline.

    ``outline_names`` are those that matplotlib gives the outlines of letters in an SVG;
    ``letter_indices`` tells of each point of the outline which letter it belongs to.
    """

    letters: tuple[Letter, ...]
    outline_names: tuple[str, ...]
    outline: Outline
    letter_indices: np.ndarray

    def outline_on_pixels(self, x: float, y: float, size_in_pixels: float) -> Line:
        """Return the outline in letters of ``size_in_pixels`` pixels whose line begins at x, y.

        Each letter begins at the nearest whole pixel, and so does the line's height: the same
        letter then has the same pixels wherever it stands, and a file of pixels is a fifth smaller.
        """
        scale = size_in_pixels / LETTERS.FONT_SCALE
        points, codes = self.outline
        letter_starts = x + scale * np.array([letter.x for letter in self.letters])
        shifts = _round_to_pixels(letter_starts) - letter_starts
        points = points * scale + (x, float(_round_to_pixels(np.array(y))))
        points[:, 0] += shifts[self.letter_indices]
        return Line(points, codes)


def _round_to_pixels(positions: np.ndarray) -> np.ndarray:
    """Return the nearest whole pixels; a position near a half goes up on every processor."""
    pixels: np.ndarray = np.floor(np.round(positions, 6) + 0.5)
    return pixels


class Letters(TextToPath):
    """What shapes and measures texts for matplotlib's renderers, and remembers what it did."""

    def __init__(self) -> None:
        super().__init__()
        self._outlines: dict[str, Outline] = {}
        self._shapes: dict[tuple[str, bool], TextShape] = {}
        self._measures: dict[tuple[str, bool], tuple[float, float, float]] = {}

    def shape(self, text: str, bold: bool = False) -> TextShape:
        """Return the shape of one line of text."""
        if (text, bold) not in self._shapes:
            self._shapes[text, bold] = self._new_shape(text, bold)
        return self._shapes[text, bold]

    def measure_text(self, text: str, bold: bool = False) -> tuple[float, float, float]:
        """Return width, height and depth below the baseline of a text of one point."""
        if (text, bold) not in self._measures:
            font = self._load_font(bold)
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
        font_size = prop.get_size_in_points()
        width, height, depth = self.measure_text(s, is_bold(prop))
        return width * font_size, height * font_size, depth * font_size

    def get_glyphs_with_font(self, font: FT2Font, s: str, *maps: Any, **more: Any) -> Any:
        """Return places of letters, and the outlines that ``glyph_map`` lacks: what SVG needs."""
        known_glyphs, shape = more["glyph_map"], self.shape(s, font is load_house_font(True))
        positions = [
            (name, letter.x, letter.y, 1.0)
            for name, letter in zip(shape.outline_names, shape.letters, strict=True)
        ]
        return (
            positions,
            {
                name: self._outlines[name]
                for name in shape.outline_names
                if name not in known_glyphs
            },
            [],
        )

    def _get_font(self, prop: FontProperties) -> FT2Font:
        return self._load_font(is_bold(prop))

    def _load_font(self, bold: bool) -> FT2Font:
        font = load_house_font(bold)
        font.set_size(self.FONT_SCALE, self.DPI)
        return font

    def _new_shape(self, text: str, bold: bool) -> TextShape:
        glyphs = self._load_font(bold)._layout(text, LoadFlags.NO_HINTING)
        outline_names = tuple(
            self._name_outline(glyph.ft_object, glyph.glyph_index) for glyph in glyphs
        )
        letters = tuple(
            Letter(
                Face(str(glyph.ft_object.fname), glyph.ft_object.face_index),
                *(glyph.char, glyph.glyph_index, glyph.x, glyph.y, glyph.prev_kern),
            )
            for glyph in glyphs
        )
        points, codes = [np.empty((0, 2))], [np.empty(0, np.uint8)]
        for name, letter in zip(outline_names, letters, strict=True):
            points.append(self._outlines[name][0] + (letter.x, letter.y))
            codes.append(self._outlines[name][1])
        owners = np.repeat(
            np.arange(len(letters)), [len(letter_points) for letter_points in points[1:]]
        )
        return TextShape(
            letters, outline_names, (np.concatenate(points), np.concatenate(codes)), owners
        )

    def _name_outline(self, font: FT2Font, glyph: GlyphIndexType) -> str:
        name = f"{font.postscript_name}-{glyph:x}"
        if name not in self._outlines:
            font.load_glyph(glyph, flags=LoadFlags.NO_HINTING)
            self._outlines[name] = font.get_path()
        return name


def is_bold(prop: FontProperties) -> bool:
    """Return whether a text is written in the heavier of the two weights."""
    return prop.get_weight() == SEMIBOLD


LETTERS = Letters()

# Wrapping of texts, in scripts with and without spaces between words.
ZERO_WIDTH_SPACE = "\u200b"
# Where a line may end inside a run without spaces, should nothing better be at hand: before a
# Khmer letter that is not subscript (U+17D2 makes it so), and before a Thai letter or leading
# vowel that begins a syllable. Translators mark better places with a zero-width space.
_KHMER = r"(?<=[\u1780-\u17d3\u17dd])(?<!\u17d2)(?=[\u1780-\u17b3])"
_THAI = r"(?<=[\u0e01-\u0e3a\u0e45-\u0e4e])(?<![\u0e31\u0e40-\u0e44])(?=[\u0e40-\u0e44])"
_SYLLABLE = re.compile(f"{_KHMER}|{_THAI}")


def text_width(text: str, font_size: float, bold: bool = False) -> float:
    """Return the width of one line in millimetres at ``font_size`` points."""
    return (
        LETTERS.measure_text(strip_addresses(text), bold)[0]
        * font_size
        / POINTS_PER_INCH
        * MM_PER_INCH
    )


def wrap(
    text: str, width: float, font_size: float, bold: bool = False, indent: float = 0.0
) -> tuple[str, ...]:
    """Return ``text`` in lines no wider than ``width`` millimetres at ``font_size`` points.

    Lines end at spaces and zero-width spaces; a word that is too wide for a line ends at a
    syllable, and one that cannot be divided stays in one line. The first line begins at ``indent``.
    Addresses of numbers are left out.
    """
    return _wrap_once(strip_addresses(text), width, font_size, bold, indent)


@cache
def _wrap_once(
    text: str, width: float, font_size: float, bold: bool, indent: float
) -> tuple[str, ...]:
    unbroken = text.strip().replace(ZERO_WIDTH_SPACE, "")
    if text_width(unbroken, font_size, bold) <= width - indent:
        return (unbroken,)
    wrapped_lines: list[str] = []
    line, room = "", width - indent
    for chunk in _split_into_chunks(text, width, font_size, bold):
        if (line or room < width) and text_width((line + chunk).rstrip(), font_size, bold) > room:
            wrapped_lines.append(line.rstrip())
            line, room = "", width
        line += chunk
    return (*wrapped_lines, line.rstrip())


def _split_into_chunks(text: str, width: float, font_size: float, bold: bool) -> list[str]:
    words = [word for word in re.split(rf"(?<= )|{ZERO_WIDTH_SPACE}", text.strip()) if word]
    chunks: list[str] = []
    for word in words:
        chunks += [word] if text_width(word, font_size, bold) <= width else _SYLLABLE.split(word)
    return chunks
