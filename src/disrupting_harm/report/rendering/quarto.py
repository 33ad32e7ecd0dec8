"""Choosing the renderer, and running real Quarto in a folder of its own."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import write_bytes
from disrupting_harm.report.rendering.docx import finish_docx
from disrupting_harm.report.rendering.pandoc_typst import reproducible_environment
from disrupting_harm.report.rendering.pdf_files import finish_pdf
from disrupting_harm.report.rendering.qmd import QUARTO_FORMATS, Source
from disrupting_harm.report.rendering.quarto_project import FONTS, SETTINGS, SHARED

# 1.9 loses all bold in PDF: its Typst does not know variable fonts.
OLDEST = (1, 10)
INSTALL = "Install Quarto 1.10 or later from https://quarto.org/docs/download/ or use 'embedded'"
# Quarto warns of these, ends with status 0, and the document is another than it should be: warnings
# of Typst ("warning:") and of filters ("WARNING ("), and fonts that are not there. Its "WARNING:"
# of a missing veraPDF is none of them: Typst has checked PDF/UA by then.
_FAULTS = re.compile(
    r"^(?:\s*warning:|.*WARNING \(|.*unknown font family|.*[Uu]nable to resolve).*$", re.MULTILINE
)
# What a failed call says of why: below it stands the way through Quarto's own program.
_ERROR = re.compile(r"(?:ERROR|error): .*?(?=\n\s*(?:Stack trace:|at )|\Z)", re.DOTALL)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_UNRESOLVED_IN_PAGE = re.compile(rb"\?@(?:fig|tbl|sec)-[\w-]+")


@dataclass(frozen=True)
class Quarto:
    """A Quarto program and its version as it names it, e.g. ``1.10.18``."""

    path: str
    version: str

    @property
    def is_recent(self) -> bool:
        """Whether it supports what documents need (PDF/UA, alternative text in Typst)."""
        numbers = re.findall(r"\d+", self.version)
        return tuple(int(number) for number in numbers[:2]) >= OLDEST


def find_quarto() -> Quarto | None:
    """Return the Quarto on PATH, or None."""
    path = shutil.which("quarto")
    if path is None:
        return None
    process = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    version = process.stdout.strip()
    if process.returncode or not re.match(r"\d+\.\d+", version):
        return None
    return Quarto(path, version)


def choose_quarto(renderer: str) -> Quarto | None:
    """Return the Quarto to use for ``renderer``, or None for the embedded renderer.

    Raises:
        StudyError: where "quarto" is asked for and missing or too old, or for an unknown name.
    """
    if renderer == "embedded":
        return None
    if renderer not in ("auto", "quarto"):
        raise StudyError("renderer", f"'{renderer}'", "Choose auto, quarto or embedded")
    quarto = find_quarto()
    if renderer == "auto":
        return quarto if quarto and quarto.is_recent else None
    if quarto is None:
        raise StudyError("renderer 'quarto'", "no working Quarto on PATH", INSTALL)
    if not quarto.is_recent:
        raise StudyError("renderer 'quarto'", f"Quarto {quarto.version} is too old", INSTALL)
    return quarto


def render_quarto(
    quarto: Quarto, source: Source, formats: Sequence[str]
) -> tuple[dict[str, Path], str]:
    """Render a document in a copy of its folder and move the results beside it.

    The copy, with the settings and files that all documents share, keeps documents apart (parallel
    renders of Quarto share names and overwrite each other's figures), half-written files away from
    final names, and what Quarto leaves behind out of the results. Each format is a call of its own:
    in a project Quarto refuses several in one (quarto-cli issue 5947), and without any it makes
    those of the front matter alone.

    Returns:
        The file of each format, and Quarto's log.

    Raises:
        StudyError: with Quarto's message, where it fails, warns of anything that changes the
            document, or leaves a file out.
    """
    with tempfile.TemporaryDirectory() as scratch:
        copy = _copy_document(source, Path(scratch) / "project")
        logs, content_by_format = [], {}
        for output in formats:
            logs.append(_run_quarto(quarto, source, copy, output))
            # The next call may remove what this one made.
            content_by_format[output] = _read_rendered_file(source, copy, output, logs[-1])
    files = {output: source.path.with_suffix(f".{output}") for output in formats}
    for output, content in content_by_format.items():
        write_bytes(files[output], content)
    return files, "\n".join(logs)


def _copy_document(source: Source, root: Path) -> Path:
    """Copy a document's folder with all that it needs below ``root``; return the document."""
    project = source.project
    folder = root / source.folder.resolve().relative_to(project.root)
    shutil.copytree(source.folder, folder)
    shutil.copyfile(project.root / SETTINGS, root / SETTINGS)
    for name in (SHARED, FONTS):
        shutil.copytree(project.root / name, root / name)
    elsewhere = [str(picture.relative_to(project.root.resolve())) for picture in source.pictures]
    for name in (*project.other_filters, *elsewhere):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(project.root / name, root / name)
    return folder / source.path.name


def _run_quarto(quarto: Quarto, source: Source, copy: Path, output: str) -> str:
    """Have Quarto make one format of a copied document, and return its log."""
    copy.with_suffix(f".{output}").unlink(missing_ok=True)
    environment = reproducible_environment(source.epoch) | {"NO_COLOR": "1"}
    # The settings name the fonts; a variable of that name would take Quarto's own away.
    environment.pop("TYPST_FONT_PATHS", None)
    process = subprocess.run(
        [quarto.path, "render", copy.name, "--to", QUARTO_FORMATS[output]],
        cwd=copy.parent,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    log = _COLOUR.sub("", process.stdout.decode(errors="replace"))
    location = str(source.path)
    if process.returncode:
        raise StudyError(
            location, f"Quarto failed: {_find_error_message(log)}", "See Quarto's message"
        )
    if faults := _FAULTS.findall(log):
        finding = "Quarto warned: " + "; ".join(line.strip() for line in faults)
        raise StudyError(location, finding, "Mend what it names")
    return log


def _find_error_message(log: str) -> str:
    """Return a log from its first error on, without the stack trace; else its last line."""
    match = _ERROR.search(log)
    return (match[0] if match else log.strip().rpartition("\n")[2]).strip()


def _read_rendered_file(source: Source, copy: Path, output: str, log: str) -> bytes:
    """Return a file that Quarto made as it is published."""
    path = copy.with_suffix(f".{output}")
    location = str(source.path)
    if not path.is_file():
        finding = f"Quarto made no {path.name}: {_find_error_message(log)}"
        raise StudyError(location, finding, "See Quarto's message")
    content = path.read_bytes()
    unresolved = _UNRESOLVED_IN_PAGE.search(content) if output == "html" else None
    if unresolved:
        raise StudyError(
            location, f"unresolved '{unresolved[0].decode()}'", "Label what is referred to"
        )
    if output == "docx":
        return finish_docx(content, str(source.metadata["date"]), source.letterhead, source.origin)
    return finish_pdf(content) if output == "pdf" else content
