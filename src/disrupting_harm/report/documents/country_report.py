"""The documents of one country: one code-free Quarto source per language, filled and rendered.

Only ``public/`` tables, the words of the codebook, the country's row and the configuration are
read. Each language gets a folder of its own with its figures; what all documents share lies once at
the root of the public results (stage *shared*).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.core.files import write_json, write_text
from disrupting_harm.report.documents.cover import create_cover
from disrupting_harm.report.documents.draft_status import find_status
from disrupting_harm.report.documents.heading_checks import (
    HEADINGS,
    format_action_row,
    refuse_unborne,
    write_headings,
)
from disrupting_harm.report.documents.slots import read_slots
from disrupting_harm.report.documents.template_values import compose_report, require_helpline
from disrupting_harm.report.documents.templates import fill_template
from disrupting_harm.report.findings.brief_definition import Brief
from disrupting_harm.report.findings.chapters import list_claims
from disrupting_harm.report.findings.definition import Findings
from disrupting_harm.report.findings.forbidden_claims import refuse_unfit
from disrupting_harm.report.findings.order_claims import Incomparable
from disrupting_harm.report.findings.recommendations import Recommendations
from disrupting_harm.report.findings.references import METHODS_WORKS, References, Work, read_works
from disrupting_harm.report.language.markdown import remove_addresses
from disrupting_harm.report.language.navigation import UP, build_page_navigation, folder_of_site
from disrupting_harm.report.language.printed_texts import list_printed_texts, write_printed_texts
from disrupting_harm.report.language.settings import ENGLISH
from disrupting_harm.report.language.translator import (
    MARKDOWN,
    build_english,
    load_translator_of_study,
)
from disrupting_harm.report.reading.country_results import Results, read_figures, read_results
from disrupting_harm.report.rendering import RenderRecord
from disrupting_harm.report.rendering.cache import render_if_changed
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.countries import Country


def write_reports(
    area: Country,
    config: Configuration,
    codebook: Codebook,
    *,
    public: Path,
    templates: Path,
    out: Path,
    languages: Sequence[str] = (),
    recommendations: Recommendations | None = None,
    findings: Findings | None = None,
    slots: Path | None = None,
    reasons_apart: Sequence[Incomparable] = (),
    works: Sequence[Work] = (),
    changes: Sequence[Path] = (),
    brief: Brief | None = None,
) -> list[RenderRecord]:
    """Fill and render the report of one country in all its languages.

    Args:
        config: the configuration; its section ``report`` names renderer and formats.
        templates: the folder of templates, catalogues, styles and language files.
        out: the folder that gets one folder per language.
        languages: those to write, of the row's; empty: all.
        recommendations: what the report may recommend; None: nothing.
        findings: what the study's reports find; None: a template without findings.
        slots: the folder of what authors write; None: reports have no places for it.
        reasons_apart: why its estimates cannot be compared with others of the study, if so.
        works: that the study's texts name, for the list of references.
        changes: the public table of changes of a country with several surveys.
        brief: what the study's briefs say; its main finding stands on the cover, too.

    Returns:
        One record of the renderer per language.

    Raises:
        StudyError: if an input is missing or a document would be faulty.
    """
    results = read_results(area.country, public, config.codebook is not None, changes)
    report = config.report
    records = []
    for language in languages or area.languages:
        source = write_source(
            area,
            config,
            codebook,
            results,
            language,
            figures=public / "figures" / area.country / language,
            standing=_find_standing(public, area.country, language),
            templates=templates,
            folder=out / language,
            recommendations=recommendations,
            findings=findings,
            slots=slots,
            reasons_apart=reasons_apart,
            works=works,
            brief=brief,
        )
        records.append(
            render_if_changed(source, report.formats, report.renderer, language=language)
        )
    return records


def _find_standing(public: Path, country: str, language: str) -> Path | None:
    folder = public / "figures" / "comparison" / country / language
    return folder if folder.is_dir() else None


def write_source(
    area: Country,
    config: Configuration,
    codebook: Codebook,
    results: Results,
    language: str,
    *,
    figures: Path,
    templates: Path,
    folder: Path,
    standing: Path | None = None,
    recommendations: Recommendations | None = None,
    findings: Findings | None = None,
    slots: Path | None = None,
    reasons_apart: Sequence[Incomparable] = (),
    works: Sequence[Work] = (),
    brief: Brief | None = None,
) -> Path:
    """Write ``report.qmd`` in one language; its figures stay where they are.

    Args:
        language: BCP 47 tag of the document.
        figures: the folder of the country's figures in this language.
        templates: the folder of templates, catalogues, styles and language files.
        folder: where the document goes.
        standing: the folder of the figure that compares it with others; None in a study of one.
        recommendations, findings, slots, reasons_apart, works, brief: as in :func:`write_reports`.

    Raises:
        StudyError: if the template is faulty, or the text tells counts of reports as
            prevalence, or speaks of the highest or lowest: one country's data bear neither; or if
            a heading claims more than its numbers bear.
    """
    template = config.study.template
    require_helpline(area, config.study)
    translator = load_translator_of_study(language, templates, config.study)
    references = References()
    drawn_figures = read_figures(figures, folder)
    if standing and findings and findings.standing:
        drawn_figures |= read_figures(standing, folder)
    template_values = compose_report(
        area, config, codebook, translator, results, drawn_figures, recommendations, findings
    )
    chapter_ids = {chapter.id for chapter in template_values["chapters"]}
    quotations = [name for name in findings.quotations if name in chapter_ids] if findings else []
    slots_by_name = read_slots(slots, area.country, language, quotations) if slots else {}
    document_values: dict[str, Any] = {"status": "", "apart": reasons_apart}
    document_values |= {"references": references, "slots": slots_by_name}
    site = folder_of_site(language, config.report.project_languages)
    home = f"{site}countries/{area.country}.html"
    document_values["ways"] = build_page_navigation(
        UP, home, "report", translator, area.languages, config.report.formats
    )
    with_cover = template == "country"
    template_values["cover"] = with_cover and create_cover(
        area, codebook, results, brief, template_values
    )
    in_english, original = translator, template_values
    if language != ENGLISH:
        in_english = build_english(config.study.areas, config.study.respondents)
        original = compose_report(
            area,
            config,
            codebook,
            in_english,
            results,
            drawn_figures,
            recommendations,
            findings,
        )
        original["cover"] = with_cover and create_cover(area, codebook, results, brief, original)
    # Only a filled document knows what it names, and which of its texts lack a translation: it is
    # filled again. Works are looked for by English words; a translation cites what they name.
    english_values = original | document_values
    if language != ENGLISH:
        # Sources are listed in the words of the translation.
        english_values["references"] = References()
    english_text = fill_template(templates, f"{template}/report.qmd.j2", english_values)
    known_works = [*read_works(templates / METHODS_WORKS), *works]
    references.find_named(remove_addresses(english_text), known_works)
    first_text = english_text
    if language != ENGLISH:
        first_text = fill_template(
            templates, f"{template}/report.qmd.j2", template_values | document_values
        )
    unsettled = find_status(
        area,
        config.study,
        translator,
        list_printed_texts(translator.asked, first_text),
        drawn_figures.values(),
        f"report of {area.country}",
        [slot.file for slot in slots_by_name.values() if not slot.text],
    )
    document_values["status"] = unsettled.sentence(translator.with_markup(MARKDOWN))
    source_text = fill_template(
        templates, f"{template}/report.qmd.j2", template_values | document_values
    )
    document = f"report of {area.country}"
    refuse_unfit(source_text, codebook, translator, document)
    if language != ENGLISH:
        # A translation follows its original sentence by sentence, and more is guarded in English.
        refuse_unfit(english_text, codebook, in_english, document)
    if findings:
        claims = list_claims(template_values["chapters"])
        refuse_unborne(source_text, claims, findings, results, document)
        rows = [claim.build_table_line("report", language) for claim in claims]
        rows += [
            format_action_row(action, "report", language)
            for action in template_values["actions"].all
        ]
        write_headings(folder / HEADINGS, rows)
    source = folder / "report.qmd"
    write_text(source, source_text)
    printed = list_printed_texts(translator.asked, source_text)
    write_printed_texts(source, printed, unsettled.translation)
    write_json(folder / "status.json", unsettled.record())
    return source
