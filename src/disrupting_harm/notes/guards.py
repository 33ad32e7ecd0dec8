"""Hold a note to what reports are held to: no typed numbers, no claims that data do not bear."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from disrupting_harm.errors import StudyError
from disrupting_harm.evidence.prevalence_claims import prevalence_claims
from disrupting_harm.notes.note import Note
from disrupting_harm.report.claims import UNFOUNDED, unfounded_claims, without_labels
from disrupting_harm.report.language import ENGLISH
from disrupting_harm.report.markdown import without_addresses
from disrupting_harm.report.note_numbers import ALLOWED_IN_NOTE, allowed_in_note
from disrupting_harm.report.number_check import NumberFault, bare_numbers, fault_at
from disrupting_harm.report.rendering.lint import without_code
from disrupting_harm.report.rendering.showable import refuse_unshowable
from disrupting_harm.report.words import Words
from disrupting_harm.study.codebook import Codebook

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
