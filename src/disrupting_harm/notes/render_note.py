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
from disrupting_harm.notes.fill import FILLED, Filled, fill_note, looked_up, printers
from disrupting_harm.notes.front_matter import (
    EXTENSION,
    FIGURES,
    Placing,
    copy_figure,
    copy_figures,
    furnish,
    mark_word_files,
    refuse_foreign,
)
from disrupting_harm.notes.note import Note
from disrupting_harm.notes.shortcodes import Printer
from disrupting_harm.provenance.primary_keys import ESTIMATES
from disrupting_harm.provenance.row_addresses import prefixes
from disrupting_harm.report.language.addressed_text import CITED
from disrupting_harm.report.reading.country_results import read_figures
from disrupting_harm.report.rendering import render
from disrupting_harm.report.rendering.qmd import pictures_elsewhere
from disrupting_harm.study.study import Study

FRONT, REFUSED = "front", "refused"
_COLUMNS = ("estimate", "ci_low", "ci_high", "n")
_WITHOUT = "all"


def write_lookup(note: Note, front: Mapping[str, Any], study: Study, templates: Path) -> None:
    """Write the printed forms beside a note, and the figures of its country.

    Args:
        note: the note; it has no faults.
        front: what it takes from the results.
        study: configuration and codebook of the results.
        templates: the folder of templates and catalogues.
    """
    printer = Printer(study, note.public, note.language, note.country, templates)
    named = [(call.name, call.argument) for call in note.calls]
    write_forms(note.path.parent, printer, note.country, front, named)


def write_forms(
    folder: Path,
    printer: Printer,
    country: str,
    front: Mapping[str, Any],
    named: Sequence[tuple[str, str]] = (),
) -> None:
    """Write the printed forms of one country and language into a folder, and its figures.

    Args:
        folder: of a note.
        printer: what prints in the language.
        country: its code; empty for no country.
        front: what documents take from the results.
        named: further shortcodes with their ids.
    """
    forms = Forms(printer)
    if country:
        forms.add_country(country)
        if forms.found["figure"]:
            copy_figures(folder, Placing(printer).folder(country), country, printer.language)
    for shortcode, name in named:
        forms.add(shortcode, name)
    path = folder / EXTENSION / f"{printer.language}-{country or _WITHOUT}.json"
    found = {"country": country, FRONT: front, **forms.found, REFUSED: forms.refused}
    write_json(path, found)


class Forms:
    """Gather the printed forms of ids; of what is not printed, why."""

    def __init__(self, printer: Printer) -> None:
        self._printer = printer
        placing = Placing(printer)
        self._print: dict[str, Callable[[str], str]] = {
            **printers(printer, placing),
            "figure": lambda name: placing.figure(name).markdown,
        }
        self._placing = placing
        self.found: dict[str, dict[str, str]] = {name: {} for name in self._print}
        self.refused: dict[str, str] = {}

    def add(self, shortcode: str, name: str) -> None:
        """Add one id of a shortcode."""
        try:
            self.found[shortcode][name] = self._print[shortcode](name)
        except StudyError as error:
            self.refused[f"{shortcode} {name}"] = f"{error.found}; {error.remedy}"

    def add_country(self, country: str) -> None:
        """Add all estimates of a country, its figures, and the tables of its modules."""
        if self._printer.study.has_survey:
            for where in prefixes(ESTIMATES, self._printer.published.rows(country, ESTIMATES)):
                for column in _COLUMNS:
                    self.add("number", f"{where}/{column}")
                for shortcode in ("interval", "share", "sentence"):
                    self.add(shortcode, where)
            for name in self._placing.table_names():
                self.add("table", f"{country}/{name}")
        try:
            folder = self._placing.folder(country)
        except StudyError:
            return
        for name in read_figures(folder, folder):
            self.add("figure", f"{country}/{name}")


# What a note printed: each address with its number, so that the next render tells what changed.
#
# It lies beside the note as ``{note}.numbers.json``, with the SHA-256 of the manifest of the
# results.


_BETWEEN = " | "


def record_path(note: Path) -> Path:
    """Return where the record of a note lies."""
    return note.with_suffix(".numbers.json")


def record_of(note: Note, filled: Filled) -> dict[str, Any]:
    """Return what a filled note prints."""
    numbers: dict[str, list[str]] = {}
    for found in CITED.finditer(filled.text):
        # A number may be printed in two ways, e.g. rounded in a figure's caption.
        forms = numbers.setdefault(found[2], [])
        printed = re.sub(r"\\(.)", r"\1", found[1])
        forms += [printed] if printed not in forms else []
    return {
        "language": note.language,
        "manifest": sha256(note.public / "manifest.json"),
        "numbers": {address: _BETWEEN.join(forms) for address, forms in sorted(numbers.items())},
        "figures": {
            name: sha256(placed.folder / placed.figure.csv)
            for name, placed in sorted(filled.figures.items())
        },
        "allowed": note.allowed,
    }


def changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Return what differs between two records, of numbers first what changed.

    Of numbers that the author put in or took out one line tells, together for each indicator.
    """
    lines = [
        f"changed  {address}  {old} -> {now['numbers'][address]}"
        for address, old in sorted(before["numbers"].items())
        if now["numbers"].get(address, old) != old
    ]
    for word, own, other in (("new", now, before), ("gone", before, now)):
        only = sorted(own["numbers"].keys() - other["numbers"].keys())
        for name, group in groupby(only, key=_subject):
            found = [*group]
            said = f"{found[0]}  {own['numbers'][found[0]]}"
            many = f"{name}  {amount(len(found), 'number')}"
            lines.append(f"{word:<8} {said if len(found) == 1 else many}")
    for name in sorted({*before["figures"], *now["figures"]}):
        old, new = (record["figures"].get(name) for record in (before, now))
        if old is None or new is None:
            lines.append(f"{'new' if old is None else 'gone':<8} figure {name}")
        elif old != new:
            lines.append(f"changed  figure {name}: its data are others")
    return lines


def _subject(address: str) -> str:
    """Return what a number is of: its area and its indicator or table."""
    return "/".join(address.split("/")[:2])


def changes_since(note: Path, now: Mapping[str, Any]) -> list[str] | None:
    """Return the changes since the last render; None where there was none."""
    path = record_path(note)
    return changes(read_json(path), now) if path.is_file() else None


# From a note to its documents, which are rendered apart and put beside it when all stands.


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
