"""The languages of the site: where the pages of each lie, and how they are called."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from babel import Locale

from disrupting_harm.report.language.navigation import folder_of_site
from disrupting_harm.report.language.settings import ENGLISH, format_language_tag, read_language


@dataclass(frozen=True)
class Edition:
    """The site in one language.

    ``folder`` holds its pages, from the public folder: that folder itself in English, else one
    named by the language. ``tag`` and ``direction`` are those of its texts, as HTML names them.
    """

    language: str
    tag: str
    name: str
    folder: str
    direction: str

    def find_upward_paths(self, page: str) -> tuple[str, str]:
        """Return the ways from a page to the home of its language, and to the public folder."""
        home = "../" * page.count("/")
        return home, home + "../" * self.folder.count("/")


def list_folders(languages: Sequence[str]) -> dict[str, str]:
    """Return the folder of each language that a study asks for; English is always the first."""
    return {
        language: folder_of_site(language, languages)
        for language in dict.fromkeys((ENGLISH, *languages))
    }


def list_editions(languages: Sequence[str], locale_folder: Path) -> list[Edition]:
    """Return the editions of the languages that a study asks for."""
    return [
        Edition(
            language,
            format_language_tag(settings.locale),
            settings.name,
            folder,
            str(Locale.parse(language).text_direction),
        )
        for language, folder in list_folders(languages).items()
        for settings in [read_language(locale_folder, language)]
    ]
