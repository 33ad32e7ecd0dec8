"""Which messages a changed sentence was made from, and in which languages they stand."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path

from babel.messages.pofile import read_po

from disrupting_harm.docx_review.archive import plain
from disrupting_harm.docx_review.changes import Finding
from disrupting_harm.docx_review.markdown_items import straight
from disrupting_harm.report.language.markdown import unescaped, without_addresses
from disrupting_harm.report.language.settings import CATALOGUE, ENGLISH, MESSAGES
from disrupting_harm.report.language.translator import load_words

_PLACEHOLDER = re.compile(r"\{\w*\}")
_MARKS = re.compile(r"\*{1,2}|\[|\](?:\([^)]*\)|\{[^}]*\})?")
# Fewer letters beside the placeholders fit sentences that they did not make.
_FEWEST_LETTERS = 8
# What a placeholder may stand for.
_LONGEST_VALUE = 120
# Of letters: longer texts count as changed from end to end.
_MOST_COMPARISONS = 10_000_000
_OF_TEXT = ("text-changed", "text-lost")


@dataclass(frozen=True)
class _Message:
    text: str
    pieces: tuple[str, ...]
    places: tuple[str, ...]

    def found(self, text: str) -> tuple[int, int] | None:
        """Return where the message stands in a text."""
        if not all(piece in text for piece in self.pieces):
            return None
        gap = f".{{0,{_LONGEST_VALUE}}}?"
        found = re.search(gap.join(map(re.escape, self.pieces)), text)
        return found.span() if found else None


def with_translations(
    findings: Sequence[Finding], language: str, locale: Path, source: Path | None
) -> list[Finding]:
    """Return findings that name the messages of changed sentences and their other languages.

    Args:
        findings: of one document.
        language: of the document.
        locale: the folder of languages.
        source: the document of the run, beside which other languages have theirs.
    """
    changed = [one for one in findings if one.kind in _OF_TEXT and not one.file]
    known = language == ENGLISH or (locale / language / CATALOGUE).is_file()
    if not changed or not known:
        return list(findings)
    messages = _messages(language, locale)
    others = _others(language, source)
    return [
        replace(one, messages=_made_from(one, messages), languages=others)
        if one in changed
        else one
        for one in findings
    ]


def _messages(language: str, locale: Path) -> list[_Message]:
    content = (locale / MESSAGES).read_text(encoding="utf-8")
    words = load_words(language, locale) if language != ENGLISH else None
    found = []
    for entry in read_po(io.StringIO(content)):
        if not entry.id:
            continue
        text = str(entry.id)
        shown = _MARKS.sub("", unescaped(words.plain(text) if words else text))
        pieces = tuple(_plain(piece) for piece in _PLACEHOLDER.split(shown))
        letters = sum(sign.isalpha() for piece in pieces for sign in piece)
        if letters >= _FEWEST_LETTERS:
            written = tuple(place for place, _ in entry.locations)
            places = (f"locale/{language}/{CATALOGUE}",) if words else written
            found.append(_Message(text, tuple(filter(None, pieces)), places))
    return sorted(found, key=lambda message: -sum(map(len, message.pieces)))


def _made_from(finding: Finding, messages: Sequence[_Message]) -> tuple[str, ...]:
    """Return the messages whose words were changed, each with the files that hold it."""
    was, now = _plain(finding.was), _plain(finding.now)
    changed = [(0, len(was))]
    if len(was) * len(now) <= _MOST_COMPARISONS:
        operations = SequenceMatcher(None, was, now, False).get_opcodes()
        changed = [(i1, max(i2, i1 + 1)) for kind, i1, i2, _, _ in operations if kind != "equal"]
    taken: list[tuple[int, int]] = []
    found = []
    for message in messages:
        span = message.found(was)
        if span is None or any(_overlap(span, other) for other in taken):
            continue
        taken.append(span)
        if any(_overlap(span, one) for one in changed):
            found.append((span, f"{message.text} ({', '.join(message.places)})"))
    return tuple(text for _, text in sorted(found))


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _plain(text: str) -> str:
    """Return a text as it is compared, with straight quotation marks."""
    return plain(without_addresses(straight(text)))


def _others(language: str, source: Path | None) -> tuple[str, ...]:
    """Return the other languages in which a document exists."""
    if source is None or source.parent.name != language:
        return ()
    found = sorted(source.parent.parent.glob(f"*/{source.name}"))
    return tuple(path.parent.name for path in found if path.parent.name != language)
