"""What lies beside a note: the styles of the study's documents, its figures, and shortcodes.

With it the folder of a note is complete: it renders in Quarto without our command, can be moved,
and can be handed to a colleague. All of it is public, and each render writes it anew.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from disrupting_harm.errors import StudyError
from disrupting_harm.files import read_json, read_text, write_bytes, write_text
from disrupting_harm.notes.placing import FIGURES, Placed
from disrupting_harm.report.rendering.docx import Letterhead, with_letterhead
from disrupting_harm.report.rendering.project import DEFAULTS, FONTS, SETTINGS, SHARED

EXTENSION = "_extensions/disrupting-harm"
_HERE = Path(__file__).parent / "extension"
_MARK = "# Written by 'disrupting-harm': the folder of a note, for Quarto.\n"
# In front of the filter of all documents: what stands for numbers becomes text.
_OWN_FILTER = {"path": f"{EXTENSION}/filter.lua", "at": "pre-ast"}


def refuse_foreign(folder: Path) -> None:
    """Refuse a folder that belongs to something else.

    Raises:
        StudyError: if it is a project of Quarto, or the top of a repository.
    """
    settings = folder / SETTINGS
    if settings.is_file() and not read_text(settings).startswith(_MARK):
        remedy = "Put the note into a folder of its own: disrupting-harm note new NAME"
        raise StudyError(str(settings), "the settings of other documents", remedy)
    if (folder / ".git").exists():
        remedy = "Put the note into a folder of its own: disrupting-harm note new NAME"
        raise StudyError(str(folder), "the top of a repository", remedy)


def furnish(folder: Path, public: Path) -> None:
    """Write styles, fonts and the extension of shortcodes into the folder of a note.

    Args:
        folder: of the note.
        public: the public results.
    """
    refuse_foreign(folder)
    write_text(folder / SETTINGS, settings_of(public))
    for name in (SHARED, FONTS):
        _copy(public / name, folder / name)
    for name, text in extension().items():
        write_text(folder / EXTENSION / name, text)


def mark_word_files(folder: Path, front: Mapping[str, Any]) -> None:
    """Put what a note says of itself on each page of the Word files that Quarto makes of it.

    Args:
        folder: of the note, furnished.
        front: of the filled note.
    """
    reference = folder / SHARED / "reference.docx"
    settings = yaml.safe_load(read_text(folder / SETTINGS))
    letterhead = Letterhead(
        watermark=front.get("watermark", ""),
        status=front.get("status", ""),
        organisation=settings.get("organisation", ""),
        language=front["lang"],
    )
    write_bytes(reference, with_letterhead(reference.read_bytes(), letterhead))


def extension() -> dict[str, str]:
    """Return the files of the extension of Quarto but its numbers.

    What both Lua files need stands at their heads: Quarto runs each by itself.
    """
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(_HERE.iterdir())}
    lookup = texts.pop("lookup.lua")
    return {name: lookup + text if name.endswith(".lua") else text for name, text in texts.items()}


def copy_figures(folder: Path, figures: Path, country: str, language: str) -> None:
    """Copy the figures of a country in one language, as pictures and with their data.

    Args:
        folder: of the note.
        figures: the public folder of these figures.
        country: its code.
        language: of the figures.
    """
    _copy(figures, folder / FIGURES / country / language)


def copy_figure(placed: Placed, folder: Path) -> None:
    """Copy one figure that a note shows, with its data, into the folder of the note."""
    for name in (*placed.figure.files, placed.figure.csv):
        target = folder / FIGURES / placed.place / name
        _write(target, (placed.folder / name).read_bytes())


def settings_of(public: Path) -> str:
    """Return the settings of the study's documents as those of notes.

    The shortcodes of numbers are filled first. A note has the study's date, and contents and
    numbered headings where its author asks for them. Its page holds its figures.
    """
    settings = yaml.safe_load(read_text(public / SETTINGS))
    settings["filters"] = [_OWN_FILTER, *settings["filters"]]
    settings[DEFAULTS] |= {
        "number-sections": False,
        "contents": False,
        "linked-pictures": False,
    }
    for block in settings["format"].values():
        block["toc"] = False
    settings["date"] = read_json(public / "manifest.json")["configuration"]["study"]["date"]
    return _MARK + yaml.safe_dump(settings, sort_keys=False, allow_unicode=True)


def _copy(source: Path, target: Path) -> None:
    for path in _files(source):
        _write(target / path.relative_to(source), path.read_bytes())


def _files(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.rglob("*") if path.is_file())


def _write(target: Path, content: bytes) -> None:
    if not target.is_file() or target.read_bytes() != content:
        write_bytes(target, content)
