"""What a reader would see go wrong on the pages of a PDF, found by measuring them.

Each function returns its faults as sentences that name the page; an empty list is a page well set.
Lengths are in points, from the upper left corner, as ``pdftotext`` and ``pdftoppm`` give them.
"""

import re
import subprocess
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pypdf
from preconditions import require

MM = 72 / 25.4
# From the edges of the page: the line of the head stands above HEAD, text between TOP and BOTTOM.
HEAD, TOP, BOTTOM, SIDE = 19 * MM, 25 * MM, 20 * MM, 18 * MM
# Letters hang below the last base line.
TOLERANCE = 1 * MM
RESOLUTION = 50  # dots an inch
FULL, CHAPTER_END = 0.60, 0.35
FEW_ROWS = 3
_XHTML = "{http://www.w3.org/1999/xhtml}"
_SENTENCE_END = tuple('.!?:;)”’"…។៖៕')


@dataclass(frozen=True)
class Line:
    """A line of text with its box."""

    page: int
    left: float
    top: float
    right: float
    bottom: float
    text: str

    @property
    def height(self) -> float:
        """The height of its box, which tells the size of its letters."""
        return self.bottom - self.top


@dataclass(frozen=True)
class Page:
    """A page: its number from 1, its size, its lines from the top, and where it has ink."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    ink: np.ndarray[Any, np.dtype[np.bool_]]  # one truth for each row of points of the picture

    @property
    def body(self) -> list[Line]:
        """The lines between head and foot."""
        foot = self.height - BOTTOM + TOLERANCE
        return [line for line in self.lines if line.top > HEAD and line.top < foot]

    @property
    def foot(self) -> str:
        """The text of the foot."""
        above = self.height - BOTTOM + TOLERANCE
        return " ".join(line.text for line in self.lines if line.top >= above)

    def inked(self, top: float, bottom: float) -> bool:
        """Say whether anything stands between two heights."""
        first, last = (round(height * RESOLUTION / 72) for height in (top, bottom))
        return bool(self.ink[first:last].any())


@cache
def read_pages(path: Path) -> tuple[Page, ...]:
    """Return the pages of a PDF."""
    layout = _output("pdftotext", "-bbox-layout", str(path), "-")
    found = ElementTree.fromstring(layout).iter(f"{_XHTML}page")
    pages = []
    for number, (page, ink) in enumerate(zip(found, _pictures(path), strict=True), start=1):
        width, height = float(page.attrib["width"]), float(page.attrib["height"])
        lines = sorted(_lines(page, number), key=lambda line: (line.top, line.left))
        pages.append(Page(number, width, height, tuple(lines), ink))
    return tuple(pages)


def _output(*command: str) -> bytes:
    require("no Poppler")
    return subprocess.run(command, capture_output=True, check=True).stdout


def _lines(page: ElementTree.Element, number: int) -> Iterator[Line]:
    for line in page.iter(f"{_XHTML}line"):
        box = (float(line.attrib[key]) for key in ("xMin", "yMin", "xMax", "yMax"))
        words = [word.text or "" for word in line.iter(f"{_XHTML}word")]
        yield Line(number, *box, " ".join(words))


def _pictures(path: Path) -> Iterator[np.ndarray[Any, np.dtype[np.bool_]]]:
    """Yield for each page which of its rows of points are not all of one grey."""
    data = _output("pdftoppm", "-r", str(RESOLUTION), "-gray", str(path))
    while data:
        head = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", data)
        assert head is not None, path
        width, height = int(head[1]), int(head[2])
        end = head.end() + width * height
        points = np.frombuffer(data[head.end() : end], dtype=np.uint8).reshape(height, width)
        yield (points < 245).any(axis=1)
        data = data[end:]


def in_the_foot(pages: Sequence[Page]) -> list[str]:
    """Find text or ink below the text area that is no part of the running foot."""
    running = Counter(
        round(line.top) for page in pages for line in page.lines if line.top > _foot(page)
    )
    often = {height for height, count in running.items() if count >= 0.7 * (len(pages) - 1)}
    faults = []
    for page in pages:
        foot = [line for line in page.lines if line.top > _foot(page)]
        strange = [line for line in foot if not {round(line.top) + at for at in (-1, 0, 1)} & often]
        faults += [f"page {page.number}: '{line.text}' stands in the foot" for line in strange]
        tops = [line.top for line in foot if line not in strange]
        # A cover has no foot, and colour up to its edge.
        if tops and page.inked(_foot(page), min(tops) - 1):
            faults.append(f"page {page.number}: something reaches into the foot")
    return faults


def _foot(page: Page) -> float:
    return page.height - BOTTOM + TOLERANCE


def split_sentences(pages: Sequence[Page], drawn: Sequence[str] = ()) -> list[str]:
    """Find sentences of running text that something stands in the midst of, on one page.

    Args:
        pages: of one document.
        drawn: lines of text in its figures, which are no running text.
    """
    faults = []
    in_figures = {letters_of(line) for line in drawn}
    for page in pages:
        columns: dict[tuple[int, float], list[Line]] = {}
        for line in (each for each in page.body if letters_of(each.text) not in in_figures):
            columns.setdefault((round(line.left), round(line.height, 1)), []).append(line)
        for column in columns.values():
            for line, after in pairwise(column):
                unfinished = len(line.text.split()) >= 6 and not line.text.endswith(_SENTENCE_END)
                apart = page.inked(line.bottom + 3, after.top - 3)
                # Items of a list begin further left than their other lines.
                item = any(
                    line.top < other.top < after.top and abs(other.height - line.height) < 0.3
                    for other in page.body
                )
                tile = any(_heads_a_tile(other, line, after) for other in page.body)
                if unfinished and apart and not (item or tile) and after.text[:1].islower():
                    faults.append(f"page {page.number}: '{line.text}' goes on below something else")
    return faults


def _heads_a_tile(number: Line, line: Line, after: Line) -> bool:
    """Say whether a number in large letters stands between two lines of a column, at its edge.

    Tiles stand below each other, and each says below its number what that is, often in words that
    go on from it: the words of one tile are no sentence with those of the next.
    """
    between = line.bottom <= number.top and number.bottom <= after.top
    large = number.height > 1.5 * line.height and abs(number.left - line.left) < 1
    return between and large and re.match(r"[<>≥≤]?\s?\d", number.text) is not None


def poorly_filled(pages: Sequence[Page], chapters: set[int]) -> list[str]:
    """Find pages that end too high.

    Args:
        pages: of one document.
        chapters: numbers of the pages on which a chapter begins.
    """
    faults = []
    for page in pages:
        top, bottom = TOP, page.height - BOTTOM
        first, last = (round(height * RESOLUTION / 72) for height in (top, bottom))
        inked = np.flatnonzero(page.ink[first:last])
        fill = (inked[-1] + 1) / (last - first) if len(inked) else 0.0
        ends = page.number == len(pages) or page.number + 1 in chapters
        if fill < (CHAPTER_END if ends else FULL):
            faults.append(f"page {page.number}: filled to {fill:.0%}")
    return faults


def chapter_pages(path: Path) -> set[int]:
    """Return the numbers of the pages that a chapter, or the contents, begins."""
    reader = pypdf.PdfReader(path)
    found = set()
    for item in reader.outline:
        # Pages are measured from their foot here.
        if (
            not isinstance(item, list)
            and float(item.top) > reader.pages[0].mediabox.height - 2 * TOP
        ):
            found.add((reader.get_destination_page_number(item) or 0) + 1)
    return found


def headings(path: Path) -> dict[str, int]:
    """Return the headings of a PDF, as letters alone, with the numbers of their pages."""
    reader = pypdf.PdfReader(path)
    found: dict[str, int] = {}
    waiting: list[Any] = [reader.outline]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting += item
        else:
            at = reader.get_destination_page_number(item) or 0
            found[letters_of(str(item.title))] = at + 1
    return found


def overlapping(pages: Sequence[Page]) -> list[str]:
    """Find lines that are printed over each other."""
    faults = []
    for page in pages:
        for at, line in enumerate(page.lines):
            for other in page.lines[at + 1 :]:
                if other.top >= line.bottom:
                    break
                across = min(line.right, other.right) - max(line.left, other.left)
                along = min(line.bottom, other.bottom) - max(line.top, other.top)
                # Letters that stand over others come out of a PDF as pieces of one line.
                apart = 2 if abs(line.top - other.top) > 1 else 12
                if across > apart and along > 0.45 * min(line.height, other.height):
                    faults.append(f"page {page.number}: '{line.text}' over '{other.text}'")
    return faults


def beyond_the_margin(pages: Sequence[Page]) -> list[str]:
    """Find lines that reach over the margins at the sides."""
    return [
        f"page {page.number}: '{line.text}' runs over the margin"
        for page in pages
        for line in page.lines
        if line.right > page.width - SIDE or line.left < SIDE
    ]


def headings_at_the_foot(pages: Sequence[Page], titles: Collection[str]) -> list[str]:
    """Find pages that end with one of the headings ``titles``, given as letters alone."""
    faults = []
    for page in pages[:-1]:
        last = max(page.body, key=lambda line: line.bottom, default=None)
        if last is None or page.inked(last.bottom + 2, _foot(page)):
            continue
        # The last row of a table may have the words that a heading ends with.
        usual = sorted(line.height for line in page.body)[len(page.body) // 2]
        large = last.height > 1.1 * usual or len(page.body) < 3
        if large and any(title.endswith(letters_of(last.text)) for title in titles):
            faults.append(f"page {page.number}: the heading '{last.text}' stands last")
    return faults


def orphan_rows(path: Path) -> list[str]:
    """Find tables that leave fewer than three rows on a page, by the tags of the PDF."""
    reader = pypdf.PdfReader(path)
    places = {page.indirect_reference.idnum: at for at, page in enumerate(reader.pages, start=1)}
    faults = []
    for table in tagged(reader.trailer["/Root"]["/StructTreeRoot"], "/Table"):
        rows = Counter()
        for part in table["/K"]:
            for row in tagged(part, "/TR"):
                heads = list(tagged(row["/K"], "/TH"))
                cells = list(tagged(row["/K"], "/TD"))
                if cells or not heads:
                    rows[places[_page_of(row)]] += 1
        if len(rows) > 1:
            faults += [
                f"page {page}: {count} row(s) of a table alone"
                for page, count in sorted(rows.items())
                if count < FEW_ROWS
            ]
    return faults


def tagged(node: Any, kind: str) -> Iterator[Any]:
    """Yield the highest elements of a kind in a tree of tags."""
    node = node.get_object()
    if isinstance(node, list):
        for child in node:
            yield from tagged(child, kind)
    elif isinstance(node, dict):
        if node.get("/S") == kind:
            yield node
        elif "/K" in node and not isinstance(node["/K"], int):
            yield from tagged(node["/K"], kind)


def _page_of(node: Any) -> int:
    """Return the number of the object of the page that an element begins on."""
    waiting = [node]
    while waiting:
        found = waiting.pop(0).get_object()
        if isinstance(found, list):
            waiting = [*found, *waiting]
        elif isinstance(found, dict):
            if "/Pg" in found:
                return int(found.raw_get("/Pg").idnum)
            if "/K" in found and not isinstance(found["/K"], int):
                waiting.insert(0, found.raw_get("/K"))
    raise AssertionError("an element stands on no page")


def parted_findings(path: Path, findings: Sequence[tuple[str, int]]) -> list[str]:
    """Find findings whose figure stands on another page than their heading.

    Args:
        path: of a PDF.
        findings: the heading of each, as letters alone, and the number of its figure.
    """
    places, pages = headings(path), read_pages(path)
    faults = []
    for heading, figure in findings:
        # "Figure 3:", in any language.
        caption = re.compile(rf"\D{{3,20}}{figure}:")
        drawn = {
            page.number
            for page in pages
            if any(caption.match(letters_of(line.text)) for line in page.body)
        }
        if places.get(heading) not in drawn:
            faults.append(f"page {places.get(heading)}: '{heading}', its figure on {sorted(drawn)}")
    return faults


def lost_and_added(text: str, other: str) -> tuple[float, float]:
    """Return how many letters another text lacks, and how many it has besides, as parts of all."""
    letter = re.compile(r"[^\W\d_]|[\u0e00-\u0e7f\u1780-\u17d3]")
    one, two = (Counter(letter.findall(each)) for each in (text, other))
    return (one - two).total() / one.total(), (two - one).total() / one.total()


def repeated(text: str) -> Counter[str]:
    """Return the Khmer and Thai letters with marks that stand twice in a row, and how often."""
    syllable = re.compile(
        r"([\u1780-\u17b3][\u17b6-\u17d3]+|[\u0e01-\u0e2e][\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]+)\1"
    )
    return Counter(syllable.findall(text))


def letters_of(text: str) -> str:
    """Return a text without the white space and joiners at which lines may break."""
    return re.sub(r"[\s\u200b\u2060\u00ad]+", "", text)


def body_text(pages: Sequence[Page]) -> str:
    """Return the text between heads and feet."""
    return " ".join(line.text for page in pages for line in page.body if line.bottom > TOP)
