"""Reading a ``.qmd``: front matter, shortcodes, and the options of each output format."""

import datetime
import hashlib
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.language.markdown import unescaped
from disrupting_harm.report.rendering.docx import Letterhead, Origin
from disrupting_harm.report.rendering.embedding import KINDS
from disrupting_harm.report.rendering.quarto_project import Project, deep_merged, find_project

# The output formats of a report and the name Quarto gives each in the front matter.
QUARTO_FORMATS = {"html": "html", "pdf": "typst", "docx": "docx"}
SHORTCODE = re.compile(r"\{\{<\s*([\w-]+)\s*(.*?)\s*>\}\}")
KNOWN_SHORTCODES = ("include", "meta")
# The address of a picture that begins in a folder above.
_ELSEWHERE = re.compile(r"\]\(((?:\.\./)+[^)\s]+)\)")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)


@dataclass(frozen=True)
class Source:
    """One document: its file, its front matter and its body with the shortcodes filled in.

    ``own`` is the front matter as it stands, ``metadata`` the same over the project's settings.
    """

    path: Path
    project: Project
    own: dict[str, Any]
    body: str

    @property
    def metadata(self) -> dict[str, Any]:
        """The metadata that hold for all formats."""
        shared = self.project.seen_from(self.folder)
        merged: dict[str, Any] = deep_merged(_top(shared), _top(self.own))
        return merged

    @property
    def folder(self) -> Path:
        """The folder that holds the document and all it refers to."""
        return self.path.parent

    @property
    def epoch(self) -> int:
        """The document's date at midnight UTC in seconds since 1970: the date of its files."""
        day = datetime.date.fromisoformat(str(self.metadata["date"]))
        return int(datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC).timestamp())

    @property
    def pictures(self) -> list[Path]:
        """The files of the pictures that lie outside the document's folder, of every kind.

        Raises:
            StudyError: for one outside the project.
        """
        return pictures_elsewhere(self.path, self.body, self.project.root)

    def options(self, output: str) -> dict[str, Any]:
        """Return the metadata as they hold for ``output`` ("html", "pdf" or "docx").

        As in Quarto the block of the format under ``format:`` goes before the top level, and the
        document before the project.
        """
        shared = self.project.seen_from(self.folder)
        layers = (shared, format_block(shared, output), self.own, format_block(self.own, output))
        merged: dict[str, Any] = {}
        for layer in layers:
            merged = deep_merged(merged, _top(layer))
        return merged

    @property
    def letterhead(self) -> Letterhead:
        """What stands on every page of the document in Word."""
        names = ("title", "watermark", "status", "organisation")
        texts = {name: unescaped(str(self.metadata.get(name, ""))) for name in names}
        return Letterhead(**texts, language=str(self.metadata["lang"]))

    @property
    def origin(self) -> Origin:
        """What a Word file says of where it came from."""
        place = self.path.resolve().relative_to(self.project.root.resolve())
        digest = hashlib.sha256(self.path.read_bytes()).hexdigest()
        return Origin(place.as_posix(), str(self.metadata["lang"]), digest)


def pictures_elsewhere(document: Path, text: str, root: Path) -> list[Path]:
    """Return the files of the pictures of a text that lie outside the document's folder.

    Raises:
        StudyError: for one outside ``root``.
    """
    found: set[Path] = set()
    for name in dict.fromkeys(_ELSEWHERE.findall(text)):
        picture = (document.parent / name).resolve()
        if not picture.is_relative_to(root.resolve()):
            remedy = f"Put it below {root}"
            raise StudyError(document.name, f"the picture '{name}' lies outside", remedy)
        files = picture.parent.iterdir() if picture.parent.is_dir() else ()
        found |= {
            file
            for file in files
            if file.suffix.lower() in KINDS and picture in (file, file.with_suffix(""))
        }
    return sorted(found)


def _top(metadata: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in metadata.items() if key != "format"}


def format_block(metadata: dict[str, Any], output: str) -> dict[str, Any]:
    """Return the options under ``format:`` for one output; empty where there are none."""
    blocks = metadata.get("format")
    block = blocks.get(QUARTO_FORMATS[output]) if isinstance(blocks, dict) else None
    return block if isinstance(block, dict) else {}


def split_front_matter(text: str, name: str = "report.qmd") -> tuple[dict[str, Any], str]:
    """Return the front matter and the rest of ``text``.

    Raises:
        StudyError: without front matter, or where it is not a YAML mapping.
    """
    found = _FRONT_MATTER.match(text)
    if not found:
        raise StudyError(name, "no front matter", "Begin the document with a block between '---'")
    try:
        metadata = yaml.safe_load(found[1])
    except yaml.YAMLError as fault:
        raise StudyError(
            f"{name}, front matter", f"not valid YAML: {fault}", "Mend the front matter"
        ) from fault
    if not isinstance(metadata, dict):
        raise StudyError(
            f"{name}, front matter", "not a list of 'key: value' lines", "Mend the front matter"
        )
    return {str(key): _dates_as_text(value) for key, value in metadata.items()}, text[found.end() :]


def _dates_as_text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value


def read_source(path: Path) -> Source:
    """Read a document and fill in its shortcodes.

    Raises:
        StudyError: for a missing file, faulty front matter, a shortcode that cannot be filled, or a
            document that belongs to no project.
    """
    if not path.is_file():
        raise StudyError(str(path), "no such file", "Write the document before rendering it")
    own, body = split_front_matter(path.read_text(encoding="utf-8"), path.name)
    bare = Source(path, find_project(path), own, body)
    return replace(bare, body=_fill(body, bare.metadata, path, (path.resolve(),)))


def _fill(text: str, metadata: dict[str, Any], path: Path, within: tuple[Path, ...]) -> str:
    """Fill the shortcodes of ``text``, a part of ``path`` reached through the files ``within``."""

    def filling(found: re.Match[str]) -> str:
        name, argument = found[1], found[2].strip("\"' ")
        if name == "meta":
            return _metadata_text(metadata, argument, path)
        if name == "include":
            return _included(argument, metadata, path, within)
        raise StudyError(
            path.name, f"unknown shortcode '{name}'", f"Use one of {', '.join(KNOWN_SHORTCODES)}"
        )

    return SHORTCODE.sub(filling, text)


def _metadata_text(metadata: dict[str, Any], key: str, path: Path) -> str:
    value: Any = metadata
    for part in key.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    if value is None or isinstance(value, dict | list):
        raise StudyError(
            path.name, f"'{{{{< meta {key} >}}}}' but no such text", f"Give '{key}' in front matter"
        )
    return str(value)


def _included(name: str, metadata: dict[str, Any], path: Path, within: tuple[Path, ...]) -> str:
    folder = within[0].parent
    target = folder / name
    resolved = target.resolve()
    if not resolved.is_relative_to(folder):
        found = f"included file '{name}' lies outside the document's folder"
        raise StudyError(path.name, found, "Put it beside the .qmd")
    if not target.is_file():
        raise StudyError(path.name, f"included file '{name}' is missing", "Put it beside the .qmd")
    if resolved in within:
        raise StudyError(path.name, f"'{name}' includes itself", "Remove one of the includes")
    text = target.read_text(encoding="utf-8")
    return _fill(text, metadata, target, (*within, resolved))
