"""From one code-free Quarto document to HTML, PDF and DOCX.

Real Quarto (1.10 or later) renders where it is on PATH; elsewhere an embedded renderer (pandoc and
Typst) does. Both read the same ``.qmd``, run the same Lua filter and fill the same templates, which
lie once at the root of the public results: :func:`write_shared` writes ``_quarto.yml``,
``_shared/`` and ``fonts/`` there. The filter runs before Quarto changes anything and leaves nothing
for it to change, so both engines make the same document. :func:`render` makes the outputs,
:func:`lint` lists the faults of a text.

Writing a document. ``tests/data/rendering/sample.qmd`` shows every supported construct. It lies in
a folder of its own anywhere below the root, with its figures beside it.

Front matter, Quarto's own keys:

- ``title``, ``lang``, ``date`` (ISO, the date of the files as well): required, and enough.
- ``subtitle``; ``author``: one name or a list of names; ``toc: false``.
- ``bibliography``, ``csl``, with ``citeproc: true``: only where there are citations.

Keys of this project, read by the filter and the templates: ``organisation`` (line above the title
and in the footer), ``terms`` (licence and contact, on the cover and at the foot of every page),
``date-shown`` (the date as readers see it; Quarto spoils localised dates),
``watermark`` (words on every page, for instance "Simulated data"), ``status`` (what keeps the
document from its publication, on the cover and at the foot of every page), ``skip-link`` (text of
the link past the contents), ``ways`` (links of a page to what belongs to it), ``address`` (of the
study, with its QR code), and under ``report``: ``number-sections``, ``contents`` (of a Word
file), ``words`` (words of the layout where they shall differ from those of
``locale/xx/language.yml``).

Body: headings begin at ``##``. Figures are ``![Caption](figures/name){#fig-x fig-alt="..."}``
without extension, so that each format takes its own kind of file (Word the PNG beside an SVG, or
that which is made for it), and may lie anywhere below the root (``../../figures/name``); a figure
always describes itself in ``fig-alt``. Tables are pipe tables with ``: Caption {#tbl-x}`` below;
the dashes of a wide table share out its width. References ``@fig-x``, ``@tbl-x``, ``@sec-x``,
``[-@fig-x]`` (number only); callouts ``::: {.callout-note title="..."}``, ``collapse="true"`` for
HTML; ``.panel-tabset``; ``.content-visible when-format="html|typst|docx"``; ``.finding``,
``.opener``, ``.margin``, ``.wide``, ``.sure``, ``.box``, ``.slot`` and ``.tiles`` of a report
(``docs/documents.md``); ``::: {.page-break}``; ``{{< meta key >}}``, ``{{< include _part.md >}}``;
footnotes; ``{.unnumbered}``;
``[]{.rendered-by}`` for the names and versions of the programs that render. Write a dollar sign as
``\\$`` and formulas in Unicode letters. Everything else (code cells, TeX, layouts, raw HTML,
shortcodes in attributes or in rows of tables) is an error.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import write_json
from disrupting_harm.report.rendering.assets import list_shared_files, write_shared
from disrupting_harm.report.rendering.pandoc_typst import (
    check_source,
    read_program_versions,
    render_embedded,
)
from disrupting_harm.report.rendering.qmd import QUARTO_FORMATS, read_source
from disrupting_harm.report.rendering.qmd_lint import Finding, lint
from disrupting_harm.report.rendering.quarto import choose_quarto, render_quarto
from disrupting_harm.report.rendering.word_pictures import lay_word_pictures

__all__ = [
    "FORMATS",
    "Finding",
    "RenderRecord",
    "find_engine",
    "lint",
    "list_shared_files",
    "render",
    "write_renderer_note",
    "write_shared",
]

FORMATS = tuple(QUARTO_FORMATS)


@dataclass(frozen=True)
class RenderRecord:
    """What was rendered: the engine, its programs with versions, the files, and Quarto's log."""

    engine: str
    versions: dict[str, str]
    files: dict[str, Path]
    log: str = ""


def write_renderer_note(folder: Path, records: Sequence[RenderRecord]) -> None:
    """Write ``renderer.json`` into ``folder``, and print what the engine printed.

    An engine's messages may name paths of the machine: they go to the log of the job alone.
    """
    for record in records:
        if record.log:
            print(record.log)
    first_record = records[0]
    write_json(
        folder / "renderer.json", {"engine": first_record.engine, "versions": first_record.versions}
    )


def find_engine(renderer: str = "auto") -> tuple[str, dict[str, str]]:
    """Return the engine that ``renderer`` stands for here, "quarto" or "embedded", and versions.

    Raises:
        StudyError: where "quarto" is asked for and missing or too old.
    """
    quarto = choose_quarto(renderer)
    return (
        ("quarto", {"quarto": quarto.version}) if quarto else ("embedded", read_program_versions())
    )


def render(
    qmd: Path,
    formats: Sequence[str] = FORMATS,
    renderer: str = "auto",
    *,
    language: str | None = None,
) -> RenderRecord:
    """Render ``qmd`` into files of the same name beside it.

    Args:
        qmd: a document below a folder with the shared files (see :func:`write_shared`).
        formats: any of "html", "pdf" and "docx".
        renderer: "quarto", "embedded", or "auto" for Quarto where it is present.
        language: the BCP 47 tag that the document must carry as its ``lang``, if it matters.

    Raises:
        StudyError: for an unknown format, a wrong language, faults in the document (with their
            lines), or a renderer that is missing or fails.
    """
    unknown_formats = sorted(set(formats) - set(FORMATS))
    if unknown_formats or not formats:
        raise StudyError(
            "formats", ", ".join(unknown_formats) or "none", f"Choose among {', '.join(FORMATS)}"
        )
    source = read_source(qmd)
    document_language = source.metadata.get("lang")
    if language is not None and document_language != language:
        finding = f"'{document_language}' where '{language}' is expected"
        raise StudyError(f"{qmd}, key 'lang'", finding, "Give the language of the text")
    check_source(source)
    quarto = choose_quarto(renderer)
    with lay_word_pictures(qmd, source.body) if "docx" in formats else nullcontext():
        if quarto is None:
            files, log = render_embedded(source, formats), ""
        else:
            files, log = render_quarto(quarto, source, formats)
    versions = {"quarto": quarto.version} if quarto else read_program_versions()
    return RenderRecord("quarto" if quarto else "embedded", versions, files, log)
