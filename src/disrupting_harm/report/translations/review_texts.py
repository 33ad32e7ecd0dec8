"""What a reader of a translation is shown: the texts of one document, and the terms in them."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from babel.messages.pofile import read_po

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import PUBLIC
from disrupting_harm.report.documents.draft_status import TRANSLATION_MARKS
from disrupting_harm.report.language.glossary import Glossary, read_glossary
from disrupting_harm.report.language.open_questions import OpenQuestion, read_questions
from disrupting_harm.report.language.printed_texts import read_printed_texts
from disrupting_harm.report.language.reviews import (
    FORM_END,
    TextReviews,
    select_texts,
    split_context,
)
from disrupting_harm.report.language.settings import ENGLISH, MESSAGES
from disrupting_harm.report.language.translator import load_translator
from disrupting_harm.report.translations.placeholder_values import (
    list_placeholder_values,
    read_texts_of_language,
)
from disrupting_harm.report.translations.text_places import find_pages

# The file that each kind of document has its texts listed for, from the public results on.
DOCUMENTS = {
    "brief": "briefs/{country}/{language}/brief",
    "report": "reports/{country}/{language}/report",
    "databook": "databooks/{country}/{language}/databook",
    "site": "{folder}index",
    "explorer": "explorer/{language}",
}
# Whose texts stand in a report, too.
_FIGURES = (
    "figures/{country}/{language}/figures",
    "figures/comparison/{country}/{language}/figures",
)


@dataclass(frozen=True)
class TextToRead:
    """One text of a document.

    Attributes:
        key: hash of the text, to which the answer belongs.
        english, translation, printed: what it says, with its placeholders and as printed.
        status: what the ledger says of it, in words.
        terms: names of the terms in it.
        values: what stands in the place of its placeholders, by name, in documents of the run.
        pages: of the PDF that it is printed on; None where no PDF was asked.
    """

    key: str
    english: str
    translation: str
    printed: str
    status: str
    terms: tuple[str, ...] = ()
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    pages: tuple[int, ...] | None = None


@dataclass(frozen=True)
class TermToRead:
    """A term of a document: its name, its forms in English and here, numbers of its texts."""

    name: str
    english: str
    forms: str
    texts: tuple[int, ...]


@dataclass(frozen=True)
class QuestionToRead:
    """A doubt that the reader decides.

    Attributes:
        key: hash of the question, to which the answer belongs.
        question, reason, source: what is asked and why, and who says so.
        answers: by letter; "A" is what texts say today.
        texts: numbers of the texts of the document that it concerns, from 1.
    """

    key: str
    question: str
    answers: Mapping[str, str]
    reason: str
    source: str
    texts: tuple[int, ...]


@dataclass(frozen=True)
class DocumentToRead:
    """What one reader is asked about.

    Attributes:
        language: of the document.
        document: its name, e.g. ``briefs/MOZ/pt/brief``.
        texts, terms: in reading order.
        questions: that nobody has decided, and that its texts ask.
    """

    language: str
    document: str
    texts: tuple[TextToRead, ...]
    terms: tuple[TermToRead, ...]
    questions: tuple[QuestionToRead, ...] = ()


def name_document(kind: str, country: str, language: str) -> str:
    """Return the name of a document, from the public results on, without the kind of its file."""
    folder = "" if language == ENGLISH else f"{language}/"
    return DOCUMENTS[kind].format(country=country, language=language, folder=folder)


def collect_texts(results: Path, locale: Path, document: str, language: str) -> DocumentToRead:
    """Return the texts of a document of the last run, with today's translations.

    Raises:
        StudyError: if the last run made no such document.
    """
    printed = read_printed_texts(results / PUBLIC / f"{document}.html")
    if not printed:
        raise StudyError(
            f"{document}", "the last run has no such document", "Run the study, or name another"
        )
    kind, country, *_ = (*document.split("/"), "")
    if kind == "reports":
        for name in _FIGURES:
            path = results / PUBLIC / f"{name.format(country=country, language=language)}.json"
            printed = {**read_printed_texts(path), **printed}
    if language != ENGLISH:
        # It prints one of them, by what its reader answers.
        printed = {**printed, **{mark: "" for mark in TRANSLATION_MARKS if mark not in printed}}
    reviews = load_reviews(locale, language)
    plural_texts = _list_plural_texts(locale) if language != ENGLISH else {}
    elsewhere = read_texts_of_language(results, language)
    texts = tuple(
        TextToRead(
            reviews.hash_text(message),
            plural_texts.get(message, split_context(message)[1]),
            reviews.translations.get(message, ""),
            printed[message],
            describe_status(reviews, message),
            tuple(reviews.find_terms(message)),
            list_placeholder_values(
                reviews.translations.get(message, message),
                [printed[message], *elsewhere.get(message, ())],
            ),
        )
        for message in select_texts(printed)
    )
    questions = tuple(_list_questions(reviews, [text.translation for text in texts]))
    asked_keys = {question.key for question in questions}
    asked_terms = {
        question.term
        for question in list_open_questions(reviews).values()
        if question.hash_question(language) in asked_keys
    }
    terms = _list_terms(texts, locale, language)
    # What is asked with answers to choose from is not asked a second time.
    terms = tuple(term for term in terms if term.name not in asked_terms)
    return DocumentToRead(language, document, texts, terms, questions)


def add_pages(document: DocumentToRead, pdf: Path) -> DocumentToRead:
    """Return the document with the pages on which its PDF has each text."""
    pages = find_pages(pdf, [text.printed for text in document.texts])
    texts = zip(document.texts, pages, strict=True)
    return replace(document, texts=tuple(replace(text, pages=on) for text, on in texts))


def _list_questions(reviews: TextReviews, translations: Sequence[str]) -> Iterator[QuestionToRead]:
    """Yield the questions on a document's translations that no reader has decided."""
    for question in list_open_questions(reviews).values():
        if numbers := question.find_texts(translations):
            yield QuestionToRead(
                question.hash_question(reviews.language),
                question.question,
                question.lettered_answers,
                question.reason,
                question.source,
                numbers,
            )


