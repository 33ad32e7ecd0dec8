"""What the brief of a country and that of the whole study have in common: settings and source."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from disrupting_harm.core.files import write_json, write_text
from disrupting_harm.provenance.addresses import CONFIDENCE, with_address
from disrupting_harm.report.documents.draft_status import DraftStatus
from disrupting_harm.report.documents.templates import fill_template
from disrupting_harm.report.drawing.widths import TEXT, Cut
from disrupting_harm.report.figures.alt_text import FigureContext
from disrupting_harm.report.findings.forbidden_claims import refuse_unfit
from disrupting_harm.report.language.printed_texts import list_printed_texts, write_printed_texts
from disrupting_harm.report.language.translator import MARKDOWN, Translator
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Configuration

FILE_NAME = "brief"


def create_figure_context(
    config: Configuration, translator: Translator[str], place_name: str, page_width: Cut = TEXT
) -> FigureContext:
    """Return what the pictures of a brief are drawn with."""
    study = config.study
    return FigureContext(
        translator,
        place_name,
        study.simulated,
        with_address(config.estimation.confidence, CONFIDENCE),
        study.population,
        study.survey,
        page_width,
    )


def write_brief_source(
    template: str,
    template_values: Mapping[str, Any],
    find_status: Callable[[Collection[str]], DraftStatus],
    *,
    drawn: Collection[str],
    codebook: Codebook,
    translator: Translator[str],
    document: str,
    templates: Path,
    folder: Path,
) -> Path:
    """Write ``brief.qmd``, and beside it what of it is not settled.

    Args:
        template: name of the template.
        template_values: that it uses, without ``status``.
        find_status: returns what is not settled about a document that prints these messages.
        drawn: messages that were asked for its pictures.
        document: name of the document for errors.
        folder: where both files go.

    Raises:
        StudyError: if the document would be faulty.
    """
    # Only a filled document knows which of its texts lack a translation: it is filled again.
    first_text = fill_template(templates, template, {**template_values, "status": ""})
    unsettled = find_status(list_printed_texts(translator.asked, first_text, drawn))
    source_text = fill_template(
        templates,
        template,
        {**template_values, "status": unsettled.sentence(translator.with_markup(MARKDOWN))},
    )
    refuse_unfit(source_text, codebook, translator, document)
    source = folder / f"{FILE_NAME}.qmd"
    write_text(source, source_text)
    printed = list_printed_texts(translator.asked, source_text, drawn)
    write_printed_texts(source, printed, unsettled.translation)
    write_json(folder / "status.json", unsettled.record())
    return source
