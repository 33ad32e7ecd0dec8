"""The printed forms that the shortcodes of Quarto look up: nothing is formatted in Lua.

``_extensions/disrupting-harm/{language}-{country}.json`` holds, for each shortcode, the Markdown by
id: of all that is published of the note's country, and of what the note names besides. Of a hidden
number it holds the published words in place of the number. Under ``front`` it holds what our
command puts in front of the note: watermark, status and date.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.errors import StudyError
from disrupting_harm.files import write_json
from disrupting_harm.notes.filling import printers
from disrupting_harm.notes.furniture import EXTENSION, copy_figures
from disrupting_harm.notes.note import Note
from disrupting_harm.notes.placing import Placing
from disrupting_harm.notes.printing import Printer
from disrupting_harm.provenance.keys import ESTIMATES
from disrupting_harm.provenance.rows import prefixes
from disrupting_harm.report.results import read_figures
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
