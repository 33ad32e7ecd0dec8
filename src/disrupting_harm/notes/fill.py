"""Fill a note: put published numbers, figures and tables in the place of its shortcodes.

All faults of a note are gathered and reported together; nothing is filled while there is one.
"""

import datetime
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from disrupting_harm.core.errors import StudyError
from disrupting_harm.evidence.prevalence_claims import find_prevalence_claims
from disrupting_harm.notes.note import BLOCK_SHORTCODES, NOTE_KEYS, Note
from disrupting_harm.notes.note_folder import BlockPlacer, PlacedFigure
from disrupting_harm.notes.shortcodes import NotePrinter
from disrupting_harm.report.checks.documents import ALLOWED_IN_NOTE, read_allowed_in_note
from disrupting_harm.report.checks.numbers import NumberFault, create_fault, find_bare_numbers
from disrupting_harm.report.documents.draft_status import DraftStatus, find_translation_status
from disrupting_harm.report.findings.order_claims import (
    UNFOUNDED,
    find_unfounded_claims,
    remove_labels,
)
from disrupting_harm.report.language.markdown import Markdown, remove_addresses
from disrupting_harm.report.language.settings import ENGLISH
from disrupting_harm.report.language.showable_letters import refuse_unshowable
from disrupting_harm.report.language.translator import PLAIN, Translator
from disrupting_harm.report.rendering.qmd_lint import blank_code, lint
from disrupting_harm.report.rendering.quarto_project import SETTINGS
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.study import Study

_FILE_KEYS = ("bibliography", "csl")
# What our command gives a note besides its author's words, and Quarto looks up.
_RESULT_KEYS = ("watermark", "status", "date", "date-shown")


def fill_front_matter(
    note: Note, manifest: Mapping[str, Any], translator: Translator[Markdown], up: str
) -> dict[str, Any]:
    """Return the front matter of a filled note.

    Where data are simulated every page says so: no key of the author's takes that away.

    Args:
        translator: the note's language, after all its texts were asked for.
        up: the note's folder as seen from the filled note.
    """
    front = {key: value for key, value in note.front_matter.items() if key not in NOTE_KEYS}
    for key in _FILE_KEYS:
        if key in front:
            file_names = front[key] if isinstance(front[key], list) else [front[key]]
            front[key] = [f"{up}{name}" for name in file_names]
    front.setdefault("date", manifest["configuration"]["study"]["date"])
    front.setdefault("date-shown", _format_date(str(front["date"]), translator))
    # A note is short: it has contents and numbered headings where its author asks for them.
    front.setdefault("toc", False)
    settings = front.get("report")
    front["report"] = {"number-sections": False, "contents": False} | (
        settings if isinstance(settings, dict) else {}
    )
    front[ALLOWED_IN_NOTE] = note.allowed_texts
    return front | _status_marks(manifest, translator)


def select_result_keys(front: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a note that Quarto renders by itself takes from the front of the filled note."""
    return {key: front[key] for key in _RESULT_KEYS if key in front}


def front_matter_of_results(
    manifest: Mapping[str, Any], translator: Translator[Markdown]
) -> dict[str, Any]:
    """Return what any document of these results takes, in one language, where there is no note."""
    date = str(manifest["configuration"]["study"]["date"])
    front = {"date": date, "date-shown": _format_date(date, translator)}
    return front | _status_marks(manifest, translator)


def _status_marks(manifest: Mapping[str, Any], translator: Translator[Markdown]) -> dict[str, Any]:
    """Return what each page says of the data and of the translation."""
    simulated = bool(manifest["simulated"])
    marks = {"watermark": translator("Simulated data: not for citation")} if simulated else {}
    untranslated = tuple(sorted(translator.untranslated))
    translation = find_translation_status(translator, translator.asked)
    status = DraftStatus(translation, untranslated, False, simulated).sentence(translator)
    return marks | ({"status": remove_addresses(status)} if status else {})


def _format_date(date: str, translator: Translator[str]) -> str:
    try:
        return translator.date(datetime.date.fromisoformat(date))
    except ValueError:
        return date


# A note is held to what reports are held to: no typed numbers, no claims that data do not bear.

# Of the front matter and of attributes, what readers see.
_VISIBLE_KEYS = ("title", "subtitle", "author", "date-shown")
_VISIBLE_ATTRIBUTE = re.compile(r"""\b(?:fig-alt|alt|title)\s*=\s*("[^"]*"|'[^']*')""")
_TYPED_NUMBER_REMEDY = (
    "name it, e.g. {{{{< number {example} >}}}}, or allow it in the front matter ({key})"
)


