"""From one code-free Quarto document to HTML, PDF and DOCX.

Real Quarto (1.9 or later) renders where it is on PATH; elsewhere an embedded renderer (pandoc, one
Lua filter, Typst) reads the same ``.qmd``. A document lies in a folder of its own, with everything
it names beside it: :func:`furnish` writes style sheet, templates, Word styles and layout words
there; figures come from the stage before. :func:`render` makes the outputs, :func:`lint` says what
is wrong in a text.

Writing a document. ``tests/data/rendering/sample.qmd`` shows every supported construct.

Front matter, Quarto's own keys:

- ``title``, ``lang``, ``date`` (ISO, the date of the files as well): required.
- ``subtitle``; ``author``: one name or a list of names.
- ``language: _language-xx.yml``: the layout words.
- ``toc``, ``toc-title``; ``toc-depth`` counts the title as level one in HTML and DOCX but not in
  PDF: 3 at the top and 2 under ``typst`` show two levels everywhere.
- ``number-sections`` (needed for ``@sec-``).
- ``bibliography``, ``csl``: only where there are citations.
- ``format``: copy the three blocks of the sample: partials, style sheet, Word styles, and
  ``default-image-extension`` (svg for HTML and PDF, png for DOCX).

Keys of this project, read by the shared partials: ``organisation`` (line above the title and in the
footer), ``date-shown`` (the date as readers see it; Quarto spoils localised dates), ``watermark``
(words on every page, for instance "Simulated data"; leave the key out for none), ``skip-link``
(text of the link past the contents).

Body: headings begin at ``##``. Figures are ``![Caption](figures/name){#fig-x fig-alt="..."}``
without extension, so that each format takes its own kind of file; a figure always describes itself
in ``fig-alt``. Tables are pipe tables with ``: Caption {#tbl-x}`` below; the dashes of a wide table
share out its width. References ``@fig-x``, ``@tbl-x``, ``@sec-x``, ``[-@fig-x]`` (number only);
callouts ``::: {.callout-note title="..."}``, ``collapse="true"`` for HTML; ``.panel-tabset``;
``.content-visible when-format="html|typst|docx"``; ``{{< pagebreak >}}``, ``{{< meta key >}}``,
``{{< include _part.md >}}``; footnotes; ``{.unnumbered}``. Write a dollar sign as ``\\$`` and
formulas in Unicode letters. Everything else (code cells, TeX, layouts, raw HTML) is an error.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from disrupting_harm.errors import StudyError
from disrupting_harm.report.rendering.assets import furnish
from disrupting_harm.report.rendering.embedded import check, render_embedded, versions
from disrupting_harm.report.rendering.lint import Finding, lint
from disrupting_harm.report.rendering.quarto import choose, render_quarto
from disrupting_harm.report.rendering.source import QUARTO_FORMATS, read_source

__all__ = ["FORMATS", "Finding", "RenderRecord", "engine", "furnish", "lint", "render"]

FORMATS = tuple(QUARTO_FORMATS)


@dataclass(frozen=True)
class RenderRecord:
    """What was rendered: the engine, its programs with versions, the files, and Quarto's log."""

    engine: str
    versions: dict[str, str]
    files: dict[str, Path]
    log: str = ""


def engine(renderer: str = "auto") -> tuple[str, dict[str, str]]:
    """Return the engine that ``renderer`` stands for here, "quarto" or "embedded", and versions.

    Raises:
        StudyError: where "quarto" is asked for and missing or too old.
    """
    quarto = choose(renderer)
    return ("quarto", {"quarto": quarto.version}) if quarto else ("embedded", versions())


def render(
    qmd: Path,
    formats: Sequence[str] = FORMATS,
    renderer: str = "auto",
    *,
    language: str,
) -> RenderRecord:
    """Render ``qmd`` into files of the same name beside it.

    Args:
        qmd: a document in a folder of its own, furnished (see :func:`furnish`).
        formats: any of "html", "pdf" and "docx".
        renderer: "quarto", "embedded", or "auto" for Quarto where it is present.
        language: the BCP 47 tag that the document must carry as its ``lang``.

    Raises:
        StudyError: for an unknown format, a wrong language, faults in the document (with their
            lines), or a renderer that is missing or fails.
    """
    unknown = sorted(set(formats) - set(FORMATS))
    if unknown:
        raise StudyError("formats", ", ".join(unknown), f"Choose among {', '.join(FORMATS)}")
    source = read_source(qmd)
    if source.metadata.get("lang") != language:
        found = f"'{source.metadata.get('lang')}' where '{language}' is expected"
        raise StudyError(f"{qmd}, key 'lang'", found, "Give the language of the text")
    check(source)
    quarto = choose(renderer)
    if quarto is None:
        return RenderRecord("embedded", versions(), render_embedded(qmd, formats))
    files, log = render_quarto(quarto, qmd, formats)
    return RenderRecord("quarto", {"quarto": quarto.version}, files, log)
