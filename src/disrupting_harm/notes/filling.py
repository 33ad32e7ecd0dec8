"""Fill a note: put published numbers, figures and tables in the place of its shortcodes.

All faults of a note are gathered and told together; nothing is filled while there is one.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from disrupting_harm.errors import StudyError
from disrupting_harm.notes.front import front_matter
from disrupting_harm.notes.guards import claims, typed_numbers
from disrupting_harm.notes.note import BLOCKS, Note
from disrupting_harm.notes.placing import Placed, Placing
from disrupting_harm.notes.printing import Printer
from disrupting_harm.report.markdown import Markdown
from disrupting_harm.report.number_check import NumberFault
from disrupting_harm.report.rendering.lint import lint
from disrupting_harm.report.rendering.project import SETTINGS
from disrupting_harm.study.study import Study

# A filled note lies in a folder of its own beside the note.
FILLED, UP = "filled", "../"
_TARGET = re.compile(r"\]\((?![\w+.-]+:|[/#<])([^)\s]+)")
# Shortcodes that nothing fills have been told of.
_UNKNOWN = re.compile(r"\{\{<(?!\s*meta\s).*?>\}\}", re.DOTALL)


@dataclass(frozen=True)
class Filled:
    """A filled note.

    Attributes:
        text: the document.
        front: its front matter.
        figures: those that it shows, by their ids.
        with_care: addresses of numbers that are published to be used with caution, and stand in the
            note without saying so.
    """

    text: str
    front: Mapping[str, Any]
    figures: Mapping[str, Placed]
    with_care: tuple[str, ...] = ()


class NoteFaults(Exception):  # noqa: N818 - they are several
    """All faults of a note, in the order of its lines."""

    def __init__(self, path: Path, faults: list[NumberFault]) -> None:
        self.lines = [f"{path}, {fault}" for fault in sorted(set(faults))]
        super().__init__("\n".join(self.lines))


def fill_note(note: Note, study: Study, templates: Path) -> Filled:
    """Return a note with what it names filled in, as a document that every engine takes.

    Args:
        note: the note.
        study: configuration and codebook of the results.
        templates: the folder of templates and catalogues.

    Raises:
        StudyError: if the results are not those of the study, or the language has no catalogue.
        NoteFaults: with everything that is wrong in the note.
    """
    manifest = require_results(note, study)
    printer = Printer(study, note.public, note.language, note.country, templates)
    placing = Placing(printer, UP)
    faults = note.faults()
    texts, lines, figures = [], [], {}
    for call in note.calls:
        printed = Markdown("")
        try:
            if call.name == "figure":
                placed = placing.figure(call.argument)
                printed, figures[call.argument] = placed.markdown, placed
            else:
                printed = printers(printer, placing)[call.name](call.argument)
        except StudyError as error:
            faults.append(note.at(call.start, f"{error.where}: {error.found}", error.remedy))
        texts.append(printed)
        # What stands for itself is published text; without it lines stay the author's.
        broken = "\n" * note.text.count("\n", call.start, call.end)
        lines.append(broken if call.name in BLOCKS else printed + broken)
    words = printer.text.words
    by_line = note.text[: note.body_begins] + note.replaced(lines)
    faults += typed_numbers(note, words, templates)
    faults += claims(note, by_line, words, study.codebook)
    front = front_matter(note, manifest, printer.text, UP)
    body = _from_above(note.replaced(texts))
    faults += _constructs(note, front, lines, body)
    if faults:
        raise NoteFaults(note.path, faults)
    head = "".join(f"{key}: {json.dumps(v, ensure_ascii=False)}\n" for key, v in front.items())
    return Filled(f"---\n{head}---\n{body}", front, figures, tuple(sorted(printer.with_care)))


def printers(printer: Printer, placing: Placing) -> dict[str, Callable[[str], Markdown]]:
    """Return what prints each shortcode but figures."""
    return {
        "number": printer.number,
        "interval": printer.interval,
        "share": printer.share,
        "sentence": printer.sentence,
        "table": placing.table,
    }


def require_results(note: Note, study: Study) -> dict[str, Any]:
    """Return the manifest of a note's results, which must be those of the study.

    Raises:
        StudyError: if there is none, it is another study's, or simulated data are not marked.
    """
    path = note.public / "manifest.json"
    if not path.is_file():
        where = f"{note.path}, key 'results'"
        remedy = "Name the public folder of a finished run, as seen from the note"
        raise StudyError(where, f"there is no {path}", remedy)
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if manifest["study"] != study.config.study.id:
        found = f"they are of the study '{manifest['study']}', not '{study.config.study.id}'"
        raise StudyError(f"{note.path}, key 'results'", found, "Give --config of that study")
    settings = yaml.safe_load((note.public / SETTINGS).read_text(encoding="utf-8"))
    if manifest["simulated"] and not settings.get("watermark"):
        found = "data are simulated, and documents would not say so"
        raise StudyError(str(note.public / SETTINGS), found, "Run the study again")
    return manifest


def _constructs(
    note: Note, front: Mapping[str, Any], lines: list[str], body: str
) -> list[NumberFault]:
    """Return what no document of the study may hold, with the author's lines."""
    height = note.text[: note.body_begins].count("\n")
    head = f"---\n{json.dumps(front, ensure_ascii=False)}\n" + "\n" * (height - 3) + "---\n"
    text = _UNKNOWN.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), note.replaced(lines))
    found = lint(head + text, whole=body)
    return [NumberFault(each.line, 1, each.construct, each.remedy) for each in found]


def _from_above(body: str) -> str:
    """Return the body with the files that it names as seen from a folder beside the note."""
    return _TARGET.sub(lambda found: f"]({_up(found[1])}", body)


def _up(target: str) -> str:
    return target if target.startswith(f"{UP}figures/") else f"{UP}{target}"
