"""Languages of the site: where their pages lie."""

from disrupting_harm.report.web.site.languages import list_editions


def test_english_is_at_the_root_and_every_language_once() -> None:
    found = list_editions(["km", "en", "pt", "km"])
    assert [(each.language, each.folder) for each in found] == [
        ("en", ""),
        ("km", "km/"),
        ("pt", "pt/"),
    ]
    assert {each.direction for each in found} == {"ltr"}
    assert [each.name for each in found] == ["English", "ខ្មែរ", "Português"]
    assert [each.folder for each in list_editions(["th"])] == ["", "th/"]


def test_the_way_from_a_page_to_its_home_and_to_the_public_folder() -> None:
    english, khmer = list_editions(["km"])
    assert english.find_upward_paths("data.html") == ("", "")
    assert english.find_upward_paths("countries/KEN.html") == ("../", "../")
    assert khmer.find_upward_paths("data.html") == ("", "../")
    assert khmer.find_upward_paths("countries/KEN.html") == ("../", "../../")
