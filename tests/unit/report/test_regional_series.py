"""Composites of two series never share a table of averages."""

from pathlib import Path

import pytest

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.documents.regional.tables import RegionalTables
from disrupting_harm.report.findings.load import load_findings
from disrupting_harm.report.language.comparison_text import ComparisonFormatter
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import MARKDOWN, build_english
from disrupting_harm.report.reading.comparison_results import RegionalResults
from disrupting_harm.study.codebook.codebook import load_codebook

CONFIG = Path(__file__).parents[3] / "config"
CODEBOOK = load_codebook(Path(__file__).parents[3] / "config" / "indicators.yaml")


def test_two_series_in_one_table_are_refused():
    translator = build_english("countries").with_markup(MARKDOWN)
    wording = ComparisonFormatter(translator, Labels(CODEBOOK, translator), RegionalResults({}), {})
    tables = RegionalTables(wording, Markdown("95"), "", "")
    assert tables.pooled(["clear_examples", "uses_daily"], "tbl-x") == ""
    with pytest.raises(StudyError, match="report_composite and wider_composite side by side"):
        tables.pooled(["clear_examples", "any_tf_csea"], "tbl-x")


def test_the_study_has_words_for_the_main_indicator_and_its_groups():
    region = load_findings(CONFIG / "findings.yaml", CODEBOOK).region
    assert region is not None
    assert CODEBOOK.indicator(region.indicator).headline
    assert region.gaps["sex"] == "Do more girls than boys say that they were abused?"
    assert set(region.gaps) == {"sex", "age_band"}
