"""The texts in public files, opened as a reader would: documents, pages, pictures."""

import base64
import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pypdf
from packed_tables import unpacked

_TEXTS = (
    ".csv",
    ".json",
    ".html",
    ".svg",
    ".qmd",
    ".md",
    ".css",
    ".typ",
    ".yml",
    ".lua",
    ".xml",
    ".txt",
    ".rels",
)
_EMBEDDED = re.compile(r"data:[\w/+.-]+/(?P<kind>[\w+]+);base64,(?P<data>[A-Za-z0-9+/=]+)")
_TAG = re.compile(r"<[^>]*>")
# Of a sheet: the next cell is another number.
_CELL = "</c>"


def public_texts(folder: Path, pages: bool = True) -> Iterator[tuple[str, str]]:
    """Yield the path of every file below a folder and each text in it.

    Args:
        folder: the public folder.
        pages: whether to read pages of PDF, too, which takes long; their metadata always are.
    """
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            for text in texts(path.name, path.read_bytes(), pages):
                yield path.relative_to(folder).as_posix(), text


def texts(name: str, content: bytes, pages: bool = True) -> Iterator[str]:
    """Yield the texts of a file: markup with and without tags, what is packed or embedded too."""
    kind = "." + name.lower().rpartition(".")[2]
    if kind in _TEXTS:
        text = content.decode("utf-8")
        for found in _EMBEDDED.finditer(text):
            inner = "svg" if found["kind"] == "svg+xml" else found["kind"]
            yield from texts(f"embedded.{inner}", base64.b64decode(found["data"]), pages)
        bare = _EMBEDDED.sub("", text)
        yield bare
        if bare.lstrip().startswith("<"):
            yield _TAG.sub("", bare.replace(_CELL, f" {_CELL}"))
    elif kind in (".docx", ".xlsx"):
        with zipfile.ZipFile(BytesIO(content)) as package:
            for member in package.namelist():
                yield from texts(member, package.read(member), pages)
    elif kind == ".pdf":
        reader = pypdf.PdfReader(BytesIO(content))
        yield " ".join(str(value) for value in (reader.metadata or {}).values())
        if pages:
            yield from (page.extract_text() for page in reader.pages)
    elif kind == ".gzip":
        for columns in unpacked(content).values():
            yield from ("\n".join(cells) for cells in columns.values())
    elif kind == ".png":
        yield from _notes(content)


def _notes(picture: bytes) -> Iterator[str]:
    """Yield the notes in a PNG picture; in its dots, by chance, anything may seem to stand."""
    place = 8
    while place < len(picture):
        size, kind = (
            int.from_bytes(picture[place : place + 4], "big"),
            picture[place + 4 : place + 8],
        )
        note = picture[place + 8 : place + 8 + size]
        if kind in (b"tEXt", b"iTXt"):
            yield note.decode("latin-1")
        elif kind == b"zTXt":
            yield zlib.decompress(note.partition(b"\0")[2][1:]).decode("latin-1")
        place += 12 + size
