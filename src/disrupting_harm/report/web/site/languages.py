"""The languages of the site: where the pages of each lie, and how they are called."""

from collections.abc import Sequence
from dataclasses import dataclass

from babel import Locale

from disrupting_harm.report.language.navigation import folder_of_site, format_own_name
from disrupting_harm.report.language.settings import ENGLISH


@dataclass(frozen=True)
class Edition:
    """The site in one language.

    ``folder`` holds its pages, from the public folder: that folder itself in English, else one
    named by the language. ``direction`` is that of its writing, as HTML names it.
    """

    language: str
    name: str
    folder: str
    direction: str

    def find_upward_paths(self, page: str) -> tuple[str, str]:
        """Return the ways from a page to the home of its language, and to the public folder."""
        home = "../" * page.count("/")
        return home, home + "../" * self.folder.count("/")


def list_editions(languages: Sequence[str]) -> list[Edition]:
    """Return the editions of the languages that a study asks for; English is always the first."""
    languages_but_english = [
        language for language in dict.fromkeys(languages) if language != ENGLISH
    ]
    return [
        Edition(
            language,
            format_own_name(language),
            folder_of_site(language, languages_but_english),
            str(Locale.parse(language).text_direction),
        )
        for language in (ENGLISH, *languages_but_english)
    ]
