"""What the end of a page tears: a title from its chapter, a paragraph's last lines from its first.

Each function returns its faults as sentences that name the page, as those of :mod:`pages` do.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pypdf
from pages import BOTTOM, MM, RESOLUTION, TOLERANCE, TOP, Line, Page, letters_of, tagged

# Of a chapter that goes on on the next page so much stands below its title: its message and a
# short finding.
BELOW_A_TITLE = 50 * MM
FEW_LINES = 2
# From one line of a paragraph to the next, at most, as a part of the height of its letters' box.
PITCH = 1.6


@dataclass(frozen=True)
class Title:
    """The title of a chapter: its words, the number of its page, where it begins and ends there."""

    words: str
    page: int
    top: float
    bottom: float


def titles_at_the_foot(path: Path, pages: Sequence[Page]) -> list[str]:
    """Find titles of chapters that have less than 50 mm below them and go on on the next page."""
    faults = []
    titles = list(_titles(path, pages))
    for title, after in zip(titles, [*titles[1:], None], strict=True):
        # A chapter does not go on where the next one begins on its page, or at the head of another.
        ends = after is not None and (after.page == title.page or _heads_the_next(after, title))
        last = after is None and title.page == len(pages)
        below = _last_ink(pages[title.page - 1]) - title.bottom
        if below < BELOW_A_TITLE and not (ends or last):
            faults.append(f"page {title.page}: {below / MM:.0f} mm below '{title.words}'")
    return faults


def _heads_the_next(title: Title, before: Title) -> bool:
    return title.page == before.page + 1 and title.top < 2 * TOP


def _titles(path: Path, pages: Sequence[Page]) -> Iterator[Title]:
    reader = pypdf.PdfReader(path)
    for item in reader.outline:
        if isinstance(item, list):
            continue
        words, number = str(item.title), (reader.get_destination_page_number(item) or 0) + 1
        page = pages[number - 1]
        # Pages are measured from their foot here.
        top = page.height - float(item.top)
        lines = [
            line.bottom
            for line in page.body
            if top - TOLERANCE < line.top < top + TOP and letters_of(line.text) in letters_of(words)
        ]
        yield Title(words, number, top, max(lines, default=top))


def _last_ink(page: Page) -> float:
    """Return where the lowest thing above the foot of a page ends."""
    foot = round((page.height - BOTTOM + TOLERANCE) * RESOLUTION / 72)
    return float(np.flatnonzero(page.ink[:foot])[-1] + 1) * 72 / RESOLUTION


def torn_paragraphs(path: Path, pages: Sequence[Page]) -> list[str]:
    """Find pages that begin with the last line or two of a paragraph of the page before."""
    reader = pypdf.PdfReader(path)
    places = {page.indirect_reference.idnum: at for at, page in enumerate(reader.pages, start=1)}
    tree = reader.trailer["/Root"]["/StructTreeRoot"]
    torn: set[int] = set()
    # The words of an item are no paragraph of their own.
    for paragraph in chain(tagged(tree, "/P"), tagged(tree, "/LBody")):
        torn.update(sorted({places[page] for page in _pages_of(paragraph, None)})[1:])
    return [
        f"page {number}: '{block[0].text}' is the end of a paragraph"
        for number in sorted(torn)
        for block in _first_blocks(pages[number - 1])
        if len(block) <= FEW_LINES
    ]


def _pages_of(node: Any, page: int | None) -> Iterator[int]:
    """Yield the numbers of the objects of the pages that an element stands on."""
    node = node.get_object()
    if isinstance(node, list):
        for part in node:
            yield from _pages_of(part, page)
    elif isinstance(node, dict):
        own = int(node.raw_get("/Pg").idnum) if "/Pg" in node else page
        if "/K" in node:
            yield from _pages_of(node["/K"], own)
        elif own is not None:
            yield own
    elif page is not None:
        yield page


def _first_blocks(page: Page) -> Iterator[list[Line]]:
    """Yield the lines of the paragraph that each column of a page begins with."""
    usual = sorted(line.height for line in page.body)[len(page.body) // 2]
    lines = sorted(page.body, key=lambda line: line.top)
    for first in lines:
        if first.top > lines[0].top + first.height / 2 or first.height > 1.15 * usual:
            continue
        column = [line for line in lines if abs(line.left - first.left) < 1]
        block = [first]
        for line, after in pairwise(column[column.index(first) :]):
            same = abs(after.height - line.height) < 0.15 * line.height
            if not same or after.top - line.top > PITCH * line.height:
                break
            block.append(after)
        yield block
