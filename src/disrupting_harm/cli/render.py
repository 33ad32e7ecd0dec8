"""Commands for one document below the public results.

``render`` renders it as a run renders its reports; ``single-file`` makes a page that can be mailed.
"""

import sys
from pathlib import Path

from disrupting_harm.core.files import write_text
from disrupting_harm.report.rendering import render
from disrupting_harm.report.rendering.embedding import single_file


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


def write_single_file(page: Path, output: Path) -> None:
    """Write a page with its figures in it, which needs no file beside it.

    Args:
        page: a page of the public results, with the figures that it names.
        output: the file to write.

    Raises:
        StudyError: for a page or a figure that is missing.
    """
    write_text(output, single_file(page))
    print(output)
