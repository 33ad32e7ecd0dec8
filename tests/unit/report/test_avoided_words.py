"""Words to avoid: texts planted by hand are found in each language, and gaps are named."""

import re
import shutil
from pathlib import Path

import polib
import pytest
import yaml

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.language.avoided_words import FILE, read_avoided_words
from disrupting_harm.report.language.settings import CATALOGUE
from disrupting_harm.report.translations.catalogue import check_glossary, main
from disrupting_harm.report.translations.extraction import extract_messages

ROOT = Path(__file__).parents[3]
LOCALE = ROOT / "workflow" / "templates" / "locale"
CONFIG = ROOT / "config" / "config.yaml"
# Texts as somebody may write them, by reason and language; the patterns were not made of them.
PLANTED = {
    "suggests consent": {
        "en": "Reports of child pornography",
        "fil": "Mga kaso ng pornograpiya ng mga bata",
        "id": "Laporan tentang pornografi anak",
        "km": "រូបភាពអាសអាភាសកុមារត្រូវបានរកឃើញ",
        "pt": "Casos de pornografia infantil registados",
        "sw": "Visa vya ponografia ya watoto",
        "th": "มีสื่อลามกอนาจารเด็กในโทรศัพท์",
        "vi": "Tài liệu khiêu dâm trẻ em",
    },
    "sells nothing": {
        "en": "A child prostitute was found",
        "fil": "Prostitusyon ng mga bata sa lungsod",
        "id": "Kasus prostitusi anak",
        "km": "ករណីពេស្យាចារកុមារ",
        "pt": "A prostituição infantil no país",
        "sw": "Tatizo la ukahaba wa watoto mjini",
        "th": "ปัญหาโสเภณีเด็กในเมือง",
        "vi": "Nạn mại dâm trẻ em",
    },
    "no tourism": {
        "en": "the sex tourist",
        "fil": "Destinasyon ng sex tourism",
        "id": "Tujuan wisata seks",
        "km": "គោលដៅទេសចរណ៍ផ្លូវភេទ",
        "pt": "O turismo sexual nas praias",
        "sw": "Fukwe za utalii wa ngono",
        "th": "ธุรกิจเซ็กซ์ทัวร์ในประเทศ",
        "vi": "Điểm đến du lịch tình dục",
    },
    "label for life": {
        "en": "Young offenders did it",
        "fil": "Isang batang nagkasala",
        "id": "Pembinaan anak nakal",
        "km": "ការអប់រំជនល្មើសជាកុមារ",
        "pt": "O menor infrator foi ouvido",
        "sw": "Malezi ya watoto wahalifu",
        "th": "ศูนย์ฝึกเด็กผู้กระทำความผิด",
        "vi": "Giáo dục trẻ em phạm tội",
    },
    "diagnosis": {
        "en": "A paedophile wrote to them",
        "fil": "Isang pedopilya ang nahuli",
        "id": "Jaringan pedofilia",
        "km": "បណ្តាញភេដូហ្វីល",
        "pt": "Redes de pedofilia",
        "sw": "Mtandao wa pedofilia",
        "th": "เครือข่ายคนใคร่เด็ก",
        "vi": "Kẻ ấu dâm trên mạng",
    },
    "makes light": {
        "en": "Sextortion of boys",
        "fil": "Dumarami ang sextortion",
        "id": "Kasus sekstorsi meningkat",
        "km": "ករណី sextortion",
        "pt": "Vítimas de sextorsão",
        "sw": "Visa vya sextortion vimeongezeka",
        "th": "เหยื่อเซ็กซ์ทอร์ชัน",
        "vi": "Bị tống tiền bằng ảnh",
    },
    "blames": {
        "en": "Victims of revenge porn",
        "fil": "Biktima ng revenge porn",
        "id": "Korban pornografi balas dendam",
        "km": "រូបអាសអាភាសសងសឹក",
        "pt": "Pornografia de vingança",
        "sw": "Waathiriwa wa ponografia ya kisasi",
        "th": "ภาพโป๊แก้แค้นแฟนเก่า",
        "vi": "Ảnh khiêu dâm trả thù",
    },
    "no partner": {
        "en": "He had sex with a child",
        "fil": "Nakipagtalik sa isang bata",
        "id": "Persetubuhan dengan anak",
        "km": "រួមភេទជាមួយកុមារ",
        "pt": "Relações sexuais com menores",
        "sw": "Alifanya ngono na mtoto",
        "th": "มีเพศสัมพันธ์กับเด็ก",
        "vi": "Quan hệ tình dục với trẻ em",
    },
    "doubts": {
        "en": "Children who claimed that they were",
        "fil": "Inamin ng mga bata na",
        "id": "Anak yang mengaku dipaksa",
        "km": "កុមារដែលអះអាងថា",
        "pt": "As crianças alegaram que",
        "sw": "Watoto walikiri kwamba",
        "th": "เด็กที่อ้างว่าถูกบังคับ",
        "vi": "Trẻ em thừa nhận rằng",
    },
    "hides who acted": {
        "en": "A child was seduced",
        "fil": "Naakit ang bata online",
        "id": "Anak dirayu lewat gim",
        "km": "កុមារត្រូវបានល្បួងលួងលោម",
        "pt": "A sedução de menores",
        "sw": "Mtoto alitongozwa mtandaoni",
        "th": "เด็กถูกยั่วยวน",
        "vi": "Trẻ em bị quyến rũ",
    },
    "often a child": {
        "en": "The perpetrator was known",
        "fil": "Kilala ng bata ang salarin",
        "id": "Pelaku dikenal oleh anak",
        "km": "ជនប្រព្រឹត្តជាមនុស្សស្គាល់",
        "pt": "O agressor era conhecido",
        "sw": "Mhalifu alikuwa jirani",
        "th": "รู้จักผู้กระทำมาก่อน",
        "vi": "Thủ phạm là người quen",
    },
    "blunt": {
        "fil": "Hubad na larawan",
        "id": "Foto telanjang",
        "km": "រូបភាពអាក្រាត",
        "pt": "Fotografias de crianças nuas",
        "sw": "Picha ya uchi",
        "th": "ภาพเปลือยของเด็ก",
        "vi": "Ảnh khỏa thân",
    },
    "not opinions": {
        "en": "This opinion poll shows",
        "fil": "Isang survey ng opinyon",
        "id": "Jajak pendapat ini",
        "km": "ការស្ទង់មតិនេះ",
        "pt": "Esta sondagem mostra",
        "sw": "Kura ya maoni ya watoto",
        "th": "การสำรวจความคิดเห็นครั้งนี้",
        "vi": "Cuộc thăm dò ý kiến này",
    },
}
# Wording that a better one replaced.
REPLACED = {
    "km": "បញ្ហាផ្លូវភេទ",
    "pt": "Crianças em linha",
    "vi": "Bị lạm dụng tình dục",
}
# Sentences of earlier reports, as they were printed.
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


