"""The same review as one page for a browser, which needs no network and sends nothing."""

import json
from pathlib import Path
from typing import Any

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import read_json
from disrupting_harm.report.language.reviews import VERDICTS
from disrupting_harm.report.translations.review_answers import Answer, Answers
from disrupting_harm.report.translations.review_texts import DocumentToRead

TEMPLATE = Path("review") / "form.html"
_DATA = "__DATA__"
FORMAT = "disrupting-harm-review-1"


def build_form(document: DocumentToRead, templates: Path) -> str:
    """Return the page of a review, with its script and its texts in it.

    Args:
        templates: the folder of templates.
    """
    content = {
        "format": FORMAT,
        "language": document.language,
        "document": document.document,
        "verdicts": VERDICTS,
        "questions": [vars(question) for question in document.questions],
        "terms": [vars(term) for term in document.terms],
        "texts": [vars(text) for text in document.texts],
    }
    data = json.dumps(content, ensure_ascii=False).replace("<", "\\u003c")
    return (templates / TEMPLATE).read_text(encoding="utf-8").replace(_DATA, data)


def read_form_answers(path: Path) -> Answers:
    """Read the file that the page saves.

    Raises:
        StudyError: if it is another one.
    """
    try:
        content: dict[str, Any] = read_json(path)
        assert content["format"] == FORMAT
        name, office, date = (str(content[key]) for key in ("name", "office", "date"))
        texts, terms, questions = (
            tuple(
                Answer(
                    f"{kind} {number}",
                    str(key),
                    str(answer.get("verdict") or ""),
                    str(answer.get("better") or ""),
                    str(answer.get("remark") or ""),
                )
                for number, (key, answer) in enumerate(content.get(field, {}).items(), start=1)
            )
            for kind, field in (("text", "texts"), ("term", "terms"), ("question", "questions"))
        )
    except (AssertionError, AttributeError, KeyError, TypeError, ValueError):
        finding = "no answers of a form of a review"
        raise StudyError(str(path), finding, "Take the file that the form saves") from None
    language, document = content["language"], content["document"]
    return Answers(language, document, name, office, date, texts, terms, questions)
