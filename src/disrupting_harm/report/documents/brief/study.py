"""The brief of the whole study: two pages on all countries, from the public comparison alone."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.evidence.measures.cybertips import PLACED_BY_UPLOAD
from disrupting_harm.evidence.sources import PUBLISHED
from disrupting_harm.provenance.addresses import (
    STUDY,
    add_addresses_to_fields,
    derive_number,
    row_count,
)
from disrupting_harm.provenance.row_addresses import address_of_row
from disrupting_harm.report.documents.brief.brief_actions import list_common_needs
from disrupting_harm.report.documents.brief.country_text import place_picture
from disrupting_harm.report.documents.brief.quarto_source import (
    FILE_NAME,
    create_figure_context,
    write_brief_source,
)
from disrupting_harm.report.documents.brief.study_notes import (
    describe_population_sources,
    describe_reasons_apart,
    describe_sources,
    describe_years,
)
from disrupting_harm.report.documents.brief.study_text import (
    address_of_rows,
    describe_gap,
    describe_levels,
    describe_pairs,
    describe_total,
    find_set_apart,
    format_mean_tiles,
    format_title_of_all,
)
from disrupting_harm.report.documents.draft_status import DraftStatus, find_translation_status
from disrupting_harm.report.documents.regional.averages import describe_regions
from disrupting_harm.report.documents.regional.threats import RegionalThreats
from disrupting_harm.report.drawing.rows import Section
from disrupting_harm.report.drawing.widths import BROAD
from disrupting_harm.report.figures.alt_text import build_frame, describe_intervals, describe_share
from disrupting_harm.report.figures.brief.pictures import build_share_row, write_picture
from disrupting_harm.report.figures.estimate_chart import build_percent_chart, write_figure_records
from disrupting_harm.report.figures.figure_record import FigureRecord
from disrupting_harm.report.findings.brief_definition import Brief
from disrupting_harm.report.findings.headings import join_sentences
from disrupting_harm.report.findings.recommendations import Recommendations
from disrupting_harm.report.language.collation import build_sort_key
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import Markdown, escape
from disrupting_harm.report.language.navigation import UP, build_page_navigation, folder_of_site
from disrupting_harm.report.language.translator import (
    ADDRESSED,
    MARKDOWN,
    Translator,
    load_translator_of_study,
)
from disrupting_harm.report.language.undescribed_designs import group_undescribed
from disrupting_harm.report.reading.comparison_results import RegionalResults, read_regional
from disrupting_harm.report.reading.country_results import Results, read_results
from disrupting_harm.report.reading.evidence_rows import Evidence, data_kinds, read_evidence
from disrupting_harm.report.reading.needed_actions import LEAST_AREAS
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.report.reading.whole_percent import read_percent_interval
from disrupting_harm.report.rendering import RenderRecord
from disrupting_harm.report.rendering.cache import render_if_changed
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.countries import Country

PICTURE = "countries"  # all of them with their intervals


def draw_all_countries(
    countries: Sequence[Country],
    config: Configuration,
    brief: Brief,
    translator: Translator[str],
    rows: Mapping[str, PublicRow],
    set_apart_codes: set[str],
    country_names: Mapping[str, str],
    folder: Path,
    country_count: int,
) -> FigureRecord:
    """Draw all countries with their intervals, by region and name, and list the picture."""
    sections = []
    for region in dict.fromkeys(country.region or "" for country in countries):
        codes_of_region = sorted(
            (
                country.country
                for country in countries
                if (country.region or "") == region and country.country in rows
            ),
            key=lambda code: build_sort_key(country_names[code]),
        )
        rows_of_region = (
            build_share_row(
                translator,
                country_names[code],
                read_percent_interval(rows[code]),
                address_of_row("prevalence", rows[code], compared=True),
                status=rows[code]["status"],
                shown=rows[code]["shown"],
                look="apart" if code in set_apart_codes else "plain",
            )
            for code in codes_of_region
        )
        heading = translator.of_study(region) if region else ""
        sections.append(Section(heading, tuple(rows_of_region)))
    place_name = translator("{count} {areas}", count=translator.number(country_count))
    context = create_figure_context(config, translator, place_name, BROAD)
    title = format_title_of_all(brief, translator, rows, set_apart_codes)
    marks = [mark for section in sections for row in section.rows for mark in row.marks]
    notes = []
    if any(mark.look == "apart" for mark in marks):
        notes.append(translator("Open squares: set apart, not to be compared."))
    if any(mark.sign == "bound" for mark in marks):
        notes.append(translator("Hatched: only a bound is printed."))
    frame = build_frame(
        context,
        title,
        describe_share(context),
        [row.number("n") for row in rows.values() if row["n"]],
        [" ".join(notes)] if notes else [],
    )
    record = write_picture(
        PICTURE,
        build_percent_chart(sections, translator),
        frame,
        describe_intervals(context, title, sections)[0],
        folder / "figures",
    )
    write_figure_records(folder / "figures" / "figures.json", [record])
    return record


TEMPLATE = "brief/project.qmd.j2"
HOME = "index.html"


def write_project_briefs(
    countries: Sequence[Country],
    config: Configuration,
    codebook: Codebook,
    brief: Brief,
    *,
    public: Path,
    templates: Path,
    out: Path,
    recommendations: Recommendations | None = None,
) -> list[RenderRecord]:
    """Draw, fill and render the brief of the study in all its languages.

    Args:
        countries: rows of the countries file that take part.
        templates: the folder of templates and catalogues.
        out: the folder that gets one folder per language.
        recommendations: of the study, on which its asks rest.
    """
    comparison = read_regional(public, config.publication.disclosure.coded)
    results = {row.country: read_results(row.country, public) for row in countries}
    evidence = read_evidence(sorted((public / "evidence").glob("*.csv")))
    records = []
    for language in config.report.project_languages:
        translator = load_translator_of_study(language, templates, config.study)
        source = write_project_source(
            countries, config, codebook, brief, translator, comparison, results, evidence,
            templates, out / language, recommendations,
        )  # fmt: skip
        report = config.report
        records.append(
            render_if_changed(source, report.formats, report.renderer, language=language)
        )
    return records


def write_project_source(
    countries: Sequence[Country],
    config: Configuration,
    codebook: Codebook,
    brief: Brief,
    plain_translator: Translator[str],
    comparison: RegionalResults,
    results: Mapping[str, Results],
    evidence: Evidence,
    templates: Path,
    folder: Path,
    recommendations: Recommendations | None,
) -> Path:
    """Draw the picture of one language and write ``brief.qmd`` beside it."""
    translator = plain_translator.with_markup(MARKDOWN)
    config = add_addresses_to_fields(config, STUDY)
    study = config.study
    interviewed = [
        results_of_country.quality["interviewed"] for results_of_country in results.values()
    ]
    country_count = row_count(len(countries), address_of_rows(brief, "prevalence"))
    country_names = {
        row.country: plain_translator.country(row.country, row.name) for row in countries
    }
    names_in_text = {  # in the order of their names
        row.country: translator.country_in_text(row.country, row.name_in_text or row.name)
        for row in sorted(countries, key=lambda row: build_sort_key(country_names[row.country]))
    }
    rows = {
        row["country"]: row
        for row in comparison.rows("prevalence", indicator=brief.lead.indicator)
        if row["country"] in country_names
    }
    set_apart_codes = find_set_apart(comparison, brief.lead.indicator)
    labels, domains = Labels(codebook, translator), config.comparison.gaps
    figure_translator = plain_translator.with_markup(ADDRESSED)
    drawn_figure = draw_all_countries(
        countries,
        config,
        brief,
        figure_translator,
        rows,
        set_apart_codes,
        country_names,
        folder,
        country_count,
    )
    drawn = frozenset(plain_translator.asked)
    reports_of_year = _regional_threats(translator, evidence, country_names).find_last_year()
    report_rows = reports_of_year[2] if reports_of_year else []
    population = translator.of_study(study.population)
    levels = describe_levels(brief, translator, rows, set_apart_codes, names_in_text, population)
    # The title of the picture of all countries says them, too.
    has_title_levels = "{" in (brief.all_countries or "") and (
        format_title_of_all(brief, translator, rows, set_apart_codes)
        != translator.of_study(brief.pictures[0].title)
    )
    lead, *details = [
        *describe_total(brief, translator, comparison, rows, names_in_text, population),
        *([levels] if levels and not has_title_levels else []),
    ] or [Markdown("")]
    template_values: dict[str, Any] = {
        "_": translator,
        "_n": translator.plural,
        "_p": translator.in_context,
        "translator": translator,
        "number": translator.number,
        "language": translator.language,
        "population": translator.of_study(study.population),
        "study": study,
        "config": config,
        "all": country_count,
        "lead": lead,
        "details": join_sentences(
            [
                *details,
                describe_regions(
                    translator, comparison.rows("total", indicator=brief.lead.indicator)
                ),
                describe_years(translator, countries),
            ]
        ),
        "meaning": translator.of_study(brief.lead.meaning),
        "silence": codebook.indicator(brief.lead.indicator).silence,
        "pairs": describe_pairs(brief, translator, comparison),
        "gap": describe_gap(brief, translator, comparison, labels, domains),
        "picture": place_picture(drawn_figure),
        "tile_groups": format_mean_tiles(brief, translator, comparison, names_in_text),
        "tile_notes": join_sentences(
            [translator.of_study(group.note) for group in brief.tiles if group.note]
        ),
        "nearly": len(countries) >= LEAST_AREAS,
        "actions": list_common_needs(
            comparison, recommendations, translator, names_in_text, country_count, results
        ),
        "reports": describe_company_reports(translator, evidence, country_names, study.simulated),
        "reasons_apart": describe_reasons_apart(
            translator, comparison, brief.lead.indicator, names_in_text
        ),
        "sources": describe_sources(
            translator, translator.of_study(study.survey), study.simulated, evidence, report_rows
        ),
        "of_children": describe_population_sources(
            translator, comparison, brief.lead.indicator, names_in_text
        ),
        "untold": group_undescribed(
            {
                code: of_country.quality.get("undescribed", ())
                for code, of_country in results.items()
            },
            translator,
            names_in_text,
        ),
        "interviewed": translator.number(derive_number("sum", sum(interviewed), interviewed)),
        "confidence": translator.percent(config.estimation.confidence),
        "ways": build_page_navigation(
            UP,
            f"{folder_of_site(translator.language, config.report.project_languages)}{HOME}",
            FILE_NAME,
            translator,
            config.report.project_languages,
            config.report.formats,
        ),
    }
    return write_brief_source(
        TEMPLATE,
        template_values,
        lambda printed: DraftStatus(
            find_translation_status(plain_translator, printed),
            tuple(sorted(plain_translator.untranslated)),
            False,
            study.simulated,
        ),
        drawn=drawn,
        codebook=codebook,
        translator=plain_translator,
        document="brief of the study",
        templates=templates,
        folder=folder,
    )


def _regional_threats(
    translator: Translator[Markdown], evidence: Evidence, country_names: Mapping[str, str]
) -> RegionalThreats:
    return RegionalThreats(
        translator, evidence, {code: escape(name) for code, name in country_names.items()}
    )


def describe_company_reports(
    translator: Translator[Markdown],
    evidence: Evidence,
    country_names: Mapping[str, str],
    simulated: bool = False,
) -> Markdown:
    """Return what companies reported in all countries, where one body counted all of it.

    In a ``simulated`` study a published number says that it is none.
    """
    reports_of_year = _regional_threats(translator, evidence, country_names).find_last_year()
    if reports_of_year is None:
        return Markdown("")
    year, total, rows = reports_of_year
    values = {
        "year": year,
        "total": total,
        "body": translator.translate_or_keep(rows[0]["counted_by"]),
    }
    sentences = [
        translator(
            "In {year} {body} counted {total} CyberTip reports that it could place in these "
            "{areas}.",
            **values,
        ),
        translator("A report is not a child, and users are of any age."),
        translator.of_study(PLACED_BY_UPLOAD),
    ]
    if simulated and data_kinds(rows) == {PUBLISHED}:
        sentences.insert(1, translator("These counts are published, not simulated."))
    if any(
        row["year"] > year for row in evidence.rows("cybertips") if row["country"] in country_names
    ):
        sentences.insert(1, translator("Later reports are counted in another way."))
    return join_sentences(sentences)
