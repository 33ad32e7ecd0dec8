"""Published estimates beside those of a survey: one measure to an item, what is simulated named."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from evidence_results import write_evidence
from public_results import AREA, write_public
from rendering_sample import SETTINGS
from test_documents import FINDINGS, HIDDEN, ROOT, TEMPLATES, national, tables

from disrupting_harm.report.documents.country_report import write_source
from disrupting_harm.report.documents.databook.evidence_sheets import EvidenceSheets
from disrupting_harm.report.findings.load import load_findings
from disrupting_harm.report.language.markdown import remove_addresses, unescape
from disrupting_harm.report.language.translator import MARKDOWN, build_english
from disrupting_harm.report.reading.country_results import read_results
from disrupting_harm.report.reading.evidence_rows import read_evidence
from disrupting_harm.report.rendering import lint
from disrupting_harm.study.codebook.codebook import load_codebook
from disrupting_harm.study.configuration.config import load_configuration
from disrupting_harm.study.countries import Country
from disrupting_harm.study.study import NO_SURVEY

SECTION = "What other studies have published"
REPORTS = {
    "measure": "of_reports", "measure_label": "Clear examples", "indicator": "clear_examples",
    "estimate": 11.0,
}  # fmt: skip
PAPER = {
    "measure": "of_paper", "measure_label": "Any form", "indicator": "any_tf_csea",
    "study": "A paper", "year": 2020, "year_end": 2021, "estimate": 33.3, "ci_low": 30.0,
    "ci_high": 36.7, "limits": "uncertainty", "persons": 1014,
}  # fmt: skip
OF_ALL = {
    **PAPER, "measure": "of_all", "measure_label": "Any form, of all children",
    "estimate": 22.2, "ci_low": 20.0, "ci_high": 24.4, "comparable": "no",
    "reason": "Other people.",
}  # fmt: skip
Fill = Callable[..., str]


@pytest.fixture
def fill(tmp_path: Path) -> Fill:
    """Return the report of a country whose study has rows on other studies, or no such file."""

    def filled(
        *rows: dict[str, Any],
        survey: bool = True,
        cells: Any = (),
        simulated: bool = True,
        language: str = "en",
    ) -> str:
        public = tmp_path / "public"
        shutil.rmtree(public, ignore_errors=True)
        config = load_configuration(ROOT / "config" / "config.yaml")
        codebook = load_codebook(ROOT / "config" / "indicators.yaml")
        write_public(public, codebook, list(cells), language)
        (public / "evidence" / "cybertips.csv").unlink()
        if rows:
            write_evidence(public, {"known_studies": rows})
        study = config.study.model_copy(update={"simulated": simulated})
        changes: dict[str, Any] = {"study": study} | ({} if survey else {"codebook": None})
        source = write_source(
            Country.model_validate(AREA),
            config.model_copy(update=changes),
            codebook if survey else NO_SURVEY,
            read_results("KHM", public, has_survey=survey),
            language,
            figures=public / "figures" / "KHM" / language,
            templates=TEMPLATES,
            folder=tmp_path / "report",
            findings=load_findings(FINDINGS, codebook) if survey else None,
        )
        text = source.read_text(encoding="utf-8")
        assert lint(text, SETTINGS) == []
        return unescape(remove_addresses(text))

    return filled


def section(text: str) -> str:
    """Return what stands below the heading of the section."""
    return text.partition("{#sec-known-studies")[2].partition("\n##")[0]


def known(text: str) -> list[str]:
    """Return the items of the list, one of each measure."""
    return re.findall(r"^- (.*)$", section(text), re.MULTILINE)


@pytest.mark.parametrize("simulated", [True, False])
def test_a_study_without_the_table_prints_nothing_of_it(fill: Fill, simulated: bool) -> None:
    text = fill(simulated=simulated)
    assert SECTION not in text
    assert "known" not in "".join(tables(text))
    assert "This survey" not in text


def test_two_measures_never_share_an_item(fill: Fill) -> None:
    reports, paper = known(fill(REPORTS, PAPER))
    assert "11 per cent; no limits published" in reports
    assert "33.3 per cent (uncertainty 30 to 36.7)" in paper
    assert "33.3" not in reports
    assert "11 per" not in paper
    assert reports.startswith("**Clear examples**:")
    assert paper.startswith("**Any form**:")


def test_the_survey_stands_first_in_the_item_of_its_indicator(fill: Fill) -> None:
    text = fill(REPORTS, {**REPORTS, "study": "Another", "estimate": 5.0}, simulated=False)
    (item,) = known(text)
    assert re.match(r"\*\*Clear examples\*\*: This survey: \d+%", item)
    assert "simulated" not in section(text)
    # In the order of the public table, not of size.
    assert item.index("This survey") < item.index("A survey,") < item.index("Another, ")
    assert "internet users, aged 12 to 17" in item
    assert "Can it be compared? partly: Asked in another way." in item


def test_years_persons_source_and_page_are_told(fill: Fill) -> None:
    text = fill(PAPER, simulated=False)
    (item,) = known(text)
    assert "A paper, fieldwork 2020–2021 [1]" in item
    assert "n 1,014" in item
    assert "1. An institute, A survey, 2020. <https://example.org/report>" in text


def test_a_translation_lists_each_source_once_and_by_the_same_number(fill: Fill) -> None:
    shipped = {**PAPER, "source": "ECPAT, INTERPOL and UNICEF, Disrupting Harm in Cambodia, 2022"}
    text = fill(shipped, language="km", simulated=False)
    (item,) = known(text)
    assert "2020–2021 [1]" in item
    assert text.count("<https://example.org/report>") == 1


def test_simulated_estimates_say_so_in_their_item_and_above_it(fill: Fill) -> None:
    text = fill(REPORTS, PAPER)
    for item in known(text):
        assert "This survey (simulated):" in item
        assert item.count("simulated") == 1
    above = section(text).split("\n- ")[0]
    assert "The numbers of this survey are simulated" in above
    assert "those of the other studies are real" in above
    assert "Nothing follows" in above


def test_an_estimate_that_cannot_be_compared_is_in_the_data_book_alone(fill: Fill) -> None:
    assert SECTION not in fill(OF_ALL)
    text = fill(REPORTS, OF_ALL)
    assert len(known(text)) == 1
    assert "22.2" not in text
    assert "Estimates of more measures are in the data book." in text


def test_a_hidden_estimate_is_said_to_be_hidden(fill: Fill) -> None:
    (item,) = known(fill(REPORTS, cells=national(HIDDEN, "clear_examples")))
    assert re.search(r"This survey \(simulated\): .*(not shown|could make)", item)


def test_measures_beside_no_headline_are_in_the_data_book_alone(fill: Fill, tmp_path: Path) -> None:
    item = {**REPORTS, "measure": "shared", "indicator": "images_shared", "estimate": 9.0}
    text = fill(item)
    assert SECTION not in text
    assert "Estimates of more measures are in the data book." in fill(REPORTS, item)
    evidence = read_evidence([tmp_path / "public" / "evidence" / "known_studies.csv"])
    sheets = EvidenceSheets(build_english().with_markup(MARKDOWN), evidence, "").sheets()
    (sheet,) = sheets
    assert sheet.name == "Other studies"
    assert len(sheet.rows) == 2


def test_a_study_without_a_survey_prints_the_published_ones_alone(fill: Fill) -> None:
    text = fill(REPORTS, {**REPORTS, "measure": "shared", "indicator": ""}, survey=False)
    assert len(known(text)) == 2
    assert "This survey" not in text


@pytest.mark.parametrize("word", ["because", "due to", "caused", "more than", "highest", "rank"])
def test_nothing_explains_or_ranks(fill: Fill, word: str) -> None:
    assert word not in section(fill(REPORTS, PAPER, OF_ALL)).casefold()
