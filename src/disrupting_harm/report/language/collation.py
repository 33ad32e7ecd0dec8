"""The order of names in the alphabet of their language."""

import re
import unicodedata

from disrupting_harm.report.language.scripts import SCRIPTS

# Classes of Unicode: marks above and below Latin letters; those of some scripts are letters.
_ACCENTS = (202, 216, 220, 230)
_SIGNS_SORTED_LATER = [re.compile(script.sort) for script in SCRIPTS.values() if script.sort]


def build_sort_key(name: str) -> str:
    """Return what names are put in alphabetical order by.

    Accents do not count, and a vowel that is written before its consonant comes after it. Other
    letters stand in the order of their codes.
    """
    letters = unicodedata.normalize("NFD", name.casefold())
    for pattern in _SIGNS_SORTED_LATER:
        letters = pattern.sub(r"\2\1", letters)
    return "".join(letter for letter in letters if unicodedata.combining(letter) not in _ACCENTS)
