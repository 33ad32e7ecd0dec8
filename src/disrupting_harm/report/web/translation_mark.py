"""The sentence of pages on their translation, which counts the texts of all of them."""

from collections.abc import Iterable
from html import escape
from pathlib import Path

from disrupting_harm.report.documents.draft_status import (
    describe_translation,
    find_translation_status,
)
from disrupting_harm.report.language.addressed_text import strip_addresses
from disrupting_harm.report.language.printed_texts import list_printed_texts, write_printed_texts
from disrupting_harm.report.language.translator import Translator

# Stands in filled pages for the sentence, until all their texts were asked for.
TRANSLATION_SIGN = "\ue000translation\ue000"


def mark_translation(translator: Translator[str], pages: Iterable[str], document: Path) -> str:
    """Return the sentence as HTML, and keep the list of the texts of all pages.

    Args:
        translator: the language, after all pages were filled.
        pages: the filled pages.
        document: the page of which the list has the name.
    """
    printed = list_printed_texts(translator.asked, "\n".join(pages))
    status = find_translation_status(translator, printed)
    write_printed_texts(document, printed, status)
    return escape(strip_addresses(describe_translation(translator, status))) if status else ""
