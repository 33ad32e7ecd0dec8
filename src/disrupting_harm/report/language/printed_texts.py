"""Which texts a document prints, in reading order, each as it stands there.

Readers who review a translation read its texts so, and translators see an example of each. The list
of a document lies in ``restricted/texts/``, named as the document in ``public/``: it holds nothing
but what the document prints, and readers of the results have no use for it.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from disrupting_harm.core.files import (
    PUBLIC,
    RESTRICTED,
    TEXTS,
    is_public,
    read_json,
    results_folder,
    write_json,
)
from disrupting_harm.report.language.addressed_text import strip_addresses
from disrupting_harm.report.language.markdown import remove_addresses, unescape
from disrupting_harm.report.language.reviews import TranslationStatus

# A text whose first and last letters, so many, both stand nowhere in a document is not printed.
_LETTERS = 12
_PLACEHOLDER = re.compile(r"\{\w*\}")
_NO_LETTER = re.compile(r"[\W_]")


def list_printed_texts(
    asked: Mapping[str, Sequence[str]], document: str, drawn: Collection[str] = ()
) -> dict[str, str]:
    """Return the messages that a document prints, in reading order, each with its first text there.

    A program asks for more than it prints, e.g. for actions that it then leaves out. A text that is
    printed in other letters than it was asked for, for instance after a capital became a small
    letter, follows the one that was asked for before it.

    Args:
        asked: of each message its printed texts, in the order in which they were asked for.
        document: its source, in Markdown or HTML.
        drawn: messages that were asked for its pictures, whose letters stand in no source.
    """
    plain_document = read_as_printed(document)
    letters_of_document = _keep_letters(plain_document)
    found_places, place = [], -1
    for number, (message, texts) in enumerate(asked.items()):
        plain_texts = [read_as_printed(text) for text in texts]
        places = [(_find_words(text, plain_document), text) for text in plain_texts]
        places_in_document = [pair for pair in places if pair[0] >= 0]
        example = plain_texts[0] if plain_texts else ""
        if places_in_document:
            place, example = min(places_in_document)
        elif message not in drawn and not any(
            _stands_partly(text, letters_of_document) for text in plain_texts
        ):
            continue
        found_places.append((place, number, message, example))
    return {message: example for _, _, message, example in sorted(found_places)}


def _keep_letters(text: str) -> str:
    return _NO_LETTER.sub("", text).casefold()


def _stands_partly(text: str, letters_of_document: str) -> bool:
    """Return whether a part of a text stands in a document; a page may fill it later."""
    parts = filter(None, map(_keep_letters, _PLACEHOLDER.split(text)))
    return any(
        part[:_LETTERS] in letters_of_document or part[-_LETTERS:] in letters_of_document
        for part in parts
    )


def read_as_printed(text: str) -> str:
    """Return a text without the addresses of its numbers and the backslashes of Markdown."""
    return unescape(strip_addresses(remove_addresses(text)))


def _find_words(text: str, document: str) -> int:
    """Return where a text stands in a document, not within a word; -1 where it does not."""
    place = document.find(text) if text else -1
    while place >= 0:
        end = place + len(text)
        within_word = (document[place - 1 : place].isalnum() and text[0].isalnum()) or (
            document[end : end + 1].isalnum() and text[-1].isalnum()
        )
        if not within_word:
            return place
        place = document.find(text, place + 1)
    return -1


def write_printed_texts(
    document: Path,
    printed_texts: Mapping[str, str],
    status: TranslationStatus | None = None,
) -> None:
    """Write the list of a document of the public results; of one elsewhere nothing is kept.

    Args:
        document: any of its files, of whichever format.
        printed_texts: of :func:`list_printed_texts`.
        status: of the translation, as the document prints it.
    """
    if is_public(document):
        content = {"translation": status and status.record(), "texts": dict(printed_texts)}
        write_json(find_list_of_texts(document), content)


def read_printed_texts(document: Path) -> dict[str, str]:
    """Return the messages of a document in reading order, with an example; empty without a list."""
    path = find_list_of_texts(document)
    return dict(read_json(path)["texts"]) if path.is_file() else {}


def find_list_of_texts(document: Path) -> Path:
    """Return the path of the list that belongs to a document, of whichever format."""
    results = results_folder(document)
    name = document.relative_to(results / PUBLIC).with_suffix(".json")
    return results / RESTRICTED / TEXTS / name
