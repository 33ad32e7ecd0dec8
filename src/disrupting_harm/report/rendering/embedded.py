"""HTML, PDF and DOCX from a ``.qmd`` without Quarto: pandoc with the shared filter, and Typst."""

import json
import tempfile
from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from disrupting_harm.errors import StudyError
from disrupting_harm.files import write_bytes
from disrupting_harm.report.rendering.docx import finished
from disrupting_harm.report.rendering.lint import lint, lint_part
from disrupting_harm.report.rendering.pandoc import pandoc_version, run_pandoc
from disrupting_harm.report.rendering.project import listed
from disrupting_harm.report.rendering.source import SHORTCODE, Source

# Settings that name files or steer Quarto; pandoc must not take them for itself.
_STEERING = {
    *("project", "css", "template", "template-partials", "reference-doc", "font-paths", "filters"),
    *("embed-resources", "minimal", "pdf-standard", "default-image-extension", "engine"),
    *("number-sections", "syntax-highlighting", "shift-heading-level-by"),
    *("bibliography", "csl", "citeproc"),
}
_READER = "markdown-raw_html-raw_tex-tex_math_dollars"


def versions() -> dict[str, str]:
    """Return the versions of the programs that the embedded renderer uses."""
    return {"pandoc": pandoc_version(), "typst": version("typst")}


def render_embedded(source: Source, formats: Sequence[str]) -> dict[str, Path]:
    """Render a checked document into its folder; return the file of each format.

    Raises:
        StudyError: for anything that pandoc, the filter or Typst finds wrong.
    """
    return {output: _WRITERS[output](source) for output in formats}


def check(source: Source) -> None:
    """Raise a StudyError with every finding of the linter on a document and its includes."""
    text = source.path.read_text(encoding="utf-8")
    found = [
        f"{source.path.name} {f}" for f in lint(text, source.project.settings, whole=source.body)
    ]
    for name in _includes(text, source.folder, set()):
        part = (source.folder / name).read_text(encoding="utf-8")
        found += [f"{name} {finding}" for finding in lint_part(part)]
    if found:
        raise StudyError(str(source.path), "; ".join(found), "Mend these lines")


def _includes(text: str, folder: Path, seen: set[str]) -> list[str]:
    """Return the names of all files that ``text`` includes, in the order of their first use."""
    names = []
    for shortcode in SHORTCODE.finditer(text):
        name = shortcode[2].strip("\"' ")
        if shortcode[1] == "include" and name not in seen:
            seen.add(name)
            inner = (folder / name).read_text(encoding="utf-8")
            names += [name, *_includes(inner, folder, seen)]
    return names


def _html(source: Source) -> Path:
    options = source.options("html")
    arguments = ["--to", "html5", "--embed-resources", "--section-divs=false"]
    arguments += [f"--template={options['template']}"]
    if options.get("toc"):
        arguments += ["--toc", f"--toc-depth={options.get('toc-depth', 3)}"]
    arguments += [f"--css={name}" for name in listed(options, "css")]
    return _written(source, "report.html", _pandoc(source, options, arguments))


def _pdf(source: Source) -> Path:
    options = source.options("pdf")
    arguments = ["--to", "typst", f"--template={options['template']}"]
    return _written(source, "report.pdf", typeset(_pandoc(source, options, arguments), source))


def _docx(source: Source) -> Path:
    options = source.options("docx")
    arguments = ["--to", "docx", f"--reference-doc={options['reference-doc']}"]
    content = _pandoc(source, options, [*arguments, "--output", "-"])
    day = str(source.metadata["date"])
    return _written(source, "report.docx", finished(content, day, source.letterhead))


_WRITERS = {"html": _html, "pdf": _pdf, "docx": _docx}


def _written(source: Source, name: str, content: bytes) -> Path:
    target = source.path.with_suffix(Path(name).suffix)
    write_bytes(target, content)
    return target


def _pandoc(source: Source, options: dict[str, Any], arguments: list[str]) -> bytes:
    """Run pandoc for one format with the options that hold for it."""
    with tempfile.TemporaryDirectory() as scratch:
        metadata = Path(scratch) / "metadata.json"
        metadata.write_text(json.dumps(_metadata(options)), encoding="utf-8")
        command = ["--from", _READER, "--standalone", f"--metadata-file={metadata}"]
        command += ["--wrap=none", "--syntax-highlighting=none"]
        command += [f"--lua-filter={source.project.filter}", *arguments]
        extension = options.get("default-image-extension")
        command += [f"--default-image-extension={extension}"] if extension else []
        command += _citation_arguments(options)
        return run_pandoc(
            command,
            where=str(source.path),
            text=source.body,
            folder=source.folder,
            epoch=source.epoch,
        )


def _citation_arguments(options: dict[str, Any]) -> list[str]:
    bibliography = listed(options, "bibliography")
    style = [f"--csl={name}" for name in listed(options, "csl")]
    files = [f"--bibliography={name}" for name in bibliography]
    return ["--citeproc", *files, *style] if bibliography else []


def _metadata(options: dict[str, Any]) -> dict[str, Any]:
    """Return the metadata as pandoc and the filter want them."""
    metadata = {key: value for key, value in options.items() if key not in _STEERING}
    metadata["report"] = metadata.get("report", {}) | {"typst": version("typst")}
    authors = options.get("author", [])
    authors = authors if isinstance(authors, list) else [authors]
    names = [a["name"] if isinstance(a, dict) else a for a in authors]
    metadata["author"] = names
    # As Quarto hands authors to templates.
    metadata["by-author"] = [{"name": {"literal": name}} for name in names]
    return metadata


def typeset(content: bytes, source: Source) -> bytes:
    """Return the PDF/UA-1 file of a Typst document whose files lie in the source's folder."""
    import typst

    try:
        pdf, warnings = typst.compile_with_warnings(
            content,
            root=str(source.folder),
            font_paths=_typst_fonts(source.project.fonts),
            pdf_standards=["ua-1"],
            timestamp=source.epoch,
        )
    except typst.TypstError as fault:
        remedy = "Mend the document or its Typst templates"
        raise StudyError(str(source.path), f"Typst: {fault.diagnostic}", remedy) from fault
    if warnings:
        remedy = "Mend the document or its Typst templates"
        raise StudyError(str(source.path), f"Typst: {'; '.join(map(str, warnings))}", remedy)
    return bytes(pdf)


@lru_cache
def _typst_fonts(folder: Path) -> Any:
    """Return the published fonts, and Typst's own for code; never those of the machine."""
    import typst

    return typst.Fonts(include_system_fonts=False, font_paths=[str(folder)])
