"""Reading a ``.qmd``: front matter, shortcodes, and the options of each output format."""

import datetime
import hashlib
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.language.markdown import unescape
from disrupting_harm.report.rendering.docx import Letterhead, Origin
from disrupting_harm.report.rendering.embedding import MEDIA_TYPES
from disrupting_harm.report.rendering.quarto_project import Project, find_project, merge_settings

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

    ``front_matter`` is as it stands, ``metadata`` the same over the project's settings.
    """

    path: Path
    project: Project
    front_matter: dict[str, Any]
    body: str

    @property
    def metadata(self) -> dict[str, Any]:
        """The metadata that hold for all formats."""
        shared = self.project.seen_from(self.folder)
        merged: dict[str, Any] = merge_settings(
            _drop_formats(shared), _drop_formats(self.front_matter)
        )
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
        return find_pictures_elsewhere(self.path, self.body, self.project.root)

    def options(self, output: str) -> dict[str, Any]:
        """Return the metadata as they hold for ``output`` ("html", "pdf" or "docx").

        As in Quarto the block of the format under ``format:`` goes before the top level, and the
        document before the project.
        """
        shared = self.project.seen_from(self.folder)
        layers = (
            shared,
            find_format_block(shared, output),
            self.front_matter,
            find_format_block(self.front_matter, output),
        )
        merged: dict[str, Any] = {}
        for layer in layers:
            merged = merge_settings(merged, _drop_formats(layer))
        return merged

    @property
    def letterhead(self) -> Letterhead:
        """What stands on every page of the document in Word."""
        keys = ("title", "watermark", "status", "organisation", "terms")
        text_by_key = {name: unescape(str(self.metadata.get(name, ""))) for name in keys}
        return Letterhead(
            **text_by_key,
            language=str(self.metadata["lang"]),
            brief=bool(self.metadata.get("brief")),
        )

    @property
    def origin(self) -> Origin:
        """The origin that a Word file of this document names."""
        path_from_root = self.path.resolve().relative_to(self.project.root.resolve())
        digest = hashlib.sha256(self.path.read_bytes()).hexdigest()
        return Origin(path_from_root.as_posix(), str(self.metadata["lang"]), digest)


def find_pictures_elsewhere(document: Path, text: str, root: Path) -> list[Path]:
    """Return the files of the pictures of a text that lie outside the document's folder.

    Raises:
        StudyError: for one outside ``root``.
    """
    picture_files: set[Path] = set()
    for name in dict.fromkeys(_ELSEWHERE.findall(text)):
        picture = (document.parent / name).resolve()
        if not picture.is_relative_to(root.resolve()):
            remedy = f"Put it below {root}"
            raise StudyError(document.name, f"the picture '{name}' lies outside", remedy)
        files = picture.parent.iterdir() if picture.parent.is_dir() else ()
        picture_files |= {
            file
            for file in files
            if file.suffix.lower() in MEDIA_TYPES and picture in (file, file.with_suffix(""))
        }
    return sorted(picture_files)


def _drop_formats(metadata: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in metadata.items() if key != "format"}


def find_format_block(metadata: dict[str, Any], output: str) -> dict[str, Any]:
    """Return the options under ``format:`` for one output; empty where there are none."""
    blocks = metadata.get("format")
    block = blocks.get(QUARTO_FORMATS[output]) if isinstance(blocks, dict) else None
    return block if isinstance(block, dict) else {}


def split_front_matter(text: str, name: str = "report.qmd") -> tuple[dict[str, Any], str]:
    """Return the front matter and the rest of ``text``.

    Raises:
        StudyError: without front matter, or where it is not a YAML mapping.
    """
    match = _FRONT_MATTER.match(text)
    if not match:
        raise StudyError(name, "no front matter", "Begin the document with a block between '---'")
    try:
        metadata = yaml.safe_load(match[1])
    except yaml.YAMLError as fault:
        raise StudyError(
            f"{name}, front matter", f"not valid YAML: {fault}", "Mend the front matter"
        ) from fault
    if not isinstance(metadata, dict):
        raise StudyError(
            f"{name}, front matter", "not a list of 'key: value' lines", "Mend the front matter"
        )
    return {str(key): _format_date(value) for key, value in metadata.items()}, text[match.end() :]


def _format_date(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value


def read_source(path: Path) -> Source:
    """Read a document and fill in its shortcodes.

    Raises:
        StudyError: for a missing file, faulty front matter, a shortcode that cannot be filled, or a
            document that belongs to no project.
    """
    if not path.is_file():
        raise StudyError(str(path), "no such file", "Write the document before rendering it")
    front_matter, body = split_front_matter(path.read_text(encoding="utf-8"), path.name)
    unfilled = Source(path, find_project(path), front_matter, body)
    return replace(
        unfilled, body=_fill_shortcodes(body, unfilled.metadata, path, (path.resolve(),))
    )


def _fill_shortcodes(
    text: str, metadata: dict[str, Any], path: Path, including_files: tuple[Path, ...]
) -> str:
    """Fill the shortcodes of a text of ``path``, reached through ``including_files``."""

    def fill_shortcode(match: re.Match[str]) -> str:
        name, argument = match[1], match[2].strip("\"' ")
        if name == "meta":
            return _find_metadata_text(metadata, argument, path)
        if name == "include":
            return _read_included(argument, metadata, path, including_files)
        raise StudyError(
            path.name, f"unknown shortcode '{name}'", f"Use one of {', '.join(KNOWN_SHORTCODES)}"
        )

    return SHORTCODE.sub(fill_shortcode, text)


def _find_metadata_text(metadata: dict[str, Any], key: str, path: Path) -> str:
    value: Any = metadata
    for key_part in key.split("."):
        value = value.get(key_part) if isinstance(value, dict) else None
    if value is None or isinstance(value, dict | list):
        raise StudyError(
            path.name, f"'{{{{< meta {key} >}}}}' but no such text", f"Give '{key}' in front matter"
        )
    return str(value)


def _read_included(
    name: str, metadata: dict[str, Any], path: Path, including_files: tuple[Path, ...]
) -> str:
    folder = including_files[0].parent
    target = folder / name
    resolved = target.resolve()
    if not resolved.is_relative_to(folder):
        finding = f"included file '{name}' lies outside the document's folder"
        raise StudyError(path.name, finding, "Put it beside the .qmd")
    if not target.is_file():
        raise StudyError(path.name, f"included file '{name}' is missing", "Put it beside the .qmd")
    if resolved in including_files:
        raise StudyError(path.name, f"'{name}' includes itself", "Remove one of the includes")
    text = target.read_text(encoding="utf-8")
    return _fill_shortcodes(text, metadata, target, (*including_files, resolved))
