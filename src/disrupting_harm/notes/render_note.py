"""The printed forms that the shortcodes of Quarto look up: nothing is formatted in Lua.

``_extensions/disrupting-harm/{language}-{country}.json`` holds, for each shortcode, the Markdown by
id: of all that is published of the note's country, and of what the note names besides. Of a hidden
number it holds the published words in place of the number. Under ``front`` it holds what our
command puts in front of the note: watermark, status and date.
"""

import re
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from disrupting_harm.core.errors import StudyError, amount
from disrupting_harm.core.files import read_json, write_bytes, write_json, write_text
from disrupting_harm.core.job_records import sha256
from disrupting_harm.notes.fill import (
    FILLED_FOLDER,
    FilledNote,
    fill_note,
    select_result_keys,
    shortcode_printers,
)
from disrupting_harm.notes.note import Note
from disrupting_harm.notes.note_folder import (
    EXTENSION,
    FIGURES,
    BlockPlacer,
    check_note_folder,
    copy_figure,
    copy_figures,
    mark_word_files,
    write_note_folder,
)
from disrupting_harm.notes.shortcodes import NotePrinter
from disrupting_harm.provenance.primary_keys import ESTIMATES
from disrupting_harm.provenance.row_addresses import addresses_of_rows
from disrupting_harm.report.language.markdown import CITED
from disrupting_harm.report.reading.country_results import read_figures
from disrupting_harm.report.rendering import render
from disrupting_harm.report.rendering.qmd import find_pictures_elsewhere
from disrupting_harm.study.study import Study

FRONT, REFUSED = "front", "refused"
_NUMBER_COLUMNS = ("estimate", "ci_low", "ci_high", "n")
_NO_COUNTRY = "all"


def write_lookup(note: Note, front: Mapping[str, Any], study: Study, templates: Path) -> None:
    """Write the printed forms beside a note without faults, and the figures of its country.

    Args:
        front: what the note takes from the results.
    """
    printer = NotePrinter(study, note.public, note.language, note.country, templates)
    shortcodes = [(shortcode.name, shortcode.argument) for shortcode in note.shortcodes]
    write_forms(note.path.parent, printer, note.country, front, shortcodes)


def write_forms(
    folder: Path,
    printer: NotePrinter,
    country: str,
    front: Mapping[str, Any],
    shortcodes: Sequence[tuple[str, str]] = (),
) -> None:
    """Write the printed forms of one country and language into a folder, and its figures.

    Args:
        country: its code; empty for no country.
        front: what documents take from the results.
        shortcodes: further shortcodes with their ids.
    """
    forms = PrintedForms(printer)
    if country:
        forms.add_country_forms(country)
        if forms.printed["figure"]:
            copy_figures(
                folder, BlockPlacer(printer).figure_folder(country), country, printer.language
            )
    for shortcode, name in shortcodes:
        forms.add_form(shortcode, name)
    path = folder / EXTENSION / f"{printer.language}-{country or _NO_COUNTRY}.json"
    content = {"country": country, FRONT: front, **forms.printed, REFUSED: forms.refused}
    write_json(path, content)


class PrintedForms:
    """Gather the printed forms of ids; of what is not printed, why."""

    def __init__(self, printer: NotePrinter) -> None:
        self._printer = printer
        placer = BlockPlacer(printer)
        self._printers: dict[str, Callable[[str], str]] = {
            **shortcode_printers(printer, placer),
            "figure": lambda name: placer.place_figure(name).markdown,
        }
        self._placer = placer
        self.printed: dict[str, dict[str, str]] = {name: {} for name in self._printers}
        self.refused: dict[str, str] = {}

    def add_form(self, shortcode: str, name: str) -> None:
        """Add one id of a shortcode."""
        try:
            self.printed[shortcode][name] = self._printers[shortcode](name)
        except StudyError as error:
            self.refused[f"{shortcode} {name}"] = f"{error.found}; {error.remedy}"

    def add_country_forms(self, country: str) -> None:
        """Add all estimates of a country, its figures, and the tables of its modules."""
        if self._printer.study.has_survey:
            for row_address in addresses_of_rows(
                ESTIMATES, self._printer.published.read_rows(country, ESTIMATES)
            ):
                for column in _NUMBER_COLUMNS:
                    self.add_form("number", f"{row_address}/{column}")
                for shortcode in ("interval", "share", "sentence"):
                    self.add_form(shortcode, row_address)
            for name in self._placer.table_names():
                self.add_form("table", f"{country}/{name}")
        try:
            folder = self._placer.figure_folder(country)
        except StudyError:
            return
        for name in read_figures(folder, folder):
            self.add_form("figure", f"{country}/{name}")


# What a note printed lies beside it as ``{note}.numbers.json``: each address with its number, so
# that the next render tells what changed, and the SHA-256 of the manifest of the results.

_FORM_SEPARATOR = " | "


def record_path(note: Path) -> Path:
    """Return where the record of a note lies."""
    return note.with_suffix(".numbers.json")