@pytest.fixture
def locale(tmp_path: Path) -> Path:
    return Path(shutil.copytree(LOCALE, tmp_path / "templates" / "locale"))


@pytest.mark.parametrize(
    ("reason", "language", "text"),
    [(reason, *planted) for reason, texts in PLANTED.items() for planted in texts.items()],
)
def test_a_planted_word_is_found_with_its_reason_unless_it_is_quoted(
    reason: str, language: str, text: str
) -> None:
    avoided = read_avoided_words(LOCALE)
    faults = list(avoided.find_faults(language, [text, "123"], ()))
    write = avoided.reasons[reason].languages[language].write
    assert any(f": write '{write}' ({reason}: " in fault for fault in faults), faults
    assert all(fault.endswith(f": {text}") for fault in faults)
    assert not list(avoided.find_faults(language, [text], {text}))


def test_words_are_found_over_breaks_without_width_and_in_capitals() -> None:
    avoided = read_avoided_words(LOCALE)
    for language, text in (("th", "สื่อลามก\u200bอนาจาร\u200bเด็ก"), ("pt", "PORNOGRAFIA INFANTIL")):
        (fault,) = avoided.find_faults(language, [text], ())
        assert "suggests consent" in fault


def test_each_reason_is_planted_in_each_language_that_has_words_for_it() -> None:
    content = yaml.safe_load((LOCALE / FILE).read_text("utf-8"))
    words = {
        (reason, language)
        for reason, entry in content["reasons"].items()
        for language, words in entry["languages"].items()
        if "words" in words and language in PLANTED["suggests consent"]
    }
    assert words == {(reason, language) for reason in PLANTED for language in PLANTED[reason]}
    assert len(PLANTED) == 13


