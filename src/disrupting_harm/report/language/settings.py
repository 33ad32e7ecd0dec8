"""Settings of a language besides its messages: one file per language, beside its catalogue.

``locale/{language}/language.yml`` has the script of the language, the words that claim an order,
and the words of the layout. A language exists if its folder does; no other file names it.
"""

import re
from pathlib import Path
from typing import Annotated

from babel import Locale, UnknownLocaleError
from pydantic import AfterValidator, Field

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import write_text
from disrupting_harm.report.language.scripts import LATIN, SCRIPTS
from disrupting_harm.study.configuration.section import Section, read_yaml, validate_content

FILE = "language.yml"
CATALOGUE = Path("LC_MESSAGES") / "report.po"
# In the head of a catalogue: it holds what briefs print, and not all messages.
COVERS, BRIEFS_ALONE = "X-Covers", "briefs"
# All messages in English, in the folder of languages.
MESSAGES = "report.pot"
ENGLISH = "en"
# The English texts are British; so are their dates and lists.
_BRITISH = "en_GB"
_NEW = """\
# {name}: what documents need besides the catalogue of messages. See docs/translating.md.
# The script of the letters, by its code of ISO 15924: {scripts}.
script: {script}
# A regular expression: a sentence that calls something the highest or lowest is refused.
superlatives: ""
# Numbers that an author may type into a note, as patterns of Python, each with its reason.
numbers_in_notes: []
# Words of the layout.
layout:
"""


def check_regular_expression(pattern: str) -> str:
    """Return a regular expression as it is; a ValueError says what is wrong with it."""
    try:
        re.compile(pattern)
    except re.error as fault:
        raise ValueError(f"no regular expression: {fault}") from None
    return pattern


def check_locale(name: str) -> str:
    """Return the name of a locale of the Unicode CLDR; a ValueError says that there is none."""
    try:
        return str(Locale.parse(name)) if name else name
    except (ValueError, UnknownLocaleError):
        raise ValueError(f"the Unicode CLDR has no locale '{name}'") from None


def check_script(code: str) -> str:
    """Return the code of a script; a ValueError names those that documents have a font for."""
    if code not in SCRIPTS:
        raise ValueError(f"no script of scripts.yml, which has {', '.join(SCRIPTS)}")
    return code


def check_date_pattern(pattern: str) -> str:
    """Return a pattern of dates as it is; a ValueError says which part of a date it lacks."""
    fields = re.sub("'[^']*'", "", pattern)
    if pattern and not all(sign in fields for sign in "dMy"):
        raise ValueError("it needs day (d), month (M or MMMM) and year (y)")
    return pattern


class AllowedNumber(Section):
    """Numbers that may stand in a text of a language without an address."""

    pattern: Annotated[str, AfterValidator(check_regular_expression)] = Field(
        min_length=1, description="A regular expression that a whole number matches."
    )
    why: str = Field(min_length=1, description="What such a number is.")


class Language(Section):
    """One language of documents.

    What follows a country, such as how numbers are grouped, comes from its ``locale``.
    """

    name: str = Field(
        default="",
        description="What the language calls itself, as a sentence begins with it; empty: as in "
        "the Unicode CLDR, where some are called like a country.",
    )
    locale: Annotated[str, AfterValidator(check_locale)] = Field(
        default="",
        description="Locale of the Unicode CLDR for numbers, dates, lists and names of countries, "
        "such as 'pt_MZ'; empty: that of the folder's code.",
    )
    date: Annotated[str, AfterValidator(check_date_pattern)] = Field(
        default="",
        description="The official form of a date as a pattern of the Unicode CLDR, its words in "
        "single quotation marks; empty: the long form of the locale.",
    )
    script: Annotated[str, AfterValidator(check_script)] = Field(
        default=LATIN, description="The script, a code of scripts.yml: letters that a page carries."
    )
    superlatives: Annotated[str, AfterValidator(check_regular_expression)] = Field(
        default="", description="Words that claim an order; empty: none is searched for."
    )
    numbers: tuple[AllowedNumber, ...] = Field(
        default=(),
        description="Numbers that its documents print without an address, such as ages.",
    )
    numbers_in_notes: tuple[AllowedNumber, ...] = Field(
        default=(),
        description="Numbers that an author may type into a note: ages, sections, versions.",
    )
    layout: dict[str, str] = Field(description="Words of the layout, such as 'Figure'.")
    articles: dict[str, str] = Field(
        default={},
        description="Articles that running text puts before names of countries, by ISO 3166-1 "
        "alpha-3 code.",
    )
    contractions: dict[str, str] = Field(
        default={}, description="A preposition and an article, and the word that they become."
    )
    approved_by: tuple[str, ...] = Field(
        default=(),
        description="Offices whose review of a text is its approval, as their readers sign.",
    )