def find_typed_numbers(
    note: Note, translator: Translator[str], templates: Path
) -> list[NumberFault]:
    """Return the numbers of a note that its author typed.

    Args:
        templates: the folder with the lists of numbers that need no address.
    """
    text = note.text
    for shortcode in note.shortcodes:
        text = (
            text[: shortcode.start]
            + " " * (shortcode.end - shortcode.start)
            + text[shortcode.end :]
        )
    example = f"{note.country or 'KEN'}/clear_examples/estimate"
    remedy = _TYPED_NUMBER_REMEDY.format(example=example, key=ALLOWED_IN_NOTE)
    allowed = read_allowed_in_note(translator, note.allowed_texts, templates)
    faults = []
    for visible_text in (blank_code(text), _attribute_texts(note)):
        faults += find_bare_numbers(visible_text, (), allowed, remedy)
    for key in _VISIBLE_KEYS:
        typed_faults = find_bare_numbers(str(note.front_matter.get(key, "")), (), allowed, remedy)
        faults += [note.fault_at_key(key, fault.finding, fault.remedy) for fault in typed_faults]
    return faults


def find_unsupported_claims(
    note: Note, text_by_line: str, translator: Translator[str], codebook: Codebook
) -> Iterator[NumberFault]:
    """Return the sentences that claim what one country's data, or reports, do not bear.

    Args:
        text_by_line: the note's text with what stands in lines filled in, each on its line.
        codebook: whose labels claim nothing.
    """
    text = remove_addresses(text_by_line)
    superlatives = (
        {} if translator.language == ENGLISH else {"superlatives": translator.superlatives}
    )
    unlabelled = remove_labels(text, codebook, translator)
    for claim in find_unfounded_claims(unlabelled, **superlatives):
        remedy = "say what the rank sets say, e.g. that it is among those with higher shares"
        yield create_fault(
            unlabelled, _find_sentence(unlabelled, claim), f"'{claim}': {UNFOUNDED}", remedy
        )
    if translator.language == ENGLISH:
        for claim in find_prevalence_claims(text):
            finding = f"'{claim}': a count of reports or records is told as prevalence"
            remedy = "say what was counted, e.g. reports, not children"
            yield create_fault(text, _find_sentence(text, claim), finding, remedy)
    yield from _find_unshowable_letters(note)


def _find_unshowable_letters(note: Note) -> Iterator[NumberFault]:
    """Return letters that stand in none of the fonts, the first of each line."""
    line_start = 0
    for line in note.text.split("\n"):
        try:
            refuse_unshowable(line, str(note.path))
        except StudyError as error:
            yield note.fault_at_index(
                line_start, error.found, error.remedy[0].lower() + error.remedy[1:]
            )
        line_start += len(line) + 1


def _find_sentence(text: str, claim: str) -> int:
    """Return the index at which a sentence begins, which may have lost its line breaks."""
    patterns = [re.escape(word) for word in claim.split()[:6]]
    match = re.search(r"\s+".join(patterns), text)
    return match.start() if match else 0


def _attribute_texts(note: Note) -> str:
    """Return the note with nothing but the texts of attributes that readers see."""
    spans = [match.span(1) for match in _VISIBLE_ATTRIBUTE.finditer(note.text, note.body_start)]
    return _blank_outside(note.text, spans)


def _blank_outside(text: str, spans: Sequence[tuple[int, int]]) -> str:
    blank = re.sub(r"[^\n]", " ", text)
    for start, end in spans:
        blank = blank[:start] + text[start:end] + blank[end:]
    return blank


# A filled note lies in a folder of its own beside the note.
FILLED_FOLDER, PARENT = "filled", "../"
_RELATIVE_TARGET = re.compile(r"\]\((?![\w+.-]+:|[/#<])([^)\s]+)")
# Shortcodes that nothing fills are reported by the note itself.
_OTHER_SHORTCODE = re.compile(r"\{\{<(?!\s*meta\s).*?>\}\}", re.DOTALL)


@dataclass(frozen=True)
class FilledNote:
    """A filled note.

    Attributes:
        text: the whole document.
        front: its front matter.
        figures: those that it shows, by their ids.
        with_care: addresses of numbers that are published to be used with caution, and stand in the
            note without saying so.
    """

    text: str
    front: Mapping[str, Any]
    figures: Mapping[str, PlacedFigure]
    with_care: tuple[str, ...] = ()


class NoteFaults(Exception):  # noqa: N818 - they are several
    """All faults of a note, in the order of its lines."""

    def __init__(self, path: Path, faults: list[NumberFault]) -> None:
        self.lines = [f"{path}, {fault}" for fault in sorted(set(faults))]
        super().__init__("\n".join(self.lines))