def list_open_questions(reviews: TextReviews) -> dict[str, OpenQuestion]:
    """Return the questions of a language that no reader has decided, by name."""
    return {
        name: question
        for name, question in read_questions(reviews.locale, reviews.language).items()
        if not reviews.is_decided(question.hash_question(reviews.language))
    }


def _list_terms(
    texts: tuple[TextToRead, ...], locale: Path, language: str
) -> tuple[TermToRead, ...]:
    english, glossary = read_glossary(locale, ENGLISH), read_glossary(locale, language)
    names = dict.fromkeys(name for text in texts for name in text.terms)
    return tuple(
        TermToRead(
            name,
            _join_forms(english, name),
            _join_forms(glossary, name),
            tuple(n for n, text in enumerate(texts, start=1) if name in text.terms),
        )
        for name in names
    )


def _join_forms(glossary: Glossary | None, name: str) -> str:
    return "; ".join(glossary.terms[name]) if glossary else ""


def load_reviews(locale: Path, language: str) -> TextReviews:
    """Return the statuses of the texts of a language, English too."""
    if language == ENGLISH:
        return TextReviews(locale, ENGLISH, {})
    reviews = load_translator(language, locale).reviews
    assert reviews is not None  # a translation has them
    return reviews


def describe_status(reviews: TextReviews, message: str) -> str:
    """Return the status of a text, and whether it is one since a change of it."""
    level = reviews.find_level(message)
    if level == "draft" and reviews.was_reviewed(message):
        return "read before its last change, or asked about"
    return {"none": "not translated", "draft": "not yet"}.get(level, level)


def _list_plural_texts(locale: Path) -> dict[str, str]:
    """Return what a reader sees of each English text that counts: its form for one and for many."""
    catalogue = read_po(io.StringIO((locale / MESSAGES).read_text(encoding="utf-8")))
    return {
        message.id[0]: FORM_END.join(message.id)
        for message in catalogue
        if not isinstance(message.id, str)
    }


def list_places(locale: Path) -> Mapping[str, str]:
    """Return where each English text stands: the files of the templates and of the code."""
    content = (locale / MESSAGES).read_text(encoding="utf-8")
    places = {}
    for message in read_po(io.StringIO(content)):
        text = message.id if isinstance(message.id, str) else message.id[0]
        places[text] = ", ".join(path for path, _ in message.locations)
    return places
