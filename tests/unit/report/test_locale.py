"""The locale of a language: numbers, dates, lists and names by hand from the Unicode CLDR."""

import datetime
import re
import shutil
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import docx
import pypdf
import pytest
from docx.oxml.ns import qn
from rendering_sample import sample_folder

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.checks.documents import build_date_expression
from disrupting_harm.report.language.settings import FILE, read_language
from disrupting_harm.report.language.translator import load_translator
from disrupting_harm.report.rendering import render

LOCALE = Path(__file__).parents[3] / "workflow" / "templates" / "locale"
# tag, 300 000.5, 4.2 million, the 5th of March 2026, "1, 2, 3", Kenya, Mozambique, Viet Nam
PRINTED = {
    "en": (
        *("en-GB", "300,000.5", "4.2 million", "5 March 2026", "a, b and c"),
        *("Kenya", "Mozambique", "Viet Nam"),
    ),
    "id": (
        *("id", "300.000,5", "4,2 juta", "5 Maret 2026", "a, b, dan c"),
        *("Kenya", "Mozambik", "Vietnam"),
    ),
    "km": (
        *("km", "300,000.5", "4.2 លាន", "ថ្ងៃទី 5 ខែមីនា ឆ្នាំ 2026", "a, b និង c"),
        *("កេនយ៉ា", "ម៉ូសំប៊ិក", "វៀតណាម"),
    ),
    "pt": (
        *("pt-MZ", "300\u00a0000,5", "4,2 milhões", "5 de março de 2026", "a, b e c"),
        *("Quénia", "Moçambique", "Vietname"),
    ),
    "th": (
        *("th", "300,000.5", "4.2 ล้าน", "5 มีนาคม ค.ศ. 2026", "a b และ c"),
        *("เคนยา", "โมซัมบิก", "เวียดนาม"),
    ),
    "vi": (
        *("vi", "300.000,5", "4,2 triệu", "ngày 05 tháng 3 năm 2026", "a, b và c"),
        *("Kenya", "Mozambique", "Việt Nam"),
    ),
}
# In English countries have the names that the study gives them.
STUDY_NAMES = {"KEN": "Kenya", "MOZ": "Mozambique", "VNM": "Viet Nam"}
DAY = datetime.date(2026, 3, 5)


@pytest.mark.parametrize(("language", "printed"), PRINTED.items())
def test_numbers_dates_lists_and_countries_are_those_of_the_locale(
    language: str, printed: tuple[str, ...]
) -> None:
    translator = load_translator(language, LOCALE)
    assert printed == (
        translator.tag,
        translator.number(300_000.5, 1),
        translator.compact(4_200_000),
        translator.date(DAY),
        translator.enumeration(["a", "b", "c"]),
        *(translator.country(code, name) for code, name in STUDY_NAMES.items()),
    )


@pytest.mark.parametrize(("language", "printed"), PRINTED.items())
def test_a_date_is_known_as_one_with_its_year_or_without(
    language: str, printed: tuple[str, ...]
) -> None:
    date = build_date_expression(load_translator(language, LOCALE))
    day_to_year = re.search(r"\d.*\d", printed[3])
    assert day_to_year is not None
    for text in (day_to_year[0], f"– {printed[3]}."):
        assert re.search(r"\d", date.sub("", text)) is None, text
    assert date.search("2026") is None
    assert date.search("17 (5–28)") is None


@pytest.mark.parametrize(
    ("lines", "finding"),
    [
        ("locale: pt_XX", "no locale 'pt_XX'"),
        ("locale: none of these", "no locale 'none of these'"),
        ("date: \"d 'de' MMMM\"", r"day \(d\), month \(M or MMMM\) and year \(y\)"),
    ],
)
def test_a_locale_or_date_that_nobody_knows_is_refused(
    tmp_path: Path, lines: str, finding: str
) -> None:
    folder = Path(shutil.copytree(LOCALE, tmp_path / "locale"))
    path = folder / "id" / FILE
    path.write_text(f"{lines}\n{path.read_text('utf-8')}", encoding="utf-8")
    with pytest.raises(StudyError, match=finding):
        read_language(folder, "id")


@pytest.mark.parametrize(("language", "tag"), [("pt", "pt-MZ"), ("en", "en-GB"), ("km", "km")])
def test_documents_name_language_and_country(tmp_path: Path, language: str, tag: str) -> None:
    """In each format, as other programs read them: the page, the PDF, and Word."""
    qmd = sample_folder(tmp_path / "folder")
    qmd.write_text(qmd.read_text("utf-8").replace("lang: en", f"lang: {language}"), "utf-8")
    files = render(qmd, renderer="embedded").files
    assert f'<html lang="{tag}"' in files["html"].read_text("utf-8")
    assert pypdf.PdfReader(files["pdf"]).trailer["/Root"]["/Lang"] == tag
    (run_language,) = docx.Document(str(files["docx"])).styles.element.iter(qn("w:lang"))
    assert {run_language.get(qn(f"w:{key}")) for key in ("val", "eastAsia", "bidi")} == {tag}
    # Which document a Word file is of is still told by the code of the language's folder.
    with zipfile.ZipFile(files["docx"]) as package:
        properties = ElementTree.fromstring(package.read("docProps/custom.xml"))
    assert language in [text.strip() for text in properties.itertext()]
