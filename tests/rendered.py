"""What a rendered document holds, to be held against the same document of another engine.

Names and versions of the programs that rendered it are left out; nothing else is.
"""

import re
import subprocess
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pypdf
from preconditions import require

PROGRAMS = re.compile(r"(?:Quarto [\d.]+, )?pandoc [\d.]+(?:, Typst [\d.]+)?")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source"}
# What Quarto adds to tables, and nobody sees.
ADDED = {("tr", "class"), ("table", "class")}


class Page(HTMLParser):
    """A page: its tags and texts in their order, its pictures, captions and references.

    Attributes:
        events: start tags with their attributes, end tags, and texts.
        alternatives: of each picture, None where it has none.
        captions: the texts of all captions.
        captioned: the labels of floats with a caption.
        references: the labels that references lead to.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.events: list[Any] = []
        self.alternatives: list[str | None] = []
        self.captions: list[str] = []
        self.captioned: list[str] = []
        self.references: set[str] = set()
        self._within_caption = False
        self.text = PROGRAMS.sub("", path.read_text(encoding="utf-8"))
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.events.append((tag, sorted(each for each in attrs if (tag, each[0]) not in ADDED)))
        found = dict(attrs)
        if tag == "img":
            self.alternatives.append(found.get("alt"))
        elif tag == "figcaption":
            self._within_caption = True
            self.captions.append("")
            if "id" in found:
                self.captioned.append(str(found["id"]).removesuffix("-caption"))
        elif tag == "a" and "quarto-xref" in str(found.get("class")):
            self.references.add(str(found["href"]).removeprefix("#"))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.events.append(tag)
        self._within_caption = self._within_caption and tag != "figcaption"

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.events.append(" ".join(data.split()))
        if self._within_caption:
            self.captions[-1] += data


def paper_pages(path: Path) -> list[str]:
    """Return the text of each page of a PDF, without the spaces at which its lines may end."""
    require("no Poppler")
    done = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, check=True)
    pages = done.stdout.decode().split("\f")[:-1]
    return [without_spaces(PROGRAMS.sub("", " ".join(page.split()))) for page in pages]


def without_spaces(text: str) -> str:
    """Return a text without spaces, among them those between Khmer and Thai words, and joiners.

    What keeps an interval together (U+2060) is taken out of a PDF behind Typst, not by Quarto.
    """
    return re.sub(r"[\s\u200b\u2060]", "", text)


def alternatives_on_paper(path: Path) -> list[str]:
    """Return the alternative texts in the structure tree of a PDF, in their order."""
    root = pypdf.PdfReader(path).trailer["/Root"]["/StructTreeRoot"]
    return list(_alternatives(root))


def _alternatives(element: Any) -> Iterator[str]:
    found = element.get_object()
    if isinstance(found, pypdf.generic.ArrayObject):
        for each in found:
            yield from _alternatives(each)
    elif isinstance(found, pypdf.generic.DictionaryObject):
        if "/Alt" in found:
            yield str(found["/Alt"])
        if "/K" in found:
            yield from _alternatives(found.raw_get("/K"))


def word_parts(path: Path) -> dict[str, bytes]:
    """Return the parts of a Word file by their names."""
    with zipfile.ZipFile(path) as archive:
        return {name: _without_programs(archive.read(name)) for name in archive.namelist()}


def _without_programs(part: bytes) -> bytes:
    try:
        return PROGRAMS.sub("", part.decode()).encode()
    except UnicodeDecodeError:
        return part
