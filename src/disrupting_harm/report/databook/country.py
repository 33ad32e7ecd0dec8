"""The data book of one country in all its languages: a workbook, and the same on paper."""

from pathlib import Path
from typing import Any

from disrupting_harm.files import write_json, write_text
from disrupting_harm.publication.policies import POLICIES
from disrupting_harm.report.annex import Annex
from disrupting_harm.report.asked import asked
from disrupting_harm.report.composition import RENDERED_BY, reference
from disrupting_harm.report.databook.estimates import EstimateSheets
from disrupting_harm.report.databook.evidence import EvidenceSheets
from disrupting_harm.report.databook.notes import notes_sheet
from disrupting_harm.report.databook.questions import QuestionSheets
from disrupting_harm.report.databook.workbook import Properties, Sheet, plain, write_workbook
from disrupting_harm.report.evidence.chapters import Chapters
from disrupting_harm.report.filling import fill
from disrupting_harm.report.labels import Labels
from disrupting_harm.report.markdown import Markdown, escape, pipe_table, without_addresses
from disrupting_harm.report.origin import origin
from disrupting_harm.report.rendering import RenderRecord
from disrupting_harm.report.rendering.showable import refuse_unshowable
from disrupting_harm.report.rendering.unchanged import render_if_changed
from disrupting_harm.report.results import Results, read_results
from disrupting_harm.report.sentences import Sentences
from disrupting_harm.report.signs import interval_names
from disrupting_harm.report.status import status
from disrupting_harm.report.tables import Tables, lettered
from disrupting_harm.report.text import Text
from disrupting_harm.report.words import Words, load_words
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.config import Configuration
from disrupting_harm.study.countries import Country

NAME = "databook"
FORMATS = ("pdf",)
TEMPLATE = "databook/country.qmd.j2"
NOTES = "databook/notes.qmd.j2"


def write_databooks(
    area: Country,
    config: Configuration,
    codebook: Codebook,
    *,
    public: Path,
    templates: Path,
    out: Path,
) -> list[RenderRecord]:
    """Write the data book of a country into ``out/{language}/`` for each of its languages.

    Args:
        area: the country's row of the countries file.
        config, codebook: of the study.
        public: the public results, of which tables alone are read.
        templates: the folder of templates, catalogues, styles and language files.
        out: the folder that gets one folder per language.

    Returns:
        One record of the renderer per language.

    Raises:
        StudyError: if an input is missing or a document would be faulty.
    """
    results = read_results(area.country, public, config.codebook is not None)
    return [
        _write(area, config, codebook, results, load_words(language, templates / "locale",
               config.study.areas, config.study.respondents), templates, out / language)
        for language in area.languages
    ]  # fmt: skip


def _write(
    area: Country,
    config: Configuration,
    codebook: Codebook,
    results: Results,
    words: Words,
    templates: Path,
    folder: Path,
) -> RenderRecord:
    """Write the workbook, and the document with its source, in one language."""
    text, where = Text(words), f"data book of {area.country}"
    names = _names(area, config, codebook, results, text) | {"status": ""}
    # Only a filled document knows which of its texts lack a translation: it is filled again.
    fill(templates, TEMPLATE, names)
    notes = fill(templates, NOTES, names)
    sheets = _sheets(config, codebook, results, text, names["title"], notes)
    unsettled = status(area, config.study, words, (), where)
    filled = fill(templates, TEMPLATE, names | {"status": unsettled.sentence(text)})
    refuse_unshowable(filled, where)
    source = folder / f"{NAME}.qmd"
    # Paper cannot carry the addresses of its numbers; in the workbook they stand as codes.
    write_text(source, without_addresses(filled))
    write_json(folder / "status.json", unsettled.record())
    properties = Properties(
        title=plain(names["title"]),
        subject=plain(_mark(config, text) or names["study_title"]),
        creator=plain(text.enumeration(config.study.organisations)),
        language=words.language,
        date=config.study.date,
        contents=plain(text("Sheets")),
    )
    write_workbook(folder / f"{NAME}.xlsx", properties, sheets)
    return render_if_changed(source, FORMATS, config.report.renderer, language=words.language)


def _names(
    area: Country, config: Configuration, codebook: Codebook, results: Results, text: Text
) -> dict[str, Any]:
    """Return the names that the templates use."""
    labels = Labels(codebook, text)
    country = escape(text.words.country_in_text(area.country, area.name_in_text or area.name))
    names: dict[str, Any] = {
        "_": text,
        "text": text,
        "number": text.number,
        "percent": text.percent,
        "language": text.words.language,
        "country": country,
        "title": text("Data book: {area}", area=country),
        "study_title": text.of_study(config.study.title),
        "population": text.of_study(config.study.population),
        "study": config.study,
        "config": config,
        "has_survey": bool(results.quality),
        # None of findings: the method names the decimals of all tables.
        "chapters": (),
        "evidence": Chapters(text, results.evidence, results.world),
        "ref": reference,
        "rendered_by": RENDERED_BY,
        "label": labels.indicator,
        "modules": labels.modules(),
        "module_label": labels.module,
        "domains": labels.domains(),
        "names": lambda domains: text.enumeration([labels.domain(name) for name in domains]),
    }
    if not results.quality:
        return names
    sentences = Sentences(text, labels, results, names)
    made = origin(text.words, config.study.survey, config.study.simulated)
    population = text.words.of_study(config.study.population)
    standard = POLICIES[results.quality["reliability_policy"]]
    tables = Tables(text, labels, results, sentences, made, population, spelt=True)
    return names | {
        "quality": results.quality,
        "disclosure": results.disclosure,
        "annex": Annex(text, labels, results.quality, made),
        "confidence": sentences.confidence,
        "standard": text(standard.shown),
        "interval_names": interval_names(text, results.cells.values()),
        "questions": lambda module, label: _questions(text, labels, codebook, module, label),
        "module_tables": tables.module,
        "groups": tables.groups,
        "lettered": lettered,
        "side_by_side": lambda module: tables.side_by_side(labels.in_module(module)),
    }


def _questions(text: Text, labels: Labels, codebook: Codebook, module: str, label: str) -> Markdown:
    """Return the table of what was asked for each indicator of a theme."""
    rows = [
        (labels.short(name), asked(text, labels, codebook, labels.definition(name)))
        for name in labels.in_module(module)
    ]
    return pipe_table(
        (text("Indicator"), text("Question")),
        rows,
        (34, 66),
        caption=text("{module}: what was asked.", module=labels.module(module)),
        label=label,
        texts=(0, 1),
    )


def _sheets(
    config: Configuration,
    codebook: Codebook,
    results: Results,
    text: Text,
    title: Markdown,
    notes: str,
) -> list[Sheet]:
    mark = _mark(config, text)
    sheets = [notes_sheet(text("Notes"), title, notes)]
    if results.quality:
        population = text.of_study(config.study.population)
        own = EstimateSheets(text, Labels(codebook, text), codebook, results, population, mark)
        sheets += [own.indicators(), *own.themes()]
        joint = QuestionSheets(text, Labels(codebook, text), codebook, mark)
        sheets += joint.sheets(results.options, results.dyads)
    return sheets + EvidenceSheets(text, results.evidence, mark).sheets()


def _mark(config: Configuration, text: Text) -> str:
    """Return what stands behind titles; empty where the survey is real."""
    return text("Simulated data: not for citation") if config.study.simulated else ""
