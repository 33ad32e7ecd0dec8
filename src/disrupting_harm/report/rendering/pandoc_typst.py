"""HTML, PDF and DOCX from a ``.qmd`` without Quarto: pandoc with the shared filter, and Typst."""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import write_bytes
from disrupting_harm.report.language.fonts import load_typst_fonts
from disrupting_harm.report.rendering.docx import finish_docx
from disrupting_harm.report.rendering.embedding import embed_resources
from disrupting_harm.report.rendering.pdf_files import finish_pdf
from disrupting_harm.report.rendering.qmd import SHORTCODE, Source
from disrupting_harm.report.rendering.qmd_lint import lint, lint_included_file
from disrupting_harm.report.rendering.quarto_project import list_values

# Run pandoc with the same options everywhere.


# Of Haskell's runtime. With less memory pandoc collects its garbage more often; with more, a brief
# waits longer for that memory than it takes to write it. Of what stays it collects nothing below a
# gigabyte, which no document reaches.
_MEMORY = ("+RTS", "-A64m", "-O1g", "-RTS")
# What our filter reports by itself ends pandoc with this status.
FILTER_FAULT = 3
# Pandoc has no words of its own, such as "Abstract", in some languages (Swahili, Nepali, Burmese).
# No document prints one of them: all words of the layout are ours.
_WITHOUT_TERMS = re.compile(
    r"\[WARNING\] Could not load translations for (\S+)\n\s+data file translations/\1\.yaml not "
    r"found\n|\[WARNING\] The term (?:Abstract|Table) has no translation defined\.\n"
)


