"""Languages: one folder each, made by a command; a language without one is refused by name."""

import shutil
from pathlib import Path

import pytest

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.language.settings import (
    CATALOGUE,
    FILE,
    read_language,
    read_languages,
    require_language,
    write_language,
)
from disrupting_harm.report.language.translator import load_translator
from disrupting_harm.report.translations.catalogue import main

ROOT = Path(__file__).parents[3]
LOCALE = ROOT / "workflow" / "templates" / "locale"


@pytest.fixture
def locale(tmp_path: Path) -> Path:
    return Path(shutil.copytree(LOCALE, tmp_path / "templates" / "locale"))


def test_a_new_language_gets_its_folder(locale: Path) -> None:
    (made,) = write_language(locale, "st")
    assert made == locale / "st" / FILE
    own = read_language(locale, "st")
    assert (own.script, own.superlatives) == ("Latn", "")
    assert own.layout == read_language(locale, "en").layout
    assert made.read_text(encoding="utf-8").startswith("# Southern Sotho: ")
    assert "st" in read_languages(locale)


@pytest.mark.parametrize(("language", "script"), [("km", "Khmr"), ("th", "Thai")])
def test_its_letters_are_known(locale: Path, language: str, script: str) -> None:
    (locale / language / FILE).unlink()
    write_language(locale, language)
    assert read_language(locale, language).script == script


@pytest.mark.parametrize(
    ("language", "found"), [("am", "no font for its letters"), ("xx", "does not know it")]
)
def test_a_language_that_cannot_be_printed_is_refused(
    locale: Path, language: str, found: str
) -> None:
    with pytest.raises(StudyError, match=found):
        write_language(locale, language)
    assert not (locale / language).exists()


def test_the_command_makes_folder_and_catalogue_and_keeps_what_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "config", tmp_path / "config")
    shutil.copytree(ROOT / "workflow", tmp_path / "workflow")
    templates = tmp_path / "workflow" / "templates"
    folder = templates / "locale"
    here = ["--templates", str(templates)]
    prepared = (folder / "vi" / FILE).read_bytes()
    (folder / "vi" / CATALOGUE).unlink()
    assert main(["new", "vi", *here]) == 0
    assert (folder / "vi" / FILE).read_bytes() == prepared
    translator = load_translator("vi", folder)
    assert translator.reviews is not None
    assert translator.reviews.summarise(["Boys"]).level == "none"
    assert translator.script == "Viet"
    assert translator("Boys") == "Boys"
    assert translator.untranslated == {"Boys"}
    assert main(["new", "vi", *here]) == 1
    assert main(["new", "en", *here]) == 1
    assert capsys.readouterr().err.count("it is there") == 2
    assert main(["new", "st", *here]) == 0
    require_language(folder, "st", "here")


def test_a_language_of_briefs_alone_makes_no_report_that_is_half_english(locale: Path) -> None:
    require_language(locale, "fil", "country PHL, column 'brief_languages'")
    assert load_translator("fil", locale)("Who") == "Sino"
    with pytest.raises(StudyError, match=r"holds what briefs print.*'brief_languages'"):
        require_language(locale, "fil", "country PHL, column 'languages'", beyond_briefs=True)
    path = locale / "fil" / CATALOGUE
    content = path.read_text(encoding="utf-8")
    path.write_text(content.replace('"X-Covers: briefs\\n"\n', ""), encoding="utf-8")
    require_language(locale, "fil", "country PHL, column 'languages'", beyond_briefs=True)


def test_a_language_without_folder_or_catalogue_is_named_with_the_command(locale: Path) -> None:
    require_language(locale, "en", "country KEN")
    require_language(locale, "km", "country KEN")
    (locale / "vi" / CATALOGUE).unlink()
    for language in ("st", "vi"):
        with pytest.raises(StudyError, match=f"disrupting-harm translate new {language}"):
            require_language(locale, language, "country KEN")
        with pytest.raises(StudyError, match=f"'{language}' has no"):
            load_translator(language, locale)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("script: Khmr", "script: Grek", "which has Latn, Viet, Khmr, Thai"),
        ("superlatives: '(", "superlatives: '((", "no regular expression"),
        ("  skip-link:", "  skip:", "no 'skip-link'"),
    ],
)
def test_a_faulty_file_is_named(locale: Path, old: str, new: str, found: str) -> None:
    path = locale / "km" / FILE
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        read_language(locale, "km")
    assert str(path) in caught.value.where
    assert found in caught.value.found
