"""Fixed terms and words to avoid: faults made by hand are found, and the catalogues have none."""

import re
import shutil
from pathlib import Path

import pytest

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.language.glossary import (
    FILE,
    Avoided,
    Glossary,
    find_faults_of_terms,
    find_faults_of_words,
    read_glossary,
)
from disrupting_harm.report.language.settings import CATALOGUE, read_languages
from disrupting_harm.report.translations.catalogue import check_glossary
from disrupting_harm.report.translations.extraction import extract_english_only, extract_messages
from disrupting_harm.study.configuration.section import read_yaml

ROOT = Path(__file__).parents[3]
TEMPLATES = ROOT / "workflow" / "templates"
CONFIG = ROOT / "config" / "config.yaml"
ENGLISH = Glossary(terms={"helpline": ("helpline", "helplines"), "abuse": ("abuse",)})
THAI = Glossary(
    terms={"helpline": ("สายด่วนช่วยเหลือ",), "abuse": ("ล่วงละเมิด", "ทารุณ")},
    avoid=(Avoided(words="สื่อลามก(?:อนาจาร)?เด็ก", write="สื่อล่วงละเมิดทางเพศเด็ก", reason="consent"),),
)


def terms(**translations: str) -> list[str]:
    """Faults of translations whose messages are written with low lines."""
    said = {message.replace("_", " "): said for message, said in translations.items()}
    return list(find_faults_of_terms(ENGLISH, THAI, said.items()))


def test_a_term_said_in_another_way_is_a_fault() -> None:
    assert terms(Call_a_helpline="โทรสายด่วน") == [
        "'helpline' is not said as สายด่วนช่วยเหลือ: Call a helpline"
    ]
    assert terms(Abuse="อื่น") == ["'abuse' is not said as ล่วงละเมิด or ทารุณ: Abuse"]


def test_one_of_several_forms_is_enough_and_breaks_without_width_do_not_count() -> None:
    assert terms(Helplines="โทรสายด่วน\u200bช่วยเหลือ", abuse="การทารุณ") == []


def test_a_term_is_a_whole_word_and_no_placeholder() -> None:
    said = {"Abusefree {helpline} self-abuse": "อื่น", "Helpline": ""}
    assert list(find_faults_of_terms(ENGLISH, THAI, said.items())) == []


def test_a_word_to_avoid_is_a_fault_with_what_to_write_unless_it_is_quoted() -> None:
    text = "มีสื่อลามกอนาจารเด็ก"
    (fault,) = find_faults_of_words(THAI, [text, "อื่น"], ())
    assert fault.startswith("'สื่อลามกอนาจารเด็ก': write 'สื่อล่วงละเมิดทางเพศเด็ก' (consent)")
    assert list(find_faults_of_words(THAI, [text], {text})) == []


@pytest.mark.parametrize(
    "text",
    [
        "Child pornography was found.",
        "A child prostitute",
        "the sex tourist",
        "Young offenders did it.",
        "Children who claimed that they were",
        "had sex with a child",
        "Sextortion of boys",
    ],
)
def test_terms_that_the_field_left_behind_are_refused_in_english(text: str) -> None:
    english = read_glossary(TEMPLATES / "locale", "en")
    assert english is not None
    assert len(list(find_faults_of_words(english, [text], ()))) == 1


@pytest.mark.parametrize("language", sorted(read_languages(TEMPLATES / "locale")))
def test_each_language_has_its_terms_and_other_languages_call_them_drafts(language: str) -> None:
    assert read_glossary(TEMPLATES / "locale", language) is not None
    head = (TEMPLATES / "locale" / language / FILE).read_text(encoding="utf-8").split("terms:")[0]
    assert language == "en" or "No native speaker" in head


