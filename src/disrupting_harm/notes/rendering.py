"""From a note to its documents, which are rendered apart and put beside it when all stands."""

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from disrupting_harm.errors import StudyError
from disrupting_harm.files import write_bytes, write_json, write_text
from disrupting_harm.notes.filling import FILLED, Filled, fill_note
from disrupting_harm.notes.front import looked_up
from disrupting_harm.notes.furniture import copy_figure, furnish, mark_word_files, refuse_foreign
from disrupting_harm.notes.lookup import write_lookup
from disrupting_harm.notes.note import Note
from disrupting_harm.notes.placing import FIGURES
from disrupting_harm.notes.record import record_of, record_path
from disrupting_harm.report.rendering import render
from disrupting_harm.report.rendering.source import pictures_elsewhere
from disrupting_harm.study.study import Study


@dataclass(frozen=True)
class Rendered:
    """What was made of a note: its files, and the engine that rendered them."""

    files: tuple[Path, ...]
    engine: str


def render_note(
    note: Note, study: Study, templates: Path, formats: Sequence[str], renderer: str
) -> Rendered:
    """Fill and render a note; its documents appear beside it together, or not at all.

    Args:
        note: the note.
        study: configuration and codebook of the results.
        templates: the folder of templates and catalogues.
        formats: some of html, pdf and docx.
        renderer: auto, quarto or embedded.

    Raises:
        StudyError: as :func:`.fill_note` and :func:`.render`.
        NoteFaults: with everything that is wrong in the note.
    """
    folder = note.path.parent
    refuse_foreign(folder)
    filled = fill_note(note, study, templates)
    with tempfile.TemporaryDirectory() as scratch:
        source = _prepare(Path(scratch), note, filled)
        made = render(source, formats, renderer, language=note.language)
        documents = {kind: path.read_bytes() for kind, path in made.files.items()}
    furnish(folder, note.public)
    mark_word_files(folder, filled.front)
    for placed in filled.figures.values():
        copy_figure(placed, folder)
    write_lookup(note, looked_up(filled.front), study, templates)
    write_text(folder / FILLED / note.path.name, filled.text)
    write_json(record_path(note.path), record_of(note, filled))
    files = []
    for kind, content in documents.items():
        files.append(note.path.with_suffix(f".{kind}"))
        write_bytes(files[-1], content)
    return Rendered((*files, folder / FILLED / note.path.name, record_path(note.path)), made.engine)


def _prepare(root: Path, note: Note, filled: Filled) -> Path:
    """Put a filled note with all that it needs into a folder, and return the document."""
    furnish(root, note.public)
    for placed in filled.figures.values():
        copy_figure(placed, root)
    source = root / FILLED / note.path.name
    write_text(source, filled.text)
    folder = note.path.parent.resolve()
    for own in _own_files(folder, note, filled):
        target = root / own.relative_to(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(own, target)
    return source


def _own_files(folder: Path, note: Note, filled: Filled) -> list[Path]:
    """Return the author's own pictures and lists of works."""
    seen_from = folder / FILLED / note.path.name
    shown = {path.resolve() for path in (folder / FIGURES).rglob("*")}
    own = [path for path in pictures_elsewhere(seen_from, filled.text, folder) if path not in shown]
    for key in ("bibliography", "csl"):
        given = note.own.get(key, [])
        for name in given if isinstance(given, list) else [given]:
            path = (folder / str(name)).resolve()
            if not path.is_file() or not path.is_relative_to(folder):
                where = f"{note.path}, key '{key}'"
                raise StudyError(where, f"no '{name}' beside the note", "Put it there")
            own.append(path)
    return own
