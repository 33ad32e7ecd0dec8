"""On which page of a PDF each text of a document stands."""

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

# Spaces, hyphens at the ends of lines and marks that are not seen: a page has others than its text.
_NOT_COMPARED = re.compile(r"[\W_]")
# Fewer letters would stand on a page by chance, as a part of other words.
_FEWEST_LETTERS = 4


def find_pages(pdf: Path, texts: Sequence[str]) -> list[tuple[int, ...]]:
    """Return the pages on which each text is printed, from 1; none for one that is only read aloud.

    Of a text of at most 3 letters nothing is said.
    """
    content = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", pdf, "-"], capture_output=True, check=True
    )
    pages = [_keep_letters(page) for page in content.stdout.decode("utf-8").split("\f")]
    return [_list_pages(_keep_letters(text), pages) for text in texts]


def _list_pages(letters: str, pages: Sequence[str]) -> tuple[int, ...]:
    if len(letters) < _FEWEST_LETTERS:
        return ()
    return tuple(number for number, page in enumerate(pages, start=1) if letters in page)


def _keep_letters(text: str) -> str:
    return _NOT_COMPARED.sub("", text).casefold()
