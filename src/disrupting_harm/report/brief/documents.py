"""The brief of one country in all its languages: pictures, one code-free source, its documents."""

from pathlib import Path

from disrupting_harm.evidence.prevalence_claims import refuse_prevalence_of_reports
from disrupting_harm.files import write_json, write_text
from disrupting_harm.provenance.addresses import CONFIDENCE, at
from disrupting_harm.report.brief.compared import Compared, read_compared
from disrupting_harm.report.brief.composition import compose_brief
from disrupting_harm.report.brief.definition import Brief
from disrupting_harm.report.claims import refuse_unfounded, without_labels
from disrupting_harm.report.figures.alt_text import Setting
from disrupting_harm.report.figures.brief.pictures import draw_pictures
from disrupting_harm.report.filling import fill
from disrupting_harm.report.markdown import without_addresses
from disrupting_harm.report.recommendations import Recommendations
from disrupting_harm.report.rendering import RenderRecord
from disrupting_harm.report.rendering.fonts import refuse_unshowable
from disrupting_harm.report.rendering.unchanged import render_if_changed
from disrupting_harm.report.results import Results, read_results
from disrupting_harm.report.status import status
from disrupting_harm.report.text import Text
from disrupting_harm.report.ways import UP, folder_of_site, ways
from disrupting_harm.report.words import Words, load_words
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.config import Configuration
from disrupting_harm.study.countries import Country

TEMPLATE = "brief/brief.qmd.j2"
NAME = "brief"


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
        words = load_words(language, templates / "locale", config.study.areas)
        source = write_source(
            area, config, codebook, brief, words, results, compared, templates, out / language,
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
    words: Words,
    results: Results,
    compared: Compared,
    templates: Path,
    folder: Path,
    recommendations: Recommendations | None,
) -> Path:
    """Draw the pictures of one language and write ``brief.qmd`` beside them."""
    study = config.study
    place = words.country(area.country, area.name)
    setting = Setting(
        words,
        place,
        study.simulated,
        at(config.estimation.confidence, CONFIDENCE),
        study.population,
        study.survey,
    )
    pictures = draw_pictures(brief, codebook, results, setting, folder / "figures")
    names = compose_brief(
        area, config, codebook, words, results, brief, compared, pictures, recommendations
    )
    site = folder_of_site(words.language, config.report.project_languages)
    names["ways"] = ways(
        UP,
        f"{site}countries/{area.country}.html",
        NAME,
        words.language,
        area.languages_of_brief,
        config.report.formats,
    )
    # Only a filled document knows which of its texts lack a translation: it is filled again.
    fill(templates, TEMPLATE, names | {"status": ""})
    where = f"brief of {area.country}"
    unsettled = status(area, study, words, (), where)
    text = fill(templates, TEMPLATE, names | {"status": unsettled.sentence(Text(words))})
    seen = without_addresses(text)
    refuse_unshowable(seen, where)
    plain = without_labels(seen, codebook, words)
    if words.language == "en":
        refuse_prevalence_of_reports(seen, where)
        refuse_unfounded(plain, (), where)
    else:
        refuse_unfounded(plain, (), where, words.superlatives)
    write_text(folder / f"{NAME}.qmd", text)
    write_json(folder / "status.json", unsettled.record())
    return folder / f"{NAME}.qmd"
