"""The commands ``note new``, ``author-pack`` and, of notes, ``render``."""

import argparse
import sys
from pathlib import Path

from disrupting_harm.cli.render import render_document
from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import PUBLIC
from disrupting_harm.core.paths import templates_folder
from disrupting_harm.notes.fill import NoteFaults, fill_note
from disrupting_harm.notes.new_note import start_note
from disrupting_harm.notes.note import is_note, read_note
from disrupting_harm.notes.note_maker import asked_of_code
from disrupting_harm.notes.pack import make_pack
from disrupting_harm.notes.render_note import changes_since, record_of, record_path, render_note
from disrupting_harm.report.figures.drawing.widths import named_cuts
from disrupting_harm.study.study import load_study

_ENGINES = {"quarto": "Quarto", "embedded": "the renderer of the workflow (no Quarto needed)"}


def run_note(options: argparse.Namespace) -> int:
    """Write a new note and say what to do with it."""
    study, templates = load_study(options.config), templates_folder()
    with asked_of_code(study.config.results / PUBLIC):
        path = start_note(options.name, study, options.country, options.lang, templates)
    print(path)
    print(f"Next: disrupting-harm render {path}", file=sys.stderr)
    return 0


def run_pack(options: argparse.Namespace) -> int:
    """Make the author pack of a country and print its folder and its ZIP."""
    study, templates = load_study(options.config), templates_folder()
    cuts = named_cuts(options.width)
    licence = options.licence or study.config.study.licence or ""
    with asked_of_code(study.config.results / PUBLIC):
        packed = make_pack(study, options.country, options.output, licence, templates, cuts)
    for made in packed:
        print(made)
    return 0


def run_render(options: argparse.Namespace) -> int:
    """Render a note or another document; return 1 where a note has faults, or changed."""
    if not is_note(options.file):
        if options.check:
            raise StudyError(str(options.file), "no note: no 'results'", "--check is for notes")
        render_document(options.file, options.to, options.renderer)
        return 0
    try:
        if options.check:
            return check_note(options.file, options.config)
        return _render(options.file, options.to, options.renderer, options.config)
    except NoteFaults as faults:
        for line in faults.lines:
            print(line, file=sys.stderr)
        print(f"{_counted(len(faults.lines), 'fault')}; nothing was written", file=sys.stderr)
        return 1


def _render(path: Path, to: str, renderer: str, config: Path) -> int:
    note, study, templates = read_note(path), load_study(config), templates_folder()
    formats = [name.strip() for name in to.split(",") if name.strip()]
    with asked_of_code(note.public):
        filled = fill_note(note, study, templates)
        before = changes_since(path, record_of(note, filled))
        made = render_note(note, study, templates, formats, renderer)
    print(f"rendered by {_ENGINES[made.engine]}", file=sys.stderr)
    for line in before or []:
        print(line, file=sys.stderr)
    for address in filled.with_care:
        print(f"with care  {address}: say so, or write 'share' for it", file=sys.stderr)
    for file in made.files:
        print(file)
    return 0


def check_note(path: Path, config: Path) -> int:
    """Print what would change if a note were rendered now; return 1 where something would.

    Raises:
        StudyError: if the note was never rendered.
        NoteFaults: with everything that is wrong in the note.
    """
    note = read_note(path)
    with asked_of_code(note.public):
        now = record_of(note, fill_note(note, load_study(config), templates_folder()))
    found = changes_since(path, now)
    if found is None:
        raise StudyError(str(record_path(path)), "there is none yet", "Render the note first")
    for line in found:
        print(line)
    counts = _counted(len(now["numbers"]), "number"), _counted(len(found), "change")
    print(", ".join(counts), file=sys.stderr)
    return 1 if found else 0


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"
