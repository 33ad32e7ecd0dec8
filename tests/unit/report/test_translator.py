"""What the rows of the countries file are called: words chosen where a message is written."""

import re
from pathlib import Path

import pytest

from disrupting_harm.evidence.shared_columns import SIMULATED_SERVICES
from disrupting_harm.evidence.tables_of_study import SIMULATED_SOURCES
from disrupting_harm.report.findings.country_sentences import read_silence
from disrupting_harm.report.language import translator
from disrupting_harm.report.language.addressed_text import add_address, strip_addresses
from disrupting_harm.report.language.markdown import Markdown, cite_number, remove_addresses
from disrupting_harm.report.language.translator import MARKDOWN, PLAIN, Translator, build_english
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.report.translations import extraction

MESSAGE = "{Areas}: {n} {areas}; each {area} but {country} ({countries})."
# Words that are taken for placeholders, and data that are called a country in any study.
BARE = re.compile(r"\b[Cc]ountr(?:y|ies)\b(?!})")


@pytest.mark.parametrize(
    ("areas", "expected"),
    [
        ("regions", "Regions: 3 regions; each region but Home Country (A, B)."),
        ("countries", "Countries: 3 countries; each country but Home Country (A, B)."),
    ],
)
def test_a_message_names_the_areas_of_the_study_and_leaves_its_values_alone(areas, expected):
    assert build_english(areas)(MESSAGE, n=3, country="Home Country", countries="A, B") == expected


def test_no_line_ends_between_two_numbers_in_brackets():
    said = {"{name} ({count} of {all})": "{name} ({count} de {all})"}
    translator = Translator("pt", said, PLAIN)
    printed = translator.with_markup(MARKDOWN)(
        "{name} ({count} of {all})", name="A B", count=5, all=14
    )
    assert printed == "A B (5\u00a0de\u00a014)"
    # A longer remark in brackets may break.
    assert translator.with_markup(MARKDOWN)("({n} of the {all})", n=5, all=14) == "(5 of the 14)"


def test_a_message_without_values_names_the_areas_too():
    assert build_english("regions")("No two {areas} differ.") == "No two regions differ."


def test_areas_are_named_in_the_language_of_the_reader():
    messages = {"{n} regions": "{n} regiões", "{n} countries": "{n} países"}
    assert Translator("pt", messages, PLAIN, "regions")("{n} {areas}", n=4) == "4 regiões"
    assert Translator("pt", messages, PLAIN, "countries")("{n} {areas}", n=4) == "4 países"


def test_a_text_that_counts_has_the_form_of_its_number():
    english = build_english()
    forms = {("{n} child", 0): "{n} criança", ("{n} child", 1): "{n} crianças"}
    portuguese = Translator("pt", forms, PLAIN, choose_form=lambda number: int(number != 1))
    thai = Translator("th", {("{n} child", 0): "เด็ก {n} คน"}, PLAIN)
    printed = {
        1: ("1 child", "1 criança", "เด็ก 1 คน"),
        2: ("2 children", "2 crianças", "เด็ก 2 คน"),
    }
    for count, expected in printed.items():
        assert expected == tuple(
            language.plural("{n} child", "{n} children", count, n=count)
            for language in (english, portuguese, thai)
        )
    assert portuguese.untranslated == set()
    assert portuguese.plural("{n} boy", "{n} boys", 2, n=2) == "2 boys"
    assert portuguese.untranslated == {"{n} boys"}


def test_a_context_tells_the_same_words_apart_and_is_not_printed():
    translations = {"weighting\x04Before": "Antes da ponderação", "Before": "Antes"}
    portuguese = Translator("pt", translations, PLAIN)
    assert portuguese.in_context("weighting", "Before") == "Antes da ponderação"
    assert portuguese("Before") == "Antes"
    assert portuguese.in_context("later", "Before") == "Before"
    assert portuguese.untranslated == {"Before"}
    assert build_english("regions").in_context("compared", "{Areas}") == "Regions"


def test_forms_and_contexts_of_a_catalogue_are_read(tmp_path):
    folder = tmp_path / "pt"
    (folder / "LC_MESSAGES").mkdir(parents=True)
    locale = Path(__file__).parents[3] / "workflow" / "templates" / "locale"
    for language in ("en", "pt"):
        settings = locale / language / "language.yml"
        (tmp_path / language).mkdir(exist_ok=True)
        (tmp_path / language / "language.yml").write_bytes(settings.read_bytes())
    (folder / "LC_MESSAGES" / "report.po").write_text(
        'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=3; plural=n==1 ? 0 : n==2 ? 1 : 2;\\n"\n\n'
        'msgid "{n} child"\nmsgid_plural "{n} children"\n'
        'msgstr[0] "um"\nmsgstr[1] "dois"\nmsgstr[2] "muitos"\n\n'
        'msgctxt "weighting"\nmsgid "Before"\nmsgstr "Antes da ponderação"\n',
        encoding="utf-8",
    )
    portuguese = translator.load_translator("pt", tmp_path)
    forms = [portuguese.plural("{n} child", "{n} children", n) for n in (1, 2, 3)]
    assert forms == ["um", "dois", "muitos"]
    assert portuguese.in_context("weighting", "Before") == "Antes da ponderação"


