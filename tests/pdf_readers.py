"""The text of a PDF as four readers see it, each a program of its own.

They stand for what people open a document with: Poppler for those of free desktops, PDFium for
Chrome and Edge, MuPDF for many on telephones, and pdf.js for Firefox.
"""

import re
import subprocess
import unicodedata
from collections.abc import Callable
from html import unescape
from pathlib import Path

import lxml.html
import pymupdf
import pypdfium2
from preconditions import require
from repository import PROJECT

_PDFJS = PROJECT / "tests" / "pdfjs" / "text.mjs"
_LETTERS = 12  # of a piece that is searched


def _read_by_poppler(path: Path) -> str:
    require("no Poppler")
    return _print(["pdftotext", "-raw", str(path), "-"])


def sort_by_poppler(path: Path) -> str:
    """Return the text as viewers search it: sorted by places, so columns may be mixed."""
    require("no Poppler")
    return _print(["pdftotext", str(path), "-"])


def _read_by_pdfium(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as pdf:
        return "\n".join(page.get_textpage().get_text_range() for page in pdf)


def _read_by_mupdf(path: Path) -> str:
    with pymupdf.open(path) as pdf:
        return "\n".join(page.get_text() for page in pdf)


def _read_by_pdfjs(path: Path) -> str:
    require("no pdf.js")
    return _print(["node", str(_PDFJS), str(PROJECT / ".venv/pdfjs/node_modules/pdfjs-dist"), path])


def _print(command: list[str | Path]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


READERS: dict[str, Callable[[Path], str]] = {
    "Poppler": _read_by_poppler,
    "PDFium": _read_by_pdfium,
    "MuPDF": _read_by_mupdf,
    "pdf.js": _read_by_pdfjs,
}


def plain_text(text: str) -> str:
    """Return a text in composed letters, one space wide, without what lets or no lines end."""
    visible = re.sub("[\u00ad\u200b\u2060\ufeff]", "", unicodedata.normalize("NFC", text))
    return " ".join(visible.split())


def pieces_of_page(path: Path) -> list[str]:
    """Return the running text of a page in pieces of twelve letters."""
    page = lxml.html.parse(str(path))
    for unprinted in page.xpath("//script | //style | //*[local-name()='svg'] | //nav"):
        unprinted.drop_tree()
    blocks = {each.text_content() for each in page.xpath("//p|//td|//h2|//h3|//li")}
    return pieces_of(sorted(blocks))


def words_of_figures(source: Path) -> list[str]:
    """Return the lines of text in the figures that a document shows, as its source names them."""
    names = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", source.read_text(encoding="utf-8"))
    drawings = [source.parent / f"{name.removesuffix('.svg')}.svg" for name in names]
    words = [
        plain_text(unescape(line))
        for drawing in drawings
        if drawing.is_file()
        for line in re.findall("<!-- (.+) -->", drawing.read_text(encoding="utf-8"))
    ]
    # Shorter ones stand anywhere.
    return [each for each in words if len(each) > 3]


def pieces_of(texts: list[str]) -> list[str]:
    """Return texts in pieces of twelve letters and spaces; what is left at their ends is not."""
    plain = [plain_text(text) for text in texts]
    return [
        text[start : start + _LETTERS]
        for text in plain
        for start in range(0, len(text) - _LETTERS + 1, _LETTERS)
    ]


def share_found(pieces: list[str], text: str) -> float:
    """Return the share of pieces that stand in what a reader sees, with every space.

    A line may end at a space, or in a script without spaces between two letters.
    """
    lines = text.splitlines()
    searched = plain_text(" ".join(lines)), plain_text("".join(lines))
    return sum(any(piece in each for each in searched) for piece in pieces) / len(pieces)
