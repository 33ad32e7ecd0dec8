"""On which page of a PDF each text of a document stands."""

import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

# Spaces, hyphens at the ends of lines and marks that are not seen: a page has others than its text.
_NOT_COMPARED = re.compile(r"[\W_]")
# Fewer letters stand on many a page by chance.
_FEWEST_LETTERS = 4
# So many letters in a row are no part of another text.
_LETTERS_OF_A_SENTENCE = 25


def find_pages(pdf: Path, texts: Sequence[str]) -> list[tuple[int, ...]]:
    """Return the pages on which each text is printed, from 1; none for one that is only read aloud.

    A short text is found as whole words with the same capital letters, as it may be a part of
    another one. Of a text of at most 3 letters nothing is said.
    """
    content = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", pdf, "-"], capture_output=True, check=True
    )
    pages = content.stdout.decode("utf-8").split("\f")
    letters_of_pages = [_keep_letters(page) for page in pages]
    found: list[tuple[int, ...]] = []
    for text in texts:
        letters = _keep_letters(text)
        if len(letters) < _FEWEST_LETTERS:
            found.append(())
        elif len(letters) < _LETTERS_OF_A_SENTENCE:
            words = r"\W+".join(map(re.escape, re.findall(r"\w+", text)))
            found.append(_list_pages(pages, re.compile(rf"\b{words}\b").search))
        else:
            found.append(_list_pages(letters_of_pages, re.compile(letters).search))
    return found


def _list_pages(pages: Sequence[str], find: Callable[[str], object]) -> tuple[int, ...]:
    return tuple(number for number, page in enumerate(pages, start=1) if find(page))


def _keep_letters(text: str) -> str:
    return _NOT_COMPARED.sub("", text).casefold()
