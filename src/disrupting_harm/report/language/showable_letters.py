"""Whether the fonts of documents can show a text."""

import unicodedata
from functools import lru_cache

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.language.fonts import font_files


@lru_cache
def find_known_letters() -> frozenset[int]:
    """Return the code points that at least one of the fonts can show."""
    from fontTools.ttLib import TTFont

    code_points: set[int] = set()
    for path in font_files().values():
        with TTFont(path, lazy=True) as font:
            code_points |= set(font.getBestCmap())
    return frozenset(code_points)


def refuse_unshowable(text: str, location: str) -> None:
    """Stop where a letter of ``text`` stands in none of the fonts, or is a control character.

    Marks without a shape, such as joiners and those that turn the direction, pass.

    Raises:
        StudyError: with the letter's code and name, and the word that it stands in.
    """
    for word in set(text.split()):
        for letter in word:
            category = unicodedata.category(letter)
            if category == "Cf" or (ord(letter) in find_known_letters() and category != "Cc"):
                continue
            name = unicodedata.name(letter, "a control character")
            raise StudyError(
                location,
                f"no font of the reports has U+{ord(letter):04X} ({name}), in '{word}'",
                "Write it in other letters",
            )
