"""One spelling for texts that are read, and codes that a reader would take for one another.

A letter with an accent has two spellings in Unicode, and which of them a file has depends on the
program that wrote it. All texts are read in the composed one (NFC). Codes that still differ, but
look the same, are refused where they tell clusters, strata, children or agencies apart.
"""

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal

# What every message says of such codes; none repeats what a respondent's cell holds.
LOOK_ALIKE = (
    "codes that differ only in how they are written (0 and 0.0, a and A, a full-width letter, a "
    "space or a character that nobody sees)"
)
ONE_SPELLING = "Write the code in one way in all rows; give codes that do differ other names"

# Lower-case texts that :func:`look_of` returns as they are: no space, no foreign letter, and a
# number in its shortest form or something in it that no number has.
LOOKS_LIKE_ITSELF = r"0|[1-9][0-9]*|[!-@\[-~]*[!-*,/:-@\[-~][!-@\[-~]*|[!-@\[-~]+[-+][!-@\[-~]*"
_PLAIN_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)", re.ASCII)
# Hyphens, dashes and minus signs; apostrophes.
_ALIKE = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-")
_ALIKE |= dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u02b9\u2032`"), "'")


def compose_text(text: str) -> str:
    """Return ``text`` in the composed spelling of Unicode (NFC)."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def is_plain_number(text: str) -> bool:
    """Return whether ``text`` is digits, at most with a sign before and a point among them."""
    return _PLAIN_NUMBER.fullmatch(text) is not None


def shorten_number(text: str) -> str:
    """Return a plain number in its shortest form: 1, 1.0 and 01 are the same; other texts as is."""
    if not is_plain_number(text):
        return text
    # Adding zero turns minus zero into zero.
    return format((Decimal(text) + 0).normalize(), "f")


def look_of(text: str) -> str:
    """Return what ``text`` looks like; two texts with the same look are taken for one another."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_ALIKE)
        text = "".join(
            str(unicodedata.decimal(char)) if char.isdecimal() else char
            for char in text
            if unicodedata.category(char) != "Cf"
        )
    return shorten_number(" ".join(text.casefold().split()))


def find_look_alike(texts: Iterable[str]) -> tuple[str, str] | None:
    """Return the first two of ``texts`` that look the same, equal ones included; None without."""
    text_of_look: dict[str, str] = {}
    for text in texts:
        look = look_of(text)
        if look in text_of_look:
            return text_of_look[look], text
        text_of_look[look] = text
    return None
