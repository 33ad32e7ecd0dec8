"""Text of PDF files of Typst that every reader finds and copies.

In Khmer, Thai and Vietnamese several glyphs draw one cluster of letters. Typst writes the letters
beside them (``/ActualText``; ISO 32000-1, 14.9.4), and readers such as Firefox and MuPDF look at
the glyphs alone, each of which can say one text in the whole file (``/ToUnicode``; 9.10.3). Here
every different cluster becomes one more glyph of its font, composed of those that drew it, which
says the letters of the cluster.

Firefox holds what says a mark for a glyph without width, and puts a space behind it. So the marks
of a cluster, and what follows them, are said by a glyph after it that has no width and no outline.
Nothing else of a page changes, and it looks as before.

A cluster that is not written as Typst writes it, or in a font without TrueType outlines, stays as
it is.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from io import BytesIO
from typing import Any, NamedTuple
from unicodedata import category

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
        after = _split_marks(_join_clusters(before, fonts_by_name), fonts_by_name)
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
        number = font.find_cluster(letters, pieces) if font and letters else None
        return cluster[0] if number is None else b" %b<%04X>Tj\n" % (pieces[0][0], number)

    return _CLUSTER.sub(join, content) if b"/ActualText" in content else content


def _split_marks(content: bytes, fonts_by_name: dict[bytes, "ClusterFont"]) -> bytes:
    """Return a content stream in which a glyph of its own says the marks of the one before."""

    def split(piece: re.Match[bytes]) -> bytes:
        font = fonts_by_name.get(piece[2])
        if font is None or not font.marks:
            return piece[0]
        head, glyphs = piece[1], piece[5]
        return head + _STRINGS.sub(lambda string: font.split_marks(string[0]), glyphs)

    marked = any(font.marks for font in fonts_by_name.values())
    return _PIECE.sub(split, content) if marked else content


def _list_codes(string: Object) -> list[int]:
    """Return the numbers of the glyphs that a string draws."""
    codes = bytes(string)
    return [int.from_bytes(codes[start : start + 2]) for start in range(0, len(codes), 2)]


class ClusterFont:
    """A font of a PDF, to which glyphs of clusters are added.

    Attributes:
        marks: by the number of a glyph that draws marks, that of the one that says them.
    """

    def __init__(self, font: Any):
        self._font = font
        (self._described,) = font.DescendantFonts
        self._letters: dict[int, str] = {}
        self._added: dict[tuple[str, tuple[PlacedGlyph, ...]], int] = {}
        self.marks: dict[int, int] = {}
        lists = _LISTS.search(font.ToUnicode.read_bytes())
        for code, encoded in _SAID.findall(lists[0] if lists else b""):
            letters = bytes.fromhex(encoded.decode()).decode("utf-16-be")
            self._say(int(code, 16), letters.translate(_FORMAT_LETTERS) or letters)

    @cached_property
    def _truetype(self) -> TTFont:
        file = BytesIO(self._described.FontDescriptor.FontFile2.read_bytes())
        return TTFont(file, recalcTimestamp=False)

    @property
    def _units(self) -> int:
        return int(self._truetype["head"].unitsPerEm)

    @cached_property
    def _names(self) -> list[str]:
        return list(self._truetype.getGlyphOrder())

    def _say(self, number: int, letters: str) -> None:
        """Let a glyph say letters; those from the first mark on by a glyph of their own."""
        marks = [at for at, letter in enumerate(letters) if category(letter) == "Mn"]
        first_mark = marks[0] if marks else 0
        self._letters[number] = letters[:first_mark] or letters
        if first_mark:
            self.marks[number] = self._find_glyph(letters[first_mark:], ())

    def _find_glyph(self, letters: str, placed: tuple[PlacedGlyph, ...]) -> int:
        """Return the number of the glyph that draws others and says letters."""
        if (letters, placed) not in self._added:
            self._added[letters, placed] = number = len(self._names)
            self._compose_glyph(placed)
            if placed:
                self._say(number, letters)
            else:
                self._letters[number] = letters
        return self._added[letters, placed]

    def find_cluster(self, letters: str, pieces: list[tuple[bytes, ...]]) -> int | None:
        """Return the number of the glyph of a cluster, which is added if it is new.

        Args:
            letters: what the cluster says.
            pieces: its glyphs by place: all of the place, font, size, matrix, strings of glyphs.

        Returns:
            None where one glyph cannot draw it: in pieces of several sizes.
        """
        placed = self._place_glyphs(pieces)
        return self._find_glyph(letters, placed) if placed else None

    def split_marks(self, string: bytes) -> bytes:
        """Return a string of glyphs in which those that say marks follow those that draw them."""
        codes = _list_codes(Object.parse(string))
        numbers = [[code, *([self.marks[code]] if code in self.marks else [])] for code in codes]
        return b"<%b>" % b"".join(b"%04X" % number for each in numbers for number in each)

    def _place_glyphs(self, pieces: list[tuple[bytes, ...]]) -> tuple[PlacedGlyph, ...] | None:
        _, first_font, first_size, first_matrix, _ = pieces[0]
        a, b, c, d, first_x, first_y = map(float, first_matrix.split())
        scale = self._units / float(first_size) / (a * d - b * c)
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
                    across -= float(part) * self._units / 1000
                    continue
                for number in _list_codes(part):
                    glyphs.append(PlacedGlyph(number, round(across), round(up)))
                    across += self._read_advance(number)
        return tuple(glyphs)

    def _read_advance(self, number: int) -> int:
        return int(self._truetype["hmtx"][self._names[number]][0])

    def _compose_glyph(self, placed: tuple[PlacedGlyph, ...]) -> None:
        outlines, name = self._truetype["glyf"], f"cluster{len(self._names)}"
        pen = TTGlyphPen(outlines)
        for glyph in placed:
            if outlines[self._names[glyph.number]].numberOfContours:
                pen.addComponent(self._names[glyph.number], (1, 0, 0, 1, glyph.x, glyph.y))
        composed = pen.glyph()
        advance = sum(self._read_advance(glyph.number) for glyph in placed)
        self._names.append(name)
        self._truetype.setGlyphOrder(list(self._names))
        outlines[name] = composed
        composed.recalcBounds(outlines)
        self._truetype["hmtx"][name] = advance, getattr(composed, "xMin", 0)

    def embed(self, pdf: Pdf) -> None:
        """Write into the PDF what glyphs say, and the font with those added."""
        self._font.ToUnicode.write(
            _LISTS.sub(b"", self._font.ToUnicode.read_bytes()).replace(
                b"endcmap", self._format_lists() + b"endcmap"
            )
        )
        if not self._added:
            return
        file = BytesIO()
        self._truetype.save(file)
        descriptor = self._described.FontDescriptor
        descriptor.FontFile2 = pdf.make_stream(file.getvalue(), Length1=len(file.getvalue()))
        # It would lack the added glyphs; PDF/UA does not ask for it.
        if "/CIDSet" in descriptor:
            del descriptor["/CIDSet"]
        numbers = sorted(self._added.values())
        widths = [round(self._read_advance(n) * 1000 / self._units, 3) for n in numbers]
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
