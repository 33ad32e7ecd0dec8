"""Numbers that may be typed into a note: years, ages, dates, standards, sections, and the author's.

``workflow/templates/numbers-in-notes.yml`` has patterns for the six languages of the documents; an
author adds texts in the front matter.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from disrupting_harm.report.number_check import read_allowed
from disrupting_harm.report.words import Words

FILE = "numbers-in-notes.yml"
# The key of the front matter; a filled note keeps it.
ALLOWED_IN_NOTE = "numbers-allowed"


def allowed_in_note(words: Words, own: Sequence[str], templates: Path) -> list[re.Pattern[str]]:
    """Return the patterns of numbers that need no address in a note.

    Args:
        words: the language, whose months make dates.
        own: texts of the front matter, letter by letter.
        templates: the folder of templates.
    """
    texts = sorted(map(str, own), key=len, reverse=True)
    written = [re.compile(rf"(?<![\d.,]){re.escape(text)}(?![.,]?\d)") for text in texts]
    return [*written, _dates(words), *read_allowed(templates), *read_allowed(templates, FILE)]


def _dates(words: Words) -> re.Pattern[str]:
    """Return dates in the long form of the language, with or without a year."""
    months = sorted(words.locale.months["format"]["wide"].values(), key=len, reverse=True)
    names = "|".join(map(re.escape, months))
    return re.compile(rf"(?<![\d.,])\d{{1,2}}\s+(?:de\s+)?(?:{names})(?:\s+(?:de\s+)?\d{{4}})?")
