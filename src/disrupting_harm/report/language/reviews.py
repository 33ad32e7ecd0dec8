"""What readers said of each text of a language, and what status the text has by it.

``locale/{language}/reviews.csv`` is a ledger: rows are added to it and none is changed. A row holds
for exactly one text as its reader saw it: its hash is over the English text, the translation and
the fixed forms of the terms in it. Any change of one of them makes the text a draft again.
"""

import csv
import datetime
import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import format_csv_lines, write_bytes
from disrupting_harm.report.language.glossary import Glossary, read_glossary
from disrupting_harm.report.language.settings import ENGLISH, read_language
from disrupting_harm.study.statuses import TRANSLATION_LEVELS

FILE = "reviews.csv"
RIGHT, CHANGE, QUESTION = "right", "change", "question"
# Of "change" the row holds for the better text, which was taken over.
VERDICTS = (RIGHT, CHANGE, QUESTION)
# Between the context of a message and the message, as gettext joins them.
CONTEXT_END = "\x04"
# Between the plural forms of a translation.
FORM_END = " | "
_HASH_LETTERS = 12
_HASH = re.compile(rf"[0-9a-f]{{{_HASH_LETTERS}}}")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True)
class Review:
    """One row of a ledger: what one reader said of one text.

    Attributes:
        text: hash of the text as it was read, and as it was taken over.
        english: hash of the English text alone.
        verdict: one of :data:`VERDICTS`.
        reviewer, office, date: who signed, for whom, and when (ISO 8601).
        document: from which the text was read.
        terms: names of the terms in the text, with commas between them.
        remark: what the reader wrote beside it.
    """

    text: str
    english: str
    verdict: str
    reviewer: str
    office: str
    date: str
    document: str
    terms: str = ""
    remark: str = ""


COLUMNS = tuple(field.name for field in fields(Review))


@dataclass(frozen=True)
class TranslationStatus:
    """How far the texts of a document were reviewed.

    Attributes:
        language: of the document.
        texts_by_level: how many of its texts have each level of
            :data:`~.statuses.TRANSLATION_LEVELS`.
        offices: for which all were reviewed; at level "approved" those that approved.
        date: of the last review; None while texts wait for one.
        first_texts: the first English text of each level that it has.
    """

    language: str
    texts_by_level: Mapping[str, int]
    offices: tuple[str, ...] = ()
    date: datetime.date | None = None
    first_texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def level(self) -> str:
        """The lowest level of its texts."""
        return next((level for level in TRANSLATION_LEVELS if self.texts_by_level[level]), "draft")

    @property
    def texts(self) -> int:
        """How many texts it has."""
        return sum(self.texts_by_level.values())

    @property
    def unreviewed(self) -> int:
        """How many of them are drafts, or have no translation."""
        return self.texts_by_level["none"] + self.texts_by_level["draft"]

    def record(self) -> dict[str, Any]:
        """Return the status as it is kept with the document."""
        return {
            "language": self.language,
            "level": self.level,
            "texts": dict(self.texts_by_level),
            "first_texts": dict(self.first_texts),
        }