def test_a_label_with_braces_is_printed_as_it_stands():
    assert (
        build_english("regions").with_markup(MARKDOWN).translate_or_keep("{area} {x}")
        == r"\{area\} \{x\}"
    )


def test_no_message_of_the_comparison_calls_the_areas_countries(monkeypatch):
    """A finished sentence is never searched for words: each message has placeholders instead."""
    monkeypatch.setattr(extraction, "ENGLISH_ONLY", ())
    library = Path(translator.__file__).parent
    templates = Path(__file__).parents[3] / "workflow" / "templates"
    found = [
        (place, message)
        for place, message in (
            *extraction._extract_from_library(library, english=False),
            *extraction._extract_from_templates(templates, english=False),
        )
        if place.startswith(
            (
                "regional/",
                "databook/region",
                "figures/comparison/",
                "figures/evidence/regional_evidence.py",
                "brief/countries.py",
                "brief/picture_of_all.py",
                "brief/project",
                "site/pages.py",
            )
        )
        and BARE.search(message.text)
    ]
    assert found == []


def test_portuguese_names_countries_as_mozambique_does():
    """CLDR's plain "pt" is that of Brazil: Quênia and Vietnã."""
    portuguese = Translator("pt", {}, PLAIN, locale="pt_MZ")
    assert [portuguese.country(code) for code in ("KEN", "VNM")] == ["Quénia", "Vietname"]


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (512, "512"),
        (1_234, "1,200"),
        (238_900, "240,000"),
        (522_900, "520,000"),
        (995_000, "1 million"),
        (999_999, "1 million"),
        (4_170_200, "4.2 million"),
    ],
)
def test_a_large_number_has_two_digits_or_a_word(value, printed):
    """As numbers of children beside it: never "238.9 thousand"."""
    assert build_english("countries").compact(value) == printed


@pytest.mark.parametrize("language", ["km", "vi", "id", "th", "pt"])
def test_names_of_what_is_simulated_are_said_in_the_language_of_the_report(language):
    locale = Path(__file__).parents[3] / "workflow" / "templates" / "locale"
    said = translator.load_translator(language, locale)
    registered = dict.fromkeys(message for _, message in extraction.list_registered_messages())
    for name in (*SIMULATED_SERVICES.values(), *SIMULATED_SOURCES):
        assert name in registered
        assert said.translate_or_keep(name) != name


@pytest.mark.parametrize(
    ("language", "parts", "joined"),
    [
        ("th", ["262", "เพื่อทราบ"], "262 และเพื่อทราบ"),
        ("th", ["ทราบ", "2", "UNICEF"], "ทราบ 2 และ UNICEF"),
        ("th", ["ทราบ", "เด็ก"], "ทราบและเด็ก"),
        ("km", ["ក", "2019"], "ក និង 2019"),
        ("km", ["ក", "ខ"], "ក និង\u200bខ"),
        ("en", ["1", "2", "3"], "1, 2 and 3"),
        ("vi", ["1", "2"], "1 và 2"),
    ],
)
def test_a_number_stands_apart_from_the_and_of_a_language_without_spaces(language, parts, joined):
    locale = Path(__file__).parents[3] / "workflow" / "templates" / "locale"
    said = translator.load_translator(language, locale)
    assert said.enumeration(parts) == joined
    numbers = [add_address(part, "rows/1") if part.isdigit() else part for part in parts]
    assert strip_addresses(said.enumeration(numbers)) == joined
    cited_ones = [cite_number(part, "rows/1") if part.isdigit() else part for part in parts]
    assert remove_addresses(said.enumeration(cited_ones)) == joined


def test_silence_leaves_no_share_at_nought_of_which_somebody_said_yes() -> None:
    row = {"valid_share": "0.96", "estimate": "0.016", "ci_low": "0.0", "ci_high": "0.07"}
    known = read_silence(PublicRow(row))
    assert known
    assert known.describe_limits(build_english().with_markup(MARKDOWN), Markdown("95")).endswith(
        "the share is at most 7%, with 95 per cent confidence."
    )
    known = read_silence(PublicRow(row | {"ci_low": "0.01"}))
    assert known
    assert known.describe_limits(build_english().with_markup(MARKDOWN), Markdown("95")).endswith(
        "the range is no wider than 1% to 7%, with 95 per cent confidence."
    )
