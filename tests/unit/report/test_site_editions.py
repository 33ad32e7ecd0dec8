"""Languages of the site: where their pages lie."""

from pathlib import Path

from disrupting_harm.report.web.site.languages import list_editions, list_folders

LOCALE = Path(__file__).parents[3] / "workflow" / "templates" / "locale"


def test_english_is_at_the_root_and_every_language_once() -> None:
    found = list_editions(["km", "en", "pt", "km"], LOCALE)
    assert [(each.language, each.folder) for each in found] == [
        ("en", ""),
        ("km", "km/"),
        ("pt", "pt/"),
    ]
    assert {each.direction for each in found} == {"ltr"}
    assert [each.name for each in found] == ["English", "ខ្មែរ", "Português"]
    assert [each.tag for each in found] == ["en-GB", "km", "pt-MZ"]
    assert list_folders(["th"]) == {"en": "", "th": "th/"}


def test_the_way_from_a_page_to_its_home_and_to_the_public_folder() -> None:
    english, khmer = list_editions(["km"], LOCALE)
    assert english.find_upward_paths("data.html") == ("", "")
    assert english.find_upward_paths("countries/KEN.html") == ("../", "../")
    assert khmer.find_upward_paths("data.html") == ("", "../")
    assert khmer.find_upward_paths("countries/KEN.html") == ("../", "../../")
