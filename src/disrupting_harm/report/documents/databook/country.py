"""The data book of one country in all its languages: a workbook and, on demand, a book on paper."""

from pathlib import Path
from typing import Any

from disrupting_harm.core.files import write_json, write_text
from disrupting_harm.publication.policies import POLICIES
from disrupting_harm.report.documents.databook.children_sheet import create_children_sheet
from disrupting_harm.report.documents.databook.estimate_sheets import EstimateSheets
from disrupting_harm.report.documents.databook.evidence_sheets import EvidenceSheets
from disrupting_harm.report.documents.databook.main_numbers import insert_main_numbers
from disrupting_harm.report.documents.databook.question_sheets import QuestionSheets
from disrupting_harm.report.documents.databook.workbook import (
    EVIDENCE_TAB,
    SURVEY_TAB,
    Properties,
    Sheet,
    color_tabs,
    create_notes_sheet,
    plain_text,
    write_workbook,
)
from disrupting_harm.report.documents.draft_status import find_status
from disrupting_harm.report.documents.estimate_tables import EstimateTables, add_letter
from disrupting_harm.report.documents.quality_annex import Annex
from disrupting_harm.report.documents.templates import RENDERED_BY, fill_template
from disrupting_harm.report.findings.brief_definition import Brief
from disrupting_harm.report.findings.country_sentences import CountrySentences
from disrupting_harm.report.findings.evidence.chapters import Chapters
from disrupting_harm.report.findings.question_sentences import describe_origin
from disrupting_harm.report.findings.recommendations import Recommendations
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import (
    Markdown,
    format_pipe_table,
    format_reference,
    remove_addresses,
)
from disrupting_harm.report.language.printed_texts import list_printed_texts, write_printed_texts
from disrupting_harm.report.language.question_wording import describe_question
from disrupting_harm.report.language.showable_letters import refuse_unshowable
from disrupting_harm.report.language.signs import (
    describe_shorthand,
    list_interval_names,
)
from disrupting_harm.report.language.translator import (
    MARKDOWN,
    PLAIN,
    Translator,
    load_translator_of_study,
)
from disrupting_harm.report.reading.country_results import Results, read_results
from disrupting_harm.report.rendering import RenderRecord
from disrupting_harm.report.rendering.cache import render_if_changed
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.countries import Country

FILE_NAME = "databook"
FORMATS = ("pdf",)
TEMPLATE = "databook/country.qmd.j2"
ABOUT = "databook/about.qmd.j2"
FIRST, METHODS = "databook/workbook_first.qmd.j2", "databook/workbook_methods.qmd.j2"


def write_databooks(
    area: Country,
    config: Configuration,
    codebook: Codebook,
    *,
    public: Path,
    templates: Path,
    out: Path,
    pdf: bool,
    brief: Brief | None = None,
    recommendations: Recommendations | None = None,
) -> list[RenderRecord]:
    """Write the data book of a country into ``out/{language}/`` for each of its languages.

    Args:
        public: the public results, of which tables alone are read.
        templates: the folder of templates, catalogues, styles and language files.
        out: the folder that gets one folder per language.
        pdf: whether books are made on paper, too, each with its source.
        brief: the words of the study's briefs, whose numbers come first.
        recommendations: the study's actions, with the numbers on which they rest.

    Returns:
        One record of the renderer per language; none without PDF.

    Raises:
        StudyError: if an input is missing or a document would be faulty.
    """
    results = read_results(area.country, public, config.codebook is not None)
    translators = {
        language: load_translator_of_study(language, templates, config.study)
        for language in area.languages
    }
    records = [
        _write_databook(
            area,
            config,
            codebook,
            results,
            translators[language],
            templates,
            out / language,
            pdf,
            brief,
            recommendations,
        )
        for language in area.languages
    ]
    return [record for record in records if record]


def _write_databook(
    area: Country,
    config: Configuration,
    codebook: Codebook,
    results: Results,
    plain_translator: Translator[str],
    templates: Path,
    folder: Path,
    pdf: bool,
    brief: Brief | None,
    recommendations: Recommendations | None,
) -> RenderRecord | None:
    """Write the workbook and, with ``pdf``, the document with its source, in one language."""
    translator, document = plain_translator.with_markup(MARKDOWN), f"data book of {area.country}"
    template_values = _template_values(area, config, codebook, results, translator) | {"status": ""}
    # Only a filled document knows which of its texts lack a translation: it is filled again.
    source_text = fill_template(templates, TEMPLATE, template_values) if pdf else ""
    sheets = insert_main_numbers(
        create_opening_sheets(translator, templates, (ABOUT, FIRST, METHODS), template_values),
        _create_sheets(config, codebook, results, translator),
        brief,
        recommendations,
        results,
        Labels(codebook, translator),
        translator,
        _simulated_mark(config, translator),
    )
    # What a workbook asks for stands in one of its sheets.
    printed = list_printed_texts(translator.asked, source_text, translator.asked)
    unsettled = find_status(area, config.study, plain_translator, printed, (), document)
    write_printed_texts(folder / f"{FILE_NAME}.xlsx", printed, unsettled.translation)
    write_json(folder / "status.json", unsettled.record())
    properties = Properties(
        title=plain_text(template_values["title"]),
        subject=plain_text(_simulated_mark(config, translator) or template_values["study_title"]),
        creator=plain_text(translator.enumeration(config.study.organisations)),
        language=translator.language,
        date=config.study.date,
        contents=plain_text(translator("Sheets")),
    )
    write_workbook(folder / f"{FILE_NAME}.xlsx", properties, sheets)
    if not pdf:
        return None
    source_text = fill_template(
        templates, TEMPLATE, template_values | {"status": unsettled.sentence(translator)}
    )
    return print_databook(source_text, folder, config, translator.language, document)


