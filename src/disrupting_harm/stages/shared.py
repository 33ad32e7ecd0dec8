"""Stage *shared*: what all documents of a release share, written once."""

from collections.abc import Sequence
from pathlib import Path

from disrupting_harm.report.language.markdown import escape
from disrupting_harm.report.language.translator import MARKDOWN, build_english
from disrupting_harm.report.rendering import write_shared
from disrupting_harm.report.rendering.qr_code import write_address


def write_shared_files(
    *,
    organisations: Sequence[str],
    simulated: bool,
    address: str | None,
    templates: str,
    folder: str,
) -> None:
    """Write settings, filter, templates and fonts of all documents into ``folder``.

    Documents that authors add carry the study's organisations and its watermark, too. The QR code
    of the study's address lies there where it has one.
    """
    translator = build_english().with_markup(MARKDOWN)
    watermark = translator("Simulated data: not for citation") if simulated else ""
    write_shared(
        Path(folder),
        Path(templates),
        organisation=translator.enumeration(organisations) if organisations else "",
        watermark=escape(watermark),
    )
    if address:
        write_address(Path(folder), address)
