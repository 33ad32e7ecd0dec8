"""The brief of one country in all its languages: pictures, one code-free source, its documents."""

from pathlib import Path

from disrupting_harm.report.documents.brief.country_text import (
    Compared,
    compose_brief,
    read_compared,
)
from disrupting_harm.report.documents.brief.quarto_source import NAME, setting_of, write_filled
from disrupting_harm.report.documents.draft_status import status
from disrupting_harm.report.figures.brief.pictures import draw_pictures
from disrupting_harm.report.findings.brief_definition import Brief
from disrupting_harm.report.findings.recommendations import Recommendations
from disrupting_harm.report.language.navigation import UP, folder_of_site, ways
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
    config: Configuration,
    codebook: Codebook,
    brief: Brief,
    *,
    public: Path,
    templates: Path,
    out: Path,
    recommendations: Recommendations | None = None,
) -> list[RenderRecord]:
    """Draw, fill and render the brief of one country in all its languages.

    Args:
        area: the country's row of the countries file.
        config: the configuration.
        codebook: the words of indicators and groups.
        brief: what the study's briefs say.
        public: the public results.
        templates: the folder of templates and catalogues.
        out: the folder that gets one folder per language.
        recommendations: of the study, on which the asks rest.

    Returns:
        One record of the renderer per language.

    Raises:
        StudyError: if an input is missing or a document would be faulty.
    """
    results = read_results(area.country, public)
    compared = read_compared(public / "comparison", area.country, brief.lead.indicator)
    records = []
    for language in area.languages_of_brief:
        translator = load_translator_of_study(language, templates, config.study)
        source = write_source(
            area, config, codebook, brief, translator, results, compared, templates, out / language,
            recommendations,
        )  # fmt: skip
        report = config.report
        records.append(
            render_if_changed(source, report.formats, report.renderer, language=language)
        )
    return records


def write_source(
    area: Country,
    config: Configuration,
    codebook: Codebook,
    brief: Brief,
    translator: Translator[str],
    results: Results,
    compared: Compared,
    templates: Path,
    folder: Path,
    recommendations: Recommendations | None,
) -> Path:
    """Draw the pictures of one language and write ``brief.qmd`` beside them."""
    setting = setting_of(config, translator, translator.country(area.country, area.name))
    pictures = draw_pictures(brief, codebook, results, setting, folder / "figures")
    names = compose_brief(
        area, config, codebook, translator, results, brief, compared, pictures, recommendations
    )
    site = folder_of_site(translator.language, config.report.project_languages)
    names["ways"] = ways(
        UP,
        f"{site}countries/{area.country}.html",
        NAME,
        translator.language,
        area.languages_of_brief,
        config.report.formats,
    )
    where = f"brief of {area.country}"
    return write_filled(
        TEMPLATE,
        names,
        lambda: status(area, config.study, translator, (), where),
        codebook=codebook,
        translator=translator,
        where=where,
        templates=templates,
        folder=folder,
    )
