"""Taking a reader's answers: better texts into the catalogue, better terms into the glossary.

Each answer is taken or refused by itself, and each verdict that is taken is a row of the ledger. A
better English text cannot be written into templates and code: it is a proposal with its place.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import write_bytes, write_text
from disrupting_harm.report.language.glossary import FILE as GLOSSARY
from disrupting_harm.report.language.glossary import holds_form, read_glossary
from disrupting_harm.report.language.open_questions import read_questions
from disrupting_harm.report.language.reviews import (
    CHANGE,
    FORM_END,
    QUESTION,
    RIGHT,
    VERDICTS,
    Review,
    append_reviews,
    hash_english,
    is_date,
    split_context,
)
from disrupting_harm.report.language.reviews import FILE as LEDGER
from disrupting_harm.report.language.settings import CATALOGUE, ENGLISH
from disrupting_harm.report.translations.catalogue import read_catalogue
from disrupting_harm.report.translations.review_texts import list_places, load_reviews

PLACEHOLDER = re.compile(r"\{(\w*)[^{}]*\}")
_AREAS = re.compile(r"^([Aa]rea)s$")
_WIDTHLESS = dict.fromkeys(map(ord, "\u200b\u2060\u00ad"))


@dataclass(frozen=True)
class Answer:
    """What a reader said of one text or term; ``place`` says where, e.g. ``Texts, row 7``."""

    place: str
    key: str
    verdict: str
    better: str
    remark: str


@dataclass(frozen=True)
class Answers:
    """A filled workbook or form; of texts and questions keys are hashes, of terms names."""

    language: str
    document: str
    reviewer: str
    office: str
    date: str
    texts: tuple[Answer, ...]
    terms: tuple[Answer, ...]
    questions: tuple[Answer, ...] = ()


@dataclass
class Taken:
    """What became of answers: how many rows and changes, what was refused, what is left to do."""

    rows: int = 0
    changed_texts: int = 0
    changed_terms: int = 0
    refused: list[str] = field(default_factory=list)
    remaining: list[str] = field(default_factory=list)


def take_answers(answers: Answers, locale: Path, printed: Iterable[str] = ()) -> Taken:
    """Write what a reader answered into catalogue, glossary and ledger of a language.

    Args:
        answers: of one reader.
        locale: the folder of languages.
        printed: messages of an English document, of which some stand in no catalogue.

    Raises:
        StudyError: if nobody has signed; then nothing is taken.
    """
    _refuse_unsigned(answers)
    taken = Taken()
    reviews = load_reviews(locale, answers.language)
    messages = [*reviews.translations] if answers.language != ENGLISH else [*list_places(locale)]
    message_by_key = {reviews.hash_text(message): message for message in (*messages, *printed)}
    accepted, better_texts = {}, {}
    for answer in filter(lambda answer: answer.verdict or answer.better, answers.texts):
        message = message_by_key.get(answer.key)
        translation = reviews.translations.get(message or "", "")
        fault = _find_fault(answer, message, translation or split_context(message or "")[1])
        if fault or message is None:
            taken.refused.append(f"{answer.place}: {fault}")
            continue
        accepted[message] = answer
        if answer.remark:
            taken.remaining.append(f"{answer.place}: {answer.verdict}, remarked: {answer.remark}")
        if answer.verdict == CHANGE:
            better_texts[message] = answer.better.strip()
    better_terms = dict(_select_terms(answers, locale, taken))
    if answers.language == ENGLISH:
        taken.remaining += _list_proposals(better_texts, better_terms, list_places(locale))
    else:
        _write_terms(locale / answers.language / GLOSSARY, better_terms)
        _write_texts(locale / answers.language / CATALOGUE, better_texts)
        taken.changed_texts, taken.changed_terms = len(better_texts), len(better_terms)
    rows = [
        *_make_decisions(answers, locale, taken),
        *_make_rows(answers, accepted, better_terms, locale, taken),
    ]
    taken.rows = append_reviews(locale / answers.language / LEDGER, rows)
    return taken


def _refuse_unsigned(answers: Answers) -> None:
    missing = [
        name
        for name, value in (("name or role", answers.reviewer), ("office", answers.office))
        if not value.strip()
    ]
    if not is_date(answers.date):
        missing.append("date (as 2026-11-24)")
    if missing:
        raise StudyError(
            "sheet 'Sign'",
            f"not signed: no {', no '.join(missing)}; nothing was taken",
            "Ask the reader to fill it in and to send the file again",
        )


def _find_fault(answer: Answer, message: str | None, text: str) -> str:
    """Return in words why an answer on a text cannot be taken; empty where it can."""
    if answer.verdict not in VERDICTS:
        verdict = f"'{answer.verdict}' is no verdict" if answer.verdict else "no verdict"
        return f"{verdict}: choose {RIGHT}, {CHANGE} or {QUESTION}"
    if message is None:
        return (
            "the English text, the translation or a term in it has changed since the file was "
            "made: make a new one and ask again"
        )
    if answer.verdict != CHANGE:
        better = answer.better.strip()
        return (
            f"a better text with the verdict '{answer.verdict}': choose {CHANGE}"
            if (better and answer.verdict == RIGHT and better != text)
            else ""
        )
    if not answer.better.strip():
        return f"'{CHANGE}', and no better text beside it"
    if answer.better.translate(_WIDTHLESS).strip() == text.translate(_WIDTHLESS):
        return f"'{CHANGE}', and the better text is the present one"
    forms = text.count(FORM_END)
    if answer.better.count(FORM_END) != forms:
        return f"it is to have {forms + 1} forms, with '{FORM_END.strip()}' between them"
    for form in answer.better.split(FORM_END):
        lost, added = compare_places(text, form)
        if not lost and not added:
            continue
        parts = [f"{{{name}}} is missing" for name in lost]
        parts += [f"{{{name}}} is new" for name in added]
        return f"words in braces differ: {', '.join(parts)}"
    return ""


def compare_places(text: str, better: str) -> tuple[list[str], list[str]]:
    """Return the placeholders that a better text has lost, and those that it has added."""
    before, after = ({_AREAS.sub(r"\1", n) for n in PLACEHOLDER.findall(t)} for t in (text, better))
    return sorted(before - after), sorted(after - before)


def _select_terms(
    answers: Answers, locale: Path, taken: Taken
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the terms that a reader says otherwise, with their new forms."""
    glossary = read_glossary(locale, answers.language)
    for answer in answers.terms:
        forms = tuple(form.strip() for form in answer.better.split(";") if form.strip())
        if not answer.verdict and not forms:
            continue
        if answer.verdict not in VERDICTS:
            taken.refused.append(f"{answer.place}: '{answer.verdict}' is no verdict")
        elif glossary is None or answer.key not in glossary.terms:
            taken.refused.append(f"{answer.place}: the glossary has no term '{answer.key}' today")
        elif answer.verdict == CHANGE and not forms:
            taken.refused.append(f"{answer.place}: '{CHANGE}', and no better term beside it")
        elif answer.verdict == CHANGE and forms != glossary.terms[answer.key]:
            yield answer.key, forms
        elif answer.remark:
            taken.remaining.append(f"{answer.place}: {answer.verdict}, remarked: {answer.remark}")


