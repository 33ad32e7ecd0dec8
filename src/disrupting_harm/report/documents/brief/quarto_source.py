"""What the brief of a country and that of the whole study have in common: settings and source."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from disrupting_harm.core.files import write_json, write_text
from disrupting_harm.provenance.addresses import CONFIDENCE, with_address
from disrupting_harm.report.documents.draft_status import Status
from disrupting_harm.report.documents.templates import fill
from disrupting_harm.report.figures.alt_text import FigureContext
from disrupting_harm.report.figures.drawing.widths import TEXT, Cut
from disrupting_harm.report.findings.forbidden_claims import refuse_unfit
from disrupting_harm.report.language.translator import MARKDOWN, Translator
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Configuration

NAME = "brief"


def setting_of(
    config: Configuration, translator: Translator[str], place: str, cut: Cut = TEXT
) -> FigureContext:
    """Return what the pictures of a brief are drawn with."""
    study = config.study
    return FigureContext(
        translator,
        place,
        study.simulated,
        with_address(config.estimation.confidence, CONFIDENCE),
        study.population,
        study.survey,
        cut,
    )


def write_filled(
    template: str,
    names: Mapping[str, Any],
    status: Callable[[], Status],
    *,
    codebook: Codebook,
    translator: Translator[str],
    where: str,
    templates: Path,
    folder: Path,
) -> Path:
    """Write ``brief.qmd``, and beside it what of it is not settled.

    Args:
        template: name of the template.
        names: that it uses, without ``status``.
        status: what is not settled; asked when the template is filled.
        codebook, words: of the study; the language.
        where: name of the document for errors.
        templates: the folder of templates.
        folder: where both files go.

    Raises:
        StudyError: if the document would be faulty.
    """
    # Only a filled document knows which of its texts lack a translation: it is filled again.
    fill(templates, template, {**names, "status": ""})
    unsettled = status()
    text = fill(
        templates,
        template,
        {**names, "status": unsettled.sentence(translator.with_markup(MARKDOWN))},
    )
    refuse_unfit(text, codebook, translator, where)
    source = folder / f"{NAME}.qmd"
    write_text(source, text)
    write_json(folder / "status.json", unsettled.record())
    return source
