"""Stage *shared*: what all documents of a release share, written once."""

from pathlib import Path
from typing import Any

from disrupting_harm.report.language.markdown import escape
from disrupting_harm.report.language.terms import describe_terms
from disrupting_harm.report.language.translator import MARKDOWN, build_english
from disrupting_harm.report.rendering import write_shared
from disrupting_harm.report.rendering.qr_code import write_address
from disrupting_harm.study.configuration.config import StudyInfo


def write_shared_files(*, study: dict[str, Any], templates: str, folder: str) -> None:
    """Write settings, filter, templates and fonts of all documents into ``folder``.

    Documents that authors add carry the study's organisations, its licence and contact and its
    watermark, too. The QR code of the study's address lies there where it has one.

    Args:
        study: what these files need of the section ``study`` of the configuration, as read:
            ``organisations``, ``simulated``, ``address``, ``licence`` and ``contact``.
    """
    facts = StudyInfo.model_construct(**study)
    translator = build_english().with_markup(MARKDOWN)
    watermark = translator("Simulated data: not for citation") if facts.simulated else ""
    organisations = facts.organisations
    write_shared(
        Path(folder),
        Path(templates),
        organisation=translator.enumeration(organisations) if organisations else "",
        terms=describe_terms(translator, facts),
        watermark=escape(watermark),
    )
    if facts.address:
        write_address(Path(folder), facts.address)