def create_opening_sheets(
    translator: Translator[Markdown],
    templates: Path,
    names: tuple[str, str, str],
    template_values: dict[str, Any],
) -> list[Sheet]:
    """Return the cover of a workbook, what to read first, and what statisticians ask for.

    Args:
        names: of the templates of the three.
        template_values: what these use, among it the ``title`` of the book.
    """
    sheet_names = (
        translator("About this document"),
        translator("Read first"),
        translator("For statisticians"),
    )
    template_values = template_values | {"shorthand": describe_shorthand(translator)}
    return [
        create_notes_sheet(
            sheet_name, template_values["title"], fill_template(templates, name, template_values)
        )
        for sheet_name, name in zip(sheet_names, names, strict=True)
    ]


def print_databook(
    source_text: str, folder: Path, config: Configuration, language: str, document: str
) -> RenderRecord:
    """Write the source of a data book and render it.

    Args:
        document: name of the book for the error.

    Raises:
        StudyError: no font shows one of its letters, or the document would be faulty.
    """
    refuse_unshowable(source_text, document)
    source = folder / f"{FILE_NAME}.qmd"
    # Paper cannot carry the addresses of its numbers; in the workbook they stand as codes.
    write_text(source, remove_addresses(source_text))
    return render_if_changed(source, FORMATS, config.report.renderer, language=language)


def _template_values(
    area: Country,
    config: Configuration,
    codebook: Codebook,
    results: Results,
    translator: Translator[Markdown],
) -> dict[str, Any]:
    """Return the names that the templates use."""
    labels = Labels(codebook, translator)
    country = translator.country_in_text(area.country, area.name_in_text or area.name)
    template_values: dict[str, Any] = {
        "_": translator,
        "_n": translator.plural,
        "_p": translator.in_context,
        "translator": translator,
        "number": translator.number,
        "percent": translator.percent,
        "language": translator.language,
        "country": country,
        "title": translator("Data book: {place}", place=country),
        "study_title": translator.of_study(config.study.title),
        "population": translator.of_study(config.study.population),
        "study": config.study,
        "config": config,
        "has_survey": bool(results.quality),
        # None of findings: the method names the decimals of all tables.
        "chapters": (),
        "evidence": Chapters(translator, results.evidence),
        "ref": format_reference,
        "rendered_by": RENDERED_BY,
        "label": labels.indicator,
        "modules": labels.modules(),
        "module_label": labels.module,
        "domains": labels.domains(),
        "names": lambda domains: translator.enumeration([labels.domain(name) for name in domains]),
    }
    if not results.quality:
        return template_values
    sentences = CountrySentences(translator, labels, results, template_values)
    origin_sentence = describe_origin(
        translator.with_markup(PLAIN), config.study.survey, config.study.simulated
    )
    population = translator.of_study(config.study.population)
    standard = POLICIES[results.quality["reliability_policy"]]
    tables = EstimateTables(
        translator, labels, results, sentences, origin_sentence, population, spelt=True
    )
    return template_values | {
        "quality": results.quality,
        "disclosure": results.disclosure,
        "annex": Annex(translator, labels, results, origin_sentence),
        "confidence": sentences.confidence,
        "standard": translator(standard.statement),
        "interval_names": list_interval_names(translator, results.cells.values()),
        "questions": lambda module, label: _format_questions(
            translator, labels, codebook, module, label
        ),
        "module_tables": tables.format_module,
        "groups": tables.format_groups,
        "lettered": add_letter,
        "side_by_side": lambda module: tables.split_side_by_side(
            labels.list_indicators_of_module(module)
        ),
    }


def _format_questions(
    translator: Translator[Markdown], labels: Labels, codebook: Codebook, module: str, label: str
) -> Markdown:
    """Return the table of what was asked for each indicator of a theme."""
    rows = [
        (
            labels.short(name),
            describe_question(translator, labels, codebook, labels.definition(name)),
        )
        for name in labels.list_indicators_of_module(module)
    ]
    return format_pipe_table(
        (translator("Indicator"), translator("Question")),
        rows,
        (34, 66),
        caption=translator("{module}: what was asked.", module=labels.module(module)),
        label=label,
        text_columns=(0, 1),
    )


def _create_sheets(
    config: Configuration,
    codebook: Codebook,
    results: Results,
    translator: Translator[Markdown],
) -> list[Sheet]:
    mark, sheets = _simulated_mark(config, translator), []
    if results.quality:
        population = translator.of_study(config.study.population)
        estimate_sheets = EstimateSheets(
            translator, Labels(codebook, translator), codebook, results, population, mark
        )
        sheets += [estimate_sheets.indicator_sheet(), *estimate_sheets.theme_sheets()]
        sheets += create_children_sheet(
            translator,
            Labels(codebook, translator),
            results.comparison_rows.get("denominators", ()),
            population,
            mark,
        )
        question_sheets = QuestionSheets(translator, Labels(codebook, translator), codebook, mark)
        sheets += question_sheets.sheets(results.options, results.dyads)
    evidence_sheets = EvidenceSheets(translator, results.evidence, mark).sheets()
    return [*color_tabs(sheets, SURVEY_TAB), *color_tabs(evidence_sheets, EVIDENCE_TAB)]


def _simulated_mark(config: Configuration, translator: Translator[Markdown]) -> str:
    """Return what stands behind titles; empty where the survey is real."""
    return translator("Simulated data: not for citation") if config.study.simulated else ""