def fill_note(note: Note, study: Study, templates: Path) -> FilledNote:
    """Return a note with what it names filled in, as a document that every engine takes.

    Raises:
        StudyError: if the results are not those of the study, or the language has no catalogue.
        NoteFaults: with everything that is wrong in the note.
    """
    manifest = read_results_manifest(note, study)
    printer = NotePrinter(study, note.public, note.language, note.country, templates)
    placer = BlockPlacer(printer, PARENT)
    faults = note.find_faults()
    texts, line_texts, figures = [], [], {}
    for shortcode in note.shortcodes:
        markdown = Markdown("")
        try:
            if shortcode.name == "figure":
                figure = placer.place_figure(shortcode.argument)
                markdown, figures[shortcode.argument] = figure.markdown, figure
            else:
                markdown = shortcode_printers(printer, placer)[shortcode.name](shortcode.argument)
        except StudyError as error:
            faults.append(
                note.fault_at_index(shortcode.start, f"{error.where}: {error.found}", error.remedy)
            )
        texts.append(markdown)
        # What stands for itself is published text; without it lines stay the author's.
        line_breaks = "\n" * note.text.count("\n", shortcode.start, shortcode.end)
        line_texts.append(
            line_breaks if shortcode.name in BLOCK_SHORTCODES else markdown + line_breaks
        )
    translator = printer.translator.with_markup(PLAIN)
    by_line = note.text[: note.body_start] + note.replace_shortcodes(line_texts)
    faults += find_typed_numbers(note, translator, templates)
    faults += find_unsupported_claims(note, by_line, translator, study.codebook)
    front = fill_front_matter(note, manifest, printer.translator, PARENT)
    body = _move_targets_up(note.replace_shortcodes(texts))
    faults += _find_faulty_constructs(note, front, line_texts, body)
    if faults:
        raise NoteFaults(note.path, faults)
    head = "".join(
        f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in front.items()
    )
    return FilledNote(f"---\n{head}---\n{body}", front, figures, tuple(sorted(printer.with_care)))


def shortcode_printers(
    printer: NotePrinter, placer: BlockPlacer
) -> dict[str, Callable[[str], Markdown]]:
    """Return what prints each shortcode but figures."""
    return {
        "number": printer.print_number,
        "interval": printer.print_interval,
        "share": printer.print_share,
        "sentence": printer.print_sentence,
        "table": placer.place_table,
    }


def read_results_manifest(note: Note, study: Study) -> dict[str, Any]:
    """Return the manifest of a note's results, which must be those of the study.

    Raises:
        StudyError: if there is none, it is another study's, or simulated data are not marked.
    """
    path = note.public / "manifest.json"
    if not path.is_file():
        location = f"{note.path}, key 'results'"
        remedy = "Name the public folder of a finished run, as seen from the note"
        raise StudyError(location, f"there is no {path}", remedy)
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if manifest["study"] != study.config.study.id:
        finding = f"they are of the study '{manifest['study']}', not '{study.config.study.id}'"
        raise StudyError(f"{note.path}, key 'results'", finding, "Give --config of that study")
    settings = yaml.safe_load((note.public / SETTINGS).read_text(encoding="utf-8"))
    if manifest["simulated"] and not settings.get("watermark"):
        finding = "data are simulated, and documents would not say so"
        raise StudyError(str(note.public / SETTINGS), finding, "Run the study again")
    return manifest


def _find_faulty_constructs(
    note: Note, front: Mapping[str, Any], line_texts: list[str], body: str
) -> list[NumberFault]:
    """Return what no document of the study may hold, with the author's lines."""
    height = note.text[: note.body_start].count("\n")
    head = f"---\n{json.dumps(front, ensure_ascii=False)}\n" + "\n" * (height - 3) + "---\n"
    text = _OTHER_SHORTCODE.sub(
        lambda faults: re.sub(r"[^\n]", " ", faults[0]), note.replace_shortcodes(line_texts)
    )
    faults = lint(head + text, full_body=body)
    return [NumberFault(fault.line, 1, fault.construct, fault.remedy) for fault in faults]


def _move_targets_up(body: str) -> str:
    """Return the body with the files that it names as seen from a folder beside the note."""
    return _RELATIVE_TARGET.sub(lambda match: f"]({_move_target_up(match[1])}", body)


def _move_target_up(target: str) -> str:
    return target if target.startswith(f"{PARENT}figures/") else f"{PARENT}{target}"
