"""How far the documents of the last run were reviewed, by today's catalogues and ledgers."""

from collections.abc import Iterator
from pathlib import Path

from disrupting_harm.core.files import RESTRICTED, TEXTS, read_json
from disrupting_harm.report.documents.draft_status import TRANSLATION_MARKS
from disrupting_harm.report.language.settings import ENGLISH
from disrupting_harm.report.translations.review_texts import list_open_questions, load_reviews


def describe_states(results: Path, locale: Path, language: str = "") -> Iterator[str]:
    """Yield one line for each document: its level, and how many texts have which level.

    After them stands one for each of their languages with questions that no reader has decided.

    Args:
        language: whose documents; empty: of all languages.
    """
    folder = results / RESTRICTED / TEXTS
    languages = sorted({path.parent.name for path in locale.glob("*/language.yml")})
    reviews_by_language = {}
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
        counts = ", ".join(
            f"{count} {level}" for level, count in status.texts_by_level.items() if count
        )
        yield f"{status.level:<9} {name.as_posix()}: {counts}"
    for document_language, reviews in reviews_by_language.items():
        if names := list_open_questions(reviews):
            yield f"{'open':<9} {document_language}: {', '.join(names)}"
