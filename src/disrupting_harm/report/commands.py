"""The command ``render``: one document below the public results, as a run renders its reports."""

import sys
from pathlib import Path

from disrupting_harm.report.rendering import render


def render_document(qmd: Path, to: str, renderer: str) -> None:
    """Render a document into files beside it and print their paths.

    Args:
        qmd: the document.
        to: formats separated by commas: html, pdf, docx.
        renderer: auto, quarto or embedded.

    Raises:
        StudyError: for faults in the document, a format or renderer that there is not.
    """
    formats = [name.strip() for name in to.split(",") if name.strip()]
    record = render(qmd, formats, renderer)
    programs = ", ".join(f"{name} {version}" for name, version in record.versions.items())
    print(f"rendered by {programs}", file=sys.stderr)
    for path in record.files.values():
        print(path)