def make_record(note: Note, filled: FilledNote) -> dict[str, Any]:
    """Return what a filled note prints."""
    numbers: dict[str, list[str]] = {}
    for match in CITED.finditer(filled.text):
        # A number may be printed in two ways, e.g. rounded in a figure's caption.
        forms = numbers.setdefault(match[2], [])
        printed = re.sub(r"\\(.)", r"\1", match[1])
        forms += [printed] if printed not in forms else []
    return {
        "language": note.language,
        "manifest": sha256(note.public / "manifest.json"),
        "numbers": {
            address: _FORM_SEPARATOR.join(forms) for address, forms in sorted(numbers.items())
        },
        "figures": {
            name: sha256(placed.folder / placed.figure.csv)
            for name, placed in sorted(filled.figures.items())
        },
        "allowed": note.allowed_texts,
    }


def describe_changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Return what differs between two records, of numbers first what changed.

    Of numbers that the author put in or took out one line tells, together for each indicator.
    """
    changes = [
        f"changed  {address}  {old} -> {now['numbers'][address]}"
        for address, old in sorted(before["numbers"].items())
        if now["numbers"].get(address, old) != old
    ]
    for label, record, other_record in (("new", now, before), ("gone", before, now)):
        addresses_in_one = sorted(record["numbers"].keys() - other_record["numbers"].keys())
        for name, group in groupby(addresses_in_one, key=_subject_of):
            addresses = [*group]
            single_change = f"{addresses[0]}  {record['numbers'][addresses[0]]}"
            summary = f"{name}  {amount(len(addresses), 'number')}"
            changes.append(f"{label:<8} {single_change if len(addresses) == 1 else summary}")
    for name in sorted({*before["figures"], *now["figures"]}):
        old, new = (record["figures"].get(name) for record in (before, now))
        if old is None or new is None:
            changes.append(f"{'new' if old is None else 'gone':<8} figure {name}")
        elif old != new:
            changes.append(f"changed  figure {name}: its data are others")
    return changes


def _subject_of(address: str) -> str:
    """Return what a number is of: its area and its indicator or table."""
    return "/".join(address.split("/")[:2])


def describe_changes_since(note: Path, now: Mapping[str, Any]) -> list[str] | None:
    """Return the changes since the last render; None where there was none."""
    path = record_path(note)
    return describe_changes(read_json(path), now) if path.is_file() else None


@dataclass(frozen=True)
class RenderedNote:
    """What was made of a note: its files, and the engine that rendered them."""

    files: tuple[Path, ...]
    engine: str


def render_note(
    note: Note, study: Study, templates: Path, formats: Sequence[str], renderer: str
) -> RenderedNote:
    """Fill and render a note; its documents appear beside it together, or not at all.

    Args:
        formats: some of html, pdf and docx.
        renderer: auto, quarto or embedded.

    Raises:
        StudyError: as :func:`.fill_note` and :func:`.render`.
        NoteFaults: with everything that is wrong in the note.
    """
    folder = note.path.parent
    check_note_folder(folder)
    filled = fill_note(note, study, templates)
    with tempfile.TemporaryDirectory() as scratch:
        source = _prepare_folder(Path(scratch), note, filled)
        rendering = render(source, formats, renderer, language=note.language)
        documents = {
            file_format: path.read_bytes() for file_format, path in rendering.files.items()
        }
    write_note_folder(folder, note.public)
    mark_word_files(folder, filled.front)
    for figure in filled.figures.values():
        copy_figure(figure, folder)
    write_lookup(note, select_result_keys(filled.front), study, templates)
    write_text(folder / FILLED_FOLDER / note.path.name, filled.text)
    write_json(record_path(note.path), make_record(note, filled))
    files = []
    for file_format, content in documents.items():
        files.append(note.path.with_suffix(f".{file_format}"))
        write_bytes(files[-1], content)
    return RenderedNote(
        (*files, folder / FILLED_FOLDER / note.path.name, record_path(note.path)), rendering.engine
    )


def _prepare_folder(root: Path, note: Note, filled: FilledNote) -> Path:
    """Put a filled note with all that it needs into a folder, and return the document."""
    write_note_folder(root, note.public)
    for figure in filled.figures.values():
        copy_figure(figure, root)
    source = root / FILLED_FOLDER / note.path.name
    write_text(source, filled.text)
    folder = note.path.parent.resolve()
    for path in _find_author_files(folder, note, filled):
        target = root / path.relative_to(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return source


def _find_author_files(folder: Path, note: Note, filled: FilledNote) -> list[Path]:
    """Return the author's own pictures and lists of works."""
    seen_from = folder / FILLED_FOLDER / note.path.name
    figure_files = {path.resolve() for path in (folder / FIGURES).rglob("*")}
    files = [
        path
        for path in find_pictures_elsewhere(seen_from, filled.text, folder)
        if path not in figure_files
    ]
    for key in ("bibliography", "csl"):
        names = note.front_matter.get(key, [])
        for name in names if isinstance(names, list) else [names]:
            path = (folder / str(name)).resolve()
            if not path.is_file() or not path.is_relative_to(folder):
                location = f"{note.path}, key '{key}'"
                raise StudyError(location, f"no '{name}' beside the note", "Put it there")
            files.append(path)
    return files
