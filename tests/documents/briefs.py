"""What a brief is measured by: words, letters, gaps, pages; Poppler and pypdf read its PDF."""

import re
import subprocess
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import numpy as np
import pypdf
from preconditions import require

MM = 72 / 25.4
HEAD, TOP, BOTTOM = 19.0, 24.0, 20.0  # millimetres: below the line of the head, above the foot
PIXELS_AN_INCH = 96
GAP_AT_MOST = 40  # pixels
LETTERS_AT_LEAST = 8.5  # points


class Piece(NamedTuple):
    """Letters of one size on a page: millimetres from its top, points."""

    page: int
    top: float
    size: float
    text: str


def _output(*command: str) -> bytes:
    require("no Poppler")
    return subprocess.run(command, capture_output=True, check=True).stdout


def count_pages(path: Path) -> int:
    """Return how many pages a PDF has."""
    found = re.search(rb"^Pages:\s+(\d+)$", _output("pdfinfo", str(path)), re.MULTILINE)
    assert found is not None, path
    return int(found[1])


def count_words(path: Path) -> int:
    """Return the words of all pages, those of figures among them, without head and foot."""
    text = _output("pdftotext", "-bbox", str(path), "-").decode()
    pages = ElementTree.fromstring(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text))
    count = 0
    for page in pages.iter("{http://www.w3.org/1999/xhtml}page"):
        foot = float(page.attrib["height"]) - BOTTOM * MM
        for word in page.iter("{http://www.w3.org/1999/xhtml}word"):
            inside = HEAD * MM < float(word.attrib["yMin"]) < foot
            count += inside and re.search(r"\w", word.text or "") is not None
    return count


def read_pieces(path: Path) -> Iterator[Piece]:
    """Yield the letters of a PDF with their sizes, head and foot of pages left out."""
    for number, page in enumerate(pypdf.PdfReader(path).pages, start=1):
        height = float(page.mediabox.height) / MM
        pieces: list[tuple[str, float, float]] = []

        def keep(
            text: str,
            scales: list[float],
            place: list[float],
            _: Any,
            size: float,
            into: list[tuple[str, float, float]] = pieces,
        ) -> None:
            # The size that letters have on paper: that of the font, as the page scales it.
            above_foot = (place[5] * scales[3] + scales[5]) / MM
            into.append((text.strip(), above_foot, size * abs(place[3] * scales[3])))

        page.extract_text(visitor_text=keep)
        for text, above_foot, size in pieces:
            top = height - above_foot
            if HEAD < top < height - BOTTOM and text:
                yield Piece(number, top, size, text)


def small_letters(path: Path) -> list[str]:
    """Find text of fewer than 8.5 points."""
    least = LETTERS_AT_LEAST - 0.005
    return [
        f"page {piece.page}: {piece.size:.2f} points: '{piece.text[:40]}'"
        for piece in read_pieces(path)
        if piece.size < least
    ]


def wide_gaps(path: Path) -> list[str]:
    """Find rows without ink between head and foot, over the whole width, of more than 40 pixels."""
    data = _output("pdftoppm", "-r", str(PIXELS_AN_INCH), "-gray", str(path))
    faults, number = [], 0
    while data:
        head = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", data)
        assert head is not None, path
        number += 1
        width, height = int(head[1]), int(head[2])
        end = head.end() + width * height
        points = np.frombuffer(data[head.end() : end], dtype=np.uint8).reshape(height, width)
        first, last = (
            round(at * PIXELS_AN_INCH / 25.4) for at in (TOP, height_of(height) - BOTTOM)
        )
        inked = (points[first:last] < 245).any(axis=1)
        at = first
        for has_ink, rows in groupby(inked):
            length = sum(1 for _ in rows)
            if not has_ink and length > GAP_AT_MOST:
                faults.append(f"page {number}: {length} pixels from {round(at / 3.78)} mm")
            at += length
        data = data[end:]
    return faults


def height_of(rows: int) -> float:
    """Return the height in millimetres of a page of so many rows of pixels."""
    return rows * 25.4 / PIXELS_AN_INCH
