"""The order of names in the alphabet of their language."""

import re
import unicodedata

# Classes of Unicode: marks above and below Latin letters; those of Thai and Khmer are letters.
_ACCENTS = (202, 216, 220, 230)
_THAI = re.compile("([\u0e40-\u0e44])([\u0e01-\u0e2e])")


def build_sort_key(name: str) -> str:
    """Return what names are put in alphabetical order by.

    Accents do not count, and a vowel of Thai that is written before its consonant comes after it.
    Other letters stand in the order of their codes, as those of Khmer do in a dictionary.
    """
    letters = _THAI.sub(r"\2\1", unicodedata.normalize("NFD", name.casefold()))
    return "".join(letter for letter in letters if unicodedata.combining(letter) not in _ACCENTS)
