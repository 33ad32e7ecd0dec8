"""Doubts about the words of a language that its readers decide, each with possible answers.

``locale/{language}/questions.yml`` has them; a reader's decision is a row of the ledger, and holds
for the question with its answers as they were read.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from pydantic import Field

from disrupting_harm.report.language.avoided_words import Words, compile_words
from disrupting_harm.report.language.glossary import normalise_text
from disrupting_harm.report.language.reviews import hash_parts
from disrupting_harm.study.configuration.section import Section, Text, read_yaml, validate_content

FILE = "questions.yml"
LETTERS = "ABCDEF"


class OpenQuestion(Section):
    """One doubt."""

    question: Text = Field(description="What a reader is asked, in English.")
    answers: Annotated[tuple[Text, ...], Field(min_length=2, max_length=len(LETTERS))] = Field(
        description="What can be said; the first is what texts say today."
    )
    words: Words = Field(description="A regular expression: translations that it concerns.")
    reason: Text = Field(description="Why it is doubtful.")
    source: Text = Field(description="Who says so.")
    term: str = Field(default="", description="The term of the glossary that it asks, if any.")

    @property
    def lettered_answers(self) -> dict[str, str]:
        """Return the answers by the letters that stand before them."""
        return dict(zip(LETTERS, self.answers, strict=False))

    def find_texts(self, translations: Iterable[str]) -> tuple[int, ...]:
        """Return the numbers, from 1, of the translations that it concerns."""
        pattern = compile_words(self.words)
        return tuple(
            number
            for number, translation in enumerate(translations, start=1)
            if pattern.search(normalise_text(translation))
        )

    def hash_question(self, language: str) -> str:
        """Return the hash of what a decision rests on."""
        return hash_parts(language, self.question, *self.answers)


def read_questions(locale: Path, language: str) -> dict[str, OpenQuestion]:
    """Read the questions of a language by name; none where it has no file of them.

    Raises:
        StudyError: if the file is faulty.
    """
    path = locale / language / FILE
    if not path.is_file():
        return {}
    return {
        name: validate_content(OpenQuestion, content, f"{path}, '{name}'")
        for name, content in read_yaml(path).items()
    }
