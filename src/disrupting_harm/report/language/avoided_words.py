"""Words that no text uses: one list of reasons for all languages, with the words of each.

``locale/avoid.yml`` has the reasons with their sources. A language that has no words for one of
them has a gap, which ``disrupting-harm translate check`` names; a text that holds one is a fault.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from disrupting_harm.report.language.glossary import normalise_text
from disrupting_harm.report.language.settings import check_regular_expression
from disrupting_harm.study.configuration.section import Section, Text, read_yaml, validate_content

FILE = "avoid.yml"
Words = Annotated[Text, AfterValidator(check_regular_expression)]


class AvoidedWords(Section):
    """The words of one language that a reason is against."""

    words: Words | None = Field(
        default=None, description="A regular expression; capitals make no difference."
    )
    write: Text | None = Field(default=None, description="What to write instead.")
    none: Text | None = Field(default=None, description="Why the language needs no such words.")

    @model_validator(mode="after")
    def _is_complete(self) -> "AvoidedWords":
        if (self.words is None) != (self.write is None) or (self.words is None) != bool(self.none):
            raise ValueError("it has 'words' and 'write', or 'none'")
        return self


class Reason(Section):
    """Why words are avoided, in each language."""

    meaning: Text = Field(description="What is wrong with the words.")
    sources: Annotated[tuple[str, ...], Field(min_length=1)] = Field(
        description="Keys of the sources that say so."
    )
    languages: dict[str, AvoidedWords]


class ReplacedWords(Section):
    """Wording of one language that a better one replaced."""

    words: Words
    write: Text
    reason: Text = "a plain sentence stands in its place"


class AvoidedList(Section):
    """All that texts avoid."""

    sources: dict[str, Text]
    reasons: dict[str, Reason]
    replaced: dict[str, tuple[ReplacedWords, ...]]

    @model_validator(mode="after")
    def _has_its_sources(self) -> "AvoidedList":
        for name, reason in self.reasons.items():
            for source in reason.sources:
                if source not in self.sources:
                    raise ValueError(
                        f"reason '{name}' has the source '{source}', which is not named"
                    )
        return self

    def find_gaps(self, language: str) -> list[str]:
        """Return the reasons for which a language names neither words nor why it needs none."""
        return [name for name, reason in self.reasons.items() if language not in reason.languages]

    def find_faults(
        self, language: str, texts: Iterable[str], quoted: Collection[str]
    ) -> Iterator[str]:
        """Yield each text with words to avoid.

        Args:
            language: of the texts.
            texts: of which.
            quoted: texts that repeat the wording of an instrument, and may keep it.
        """
        looked_at = [(text, normalise_text(text)) for text in texts if text not in quoted]
        for words, write, reason in self._list_words(language):
            pattern = compile_words(words)
            for text, plain_text in looked_at:
                if match := pattern.search(plain_text):
                    yield f"'{match[0]}': write '{write}' ({reason}): {text}"

    def _list_words(self, language: str) -> Iterator[tuple[str, str, str]]:
        """Yield the words that a language avoids, what it writes instead, and why."""
        for name, reason in self.reasons.items():
            avoided = reason.languages.get(language)
            if avoided and avoided.words and avoided.write:
                yield avoided.words, avoided.write, f"{name}: {reason.meaning}"
        for replaced in self.replaced.get(language, ()):
            yield replaced.words, replaced.write, replaced.reason


def compile_words(words: str) -> re.Pattern[str]:
    """Return a pattern of words, which is searched for in a text as it is compared."""
    return re.compile(normalise_text(words), re.IGNORECASE)


def read_avoided_words(locale: Path) -> AvoidedList:
    """Read the words to avoid of all languages.

    Raises:
        StudyError: if the file is missing or faulty.
    """
    path = locale / FILE
    avoided: AvoidedList = validate_content(AvoidedList, read_yaml(path), str(path))
    return avoided
