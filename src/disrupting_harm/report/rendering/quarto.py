"""Choosing the renderer, and running real Quarto in a folder of its own."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from disrupting_harm.errors import StudyError
from disrupting_harm.files import write_bytes
from disrupting_harm.report.rendering.docx import finished
from disrupting_harm.report.rendering.pandoc import reproducible_environment
from disrupting_harm.report.rendering.pdf import packed
from disrupting_harm.report.rendering.project import FONTS, SETTINGS, SHARED
from disrupting_harm.report.rendering.source import QUARTO_FORMATS, Source

# 1.9 loses all bold in PDF: its Typst does not know variable fonts.
OLDEST = (1, 10)
INSTALL = "Install Quarto 1.10 or later from https://quarto.org/docs/download/ or use 'embedded'"
# Quarto warns of these, ends with status 0, and the document is another than it should be: warnings
# of Typst ("warning:") and of filters ("WARNING ("), and fonts that are not there. Its "WARNING:"
# of a missing veraPDF is none of them: Typst has checked PDF/UA by then.
_FAULTS = re.compile(
    r"^(?:\s*warning:|.*WARNING \(|.*unknown font family|.*[Uu]nable to resolve).*$", re.MULTILINE
)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_UNRESOLVED_IN_PAGE = re.compile(rb"\?@(?:fig|tbl|sec)-[\w-]+")


@dataclass(frozen=True)
class Quarto:
    """A Quarto program and its version as it names it, e.g. ``1.10.18``."""

    path: str
    version: str

    @property
    def recent(self) -> bool:
        """Whether it knows what the documents need (PDF/UA, alternative text in Typst)."""
        numbers = re.findall(r"\d+", self.version)
        return tuple(int(n) for n in numbers[:2]) >= OLDEST


def find_quarto() -> Quarto | None:
    """Return the Quarto on PATH, or None."""
    path = shutil.which("quarto")
    if path is None:
        return None
    done = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    version = done.stdout.strip()
    if done.returncode or not re.match(r"\d+\.\d+", version):
        return None
    return Quarto(path, version)


def choose(renderer: str) -> Quarto | None:
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
        return quarto if quarto and quarto.recent else None
    if quarto is None:
        raise StudyError("renderer 'quarto'", "no working Quarto on PATH", INSTALL)
    if not quarto.recent:
        raise StudyError("renderer 'quarto'", f"Quarto {quarto.version} is too old", INSTALL)
    return quarto


def render_quarto(
    quarto: Quarto, source: Source, formats: Sequence[str]
) -> tuple[dict[str, Path], str]:
    """Render a document in a copy of its folder and move the results beside it.

    The copy, with the settings and files that all documents share, keeps documents apart (parallel
    renders of Quarto share names and overwrite each other's figures), half-written files away from
    final names, and what Quarto leaves behind out of the results. All formats are made in one call,
    because a later call would clean the outputs of the earlier one.

    Returns:
        The file of each format, and Quarto's log.

    Raises:
        StudyError: with the end of the log, where Quarto fails, warns of anything that changes the
            document, or leaves a file out.
    """
    qmd, root = source.path, source.project.root
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "project"
        folder = copy / source.folder.resolve().relative_to(root)
        shutil.copytree(source.folder, folder)
        shutil.copyfile(root / SETTINGS, copy / SETTINGS)
        for name in (SHARED, FONTS):
            shutil.copytree(root / name, copy / name)
        for name in source.project.other_filters:
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / name, copy / name)
        for picture in source.pictures:
            place = copy / picture.relative_to(root.resolve())
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(picture, place)
        for output in formats:
            (folder / qmd.name).with_suffix(f".{output}").unlink(missing_ok=True)
        to = ",".join(QUARTO_FORMATS[output] for output in formats)
        environment = reproducible_environment(source.epoch) | {"NO_COLOR": "1"}
        # The settings name the fonts; a variable of that name would take Quarto's own away.
        environment.pop("TYPST_FONT_PATHS", None)
        done = subprocess.run(
            [quarto.path, "render", qmd.name, "--to", to],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        log = _COLOUR.sub("", done.stdout.decode(errors="replace"))
        if done.returncode:
            raise StudyError(str(qmd), f"Quarto failed:\n{_tail(log)}", "See Quarto's message")
        faults = _FAULTS.findall(log)
        if faults:
            found = "Quarto warned: " + "; ".join(line.strip() for line in faults)
            raise StudyError(str(qmd), found, "Mend what it names")
        return {output: _collect(folder, source, output, log) for output in formats}, log


def _tail(log: str, lines: int = 30) -> str:
    return "\n".join(log.strip().splitlines()[-lines:])


def _collect(folder: Path, source: Source, output: str, log: str) -> Path:
    qmd = source.path
    target = qmd.with_suffix(f".{output}")
    made = folder / target.name
    if not made.is_file():
        found = f"Quarto made no {target.name}:\n{_tail(log)}"
        raise StudyError(str(qmd), found, "See Quarto's message")
    content = made.read_bytes()
    left = _UNRESOLVED_IN_PAGE.search(content) if output == "html" else None
    if left:
        raise StudyError(str(qmd), f"unresolved '{left[0].decode()}'", "Label what is referred to")
    if output == "docx":
        content = finished(content, str(source.metadata["date"]), source.letterhead, source.origin)
    if output == "pdf":
        content = packed(content)
    write_bytes(target, content)
    return target
