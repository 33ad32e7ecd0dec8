"""Pages of the site in another language are in that language, and say whether it was reviewed."""

import re
from pathlib import Path

import pytest
import texts
from checkout import Checkout
from site_pages import Page, folders_of_site, pages_in

from disrupting_harm.report.documents.draft_status import list_translation_marks
from disrupting_harm.report.language.settings import CATALOGUE
from disrupting_harm.report.language.translator import Translator, load_translator
from disrupting_harm.report.web.translation_mark import TRANSLATION_SIGN

ROOT = Path(__file__).parents[2]
LOCALE = ROOT / "workflow" / "templates" / "locale"


@pytest.fixture(scope="module")
def editions(small: Checkout) -> dict[str, dict[str, Page]]:
    """The pages of every language but English, by their names."""
    folders = folders_of_site(small.folder / "results" / "public")
    found = {language: pages_in(folder) for language, folder in folders.items()}
    assert len(found.pop("en")) == 7
    assert len(found) == 5
    return found


def test_no_message_stands_in_english(editions: dict[str, dict[str, Page]]) -> None:
    for language, pages in editions.items():
        for name, page in pages.items():
            assert texts.untranslated(page.own, LOCALE / language / CATALOGUE) == [], page.path
            assert texts.left_over(page.text) == [], f"{language}/{name}"


def test_each_page_says_once_how_many_of_its_texts_await_a_reader(
    editions: dict[str, dict[str, Page]],
) -> None:
    """All of them, as no language has a ledger; the sign that held the place is gone."""
    for language, pages in editions.items():
        translator: Translator[str] = load_translator(language, LOCALE)
        before, between, after = re.split(r"\{\w+\}", list_translation_marks(translator)[0])
        mark = re.compile(f"{re.escape(before)}([\\d.]+){re.escape(between)}\\1{re.escape(after)}")
        for page in pages.values():
            assert len(mark.findall(page.text)) == 1, page.path
            assert TRANSLATION_SIGN not in page.text


def test_a_sentence_in_english_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "<html lang='km'><p>How to read the signs</p><p lang='en'>Find an indicator</p></html>",
        encoding="utf-8",
    )
    found = texts.untranslated(Page(page).own, LOCALE / "km" / CATALOGUE)
    assert found == ["How to read the signs"]
