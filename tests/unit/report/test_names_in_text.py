"""Names of countries in running text: their articles, and prepositions that take them in."""

from pathlib import Path

import pytest

from disrupting_harm.report.language.settings import read_languages
from disrupting_harm.report.language.translator import MARKDOWN, Translator, load_translator

LOCALE = Path(__file__).parents[3] / "workflow" / "templates" / "locale"
HELP = "In {country} you can contact {helpline}."
TITLE = "{subject} in {country}"


@pytest.fixture(scope="module")
def portuguese() -> Translator[str]:
    return load_translator("pt", LOCALE)


@pytest.mark.parametrize(
    ("code", "name", "begins", "ends"),
    [
        ("KEN", "Kenya", "No\u00a0Quénia podes", "no\u00a0Quénia"),
        ("PHL", "the Philippines", "Nas\u00a0Filipinas podes", "nas\u00a0Filipinas"),
        ("THA", "Thailand", "Na\u00a0Tailândia podes", "na\u00a0Tailândia"),
        ("MOZ", "Mozambique", "Em Moçambique podes", "em Moçambique"),
    ],
)
def test_a_preposition_takes_in_the_article(
    portuguese: Translator[str], code: str, name: str, begins: str, ends: str
) -> None:
    country = portuguese.country_in_text(code, name)
    assert portuguese(HELP, country=country, helpline="116").startswith(begins)
    assert portuguese.with_markup(MARKDOWN)(TITLE, subject="A", country=country).endswith(
        f" {ends}"
    )
    # A name that stands alone has no article.
    assert portuguese.country(code, name) in ends


def test_other_spaces_that_hold_and_other_languages_stay(portuguese: Translator[str]) -> None:
    assert portuguese.contract_articles("de 5\u00a0% a 7\u00a0%") == "de 5\u00a0% a 7\u00a0%"
    assert portuguese.contract_articles("sobre o\u00a0Quénia") == "sobre o\u00a0Quénia"
    english = load_translator("en", LOCALE)
    country = english.country_in_text("PHL", "the Philippines")
    assert english(TITLE, subject="A", country=country).endswith(" in the Philippines")


def test_every_article_has_its_contractions() -> None:
    for code, language in read_languages(LOCALE).items():
        for article in set(language.articles.values()):
            assert f"em {article}" in language.contractions or code != "pt"
            assert f"de {article}" in language.contractions or code != "pt"
