"""The commands on documents and figures of a finished study, and on texts of authors."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from disrupting_harm.cli.arguments import Commands, add_config, add_json
from disrupting_harm.core.errors import StudyError, amount
from disrupting_harm.core.files import PUBLIC, format_json, write_text

RENDERERS = {"quarto": "Quarto", "embedded": "the renderer of the workflow (no Quarto needed)"}


def register(commands: Commands) -> None:
    """Add the commands to those of the command line."""
    render = commands.add_parser("render", help="render a note, or a document of the results")
    render.add_argument("file", type=Path, metavar="FILE.qmd")
    render.add_argument("--to", "--formats", default="html,pdf,docx", help="some of these")
    render.add_argument("--renderer", default="auto", help="auto, quarto or embedded")
    render.add_argument(
        "--check", action="store_true", help="of a note: write nothing, end with 1 if it changed"
    )
    add_config(render, "of a note")
    render.set_defaults(function=render_file)
    preview = commands.add_parser("preview", help="a country's document with today's texts")
    preview.add_argument("country", metavar="ISO3", help="code of the country")
    preview.add_argument("--language", default="", help="default the country's first")
    preview.add_argument("--document", choices=("report", "brief"), default="report")
    preview.add_argument("--to", default="", help="some of html,pdf,docx; default as a run does")
    add_config(preview)
    preview.set_defaults(function=preview_document)
    note = commands.add_parser("note", help="texts of authors with published numbers")
    actions = note.add_subparsers(dest="action", required=True)
    new = actions.add_parser("new", help="write an example to begin with")
    new.add_argument("name", metavar="NAME", help="of the note, and of its folder")
    new.add_argument("--country", metavar="ISO3", help="whose numbers need no country before them")
    new.add_argument("--lang", help="language of the note; default the country's first")
    add_config(new)
    new.set_defaults(function=write_new_note)
    single = commands.add_parser("single-file", help="a page with its figures in it, to be mailed")
    single.add_argument("page", type=Path, metavar="PAGE.html")
    single.add_argument("output", type=Path, metavar="OUTPUT.html")
    single.set_defaults(function=write_single_file)
    cuts = commands.add_parser("figure-cuts", help="figures of a finished run for authors")
    cuts.add_argument("countries", nargs="*", metavar="COUNTRY", help="default all")
    add_config(cuts)
    cuts.add_argument("--output", type=Path, default=Path("figure-cuts"), metavar="FOLDER")
    cuts.set_defaults(function=write_figure_cuts)
    pack = commands.add_parser("author-pack", help="figures, sentences and texts of one country")
    pack.add_argument("country", metavar="ISO3", help="code of the country")
    pack.add_argument("--licence", default="", help="address of the licence of the results")
    add_config(pack)
    pack.add_argument("--output", type=Path, default=Path(), metavar="FOLDER")
    pack.set_defaults(function=write_author_pack)
    for parser in (cuts, pack):
        widths = "text, wide, column, small or web; may be given again; default all"
        parser.add_argument("--width", action="append", default=[], metavar="NAME", help=widths)
    numbers = commands.add_parser("lint-numbers", help="check the numbers of filled documents")
    numbers.add_argument("files", type=Path, nargs="*", metavar="FILE.qmd", help="default all")
    add_config(numbers)
    add_json(numbers)
    numbers.set_defaults(function=lint_numbers)
    edited = commands.add_parser(
        "compare-docx", help="what was changed in the Word file of a document"
    )
    edited.add_argument("file", type=Path, metavar="EDITED.docx")
    add_config(edited)
    edited.add_argument("--against", type=Path, metavar="FILE", help="the run's own .docx or .qmd")
    edited.add_argument(
        "--write", action="store_true", help="put texts of authors into their files"
    )
    edited.add_argument("--patch", type=Path, metavar="FILE", help="other changes as a diff")
    add_json(edited)
    edited.set_defaults(function=compare_docx)


def render_file(options: argparse.Namespace) -> int:
    """Render a note or another document; return 1 where a note has faults, or changed."""
    from disrupting_harm.notes.fill import NoteFaults
    from disrupting_harm.notes.note import is_note

    if not is_note(options.file):
        if options.check:
            raise StudyError(str(options.file), "no note: no 'results'", "--check is for notes")
        return _render_document(options.file, options.to, options.renderer)
    try:
        if options.check:
            return _check_note(options.file, options.config)
        return _render_note(options.file, options.to, options.renderer, options.config)
    except NoteFaults as faults:
        _print_aside(*faults.lines)
        _print_aside(f"{_count_items(faults.lines, 'fault')}; nothing was written")
        return 1


def preview_document(options: argparse.Namespace) -> int:
    """Make the preview of one document and print the paths of its files."""
    from disrupting_harm.runs.preview import print_preview

    return print_preview(
        options.config, options.country, options.language, options.document, options.to
    )


def write_new_note(options: argparse.Namespace) -> int:
    """Write a new note and say what to do with it."""
    from disrupting_harm.core.paths import format_command, templates_folder
    from disrupting_harm.notes.new_note import start_note
    from disrupting_harm.notes.results_code import warn_of_other_code
    from disrupting_harm.study.study import load_study

    study, templates = load_study(options.config), templates_folder()
    with warn_of_other_code(study.config.results / PUBLIC):
        path = start_note(options.name, study, options.country, options.lang, templates)
    print(path)
    _print_aside(f"Next: {format_command('render', path)}")
    return 0


def write_single_file(options: argparse.Namespace) -> int:
    """Write a page of the public results with its figures in it: it needs no file beside it."""
    from disrupting_harm.report.rendering.embedding import format_single_file

    write_text(options.output, format_single_file(options.page))
    print(options.output)
    return 0


def write_figure_cuts(options: argparse.Namespace) -> int:
    """Write the figures of a finished run in the widths asked for and print their folders."""
    from disrupting_harm.notes.figure_cuts import draw_figure_cuts
    from disrupting_harm.report.drawing.widths import named_cuts

    cuts = named_cuts(options.width)
    for folder in draw_figure_cuts(options.config, options.countries, options.output, cuts):
        print(folder)
    return 0


def write_author_pack(options: argparse.Namespace) -> int:
    """Make the author pack of a country and print its folder and its ZIP."""
    from disrupting_harm.core.paths import templates_folder
    from disrupting_harm.notes.pack import make_pack
    from disrupting_harm.notes.results_code import warn_of_other_code
    from disrupting_harm.report.drawing.widths import named_cuts
    from disrupting_harm.study.study import load_study

    study, templates = load_study(options.config), templates_folder()
    cuts = named_cuts(options.width)
    licence = options.licence or study.config.study.licence or ""
    with warn_of_other_code(study.config.results / PUBLIC):
        paths = make_pack(study, options.country, options.output, licence, templates, cuts)
    for path in paths:
        print(path)
    return 0


def lint_numbers(options: argparse.Namespace) -> int:
    """Print every faulty number of documents; return 1 where there is one.

    Raises:
        StudyError: if a file is missing or has no language.
    """
    from disrupting_harm.report.checks.documents import (
        NumberChecks,
        StudyTexts,
        list_documents,
    )
    from disrupting_harm.report.checks.explained_pages import list_explained_pages
    from disrupting_harm.report.checks.explorer import list_explorers
    from disrupting_harm.report.checks.figure_numbers import list_figure_lists
    from disrupting_harm.report.checks.site import list_site_pages
    from disrupting_harm.study.study import load_study

    study = load_study(options.config)
    public = study.config.results / PUBLIC
    texts = StudyTexts.from_study(study)
    site = list_site_pages(public, texts.languages)
    pages = [*list_explained_pages(public), *site, *list_explorers(public)]
    documents = options.files or [*list_figure_lists(public), *list_documents(public), *pages]
    if not documents:
        raise StudyError(str(public), "there is no document", "Run the study, or name a file")
    checks = NumberChecks(texts, public)
    faults = []
    for document in documents:
        for fault in checks.find_faults(document):
            faults.append({"document": document.as_posix(), "fault": fault})
            if not options.json:
                print(f"{document}, {fault}")
    if options.json:
        print(format_json({"documents": len(documents), "faults": faults}), end="")
    else:
        print(f"{amount(len(documents), 'document')}, {amount(len(faults), 'faulty number')}")
    return 1 if faults else 0


def compare_docx(options: argparse.Namespace) -> int:
    """Print what was changed in a Word file; return 1 where something is refused."""
    from disrupting_harm.docx_review.edited_file import Options, compare_docx

    return compare_docx(
        Options(
            options.file,
            options.config,
            against=options.against,
            write=options.write,
            patch=options.patch,
            json=options.json,
        )
    )


def _render_document(qmd: Path, to: str, renderer: str) -> int:
    """Render a document into files beside it and print their paths."""
    from disrupting_harm.report.rendering import render

    record = render(qmd, _split_formats(to), renderer)
    programs = ", ".join(f"{name} {version}" for name, version in record.versions.items())
    _print_aside(f"rendered by {programs}")
    for path in record.files.values():
        print(path)
    return 0


def _render_note(path: Path, to: str, renderer: str, config: Path) -> int:
    from disrupting_harm.core.paths import templates_folder
    from disrupting_harm.notes.fill import fill_note
    from disrupting_harm.notes.note import read_note
    from disrupting_harm.notes.render_note import (
        describe_changes_since,
        make_record,
        render_note,
    )
    from disrupting_harm.notes.results_code import warn_of_other_code
    from disrupting_harm.study.study import load_study

    note, study, templates = read_note(path), load_study(config), templates_folder()
    with warn_of_other_code(note.public):
        filled = fill_note(note, study, templates)
        changes = describe_changes_since(path, make_record(note, filled))
        rendered = render_note(note, study, templates, _split_formats(to), renderer)
    _print_aside(f"rendered by {RENDERERS[rendered.engine]}", *(changes or []))
    for address in filled.with_care:
        _print_aside(f"with care  {address}: say so, or write 'share' for it")
    for file in rendered.files:
        print(file)
    return 0


def _check_note(path: Path, config: Path) -> int:
    """Print what would change if a note were rendered now; return 1 where something would.

    Raises:
        StudyError: if the note was never rendered.
        NoteFaults: with everything that is wrong in the note.
    """
    from disrupting_harm.core.paths import templates_folder
    from disrupting_harm.notes.fill import fill_note
    from disrupting_harm.notes.note import read_note
    from disrupting_harm.notes.render_note import (
        describe_changes_since,
        make_record,
        record_path,
    )
    from disrupting_harm.notes.results_code import warn_of_other_code
    from disrupting_harm.study.study import load_study

    note = read_note(path)
    with warn_of_other_code(note.public):
        record = make_record(note, fill_note(note, load_study(config), templates_folder()))
    changes = describe_changes_since(path, record)
    if changes is None:
        raise StudyError(str(record_path(path)), "there is none yet", "Render the note first")
    for line in changes:
        print(line)
    _print_aside(f"{_count_items(record['numbers'], 'number')}, {_count_items(changes, 'change')}")
    return 1 if changes else 0


def _split_formats(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]


def _count_items(items: Sequence[object], name: str) -> str:
    return f"{len(items)} {name}" if len(items) == 1 else f"{len(items)} {name}s"


def _print_aside(*lines: str) -> None:
    """Print what is none of the command's results, which other programs may read."""
    for line in lines:
        print(line, file=sys.stderr)
