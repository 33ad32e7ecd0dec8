"""Text of PDF files of Typst that every reader finds and copies.

In Khmer, Thai and Vietnamese several glyphs draw one cluster of letters. Typst writes the letters
beside them (``/ActualText``; ISO 32000-1, 14.9.4), and readers such as Firefox and MuPDF look at
the glyphs alone, each of which can say one text in the whole file (``/ToUnicode``; 9.10.3). Here
every different cluster becomes one more glyph of its font, composed of those that drew it, which
says the letters of the cluster.

Firefox holds what says a mark for a glyph without width, and puts a space behind it. So the glyph
that draws a cluster says its first letter alone; marks, and letters between them, are said by
narrow glyphs without an outline on its right part. Nothing else of a page changes, and it looks as
before.

From the right, Typst writes letters in the order in which they stand on paper, and readers turn
those of each word. They turn those of a glyph that draws two, such as lam and alef, as well: so
each of its letters has a glyph, the last one that which draws them.

A cluster that is not written as Typst writes it, or in a font without TrueType outlines, stays as
it is.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from io import BytesIO
from itertools import groupby
from typing import Any, NamedTuple
from unicodedata import bidirectional, category

from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

# How Typst writes a cluster: its letters, then glyphs in one or several places.
_NUMBER = rb"-?[\d.]+"
_STRING = rb"(?:<[0-9a-fA-F]*>|\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\))"
_STRINGS = re.compile(_STRING, re.DOTALL)
_GLYPHS = rb"(?:%b\s*Tj|\[(?:%b|%b|\s)*\]\s*TJ)" % (_STRING, _STRING, _NUMBER)
_PLACE = rb"\d Tr/\w+ %b Tf (?:%b ){6}Tm" % (_NUMBER, _NUMBER)
_CLUSTER = re.compile(
    rb"/Span\s*<<\s*/ActualText\s*(%b)\s*>>\s*BDC((?:\s*%b\s*%b)+)\s*EMC"
    % (_STRING, _PLACE, _GLYPHS),
    re.DOTALL,
)
_PIECE = re.compile(
    rb"(\d Tr/(\w+) (%b) Tf ((?:%b ){6})Tm)\s*(%b)" % (_NUMBER, _NUMBER, _GLYPHS), re.DOTALL
)
_SAID = re.compile(rb"^<([0-9a-fA-F]{4})> <([0-9a-fA-F]+)>$", re.MULTILINE)
_LISTS = re.compile(rb"\d+ beginbfchar\n.*endbfchar\n", re.DOTALL)
_LONGEST_LIST = 100  # of a CMap
# They say where a line may or may not end. Firefox drops every glyph whose text ends with one.
_FORMAT_LETTERS = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
# How wide such a glyph is, in sizes of letters. Firefox puts a space where more than 0.102 are left
# after a letter, and Poppler begins a word where two glyphs begin nearer to each other than 0.1.
_NARROW = 0.101


class PlacedGlyph(NamedTuple):
    """A glyph and where it is drawn, in units of its font from where the cluster begins."""

    number: int
    x: int
    y: int


def write_clusters_as_glyphs(pdf: Pdf) -> None:
    """Give each cluster of letters in ``pdf`` a glyph that says them."""
    fonts = {
        font.objgen: ClusterFont(font)
        for font in list(pdf.objects)
        if isinstance(font, Dictionary) and _has_truetype(font)
    }
    for stream, resources in _list_contents(pdf):
        fonts_by_name = {
            name[1:].encode(): fonts[font.objgen]
            for name, font in resources.get("/Font", {}).items()
            if font.objgen in fonts
        }
        before = stream.read_bytes()
        after = _split_letters(_join_clusters(before, fonts_by_name), fonts_by_name)
        if after != before:
            stream.write(after)
    for cluster_font in fonts.values():
        cluster_font.embed(pdf)


def _has_truetype(font: Any) -> bool:
    if font.get("/Subtype") != Name.Type0 or "/ToUnicode" not in font:
        return False
    (described,) = font.DescendantFonts
    return (
        described.get("/CIDToGIDMap") == Name.Identity
        and "/FontFile2" in described.FontDescriptor
        and b"beginbfrange" not in font.ToUnicode.read_bytes()
    )


def _list_contents(pdf: Pdf) -> Iterator[tuple[Any, Any]]:
    """Yield each stream that draws, of pages, pictures and patterns, with its resources."""
    for page in pdf.pages:
        contents = page.Contents
        for stream in contents if isinstance(contents, Array) else [contents]:
            yield stream, page.resources
    for stream in list(pdf.objects):
        if isinstance(stream, Stream) and "/Resources" in stream:
            yield stream, stream.Resources


def _join_clusters(content: bytes, fonts_by_name: dict[bytes, "ClusterFont"]) -> bytes:
    """Return a content stream in which one glyph draws each cluster."""

    def join(cluster: re.Match[bytes]) -> bytes:
        pieces = _PIECE.findall(cluster[2])
        font = fonts_by_name.get(pieces[0][1])
        letters = str(Object.parse(cluster[1])).translate(_FORMAT_LETTERS)
        numbers = font.find_cluster(letters, pieces) if font and letters else ()
        return b" %b%bTj\n" % (pieces[0][0], _format_codes(numbers)) if numbers else cluster[0]

    return _CLUSTER.sub(join, content) if b"/ActualText" in content else content


def _split_letters(content: bytes, fonts_by_name: dict[bytes, "ClusterFont"]) -> bytes:
    """Return a content stream in which each letter or mark that Typst joined has a glyph."""

    def split(piece: re.Match[bytes]) -> bytes:
        font = fonts_by_name.get(piece[2])
        if font is None or not font.split:
            return piece[0]
        head, glyphs = piece[1], piece[5]
        return head + _STRINGS.sub(lambda string: font.split_letters(string[0]), glyphs)

    marked = any(font.split for font in fonts_by_name.values())
    return _PIECE.sub(split, content) if marked else content


def _is_mark(letter: str) -> bool:
    return category(letter) == "Mn"


def _is_from_right(letters: str) -> bool:
    return bidirectional(letters[0]) in {"R", "AL"}


def _format_codes(numbers: Sequence[int]) -> bytes:
    return b"<%b>" % b"".join(b"%04X" % number for number in numbers)


def _list_codes(string: Object) -> list[int]:
    """Return the numbers of the glyphs that a string draws."""
    codes = bytes(string)
    return [int.from_bytes(codes[start : start + 2]) for start in range(0, len(codes), 2)]


class ClusterFont:
    """A font of a PDF, to which glyphs of clusters are added.

    Attributes:
        split: by the number of a glyph that Typst wrote for letters with marks, or for several
            letters from the right, those in its place.
    """

    def __init__(self, font: Any):
        self._font = font
        (self._described,) = font.DescendantFonts
        self._letters: dict[int, str] = {}
        self._added: dict[tuple[str, tuple[PlacedGlyph, ...], int], int] = {}
        self._clusters: dict[tuple[str, tuple[PlacedGlyph, ...]], tuple[int, ...]] = {}
        self.split: dict[int, tuple[int, ...]] = {}
        lists = _LISTS.search(font.ToUnicode.read_bytes())
        for code, encoded in _SAID.findall(lists[0] if lists else b""):
            number, letters = int(code, 16), bytes.fromhex(encoded.decode()).decode("utf-16-be")
            self._letters[number] = letters.translate(_FORMAT_LETTERS) or letters
        for number, letters in list(self._letters.items()):
            several = len(letters) > 1
            parted = any(map(_is_mark, letters[1:])) or (several and _is_from_right(letters))
            if parted and self._divide_width(letters, number):
                self.split[number] = self._find_glyphs(letters, (PlacedGlyph(number, 0, 0),))

    @cached_property
    def _font_file(self) -> TTFont:
        file = BytesIO(self._described.FontDescriptor.FontFile2.read_bytes())
        return TTFont(file, recalcTimestamp=False)

    @cached_property
    def _glyph_names(self) -> list[str]:
        return list(self._font_file.getGlyphOrder())

    @cached_property
    def _units_per_em(self) -> int:
        return int(self._font_file["head"].unitsPerEm)

    def find_cluster(self, letters: str, pieces: list[tuple[bytes, ...]]) -> tuple[int, ...]:
        """Return the numbers of the glyphs of a cluster, which are added if they are new.

        Args:
            letters: what the cluster says.
            pieces: its glyphs by place: all of the place, font, size, matrix, strings of glyphs.

        Returns:
            None of them where one glyph cannot draw it: in pieces of several sizes.
        """
        placed = self._place_glyphs(pieces)
        if placed and (letters, placed) not in self._clusters:
            self._clusters[letters, placed] = self._find_glyphs(letters, placed)
        return self._clusters[letters, placed] if placed else ()

    def split_letters(self, string: bytes) -> bytes:
        """Return a string of glyphs in which those that say more follow those that draw it."""
        numbers = _list_codes(Object.parse(string))
        return _format_codes([each for n in numbers for each in self.split.get(n, (n,))])

    def _find_glyphs(self, letters: str, placed: tuple[PlacedGlyph, ...]) -> tuple[int, ...]:
        """Return the glyph that draws others and, after it, those that say all but a letter."""
        parts = self._divide_width(letters, *(glyph.number for glyph in placed))
        if not parts:
            advance = sum(self._read_advance(glyph.number) for glyph in placed)
            return (self._find_glyph(letters, placed, advance),)
        (first, width), *others = parts
        return (
            self._find_glyph(first, placed, width),
            *(self._find_glyph(part, (), narrow) for part, narrow in others),
        )

    def _divide_width(self, letters: str, *numbers: int) -> list[tuple[str, int]]:
        """Return letters and marks by turns, each with its share of the width of glyphs.

        Nothing where the first is a mark, or the glyphs are too narrow.
        """
        runs = ["".join(run) for _, run in groupby(letters, _is_mark)]
        if _is_from_right(letters):
            runs = list(reversed(letters))
        narrow = round(_NARROW * self._units_per_em)
        # Firefox does not move on for marks: together they are as wide as one letter.
        marks = max(1, sum(_is_mark(run[0]) for run in runs))
        widths = [narrow // marks if _is_mark(run[0]) else narrow * len(run) for run in runs]
        left = sum(map(self._read_advance, numbers)) - sum(widths)
        if _is_mark(runs[0][0]) or left < 0:
            return []
        return list(zip(runs, [widths[0] + left, *widths[1:]], strict=True))

    def _find_glyph(self, letters: str, placed: tuple[PlacedGlyph, ...], advance: int) -> int:
        if (letters, placed, advance) not in self._added:
            self._added[letters, placed, advance] = number = len(self._glyph_names)
            self._letters[number] = letters
            self._compose_glyph(placed, advance)
        return self._added[letters, placed, advance]

    def _place_glyphs(self, pieces: list[tuple[bytes, ...]]) -> tuple[PlacedGlyph, ...] | None:
        _, first_font, first_size, first_matrix, _ = pieces[0]
        a, b, c, d, first_x, first_y = map(float, first_matrix.split())
        scale = self._units_per_em / float(first_size) / (a * d - b * c)
        glyphs = []
        for _, font, size, matrix, shown in pieces:
            *slant, x, y = map(float, matrix.split())
            if (font, size, slant) != (first_font, first_size, [a, b, c, d]):
                return None
            x, y = x - first_x, y - first_y
            across, up = (x * d - y * c) * scale, (y * a - x * b) * scale
            parts = Object.parse(shown[:-2])
            for part in parts if isinstance(parts, Array) else [parts]:
                if not isinstance(part, String):
                    across -= float(part) * self._units_per_em / 1000
                    continue
                for number in _list_codes(part):
                    glyphs.append(PlacedGlyph(number, round(across), round(up)))
                    across += self._read_advance(number)
        return tuple(glyphs)

    def _read_advance(self, number: int) -> int:
        return int(self._font_file["hmtx"][self._glyph_names[number]][0])

    def _compose_glyph(self, placed: tuple[PlacedGlyph, ...], advance: int) -> None:
        outlines, name = self._font_file["glyf"], f"cluster{len(self._glyph_names)}"
        pen = TTGlyphPen(outlines)
        for glyph in placed:
            if outlines[self._glyph_names[glyph.number]].numberOfContours:
                pen.addComponent(self._glyph_names[glyph.number], (1, 0, 0, 1, glyph.x, glyph.y))
        composed = pen.glyph()
        self._glyph_names.append(name)
        self._font_file.setGlyphOrder(list(self._glyph_names))
        outlines[name] = composed
        composed.recalcBounds(outlines)
        self._font_file["hmtx"][name] = advance, getattr(composed, "xMin", 0)

    def embed(self, pdf: Pdf) -> None:
        """Write into the PDF what glyphs say, and the font with those added."""
        # Nothing draws these any more: a finished file stays as it is.
        for number, (first, *_) in self.split.items():
            self._letters[number] = self._letters[first]
        self._font.ToUnicode.write(
            _LISTS.sub(b"", self._font.ToUnicode.read_bytes()).replace(
                b"endcmap", self._format_lists() + b"endcmap"
            )
        )
        if not self._added:
            return
        file = BytesIO()
        self._font_file.save(file)
        descriptor = self._described.FontDescriptor
        descriptor.FontFile2 = pdf.make_stream(file.getvalue(), Length1=len(file.getvalue()))
        # It would lack the added glyphs; PDF/UA does not ask for it.
        if "/CIDSet" in descriptor:
            del descriptor["/CIDSet"]
        numbers = sorted(self._added.values())
        widths = [round(self._read_advance(n) * 1000 / self._units_per_em, 3) for n in numbers]
        self._described.W.extend([numbers[0], Array(widths)])

    def _format_lists(self) -> bytes:
        entries = [
            b"<%04X> <%b>\n" % (number, letters.encode("utf-16-be").hex().upper().encode())
            for number, letters in sorted(self._letters.items())
        ]
        starts = range(0, len(entries), _LONGEST_LIST)
        lists = [entries[start : start + _LONGEST_LIST] for start in starts]
        return b"".join(
            b"%d beginbfchar\n%bendbfchar\n" % (len(each), b"".join(each)) for each in lists
        )
