"""The brief of one country in all its languages: pictures, one code-free source, its documents."""

from collections.abc import Sequence
from pathlib import Path

from disrupting_harm.report.documents.brief.country_comparison import (
    ComparisonOfCountry,
    read_comparison_of_country,
)
from disrupting_harm.report.documents.brief.country_text import compose_brief
from disrupting_harm.report.documents.brief.quarto_source import (
    FILE_NAME,
    create_figure_context,
    write_brief_source,
)
from disrupting_harm.report.documents.draft_status import find_status
from disrupting_harm.report.figures.brief.pictures import draw_brief_pictures
from disrupting_harm.report.findings.brief_definition import Brief
from disrupting_harm.report.findings.recommendations import Recommendations
from disrupting_harm.report.language.navigation import UP, build_page_navigation, folder_of_site
from disrupting_harm.report.language.translator import Translator, load_translator_of_study
from disrupting_harm.report.reading.country_results import Results, read_results
from disrupting_harm.report.rendering import RenderRecord
from disrupting_harm.report.rendering.cache import render_if_changed
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.countries import Country

TEMPLATE = "brief/brief.qmd.j2"


def write_briefs(
    area: Country,
    countries: Sequence[Country],
    config: Configuration,
    codebook: Codebook,
    brief: Brief,
    *,
    public: Path,
    templates: Path,
    out: Path,
    languages: Sequence[str] = (),
    recommendations: Recommendations | None = None,
) -> list[RenderRecord]:
    """Draw, fill and render the brief of one country in all its languages.

    Args:
        countries: all that take part.
        templates: the folder of templates and catalogues.
        out: the folder that gets one folder per language.
        languages: those to write, of the row's; empty: all.
        recommendations: of the study, of which the actions are.

    Returns:
        One record of the renderer per language.

    Raises:
        StudyError: if an input is missing or a document would be faulty.
    """
    results = read_results(area.country, public)
    of_comparison = read_comparison_of_country(
        public / "comparison", area.country, brief.lead.indicator
    )
    records = []
    for language in languages or area.languages_of_brief:
        translator = load_translator_of_study(language, templates, config.study)
        source = write_source(
            area, countries, config, codebook, brief, translator, results, of_comparison, templates,
            out / language, recommendations,
        )  # fmt: skip
        report = config.report
        records.append(
            render_if_changed(source, report.formats, report.renderer, language=language)
        )
    return records


def write_source(
    area: Country,
    countries: Sequence[Country],
    config: Configuration,
    codebook: Codebook,
    brief: Brief,
    translator: Translator[str],
    results: Results,
    of_comparison: ComparisonOfCountry,
    templates: Path,
    folder: Path,
    recommendations: Recommendations | None,
) -> Path:
    """Draw the pictures of one language and write ``brief.qmd`` beside them."""
    figure_context = create_figure_context(
        config, translator, translator.country(area.country, area.name)
    )
    pictures = draw_brief_pictures(brief, codebook, results, figure_context, folder / "figures")
    drawn = frozenset(translator.asked)
    template_values = compose_brief(
        area,
        config,
        codebook,
        translator,
        results,
        brief,
        of_comparison,
        pictures,
        {
            row.country: translator.country_in_text(row.country, row.name_in_text or row.name)
            for row in countries
        },
        recommendations,
    )
    site = folder_of_site(translator.language, config.report.project_languages)
    template_values["ways"] = build_page_navigation(
        UP,
        f"{site}countries/{area.country}.html",
        FILE_NAME,
        translator,
        area.languages_of_brief,
        config.report.formats,
    )
    document = f"brief of {area.country}"
    return write_brief_source(
        TEMPLATE,
        template_values,
        lambda printed: find_status(area, config.study, translator, printed, (), document),
        drawn=drawn,
        codebook=codebook,
        translator=translator,
        document=document,
        templates=templates,
        folder=folder,
    )
