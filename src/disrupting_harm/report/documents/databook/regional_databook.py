"""The data book of all countries together: the comparison as a workbook, on demand on paper."""

from collections.abc import Sequence
from pathlib import Path

from disrupting_harm.comparison import NEEDS
from disrupting_harm.provenance.primary_keys import ESTIMATES
from disrupting_harm.report.documents.databook.country import (
    FILE_NAME,
    create_opening_sheets,
    print_databook,
)
from disrupting_harm.report.documents.databook.evidence_sheets import EvidenceSheets
from disrupting_harm.report.documents.databook.indicator_sheet import (
    create_indicator_sheet,
    describe_indicators,
)
from disrupting_harm.report.documents.databook.regional_needs import create_needs_sheet
from disrupting_harm.report.documents.databook.regional_sheets import ComparisonSheets
from disrupting_harm.report.documents.databook.workbook import (
    EVIDENCE_TAB,
    SURVEY_TAB,
    Properties,
    color_tabs,
    plain_text,
    write_workbook,
)
from disrupting_harm.report.documents.regional.report import LANGUAGE, compose_regional
from disrupting_harm.report.documents.templates import fill_template
from disrupting_harm.report.findings.recommendations import Recommendations
from disrupting_harm.report.findings.references import References
from disrupting_harm.report.language.comparison_text import ComparisonFormatter
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.translator import MARKDOWN, build_english
from disrupting_harm.report.reading.comparison_results import (
    read_national_rows,
    read_regional,
)
from disrupting_harm.report.reading.evidence_rows import Evidence, read_evidence
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.report.rendering import RenderRecord
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.countries import Country

TEMPLATE = "databook/region.qmd.j2"
ABOUT = "databook/region_about.qmd.j2"
FIRST, METHODS = "databook/region_first.qmd.j2", "databook/region_methods.qmd.j2"


def write_regional_databook(
    countries: Sequence[Country],
    config: Configuration,
    codebook: Codebook,
    *,
    public: Path,
    templates: Path,
    folder: Path,
    pdf: bool,
    recommendations: Recommendations | None = None,
) -> RenderRecord | None:
    """Write the data book of the comparison into ``folder/en/``.

    Args:
        countries: rows of the countries file.
        public: the public results, of which the tables of ``comparison/`` are read, and those of
            ``evidence/`` on law.
        templates: the folder of templates, styles and language files.
        folder: where the book goes.
        pdf: whether the book is made on paper, too, with its source.
        recommendations: the study's actions, which name the rows of ``needs.csv``.

    Returns:
        The record of the renderer; None without a PDF.

    Raises:
        StudyError: if an input is missing or the document would be faulty.
    """
    results = read_regional(public, config.publication.disclosure.coded)
    plain_translator = build_english(config.study.areas, config.study.respondents)
    translator = plain_translator.with_markup(MARKDOWN)
    report_values, _ = compose_regional(
        countries,
        config,
        codebook,
        plain_translator,
        results,
        Evidence(),
        {},
        References(),
        recommendations=recommendations,
    )
    template_values = report_values | {"title": translator("Data book: the {areas} compared")}
    mark = translator("Simulated data: not for citation") if config.study.simulated else ""
    country_names = {row.country: translator.country(row.country, row.name) for row in countries}
    labels, population = Labels(codebook, translator), translator.of_study(config.study.population)
    wording = ComparisonFormatter(translator, labels, results, country_names)
    facts = describe_indicators(translator, labels, codebook, population)
    comparison_sheets, compared = ComparisonSheets(wording, population, mark), results.indicators()
    others = _read_other_estimates(public, [name for name in facts if name not in compared])
    listed = {*compared, *(row["indicator"] for row in others)}
    sheets = [create_indicator_sheet(translator, facts, mark, listed)] if listed else []
    sheets += comparison_sheets.sheets()
    sheets += [comparison_sheets.create_estimates_sheet(others)] if others else []
    sheets += create_needs_sheet(wording, results.rows(NEEDS), recommendations, mark)
    evidence = read_evidence(sorted((public / "evidence").glob("*.csv")))
    law_sheets = EvidenceSheets(translator, evidence, mark).law_sheets(wording.country)
    sheets = [*color_tabs(sheets, SURVEY_TAB), *color_tabs(law_sheets, EVIDENCE_TAB)]
    opening = create_opening_sheets(translator, templates, (ABOUT, FIRST, METHODS), template_values)
    properties = Properties(
        title=plain_text(template_values["title"]),
        subject=plain_text(mark or translator.of_study(config.study.title)),
        creator=plain_text(translator.enumeration(config.study.organisations)),
        language=LANGUAGE,
        date=config.study.date,
        contents=plain_text(translator("Sheets")),
    )
    write_workbook(folder / LANGUAGE / f"{FILE_NAME}.xlsx", properties, [*opening, *sheets])
    if not pdf:
        return None
    source_text = fill_template(templates, TEMPLATE, template_values)
    return print_databook(
        source_text, folder / LANGUAGE, config, LANGUAGE, "data book of the comparison"
    )


def _read_other_estimates(public: Path, indicators: Sequence[str]) -> list[PublicRow]:
    """Return the estimates of whole countries, in the order of the indicators."""
    rows_by_indicator: dict[str, list[PublicRow]] = {name: [] for name in indicators}
    for row in read_national_rows(public / f"{ESTIMATES}.csv"):
        rows_by_indicator.get(row["indicator"], []).append(row)
    return [row for rows in rows_by_indicator.values() for row in rows]