def read_language(locale: Path, language: str) -> Language:
    """Read what a language needs from ``locale/{language}/language.yml``.

    Raises:
        StudyError: if the file is missing or faulty, or lacks a word of the layout.
    """
    path = locale / language / FILE
    language_settings: Language = validate_content(Language, read_yaml(path), str(path))
    defaults = {"name": find_endonym(language), "locale": find_default_locale(language)}
    language_settings = language_settings.model_copy(
        update={
            key: value for key, value in defaults.items() if not getattr(language_settings, key)
        }
    )
    if language != ENGLISH:
        missing = set(read_language(locale, ENGLISH).layout) - set(language_settings.layout)
        if missing:
            raise StudyError(f"{path}, key 'layout'", f"no '{min(missing)}'", "Add it")
    return language_settings


def find_endonym(language: str) -> str:
    """Return what a language calls itself in the Unicode CLDR, as a sentence begins with it."""
    name = str(Locale.parse(language).get_display_name(language))
    return name[:1].upper() + name[1:]


def find_default_locale(language: str) -> str:
    """Return the locale of a language whose settings name none."""
    return _BRITISH if language == ENGLISH else language


def format_language_tag(locale: str) -> str:
    """Return the BCP 47 tag of a locale, e.g. ``pt-MZ``."""
    return locale.replace("_", "-")


def read_language_tag(locale: Path, language: str) -> str:
    """Return the BCP 47 tag of a language, which names the country whose customs it follows."""
    return format_language_tag(read_language(locale, language).locale)


def read_languages(locale: Path) -> dict[str, Language]:
    """Return all languages that have a folder, by code."""
    codes = sorted(path.parent.name for path in locale.glob(f"*/{FILE}"))
    return {code: read_language(locale, code) for code in codes}


def require_language(
    locale: Path, language: str, location: str, *, beyond_briefs: bool = False
) -> None:
    """Refuse a language without its folder or its catalogue; English needs no catalogue.

    Args:
        location: who asks for it, for the error.
        beyond_briefs: documents are asked for of which a catalogue of briefs alone lacks the texts.

    Raises:
        StudyError: with what to do.
    """
    folder = locale / language
    needed_paths = () if language == ENGLISH else (folder / FILE, folder / CATALOGUE)
    for path in needed_paths:
        if not path.is_file():
            raise StudyError(
                location,
                f"the language '{language}' has no {path}",
                f"Run 'disrupting-harm translate new {language}' and translate, or take the "
                "language out",
            )
    if beyond_briefs and language != ENGLISH and _covers_briefs_alone(folder / CATALOGUE):
        raise StudyError(
            location,
            f"{folder / CATALOGUE} holds what briefs print, and no more",
            f"Name '{language}' in the column 'brief_languages' of the countries file, or "
            f"translate the rest and take '{COVERS}: {BRIEFS_ALONE}' out of the catalogue's head",
        )


def _covers_briefs_alone(catalogue: Path) -> bool:
    head, _, _ = catalogue.read_text(encoding="utf-8").partition("\n\n")
    return f'"{COVERS}: {BRIEFS_ALONE}\\n"' in head


def write_language(locale: Path, language: str) -> list[Path]:
    """Write the file of a new language, with English words of the layout to be translated.

    Args:
        language: its code of two or three letters.

    Returns:
        The file; nothing where it is there.

    Raises:
        StudyError: if nobody knows the language, or the fonts lack its letters.
    """
    from babel.core import get_global

    path = locale / language / FILE
    try:
        cldr_locale = Locale.parse(language)
    except (ValueError, UnknownLocaleError):
        finding = "the Unicode CLDR, from which numbers and dates come, does not know it"
        raise StudyError(f"language '{language}'", finding, "Write its ISO 639 code") from None
    if path.is_file():
        return []
    likely_subtags = get_global("likely_subtags").get(language, "")
    script = next((code for code in SCRIPTS if f"_{code}" in likely_subtags), None)
    if script is None:
        finding = f"the documents have no font for its letters ({likely_subtags})"
        advice = "Add its script to src/disrupting_harm/report/language/scripts.yml first"
        raise StudyError(f"language '{language}'", finding, advice)
    head = _NEW.format(name=cldr_locale.english_name, scripts=", ".join(SCRIPTS), script=script)
    layout_words = read_language(locale, ENGLISH).layout
    write_text(path, head + "".join(f'  {key}: "{word}"\n' for key, word in layout_words.items()))
    return [path]
