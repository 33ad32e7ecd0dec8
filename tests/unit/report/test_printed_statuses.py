"""What stands in place of an estimate: each status has words or a sign of its own."""

from pathlib import Path

import pytest

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.documents.estimate_tables import EstimateTables
from disrupting_harm.report.findings.country_sentences import CountrySentences
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.signs import format_without_number, legend, sign_of
from disrupting_harm.report.language.translator import MARKDOWN, build_english
from disrupting_harm.report.reading.country_results import Cell, Results
from disrupting_harm.study.codebook.codebook import load_codebook

CONFIG = Path(__file__).parents[3] / "config"
TEXT = build_english().with_markup(MARKDOWN)
STATUSES = {
    "not_asked": "not asked",
    "nobody_interviewed": "nobody interviewed",
    "suppress_reliability": "*",
    "suppress_disclosure": "c",
}


def cell(status, shown="", level="region_1"):
    return Cell("uses_daily", "region", level, None, None, None, None, shown, status)


@pytest.fixture(name="results")
def _results():
    cells = {("uses_daily", "region", "region_1"): cell("not_asked", "not asked")}
    quality = {"nobody_interviewed": {"region": ["region_6"]}, "confidence": 0.95,
               "interval": "korn_graubard"}  # fmt: skip
    return Results("KEN", cells, quality)


def test_every_status_is_printed_in_its_own_way():
    assert {s: str(format_without_number(TEXT, cell(s))) for s in STATUSES} == STATUSES


def test_no_legend_calls_them_hidden():
    cells = [cell("not_asked"), cell("nobody_interviewed")]
    assert [sign_of(each) for each in cells] == ["", ""]
    assert not any("not shown" in str(note) for note in legend(TEXT, cells, {}, coded=False))


def test_a_level_without_an_interview_keeps_its_place_where_it_is_asked_for(results):
    assert results.cell("uses_daily", "region", "region_6").status == "nobody_interviewed"
    with pytest.raises(StudyError, match="there is no row for uses_daily, region, region_5"):
        results.cell("uses_daily", "region", "region_5")
    assert results.levels("uses_daily", "region") == ["region_1"]


def test_sentences_and_tables_say_which(results):
    labels = Labels(load_codebook(CONFIG / "indicators.yaml"), TEXT)
    sentences = CountrySentences(TEXT, labels, results, {})
    nobody = sentences.say("uses_daily", "{share}", domain="region", level="region_6")
    assert str(nobody) == (
        "There is no estimate for “Use the internet daily (Invented region: Region F)”: nobody "
        "was interviewed there."
    )
    absent = sentences.say("uses_daily", "{share}", domain="region", level="region_1")
    assert str(absent).endswith("was not asked in this survey.")
    results.cells["uses_daily", "total", "all"] = cell("suppress_disclosure", "c")
    table = str(
        EstimateTables(TEXT, labels, results, sentences, "", "").format_groups(
            ["uses_daily"], ["region"], "x", "y"
        )
    )
    assert "| Invented region: Region A | not asked |" in table
    assert "Region F" not in table