def _write_terms(path: Path, better_terms: Mapping[str, tuple[str, ...]]) -> None:
    """Put new forms in the place of the old ones; comments and all other lines stay."""
    if not better_terms:
        return
    content = path.read_text(encoding="utf-8")
    for term, forms in better_terms.items():
        quoted = ", ".join("'" + form.replace("'", "''") + "'" for form in forms)
        line = re.compile(rf"^(  {re.escape(term)}: )\[[^\]\n]*\]", re.MULTILINE)
        found = line.search(content)
        if not found:
            finding = "its forms stand in no list on one line"
            raise StudyError(f"{path}, term '{term}'", finding, "Write them as ['form', 'form']")
        content = f"{content[: found.end(1)]}[{quoted}]{content[found.end() :]}"
    write_text(path, content)


def _write_texts(path: Path, better_texts: Mapping[str, str]) -> None:
    if not better_texts:
        return
    catalogue = read_catalogue(path.read_bytes())
    for message, better in better_texts.items():
        context, english_text = split_context(message)
        entry = catalogue.find(english_text, msgctxt=context or None)
        if entry.msgid_plural:
            entry.msgstr_plural = dict(enumerate(better.split(FORM_END)))
        else:
            entry.msgstr = better
    write_bytes(path, f"{catalogue}".encode())