def reproducible_environment(epoch: int = 0) -> dict[str, str]:
    """Return this process's environment with clock, time zone and locale fixed."""
    fixed = {"SOURCE_DATE_EPOCH": str(epoch), "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    return os.environ | fixed


def run_pandoc(
    arguments: Sequence[str],
    *,
    location: str,
    standard_input: str = "",
    folder: Path | None = None,
    epoch: int = 0,
) -> bytes:
    """Run pandoc on ``standard_input`` and return its standard output.

    Args:
        arguments: the command line after the program's name.
        location: the document, for error messages.
        standard_input: the standard input.
        folder: the folder in which pandoc runs and finds figures.
        epoch: the document's date in seconds since 1970.

    Raises:
        StudyError: with pandoc's message, where it fails or warns.
    """
    import pypandoc

    process = subprocess.run(
        [pypandoc.get_pandoc_path(), *_MEMORY, *arguments],
        input=standard_input.encode(),
        capture_output=True,
        cwd=folder,
        env=reproducible_environment(epoch),
        check=False,
    )
    message = _WITHOUT_TERMS.sub("", process.stderr.decode(errors="replace")).strip()
    if process.returncode or message:
        is_ours = process.returncode in (0, FILTER_FAULT)
        raise StudyError(
            location, message, "Mend the document" if is_ours else "See pandoc's message"
        )
    return process.stdout


def read_pandoc_version() -> str:
    """Return pandoc's version, e.g. ``3.9``."""
    import pypandoc

    return str(pypandoc.get_pandoc_version())


# Settings that name files or steer Quarto; pandoc must not take them for itself.
_STEERING = {
    *("project", "css", "template", "template-partials", "reference-doc", "font-paths", "filters"),
    *("embed-resources", "minimal", "pdf-standard", "default-image-extension", "engine"),
    *("number-sections", "syntax-highlighting", "shift-heading-level-by"),
    *("bibliography", "csl", "citeproc"),
}
_FORMATS = Path(__file__).parent / "formats.lua"
_PANDOC = {"html": "html5", "pdf": "typst", "docx": "docx"}
_PICTURE = re.compile(rb'report-picture\("([^"/][^"]*)"')
_READER = "markdown-raw_html-raw_tex-tex_math_dollars"


def read_program_versions() -> dict[str, str]:
    """Return the versions of the programs that the embedded renderer uses."""
    return {"pandoc": read_pandoc_version(), "typst": read_typst_version()}


_TYPST_SAYS = """
import typst
print(typst.query(b"#metadata(str(sys.version)) <version>", "<version>", field="value"))
"""


@lru_cache
def read_typst_version() -> str:
    """Return the number of Typst itself, which PDF files name: its Python package has another."""
    # In a process of its own: Typst starts threads, and this one may be forked.
    command = [sys.executable, "-c", _TYPST_SAYS]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    (version,) = json.loads(output)
    return str(version)


def render_embedded(source: Source, formats: Sequence[str]) -> dict[str, Path]:
    """Render a checked document into its folder; return the file of each format.

    Raises:
        StudyError: for anything that pandoc, the filter or Typst finds wrong.
    """
    files = {}
    for output, content in _convert_with_pandoc(source, formats).items():
        files[output] = source.path.with_suffix(f".{output}")
        write_bytes(files[output], _finish_file(source, output, content))
    return files


def check_source(source: Source) -> None:
    """Check a document and its includes before they are rendered.

    Raises:
        StudyError: with all findings of the linter, or for a picture outside the public results,
            which no copy of them would have.
    """
    document_text = source.path.read_text(encoding="utf-8")
    findings = [
        f"{source.path.name} {finding}"
        for finding in lint(document_text, source.project.settings, full_body=source.body)
    ]
    for name in _list_includes(document_text, source.folder, set()):
        included_text = (source.folder / name).read_text(encoding="utf-8")
        findings += [f"{name} {finding}" for finding in lint_included_file(included_text)]
    if findings:
        raise StudyError(str(source.path), "; ".join(findings), "Mend these lines")
    _ = source.pictures


def _list_includes(text: str, folder: Path, names_seen: set[str]) -> list[str]:
    """Return the names of all files that ``text`` includes, in the order of their first use."""
    included_names = []
    for shortcode in SHORTCODE.finditer(text):
        name = shortcode[2].strip("\"' ")
        if shortcode[1] == "include" and name not in names_seen:
            names_seen.add(name)
            included_text = (folder / name).read_text(encoding="utf-8")
            included_names += [name, *_list_includes(included_text, folder, names_seen)]
    return included_names


def _convert_with_pandoc(source: Source, formats: Sequence[str]) -> dict[str, bytes]:
    """Return what pandoc writes in each format: a page, a Typst document, a Word file."""
    with tempfile.TemporaryDirectory() as scratch:
        paths_by_format = {output: Path(scratch) / output for output in formats}
        job = {
            "reader": _READER,
            # Pandoc's command line would do this, too.
            "text": source.body.expandtabs(4),
            "abbreviations": _read_abbreviations(),
            "filter": str(source.project.filter),
            "outputs": [
                _build_format_job(source.options(output), output, paths_by_format[output])
                for output in formats
            ],
        }
        run_pandoc(
            ["lua", str(_FORMATS)],
            location=str(source.path),
            standard_input=json.dumps(job),
            folder=source.folder,
            epoch=source.epoch,
        )
        return {output: path.read_bytes() for output, path in paths_by_format.items()}


@lru_cache
def _read_abbreviations() -> dict[str, bool]:
    """Return after which words, such as "al.", pandoc's command line lets no line end; as a set."""
    abbreviations = run_pandoc(
        ["--print-default-data-file", "abbreviations"], location="abbreviations"
    )
    return dict.fromkeys(abbreviations.decode("utf-8").split(), True)


def _build_format_job(options: dict[str, Any], output: str, into: Path) -> dict[str, Any]:
    """Return the input of ``formats.lua`` for one format."""
    job: dict[str, Any] = {
        "to": _PANDOC[output],
        "into": str(into),
        "metadata": _build_pandoc_metadata(options),
    }
    if extension := options.get("default-image-extension"):
        job["extension"] = extension
    if output == "docx":
        job["reference-doc"] = options["reference-doc"]
    else:
        job["template"] = options["template"]
    if output == "html":
        job["css"] = list_values(options, "css")
        if options.get("toc"):
            job["toc-depth"] = options.get("toc-depth", 3)
    if bibliography := list_values(options, "bibliography"):
        job["bibliography"] = bibliography
        if styles := list_values(options, "csl"):
            job["csl"] = styles[-1]
    return job


def _finish_file(source: Source, output: str, content: bytes) -> bytes:
    """Return the file of a format as it is published."""
    if output == "html":
        page = embed_resources(content.decode("utf-8"), source.folder, source.project.shared)
        return page.encode()
    if output == "pdf":
        return finish_pdf(typeset(content, source))
    return finish_docx(content, str(source.metadata["date"]), source.letterhead, source.origin)


def _build_pandoc_metadata(options: dict[str, Any]) -> dict[str, Any]:
    """Return the metadata as pandoc and the filter want them."""
    metadata = {key: value for key, value in options.items() if key not in _STEERING}
    authors = options.get("author", [])
    authors = authors if isinstance(authors, list) else [authors]
    author_names = [author["name"] if isinstance(author, dict) else author for author in authors]
    metadata["author"] = author_names
    # As Quarto hands authors to templates.
    metadata["by-author"] = [{"name": {"literal": name}} for name in author_names]
    return metadata


def typeset(content: bytes, source: Source) -> bytes:
    """Return the PDF/UA-1 file of a Typst document whose paths start at the source's folder."""
    import typst

    try:
        pdf, warnings = typst.compile_with_warnings(
            _name_pictures_from_root(content, source),
            root=str(source.project.root),
            font_paths=load_typst_fonts(source.project.fonts),
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


def _name_pictures_from_root(content: bytes, source: Source) -> bytes:
    """Return a Typst document with addresses of pictures as paths from the project's root.

    A document that Typst gets as text has no folder of its own.
    """
    root = source.project.root.resolve()

    def name_from_root(match: re.Match[bytes]) -> bytes:
        picture = Path(os.path.normpath(source.folder.resolve() / match[1].decode()))
        return f'report-picture("/{picture.relative_to(root).as_posix()}"'.encode()

    return _PICTURE.sub(name_from_root, content)