class TextReviews:
    """The statuses of the texts of one language.

    Args:
        locale: the folder of languages.
        language: code of the language.
        translations: by message, of plural messages by the singular and the number of the form; a
            context stands before its message and :data:`CONTEXT_END`. Of English: none.
    """

    def __init__(
        self,
        locale: Path,
        language: str,
        translations: Mapping[str, str] | Mapping[str | tuple[str, int], str],
    ) -> None:
        self.locale, self.language = locale, language
        self.translations: dict[str, str] = {}
        for key, translation in translations.items():
            # The forms of a plural are one text, which is reviewed as a whole.
            message = key if isinstance(key, str) else key[0]
            forms = [self.translations[message]] if message in self.translations else []
            self.translations[message] = FORM_END.join([*forms, translation])

    def find_terms(self, message: str) -> dict[str, tuple[str, ...]]:
        """Return the terms that a message holds, each with its fixed forms in the language."""
        english, glossary = self._both_glossaries
        if english is None or glossary is None:
            return {}
        return {
            term: glossary.terms[term] for term in english.find_terms(split_context(message)[1])
        }

    def hash_text(self, message: str) -> str:
        """Return the hash of a text: of all that a verdict on it rests on."""
        terms = [f"{term}: {'|'.join(forms)}" for term, forms in self.find_terms(message).items()]
        context, english_text = split_context(message)
        translation = self.translations.get(message, "")
        return hash_parts(self.language, context, english_text, translation, *terms)

    def find_level(self, message: str) -> str:
        """Return the level of a text, of :data:`~.statuses.TRANSLATION_LEVELS`."""
        if self.language != ENGLISH and not self.translations.get(message):
            return "none"
        text = self.hash_text(message)
        if not self.is_decided(text):
            return "draft"
        is_approved = any(map(self._is_approval, self._reviews_by_text[text]))
        return "approved" if is_approved else "reviewed"

    def is_decided(self, text: str) -> bool:
        """Return whether the last verdict on a text or question, by its hash, leaves no doubt."""
        reviews = self._reviews_by_text.get(text, [])
        return bool(reviews) and reviews[-1].verdict != QUESTION

    def was_reviewed(self, message: str) -> bool:
        """Return whether a reader saw this English text in some translation of it."""
        return hash_english(message) in {review.english for review in self._all_reviews}

    def summarise(self, messages: Collection[str]) -> TranslationStatus:
        """Return the status of a document that prints these messages."""
        levels = {message: self.find_level(message) for message in select_texts(messages)}
        found_levels = list(levels.values())
        texts_by_level = {level: found_levels.count(level) for level in TRANSLATION_LEVELS}
        first_texts = {
            level: split_context(next(m for m, found in levels.items() if found == level))[1]
            for level in TRANSLATION_LEVELS
            if texts_by_level[level]
        }
        status = TranslationStatus(self.language, texts_by_level, first_texts=first_texts)
        if status.unreviewed:
            return status
        reviews = [
            review
            for message in levels
            for review in self._reviews_by_text.get(self.hash_text(message), [])
            if status.level != "approved" or self._is_approval(review)
        ]
        days = [datetime.date.fromisoformat(review.date) for review in reviews]
        offices = tuple(dict.fromkeys(review.office for review in reviews))
        return replace(status, offices=offices, date=max(days, default=None))

    def find_messages(self, hashes: Collection[str]) -> list[str]:
        """Return the translated messages with these hashes of their English text."""
        return [message for message in self.translations if hash_english(message) in hashes]

    def _is_approval(self, review: Review) -> bool:
        return review.verdict != QUESTION and review.office in self._approving_offices

    @cached_property
    def _both_glossaries(self) -> tuple[Glossary | None, Glossary | None]:
        return read_glossary(self.locale, ENGLISH), read_glossary(self.locale, self.language)

    @cached_property
    def _approving_offices(self) -> tuple[str, ...]:
        return read_language(self.locale, self.language).approved_by

    @cached_property
    def _all_reviews(self) -> list[Review]:
        return read_reviews(self.locale / self.language / FILE)

    @cached_property
    def _reviews_by_text(self) -> dict[str, list[Review]]:
        reviews_by_text: dict[str, list[Review]] = {}
        for review in self._all_reviews:
            reviews_by_text.setdefault(review.text, []).append(review)
        return reviews_by_text


def select_texts(messages: Iterable[str]) -> list[str]:
    """Return the messages that have words; there is nothing to read in "{study}: {area}"."""
    return [
        message
        for message in messages
        if any(map(str.isalpha, _PLACEHOLDER.sub("", split_context(message)[1])))
    ]


def split_context(message: str) -> tuple[str, str]:
    """Return the context of a message, empty where it has none, and its English text."""
    context, _, english_text = message.rpartition(CONTEXT_END)
    return context, english_text


def hash_english(message: str) -> str:
    """Return the hash of an English text, which finds what was read before a change of it."""
    return hash_parts(message)


def hash_texts(messages: Iterable[str]) -> tuple[str, ...]:
    """Return the hashes of the English texts that have words, in their order."""
    return tuple(map(hash_english, select_texts(messages)))


def hash_parts(*parts: str) -> str:
    """Return the hash of what a verdict rests on."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:_HASH_LETTERS]


def read_reviews(path: Path) -> list[Review]:
    """Return the rows of a ledger; none where there is no file yet.

    Raises:
        StudyError: naming the first row that no review could have written.
    """
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, strict=True)
        heading = tuple(next(reader, ()))
        if heading != COLUMNS:
            finding = f"its columns are {', '.join(heading)}"
            raise StudyError(str(path), finding, f"They are {', '.join(COLUMNS)}")
        return [_read_review(path, number, cells) for number, cells in enumerate(reader, start=2)]


def _read_review(path: Path, number: int, cells: Sequence[str]) -> Review:
    faults = []
    if len(cells) != len(COLUMNS):
        faults.append(f"{len(cells)} cells in place of {len(COLUMNS)}")
    else:
        review = Review(*cells)
        faults += [
            f"'{name}' is '{value}'"
            for name, value, is_right in (
                ("text", review.text, _HASH.fullmatch(review.text)),
                ("english", review.english, _HASH.fullmatch(review.english)),
                ("verdict", review.verdict, review.verdict in VERDICTS),
                ("office", review.office, review.office.strip()),
                ("date", review.date, is_date(review.date)),
            )
            if not is_right
        ]
    if faults:
        remedy = "Rows come from 'translate review take': take the change of this row back"
        raise StudyError(f"{path}, line {number}", "; ".join(faults), remedy)
    return review


def is_date(text: str) -> bool:
    """Return whether a text is a day as ISO 8601 writes it, e.g. 2026-11-24."""
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def append_reviews(path: Path, reviews: Iterable[Review]) -> int:
    """Add to a ledger the rows that it does not have; return how many these are.

    What stands in the file stays, byte by byte.
    """
    known = set(read_reviews(path))
    new_reviews = [review for review in dict.fromkeys(reviews) if review not in known]
    if not new_reviews:
        return 0
    content = path.read_bytes() if path.is_file() else (",".join(COLUMNS) + "\n").encode()
    lines = format_csv_lines(asdict(review).values() for review in new_reviews)
    write_bytes(path, content + lines.encode())
    return len(new_reviews)
