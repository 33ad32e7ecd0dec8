"""The plain survey report, for studies with other questions."""

import re

import pytest
from public_results import QUALITY, row, shown, write_public
from rendering_sample import SETTINGS
from test_documents import ROOT, TEMPLATES, tables

from disrupting_harm.core.files import write_json
from disrupting_harm.report.documents.country_report import write_source
from disrupting_harm.report.language.markdown import remove_addresses
from disrupting_harm.report.reading.country_results import read_results
from disrupting_harm.report.rendering import lint
from disrupting_harm.study.study import load_study

CONFIG = ROOT / "config" / "examples" / "nhanes2" / "config.yaml"


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the report of one region of a study without simulation, rates or margins."""
    folder = tmp_path_factory.mktemp("survey")
    study = load_study(CONFIG)
    changes = [row("diabetes", "total", "all", **shown(0.048, 0.04, 0.057, 2086))]
    write_public(folder / "public", study.codebook, changes, "en", country="NE")
    item_nonresponse = {"median": 0.0, "highest": 0.0, "highest_indicator": None}
    quality = QUALITY | {
        "response_rates": None,
        "margins": [],
        "dropped_rows": [],
        "item_nonresponse": item_nonresponse,
    }
    write_json(folder / "public" / "countries" / "NE" / "quality.json", quality)
    source = write_source(
        study.countries["NE"],
        study.config,
        study.codebook,
        read_results("NE", folder / "public"),
        "en",
        figures=folder / "public" / "figures" / "NE" / "en",
        templates=TEMPLATES,
        folder=folder / "report",
    )
    return remove_addresses(source.read_text(encoding="utf-8"))


def test_there_is_one_section_per_module(text: str) -> None:
    assert lint(text, SETTINGS) == []
    headings = re.findall(r"^## (.*?) \{#", text, re.MULTILINE)
    assert headings[:4] == ["Summary", "Methods", "Examination findings", "Laboratory findings"]
    assert headings[-3:] == ["Annex: data quality", "References", "About this document"]


def test_its_words_suit_any_population(text: str) -> None:
    assert not re.search("child|OCSEA|abuse|helpline|simulat", text, re.IGNORECASE)


def test_the_summary_speaks_of_the_studys_own_population(text: str) -> None:
    assert (
        "- Diabetes: 4.8 per cent (95 per cent interval 4.0 to 5.7) of adults aged 20-74." in text
    )
    # One region of a country is not that country.
    assert "This report covers Northeast: all estimates speak of adults aged 20-74 there." in text
    assert "adults of the United States" not in text
    assert "second National Health and Nutrition Examination Survey, 1976-1980" in text


def test_means_get_a_table_of_their_own(text: str) -> None:
    found = tables(text)
    assert "| Per cent |" in found["tbl-laboratory"]
    assert "zinc" not in found["tbl-laboratory"]
    assert "| Estimate |" in found["tbl-laboratory-2"]
    assert "| 3.20 | 3.00 to 3.40 |" in found["tbl-laboratory-2"]


def test_each_measure_is_defined_and_a_part_of_the_sample_is_named(text: str) -> None:
    section = text.partition("## Laboratory findings")[2].partition("\n## ")[0]
    assert "- High lead in blood: From a blood test" in section
    assert "about half of the sample was tested (4,942 of 10,337" in section
    assert "- High blood pressure: Found at the examination" in text


def test_what_the_data_cannot_say_is_said(text: str) -> None:
    # The file holds those who took part: not all of a sample that answered in full.
    assert "of which 992 are interviews" not in text
    assert "The data hold 992 persons who took part" in text
    assert "Response rates cannot be computed" in text
    assert "The weights are those that came with the data." in text


def test_the_text_does_not_know_who_renders_it(text: str) -> None:
    assert "Rendered by: []{.rendered-by}." in text
    assert "pandoc" not in text.lower()
    assert "quarto" not in text.lower()
