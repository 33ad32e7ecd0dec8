"""Which messages a changed sentence was made from, and in which languages they stand."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path

from babel.messages.pofile import read_po

from disrupting_harm.docx_review.archive import normalize_text
from disrupting_harm.docx_review.changes import Finding
from disrupting_harm.docx_review.markdown_items import straighten_quotes
from disrupting_harm.report.language.markdown import remove_addresses, unescape
from disrupting_harm.report.language.settings import CATALOGUE, ENGLISH, MESSAGES

_PLACEHOLDER = re.compile(r"\{\w*\}")
_MARKS = re.compile(r"\*{1,2}|\[|\](?:\([^)]*\)|\{[^}]*\})?")
# Fewer letters beside the placeholders fit sentences that they did not make.
_FEWEST_LETTERS = 8
# What a placeholder may stand for.
_LONGEST_VALUE = 120
# Of letters: longer texts count as changed from end to end.
_MOST_COMPARISONS = 10_000_000
_TEXT_CHANGES = ("text-changed", "text-lost")


@dataclass(frozen=True)
class _Message:
    text: str
    literals: tuple[str, ...]
    locations: tuple[str, ...]

    def find_span(self, text: str) -> tuple[int, int] | None:
        """Return where the message stands in a text."""
        if not all(literal in text for literal in self.literals):
            return None
        value_pattern = f".{{0,{_LONGEST_VALUE}}}?"
        match = re.search(value_pattern.join(map(re.escape, self.literals)), text)
        return match.span() if match else None


def add_translations(
    findings: Sequence[Finding], language: str, locale: Path, source: Path | None
) -> list[Finding]:
    """Return findings that name the messages of changed sentences and their other languages.

    Args:
        source: the document of the run, beside which other languages have theirs.
    """
    changed = [
        finding for finding in findings if finding.kind in _TEXT_CHANGES and not finding.file
    ]
    has_catalogue = language == ENGLISH or (locale / language / CATALOGUE).is_file()
    if not changed or not has_catalogue:
        return list(findings)
    messages = _read_messages(language, locale)
    other_languages = _find_other_languages(language, source)
    return [
        replace(
            finding, messages=_find_changed_messages(finding, messages), languages=other_languages
        )
        if finding in changed
        else finding
        for finding in findings
    ]


def _read_messages(language: str, locale: Path) -> list[_Message]:
    is_english = language == ENGLISH
    content = (locale / (MESSAGES if is_english else f"{language}/{CATALOGUE}")).read_bytes()
    messages = []
    for catalogue_message in read_po(io.BytesIO(content)):
        if not catalogue_message.id:
            continue
        english_forms = _list_forms(catalogue_message.id)
        translated_forms = _list_forms(catalogue_message.string or "")
        is_translated = all(translated_forms) and not catalogue_message.fuzzy
        source_files = tuple(path for path, _ in catalogue_message.locations)
        locations = source_files if is_english else (f"locale/{language}/{CATALOGUE}",)
        for form in translated_forms if is_translated else english_forms:
            sentence = _MARKS.sub("", unescape(form))
            literals = tuple(map(_normalize_sentence, _PLACEHOLDER.split(sentence)))
            letters = sum(sign.isalpha() for literal in literals for sign in literal)
            if letters >= _FEWEST_LETTERS:
                used_literals = tuple(filter(None, literals))
                messages.append(_Message(english_forms[0], used_literals, locations))
    return sorted(messages, key=lambda message: -sum(map(len, message.literals)))


def _list_forms(texts: str | Sequence[str]) -> list[str]:
    """Return the one text of a message, or its plural forms."""
    return [texts] if isinstance(texts, str) else list(texts)


def _find_changed_messages(finding: Finding, messages: Sequence[_Message]) -> tuple[str, ...]:
    """Return the messages whose words were changed, each with the files that hold it."""
    was, now = _normalize_sentence(finding.was), _normalize_sentence(finding.now)
    changed_spans = [(0, len(was))]
    if len(was) * len(now) <= _MOST_COMPARISONS:
        operations = SequenceMatcher(None, was, now, False).get_opcodes()
        changed_spans = [
            (i1, max(i2, i1 + 1)) for operation, i1, i2, _, _ in operations if operation != "equal"
        ]
    taken_spans: list[tuple[int, int]] = []
    changed_messages = []
    for message in messages:
        span = message.find_span(was)
        if span is None or any(_spans_overlap(span, taken_span) for taken_span in taken_spans):
            continue
        taken_spans.append(span)
        if any(_spans_overlap(span, changed_span) for changed_span in changed_spans):
            changed_messages.append((span, f"{message.text} ({', '.join(message.locations)})"))
    return tuple(text for _, text in sorted(changed_messages))


def _spans_overlap(first: tuple[int, int], second: tuple[int, int]) -> bool:
    return first[0] < second[1] and second[0] < first[1]


def _normalize_sentence(text: str) -> str:
    """Return a text as it is compared, with straight quotation marks."""
    return normalize_text(remove_addresses(straighten_quotes(text)))


def _find_other_languages(language: str, source: Path | None) -> tuple[str, ...]:
    """Return the other languages in which a document exists."""
    if source is None or source.parent.name != language:
        return ()
    paths = sorted(source.parent.parent.glob(f"*/{source.name}"))
    return tuple(path.parent.name for path in paths if path.parent.name != language)
