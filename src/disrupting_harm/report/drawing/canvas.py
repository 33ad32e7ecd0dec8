"""A page of marks and texts, written as SVG.

Places are millimetres from the upper left corner; widths of lines, diameters of dots and sizes of
letters are points. A mark carries the address of the published row behind it as ``data-n``; one
that stands for several rows has their addresses with spaces between them. An ``id`` would have to
be unique, and dot and interval are marks of one number.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from string import ascii_letters, ascii_lowercase, ascii_uppercase
from typing import Literal

from disrupting_harm.report.drawing.letters import (
    FAMILIES,
    OUTLINES,
    UNITS,
    measure_text,
    shape_text,
)
from disrupting_harm.report.drawing.style import INK
from disrupting_harm.report.drawing.widths import MM_PER_POINT
from disrupting_harm.report.language.addressed_text import strip_addresses
from disrupting_harm.report.language.fonts import SEMIBOLD
from disrupting_harm.report.language.isolates import isolate_line

Align = Literal["left", "center", "right"]
MarkerShape = Literal["circle", "diamond", "square", "triangle"]
# How letters are written: as outlines, as texts in letters of the reader's device where these are
# Latin, or as texts that can be edited.
Lettering = Literal["outlines", "device", "live"]
SHARE_BEFORE_ANCHOR = {"left": 0.0, "center": 0.5, "right": 1.0}
_MIRRORED: dict[Align, Align] = {"left": "right", "center": "center", "right": "left"}
LETTER_MIDDLE = 0.33  # of the letter size, above the baseline
# Latin letters, also of Vietnamese, and common signs.
_ON_EVERY_DEVICE = re.compile("[ -\u024f\u1e00-\u1eff\u2010-\u2026\u2212]*")
_HATCH_PITCH = 2.83  # points between two lines of a hatch


@dataclass(frozen=True)
class PlacedText:
    """One line of text: ``x`` and ``y`` are the start of its baseline, ``turn`` is in degrees."""

    x: float
    y: float
    text: str
    size: float
    color: str
    bold: bool
    turn: float
    address: str

    @property
    def width(self) -> float:
        """Its width in millimetres."""
        return measure_text(self.text, self.size, self.bold)


@dataclass
class Canvas:
    """A page of ``width`` and ``height`` in millimetres; what has a higher layer lies above.

    Attributes:
        mirrored: whether places count from the right edge: what charts draw and write from left to
            right then stands from right to left.
        from_right: whether lines of text begin at the right.
    """

    width: float
    height: float
    mirrored: bool = False
    from_right: bool = False
    _elements: list[tuple[float, str, str | PlacedText]] = field(default_factory=list)
    _hatches: dict[str, str] = field(default_factory=dict)

    def count_from_left(self) -> "Canvas":
        """Return the same page with places from its left edge, as for time, whatever the script."""
        return replace(self, mirrored=False)

    def _mirror_place(self, x: float, width: float = 0.0) -> float:
        """Return where something begins that is so wide, from the left edge of the page."""
        return self.width - x - width if self.mirrored else x

    @property
    def texts(self) -> list[PlacedText]:
        """The texts in the order in which they were written."""
        return [element for _, _, element in self._elements if isinstance(element, PlacedText)]

    def draw_line(
        self,
        points: Sequence[tuple[float, float]],
        color: str,
        width: float,
        *,
        dashes: Sequence[float] = (),
        layer: float = 2,
        address: str | None = None,
        name: str = "",
    ) -> None:
        """Draw a line through points.

        Args:
            dashes: lengths of strokes and gaps in widths of the line; empty for an unbroken one.
            name: class of the element in the SVG.
        """
        broken = " ".join(_format_number(dash * width) for dash in dashes)
        pattern = f' stroke-dasharray="{broken}"' if dashes else ""
        look = f' fill="none" stroke="{color}" stroke-width="{_format_number(width)}"{pattern}'
        places = [(self._mirror_place(x), y) for x, y in points]
        self._add_path(_format_points(places), look, layer, address, name)

    def draw_area(
        self,
        points: Sequence[tuple[float, float]],
        fill: str,
        *,
        layer: float = 1,
        address: str | None = None,
    ) -> None:
        """Fill the area inside points."""
        places = [(self._mirror_place(x), y) for x, y in points]
        self._add_path(f"{_format_points(places)}z", f' fill="{fill}"', layer, address)

    def draw_box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str = "none",
        edge: str = "",
        edge_width: float = 0.7,
        dashes: Sequence[float] = (),
        hatch: str = "",
        layer: float = 1,
        address: str | None = None,
        name: str = "",
    ) -> None:
        """Draw a box from its upper left corner.

        Args:
            hatch: the colour of slanting lines over it.
        """
        x = self._mirror_place(x, width)
        left, top, right, foot = (_format_length(place) for place in (x, y, x + width, y + height))
        box = f"M{left} {top}H{right}V{foot}H{left}z"
        if hatch:
            if fill != "none":
                self._add_path(box, f' fill="{fill}"', layer, None)
            fill = f"url(#{self._hatches.setdefault(hatch, f'h{len(self._hatches)}')})"
        broken = " ".join(_format_number(dash * edge_width) for dash in dashes)
        pattern = f' stroke-dasharray="{broken}"' if dashes else ""
        frame = (
            f' stroke="{edge}" stroke-width="{_format_number(edge_width)}"{pattern}' if edge else ""
        )
        self._add_path(box, f' fill="{fill}"{frame}', layer, address, name)

    def draw_marker(
        self,
        x: float,
        y: float,
        shape: MarkerShape,
        diameter: float,
        fill: str,
        edge: str,
        *,
        edge_width: float = 1.2,
        layer: float = 3,
        address: str | None = None,
    ) -> None:
        """Draw a marker round a point; ``diameter`` is that of a circle, or a side, in points."""
        x, half = self._mirror_place(x), diameter / 2 * MM_PER_POINT
        look = f' fill="{fill}" stroke="{edge}" stroke-width="{_format_number(edge_width)}"'
        if shape == "circle":
            centre = f'cx="{_format_length(x)}" cy="{_format_length(y)}"'
            centre = f'{centre} r="{_format_number(diameter / 2)}"'
            self._add_element(layer, f"<circle {centre}{look}{_format_address(address)}/>")
            return
        reach = half * 2**0.5
        corners = {
            "square": [
                *((x - half, y - half), (x + half, y - half)),
                *((x + half, y + half), (x - half, y + half)),
            ],
            "diamond": [(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)],
            "triangle": [(x, y - half), (x + half, y + half), (x - half, y + half)],
        }[shape]
        self._add_path(f"{_format_points(corners)}z", look, layer, address)

    def draw_half_disc(
        self, x: float, y: float, diameter: float, fill: str, *, layer: float = 3
    ) -> None:
        """Fill the half of a disc at which lines begin."""
        radius = _format_number(diameter / 2)
        top = _format_length(y - diameter / 2 * MM_PER_POINT)
        start, sweep = f"M{_format_length(self._mirror_place(x))} {top}", int(self.mirrored)
        half = f"{start}a{radius} {radius} 0 0 {sweep} 0 {_format_number(diameter)}z"
        self._add_path(half, f' fill="{fill}"', layer, None)

    def write_text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        color: str = INK,
        bold: bool = False,
        align: Align = "left",
        turn: float = 0.0,
        layer: float = 4,
        address: str | None = None,
        name: str = "",
    ) -> None:
        """Write one line of text with the middle of its letters at height y.

        A text that is turned, in degrees against the clock, begins at the point itself.
        """
        plain_text = strip_addresses(text)
        if not plain_text:
            return
        if self.mirrored:
            # The middle of turned letters, not their foot, is as far from the other edge.
            above = 2 * LETTER_MIDDLE * size * MM_PER_POINT if turn else 0.0
            x, align = self._mirror_place(x) + above, _MIRRORED[align]
        if not turn:
            x -= SHARE_BEFORE_ANCHOR[align] * measure_text(plain_text, size, bold)
            y += LETTER_MIDDLE * size * MM_PER_POINT
        if self.from_right:
            plain_text = isolate_line(plain_text)
        placed = PlacedText(x, y, plain_text, size, color, bold, turn, address or "")
        self._elements.append((layer, name, placed))

    def render_svg(self, title: str, lettering: Lettering = "outlines") -> str:
        """Return the page as SVG, the same text everywhere; ``title`` is for who hears it."""
        names = _name_letters(self.texts if lettering != "live" else [])
        used: set[str] = set()
        body = []
        for _, name, element in sorted(self._elements, key=lambda element: element[0]):
            if isinstance(element, PlacedText):
                element = _format_text(element, lettering, names, used)
                element = f'<g class="{name}">{element}</g>' if name else element
            body.append(element)
        outlines = "".join(
            f'<path id="{short}" d="{OUTLINES[name]}"/>'
            for name, short in names.items()
            if name in used
        )
        hatches = "".join(_format_hatch(name, color) for color, name in self._hatches.items())
        width, height = _format_length(self.width), _format_length(self.height)
        family = ' font-family="Noto Sans, sans-serif"' if lettering == "device" else ""
        return (
            '<?xml version="1.0" encoding="utf-8"?>'
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}pt" height="{height}pt" '
            f'viewBox="0 0 {width} {height}"{family}>'
            f"<title>{escape(title, quote=False)}</title>"
            f"<defs>{outlines}{hatches}</defs>"
            f'<path d="M0 0H{width}V{height}H0z" fill="#fff"/>'
            f"{''.join(body)}</svg>\n"
        )

    def _add_element(self, layer: float, element: str) -> None:
        self._elements.append((layer, "", element))

    def _add_path(
        self, path: str, look: str, layer: float, address: str | None, name: str = ""
    ) -> None:
        named = f' class="{name}"' if name else ""
        self._add_element(layer, f'<path{named} d="{path}"{look}{_format_address(address)}/>')


def _format_number(number: float) -> str:
    digits = f"{number:.3f}".rstrip("0").rstrip(".")
    return "0" if digits == "-0" else digits


def _format_length(millimetres: float) -> str:
    return _format_number(millimetres / MM_PER_POINT)


def _format_points(points: Sequence[tuple[float, float]]) -> str:
    """Return a path through points; steps along an axis have one number instead of two."""
    path, last_x, last_y = "", "", ""
    for x, y in ((_format_length(x), _format_length(y)) for x, y in points):
        if not path:
            path = f"M{x} {y}"
        elif y == last_y:
            path += f"H{x}"
        elif x == last_x:
            path += f"V{y}"
        else:
            path += f"L{x} {y}"
        last_x, last_y = x, y
    return path


def _format_address(address: str | None) -> str:
    return f' data-n="{escape(address)}"' if address else ""


def _format_text(
    placed: PlacedText, lettering: Lettering, names: dict[str, str], used: set[str]
) -> str:
    if lettering == "live" or (lettering == "device" and _ON_EVERY_DEVICE.fullmatch(placed.text)):
        return _format_letters_of_device(placed, lettering)
    x, y, scale = _format_length(placed.x), _format_length(placed.y), f"{placed.size / UNITS:.6g}"
    turn = f" rotate({_format_number(-placed.turn)})" if placed.turn else ""
    glyphs = shape_text(placed.text, placed.bold).glyphs
    used.update(glyph.name for glyph in glyphs)
    letters = "".join(
        f'<use href="#{names[glyph.name]}"'
        + (f' x="{glyph.x}"' if glyph.x else "")
        + (f' y="{glyph.y}"' if glyph.y else "")
        + "/>"
        for glyph in glyphs
    )
    # In a comment two hyphens may not stand beside each other; fallback.typ makes a text of it.
    words = escape(placed.text, quote=False).replace("--", "- -")
    group = (
        f"<!-- {words} -->\n"
        f'<g fill="{placed.color.lower()}" transform="translate({x} {y}){turn} '
        f'scale({scale})">{letters}</g>'
    )
    address = _format_address(placed.address)
    return f"<g{address}>{group}</g>" if address else group


def _format_letters_of_device(placed: PlacedText, lettering: Lettering) -> str:
    """Return a text that stays one, on a device as wide as in our letters."""
    x, y = _format_length(placed.x), _format_length(placed.y)
    families = ", ".join([*FAMILIES, "sans-serif"])
    on_device = lettering == "device"  # where the family stands once, for all
    length = f' textLength="{_format_length(placed.width)}" lengthAdjust="spacingAndGlyphs"'
    length, family = (length, "") if on_device else ("", f' font-family="{families}"')
    weight = f' font-weight="{SEMIBOLD}"' if placed.bold else ""
    turn = f' transform="rotate({_format_number(-placed.turn)} {x} {y})"' if placed.turn else ""
    return (
        f'<text x="{x}" y="{y}"{length} fill="{placed.color.lower()}"{family} '
        f'font-size="{_format_number(placed.size)}"{weight}{turn}{_format_address(placed.address)}>'
        f"{escape(placed.text, quote=False)}</text>"
    )


def _name_letters(texts: Iterable[PlacedText]) -> dict[str, str]:
    """Return a name for each letter: the more often it stands there, the shorter.

    Those of semibold letters begin with a capital, by which fallback.typ knows them.
    """
    counts = Counter(
        glyph.name for placed in texts for glyph in shape_text(placed.text, placed.bold).glyphs
    )
    letters = [letter for letter, _ in counts.most_common()]
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


def _format_hatch(name: str, color: str) -> str:
    """Return slanting lines of one colour, as a pattern that Typst and browsers draw alike."""
    pitch = _format_number(_HATCH_PITCH)
    return (
        f'<pattern id="{name}" width="{pitch}" height="{pitch}" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><path d="M0 0V{pitch}" stroke="{color}" '
        f'stroke-width="2"/></pattern>'
    )
