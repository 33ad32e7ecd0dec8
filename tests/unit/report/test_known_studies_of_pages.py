"""Other studies on the page of a country: their numbers, addressed, and no link out of the site."""

from pathlib import Path

import pytest
from evidence_results import write_evidence
from public_results import write_public
from test_studies_beside import OF_ALL, PAPER, REPORTS, ROOT

from disrupting_harm.report.language.addressed_text import split_addresses
from disrupting_harm.report.language.translator import Translator, build_english, load_translator
from disrupting_harm.report.reading.country_results import read_results
from disrupting_harm.report.web.site.other_studies import OtherStudies, read_other_studies
from disrupting_harm.study.codebook.codebook import load_codebook

LOCALE = ROOT / "workflow" / "templates" / "locale"


def read_studies(folder: Path, *rows: object, language: str = "en") -> OtherStudies | None:
    codebook = load_codebook(ROOT / "config" / "indicators.yaml")
    write_public(folder, codebook, [], language)
    if rows:
        write_evidence(folder, {"known_studies": rows})
    results = read_results("KHM", folder, has_survey=True)
    translator: Translator[str] = (
        build_english() if language == "en" else load_translator(language, LOCALE)
    )
    return read_other_studies(results, codebook, translator, simulated=True)


def test_each_measure_is_one_text_with_the_numbers_of_the_public_table(tmp_path: Path) -> None:
    studies = read_studies(tmp_path, REPORTS, PAPER, OF_ALL)
    assert studies is not None
    assert studies.beside_simulated
    # What cannot be compared is in the data book alone.
    assert studies.some_in_databook
    reports, paper = map(split_addresses, studies.measures)
    assert reports[0].startswith("Clear examples: This survey (simulated): ")
    assert "11 per cent; no limits published" in reports[0]
    assert "(An institute, A survey, 2020)" in paper[0]
    printed = {number.printed: number.address for number in paper[1]}
    assert {"33.3", "30", "36.7", "1,014"} <= printed.keys()
    assert all("/known_studies/of_paper/" in printed[text] for text in ("33.3", "30", "36.7"))
    for text, _ in (reports, paper):
        assert "http" not in text
        assert "**" not in text


@pytest.mark.parametrize("language", ["pt", "km"])
def test_other_languages_have_the_same_numbers(tmp_path: Path, language: str) -> None:
    english, other = (read_studies(tmp_path / tag, PAPER, language=tag) for tag in ("en", language))
    assert english is not None
    assert other is not None
    addresses = [
        [number.address for number in split_addresses(studies.measures[0])[1]]
        for studies in (english, other)
    ]
    assert sorted(addresses[0]) == sorted(addresses[1])


def test_a_country_without_such_a_study_has_no_part_on_them(tmp_path: Path) -> None:
    assert read_studies(tmp_path) is None
