"""Fixed terms: faults made by hand are found, and the catalogues have none."""

import re
import shutil
from pathlib import Path

import pytest

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.language.glossary import (
    FILE,
    Glossary,
    find_faults_of_terms,
    read_glossary,
)
from disrupting_harm.report.language.settings import CATALOGUE, read_languages
from disrupting_harm.report.translations.catalogue import check_glossary
from disrupting_harm.report.translations.extraction import extract_english_only, extract_messages

ROOT = Path(__file__).parents[3]
TEMPLATES = ROOT / "workflow" / "templates"
CONFIG = ROOT / "config" / "config.yaml"
ENGLISH = Glossary(terms={"helpline": ("helpline", "helplines"), "abuse": ("abuse",)})
THAI = Glossary(terms={"helpline": ("สายด่วนช่วยเหลือ",), "abuse": ("ล่วงละเมิด", "ทารุณ")})


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
