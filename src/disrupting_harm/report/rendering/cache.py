"""Rendering a document only where something that it is made of has changed.

Beside the lists of what each job made lies a note for each document: a digest of all that it was
rendered from, and the SHA-256 of what came out. Where a job writes the same source again, for
instance because only another language or another country's sentence was edited, the rendered files
stay as they are.
"""

import hashlib
from collections.abc import Iterator, Sequence
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
from disrupting_harm.report.rendering import RenderRecord, engine, render, shared_names
from disrupting_harm.report.rendering.qmd import pictures_elsewhere

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
    note = results / RESTRICTED / MADE / NOTES / name
    made_from = _digest(qmd, results / PUBLIC, formats, renderer)
    files = {kind: qmd.with_suffix(f".{kind}") for kind in formats}
    if note.is_file() and read_json(note) == {"from": made_from, "made": _hashes(files)}:
        WRITTEN.update([note, *files.values()])
        return RenderRecord(*engine(renderer), files)
    record = render(qmd, formats, renderer, language=language)
    write_json(note, {"from": made_from, "made": _hashes(record.files)})
    return record


def _hashes(files: dict[str, Path]) -> dict[str, str]:
    return {kind: sha256(path) for kind, path in sorted(files.items()) if path.is_file()}


def _digest(qmd: Path, public: Path, formats: Sequence[str], renderer: str) -> str:
    """Return a digest of the source, its figures, what documents share, and the renderer."""
    lines = [f"{engine(renderer)} {sorted(formats)} {_code()}\n"]
    elsewhere = pictures_elsewhere(qmd, qmd.read_text(encoding="utf-8"), public)
    shared = [public / name for name in shared_names()]
    for path in (qmd, *_below(qmd.parent / FIGURES), *elsewhere, *shared):
        place = path.resolve().relative_to(public.resolve()).as_posix()
        lines.append(f"{sha256(path)}  {place}\n")
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _below(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.rglob("*") if path.is_file())


def _code() -> str:
    """Return a digest of the modules and filters that render."""
    modules = imported_files(_HERE / "__init__.py", *SOURCES)
    return fingerprint({*modules, *_HERE.rglob("*.lua")}, *SOURCES)
