"""HTML, PDF and DOCX from a ``.qmd`` without Quarto: pandoc with one Lua filter, and Typst."""

import json
import shutil
import tempfile
from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from disrupting_harm.errors import StudyError
from disrupting_harm.files import write_bytes
from disrupting_harm.report.rendering.docx import normalise
from disrupting_harm.report.rendering.fonts import font_folders
from disrupting_harm.report.rendering.lint import lint, lint_part
from disrupting_harm.report.rendering.pandoc import pandoc_version, run_pandoc
from disrupting_harm.report.rendering.source import SHORTCODE, Source, read_source

HERE = Path(__file__).parent
# Front matter that names files or steers Quarto; pandoc must not take it for itself.
_STEERING = {
    *("css", "template-partials", "reference-doc", "language", "crossref", "engine", "theme"),
    *("embed-resources", "html-math-method", "pdf-standard", "default-image-extension"),
    *("bibliography", "csl"),
}
_READER = "markdown-raw_html-raw_tex-tex_math_dollars"


def versions() -> dict[str, str]:
    """Return the versions of the programs that the embedded renderer uses."""
    return {"pandoc": pandoc_version(), "typst": version("typst")}


def render_embedded(qmd: Path, formats: Sequence[str]) -> dict[str, Path]:
    """Render a document into its folder; return the file of each format.

    Raises:
        StudyError: for anything that the document gets wrong, naming the line where there is one.
    """
    source = read_source(qmd)
    check(source)
    return {output: _WRITERS[output](source) for output in formats}


def check(source: Source) -> None:
    """Raise a StudyError with every finding of the linter on a document and its includes."""
    text = source.path.read_text(encoding="utf-8")
    found = [f"{source.path.name} {f}" for f in lint(text, embedded_whole=source.body)]
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
    if options.get("toc"):
        arguments += ["--toc", f"--toc-depth={options.get('toc-depth', 3)}"]
    arguments += [f"--css={name}" for name in _listed(options, "css")]
    content = _pandoc(source, options, arguments, template="report.html")
    return _written(source, "report.html", content)


def _pdf(source: Source) -> Path:
    options = source.options("pdf")
    if options.get("number-sections"):
        options = {"section-numbering": "1.1"} | options
    arguments = ["--to", "typst"]
    content = _pandoc(source, options, arguments, template="report.typ")
    return _written(source, "report.pdf", typeset(content, source))


def _docx(source: Source) -> Path:
    options = source.options("docx")
    reference = options.get("reference-doc", "reference.docx")
    arguments = ["--to", "docx", f"--reference-doc={reference}"]
    content = _pandoc(source, options, [*arguments, "--output", "-"], template=None)
    return _written(source, "report.docx", normalise(content, str(source.metadata["date"])))


_WRITERS = {"html": _html, "pdf": _pdf, "docx": _docx}


def _written(source: Source, name: str, content: bytes) -> Path:
    target = source.path.with_suffix(Path(name).suffix)
    write_bytes(target, content)
    return target


def _pandoc(
    source: Source, options: dict[str, Any], arguments: list[str], template: str | None
) -> bytes:
    """Run pandoc for one format with the options that hold for it."""
    with tempfile.TemporaryDirectory() as scratch:
        metadata = Path(scratch) / "metadata.json"
        metadata.write_text(json.dumps(_metadata(source, options)), encoding="utf-8")
        command = ["--from", _READER, "--standalone", f"--metadata-file={metadata}"]
        command += [f"--lua-filter={HERE / 'filter.lua'}", *arguments]
        extension = options.get("default-image-extension")
        command += [f"--default-image-extension={extension}"] if extension else []
        command += _citation_arguments(options)
        if template:
            _gather_templates(Path(scratch), source, options)
            command.append(f"--template={Path(scratch) / template}")
        return run_pandoc(
            command,
            where=str(source.path),
            text=source.body,
            folder=source.folder,
            epoch=source.epoch,
        )


def _citation_arguments(options: dict[str, Any]) -> list[str]:
    bibliography = _listed(options, "bibliography")
    style = [f"--csl={name}" for name in _listed(options, "csl")]
    files = [f"--bibliography={name}" for name in bibliography]
    return ["--citeproc", *files, *style] if bibliography else []


def _listed(options: dict[str, Any], key: str) -> list[str]:
    value = options.get(key, [])
    return [str(v) for v in value] if isinstance(value, list) else [str(value)]


def _gather_templates(scratch: Path, source: Source, options: dict[str, Any]) -> None:
    """Put the engine's templates and the document's partials where pandoc looks for them."""
    for path in (*HERE.glob("report.*"), HERE / "fallback.typ"):
        shutil.copyfile(path, scratch / path.name)
    for name in _listed(options, "template-partials"):
        partial = source.folder / name
        if not partial.is_file():
            raise StudyError(str(partial), "no such template partial", "Furnish the folder first")
        shutil.copyfile(partial, scratch / partial.name)


def _metadata(source: Source, options: dict[str, Any]) -> dict[str, Any]:
    """Return the metadata as pandoc and the filter want them."""
    words = _words(source, options)
    metadata = {key: value for key, value in options.items() if key not in _STEERING}
    metadata["words"] = words
    metadata.setdefault("toc-title", words["toc-title-document"])
    metadata.setdefault("skip-link", words["skip-link"])
    authors = options.get("author", [])
    authors = authors if isinstance(authors, list) else [authors]
    names = [a["name"] if isinstance(a, dict) else a for a in authors]
    metadata["author"] = names
    # As Quarto hands authors to templates.
    metadata["by-author"] = [{"name": {"literal": name}} for name in names]
    return metadata


def _words(source: Source, options: dict[str, Any]) -> dict[str, str]:
    """Return the words of the layout: the language file, overlaid by ``crossref:``."""
    name = options.get("language")
    if not isinstance(name, str) or not (source.folder / name).is_file():
        raise StudyError(
            f"{source.path}, key 'language'", f"no file '{name}' beside the document",
            "Name the file of layout words, e.g. '_language-en.yml'",
        )  # fmt: skip
    words = yaml.safe_load((source.folder / name).read_text(encoding="utf-8"))
    for key, value in (options.get("crossref") or {}).items():
        words[f"crossref-{key}"] = value
    return {str(key): str(value) for key, value in words.items()}


def typeset(content: bytes, source: Source) -> bytes:
    """Return the PDF/UA-1 file of a Typst document whose files lie in the source's folder."""
    import typst

    try:
        pdf, warnings = typst.compile_with_warnings(
            content,
            root=str(source.folder),
            font_paths=_typst_fonts(),
            pdf_standards=["ua-1"],
            timestamp=source.epoch,
        )
    except typst.TypstError as fault:
        remedy = "Mend the document or its Typst partials"
        raise StudyError(str(source.path), f"Typst: {fault.diagnostic}", remedy) from fault
    if warnings:
        remedy = "Mend the document or its Typst partials"
        raise StudyError(str(source.path), f"Typst: {'; '.join(map(str, warnings))}", remedy)
    return bytes(pdf)


@lru_cache
def _typst_fonts() -> Any:
    """Return the fonts of the report, and Typst's own for code; never those of the machine."""
    import typst

    paths = [str(folder) for folder in font_folders()]
    return typst.Fonts(include_system_fonts=False, font_paths=paths)