def test_a_file_with_other_terms_than_the_english_one_is_refused(tmp_path: Path) -> None:
    for language, known in (("en", "abuse: [abuse]"), ("sw", "helpline: [x]")):
        (tmp_path / language).mkdir()
        (tmp_path / language / FILE).write_text(f"terms:\n  {known}\n", encoding="utf-8")
    with pytest.raises(StudyError, match=r"term 'abuse'.*it is missing"):
        read_glossary(tmp_path, "sw")
    assert read_glossary(tmp_path, "km") is None


def checked(locale: Path, *more: str) -> list[str]:
    messages = extract_messages(TEMPLATES, ROOT / "src" / "disrupting_harm" / "report", CONFIG)
    others = extract_english_only(TEMPLATES, ROOT / "src" / "disrupting_harm" / "report")
    return check_glossary(messages, [*others, *more], locale, CONFIG)


def test_the_texts_and_catalogues_of_this_repository_keep_to_the_terms() -> None:
    assert checked(TEMPLATES / "locale") == []


def test_a_faulty_catalogue_and_a_faulty_english_text_are_named(tmp_path: Path) -> None:
    locale = Path(shutil.copytree(TEMPLATES / "locale", tmp_path / "locale"))
    path = locale / "id" / CATALOGUE
    said = path.read_text(encoding="utf-8")
    assert "petugas lini depan" in said
    path.write_text(said.replace("petugas lini depan", "pekerja"), encoding="utf-8")
    english, indonesian = checked(locale, "Reports of child pornography")
    assert re.search(r"messages in English.*write 'child sexual abuse mat", english)
    assert "'frontline worker' is not said as petugas lini depan" in indonesian


def test_questions_of_the_instrument_may_keep_their_wording(tmp_path: Path) -> None:
    codebook = read_yaml(CONFIG.parent / "indicators.yaml")
    question = next(item["question"] for item in codebook["items"] if item.get("question"))
    locale = Path(shutil.copytree(TEMPLATES / "locale", tmp_path / "locale"))
    path = locale / "en" / FILE
    rule = f"  - {{words: '^{question[:12]}', write: other, reason: tried}}\n"
    path.write_text(path.read_text(encoding="utf-8") + rule, encoding="utf-8")
    assert checked(locale) == []
    (fault,) = checked(locale, question[:12])
    assert "write 'other'" in fault


# Sentences of earlier reports, as they were printed; the list of words was not made of them.
RETIRED = (
    "What is told here was done by others. Children say only what they choose to say.",
    "Protection has to work without taking away what children gain online.",
    "Reports and records count what reached somebody.",
    "What is in place on paper has to reach a child who speaks.",
    "Only the children affected were asked; fewer answers make wider intervals.",
    "These are opinions; what a child would do may differ.",
    "Where two lines overlap, the survey may not tell the groups apart.",
    "Girls and boys: no clear difference in the clear examples",
    "A difference of up to {points} points would fit the answers as well.",
    "Of {respondents} whose caregiver answered, {every} have one who thinks so, too; of those who "
    "think so themselves, {share}: the survey shows no clear link.",
    "{missing} said yes to none of its questions, and left at least one open.",
    "{missing} gave no valid answer.",
    "Not shown, because too uncertain: {names}.",
    "Not shown, to protect those who answered: {names}.",
    "Numbers may be too low: silence can hide some of what happened.",
    "In the past year, {clear_examples} said that they were subjected to at least one of four "
    "clear examples.",
    "With a wider indicator, it is about {x} in 100 children",
    "So far, {received_safety_information} have received information on how to stay safe online, "
    "and {received_sex_education} sex education.",
    "Strengthen first what may be weakest.",
    "Put in place what the review of law and policy found missing.",
)


@pytest.mark.parametrize("message", RETIRED)
def test_a_retired_sentence_that_is_back_in_the_catalogue_is_a_fault(message: str) -> None:
    english = read_glossary(TEMPLATES / "locale", "en")
    assert english is not None
    assert list(find_faults_of_words(english, [message], set()))
