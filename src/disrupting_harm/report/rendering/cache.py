"""Rendering a document only where something that it is made of has changed.

Beside the lists of what each job made lies a note for each document: a digest of all that it was
rendered from, and the SHA-256 of what came out. Where a job writes the same source again, for
instance because only another language or another country's sentence was edited, the rendered files
stay as they are.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from disrupting_harm.core.files import (
    PUBLIC,
    RESTRICTED,
    WRITTEN,
    is_public,
    read_json,
    results_folder,
    write_json,
)
from disrupting_harm.core.job_records import MADE, sha256
from disrupting_harm.core.paths import SOURCES
from disrupting_harm.provenance.imports import fingerprint, imported_files
from disrupting_harm.report.rendering import RenderRecord, find_engine, list_shared_files, render
from disrupting_harm.report.rendering.qmd import find_pictures_elsewhere

NOTES = "rendered"
FIGURES = "figures"
_HERE = Path(__file__).parent


def render_if_changed(
    qmd: Path, formats: Sequence[str], renderer: str, *, language: str
) -> RenderRecord:
    """Render a document, or keep what was rendered from the same before.

    A document outside the public results is always rendered.

    Args:
        qmd, formats, renderer, language: as of :func:`.render`; the document's figures lie in the
            folder ``figures`` beside it, or elsewhere below the public results.

    Raises:
        StudyError: as :func:`.render`.
    """
    if not is_public(qmd):
        return render(qmd, formats, renderer, language=language)
    results = results_folder(qmd)
    name = qmd.relative_to(results / PUBLIC).with_suffix(".json")
    note_path = results / RESTRICTED / MADE / NOTES / name
    made_from = _hash_sources(qmd, results / PUBLIC, formats, renderer)
    files = {file_format: qmd.with_suffix(f".{file_format}") for file_format in formats}
    if note_path.is_file() and read_json(note_path) == {
        "from": made_from,
        "made": _hash_files(qmd.parent, files.values()),
    }:
        WRITTEN.update([note_path, *files.values()])
        return RenderRecord(*find_engine(renderer), files)
    record = render(qmd, formats, renderer, language=language)
    write_json(note_path, {"from": made_from, "made": _hash_files(qmd.parent, files.values())})
    return record


def _hash_files(folder: Path, files: Iterable[Path]) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): sha256(path)
        for path in sorted(files)
        if path.is_file()
    }


def _hash_sources(qmd: Path, public: Path, formats: Sequence[str], renderer: str) -> str:
    """Return a digest of the source, its figures, what documents share, and the renderer."""
    digest_lines = [f"{find_engine(renderer)} {sorted(formats)} {hash_code()}\n"]
    elsewhere = find_pictures_elsewhere(qmd, qmd.read_text(encoding="utf-8"), public)
    shared = [public / name for name in list_shared_files()]
    for path in (qmd, *_list_files_below(qmd.parent / FIGURES), *elsewhere, *shared):
        path_in_public = path.resolve().relative_to(public.resolve()).as_posix()
        digest_lines.append(f"{sha256(path)}  {path_in_public}\n")
    return hashlib.sha256("".join(digest_lines).encode()).hexdigest()


def _list_files_below(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.rglob("*") if path.is_file())


def hash_code() -> str:
    """Return a digest of the modules and filters that render."""
    modules = imported_files(_HERE / "__init__.py", *SOURCES)
    return fingerprint({*modules, *_HERE.rglob("*.lua")}, *SOURCES)
