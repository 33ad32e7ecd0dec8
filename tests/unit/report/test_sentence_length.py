"""Sentences of catalogues stay short in every language: measured in words, or in letters.

A formula of readability exists for few of the languages; how much stands between two stops is
counted in all. Catalogues are read by polib.
"""

import re
from pathlib import Path

import polib
import pytest

LOCALE = Path(__file__).parents[3] / "workflow" / "templates" / "locale"
CATALOGUES = sorted(LOCALE.glob("*/LC_MESSAGES/report.po"))
WORDS = 45
# Vietnamese writes each syllable by itself: 1.4 for a word of English.
WORDS_OF_LANGUAGE = {"vi": 63}
# Khmer and Thai part no words: signs that are no spaces, of which a word of English has six.
LETTERS_OF_LANGUAGE = {"km": 6 * WORDS, "th": 6 * WORDS}


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a message, a placeholder as one word, without marks of Markdown."""
    bare = re.sub(r"\{[^}]*\}", "0", text)
    bare = re.sub(r"[*_`\[]|\]\([^)]*\)", "", bare)
    return [part for part in re.split(r"(?<=[.!?។])\s+|\n+", bare) if part.strip()]


def find_long_sentences(language: str, entry: polib.POEntry) -> list[str]:
    """Return what of a message is too long; Thai ends no sentence: the English stops count."""
    words = WORDS_OF_LANGUAGE.get(language, WORDS)
    letters = LETTERS_OF_LANGUAGE.get(language)
    faults = [part for part in split_sentences(entry.msgid) if len(part.split()) > WORDS]
    for text in filter(None, (entry.msgstr, *entry.msgstr_plural.values())):
        sentences = split_sentences(text)
        if letters is None:
            faults += [part for part in sentences if len(part.split()) > words]
        elif len("".join(text.split())) > letters * max(len(split_sentences(entry.msgid)), 1):
            faults.append(text)
    return faults


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=[path.parts[-3] for path in CATALOGUES])
def test_no_sentence_is_too_long_in_any_language(catalogue: Path) -> None:
    entries = [entry for entry in polib.pofile(str(catalogue)) if not entry.obsolete]
    assert len(entries) > 1000
    language = catalogue.parts[-3]
    assert [fault for entry in entries for fault in find_long_sentences(language, entry)] == []


def test_a_sentence_that_is_too_long_is_found() -> None:
    long, thai = " ".join(["kata"] * 46) + ".", "ก" * 271
    for language, text, found in (
        ("id", long, 1),
        ("id", long.replace("kata kata", "kata. Kata", 1), 0),
        ("vi", long, 0),
        ("th", thai, 1),
        ("th", thai[:270], 0),
    ):
        entry = polib.POEntry(msgid="A sentence.", msgstr=text)
        assert len(find_long_sentences(language, entry)) == found, (language, text)
