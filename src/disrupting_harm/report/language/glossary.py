"""The field's fixed terms: each language says a term in one way.

``locale/{language}/glossary.yml`` has the terms. English names each term and the forms by which a
message is known to hold it; another language has the forms of which the translation of such a
message holds one. ``disrupting-harm translate check`` holds messages to it.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.language.settings import ENGLISH
from disrupting_harm.study.configuration.section import Section, Text, read_yaml, validate_content

FILE = "glossary.yml"
_ANY_PLACEHOLDER = re.compile(r"{\w*}")
# Letters without width, which say where a line may break and are no part of a word.
_WIDTHLESS = dict.fromkeys(map(ord, "\u200b\u2060\u00ad"))


class Glossary(Section):
    """The terms of one language."""

    terms: dict[str, Annotated[tuple[Text, ...], Field(min_length=1)]] = Field(
        description="Forms of each term; the key is its English name."
    )

    def find_terms(self, message: str) -> list[str]:
        """Return the terms that a message in English holds; of the English glossary."""
        words = _ANY_PLACEHOLDER.sub(" ", message)
        return [term for term, forms in self.terms.items() if _compile_forms(forms).search(words)]


def read_glossary(locale: Path, language: str) -> Glossary | None:
    """Read the terms of a language; None where it has no file of them yet.

    Raises:
        StudyError: if the file is faulty, or its terms are not those of the English one.
    """
    path = locale / language / FILE
    if not path.is_file():
        return None
    glossary: Glossary = validate_content(Glossary, read_yaml(path), str(path))
    english = read_glossary(locale, ENGLISH) if language != ENGLISH else None
    if english:
        differ = english.terms.keys() ^ glossary.terms.keys()
        if differ:
            name = min(differ)
            raise StudyError(
                f"{path}, term '{name}'",
                "the English file has none" if name in glossary.terms else "it is missing",
                f"Name the same terms in both ({locale / ENGLISH / FILE})",
            )
    return glossary


def find_faults_of_terms(
    english: Glossary, glossary: Glossary, translations: Iterable[tuple[str, str]]
) -> Iterator[str]:
    """Yield each message that holds a term, and whose translation has none of its fixed forms.

    Args:
        english, glossary: the terms of English and of the language.
        translations: messages with their translations; empty where there is none yet.
    """
    translations = list(translations)
    for term, forms in english.terms.items():
        pattern = _compile_forms(forms)
        for message, translation in translations:
            if not translation or not pattern.search(_ANY_PLACEHOLDER.sub(" ", message)):
                continue
            if not holds_form(translation, glossary.terms[term]):
                yield f"'{term}' is not said as {' or '.join(glossary.terms[term])}: {message}"


def holds_form(translation: str, forms: Iterable[str]) -> bool:
    """Return whether a translation has one of the forms of a term."""
    plain_translation = normalise_text(translation)
    return any(normalise_text(form) in plain_translation for form in forms)


@cache
def _compile_forms(forms: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, forms))})(?!\w)", re.IGNORECASE)


def normalise_text(text: str) -> str:
    """Return a text as it is compared: composed letters, no letters without width, no capitals."""
    return unicodedata.normalize("NFC", text).translate(_WIDTHLESS).casefold()