def _make_rows(
    answers: Answers,
    accepted: Mapping[str, Answer],
    better_terms: Mapping[str, tuple[str, ...]],
    locale: Path,
    taken: Taken,
) -> Iterator[Review]:
    """Yield the rows of the ledger, for the texts as they are with all answers taken."""
    reviews = load_reviews(locale, answers.language)
    for message, answer in accepted.items():
        translation, verdict, remark = (
            reviews.translations.get(message, ""),
            answer.verdict,
            answer.remark,
        )
        terms = reviews.find_terms(message)
        old_terms = [
            name
            for name in terms
            if name in better_terms and not holds_form(translation, better_terms[name])
        ]
        if old_terms and answers.language != ENGLISH:
            taken.remaining.append(
                f"{answer.place}: it does not say the better term of '{old_terms[0]}' yet, and "
                f"stays a draft: {translation}"
            )
            continue
        if verdict == CHANGE and answers.language == ENGLISH:
            verdict, remark = QUESTION, f"proposed: {answer.better.strip()} {remark}".strip()
        yield Review(
            reviews.hash_text(message),
            hash_english(message),
            verdict,
            answers.reviewer.strip(),
            answers.office.strip(),
            answers.date,
            answers.document,
            ", ".join(terms),
            " ".join(remark.split()),
        )


def _make_decisions(answers: Answers, locale: Path, taken: Taken) -> Iterator[Review]:
    """Yield the rows of the ledger on what the reader decided, and list what is to be written."""
    questions = read_questions(locale, answers.language)
    named = {q.hash_question(answers.language): (name, q) for name, q in questions.items()}
    for answer in filter(lambda answer: answer.verdict or answer.better, answers.questions):
        name, question = named.get(answer.key, ("", None))
        better, letter = answer.better.strip(), answer.verdict.upper()
        if question is None:
            fault = "the question or its answers have changed since the file was made"
            taken.refused.append(f"{answer.place}: {fault}")
            continue
        choices = question.lettered_answers
        if letter not in choices and answer.verdict not in (CHANGE, QUESTION):
            fault = f"'{answer.verdict}' is no answer" if answer.verdict else "no answer is chosen"
            letters = ", ".join(choices)
            taken.refused.append(f"{answer.place}: {fault}: {letters}, {CHANGE} or {QUESTION}")
            continue
        if answer.verdict == CHANGE and not better:
            taken.refused.append(f"{answer.place}: '{CHANGE}', and no other answer beside it")
            continue
        decision = choices.get(letter, better)
        verdict = answer.verdict if letter not in choices else RIGHT if letter == "A" else CHANGE
        if verdict == QUESTION:
            taken.remaining.append(f"{answer.place}: asked about '{name}': {answer.remark}")
        elif verdict == CHANGE:
            taken.remaining.append(f"{answer.place}: decided '{name}', to be written: {decision}")
        yield Review(
            answer.key,
            hash_english(question.question),
            verdict,
            answers.reviewer.strip(),
            answers.office.strip(),
            answers.date,
            answers.document,
            "",
            " ".join(f"question {name}: {decision} {answer.remark}".split()),
        )


def _list_proposals(
    better_texts: Mapping[str, str],
    better_terms: Mapping[str, tuple[str, ...]],
    places: Mapping[str, str],
) -> Iterator[str]:
    for message, better in better_texts.items():
        place = places.get(message, "English alone")
        yield f"proposed in {place}: “{split_context(message)[1]}” → “{better}”"
    for term, forms in better_terms.items():
        yield f"proposed term for '{term}': {'; '.join(forms)}"
