"""Fill a note: put published numbers, figures and tables in the place of its shortcodes.

All faults of a note are gathered and told together; nothing is filled while there is one.
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
from disrupting_harm.evidence.prevalence_claims import prevalence_claims
from disrupting_harm.notes.front_matter import Placed, Placing
from disrupting_harm.notes.note import BLOCKS, OWN_KEYS, Note
from disrupting_harm.notes.shortcodes import Printer
from disrupting_harm.report.checks.documents import ALLOWED_IN_NOTE, allowed_in_note
from disrupting_harm.report.checks.numbers import NumberFault, bare_numbers, fault_at
from disrupting_harm.report.documents.draft_status import Status
from disrupting_harm.report.findings.order_claims import UNFOUNDED, unfounded_claims, without_labels
from disrupting_harm.report.language.addressed_text import Text
from disrupting_harm.report.language.markdown import Markdown, without_addresses
from disrupting_harm.report.language.settings import ENGLISH
from disrupting_harm.report.language.showable_letters import refuse_unshowable
from disrupting_harm.report.language.translator import Words
from disrupting_harm.report.rendering.qmd_lint import lint, without_code
from disrupting_harm.report.rendering.quarto_project import SETTINGS
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.study import Study

# The front matter of a filled note: the author's, and what an author need not write.


_FILES = ("bibliography", "csl")
# What our command gives a note besides its author's words, and Quarto looks up.
_OF_RESULTS = ("watermark", "status", "date", "date-shown")


def front_matter(note: Note, manifest: Mapping[str, Any], text: Text, up: str) -> dict[str, Any]:
    """Return the front matter of a filled note.

    Where data are simulated every page says so: no key of the author's takes that away.

    Args:
        note: the note.
        manifest: of its results.
        text: the note's language, after all its texts were asked for.
        up: the note's folder as seen from the filled note.
    """
    own = {key: value for key, value in note.own.items() if key not in OWN_KEYS}
    for key in _FILES:
        if key in own:
            names = own[key] if isinstance(own[key], list) else [own[key]]
            own[key] = [f"{up}{name}" for name in names]
    own.setdefault("date", manifest["configuration"]["study"]["date"])
    own.setdefault("date-shown", _date_shown(str(own["date"]), text.words))
    # A note is short: it has contents and numbered headings where its author asks for them.
    own.setdefault("toc", False)
    settings = own.get("report")
    own["report"] = {"number-sections": False, "contents": False} | (
        settings if isinstance(settings, dict) else {}
    )
    own[ALLOWED_IN_NOTE] = note.allowed
    return own | _marks(manifest, text)


def looked_up(front: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a note that Quarto renders by itself takes from the front of the filled note."""
    return {key: front[key] for key in _OF_RESULTS if key in front}


def front_of_results(manifest: Mapping[str, Any], text: Text) -> dict[str, Any]:
    """Return what any document of these results takes, in one language, where there is no note."""
    date = str(manifest["configuration"]["study"]["date"])
    shown = {"date": date, "date-shown": _date_shown(date, text.words)}
    return shown | _marks(manifest, text)


def _marks(manifest: Mapping[str, Any], text: Text) -> dict[str, Any]:
    """Return what each page says of the data and of the translation."""
    simulated = bool(manifest["simulated"])
    marks = {"watermark": text("Simulated data: not for citation")} if simulated else {}
    untranslated = tuple(sorted(text.words.untranslated))
    status = Status(text.words.draft, untranslated, False, simulated).sentence(text)
    return marks | ({"status": without_addresses(status)} if status else {})


def _date_shown(date: str, words: Words) -> str:
    try:
        return words.date(datetime.date.fromisoformat(date))
    except ValueError:
        return date


# Hold a note to what reports are held to: no typed numbers, no claims that data do not bear.


# Of the front matter and of attributes, what readers see.
_SEEN_KEYS = ("title", "subtitle", "author", "date-shown")
_SEEN_ATTRIBUTE = re.compile(r"""\b(?:fig-alt|alt|title)\s*=\s*("[^"]*"|'[^']*')""")
_TYPED = "name it, e.g. {{{{< number {example} >}}}}, or allow it in the front matter ({key})"


def typed_numbers(note: Note, words: Words, templates: Path) -> list[NumberFault]:
    """Return the numbers of a note that its author typed.

    Args:
        note: the note.
        words: its language.
        templates: the folder with the lists of numbers that need no address.
    """
    text = note.text
    for call in note.calls:
        text = text[: call.start] + " " * (call.end - call.start) + text[call.end :]
    example = f"{note.country or 'KEN'}/clear_examples/estimate"
    remedy = _TYPED.format(example=example, key=ALLOWED_IN_NOTE)
    known = allowed_in_note(words, note.allowed, templates)
    found = []
    for seen in (without_code(text), _in_attributes(note)):
        found += bare_numbers(seen, (), known, remedy)
    for key in _SEEN_KEYS:
        typed = bare_numbers(str(note.own.get(key, "")), (), known, remedy)
        found += [note.at_key(key, each.found, each.remedy) for each in typed]
    return found


def claims(note: Note, lines: str, words: Words, codebook: Codebook) -> Iterator[NumberFault]:
    """Return the sentences that claim what one country's data, or reports, do not bear.

    Args:
        note: the note.
        lines: its text with what stands in lines filled in, line by line as the author wrote it.
        words: its language.
        codebook: whose labels claim nothing.
    """
    text = without_addresses(lines)
    superlatives = {} if words.language == ENGLISH else {"superlatives": words.superlatives}
    plain = without_labels(text, codebook, words)
    for claim in unfounded_claims(plain, **superlatives):
        remedy = "say what the rank sets say, e.g. that it is among those with higher shares"
        yield fault_at(plain, _place(plain, claim), f"'{claim}': {UNFOUNDED}", remedy)
    if words.language == ENGLISH:
        for claim in prevalence_claims(text):
            found = f"'{claim}': a count of reports or records is told as prevalence"
            remedy = "say what was counted, e.g. reports, not children"
            yield fault_at(text, _place(text, claim), found, remedy)
    yield from _letters(note)


def _letters(note: Note) -> Iterator[NumberFault]:
    """Return letters that stand in none of the fonts, the first of each line."""
    begin = 0
    for line in note.text.split("\n"):
        try:
            refuse_unshowable(line, str(note.path))
        except StudyError as error:
            yield note.at(begin, error.found, error.remedy[0].lower() + error.remedy[1:])
        begin += len(line) + 1


def _place(text: str, claim: str) -> int:
    """Return where a sentence begins, which may have lost its line breaks."""
    words = [re.escape(word) for word in claim.split()[:6]]
    found = re.search(r"\s+".join(words), text)
    return found.start() if found else 0


def _in_attributes(note: Note) -> str:
    """Return the note with nothing but the texts of attributes that readers see."""
    kept = [found.span(1) for found in _SEEN_ATTRIBUTE.finditer(note.text, note.body_begins)]
    return _only(note.text, kept)


def _only(text: str, kept: Sequence[tuple[int, int]]) -> str:
    blank = re.sub(r"[^\n]", " ", text)
    for start, end in kept:
        blank = blank[:start] + text[start:end] + blank[end:]
    return blank


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
