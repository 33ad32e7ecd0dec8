"""Where the page of a document leads besides: home, its other languages, its other formats."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from disrupting_harm.report.language.settings import ENGLISH
from disrupting_harm.report.language.translator import Translator

UP = "../../../"  # from a document of a country to the public folder
FORMATS = {"pdf": "PDF", "docx": "Word"}


@dataclass(frozen=True)
class NavigationLink:
    """A link of a page: ``language`` is that of its text and of what is there.

    It is empty where it is the language of the page.
    """

    href: str
    text: str
    language: str = ""


@dataclass(frozen=True)
class PageNavigation:
    """The ways from a page.

    ``root`` is that to the public folder, ``home`` that to the page of all that belongs together,
    whose language is ``home_language``.
    """

    root: str
    home: str
    others: tuple[NavigationLink, ...]
    home_language: str

    @property
    def in_other_letters(self) -> bool:
        """Whether a language names itself in letters that the page needs a font for."""
        return any(not is_latin(link.text) for link in self.others)


def folder_of_site(language: str, languages: Sequence[str]) -> str:
    """Return where the site's pages of a language lie, from the public folder.

    Those in English lie in that folder itself; so does what leads from a language that the site,
    of the study's ``languages``, does not have.
    """
    return f"{language}/" if language != ENGLISH and language in languages else ""


def is_latin(name: str) -> bool:
    """Return whether a name has Latin letters alone."""
    return all("LATIN" in unicodedata.name(letter) for letter in name if letter.isalpha())


def build_page_navigation(
    root: str,
    home: str,
    file_stem: str,
    translator: Translator[str],
    languages: Sequence[str],
    formats: Sequence[str],
) -> PageNavigation:
    """Return the ways from a document that lies in a folder for its language.

    Args:
        root: the way from the document to the public folder.
        home: its home, from there.
        file_stem: of the document's files.
        translator: to the language of the document.
        languages: all in which the document is made.
        formats: of its files.
    """
    language_links = [
        NavigationLink(
            f"../{other_language}/{file_stem}.html",
            translator.endonym(other_language),
            other_language,
        )
        for other_language in languages
        if other_language != translator.language
    ]
    format_links = [
        NavigationLink(f"{file_stem}.{file_format}", FORMATS[file_format])
        for file_format in formats
        if file_format in FORMATS
    ]
    # Pages of a language lie in its folder; where the site has none, the way leads to English ones.
    at_home = home.startswith(f"{translator.language}/")
    home_language = translator.language if at_home else ENGLISH
    return PageNavigation(root, f"{root}{home}", (*language_links, *format_links), home_language)
