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
from disrupting_harm.report.rendering.docx import finished
from disrupting_harm.report.rendering.embedding import with_resources
from disrupting_harm.report.rendering.pdf_files import packed
from disrupting_harm.report.rendering.qmd import SHORTCODE, Source
from disrupting_harm.report.rendering.qmd_lint import lint, lint_part
from disrupting_harm.report.rendering.quarto_project import listed

# Run pandoc with the same options everywhere.


# Of Haskell's runtime: pandoc collects its garbage half as often, which takes a tenth less time.
_MEMORY = ("+RTS", "-A128m", "-RTS")
# What our filter reports by itself ends pandoc with this status.
FILTER_FAULT = 3
# Pandoc has no words of its own, such as "Abstract", in some languages (Swahili, Nepali, Burmese).
# No document prints one of them: all words of the layout are ours.
_WITHOUT_TERMS = re.compile(
    r"\[WARNING\] Could not load translations for (\S+)\n\s+data file translations/\1\.yaml not "
    r"found\n|\[WARNING\] The term Abstract has no translation defined\.\n"
)


def reproducible_environment(epoch: int = 0) -> dict[str, str]:
    """Return this process's environment with clock, time zone and locale fixed."""
    fixed = {"SOURCE_DATE_EPOCH": str(epoch), "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    return os.environ | fixed


def run_pandoc(
    arguments: Sequence[str],
    *,
    where: str,
    text: str = "",
    folder: Path | None = None,
    epoch: int = 0,
) -> bytes:
    """Run pandoc on ``text`` and return its standard output.

    Args:
        arguments: the command line after the program's name.
        where: the document, for error messages.
        text: the standard input.
        folder: the folder in which pandoc runs and finds figures.
        epoch: the document's date in seconds since 1970.

    Raises:
        StudyError: with pandoc's words, where it fails or warns.
    """
    import pypandoc

    done = subprocess.run(
        [pypandoc.get_pandoc_path(), *_MEMORY, *arguments],
        input=text.encode(),
        capture_output=True,
        cwd=folder,
        env=reproducible_environment(epoch),
        check=False,
    )
    words = _WITHOUT_TERMS.sub("", done.stderr.decode(errors="replace")).strip()
    if done.returncode or words:
        ours = done.returncode in (0, FILTER_FAULT)
        raise StudyError(where, words, "Mend the document" if ours else "See pandoc's message")
    return done.stdout


def pandoc_version() -> str:
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


def versions() -> dict[str, str]:
    """Return the versions of the programs that the embedded renderer uses."""
    return {"pandoc": pandoc_version(), "typst": typst_version()}


_TYPST_SAYS = """
import typst
print(typst.query(b"#metadata(str(sys.version)) <version>", "<version>", field="value"))
"""


@lru_cache
def typst_version() -> str:
    """Return the number of Typst itself, which PDF files name: its Python package has another."""
    # In a process of its own: Typst starts threads, and this one may be forked.
    command = [sys.executable, "-c", _TYPST_SAYS]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    (version,) = json.loads(said)
    return str(version)


def render_embedded(source: Source, formats: Sequence[str]) -> dict[str, Path]:
    """Render a checked document into its folder; return the file of each format.

    Raises:
        StudyError: for anything that pandoc, the filter or Typst finds wrong.
    """
    files = {}
    for output, content in _pandoc(source, formats).items():
        files[output] = source.path.with_suffix(f".{output}")
        write_bytes(files[output], _published(source, output, content))
    return files


def check(source: Source) -> None:
    """Raise a StudyError with every finding of the linter on a document and its includes.

    So is a picture that no copy of the public results would have.
    """
    text = source.path.read_text(encoding="utf-8")
    found = [
        f"{source.path.name} {f}" for f in lint(text, source.project.settings, whole=source.body)
    ]
    for name in _includes(text, source.folder, set()):
        part = (source.folder / name).read_text(encoding="utf-8")
        found += [f"{name} {finding}" for finding in lint_part(part)]
    if found:
        raise StudyError(str(source.path), "; ".join(found), "Mend these lines")
    _ = source.pictures


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


def _pandoc(source: Source, formats: Sequence[str]) -> dict[str, bytes]:
    """Return what pandoc writes in each format: a page, a Typst document, a Word file."""
    with tempfile.TemporaryDirectory() as scratch:
        made = {output: Path(scratch) / output for output in formats}
        job = {
            "reader": _READER,
            # Pandoc's command line would do this, too.
            "text": source.body.expandtabs(4),
            "abbreviations": _abbreviations(),
            "filter": str(source.project.filter),
            "outputs": [_job(source.options(output), output, made[output]) for output in formats],
        }
        run_pandoc(
            ["lua", str(_FORMATS)],
            where=str(source.path),
            text=json.dumps(job),
            folder=source.folder,
            epoch=source.epoch,
        )
        return {output: path.read_bytes() for output, path in made.items()}


@lru_cache
def _abbreviations() -> dict[str, bool]:
    """Return after which words, such as "al.", pandoc's command line lets no line end; as a set."""
    words = run_pandoc(["--print-default-data-file", "abbreviations"], where="abbreviations")
    return dict.fromkeys(words.decode("utf-8").split(), True)


def _job(options: dict[str, Any], output: str, into: Path) -> dict[str, Any]:
    """Return what ``formats.lua`` needs to know of one format."""
    job: dict[str, Any] = {"to": _PANDOC[output], "into": str(into), "metadata": _metadata(options)}
    if extension := options.get("default-image-extension"):
        job["extension"] = extension
    if output == "docx":
        job["reference-doc"] = options["reference-doc"]
    else:
        job["template"] = options["template"]
    if output == "html":
        job["css"] = listed(options, "css")
        if options.get("toc"):
            job["toc-depth"] = options.get("toc-depth", 3)
    if bibliography := listed(options, "bibliography"):
        job["bibliography"] = bibliography
        if styles := listed(options, "csl"):
            job["csl"] = styles[-1]
    return job


def _published(source: Source, output: str, content: bytes) -> bytes:
    """Return the file of a format as it is published."""
    if output == "html":
        page = with_resources(content.decode("utf-8"), source.folder, source.project.shared)
        return page.encode()
    if output == "pdf":
        return packed(typeset(content, source))
    return finished(content, str(source.metadata["date"]), source.letterhead, source.origin)


def _metadata(options: dict[str, Any]) -> dict[str, Any]:
    """Return the metadata as pandoc and the filter want them."""
    metadata = {key: value for key, value in options.items() if key not in _STEERING}
    authors = options.get("author", [])
    authors = authors if isinstance(authors, list) else [authors]
    names = [a["name"] if isinstance(a, dict) else a for a in authors]
    metadata["author"] = names
    # As Quarto hands authors to templates.
    metadata["by-author"] = [{"name": {"literal": name}} for name in names]
    return metadata


def typeset(content: bytes, source: Source) -> bytes:
    """Return the PDF/UA-1 file of a Typst document whose paths start at the source's folder."""
    import typst

    try:
        pdf, warnings = typst.compile_with_warnings(
            _from_root(content, source),
            root=str(source.project.root),
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


def _from_root(content: bytes, source: Source) -> bytes:
    """Return a Typst document with addresses of pictures as paths from the project's root.

    A document that Typst gets as text has no folder of its own.
    """
    root = source.project.root.resolve()

    def placed(found: re.Match[bytes]) -> bytes:
        picture = Path(os.path.normpath(source.folder.resolve() / found[1].decode()))
        return f'report-picture("/{picture.relative_to(root).as_posix()}"'.encode()

    return _PICTURE.sub(placed, content)


@lru_cache
def _typst_fonts(folder: Path) -> Any:
    """Return the published fonts, and Typst's own for code; never those of the machine."""
    import typst

    return typst.Fonts(include_system_fonts=False, font_paths=[str(folder)])
