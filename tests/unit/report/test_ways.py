"""Where pages lead: home, other languages by their own names, other formats."""

from pathlib import Path

import pytest
from babel import Locale

from disrupting_harm.report.language.navigation import (
    UP,
    NavigationLink,
    build_page_navigation,
    folder_of_site,
)
from disrupting_harm.report.language.settings import read_languages
from disrupting_harm.report.language.translator import load_translator

LOCALE = Path(__file__).parents[3] / "workflow" / "templates" / "locale"
ENGLISH = load_translator("en", LOCALE)


def test_a_page_leads_home_and_to_its_languages_and_formats() -> None:
    made = build_page_navigation(
        UP, "countries/KHM.html", "brief", ENGLISH, ("en", "km", "vi"), ("html", "pdf", "docx")
    )
    assert made.home == "../../../countries/KHM.html"
    assert made.others == (
        NavigationLink("../km/brief.html", "ខ្មែរ", "km"),
        NavigationLink("../vi/brief.html", "Tiếng Việt", "vi"),
        NavigationLink("brief.pdf", "PDF"),
        NavigationLink("brief.docx", "Word"),
    )


def test_only_names_in_other_letters_need_a_font() -> None:
    other = {
        code: build_page_navigation(
            UP, "index.html", "brief", ENGLISH, ("en", code), ("html",)
        ).in_other_letters
        for code in ("id", "pt", "vi", "km", "th")
    }
    assert other == {"id": False, "pt": False, "vi": False, "km": True, "th": True}


def test_what_is_not_made_is_not_led_to() -> None:
    assert (
        build_page_navigation("../../", "index.html", "report", ENGLISH, ("en",), ("html",)).others
        == ()
    )


def test_a_document_leads_to_the_pages_in_its_language() -> None:
    languages = ("en", "km")
    assert folder_of_site("km", languages) == "km/"
    assert folder_of_site("en", languages) == ""
    # A report may have a language that the site does not.
    assert folder_of_site("sw", languages) == ""


@pytest.mark.parametrize("language", read_languages(LOCALE))
def test_no_language_calls_itself_like_a_country(language: str) -> None:
    countries = set(Locale.parse(language).territories.values())
    assert ENGLISH.endonym(language) not in countries
