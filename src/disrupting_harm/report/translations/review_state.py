"""How far the documents of the last run were reviewed, by today's catalogues and ledgers."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from disrupting_harm.core.files import RESTRICTED, TEXTS, read_json
from disrupting_harm.report.documents.draft_status import TRANSLATION_MARKS
from disrupting_harm.report.language.settings import ENGLISH
from disrupting_harm.report.translations.review_texts import list_open_questions, load_reviews


@dataclass(frozen=True)
class DocumentState:
    """How far one document was reviewed.

    Attributes:
        document: its path below the public folder, without the suffix.
        level: of the document as a whole.
        texts: how many of its texts have which level.
    """

    document: str
    language: str
    level: str
    texts: dict[str, int]


@dataclass(frozen=True)
class ReviewStates:
    """How far documents were reviewed, and by language the questions that no reader decided."""

    documents: list[DocumentState]
    open_questions: dict[str, list[str]]


def read_states(results: Path, locale: Path, language: str = "") -> ReviewStates:
    """Return the state of each document of the last run.

    Args:
        language: whose documents; empty: of all languages.
    """
    folder = results / RESTRICTED / TEXTS
    languages = sorted({path.parent.name for path in locale.glob("*/language.yml")})
    reviews_by_language = {}
    documents = []
    for path in sorted(folder.rglob("*.json")):
        name = path.relative_to(folder).with_suffix("")
        document_language = next((part for part in name.parts if part in languages), ENGLISH)
        if language and language != document_language:
            continue
        if document_language not in reviews_by_language:
            reviews_by_language[document_language] = load_reviews(locale, document_language)
        messages = {*read_json(path)["texts"]}
        messages |= {*TRANSLATION_MARKS} if document_language != ENGLISH else set()
        status = reviews_by_language[document_language].summarise(messages)
        texts = {level: count for level, count in status.texts_by_level.items() if count}
        state = DocumentState(name.as_posix(), document_language, status.level, texts)
        documents.append(state)
    open_questions = {
        document_language: [*names]
        for document_language, reviews in reviews_by_language.items()
        if (names := list_open_questions(reviews))
    }
    return ReviewStates(documents, open_questions)


def describe_states(states: ReviewStates) -> Iterator[str]:
    """Yield one line for each document, then one for each language with open questions."""
    for state in states.documents:
        counts = ", ".join(f"{count} {level}" for level, count in state.texts.items())
        yield f"{state.level:<9} {state.document}: {counts}"
    for language, names in states.open_questions.items():
        yield f"{'open':<9} {language}: {', '.join(names)}"
