"""What readers of a finished run may come upon: all text of every public file, read from outside.

Nothing here knows the library: PDF by pypdf, Word and Excel by their XML, pages by the parser of
Python, tables as CSV, the rest as it lies there.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pypdf
from PIL import Image

# Files without a text.
NO_TEXT = {".ttf", ".otf", ".woff2", ".ico"}
_PACKED = re.compile(r"base64,[A-Za-z0-9+/=]+")


def public_files(public: Path) -> list[Path]:
    """Return every file of a public folder that holds text."""
    files = (path for path in public.rglob("*") if path.is_file())
    return sorted(path for path in files if path.suffix not in NO_TEXT)


def all_text(path: Path) -> str:
    """Return everything that a file says, with its markup, its code and what it says of itself."""
    if path.suffix == ".pdf":
        about = [str(value) for value in (pypdf.PdfReader(path).metadata or {}).values()]
        return "\n".join([*about, *_paper(path)])
    if path.suffix in (".docx", ".xlsx"):
        return "\n".join(text for _, text in _parts(path))
    if path.suffix == ".png":
        with Image.open(path) as image:
            return "\n".join(str(value) for value in image.info.values())
    return _PACKED.sub("", path.read_text(encoding="utf-8"))


def printed_texts(path: Path) -> list[str]:
    """Return the texts that a reader sees in a file; none of a file that is a program."""
    if path.suffix == ".pdf":
        return _paper(path)
    if path.suffix in (".docx", ".xlsx"):
        return [
            text for name, part in _parts(path) for text in _of_xml(part) if "Props" not in name
        ]
    if path.suffix == ".svg":
        return list(_of_xml(path.read_text(encoding="utf-8")))
    if path.suffix == ".html":
        page = _Page()
        page.feed(path.read_text(encoding="utf-8"))
        return page.texts
    if path.suffix == ".csv":
        return [cell for row in csv.reader(io.StringIO(path.read_text("utf-8"))) for cell in row]
    if path.suffix == ".json":
        return list(_strings(json.loads(path.read_text(encoding="utf-8"))))
    return []


@cache
def _paper(path: Path) -> list[str]:
    """Return the text of each page; a finished run is read for several ends."""
    return [page.extract_text() for page in pypdf.PdfReader(path).pages]


def _parts(path: Path) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                yield name, package.read(name).decode()


def _of_xml(text: str) -> Iterator[str]:
    """Yield the texts of elements, of a paragraph or a cell together."""
    for element in ElementTree.fromstring(text).iter():
        kind = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        if kind in ("p", "is", "si", "text", "title", "desc"):
            yield "".join(element.itertext())


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)


class _Page(HTMLParser):
    """The visible texts of a page, and alternative texts and titles; no script, style or code."""

    HIDDEN = ("script", "style", "code", "pre")

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.HIDDEN:
            self._within.append(tag)
        self.texts += [
            text for name, text in attrs if name in ("alt", "title", "aria-label") and text
        ]

    def handle_endtag(self, tag: str) -> None:
        if self._within and self._within[-1] == tag:
            self._within.pop()

    def handle_data(self, data: str) -> None:
        if not self._within and data.strip():
            self.texts.append(data)