@pytest.mark.parametrize(
    ("language", "text"), [*REPLACED.items(), *(("en", text) for text in RETIRED)]
)
def test_replaced_wording_that_is_back_is_a_fault(language: str, text: str) -> None:
    assert list(read_avoided_words(LOCALE).find_faults(language, [text], set()))


def test_words_planted_in_catalogues_fail_the_check(
    locale: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(LOCALE.parent, locale.parent, dirs_exist_ok=True)
    for language, text in PLANTED["no partner"].items():
        path = locale / language / CATALOGUE
        if language != "en":
            catalogue = polib.pofile(str(path), wrapwidth=100)
            next(entry for entry in catalogue if entry.msgid == "Companies").msgstr = text
            path.write_text(f"{catalogue}", encoding="utf-8")
    options = ["--templates", str(locale.parent), "--config", str(CONFIG)]
    assert main(["check", *options]) == 1
    faults = capsys.readouterr().err
    for language, text in PLANTED["no partner"].items():
        assert (f"{text}\n" in faults) == (language != "en")


def test_a_reason_without_words_of_a_language_is_named_and_no_fault(
    locale: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(LOCALE.parent, locale.parent, dirs_exist_ok=True)
    content = yaml.safe_load((locale / FILE).read_text("utf-8"))
    for reason in ("doubts", "blunt"):
        del content["reasons"][reason]["languages"]["vi"]
    (locale / FILE).write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    options = ["--templates", str(locale.parent), "--config", str(CONFIG)]
    assert main(["check", "vi", *options]) == 0
    (gap,) = re.findall("^open: .*", capsys.readouterr().out, re.MULTILINE)
    assert gap.endswith("has no words of 'vi' for blunt, doubts")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("{words: 'ped[oó]fil', ", "{words: 'ped[oó', ", "no regular expression"),
        (", write: 'inquérito'}", "}", "it has 'words' and 'write', or 'none'"),
        ("sources: [study]", "sources: [rumour]", "has the source 'rumour', which is not named"),
    ],
)
def test_a_faulty_list_is_refused_in_words(locale: Path, old: str, new: str, words: str) -> None:
    content = (locale / FILE).read_text("utf-8")
    assert old in content
    (locale / FILE).write_text(content.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(StudyError, match=words):
        read_avoided_words(locale)


def test_questions_of_the_instrument_may_keep_their_wording(locale: Path) -> None:
    codebook = yaml.safe_load((CONFIG.parent / "indicators.yaml").read_text("utf-8"))
    question = next(item["question"] for item in codebook["items"] if item.get("question"))
    path = locale / FILE
    rule = f"  en:\n    - {{words: '^{question[:12]}', write: other, reason: tried}}\n"
    path.write_text(path.read_text("utf-8").replace("  en:\n    -", f"{rule}    -"), "utf-8")
    messages = extract_messages(LOCALE.parent, ROOT / "src" / "disrupting_harm" / "report", CONFIG)
    assert check_glossary(messages, [], locale, CONFIG) == []
    (fault,) = check_glossary(messages, [question[:12]], locale, CONFIG)
    assert "write 'other' (tried)" in fault
